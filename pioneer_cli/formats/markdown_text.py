"""From the document's tree to Markdown, as CommonMark and GitHub read it.

Nothing that a writer types becomes markup: what could is escaped, and emphasis is left out where Markdown cannot say it
(in the middle of a word that ends in a bracket, say), so that the words are always those of the tree.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from unicodedata import category

from pioneer_cli.tree import (
    Block,
    Cell,
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
    Terms,
)

_STRONG: frozenset[Style] = frozenset({"strong"})
_EMPHASIS: frozenset[Style] = frozenset({"emphasis"})
_STARS = {frozenset(): "", _EMPHASIS: "*", _STRONG: "**", _EMPHASIS | _STRONG: "***"}
_RULES = {"left": "---", "right": "---:", "center": ":---:"}
_BREAK = "\\\n"
_CELL_BREAK = "<br>"  # the only HTML here; a row of a table has to stay on one line
_MARKUP = re.compile(
    r"[\\`*_\[\]<|~$#]"  # code, emphasis, links, HTML, tables, strikethrough, formulas, headings
    r"|&(?=#?\w+;)"  # entities
    r"|:(?=//)|(?<=www)\.",  # what GitHub would make links of
    re.ASCII | re.IGNORECASE,
)
_NO_TEXT = re.compile(r"\||(?:[-*]|[0-9]+[.)])(?: |$)", re.MULTILINE)  # how a table and a list begin
_LIST_WITH_TEXT = re.compile(r"(?:[-*]|1[.)]) \S")
_LINE_START = re.compile(r"^(?:[-+=>:]|[0-9]+(?=[.)](?:\s|$)))", re.MULTILINE)


def markdown(document: Document) -> str:
    """The document as Markdown, which ends in one newline."""
    title = _title(1, (Run(document.title),))
    parts = [*(["**DRAFT**"] if document.draft else []), *([title] if title else [])]
    for section in document.sections:
        parts.extend(_blocks(section.blocks))
    return "\n\n".join(parts) + "\n"


# --- Blocks ----------------------------------------------------------------------------------------------------------


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """The text of each block that has any. Lists that follow each other have other markers, or they would be one."""
    other = False
    for block in blocks:
        text = _block(block, other=other)
        if text:
            other = not other and isinstance(block, (Listing, Terms, References))
            yield text


def _block(block: Block, *, other: bool) -> str:
    match block:
        case Paragraph():
            return _lines(block.runs)
        case Heading():
            return _heading(block)
        case Listing():
            return _listing(block, other=other)
        case Table():
            return _table(block)
        case Terms():
            return _named(((term.name, term.blocks) for term in block.terms), other=other)
        case References():
            return _named((((Run(one.id),), one.blocks) for one in block.references), other=other)
        case Figure():
            return _lines((Run(block.alt, _EMPHASIS),))


def _heading(heading: Heading) -> str:
    codes = (Run(" "), Run(", ".join(heading.codes), _EMPHASIS)) if heading.codes else ()
    return _title(heading.level + 1, (*heading.runs, *codes))


def _title(level: int, runs: tuple[Run, ...]) -> str:
    text = _inline(runs, " ")
    return f"{'#' * level} {text}" if text else ""


def _listing(listing: Listing, *, other: bool) -> str:
    items = [tuple(_blocks(item)) for item in listing.items]
    if listing.numbered:
        mark = ")" if other else "."
        return _items([(f"{number}{mark} ", item) for number, item in enumerate(items, start=1)])
    return _items([("* " if other else "- ", item) for item in items if item])


def _named(entries: Iterable[tuple[tuple[Run, ...], tuple[Block, ...]]], *, other: bool) -> str:
    """A list of names in bold, each with what is said of it."""
    items = []
    for name, blocks in entries:
        strong = tuple(run._replace(styles=run.styles | _STRONG) for run in name)
        first, rest = (blocks[0].runs, blocks[1:]) if blocks and isinstance(blocks[0], Paragraph) else ((), blocks)
        item = tuple(_blocks((Paragraph((*strong, Run(" "), *first)), *rest)))
        if item:
            items.append(("* " if other else "- ", item))
    return _items(items)


def _items(items: list[tuple[str, tuple[str, ...]]]) -> str:
    """A list of items, each its marker and its blocks; set close when no item has more than a line and a list."""
    gap = "\n" if all(_is_close(blocks) for _, blocks in items) else "\n\n"
    return gap.join(_item(marker, gap.join(blocks)) for marker, blocks in items)


def _is_close(blocks: tuple[str, ...]) -> bool:
    """Whether nothing needs a blank line: a list may follow a paragraph at once when its first item is not empty."""
    if len(blocks) < 2:
        return True
    first, second, *more = blocks
    return not more and not _NO_TEXT.match(first) and _LIST_WITH_TEXT.match(second) is not None


def _item(marker: str, text: str) -> str:
    indented = re.sub(r"\n(?!\n)", "\n" + " " * len(marker), text)
    return (marker + indented).rstrip(" ")


# --- Tables ----------------------------------------------------------------------------------------------------------


def _table(table: Table) -> str:
    rules = (_RULES[column.align] for column in table.columns)
    lines = [_line(map(_cell, table.header)), _line(rules)]
    lines.extend(_row(row, len(table.columns)) for row in table.rows)
    return "\n".join(lines)


def _row(row: Row, columns: int) -> str:
    cells = list(map(_cell, row.cells))
    return _line(cells + [""] * (columns - len(cells)))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return _CELL_BREAK.join(filter(None, _cell_lines(cell.blocks)))


def _cell_lines(blocks: Iterable[Block]) -> Iterator[str]:
    """All text of a cell in lines; lists lose their markers, which no cell can hold."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield _inline(block.runs, _CELL_BREAK)
        elif isinstance(block, Heading):
            yield _inline((*block.runs, Run(" "), Run(", ".join(block.codes))), _CELL_BREAK)
        elif isinstance(block, Figure):
            yield _inline((Run(block.alt, _EMPHASIS),), _CELL_BREAK)
        else:
            yield from _cell_lines(_within(block))


def _within(block: Listing | Terms | References | Table) -> Iterator[Block]:
    """The blocks inside a block, with names as paragraphs."""
    match block:
        case Listing():
            yield from chain.from_iterable(block.items)
        case Terms():
            for term in block.terms:
                yield from (Paragraph(term.name), *term.blocks)
        case References():
            for one in block.references:
                yield from (Paragraph((Run(one.id),)), *one.blocks)
        case Table():
            for cells in (block.header, *(row.cells for row in block.rows)):
                yield from chain.from_iterable(cell.blocks for cell in cells)


# --- Text ------------------------------------------------------------------------------------------------------------


def _lines(runs: tuple[Run, ...]) -> str:
    """The lines of a paragraph, of which none begins like a list, a quotation or an underlined heading."""
    return _LINE_START.sub(_escaped_start, _inline(runs, _BREAK))


def _escaped_start(found: re.Match[str]) -> str:
    start = found.group()
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def _inline(runs: tuple[Run, ...], line_break: str) -> str:
    """Runs with their emphasis, without space at either end of a line."""
    pieces = tuple(_pieces(runs))
    out = ""
    for number, (styles, piece) in enumerate(pieces):
        after = pieces[number + 1][1] if number + 1 < len(pieces) else ""
        out += _emphasised(piece, _STARS[styles], out[-1:], after[:1])
    lines = (re.sub(r" {2,}", " ", line).strip() for line in out.split("\n"))
    return line_break.join(line for line in lines if line)


def _pieces(runs: Iterable[Run]) -> Iterator[tuple[frozenset[Style], str]]:
    """The text of each style, line by line; a newline is a piece of its own."""
    for styles, group in groupby(runs, key=lambda run: run.styles):
        yield from ((styles, piece) for piece in re.split(r"(\n)", _typed(group)) if piece)


def _typed(runs: Iterable[Run]) -> str:
    """The text of runs with single spaces and escaped; a newline stands for a break."""
    text = re.sub(r"[ \t\r\f\v]+", " ", "".join(run.text for run in runs))
    return _MARKUP.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return {"<": "&lt;", "&": "&amp;"}.get(found.group(), f"\\{found.group()}")


def _emphasised(text: str, stars: str, before: str, after: str) -> str:
    """A text between stars, if Markdown would take them for emphasis there; as it is otherwise."""
    inside = text.strip()
    if not stars or not inside:
        return text
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    binds = _binds((before + head)[-1:], inside[0]) and _binds((tail + after)[:1], inside[-1])
    return f"{head}{stars}{inside}{stars}{tail}" if binds else text


def _binds(outside: str, edge: str) -> bool:
    """Whether stars between two characters belong to the inner one: a letter or digit, or else with space outside."""
    if outside == "*":
        return False  # the stars of the text before; together they would mean something else
    return category(edge)[0] in "LN" or outside in ("", "\n") or category(outside) == "Zs"
