"""The texts of a bid that people write freely, and their sentences, each with its place in the bid."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from pioneer_cli.bid import Bid, Text
from pioneer_cli.edits import sentences_of
from pioneer_cli.tree import BidPath, field_of


class Sentence(NamedTuple):
    """A sentence of a bid on one line and without marks of emphasis; `start` is where it begins in its field's text."""

    path: BidPath
    text: str
    start: int


def free_texts(bid: Mapping[str, Any]) -> Iterator[tuple[BidPath, str]]:
    """Each text of a bid's plain data that is no id and no word of a closed list, with its path, in the bid's order."""
    yield from _texts(bid, ())


def sentences(bid: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """The sentences of all free texts, in the bid's order; a short text without a full stop is one."""
    return _sentences(tuple(free_texts(bid)))


@lru_cache(maxsize=2)  # several readers go through one bid
def _sentences(texts: tuple[tuple[BidPath, str], ...]) -> tuple[Sentence, ...]:
    found = []
    for path, text in texts:
        for start, end in sentences_of(text):
            line = plain_line(text[start:end])
            if line:
                found.append(Sentence(path, line, start))
    return tuple(found)


def plain_line(text: str) -> str:
    """A text on one line, without asterisks of emphasis and without the dash of a list's item."""
    return " ".join(text.replace("*", "").split()).removeprefix("- ")


def one_line(text: str) -> str:
    """A text on one line without invisible characters: safe in a comment, and alike wherever it was copied to."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _texts(part: Any, path: BidPath) -> Iterator[tuple[BidPath, str]]:
    if isinstance(part, str):
        if part.strip() and field_of(path) in _free_fields():
            yield path, part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _texts(value, (*path, key))
    elif isinstance(part, (list, tuple)):
        for index, value in enumerate(part):
            yield from _texts(value, (*path, index))


@cache
def _free_fields() -> frozenset[str]:
    """The fields that hold free text, such as `vision.outcomes[].measure`."""
    return frozenset(_fields(Bid, ""))


def _fields(model: type[BaseModel], home: str) -> Iterator[str]:
    hints = get_type_hints(model, include_extras=True)
    for name in model.model_fields:
        is_union = get_origin(hints[name]) in (Union, UnionType)
        for option in get_args(hints[name]) if is_union else (hints[name],):
            if option == Text:
                yield f"{home}{name}"
            elif get_origin(option) is tuple:
                yield from _inside(get_args(option)[0], f"{home}{name}[].")
            else:
                yield from _inside(option, f"{home}{name}.")


def _inside(option: Any, home: str) -> Iterator[str]:
    if isinstance(option, type) and get_origin(option) is None and issubclass(option, BaseModel):
        yield from _fields(option, home)


# --- Quotes ----------------------------------------------------------------------------------------------------------

_SAME: Mapping[int, int] = str.maketrans("‘’“”–—\u00a0\u202f", "''\"\"--  ")
_LEFT_OUT = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*")
LEAST_QUOTED = 3  # words; fewer stand anywhere


def find_quote(texts: Iterable[tuple[BidPath, str]], quote: str) -> tuple[BidPath, str] | None:
    """Where a quote stands, and its first stretch; None where it does not.

    Case, spaces, line breaks, marks of emphasis and the shapes of quotation marks and dashes are passed over; `…` or
    `[…]` stands for words left out, and what stands on both sides of it must come from one text, in that order.
    """
    if words_quoted(quote) < LEAST_QUOTED:
        return None
    parts = [_alike(part) for part in _LEFT_OUT.split(quote) if part.strip()]
    for path, text in texts:
        if _in_order(parts, _alike(text)):
            return path, plain_line(next(part for part in _LEFT_OUT.split(quote) if part.strip()))
    return None


def words_quoted(quote: str) -> int:
    """How many words a quote has; what stands for words left out is none."""
    return sum(len(_alike(part).split()) for part in _LEFT_OUT.split(quote))


def _in_order(parts: Sequence[str], text: str) -> bool:
    begin = 0
    for part in parts:
        found = text.find(part, begin)
        if found < 0:
            return False
        begin = found + len(part)
    return True


@cache  # every quote is looked for in all texts of a bid
def _alike(text: str) -> str:
    return plain_line(text.translate(_SAME)).casefold()
