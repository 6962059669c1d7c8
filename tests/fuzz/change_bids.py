"""How near to a change pioneer points: the bids of the repository spoiled at random, one change at a time.

    python tests/fuzz/change_bids.py --runs 10000 --seed 1 --misses

A change counts when it makes the bid invalid, or weaker: a lower score, a lost gate, a rule that earns less, a new
warning. It is told of *near* when something that was not said before stands within one line of a line that was changed;
of a deletion, these are the two lines that now meet and the first line of the part that something was deleted from.
*On the spot* leaves out that part's line. A change that leaves the bid as good as it was has nothing to be found.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bid_changes import Change, changes, stacked
from watched_check import every_command, watched_check

from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Severity
from pioneer_cli.pipeline import Request

ROOT = Path(__file__).resolve().parents[2]
BIDS = tuple(sorted((ROOT / "bids").glob("*.yaml")))
SMALL = ROOT / "docs" / "examples" / "small-grant-bid.yaml"
Told = tuple[str, str, int]  # a code or a rule, its words, its line


def wanted(bid: Path) -> Request:
    """How a bid of the repository is checked: by the pack of its call, or by the one that stands beside it."""
    return Request(count_pages=False, packs=(str(bid.parent / "small-grant"),) if bid == SMALL else ())


@dataclass
class Tally:
    """What became of many changes, by group: how many count, and of how many of those it was told near, or there."""

    made: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    on_the_spot: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)  # what breaks the form of a bid and was taken for one

    def share(self, ending: str = "", found: Counter[str] | None = None) -> float:
        """The share told of near, in the groups whose names end so."""
        near = self.near if found is None else found
        return _sum(near, ending) / max(_sum(self.counted, ending), 1)

    def lines(self) -> Iterator[str]:
        """The table, in plain text."""
        yield f"{'changes':20} {'counted':>8} {'near':>7} {'there':>7}"
        for group in [*sorted(self.counted), "invalid", "weaker", ""]:
            shares = f"{self.share(group):7.1%} {self.share(group, self.on_the_spot):7.1%}"
            yield f"{group or 'all':20} {_sum(self.counted, group):8} {shares}"
        yield f"{self.made - _sum(self.counted, '')} of {self.made} left the bid as good as it was"


def _sum(counts: Counter[str], ending: str) -> int:
    return sum(number for group, number in counts.items() if group.endswith(ending))


def told(report: Report) -> Iterator[Told]:
    """Everything that is said to be wrong or weak."""
    for fault in report.diagnostics:
        if fault.severity is not Severity.NOTE:
            yield fault.code, fault.message, fault.span.start.line
    gaps = report.assessment.gaps if report.assessment else ()
    short = [(gate.gate.id, gate.shortfalls) for gate in report.gate_gaps]
    for name, shortfalls in [*short, *((gap.rule.id, gap.shortfalls) for gap in gaps)]:
        for shortfall in shortfalls:
            yield name, shortfall.reason, report.source.value_span(shortfall.path).start.line


def newly_told(before: Report, after: Report) -> list[Told]:
    """What is said only of the changed text; that other lines moved up or down is no news."""
    old, new = before.source.text.split("\n"), after.source.text.split("\n")
    moved, first = len(new) - len(old), _alike(old, new)
    below = max(len(old) - _alike(old[::-1], new[::-1]), first)

    def now(line: int) -> int:
        return line + moved if line > below else line

    return list((Counter(told(after)) - Counter((n, words, now(line)) for n, words, line in told(before))).elements())


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines are the same from the first on."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(old), len(new)))


def is_worse(before: Report, after: Report) -> bool:
    """Whether the bid is invalid or weaker by what pioneer says of it."""
    was, is_now = before.assessment, after.assessment
    if is_now is None:
        return True
    assert was is not None
    faults = [
        Counter(f.code for f in report.diagnostics if f.severity is not Severity.NOTE) for report in (after, before)
    ]
    shares = {finding.rule.id: finding.low for finding in was.findings}
    lost = {gate.gate.id for gate in after.gate_gaps} - {gate.gate.id for gate in before.gate_gaps}
    less = any(finding.low < shares[finding.rule.id] for finding in is_now.findings)
    return bool(faults[0] - faults[1] or lost or less or is_now.low < was.low)


def weigh(before: Report, after: Report, change: Change, tally: Tally) -> None:
    """Counts a change, and whether it was told of."""
    tally.made += 1
    if not change.breaks and not is_worse(before, after):
        return
    if change.breaks and after.assessment is not None:
        tally.passed.append(f"{before.source.name}: {change.kind}: {change.what}")
    news = newly_told(before, after)
    group = f"{change.kind} {'invalid' if change.breaks or after.assessment is None else 'weaker'}"
    there = any(abs(line - changed) <= 1 for _, _, line in news for changed in change.lines)
    near = there or any(abs(line - change.holder) <= 1 for _, _, line in news if change.holder)
    tally.counted[group] += 1
    tally.on_the_spot[group] += there
    tally.near[group] += near
    if not near:
        where = f"lines {sorted(change.lines)}"
        tally.misses.append(f"{before.source.name}: {group}: {change.what}: {where}: {news[:3]}")


def measure(bid: Path, count: int, seed: int, room: Path, tally: Tally) -> None:
    """Spoils one bid so many times."""
    text, file, request = bid.read_text(encoding="utf-8"), room / bid.name, wanted(bid)
    before = watched_check(text.encode(), file, request)
    for change in islice(changes(text, seed), count):
        weigh(before, watched_check(change.text.encode(), file, request), change, tally)


def main(arguments: Sequence[str]) -> int:
    """Prints the table; ends with 1 when fewer than 95 % were told of near, or one that is no bid was taken for one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3000, help="changes, over all bids")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true", help="list what was told of elsewhere, or not at all")
    parser.add_argument(
        "--commands", type=int, default=0, help="so many bids, each changed a few times, to each command"
    )
    options = parser.parse_args(arguments)
    tally, bids = Tally(), (*BIDS, SMALL)
    with tempfile.TemporaryDirectory(prefix="pioneer-fuzz-") as folder:
        for bid in bids:
            measure(bid, options.runs // len(bids), options.seed, Path(folder), tally)
        for number in range(options.commands):
            text = bids[number % len(BIDS)].read_text(encoding="utf-8")
            every_command(stacked(text, options.seed + number).encode(), Path(folder, "bid.yaml"))
    passed = (f"taken for a bid: {found}" for found in tally.passed)
    print(*tally.lines(), *(tally.misses if options.misses else ()), *passed, sep="\n")
    return int(tally.share() < 0.95 or bool(tally.passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
