"""What falls short of a bid as one flat list, for the formats that show a row, a mark or an alert for each thing.

Faults of the file come first, then gates, then gaps, each worst first. Nothing here depends on how a format writes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pioneer_cli.assessment import Finding, GateResult, Outcome, Report, Suppressed, name_of
from pioneer_cli.diagnostics import Diagnostic, Related, Severity, Span
from pioneer_cli.fingerprints import fingerprints
from pioneer_cli.reports.look import gate_detail, gate_remedy
from pioneer_cli.source import YamlPath
from pioneer_cli.waivable import counted

Kind = Literal["file", "gate", "rule"]
_WORDS = {Outcome.PARTLY: "Partly met", Outcome.UNMET: "Not met", Outcome.UNKNOWN: "Unknown"}


@dataclass(frozen=True, slots=True)
class Place:
    """One place at which something falls short: its path in the bid, where that stands, and why."""

    path: YamlPath
    span: Span
    reason: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing that falls short: a fault of a file, a gate or a rule, at one place or at several.

    `name` is the id of the rule or gate, or the diagnostic's code; `part` the consideration, empty for all else.
    `gain` is in points of 100. `suppressed` tells by what it does not count, and why; None for what counts.
    """

    kind: Kind
    name: str
    file: str
    part: str
    authority: str
    confidence: str
    severity: Severity
    outcome: str
    claim: str
    message: str
    remedy: str
    effort: str
    gain: Fraction
    places: tuple[Place, ...]
    related: tuple[Related, ...] = ()
    suppressed: Suppressed | None = None

    @property
    def span(self) -> Span:
        """Where the first of its places stands."""
        return self.places[0].span

    @property
    def title(self) -> str:
        """What it is called in a list: `C1a vision-is-stated`, `gate page-limit`, `unknown-key`."""
        before = "gate" if self.kind == "gate" else self.part
        return f"{before} {self.name}" if before else self.name


def what_counts(report: Report) -> Iterator[Listed]:
    """Everything that counts against a bid; of one that cannot be judged, its faults."""
    for what in counted(report):
        yield _listed(what, report)


def what_does_not_count(report: Report) -> Iterator[Listed]:
    """What comments in the bid ignore, and what the baseline lists."""
    for known in report.suppressed:
        yield _listed(known.what, report, known)


def _listed(what: Finding | GateResult | Diagnostic, report: Report, suppressed: Suppressed | None = None) -> Listed:
    if isinstance(what, Diagnostic):
        return _fault(what, report, suppressed)
    places = _places(what, report)
    first = places[0].reason
    if isinstance(what, GateResult):
        message = _gap(what.outcome, what.gate.claim, gate_detail(what, report), gate_remedy(what, report))
        gate = what.gate
        return Listed(
            "gate", gate.id, report.source.name, "", gate.authority, "high", what.severity, str(what.outcome),
            gate.claim, message, gate_remedy(what, report), gate.effort, Fraction(0), places, (), suppressed,
        )  # fmt: skip
    rule = what.rule
    gain = report.assessment.gains[rule.id] if report.assessment else Fraction(0)
    message = _gap(what.outcome, rule.claim, first, rule.remedy)
    return Listed(
        "rule", rule.id, report.source.name, what.consideration.id, rule.authority, rule.confidence, what.severity,
        str(what.outcome), rule.claim, message, rule.remedy, rule.effort, gain, places, (), suppressed,
    )  # fmt: skip


def _fault(found: Diagnostic, report: Report, suppressed: Suppressed | None) -> Listed:
    ((path, known),) = fingerprints(found, report.source)
    place = Place(path, found.span, found.message, known.fingerprint)
    message = f"{found.message}; {found.hint}" if found.hint else found.message
    return Listed(
        "file", found.code, found.file, "", "", "high", found.severity, "", found.message, message, found.hint, "",
        Fraction(0), (place,), found.related, suppressed,
    )  # fmt: skip


def _places(what: Finding | GateResult, report: Report) -> tuple[Place, ...]:
    """Each place once, with the first reason that is given for it."""
    reasons: dict[YamlPath, str] = {}
    for shortfall in what.shortfalls:
        reasons.setdefault(shortfall.path, shortfall.reason)
    span = report.source.value_span
    known = fingerprints(what, report.source)
    return tuple(Place(path, span(path), reasons.get(path, ""), entry.fingerprint) for path, entry in known)


def _gap(outcome: Outcome, claim: str, reason: str, remedy: str) -> str:
    """What was claimed, how far it holds and why no further, and what to do."""
    because = f" ({reason})" if reason else ""
    return f"{_WORDS[outcome]}: {claim.rstrip('.')}{because}. {remedy}"


def is_hidden(report: Report, name: str) -> Suppressed | None:
    """By what a rule or gate is suppressed altogether; None when some of it counts or nothing of it is suppressed."""
    if any(name_of(what) == name for what in counted(report)):
        return None
    return next((known for known in report.suppressed if known.name == name), None)
