"""Two versions of a bid as a document in the house's tree, which the HTML page and the Markdown are written from."""

from collections.abc import Iterator, Sequence

from pioneer_cli.comparison import Change, Comparison, score_in_words
from pioneer_cli.reports.diff_words import TITLE, figures, groups, in_words, line_of, summary
from pioneer_cli.reports.look import level, printable
from pioneer_cli.tree import Block, Cell, Column, Document, Heading, Listing, Paragraph, Row, Run, Section, Style, Table

_STRONG: frozenset[Style] = frozenset({"strong"})


def diff_document(found: Comparison) -> Document:
    """What was lost first, then the figures, what opened and closed, and the criteria."""
    sections = (Section("front", tuple(_front(found))), *_sections(found))
    return Document(f"{TITLE}: {printable(found.after.title)}", TITLE, sections, counted=False)


def _front(found: Comparison) -> Iterator[Block]:
    names = [printable(report.source.name) for report in (found.before, found.after)]
    yield Paragraph((Run(f"From {names[0]} to {names[1]}: {summary(found)}."),))
    if found.regressions:
        yield Paragraph((Run("Steps back:", _STRONG),))
        yield Listing(False, tuple((_paragraph(text),) for text in found.regressions))
    yield _table((2, 2, 2), ("", "Before", "After"), figures(found))


def _sections(found: Comparison) -> Iterator[Section]:
    rows = []
    for change in found.criteria:
        pages = ("-" if value is None else f"{float(value):.2f}" for value in (change.pages_before, change.pages_after))
        scores = (score_in_words(change.before), score_in_words(change.after))
        name = f"{change.criterion.id} {change.criterion.name}" + (" (fell)" if change.fell else "")
        rows.append((name, level(change.before), level(change.after), *scores, *pages))
    header = ("Criterion", "Level before", "after", "Score before", "after", "Pages before", "after")
    yield Section("criteria", (Heading(1, (Run("Criteria"),)), _table((3, 1, 1, 1.5, 1.5, 1, 1), header, rows)))
    for heading, meaning, changes in groups(found):
        items = tuple((_change(found, change),) for change in changes)
        title = Heading(1, (Run(heading),))
        yield Section(
            heading.lower(), (title, _paragraph(f"{meaning[0].upper()}{meaning[1:]}."), Listing(False, items))
        )


def _change(found: Comparison, change: Change) -> Paragraph:
    line = line_of(found, change)
    place = "" if line is None else f", {'was ' if change.after is None else ''}line {line}"
    name = Run(change.name, _STRONG)
    return Paragraph((name, Run(f" ({change.severity}{place}): {printable(in_words(change))}")))


def _table(widths: tuple[float, ...], header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    columns = tuple(Column(width, "left" if number == 0 else "right") for number, width in enumerate(widths))
    return Table(columns, tuple(map(_cell, header)), tuple(Row(tuple(map(_cell, row))) for row in rows))


def _cell(text: str) -> Cell:
    return Cell((_paragraph(text),) if text else ())


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(printable(text)),))
