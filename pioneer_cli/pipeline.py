"""The stages in order, on one screen: read → validate → assess → typeset → score → report. Begin reading here.

Each stage is a function from frozen data to frozen data. Only reading and typesetting touch the world; what they find
wrong with a bid becomes diagnostics in its report, so that one bad file never hides the next.
"""

from dataclasses import dataclass, replace
from typing import Literal

from pioneer_cli.assessment import Assessment, Outcome, Report
from pioneer_cli.background import Background
from pioneer_cli.bid import Bid, Phase, broken_references, plain
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.document import typst_files, unshowable
from pioneer_cli.errors import ExitCode
from pioneer_cli.source import STDIN, Source, read
from pioneer_cli.typeset import TypesetError, typeset
from pioneer_cli.validate import place, validate

FailOn = Literal["error", "warning", "never"]


@dataclass(frozen=True, slots=True)
class ReadBid:
    """A bid that passed validation, or None and the reasons."""

    bid: Bid | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a check is asked to do. `pack` overrides the pack that the bid's `call` names."""

    phase: Phase = "submission"
    pack: str | None = None
    count_pages: bool = True
    template: str = "eoi"
    stdin_name: str | None = None


def check(name: str, request: Request) -> Report:
    """Reads, validates, typesets and judges one bid. Raises PioneerError for what no report can hold.

    Typesetting is the longest stage and leaves the interpreter free, so the judge is fetched and the pack loaded
    beside it.
    """
    source = read(name, request.stdin_name if name == STDIN else None)
    found = read_bid(source)
    if found.bid is None:
        return Report(source, None, "", found.diagnostics, None, None)
    tree = plain(found.bid)
    try:
        files = typst_files(tree, request.template)
        typesetting = Background(lambda: typeset(files)) if request.count_pages else None
        from pioneer_cli.judge import choose_pack, judge

        loaded = choose_pack(source, found.bid, request.pack)
        document = typesetting.result() if typesetting else None
    except TypesetError as error:
        failed = place(source, (), "render-failed", error.message, error.hint)
        return Report(source, None, found.bid.title, (*found.diagnostics, failed), None, None)
    diagnostics = (*found.diagnostics, *loaded.diagnostics)
    if loaded.pack is None:
        return Report(source, None, found.bid.title, diagnostics, None, None)
    pages = document.pages(loaded.pack.about.page_limit) if document else None
    assessment = judge(loaded.pack, tree, request.phase, pages)
    return Report(source, loaded.pack, found.bid.title, diagnostics, assessment, pages)


def read_bid(source: Source) -> ReadBid:
    """Validates a source as a bid, with every fault at once: its form, its references, what no font can show."""
    if source.content is None:
        return ReadBid(None, source.diagnostics)
    validated = validate(source, Bid)
    diagnostics = [*source.diagnostics, *validated.diagnostics]
    if validated.model is not None:
        for path, message, hint in broken_references(validated.model):
            diagnostics.append(place(source, path, "broken-reference", message, hint))
        for fault in unshowable(plain(validated.model)):
            found = place(source, fault.path, fault.code, fault.message, fault.hint)
            diagnostics.append(replace(found, span=source.text_span(fault.path, fault.piece)))
    ordered = tuple(sorted(diagnostics))
    return ReadBid(None if has_errors(ordered) else validated.model, ordered)


# --- Exit codes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What makes a bid fall short: findings from a severity on, a score or a level below a minimum."""

    fail_on: FailOn = "error"
    min_score: float | None = None
    min_criterion: int | None = None


def exit_code(report: Report, thresholds: Thresholds) -> ExitCode:
    """The exit code that one bid deserves; a run ends with the highest of its bids'."""
    assessment = report.assessment
    if assessment is None:
        return ExitCode.CANNOT_JUDGE
    if thresholds.min_score is not None and assessment.low < thresholds.min_score:
        return ExitCode.FALLS_SHORT
    lowest = min(found.level_low.level for found in assessment.criteria)
    if thresholds.min_criterion is not None and lowest < thresholds.min_criterion:
        return ExitCode.FALLS_SHORT
    if thresholds.fail_on != "never" and _worst(report, assessment) >= Severity[thresholds.fail_on.upper()]:
        return ExitCode.FALLS_SHORT
    return ExitCode.OK


def _worst(report: Report, assessment: Assessment) -> Severity:
    """The worst that was found; a page gate that was left out on request counts for nothing."""
    gates = [
        found.severity
        for found in assessment.gates
        if found.outcome is not Outcome.MET and not (found.outcome is Outcome.UNKNOWN and report.pages is None)
    ]
    faults = [diagnostic.severity for diagnostic in report.diagnostics]
    return max([*gates, *faults, *(found.severity for found in assessment.gaps)], default=Severity.NOTE)
