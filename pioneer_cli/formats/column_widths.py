"""How wide the columns of a table are, from their shares of the text's width and from how much they say.

Worked out from the widths of letters, because to have the typesetter measure each cell would cost a fifth of its time.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

from pioneer_cli.line_breaks import width_of
from pioneer_cli.tree import Block, Listing, Paragraph, Table, text_of

ROOM = 481.9  # points: 17 cm, an A4 page less its margins
_PADDING = 11.0  # points left and right of what stands in a cell
_USUAL_WORD = 85.0  # points: a column that needs more may break its words over lines
_LEAST_SAID = 60.0  # points of text that every column counts for
_REGULAR = 0.95  # of the width of bold letters, which the widths of letters are


def column_widths(table: Table) -> list[float]:
    """The width of each column as a part of 1.

    None is wider than its longest cell in one line while another needs the room, and none so narrow that a usual word
    would not fit, unless its share says so.
    """
    total = sum(column.width for column in table.columns)
    shares = [column.width / total for column in table.columns]
    cells = [[_width(row.cells[index].blocks) for row in table.rows if not row.band] for index in range(len(shares))]
    heads = [_width(cell.blocks) / _REGULAR for cell in table.header]
    widest = [max([head, *column]) + _PADDING for head, column in zip(heads, cells, strict=True)]
    room_left = ROOM - sum(widest)
    if room_left >= 0:
        return [(width + room_left * share) / ROOM for width, share in zip(widest, shares, strict=True)]
    narrowest = [min(width, _USUAL_WORD, share * ROOM) for width, share in zip(widest, shares, strict=True)]
    weights = [sqrt(share * (_LEAST_SAID + sum(column))) for share, column in zip(shares, cells, strict=True)]
    return [width / ROOM for width in _shared_out(weights, narrowest, widest)]


def _shared_out(weights: Sequence[float], narrowest: Sequence[float], widest: Sequence[float]) -> list[float]:
    """The room by weight, with the columns that this makes too narrow or wider than they need set first."""
    widths: dict[int, float] = {}
    while len(widths) < len(weights):
        rest = [index for index in range(len(weights)) if index not in widths]
        unit = (ROOM - sum(widths.values())) / sum(weights[index] for index in rest)
        short = [index for index in rest if unit * weights[index] < narrowest[index]]
        long = [index for index in rest if unit * weights[index] > widest[index]]
        for index in short or long or rest:
            widths[index] = narrowest[index] if short else min(unit * weights[index], widest[index])
    return [widths[index] for index in range(len(weights))]


def _width(blocks: Iterable[Block]) -> float:
    """How wide what stands in a cell is in one line, in points; of several lines the longest counts."""
    return max((width_of(line) * _REGULAR for line in _lines(blocks)), default=0.0)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from text_of(block.runs).split("\n")
        elif isinstance(block, Listing):
            for item in block.items:
                yield from (f"    {line}" for line in _lines(item))
