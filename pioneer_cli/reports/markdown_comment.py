"""The check as Markdown for a comment on a pull request: verdict, pages, what falls short, and the rest folded.

A part is a row of blocks, kept apart by form feeds, which no text of a report holds. A comment takes 65,536 characters
on GitHub: the head of every bid is always there, and of the other blocks as many as fit.
"""

from collections.abc import Iterator, Sequence

from pioneer_cli.assessment import Assessment, Report
from pioneer_cli.diagnostics import Severity
from pioneer_cli.quantities import plural
from pioneer_cli.reports.listing import Listed, what_counts, what_does_not_count
from pioneer_cli.reports.look import (
    Look,
    against,
    gate_state,
    level,
    page_words,
    points,
    tallies,
    verdict_words,
)
from pioneer_cli.reports.machine_json import is_plain
from pioneer_cli.reports.markup import code, inline

ROOM = 65_000  # bytes, which are never fewer than characters
MOST_ROWS = 100  # of one table
_BREAK = "\f"


def part(report: Report, look: Look) -> str:
    """One bid's blocks: its head, then what is left out first when there is no room, from the last."""
    blocks = list(_head(report, look)) if look.quiet else [*_head(report, look), *_blocks(report, look)]
    text = _BREAK.join("\n".join(block) + "\n" for block in blocks)
    return text.encode("ascii", "xmlcharrefreplace").decode() if is_plain(look.encoding) else text


def whole(parts: Sequence[str]) -> str:
    """As much of a run as a comment takes."""
    return within(parts, ROOM)


def within(parts: Sequence[str], room: int) -> str:
    """As much of a run as fits into so many bytes: the bids' heads, then their blocks in order, and how many more."""
    bids = [part.split(_BREAK) for part in parts]
    left = room - 300  # for the last line
    taken: dict[tuple[int, int], str] = {}
    order = sorted((number > 0, bid, number) for bid, blocks in enumerate(bids) for number in range(len(blocks)))
    for _, bid, number in order:
        block = bids[bid][number]
        size = len(block.encode()) + 1
        if size <= left:
            taken[bid, number] = block
            left -= size
    more = len(order) - len(taken)
    text = "\n".join(taken[place] for place in sorted(taken))
    return text + (
        f"\nand {plural(more, 'section')} more, which do not fit here; `pioneer check` has them\n" * (more > 0)
    )


def _head(report: Report, look: Look) -> Iterator[list[str]]:
    found = report.assessment
    name = f"{code(report.source.name)}{inline(against(report))}"
    if found is None:
        yield [f"## cannot be judged: {name}", "", f"**{tallies(report.severities)}**"]
        return
    words = (
        f"{points(found.low, found.high)} of 100",
        inline(page_words(report.pages)),
        tallies(report.severities),
    )
    missed = [f"- {inline(reason)}" for reason in look.missed]
    head = [f"## {verdict_words(found)}: {name}", "", f"**{' · '.join(words)}** ({found.phase})"]
    yield [*head, *([""] if missed else []), *missed]


def _blocks(report: Report, look: Look) -> Iterator[list[str]]:
    """Everything below the head, what matters most first."""
    found = report.assessment
    if found is not None:
        yield _criteria(report, found)
        yield _gates(report, found)
    counting = list(what_counts(report))
    new = " since the baseline" if any(known.by == "baseline" for known in report.suppressed) or report.mended else ""
    for severity in sorted(Severity, reverse=True):
        items = [item for item in counting if item.severity is severity]
        if items and severity is Severity.ERROR:
            yield [f"### {plural(len(items), str(severity))}{new}", "", *_table(items)]
        elif items:
            yield _folded(f"{plural(len(items), str(severity))}{new}", _table(items))
    if found is not None and found.reasons:
        yield _folded("Why not better", [f"- {inline(reason)}" for reason in found.reasons])
    yield from _suppressed(report)


def _criteria(report: Report, found: Assessment) -> list[str]:
    rows = []
    for score in found.criteria:
        section = report.pages.of(score.criterion.section) if report.pages else None
        used = f"{float(section.pages):.2f}" if section else ""
        budget = f"{score.criterion.pages:g}" if score.criterion.pages is not None else ""
        name = inline(f"{score.criterion.id} {score.criterion.title}")
        rows.append((name, level(score), points(score.low, score.high), f"{float(score.maximum):.4g}", used, budget))
    used = f"{float(sum(section.pages for section in report.pages.sections)):.2f}" if report.pages else ""
    limit = str(report.pages.limit) if report.pages and report.pages.limit is not None else ""
    rows.append(("**all**", "", points(found.low, found.high), "100", used, limit))
    return _rows(("Criterion", "Level", "Score", "of", "Pages", "Budget"), rows, numbers=True)


def _gates(report: Report, found: Assessment) -> list[str]:
    states = [(gate, *gate_state(gate, report)) for gate in found.gates]
    return _rows(("Gate", "Stands", "Why"), [(inline(gate.gate.id), word, inline(why)) for gate, word, why in states])


def _table(listed: Sequence[Listed]) -> list[str]:
    """What falls short: faults of the file and gates, then gaps by what they would gain."""
    ranked = sorted(listed, key=lambda item: (item.kind == "rule", -item.gain))
    rows = [
        (
            f"{code(item.file, 80)}:{item.span.start.line}",
            inline(item.title, 100),
            inline(_why(item)),
            inline(item.remedy),
        )
        for item in ranked[:MOST_ROWS]
    ]
    return [*_rows(("Where", "What", "Why", "To do"), rows), *_and_more(len(ranked) - len(rows))]


def _why(item: Listed) -> str:
    if item.kind == "file":
        return item.claim
    reason = f" ({item.places[0].reason})" if item.places[0].reason else ""
    more = f"; and {plural(len(item.places) - 1, 'more place')}" if len(item.places) > 1 else ""
    return f"{item.claim.rstrip('.')}{reason}{more}"


def _suppressed(report: Report) -> Iterator[list[str]]:
    hidden = list(what_does_not_count(report))
    rows = [
        (f"line {item.suppressed.span.start.line}", inline(item.title, 100), inline(item.suppressed.reason))
        for item in hidden
        if item.suppressed is not None and item.suppressed.by == "ignore"
    ]
    if rows:
        table = [*_rows(("Where", "What", "Because"), rows[:MOST_ROWS]), *_and_more(len(rows) - MOST_ROWS)]
        yield _folded(f"{len(rows)} ignored by comments in the bid", table)
    baselined = [item for item in hidden if item.suppressed is not None and item.suppressed.by == "baseline"]
    if baselined:
        lines = [f"- line {item.span.start.line}: {inline(item.title, 100)}" for item in baselined[:MOST_ROWS]]
        told = f"{plural(len(baselined), 'finding')} left out, listed in the baseline"
        yield _folded(told, [*lines, *_and_more(len(baselined) - MOST_ROWS)])
    if report.mended:
        lines = [f"- {inline(f'{entry.rule} {entry.path}'.rstrip(), 100)}" for entry in report.mended[:MOST_ROWS]]
        told = f"{len(report.mended)} mended since the baseline was written"
        yield _folded(told, [*lines, *_and_more(len(report.mended) - MOST_ROWS)])


def _rows(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> list[str]:
    """A table; with `numbers` every column but the first stands to the right."""
    rule = ["---", *(("---:" if numbers else "---") for _ in header[1:])]
    return [f"| {' | '.join(cells)} |" for cells in (header, rule, *rows)]


def _and_more(number: int) -> list[str]:
    return ["", f"and {number} more"] if number > 0 else []


def _folded(summary: str, lines: Sequence[str]) -> list[str]:
    return ["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]
