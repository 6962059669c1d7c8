"""The matrix for people at a terminal: each consideration with its outcome, and the pages, headings and quotes."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from pioneer_cli.assessment import Outcome
from pioneer_cli.matrix import Matrix, Row
from pioneer_cli.reports.look import Look, printable
from pioneer_cli.reports.matrix_words import pages_of, position, quote_of, remarks_on, shown, summary
from pioneer_cli.reports.terminal import console_for, finished

_COLOURS = {Outcome.MET: "green", Outcome.PARTLY: "yellow", Outcome.UNMET: "bold red", Outcome.UNKNOWN: "cyan"}
_KEY = "In brackets: line and column in the bid's file. Unknown: something is left to the reviewers' judgement."
_PAGE = 12  # columns in which a row's pages stand


def matrix_text(found: Matrix, look: Look) -> str:
    """The report; only its last line with `look.quiet`."""
    console = console_for(look)
    with console.capture() as capture:
        for line in _lines(found, look):
            console.print(line, soft_wrap=True)
    return finished(capture.get(), look)


def _lines(found: Matrix, look: Look) -> Iterator[Text]:
    if not look.quiet:
        for criterion, considerations in found.by_criterion():
            heading = f"--- {criterion.id} {printable(criterion.title)} "
            yield Text(heading.ljust(look.width, "-"), style="bold")
            for rows in considerations:
                yield from _consideration(found, rows, look)
            yield Text()
        yield from _wrapped(Text(_KEY, style="dim"), look, "", "")
        yield Text()
    yield Text(f"{printable(found.source.name, look.encoding)}: {summary(found)}", style="bold")


def _consideration(found: Matrix, rows: Sequence[Row], look: Look) -> Iterator[Text]:
    kept, more = shown(rows)
    asked = Text.assemble(
        (rows[0].consideration.id, "bold"),
        " ",
        (str(rows[0].outcome), _COLOURS.get(rows[0].outcome, "")),
        f": {printable(rows[0].consideration.asks, look.encoding)}",
    )
    yield from _wrapped(asked, look, "", "    ")
    for row in kept:
        yield from _row(found, row, look)
    if more:
        yield from _wrapped(Text(more), look, " " * _PAGE, " " * _PAGE)


def _row(found: Matrix, row: Row, look: Look) -> Iterator[Text]:
    pages = pages_of(row.first_page, row.last_page)
    first = f"  page {pages}".ljust(_PAGE)
    if len(first) > _PAGE:  # 10–11
        first = f" page {pages} "
    where = printable(row.where, look.encoding)
    if row.answers:
        where += f" ({position(found, row.answers[0])})"
    remarks = remarks_on(row)
    yield from _wrapped(Text(f"{where}, {remarks}" if remarks else where), look, first, " " * _PAGE)
    if row.answers:
        yield from _wrapped(Text(printable(quote_of(row), look.encoding)), look, " " * _PAGE, " " * _PAGE)


def _wrapped(text: Text, look: Look, first: str, rest: str) -> Iterator[Text]:
    """A text over as many lines as it takes, with its indentation for the first and for the rest."""
    console = console_for(look)
    for index, line in enumerate(text.wrap(console, look.width - max(len(first), len(rest)))):
        line.rstrip()
        yield Text(first if index == 0 else rest) + line
