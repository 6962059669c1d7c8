"""What is claimed of a document, on whose authority, and what to do where a claim does not hold.

The call sets the page limit and nothing else; how a page should look is the house's judgement, and whether everyone
can read it is accessibility. Only what the call says can be an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pioneer_cli.assessment import Outcome
from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import ExitCode

Authority = Literal["call", "house", "accessibility"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that should be true of a document; `severity` is what its not being true means."""

    id: str
    authority: Authority
    severity: Severity
    remedy: str


@dataclass(frozen=True, slots=True)
class Check:
    """How a claim stands: its outcome, what was found, and on which pages, counted from 1."""

    claim: Claim
    outcome: Outcome
    found: str
    pages: tuple[int, ...] = ()

    @property
    def is_gap(self) -> bool:
        """Whether the claim does not hold, or is not known to."""
        return self.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is said of one document; `pages` is None where nobody can count them.

    A document that could not be read has no checks but a `problem`, with a `hint` what to do about it.
    """

    file: str
    call: str
    limit: int | None
    sha256: str = ""
    pages: int | None = None
    checks: tuple[Check, ...] = ()
    problem: str = ""
    hint: str = ""

    @property
    def gaps(self) -> tuple[Check, ...]:
        """What does not hold, worst first."""
        return tuple(sorted((check for check in self.checks if check.is_gap), key=lambda check: -check.claim.severity))

    @property
    def exit_code(self) -> ExitCode:
        """2 where a claim of the call's could not be judged, 1 where one does not hold."""
        outcomes = {check.outcome for check in self.checks if check.claim.severity is Severity.ERROR}
        if Outcome.UNKNOWN in outcomes or not outcomes:
            return ExitCode.CANNOT_JUDGE
        return ExitCode.FALLS_SHORT if outcomes - {Outcome.MET, Outcome.NOT_APPLICABLE} else ExitCode.OK


_EXPORT = "in Word: File, Save As, PDF, Options, and tick"
_CLAIMS = (
    Claim("page-limit", "call", Severity.ERROR, "shorten the text until its PDF keeps to the limit"),
    Claim("paper-is-a4", "house", Severity.WARNING, "in Word: Layout, Size, A4; then save as PDF again"),
    Claim("pages-are-portrait", "house", Severity.WARNING, "turn wide tables into several, and the page upright"),
    Claim("margins-are-2-cm", "house", Severity.WARNING, "in Word: Layout, Margins, 2 cm on every side"),
    Claim("body-text-is-11-point", "house", Severity.WARNING, "set the style Normal to 11 pt"),
    Claim("smallest-text-is-8-point", "house", Severity.WARNING, "set notes, tables and charts in at least 8 pt"),
    Claim("body-text-is-sans-serif", "house", Severity.WARNING, "set the style Normal in Arial, Calibri or the like"),
    Claim("fonts-are-embedded", "house", Severity.WARNING, f"{_EXPORT} PDF/A, so that it looks the same everywhere"),
    Claim("no-text-is-hidden", "house", Severity.WARNING, "show the text or delete it"),
    Claim("no-comments-are-left", "house", Severity.WARNING, "delete all comments; then save as PDF again"),
    Claim("no-changes-are-tracked", "house", Severity.WARNING, "in Word: Review, Accept All Changes"),
    Claim("document-is-unlocked", "house", Severity.WARNING, "save it without restrictions on printing or copying"),
    Claim("nothing-is-to-be-filled-in", "house", Severity.WARNING, "print the filled form as PDF, so that it is text"),
    Claim("nothing-runs-by-itself", "house", Severity.WARNING, "remove scripts and macros, and save as PDF again"),
    Claim("nothing-is-attached", "house", Severity.WARNING, "put what assessors need into the pages themselves"),
    Claim("text-can-be-read", "accessibility", Severity.WARNING, "save as PDF from the program, not from a scan"),
    Claim("document-is-tagged", "accessibility", Severity.WARNING, f"{_EXPORT} Document structure tags"),
    Claim("document-has-a-title", "accessibility", Severity.WARNING, "in Word: File, Info, Title"),
    Claim("document-has-a-language", "accessibility", Severity.WARNING, "in Word: Review, Language, English (UK)"),
    Claim("headings-are-styled", "accessibility", Severity.WARNING, "give headings the styles Heading 1, 2 and 3"),
    Claim("tables-have-header-rows", "accessibility", Severity.WARNING, "in Word: Table Layout, Repeat Header Rows"),
    Claim("pictures-are-described", "accessibility", Severity.WARNING, "in Word: right click, View Alt Text"),
)  # fmt: skip
CLAIMS: Mapping[str, Claim] = {claim.id: claim for claim in _CLAIMS}


def held(name: str, found: str) -> Check:
    """A claim that holds."""
    return Check(CLAIMS[name], Outcome.MET, found)


def broken(name: str, found: str, pages: Sequence[int] = ()) -> Check:
    """A claim that does not hold."""
    return Check(CLAIMS[name], Outcome.UNMET, found, tuple(pages))


def unknown(name: str, found: str, pages: Sequence[int] = ()) -> Check:
    """A claim of which nobody can tell."""
    return Check(CLAIMS[name], Outcome.UNKNOWN, found, tuple(pages))


def page_words(pages: Sequence[int]) -> str:
    """Pages in ascending order, in words: `page 3`, `pages 1–4, 7`."""
    numbered = groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])  # the same all through a run
    runs = [[page for _index, page in run] for _key, run in numbered]
    words = ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return f"page {words}" if len(pages) == 1 else f"pages {words}"
