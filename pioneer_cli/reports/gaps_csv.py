"""A gap report for spreadsheets: a row for each place of evidence, gap, judgement, gate, figure and reading."""

from collections.abc import Iterable, Iterator, Sequence

from pioneer_cli.gap_report import EXPECTED, FIGURES_DIFFER, ConsiderationGaps, CriterionGaps, Gap, GapReport, Quoted
from pioneer_cli.reports.gaps_words import LEDGER_NAME, answers_words, file_name, readings
from pioneer_cli.reports.matrix_words import NO_PAGE, dotted
from pioneer_cli.reports.spreadsheet import Cell, spreadsheet
from pioneer_cli.whereabouts import Spot

COLUMNS = (
    "file", "kind", "criterion", "consideration", "outcome", "named_by", "authority", "confidence", "severity",
    "statement", "quote", "first_page", "last_page", "path", "line", "column", "remedy", "effort", "gain", "support",
    "question",
)  # fmt: skip
Fields = dict[str, Cell]


def gaps_csv(reports: Sequence[GapReport]) -> str:
    """The reports in one table."""
    rows = ({"file": file_name(report), **row} for report in reports for row in _rows(report))
    return spreadsheet(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))


def _rows(report: GapReport) -> Iterator[Fields]:
    row: Fields
    for found in report.criteria:
        for item in found.considerations:
            asked: Fields = {
                "criterion": found.score.criterion.id,
                "consideration": item.score.consideration.id,
                "outcome": str(item.score.outcome),
            }
            yield from ({**asked, **row} for row in _consideration(report, item))
        yield from _levels(found)
    for judgement in report.panel.judgements:
        recommended = judgement.review.recommendation
        told = f"{recommended.verdict or ''}: {recommended.reason or ''}" if judgement.counts else judgement.why_not
        outcome = "counts" if judgement.counts else "does not count"
        yield {"kind": "review", "named_by": judgement.reviewer, "outcome": outcome, "statement": told}
    for gate in report.gates:
        row = {
            "kind": "gate",
            "outcome": str(gate.result.outcome),
            "named_by": gate.result.gate.id,
            "authority": gate.result.gate.authority,
            "severity": str(gate.result.severity) if gate.result.is_gap else "",
            "statement": gate.result.gate.claim,
            "question": gate.result.gate.question if gate.result.is_gap else "",
        }
        yield from _places(row, gate.missing)
    for expected in report.expected:
        statement = f"{expected.expectation.id} {expected.expectation.expects}"
        row = {"kind": "expectation", "named_by": EXPECTED, "confidence": "low", "statement": statement}
        yield from _places(row, expected.heard.passages)
    for line in report.ledger:
        yield from _places({"kind": line.kind, "named_by": LEDGER_NAME, "statement": line.shown}, line.places)
    yield from _readings(report)
    for standing in report.standings:
        by = standing.reply.accepted_by if standing.reply else None
        named = f"{standing.id} {by}" if by else standing.id
        yield {"kind": "question", "named_by": named, "statement": standing.words, "question": standing.text}
    for name, digest in report.digests.items():
        yield {"kind": "made-from", "statement": name, "quote": digest}


def _consideration(report: GapReport, item: ConsiderationGaps) -> Iterator[Fields]:
    for answer in (answer for row in item.rows for answer in row.answers):
        start = report.source.value_span(answer.path).start
        spot = Spot(answer.path, start.line, start.column, answer.first_page, answer.last_page)
        named = " ".join(answer.rules)
        yield {"kind": "evidence", "named_by": named, "quote": answer.quote, **_spot(spot)}
    for gap in item.gaps:
        question = item.score.consideration.question
        yield from _places({**_gap(gap), "question": question}, gap.missing)
    for judged in item.judged:
        rule = judged.finding.rule
        asked: Fields = {"kind": "judgement", "authority": rule.authority, "question": str(rule.arguments["question"])}
        if not judged.answers:
            yield {**asked, "named_by": rule.id, "statement": answers_words(judged)}
        for reviewer, given in judged.answers:
            yield {**asked, "named_by": f"{rule.id} {reviewer}", "statement": f"{given.answer}: {given.reason or ''}"}


def _gap(gap: Gap) -> Fields:
    rule = gap.finding.rule
    return {
        "kind": "gap",
        "named_by": rule.id,
        "authority": rule.authority,
        "confidence": rule.confidence,
        "severity": str(gap.finding.severity),
        "remedy": rule.remedy,
        "effort": rule.effort,
        "gain": round(float(gap.gain), 4),
        "support": gap.offer.support if gap.offer else "",
    }


def _levels(found: CriterionGaps) -> Iterator[Fields]:
    criterion: Fields = {"kind": "level", "criterion": found.score.criterion.id}
    low, high = found.score.level_low.level, found.score.level_high.level
    yield {**criterion, "named_by": "machine", "statement": str(low) if low == high else f"{low}–{high}"}
    for reviewer, judged in found.levels:
        row: Fields = {**criterion, "named_by": reviewer, "statement": f"{judged.level}: {judged.reasons or ''}"}
        yield from _places(row, found.quotes[reviewer])


def _readings(report: GapReport) -> Iterator[Fields]:
    for item in report.differing:
        statement = f"{item.about}: {item.why}"
        yield from _places(
            {"kind": "reading", "named_by": FIGURES_DIFFER, "confidence": "low", "statement": statement}, item.places
        )
    for name, quotes in readings(report).items():
        yield from _places({"kind": "reading", "named_by": name, "confidence": "low"}, quotes)


def _places(row: Fields, places: Iterable[Quoted]) -> Iterator[Fields]:
    """The row with each place; the row by itself where there is none."""
    found = False
    for place in places:
        found = True
        statement = ": ".join(filter(None, (str(row.get("statement", "")), place.remark)))
        yield {**row, "statement": statement, "quote": place.text, **_spot(place.spot)}
    if not found:
        yield row


def _spot(spot: Spot) -> Fields:
    return {
        "first_page": spot.first_page or NO_PAGE,
        "last_page": spot.last_page or NO_PAGE,
        "path": dotted(spot.path),
        "line": spot.line,
        "column": spot.column,
    }
