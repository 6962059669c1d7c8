"""How a report for people may look, and the few words and figures that every format writes alike."""

import re
from dataclasses import dataclass
from fractions import Fraction

from pioneer_cli.assessment import Assessment, CriterionScore, GateResult, Outcome, Pages, Report

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Look:
    """The terminal that a report is for: its width in columns, whether it has colour, and how much is wanted."""

    width: int = 80
    colour: bool = False
    quiet: bool = False


def printable(text: str) -> str:
    """A text in which no character of a bid can move the cursor or turn the line round."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def points(low: Fraction, high: Fraction) -> str:
    """A score to a tenth: `12.5`, or `12.5–14.0` when something is unknown."""
    return f"{float(low):.1f}" if low == high else f"{float(low):.1f}–{float(high):.1f}"


def level(score: CriterionScore) -> str:
    """A level: `3`, or `3–4` when something is unknown."""
    low, high = score.level_low.level, score.level_high.level
    return str(low) if low == high else f"{low}–{high}"


def page_words(pages: Pages | None) -> str:
    """The pages in words: `9.60 of 10 pages, 18 lines left`."""
    if pages is None:
        return "pages not counted"
    used = float(sum((section.pages for section in pages.sections), Fraction(0)))
    if pages.count > pages.limit:
        return f"{pages.count} pages, where the limit is {pages.limit}: over by {used - pages.limit:.2f}"
    lines = "1 line" if pages.lines_left == 1 else f"{pages.lines_left} lines"
    return f"{pages.count} of {pages.limit} pages ({used:.2f} used), {lines} left on the last"


def gate_words(found: GateResult) -> str:
    """How a gate stands, in a word."""
    words = {Outcome.MET: "passed", Outcome.UNKNOWN: "unknown", Outcome.NOT_APPLICABLE: "does not apply"}
    return words.get(found.outcome, "not passed")


def gate_detail(found: GateResult, report: Report) -> str:
    """Why a gate stands as it does."""
    if found.gate.predicate == "page-limit":
        return page_words(report.pages)
    return "; ".join(dict.fromkeys(shortfall.reason for shortfall in found.shortfalls)) or found.gate.claim


def verdict_words(assessment: Assessment) -> str:
    """The verdict, and what reviewers' answers could make of it."""
    if assessment.verdict is None or assessment.best_verdict is None:
        return "withheld (pages not counted)"
    if assessment.verdict is assessment.best_verdict:
        return str(assessment.verdict)
    return f"{assessment.verdict} (could be {assessment.best_verdict} once people have judged)"
