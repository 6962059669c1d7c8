"""Room to break lines, so that no text runs off its column and the page unseen, where it would count for nothing.

Which spaces break a line depends on what stands around them (Unicode Standard Annex 14): none does behind an opening
bracket, say. Only a space between two plain words is trusted here. Where more than `WIDEST` would stand between two
such spaces, zero-width spaces are put in, behind which a line may always break (rule LB8).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

BREAK = "\u200b"
WIDEST = 115.0  # points; the narrowest last column is 87 wide and the page's margin 57
_SIZE = 11
_SURE = re.compile(r"(?<=[A-Za-z0-9.,;:])[ \t\n]+(?=[A-Za-z0-9])")
_SHORT = 11  # characters that cannot be wider than WIDEST, for want of an ASCII character wider than 0.91 em
# The advances of the printable ASCII characters in Source Sans 3 Bold, in hundredths of an em; a test measures them.
_ASCII = (
    20, 34, 54, 53, 53, 86, 67, 30, 35, 35, 46, 53, 30, 34, 30, 34, 53, 53, 53, 53, 53, 53, 53, 53, 53, 53, 30, 30, 53,
    53, 53, 47, 91, 58, 61, 59, 64, 55, 53, 64, 68, 31, 51, 62, 52, 77, 67, 69, 60, 69, 62, 56, 56, 67, 56, 82, 57, 53,
    55, 35, 34, 35, 53, 50, 56, 53, 58, 47, 58, 52, 35, 54, 58, 28, 28, 55, 29, 86, 58, 56, 58, 58, 40, 45, 39, 57, 53,
    78, 52, 53, 46, 35, 27, 35, 53,
)  # fmt: skip
_JOINTS = frozenset(" -_./:;,)]}–—|")  # behind which a word is broken rather than elsewhere
_LATIN, _LETTER, _SYMBOL = 1.0, 1.4, 2.2  # ems, for all others, by the widest of their kind


def breakable(text: str) -> str:
    """The text with zero-width spaces where it would otherwise be too wide for a column."""
    places = list(break_places(text))
    if not places:
        return text
    return BREAK.join(text[start:end] for start, end in zip([0, *places], [*places, None], strict=True))


def break_places(text: str) -> Iterator[int]:
    """The indices before which a line needs room to break, in order."""
    if not any(map(_is_too_wide, _SURE.split(text))):
        return  # as in nearly every text
    start = 0
    for space in _SURE.finditer(text):
        yield from _places_within(text, start, space.start())
        start = space.end()
    yield from _places_within(text, start, len(text))


def _is_too_wide(piece: str) -> bool:
    return (len(piece) > _SHORT or not piece.isascii()) and width_of(piece) > WIDEST


def width_of(text: str) -> float:
    """At most how wide a text is in one line, in points, in bold letters."""
    return sum(map(_advance, text))


def _places_within(text: str, start: int, end: int) -> Iterator[int]:
    if end - start <= _SHORT and text.isascii():
        return
    width = since = 0.0  # of the stretch, and of what stands behind the last place in it that a reader would break at
    joint = start
    for index in range(start, end):
        advance = _advance(text[index])
        if width + advance > WIDEST and advance:
            yield joint if joint > start else index
            width = since if joint > start else 0.0
            start, joint, since = index, index, 0.0
        width, since = width + advance, since + advance
        if text[index] in _JOINTS and index > start:
            joint, since = index + 1, 0.0


@cache
def _advance(character: str) -> float:
    """At most how wide a character is, in points; one that sits on the character before it takes no room."""
    if " " <= character <= "~":
        return _ASCII[ord(character) - 32] * _SIZE / 100
    if unicodedata.category(character)[0] in "MC":
        return 0.0
    ems = _LATIN if character < "\u0250" and character.isalpha() else _LETTER if character.isalpha() else _SYMBOL
    return ems * _SIZE
