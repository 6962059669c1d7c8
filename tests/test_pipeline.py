"""The stages in order: what a check makes of the repository's bids and of faults at every stage, and its exit code."""

import os
from fractions import Fraction
from pathlib import Path

import pytest
from made_bids import check_one
from small_pack import small_pack, write_small_pack

from pioneer_cli import pipeline
from pioneer_cli.assessment import Assessment, Finding, GateResult, Outcome, Pages, Report, SectionPages, Verdict
from pioneer_cli.diagnostics import Diagnostic, Severity, Span
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.pack import Pack
from pioneer_cli.pipeline import Request, Thresholds, below_minimum, exit_code
from pioneer_cli.press import Press
from pioneer_cli.score import score
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import parse
from pioneer_cli.typeset import TypesetError

BIDS = Path(__file__).parent.parent / "bids"
NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR
BID = """\
call: small
title: A bid
area: {name: Somewhere}
submission_date: 2013-06-28
health_and_wellbeing_boards:
  - {name: The board, support: agreed}
vision:
  statement: One team for each person
"""


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def told(report: Report) -> list[tuple[str, str, str]]:
    """Each diagnostic as (file, line:column, code)."""
    return [(Path(found.file).name, str(found.span.start), found.code) for found in report.diagnostics]


def assessed(report: Report) -> Assessment:
    """The assessment of a bid that could be judged."""
    assert report.assessment is not None
    return report.assessment


def gate(report: Report, name: str) -> GateResult:
    (found,) = [found for found in assessed(report).gates if found.gate.id == name]
    return found


def finding(report: Report, rule: str) -> Finding:
    (found,) = [found for found in assessed(report).findings if found.rule.id == rule]
    return found


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder to work in, with the small pack in `small`."""
    write_small_pack(tmp_path / "small")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- The bids of the repository --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exemplar():
    return check_one(str(BIDS / "exemplar.yaml"), Request())


@pytest.fixture(scope="module")
def north_lincolnshire():
    return check_one(str(BIDS / "north-lincolnshire.yaml"), Request())


def test_the_exemplar_meets_every_rule_that_a_machine_can_check(exemplar):
    assert exemplar.diagnostics == ()
    outcomes = {found.outcome for found in assessed(exemplar).findings if not found.rule.is_judged}
    assert outcomes == {Outcome.MET}
    assert assessed(exemplar).gaps == exemplar.gate_gaps == exemplar.severities == ()


def test_the_exemplar_waits_for_people_and_for_nothing_else(exemplar):
    assessment = assessed(exemplar)
    judged = [found for found in assessment.findings if found.rule.is_judged]
    assert len(judged) == 6
    assert {found.outcome for found in judged} == {Outcome.UNKNOWN}
    assert (assessment.verdict, assessment.best_verdict) == (Verdict.SIFT_IN, Verdict.MEETS_IN_FULL)
    assert assessment.high == 100
    waiting = ", ".join(found.rule.id for found in judged)
    assert assessment.reasons == (f"6 questions wait for a reviewer's judgement: {waiting}",)
    open_considerations = {finding.consideration.id for finding in judged}
    for criterion in assessment.criteria:
        for found in criterion.considerations:
            expected = Outcome.UNKNOWN if found.consideration.id in open_considerations else Outcome.MET
            assert found.outcome is expected


def test_the_exemplar_fills_its_ten_pages_and_no_more(exemplar):
    assert (exemplar.pages.count, exemplar.pages.limit) == (10, 10)
    used = sum(section.pages for section in exemplar.pages.sections)
    assert Fraction("9.5") <= used <= 10


def test_every_criterion_of_the_exemplar_has_its_pages(exemplar):
    sections = [section.name for section in exemplar.pages.sections]
    assert [name for name in sections if name.startswith("C")] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    for earlier, later in zip(exemplar.pages.sections, exemplar.pages.sections[1:], strict=False):
        assert earlier.first_page <= earlier.last_page <= later.last_page <= 10


@pytest.mark.parametrize("phase", ["draft", "submission", "selection-end"])
def test_the_exemplar_passes_in_every_phase(phase):
    report = check_one(str(BIDS / "exemplar.yaml"), Request(phase=phase))
    assert exit_code(report, Thresholds(fail_on="warning")) is ExitCode.OK


def test_north_lincolnshire_has_its_board_behind_it(north_lincolnshire):
    assert gate(north_lincolnshire, "health-and-wellbeing-board").outcome is Outcome.MET
    assert gate(north_lincolnshire, "page-limit").outcome is Outcome.MET
    assert gate(north_lincolnshire, "deadline").outcome is Outcome.UNKNOWN


def test_north_lincolnshire_is_weakest_at_sharing(north_lincolnshire):
    levels = {found.criterion.id: found.level_low.level for found in assessed(north_lincolnshire).criteria}
    assert levels == {"C1": 1, "C2": 3, "C3": 3, "C4": 1, "C5": 0, "C6": 1}
    (sharing,) = [found for found in assessed(north_lincolnshire).criteria if found.criterion.id == "C5"]
    assert (sharing.low, sharing.high) == (0, 0)
    assert [item.outcome for item in sharing.considerations] == [Outcome.UNMET] * 3


def test_north_lincolnshire_is_sifted_in_and_says_why_not_better(north_lincolnshire):
    assessment = assessed(north_lincolnshire)
    assert assessment.verdict is Verdict.SIFT_IN  # sharing is at level 0, where the letter would only expect it
    assert assessment.reasons[0] == "gate deadline: no date is stated"
    assert assessment.reasons[1].startswith("C1 is at level 1, and meets-in-full takes level 4: that would take ")
    assert exit_code(north_lincolnshire, Thresholds()) is ExitCode.OK
    assert exit_code(north_lincolnshire, Thresholds(fail_on="warning")) is ExitCode.FALLS_SHORT


def test_a_gap_points_into_the_bid(north_lincolnshire):
    found = finding(north_lincolnshire, "outcomes-have-baselines")
    assert found.shortfalls[0].path == ("vision", "outcomes", 0)
    line = north_lincolnshire.source.value_span(found.shortfalls[0].path).start.line
    assert north_lincolnshire.source.line(line).strip().startswith("- outcome:")


# --- Faults at every stage -------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_a_fault_of_that_file(desk):
    report = check_one("missing.yaml", Request())
    assert told(report) == [("missing.yaml", "1:1", "unreadable")]
    assert report.diagnostics[0].message == "cannot read missing.yaml: No such file or directory"
    assert exit_code(report, Thresholds("never")) is ExitCode.CANNOT_JUDGE


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_a_folder_a_pipe_and_a_link_to_nothing_are_faults_too(desk, make):
    make(desk / "bid.yaml")
    report = check_one("bid.yaml", Request())
    assert told(report) == [("bid.yaml", "1:1", "unreadable")]
    assert report.assessment is None


def test_a_fault_of_the_yaml_stops_the_bid(desk):
    (desk / "bid.yaml").write_text("title: a: b\n")
    assert told(check_one("bid.yaml", Request())) == [("bid.yaml", "1:9", "yaml-colon")]


def test_a_warning_does_not_stop_the_bid(desk):
    (desk / "bid.yaml").write_text(BID.replace("One team", "Priority #1 is one team"))
    report = check_one("bid.yaml", Request(packs=("small",)))
    assert told(report) == [("bid.yaml", "8:23", "yaml-comment")]
    assert report.assessment is not None


def test_faults_of_form_and_of_references_come_in_one_run(desk):
    twice = "partners:\n  - {id: a, organisation: A}\n  - {id: a, organisation: B}\n"
    (desk / "bid.yaml").write_text(BID + twice + "vission: {}\n")
    assert told(check_one("bid.yaml", Request())) == [
        ("bid.yaml", "11:10", "broken-reference"),
        ("bid.yaml", "12:1", "unknown-key"),
    ]


def test_what_no_font_can_show_stops_the_bid_at_its_place(desk):
    (desk / "bid.yaml").write_text(BID.replace("A bid", "Care 照护 here"))
    assert told(check_one("bid.yaml", Request())) == [
        ("bid.yaml", "2:13", "missing-character"),
        ("bid.yaml", "2:14", "missing-character"),
    ]


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("pioneer-2013", "did you mean `pioneers-2013`?"),
        ("zzz", f"packs: {', '.join(shipped_names('criteria'))}; or name one with --pack"),
    ],
)
def test_a_call_without_a_pack_is_a_fault_of_the_bid(desk, call, hint):
    (desk / "bid.yaml").write_text(BID.replace("call: small", f"call: {call}"))
    report = check_one("bid.yaml", Request())
    assert told(report) == [("bid.yaml", "1:7", "unknown-call")]
    assert report.diagnostics[0].message == f'there is no criteria pack called "{call}"'
    assert report.diagnostics[0].hint == hint
    assert exit_code(report, Thresholds("never")) is ExitCode.CANNOT_JUDGE


def test_another_pack_can_be_asked_for(desk):
    (desk / "bid.yaml").write_text(BID)
    report = check_one("bid.yaml", Request(packs=("small",)))
    assert report.diagnostics == ()
    assert report.pack.about.name == "small"
    assert finding(report, "vision-is-stated").outcome is Outcome.MET


def test_a_pack_that_is_not_there_is_a_problem_of_the_set_up(desk):
    (desk / "bid.yaml").write_text(BID)
    with pytest.raises(PioneerError, match="there is no criteria pack called smal"):
        check_one("bid.yaml", Request(packs=("smal",)))


def test_faults_of_a_pack_stand_in_its_own_files(desk):
    (desk / "bid.yaml").write_text(BID)
    change(write_small_pack(desk / "faulty") / "pack.yaml", "sift-in: 1", "sift-in: 9")
    report = check_one("bid.yaml", Request(packs=("faulty",)))
    assert told(report) == [("pack.yaml", "17:39", "out-of-range")]
    assert report.diagnostics[0].file == "faulty/pack.yaml"
    assert (report.pack, report.assessment) == (None, None)
    assert exit_code(report, Thresholds("never")) is ExitCode.CANNOT_JUDGE


def test_faults_of_a_criterion_stand_in_its_file(desk):
    (desk / "bid.yaml").write_text(BID)
    change(write_small_pack(desk / "broken") / "c1.yaml", "predicate: words", "predicate: word")
    report = check_one("bid.yaml", Request(packs=("broken",)))
    assert told(report) == [("c1.yaml", "20:20", "unknown-predicate")]
    assert report.diagnostics[0].file == "broken/c1.yaml"


def test_a_document_that_cannot_be_typeset_cannot_be_judged(desk, monkeypatch):
    def fail(press: Press, bid: object, **options: object) -> None:
        raise TypesetError("the document cannot be typeset: ink is out", "refill it")

    (desk / "bid.yaml").write_text(BID)
    monkeypatch.setattr(pipeline.Press, "typeset", fail)
    report = check_one("bid.yaml", Request(packs=("small",)))
    assert told(report) == [("bid.yaml", "1:1", "render-failed")]
    assert (report.diagnostics[0].message, report.diagnostics[0].hint) == (
        "the document cannot be typeset: ink is out",
        "refill it",
    )
    assert (report.assessment, report.pages) == (None, None)
    assert exit_code(report, Thresholds("never")) is ExitCode.CANNOT_JUDGE


def test_faults_of_the_pack_and_of_typesetting_come_in_one_run(desk, monkeypatch):
    def fail(press: Press, bid: object, **options: object) -> None:
        raise TypesetError("no ink")

    (desk / "bid.yaml").write_text(BID.replace("call: small", "call: zzz"))
    monkeypatch.setattr(pipeline.Press, "typeset", fail)
    assert [code for _, _, code in told(check_one("bid.yaml", Request()))] == ["unknown-call", "render-failed"]


def test_a_bug_in_the_typesetter_is_no_fault_of_the_bid(desk, monkeypatch):
    def crash(press: Press, bid: object, **options: object) -> None:
        raise ZeroDivisionError

    (desk / "bid.yaml").write_text(BID)
    monkeypatch.setattr(pipeline.Press, "typeset", crash)
    with pytest.raises(ZeroDivisionError):
        check_one("bid.yaml", Request(packs=("small",)))


def test_without_pages_the_verdict_is_withheld(desk):
    (desk / "bid.yaml").write_text(BID)
    report = check_one("bid.yaml", Request(packs=("small",), count_pages=False))
    assert report.pages is None
    assert assessed(report).verdict is None
    assert gate(report, "pages").outcome is Outcome.UNKNOWN
    assert report.left_out(gate(report, "pages"))
    assert report.gate_gaps == ()
    assert exit_code(report, Thresholds("warning", min_score=0)) is ExitCode.FALLS_SHORT  # by its gaps


# --- Exit codes ------------------------------------------------------------------------------------------------------

PAGES = Pages(9, 10, 3, (SectionPages("C1", 1, 9, Fraction(9)),))


def report_of(
    gaps: list[Severity],
    faults: list[Severity],
    gates: dict[str, tuple[Outcome, Severity]],
    pages: Pages | None,
) -> Report:
    """A report whose findings fall short with these severities; C1 is met up to them, C2 in full."""
    pack: Pack = small_pack()
    findings = []
    for index, (criterion, consideration, rule) in enumerate(pack.rules()):
        outcome = Outcome.UNMET if index < len(gaps) else Outcome.MET
        share = Fraction(outcome is Outcome.MET)
        severity = gaps[index] if index < len(gaps) else ERROR
        findings.append(Finding(criterion, consideration, rule, outcome, share, share, severity, (), ()))
    results = [GateResult(found, *gates.get(found.id, (Outcome.MET, ERROR)), ()) for found in pack.about.gates]
    source = parse(BID, "bid.yaml")
    diagnostics = tuple(Diagnostic("bid.yaml", Span.of(1, 1, 1, 2), severity, "x", "y") for severity in faults)
    return Report(source, pack, "A bid", diagnostics, score(pack, findings, results, "submission"), pages)


OK, SHORT = ExitCode.OK, ExitCode.FALLS_SHORT
FAILED = Outcome.UNMET


@pytest.mark.parametrize(
    ("gaps", "faults", "gates", "fail_on", "code"),
    [
        ([], [], {}, "error", OK),
        ([], [], {}, "warning", OK),
        ([], [], {}, "never", OK),
        ([NOTE], [], {}, "warning", OK),
        ([WARNING], [], {}, "error", OK),
        ([WARNING], [], {}, "warning", SHORT),
        ([WARNING], [], {}, "never", OK),
        ([ERROR], [], {}, "error", SHORT),
        ([ERROR], [], {}, "warning", SHORT),
        ([ERROR], [], {}, "never", OK),
        ([NOTE, ERROR], [], {}, "error", SHORT),
        ([], [WARNING], {}, "error", OK),
        ([], [WARNING], {}, "warning", SHORT),
        ([], [WARNING], {}, "never", OK),
        ([], [NOTE], {}, "warning", OK),
        ([], [], {"boards": (FAILED, NOTE)}, "warning", OK),
        ([], [], {"boards": (FAILED, WARNING)}, "error", OK),
        ([], [], {"boards": (FAILED, WARNING)}, "warning", SHORT),
        ([], [], {"boards": (FAILED, ERROR)}, "error", SHORT),
        ([], [], {"boards": (FAILED, ERROR)}, "never", OK),
        ([], [], {"boards": (Outcome.PARTLY, ERROR)}, "error", SHORT),
        ([], [], {"boards": (Outcome.MET, ERROR)}, "warning", OK),
        ([], [], {"boards": (Outcome.NOT_APPLICABLE, ERROR)}, "warning", OK),
        ([], [], {"in-time": (Outcome.UNKNOWN, WARNING)}, "error", OK),
        ([], [], {"in-time": (Outcome.UNKNOWN, WARNING)}, "warning", SHORT),
        ([], [], {"pages": (FAILED, ERROR)}, "error", SHORT),
        ([], [], {"pages": (FAILED, WARNING)}, "error", OK),
    ],
)
def test_the_exit_code_follows_from_the_worst_that_was_found(gaps, faults, gates, fail_on, code):
    assert exit_code(report_of(gaps, faults, gates, PAGES), Thresholds(fail_on)) is code


@pytest.mark.parametrize(
    ("gates", "fail_on", "code"),
    [
        ({}, "warning", OK),
        ({"in-time": (Outcome.UNKNOWN, WARNING)}, "warning", SHORT),  # only the page limit was left out
        ({"in-time": (FAILED, ERROR)}, "error", SHORT),
    ],
)
def test_a_page_limit_left_out_on_request_fails_nothing_and_hides_nothing(gates, fail_on, code):
    uncounted = {"pages": (Outcome.UNKNOWN, WARNING)}
    assert exit_code(report_of([], [], uncounted | gates, None), Thresholds(fail_on)) is code


@pytest.mark.parametrize(
    ("gaps", "min_score", "min_criterion", "code", "reasons"),
    [
        # One gap costs C1 22.5 of its 60 points and leaves it at level 2; C2 stands at level 3.
        ([], 100, 3, OK, ()),
        ([NOTE], 77.5, None, OK, ()),
        ([NOTE], 77.51, None, SHORT, ("the score 77.50 is below the minimum of 77.51",)),
        ([NOTE], None, 2, OK, ()),
        ([NOTE], None, 3, SHORT, ("C1 is at level 2, below the minimum of 3",)),
        (
            [NOTE],
            80,
            3,
            SHORT,
            ("the score 77.50 is below the minimum of 80", "C1 is at level 2, below the minimum of 3"),
        ),
        ([NOTE], 0, 0, OK, ()),
    ],
)
@pytest.mark.parametrize("fail_on", ["error", "warning", "never"])
def test_a_bid_below_a_minimum_falls_short_whatever_else(gaps, min_score, min_criterion, code, reasons, fail_on):
    report = report_of(gaps, [], {}, PAGES)
    thresholds = Thresholds(fail_on, min_score, min_criterion)
    assert exit_code(report, thresholds) is code
    assert below_minimum(report, thresholds) == reasons


@pytest.mark.parametrize(
    ("thresholds", "code"),
    [
        (Thresholds(min_score=90), OK),
        (Thresholds(min_score=91), SHORT),
        (Thresholds(min_criterion=4), OK),
        (Thresholds(min_criterion=5), SHORT),
    ],
)
def test_minimums_look_at_the_low_end_of_what_is_unknown(exemplar, thresholds, code):
    assessment = assessed(exemplar)
    assert (assessment.low < 91 < assessment.high, exit_code(exemplar, thresholds)) == (True, code)


@pytest.mark.parametrize("fail_on", ["error", "warning", "never"])
def test_what_was_not_judged_never_passes(fail_on):
    report = Report(parse(BID, "bid.yaml"), None, "", (), None, None)
    thresholds = Thresholds(fail_on, 0, 0)
    assert exit_code(report, thresholds) is ExitCode.CANNOT_JUDGE
    assert below_minimum(report, thresholds) == ()
