"""From the document's tree to a Word file, for partners who edit and comment in Word.

Parts of the document become Word's own styles, lists, headings and links, so that it can be worked on and read aloud.
They are written as XML text, in which every word of a bid passes `_escaped`; python-docx keeps the package together.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count, pairwise
from typing import Any

import docx
from docx.document import Document as Package
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Cm, Mm

from pioneer_cli.formats.word_styles import (
    BULLETS,
    CELL_PADDING,
    FONTS,
    LEVELS,
    NUMBERS,
    STEP,
    TEXT_WIDTH,
    TINT,
    levelled,
    numbering,
    settings,
    shaded,
    styles,
)
from pioneer_cli.tree import (
    LANGUAGE,
    Align,
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Listing,
    Paragraph,
    References,
    Row,
    Run,
    Style,
    Table,
    Term,
    Terms,
)

PAGE_NOTE = (
    "Pages are counted in the PDF and not in this copy, because Word breaks pages differently on each machine: "
    "edit here, and count there."
)
DATE = "2013-06-28T00:00:00Z"  # of the call; never the clock's, so that the same bid gives the same bytes
_HIGHEST_PICTURE = 13_600  # 24 cm: a page less its margins and some room round the picture
_RISKS = ((15, "F8D9D0"), (8, "FBF0CF"), (1, "E3F1E6"))  # a band's lowest score, and its shade behind dark text
_EMU = 635  # English Metric Units, in which pictures are measured, in a twentieth of a point
_LONGEST_PROPERTY = 255  # characters
_XML = nsdecls("w", "r", "wp", "a", "pic", "cp", "dc", "dcterms", "xsi")


def word(document: Document, draw: Callable[[Figure], bytes]) -> bytes:
    """The document as a .docx; `draw` gives a figure as PNG. The same tree and pictures give the same bytes."""
    package = _empty_package()
    writer = _Writer(document, package, draw)
    package.element.body[0:0] = _parsed(writer.body(document))
    _refill(package.part.numbering_part.element, numbering(writer.numbered_lists))
    _lay_out(package, document)
    _refill(package.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).element, _properties(document))
    return _with_fixed_dates(package)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where blocks stand: the style and alignment of their paragraphs, the room they have, and the list's level."""

    style: str = "BodyText"
    align: Align = "left"
    width: int = TEXT_WIDTH
    depth: int = 0

    def deeper(self, levels: int = 1) -> "_Place":
        return replace(self, depth=self.depth + levels)

    def paragraph_style(self) -> str:
        return levelled("ListContinue", self.depth - 1) if self.depth else self.style


class _Writer:
    """Writes one document's body; counts its lists, bookmarks and figures, and knows which references there are."""

    def __init__(self, document: Document, package: Package, draw: Callable[[Figure], bytes]) -> None:
        self._part = package.part
        self._draw = draw
        self._anchors = _anchors(document)
        self._unmarked = set(self._anchors)
        self._bookmarks = count(1)
        self._figures = count(1)
        self._level = 0
        self.numbered_lists: list[int] = []  # the level that each begins at

    def body(self, document: Document) -> str:
        """The note, the title and all blocks. Word joins tables that touch, and wants no table last in anything."""
        draft = _text_run("DRAFT. ", "Strong") if document.draft else ""
        note = _paragraph("PageNote", draft + _text_run(PAGE_NOTE)) if document.counted or document.draft else ""
        head = note + _paragraph("Title", _text_run(" ".join(document.title.split())))
        inside = self._blocks([block for section in document.sections for block in section.blocks], _Place())
        return re.sub(r"</w:tbl>(?=<w:tbl>|</w:tc>|\Z)", "</w:tbl>" + _paragraph("TableEnd", ""), head + inside)

    def _blocks(self, blocks: Sequence[Block], place: _Place) -> str:
        return "".join(self._block(block, place) for block in blocks)

    def _block(self, block: Block, place: _Place) -> str:
        if isinstance(block, Paragraph):
            return _paragraph(place.paragraph_style(), self._words(block), _aligned(place.align))
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Listing):
            return self._listing(block, place)
        if isinstance(block, Table):
            return self._table(block, place)
        if isinstance(block, Terms):
            return self._terms(block, place)
        if isinstance(block, References):
            return self._references(block, place)
        return self._figure(block, place)

    # --- Text --------------------------------------------------------------------------------------------------------

    def _words(self, paragraph: Paragraph) -> str:
        return self._runs(paragraph.runs) + _codes(paragraph.beside)

    def _runs(self, runs: Sequence[Run]) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: Run) -> str:
        """Text with its style. Strong text is also bold by itself, since its style would cancel a bold paragraph's."""
        bold = "<w:b/>" if "strong" in run.styles else ""
        anchor = self._anchors.get(run.cites)
        if anchor is None:
            return _text_run(run.text, _character_style(run.styles), bold)
        linked = _text_run(run.text, "Hyperlink", bold + ("<w:i/>" if "emphasis" in run.styles else ""))
        return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{linked}</w:hyperlink>'

    def _heading(self, heading: Heading) -> str:
        """A heading, never more than one level below the last."""
        self._level = min(heading.level, self._level + 1)
        return _paragraph(f"Heading{self._level}", self._runs(heading.runs) + _codes(heading.codes))

    def _led(self, lead: str, blocks: Sequence[Block], opening: Callable[[str], str], inner: _Place) -> str:
        """Blocks of which the first, where it is a paragraph, runs on from what leads it."""
        if blocks and isinstance(blocks[0], Paragraph):
            return opening(lead + self._words(blocks[0])) + self._blocks(blocks[1:], inner)
        return opening(lead) + self._blocks(blocks, inner)

    # --- Lists -------------------------------------------------------------------------------------------------------

    def _listing(self, listing: Listing, place: _Place) -> str:
        level = min(place.depth, LEVELS - 1)
        number = self._next_list(level) if listing.numbered else BULLETS
        style = levelled("ListNumber" if listing.numbered else "ListBullet", level)
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'

        def opening(inside: str) -> str:
            return _paragraph(style, inside, numbered)

        return "".join(self._led("", item, opening, place.deeper()) for item in listing.items)

    def _next_list(self, level: int) -> int:
        """The number of a list that counts from one again."""
        self.numbered_lists.append(level)
        return NUMBERS + len(self.numbered_lists)

    def _terms(self, terms: Terms, place: _Place) -> str:
        style = "Fact" if terms.box else "Term"
        inner = replace(place, style=style) if terms.box else place.deeper()
        return "".join(
            self._led(self._name(term, terms.box), term.blocks, lambda inside: _paragraph(style, inside), inner)
            for term in terms.terms
        )

    def _name(self, term: Term, boxed: bool) -> str:
        """A name in strong letters; in the box a colon parts it from what is said of it, elsewhere its own does."""
        ended = (*term.name, Run(":")) if boxed else term.name
        strong = self._runs([run._replace(styles=run.styles | {"strong"}) for run in ended])
        return strong + (_text_run(" ") if term.blocks else "")

    def _references(self, references: References, place: _Place) -> str:
        return "".join(
            self._led(
                f"{self._marked(reference.id)}<w:r><w:tab/></w:r>",
                reference.blocks,
                lambda inside: _paragraph("Bibliography", inside),
                place.deeper(2),
            )
            for reference in references.references
        )

    def _marked(self, reference: str) -> str:
        """A reference's id in brackets, as the place that links lead to."""
        label = _text_run(f"[{reference}]")
        if reference not in self._unmarked:
            return label
        self._unmarked.remove(reference)
        number = next(self._bookmarks)
        name = self._anchors[reference]
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{label}<w:bookmarkEnd w:id="{number}"/>'

    # --- Tables and figures ------------------------------------------------------------------------------------------

    def _table(self, table: Table, place: _Place) -> str:
        indent = place.depth * STEP
        widths = _widths(table.columns, place.width - indent)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = "".join(self._row(row, table.columns, widths) for row in table.rows)
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="BidTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblInd w:w="{indent}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
            f'w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{self._cells(table.header, 'TableHeading', table.columns, widths, head=True)}{rows}</w:tbl>"
        )

    def _row(self, row: Row, columns: Sequence[Column], widths: Sequence[int]) -> str:
        if row.band:
            return self._band(row, len(columns), sum(widths))
        first, *others = row.cells
        return self._cells((_with_codes(first, row.beside), *others), "TableText", columns, widths)

    def _cells(
        self,
        cells: Sequence[Cell],
        style: str,
        columns: Sequence[Column],
        widths: Sequence[int],
        *,
        head: bool = False,
    ) -> str:
        inside = "".join(
            self._cell(cell, _Place(style, column.align, width - CELL_PADDING), width)
            for cell, column, width in zip(cells, columns, widths, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{inside}</w:tr>"

    def _cell(self, cell: Cell, place: _Place, width: int) -> str:
        inside = self._blocks(cell.blocks, place) or _paragraph(place.style, "")
        shade = next((shaded(colour) for lowest, colour in _RISKS if cell.score >= lowest), "")
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{inside}</w:tc>'

    def _band(self, row: Row, columns: int, width: int) -> str:
        """One cell across; strong throughout, where nothing in it is told apart as strong."""
        blocks = [block for cell in row.cells for block in cell.blocks]
        place = _Place("TableBand" if _has_strong(blocks) else "TableBandStrong", width=width - CELL_PADDING)
        inside = self._blocks(blocks, place) or _paragraph(place.style, "")
        return (
            f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
            f'<w:gridSpan w:val="{columns}"/>{shaded(TINT)}</w:tcPr>{inside}</w:tc></w:tr>'
        )

    def _figure(self, figure: Figure, place: _Place) -> str:
        """A picture as wide as its place, or less where it would be higher than a page."""
        picture, image = self._part.get_or_add_image(io.BytesIO(self._draw(figure)))
        width = place.width - place.depth * STEP
        height = width * image.px_height // image.px_width
        if height > _HIGHEST_PICTURE:
            width, height = width * _HIGHEST_PICTURE // height, _HIGHEST_PICTURE
        number = next(self._figures)
        named = f'id="{number}" name="Figure {number}" descr="{_escaped(figure.alt)}"'
        return _paragraph("Figure", _picture(picture, width * _EMU, height * _EMU, named))


def _anchors(document: Document) -> Mapping[str, str]:
    """The bookmark of each reference. Word allows 40 characters and takes capitals and small letters for the same."""
    anchors: dict[str, str] = {}
    for block in (block for section in document.sections for block in section.blocks):
        for reference in block.references if isinstance(block, References) else ():
            plain = re.fullmatch(r"[A-Za-z0-9.-]{1,36}", reference.id) is not None
            taken = any(known.casefold() == reference.id.casefold() for known in anchors if known != reference.id)
            digest = hashlib.sha256(reference.id.encode("utf-8", "replace")).hexdigest()[:24]
            anchors[reference.id] = f"ref-{reference.id}" if plain and not taken else f"ref_{digest}"
    return anchors


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    """What each column has of a width; the parts make up the whole."""
    total = sum(column.width for column in columns)
    ends = [round(width * end / total) for end in accumulate(column.width for column in columns)]
    return [end - start for start, end in pairwise([0, *ends])]


def _with_codes(cell: Cell, codes: tuple[str, ...]) -> Cell:
    """A row's first cell with the considerations that the row answers, behind its first paragraph."""
    if not codes:
        return cell
    first, rest = Paragraph(()), cell.blocks
    if cell.blocks and isinstance(cell.blocks[0], Paragraph):
        first, rest = cell.blocks[0], cell.blocks[1:]
    return cell._replace(blocks=(first._replace(beside=tuple(dict.fromkeys(first.beside + codes))), *rest))


def _has_strong(blocks: Sequence[Block]) -> bool:
    return any("strong" in run.styles for block in blocks if isinstance(block, Paragraph) for run in block.runs)


# --- Pieces of Word's XML --------------------------------------------------------------------------------------------

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML cannot hold these at all
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;"})


def _escaped(text: str) -> str:
    """A text for XML, as content or between double quotes."""
    return _NOT_XML.sub("", text).translate(_ESCAPES)


def _text_run(text: str, style: str = "", direct: str = "") -> str:
    """Text with the name of its character style, and what is to hold whatever the style of its paragraph is."""
    properties = f'<w:rStyle w:val="{style}"/>{direct}' if style else direct
    lines = (f'<w:t xml:space="preserve">{_escaped(line)}</w:t>' if line else "" for line in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{'<w:br/>'.join(lines)}</w:r>"


def _character_style(styles: frozenset[Style]) -> str:
    if len(styles) == 2:
        return "IntenseEmphasis"
    return "".join(style.title() for style in styles)


def _codes(codes: tuple[str, ...]) -> str:
    """The ids of considerations, small behind what answers them."""
    return _text_run("\u2002" + ", ".join(codes), "Consideration", '<w:b w:val="0"/>') if codes else ""


def _paragraph(style: str, inside: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inside}</w:p>'


def _aligned(align: Align) -> str:
    return "" if align == "left" else f'<w:jc w:val="{align}"/>'


def _picture(relation: str, width: int, height: int, named: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr {named}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


# --- The package -----------------------------------------------------------------------------------------------------

_KEPT_PARTS = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS, RELATIONSHIP_TYPE.NUMBERING}
_KEPT_BESIDE = {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES}


def _empty_package() -> Package:
    """A document without text: python-docx's own, less its styles, its theme and what it says of its making."""
    package = docx.Document()
    _keep_only(package.part.package.rels, _KEPT_BESIDE)
    _keep_only(package.part.rels, _KEPT_PARTS)
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, FONTS.encode(), package.part.package)
    package.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    _refill(package.styles.element, styles())
    _refill(package.settings.element, settings())
    return package


def _keep_only(relations: Any, kinds: set[str]) -> None:
    for name in [name for name, relation in relations.items() if relation.reltype not in kinds]:
        del relations[name]


def _parsed(inside: str) -> list[Any]:
    """The elements that a text of XML holds."""
    return list(parse_xml(f"<parts {_XML}>{inside}</parts>"))


def _refill(element: Any, inside: str) -> None:
    """Put new content into an element of the package."""
    element[:] = _parsed(inside)


def _lay_out(package: Package, document: Document) -> None:
    """The page, its foot, and the stamp of a draft at its head."""
    section = package.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    section.footer.is_linked_to_previous = False
    pages = f"{_text_run('Page ')}{_field('PAGE')}{_text_run(' of ')}{_field('NUMPAGES')}"
    short = _text_run(" ".join(document.short.split()))
    _refill(section.footer.part.element, _paragraph("Footer", f"{short}<w:r><w:tab/></w:r>{pages}"))
    if document.draft:
        section.header.is_linked_to_previous = False
        _refill(section.header.part.element, _paragraph("Header", _text_run("DRAFT")))


def _properties(document: Document) -> str:
    """What the file says of itself: nobody's name, and no time but the call's."""
    dates = "".join(
        f'<dcterms:{event} xsi:type="dcterms:W3CDTF">{DATE}</dcterms:{event}>' for event in ("created", "modified")
    )
    title = _escaped(" ".join(document.title.split())[:_LONGEST_PROPERTY])
    return f"<dc:title>{title}</dc:title><dc:language>{LANGUAGE}</dc:language>{dates}"


def _with_fixed_dates(package: Package) -> bytes:
    """The file's bytes, with nothing in them of the time or the machine.

    The parts are stored as they are: compressed, they would differ with the version of zlib.
    """
    saved, fixed = io.BytesIO(), io.BytesIO()
    package.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as out:
        for name in sorted(parts.namelist()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            out.writestr(entry, parts.read(name))
    return fixed.getvalue()
