"""The pages of a PDF as they are drawn: every piece of text with its size and box, and whether it leaves a trace.

The only import of pypdfium2; runs in the child process only. Sizes and boxes come from the objects that the page
draws, not from what it says can be copied, so that text which hides from copying is measured all the same.
"""

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from pioneer_cli.errors import PioneerError
from pioneer_cli.foreign.pieces import Box, PageText, Piece

Matrix = tuple[float, float, float, float, float, float]

_SAME: Matrix = (1, 0, 0, 1, 0, 0)
_DEEPEST = 12  # pictures inside pictures
_LONGEST_SIDE = 1800  # pixels of a page as drawn
_TRACE = 16  # of 255: the least difference in a box that a reader sees
_FEW_PIXELS = 4
_MOST_TEXT = 400  # characters kept of a piece
_TALL = re.compile(r"[A-Z0-9bdfhklt]")  # what reaches the height of a capital
_LOWEST, _HIGHEST = 0.45, 1.6  # parts of its size that such a letter takes, in any honest font
_HIDDEN = ("unsized", "invisible", "outside", "traceless")
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """What a page shows, with counts of characters as `PdfPage` has them, and by name and embedding of their font."""

    text: PageText
    sizes: Counter[float]
    fonts: Counter[tuple[str, bool]]
    unsized: int
    invisible: int
    outside: int
    traceless: int
    pictures: float
    blank: bool


class Drawing:
    """A PDF opened by the engine that draws it. Raises PioneerError where it cannot be opened."""

    def __init__(self, content: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            raise PioneerError("the second of two engines cannot open it", "open it and save it as PDF again") from None

    @property
    def count(self) -> int:
        """How many pages this engine finds."""
        return len(self._document)

    def size(self, index: int) -> tuple[float, float]:
        """Width and height of a page as displayed, without its user unit."""
        width, height = self._document.get_page_size(index)
        return float(width), float(height)

    def page(self, index: int, unit: float) -> DrawnPage:
        """Measures a page, whose user unit the other engine knows. Raises PioneerError where it cannot be drawn."""
        try:
            return _Reading(self._document[index], unit).page()
        except pypdfium2.PdfiumError:
            raise PioneerError(f"page {index + 1} cannot be drawn", "open it and save it as PDF again") from None


@dataclass(frozen=True, slots=True)
class _View:
    """How a page's own coordinates, which go up from the bottom left, become those of the page as displayed."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (a, b), (c, d) = self._point(left, bottom), self._point(right, top)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))

    def baseline(self, x: float, y: float) -> float:
        return self._point(x, y)[1]

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x


@dataclass(frozen=True, slots=True)
class _Trace:
    """The page as drawn: three bytes a pixel."""

    pixels: bytes
    stride: int
    width: int
    height: int
    scale: float

    def shows(self, box: Box) -> bool:
        """Whether anything in the box stands out from the rest of it, or a dot or a dash from what is round it."""
        left, right = self._pixels(box.left, box.right, self.width)
        top, bottom = self._pixels(box.top, box.bottom, self.height)
        lowest, highest = [255, 255, 255], [0, 0, 0]
        for row in range(top, bottom):
            line = self.pixels[row * self.stride + 3 * left : row * self.stride + 3 * right]
            for colour in range(3):
                part = line[colour::3]
                lowest[colour] = min(lowest[colour], min(part, default=255))
                highest[colour] = max(highest[colour], max(part, default=0))
            if any(high - low >= _TRACE for low, high in zip(lowest, highest, strict=True)):
                return True
        return False

    def _pixels(self, start: float, end: float, most: int) -> tuple[int, int]:
        """From which pixel to which: one more on either side where there are few."""
        first, last = int(start * self.scale), int(end * self.scale) + 1
        more = 1 if last - first < _FEW_PIXELS else 0
        return max(0, first - more), min(most, last + more)


class _Reading:
    """One page on its way to being measured."""

    def __init__(self, page: Any, unit: float) -> None:
        self._page = page
        self._unit = unit
        left, bottom, right, top = page.get_bbox()
        self._view = _View(left, bottom, right, top, page.get_rotation() // 90)
        self._width, self._height = (float(side) for side in page.get_size())
        self._trace = _draw(page, max(self._width, self._height))
        self._texts = _texts(page)
        self._pieces: list[Piece] = []
        self._sizes: Counter[float] = Counter()
        self._fonts: Counter[tuple[str, bool]] = Counter()
        self._hidden: Counter[str] = Counter()
        self._pictures = 0.0

    def page(self) -> DrawnPage:
        """Measures every object of the page."""
        for thing, matrix in _objects(self._page):
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._take_text(thing, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._take_picture(thing, matrix)
        text = PageText(self._width * self._unit, self._height * self._unit, tuple(self._pieces))
        unsized, invisible, outside, traceless = (self._hidden[why] for why in _HIDDEN)
        pictures, whole = min(1.0, self._pictures), Box(0, 0, self._width, self._height)
        blank = not self._trace.shows(whole)
        return DrawnPage(text, self._sizes, self._fonts, unsized, invisible, outside, traceless, pictures, blank)

    def _take_text(self, thing: Any, matrix: Matrix) -> None:
        own = _times(_matrix_of(thing), matrix)
        size = _size_of(thing) * hypot(own[2], own[3])
        box = self._box_of(thing, matrix)
        text = self._texts.get(ctypes.addressof(thing.contents))
        if box is None or text == "":
            return
        shows = self._trace.shows(box)
        if text is None or _says_otherwise(thing):  # where it can be seen, so many letters would fill its width
            text = "?" * max(1, round((box.right - box.left) / max(size / 2, 1))) if shows else text or ""
        why = self._why_hidden(thing, box, shows=shows)
        if why:
            self._hidden[why] += len(text)
        elif text:
            self._take_visible(thing, text, size, Piece(text[:_MOST_TEXT], self._view.baseline(own[4], own[5]), box))

    def _why_hidden(self, thing: Any, box: Box, *, shows: bool) -> str:
        if pdfium.FPDFTextObj_GetTextRenderMode(thing) in _INVISIBLE:
            return "invisible"
        if not box.meets(self._width, self._height):
            return "outside"
        return "" if shows else "traceless"

    def _take_visible(self, thing: Any, text: str, size: float, piece: Piece) -> None:
        box, unit = piece.box, self._unit
        scaled = Box(box.left * unit, box.top * unit, box.right * unit, box.bottom * unit)
        self._pieces.append(Piece(piece.text, piece.baseline * unit, scaled))
        self._fonts[_font_of(thing)] += len(text)
        if _is_honest(text, size, box):
            self._sizes[round(size * unit, 1)] += len(text)
        else:
            self._hidden["unsized"] += len(text)

    def _take_picture(self, thing: Any, matrix: Matrix) -> None:
        box = self._box_of(thing, matrix)
        if box is None:
            return
        width = min(box.right, self._width) - max(box.left, 0)
        height = min(box.bottom, self._height) - max(box.top, 0)
        self._pictures += max(0.0, width) * max(0.0, height) / (self._width * self._height)

    def _box_of(self, thing: Any, matrix: Matrix) -> Box | None:
        sides = [ctypes.c_float() for _ in range(4)]
        if not pdfium.FPDFPageObj_GetBounds(thing, *sides):
            return None
        left, bottom, right, top = (side.value for side in sides)
        corners = [_moved(matrix, x, y) for x in (left, right) for y in (bottom, top)]
        across, up = [x for x, _y in corners], [y for _x, y in corners]
        return self._view.box(min(across), min(up), max(across), max(up))


def _is_honest(text: str, size: float, box: Box) -> bool:
    """Whether the letters are about as tall as a font of this size would make them; lines that lean are believed."""
    height = min(box.right - box.left, box.bottom - box.top)
    if len(text) < 3 or _TALL.search(text) is None:
        return size > 0
    return height <= _HIGHEST * size and height >= _LOWEST * size


def _says_otherwise(thing: Any) -> bool:
    """Whether text has other words to copy than it shows."""
    marks = (pdfium.FPDFPageObj_GetMark(thing, index) for index in range(pdfium.FPDFPageObj_CountMarks(thing)))
    kinds = (pdfium.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") for mark in marks)
    return any(kind != pdfium.FPDF_OBJECT_UNKNOWN for kind in kinds)


def _draw(page: Any, longest: float) -> _Trace:
    scale = min(1.0, _LONGEST_SIDE / max(longest, 1.0))
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=False, maybe_alpha=False)
    return _Trace(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height, scale)


def _texts(page: Any) -> dict[int, str]:
    """What each text object of a page says, without blanks, by its address."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    text_page = page.get_textpage()
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        thing = pdfium.FPDFText_GetTextObject(text_page, index)
        if thing:
            found[ctypes.addressof(thing.contents)].append(chr(pdfium.FPDFText_GetUnicode(text_page, index)))
    return {address: "".join("".join(letters).split()) for address, letters in found.items()}


def _objects(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Every object of a page that is no group of others, with the matrix of the groups that it stands in."""
    top = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    waiting = [(thing, _SAME, 0) for thing in top]
    while waiting:
        thing, matrix, depth = waiting.pop()
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_FORM:
            yield thing, matrix
        elif depth < _DEEPEST:
            inner = _times(_matrix_of(thing), matrix)
            count = pdfium.FPDFFormObj_CountObjects(thing)
            waiting += [(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1) for index in range(count)]


def _matrix_of(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _size_of(thing: Any) -> float:
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(thing, size)
    return abs(size.value)


def _font_of(thing: Any) -> tuple[str, bool]:
    """A font's name, without the letters that mark a subset, and whether it is embedded."""
    font = pdfium.FPDFTextObj_GetFont(thing)
    room = ctypes.create_string_buffer(200)
    length = pdfium.FPDFFont_GetBaseFontName(font, room, len(room))
    name = room.value.decode("utf-8", "replace") if 0 < length <= len(room) else ""
    return re.sub(r"^[A-Z]{6}\+", "", name), pdfium.FPDFFont_GetIsEmbedded(font) == 1


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    return (*_turned(outer, a, b), *_turned(outer, c, d), *_moved(outer, e, f))


def _turned(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y, matrix[1] * x + matrix[3] * y


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    across, up = _turned(matrix, x, y)
    return across + matrix[4], up + matrix[5]
