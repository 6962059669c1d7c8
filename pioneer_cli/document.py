"""From a bid and a template to the document's syntax tree, which every format is written from.

A template fills in XML with the elements that HTML has for text, lists and tables, and a few of its own; this module
turns it into the tree. What holds nothing vanishes, with its heading: sections, tables, columns, lists.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from math import isfinite
from typing import Any, get_args
from xml.etree.ElementTree import Element, ParseError, fromstring

from pioneer_cli.errors import PioneerError
from pioneer_cli.markdown import parse_prose
from pioneer_cli.quantities import plural
from pioneer_cli.template import fill_in
from pioneer_cli.template_folder import MAIN_TEMPLATE, TemplateFolder
from pioneer_cli.tree import (
    Align,
    BidPath,
    Block,
    Cell,
    Column,
    Document,
    Figure,
    FigureKind,
    FigureValue,
    Heading,
    Listing,
    Paragraph,
    Reference,
    References,
    Row,
    Run,
    Section,
    Style,
    Table,
    Term,
    Terms,
    field_of,
)

LONGEST_SHORT_TITLE = 80  # characters
MOST_COLUMNS = 12
DEEPEST = 32  # elements in one another; prose has at most nine lists, and each is two
Answers = Mapping[str, tuple[str, ...]]  # the considerations that a field answers, by the field: `vision.outcomes[]`
_STYLES: Mapping[str, Style] = {"em": "emphasis", "strong": "strong"}
_INLINE = frozenset({"t", "cite", "br", *_STYLES})


def document(
    bid: Mapping[str, Any], folder: TemplateFolder, answers: Answers | None = None, main: str = MAIN_TEMPLATE
) -> Document:
    """The tree of a bid's document, or of a letter's with its own `main` template; every document has a `title`.

    `answers` names the considerations beside each passage, for a template that asks for it. Raises PioneerError when
    the template cannot be filled in, or what it prints is no document.
    """
    root = _parsed(fill_in(bid, folder, main), folder)
    shown = (answers or {}) if root.get("beside") == "considerations" else {}
    builder = _Builder(bid, folder.name, _ids(root), shown)
    sections = tuple(builder.section(element) for element in root)
    if not sections or len({section.id for section in sections}) < len(sections):
        raise builder.unfit("it needs sections, each with an id of its own")
    title = str(bid["title"])
    return Document(title, short_title(title), sections, counted=main == MAIN_TEMPLATE)


def short_title(title: str) -> str:
    """A title that fits at the foot of a page, cut off at a word."""
    text = " ".join(title.split())
    if len(text) <= LONGEST_SHORT_TITLE:
        return text
    return text[:LONGEST_SHORT_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _parsed(xml: str, folder: TemplateFolder) -> Element:
    if "<!DOCTYPE" in xml:  # never of the bid's, whose `<` is escaped
        raise PioneerError(f"the template {folder.name} prints a document type", "take the DOCTYPE out: it needs none")
    try:
        root = fromstring(xml)
    except UnicodeEncodeError:
        raise PioneerError(
            f"what the template {folder.name} prints has half a character", "mend the template"
        ) from None
    except ParseError as error:
        line, column = error.position
        text = [*xml.split("\n"), ""][line - 1][max(0, column - 40) : column + 20]
        hint = f'mend the template near "{" ".join(text.split())}"; values stand in elements, not in attributes'
        raise PioneerError(f"what the template {folder.name} prints is no XML: {error}", hint) from None
    if root.tag != "document":
        raise PioneerError(f"the template {folder.name} prints <{root.tag}>", "it must print one <document>")
    if _is_deeper(root, DEEPEST):
        hint = f"keep to {DEEPEST} elements in one another"
        raise PioneerError(f"what the template {folder.name} prints is nested too deep", hint)
    return root


def _is_deeper(root: Element, most: int) -> bool:
    level = [root]
    for _ in range(most):
        level = [child for element in level for child in element]
    return bool(level)


def _ids(root: Element) -> frozenset[str]:
    """The ids of all references, which the text may cite."""
    return frozenset(element.get("id", "") for element in root.iter("reference"))


class _Builder:
    """Makes the tree of one document; knows which references there are and what answers which consideration."""

    def __init__(self, bid: Mapping[str, Any], template: str, references: frozenset[str], answers: Answers) -> None:
        self._bid = bid
        self._template = template
        self._references = references
        self._listed: set[str] = set()
        self._answers = answers
        self._blocks: Mapping[str, Callable[[Element], Iterable[Block]]] = {
            "p": self._paragraph, "prose": self._prose, "h1": self._heading, "h2": self._heading,
            "ul": self._listing, "ol": self._listing, "dl": self._terms, "facts": self._terms, "table": self._table,
            "references": self._reference_list, "figure": self._figure,
        }  # fmt: skip

    def unfit(self, reason: str) -> PioneerError:
        """The error for a template that prints well-formed XML of the wrong kind."""
        return PioneerError(f"what the template {self._template} prints is no document: {reason}", "mend the template")

    def section(self, element: Element) -> Section:
        """A section with its blocks; a heading with nothing under it is left out."""
        name = element.get("id", "")
        if element.tag != "section" or re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,39}", name) is None:
            raise self.unfit(f"<{element.tag}> stands where a <section> with an id belongs")
        return Section(name, _with_content(self.blocks(element)))

    def blocks(self, element: Element, styles: frozenset[Style] = frozenset()) -> tuple[Block, ...]:
        """What an element holds: blocks, and text that stands between them as paragraphs of its own."""
        found: list[Block] = []
        runs: list[Run] = [Run(element.text, styles)] if element.text else []
        for child in element:
            if child.tag in _INLINE:
                runs.extend(self._inline(child, styles))
            else:
                found.extend(self._as_paragraph(runs))
                runs = []
                found.extend(self._block(child))
            if child.tail:
                runs.append(Run(child.tail, styles))
        found.extend(self._as_paragraph(runs))
        return tuple(found)

    def _block(self, element: Element) -> Iterable[Block]:
        make = self._blocks.get(element.tag)
        if make is None:
            raise self.unfit(f"it has an element <{element.tag}>, which is none of {', '.join(sorted(self._blocks))}")
        return make(element)

    # --- Text --------------------------------------------------------------------------------------------------------

    def _runs(self, element: Element, styles: frozenset[Style] = frozenset()) -> list[Run]:
        runs = [Run(element.text, styles)] if element.text else []
        for child in element:
            runs.extend(self._inline(child, styles))
            if child.tail:
                runs.append(Run(child.tail, styles))
        return runs

    def _inline(self, element: Element, styles: frozenset[Style]) -> list[Run]:
        if element.tag == "t":
            return list(self._cited(Run(element.text or "", styles, self._path(element))))
        if element.tag == "br":
            return [Run("\n", styles)]
        if element.tag == "cite":
            runs = self._runs(element, styles)
            return [run._replace(cites=run.text) if run.text in self._references else run for run in runs]
        if element.tag in _STYLES:
            return self._runs(element, styles | {_STYLES[element.tag]})
        raise self.unfit(f"the element <{element.tag}> stands inside text")

    def _path(self, element: Element) -> BidPath:
        """Where in the bid a text stands."""
        path = _path_of(element.get("p", ""))
        part: Any = self._bid
        try:
            for step in path:
                part = part[step]
        except (LookupError, TypeError):
            raise self.unfit(f'there is no place "{element.get("p")}" in the bid') from None
        return path

    def _cited(self, run: Run) -> Iterator[Run]:
        """A text with the ids of references in brackets told apart, so that they can lead to their source."""
        if "[" not in run.text or not self._references:
            yield run
            return
        last = 0
        for bracket in re.finditer(r"\[([^\[\]\n]{1,120})\]", run.text):
            ids = list(re.finditer(r"[^\s,;]+", bracket.group(1)))
            if not all(found.group() in self._references for found in ids):
                continue
            for found in ids:
                start, end = bracket.start(1) + found.start(), bracket.start(1) + found.end()
                yield run._replace(text=run.text[last:start])
                yield run._replace(text=found.group(), cites=found.group())
                last = end
        yield run._replace(text=run.text[last:])

    def _as_paragraph(self, runs: Sequence[Run]) -> tuple[Paragraph, ...]:
        kept = _tidy(runs)
        return (Paragraph(kept, self._beside(kept)),) if kept else ()

    def _paragraph(self, element: Element) -> tuple[Paragraph, ...]:
        return self._as_paragraph(self._runs(element))

    def _prose(self, element: Element) -> tuple[Block, ...]:
        path = self._path(element)
        return tuple(self._from_bid(block, path) for block in parse_prose(element.text or ""))

    def _from_bid(self, block: Block, path: BidPath) -> Block:
        """A block of prose that knows where in the bid it stands."""
        if isinstance(block, Paragraph):
            runs = tuple(part for run in block.runs for part in self._cited(run._replace(path=path)) if part.text)
            return Paragraph(runs, self._beside(runs))
        if isinstance(block, Listing):
            items = tuple(tuple(self._from_bid(part, path) for part in item) for item in block.items)
            return Listing(block.numbered, items)
        raise AssertionError(block)  # pragma: no cover - prose has no other blocks

    def _beside(self, runs: Sequence[Run]) -> tuple[str, ...]:
        if not self._answers:
            return ()
        fields = {field_of(run.path[:length]) for run in runs for length in range(1, len(run.path) + 1)}
        return tuple(sorted({code for field in fields for code in self._answers.get(field, ())}))

    # --- Blocks ------------------------------------------------------------------------------------------------------

    def _heading(self, element: Element) -> tuple[Heading, ...]:
        runs = _tidy(self._runs(element))
        codes = tuple(element.get("codes", "").replace(",", " ").split())
        return (Heading(1 if element.tag == "h1" else 2, runs, codes),) if runs else ()

    def _listing(self, element: Element) -> tuple[Listing, ...]:
        items = tuple(blocks for item in self._children(element, "li") if (blocks := self.blocks(item)))
        return (Listing(element.tag == "ol", items),) if items else ()

    def _terms(self, element: Element) -> tuple[Terms, ...]:
        """Names, each with what is said of it; a name of which nothing is said may stand by itself, a fact may not."""
        terms = []
        names: tuple[Run, ...] = ()
        for child in self._children(element, "dt", "dd"):
            if child.tag == "dt":
                terms += [Term(names, ())] if names else []
                names = _tidy(self._runs(child))
            else:
                terms.append(Term(names, self.blocks(child)))
                names = ()
        terms += [Term(names, ())] if names else []
        box = element.tag == "facts"
        kept = tuple(term for term in terms if term.blocks or not box)
        return (Terms(kept, box),) if kept else ()

    def _reference_list(self, element: Element) -> tuple[References, ...]:
        references = []
        for child in self._children(element, "reference"):
            name = child.get("id", "")
            if not name or name in self._listed:
                raise self.unfit(f'a <reference> has the id "{name}", which is none or that of another')
            self._listed.add(name)
            references.append(Reference(name, self.blocks(child)))
        return (References(tuple(references)),) if references else ()

    def _figure(self, element: Element) -> tuple[Figure, ...]:
        kind: FigureKind
        for kind in get_args(FigureKind):
            if kind == element.get("kind"):
                return (Figure(kind, element.findtext("alt") or "", self._values(element.findtext("values") or "")),)
        raise self.unfit(f'a <figure> is of the kind "{element.get("kind")}"; there are {get_args(FigureKind)}')

    def _values(self, text: str) -> tuple[FigureValue, ...]:
        values: FigureValue = None
        with suppress(RecursionError, ValueError):
            values = _frozen(json.loads(text))
        if not isinstance(values, tuple):
            raise self.unfit("the <values> of a <figure> are no list of texts, numbers and lists as JSON")
        return values

    def _children(self, element: Element, *tags: str) -> Iterator[Element]:
        for child in element:
            if child.tag not in tags:
                raise self.unfit(f"<{child.tag}> stands in <{element.tag}>, which holds only {', '.join(tags)}")
            yield child

    # --- Tables ------------------------------------------------------------------------------------------------------

    def _table(self, element: Element) -> tuple[Table, ...]:
        columns = self._columns(element)
        header: tuple[Cell, ...] = ()
        rows: list[Row] = []
        for child in self._children(element, "head", "tr", "band"):
            cells = tuple(self._cell(cell) for cell in self._children(child, "th" if child.tag == "head" else "td"))
            if len(cells) != (1 if child.tag == "band" else len(columns)):
                raise self.unfit(
                    f"a row of a table with {plural(len(columns), 'column')} has {plural(len(cells), 'cell')}"
                )
            if child.tag == "head":
                header = cells
            else:
                rows.append(Row(cells, child.tag == "band"))
        if not header:
            raise self.unfit("a table has no <head>")
        return _with_filled_columns(Table(columns, header, tuple(rows))) if rows else ()

    def _columns(self, element: Element) -> tuple[Column, ...]:
        widths = element.get("widths", "").split()
        aligns: list[Any] = element.get("align", "").split() or ["left"] * len(widths)
        fit = 1 <= len(widths) <= MOST_COLUMNS and len(aligns) == len(widths) and set(aligns) <= set(get_args(Align))
        if not fit or any(re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", w) is None or float(w) == 0 for w in widths):
            raise self.unfit('a table needs widths="…", a number for each column, and align="…" as many words')
        return tuple(Column(float(width), align) for width, align in zip(widths, aligns, strict=True))

    def _cell(self, element: Element) -> Cell:
        score = element.get("score", "")
        return Cell(self.blocks(element), int(score) if re.fullmatch(r"[0-9]{1,2}", score) else 0)


# --- Putting in order ------------------------------------------------------------------------------------------------


def _with_content(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without the headings that have nothing under them."""
    kept: list[Block] = []
    said = said_under_heading = False
    for block in reversed(blocks):
        if not isinstance(block, Heading):
            said = said_under_heading = True
        elif block.level == 2 and not said_under_heading:
            continue
        elif block.level == 2:
            said_under_heading = False
        elif not said:
            continue
        else:
            said = said_under_heading = False
        kept.append(block)
    return tuple(reversed(kept))


def _with_filled_columns(table: Table) -> tuple[Table, ...]:
    """The table without the columns in which nothing stands but the header."""
    rows = [row for row in table.rows if not row.band]
    if not rows:
        return (table,)
    kept = [column for column in range(len(table.columns)) if any(row.cells[column].blocks for row in rows)]
    if not kept:
        return ()
    return (
        Table(
            tuple(table.columns[column] for column in kept),
            tuple(table.header[column] for column in kept),
            tuple(row if row.band else row._replace(cells=tuple(row.cells[i] for i in kept)) for row in table.rows),
        ),
    )


def _tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs with single spaces, and none at either end; empty when nothing is left. No-break spaces stay."""
    kept: list[Run] = []
    open_space = True  # whether a space here would be one too many
    for run in runs:
        text = run.text if run.text == "\n" else re.sub(r"[ \t\r\n]+", " ", run.text)
        if open_space and text != "\n":
            text = text.lstrip(" ")
        if text:
            kept.append(run if text == run.text else run._replace(text=text))
            open_space = text[-1] in " \n"
    while kept and kept[-1].text.rstrip(" \n") != kept[-1].text:
        text = kept[-1].text.rstrip(" \n")
        last = kept.pop()
        if text:
            kept.append(last._replace(text=text))
    return tuple(kept)


@cache
def _path_of(text: str) -> BidPath:
    return tuple(int(step) if step.isdigit() else step for step in text.split("/")) if text else ()


def _frozen(value: object) -> FigureValue:
    """Lists as tuples, all the way down. Raises ValueError for what a figure has no use for."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return value
    raise ValueError(value)
