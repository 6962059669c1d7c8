"""The check for spreadsheets: a row for each place that falls short, and one with the verdict of each bid."""

from collections.abc import Iterator, Sequence

from pioneer_cli.assessment import Report
from pioneer_cli.reports.listing import Listed, what_counts, what_does_not_count
from pioneer_cli.reports.look import Look, carried, page_words, points, tallies, verdict_words
from pioneer_cli.reports.matrix_words import dotted
from pioneer_cli.reports.spreadsheet import Cell, spreadsheet

COLUMNS = (
    "file", "pack", "kind", "consideration", "name", "severity", "outcome", "claim", "reason", "line", "column",
    "end_line", "end_column", "path", "authority", "confidence", "remedy", "effort", "gain", "suppressed_by",
    "suppressed_because", "fingerprint",
)  # fmt: skip
Row = dict[str, Cell]


def part(report: Report, look: Look) -> str:
    """The rows of one bid, without their header."""
    table = spreadsheet(COLUMNS, ([row.get(column) for column in COLUMNS] for row in _rows(report, look)))
    _, _, rows = table.partition("\n")
    return carried(rows, look.encoding)


def whole(parts: Sequence[str]) -> str:
    """One table of all bids."""
    return spreadsheet(COLUMNS, ()) + "".join(parts)


def _rows(report: Report, look: Look) -> Iterator[Row]:
    same: Row = {"file": report.source.name, "pack": report.pack.about.name if report.pack else None}
    yield {**same, **_verdict(report, look)}
    for found in (*what_counts(report), *what_does_not_count(report)):
        yield from ({**same, **row} for row in _places(found))
    for entry in report.mended:
        yield {**same, "kind": "mended", "name": entry.rule, "path": entry.path, "fingerprint": entry.fingerprint}


def _verdict(report: Report, look: Look) -> Row:
    found = report.assessment
    if found is None:
        return {"kind": "verdict", "name": "not judged", "reason": tallies(report.severities)}
    words = (f"{points(found.low, found.high)} of 100", page_words(report.pages), tallies(report.severities))
    return {"kind": "verdict", "name": verdict_words(found), "reason": "; ".join((*words, *look.missed))}


def _places(found: Listed) -> Iterator[Row]:
    """The finding with each of its places."""
    known = found.suppressed
    same: Row = {
        "kind": found.kind,
        "consideration": found.part,
        "name": found.name,
        "severity": str(found.severity),
        "outcome": found.outcome,
        "claim": found.claim,
        "authority": found.authority,
        "confidence": found.confidence,
        "remedy": found.remedy,
        "effort": found.effort,
        "gain": round(float(found.gain), 4) if found.kind == "rule" else None,
        "suppressed_by": known.by if known else None,
        "suppressed_because": known.reason if known else None,
    }
    for place in found.places:
        yield {
            **same,
            "file": found.file,
            "reason": place.reason if found.kind != "file" else "",
            "line": place.span.start.line,
            "column": place.span.start.column,
            "end_line": place.span.end.line,
            "end_column": place.span.end.column,
            "path": dotted(place.path) if place.path else "",
            "fingerprint": place.fingerprint,
        }
