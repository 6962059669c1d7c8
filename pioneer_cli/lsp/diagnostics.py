"""What is marked in an editor: faults of the file, gates that hold the bid up, and each place that falls short."""

from collections.abc import Iterator
from dataclasses import dataclass

from pioneer_cli.assessment import Finding, GateResult, Outcome, Report
from pioneer_cli.diagnostics import Diagnostic, Related, Severity, Span
from pioneer_cli.reports.look import gate_detail, gate_remedy, page_words, printable
from pioneer_cli.source import YamlPath

_WORDS = {Outcome.PARTLY: "Partly met", Outcome.UNMET: "Not met", Outcome.UNKNOWN: "Unknown"}
BEFORE = "before this edit; they are being counted again"


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark: where, how bad, the id of the rule or the code of the fault, what to say, and places that explain it.

    `path` is where a finding falls short; None for a fault of the file, which has no `brief` either: the reason and the
    remedy in one line.
    """

    span: Span
    severity: Severity
    code: str
    message: str
    related: tuple[Related, ...] = ()
    path: YamlPath | None = None
    brief: str = ""


def marked(report: Report, before: Report | None = None) -> list[Marked]:
    """All marks of a report, by their places, each once.

    While the pages are being counted, `before` is the last report that had some: what it said of them stays marked,
    and is told to be of the text before the edit.
    """
    marks = [_fault(report, fault) for fault in report.diagnostics]
    if report.assessment is not None:
        marks += _of_pages(report, before) if report.pages is None and before is not None else ()
        marks += [mark for gate in report.gate_gaps for mark in _gate(report, gate)]
        marks += [mark for gap in report.gaps for mark in _gap(report, gap)]
    return sorted(dict.fromkeys(marks), key=lambda mark: (mark.span, -mark.severity, mark.code))


def _fault(report: Report, fault: Diagnostic) -> Marked:
    """A fault of the file; one of another file, such as a pack's, is told at the top with the place that it has."""
    message = f"{fault.message}\n{fault.hint}" if fault.hint else fault.message
    if fault.file == report.source.name:
        return Marked(fault.span, fault.severity, fault.code, printable_lines(message), fault.related)
    top = report.source.key_span(())
    return Marked(top, fault.severity, fault.code, printable_lines(f"{fault.file}:{fault.span.start}: {message}"))


def _of_pages(report: Report, before: Report) -> Iterator[Marked]:
    """What an earlier report said of the pages, at its place in the text as it now is."""
    if before.pages is not None and before.pages.over:
        span, words = report.source.value_span(()), f"{page_words(before.pages)}, {BEFORE}"
        yield Marked(span, Severity.ERROR, "page-limit", words, path=(), brief=words)
    for fault in before.diagnostics:
        found = before.source.path_at(fault.span.start) if fault.code == "over-budget" else None
        if found is not None and found[0] in report.source:
            span = report.source.key_span(found[0])
            yield Marked(span, fault.severity, fault.code, f"{fault.message}, {BEFORE}")


def _gate(report: Report, found: GateResult) -> Iterator[Marked]:
    for path in _places(found):
        gate, reason, span = found.gate, gate_detail(found, report), report.source.value_span(path)
        remedy = gate_remedy(found, report)
        message = _message(found.outcome, "", gate.claim, reason, remedy)
        yield Marked(span, found.severity, gate.id, message, path=path, brief=_brief(reason or gate.claim, remedy))


def _gap(report: Report, gap: Finding) -> Iterator[Marked]:
    """A mark at each place that falls short, with the reasons that it has."""
    for path in _places(gap):
        reasons = (shortfall.reason for shortfall in gap.shortfalls if shortfall.path == path)
        rule, reason, span = gap.rule, "; ".join(dict.fromkeys(reasons)), report.source.value_span(path)
        message = _message(gap.outcome, f" ({gap.consideration.id})", rule.claim, reason, rule.remedy)
        yield Marked(span, gap.severity, rule.id, message, path=path, brief=_brief(reason or rule.claim, rule.remedy))


def _places(found: Finding | GateResult) -> tuple[YamlPath, ...]:
    return tuple(dict.fromkeys(shortfall.path for shortfall in found.shortfalls)) or ((),)


def _message(outcome: Outcome, code: str, claim: str, reason: str, remedy: str) -> str:
    because = f" – {reason}" if reason and reason != claim else ""
    return printable_lines(f"{_WORDS.get(outcome, 'Not met')}{code}: {claim.rstrip('.')}{because}.\n{remedy.strip()}")


def _brief(reason: str, remedy: str) -> str:
    return printable(" ".join(f"{reason.rstrip('.')}. {remedy}".split()))


def printable_lines(text: str) -> str:
    """A text in which nothing but the ends of its lines moves anything."""
    return "\n".join(printable(" ".join(line.split())) for line in text.split("\n"))
