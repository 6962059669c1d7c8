"""What may be left standing and what may not: the ids that a comment or a baseline may suppress.

What the call itself makes an error can be waived by nobody but the call: the page limit, the deadline, who may apply,
and at the end of the selection the boards' support. Everything else is the writers' to decide.
"""

from collections.abc import Iterator

from pioneer_cli.assessment import Finding, GateResult, Report
from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.pack import Pack
from pioneer_cli.source import Source, YamlPath

# Diagnostics that leave a bid fit to be judged; all others are errors in the file.
CODES = ("invisible-character", "over-budget", "yaml-comment")


def names_of(pack: Pack) -> Iterator[str]:
    """Every id that can fall short: the pack's gates, its rules, and the codes of diagnostics."""
    yield from (gate.id for gate in pack.about.gates)
    yield from (rule.id for _, _, rule in pack.rules())
    yield from CODES


def rests_on_the_call(pack: Pack, phase: Phase) -> frozenset[str]:
    """The gates and rules that the call makes an error, when bids are sent in or in this phase; nobody may waive them.

    A rule that guesses from words, or is the house's, is never an error (`Pack.severity`).
    """
    phases: tuple[Phase, ...] = ("submission", phase)
    gates = (
        gate.id
        for gate in pack.about.gates
        if gate.authority == "call" and any(gate.severity.at(at) is Severity.ERROR for at in phases)
    )
    rules = (
        rule.id
        for _, consideration, rule in pack.rules()
        if any(pack.severity(consideration, rule, at) is Severity.ERROR for at in phases)
    )
    return frozenset((*gates, *rules))


def counted(report: Report) -> Iterator[Finding | GateResult | Diagnostic]:
    """Everything that counts against a bid that was judged, in the order of a report."""
    yield from report.diagnostics
    yield from report.gate_gaps
    yield from report.gaps


def places_of(what: Finding | GateResult | Diagnostic) -> tuple[YamlPath, ...]:
    """The paths at which a finding or a gate falls short, the whole bid when it names none; none of a diagnostic."""
    if isinstance(what, Diagnostic):
        return ()
    return tuple(dict.fromkeys(shortfall.path for shortfall in what.shortfalls)) or ((),)


def lines_of(source: Source, path: YamlPath) -> frozenset[int]:
    """The lines that speak of a path: where its value begins and where its key stands."""
    return frozenset({source.value_span(path).start.line, source.key_span(path).start.line})
