"""What an editor shows of the place under the mouse: what a rule asks, what a criterion asks, what a field is for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pioneer_cli.answered import answered
from pioneer_cli.diagnostics import Position, Span
from pioneer_cli.explanation import Line, explained_names, explanation
from pioneer_cli.lsp.diagnostics import Marked
from pioneer_cli.lsp.fields import Field, field_at
from pioneer_cli.lsp.markup import Block
from pioneer_cli.lsp.references import definition, value_at
from pioneer_cli.pack import Criterion, Pack
from pioneer_cli.reports.look import printable
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.tree import field_of

_NAMED = re.compile(r"#\s*pioneer\s*:\s*ignore\s*\[\s*([\w-]+)\s*\]")
MOST_TOLD = 3  # of what falls short at one place; at the top of an almost empty bid there may be seventy


@dataclass(frozen=True, slots=True)
class Hover:
    """What is said, in blocks of lines for people, and the place that it is about."""

    blocks: tuple[Block, ...]
    span: Span


def hover(source: Source, pack: Pack | None, marks: Sequence[Marked], at: Position) -> Hover | None:
    """What is to be said of a place: the rule that a comment names, or else its field and what falls short there."""
    explained = set(explained_names(pack)) if pack else set()
    for found in _NAMED.finditer(source.line(at.line)):
        if pack and found[1] in explained and found.start() < at.column <= found.end() + 1:
            span = Span.of(at.line, found.start(1) + 1, at.line, found.end(1) + 1)
            return Hover((_explained(pack, found[1]),), span)
    here = source.path_at(at)
    short = [mark for mark in marks if mark.code in explained and mark.span.start <= at <= mark.span.end]
    blocks = list(_of_path(source, pack, *here, at)) if here else []
    if pack and short:
        is_one = len({mark.code for mark in short}) == 1
        blocks.append(_explained(pack, short[0].code) if is_one else _told(short))
    if not blocks:
        return None
    return Hover(tuple(blocks), _span(source, *here) if here else short[0].span)


def _explained(pack: Pack, name: str) -> Block:
    return [line for line in explanation(pack, name) if str(line)]


def _told(marks: Sequence[Marked]) -> Block:
    """What falls short, the worst first, in a line each; of much the first few."""
    told = list(dict.fromkeys(f"- {mark.code}: {mark.brief}" for mark in sorted(marks, key=lambda one: -one.severity)))
    more = len(told) - MOST_TOLD
    rest = [Line(f"and {more} more, which `pioneer check` lists")] if more > 0 else []
    return [Line("Falls short:"), *map(Line, told[:MOST_TOLD]), *rest]


def _span(source: Source, path: YamlPath, at_key: bool) -> Span:
    return source.key_span(path) if at_key else source.value_span(path)


def _of_path(source: Source, pack: Pack | None, path: YamlPath, at_key: bool, at: Position) -> Iterator[Block]:
    if not at_key:
        referred = definition(source, at)
        if referred is not None:
            name = value_at(source.content, (*referred[0], "id"))
            yield [Line(printable(f"{name}: {referred[1]}"))]
        elif path == ("call",) and pack is not None:
            yield _call(pack)
        return
    found = field_at(path)
    if found is None:
        return
    yield _described(found, pack, path)
    if len(path) == 1 and pack is not None:
        yield from (_asked(criterion) for criterion in pack.criteria if criterion.section == path[0])


def _call(pack: Pack) -> Block:
    total = sum(criterion.weight for criterion in pack.criteria)
    weights = [Line(f"- {one.id} {one.title} ({one.weight} of {total})") for one in pack.criteria]
    about = pack.about
    return [Line(f"{about.name}: {about.title}"), Line(about.source), Line("Criteria, and their weights:"), *weights]


def _asked(criterion: Criterion) -> Block:
    considerations = (Line(f"- {one.id} {one.asks}") for one in criterion.considerations)
    return [Line(f"{criterion.id} {criterion.title}"), *considerations]


def _described(found: Field, pack: Pack | None, path: YamlPath) -> Block:
    must = "mandatory; " if found.required else ""
    lines = [f"{found.name} ({must}{found.form})", found.description]
    if found.choices:
        lines.append(f"One of: {', '.join(found.choices)}.")
    codes = answered(pack).get(field_of(path), ()) if pack is not None else ()
    if codes:
        lines.append(f"Answers {', '.join(codes)}.")
    return [Line(line) for line in lines if line]
