"""From findings and house weights to scores, levels and the verdict: arithmetic only, in exact fractions.

It never sees the bid. What is unknown counts nothing in the low bound and in full in the high bound, so that a gap in
knowledge can never raise a score. Considerations weigh by their rules' points, criteria by the pack's weights; the
call publishes none of either.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pioneer_cli.assessment import (
    Assessment,
    ConsiderationScore,
    CriterionScore,
    Finding,
    GateResult,
    Outcome,
    Verdict,
)
from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Severity
from pioneer_cli.pack import Consideration, Criterion, Pack


@dataclass(frozen=True, slots=True)
class _Range:
    low: Fraction
    high: Fraction


def score(pack: Pack, findings: Sequence[Finding], gates: Sequence[GateResult], phase: Phase) -> Assessment:
    """Scores every criterion and reaches the verdict.

    Raises ValueError unless every rule of the pack answered exactly once: a rule that did not run must not vanish.
    """
    _check_complete(pack, findings)
    by_rule = {finding.rule.id: finding for finding in findings}
    total = sum(criterion.weight for criterion in pack.criteria)
    criteria = tuple(_criterion_score(pack, criterion, by_rule, total) for criterion in pack.criteria)
    verdict, best, reasons = _verdicts(pack, criteria, findings, gates)
    return Assessment(
        phase=phase,
        findings=tuple(findings),
        gates=tuple(gates),
        criteria=criteria,
        low=sum((found.low for found in criteria), Fraction(0)),
        high=sum((found.high for found in criteria), Fraction(0)),
        verdict=verdict,
        best_verdict=best,
        reasons=reasons,
        gains=_gains(pack, criteria, by_rule, total),
    )


def _check_complete(pack: Pack, findings: Sequence[Finding]) -> None:
    answered = Counter(finding.rule.id for finding in findings)
    expected = [rule.id for _, _, rule in pack.rules()]
    if answered != Counter(expected) or not expected:
        wrong = sorted(set(expected) ^ set(answered) | {name for name, count in answered.items() if count > 1})
        raise ValueError(f"rules that did not answer exactly once: {', '.join(wrong) or 'there are none at all'}")


def _consideration_share(consideration: Consideration, by_rule: Mapping[str, Finding]) -> _Range:
    """The share of the points of the rules that apply; unknown from end to end when none does."""
    findings = [by_rule[rule.id] for rule in consideration.rules]
    applicable = [finding for finding in findings if finding.outcome is not Outcome.NOT_APPLICABLE]
    points = sum(finding.rule.points for finding in applicable)
    if points == 0:
        return _Range(Fraction(0), Fraction(1))
    low = sum((finding.low * finding.rule.points for finding in applicable), Fraction(0))
    high = sum((finding.high * finding.rule.points for finding in applicable), Fraction(0))
    return _Range(low / points, high / points)


def _criterion_share(criterion: Criterion, by_rule: Mapping[str, Finding]) -> _Range:
    """The mean over the criterion's groups; the best of alternatives counts ("and/or")."""
    shares = {found.id: _consideration_share(found, by_rule) for found in criterion.considerations}
    groups = criterion.groups()
    low = sum((max(shares[code].low for code in group) for group in groups), Fraction(0))
    high = sum((max(shares[code].high for code in group) for group in groups), Fraction(0))
    return _Range(low / len(groups), high / len(groups))


def _criterion_score(pack: Pack, criterion: Criterion, by_rule: Mapping[str, Finding], total: int) -> CriterionScore:
    share = _criterion_share(criterion, by_rule)
    weight = Fraction(criterion.weight * 100, total)
    considerations = tuple(_consideration_score(found, by_rule) for found in criterion.considerations)
    levels = pack.level(share.low), pack.level(share.high)
    return CriterionScore(criterion, weight, share.low * weight, share.high * weight, *levels, considerations)


def _consideration_score(consideration: Consideration, by_rule: Mapping[str, Finding]) -> ConsiderationScore:
    """A consideration falls short as far as a machine can tell; met it is only when no question is open either."""
    share = _consideration_share(consideration, by_rule)
    checkable = [rule for rule in consideration.rules if not rule.is_judged]
    outcome = Outcome.of(share.low, share.high)
    if checkable and outcome is Outcome.UNKNOWN:
        machine = _consideration_share(consideration.model_copy(update={"rules": tuple(checkable)}), by_rule)
        found = Outcome.of(machine.low, machine.high)
        outcome = Outcome.UNKNOWN if found is Outcome.MET else found
    return ConsiderationScore(consideration, share.low, share.high, outcome)


def _gains(
    pack: Pack, criteria: Sequence[CriterionScore], by_rule: Mapping[str, Finding], total: int
) -> dict[str, Fraction]:
    """What meeting each rule in full, and nothing else, would add to the low bound of the overall score."""
    gains = {}
    for found in criteria:
        weight = Fraction(found.criterion.weight * 100, total)
        for _, rule in found.criterion.rules():
            finding = by_rule[rule.id]
            if finding.low == 1:
                gains[rule.id] = Fraction(0)
                continue
            mended = {**by_rule, rule.id: replace(finding, low=Fraction(1), high=Fraction(1), outcome=Outcome.MET)}
            gains[rule.id] = _criterion_share(found.criterion, mended).low * weight - found.low
    return gains


# --- The verdict -----------------------------------------------------------------------------------------------------


def _verdicts(
    pack: Pack, criteria: Sequence[CriterionScore], findings: Sequence[Finding], gates: Sequence[GateResult]
) -> tuple[Verdict | None, Verdict | None, tuple[str, ...]]:
    """The verdict as it stands, the best that answers to what is unknown could make it, and what keeps it down."""
    uncounted = [found for found in gates if found.outcome is Outcome.UNKNOWN and found.gate.predicate == "page-limit"]
    if uncounted:
        return None, None, ("the pages were not counted, so the page limit was not checked",)
    open_questions = [
        finding.rule.id for finding in findings if finding.outcome is Outcome.UNKNOWN and finding.rule.is_judged
    ]
    unknown_gates = any(found.outcome is Outcome.UNKNOWN for found in gates)
    levels = {found.criterion.id: (found.level_low.level, found.level_high.level) for found in criteria}
    failed = [found for found in gates if found.is_gap and found.outcome is not Outcome.UNKNOWN]
    verdict = _reach(pack, [low for low, _ in levels.values()], failed, bool(open_questions) or unknown_gates)
    best = _reach(pack, [high for _, high in levels.values()], failed, False)
    return verdict, best, tuple(_reasons(pack, levels, gates, open_questions, verdict))


def _reach(pack: Pack, levels: Sequence[int], failed: Sequence[GateResult], open_questions: bool) -> Verdict:
    rules = pack.about.verdicts
    if any(found.severity is Severity.ERROR for found in failed) or min(levels) < rules.sift_in:
        return Verdict.LATER_COHORT
    if failed or open_questions or min(levels) < rules.meets_in_full:
        return Verdict.SIFT_IN
    return Verdict.MEETS_IN_FULL


def _reasons(
    pack: Pack,
    levels: Mapping[str, tuple[int, int]],
    gates: Sequence[GateResult],
    open_questions: Sequence[str],
    verdict: Verdict,
) -> list[str]:
    """What keeps the verdict from the next better one, gates first."""
    if verdict is Verdict.MEETS_IN_FULL:
        return []
    reasons = []
    for found in gates:
        if found.outcome is Outcome.UNKNOWN:
            reasons.append(f"gate {found.gate.id}: {found.shortfalls[0].reason if found.shortfalls else 'unknown'}")
        elif found.is_gap:
            reasons.append(f"gate {found.gate.id} is not passed")
    rules = pack.about.verdicts
    next_best = rules.sift_in if verdict is Verdict.LATER_COHORT else rules.meets_in_full
    below = [f"{code} ({_level_range(*found)})" for code, found in levels.items() if found[0] < next_best]
    if below:
        wanted = Verdict.SIFT_IN if verdict is Verdict.LATER_COHORT else Verdict.MEETS_IN_FULL
        reasons.append(f"{wanted} takes level {next_best} in every criterion; below it: {', '.join(below)}")
    if open_questions:
        plural = "question waits" if len(open_questions) == 1 else "questions wait"
        reasons.append(f"{len(open_questions)} {plural} for a reviewer's judgement: {', '.join(open_questions)}")
    return reasons


def _level_range(low: int, high: int) -> str:
    return f"level {low}" if low == high else f"level {low}–{high}"
