"""Mends of a bid's text that are safe to make without asking, and the text with them made.

A mend takes the place of a few characters: a key that is misspelt, a date in another form, space at the end of a line,
an ignore comment that nothing needs. Every other character stays as it was, and nothing inside a text is touched but a
date that is the whole of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pioneer_cli.date_forms import iso_form
from pioneer_cli.diagnostics import Diagnostic, Position, Span
from pioneer_cli.source import Source, line_starts, parse, split_lines

MOST_ROUNDS = 40  # a mended key can bring to light what is misspelt below it; a file has no more levels
UNUSED_IGNORE = "unused-ignore"

Kind = Literal["misspelt-key", "date-form", "trailing-space", "unused-ignore"]


@dataclass(frozen=True, order=True, slots=True)
class Mend:
    """One safe change: what stands at `span`, which is `old`, gives way to `new`."""

    span: Span
    old: str
    new: str
    kind: Kind

    def __str__(self) -> str:
        match self.kind:
            case "misspelt-key":
                return f"the key {self.old} is now {self.new}"
            case "date-form":
                return f"the date {self.old} is now {self.new}"
            case "trailing-space":
                return "space at the end of the line is gone"
            case "unused-ignore":
                return f"the unused comment {self.old.strip()} is gone"


def mend_of(source: Source, diagnostic: Diagnostic) -> Mend | None:
    """The mend of one diagnostic of the source, or None where there is none that is safe."""
    if diagnostic.code == UNUSED_IGNORE:
        return _without_comment(source, diagnostic.span)
    if not diagnostic.meant:
        return None
    written = _written(source, diagnostic.span)
    inside = written[1:-1] if written[:1] in ("'", '"') else written
    if not inside:
        return None
    new = written.replace(inside, diagnostic.meant)
    if diagnostic.code == "unknown-key":
        return Mend(diagnostic.span, written, new, "misspelt-key")
    if iso_form(inside, month_will_do=len(diagnostic.meant) < len("2013-06-28")) != diagnostic.meant:
        return None  # only a part of the text stands on this line
    return Mend(diagnostic.span, written, new, "date-form")


def mends(source: Source, diagnostics: Iterable[Diagnostic]) -> tuple[Mend, ...]:
    """All mends of a source and its diagnostics, in order of place; no two of them overlap.

    None when the source could not be read to its end, since then nobody knows what is text.
    """
    if source.content is None:
        return ()
    told = list(diagnostics)
    repeated = {related.span for fault in told for related in fault.related}  # which of the two is meant, nobody knows
    asked = (mend_of(source, fault) for fault in told if fault.file == source.name and fault.span not in repeated)
    found = sorted({mend for mend in asked if mend is not None})
    whole = {fault.span.start.line for fault in told if fault.code == UNUSED_IGNORE}  # their space goes with them
    spaces = (mend for mend in trailing_spaces(source) if mend.span.start.line not in whole)
    return tuple(sorted([*found, *spaces]))


def trailing_spaces(source: Source) -> Iterator[Mend]:
    """Space and tabs at the ends of lines, except inside texts over several lines, where they may be Markdown."""
    for number, line in enumerate(split_lines(source.text), 1):
        kept = len(line.rstrip(" \t"))
        if kept < len(line) and number not in source.lines_inside_texts:
            yield Mend(Span.of(number, kept + 1, number, len(line) + 1), line[kept:], "", "trailing-space")


def mended(text: str, made: Sequence[Mend]) -> str:
    """The text with mends made that `mends` found in it."""
    starts = line_starts(text)

    def offset(place: Position) -> int:
        return starts[place.line - 1] + place.column - 1 if place.line <= len(starts) else len(text)

    for mend in sorted(made, reverse=True):
        text = text[: offset(mend.span.start)] + mend.new + text[offset(mend.span.end) :]
    return text


# --- Until there is nothing left to mend -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settled:
    """A source with all mends made, and which they were, in the order in which they were made."""

    source: Source
    made: tuple[Mend, ...]


def settled(source: Source, faults_of: Callable[[Source], tuple[Diagnostic, ...]]) -> Settled:
    """Mends a source until nothing is left to mend; `faults_of` gives what is wrong with it as it then stands."""
    made: list[Mend] = []
    for _ in range(MOST_ROUNDS):
        found = mends(source, faults_of(source))
        if not found:
            break
        made += found
        source = parse(mended(source.text, found), source.name)
    return Settled(source, tuple(made))


# --- Places ----------------------------------------------------------------------------------------------------------


def _written(source: Source, span: Span) -> str:
    """What stands at a span of one line; empty for one of several."""
    if span.start.line != span.end.line:
        return ""
    return source.line(span.start.line)[span.start.column - 1 : span.end.column - 1]


def _without_comment(source: Source, span: Span) -> Mend | None:
    """Takes a comment away with the space before it, and the whole line where nothing else stands on it."""
    number, line = span.start.line, source.line(span.start.line)
    before = line[: span.start.column - 1]
    if span.start.line != span.end.line or not line[len(before) :].lstrip(" \t").startswith("#"):
        return None
    kept = len(before.rstrip(" \t"))
    if kept:
        gone = Span.of(number, kept + 1, number, len(line) + 1)
    elif number < len(split_lines(source.text)):
        gone = Span.of(number, 1, number + 1, 1)
    else:  # the last line, without an end of its own: the one above then has none either
        above = (number - 1, len(source.line(number - 1)) + 1) if number > 1 else (1, 1)
        gone = Span.of(*above, number, len(line) + 1)
    return Mend(gone, line[kept:], "", "unused-ignore")
