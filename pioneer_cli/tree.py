"""The syntax tree of a bid's document: sections of headings, prose, lists, tables, figures and references.

A template makes one tree of a bid, and every format (PDF, HTML, Word, Markdown) is written from it, so that all say the
same. Text is plain characters; nothing in it is markup of any format. Nodes are named tuples, which take
half the time of frozen classes to make, and there are thousands.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

Style = Literal["emphasis", "strong"]
Align = Literal["left", "right", "center"]
FigureKind = Literal["timeline", "funding-chart", "profile", "coverage"]
FigureValue = str | float | None | tuple["FigureValue", ...]
BidPath = tuple[str | int, ...]


class Run(NamedTuple):
    """A stretch of text in one style; a line break is a run of its own that holds a newline.

    `path` is where in the bid the text stands, empty for words of the template. `cites` is the id of the reference
    that the text points to, if it points to one.
    """

    text: str
    styles: frozenset[Style] = frozenset()
    path: BidPath = ()
    cites: str = ""


class Paragraph(NamedTuple):
    """Text that belongs together. `beside` names the considerations that it answers, where a template wants them.

    With `keep` no page ends between it and what follows.
    """

    runs: tuple[Run, ...]
    beside: tuple[str, ...] = ()
    keep: bool = False


class Listing(NamedTuple):
    """A bullet or numbered list; an item holds paragraphs and lists."""

    numbered: bool
    items: tuple[tuple["Block", ...], ...]


class Heading(NamedTuple):
    """A heading: level 1 for a criterion, 2 for what answers considerations, whose ids are its `codes`."""

    level: Literal[1, 2]
    runs: tuple[Run, ...]
    codes: tuple[str, ...] = ()


class Term(NamedTuple):
    """A name and what is said of it."""

    name: tuple[Run, ...]
    blocks: tuple["Block", ...]


class Terms(NamedTuple):
    """A list of names with what is said of each; the facts at the head of the document stand in a `box`."""

    terms: tuple[Term, ...]
    box: bool = False


class Cell(NamedTuple):
    """A cell of a table; empty without blocks. A `score` from 1 to 25 shades the cell of a risk."""

    blocks: tuple["Block", ...]
    score: int = 0


class Row(NamedTuple):
    """A row with a cell for each column, or a `band`: one cell across the table that heads the rows below it."""

    cells: tuple[Cell, ...]
    band: bool = False
    beside: tuple[str, ...] = ()


class Column(NamedTuple):
    """A column: its share of the width, against those of the others, and how its text is aligned."""

    width: float
    align: Align = "left"


class Table(NamedTuple):
    """A table with a header that is repeated on each page; every row but a band has a cell for each column."""

    columns: tuple[Column, ...]
    header: tuple[Cell, ...]
    rows: tuple[Row, ...]


class Reference(NamedTuple):
    """A source in the numbered list of references, cited in the text by its id."""

    id: str
    blocks: tuple["Block", ...]


class References(NamedTuple):
    """The list of references."""

    references: tuple[Reference, ...]


class Figure(NamedTuple):
    """A picture that is drawn from values, and in words (`alt`) for those who do not see it."""

    kind: FigureKind
    alt: str
    values: tuple[FigureValue, ...]


Block = Paragraph | Listing | Heading | Terms | Table | References | Figure


class Section(NamedTuple):
    """A part of the document whose pages are counted: `front`, a criterion's id such as `C1`, or `support`."""

    id: str
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A bid's document. The title is printed at its head and the `short` title at the foot of each page.

    A `draft` is stamped as such; pages are `counted` against a limit unless it is a letter. The language is British
    English throughout.
    """

    title: str
    short: str
    sections: tuple[Section, ...]
    draft: bool = False
    counted: bool = True


LANGUAGE = "en-GB"


def words_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The text of blocks, a paragraph or cell at a time, in reading order; a figure's is its description."""
    for block in blocks:
        if isinstance(block, (Paragraph, Heading)):
            yield text_of(block.runs)
            if isinstance(block, Heading) and block.codes:
                yield ", ".join(block.codes)
        elif isinstance(block, Figure):
            yield block.alt
        else:
            for name, inside in _parts(block):
                if name:
                    yield name
                yield from words_of(inside)


def text_of(runs: tuple[Run, ...]) -> str:
    """The text of runs, without its styles."""
    return "".join(run.text for run in runs)


def _parts(block: Listing | Terms | Table | References) -> Iterator[tuple[str, tuple[Block, ...]]]:
    if isinstance(block, Listing):
        yield from (("", item) for item in block.items)
    elif isinstance(block, Terms):
        yield from ((text_of(term.name), term.blocks) for term in block.terms)
    elif isinstance(block, References):
        yield from ((reference.id, reference.blocks) for reference in block.references)
    else:
        for cells in (block.header, *(row.cells for row in block.rows)):
            yield from (("", cell.blocks) for cell in cells)


def field_of(path: BidPath) -> str:
    """A path without the numbers of entries: `vision.outcomes[].measure`."""
    return ".".join("[]" if isinstance(step, int) else step for step in path).replace(".[]", "[]")
