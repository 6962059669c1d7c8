"""The sums behind a score, with the numbers put in: rule → consideration → criterion → the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pioneer_cli.assessment import Assessment, CriterionScore, Finding, Outcome


@dataclass(frozen=True, slots=True)
class Line:
    """A sum, or the heading over some."""

    text: str
    is_heading: bool = False


def arithmetic(assessment: Assessment) -> Iterator[Line]:
    """A line for each sum; what is unknown counts 0 in the low figure and in full in the high one."""
    by_consideration: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        by_consideration.setdefault(finding.consideration.id, []).append(finding)
    for score in assessment.criteria:
        yield Line(f"{score.criterion.id} {score.criterion.name}", is_heading=True)
        for found in score.considerations:
            code = found.consideration.id
            yield Line(f"{code} = {_of_rules(by_consideration[code])} = {_range(found.low, found.high)}")
        yield Line(_of_criterion(score))
    yield Line("Criteria together, by the weights of the pack, which are house weights", is_heading=True)
    total = " + ".join(_range(score.low, score.high) for score in assessment.criteria)
    yield Line(f"{total} = {_range(assessment.low, assessment.high)} of 100")
    yield Line("Criteria together, by equal weights", is_heading=True)
    shares = " + ".join(_range(score.low / score.maximum, score.high / score.maximum) for score in assessment.criteria)
    equal = _range(assessment.equal_low, assessment.equal_high)
    yield Line(f"({shares}) / {len(assessment.criteria)} × 100 = {equal} of 100")


def _of_rules(findings: list[Finding]) -> str:
    """The points of the rules that apply, each times the share that it earned, by all their points."""
    applicable = [finding for finding in findings if finding.outcome is not Outcome.NOT_APPLICABLE]
    if not applicable:
        return "no rule applies"
    earned = " + ".join(
        f"{finding.rule.id} {finding.rule.points} × {_range(finding.low, finding.high)}" for finding in applicable
    )
    return f"({earned}) / {sum(finding.rule.points for finding in applicable)}"


def _of_criterion(score: CriterionScore) -> str:
    """The mean of its considerations, the best of alternatives, times its weight."""
    shares = {found.consideration.id: found for found in score.considerations}
    groups = score.criterion.groups()
    parts = []
    for group in groups:
        names = [f"{code} {_range(shares[code].low, shares[code].high)}" for code in group]
        parts.append(names[0] if len(names) == 1 else f"the best of {', '.join(names)}")
    mean = f"({' + '.join(parts)}) / {len(groups)}"
    return f"{score.criterion.id} = {mean} × {_number(score.maximum)} = {_range(score.low, score.high)}"


def _range(low: Fraction, high: Fraction) -> str:
    return _number(low) if low == high else f"{_number(low)}–{_number(high)}"


def _number(value: Fraction) -> str:
    """A fraction of small numbers as it is, any other to a ten-thousandth."""
    if value.denominator == 1:
        return str(value.numerator)
    if value < 1 and value.denominator <= 20:
        return f"{value.numerator}/{value.denominator}"
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
