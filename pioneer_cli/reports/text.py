"""The report for people at a terminal.

Gaps by criterion, worst first, each at its place; then the table, the gates and, on the last line, the verdict.
"""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pioneer_cli.assessment import Assessment, CriterionScore, Finding, Outcome, Report
from pioneer_cli.diagnostics import Diagnostic, Severity, Span
from pioneer_cli.reports.look import (
    Look,
    gate_detail,
    gate_words,
    level,
    points,
    printable,
)
from pioneer_cli.source import Source

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_BEST_GAINS = 3


def part(report: Report, look: Look) -> str:
    """One bid's report."""
    console = Console(
        file=StringIO(),
        width=look.width,
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        if not look.quiet:
            for diagnostic in report.diagnostics:
                _write_diagnostic(console, diagnostic, report.source)
            if report.assessment is not None:
                _write_gaps(console, report, report.assessment)
                _write_table(console, report, report.assessment)
                _write_gates(console, report, report.assessment)
                _write_best_gains(console, report.assessment)
                _write_reasons(console, report.assessment)
        console.print(_last_line(report), soft_wrap=True)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def whole(parts: Sequence[str]) -> str:
    """The reports one after the other; those of several lines are kept apart by a blank one."""
    between = "\n" if any(part.count("\n") > 1 for part in parts) else ""
    return between.join(parts)


# --- Places ----------------------------------------------------------------------------------------------------------


def _write_diagnostic(console: Console, diagnostic: Diagnostic, source: Source) -> None:
    _write_head(console, diagnostic.file, diagnostic.span, diagnostic.severity, diagnostic.code, "")
    if diagnostic.file == source.name:
        _write_excerpt(console, source, diagnostic.span, diagnostic.message)
    else:  # a fault of the pack's, whose lines are not at hand
        console.print(Text(f"  {printable(diagnostic.message)}", style="bold"))
    for related in diagnostic.related:
        _write_excerpt(console, source, related.span, related.label)
    if diagnostic.hint:
        console.print(Text(f"  {printable(diagnostic.hint)}", style="green"))
    console.print()


def _write_head(console: Console, file: str, span: Span, severity: Severity, name: str, rest: str) -> None:
    head = Text(f"{printable(file)}:{span.start} ")
    head.append(str(severity), style=_COLOURS[severity])
    head.append(f" {name}", style="bold")
    head.append(rest)
    console.print(head, soft_wrap=True)


def _write_excerpt(console: Console, source: Source, span: Span, message: str) -> None:
    """The line with a caret under the place and the message behind the caret, cut to the terminal's width."""
    number = str(span.start.line)
    gutter = " " * (len(number) + 3)
    room = max(20, console.width - len(gutter) - 2)
    line, column = source.line(span.start.line), span.start.column - 1
    end = span.end.column - 1 if span.end.line == span.start.line else len(line)
    shift = max(0, column - room // 2) if len(line) > room else 0
    shown = printable(line[shift : shift + room].replace("\t", " "))
    if shift:
        shown = "…" + shown[1:]
    if len(line) > shift + room:
        shown = shown[:-1] + "…"
    carets = "^" * max(1, min(end - column, room - (column - shift), 40))
    console.print(Text(f"  {number} | ", style="dim") + Text(shown), soft_wrap=True)
    under = f"{gutter}| {' ' * (column - shift)}{carets}"
    message = printable(message)
    if len(under) + 1 + len(message) <= console.width:
        console.print(Text(f"{under} {message}", style="bold"), soft_wrap=True)
    else:
        console.print(Text(under, style="bold"), soft_wrap=True)
        for part in Text(message).wrap(console, console.width - len(gutter) - 2):
            console.print(Text(f"{gutter}| {part.plain}", style="bold"), soft_wrap=True)


# --- Gaps ------------------------------------------------------------------------------------------------------------


def _write_gaps(console: Console, report: Report, assessment: Assessment) -> None:
    for score in assessment.criteria:
        gaps = [gap for gap in assessment.gaps if gap.criterion.id == score.criterion.id]
        if gaps:
            console.rule(Text(_heading(score), style="bold"), align="left", characters="-", style="dim")
        for gap in gaps:
            _write_gap(console, report, gap, assessment)


def _heading(score: CriterionScore) -> str:
    return f"{score.criterion.id} {score.criterion.title}"


def _write_gap(console: Console, report: Report, gap: Finding, assessment: Assessment) -> None:
    path = gap.shortfalls[0].path if gap.shortfalls else ()
    gain = float(assessment.gains[gap.rule.id])
    rest = f" ({gap.consideration.id}, {gap.rule.authority})" + (f" +{gain:.1f}" if gain >= 0.05 else "")
    span = report.source.value_span(path)
    _write_head(console, report.source.name, span, gap.severity, gap.rule.id, rest)
    _write_excerpt(console, report.source, span, _why(gap))
    remedy = Text(f"{gap.rule.remedy} ({gap.rule.effort} effort)", style="green")
    for part in remedy.wrap(console, console.width - 2):
        console.print(Text("  ") + part, soft_wrap=True)
    console.print()


def _why(gap: Finding) -> str:
    first = gap.shortfalls[0].reason if gap.shortfalls else "not met"
    more = len({shortfall.path for shortfall in gap.shortfalls}) - 1
    return first if more < 1 else f"{first}; and {more} more {'place' if more == 1 else 'places'}"


# --- The end of the report -------------------------------------------------------------------------------------------


def _write_table(console: Console, report: Report, assessment: Assessment) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Criterion", no_wrap=True)
    for name in ("Level", "Score", "of", "Met", "Partly", "Unmet", "Unknown", "Pages"):
        table.add_column(name, justify="right", no_wrap=True)
    for score in assessment.criteria:
        section = report.pages.of(score.criterion.id) if report.pages else None
        table.add_row(
            f"{score.criterion.id} {score.criterion.name}",
            level(score),
            points(score.low, score.high),
            str(score.criterion.weight),
            *(str(score.count(outcome)) for outcome in (Outcome.MET, Outcome.PARTLY, Outcome.UNMET, Outcome.UNKNOWN)),
            f"{float(section.pages):.2f}" if section else "-",
        )
    total = sum(score.criterion.weight for score in assessment.criteria)
    used = f"{float(sum(found.pages for found in report.pages.sections)):.2f}" if report.pages else "-"
    counts = [
        str(sum(score.count(outcome) for score in assessment.criteria))
        for outcome in (Outcome.MET, Outcome.PARTLY, Outcome.UNMET, Outcome.UNKNOWN)
    ]
    table.add_row("all", "", points(assessment.low, assessment.high), str(total), *counts, used, style="bold")
    console.print(table)
    if report.pack is not None:
        console.print(Text(report.pack.about.weights, style="dim"))
    console.print()


def _write_gates(console: Console, report: Report, assessment: Assessment) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    table.add_column("Gate", no_wrap=True)
    table.add_column("Stands", no_wrap=True)
    table.add_column("Why")
    for found in assessment.gates:
        word = "not checked" if _left_out(report, found.gate.predicate) else gate_words(found)
        style = "green" if found.outcome is Outcome.MET else _COLOURS[found.severity]
        table.add_row(found.gate.id, Text(word, style=style), printable(gate_detail(found, report)))
    console.print(table)
    console.print()


def _left_out(report: Report, predicate: str) -> bool:
    return predicate == "page-limit" and report.pages is None


def _write_best_gains(console: Console, assessment: Assessment) -> None:
    gaps = sorted(assessment.gaps, key=lambda gap: -assessment.gains[gap.rule.id])[:_BEST_GAINS]
    if not gaps:
        return
    console.print(Text("What would gain most", style="bold"))
    for gap in gaps:
        line = (
            f"+{float(assessment.gains[gap.rule.id]):.1f}  {gap.rule.id} ({gap.rule.effort} effort): {gap.rule.claim}"
        )
        for index, part in enumerate(Text(line).wrap(console, console.width - 6)):
            console.print(Text("  " if index == 0 else "      ") + part, soft_wrap=True)
    console.print()


def _write_reasons(console: Console, assessment: Assessment) -> None:
    reasons = list(assessment.reasons)
    if assessment.verdict is not assessment.best_verdict:
        reasons.append(f"once people have judged, the verdict could be {assessment.best_verdict}")
    if not reasons:
        return
    console.print(Text("Why not better", style="bold"))
    for reason in reasons:
        for index, part in enumerate(Text(printable(reason)).wrap(console, console.width - 4)):
            console.print(Text("- " if index == 0 else "  ") + part, soft_wrap=True)
    console.print()


def _last_line(report: Report) -> Text:
    name = printable(report.source.name)
    assessment = report.assessment
    if assessment is None:
        errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in report.diagnostics)
        return Text(f"{name}: cannot be judged: {_plural(errors, 'error')}", style=_COLOURS[Severity.ERROR])
    verdict = assessment.verdict or "verdict withheld, pages not counted"
    tallies = ", ".join(_tallies(report, assessment)) or "no gaps"
    pages = f"{report.pages.count} of {report.pages.limit} pages, " if report.pages else ""
    line = Text(f"{name}: ") + Text(str(verdict), style="bold")
    return line + Text(f" ({assessment.phase}); {points(assessment.low, assessment.high)} of 100, {pages}{tallies}")


def _tallies(report: Report, assessment: Assessment) -> Iterator[str]:
    severities = [gap.severity for gap in assessment.gaps]
    severities += [diagnostic.severity for diagnostic in report.diagnostics]
    severities += [
        found.severity
        for found in assessment.gates
        if found.outcome is not Outcome.MET and not _left_out(report, found.gate.predicate)
    ]
    for severity in sorted(Severity, reverse=True):
        if severity in severities:
            yield _plural(severities.count(severity), str(severity))


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
