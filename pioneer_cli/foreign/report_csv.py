"""The report on a stranger's document as a table for spreadsheets: a line for each check, none of them a formula."""

import csv
from collections.abc import Iterator
from io import StringIO

from pioneer_cli.foreign.claims import Check, Judgement
from pioneer_cli.reports.look import Look, commandless, printable

COLUMNS = ("file", "check", "authority", "outcome", "severity", "found", "pages", "remedy")
_FORMULA = ("=", "+", "-", "@")


def write(judgement: Judgement, look: Look) -> str:
    """The report."""
    paper = StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(judgement):
        writer.writerow([_cell(text, look) for text in (judgement.file, *row)])
    return commandless(paper.getvalue())


def _rows(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    if judgement.problem:
        yield "document-can-be-read", "", "unmet", "error", judgement.problem, "", judgement.hint
    for check in judgement.checks:
        yield _row(check)


def _row(check: Check) -> tuple[str, ...]:
    severity = str(check.claim.severity) if check.is_gap else ""
    pages = " ".join(str(page) for page in check.pages)
    claim, remedy = check.claim, check.claim.remedy if check.is_gap else ""
    return claim.id, claim.authority, str(check.outcome), severity, check.found, pages, remedy


def _cell(text: str, look: Look) -> str:
    """A cell that a spreadsheet takes for text: one that would be a formula has an apostrophe before it."""
    shown = printable(text, look.encoding)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
