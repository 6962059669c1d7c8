"""The economics of a bid's pages for spreadsheets: a row for the document, each section, heading, cut and gain.

The first column says which of them a row is. `lines` are those left in the document, saved by a cut or taken by a
gain; `points` of 100 are below 0 for a cut. All figures are to a hundredth.
"""

from collections.abc import Iterator
from fractions import Fraction

from pioneer_cli.cuts import Cut, CutList
from pioneer_cli.economics import Economics
from pioneer_cli.gains import LineGain
from pioneer_cli.page_use import HeadingUse, SectionUse
from pioneer_cli.reports.pages_text import place_in_file, section_of
from pioneer_cli.reports.spreadsheet import Cell, spreadsheet

COLUMNS = (
    "row", "section", "considerations", "text", "first_page", "pages", "words", "share_of_pages", "share_of_marks",
    "budget", "over_budget", "lines", "points", "place",
)  # fmt: skip


def pages_csv(found: Economics) -> str:
    """The report."""
    return spreadsheet(COLUMNS, (_cells(row) for row in _rows(found)))


def _cells(row: dict[str, Cell]) -> list[Cell]:
    return [row.get(column) for column in COLUMNS]


def _rows(found: Economics) -> Iterator[dict[str, Cell]]:
    yield _document(found)
    for section in found.use.sections:
        yield _section(section)
        yield from (_heading(section, heading) for heading in section.headings)
    if found.cuts is not None:
        yield from (_cut(found, found.cuts, cut) for cut in found.cuts.cuts)
    yield from (_gain(gain) for gain in found.gains)


def _document(found: Economics) -> dict[str, Cell]:
    use = found.use
    return {
        "row": "document",
        "text": found.title,
        "first_page": 1,
        "pages": _number(sum((section.pages for section in use.sections), Fraction(0))),
        "words": sum(section.words for section in use.sections),
        "budget": use.limit,
        "over_budget": _yes(over=use.over),
        "lines": _number(use.lines_left),
        "points": _number(found.assessment.low),
        "place": found.source.name,
    }


def _section(section: SectionUse) -> dict[str, Cell]:
    return {
        "row": "section",
        "section": section.id,
        "text": section.title,
        "first_page": section.first_page,
        "pages": _number(section.pages),
        "words": section.words,
        "share_of_pages": _number(section.share),
        "share_of_marks": _number(section.marks),
        "budget": _number(section.budget),
        "over_budget": None if section.budget is None else _yes(over=section.over_budget),
    }


def _heading(section: SectionUse, heading: HeadingUse) -> dict[str, Cell]:
    return {
        "row": "heading",
        "section": section.id,
        "considerations": " ".join(heading.codes),
        "text": heading.title,
        "first_page": heading.first_page,
        "pages": _number(heading.pages),
        "words": heading.words,
    }


def _cut(found: Economics, cuts: CutList, cut: Cut) -> dict[str, Cell]:
    """A cut; one of the set that brings the bid within its limit is a `chosen cut`."""
    return {
        "row": "chosen cut" if cut in cuts.chosen else "cut",
        "section": section_of(found, cut),
        "text": f"{cut.reason}: “{cut.quote}”",
        "words": cut.words,
        "lines": _number(cut.lines),
        "points": _number(-max(cut.cost, Fraction(0))),
        "place": place_in_file(found, cut),
    }


def _gain(gain: LineGain) -> dict[str, Cell]:
    rule = gain.finding.rule
    return {
        "row": "gain",
        "section": gain.finding.criterion.id,
        "considerations": gain.finding.consideration.id,
        "text": f"{rule.id}: {rule.claim}",
        "words": gain.words,
        "lines": _number(gain.lines),
        "points": _number(gain.gain),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 2)


def _yes(*, over: bool) -> str:
    return "yes" if over else "no"
