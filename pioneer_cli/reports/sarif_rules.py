"""Every rule, gate and code that a SARIF result can come from, with its help, as the log's rule descriptors."""

from collections.abc import Iterator
from typing import Any

from pioneer_cli.assessment import Report
from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Severity
from pioneer_cli.explanation import what_passes
from pioneer_cli.fault_codes import CODES, LIGHTER, meaning
from pioneer_cli.pack import Consideration, Criterion, Gate, Pack, Rule
from pioneer_cli.reports.listing import what_counts, what_does_not_count
from pioneer_cli.reports.look import printable
from pioneer_cli.reports.markup import inline

MOST_CHARACTERS = 1_000  # of a description; GitHub takes 1,024
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_AUTHORITIES = {
    "call": "the call",
    "house": "the tool's own judgement (house)",
    "accessibility": "what makes a document readable by everyone",
}
Json = dict[str, Any]
NOT_JUDGED: Json = {
    "id": "not-judged",
    "shortDescription": {"text": CODES["not-judged"]},
    "defaultConfiguration": {"level": "error"},
}
MISSED: Json = {
    "id": "threshold",
    "shortDescription": {"text": "The bid misses a minimum, or lost ground since a revision."},
    "defaultConfiguration": {"level": "error"},
}


def descriptors(report: Report) -> Iterator[Json]:
    """All gates and rules of the pack, then the codes of diagnostics: those that are known, and this bid's."""
    pack, assessment = report.pack, report.assessment
    if pack is not None and assessment is not None:
        for gate in pack.about.gates:
            yield _gate(gate, assessment.phase)
        for criterion, consideration, rule in pack.rules():
            yield _rule(pack, criterion, consideration, rule, assessment.phase)
    faults = {found.name: found for found in (*what_counts(report), *what_does_not_count(report))}
    told = {name: found.severity for name, found in faults.items() if found.kind == "file"}
    for code in dict.fromkeys((*CODES, *told)):
        yield _code(code, told.get(code))


def _rule(pack: Pack, criterion: Criterion, consideration: Consideration, rule: Rule, phase: Phase) -> Json:
    offers = {offer.id: offer.support for offer in pack.about.offers}
    lines = [
        ("Why it matters", rule.why),
        ("Rests on", f"{_AUTHORITIES[rule.authority]}, under {consideration.id}: {consideration.asks}"),
        ("What passes", what_passes(rule)),
        ("How to mend it", f"{rule.remedy} ({rule.effort} effort)"),
        *([("National support", offers[rule.support])] if rule.support else []),
    ]
    tags = [rule.authority, criterion.name, consideration.id, *(["judged-by-people"] if rule.is_judged else [])]
    more = {
        "consideration": consideration.id,
        "criterion": criterion.id,
        "points": rule.points,
        "effort": rule.effort,
        "precision": "low" if rule.confidence == "low" else "high",
    }
    severity = pack.severity(consideration, rule, phase)
    return _descriptor(rule.id, severity, (rule.claim, rule.why), lines, tags, {"authority": rule.authority, **more})


def _gate(gate: Gate, phase: Phase) -> Json:
    lines = [
        ("Why it matters", gate.why),
        ("Rests on", f"{_AUTHORITIES[gate.authority]} ({gate.clause})"),
        ("What passes", what_passes(gate)),
        ("How to mend it", f"{gate.remedy} ({gate.effort} effort)"),
    ]
    more = {"authority": gate.authority, "clause": gate.clause, "effort": gate.effort, "precision": "very-high"}
    return _descriptor(gate.id, gate.severity.at(phase), (gate.claim, gate.why), lines, [gate.authority, "gate"], more)


def _code(code: str, severity: Severity | None) -> Json:
    told = meaning(code)
    more = {"precision": "very-high"}
    return _descriptor(
        code, severity or LIGHTER.get(code, Severity.ERROR), (told, told), [("What it says", told)], ["file"], more
    )


def _descriptor(
    name: str, severity: Severity, said: tuple[str, str], lines: list[tuple[str, str]], tags: list[str], more: Json
) -> Json:
    claim, why = said
    text = "\n".join((_text(claim), *(f"{label}: {_text(value)}" for label, value in lines)))
    markdown = "\n\n".join((inline(claim), *(f"**{label}.** {inline(value, 2_000)}" for label, value in lines)))
    return {
        "id": name,
        "shortDescription": {"text": _text(claim)},
        "fullDescription": {"text": _text(why)},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": str(severity)},
        "properties": {"tags": tags, "problem.severity": _PROBLEMS[severity], **more},
    }


def _text(text: str) -> str:
    shown = printable(text)
    cut = shown if len(shown) <= MOST_CHARACTERS else f"{shown[:MOST_CHARACTERS]}…"
    return cut.replace("{", "{{").replace("}", "}}").replace("](", "] (")
