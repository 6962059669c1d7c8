"""The house's layout: A4, 2 cm margins, 11 pt sans serif, and nothing smaller than 8 pt; for PDF and Word alike."""

import re
from collections import Counter
from collections.abc import Mapping

from pioneer_cli.foreign.claims import Check, broken, held, unknown
from pioneer_cli.foreign.measured import Block
from pioneer_cli.foreign.pieces import CENTIMETRE, EDGE, GRACE

A4 = (21.0 * CENTIMETRE, 29.7 * CENTIMETRE)
A4_AREA = A4[0] * A4[1]
BODY = 11.0
SMALLEST = 8.0
GRACE_OF_SIZE = 0.25  # points: Word's own PDFs have 11.04 and 10.98
_SAME_PAPER = 0.2 * CENTIMETRE
_FEW = 20  # characters: footnote marks and the like
_FEW_OF_ALL = 0.005
_SANS = re.compile(
    r"arial|helvetica|calibri|carlito|verdana|tahoma|aptos|segoe|trebuchet|franklin|gothic|futura|frutiger|univers|"
    r"lato|roboto|inter|open ?sans|noto ?sans|source ?sans|\w*sans(?!-?serif)|cmss|lmsans|"
    r"gill|corbel|candara|ubuntu|montserrat|poppins|nunito|myriad",
    re.IGNORECASE,
)  # fmt: skip
_SERIF = re.compile(
    r"times|cambria|caladea|georgia|garamond|serif|roman|palatino|bookman|baskerville|constantia|century|cmr\d|lmroman|"
    r"libertin|minion|merriweather|didot|bodoni|rockwell|sfrm|courier|mono",
    re.IGNORECASE,
)  # fmt: skip


def is_a4(width: float, height: float) -> bool:
    """Whether a sheet is A4, upright or across, to two millimetres."""
    short, long = sorted((width, height))
    return abs(short - A4[0]) <= _SAME_PAPER and abs(long - A4[1]) <= _SAME_PAPER


def lengths(width: float, height: float) -> str:
    """The size of a sheet in words."""
    return f"{width / CENTIMETRE:.1f} × {height / CENTIMETRE:.1f} cm"


def margins(blocks: Mapping[int, Block]) -> Check:
    """The margins of pages, by their number; what stands nearest to an edge is told."""
    name = "margins-are-2-cm"
    if not blocks:
        return unknown(name, "there is no text that could show them")
    narrow = [number for number, block in blocks.items() if not _narrowest(block)[0] >= EDGE - GRACE]
    number, block = min(blocks.items(), key=lambda pair: _narrowest(pair[1]))
    margin, side = _narrowest(block)
    if not narrow:
        return held(name, f"the narrowest is {_centimetres(margin)}, {side} on page {number}")
    if margin < 0:
        return broken(name, f"text runs off the page {side} on page {number}", narrow)
    return broken(name, f"text comes as near as {_centimetres(margin)} to the edge, {side} on page {number}", narrow)


def body_size(sizes: Mapping[float, int]) -> Check:
    """The size that more characters bear than any other; with it, half of all must be large enough."""
    total = sum(sizes.values())
    if not total:
        return unknown("body-text-is-11-point", "there is no text that could show it")
    size, count = max(sizes.items(), key=lambda pair: (pair[1], -pair[0]))
    said = f"{_share(count, total)} of the characters are {_points(size)}"
    smaller = sum(count for size, count in sizes.items() if not size >= BODY - GRACE_OF_SIZE)
    if size >= BODY - GRACE_OF_SIZE and 2 * smaller > total:
        return broken("body-text-is-11-point", f"{said}, but {_share(smaller, total)} are smaller")
    if size >= BODY - GRACE_OF_SIZE:
        return held("body-text-is-11-point", said)
    return broken("body-text-is-11-point", said)


def smallest_size(sizes: Mapping[float, int]) -> Check:
    """The smallest size that more than a few characters bear, smaller ones counted with it."""
    total = sum(sizes.values())
    if not total:
        return unknown("smallest-text-is-8-point", "there is no text that could show it")
    few, smaller = max(_FEW, _FEW_OF_ALL * total), 0
    size = max(sizes)
    for size in sorted(sizes):
        smaller += sizes[size]
        if smaller > few:
            break
    if size >= SMALLEST - GRACE_OF_SIZE:
        return held("smallest-text-is-8-point", f"next to nothing is smaller than {_points(size)}")
    return broken("smallest-text-is-8-point", f"{smaller:,} characters are {_points(size)} or smaller")


def sans_serif(fonts: Mapping[str, int]) -> Check:
    """Whether the font that most characters bear is known as one without serifs, by its name."""
    name = "body-text-is-sans-serif"
    if not any(fonts.values()):
        return unknown(name, "there is no text that could show it")
    font, _count = Counter(fonts).most_common(1)[0]
    if _SERIF.search(_without_sans(font)):
        return broken(name, f"most text is in {font}")
    if _SANS.search(font):
        return held(name, f"most text is in {font}")
    return unknown(name, f"most text is in {font or 'a font without a name'}, which we do not know")


def _without_sans(font: str) -> str:
    """A font's name without what would pass for the name of one with serifs, such as the Roman of Sans-Roman."""
    return re.sub(r"(?i)sans-?serif|(?<=sans)(?:\d*)-?roman|(?<=helvetica)-?roman", "", font)


def _narrowest(block: Block) -> tuple[float, str]:
    return min((block.left, "left"), (block.top, "top"), (block.right, "right"), (block.bottom, "bottom"))


def _centimetres(length: float) -> str:
    return f"{length / CENTIMETRE:.1f} cm"


def _points(size: float) -> str:
    return f"{size:g} pt"


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.0f}%"
