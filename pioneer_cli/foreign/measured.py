"""What was measured in a stranger's document, as frozen data, and its way from the child process to the parent.

Lengths are points (1/72 inch) as a reader sees the page: turned, cropped and scaled. Nothing here judges.
"""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class Block:
    """The four margins left by the body's text; a negative one means that text runs off the page."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page of a PDF.

    `sizes` pairs each text size, to a tenth of a point, with how many visible characters bear it; the next four
    count characters: of no trustworthy size, drawn invisibly, off the page, and without a trace in the page as drawn.
    `pictures` is the share of the page that pictures cover. `block` is None where no visible text of the body stands.
    A `blank` page shows nothing at all; of a page that was not `measured`, only the size is known.
    """

    width: float
    height: float
    sizes: tuple[tuple[float, int], ...] = ()
    unsized: int = 0
    invisible: int = 0
    outside: int = 0
    traceless: int = 0
    block: Block | None = None
    pictures: float = 0.0
    comments: int = 0
    blank: bool = False
    measured: bool = False

    @property
    def characters(self) -> int:
        """How many visible characters have a size."""
        return sum(count for _size, count in self.sizes)


@dataclass(frozen=True, slots=True)
class PdfFont:
    """A font that text is set in: its name, whether it is embedded, how many characters bear it."""

    name: str
    embedded: bool
    characters: int


@dataclass(frozen=True, slots=True)
class PdfMeasured:
    """A PDF of which two engines counted the same pages; `actions` names what runs or leads out by itself."""

    pages: tuple[PdfPage, ...]
    fonts: tuple[PdfFont, ...]
    tagged: bool
    title: str
    language: str
    locked: bool
    fields: int
    actions: tuple[str, ...]
    attachments: int
    layers: int


@dataclass(frozen=True, slots=True)
class WordSection:
    """The paper and the margins of a section; None where the file does not say."""

    width: float | None
    height: float | None
    left: float | None
    top: float | None
    right: float | None
    bottom: float | None


@dataclass(frozen=True, slots=True)
class WordText:
    """How many characters bear a font and a size; an empty name or None where the file does not say."""

    font: str
    size: float | None
    characters: int


@dataclass(frozen=True, slots=True)
class WordMeasured:
    """A Word file: what it states of itself, and `stated_pages`, which Word wrote when last saving."""

    sections: tuple[WordSection, ...]
    texts: tuple[WordText, ...]
    hidden: int
    stated_pages: int | None
    title: str
    language: str
    headings: int
    tables: int
    tables_without_header: int
    pictures: int
    pictures_without_text: int
    changes: int
    comments: int
    macros: bool


def encoded(measured: PdfMeasured | WordMeasured) -> bytes:
    """The measurements as JSON. Raises ValueError where a number is not finite."""
    return json.dumps(asdict(measured), allow_nan=False).encode()


def decoded(content: bytes, kind: type[Measured]) -> Measured:
    """The measurements again, every value of its declared type. Raises ValueError where anything is not."""
    from pydantic import TypeAdapter

    found = json.loads(content, parse_float=_finite, parse_constant=_finite)
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    result: Measured = adapter.validate_python(found)
    return result


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("a number is not finite")
    return value
