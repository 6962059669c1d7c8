"""Applies a pack to a bid: one finding for each rule, one result for each gate."""

from collections.abc import Sequence
from decimal import Decimal

from pioneer_cli.assessment import Evidence, Finding, GateResult, Outcome
from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Severity
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Check, Facts, Match, run

QUOTE_LENGTH = 80


def find_all(pack: Pack, facts: Facts, phase: Phase) -> tuple[Finding, ...]:
    """Every rule's finding, in the pack's order."""
    findings = []
    for criterion, consideration, rule in pack.rules():
        check = run(pack.tests[rule.id], facts)
        finding = Finding(
            criterion,
            consideration,
            rule,
            _outcome(check),
            check.low,
            check.high,
            pack.severity(consideration, rule, phase),
            _evidence(check.support),
            check.shortfalls,
        )
        findings.append(finding)
    return tuple(findings)


def pass_gates(pack: Pack, facts: Facts, phase: Phase) -> tuple[GateResult, ...]:
    """Every gate's result, in the pack's order."""
    results = []
    for gate in pack.about.gates:
        check = run(pack.tests[gate.id], facts)
        outcome, severity = _outcome(check), gate.severity.at(phase)
        if outcome is Outcome.UNKNOWN:  # what a bid leaves unsaid is a gap, not yet a failure
            severity = min(severity, Severity.WARNING)
        results.append(GateResult(gate, outcome, severity, check.shortfalls))
    return tuple(results)


def _outcome(check: Check) -> Outcome:
    return Outcome.of(check.low, check.high) if check.applicable else Outcome.NOT_APPLICABLE


def _evidence(support: Sequence[Match]) -> tuple[Evidence, ...]:
    return tuple(Evidence(match.path, quote(match.value)) for match in support)


def quote(value: object) -> str:
    """The beginning of what stands in a place, on one line; an entry is quoted by its first text."""
    text = " ".join(_in_text(value).split())
    return text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1].rstrip() + "…"


def _in_text(value: object) -> str:
    """A value as a bid writer knows it, and nothing of how Python shows it."""
    if isinstance(value, dict):
        return next((item for item in value.values() if isinstance(item, str) and item.strip()), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_in_text, value)))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
