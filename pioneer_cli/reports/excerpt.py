"""The line of a file with a caret under a place, fitted to a width: what people see of where something is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from pioneer_cli.reports.look import printable

_LONGEST_CARET = 40


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a line around a place, the columns before the place, and the columns that the place takes."""

    text: str
    before: int
    marked: int


def excerpt(line: str, start: int, end: int, room: int, encoding: str) -> Excerpt:
    """The part of a line that fits into so many columns and shows the place from `start` to `end`, counted from 0.

    What is cut off is marked by an ellipsis. A tab takes one column, an escaped character as many as its escape.
    """
    dots = printable("…", encoding)
    start = min(start, len(line))
    before = _cells(line[max(0, start - room) : start], encoding)
    after = _cells(line[start : start + room], encoding)
    if len(line) <= 2 * room and _width(before) + _width(after) <= room and start + len(after) == len(line):
        left, right, opening, closing = before, after, "", ""
    else:
        room -= 2 * len(dots)
        right = _fitting(after, room // 2)
        left = _fitting(before[::-1], room - _width(right))[::-1]
        right = _fitting(after, room - _width(left))
        opening = dots if len(left) < start else ""
        closing = dots if start + len(right) < len(line) else ""
    text = opening + "".join(left) + "".join(right) + closing
    marked = max(1, min(_width(right[: max(0, end - start)]), _LONGEST_CARET))
    return Excerpt(text, len(opening) + _width(left), marked)


def _cells(text: str, encoding: str) -> list[str]:
    return [printable(" " if char == "\t" else char, encoding) for char in text]


def _width(cells: Iterable[str]) -> int:
    return sum(cell_len(cell) for cell in cells)


def _fitting(cells: Sequence[str], room: int) -> list[str]:
    """The cells from the first on that fit into so many columns."""
    fitting: list[str] = []
    for cell in cells:
        room -= cell_len(cell)
        if room < 0:
            break
        fitting.append(cell)
    return fitting
