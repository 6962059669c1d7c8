"""The pages of a PDF as its page tree lists them: each page's size as displayed, and its user unit.

We walk the tree ourselves and believe no number in it: every `/Count` must be what was counted below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from pioneer_cli.errors import PioneerError

MOST_PAGES = 2000
_MOST_NODES = 20_000
_DEEPEST = 60
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")
_LETTER = (0.0, 0.0, 612.0, 792.0)  # what readers take where a page has no box
_SAVE_AGAIN = "open the document and save it as PDF again"
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its object, its size as displayed without the user unit, and that unit."""

    page: Any
    width: float
    height: float
    unit: float


@dataclass(slots=True)
class _Walk:
    """What a walk has met so far."""

    leaves: list[Leaf] = field(default_factory=list)
    above: set[tuple[int, int]] = field(default_factory=set)
    nodes: int = 0


def leaves(document: pikepdf.Pdf) -> tuple[Leaf, ...]:
    """Every page in order. Raises PioneerError where the tree is not sound, so that no two readers could differ."""
    root = document.Root.get("/Pages")
    if not isinstance(root, pikepdf.Dictionary) or "/Kids" not in root:
        raise _unsound("there is no list of pages")
    walk = _Walk()
    _visit(root, {}, walk)
    if not walk.leaves:
        raise PioneerError("it has no pages", _SAVE_AGAIN)
    return tuple(walk.leaves)


def _visit(node: Any, inherited: dict[str, Any], walk: _Walk) -> None:
    """Adds what is under a node; a node inside itself, or a count that is not true, is refused."""
    walk.nodes += 1
    if walk.nodes > _MOST_NODES or len(walk.above) > _DEEPEST:
        raise _unsound("it has too many branches")
    if not isinstance(node, pikepdf.Dictionary) or node.objgen in walk.above:
        raise _unsound("it leads to something that is no page, or back to itself")
    own = {**inherited, **{key: node[key] for key in _INHERITED if key in node}}
    if "/Kids" not in node:
        _take(node, own, walk)
        return
    kids, before = node["/Kids"], len(walk.leaves)
    if not isinstance(kids, pikepdf.Array):
        raise _unsound("a branch has no list of pages")
    walk.above.add(node.objgen)
    for kid in kids:
        _visit(kid, own, walk)
    walk.above.discard(node.objgen)
    if node.get("/Count") != len(walk.leaves) - before:
        raise _unsound(f"it says that it has {_shown(node.get('/Count'))} pages where {len(walk.leaves) - before} are")


def _take(page: Any, own: dict[str, Any], walk: _Walk) -> None:
    if page.get("/Type", "/Page") != "/Page":
        raise _unsound("it leads to something that is no page")
    if len(walk.leaves) >= MOST_PAGES:
        raise PioneerError(f"it has more than {MOST_PAGES} pages", "is it the right document?")
    walk.leaves.append(_leaf(page, own))


def _leaf(page: Any, own: dict[str, Any]) -> Leaf:
    media = _box(own.get("/MediaBox")) or _LETTER
    crop = _box(own.get("/CropBox")) or media
    shown = _overlap(media, crop) or media
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    turned = _number(own.get("/Rotate"), 0) % 180 == 90
    unit = _number(page.get("/UserUnit"), 1)
    return Leaf(page, *((height, width) if turned else (width, height)), unit if unit > 0 else 1.0)


def _box(value: Any) -> Box | None:
    """A rectangle from its lower left to its upper right corner, None where it is none or is empty."""
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    try:
        a, b, c, d = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    box = (min(a, c), min(b, d), max(a, c), max(b, d))
    return box if box[2] > box[0] and box[3] > box[1] else None


def _overlap(one: Box, other: Box) -> Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if right > left and top > bottom else None


def _number(value: Any, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise


def _shown(value: Any) -> Sequence[str] | str:
    return str(value) if isinstance(value, int) else "no number of"


def _unsound(reason: str) -> PioneerError:
    return PioneerError(f"its pages cannot be counted: {reason}", _SAVE_AGAIN)
