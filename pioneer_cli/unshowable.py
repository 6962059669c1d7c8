"""What no document can show, found in the bid before it is typeset: characters that the font lacks, words without end.

Each is found with its place in the bid and with what to write instead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pioneer_cli.glyphs import advice, missing_characters

MOST_CHARACTERS = 400_000  # some ninety pages; far more would take the typesetter minutes and gigabytes
MOST_MARKS = 10_000  # asterisks and underscores; pairing them costs the square of their number
LONGEST_WORD = 60  # characters; a longer one is no word

_LONG_WORD = re.compile(rf"[^\s/\-–—]{{{LONGEST_WORD + 1},}}")


@dataclass(frozen=True, slots=True)
class Unshowable:
    """A text of the bid that cannot be typeset: where, which piece of it, and what to do."""

    path: tuple[str | int, ...]
    piece: str
    code: str
    message: str
    hint: str


def unshowable(bid: object) -> Iterator[Unshowable]:
    """Each character of the bid that the font lacks, each word too long for a line, a blank title, too much text."""
    texts = list(_texts(bid))
    length = sum(len(text) for _, text in texts)
    if length > MOST_CHARACTERS:
        message = f"the bid has {length:,} characters of text, too many to typeset"
        yield Unshowable((), "", "too-long", message, f"keep to {MOST_CHARACTERS:,}; ten pages hold some 45,000")
    marks = sum(text.count("*") + text.count("_") for _, text in texts)
    if marks > MOST_MARKS:
        message = f"the bid has {marks:,} asterisks and underscores, too many to read as emphasis"
        yield Unshowable(
            (), "", "too-long", message, f"keep to {MOST_MARKS:,}; *emphasis* is for a word here and there"
        )
    for path, text in texts:
        if path == ("title",) and not any(character.isalnum() for character in text):
            hint = "say in a few words what the bid is"
            yield Unshowable(path, text or '""', "blank-title", "a document must have a title, and this is blank", hint)
        for character in missing_characters(text):
            message = f"the document's font has no character U+{ord(character):04X}"
            yield Unshowable(path, character, "missing-character", message, advice(character))
        long_word = _LONG_WORD.search(text) if len(text) > LONGEST_WORD else None
        if long_word:
            message = f"a word of {len(long_word.group())} characters runs off the page"
            hint = f"break it up: no word may be longer than {LONGEST_WORD} characters"
            yield Unshowable(path, long_word.group(), "long-word", message, hint)


def _texts(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of the bid with its path."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _texts(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _texts(value, (*path, index))
    elif isinstance(part, str):
        yield path, part
