"""Rows as CSV in UTF-8 with a header row; no cell is taken for a formula by a spreadsheet or an order by a build."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from pioneer_cli.reports.look import commandless, printable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "::")  # the last is an order to a build server at the beginning of a line
Cell = str | int | float | None


def spreadsheet(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The rows below their header. Numbers stay numbers; None is an empty cell."""
    paper = StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return commandless(paper.getvalue())


def _cell(cell: Cell) -> str | int | float:
    """A cell on one line; a text that a spreadsheet might calculate has an apostrophe before it."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    shown = printable(cell)
    return f"'{shown}" if cell.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA) else shown
