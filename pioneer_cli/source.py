"""Reads one YAML file into plain data and an index from path to place; the only module that imports yaml.

Positions are born here, once, and travel by path. The file is read as an event stream, so nothing is built before
it has been allowed: no aliases, anchors, tags or merge keys, and limits on size, depth, nodes and documents. Only
null, true, false and decimal numbers stay what YAML makes of them; every other scalar, dates included, is text that
the models type. Faults become diagnostics; reading never raises for what is inside a file.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import yaml

from pioneer_cli.diagnostics import Diagnostic, Position, Related, Severity, Span, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.file_bytes import STDIN as STDIN
from pioneer_cli.file_bytes import read_bytes
from pioneer_cli.yaml_faults import CONFLICT_BEGINS, Complaint, conflict, explain, forbidden_in, strange_characters

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000
_MARK = b"\xef\xbb\xbf"  # of byte order

YamlPath = tuple[str | int, ...]
_Place = tuple[int, int, int, int]  # line, column, end line, end column, counted from 1

_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that speaks to pioneer, or was meant to, from its `#` to the end of its line.

    `alone` when nothing else stands there.
    """

    span: Span
    text: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its data, where each part of it stands, and what was wrong with it.

    `content` is None when the file could not be read to its end. `refused` holds the paths whose value was refused
    (an alias, say), so that nobody complains of them twice. `text` and `sha256` leave out a byte order mark, which
    `marked` tells of. `lines_inside_texts` are the lines whose end lies inside a text over several lines, where even a
    space may matter.
    """

    name: str
    text: str
    sha256: str
    content: object
    diagnostics: tuple[Diagnostic, ...]
    refused: frozenset[YamlPath]
    _keys: Mapping[YamlPath, _Place]
    _values: Mapping[YamlPath, _Place]
    _last_lines: Mapping[YamlPath, int]
    comments: tuple[Comment, ...] = ()
    lines_inside_texts: frozenset[int] = frozenset()
    marked: bool = False

    def __contains__(self, path: YamlPath) -> bool:
        return path in self._values

    @property
    def file_sha256(self) -> str:
        """The digest of the file's very bytes, its byte order mark included."""
        if not self.marked:
            return self.sha256
        return hashlib.sha256(_MARK + self.text.encode("utf-8")).hexdigest()

    @property
    def call(self) -> str | None:
        """The call that the file names, if it names one."""
        called = self.content.get("call") if isinstance(self.content, dict) else None
        return called if isinstance(called, str) else None

    def key_span(self, path: YamlPath) -> Span:
        """Where the key of `path` stands; for a list item, which has no key, where the item begins."""
        place = self._keys.get(path) or self._values.get(path)
        return Span.of(*place) if place else self.key_span(path[:-1]) if path else Span.of(1, 1, 1, 1)

    def value_span(self, path: YamlPath) -> Span:
        """Where the value of `path` stands; a mapping or list is shown by its key, a missing path by its parent."""
        place = self._values.get(path)
        if place is None or place[:2] == place[2:]:  # missing, or a key with nothing after it
            return self.key_span(path)
        return Span.of(*place)

    def text_span(self, path: YamlPath, piece: str, skip: int = 0) -> Span:
        """Where a piece of the value's text stands, after so many like it are passed over.

        The value itself when the piece is broken over lines or escaped.
        """
        span = self.value_span(path)
        lines = _lines_of(self.text)
        begin = span.start.column - 1
        for number in range(span.start.line, self._last_lines.get(path, span.end.line) + 1):
            found = lines[number - 1].find(piece, begin)
            while found >= 0 and skip:
                skip -= 1
                found = lines[number - 1].find(piece, found + len(piece))
            if found >= 0:
                return Span.of(number, found + 1, number, found + 1 + len(piece))
            begin = 0
        return span

    def path_at(self, at: Position) -> tuple[YamlPath, bool] | None:
        """What stands at a place: its path, and whether that is its key; None for a place between values."""
        here = (at.line, at.column)
        for path, place in self._keys.items():
            if place[:2] <= here <= place[2:]:
                return path, True
        for path, place in self._values.items():
            end = (self._last_lines[path] + 1, 0) if path in self._last_lines else place[2:]
            if place[:2] <= here <= end and place != self._keys.get(path):
                return path, False
        return None

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its end; empty when there is no such line."""
        lines = _lines_of(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""


_LINE_END = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """The lines of a text, ended by LF, CRLF or CR and by nothing else, so that they agree with every editor."""
    return _LINE_END.split(text) if "\r" in text else text.split("\n")


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins, counted in characters from 0."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


@lru_cache(maxsize=2)
def _lines_of(text: str) -> tuple[str, ...]:
    """The lines of a source that is being reported on; each of its faults asks for some."""
    return tuple(split_lines(text))


# --- Reading bytes ---------------------------------------------------------------------------------------------------


def read(name: str, shown_as: str | None = None) -> Source:
    """Reads a file, or standard input for `-`. Raises PioneerError when it cannot be opened or is not a file."""
    return parse_bytes(bid_bytes(name), shown_as or ("<stdin>" if name == STDIN else name))


def bid_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`, up to one more than allowed. Raises PioneerError as `read`."""
    return read_bytes(name, MAX_BYTES, "name one YAML file")


def unread(name: str, error: PioneerError) -> Source:
    """A file that could not be opened, as a source whose only diagnostic says why, so that others can still be read."""
    return _unreadable(name, "", "unreadable", error.message, error.hint)


def parse_bytes(content: bytes, name: str) -> Source:
    """Decodes and parses a file's bytes; wrong encodings and sizes are diagnostics."""
    if len(content) > MAX_BYTES:
        message = "the file is larger than 2 MiB"
        return _unreadable(name, "", "file-too-large", message, "a bid of ten pages needs 0.1 MiB")
    if _is_utf_16(content):
        hint = "save the file as UTF-8 (in Notepad: Save as, Encoding, UTF-8)"
        return _unreadable(name, "", "encoding", "the file is UTF-16 or UTF-32, not UTF-8", hint)
    marked = content.startswith(_MARK)
    content = content.removeprefix(_MARK)
    try:
        source = parse(content.decode("utf-8"), name)
        return replace(source, marked=True) if marked else source
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        above = split_lines(before)
        line, column = len(above), len(above[-1]) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        hint = "the file was probably saved as Windows-1252 (ANSI): save it as UTF-8"
        return _unreadable(name, before, "encoding", message, hint, line, column)


def _is_utf_16(content: bytes) -> bool:
    """By its byte-order mark or, without one, by a NUL in one byte of each of the first two pairs."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
    return marked or (content[:2].count(0) == 1 and 0 in content[2:4])


def _unreadable(name: str, text: str, code: str, message: str, hint: str, line: int = 1, column: int = 1) -> Source:
    fault = Diagnostic(name, Span.of(line, column, line, column + 1), Severity.ERROR, code, message, hint)
    return Source(name, text, "", None, (fault,), frozenset(), {}, {}, {})


# --- Characters ------------------------------------------------------------------------------------------------------


def _check_characters(text: str, name: str) -> list[Diagnostic]:
    """What should not stand in any text, each character at its place."""
    starts = line_starts(text)
    faults = []
    for found in strange_characters(text):
        line = bisect_right(starts, found.offset)
        column = found.offset - starts[line - 1] + 1
        span = Span.of(line, column, line, column + 1)
        faults.append(Diagnostic(name, span, found.severity, found.code, found.message, found.hint))
    return faults


def _conflict(text: str, name: str) -> list[Diagnostic]:
    """One fault for all that git left in a file, where nothing else is worth telling of before it is mended."""
    found = conflict(split_lines(text)) if CONFLICT_BEGINS in text else None
    if found is None:
        return []
    span = Span.of(found.line + 1, 1, found.line + 1, len(CONFLICT_BEGINS))
    return [Diagnostic(name, span, Severity.ERROR, found.code, found.message, found.hint)]


# --- Parsing ---------------------------------------------------------------------------------------------------------


def parse(text: str, name: str) -> Source:
    """Parses a text into a Source; `name` is what diagnostics call the file."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    faults = _conflict(text, name) or _check_characters(text, name)
    if has_errors(tuple(faults)):
        return Source(name, text, sha256, None, tuple(sorted(faults)), frozenset(), {}, {}, {})
    builder = _Builder(text, name)
    content = builder.build()
    diagnostics = tuple(sorted(faults + builder.faults))
    refused, inside = frozenset(builder.refused), frozenset(builder.lines_inside_texts)
    places = (builder.keys, builder.values, builder.last_lines)
    return Source(name, text, sha256, content, diagnostics, refused, *places, tuple(builder.comments()), inside)


_AGAIN = "\x00"  # marks a repeated key; no key of a file can hold it
_MARKERS = ("yaml-alias", "yaml-anchor", "yaml-tag")


class _StopError(Exception):
    """Reading cannot go on; the reason is already among the faults."""


class _Frame:
    """An open mapping or list: what it holds so far and, in a mapping, the key that waits for its value."""

    __slots__ = ("container", "key", "key_place", "path")

    def __init__(self, container: dict[str, object] | list[object], path: YamlPath) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None
        self.key_place: _Place = (1, 1, 1, 1)


class _Builder:
    """Builds data and the index of places from the event stream, refusing what a bid has no use for."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.faults: list[Diagnostic] = []
        self.refused: set[YamlPath] = set()
        self.keys: dict[YamlPath, _Place] = {}
        self.values: dict[YamlPath, _Place] = {}
        self.last_lines: dict[YamlPath, int] = {}  # of texts over several lines
        self.lines_inside_texts: set[int] = set()
        self._frames: list[_Frame] = []
        self._nodes = 0
        self._documents = 0
        self._root: object = None
        self._lines: list[str] | None = None
        self._scalars: list[_Place] | None = [] if _TO_US.search(text) else None  # what may hold a # of its own

    @property
    def lines(self) -> list[str]:
        if self._lines is None:
            self._lines = split_lines(self.text)
        return self._lines

    def build(self) -> object:
        """The file's data, or None when it could not be read to its end."""
        try:
            for event in yaml.parse(self.text, Loader=_LOADER):
                handler = self._HANDLERS.get(type(event))
                if handler is not None:
                    handler(self, event)
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
            return None
        except _StopError:
            return None
        if self._root is None and not has_errors(tuple(self.faults)):
            hint = "`pioneer new FILE` writes a bid to begin from"
            self._fault((1, 1, 1, 1), "empty-file", "the file is empty", hint)
        return self._root

    def comments(self) -> Iterator[Comment]:
        """The comments that speak to pioneer, in order; a # inside a text is none."""
        for number, line in enumerate(self.lines if self._scalars else (), start=1):
            for found in _A_COMMENT.finditer(line) if _TO_US.search(line) else ():
                to_us = _TO_US.search(line, found.start())
                if to_us and not any(start <= (number, found.start() + 1) < end for start, end in self._texts(number)):
                    span = Span.of(number, to_us.start() + 1, number, len(line.rstrip()) + 1)
                    yield Comment(span, line[to_us.start() :].rstrip(), not line[: found.start()].strip())
                    break

    def _texts(self, number: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        for line, column, end_line, end_column in self._scalars or ():
            if line <= number <= end_line:
                yield (line, column), (end_line, end_column)

    # One handler for each kind of event.

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second document begins here; a file holds one"
            hint = "delete the --- line, or move the rest to its own file"
            self._fault(self._place_of(event), "yaml-documents", message, hint)
            raise _StopError

    def _scalar(self, event: Any) -> None:
        self._count(event)
        place = self._place_of(event)
        if self._scalars is not None:  # behind the sign that begins a block there may be a comment
            self._scalars.append((place[0] + 1, 1, *place[2:]) if event.style in ("|", ">") else place)
        if place[2] > place[0]:
            self.lines_inside_texts.update(_lines_ending_inside(place, is_block=event.style in ("|", ">")))
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.key is None and isinstance(frame.container, dict):
            key = self._without_escaped_controls(event)
            self._take_key(frame, key, place)
            self._refuse_markers(event, (*frame.path, key))
            return
        path = self._next_path()
        self._refuse_markers(event, path)
        text = self._without_escaped_controls(event)
        if place[2] > place[0]:
            self.last_lines[path] = min(place[2], len(self.lines))
        plain = event.implicit[0] and not event.style
        if plain:
            self._warn_of_dropped_text(place)
        elif event.style in ("|", ">") and text.strip():
            place = self._first_text_line(place)
        self._put(_resolve(text) if plain else text, place)

    def _mapping_start(self, event: Any) -> None:
        self._open(event, {})

    def _sequence_start(self, event: Any) -> None:
        self._open(event, [])

    def _close(self, event: Any) -> None:
        self._frames.pop()

    def _alias(self, event: Any) -> None:
        self._count(event)
        place = self._place_of(event)
        frame = self._frames[-1] if self._frames else None
        if frame is None or frame.key != "<<":
            hint = 'write the value out; if the * belongs to the text, put the text in "quotes"'
            self._fault(place, "yaml-alias", f"aliases such as *{event.anchor} are not allowed in a bid", hint)
        if frame is not None and frame.key is None and isinstance(frame.container, dict):
            self._take_key(frame, f"*{event.anchor}", place)
            self.refused.add((*frame.path, f"*{event.anchor}"))
            return
        self.refused.add(self._next_path())
        self._put(None, place)

    _HANDLERS: Mapping[type, Callable[["_Builder", Any], None]] = {
        yaml.DocumentStartEvent: _document,
        yaml.ScalarEvent: _scalar,
        yaml.MappingStartEvent: _mapping_start,
        yaml.SequenceStartEvent: _sequence_start,
        yaml.MappingEndEvent: _close,
        yaml.SequenceEndEvent: _close,
        yaml.AliasEvent: _alias,
    }

    # Building.

    def _open(self, event: Any, container: dict[str, object] | list[object]) -> None:
        self._count(event)
        place = self._place_of(event)
        if len(self._frames) >= MAX_DEPTH:
            self._fault(place, "yaml-depth", f"more than {MAX_DEPTH} levels of nesting", "a bid needs no more than 8")
            raise _StopError
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.key is None and isinstance(frame.container, dict):
            message = "a key must be plain text, not a list or a mapping"
            self._fault(place, "yaml-key", message, 'put the key in "quotes"')
            raise _StopError
        path = self._next_path()
        self._refuse_markers(event, path)
        self._put(container, (place[0], place[1], place[0], place[1] + 1))
        self._frames.append(_Frame(container, path))

    def _take_key(self, frame: _Frame, key: str, place: _Place) -> None:
        path = (*frame.path, key)
        if not frame.container:
            self._show_item_by_its_first_key(frame.path, place)
        if key == "<<":
            self._fault(place, "yaml-merge", "merge keys (<<) are not allowed in a bid", "write the values out")
            self.refused.add(path)
        elif path in self.keys:
            first = Span.of(*self.keys[path])
            message = f'the key "{key}" stands twice in one mapping: here and on line {first.start.line}'
            related = (Related(first, "first here"),)
            self._fault(place, "yaml-duplicate-key", message, "keep one of the two", related)
            key = f"{key}{_AGAIN}{self._nodes}"  # read apart and then dropped, so that the first value stands
        else:
            self.keys[path] = place
        frame.key, frame.key_place = key, place

    def _show_item_by_its_first_key(self, path: YamlPath, place: _Place) -> None:
        if path and isinstance(path[-1], int):
            self.values[path] = place

    def _put(self, value: object, place: _Place) -> None:
        if not self._frames:
            self._root = value
            self.values[()] = place
            return
        frame = self._frames[-1]
        path = self._next_path()
        if isinstance(frame.container, list):
            frame.container.append(value)
        else:
            key = frame.key or ""
            if _AGAIN not in key:
                frame.container[key] = value
                if isinstance(value, (dict, list)):
                    place = frame.key_place
            frame.key = None
        self.values[path] = place

    def _next_path(self) -> YamlPath:
        if not self._frames:
            return ()
        frame = self._frames[-1]
        if isinstance(frame.container, list):
            return (*frame.path, len(frame.container))
        return (*frame.path, frame.key or "")

    # Refusing and warning.

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} values in one file"
            self._fault(self._place_of(event), "yaml-nodes", message, "a bid of ten pages has about 1,500")
            raise _StopError

    def _refuse_markers(self, event: Any, path: YamlPath) -> None:
        if event.anchor is None and event.tag is None:
            return
        line, column, _, _ = self._place_of(event)
        if event.anchor is not None:
            message = f"anchors such as &{event.anchor} are not allowed in a bid"
            hint = 'delete it; if the & belongs to the text, put the text in "quotes"'
            self._fault((line, column, line, column + 1), "yaml-anchor", message, hint)
        if event.tag is not None:
            message = f"tags such as {_short_tag(event.tag)} are not allowed in a bid"
            hint = 'delete it; if the ! belongs to the text, put the text in "quotes"'
            self._fault((line, column, line, column + 1), "yaml-tag", message, hint)
            self.refused.add(path)

    def _without_escaped_controls(self, event: Any) -> str:
        """The scalar's text; characters that may not stand in the file may not come through an escape either."""
        text: str = event.value
        found = forbidden_in(text) if event.style == '"' else ""
        if found:
            message = f"an escape in this text stands for {found}"
            self._fault(self._place_of(event), "character", message, "delete the escape")
            text = "".join(character for character in text if not forbidden_in(character))
        return text

    def _warn_of_dropped_text(self, place: _Place) -> None:
        line = self.lines[place[2] - 1] if place[2] <= len(self.lines) else ""
        dropped = re.match(r"[ \t]+(#(?!pioneer:)\S.*)", line[place[3] - 1 :])
        if dropped:
            column = place[3] + dropped.start(1)
            message = f'YAML drops the rest of this line, from "{dropped.group(1)[:20]}" on, as a comment'
            hint = 'put the text in "quotes" to keep it; for a comment, put a space after the #'
            where = (place[2], column, place[2], len(line) + 1)
            self._fault(where, "yaml-comment", message, hint, severity=Severity.WARNING)

    def _first_text_line(self, place: _Place) -> _Place:
        """A block of text is shown by its first line, not by the > or | above it."""
        for number in range(place[0], min(place[2], len(self.lines))):
            line = self.lines[number]
            if line.strip():
                return (number + 1, len(line) - len(line.lstrip()) + 1, number + 1, len(line.rstrip()) + 1)
        return (place[0], place[1], place[0], place[1] + 1)

    def _place_of(self, event: Any) -> _Place:
        return (*self._counted(event.start_mark), *self._counted(event.end_mark))

    def _counted(self, mark: Any) -> tuple[int, int]:
        """Line and column from 1. Where the last line has no end, libyaml puts the file's end on a line below it."""
        if mark.line < len(self.lines):
            return mark.line + 1, mark.column + 1
        return len(self.lines), len(self.lines[-1]) + 1

    def _syntax(self, error: Any) -> None:
        line, column = self._counted(error.problem_mark)
        context_line, context_column = self._counted(error.context_mark or error.problem_mark)
        complaint = Complaint(
            error.problem or "", error.context or "", line - 1, column - 1, context_line - 1, context_column - 1
        )
        found = explain(complaint, self.lines)
        place = (found.line + 1, found.column + 1, found.line + 1, found.column + 2)
        if any(fault.span.start.line == place[0] and fault.code in _MARKERS for fault in self.faults):
            return  # the marker is what made the rest of the line unreadable
        start = Position(*place[:2])
        self.faults = [fault for fault in self.faults if (fault.span.start, fault.code) != (start, found.code)]
        self._fault(place, found.code, found.message, found.hint)

    def _fault(
        self,
        place: _Place,
        code: str,
        message: str,
        hint: str,
        related: tuple[Related, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.faults.append(Diagnostic(self.name, Span.of(*place), severity, code, message, hint, related))


def _lines_ending_inside(place: _Place, *, is_block: bool) -> range:
    """The lines of a text whose end is part of it: not the one where it closes, nor the one with a block's | or >."""
    if not is_block:
        return range(place[0], place[2])
    return range(place[0] + 1, place[2] + (place[3] > 1))  # a block ends where the next line begins, or with the file


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


_A_COMMENT = re.compile(r"(?:(?<=[ \t])|^)#")
_ALMOST_IGNORES = r"#[ \t]*(?ai:pioneer[ \t]*(?:[-:;.,=_/>!|]+[ \t]*)?ignore(?![a-z]))"  # a colon forgotten, say
_MISSPELT = r"#[ \t]*(?ai:p[io][a-z]{3,6}[ \t]*[-:;.,=_/>!|]*[ \t]*ignore[ \t]*\[)"  # pionner, say
_TO_US = re.compile(rf"#[ \t]*pioneer[ \t]*:|{_ALMOST_IGNORES}|{_MISSPELT}")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_WORDS: Mapping[str, object] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def _resolve(text: str) -> object:
    """What a plain scalar means: the words above, a decimal number, or itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "-+0123456789":
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
    return text
