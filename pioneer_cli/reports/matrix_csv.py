"""The matrix for spreadsheets: a row for each place that answers a consideration, and one for each that has none."""

from collections.abc import Iterator

from pioneer_cli.matrix import Answer, Matrix, Row
from pioneer_cli.reports.matrix_words import NO_PAGE, dotted
from pioneer_cli.reports.spreadsheet import Cell, spreadsheet

COLUMNS = (
    "criterion", "consideration", "asks", "outcome", "section", "where", "in_own_section", "first_page", "last_page",
    "quote", "rules", "path", "line", "column",
)  # fmt: skip


def matrix_csv(found: Matrix) -> str:
    """The report."""
    return spreadsheet(COLUMNS, _rows(found))


def _rows(found: Matrix) -> Iterator[tuple[Cell, ...]]:
    for row in found.rows:
        asked = (row.criterion.id, row.consideration.id, row.consideration.asks, str(row.outcome))
        if not row.answers:
            yield (*asked, NO_PAGE, row.where, "", NO_PAGE, NO_PAGE, NO_PAGE, "", "", None, None)
        for answer in row.answers:
            yield (*asked, *_place(found, row, answer))


def _place(found: Matrix, row: Row, answer: Answer) -> tuple[Cell, ...]:
    start = found.source.value_span(answer.path).start
    return (
        row.section or NO_PAGE,
        row.where,
        "yes" if row.in_own_section else "no",
        answer.first_page or NO_PAGE,
        answer.last_page or NO_PAGE,
        answer.quote,
        " ".join(answer.rules),
        dotted(answer.path),
        start.line,
        start.column,
    )
