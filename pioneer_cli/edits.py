"""Taking text and entries out of a bid, and putting some in, to see what that does to its pages and its score.

The bid is plain data and is never changed: each function gives a new one that shares what stays the same.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from pioneer_cli.tree import BidPath


@dataclass(frozen=True, slots=True, order=True)
class Removal:
    """What to take out: characters from `start` to `end` of the text at a path; without `end`, all that stands there.

    All that stands there is the whole text of a field, or a whole entry of a list.
    """

    path: BidPath
    start: int = 0
    end: int | None = None

    def overlaps(self, other: "Removal") -> bool:
        """Whether both take out some of the same."""
        shorter = min(len(self.path), len(other.path))
        if self.path[:shorter] != other.path[:shorter]:
            return False
        if self.end is None or other.end is None or self.path != other.path:
            return True
        return self.start < other.end and other.start < self.end


def value_at(bid: Any, path: BidPath) -> Any:
    """What stands at a path; None where the path leads nowhere."""
    for step in path:
        if isinstance(bid, Mapping) and isinstance(step, str):
            bid = bid.get(step)
        elif isinstance(bid, (list, tuple)) and isinstance(step, int) and 0 <= step < len(bid):
            bid = bid[step]
        else:
            return None
    return bid


def with_value(bid: Any, path: BidPath, change: Callable[[Any], Any]) -> Any:
    """The bid with what stands at a path changed."""
    if not path:
        return change(bid)
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return [with_value(item, rest, change) if index == step else item for index, item in enumerate(bid)]
    return {**bid, step: with_value(bid[step], rest, change)}


def without(bid: Any, removals: Iterable[Removal]) -> Any:
    """The bid without what the removals take out, which may not overlap."""
    ordered = sorted(removals, key=lambda removal: removal.path)
    pieces = [removal for removal in ordered if removal.end is not None]
    for path, of_path in groupby(pieces, key=lambda removal: removal.path):
        spans = sorted(((removal.start, removal.end or 0) for removal in of_path), reverse=True)
        bid = with_value(bid, path, partial(_cut, spans))
    for removal in reversed(ordered):  # later entries of a list first, so that the others keep their numbers
        if removal.end is None:
            bid = _without_whole(bid, removal.path)
    return bid


def _cut(spans: list[tuple[int, int]], text: str) -> str | None:
    for start, end in spans:
        text = text[:start] + text[end:]
    return re.sub(r"\n\s*\n(\s*\n)+", "\n\n", text).strip() or None


def _without_whole(bid: Any, path: BidPath) -> Any:
    *parent, last = path
    if isinstance(last, int):
        return with_value(bid, tuple(parent), lambda entries: [*entries[:last], *entries[last + 1 :]])
    return with_value(bid, path, lambda _: None)


# --- Pieces of prose -------------------------------------------------------------------------------------------------

Span = tuple[int, int]


def paragraphs_of(text: str) -> list[Span]:
    """Where each paragraph of a prose field stands in it; paragraphs are kept apart by blank lines."""
    return [found.span() for found in re.finditer(r"\S(?:.|\n(?![ \t]*\n))*", text)]


def sentences_of(text: str) -> list[Span]:
    """Where each sentence stands; one ends with a full stop, a question or an exclamation mark before a capital."""
    spans = []
    for start, end in paragraphs_of(text):
        last = start
        for found in re.finditer(r"[.!?][\"')\]”’]*\s+(?=[\"'(“‘*]*[A-Z0-9£])", text[start:end]):
            spans.append((last, start + found.end()))
            last = start + found.end()
        spans.append((last, end))
    return spans
