"""The keys of a bid by its lines and indentation, so that a half-written file too can be completed.

`source` reads files exactly and stops at the first thing that is no YAML; while somebody types, that is the very line
the cursor is on. Here only lines are looked at: a key, a dash, and how far in they stand. Whatever is indented below
a value belongs to that value's text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Literal

from pioneer_cli.diagnostics import Position
from pioneer_cli.source import YamlPath

_LINE = re.compile(
    r"(?P<indent> *)(?P<dashes>(?:-(?: +|$))*)(?:(?P<key>[A-Za-z_][\w-]*)[ ]*:(?: +(?P<value>.*)|[ ]*)$)?"
)
_VALUE = re.compile(r"(?P<before> *(?:- +)*[A-Za-z_][\w-]*[ ]*: +)(?P<value>.*)")
_KEY = re.compile(r"(?P<before> *(?:- +)*)(?P<typed>[\w-]*)")
_IGNORE = re.compile(r"#\s*pioneer\s*:\s*ignore\s*\[(?P<typed>[^\]]*)$")
_OF_WORDS = f"{ascii_letters}{digits}_-."
_CITE = re.compile(r"\[(?P<typed>[A-Za-z0-9.-]*)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line's key, or an item that is no mapping, with its path and what stands behind it; lines count from 1."""

    line: int
    path: YamlPath
    value: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a cursor stands and what could be written there.

    A `key` of the mapping, or an item of the list, at `path`; the `value` of the field at `path`; the id of a rule to
    `ignore`; an id cited in a `text`. `typed` is what stands there already, from `column` on, and `rest` what follows
    the cursor and belongs to it. `indent` is how many columns a key stands to the right of where its line begins,
    behind dashes, say; `taken` are the keys, or items of a list in brackets, that are there already.
    """

    kind: Literal["key", "value", "ignore", "text"]
    path: YamlPath
    column: int
    typed: str
    rest: str = ""
    indent: int = 0
    taken: frozenset[str] = frozenset()
    has_value: bool = False


class _Reader:
    """Reads line after line; the frames are the open keys and items, each with the column that it stands in."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, str | int]] = []
        self.text_column: int | None = None  # of the key or dash whose text goes on in lines that stand further in

    @property
    def path(self) -> YamlPath:
        return tuple(step for _, step in self.frames)

    def is_text(self, line: str) -> bool:
        """Whether a line that says something goes on with the text above."""
        return self.text_column is not None and len(line) - len(line.lstrip(" ")) > self.text_column

    def read(self, line: str) -> tuple[YamlPath, str] | None:
        """Takes in a line: the path of its key or item and what stands behind it; None for a text and for nothing."""
        if not line.strip() or line.lstrip().startswith("#") or self.is_text(line):
            return None
        found = _LINE.match(line)
        if found is None:  # pragma: no cover - every part of the pattern may be empty
            return None
        self.text_column = None
        column = self.begin(found["indent"], found["dashes"])
        value = (found["value"] or "").strip()
        if found["key"] is None:
            value = line[found.end() :].strip()
            if value and self.frames:
                self.text_column = self.frames[-1][0]
            return (self.path, value) if found["dashes"] and value else None
        self.frames.append((column, found["key"]))
        if value and not value.startswith("#"):
            self.text_column = column
        return self.path, value

    def begin(self, indent: str, dashes: str) -> int:
        """Closes what a line's indentation closes, opens an item for each dash; the column behind them, from 0."""
        column = len(indent)
        for dash in re.finditer(r"-\s*", dashes):
            at = column + dash.start()
            while self.frames and self.frames[-1][0] > at:
                self.frames.pop()
            last = self.frames[-1] if self.frames else None
            if last is not None and last[0] == at and isinstance(last[1], int):
                self.frames[-1] = (at, last[1] + 1)
            else:
                self.frames.append((at, 0))
        column += len(dashes)
        while self.frames and self.frames[-1][0] >= column:
            self.frames.pop()
        return column


def entries(lines: Sequence[str]) -> Iterator[Entry]:
    """The keys and plain items of a bid, line by line."""
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        found = reader.read(line)
        if found is not None:
            yield Entry(number, *found)


def spot_at(lines: Sequence[str], at: Position) -> Spot | None:
    """What could be written at a place; None where nothing could, such as in the middle of a text."""
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    before, after = line[: at.column - 1], line[at.column - 1 :]
    ignore = _IGNORE.search(before)
    if ignore:
        return Spot("ignore", (), ignore.start("typed") + 1, ignore["typed"], _word(after))
    reader = _Reader()
    for above in lines[: at.line - 1]:
        reader.read(above)
    if reader.is_text(before):
        return _cited(reader.path, before)
    key = _KEY.fullmatch(before)
    if key:
        return _key(lines, at, reader, key, after)
    value = _VALUE.fullmatch(before)
    if value is None:
        return None
    reader.read(before)
    if value["value"].startswith(("[", "|", ">", "#")) or not re.search(r"[\s\"'#]", value["value"]):
        return _value(reader.path, value, after)
    return _cited(reader.path, before)


def _cited(path: YamlPath, before: str) -> Spot | None:
    cite = _CITE.search(before)
    return Spot("text", path, cite.start("typed") + 1, cite["typed"]) if cite else None


def _key(lines: Sequence[str], at: Position, reader: _Reader, found: re.Match[str], after: str) -> Spot:
    indent = len(found["before"]) - len(found["before"].lstrip(" "))
    column = reader.begin(" " * indent, found["before"][indent:])
    path = reader.path
    taken = {
        entry.path[-1]
        for entry in entries(lines)
        if entry.line != at.line and len(entry.path) == len(path) + 1 and entry.path[:-1] == path
    }
    return Spot(
        "key",
        path,
        len(found["before"]) + 1,
        found["typed"],
        _word(after),
        column - indent,
        frozenset(step for step in taken if isinstance(step, str)),
        after[len(_word(after)) :].lstrip(" ").startswith(":"),
    )


def _word(text: str) -> str:
    """The word that a text begins with, of letters, figures, hyphens and dots."""
    return text[: len(text) - len(text.lstrip(_OF_WORDS))]


def _value(path: YamlPath, found: re.Match[str], after: str) -> Spot | None:
    value, column = found["value"], len(found["before"]) + 1
    behind = _word(after)
    if not value.startswith("["):
        return None if value[:1] in ("|", ">", "#") else Spot("value", path, column, value, behind)
    if "]" in value:
        return None
    typed = re.split(r"[\[,]\s*", value)[-1]
    others = value[: len(value) - len(typed)] + after[len(behind) :].partition("]")[0]
    taken = frozenset(re.split(r"[\[\],\s]+", others))
    return Spot("value", path, column + len(value) - len(typed), typed, behind, taken=taken)
