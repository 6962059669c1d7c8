"""The bytes of a document that somebody else made, once its size and its first bytes are what they should be."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pioneer_cli.errors import PioneerError

Kind = Literal["pdf", "docx"]

MOST_BYTES = 20_000_000
SUFFIXES: tuple[Kind, ...] = ("pdf", "docx")
_STARTS: dict[Kind, bytes] = {"pdf": b"%PDF-", "docx": b"PK\x03\x04"}
_AS_PDF = "open it in the program that it was written in, and save it as PDF without a password"
_OLD_WORD = b"\xd0\xcf\x11\xe0"  # the format of .doc, and of a .docx with a password


@dataclass(frozen=True, slots=True)
class Stranger:
    """A document's name, its kind and its bytes."""

    name: str
    kind: Kind
    content: bytes


def read_stranger(name: str) -> Stranger:
    """Reads a document. Raises PioneerError where there is none that could be measured."""
    kind = _kind_of(name)
    content = _read(name)
    if not content:
        raise PioneerError(f"{name} is empty", "save the document again")
    if not content.startswith(_STARTS[kind]):
        raise PioneerError(f"{name} is not {_article(kind)}: {_instead(content)}", _AS_PDF)
    return Stranger(name, kind, content)


def _kind_of(name: str) -> Kind:
    for kind in SUFFIXES:
        if name.lower().endswith(f".{kind}"):
            return kind
    raise PioneerError(f"cannot tell what {name} is", "name a file that ends in .pdf or .docx")


def _read(name: str) -> bytes:
    """All of a plain file, if it is not too large; what would block or never end is not read at all."""
    if Path(name).is_dir():
        raise PioneerError(f"{name} is a folder", "name a file in it")
    try:
        with open(name, "rb", opener=_without_waiting) as file:  # a path takes no opener
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PioneerError(f"{name} is not a plain file", "name a file on disk")
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", "") or str(error)
        raise PioneerError(f"cannot read {name}: {reason}", "check the name and its permissions") from None
    if len(content) > MOST_BYTES:
        raise PioneerError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB", "save it with smaller pictures")
    return content


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe that nobody writes to would wait for ever


def _instead(content: bytes) -> str:
    """What a file is, going by how it begins."""
    if content.startswith(_OLD_WORD):
        return "it is an old Word file, or has a password"
    for kind, start in _STARTS.items():
        if content.startswith(start):
            return f"it begins like {_article(kind)}"
    return "it does not begin like one"


def _article(kind: Kind) -> str:
    return "a PDF" if kind == "pdf" else "a Word file"
