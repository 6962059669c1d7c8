"""What an editor marks and reads of a bid: the marks with and without pages, the page meter, the settings."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from small_pack import write_small_pack

from pioneer_cli.assessment import Pages, Report, SectionPages
from pioneer_cli.diagnostics import Related, Severity, Span
from pioneer_cli.lsp.checking import Looked, count, look_at
from pioneer_cli.lsp.diagnostics import Marked, marked
from pioneer_cli.lsp.documents import is_bid
from pioneer_cli.lsp.meter import UNKNOWN, Reading, meter, whole
from pioneer_cli.lsp.settings import Settings, read_settings
from pioneer_cli.pipeline import over_budget
from pioneer_cli.press import Press
from pioneer_cli.source import parse
from pioneer_cli.typeset import TypesetError

BID = """\
# A bid of a few lines.
call: pioneers-2013
title: A bid
area: {name: Somewhere}
vision:
  outcomes:
    - outcome: Fewer falls among people over 80 at home
    - outcome: More people who say that they feel safe
"""
SECTIONS = (SectionPages("front", 1, 1, Fraction(1, 2)), SectionPages("C1", 1, 2, Fraction(5, 4)))
FIT, OVER = Pages(2, 10, 12, SECTIONS), Pages(11, 10, 40, (SectionPages("C1", 1, 11, Fraction(1020, 100)),))


def look(text: str = BID, **settings: str) -> Looked:
    return look_at(text, "bid.yaml", replace(Settings(), **settings))  # type: ignore[arg-type]


def of(code: str, marks: list[Marked]) -> list[Marked]:
    return [mark for mark in marks if mark.code == code]


# --- Judging ---


def test_a_text_is_judged_without_its_pages_and_then_with_them() -> None:
    looked = look()
    assert looked.report.assessment is not None
    assert looked.report.pages is None
    assert not of("page-limit", marked(looked.report))
    counted = count(looked, Settings())
    assert counted.pages is not None
    assert counted.pages.count == 1
    assert counted.source is looked.source


@pytest.mark.parametrize(
    ("text", "code"),
    [("call: x\ntitle: [\n", "yaml-syntax"), ("call: pioneers-2013\ntitle: x\n", "missing-key"), ("", "empty-file")],
)
def test_what_cannot_be_judged_is_not_typeset(text: str, code: str) -> None:
    looked = look(text)
    assert looked.tree is None
    assert count(looked, Settings()) is looked.report
    assert code in [fault.code for fault in looked.report.diagnostics]


def test_half_a_surrogate_and_a_byte_order_mark_are_no_trouble() -> None:
    assert [fault.code for fault in look("call: \ud800\n").report.diagnostics] == ["encoding"]
    assert look("\ufeff" + BID).tree is not None


@pytest.mark.parametrize(
    ("settings", "code"), [({"pack": "/nowhere/pack"}, "set-up"), ({"template": "/nowhere/template"}, "set-up")]
)
def test_settings_that_lead_nowhere_are_told_in_the_file(settings: dict[str, str], code: str) -> None:
    looked = look(**settings)
    report = count(looked, replace(Settings(), **settings))  # type: ignore[arg-type]
    assert [fault.code for fault in report.diagnostics] == [code]
    assert report.pages is None


def test_faults_of_a_pack_are_told_at_the_top_with_the_place_that_they_have(tmp_path: Path) -> None:
    folder = write_small_pack(tmp_path / "small")
    pack = folder / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8") + "unknown: x\n", encoding="utf-8")
    looked = look(pack=str(folder))
    assert looked.tree is None
    (mark,) = marked(looked.report)
    assert (mark.span.start.line, mark.code) == (2, "unknown-key")
    assert f"{pack.as_posix()}:" in mark.message


def test_a_document_that_cannot_be_typeset_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TypesetError("the document cannot be typeset", "mend it")

    monkeypatch.setattr(Press, "typeset", refuse)
    report = count(look(), Settings())
    assert [(fault.code, fault.message) for fault in report.diagnostics] == [
        ("render-failed", "the document cannot be typeset")
    ]
    assert report.pages is None


def test_the_phase_decides_how_bad_a_gap_is() -> None:
    draft, late = (marked(look(phase=phase).report) for phase in ("draft", "selection-end"))
    assert max(mark.severity for mark in draft) < max(mark.severity for mark in late)


def test_another_pack_takes_the_place_of_the_calls() -> None:
    codes = {mark.code for mark in marked(look(pack="integration-statement").report)}
    assert "language-is-shared" in codes
    assert "language-is-shared" not in {mark.code for mark in marked(look().report)}


def test_comments_in_the_bid_ignore_findings_here_too() -> None:
    line = "    - outcome: Fewer falls"
    assert BID.count(line) == 1
    quiet = look(BID.replace(line, f"    # pioneer: ignore[outcomes-have-baselines] -- no figures yet\n{line}"))
    before, after = (of("outcomes-have-baselines", marked(found.report)) for found in (look(), quiet))
    assert [mark.span.start.line for mark in before] == [7, 8]
    assert [mark.span.start.line for mark in after] == [9]


# --- Marks ---


def test_each_place_that_falls_short_is_marked_once() -> None:
    marks = of("outcomes-have-baselines", marked(look().report))
    assert [(mark.span.start.line, mark.path) for mark in marks] == [
        (7, ("vision", "outcomes", 0)),
        (8, ("vision", "outcomes", 1)),
    ]
    claim, remedy = marks[0].message.split("\n")
    assert claim.startswith("Not met (C1e): ")
    assert remedy


def test_faults_of_the_file_keep_their_severity_their_hint_and_what_explains_them() -> None:
    (mark,) = of("yaml-duplicate-key", marked(look(BID + "title: Another\n").report))
    assert (mark.span, mark.severity) == (Span.of(9, 1, 9, 6), Severity.ERROR)
    assert mark.related == (Related(Span.of(3, 1, 3, 6), "first here"),)
    assert mark.message.endswith("keep one of the two")
    assert not of("yaml-duplicate-key", marked(look().report))


def test_while_pages_are_counted_what_was_known_stays_and_says_that_it_is_old() -> None:
    looked = look()
    before = replace(looked.report, pages=OVER)
    (mark,) = of("page-limit", marked(looked.report, before))
    assert mark.severity is Severity.ERROR
    assert "before this edit" in mark.message
    assert not of("page-limit", marked(looked.report, replace(before, pages=FIT)))
    assert looked.finish is not None
    counted = replace(looked.report, assessment=looked.finish(FIT), pages=FIT)
    assert not of("page-limit", marked(counted, before))


def test_a_section_over_its_budget_stays_marked_at_its_key_wherever_that_now_is() -> None:
    looked = look()
    assert looked.finish is not None
    pages = Pages(6, 10, 3, (SectionPages("C1", 1, 6, Fraction(6)),))
    assert looked.pack is not None
    before = replace(looked.report, pages=pages, diagnostics=over_budget(looked.source, looked.pack, pages))
    assert [fault.span.start.line for fault in before.diagnostics] == [5]
    moved = look("# one line more\n" + BID)
    (mark,) = of("over-budget", marked(moved.report, before))
    assert mark.span.start.line == 6
    assert "before this edit" in mark.message
    gone = look("call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n")
    assert not of("over-budget", marked(gone.report, before))


def test_control_characters_never_reach_an_editor() -> None:
    marks = marked(look('call: "pi\\u202eoneers"\ntitle: x\narea: {name: x}\n').report)
    assert marks
    assert not any("\u202e" in mark.message for mark in marks)


# --- The page meter ---


def test_the_meter_stands_at_the_top_and_at_each_section_that_is_printed() -> None:
    source = parse(BID, "bid.yaml")
    assert meter(source, FIT, "now") == [Reading(2, "1.75 of 10 pages"), Reading(5, "C1 1.25 pages")]


@pytest.mark.parametrize(
    ("fresh", "words"), [("before-edit", "before the last edit"), ("before-fault", "before the fault in the file")]
)
def test_an_old_figure_never_looks_new(fresh: str, words: str) -> None:
    readings = meter(parse(BID, "bid.yaml"), FIT, fresh)  # type: ignore[arg-type]
    assert len(readings) == 2
    assert all(reading.text.endswith(words) for reading in readings)


def test_pages_that_were_never_known_are_told_to_be_unknown() -> None:
    assert meter(parse("call: [\n", "bid.yaml"), None, "before-fault")[0].text == UNKNOWN


def test_the_whole_bid_over_the_limit_and_without_one() -> None:
    assert whole(OVER) == "10.20 of 10 pages: over the limit, 11 pages"
    assert whole(replace(FIT, limit=None)) == "1.75 pages"


# --- Settings and which files are bids ---


def test_settings_are_taken_one_by_one_and_null_sets_nothing() -> None:
    given, wrong = read_settings({"phase": "draft", "meter": "hints"}, Settings(), None)
    assert (given, wrong) == (Settings(phase="draft", meter="hints"), ())
    assert read_settings({"phase": None}, given, None) == (given, ())
    assert read_settings(None, given, None) == (given, ())


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"faze": "draft"}, "pioneer has no setting faze"),
        ({"fase": "draft"}, "did you mean phase?"),
        ({"phase": "late"}, "must be one of draft, submission, selection-end, not late"),
        ({"pack": 3}, "must be a text"),
        ({"pack": ""}, "must be a text"),
        ([1], "must be names with values"),
    ],
)
def test_a_setting_that_cannot_be_taken_is_told_and_the_others_are(setting: object, message: str) -> None:
    if isinstance(setting, dict):
        setting = {**setting, "meter": "off"}
    found, wrong = read_settings(setting, Settings(), None)
    assert len(wrong) == 1
    assert message in wrong[0]
    assert found == Settings(meter="off") if isinstance(setting, dict) else Settings()


def test_folders_are_looked_for_from_the_root_of_the_workspace(tmp_path: Path) -> None:
    found, _ = read_settings({"pack": "my/pack", "template": "eoi"}, Settings(), tmp_path)
    assert (found.pack, found.template) == ((tmp_path / "my/pack").as_posix(), "eoi")


@pytest.mark.parametrize(
    ("text", "uri", "expected"),
    [
        ("call: x\n", "file:///a/x.yaml", True),
        ("title: [\ncall: x\n", "file:///a/x.yaml", True),
        ("", "file:///a/bid.yaml", True),
        ("on: workflow_call\n", "file:///a/ci.yaml", False),
        ("jobs:\n  call: x\n", "file:///a/ci.yaml", False),
        ("", "file:///a/x.yaml", False),
    ],
)
def test_which_files_are_bids(text: str, uri: str, expected: bool) -> None:
    assert is_bid(text, uri) is expected


def test_a_report_without_a_pack_has_marks_too() -> None:
    source = parse("call: [\n", "bid.yaml")
    report = Report(source, None, "", source.diagnostics, None, None)
    assert [mark.code for mark in marked(report)] == [fault.code for fault in source.diagnostics]
    assert source.diagnostics
