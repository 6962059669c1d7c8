"""The texts of a bid that people write freely, and their sentences, each with its place in the bid."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints
from unicodedata import normalize

from pydantic import BaseModel

from pioneer_cli.bid import Bid, Text
from pioneer_cli.edits import sentences_of
from pioneer_cli.tree import BidPath, field_of

LONGEST_SENTENCE = 1000  # characters


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
            for piece, begin in _pieces(text[start:end]):
                line = plain_line(piece)
                if line:
                    found.append(Sentence(path, line, start + begin))
    return tuple(found)


def _pieces(sentence: str) -> Iterator[tuple[str, int]]:
    """A sentence, in pieces where it is longer than any that people write, with where each begins."""
    begin = 0
    while len(sentence) - begin > LONGEST_SENTENCE:
        end = sentence.rfind(" ", begin, begin + LONGEST_SENTENCE) + 1 or begin + LONGEST_SENTENCE
        yield sentence[begin:end], begin
        begin = end
    yield sentence[begin:], begin


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

_SAME: Mapping[int, str | None] = {
    **{ord(mark): "'" for mark in "‘’`´"},
    **{ord(mark): "" for mark in '“”"_*•\u00ad\u200b\u200c\u200d\u2060\ufeff'},
    **{ord(mark): "-" for mark in "–—‐‑‒−"},
}
_LEFT_OUT = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*")
_QUOTED_WORD = re.compile(r"\w*(?:[^\W\d_]{2}|\d)\w*")  # two letters or a figure: a letter by itself stands anywhere
LEAST_QUOTED = 3  # words; fewer stand anywhere
_LEAST_BESIDE = 2  # words on each side of what is left out


def find_quote(texts: Iterable[tuple[BidPath, str]], quote: str) -> tuple[BidPath, str] | None:
    """Where a quote stands in the bid, and its first stretch; None where it does not.

    Case, spaces, line breaks, marks of emphasis, invisible characters and the shapes of quotation marks, dashes and
    letters are passed over; words are whole. `…` or `[…]` stands for words left out, and what stands on both sides of
    it must come from one text, in that order. A text without a place in the bid is nobody's.
    """
    parts = _stretches(quote)
    if words_quoted(quote) < LEAST_QUOTED or (len(parts) > 1 and min(map(_words_in, parts)) < _LEAST_BESIDE):
        return None
    for path, text in texts:
        if path and _in_order(parts, _alike(text)):
            return path, plain_line(next(part for part in _LEFT_OUT.split(quote) if _alike(part)))
    return None


def words_quoted(quote: str) -> int:
    """How many words of two letters or a figure a quote has; what stands for words left out is none."""
    return sum(map(_words_in, _stretches(quote)))


def _stretches(quote: str) -> list[str]:
    return [part for part in map(_alike, _LEFT_OUT.split(quote)) if part]


def _words_in(part: str) -> int:
    return len(_QUOTED_WORD.findall(part))


def _in_order(parts: Sequence[str], text: str) -> bool:
    begin = 0
    for part in parts:
        begin = _end_of(part, text, begin)
        if begin < 0:
            return False
    return True


def _end_of(part: str, text: str, begin: int) -> int:
    """Where a stretch ends that stands in a text from a place on, cutting no word in two; -1 where none does."""
    found = text.find(part, begin)
    while found >= 0:
        end = found + len(part)
        cuts = (part[0].isalnum() and text[found - 1 : found].isalnum()) or (
            part[-1].isalnum() and text[end : end + 1].isalnum()
        )
        if not cuts:
            return end
        found = text.find(part, found + 1)
    return -1


@cache  # every quote is looked for in all texts of a bid
def _alike(text: str) -> str:
    """A text as quotes are compared."""
    return " ".join(normalize("NFKC", plain_line(text)).translate(_SAME).split()).casefold()
