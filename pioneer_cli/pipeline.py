"""The stages in order, on one screen: read → validate → assess → typeset → score → report. Begin reading here.

Each stage is a function from frozen data to frozen data. Only reading and typesetting touch the world; what they find
wrong with a bid becomes diagnostics in its report, so that one bad file never hides the next.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from pioneer_cli.assessment import OVER_BUDGET, Pages, Report, Shared
from pioneer_cli.background import Background
from pioneer_cli.bid import Bid, Phase, broken_references, plain
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.press import Press, Printed
from pioneer_cli.quantities import plural
from pioneer_cli.source import STDIN, Source, read, unread
from pioneer_cli.tree import field_of
from pioneer_cli.typeset import Typeset, TypesetError
from pioneer_cli.unshowable import unshowable
from pioneer_cli.validate import place, validate

if TYPE_CHECKING:
    from pioneer_cli.baseline import Baseline
    from pioneer_cli.gap_report import GapReport
    from pioneer_cli.judge import Finish
    from pioneer_cli.load_pack import LoadedPack
    from pioneer_cli.pack import Pack

FailOn = Literal["error", "warning", "regression", "never"]


@dataclass(frozen=True, slots=True)
class ReadBid:
    """A bid that passed validation, or None and the reasons."""

    bid: Bid | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a check is asked to do. `packs` take the place of the pack that the bid's `call` names.

    With `ignores`, the bid's own comments can take findings out; what the baseline lists does not count either.
    """

    phase: Phase = "submission"
    packs: tuple[str, ...] = ()
    count_pages: bool = True
    template: str = "eoi"
    stdin_name: str | None = None
    ignores: bool = True
    baseline: "Baseline | None" = None


def check(name: str, request: Request, beside: Callable[[], object] = lambda: None) -> tuple[Report, ...]:
    """Reads, validates, typesets and judges one bid, by each of the packs that were asked for.

    Raises PioneerError for what is wrong with the set-up. `beside` is called while the typesetter works.
    """
    return check_source(_read(name, request.stdin_name), request, beside)


def check_source(source: Source, request: Request, beside: Callable[[], object] = lambda: None) -> tuple[Report, ...]:
    """The same for a bid that is read already.

    Typesetting is the longest stage and leaves the interpreter free, so the judge is fetched and the packs loaded
    beside it, and whatever else the caller has to prepare.
    """
    found = read_bid(source)
    if found.bid is None:
        return (Report(source, None, "", found.diagnostics, None, None),)
    tree = plain(found.bid)
    looking = Background(partial(_look, source, found.bid, tree, request, beside))
    failed: tuple[Diagnostic, ...] = ()
    document = None
    try:
        document = _typeset(request, tree, looking.start)
    except TypesetError as error:
        failed = (place(source, (), "render-failed", error.message, error.hint),)
    reports = []
    for loaded, finish in looking.result():
        diagnostics = (*found.diagnostics, *loaded.diagnostics, *failed)
        if loaded.pack is None or finish is None or failed:
            reports.append(Report(source, None, found.bid.title, diagnostics, None, None))
            continue
        pages = document.pages(loaded.pack.about.page_limit) if document else None
        assessment = finish(pages)
        notes = over_budget(source, loaded.pack, pages)
        reports.append(Report(source, loaded.pack, found.bid.title, (*diagnostics, *notes), assessment, pages))
    if len(reports) > 1:
        reports[-1] = replace(reports[-1], shared=shared_content(reports))
    return _waived(reports, request)


def _waived(reports: Sequence[Report], request: Request) -> tuple[Report, ...]:
    """The reports without what the bid's own comments ignore and the baseline lists."""
    if request.ignores and reports[0].source.comments:
        from pioneer_cli.ignores import without_ignored

        reports = without_ignored(reports)
    if request.baseline is not None:
        from pioneer_cli.baseline import without_baselined

        reports = [without_baselined(report, request.baseline) for report in reports]
    return tuple(reports)


def _typeset(request: Request, tree: Mapping[str, Any], meanwhile: Callable[[], None]) -> Typeset | None:
    """The document, if its pages are wanted; what is to be done meanwhile begins with the typesetting."""
    if not request.count_pages:
        return None
    with Press(request.template) as press:
        return press.typeset(tree, meanwhile=meanwhile).typeset


def over_budget(source: Source, pack: "Pack", pages: Pages | None) -> tuple[Diagnostic, ...]:
    """A note for each section that takes more than half as much again as the pack's budget of pages for it (house)."""
    notes = []
    for criterion in pack.criteria:
        section = pages.of(criterion.section) if pages else None
        if section is not None and criterion.pages is not None and section.pages > OVER_BUDGET * criterion.pages:
            message = (
                f"{criterion.id} takes {float(section.pages):.2f} pages; its budget is {criterion.pages:g} (house)"
            )
            hint = "`pioneer pages` shows where they go"
            fault = place(source, (criterion.section,), "over-budget", message, hint, at_key=True)
            notes.append(replace(fault, severity=Severity.NOTE))
    return tuple(notes)


def _look(
    source: Source, bid: Bid, tree: Mapping[str, Any], request: Request, beside: Callable[[], object]
) -> list[tuple["LoadedPack", "Finish | None"]]:
    """The packs, each with what is left to do once the pages are known; all this while the typesetter works."""
    from pioneer_cli.judge import choose_pack, look

    wanted: tuple[str | None, ...] = request.packs or (None,)
    loaded = tuple(choose_pack(source, bid, pack) for pack in dict.fromkeys(wanted))
    names = [found.pack.about.name for found in loaded if found.pack is not None]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PioneerError(
            f"two of the packs are called {twice[0]}", "name each pack once; a report tells them by name"
        )
    beside()
    return [(found, look(found.pack, tree, request.phase) if found.pack else None) for found in loaded]


def shared_content(reports: Sequence[Report]) -> tuple[Shared, ...]:
    """The fields that rules of more than one pack rest on, those that serve most rules first."""
    rules: dict[str, dict[str, list[str]]] = {}
    for report in reports:
        if report.assessment is None or report.pack is None:
            continue
        for finding in report.assessment.findings:
            if finding.low > 0:
                for field in dict.fromkeys(field_of(evidence.path) for evidence in finding.evidence):
                    rules.setdefault(field, {}).setdefault(report.pack.about.name, []).append(finding.rule.id)
    both = [
        Shared(field, {n: tuple(r) for n, r in by_pack.items()}) for field, by_pack in rules.items() if len(by_pack) > 1
    ]
    return tuple(sorted(both, key=lambda found: (-sum(map(len, found.rules.values())), found.field)))


def _read(name: str, stdin_name: str | None) -> Source:
    """One file, or standard input; what cannot be opened is a fault of that file and stops no other."""
    try:
        return read(name, stdin_name if name == STDIN else None)
    except PioneerError as error:
        return unread((stdin_name or "<stdin>") if name == STDIN else name, error)


def read_bid(source: Source) -> ReadBid:
    """Validates a source as a bid, with every fault at once: its form, its references, what no font can show."""
    if source.content is None:
        return ReadBid(None, source.diagnostics)
    validated = validate(source, Bid)
    diagnostics = [*source.diagnostics, *validated.diagnostics]
    for path, message, hint in broken_references(source.content):
        diagnostics.append(place(source, path, "broken-reference", message, hint))
    if validated.model is not None:
        for fault in unshowable(plain(validated.model)):
            found = place(source, fault.path, fault.code, fault.message, fault.hint)
            diagnostics.append(replace(found, span=source.text_span(fault.path, fault.piece)))
    ordered = tuple(sorted(diagnostics))
    return ReadBid(None if has_errors(ordered) else validated.model, ordered)


# --- Gap reports -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GapRequest:
    """What a gap report is made from beside the bid: a folder of reviewers' files, and a file of replies."""

    phase: Phase = "submission"
    pack: str | None = None
    template: str = "eoi"
    reviews: str | None = None
    replies: str | None = None
    stdin_name: str | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """What came of one bid: its gap report, or None; and what is wrong with it or with files beside it, by the file."""

    report: "GapReport | None"
    faults: tuple[tuple[Source, tuple[Diagnostic, ...]], ...]


def gaps(name: str, request: GapRequest) -> Gaps:
    """Reads, validates, typesets and judges one bid, and reads its words and its reviewers, while it is typeset.

    Raises PioneerError for what is wrong with the set-up.
    """
    source = _read(name, request.stdin_name)
    found = read_bid(source)
    if found.bid is None:
        return Gaps(None, _by_file([source], found.diagnostics))
    tree = plain(found.bid)
    reviewing = Background(partial(_review, source, found.bid, tree, request))
    try:
        with Press(request.template) as press:
            printed = press.typeset(tree, measured="pages", meanwhile=reviewing.start)
    except TypesetError as error:
        failed = place(source, (), "render-failed", error.message, error.hint)
        return Gaps(None, _by_file([source], (*found.diagnostics, failed)))
    return reviewing.result()(printed)


def _review(source: Source, bid: Bid, tree: Mapping[str, Any], request: GapRequest) -> Callable[[Printed], Gaps]:
    """What makes the report once the bid is typeset; all else is done here, while the typesetter works."""
    from pioneer_cli.clarification import questions
    from pioneer_cli.gap_report import gap_report, words_of_bid
    from pioneer_cli.judge import choose_pack, look
    from pioneer_cli.judgement import Panel
    from pioneer_cli.load_pack import pack_digest
    from pioneer_cli.prose import one_line
    from pioneer_cli.reading import load_reading

    name = request.pack or bid.call
    loaded = choose_pack(source, bid, request.pack)
    pack = loaded.pack
    reading = load_reading(name, pack) if pack else None
    if pack is None or reading is None or reading.reading is None:
        return _cannot([source], loaded.diagnostics + (reading.diagnostics if reading else ()))
    pack_sha256 = pack_digest(name)
    digests = {f"bid {PurePath(source.name).name}": source.sha256, f"pack {pack.about.name}": pack_sha256}
    digests |= {f"reading of {pack.about.name}": reading.sha256} if reading.sha256 else {}
    told = (*loaded.diagnostics, *reading.diagnostics)
    panel = Panel(())
    if request.reviews is not None:
        from pioneer_cli.check_review import Desk, quotable
        from pioneer_cli.reviews_folder import read_reviews

        reviews = read_reviews(request.reviews, Desk(source, tree, pack, pack_sha256, quotable(tree)))
        if reviews.panel is None:
            return _cannot(reviews.sources.values(), reviews.diagnostics)
        panel = reviews.panel
        digests |= {f"review {found.reviewer}": found.source.sha256 for found in panel.judgements}
    finish = look(pack, tree, request.phase, panel.settled)
    words = words_of_bid(pack, reading.reading, tree)

    def report(printed: Printed) -> Gaps:
        assessment = finish(printed.typeset.pages(pack.about.page_limit))
        if request.replies is None:
            made = gap_report(source, tree, pack, assessment, printed, words, panel, None, digests)
            return Gaps(made, _by_file([source], told))
        from pioneer_cli.check_replies import read_annex

        asked, counting = questions(assessment), frozenset(found.reviewer for found in panel.counting)
        known = counting if request.reviews is not None else None
        annex = read_annex(request.replies, (one_line(bid.title), source.sha256), pack, pack_sha256, asked, known)
        if annex.replies is None:
            return _cannot([annex.source], annex.diagnostics)(printed)
        of_all = {**digests, f"replies {PurePath(annex.source.name).name}": annex.source.sha256}
        made = gap_report(source, tree, pack, assessment, printed, words, panel, annex.replies, of_all)
        return Gaps(made, _by_file([source, annex.source], (*told, *annex.diagnostics)))

    return report


def _cannot(sources: Iterable[Source], faults: Sequence[Diagnostic]) -> Callable[[Printed], Gaps]:
    """No report, and why not."""
    told = _by_file(sources, faults)
    return lambda printed: Gaps(None, told)


def _by_file(
    sources: Iterable[Source], faults: Sequence[Diagnostic]
) -> tuple[tuple[Source, tuple[Diagnostic, ...]], ...]:
    """What is wrong, file by file; faults of files that are not at hand, such as a pack's, are told with the first."""
    listed = list(sources)
    names = {source.name for source in listed}
    told = []
    for number, source in enumerate(listed):
        own = (fault for fault in faults if fault.file == source.name or (number == 0 and fault.file not in names))
        told.append((source, tuple(own)))
    return tuple((source, own) for source, own in told if own)


# --- Exit codes ------------------------------------------------------------------------------------------------------


_SEVERITIES: Mapping[str, Severity] = {"error": Severity.ERROR, "warning": Severity.WARNING}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What makes a bid fall short: findings from a severity on, a score or a level below a minimum.

    Whether it stepped back since the revision `base` (`regression`) is for `comparison` to say.
    """

    fail_on: FailOn = "error"
    min_score: float | None = None
    min_criterion: int | None = None
    base: str | None = None


def exit_code(report: Report, thresholds: Thresholds) -> ExitCode:
    """The exit code that one bid deserves; a run ends with the highest of its bids'."""
    assessment = report.assessment
    if assessment is None:
        return ExitCode.CANNOT_JUDGE
    if below_minimum(report, thresholds):
        return ExitCode.FALLS_SHORT
    worst = max(report.severities, default=Severity.NOTE)  # from a note no run fails
    if thresholds.fail_on in _SEVERITIES and worst >= _SEVERITIES[thresholds.fail_on]:
        return ExitCode.FALLS_SHORT
    return ExitCode.OK


def below_minimum(report: Report, thresholds: Thresholds) -> tuple[str, ...]:
    """Which minimum the bid misses, in words; both look at the low end, since what is unknown may not help."""
    assessment = report.assessment
    if assessment is None:
        return ()
    reasons = []
    least = thresholds.min_score
    if least is not None and assessment.low < least:
        reasons.append(f"the score {float(assessment.low):.2f} is below the minimum of {least:g}")
    for found in assessment.criteria:
        level = found.level_low.level
        if thresholds.min_criterion is not None and level < thresholds.min_criterion:
            reasons.append(f"{found.criterion.id} is at level {level}, below the minimum of {thresholds.min_criterion}")
    return tuple(reasons)


def warnings_that_fail(report: Report, thresholds: Thresholds) -> tuple[str, ...]:
    """That warnings are what the bid falls short by, in words; nothing where an error says so already."""
    worst = max(report.severities, default=Severity.NOTE)
    if report.assessment is None or thresholds.fail_on != "warning" or worst is not Severity.WARNING:
        return ()
    count = plural(report.severities.count(Severity.WARNING), "warning")
    return (f"{count}, and fail-on is warning",)
