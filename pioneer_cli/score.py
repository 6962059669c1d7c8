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
    EFFORTS,
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

_FEW = 2  # rules that a reason names


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
    verdict, best, reasons = _verdicts(pack, criteria, by_rule, gates)
    return Assessment(
        phase=phase,
        findings=tuple(findings),
        gates=tuple(gates),
        criteria=criteria,
        low=sum((found.low for found in criteria), Fraction(0)),
        high=sum((found.high for found in criteria), Fraction(0)),
        equal_low=_equal(criteria, [found.low for found in criteria]),
        equal_high=_equal(criteria, [found.high for found in criteria]),
        verdict=verdict,
        best_verdict=best,
        reasons=reasons,
        gains=_gains(criteria, by_rule, total),
    )


def _equal(criteria: Sequence[CriterionScore], scores: Sequence[Fraction]) -> Fraction:
    """The score out of 100 if every criterion weighed the same."""
    shares = (score / found.maximum for found, score in zip(criteria, scores, strict=True))
    return sum(shares, Fraction(0)) * 100 / len(criteria)


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


def _criterion_share(criterion: Criterion, shares: Mapping[str, _Range | ConsiderationScore]) -> _Range:
    """The mean over the criterion's groups; the best of alternatives counts ("and/or")."""
    groups = criterion.groups()
    low = sum((max(shares[code].low for code in group) for group in groups), Fraction(0))
    high = sum((max(shares[code].high for code in group) for group in groups), Fraction(0))
    return _Range(low / len(groups), high / len(groups))


def _criterion_score(pack: Pack, criterion: Criterion, by_rule: Mapping[str, Finding], total: int) -> CriterionScore:
    considerations = tuple(_consideration_score(found, by_rule) for found in criterion.considerations)
    share = _criterion_share(criterion, {found.consideration.id: found for found in considerations})
    weight = Fraction(criterion.weight * 100, total)
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


def _gains(criteria: Sequence[CriterionScore], by_rule: Mapping[str, Finding], total: int) -> dict[str, Fraction]:
    """What meeting each rule in full, and nothing else, would add to the low bound of the overall score."""
    gains = {}
    for found in criteria:
        weight = Fraction(found.criterion.weight * 100, total)
        shares: dict[str, _Range | ConsiderationScore] = {item.consideration.id: item for item in found.considerations}
        for consideration, rule in found.criterion.rules():
            mended = _mended(by_rule, rule.id)
            if mended is by_rule:
                gains[rule.id] = Fraction(0)
                continue
            after = {**shares, consideration.id: _consideration_share(consideration, mended)}
            gains[rule.id] = _criterion_share(found.criterion, after).low * weight - found.low
    return gains


def _mended(by_rule: Mapping[str, Finding], name: str) -> Mapping[str, Finding]:
    """The findings with one rule met in full; a rule that does not apply has nothing to mend."""
    finding = by_rule[name]
    if finding.low == 1 or finding.outcome is Outcome.NOT_APPLICABLE:
        return by_rule
    return {**by_rule, name: replace(finding, low=Fraction(1), high=Fraction(1), outcome=Outcome.MET)}


def _way_up(pack: Pack, criterion: Criterion, by_rule: Mapping[str, Finding], level: int) -> list[str] | None:
    """The rules that, met one after the other, bring a criterion to a level, each the most gained for its effort.

    None when what a machine can check does not suffice and the open questions have to be answered as well.
    """
    path: list[str] = []
    shares = {found.id: _consideration_share(found, by_rule) for found in criterion.considerations}
    share = _criterion_share(criterion, shares).low
    while pack.level(share).level < level:
        steps = []
        for consideration, rule in criterion.rules():
            if by_rule[rule.id].is_gap and rule.id not in path:
                after = {**shares, consideration.id: _consideration_share(consideration, _mended(by_rule, rule.id))}
                reached = _criterion_share(criterion, after).low
                effort = EFFORTS[rule.effort]
                steps.append(((reached - share) / effort, -effort, reached, rule.id, after))
        if not steps:
            return None
        _, _, share, name, shares = max(steps, key=lambda step: step[:3])
        by_rule = _mended(by_rule, name)
        path.append(name)
    return path


# --- The verdict -----------------------------------------------------------------------------------------------------


def _verdicts(
    pack: Pack, criteria: Sequence[CriterionScore], by_rule: Mapping[str, Finding], gates: Sequence[GateResult]
) -> tuple[Verdict | None, Verdict | None, tuple[str, ...]]:
    """The verdict as it stands, the best that answers to what is unknown could make it, and what keeps it down."""
    uncounted = [found for found in gates if found.outcome is Outcome.UNKNOWN and found.gate.predicate == "page-limit"]
    if uncounted:
        return None, None, ("the pages were not counted, so the page limit was not checked",)
    open_questions = [
        name for name, finding in by_rule.items() if finding.outcome is Outcome.UNKNOWN and finding.rule.is_judged
    ]
    unknown_gates = any(found.outcome is Outcome.UNKNOWN for found in gates)
    failed = [found for found in gates if found.is_gap and found.outcome is not Outcome.UNKNOWN]
    lows = [(found.criterion, found.level_low.level) for found in criteria]
    highs = [(found.criterion, found.level_high.level) for found in criteria]
    verdict = _reach(pack, lows, failed, bool(open_questions) or unknown_gates)
    best = _reach(pack, highs, failed, False)
    return verdict, best, tuple(_reasons(pack, criteria, by_rule, gates, open_questions, verdict))


def _reach(
    pack: Pack, levels: Sequence[tuple[Criterion, int]], failed: Sequence[GateResult], open_questions: bool
) -> Verdict:
    below_floor = any(level < pack.floor(criterion) for criterion, level in levels)
    if below_floor or any(found.severity is Severity.ERROR for found in failed):
        return Verdict.LATER_COHORT
    if failed or open_questions or any(level < pack.about.verdicts.meets_in_full for _, level in levels):
        return Verdict.SIFT_IN
    return Verdict.MEETS_IN_FULL


def _reasons(
    pack: Pack,
    criteria: Sequence[CriterionScore],
    by_rule: Mapping[str, Finding],
    gates: Sequence[GateResult],
    open_questions: Sequence[str],
    verdict: Verdict,
) -> list[str]:
    """What keeps the verdict from the next better one and what would change that, gates first."""
    if verdict is Verdict.MEETS_IN_FULL:
        return []
    reasons = []
    for found in gates:
        if found.outcome is Outcome.UNKNOWN:
            reasons.append(f"gate {found.gate.id}: {found.shortfalls[0].reason if found.shortfalls else 'unknown'}")
        elif found.is_gap:
            reasons.append(f"gate {found.gate.id} is not passed")
    reasons += _levels_missed(pack, criteria, by_rule, verdict)
    if open_questions:
        plural = "question waits" if len(open_questions) == 1 else "questions wait"
        reasons.append(f"{len(open_questions)} {plural} for a reviewer's judgement: {', '.join(open_questions)}")
    return reasons


def _levels_missed(
    pack: Pack, criteria: Sequence[CriterionScore], by_rule: Mapping[str, Finding], verdict: Verdict
) -> list[str]:
    """Each criterion below the level that the next better verdict takes, with the cheapest way up to it."""
    reasons = []
    for found in criteria:
        sifting = verdict is Verdict.LATER_COHORT
        wanted = pack.floor(found.criterion) if sifting else pack.about.verdicts.meets_in_full
        if found.level_low.level >= wanted:
            continue
        way = _way_up(pack, found.criterion, by_rule, wanted)
        how = "takes answers to the open questions as well" if way is None else f"would take {_few(way)}"
        now = _level_range(found.level_low.level, found.level_high.level)
        better = Verdict.SIFT_IN if sifting else Verdict.MEETS_IN_FULL
        reasons.append(f"{found.criterion.id} is at {now}, and {better} takes level {wanted}: that {how}")
    return reasons


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more


def _level_range(low: int, high: int) -> str:
    return f"level {low}" if low == high else f"level {low}–{high}"
