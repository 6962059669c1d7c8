"""The report for people at a terminal.

What is wrong with the file, gates that hold it up, gaps by criterion, worst first, each at its place; then the table,
the gates and, on the last line, the verdict.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pioneer_cli.assessment import Assessment, CriterionScore, Finding, GateResult, Outcome, Report
from pioneer_cli.diagnostics import Diagnostic, Severity, Span
from pioneer_cli.pack import Pack
from pioneer_cli.quantities import plural
from pioneer_cli.reports.arithmetic import arithmetic
from pioneer_cli.reports.excerpt import excerpt
from pioneer_cli.reports.look import (
    Look,
    against,
    gate_detail,
    gate_remedy,
    gate_words,
    level,
    page_count,
    points,
    printable,
    tallies,
)
from pioneer_cli.reports.terminal import console_for, finished
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.waivable import places_of

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_HIDDEN = {"ignore": "ignored", "baseline": "in the baseline"}
_BEST_GAINS = 3
_MOST_SHARED = 12
_MOST_DIAGNOSTICS = 100  # of one file; whoever has more begins with these, and the other formats have all
_MOST_QUIET = 3  # lines of a bid's report with `quiet`: a fault, how many more, the verdict
_WIDE = 76  # columns that the table of criteria takes with everything in it


def part(report: Report, look: Look) -> str:
    """One bid's report."""
    console = console_for(look)
    with console.capture() as capture:
        if look.quiet:
            _write_first_error(console, report)
        else:
            for diagnostic in report.diagnostics[:_MOST_DIAGNOSTICS]:
                _write_diagnostic(console, diagnostic, report.source)
            _write_how_many_more(console, len(report.diagnostics) - _MOST_DIAGNOSTICS)
            _write_what_can_be_mended(console, report)
            if report.assessment is not None:
                if against(report):
                    console.print(Text(f"The bid{against(report)}", style="bold"), soft_wrap=True)
                    console.print()
                _write_gate_gaps(console, report)
                _write_gaps(console, report, report.assessment)
                _write_table(console, report, report.assessment)
                _write_gates(console, report, report.assessment)
                _write_best_gains(console, report, report.assessment, None if look.all_gains else _BEST_GAINS)
                _write_reasons(console, report.assessment)
                if look.arithmetic:
                    _write_arithmetic(console, report.assessment)
                _write_shared(console, report)
                _write_suppressed(console, report)
            for reason in look.missed:
                told = printable(f"Falls short: {reason}", console.encoding)
                console.print(Text(told, style=_COLOURS[Severity.ERROR]), soft_wrap=True)
        console.print(_last_line(report), soft_wrap=True)
    return finished(capture.get(), look)


def faults(source: Source, diagnostics: Sequence[Diagnostic], look: Look) -> str:
    """What is wrong with a file that is no bid, each fault at its place."""
    console = console_for(look)
    with console.capture() as capture:
        for diagnostic in diagnostics[:_MOST_DIAGNOSTICS]:
            _write_diagnostic(console, diagnostic, source)
        if len(diagnostics) > _MOST_DIAGNOSTICS:
            console.print(f"and {len(diagnostics) - _MOST_DIAGNOSTICS:,} more")
            console.print()
    return finished(capture.get(), look)


def whole(parts: Sequence[str]) -> str:
    """The reports one after the other; those of several lines are kept apart by a blank one."""
    between = "\n" if any(part.count("\n") > _MOST_QUIET for part in parts) else ""
    return between.join(parts)


# --- Places ----------------------------------------------------------------------------------------------------------


def _write_diagnostic(console: Console, diagnostic: Diagnostic, source: Source) -> None:
    _write_head(console, diagnostic.file, diagnostic.span, diagnostic.severity, diagnostic.code, "")
    if diagnostic.file == source.name and source.text:
        _write_excerpt(console, source, diagnostic.span, diagnostic.message)
    else:  # a fault of the pack's, or of a file that could not be read: there are no lines to show
        _write_indented(console, diagnostic.message, "bold")
    for related in diagnostic.related:
        _write_excerpt(console, source, related.span, related.label)
    if diagnostic.hint:
        _write_indented(console, diagnostic.hint, "green")
    console.print()


def _write_first_error(console: Console, report: Report) -> None:
    """Why a bid cannot be judged, in a line: the first error; and how many more there are."""
    errors = _errors(report) if report.assessment is None else []
    for first in errors[:1]:
        told = printable(f": {first.message}", console.encoding)
        _write_head(console, first.file, first.span, first.severity, first.code, told)
    if len(errors) > 1:
        console.print(f"and {plural(len(errors) - 1, 'more error')}")


def _errors(report: Report) -> list[Diagnostic]:
    return [diagnostic for diagnostic in report.diagnostics if diagnostic.severity is Severity.ERROR]


def _write_how_many_more(console: Console, number: int) -> None:
    if number > 0:
        console.print(f"and {number:,} more, which --format json lists")
        console.print()


def _write_what_can_be_mended(console: Console, report: Report) -> None:
    if any(found.meant or found.code == "unused-ignore" for found in report.diagnostics):
        from pioneer_cli.mends import mends  # only where there may be something to mend

        number = sum(mend.kind != "trailing-space" for mend in mends(report.source, report.diagnostics))
        if number:
            _write_indented(console, f"{number} of these can be mended with pioneer check --fix", "green", "", "")
            console.print()


def _write_head(console: Console, file: str, span: Span, severity: Severity, name: str, rest: str) -> None:
    head = Text(f"{printable(file, console.encoding)}:{span.start} ")
    head.append(str(severity), style=_COLOURS[severity])
    head.append(f" {name}", style="bold")
    head.append(rest)
    console.print(head, soft_wrap=True)


def _write_excerpt(console: Console, source: Source, span: Span, message: str) -> None:
    """The line with a caret under the place and the message behind the caret, or below it where it does not fit."""
    number = str(span.start.line)
    gutter = " " * (len(number) + 3)
    room = max(20, console.width - len(gutter) - 2)
    line = source.line(span.start.line)
    end = span.end.column - 1 if span.end.line == span.start.line else len(line)
    shown = excerpt(line, span.start.column - 1, end, room, console.encoding)
    console.print(Text(f"  {number} | ", style="dim") + Text(shown.text), soft_wrap=True)
    under = f"{gutter}| {' ' * shown.before}{'^' * shown.marked}"
    told = Text(printable(message, console.encoding), style="bold")
    if len(under) + 1 + told.cell_len <= console.width:
        console.print(Text(f"{under} ", style="bold") + told, soft_wrap=True)
        return
    console.print(Text(under, style="bold"), soft_wrap=True)
    for line_of_it in told.wrap(console, console.width - len(gutter) - 2):
        console.print(Text(f"{gutter}| {line_of_it.plain}", style="bold"), soft_wrap=True)


def _write_indented(console: Console, text: str, style: str, first: str = "  ", rest: str = "  ") -> None:
    """A text over as many lines as it takes, with its indentation for the first and for the rest."""
    written = Text(printable(text, console.encoding), style=style)
    for index, line in enumerate(written.wrap(console, console.width - len(rest))):
        console.print(Text(first if index == 0 else rest) + line, soft_wrap=True)


# --- Gates and gaps --------------------------------------------------------------------------------------------------


def _write_gate_gaps(console: Console, report: Report) -> None:
    if report.gate_gaps:
        _write_heading(console, "Gates")
    for found in report.gate_gaps:
        path = found.shortfalls[0].path if found.shortfalls else ()
        rest = f" (gate, {found.gate.authority})"
        _write_head(console, report.source.name, report.source.value_span(path), found.severity, found.gate.id, rest)
        _write_place(console, report.source, path, _why_not_passed(found, report))
        _write_indented(console, f"{gate_remedy(found, report)} ({found.gate.effort} effort)", "green")
        console.print()


def _why_not_passed(found: GateResult, report: Report) -> str:
    """The reason that belongs to the place shown, and how many more places there are."""
    if len(found.shortfalls) < 2:
        return gate_detail(found, report)
    return f"{found.shortfalls[0].reason}; and {plural(len(found.shortfalls) - 1, 'more place')}"


def _write_gaps(console: Console, report: Report, assessment: Assessment) -> None:
    for score in assessment.criteria:
        gaps = [gap for gap in report.gaps if gap.criterion.id == score.criterion.id]
        if gaps:
            _write_heading(console, f"{score.criterion.id} {score.criterion.title}")
        for gap in gaps:
            _write_gap(console, report, gap, assessment)


def _write_heading(console: Console, heading: str) -> None:
    console.rule(Text(heading, style="bold"), align="left", characters="-", style="dim")


def _write_gap(console: Console, report: Report, gap: Finding, assessment: Assessment) -> None:
    path = gap.shortfalls[0].path if gap.shortfalls else ()
    gain = float(assessment.gains[gap.rule.id])
    guess = ", low confidence" if gap.rule.confidence == "low" else ""
    rest = f" ({gap.consideration.id}, {gap.rule.authority}{guess})" + (f" +{gain:.1f}" if gain >= 0.05 else "")
    _write_head(console, report.source.name, report.source.value_span(path), gap.severity, gap.rule.id, rest)
    _write_place(console, report.source, path, _why(gap))
    _write_indented(console, f"{gap.rule.remedy} ({gap.rule.effort} effort)", "green")
    console.print()


def _write_place(console: Console, source: Source, path: YamlPath, message: str) -> None:
    """Where something falls short; a part that the file lacks is named, and shown where it would stand."""
    missing = next((str(path[end - 1]) for end in range(1, len(path) + 1) if path[:end] not in source), "")
    if missing:
        where = "here" if path[:1] in source else "in the file"
        bare = message.removeprefix("nothing is stated").removeprefix("nothing is written")
        message = f"there is no `{missing}` {where}" + (bare if bare != message else f"; {message}")
    if path[:1] in source:
        _write_excerpt(console, source, source.value_span(path), message)
    else:
        _write_indented(console, message, "bold")


def _why(gap: Finding) -> str:
    first = gap.shortfalls[0].reason if gap.shortfalls else "not met"
    more = len({shortfall.path for shortfall in gap.shortfalls}) - 1
    return first if more < 1 else f"{first}; and {more} more {'place' if more == 1 else 'places'}"


# --- The end of the report -------------------------------------------------------------------------------------------

_COUNTED = (Outcome.MET, Outcome.PARTLY, Outcome.UNMET, Outcome.UNKNOWN)


def _write_table(console: Console, report: Report, assessment: Assessment) -> None:
    """The criteria with their levels, scores, considerations by outcome and pages; in few columns, those met of all."""
    wide = console.width >= _WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Criterion")
    for name in ("Level", "Score", "of", *(("Met", "Partly", "Unmet", "Unknown") if wide else ("Met",)), "Pages"):
        table.add_column(name, justify="right", no_wrap=True)
    for score in assessment.criteria:
        section = report.pages.of(score.criterion.section) if report.pages else None
        name = printable(f"{score.criterion.id} {score.criterion.name}", console.encoding)
        table.add_row(
            name,
            level(score),
            points(score.low, score.high),
            f"{float(score.maximum):.4g}",
            *_counts((score,), wide),
            f"{float(section.pages):.2f}" if section else "-",
        )
    used = f"{float(sum(found.pages for found in report.pages.sections)):.2f}" if report.pages else "-"
    counts = _counts(assessment.criteria, wide)
    table.add_row("all", "", points(assessment.low, assessment.high), "100", *counts, used, style="bold")
    console.print(table)
    equal = f"With equal weights: {points(assessment.equal_low, assessment.equal_high)} of 100."
    _write_indented(console, equal, "dim", "", "")
    if report.pack is not None:
        _write_indented(console, report.pack.about.weights, "dim", "", "")
        _write_levels(console, report.pack, assessment)
    console.print()


def _write_levels(console: Console, pack: Pack, assessment: Assessment) -> None:
    """What the levels mean at which the criteria stand."""
    reached = {score.level_low.level for score in assessment.criteria}
    for found in pack.about.levels:
        if found.level in reached:
            _write_indented(console, f"Level {found.level}, {found.name.lower()}: {found.descriptor}", "dim", "", "  ")


def _counts(scores: Sequence[CriterionScore], wide: bool) -> Iterator[str]:
    """How many considerations came to each outcome, or how many of all are met."""
    if wide:
        yield from (str(sum(score.count(outcome) for score in scores)) for outcome in _COUNTED)
    else:
        met = sum(score.count(Outcome.MET) for score in scores)
        yield f"{met} of {sum(len(score.considerations) for score in scores)}"


def _write_gates(console: Console, report: Report, assessment: Assessment) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    table.add_column("Gate", no_wrap=True)
    table.add_column("Stands", no_wrap=True)
    table.add_column("Why")
    for found in assessment.gates:
        detail = printable(gate_detail(found, report), console.encoding)
        table.add_row(found.gate.id, Text(gate_words(found, report), style=_gate_colour(found)), detail)
    console.print(table)
    console.print()


def _gate_colour(found: GateResult) -> str:
    return _COLOURS[found.severity] if found.is_gap else "green"


def _write_best_gains(console: Console, report: Report, assessment: Assessment, most: int | None) -> None:
    counting = {gap.rule.id for gap in report.gaps}
    gaps = [gap for gap in assessment.cheapest_gains if gap.rule.id in counting][:most]
    if not gaps:
        return
    console.print(Text("What would gain most for its effort", style="bold"))
    for gap in gaps:
        gain = f"+{float(assessment.gains[gap.rule.id]):.1f}"
        line = f"{gain}  {gap.rule.id} ({gap.rule.effort} effort): {gap.rule.claim}"
        _write_indented(console, line, "", "  ", "        ")
    console.print()


def _write_arithmetic(console: Console, assessment: Assessment) -> None:
    console.print(Text("The arithmetic", style="bold"))
    for line in arithmetic(assessment):
        _write_indented(console, line.text, "", "  " if line.is_heading else "    ", "      ")
    console.print()


def _write_shared(console: Console, report: Report) -> None:
    """Which content serves several packs, and how many rules of each."""
    if not report.shared:
        return
    console.print(Text("What serves more than one pack", style="bold"))
    for shared in report.shared[:_MOST_SHARED]:
        rules = ", ".join(f"{name} ({plural(len(ids), 'rule')})" for name, ids in shared.rules.items())
        _write_indented(console, f"{shared.field}: {rules}", "", "  ", "      ")
    if len(report.shared) > _MOST_SHARED:
        console.print(f"  and {len(report.shared) - _MOST_SHARED} more, which --format json lists")
    console.print()


def _write_suppressed(console: Console, report: Report) -> None:
    """What does not count: each ignore with its reason, how much is in the baseline, and what of that is mended."""
    ignored = [found for found in report.suppressed if found.by == "ignore"]
    baselined = _places(report, "baseline")
    if ignored:
        console.print(Text("Ignored by comments in the bid", style="bold"))
    for found in ignored:
        _write_indented(console, f"line {found.span.start.line}: {found.name}: {found.reason}", "", "- ", "  ")
    if baselined:
        _write_indented(console, f"{plural(baselined, 'place')} left out, listed in the baseline", "", "", "")
    if report.mended:
        console.print(Text("Mended since the baseline was written; --write-baseline drops it", style="bold"))
    for entry in report.mended:
        _write_indented(console, f"{entry.rule}" + (f" at {entry.path}" if entry.path else ""), "", "- ", "  ")
    if report.suppressed or report.mended:
        console.print()


def _write_reasons(console: Console, assessment: Assessment) -> None:
    reasons = list(assessment.reasons)
    if assessment.verdict is not assessment.best_verdict:
        reasons.append(f"once the open questions are answered, the verdict could be {assessment.best_verdict}")
    if not reasons:
        return
    console.print(Text("Why not better", style="bold"))
    for reason in reasons:
        _write_indented(console, reason, "", "- ", "  ")
    console.print()


def _places(report: Report, by: str) -> int:
    """How many places are ignored, or in the baseline, each counted as the baseline lists it."""
    return sum(max(1, len(places_of(found.what))) for found in report.suppressed if found.by == by)


def _last_line(report: Report) -> Text:
    name = printable(report.source.name)
    name += against(report)
    assessment = report.assessment
    if assessment is None:
        return Text(
            f"{name}: cannot be judged: {plural(len(_errors(report)), 'error')}", style=_COLOURS[Severity.ERROR]
        )
    verdict = assessment.verdict or "verdict withheld, pages not counted"
    hidden = {words: _places(report, by) for by, words in _HIDDEN.items()}
    shown = (f"{plural(places, 'place')} {words}" for words, places in hidden.items() if places)
    counts = ", ".join((tallies(report.severities), *shown))
    pages = f"{page_count(report.pages)}, " if report.pages else ""
    line = Text(f"{name}: ") + Text(str(verdict), style="bold")
    return line + Text(f" ({assessment.phase}); {points(assessment.low, assessment.high)} of 100, {pages}{counts}")
