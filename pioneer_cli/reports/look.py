"""How a report may look, and the few words and figures that every format writes alike."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pioneer_cli.assessment import Assessment, CriterionScore, GateResult, Outcome, Pages, Report
from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import ExitCode
from pioneer_cli.quantities import plural

# Control characters, invisible ones, those that turn a line round, and halves of characters from names of files.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT: Mapping[str, str] = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_PLAIN: Mapping[str, str] = {
    "–": "-", "—": "-", "…": "...", "×": "x", "£": "GBP ", "‘": "'", "’": "'", "“": '"', "”": '"', "\xa0": " ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What a report is for: the columns to fill, whether they have colour, how much is wanted, and the encoding.

    `all_gains` lists every gain and not the best three; `arithmetic` adds the sums behind the score. For formats that
    tell what passed: from which severity on something fails (None: nothing does), which minimum this bid misses and
    what it lost, in words, and whether a bid that falls short ends the run with 0 all the same.
    """

    width: int = 80
    colour: bool = False
    quiet: bool = False
    encoding: str = "utf-8"
    all_gains: bool = False
    arithmetic: bool = False
    failing: Severity | None = Severity.ERROR
    missed: tuple[str, ...] = ()
    exit_zero: bool = False

    def fails(self, severity: Severity) -> bool:
        """Whether something of this severity makes a bid fall short."""
        return self.failing is not None and severity >= self.failing


def ends_with(report: Report, look: Look) -> ExitCode:
    """The exit code that one bid calls for, as `pipeline.exit_code` has it, and `--exit-zero` on top."""
    if report.assessment is None:
        return ExitCode.CANNOT_JUDGE
    short = bool(look.missed) or any(look.fails(severity) for severity in report.severities)
    return ExitCode.FALLS_SHORT if short and not look.exit_zero else ExitCode.OK


def printable(text: str, encoding: str = "utf-8") -> str:
    """A text on one line in which no character can move the cursor or turn the line round, for an encoding."""
    return carried(UNPRINTABLE.sub(lambda match: _escaped(match.group()), text), encoding)


def carried(text: str, encoding: str) -> str:
    """The text with a plain spelling, or an escape, for each character that the encoding does not have."""
    if _carries(text, encoding):
        return text
    return "".join(char if _carries(char, encoding) else _PLAIN.get(char) or _escaped(char) for char in text)


def commandless(text: str) -> str:
    """The text with a space in what a build server would obey: `::` that begins a line, `##[` and `##vso[` anywhere."""
    if "::" not in text and "##" not in text:
        return text
    return re.sub(r"(?i)#(?=#(?:vso)?\[)", "# ", re.sub(r"(?m)^(\s*):(?=:)", r"\1: ", text))


def _carries(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _escaped(char: str) -> str:
    code = ord(char)
    return _SHORT.get(char) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def points(low: Fraction, high: Fraction) -> str:
    """A score to a tenth: `12.5`, or `12.5–14.0` when something is unknown."""
    return f"{float(low):.1f}" if low == high else f"{float(low):.1f}–{float(high):.1f}"


def level(score: CriterionScore) -> str:
    """A level: `3`, or `3–4` when something is unknown."""
    low, high = score.level_low.level, score.level_high.level
    return str(low) if low == high else f"{low}–{high}"


def page_words(pages: Pages | None) -> str:
    """The pages in words: `10 of 10 pages (9.60 used), 18 lines left on the last`."""
    if pages is None:
        return "pages not counted"
    used = float(sum((section.pages for section in pages.sections), Fraction(0)))
    if pages.over and pages.limit is not None:
        over = f"over by {used - pages.limit:.2f} pages ({used:.2f} used)"
        return f"{pages.count} pages, where the limit is {pages.limit}: {over}"
    lines = "1 line" if pages.lines_left == 1 else f"{pages.lines_left} lines"
    return f"{page_count(pages)} ({used:.2f} used), {lines} left on the last"


def page_count(pages: Pages) -> str:
    """How many pages there are of how many allowed: `10 of 10 pages`, or `7 pages` where the call sets no limit."""
    if pages.limit is None:
        return "1 page" if pages.count == 1 else f"{pages.count} pages"
    return f"{pages.count} of {pages.limit} pages"


def against(report: Report) -> str:
    """Which pack the bid was held against, where that is not the one of its own call: ` against NAME`."""
    if report.pack is None or report.pack.about.name == report.source.call:
        return ""
    return f" against {printable(report.pack.about.name)}"


def gate_words(found: GateResult, report: Report) -> str:
    """How a gate stands, in a word or two."""
    if report.left_out(found):
        return "not checked"
    words = {Outcome.MET: "passed", Outcome.UNKNOWN: "unknown", Outcome.NOT_APPLICABLE: "does not apply"}
    return words.get(found.outcome, "not passed")


def gate_state(found: GateResult, report: Report) -> tuple[str, str]:
    """How a gate stands, and why."""
    return gate_words(found, report), gate_detail(found, report)


def gate_detail(found: GateResult, report: Report) -> str:
    """Why a gate stands as it does."""
    if found.gate.predicate == "page-limit":
        return page_words(report.pages)
    return "; ".join(dict.fromkeys(shortfall.reason for shortfall in found.shortfalls)) or found.gate.claim


def gate_remedy(found: GateResult, report: Report) -> str:
    """How to mend what a gate asks for; past the page limit with the command that says where."""
    over = found.gate.predicate == "page-limit" and report.pages is not None and report.pages.over
    return f"{found.gate.remedy} `pioneer pages` lists what to cut." if over else found.gate.remedy


def verdict_words(assessment: Assessment) -> str:
    """The verdict, and what answers to the open questions could make of it."""
    if assessment.verdict is None or assessment.best_verdict is None:
        return "withheld"
    if assessment.verdict is assessment.best_verdict:
        return str(assessment.verdict)
    return f"{assessment.verdict} (could be {assessment.best_verdict} once the open questions are answered)"


def tallies(severities: Sequence[Severity]) -> str:
    """How much there is of each severity, the worst first: `1 error, 2 notes`; `no gaps` of none."""
    return ", ".join(_tallies(severities)) or "no gaps"


def _tallies(severities: Sequence[Severity]) -> Iterator[str]:
    for severity in sorted(Severity, reverse=True):
        if severity in severities:
            yield plural(severities.count(severity), str(severity))
