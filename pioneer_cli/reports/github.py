"""Annotations for GitHub Actions: one workflow command a line, which GitHub shows beside the lines of the bid.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a word. So a run gives its
worst nine of each, and a notice that says how many more there are; notes are only counted. The job summary has
everything: see `cli/outputs.py`.
"""

from collections.abc import Iterator, Mapping, Sequence

from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Severity, Span
from pioneer_cli.quantities import plural
from pioneer_cli.reports.listing import what_counts, what_does_not_count
from pioneer_cli.reports.look import (
    Look,
    against,
    carried,
    gate_detail,
    page_words,
    points,
    printable,
    tallies,
    verdict_words,
)

MOST = 9  # of each kind, over the whole run
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def part(report: Report, look: Look) -> str:
    """A command for each error and warning, worst first, and a notice with the verdict; the look changes no words."""
    return "".join(f"{carried(line, look.encoding)}\n" for line in _lines(report, look))


def whole(parts: Sequence[str]) -> str:
    """The worst nine of each kind over all bids, the first of each bid before the second of any, and how many more."""
    bids = [list(dict.fromkeys(part.splitlines())) for part in parts]
    ranks: dict[str, int] = {}  # of each line; a fault of a file that two packs see is one line
    for bid in bids:
        for rank, line in enumerate(bid):
            ranks.setdefault(line, rank)
    kinds = {kind: [line for line in ranks if line.startswith(f"::{kind} ")] for kind in _COMMANDS.values()}
    shown = {line for lines in kinds.values() for line in sorted(lines, key=lambda line: ranks[line])[:MOST]}
    more = {kind: len(lines) - MOST for kind, lines in kinds.items() if len(lines) > MOST}
    return "".join(f"{line}\n" for line in (*(line for line in ranks if line in shown), *_more(more)))


def _more(more: Mapping[str, int]) -> Iterator[str]:
    """The notice that says how much is not shown."""
    words = {"error": "error", "warning": "warning", "notice": "verdict"}
    left = [plural(number, words[kind]) for kind, number in more.items()]
    if left:
        told = f"and {', '.join(left)} more; the job summary lists everything, and so does --output text"
        yield f"::notice title=pioneer::{_message(told)}"


def _lines(report: Report, look: Look) -> Iterator[str]:
    """The commands of one bid, what matters most first; notes are counted in the verdict's."""
    whole = report.source.value_span(())
    assessment = report.assessment
    if assessment is None:
        yield _command(report.source.name, Severity.ERROR, whole, "not judged", "this bid cannot be judged")
    else:
        words = "; ".join(
            (
                verdict_words(assessment),
                f"{points(assessment.low, assessment.high)} of 100",
                page_words(report.pages),
                tallies(report.severities),
                *look.missed,
            )
        )
        title = f"{assessment.phase} verdict{against(report)}"
        told = "\n".join((words, *_left_out(report), *_ignored(report)))
        yield _command(report.source.name, Severity.NOTE, whole, title, told)
    for found in what_counts(report):
        if found.severity > Severity.NOTE:
            title = found.title if found.kind == "file" else f"{found.title}{against(report)}"
            yield _command(found.file, found.severity, found.span, title, found.message)


def _left_out(report: Report) -> Iterator[str]:
    """The gates that were not checked on request."""
    for gate in report.assessment.gates if report.assessment else ():
        if report.left_out(gate):
            yield f"gate {gate.gate.id} was not checked: {gate_detail(gate, report)}"


def _ignored(report: Report) -> Iterator[str]:
    """Every ignore with its reason, and how much the baseline holds."""
    baselined = 0
    for found in what_does_not_count(report):
        if found.suppressed is not None and found.suppressed.by == "ignore":
            yield f"ignored at line {found.suppressed.span.start.line}: {found.name}: {found.suppressed.reason}"
        else:
            baselined += 1
    if baselined:
        yield f"{plural(baselined, 'finding')} left out, listed in the baseline"
    if report.mended:
        names = ", ".join(dict.fromkeys(entry.rule for entry in report.mended))
        yield f"mended since the baseline was written: {names}"


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
