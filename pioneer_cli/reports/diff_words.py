"""What every format says alike of two versions of a bid."""

from collections.abc import Iterator

from pioneer_cli.comparison import Change, Comparison
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import page_count, points

TITLE = "What changed between two versions of the bid"
GROUPS = (
    ("opened", "Opened", "met before, and falls short now"),
    ("closed", "Closed", "fell short before, and does no longer"),
    ("shifted", "Nearer or further", "fell short before and does still, by more or by less"),
)


def groups(found: Comparison) -> Iterator[tuple[str, str, tuple[Change, ...]]]:
    """The groups of changes that have any: a heading, what it means, and the changes."""
    for name, heading, meaning in GROUPS:
        changes: tuple[Change, ...] = getattr(found, name)
        if changes:
            yield heading, meaning, changes


def in_words(change: Change) -> str:
    """What a rule, gate or fault came to: `partly met, now met`, `unmet: no date is stated`."""
    before, after = change.before, change.after
    if change.kind == "file":
        return change.claim
    if after is None:
        return f"was {before.outcome if before else ''}: {change.claim.rstrip('.')}"
    reason = f": {after.reason}" if after.reason else ""
    if before is None:
        return f"{after.outcome}{reason}"
    how = "further" if change.worse else "nearer"
    if before.outcome is after.outcome:
        return f"still {after.outcome}, {how}{reason}"
    return f"was {before.outcome}, now {after.outcome}, {how}{reason}"


def line_of(found: Comparison, change: Change) -> int | None:
    """The line of the new version at which something falls short, or of the old one where it did; None of a file's."""
    if change.kind == "file":
        return None
    state, report = (change.after, found.after) if change.after else (change.before, found.before)
    return report.source.value_span(state.path).start.line if state else None


def figures(found: Comparison) -> tuple[tuple[str, str, str], ...]:
    """Verdict, score and pages, before and after."""
    old, new = found.old, found.new
    pages = [page_count(report.pages) if report.pages else "not counted" for report in (found.before, found.after)]
    return (
        ("Verdict", str(old.verdict or "withheld"), str(new.verdict or "withheld")),
        ("Score of 100", points(old.low, old.high), points(new.low, new.high)),
        ("Pages", pages[0], pages[1]),
    )


def summary(found: Comparison) -> str:
    """How much closed, opened and was lost, on one line."""
    back = f"{plural(len(found.regressions), 'step')} back" if found.regressions else "no step back"
    return f"{len(found.closed)} closed, {len(found.opened)} opened, {back}"
