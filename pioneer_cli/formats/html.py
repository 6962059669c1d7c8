"""From the document's tree to one HTML file that asks for nothing: style and pictures are inside.

The title stands in the page's header, and the words inside `<main>` are those of `words_of`. Every text is escaped, and
a content policy lets the browser run nothing and fetch nothing, whatever a bid may say.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from itertools import chain, groupby

from pioneer_cli.tree import (
    LANGUAGE,
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
    Section,
    Style,
    Table,
    Terms,
    text_of,
    words_of,
)

Draw = Callable[[Figure], bytes]
_TAGS: tuple[tuple[Style, str], ...] = (("emphasis", "em"), ("strong", "strong"))
_RISKS = ((15, "high"), (8, "moderate"), (1, "low"))  # from which score on a cell is shaded how
_TEXT = "bid.text"  # the id of <main>; the dot keeps it apart from the ids of sections


def html(document: Document, draw: Draw, style: str) -> str:
    """The document as one HTML file. `draw` makes an SVG of a figure, and `style` is the template's style sheet."""
    everything = tuple(_every(tuple(chain.from_iterable(section.blocks for section in document.sections))))
    sheet = "\n" + _closed(style) + _made_style(document, everything)
    writer = _Writer(draw, _reference_ids(everything))
    sections = "".join(map(writer.section, document.sections))
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n{_head(document, sheet)}<body>\n'
        f'<a class="skip" href="#{_TEXT}">Skip to the text</a>\n{_header(document)}{_contents(document)}'
        f'<main id="{_TEXT}"{_class("noted" if any(map(_is_noted, everything)) else "")}>\n{sections}</main>\n'
        f"<footer>\n<p>{escaped(document.short)}</p>\n</footer>\n</body>\n</html>\n"
    )


# --- The page --------------------------------------------------------------------------------------------------------


def _head(document: Document, sheet: str) -> str:
    digest = b64encode(sha256(sheet.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(_squeezed(document.title))}</title>\n<style>{sheet}</style>\n</head>\n"
    )


def _header(document: Document) -> str:
    draft = '<p class="draft">DRAFT</p>\n' if document.draft else ""
    return f"<header>\n{draft}<h1>{escaped(_squeezed(document.title))}</h1>\n</header>\n"


def _contents(document: Document) -> str:
    """Links to the headings of the first level, for the screen only."""
    links = [
        f'<li><a href="#{_heading_id(section, number)}">{escaped(_squeezed(text_of(block.runs)))}</a></li>\n'
        for section in document.sections
        for number, block in enumerate(section.blocks)
        if isinstance(block, Heading) and block.level == 1
    ]
    return f'<nav aria-label="Contents">\n<ul role="list">\n{"".join(links)}</ul>\n</nav>\n' if links else ""


def _closed(style: str) -> str:
    """A style sheet that cannot end the element it stands in, with plain line ends, since its hash is taken."""
    return style.replace("\r\n", "\n").replace("\r", "\n").replace("</", "<\\/")


def _made_style(document: Document, everything: Iterable[Block]) -> str:
    """The rules that depend on the document: the widths of columns and the foot of each printed page."""
    tables = (block for block in everything if isinstance(block, Table))
    widths = sorted({width for table in tables for width in _percents(table.columns)})
    columns = "".join(f".w{width}{{width:{width}%}}\n" for width in widths)
    draft = '@top-right{content:"DRAFT"}' if document.draft else ""
    return f"{columns}@page{{@bottom-left{{content:{_css_string(document.short)}}}{draft}}}\n"


def _css_string(text: str) -> str:
    """A string of CSS in which all but letters, digits and spaces are spelt as numbers."""
    shown = (character if character.isalnum() or character == " " else f"\\{ord(character):x} " for character in text)
    return f'"{"".join(shown)}"'


# --- Blocks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the blocks of one document; knows how figures are drawn and which references there are to lead to."""

    draw: Draw
    references: frozenset[str]

    def section(self, section: Section) -> str:
        """A section, named by the heading that it begins with if it does."""
        first = section.blocks[0] if section.blocks else None
        named = f' aria-labelledby="{_heading_id(section, 0)}"' if isinstance(first, Heading) else ""
        inside = "".join(
            self._heading(block, f' id="{_heading_id(section, number)}"')
            if isinstance(block, Heading)
            else self._block(block)
            for number, block in enumerate(section.blocks)
        )
        return f'<section id="{_id(section.id)}"{named}>\n{inside}</section>\n'

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph():
                return f"<p{_beside(block.beside)}>{self._runs(block.runs)}</p>\n"
            case Heading():
                return self._heading(block)
            case Listing():
                return self._listing(block)
            case Terms():
                return self._terms(block)
            case Table():
                return self._table(block)
            case References():
                return self._references(block)
            case Figure():
                return self._figure(block)

    def _inside(self, blocks: tuple[Block, ...]) -> str:
        """What a cell or an item holds: a paragraph that is alone needs no element of its own."""
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph) and not blocks[0].beside:
            return self._runs(blocks[0].runs)
        return "\n" + "".join(map(self._block, blocks)) if blocks else ""

    def _heading(self, heading: Heading, attributes: str = "") -> str:
        tag = f"h{heading.level + 1}"
        codes = f' <small class="codes">{escaped(", ".join(heading.codes))}</small>' if heading.codes else ""
        return f"<{tag}{attributes}>{self._runs(heading.runs)}{codes}</{tag}>\n"

    def _listing(self, listing: Listing) -> str:
        tag = "ol" if listing.numbered else "ul"
        items = "".join(f"<li>{self._inside(item)}</li>\n" for item in listing.items)
        return f"<{tag}>\n{items}</{tag}>\n" if items else ""

    def _terms(self, terms: Terms) -> str:
        pairs = "".join(
            f"<div>\n<dt>{self._runs(term.name)}</dt>\n<dd>{self._inside(term.blocks)}</dd>\n</div>\n"
            for term in terms.terms
        )
        return f"<dl{_class('facts' if terms.box else '')}>\n{pairs}</dl>\n" if pairs else ""

    def _references(self, references: References) -> str:
        items = "".join(
            f'<li id="{_reference_id(reference.id)}"><span class="key">{escaped(reference.id)}</span>\n'
            f"<div>{self._inside(reference.blocks)}</div></li>\n"
            for reference in references.references
        )
        return f'<ol class="references" role="list">\n{items}</ol>\n' if items else ""

    def _figure(self, figure: Figure) -> str:
        """A picture in a frame that scrolls where the screen is too narrow for it."""
        name = figure.kind.replace("-", " ").capitalize()
        picture = b64encode(self.draw(figure)).decode("ascii")
        return (
            f'<figure tabindex="0" aria-label="{escaped(name)}">\n'
            f'<img alt="{escaped(_squeezed(figure.alt))}" src="data:image/svg+xml;base64,{picture}">\n</figure>\n'
        )

    # --- Tables ------------------------------------------------------------------------------------------------------
    # The roles say again what the elements mean: a narrow screen stacks the cells, and some browsers would then forget.

    def _table(self, table: Table) -> str:
        columns = "".join(f'<col class="w{width}">' for width in _percents(table.columns))
        cells = zip(table.columns, table.header, strict=True)
        header = "".join(self._header_cell(column, cell) for column, cell in cells)
        labels = tuple(_squeezed(_words(cell.blocks)) for cell in table.header)
        return (
            f'<table role="table">\n<colgroup>{columns}</colgroup>\n'
            f'<thead role="rowgroup">\n<tr role="row">\n{header}</tr>\n</thead>\n'
            f"{''.join(self._rows(table, labels))}</table>\n"
        )

    def _header_cell(self, column: Column, cell: Cell) -> str:
        inside = self._inside(cell.blocks)
        shape = _class(column.align if column.align != "left" else "")
        if not inside.strip():
            return f'<td role="cell"{shape}></td>\n'
        return f'<th scope="col" role="columnheader"{shape}>{inside}</th>\n'

    def _rows(self, table: Table, labels: tuple[str, ...]) -> Iterator[str]:
        """The rows in groups, of which each but the first begins with its band."""
        for number, row in enumerate(table.rows):
            if row.band or number == 0:
                yield '</tbody>\n<tbody role="rowgroup">\n' if number else '<tbody role="rowgroup">\n'
            yield self._band(row, len(table.columns)) if row.band else self._row(row, table.columns, labels)
        yield "</tbody>\n" if table.rows else ""

    def _band(self, row: Row, columns: int) -> str:
        inside = "".join(self._inside(cell.blocks) for cell in row.cells)
        band = f'<th scope="rowgroup" role="rowheader" colspan="{columns}"{_beside(row.beside)}>{inside}</th>'
        return f'<tr role="row" class="band">\n{band}\n</tr>\n'

    def _row(self, row: Row, columns: tuple[Column, ...], labels: tuple[str, ...]) -> str:
        notes = (row.beside, *((),) * len(columns))
        cells = zip(row.cells, columns, labels, notes, strict=False)
        return f'<tr role="row">\n{"".join(self._cell(*parts) for parts in cells)}</tr>\n'

    def _cell(self, cell: Cell, column: Column, label: str, beside: tuple[str, ...]) -> str:
        shape = _class(" ".join(filter(None, (column.align.replace("left", ""), _risk(cell.score)))))
        named = f' data-label="{escaped(label)}"' if label else ""
        return f'<td role="cell"{shape}{named}{_beside(beside)}>{self._inside(cell.blocks)}</td>\n'

    # --- Text --------------------------------------------------------------------------------------------------------

    def _runs(self, runs: tuple[Run, ...]) -> str:
        alike = groupby(runs, key=lambda run: (run.styles, run.cites))
        return "".join(self._stretch(styles, cites, tuple(group)) for (styles, cites), group in alike)

    def _stretch(self, styles: frozenset[Style], cites: str, runs: tuple[Run, ...]) -> str:
        """Text in one style, which leads to a reference if there is one that it cites."""
        inside = escaped(text_of(runs)).replace("\n", "<br>\n")
        if cites in self.references and inside:
            inside = f'<a href="#{_reference_id(cites)}">{inside}</a>'
        for style, tag in _TAGS:
            inside = f"<{tag}>{inside}</{tag}>" if style in styles and inside else inside
        return inside


# --- Parts -----------------------------------------------------------------------------------------------------------


def _every(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, and those within them."""
    for block in blocks:
        yield block
        for inside in _within(block):
            yield from _every(inside)


def _within(block: Block) -> Iterator[tuple[Block, ...]]:
    match block:
        case Listing():
            yield from block.items
        case Terms():
            yield from (term.blocks for term in block.terms)
        case References():
            yield from (reference.blocks for reference in block.references)
        case Table():
            yield from (cell.blocks for cell in block.header)
            yield from (cell.blocks for row in block.rows for cell in row.cells)


def _reference_ids(blocks: Iterable[Block]) -> frozenset[str]:
    lists = (block for block in blocks if isinstance(block, References))
    return frozenset(reference.id for references in lists for reference in references.references)


def _is_noted(block: Block) -> bool:
    """Whether a note stands beside a block or one of its rows."""
    if isinstance(block, Table):
        return any(row.beside for row in block.rows)
    return isinstance(block, Paragraph) and bool(block.beside)


def _percents(columns: tuple[Column, ...]) -> tuple[int, ...]:
    """The widths of columns in whole per cents."""
    total = sum(column.width for column in columns)
    return tuple(round(100 * column.width / total) for column in columns)


def _risk(score: int) -> str:
    return next((name for least, name in _RISKS if score >= least), "")


def _words(blocks: tuple[Block, ...]) -> str:
    return " ".join(words_of(blocks))


def _heading_id(section: Section, number: int) -> str:
    return f"{_id(section.id)}.{number}"


def _reference_id(name: str) -> str:
    return f"ref-{_id(name)}"


def _id(name: str) -> str:
    """A name as an id that needs no escaping in an attribute, a link or a style sheet; no two names share one."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found.group()):x}_", name)


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _beside(codes: tuple[str, ...]) -> str:
    return f' data-beside="{escaped(", ".join(codes))}"' if codes else ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    """Text as it stands in an element or between the quotation marks of an attribute.

    What a build server would obey, were it shown the page, is spelt as numbers: `##[`, `##vso[`, `::` on a new line.
    """
    found = escape(text, quote=True)
    if "##" not in found and "::" not in found:
        return found
    return re.sub(r"(?i)#(?=#(?:vso)?\[)", "&#35;", re.sub(r"(\n\s*):(?=:)", r"\1&#58;", found))
