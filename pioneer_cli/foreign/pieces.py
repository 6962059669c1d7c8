"""Pieces of text on a page, and what they leave as margins once the page's header and footer are set apart.

A header or footer is what stands wholly in the outer two centimetres, is short, and either says the same on another
page, figures aside, or is no more than a page number. Everything else is the body, wherever it stands.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pioneer_cli.foreign.measured import Block

CENTIMETRE = 72 / 2.54
EDGE = 2 * CENTIMETRE  # how deep the zone of headers and footers is
GRACE = 0.1 * CENTIMETRE  # a millimetre: printers' drivers round, and letters hang over
_MOST_LINES = 3  # of a header or of a footer
_MOST_CHARACTERS = 150  # of such a line
_SAME_LINE = 2.0  # points between the baselines of one line at most
_PAGE_NUMBER = re.compile(
    r"[-–—|.()]*(?:page|p\.?)?(?:\d{1,4}|[ivx]{1,6})(?:(?:of|/)\d{1,4})?[-–—|.()]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page as displayed, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, width: float, height: float) -> bool:
        """Whether any of it lies on a page of this size."""
        return self.right > 0 and self.bottom > 0 and self.left < width and self.top < height


@dataclass(frozen=True, slots=True)
class Piece:
    """Some visible text in one size: what it says without blanks, the line that it stands on, and its box."""

    text: str
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class PageText:
    """The visible text of a page."""

    width: float
    height: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in the edge of a page: at the top or the bottom, what it says, and its pieces."""

    edge: str
    text: str
    pieces: tuple[Piece, ...]

    @property
    def gist(self) -> tuple[str, str]:
        """What is the same on another page if this is a header or footer: figures may differ."""
        return self.edge, re.sub(r"\d+", "0", self.text)


def blocks(pages: Sequence[PageText]) -> tuple[Block | None, ...]:
    """The margins of each page's body, None for a page without any."""
    lines = [_edge_lines(page) for page in pages]
    repeated = Counter(gist for found in lines for gist in {line.gist for line in found})
    return tuple(_block(page, _apart(found, repeated)) for page, found in zip(pages, lines, strict=True))


def _edge_lines(page: PageText) -> tuple[_Line, ...]:
    top = [piece for piece in page.pieces if piece.box.bottom <= EDGE + GRACE]
    bottom = [piece for piece in page.pieces if piece.box.top >= page.height - EDGE - GRACE]
    return (*_lines("top", top), *_lines("bottom", bottom))


def _lines(edge: str, pieces: Iterable[Piece]) -> list[_Line]:
    """The pieces line by line, from the top and each from the left; none where they are too many for an edge."""
    ordered = sorted(pieces, key=lambda piece: piece.baseline)
    starts: list[float] = []
    for piece in ordered:
        starts.append(starts[-1] if starts and piece.baseline - starts[-1] <= _SAME_LINE else piece.baseline)
    rows = groupby(zip(starts, ordered, strict=True), key=lambda pair: pair[0])
    lines = [_line(edge, [piece for _start, piece in row]) for _start, row in rows]
    return lines if len(lines) <= _MOST_LINES else []


def _line(edge: str, pieces: list[Piece]) -> _Line:
    pieces.sort(key=lambda piece: piece.box.left)
    return _Line(edge, "".join(piece.text for piece in pieces), tuple(pieces))


def _apart(lines: Iterable[_Line], repeated: Mapping[tuple[str, str], int]) -> frozenset[int]:
    """The identities of the pieces that are no body."""
    found = (line for line in lines if _is_apart(line, repeated))
    return frozenset(id(piece) for line in found for piece in line.pieces)


def _is_apart(line: _Line, repeated: Mapping[tuple[str, str], int]) -> bool:
    if len(line.text) > _MOST_CHARACTERS:
        return False
    return repeated[line.gist] > 1 or _PAGE_NUMBER.fullmatch(line.text) is not None


def _block(page: PageText, apart: frozenset[int]) -> Block | None:
    boxes = [piece.box for piece in page.pieces if id(piece) not in apart]
    if not boxes:
        return None
    return Block(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        page.width - max(box.right for box in boxes),
        page.height - max(box.bottom for box in boxes),
    )
