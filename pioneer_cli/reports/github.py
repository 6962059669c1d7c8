"""Annotations for GitHub Actions: one workflow command a line, which GitHub shows beside the lines of the bid."""

from collections.abc import Iterator, Sequence

from pioneer_cli.assessment import Outcome, Report
from pioneer_cli.diagnostics import Severity, Span
from pioneer_cli.reports.look import Look, gate_detail, page_words, points, printable, verdict_words

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def part(report: Report, look: Look) -> str:
    """A command for each diagnostic, gate and gap, and a notice with the verdict; the look changes nothing."""
    return "".join(f"{line}\n" for line in _lines(report))


def whole(parts: Sequence[str]) -> str:
    """All commands, one a line."""
    return "".join(parts)


def _lines(report: Report) -> Iterator[str]:
    for found in report.diagnostics:
        yield _command(found.file, found.severity, found.span, found.code, f"{found.message}. {found.hint}")
    assessment = report.assessment
    whole = report.source.value_span(())
    if assessment is None:
        yield _command(report.source.name, Severity.ERROR, whole, "not judged", "this bid cannot be judged")
        return
    for gate in assessment.gates:
        if gate.outcome is not Outcome.MET:
            span = report.source.value_span(gate.shortfalls[0].path if gate.shortfalls else ())
            message = f"{gate.gate.claim.rstrip('.')}: {gate_detail(gate, report)}. {gate.gate.remedy}"
            yield _command(report.source.name, gate.severity, span, f"gate {gate.gate.id}", message)
    for gap in assessment.gaps:
        first = gap.shortfalls[0] if gap.shortfalls else None
        span = report.source.value_span(first.path if first else ())
        message = f"{gap.rule.claim.rstrip('.')}: {first.reason if first else 'not met'}. {gap.rule.remedy}"
        yield _command(report.source.name, gap.severity, span, f"{gap.consideration.id} {gap.rule.id}", message)
    words = f"{points(assessment.low, assessment.high)} of 100; {page_words(report.pages)}; {verdict_words(assessment)}"
    yield _command(report.source.name, Severity.NOTE, whole, f"{assessment.phase} verdict", words)


def _command(file: str, severity: Severity, span: Span, title: str, message: str) -> str:
    properties = {
        "file": file,
        "line": str(span.start.line),
        "endLine": str(span.end.line),
        "col": str(span.start.column),
        "endColumn": str(span.end.column),
        "title": title,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[severity]} {written}::{_message(message.strip())}"


def _message(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
