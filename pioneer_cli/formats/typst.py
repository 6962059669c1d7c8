"""From the document's tree to Typst source, which the typesetter makes a PDF of.

Every text becomes a Typst string literal, so nothing that a writer types can become markup. How the parts look stands
in the template's `style.typ`, whose functions this module calls.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pioneer_cli.formats.column_widths import column_widths
from pioneer_cli.line_breaks import BREAK, break_places
from pioneer_cli.template_folder import BASE_STYLE, STYLE, TemplateFolder
from pioneer_cli.tree import (
    BidPath,
    Block,
    Document,
    Figure,
    FigureValue,
    Heading,
    Listing,
    Paragraph,
    References,
    Row,
    Run,
    Table,
    Terms,
    text_of,
)

MAIN = "main.typ"
COLOURS = "colours.typ"
_CHARACTERS = 2500  # of a cell as wide as the page: about half of what a page holds
_BODY = b")\n"  # what stands before the first section, and nowhere in the lines above it
LAST_WORDS = 4  # of each passage, which are marked where its lines are measured; for its pages one will do
Measured = Literal["", "pages", "lines"]  # what is measured of each passage; every mark takes time
_PARTS = 25  # of a cell: paragraphs, items and line breaks, about half of what a page holds


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, or a stretch of text that is set by itself: a paragraph, an item of a list, a cell of a table.

    `heading` is the number of the heading that it stands under, None before the section's first.
    """

    section: str
    heading: int | None
    codes: tuple[str, ...]
    text: str
    path: BidPath
    is_heading: bool


@dataclass(frozen=True, slots=True)
class TypstSource:
    """The files of a document for the typesetter, `main.typ` first, and its passages where their places are wanted."""

    files: Mapping[str, bytes]
    passages: tuple[Passage, ...] = ()


def typst(document: Document, folder: TemplateFolder, *, measured: Measured = "") -> TypstSource:
    """The document as Typst source, each passage of it marked where its `pages` or its `lines` are measured."""
    writer = _Writer(measured)
    main = "".join(writer.document(document))
    return TypstSource({MAIN: main.encode("utf-8"), **folder.drawn_with()}, tuple(writer.passages))


def endless(source: TypstSource) -> Mapping[str, bytes]:
    """The same document on one page as long as it takes, where no page break leaves room blank."""
    main = source.files[MAIN].replace(_BODY, _BODY + b"#set page(height: auto)\n", 1)
    return {**source.files, MAIN: main}


def lone_figure(figure: Figure, folder: TemplateFolder) -> Mapping[str, bytes]:
    """The Typst source of one figure by itself, as wide as the text, for the formats that cannot draw."""
    main = f'#import "{STYLE}": *\n#show: picture\n{_figure(figure)}\n'
    return {MAIN: main.encode("utf-8"), **folder.drawn_with()}


def standalone(source: TypstSource) -> str:
    """The source as one file that Typst compiles by itself, with the template's styles written out in it."""
    text = source.files[MAIN].decode("utf-8")
    for name in (STYLE, BASE_STYLE, COLOURS):
        text = text.replace(f'#import "{name}": *\n', source.files.get(name, b"").decode("utf-8"))
    return text


def literal(text: str) -> str:
    """A Typst string literal. Typst strings know five escapes; only these two characters need one."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Writer:
    """Writes one document and, where it is to be measured, numbers its passages."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._section = ""
        self._heading: int | None = None
        self.passages: list[Passage] = []

    def document(self, document: Document) -> Iterator[str]:
        title = self._quoted(document.title)
        yield f'#import "{STYLE}": *\n#show: expression-of-interest.with(\n  title: [{title}],\n'
        yield f"  short: [{self._quoted(document.short)}],\n  draft: {str(document.draft).lower()},\n{_BODY.decode()}"
        for number, section in enumerate(document.sections):
            self._section, self._heading = section.id, None
            blocks = section.blocks
            if not (blocks and isinstance(blocks[0], Heading)):
                yield f"#mark({literal(section.id)})\n"
            if number == 0:
                yield f"#std.title([{title}])\n\n"
            for index, block in enumerate(blocks):
                yield self._block(block, section.id if index == 0 else "")
                yield "\n\n"
        yield '#mark("end")\n'

    def _blocks(self, blocks: Sequence[Block]) -> str:
        return "\n\n".join(self._block(block) for block in blocks)

    def _block(self, block: Block, section: str = "") -> str:
        if isinstance(block, Paragraph):
            written = f"{_beside(block.beside)}{self._passage(block.runs)}"
            return f"#block(sticky: true)[{written}]" if block.keep else written
        if isinstance(block, Heading):
            return self._title(block, section)
        if isinstance(block, Listing):
            items = "".join(f"[{self._blocks(item)}]," for item in block.items)
            return f"#{'enum' if block.numbered else 'list'}({items})"
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Terms):
            return self._terms(block)
        if isinstance(block, References):
            return self._references(block)
        return _figure(block)

    # --- Text --------------------------------------------------------------------------------------------------------

    def _quoted(self, text: str) -> str:
        return _runs((Run(" ".join(text.split())),))

    def _passage(self, runs: tuple[Run, ...], codes: tuple[str, ...] = (), *, is_heading: bool = False) -> str:
        if not self._measured:
            return _runs(runs)
        number = len(self.passages)
        path = next((run.path for run in runs if run.path), ())
        self.passages.append(Passage(self._section, self._heading, codes, text_of(runs), path, is_heading))
        if is_heading:
            self._heading = number
        return _marked(_breakable(runs), number, LAST_WORDS if self._measured == "lines" else 1)

    def _title(self, heading: Heading, section: str) -> str:
        title = self._passage(heading.runs, heading.codes, is_heading=True)
        marked = f"mark: {literal(section)}, " if section else ""
        if heading.level == 1:
            return f"#criterion({marked}[{title}])"
        return f"#consideration({marked}codes: {literal(', '.join(heading.codes))}, [{title}])"

    # --- Blocks ------------------------------------------------------------------------------------------------------

    def _terms(self, terms: Terms) -> str:
        items = ", ".join(f"([{self._passage(term.name)}], [{self._blocks(term.blocks)}])" for term in terms.terms)
        return f"#{'facts' if terms.box else 'naming'}({items},)"

    def _references(self, references: References) -> str:
        entries = ", ".join(
            f"({literal(reference.id)}, [{self._blocks(reference.blocks)}])" for reference in references.references
        )
        return f"#references({entries},)"

    def _table(self, table: Table) -> str:
        widths = column_widths(table)
        aligns = ", ".join(column.align for column in table.columns)
        cells = ",\n  ".join(cell for row in table.rows for cell in self._row(row, len(widths)))
        return (
            f"#listing(\n  columns: ({''.join(f'{width:.4f}fr, ' for width in widths)}),\n  align: ({aligns},),\n"
            f"  breakable: {str(_has_long_cell(table, widths)).lower()},\n"
            f"  header: ({''.join(f'[{self._blocks(cell.blocks)}], ' for cell in table.header)}),\n  {cells},\n)"
        )

    def _row(self, row: Row, columns: int) -> Iterator[str]:
        if row.band:
            yield f"band({columns}, [{self._blocks(row.cells[0].blocks)}])"
            return
        for index, cell in enumerate(row.cells):
            inside = self._blocks(cell.blocks)
            marked = f"{_beside(row.beside)}{inside}" if index == 0 else inside
            yield f"rating({cell.score}, [{marked}])" if cell.score else f"[{marked}]"


def _has_long_cell(table: Table, shares: Sequence[float]) -> bool:
    """Whether a cell might fill a page of its column; then rows may break, since they would run off the page."""
    for row in table.rows:
        for share, cell in zip([1.0] if row.band else shares, row.cells, strict=True):
            characters, parts = _size(cell.blocks)
            if characters > _CHARACTERS * share or parts > _PARTS:
                return True
    return False


def _size(blocks: Iterable[Block]) -> tuple[int, int]:
    """The characters of blocks and how many paragraphs, items and line breaks they have."""
    characters = parts = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            characters += sum(len(run.text) for run in block.runs)
            parts += 1 + sum(run.text == "\n" for run in block.runs)
        elif isinstance(block, Listing):
            for item in block.items:
                more_characters, more_parts = _size(item)
                characters, parts = characters + more_characters, parts + more_parts
        else:  # a table or the like in a cell: better to let it break
            return _CHARACTERS + 1, _PARTS + 1
    return characters, parts


def _beside(codes: tuple[str, ...]) -> str:
    return f"#beside({literal(', '.join(codes))});" if codes else ""


def _figure(figure: Figure) -> str:
    return f"#{figure.kind}(alt: {literal(figure.alt)}, {', '.join(_value(value) for value in figure.values)})"


def _value(value: FigureValue) -> str:
    if isinstance(value, tuple):
        return f"({''.join(f'{_value(part)}, ' for part in value)})"
    if isinstance(value, str):
        return literal(value)
    return "none" if value is None else repr(value)


# --- Runs ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)  # for the texts that stay as they were when a bid is typeset again
def _runs(runs: tuple[Run, ...]) -> str:
    return "".join(_run(run) for run in _breakable(runs))


def _marked(runs: tuple[Run, ...], number: int, last_words: int) -> str:
    """Runs with marks that tell in which lines a text begins and ends: behind its first word and its last ones.

    A mark stands before the space behind a word, since one at the beginning or the end of a line may fall out of it.
    The last word, which has no space behind it, has its mark before its last letter. The first word's number is 0, and
    the last ones are counted from the end.
    """
    waiting = _mark_places(text_of(runs), last_words)
    written, begin = [], 0
    for run in runs:
        end, last = begin + len(run.text), 0
        while waiting and waiting[0][0] <= end and waiting[0][0] > begin:
            place, edge = waiting.pop(0)
            written.append(_piece(run, last, place - begin))
            written.append(f"#here({number}, {edge});")
            last = place - begin
        written.append(_piece(run, last, len(run.text)))
        begin = end
    return "".join(written)


def _mark_places(text: str, last_words: int) -> list[tuple[int, int]]:
    """Where the marks of a text stand, in order, each with its number."""
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    if not ends:
        return []
    ends[-1] = max(1, ends[-1] - 1)
    last = [(end, len(ends) - index) for index, end in enumerate(ends)][-last_words:]
    return [(ends[0], 0), *last]


def _piece(run: Run, start: int, end: int) -> str:
    return _run(run._replace(text=run.text[start:end])) if end > start else ""


def _run(run: Run) -> str:
    if run.text == "\n":
        return "#linebreak();"
    written = f"#{literal(run.text)};"
    for style in sorted(run.styles):
        written = f"#{'emph' if style == 'emphasis' else 'strong'}[{written}];"
    return f"#link(label({literal(f'ref-{run.cites}')}))[{written}];" if run.cites else written


def _breakable(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs of a paragraph with room to break, measured over all of them, since a line does not end with a run."""
    places = list(break_places("".join(run.text for run in runs)))
    if not places:
        return runs
    waiting = iter(places)
    place, start, out = next(waiting, None), 0, []
    for run in runs:
        end, pieces, last = start + len(run.text), [], 0
        while place is not None and place < end:
            pieces.append(run.text[last : place - start])
            last, place = place - start, next(waiting, None)
        pieces.append(run.text[last:])
        out.append(run._replace(text=BREAK.join(pieces)))
        start = end
    return tuple(out)
