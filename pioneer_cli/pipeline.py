"""The stages in order, on one screen: read → validate → assess → typeset → score → report. Begin reading here.

Each stage is a function from frozen data to frozen data. Only reading and typesetting touch the world; what they find
wrong with a bid becomes diagnostics in its report, so that one bad file never hides the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

from pioneer_cli.assess import find_all, pass_gates
from pioneer_cli.assessment import Assessment, Outcome, Pages, Report
from pioneer_cli.background import Background
from pioneer_cli.bid import Bid, broken_references, plain
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.document import typst_files, unshowable
from pioneer_cli.errors import ExitCode
from pioneer_cli.pack import LoadedPack, Pack, Phase, load_pack
from pioneer_cli.predicates import Facts
from pioneer_cli.score import score
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import STDIN, Source, read
from pioneer_cli.typeset import Typeset, TypesetError, typeset
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

    Typesetting is the longest stage and needs no interpreter, so it runs beside loading the pack.
    """
    source = read(name, request.stdin_name if name == STDIN else None)
    found = read_bid(source)
    if found.bid is None:
        return Report(source, None, "", found.diagnostics, None, None)
    tree = plain(found.bid)
    typesetting = Background(lambda: typeset_bid(tree, request.template)) if request.count_pages else None
    loaded = choose_pack(source, found.bid, request.pack)
    try:
        document = typesetting.result() if typesetting else None
    except TypesetError as error:
        failed = place(source, (), "render-failed", error.message, error.hint)
        return Report(source, loaded.pack, found.bid.title, (*found.diagnostics, failed), None, None)
    if loaded.pack is None:
        return Report(source, None, found.bid.title, found.diagnostics + loaded.diagnostics, None, None)
    pages = document.pages(loaded.pack.about.page_limit) if document else None
    assessment = judge(loaded.pack, tree, request.phase, pages)
    return Report(source, loaded.pack, found.bid.title, found.diagnostics, assessment, pages)


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


def choose_pack(source: Source, bid: Bid, override: str | None) -> LoadedPack:
    """The pack asked for, or the one that ships for the bid's call."""
    if override is None and bid.call not in shipped_names("criteria"):
        known = shipped_names("criteria")
        close = get_close_matches(bid.call, known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "packs: " + ", ".join(known) + "; or name one with --pack"
        fault = place(source, ("call",), "unknown-call", f'there is no criteria pack called "{bid.call}"', hint)
        return LoadedPack(None, (fault,))
    return _pack(override or bid.call)


@cache
def _pack(name: str) -> LoadedPack:
    return load_pack(name)


def typeset_bid(tree: Mapping[str, Any], template: str) -> Typeset:
    """The bid as a PDF with its pages counted. Raises TypesetError when that fails."""
    return typeset(typst_files(tree, template))


def judge(pack: Pack, tree: Mapping[str, Any], phase: Phase, pages: Pages | None) -> Assessment:
    """Applies every rule and gate and scores the findings."""
    facts = Facts(tree, pages.count if pages else None)
    return score(pack, find_all(pack, facts, phase), pass_gates(pack, facts, phase), phase)


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
