"""Changes of the text that mend a fault or leave a finding standing, each offered where that is marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Diagnostic, Span
from pioneer_cli.lsp.diagnostics import Marked
from pioneer_cli.lsp.fields import fields_in
from pioneer_cli.lsp.references import value_at
from pioneer_cli.mends import mend_of
from pioneer_cli.pack import Pack
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.waivable import names_of, rests_on_the_call

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_MISSING = re.compile(r"`(\w+)` is missing")


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that an editor offers: what stands at `span` gives way to `new`.

    `code` is of the fault or finding that it answers; `preferred` says that nothing else is likely to be meant.
    """

    title: str
    code: str
    span: Span
    new: str
    preferred: bool = False


def fixes(
    source: Source,
    diagnostics: Sequence[Diagnostic],
    marks: Sequence[Marked],
    pack: Pack | None,
    phase: Phase,
    at: Span,
) -> list[Fix]:
    """What can be changed at a place: mends of the faults there, and comments that ignore the findings there."""
    found = [
        fix
        for fault in diagnostics
        if fault.file == source.name and _touches(fault.span, at)
        for fix in _mends(source, fault)
    ]
    if pack is not None:
        refused = rests_on_the_call(pack, phase)
        allowed = frozenset(names_of(pack)) - refused
        here = (mark for mark in marks if mark.code in allowed and _touches(mark.span, at))
        found += [_ignoring(source, mark) for mark in here]
    return list(dict.fromkeys(found))


def _touches(mark: Span, at: Span) -> bool:
    """Whether a mark stands on a line of the place: editors offer fixes for the line that the cursor is on."""
    return mark.start.line <= at.end.line and at.start.line <= mark.end.line


def _mends(source: Source, fault: Diagnostic) -> Iterator[Fix]:
    """What `pioneer check --fix` would make of a fault; and what only a person can choose, since it may be a guess."""
    mend = mend_of(source, fault)
    if mend is not None:
        title = f"Change to {_bare(mend.new)}" if mend.new else "Remove the comment"
        yield Fix(title, fault.code, mend.span, mend.new, preferred=True)
        return
    meant = _MEANT.fullmatch(fault.hint)
    if meant and fault.code in ("unknown-key", "not-in-list", "unknown-call"):
        written = _written(source, fault.span)
        bare = _bare(written)
        if bare:
            yield Fix(f"Change to {meant[1]}", fault.code, fault.span, written.replace(bare, meant[1]))
    missing = _MISSING.fullmatch(fault.message)
    if missing and fault.code == "missing-key":
        yield from _added(source, fault, missing[1])


def _bare(text: str) -> str:
    """A key or a word without the quotes that it may stand in."""
    return text.strip("'\"")


def _written(source: Source, span: Span) -> str:
    """What stands at a span of one line; nothing for one of several."""
    if span.start.line != span.end.line:
        return ""
    return source.line(span.start.line)[span.start.column - 1 : span.end.column - 1]


def _added(source: Source, fault: Diagnostic, key: str) -> Iterator[Fix]:
    """The missing key before the first one of its part, for its value to be typed behind it."""
    here = source.path_at(fault.span.start)
    path = here[0] if here else ()
    part = next((part for part in (path, path[:-1]) if _lacks(source.content, part, key)), None)
    keys = [source.key_span((*part, name)) for name in value_at(source.content, part)] if part is not None else []
    if not keys:
        return
    line, column = keys[0].start.line, keys[0].start.column
    before = source.line(line)[: column - 1]
    in_braces = "{" in before
    new = f"{key}: , " if in_braces else f"{key}: \n{' ' * len(before)}"
    yield Fix(f"Add the key {key}", fault.code, Span.of(line, column, line, column), new, preferred=True)


def _lacks(content: object, part: YamlPath, key: str) -> bool:
    found = value_at(content, part)
    return isinstance(found, dict) and key not in found and key in {field.name for field in fields_in(part)}


def _ignoring(source: Source, mark: Marked) -> Fix:
    """A comment above the line of the key, where no text can swallow it; it is an error until its reason is written."""
    line = mark.span.start.line if mark.path is None else source.key_span(mark.path).start.line
    indent = re.match(r"\s*", source.line(line))
    spaces = indent[0] if indent else ""
    place = Span.of(line, 1, line, 1)
    return Fix(
        f"Ignore {mark.code} here, and say why", mark.code, place, f"{spaces}# pioneer: ignore[{mark.code}] -- \n"
    )
