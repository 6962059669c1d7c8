"""The parts of a Word file as trees; a part that is too large, too deep or that declares a type is refused.

Nothing is unpacked to disk or fetched, and no entity is ever replaced. Names lose their namespaces, so that both
dialects of the format read alike.
"""

import posixpath
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from lzma import LZMAError
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from pioneer_cli.errors import PioneerError

_MOST_PARTS = 2000
_MOST_BYTES = 16_000_000  # of a part when unpacked
_MOST_ELEMENTS = 600_000
_DEEPEST = 200
_SAVE_AGAIN = "open it in Word and save it again"
_BROKEN: tuple[type[Exception], ...] = (
    BadZipFile, EOFError, LZMAError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip


class Parts:
    """The parts of a Word file. Raises PioneerError where the file is no sound archive."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = ZipFile(BytesIO(content))
            names = self._archive.namelist()
        except _BROKEN:
            raise PioneerError("it is damaged: its archive cannot be read", _SAVE_AGAIN) from None
        if len(names) > _MOST_PARTS or len(set(names)) < len(names):
            raise PioneerError("it is damaged: it has too many parts, or one twice", _SAVE_AGAIN)
        if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
            raise PioneerError("it has parts that would lie outside its folder", "do not open it; ask who sent it")
        self.names = tuple(names)
        self.main = self._main()

    def beside(self, name: str) -> str:
        """The name of a part that lies where the main part does."""
        return posixpath.join(posixpath.dirname(self.main), name)

    def tree(self, name: str) -> Element | None:
        """A part as a tree, None where there is no such part. Raises PioneerError where it cannot be read."""
        return _tree(self._read(name), name) if name in self.names else None

    def _main(self) -> str:
        relations = self.tree("_rels/.rels")
        for relation in relations if relations is not None else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                target = relation.get("Target", "").lstrip("/")
                if target in self.names:
                    return target
        raise PioneerError("it is no Word file: it has no main part", _SAVE_AGAIN)

    def _read(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as part:
                content = part.read(_MOST_BYTES + 1)
        except _BROKEN:
            raise PioneerError(f"it is damaged or locked: its part {name} cannot be read", _SAVE_AGAIN) from None
        if len(content) > _MOST_BYTES:
            raise PioneerError(f"its part {name} is larger than {_MOST_BYTES // 1_000_000} MB", _SAVE_AGAIN)
        return content


def _tree(content: bytes, name: str) -> Element:
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_type
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError):
        raise PioneerError(f"it is damaged: its part {name} is no sound XML", _SAVE_AGAIN) from None


class _Builder:
    """Builds a tree from what the parser meets, up to a size and a depth."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = 0
        self._elements = 0
        self.data: Callable[[str], Any] = self._tree.data
        self.close: Callable[[], Element] = self._tree.close

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise PioneerError("it is nested too deeply, or has too many elements", _SAVE_AGAIN)
        self._tree.start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(_local(tag))


def _local(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


def _refuse_type(*_declaration: object) -> None:
    raise PioneerError("it declares a document type, which no Word file does", "do not open it; ask who sent it")
