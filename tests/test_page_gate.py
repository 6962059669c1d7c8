"""The page gate from end to end: pages counted, held to the limit, noted by section, and what the exit code says."""

import json
import pickle
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_bids import check_one, empty_bid, full_bid, tree_of
from small_pack import small_pack, write_small_pack

from pioneer_cli import press as press_module
from pioneer_cli.answered import answered
from pioneer_cli.assessment import Outcome, Pages, Report, SectionPages
from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.judge import forget_packs
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pipeline import Request, Thresholds, check, exit_code, over_budget
from pioneer_cli.press import Press, Printed, _Order, in_child
from pioneer_cli.shipped import shipped_folder
from pioneer_cli.source import parse
from pioneer_cli.template_folder import find_template
from pioneer_cli.typeset import LEAVE_MARKS, Typeset, TypesetError

BID = """\
call: small
title: A bid
area: {name: Somewhere}
submission_date: 2013-06-28
health_and_wellbeing_boards:
  - {name: The board, support: agreed}
vision:
  statement: One team for each person and for every family
capability:
  statement: We have done it before
"""
SECTIONS = (SectionPages("C1", 1, 3, Fraction(301, 100)), SectionPages("C4", 3, 9, Fraction(6)))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a bid and the small pack, whose limit is ten pages."""
    write_small_pack(tmp_path / "small")
    (tmp_path / "bid.yaml").write_text(BID, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    forget_packs()  # which a run remembers by their names
    yield tmp_path
    forget_packs()


@pytest.fixture
def counted(desk, monkeypatch):
    """Checks the bid as if its document had so many pages; `asked` is what the press was asked for."""
    asked: list[tuple[str, str]] = []

    def check(pages: int, **request: Any) -> Report:
        def typeset(self: Press, bid: Any, *, meanwhile: Any) -> Printed:
            asked.append((self.folder.name, bid["title"]))
            meanwhile()
            return Printed(Typeset(b"", pages, SECTIONS, 3))

        monkeypatch.setattr(Press, "typeset", typeset)
        return check_one("bid.yaml", Request(**{"packs": ("small",), **request}))

    check.asked = asked  # type: ignore[attr-defined]
    return check


# --- The limit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pages", "reasons"), [
    (1, []), (9, []), (10, []), (11, ["11 pages, where the limit is 10"]), (200, ["200 pages, where the limit is 10"]),
])  # fmt: skip
@pytest.mark.parametrize("phase", ["draft", "submission", "selection-end"])
def test_the_gate_holds_the_count_to_the_limit(counted, pages, reasons, phase):
    report = counted(pages, phase=phase)
    assert report.pages == Pages(pages, 10, 3, SECTIONS)
    (gate,) = [found for found in report.assessment.gates if found.gate.id == "pages"]
    assert gate.outcome is (Outcome.UNMET if reasons else Outcome.MET)
    assert [fall.reason for fall in gate.shortfalls] == reasons
    assert gate.severity is (Severity.WARNING if phase == "draft" else Severity.ERROR)
    assert counted.asked == [("eoi", "A bid")]


@pytest.mark.parametrize(
    ("pages", "phase", "fail_on", "code"),
    [
        (10, "submission", "error", ExitCode.OK),
        (11, "submission", "error", ExitCode.FALLS_SHORT),
        (11, "submission", "warning", ExitCode.FALLS_SHORT),
        (11, "submission", "never", ExitCode.OK),
        (11, "submission", "regression", ExitCode.OK),  # which comparing with a revision tells
        (11, "draft", "error", ExitCode.OK),
        (11, "draft", "warning", ExitCode.FALLS_SHORT),
        (11, "selection-end", "error", ExitCode.FALLS_SHORT),
    ],
)
def test_one_page_too_many_is_what_the_exit_code_says(counted, pages, phase, fail_on, code):
    report = counted(pages, phase=phase)
    own = replace(report.assessment, findings=())  # the gate alone
    assert exit_code(replace(report, assessment=own, diagnostics=()), Thresholds(fail_on)) is code


def test_pages_that_were_not_to_be_counted_are_not_and_say_so(counted):
    report = counted(11, count_pages=False)
    assert counted.asked == []
    assert report.pages is None
    (gate,) = [found for found in report.assessment.gates if found.gate.id == "pages"]
    assert gate.outcome is Outcome.UNKNOWN
    assert [fall.reason for fall in gate.shortfalls] == ["the pages were not counted"]
    assert report.assessment.verdict is None


def test_the_pages_are_those_of_the_template_that_was_asked_for(counted, desk):
    counted(9, template="eoi-review")
    assert counted.asked == [("eoi-review", "A bid")]
    with pytest.raises(PioneerError, match="nowhere"):
        counted(9, template="nowhere")


def test_a_document_that_fails_is_told_at_the_bid_s_beginning_and_not_judged(desk, monkeypatch):
    def typeset(self: Press, bid: Any, *, meanwhile: Any) -> Printed:
        meanwhile()
        raise TypesetError("it cannot be done", "do something else")

    monkeypatch.setattr(Press, "typeset", typeset)
    report = check_one("bid.yaml", Request(packs=("small",)))
    (found,) = report.diagnostics
    assert (found.code, found.message, found.hint) == ("render-failed", "it cannot be done", "do something else")
    assert (found.file, str(found.span.start), found.severity) == ("bid.yaml", "1:1", Severity.ERROR)
    assert (report.title, report.pack, report.assessment, report.pages) == ("A bid", None, None, None)
    assert exit_code(report, Thresholds("never")) is ExitCode.CANNOT_JUDGE


def test_a_bid_that_cannot_be_read_has_no_pages_and_no_title(desk):
    (report,) = check("nowhere.yaml", Request(packs=("small",)))
    assert (report.source.name, report.title, report.pack, report.pages) == ("nowhere.yaml", "", None, None)
    assert exit_code(report, Thresholds("never")) is ExitCode.CANNOT_JUDGE


@pytest.mark.parametrize("count_pages", [True, False])
def test_what_is_to_be_prepared_beside_is_prepared_once(desk, count_pages):
    begun: list[str] = []
    check("bid.yaml", Request(packs=("small",), count_pages=count_pages), lambda: begun.append("x"))
    assert begun == ["x"]


def test_a_bid_from_standard_input_bears_the_name_that_it_is_given(desk, monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(BID.encode())))
    (report,) = check("-", Request(packs=("small",), count_pages=False, stdin_name="piped.yaml"))
    assert (report.source.name, report.title) == ("piped.yaml", "A bid")


def another_pack(desk: Path, name: str) -> None:
    path = write_small_pack(desk / name) / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("name: small\n", f"name: {name}\n", 1), "utf-8")


def test_each_pack_has_its_report_and_the_last_says_what_they_share(desk):
    another_pack(desk, "second")
    another_pack(desk, "third")
    reports = check("bid.yaml", Request(packs=("small", "second", "third"), count_pages=False))
    assert [report.pack.about.name for report in reports if report.pack] == ["small", "second", "third"]
    assert [report.title for report in reports] == ["A bid"] * 3
    assert [bool(report.shared) for report in reports] == [False, False, True]
    assert {tuple(shared.rules) for shared in reports[-1].shared} == {("small", "second", "third")}
    two = check("bid.yaml", Request(packs=("second", "third"), count_pages=False))
    assert [bool(report.shared) for report in two] == [False, True]


def test_a_pack_with_faults_hides_none_that_comes_after_it(desk):
    (write_small_pack(desk / "broken") / "c2.yaml").unlink()
    reports = check("bid.yaml", Request(packs=("broken", "small"), count_pages=False))
    assert [report.assessment is None for report in reports] == [True, False]
    assert reports[0].diagnostics != ()
    assert reports[1].diagnostics == ()


# --- The budgets of sections -----------------------------------------------------------------------------------------


def with_budgets(**budgets: float) -> Any:
    """The small pack with budgets of pages for its criteria."""
    pack = small_pack()
    criteria = (found.model_copy(update={"pages": budgets.get(found.id)}) for found in pack.criteria)
    return replace(pack, criteria=tuple(criteria))


def test_a_section_that_takes_more_than_half_as_much_again_is_noted_at_its_key():
    (note,) = over_budget(parse(BID, "bid.yaml"), with_budgets(C1=2, C2=4), Pages(9, 10, 3, SECTIONS))
    assert (note.severity, note.code) == (Severity.NOTE, "over-budget")
    assert note.message == "C1 takes 3.01 pages; its budget is 2 (house)"
    assert note.hint == "`pioneer pages` shows where they go"
    assert (note.file, str(note.span.start), str(note.span.end)) == ("bid.yaml", "7:1", "7:7")  # `vision`


def test_every_section_over_its_budget_is_noted():
    notes = over_budget(parse(BID, "bid.yaml"), with_budgets(C1=0.5, C2=0.25), Pages(9, 10, 3, SECTIONS))
    assert [note.message for note in notes] == [
        "C1 takes 3.01 pages; its budget is 0.5 (house)",
        "C2 takes 6.00 pages; its budget is 0.25 (house)",
    ]


@pytest.mark.parametrize(
    ("budgets", "pages"),
    [
        ({"C1": 2, "C2": 4}, None),
        ({}, Pages(9, 10, 3, SECTIONS)),
        ({"C2": 4}, Pages(9, 10, 3, SECTIONS)),  # exactly half as much again
        ({"C1": 2, "C2": 4}, Pages(9, 10, 3, ())),
    ],
    ids=["not counted", "no budgets", "at the bound", "no such sections"],
)
def test_a_section_within_its_budget_or_without_one_is_not(budgets, pages):
    assert over_budget(parse(BID, "bid.yaml"), with_budgets(**budgets), pages) == ()


@pytest.mark.parametrize(("name", "budget", "codes"), [("tight", "2", ["over-budget"]), ("ample", "2.1", [])])
def test_a_check_tells_of_sections_over_their_budget(counted, desk, name, budget, codes):
    path = write_small_pack(desk / name) / "c1.yaml"
    path.write_text(path.read_text("utf-8").replace("weight: 30\n", f"weight: 30\npages: {budget}\n"), "utf-8")
    assert [found.code for found in counted(9, packs=(name,)).diagnostics] == codes


# --- Documents of too many pages -------------------------------------------------------------------------------------

LONG = {**empty_bid(), "summary": "word " * 2000}  # three pages
WHOLE = tree_of(full_bid(lambda path: "We will do it"))  # something in every field
TOO_LONG = ("the document has 3 pages", "no document of more than 2 pages is made")


def in_process(room: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What the child process of a person's own template answers, asked in this one."""
    monkeypatch.setattr(press_module, "MOST_PAGES", most)
    monkeypatch.setattr(press_module, "_cut_off", lambda: None)
    monkeypatch.setattr("tempfile.tempdir", None)
    order = _Order(LONG, False, "pdf")
    return in_child(pickle.dumps((order, find_template("eoi"), {}, str(room))))


@pytest.mark.parametrize("most", [3, 4])
def test_a_document_of_as_many_pages_as_are_made_is_made(most, monkeypatch, tmp_path):
    monkeypatch.setattr(press_module, "MOST_PAGES", most)
    with Press() as press:
        assert press.typeset(LONG).typeset.count == 3
    assert b"%PDF" in in_process(tmp_path, most, monkeypatch)


def test_a_document_of_more_pages_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(press_module, "MOST_PAGES", 2)
    with Press() as press, pytest.raises(TypesetError) as caught:
        press.typeset(LONG)
    assert (caught.value.message, caught.value.hint) == TOO_LONG
    with pytest.raises(TypesetError) as caught:
        in_process(tmp_path, 2, monkeypatch)
    assert (caught.value.message, caught.value.hint) == (f"with the template eoi {TOO_LONG[0]}", TOO_LONG[1])


def test_thousands_of_pages_are_written_with_a_comma():
    error = press_module._too_many(12345)
    assert (error.message, error.hint) == (
        "the document has 12,345 pages",
        "no document of more than 200 pages is made",
    )


# --- A template of one's own, which is counted in a child process ----------------------------------------------------


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A press with a copy of the house's template as one's own, whose child answers in this process."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shipped_folder("templates") / "eoi", tmp_path / "own")
    monkeypatch.setattr(press_module, "_cut_off", lambda: None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    press = Press("own")
    assert press._child is not None
    return press


def in_this_process(payload: bytes) -> bytes:
    """What the child answers, whose folder for temporary files is gone when it has answered."""
    kept = tempfile.tempdir
    try:
        return in_child(payload)
    finally:
        tempfile.tempdir = kept


def answering(press: Press, answer: Callable[[bytes], bytes]) -> Press:
    press._child = SimpleNamespace(call=answer)  # type: ignore[assignment]
    return press


@pytest.mark.parametrize(("measured", "draft"), [("", False), ("pages", False), ("lines", True)])
def test_a_copy_of_the_house_s_template_gives_the_same_pages_and_places(own, measured, draft):
    begun: list[str] = []
    found = answering(own, in_this_process).typeset(
        LONG, measured=measured, draft=draft, meanwhile=lambda: begun.append("x")
    )
    with Press() as press:
        expected = press.typeset(LONG, measured=measured, draft=draft)
    assert begun == ["x"]
    assert found == expected
    assert bool(found.typeset.places) is bool(found.passages) is bool(measured)


def test_a_press_makes_no_draft_and_measures_no_passages_unless_it_is_asked(own):
    begun: list[str] = []
    with Press() as press:
        plain = press.typeset(LONG, meanwhile=lambda: begun.append("x"))
        assert plain == press.typeset(LONG, draft=False, measured="")
        assert plain.typeset.pdf != press.typeset(LONG, draft=True).typeset.pdf
    assert (plain.passages, dict(plain.typeset.places), begun) == ((), {}, ["x"])
    assert answering(own, in_this_process).typeset(LONG) == plain


def test_a_copy_of_the_house_s_review_copy_gives_the_same_lines_and_texts(own, tmp_path):
    """With the considerations that each field answers in its margin."""
    pack = load_pack("pioneers-2013").pack
    assert pack is not None
    shutil.copytree(shipped_folder("templates") / "eoi-review", tmp_path / "review")
    answers = answered(pack)
    copied = answering(Press("review", answers), in_this_process)
    with Press("eoi-review", answers) as press, Press("eoi-review") as silent:
        assert copied.typeset(WHOLE).typeset.pdf == press.typeset(WHOLE).typeset.pdf
        assert copied.typeset(WHOLE).typeset.pdf != silent.typeset(WHOLE).typeset.pdf
        assert copied.lines(WHOLE) == press.lines(WHOLE) > 20
        assert copied.write(WHOLE, "html") == press.write(WHOLE, "html") != silent.write(WHOLE, "html")


def test_pages_drafts_and_lines_are_not_the_same(own):
    """What the test before this one compares does differ."""
    with Press() as press:
        made = [press.typeset(LONG, measured=how, draft=draft) for how, draft in (("", False), ("", True))]
        lines, pages = (press.typeset(LONG, measured=how).typeset.places for how in ("lines", "pages"))
    assert made[0].typeset.pdf != made[1].typeset.pdf
    assert lines != pages


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        ({"layout": [], "marks": []}, "sets no section marks", "a template marks each section and the end"),
        ({"layout": [{"top": 1}], "marks": [{}, {}]}, "sets marks that make no sense", LEAVE_MARKS),
        ({}, "sets marks that make no sense", LEAVE_MARKS),
        ({"layout": [{"top": 1, "bottom": 1, "line": 0}], "marks": [{"page": 1, "y": 1, "name": "x"}] * 2},
         "sets marks that make no sense", LEAVE_MARKS),
    ],
    ids=["none", "half", "nothing", "no room"],
)  # fmt: skip
def test_marks_of_a_template_that_make_no_sense_are_its_own(own, layout, message, hint):
    told = json.dumps([layout, []]).encode()
    with Press() as press:
        pdf = press.typeset(LONG).typeset.pdf
    with pytest.raises(TypesetError) as caught:
        answering(own, lambda payload: len(told).to_bytes(8) + told + pdf).typeset(LONG)
    assert (caught.value.message, caught.value.hint) == (f"the template own {message}", hint)


@pytest.mark.parametrize("marks", [["front", "end"], ["front", "front", "end"]])
def test_a_template_that_marks_other_sections_is_refused(marks, monkeypatch):
    layout = {"layout": [], "marks": [{"name": name} for name in marks]}
    monkeypatch.setattr(press_module, "compiled", lambda files, measured: (b"", layout))
    with Press() as press, pytest.raises(TypesetError) as caught:
        press.typeset(LONG)
    assert caught.value.message == "the template does not mark each section once, in their order"
    assert caught.value.hint.startswith(
        "`criterion`, `consideration` and `mark` set the mark that they are given, and "
    )
