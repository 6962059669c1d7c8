"""Comments in a bid that ignore a rule: where they count, what is refused, and that nothing is gained by them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Severity
from pioneer_cli.ignores import MOST, ignores_in
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pipeline import Request, Thresholds, check, exit_code
from pioneer_cli.source import parse
from pioneer_cli.waivable import CODES, names_of, rests_on_the_call

RULE = "outcomes-have-baselines"
HEAD = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
CARERS = "    - outcome: Carers"
ABOVE = f"    # pioneer: ignore[{RULE}] -- in May\n"
OUTCOMES = """\
vision:
  outcomes:
    - outcome: People stay at home
      measure: Days at home
    - outcome: Carers have breaks
      measure: Breaks a year
"""


def report_on(text: str, folder: Path, **asked: Any) -> Report:
    (folder / "bid.yaml").write_text(text, encoding="utf-8")
    (report,) = check(str(folder / "bid.yaml"), Request(**{"count_pages": False, **asked}))
    return report


def faults(report: Report) -> list[tuple[str, int]]:
    """The codes of diagnostics about ignores, and their lines."""
    return [(found.code, found.span.start.line) for found in report.diagnostics if "ignore" in found.code]


def gap_lines(report: Report, rule: str) -> Sequence[int]:
    gaps = [gap for gap in report.gaps if gap.rule.id == rule]
    return [report.source.value_span(place.path).start.line for gap in gaps for place in gap.shortfalls]


@pytest.mark.parametrize(
    ("comment", "rule", "reason"),
    [
        ("# pioneer: ignore[a-rule] -- because", "a-rule", "because"),
        ("#pioneer:ignore[a-rule]--because", "a-rule", "because"),
        ("#  pioneer :  ignore [ a-rule ]  --  two  words ", "a-rule", "two  words"),
        ("# pioneer: ignore[a-rule] – with a dash -- and another", "a-rule", "with a dash -- and another"),
        ("# as agreed # pioneer: ignore[a-rule] -- after other words", "a-rule", "after other words"),
    ],
)
def test_a_comment_that_ignores_a_rule_is_read(comment, rule, reason):
    read = ignores_in(parse(f"{HEAD}x: 1  {comment}\n", "bid.yaml"))
    assert read.faults == ()
    assert [(found.rule, found.reason, found.line) for found in read.ignores] == [(rule, reason, 4)]


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("# pioneer: ignore", "ignore-malformed"),
        ("# pioneer: ignore -- all of it", "ignore-malformed"),
        ("# pioneer: ignore[] -- all of it", "ignore-malformed"),
        ("# pioneer: ignore[a, b] -- two", "ignore-malformed"),
        ("# pioneer: ignore[a b] -- two", "ignore-malformed"),
        ("# pioneer: skip[a] -- why", "ignore-malformed"),
        ("# pioneer:", "ignore-malformed"),
        ("# pioneer: ignore[a]", "ignore-without-reason"),
        ("# pioneer: ignore[a] --", "ignore-without-reason"),
        ("# pioneer: ignore[a] because", "ignore-without-reason"),
        ("# pioneer: ignore[a] - because", "ignore-without-reason"),
        ("# pioneer ignore[a] -- because", "ignore-malformed"),
        ("#pioneer-ignore[a] -- because", "ignore-malformed"),
        ("# pioneer_ignore[a] -- because", "ignore-malformed"),
        ("# pioneer; ignore[a] -- because", "ignore-malformed"),
        ("# Pioneer: Ignore[a] -- because", "ignore-malformed"),
        ("# PIONEER IGNORE", "ignore-malformed"),
        ("# pioneer: Ignore[a] -- because", "ignore-malformed"),
        ("# pionner: ignore[a] -- because", "ignore-malformed"),
        ("# poineer: ignore [a] -- because", "ignore-malformed"),
        ("# Pioneers ignore[a] -- because", "ignore-malformed"),
    ],
)
def test_any_other_form_is_an_error_and_ignores_nothing(comment, code):
    read = ignores_in(parse(f"{HEAD}x: 1 {comment}\n", "bid.yaml"))
    assert read.ignores == ()
    assert [(found.code, found.severity, str(found.span.start)) for found in read.faults] == [
        (code, Severity.ERROR, "4:6")
    ]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# pioneer: ignore[a]", "this does not say why a is ignored"),
        ("# pioneer: ignore[a] -", "this does not say why a is ignored"),
        ("# pioneer: ignore[a] --", "this does not say why a is ignored"),
        ("# pioneer: ignore[a] because", "two hyphens must stand before the reason"),
        ("# pioneer: ignore[a] - because", "two hyphens must stand before the reason"),
        ("# pioneer: ignore", "this ignores no rule by its id"),
        ("# pioneer ignore[a] -- why", "this is almost an ignore, and ignores nothing as it is written"),
        ("# Pioneer: Ignore[a] -- why", "this is almost an ignore, and ignores nothing as it is written"),
        ("# pionner: ignore[a] -- why", "this is almost an ignore, and ignores nothing as it is written"),
        ("# pioneer: skip[a] -- why", "pioneer does not know this comment"),
    ],
)
def test_what_is_wrong_with_a_comment_is_said_and_the_form_is_shown(comment, message):
    (fault,) = ignores_in(parse(f"{HEAD}x: 1 {comment}\n", "bid.yaml")).faults
    assert fault.message == message
    assert "`# pioneer: ignore[rule-id] -- reason`" in fault.hint


@pytest.mark.parametrize(
    "text",
    [
        "summary: >-\n  Some prose\n  # pioneer: ignore[a] -- b\n",
        'summary: "Some # pioneer: ignore[a] -- b"\n',
        "summary: 'Some\n  # pioneer: ignore[a] -- b'\n",
        "summary: some#pioneer: ignore\n".replace(": ignore", ":ignore"),
        "# A pioneer: ignorant of this\n",
        "# pioneers: 14\n",
        "# Pioneer: 14 sites\n",
        "# A pioneer ignores nothing\n",
        "# Pioneer ignores nothing\n",
        "# pioneers ignore this\n",
        "# the pioneer ignore list\n",
        "summary: some prose#Pioneer ignore[a] -- b\n",
        "summary: >-\n  Some prose\n  # Pioneer ignore[a] -- b\n",
        "summary: |\n  a\n\n   # pioneer: x\n",
        "summary: |\n  a\n\n   # pionner: ignore[a] -- b\n",
        "# pyright: ignore[a] -- b\n",
        "# pylint: ignore[a] -- b\n",
        "# type: ignore[a] -- b\n",
        "# pionners ignore this\n",
    ],
)
def test_prose_and_other_comments_are_left_alone(text):
    source = parse(HEAD + text, "bid.yaml")
    assert source.content is not None
    assert source.comments == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (OUTCOMES, [6, 8]),
        (OUTCOMES.replace("home\n", f"home  # pioneer: ignore[{RULE}] -- in May\n", 1), [8]),
        (OUTCOMES.replace(CARERS, ABOVE + CARERS), [6]),
        (OUTCOMES.replace(CARERS, f"{ABOVE}    # so\n{CARERS}"), [6]),
        (OUTCOMES.replace(CARERS, f"{ABOVE}\n{CARERS}"), [6, 10]),
        (OUTCOMES.replace("year\n", f"year  # pioneer: ignore[{RULE}] -- elsewhere\n"), [6, 8]),
    ],
    ids=[
        "none",
        "on the line",
        "above it",
        "above, with a comment between",
        "not past a blank line",
        "on another line",
    ],
)
def test_an_ignore_counts_on_its_line_and_on_the_line_below_it(text, lines, tmp_path):
    assert gap_lines(report_on(HEAD + text, tmp_path), RULE) == lines


def test_several_stand_one_above_the_other(tmp_path):
    above = f"    # pioneer: ignore[{RULE}] -- one\n    # pioneer: ignore[outcomes-name-who-benefits] -- two\n"
    report = report_on(HEAD + OUTCOMES.replace(CARERS, above + CARERS), tmp_path)
    assert gap_lines(report, RULE) == [6]
    assert gap_lines(report, "outcomes-name-who-benefits") == [6]
    assert {(found.name, found.reason) for found in report.suppressed} == {
        (RULE, "one"), ("outcomes-name-who-benefits", "two"),
    }  # fmt: skip
    assert faults(report) == []


def test_a_whole_finding_that_is_ignored_is_no_gap_and_gains_nothing(tmp_path):
    rule = "outcomes-span-the-frameworks"
    plain = report_on(HEAD + OUTCOMES, tmp_path)
    assert gap_lines(plain, rule) == [5]
    ignored = report_on(HEAD + OUTCOMES.replace("outcomes:", f"outcomes:  # pioneer: ignore[{rule}] -- x"), tmp_path)
    assert rule not in {gap.rule.id for gap in ignored.gaps}
    assert len(ignored.severities) == len(plain.severities) - 1
    assert plain.assessment is not None
    assert ignored.assessment is not None
    assert (ignored.assessment.low, ignored.assessment.high) == (plain.assessment.low, plain.assessment.high)
    assert ignored.assessment.verdict == plain.assessment.verdict
    assert [found.outcome for found in ignored.assessment.findings] == [
        found.outcome for found in plain.assessment.findings
    ]


def test_ignores_can_be_left_out_of_account(tmp_path):
    text = HEAD + OUTCOMES.replace("home\n", f"home  # pioneer: ignore[{RULE}] -- in May\n", 1)
    report = report_on(text, tmp_path, ignores=False)
    assert gap_lines(report, RULE) == [6, 8]
    assert report.suppressed == ()


@pytest.mark.parametrize("rule", ["page-limit", "deadline", "eligible-applicants"])
@pytest.mark.parametrize("phase", ["draft", "submission", "selection-end"])
def test_what_the_call_sets_cannot_be_ignored(rule, phase, tmp_path):
    report = report_on(f"# pioneer: ignore[{rule}] -- we know\n{HEAD}", tmp_path, phase=phase)
    assert faults(report) == [("ignore-not-allowed", 1)]
    assert report.suppressed == ()
    assert exit_code(report, Thresholds()) == 1


def test_the_boards_support_can_be_ignored_until_the_end_of_the_selection(tmp_path):
    text = HEAD + (
        "health_and_wellbeing_boards:\n"
        "  # pioneer: ignore[health-and-wellbeing-board] -- it meets in July\n"
        "  - {name: The board, support: in-principle}\n"
    )
    before = report_on(text, tmp_path)
    assert faults(before) == []
    assert [found.name for found in before.suppressed] == ["health-and-wellbeing-board"]
    assert "health-and-wellbeing-board" not in {found.gate.id for found in before.gate_gaps}
    at_the_end = report_on(text, tmp_path, phase="selection-end")
    assert faults(at_the_end) == [("ignore-not-allowed", 5)]
    assert "health-and-wellbeing-board" in {found.gate.id for found in at_the_end.gate_gaps}


def test_what_rests_on_the_call_are_its_errors_and_nothing_of_the_house():
    pack = load_pack("pioneers-2013").pack
    assert pack is not None
    gates = {"page-limit", "deadline", "eligible-applicants"}
    assert rests_on_the_call(pack, "draft") == rests_on_the_call(pack, "submission") == gates
    at_the_end = rests_on_the_call(pack, "selection-end")
    assert at_the_end > gates | {"health-and-wellbeing-board"}
    rules = {rule.id: rule for _, _, rule in pack.rules()}
    assert {rules[name].authority for name in at_the_end & set(rules)} == {"call"}


def test_an_ignore_that_ignores_nothing_is_found(tmp_path):
    text = HEAD + OUTCOMES.replace("home\n", "home  # pioneer: ignore[outcomes-have-measures] -- x\n", 1)
    report = report_on(text, tmp_path)
    assert faults(report) == [("unused-ignore", 6)]
    assert next(found for found in report.diagnostics if found.code == "unused-ignore").severity is Severity.WARNING


def test_an_ignore_in_the_wrong_place_is_told_where_the_finding_stands(tmp_path):
    above = f"  # pioneer: ignore[{RULE}] -- the survey reports in May\n  outcomes:\n"
    report = report_on(HEAD + OUTCOMES.replace("  outcomes:\n", above), tmp_path)
    assert faults(report) == [("misplaced-ignore", 5)]
    (told,) = (found for found in report.diagnostics if "ignore" in found.code)
    assert told.message == f"{RULE} is not found here, but on lines 7, 9"
    assert told.severity is Severity.WARNING
    one = OUTCOMES.replace("  outcomes:\n", above).replace(CARERS, ABOVE + CARERS)
    assert [f.message for f in report_on(HEAD + one, tmp_path).diagnostics] == [
        f"{RULE} is not found here, but on line 7"
    ]
    both = one.replace("    - outcome: People", f"{ABOVE}    - outcome: People")
    assert faults(report_on(HEAD + both, tmp_path)) == [("unused-ignore", 5)]


def test_a_misspelt_rule_is_named(tmp_path):
    report = report_on(f"{HEAD}# pioneer: ignore[outcomes-have-baseline] -- x\n", tmp_path)
    assert faults(report) == [("ignore-unknown-rule", 4)]
    assert report.diagnostics[0].hint == f"did you mean `{RULE}`?"


def test_the_code_that_stands_beside_a_finding_leads_to_its_rules(tmp_path):
    report = report_on(f"{HEAD}# pioneer: ignore[C3a] -- x\n", tmp_path)
    assert faults(report) == [("ignore-unknown-rule", 4)]
    start, _, rules = report.diagnostics[0].hint.partition(" are ")
    assert start == "C3a is a consideration; its rules that can be ignored"
    assert {"partners-have-agreed", "partners-still-exist"} <= set(rules.split(", "))
    pack = load_pack("pioneers-2013").pack
    assert set(rules.split(", ")).isdisjoint(rests_on_the_call(pack, "submission"))


def test_only_the_bids_own_call_knows_that_a_code_is_ignored_for_nothing(tmp_path):
    text = f"{HEAD}# pioneer: ignore[invisible-character] -- from the minutes\n"
    assert faults(report_on(text, tmp_path)) == [("unused-ignore", 4)]
    assert faults(report_on(text, tmp_path, packs=("integration-statement",))) == []


def test_the_ignores_of_ones_own_call_stay_quiet_under_another_pack(tmp_path):
    text = HEAD + OUTCOMES.replace("home\n", f"home  # pioneer: ignore[{RULE}] -- in May\n", 1)
    report = report_on(text, tmp_path, packs=("integration-statement",))
    assert faults(report) == []


def test_a_warning_about_the_file_can_be_ignored_by_its_code(tmp_path):
    text = HEAD + "summary: care\u200bful  # pioneer: ignore[invisible-character] -- from the minutes\n"
    report = report_on(text, tmp_path)
    assert report.diagnostics == ()
    assert [found.name for found in report.suppressed] == ["invisible-character"]


def test_an_error_in_the_file_is_told_whatever_is_ignored(tmp_path):
    (tmp_path / "bid.yaml").write_text(f"{HEAD}titel: A  # pioneer: ignore[unknown-key] -- x\n", encoding="utf-8")
    (report,) = check(str(tmp_path / "bid.yaml"), Request(count_pages=False))
    assert [found.code for found in report.diagnostics] == ["unknown-key"]
    assert exit_code(report, Thresholds()) == 2


def test_every_code_that_can_be_ignored_is_one_that_pioneer_reports():
    code = "".join(path.read_text(encoding="utf-8") for path in Path("pioneer_cli").glob("*.py"))
    assert all(code.count(f'"{name}"') > 1 for name in CODES)


@given(
    st.lists(st.sampled_from(sorted(names_of(load_pack("pioneers-2013").pack))), max_size=6),  # type: ignore[arg-type]
    st.sampled_from(["draft", "submission", "selection-end"]),
)
@settings(max_examples=25, deadline=None)
def test_no_ignores_better_a_score_or_hide_what_the_call_asks(tmp_path_factory, rules, phase):
    folder = tmp_path_factory.mktemp("bid")
    comments = "".join(f"# pioneer: ignore[{rule}] -- x\n" for rule in rules)
    plain, ignoring = (report_on(head + HEAD + OUTCOMES, folder, phase=phase) for head in ("", comments))
    assert plain.assessment is not None
    assert ignoring.assessment is not None
    assert ignoring.assessment.low == plain.assessment.low
    assert ignoring.assessment.high == plain.assessment.high
    errors = [gate.gate.id for gate in plain.gate_gaps if gate.severity is Severity.ERROR]
    assert [gate.gate.id for gate in ignoring.gate_gaps if gate.severity is Severity.ERROR] == errors
    hidden = {found.name for found in ignoring.suppressed}
    assert hidden <= set(rules)
    left = {gap.rule.id for gap in ignoring.gaps} | {gate.gate.id for gate in ignoring.gate_gaps}
    assert left >= ({gap.rule.id for gap in plain.gaps} - hidden)


# --- Many of them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "faults"), [(0, []), (1, [("ignore-malformed", 4 + MOST)]), (500, [("ignore-malformed", 4 + MOST)])]
)
def test_of_very_many_comments_the_first_are_read_and_the_next_is_an_error(more, faults):
    read = ignores_in(parse(HEAD + "# pioneer: ignore[a] -- why\n" * (MOST + more), "bid.yaml"))
    assert len(read.ignores) == MOST
    assert [(fault.code, fault.span.start.line) for fault in read.faults] == faults


def test_comments_one_above_the_other_mean_the_line_below_them_all():
    many = "# pioneer: ignore[a] -- why\n# only a remark\n# pioneer: ignore[b] -- why\nx: 1\n"
    read = ignores_in(parse(HEAD + many + many + "# pioneer: ignore[c] -- why\n", "bid.yaml"))
    first = HEAD.count("\n") + 4
    assert [ignore.line for ignore in read.ignores] == [first, first, first + 4, first + 4, first + 6]
