"""What an editor shows of the place under the mouse: what a rule asks, what a criterion asks, what a field is for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pioneer_cli.answered import answered
from pioneer_cli.diagnostics import Position, Span
from pioneer_cli.explanation import explain, explained_names, pack_as_text
from pioneer_cli.lsp.diagnostics import Marked
from pioneer_cli.lsp.fields import Field, field_at
from pioneer_cli.lsp.references import definition, value_at
from pioneer_cli.pack import Pack
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.tree import field_of

_NAMED = re.compile(r"#\s*pioneer\s*:\s*ignore\s*\[\s*([\w-]+)\s*\]")
MOST_EXPLAINED = 8  # at the top of an almost empty bid there may be seventy
_BLANK = "\n\n"


@dataclass(frozen=True, slots=True)
class Hover:
    """A text for people, and the place that it is about."""

    text: str
    span: Span


def hover(source: Source, pack: Pack | None, marks: Sequence[Marked], at: Position) -> Hover | None:
    """What is to be said of a place: its field or what it refers to, and the rules that it falls short of."""
    here = source.path_at(at)
    named = [(mark.code, mark.span) for mark in marks if mark.span.start <= at <= mark.span.end]
    line = source.line(at.line)
    for found in _NAMED.finditer(line):
        if found.start() < at.column <= found.end() + 1:
            named.insert(0, (found[1], Span.of(at.line, found.start(1) + 1, at.line, found.end(1) + 1)))
    texts = list(_of_path(source, pack, *here, at)) if here else []
    texts += _explained(pack, list(dict.fromkeys(name for name, _ in named))) if pack else ()
    if not texts:
        return None
    span = named[0][1] if named and not here else _span(source, here)
    return Hover(_BLANK.join(texts), span)


def _explained(pack: Pack, names: Sequence[str]) -> Iterator[str]:
    """What the pack says of its rules and gates among these names; of many only what each claims."""
    explained = set(explained_names(pack))
    known = [name for name in names if name in explained]
    if len(known) <= MOST_EXPLAINED:
        yield from (explain(pack, name).rstrip() for name in known)
        return
    claims = {gate.id: gate.claim for gate in pack.about.gates}
    claims |= {rule.id: rule.claim for _, _, rule in pack.rules()}
    yield "\n".join(f"- {name}: {claims[name]}" for name in known if name in claims)


def _span(source: Source, here: tuple[YamlPath, bool] | None) -> Span:
    path, at_key = here or ((), True)
    return source.key_span(path) if at_key else source.value_span(path)


def _of_path(source: Source, pack: Pack | None, path: YamlPath, at_key: bool, at: Position) -> Iterator[str]:
    if not at_key:
        referred = definition(source, at)
        if referred is not None:
            yield f"{value_at(source.content, (*referred[0], 'id'))}: {referred[1]}"
        elif path == ("call",) and pack is not None:
            yield pack_as_text(pack).rstrip()
        return
    found = field_at(path)
    if found is None:
        return
    yield _described(found, pack, path)
    if len(path) == 1 and pack is not None:
        yield from (explain(pack, criterion.id).rstrip() for criterion in pack.criteria if criterion.section == path[0])


def _described(found: Field, pack: Pack | None, path: YamlPath) -> str:
    must = "mandatory; " if found.required else ""
    lines = [f"{found.name} ({must}{found.form})", found.description]
    if found.choices:
        lines.append(f"One of: {', '.join(found.choices)}.")
    codes = answered(pack).get(field_of(path), ()) if pack is not None else ()
    if codes:
        lines.append(f"Answers {', '.join(codes)}.")
    return "\n".join(lines)
