"""The result types: what a rule established, how a gate stands, what a criterion scores, and the report of it all.

Frozen data without behaviour beyond simple properties; `assess` and `score` make them, reporters print them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeVar

from pioneer_cli.diagnostics import Diagnostic, Severity, Span

if TYPE_CHECKING:  # the typesetter's results are types of this module too, and it must not wait for packs to load
    from pioneer_cli.bid import Phase
    from pioneer_cli.pack import Consideration, Criterion, Effort, Gate, Level, Pack, Rule
    from pioneer_cli.predicates import Shortfall
    from pioneer_cli.source import Source, YamlPath


# How much harder one effort is than another, by our own judgement (house).
EFFORTS: Mapping[Effort, int] = {"low": 1, "medium": 2, "high": 3}

Counted = TypeVar("Counted", "Finding", "GateResult")

# Times its budget of pages that a section may take before it is noted (house).
OVER_BUDGET = Fraction(3, 2)


class Outcome(StrEnum):
    """What a rule, a gate or a consideration came to."""

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"

    @classmethod
    def of(cls, low: Fraction, high: Fraction) -> Outcome:
        """The outcome of a share between two bounds; different bounds mean that something is unknown."""
        if low != high:
            return cls.UNKNOWN
        return cls.MET if low == 1 else cls.UNMET if low == 0 else cls.PARTLY


class Verdict(StrEnum):
    """The letter's three verdicts, from the best to the last."""

    MEETS_IN_FULL = "meets-in-full"
    SIFT_IN = "sift-in"
    LATER_COHORT = "later-cohort"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the bid that supports a claim, with the beginning of what it says."""

    path: YamlPath
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule established: the share that it earned, between two bounds, and on which places that rests."""

    criterion: Criterion
    consideration: Consideration
    rule: Rule
    outcome: Outcome
    low: Fraction
    high: Fraction
    severity: Severity
    evidence: tuple[Evidence, ...]
    shortfalls: tuple[Shortfall, ...]

    @property
    def is_gap(self) -> bool:
        """Whether the bid falls short of the rule, as far as a machine can tell."""
        return not self.rule.is_judged and self.outcome in (Outcome.UNMET, Outcome.PARTLY, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class GateResult:
    """How a gate stands; `severity` is what not passing it means in the phase."""

    gate: Gate
    outcome: Outcome
    severity: Severity
    shortfalls: tuple[Shortfall, ...]

    @property
    def is_gap(self) -> bool:
        """Whether it holds the bid up: it is not passed, or not known to be."""
        return self.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ConsiderationScore:
    """The share of its points, from 0 to 1, that a consideration earned."""

    consideration: Consideration
    low: Fraction
    high: Fraction
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """The points of a criterion out of its share of 100, its level 0–5, and its considerations."""

    criterion: Criterion
    maximum: Fraction
    low: Fraction
    high: Fraction
    level_low: Level
    level_high: Level
    considerations: tuple[ConsiderationScore, ...]

    def count(self, outcome: Outcome) -> int:
        """How many considerations came to an outcome."""
        return sum(score.outcome is outcome for score in self.considerations)


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that was established of one bid against one pack in one phase.

    `low` and `high` are out of 100, by the pack's weights; `equal_low` and `equal_high` by equal ones. `verdict`
    counts what is unknown as unmet, `best_verdict` as met; both are None
    when the pages were not counted. `gains` is what meeting a rule in full would add to `low`.
    """

    phase: Phase
    findings: tuple[Finding, ...]
    gates: tuple[GateResult, ...]
    criteria: tuple[CriterionScore, ...]
    low: Fraction
    high: Fraction
    equal_low: Fraction
    equal_high: Fraction
    verdict: Verdict | None
    best_verdict: Verdict | None
    reasons: tuple[str, ...]
    gains: Mapping[str, Fraction]

    @property
    def gaps(self) -> tuple[Finding, ...]:
        """The findings that fall short, worst first and then by what they would gain."""
        found = (finding for finding in self.findings if finding.is_gap)
        return tuple(sorted(found, key=lambda finding: (-finding.severity, -self.gains[finding.rule.id])))

    @property
    def cheapest_gains(self) -> tuple[Finding, ...]:
        """The gaps whose mending would gain anything, by the score gained for the effort, the best first."""
        found = [finding for finding in self.findings if finding.is_gap and self.gains[finding.rule.id] > 0]
        return tuple(sorted(found, key=lambda finding: -self.gains[finding.rule.id] / EFFORTS[finding.rule.effort]))


@dataclass(frozen=True, slots=True)
class SectionPages:
    """Where a section of the document begins and ends, and how many pages it takes, to a hundredth."""

    name: str
    first_page: int
    last_page: int
    pages: Fraction


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a typeset bid, counted in the PDF's page tree, the call's limit, and the room left on the last."""

    count: int
    limit: int | None
    lines_left: int
    sections: tuple[SectionPages, ...]

    @property
    def over(self) -> bool:
        """Whether there are more pages than the call allows."""
        return self.limit is not None and self.count > self.limit

    def of(self, section: str) -> SectionPages | None:
        """The pages of what the bid says under a key such as `vision`, None when the document has no such section."""
        return next((found for found in self.sections if found.name == PRINTED_AS.get(section)), None)


# The document's sections bear the codes of the pioneers' criteria; other packs look for the same keys of the bid.
PRINTED_AS = {
    "vision": "C1", "whole_system": "C2", "commitment": "C3", "capability": "C4", "sharing": "C5", "evidence": "C6",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """A field of the bid that serves several packs: the rules that rest on it, by the name of the pack."""

    field: str
    rules: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What is known and does not count against the bid: ignored by a comment in it, or listed in the baseline.

    `what` holds only those places that are suppressed; `span` is the comment's, or the finding's own. Nothing that is
    suppressed earns points, passes a gate or betters the verdict.
    """

    what: Finding | GateResult | Diagnostic
    by: Literal["ignore", "baseline"]
    reason: str
    span: Span

    @property
    def name(self) -> str:
        """The id of the rule or gate, or the diagnostic's code."""
        return name_of(self.what)


def name_of(what: Finding | GateResult | Diagnostic) -> str:
    """The id of a finding's rule or of a gate, or a diagnostic's code."""
    if isinstance(what, Finding):
        return what.rule.id
    return what.gate.id if isinstance(what, GateResult) else what.code


@dataclass(frozen=True, slots=True, order=True)
class Baselined:
    """One place of the baseline: a rule, gate or code, where in the bid (`partners[].kind`), and the fingerprint."""

    rule: str
    path: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a reader gets of one file; `pack` and `assessment` are None when the file could not be judged.

    `shared` is in the last report of a bid that was judged by several packs. `diagnostics` leaves out what is
    `suppressed`, while the assessment holds every finding and gate; `gaps` and `gate_gaps` are those that count.
    `mended` is what the baseline lists and the bid no longer has.
    """

    source: Source
    pack: Pack | None
    title: str
    diagnostics: tuple[Diagnostic, ...]
    assessment: Assessment | None
    pages: Pages | None
    shared: tuple[Shared, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    mended: tuple[Baselined, ...] = ()

    def left_out(self, gate: GateResult) -> bool:
        """Whether a gate was not checked because it was asked not to be: the page limit without a page count."""
        return self.pages is None and gate.gate.predicate == "page-limit"

    @property
    def gate_gaps(self) -> tuple[GateResult, ...]:
        """The gates that hold the bid up, worst first; left out on request or suppressed, one is none."""
        gates = self.assessment.gates if self.assessment else ()
        found = (gate for gate in gates if gate.is_gap and not self.left_out(gate))
        return tuple(sorted(self._counting(found), key=lambda gate: -gate.severity))

    @property
    def gaps(self) -> tuple[Finding, ...]:
        """The findings that fall short, as `Assessment.gaps` orders them, without what is suppressed."""
        return tuple(self._counting(self.assessment.gaps if self.assessment else ()))

    def _counting(self, found: Iterable[Counted]) -> Iterator[Counted]:
        """Those that are not suppressed; of one that is suppressed in some places, the places that are left."""
        if not self.suppressed:
            yield from found
            return
        hidden: dict[str, list[Shortfall]] = {}
        for known in self.suppressed:
            if not isinstance(known.what, Diagnostic):
                hidden.setdefault(known.name, []).extend(known.what.shortfalls)
        for item in found:
            left = tuple(place for place in item.shortfalls if place not in hidden.get(name_of(item), ()))
            if left or name_of(item) not in hidden:
                yield item if len(left) == len(item.shortfalls) else replace(item, shortfalls=left)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """How bad each thing is that counts: faults of the file, gates and gaps alike."""
        faults = (found.severity for found in self.diagnostics)
        return (*faults, *(found.severity for found in self.gate_gaps), *(found.severity for found in self.gaps))
