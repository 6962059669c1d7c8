"""The matrix as a document in the house's tree, which the PDF annex, the HTML page and the others are written from."""

from collections.abc import Iterator

from pioneer_cli.matrix import Matrix, Row
from pioneer_cli.pack import Criterion
from pioneer_cli.reports.look import page_words
from pioneer_cli.reports.matrix_words import TITLE, pages_of, quote_of, remarks_on, shown, summary
from pioneer_cli.tree import (
    Cell,
    Column,
    Document,
    Heading,
    Paragraph,
    Run,
    Section,
    Style,
    Table,
    Term,
    Terms,
)
from pioneer_cli.tree import Row as TableRow

_COLUMNS = (Column(2.3), Column(2), Column(0.65), Column(3), Column(1))
_HEADER = ("Consideration", "Where", "Page", "Quote", "Outcome")
_INTRODUCTION = (
    "For each consideration of the call, the tables name the headings of the bid that answer it, the page on which the "
    "first answer begins and the page on which the last one ends, and the words by which to know the place. The "
    "outcome is what the machine found; what only people can judge is unknown."
)
_STRONG: frozenset[Style] = frozenset({"strong"})


def matrix_document(found: Matrix) -> Document:
    """The annex: what it is about, and a table for each criterion."""
    tables = (_criterion(criterion, considerations) for criterion, considerations in found.by_criterion())
    return Document(TITLE, f"Annex: {TITLE[0].lower()}{TITLE[1:]}", (_front(found), *tables), counted=False)


def _front(found: Matrix) -> Section:
    facts = (
        ("Bid", found.title),
        ("Call", found.pack.about.title),
        ("Phase", found.phase),
        ("Pages", page_words(found.pages)),
        ("In all", summary(found)),
    )
    terms = tuple(Term((Run(name),), (_paragraph(text),)) for name, text in facts)
    return Section("front", (Terms(terms, box=True), _paragraph(_INTRODUCTION)))


def _criterion(criterion: Criterion, considerations: tuple[tuple[Row, ...], ...]) -> Section:
    rows = tuple(row for found in considerations for row in _rows(found))
    header = tuple(_cell(name) for name in _HEADER)
    heading = Heading(1, (Run(f"{criterion.id}. {criterion.title}"),))
    return Section(criterion.id, (heading, Table(_COLUMNS, header, rows)))


def _rows(rows: tuple[Row, ...]) -> Iterator[TableRow]:
    """The rows of a consideration, of which the first says what it asks."""
    kept, more = shown(rows)
    for number, row in enumerate(kept):
        code = Run(row.consideration.id, _STRONG)
        asked = (code, Run(f" {row.consideration.asks}")) if number == 0 else (code,)
        last = number == len(kept) - 1
        quote = f"{quote_of(row)}; {more}" if more and last else quote_of(row)
        pages = pages_of(row.first_page, row.last_page)
        yield TableRow((Cell((Paragraph(asked),)), _where(row), _cell(pages), _cell(quote), _cell(str(row.outcome))))


def _where(row: Row) -> Cell:
    remarks = remarks_on(row)
    noted = (Run("\n"), Run(remarks, frozenset({"emphasis"}))) if remarks else ()
    return Cell((Paragraph((Run(row.where), *noted)),))


def _cell(text: str) -> Cell:
    return Cell((_paragraph(text),))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))
