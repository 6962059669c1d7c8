"""Annotations for GitHub Actions: one workflow command a line, which GitHub shows beside the lines of the bid."""

from collections.abc import Iterator, Sequence

from pioneer_cli.assessment import Outcome, Report
from pioneer_cli.diagnostics import Severity, Span
from pioneer_cli.reports.look import Look, against, carried, gate_detail, page_words, points, printable, verdict_words

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_WORDS = {Outcome.PARTLY: "Partly met", Outcome.UNMET: "Not met", Outcome.UNKNOWN: "Unknown"}


def part(report: Report, look: Look) -> str:
    """A command for each diagnostic, gate and gap, and a notice with the verdict; the look changes no words."""
    return "".join(f"{carried(line, look.encoding)}\n" for line in _lines(report))


def whole(parts: Sequence[str]) -> str:
    """All commands, one a line."""
    return "".join(parts)


def _lines(report: Report) -> Iterator[str]:
    for found in report.diagnostics:
        hint = f"; {found.hint}" if found.hint else ""
        yield _command(found.file, found.severity, found.span, found.code, found.message + hint)
    assessment = report.assessment
    whole = report.source.value_span(())
    if assessment is None:
        yield _command(report.source.name, Severity.ERROR, whole, "not judged", "this bid cannot be judged")
        return
    for gate in assessment.gates:
        if report.left_out(gate):
            message = f"not checked: {gate_detail(gate, report)}"
            yield _command(report.source.name, Severity.NOTE, whole, f"gate {gate.gate.id}", message)
    for gate in report.gate_gaps:
        span = report.source.value_span(gate.shortfalls[0].path if gate.shortfalls else ())
        message = _gap(gate.outcome, gate.gate.claim, gate_detail(gate, report), gate.gate.remedy)
        yield _command(report.source.name, gate.severity, span, f"gate {gate.gate.id}{against(report)}", message)
    for gap in report.gaps:
        first = gap.shortfalls[0] if gap.shortfalls else None
        span = report.source.value_span(first.path if first else ())
        message = _gap(gap.outcome, gap.rule.claim, first.reason if first else "", gap.rule.remedy)
        title = f"{gap.consideration.id} {gap.rule.id}{against(report)}"
        yield _command(report.source.name, gap.severity, span, title, message)
    words = f"{verdict_words(assessment)}; {points(assessment.low, assessment.high)} of 100; {page_words(report.pages)}"
    yield _command(report.source.name, Severity.NOTE, whole, f"{assessment.phase} verdict{against(report)}", words)


def _gap(outcome: Outcome, claim: str, reason: str, remedy: str) -> str:
    """What was claimed, how far it holds and why no further, and what to do."""
    because = f" ({reason})" if reason else ""
    return f"{_WORDS[outcome]}: {claim.rstrip('.')}{because}. {remedy}"


def _command(file: str, severity: Severity, span: Span, title: str, message: str) -> str:
    properties = {"file": file, "line": str(span.start.line), "endLine": str(span.end.line)}
    if span.start.line == span.end.line:  # GitHub takes columns within one line only
        properties |= {"col": str(span.start.column), "endColumn": str(span.end.column)}
    properties["title"] = title
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[severity]} {written}::{_message(message.strip())}"


def _message(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
