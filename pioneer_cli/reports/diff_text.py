"""Two versions of a bid for people at a terminal: what opened and closed, the figures, and what was lost."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pioneer_cli.comparison import Change, Comparison, score_in_words
from pioneer_cli.diagnostics import Severity
from pioneer_cli.reports.diff_words import figures, groups, in_words, line_of, summary
from pioneer_cli.reports.look import Look, level, printable
from pioneer_cli.reports.terminal import console_for, finished

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_UNBOUNDED = 1000  # columns, to see how many a table would like to have


def diff_text(found: Comparison, look: Look) -> str:
    """The report; one line with `look.quiet`."""
    console = console_for(look)
    with console.capture() as capture:
        if not look.quiet:
            for heading, meaning, changes in groups(found):
                console.print(Text(f"{heading}: {meaning}", style="bold"))
                for change in changes:
                    _write_change(console, found, change)
                console.print()
            _write_figures(console, found)
            _write_criteria(console, found)
            if found.regressions:
                console.print(Text("Steps back", style="bold red"))
            for regression in found.regressions:
                _write(console, regression, "- ", "  ")
            if found.regressions:
                console.print()
        names = [printable(report.source.name, console.encoding) for report in (found.before, found.after)]
        console.print(Text(f"{names[0]} -> {names[1]}: {summary(found)}"), soft_wrap=True)
    return finished(capture.get(), look)


def _write_change(console: Console, found: Comparison, change: Change) -> None:
    line = line_of(found, change)
    head = Text("  ")
    head.append(str(change.severity), style=_COLOURS[change.severity])
    head.append(f" {change.name}", style="bold")
    if line is not None:
        head.append(f" ({'was ' if change.after is None else ''}line {line})", style="dim")
    console.print(head, soft_wrap=True)
    _write(console, in_words(change), "    ", "    ")


def _write_figures(console: Console, found: Comparison) -> None:
    table = _table("", "Before", "After")
    for row in figures(found):
        table.add_row(*row)
    console.print(table)
    console.print()


def _write_criteria(console: Console, found: Comparison) -> None:
    """The criteria by code and name; where that would be too wide, by code alone."""
    table = _criteria(console, found, named=True)
    unbounded = console.options.update(max_width=_UNBOUNDED)
    if console.measure(table, options=unbounded).maximum > console.width:
        table = _criteria(console, found, named=False)
    console.print(table)
    console.print()


def _criteria(console: Console, found: Comparison, *, named: bool) -> Table:
    table = _table("Criterion" if named else "", "Level", "Score", "of", "Pages")
    for change in found.criteria:
        levels = (level(change.before), level(change.after))
        scores = (score_in_words(change.before), score_in_words(change.after))
        pages = ["-" if value is None else f"{float(value):.2f}" for value in (change.pages_before, change.pages_after)]
        name = f"{change.criterion.id} {change.criterion.name}" if named else change.criterion.id
        cells = (_arrow(levels), _arrow(scores), f"{float(change.after.maximum):.4g}", _arrow(pages))
        table.add_row(printable(name, console.encoding), *cells, style="red" if change.fell else "")
    return table


def _arrow(values: Sequence[str]) -> str:
    return values[0] if values[0] == values[1] else f"{values[0]} -> {values[1]}"


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, name in enumerate(names):
        table.add_column(name, justify="left" if number == 0 else "right", no_wrap=number > 0)
    return table


def _write(console: Console, text: str, first: str, rest: str) -> None:
    written = Text(printable(text, console.encoding))
    for index, line in enumerate(written.wrap(console, console.width - len(rest))):
        console.print(Text(first if index == 0 else rest) + line, soft_wrap=True)
