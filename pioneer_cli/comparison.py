"""Two versions of a bid, held against each other: what was closed, what opened, and whether anything was lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pioneer_cli.assessment import Assessment, CriterionScore, Finding, GateResult, Outcome, Pages, Report
from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.fingerprints import fingerprints
from pioneer_cli.pack import Criterion, Pack
from pioneer_cli.source import YamlPath

Kind = Literal["rule", "gate", "file"]
# How far each outcome is from passing a gate.
_STANDS = {Outcome.MET: 2, Outcome.NOT_APPLICABLE: 2, Outcome.UNKNOWN: 1, Outcome.PARTLY: 0, Outcome.UNMET: 0}


@dataclass(frozen=True, slots=True)
class State:
    """How a rule or gate falls short in one version: its outcome, the share that it earned, where, and why."""

    outcome: Outcome
    low: Fraction
    high: Fraction
    path: YamlPath
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A rule, a gate or a fault of the file that stands otherwise than before; None where a version has it not."""

    kind: Kind
    name: str
    claim: str
    severity: Severity
    before: State | None
    after: State | None

    @property
    def worse(self) -> bool:
        """Whether less is met, or known to be met, than before."""
        before, after = (
            (state.low, state.high) if state else (Fraction(1), Fraction(1)) for state in (self.before, self.after)
        )
        return after < before


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion's score and its section's pages in both versions; pages are None when they were not counted."""

    criterion: Criterion
    before: CriterionScore
    after: CriterionScore
    pages_before: Fraction | None
    pages_after: Fraction | None

    @property
    def fell(self) -> bool:
        """Whether the score fell: its low end, or its high end while the low one stayed."""
        return (self.after.low, self.after.high) < (self.before.low, self.before.high)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a bid. `regressions` says in words what was lost; a comparison without any is no step back.

    `closed` fell short before and does no longer, `opened` falls short only now, `shifted` falls short in both by more
    or by less. Comments and baselines change nothing here.
    """

    before: Report
    after: Report
    pack: Pack
    old: Assessment
    new: Assessment
    closed: tuple[Change, ...]
    opened: tuple[Change, ...]
    shifted: tuple[Change, ...]
    criteria: tuple[CriterionChange, ...]
    regressions: tuple[str, ...]


def compare(before: Report, after: Report) -> Comparison | None:
    """Compares the reports of two versions by one pack in one phase; None when either could not be judged."""
    if before.assessment is None or after.assessment is None or before.pack is None or after.pack is None:
        return None
    changes = list(_changes(before, before.assessment, after, after.assessment))
    criteria = tuple(_criteria(before, before.assessment, after, after.assessment))
    return Comparison(
        before,
        after,
        after.pack,
        before.assessment,
        after.assessment,
        tuple(change for change in changes if change.after is None),
        tuple(change for change in changes if change.before is None),
        tuple(change for change in changes if change.before is not None and change.after is not None),
        criteria,
        tuple(_regressions(before, before.assessment, after, after.assessment, criteria)),
    )


# --- What closed and what opened -------------------------------------------------------------------------------------


def _changes(before: Report, old: Assessment, after: Report, new: Assessment) -> Iterator[Change]:
    """Every difference, worst first."""
    found = [*_of_gates(before, old, after, new), *_of_rules(old, new), *_of_files(before, after)]
    yield from sorted(found, key=lambda change: -change.severity)


def _of_gates(before: Report, old: Assessment, after: Report, new: Assessment) -> Iterator[Change]:
    known = {found.gate.id: found for found in old.gates}
    for found in new.gates:
        was = known.get(found.gate.id)
        if was is None or before.left_out(was) or after.left_out(found):
            continue
        states = (_state(was), _state(found))
        if _differ(*states):
            yield Change("gate", found.gate.id, found.gate.claim, found.severity, *states)


def _of_rules(old: Assessment, new: Assessment) -> Iterator[Change]:
    known = {found.rule.id: found for found in old.findings}
    for found in new.findings:
        was = known.get(found.rule.id)
        if was is None:
            continue
        states = (_state(was), _state(found))
        if _differ(*states):
            yield Change("rule", found.rule.id, found.rule.claim, found.severity, *states)


def _of_files(before: Report, after: Report) -> Iterator[Change]:
    """Warnings and notes of the file itself, told apart by code and line of text."""
    old, new = _known_faults(before), _known_faults(after)
    for known, other, gone in ((old, new, True), (new, old, False)):
        for key, faults in known.items():
            for fault in faults[len(other.get(key, ())) :]:
                state = State(Outcome.UNMET, Fraction(0), Fraction(0), (), fault.message)
                states = (state, None) if gone else (None, state)
                yield Change("file", fault.code, fault.message, fault.severity, *states)


def _known_faults(report: Report) -> dict[str, list[Diagnostic]]:
    known: dict[str, list[Diagnostic]] = {}
    for fault in report.diagnostics:
        (key,) = (entry.fingerprint for _, entry in fingerprints(fault, report.source))
        known.setdefault(key, []).append(fault)
    return known


def _state(found: Finding | GateResult) -> State | None:
    """How it falls short; None when it does not. A gate earns nothing, or is not known not to be passed."""
    if not found.is_gap:
        return None
    first = found.shortfalls[0] if found.shortfalls else None
    shares = (Fraction(0), Fraction(found.outcome is Outcome.UNKNOWN))
    low, high = (found.low, found.high) if isinstance(found, Finding) else shares
    return State(found.outcome, low, high, first.path if first else (), first.reason if first else "")


def _differ(before: State | None, after: State | None) -> bool:
    if before is None or after is None:
        return before is not after
    return (before.low, before.high) != (after.low, after.high)


# --- What was lost ---------------------------------------------------------------------------------------------------


def _criteria(before: Report, old: Assessment, after: Report, new: Assessment) -> Iterator[CriterionChange]:
    known = {score.criterion.id: score for score in old.criteria}
    for score in new.criteria:
        if score.criterion.id in known:
            section = score.criterion.section
            pages = (_pages(before.pages, section), _pages(after.pages, section))
            yield CriterionChange(score.criterion, known[score.criterion.id], score, *pages)


def _pages(pages: Pages | None, section: str) -> Fraction | None:
    found = pages.of(section) if pages else None
    return found.pages if found else None


def _regressions(
    before: Report, old: Assessment, after: Report, new: Assessment, criteria: tuple[CriterionChange, ...]
) -> Iterator[str]:
    if before.pages and after.pages and after.pages.over and not before.pages.over:
        yield f"the page limit was crossed: {after.pages.count} pages, and the limit is {after.pages.limit}"
    if before.pages and after.pages and before.pages.over and after.pages.count > before.pages.count:
        counts = f"from {before.pages.count} to {after.pages.count} pages, and the limit is {after.pages.limit}"
        yield f"the bid, over its limit already, grew {counts}"
    known = {found.gate.id: found for found in old.gates}
    for found in new.gates:
        was = known.get(found.gate.id)
        if was is None or before.left_out(was) or after.left_out(found) or found.gate.predicate == "page-limit":
            continue
        if _STANDS[found.outcome] < _STANDS[was.outcome]:
            yield f"the gate {found.gate.id} was {was.outcome} and is {found.outcome}"
    for change in criteria:
        if change.fell:
            scores = (score_in_words(change.before), score_in_words(change.after))
            yield f"{change.criterion.id} fell from {scores[0]} to {scores[1]}"


def score_in_words(score: CriterionScore) -> str:
    """A criterion's points to a hundredth, so that a fall is seen: `12.25`, or `12.25–14.00`."""
    low, high = float(score.low), float(score.high)
    return f"{low:.2f}" if score.low == score.high else f"{low:.2f}–{high:.2f}"
