"""From Typst source to a PDF, its real page count, and where each section begins and ends; the only import of typst.

The same on every machine: the fonts come with the package and are checked, system fonts are ignored, the date is
fixed and nothing is fetched. The count is that of the compiled PDF's page tree, never Typst's page counter.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from pioneer_cli.assessment import Pages, SectionPages
from pioneer_cli.background import signals_wait
from pioneer_cli.errors import PioneerError

_M_MMAP_THRESHOLD = -3  # of mallopt(3)
TIMESTAMP = 1372377600  # 28 June 2013, the call's deadline, so that the same bid gives the same bytes
STANDARDS: Any = ["a-2a", "ua-1"]  # archival and accessible: PDF/A-2a and PDF/UA-1
FONT_SHA256 = {
    "SourceSans3[wght].ttf": "042fe2cc0b933e328410d7acbd0aa6a1873dca5aef81875f4bc214b08825c7b9",
    "SourceSans3-Italic[wght].ttf": "39e3ab05ccd7cb94907c31005bb5bec1d5432f0b096a2b782976e217a540eb6c",
}
_MARKS = """query(<section>).map(m => {
  let at = m.location().position()
  (name: m.value, page: at.page, y: at.y.pt())
})"""
_LAYOUT = """query(<layout>).map(m => m.value)"""
_PLACES = """query(<place>).map(m => {
  let at = m.location().position()
  (m.value.first(), m.value.last(), at.page, at.x.pt(), at.y.pt())
})"""
_A4 = re.compile(rb"/MediaBox\s*\[0 0 (?:595\.\d+ 841\.\d+|841\.\d+ 595\.\d+)\]")  # points, upright or across
LEAVE_MARKS = "leave <section>, <layout> and <place> to eoi.typ"
_PACKAGE = re.compile(rb'\b(?:import|include)[\s(]*"@')  # in a bid's text the quote has a backslash before it


class TypesetError(PioneerError):
    """The document could not be typeset, so its pages are not known. `place` is a template's file and line, if any."""

    def __init__(self, message: str, hint: str = "", place: str = "") -> None:
        super().__init__(message, hint)
        self.place = place


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage begins and ends: pages from 1, and lines from the top of the document's text, across all pages.

    `start` and `end` are the lines in which it begins and ends, to a hundredth; `last_words` is how many of its words
    stand in its last line, as far as they were marked, or 0 where all of it stands in one line.
    """

    first_page: int
    last_page: int
    start: Fraction
    end: Fraction
    last_words: int

    @property
    def lines(self) -> Fraction:
        """How many lines it takes, and what page breaks leave blank inside it."""
        return self.end - self.start + 1


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF and its pages; `places` of passages by their number, where they were asked for.

    `used` is how many lines the text reaches down from the top of the first page; `page_lines` fill a page.
    """

    pdf: bytes
    count: int
    sections: tuple[SectionPages, ...]
    lines_left: int
    page_lines: float = 0.0
    used: float = 0.0
    places: Mapping[int, Place] = field(default_factory=dict)

    def pages(self, limit: int | None) -> Pages:
        """The page count against the call's limit, if any; `lines_left` is the room on the last page."""
        return Pages(self.count, limit, self.lines_left, self.sections)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The text area of a page, in points from its top, and the distance from line to line."""

    top: float
    bottom: float
    line: float


def typeset(files: Mapping[str, bytes]) -> Typeset:
    """Compiles a document and reads its pages. Raises TypesetError when anything at all is wrong with it."""
    pdf, layout = compiled(files)
    return measure(pdf, count_pages(pdf), layout)


def compiled(files: Mapping[str, bytes], *, measured: bool = False) -> tuple[bytes, Mapping[str, Any]]:
    """The PDF of a document and what its layout answers, for `measure`; with `measured` the places of passages too.

    Raises TypesetError when anything at all is wrong with the document, a warning included.
    """
    sources = (source for name, source in files.items() if name.endswith(".typ") and b'"@' in source)
    if any(_PACKAGE.search(source) for source in sources):
        raise TypesetError("the template imports a package, and nothing may be fetched", "copy what it needs into it")
    _give_back_large_blocks()
    with _empty_folder() as root:
        try:
            document = compiler(files, root)
            pdf, warnings = document.compile_with_warnings(format="pdf", pdf_standards=STANDARDS, timestamp=TIMESTAMP)
            layout: Mapping[str, Any] = json.loads(document.eval(_question(measured)))
        except typst.TypstError as error:
            raise _failure("the document cannot be typeset", error, root) from None
        except RuntimeError:  # what the question came upon, told without a place
            raise TypesetError("the template sets marks that make no sense", LEAVE_MARKS) from None
    if warnings:
        raise _failure("the document cannot be typeset", warnings[0], root)
    if not isinstance(pdf, bytes):
        raise TypesetError("the typesetter gave no PDF")
    return pdf, layout


def _failure(what: str, problem: "typst.TypstError | typst.TypstWarning", root: str) -> TypesetError:
    """What the typesetter says is wrong, on one line and without the name of its folder, another in every run."""
    reason = " ".join(problem.message.replace(f"{root}/", "").split())
    if "download package" in reason or reason.startswith("package not found"):
        return TypesetError("the template imports a package, and nothing may be fetched", "copy what it needs into it")
    inside = re.search(rf"{re.escape(Path(root).name)}/([^\n]+):([0-9]+):[0-9]+\n", problem.diagnostic)
    place = f"{inside.group(1)}:{inside.group(2)}" if inside and inside.group(1) != "main.typ" else ""
    hints = [hint for hint in problem.hints if "--" not in hint]  # others speak of options of its own command line
    return TypesetError(f"{what}: {reason}", "; ".join(hints), place)


def lines_of(files: Mapping[str, bytes]) -> Fraction:
    """How many lines of plain text a document reaches down on its last page. Raises TypesetError."""
    with _empty_folder() as root:
        try:
            layout = json.loads(compiler(files, root).eval(_question(measured=False)))
        except typst.TypstError as error:
            raise _failure("the document cannot be typeset", error, root) from None
        except RuntimeError:  # what the question came upon, told without a place
            raise TypesetError("the template sets marks that make no sense", LEAVE_MARKS) from None
    if not layout["layout"] or not layout["marks"]:
        raise TypesetError("the template sets no section marks", "a template marks each section and the end")
    area = _Layout(**layout["layout"][0])
    return Fraction(round(100 * (float(layout["marks"][-1]["y"]) - area.top) / area.line), 100)


def _question(measured: bool) -> str:
    return f"(marks: {_MARKS}, layout: {_LAYOUT}, places: {_PLACES if measured else '()'})"


def draw(files: Mapping[str, bytes], image: Literal["svg", "png"]) -> bytes:
    """One picture, by itself on a page of its size. Raises TypesetError."""
    with _empty_folder() as root:
        try:
            drawn = compiler(files, root).compile(format=image, ppi=200 if image == "png" else None)
        except typst.TypstError as error:
            raise _failure("the picture cannot be drawn", error, root) from None
    if not isinstance(drawn, bytes):
        raise TypesetError("the picture takes more than a page", "")
    return drawn


@contextmanager
def _empty_folder() -> Iterator[str]:
    """A fresh folder for the compiler to stand in. Raises TypesetError where none can be made."""
    try:
        with signals_wait():
            folder = TemporaryDirectory(prefix="pioneer-")
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "set TMPDIR to a folder that can be written"
        raise TypesetError(f"there is no folder for temporary files: {reason}", hint) from None
    with folder as root:
        yield root


def compiler(files: Mapping[str, bytes], root: str) -> typst.Compiler:
    """A compiler of a document, whose files are put into its folder: from there it answers more than one question.

    Raises TypesetError where there is no room for them.
    """
    try:
        for name, content in files.items():
            path = Path(root, name)
            if "/" in name:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise TypesetError(f"there is no room for temporary files: {reason}", "make some, or set TMPDIR") from None
    return typst.Compiler(
        f"{root}/{next(iter(files))}",
        root=root,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        package_path=root,
        package_cache_path=root,
    )


@cache
def _give_back_large_blocks() -> None:
    """Keeps glibc from hoarding what the typesetter frees, which lowers the peak by 3 MB; elsewhere does nothing."""
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 64 * 1024)


@cache
def _fonts() -> typst.Fonts:
    """The bundled fonts. Raises PioneerError when they are missing or not the ones that pages were counted with."""
    spec = find_spec("fontpkg_source_sans_3")
    if spec is None or spec.origin is None:
        raise PioneerError("the font Source Sans 3 is not installed", "install pioneer-cli again")
    folder = Path(spec.origin).parent / "files"
    for name, expected in FONT_SHA256.items():
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != expected:
            hint = "install fontpkg-source-sans-3==3.52: another version may count other pages"
            raise PioneerError(f"the font file {name} is not the expected one", hint)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder.as_posix()])


# --- Sections --------------------------------------------------------------------------------------------------------


def measure(pdf: bytes, count: int, layout: Mapping[str, Any]) -> Typeset:
    """The pages of a PDF, from the places in its layout where the template set marks.

    A section goes from its mark to the next, so that the sections add up to the whole; the last mark is the end.
    Raises TypesetError when the template sets no marks.
    """
    marks = layout["marks"]
    if not layout["layout"] or len(marks) < 2:
        raise TypesetError("the template sets no section marks", "a template marks each section and the end")
    area = _Layout(**layout["layout"][0])
    sections = []
    for mark, following in pairwise(marks):
        start, end = _offset(mark, area), _offset(following, area)
        first_page = int(mark["page"])
        last_page = max(first_page, ceil(end))  # a mark at the very top of a page ends its section on the page before
        sections.append(SectionPages(str(mark["name"]), first_page, last_page, end - start))
    end_y = float(marks[-1]["y"])
    room = (area.bottom - end_y) / area.line
    page_lines = (area.bottom - area.top) / area.line
    used = (int(marks[-1]["page"]) - 1) * page_lines + (end_y - area.top) / area.line
    places = _places(layout["places"], area)
    return Typeset(pdf, count, tuple(sections), max(0, int(room)), page_lines, used, places)


def _places(found: list[list[Any]], area: _Layout) -> dict[int, Place]:
    """The places of passages, from the marks at the first word of each (0) and at its last ones (1, 2, … from the end).

    The header of a table stands on each of its pages; the first one counts.
    """
    page_lines = (area.bottom - area.top) / area.line
    marks: dict[int, dict[int, tuple[int, Fraction]]] = {}
    for number, edge, page, _, y in found:
        line = Fraction(round(100 * ((page - 1) * page_lines + (y - area.top) / area.line)), 100)
        marks.setdefault(number, {}).setdefault(edge, (page, line))
    return {number: _place(edges) for number, edges in marks.items()}


def _place(edges: Mapping[int, tuple[int, Fraction]]) -> Place:
    first_page, start = edges[0]
    last_page, end = edges.get(1, edges[0])
    in_last = sum(line == end for edge, (_, line) in edges.items() if edge > 0)
    return Place(first_page, last_page, start, end, in_last if end > start else 0)


def _offset(mark: Mapping[str, Any], layout: _Layout) -> Fraction:
    """How many pages of text lie before a mark, to a hundredth, so that the sections add up without a remainder."""
    within = (float(str(mark["y"])) - layout.top) / (layout.bottom - layout.top)
    return int(str(mark["page"])) - 1 + Fraction(round(100 * min(max(within, 0.0), 1.0)), 100)


# --- The page tree ---------------------------------------------------------------------------------------------------


def count_pages(pdf: bytes) -> int:
    """The pages of a PDF made by Typst, by walking its page tree. Raises TypesetError when the tree is not sound.

    ISO 32000-1, 7.7.3.2: the catalog names the root of the tree, `Kids` its children, `Count` its leaves. Reads only
    what our typesetter writes, plain objects in one cross-reference table; tests hold it to pikepdf.
    """
    objects = _object_offsets(pdf)
    trailer = pdf[pdf.rfind(b"trailer") :]
    catalog = _object(pdf, objects, _reference(trailer, b"Root"))
    root = _reference(catalog, b"Pages")
    stated = re.search(rb"/Count\s+(\d{1,9})\b", _object(pdf, objects, root))
    leaves = _leaves(pdf, objects, root)
    if leaves < 1 or stated is None or int(stated.group(1)) != leaves:
        raise TypesetError("the PDF's page tree is not sound, so its pages cannot be counted")
    return leaves


def _object_offsets(pdf: bytes) -> dict[int, int]:
    start = re.search(rb"startxref\s+(\d{1,18})\s+%%EOF\s*$", pdf[-64:])
    table = re.match(rb"xref\s+0\s+(\d{1,9})\s+", pdf[int(start.group(1)) :]) if start else None
    if start is None or table is None:
        raise TypesetError("the PDF has no cross-reference table, so its pages cannot be counted")
    first = int(start.group(1)) + table.end()
    entries = re.findall(rb"(\d{10}) \d{5} ([nf])", pdf[first : first + 20 * int(table.group(1))])
    return {number: int(offset) for number, (offset, kind) in enumerate(entries) if kind == b"n"}


def _reference(dictionary: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb"\s+(\d{1,9})\s+0\s+R\b", dictionary)
    if found is None:
        raise TypesetError(f"the PDF names no {key.decode()}, so its pages cannot be counted")
    return int(found.group(1))


def _object(pdf: bytes, offsets: Mapping[int, int], number: int) -> bytes:
    begin = offsets.get(number, len(pdf))
    header = re.match(rb"(\d{1,9})\s+0\s+obj\b", pdf[begin : begin + 32])
    end = pdf.find(b"endobj", begin)
    if header is None or int(header.group(1)) != number or end < 0:
        raise TypesetError(f"object {number} of the PDF is not in its place, so its pages cannot be counted")
    return pdf[begin + header.end() : end]


def _leaves(pdf: bytes, offsets: Mapping[int, int], root: int) -> int:
    leaves = 0
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        number = waiting.pop()
        node = _object(pdf, offsets, number)
        is_page = re.search(rb"/Type\s*/Page\b", node) is not None
        kids = re.search(rb"/Kids\s*\[([^\]]*)\]", node)
        if number in seen or is_page is (kids is not None):
            raise TypesetError("the PDF's page tree is not sound, so its pages cannot be counted")
        if is_page and _A4.search(node) is None:
            raise TypesetError("a page of the document is not A4, so no limit on pages could hold", "set A4 pages")
        seen.add(number)
        leaves += is_page
        waiting += [int(child) for child in re.findall(rb"(\d{1,9})\s+0\s+R\b", kids.group(1))] if kids else []
    return leaves
