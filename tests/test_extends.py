"""Packs that extend another: all of it is taken over, more may be asked, and less of the call only with a reason."""

import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from made_bids import check_one
from small_pack import FOLDER, small_pack
from test_packs import EXAMPLES

from pioneer_cli.assessment import Report
from pioneer_cli.bid import PHASES
from pioneer_cli.cli import run
from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import LoadedPack, load_pack, read_examples
from pioneer_cli.pack import Pack
from pioneer_cli.pipeline import Request, Thresholds, exit_code
from pioneer_cli.reports import reporter
from pioneer_cli.reports.look import Look
from pioneer_cli.try_examples import try_examples

NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR
HEAD = "name: ours\ntitle: Our own call\nextends: small\n"
BID = """\
call: small
title: One team
area: {name: Ourshire}
submission_date: 2013-06-28
health_and_wellbeing_boards: [{name: The board, support: agreed}]
vision:
  statement: One team for each person
  outcomes: [{outcome: People stay at home}]
"""
CRITERION = """\
id: C3
name: sharing
title: Sharing
asks: Is it shared?
section: sharing
weight: 50
considerations:
  - id: C3a
    asks: Is there learning?
    verb: must
    question: Who learns?
    rules:
      - id: learning-is-shared
        claim: Learning is shared.
        why: We want it.
        authority: house
        path: sharing.statement
        predicate: filled
        points: 4
        remedy: Write `sharing.statement`.
        effort: low
"""
GATE = """\
gates:
  - id: title-is-there
    claim: It has a title.
    why: We want it.
    authority: house
    clause: Our own rules
    path: summary
    predicate: filled
    severity: {draft: note, submission: warning, selection-end: warning}
    remedy: Write `title`.
    effort: low
    question: What is it called?
"""


SMALL = small_pack()


def without_weights(loaded: LoadedPack) -> tuple[Diagnostic, ...]:
    """The diagnostics but for the warning that criteria of one's own take their part of the 100 points."""
    return tuple(found for found in loaded.diagnostics if not found.message.startswith("beside the criteria"))


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the packs that ship, which here are the small one and one more."""
    folder = tmp_path / "shipped"
    shutil.copytree(FOLDER, folder / "small")
    shutil.copytree(FOLDER, folder / "pioneers-2013")
    monkeypatch.setattr("pioneer_cli.load_pack.shipped_names", lambda kind: ["pioneers-2013", "small"])
    monkeypatch.setattr("pioneer_cli.load_pack.shipped_folder", lambda kind: folder)
    return folder


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    folder.mkdir()
    return folder


def load(folder: Path, more: str = "", head: str = HEAD, **files: str) -> LoadedPack:
    (folder / "pack.yaml").write_text(head + more, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_pack(str(folder))


def sound(folder: Path, more: str = "", **files: str) -> Pack:
    loaded = load(folder, more, **files)
    assert without_weights(loaded) == ()
    assert loaded.pack is not None
    return loaded.pack


def told(loaded: LoadedPack) -> list[tuple[str, int, int, str, str, str]]:
    """Every diagnostic as (file, line, column, code, message, hint), all errors; there must be some and no pack."""
    assert loaded.pack is None
    diagnostics = without_weights(loaded)
    assert diagnostics != ()
    assert {found.severity for found in diagnostics} == {ERROR}
    return [
        (Path(found.file).name, found.span.start.line, found.span.start.column, found.code, found.message, found.hint)
        for found in diagnostics
    ]


def change(rule: str, severity: str = "", more: str = "") -> str:
    """A change of one rule or gate: its severity stands in line 6, what follows in line 7 or below."""
    words = dict(zip(PHASES, severity.split(), strict=False))
    stated = f"    severity: {{{', '.join(f'{phase}: {word}' for phase, word in words.items())}}}\n" if words else ""
    return f"changes:\n  - id: {rule}\n{stated}{more}"


def severities(pack: Pack, name: str) -> list[Severity]:
    """What a gap in a rule, or not passing a gate, means in each phase."""
    for gate in pack.about.gates:
        if gate.id == name:
            return [gate.severity.at(phase) for phase in PHASES]
    ((consideration, rule),) = [(place, rule) for _, place, rule in pack.rules() if rule.id == name]
    return [pack.severity(consideration, rule, phase) for phase in PHASES]


def report_by(folder: Path, **asked: Any) -> Report:
    bid = folder.parent / "bid.yaml"
    bid.write_text(BID, encoding="utf-8")
    return check_one(str(bid), Request(packs=(str(folder),), count_pages=False, **asked))


def written(report: Report, output_format: str) -> str:
    chosen = reporter(output_format)
    return chosen.whole([chosen.part(report, Look())])


# --- What is taken over ----------------------------------------------------------------------------------------------


def test_everything_is_taken_over_but_the_name_and_the_title(ours: Path) -> None:
    base, pack = SMALL, sound(ours)
    assert (pack.about.name, pack.about.title) == ("ours", "Our own call")
    assert pack.about.model_copy(update={"name": "small", "title": "A small call"}) == base.about
    assert pack.criteria == base.criteria
    assert pack.tests == base.tests


def test_the_pack_that_is_extended_stays_as_it_is(ours: Path) -> None:
    before = load_pack("small").pack
    sound(ours, change("prevention-is-described", "error error error", "    points: 9\n"))
    assert load_pack("small").pack == before


def test_a_bid_is_judged_by_the_extending_pack_under_its_own_name(ours: Path) -> None:
    sound(ours)
    report = report_by(ours)
    assert report.pack is not None
    assert written(report, "text").splitlines()[-1].startswith(f"{report.source.name} against ours: verdict withheld")


# --- Changes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "severity", "expected"),
    [
        ("vision-is-stated", "note warning error", [NOTE, WARNING, ERROR]),
        ("vision-is-stated", "error error error", [ERROR, ERROR, ERROR]),
        ("prevention-is-described", "note warning error", [NOTE, WARNING, ERROR]),
        ("outcomes-have-measures", "warning warning warning", [WARNING, WARNING, WARNING]),
        ("outcomes-have-measures", "note note note", [NOTE, NOTE, NOTE]),
        ("boards", "warning error error", [WARNING, ERROR, ERROR]),
        ("pages", "error error error", [ERROR, ERROR, ERROR]),
    ],
)
def test_what_may_be_changed_without_a_reason(ours: Path, name: str, severity: str, expected: list[Severity]) -> None:
    pack, base = sound(ours, change(name, severity)), SMALL
    assert severities(pack, name) == expected
    others = {*base.tests} - {name}
    assert len(others) == 9
    assert [severities(pack, other) for other in others] == [severities(base, other) for other in others]


def test_points_that_are_changed_change_the_score(ours: Path) -> None:
    sound(ours)
    before = report_by(ours).assessment
    again = ours.parent / "again"
    again.mkdir()
    assert load(again, change("outcomes-have-measures", more=f"    points: 3\n    because: {REASON}\n")).pack
    after = report_by(again).assessment
    assert before is not None
    assert after is not None
    # C1 weighs 60 of 100 and is the mean of C1a and of the better of C1b and C1c, of which neither is answered.
    assert before.criteria[0].low == Fraction(60) * Fraction(3, 4) / 2
    assert after.criteria[0].low == Fraction(60) * Fraction(3, 6) / 2
    assert [found.low for found in before.criteria[1:]] == [found.low for found in after.criteria[1:]]


def test_the_points_of_what_people_judge_may_be_changed(ours: Path) -> None:
    pack = load(ours, change("it-is-credible", more=f"    points: 7\n    because: {REASON}\n")).pack
    assert pack is not None
    assert [rule.points for _, _, rule in pack.rules() if rule.is_judged] == [7]


SURE = "only a rule that rests on the call, and does not guess from words, may be an error"
SAY_WHY = "say why in `because`, which every report will then show; or do not lower it"
LOWERS = "this lowers {}, which rests on the call: in {}"
ONE_ENTRY = "put both changes into one entry"


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "message", "hint"),
    [
        (change("vision-is-statd", "error error error"), 5, 9, "unknown-id",
         'small has no rule or gate called "vision-is-statd"', "did you mean `vision-is-stated`?"),
        (change("board", "error error error"), 5, 9, "unknown-id",
         'small has no rule or gate called "board"', "did you mean `boards`?"),
        (change("xyz", more="    points: 3\n"), 5, 9, "unknown-id",
         'small has no rule or gate called "xyz"', "`pioneer rules --pack small` lists them"),
        (change("C1a", more="    points: 3\n"), 5, 9, "wrong-id",
         '"C1a" cannot be an id', "use small letters, figures and hyphens, such as `page-limit`"),
        (change("outcomes-have-measures", "note warning error"), 6, 5, "severity", SURE, ""),
        (change("vision-is-stated", "note note error"), 6, 5, "lowered",
         LOWERS.format("vision-is-stated", "submission from warning to note"), SAY_WHY),
        (change("vision-is-stated", "error note note", "    points: 9\n"), 6, 5, "lowered",
         LOWERS.format("vision-is-stated", "submission from warning to note; selection-end from error to note"),
         SAY_WHY),
        (change("vision-is-stated", "note note error", "    because: TBC\n"), 6, 5, "lowered",
         LOWERS.format("vision-is-stated", "submission from warning to note"), SAY_WHY),
        (change("vision-is-stated", "note note error", '    because: "..."\n'), 6, 5, "lowered",
         LOWERS.format("vision-is-stated", "submission from warning to note"), SAY_WHY),
        (change("pages", "note error error"), 6, 5, "lowered",
         LOWERS.format("pages", "draft from warning to note"), SAY_WHY),
        (change("pages", more="    points: 3\n"), 6, 13, "unknown-key",
         "a gate has no points: it is passed or not", ""),
        (change("it-is-credible", "note warning error"), 6, 5, "severity",
         "it-is-credible is for people to judge, and what waits for them is no gap of any severity",
         "change its `points`"),
        (change("vision-is-stated"), 5, 5, "missing-key", "this changes nothing in vision-is-stated",
         "add `severity` or `points`, or delete the entry"),
        (change("vision-is-stated", more="    because: We want it\n"), 5, 5, "missing-key",
         "this changes nothing in vision-is-stated", "add `severity` or `points`, or delete the entry"),
        (change("boards", "error error error", "  - {id: boards, severity: {draft: error, submission: error, "
                "selection-end: error}}\n"), 7, 10, "duplicate-id", '"boards" is changed twice', ONE_ENTRY),
        (change("vision-is-stated", more="    points: 0\n"), 6, 13, "out-of-range", "0 is out of range",
         "it must be at least 1"),
        (change("vision-is-stated", "fatal error error"), 6, 23, "not-in-list",
         '"fatal" is not in the closed list of this field', "one of: note, warning, error"),
        (change("vision-is-stated", more="    claim: There is one.\n"), 6, 5, "unknown-key", "unknown key `claim`",
         "`claim` belongs under `gates`"),
        (change("vision-is-stated", more="    point: 3\n"), 6, 5, "unknown-key", "unknown key `point`",
         "did you mean `points`?"),
        ("weights: Ours\n", 4, 1, "unknown-key", "unknown key `weights`",
         "known keys here: name, title, extends, changes, gates, criteria"),
        ("change: []\n", 4, 1, "unknown-key", "unknown key `change`", "did you mean `changes`?"),
    ],
)  # fmt: skip
def test_what_may_not_be_changed(
    ours: Path, text: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    assert told(load(ours, text)) == [("pack.yaml", line, column, code, message, hint)]


def test_a_severity_needs_all_its_phases(ours: Path) -> None:
    assert [found[1:4] for found in told(load(ours, change("boards", "note warning")))] == [(6, 5, "missing-key")]


def test_every_fault_comes_in_one_run(ours: Path) -> None:
    wrong = "{draft: error, submission: note, selection-end: note}"
    more = f"    points: 3\n  - {{id: outcomes-have-measures, severity: {wrong}}}\n"
    found = told(load(ours, change("vision-is-statd", more=more) + "criteria: [c9.yaml]\n"))
    assert [fault[1:4] for fault in found] == [(5, 9, "unknown-id"), (7, 34, "severity"), (8, 12, "no-file")]


def test_a_house_gate_may_not_be_raised_to_an_error(ours: Path, shipped: Path) -> None:
    file = shipped / "small" / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index("  - id: boards")
    gate = text[start:].replace("authority: call", "authority: house").replace("end: error", "end: warning")
    file.write_text(text[:start] + gate, encoding="utf-8")
    found = told(load(ours, change("boards", "note warning error")))
    assert found == [("pack.yaml", 6, 5, "severity", "only a gate that rests on the call may be an error", "")]
    assert severities(sound(ours, change("boards", "note note note")), "boards") == [NOTE, NOTE, NOTE]


LESS = "this makes {}, which rests on the call, count for less of {}"


@pytest.mark.parametrize(
    ("rule", "points", "less", "of"),
    [
        ("vision-is-stated", 2, "vision-is-stated", "C1a"),
        ("outcomes-have-measures", 50, "vision-is-stated", "C1a"),
    ],
)
def test_points_that_make_the_call_count_for_less_need_a_reason(
    ours: Path, rule: str, points: int, less: str, of: str
) -> None:
    found = told(load(ours, change(rule, more=f"    points: {points}\n")))
    assert found == [("pack.yaml", 6, 13, "lowered", LESS.format(less, of), SAY_WHY)]
    loaded = load(ours, change(rule, more=f"    points: {points}\n    because: {REASON}\n"))
    assert loaded.pack is not None
    assert [(found.severity, found.message) for found in loaded.diagnostics] == [(WARNING, LESS.format(less, of))]


def test_points_that_make_the_call_count_for_more_need_none(ours: Path) -> None:
    sound(ours, change("vision-is-stated", more="    points: 9\n"))


def test_criteria_added_are_told_in_every_report(ours: Path) -> None:
    loaded = load(ours, "criteria: [c3.yaml]\n", c3=CRITERION)
    assert loaded.pack is not None
    weights = [criterion.weight for criterion in loaded.pack.criteria]
    share = round(100 * sum(weights[:2]) / sum(weights), 1)
    assert [(found.severity, found.message) for found in loaded.diagnostics] == [
        (WARNING, f"beside the criteria added here, those of small make up {share:g} of the 100 points")
    ]


def test_a_gate_that_a_silent_bid_passes_is_refused(ours: Path) -> None:
    silent = "a bid that says nothing would not be held up by title-is-there"
    hint = "let it look at something that must be there; a condition belongs in a rule"
    for path, predicate in (
        ("path: title", "predicate: filled"),
        ("path: partners.*", "predicate: for-each\n    with: {where: [{path: kind, predicate: filled}], tests: "
         "[{path: role, predicate: filled}]}"),
    ):  # fmt: skip
        text = GATE.replace("path: summary\n    predicate: filled", f"{path}\n    {predicate}")
        assert told(load(ours, text)) == [("pack.yaml", 11, 16, "silent-gate", silent, hint)]


def test_examples_of_the_pack_that_is_extended_are_not_replaced(ours: Path, shipped: Path) -> None:
    (shipped / "small" / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    (ours / "examples.yaml").write_text("vision-is-stated: {met: [{summary: x}], unmet: [{summary: y}]}\n")
    found = read_examples(str(ours), sound(ours, change("vision-is-stated", "error error error")))
    message = '"vision-is-stated" has its examples in the pack that this one extends'
    assert [(fault.code, fault.message) for fault in found.diagnostics] == [("duplicate-id", message)]


# --- What is lowered with a reason -----------------------------------------------------------------------------------

REASON = "Our panel asks for it by telephone"
LOWERED = change("vision-is-stated", "note note note", f"    because: {REASON}\n")
MESSAGE = LOWERS.format("vision-is-stated", "submission from warning to note; selection-end from error to note")


def test_what_is_lowered_with_a_reason_is_a_warning_with_a_place(ours: Path) -> None:
    loaded = load(ours, LOWERED)
    assert loaded.pack is not None
    assert severities(loaded.pack, "vision-is-stated") == [NOTE, NOTE, NOTE]
    (found,) = loaded.diagnostics
    assert (found.severity, found.code, found.message) == (WARNING, "lowered", MESSAGE)
    assert found.hint == f"because: {REASON}"
    assert (Path(found.file).name, str(found.span.start)) == ("pack.yaml", "6:5")


def test_a_lowered_gate_is_told_as_well(ours: Path) -> None:
    loaded = load(ours, change("pages", "note note note", f"    because: {REASON}\n"))
    assert loaded.pack is not None
    assert severities(loaded.pack, "pages") == [NOTE, NOTE, NOTE]
    assert [(found.severity, found.code, found.hint) for found in loaded.diagnostics] == [
        (WARNING, "lowered", f"because: {REASON}")
    ]


def test_a_reason_for_what_is_not_lowered_is_no_warning(ours: Path) -> None:
    sound(ours, change("vision-is-stated", "error error error", f"    because: {REASON}\n"))


def test_every_report_says_what_is_lowered_and_judges_all_the_same(ours: Path) -> None:
    load(ours, LOWERED)
    report = report_by(ours)
    assert report.assessment is not None
    text = " ".join(written(report, "text").split())
    assert f"pack.yaml:6:5 warning lowered {MESSAGE} because: {REASON}" in text
    (bid,) = json.loads(written(report, "json"))["bids"]
    assert bid["judged"]
    (found,) = bid["diagnostics"]
    assert (found["severity"], found["code"], found["message"]) == ("warning", "lowered", MESSAGE)
    assert (found["hint"], found["line"], found["column"]) == (f"because: {REASON}", 6, 5)
    first = written(report, "github").splitlines()[1]  # behind the verdict
    assert first.startswith("::warning file=")
    assert first.endswith(f"::{MESSAGE}; because: {REASON}")


def test_what_is_lowered_still_counts_as_a_gap_and_in_the_tally(ours: Path) -> None:
    load(ours, change("prevention-is-described", "note note note", f"    because: {REASON}\n"))
    report = report_by(ours, phase="selection-end")
    assert report.assessment is not None
    gaps = {gap.rule.id: gap.severity for gap in report.assessment.gaps}
    assert gaps["prevention-is-described"] is NOTE
    assert gaps["care-is-personal"] is WARNING
    chosen = reporter("text")
    line = chosen.part(report, Look(quiet=True))
    warnings = sum(severity is WARNING for severity in report.severities)
    assert f"{warnings} warnings" in line
    assert report.severities[0] is WARNING


def test_a_run_that_fails_on_warnings_fails_on_what_is_lowered(ours: Path) -> None:
    sound(ours, change("care-is-personal", "note note warning"))
    report = report_by(ours, phase="draft")
    assert {*report.severities} == {NOTE}
    assert exit_code(report, Thresholds("warning")) == 0
    load(ours.parent / "ours", LOWERED)
    other = ours.parent / "lowered"
    other.mkdir()
    load(other, LOWERED)
    assert exit_code(report_by(other, phase="draft"), Thresholds("warning")) == 1


# --- The pack that is extended ---------------------------------------------------------------------------------------

OWN_ID = "use small letters, figures and hyphens, such as `page-limit`"
SHIPS = 'no pack called "{}" ships with pioneer'


@pytest.mark.parametrize(
    ("base", "code", "message", "hint"),
    [
        ("smal", "unknown-pack", SHIPS.format("smal"), "did you mean `small`?"),
        ("other", "unknown-pack", SHIPS.format("other"), "packs: pioneers-2013, small"),
        ("ours", "unknown-pack", SHIPS.format("ours"), "packs: pioneers-2013, small"),
        ("./small", "wrong-id", '"./small" cannot be an id', OWN_ID),
        ("../shipped/small", "wrong-id", '"../shipped/small" cannot be an id', OWN_ID),
        ("/etc", "wrong-id", '"/etc" cannot be an id', OWN_ID),
        ('""', "wrong-id", '"" cannot be an id', OWN_ID),
    ],
)
def test_only_a_pack_that_ships_can_be_extended(ours: Path, base: str, code: str, message: str, hint: str) -> None:
    shutil.copytree(FOLDER, ours.parent / "other")
    found = told(load(ours, head=HEAD.replace("extends: small", f"extends: {base}")))
    assert found == [("pack.yaml", 3, 10, code, message, hint)]


def test_nothing_after_extends_extends_nothing(ours: Path) -> None:
    assert {fault[3] for fault in told(load(ours, head=HEAD.replace("extends: small", "extends:")))} == {"missing-key"}


def test_the_name_of_a_pack_that_ships_is_not_to_be_had(ours: Path) -> None:
    assert told(load(ours, head=HEAD.replace("name: ours", "name: small"))) == [
        ("pack.yaml", 1, 7, "duplicate-id", '"small" is the name of a pack that ships with pioneer',
         "give this one its own name")
    ]  # fmt: skip


# --- Gates and criteria of its own -----------------------------------------------------------------------------------


def test_a_gate_of_its_own_stands_after_the_others(ours: Path) -> None:
    pack = sound(ours, GATE)
    assert [gate.id for gate in pack.about.gates] == ["pages", "in-time", "boards", "title-is-there"]
    report = report_by(ours)
    assert report.assessment is not None
    assert [str(gate.outcome) for gate in report.assessment.gates] == ["unknown", "met", "met", "unmet"]  # no summary


TAKEN = 'the id "{}" is taken by a rule or gate of small'
ITS_OWN = "give it its own id"
OWN_LIMIT = "the page limit is that of small, and an extending pack has no gate of its own for it"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "code", "message", "hint"),
    [
        ("id: title-is-there", "id: boards", 5, 9, "duplicate-id", TAKEN.format("boards"), ITS_OWN),
        ("id: title-is-there", "id: vision-is-stated", 5, 9, "duplicate-id", TAKEN.format("vision-is-stated"), ITS_OWN),
        ("end: warning", "end: error", 12, 5, "severity", "only a gate that rests on the call may be an error", ""),
        ("predicate: filled", "predicate: filed", 11, 16, "unknown-predicate", 'unknown predicate "filed"',
         "did you mean `filled`?"),
        ("path: summary\n    predicate: filled", "predicate: page-limit\n    with: {pages: 4}", 10, 16, "page-gate",
         OWN_LIMIT, "take this gate out"),
    ],
)  # fmt: skip
def test_a_gate_that_may_not_be_added(
    ours: Path, old: str, new: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    assert GATE.count(old) == 1
    found = told(load(ours, GATE.replace(old, new)))
    assert found == [("pack.yaml", line, column, code, message, hint)]


def test_a_gate_that_stands_twice(ours: Path) -> None:
    found = told(load(ours, GATE + GATE.removeprefix("gates:\n")))
    assert [fault[:5] for fault in found] == [
        ("pack.yaml", 16, 9, "duplicate-id", 'the id "title-is-there" stands twice')
    ]


def test_a_criterion_of_its_own_takes_its_part_of_the_score(ours: Path) -> None:
    pack = sound(ours, "criteria: [c3.yaml]\n", c3=CRITERION)
    assert [(found.id, found.weight) for found in pack.criteria] == [("C1", 30), ("C2", 20), ("C3", 50)]
    assessment = report_by(ours).assessment
    assert assessment is not None
    assert [found.maximum for found in assessment.criteria] == [30, 20, 50]
    assert [gap.rule.id for gap in assessment.gaps if gap.criterion.id == "C3"] == ["learning-is-shared"]


GIVE_EACH = "give each its own id"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "code", "message", "hint"),
    [
        ("id: C3\n", "id: C1\n", 1, 5, "duplicate-id", 'the id "C1" is taken already', GIVE_EACH),
        ("id: C3a", "id: C1b", 8, 9, "duplicate-id", 'the id "C1b" is taken already', GIVE_EACH),
        ("id: learning-is-shared", "id: care-is-personal", 13, 13, "duplicate-id",
         'the id "care-is-personal" is taken by another rule or gate', GIVE_EACH),
        ("id: learning-is-shared", "id: boards", 13, 13, "duplicate-id",
         'the id "boards" is taken by another rule or gate', GIVE_EACH),
        ("verb: must", "verb: should", 10, 11, "unknown-id", 'unknown verb "should"', "verbs of this pack: must, may"),
        ("predicate: filled", "predicate: filld", 18, 20, "unknown-predicate", 'unknown predicate "filld"',
         "did you mean `filled`?"),
        ("weight: 50", "weight: 50\nweight: 60", 7, 1, "yaml-duplicate-key",
         'the key "weight" stands twice in one mapping: here and on line 6', "keep one of the two"),
    ],
)  # fmt: skip
def test_a_criterion_file_with_a_fault(
    ours: Path, old: str, new: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    assert CRITERION.count(old) == 1
    found = told(load(ours, "criteria: [c3.yaml]\n", c3=CRITERION.replace(old, new)))
    assert found == [("c3.yaml", line, column, code, message, hint)]


def test_a_file_that_is_not_there_leads_out_or_stands_twice(ours: Path) -> None:
    (ours.parent / "outside.yaml").write_text(CRITERION, encoding="utf-8")
    (ours / "link.yaml").symlink_to(ours.parent / "outside.yaml")
    nowhere = 'there is no file "{}" in the folder of this pack'
    found = told(load(ours, "criteria:\n  - c9.yaml\n  - link.yaml\n"))
    assert [fault[1:5] for fault in found] == [
        (5, 5, "no-file", nowhere.format("c9.yaml")), (6, 5, "no-file", nowhere.format("link.yaml"))
    ]  # fmt: skip
    assert [fault[1:5] for fault in told(load(ours, "criteria: [../outside.yaml]\n"))] == [
        (4, 12, "wrong-file-name", '"../outside.yaml" cannot be a file of this pack')
    ]
    assert [fault[1:5] for fault in told(load(ours, "criteria: [c3.yaml, c3.yaml]\n", c3=CRITERION))] == [
        (4, 1, "duplicate-id", 'the file "c3.yaml" stands twice in the list')
    ]


def test_the_files_of_the_pack_that_is_extended_are_not_those_of_the_extending_one(ours: Path) -> None:
    found = told(load(ours, "criteria: [c1.yaml]\n"))
    assert [fault[:4] for fault in found] == [("pack.yaml", 4, 12, "no-file")]


def test_a_pack_file_that_links_out_of_its_folder_is_none(ours: Path, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (ours / "pack.yaml").symlink_to(tmp_path / "pack.yaml")
    with pytest.raises(PioneerError, match="is a link that leads out of the pack"):
        load_pack(str(ours))


# --- Examples --------------------------------------------------------------------------------------------------------

EXAMPLE = "learning-is-shared:\n  met: [{sharing: {statement: With all}}]\n  unmet: [{sharing: {statement: TBC}}]\n"


@pytest.fixture
def with_examples(shipped: Path) -> None:
    """Gives the pack that ships its examples, as every one has."""
    (shipped / "small" / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")


@pytest.mark.usefixtures("with_examples")
def test_the_examples_are_taken_over_too(ours: Path) -> None:
    pack = sound(ours, GATE)
    tried = try_examples(pack, read_examples(str(ours), pack).examples)
    assert (tried.rules, tried.examples, tried.faults) == (7, 12, ())


@pytest.mark.usefixtures("with_examples")
def test_rules_of_its_own_need_examples_of_their_own(ours: Path) -> None:
    pack = sound(ours, "criteria: [c3.yaml]\n", c3=CRITERION)
    with pytest.raises(PioneerError, match="the pack has no file"):
        read_examples(str(ours), pack)
    (ours / "examples.yaml").write_text(EXAMPLE, encoding="utf-8")
    tried = try_examples(pack, read_examples(str(ours), pack).examples)
    assert (tried.rules, tried.examples, tried.faults) == (8, 14, ())


# --- What the commands show of it ------------------------------------------------------------------------------------


def test_the_commands_know_an_extending_pack(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(ours, LOWERED + GATE + "criteria: [c3.yaml]\n", c3=CRITERION)
    for arguments, part in (
        (["rules", "--criterion", "C3"], "learning-is-shared (4 points, house): Learning is shared."),
        (["rules"], "vision-is-stated (3 points, call): There is a vision."),
        (["explain", "vision-is-stated"], "A gap is: a note (draft), a note (submission), a note (selection-end)"),
    ):
        assert run([*arguments, "--pack", str(ours)]) == 0
        out, err = capsys.readouterr()
        assert part in out
        assert f"pack.yaml:6:5 warning lowered: {MESSAGE}; because: {REASON}" in err
    assert run(["pack", "show", str(ours)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("ours: Our own call\n")
    assert "- title-is-there (house): It has a title." in out
    assert "- C3 Sharing\n  weight 50 of 100; 1 consideration, 1 rule\n" in out
    assert REASON in err


def test_a_broken_extending_pack_ends_with_2(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(ours, change("vision-is-statd", "error error error"))
    for command in (["rules", "--pack"], ["pack", "show"], ["pack", "test"]):
        assert run([*command, str(ours)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.rstrip().endswith(
            'pack.yaml:5:9 error unknown-id: small has no rule or gate called "vision-is-statd"; '
            "did you mean `vision-is-stated`?"
        )
