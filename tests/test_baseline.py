"""The baseline: what it lists, what survives an edit of the bid, and what it can never hide."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer_cli.assessment import Baselined, Report
from pioneer_cli.baseline import Baseline, entries_of, key_of, read_baseline, without_baselined, write
from pioneer_cli.cli import run
from pioneer_cli.errors import PioneerError
from pioneer_cli.fingerprints import fingerprint, shown_path
from pioneer_cli.pipeline import Request, Thresholds, check, exit_code
from pioneer_cli.source import parse

HEAD = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
OUTCOMES = """\
vision:
  outcomes:
    - outcome: People stay at home
      measure: Days at home
    - outcome: Carers have breaks
      measure: Breaks a year
"""
LATE = "submission_date: 2013-07-01\n"


def report_on(text: str, folder: Path, **asked: Any) -> Report:
    (folder / "bid.yaml").write_text(text, encoding="utf-8")
    (report,) = check(str(folder / "bid.yaml"), Request(**{"count_pages": False, **asked}))
    return report


def baseline_of(report: Report, folder: Path) -> Baseline:
    name = str(folder / "baseline.json")
    return Baseline(name, {key_of(report, name): entries_of(report)})


def counted_rules(report: Report) -> list[str]:
    return [gap.rule.id for gap in report.gaps]


def test_what_is_listed_no_longer_counts_and_scores_stay(tmp_path):
    before = report_on(HEAD + OUTCOMES, tmp_path)
    after = without_baselined(before, baseline_of(before, tmp_path))
    assert len(before.gaps) > 20
    assert after.gaps == ()
    assert after.mended == ()
    assert after.assessment is before.assessment
    assert {found.by for found in after.suppressed} == {"baseline"}


def test_what_rests_on_the_call_is_never_listed(tmp_path):
    report = report_on(HEAD + LATE + OUTCOMES, tmp_path)
    assert "deadline" in {gate.gate.id for gate in report.gate_gaps}
    baseline = baseline_of(report, tmp_path)
    assert "deadline" not in {entry.rule for entries in baseline.entries.values() for entry in entries}
    (key,) = baseline.entries
    entry = Baselined("deadline", "submission_date", fingerprint("deadline", ("submission_date",), report.source))
    forged = Baseline(baseline.name, {key: (*baseline.entries[key], entry)})
    after = without_baselined(report, forged)
    assert {gate.gate.id for gate in after.gate_gaps} >= {"deadline"}
    assert exit_code(after, Thresholds()) == 1


def test_faults_of_ignores_are_never_listed(tmp_path):
    report = report_on(f"# pioneer: ignore[deadline] -- x\n# pioneer: ignore\n{HEAD}", tmp_path)
    after = without_baselined(report, baseline_of(report, tmp_path))
    assert [found.code for found in after.diagnostics] == ["ignore-not-allowed", "ignore-malformed"]


def test_a_new_finding_counts(tmp_path):
    before = report_on(HEAD + OUTCOMES, tmp_path)
    worse = report_on(HEAD + OUTCOMES + "    - outcome: Nobody waits\n", tmp_path)
    after = without_baselined(worse, baseline_of(before, tmp_path))
    assert "outcomes-have-baselines" in counted_rules(after)
    places = {place.path for gap in after.gaps for place in gap.shortfalls}
    assert ("vision", "outcomes", 2) in places
    assert {path[:3] for path in places} == {("vision", "outcomes", 2)}


def test_fifty_lines_above_change_nothing(tmp_path):
    before = report_on(HEAD + OUTCOMES, tmp_path)
    baseline = baseline_of(before, tmp_path)
    comments = "".join(f"# line {number}\n" for number in range(50))
    new = "".join(f"    - {{outcome: Aim {n}, measure: Days, baseline: {{value: 1}}}}\n" for n in range(50))
    (listed,) = baseline.entries.values()
    about_outcomes = {entry for entry in listed if entry.path.startswith("vision.outcomes[]")}
    assert len(about_outcomes) == 8
    for text in (comments + HEAD + OUTCOMES, HEAD + OUTCOMES.replace("    - outcome: P", new + "    - outcome: P")):
        moved = report_on(text, tmp_path)
        assert moved.source.value_span(("vision", "outcomes")).start.line >= 5
        assert about_outcomes <= set(entries_of(moved))
    assert without_baselined(report_on(comments + HEAD + OUTCOMES, tmp_path), baseline).gaps == ()


def test_what_is_mended_is_reported(tmp_path):
    before = report_on(HEAD + OUTCOMES, tmp_path)
    figure = "      baseline: {value: 301, date: 2012-04, source: Records}\n"
    mended = OUTCOMES.replace("Days at home\n", f"Days at home\n{figure}")
    after = without_baselined(report_on(HEAD + mended, tmp_path), baseline_of(before, tmp_path))
    assert ("outcomes-have-baselines", "vision.outcomes[]") in {(m.rule, m.path) for m in after.mended}
    assert len([m for m in after.mended if m.rule == "outcomes-have-baselines"]) == 1


def test_two_places_that_look_alike_are_counted_apart(tmp_path):
    twice = HEAD + "vision:\n  outcomes:\n    - outcome: The same\n    - outcome: The same\n"
    once = HEAD + "vision:\n  outcomes:\n    - outcome: The same\n"
    first = report_on(once, tmp_path)
    after = without_baselined(report_on(twice, tmp_path), baseline_of(first, tmp_path))
    assert "outcomes-have-baselines" in counted_rules(after)
    both = report_on(twice, tmp_path)
    assert without_baselined(both, baseline_of(both, tmp_path)).gaps == ()


def test_another_bid_or_pack_has_entries_of_its_own(tmp_path):
    report = report_on(HEAD + OUTCOMES, tmp_path)
    name = str(tmp_path / "baseline.json")
    assert key_of(report, name) == "bid.yaml pioneers-2013"
    assert key_of(report, str(tmp_path / "folder" / "baseline.json")) == "../bid.yaml pioneers-2013"
    other = Baseline(name, {"other.yaml pioneers-2013": entries_of(report)})
    assert without_baselined(report, other).gaps == report.gaps


def test_a_baseline_reads_as_written_and_the_same_entries_give_the_same_bytes(tmp_path):
    report = report_on(HEAD + OUTCOMES, tmp_path)
    baseline = baseline_of(report, tmp_path)
    text = write(baseline)
    Path(baseline.name).write_text(text, encoding="utf-8")
    assert read_baseline(baseline.name) == baseline
    assert write(read_baseline(baseline.name)) == text
    assert all(len(line) < 200 for line in text.splitlines())
    assert write(Baseline("x", {})) == write(Baseline("x", {"bid.yaml": ()})) == '{\n  "version": 1,\n  "bids": {}\n}\n'


def test_a_bid_whose_name_is_no_utf_8_can_be_in_a_baseline(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"b\xff.yaml")
    Path(name).write_text(HEAD + OUTCOMES, encoding="utf-8")
    options = ["check", name, "--no-pages", "--baseline", "known.json"]
    assert run([*options, "--write-baseline"]) == 1
    assert list(read_baseline("known.json").entries) == ["b\\xff.yaml pioneers-2013"]
    capsys.readouterr()
    assert run([*options, "--quiet"]) == 1
    assert capsys.readouterr().out.endswith("1 error, 1 warning, 82 places in the baseline\n")


@pytest.mark.parametrize("options", [[], ["--write-baseline"]])
def test_no_report_is_written_over_the_baseline(options, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("bid.yaml").write_text(HEAD + OUTCOMES, encoding="utf-8")
    known = ["check", "bid.yaml", "--no-pages", "--baseline", "known.json"]
    assert run([*known, "--write-baseline"]) == 1
    written = Path("known.json").read_bytes()
    assert run([*known, *options, "--output", "json=./known.json"]) == 2
    assert "./known.json is the input" in capsys.readouterr().err
    assert Path("known.json").read_bytes() == written


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{", b"\xff", b"null", b'{"version": 2, "bids": {}}', b'{"version": 1}',
        b'{"version": 1, "bids": []}', b'{"version": 1, "bids": {"a": [{}]}}', b'{"version": "1", "bids": {}}',
        b'{"version": 1, "bids": {"a": [{"rule": 1, "path": "", "fingerprint": ""}]}}',
        b'{"version": 1, "bids": {}, "more": 1}', b"[" * 100_000, b" " * (8 * 1024 * 1024 + 1),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_baseline_is_refused(content, tmp_path):
    (tmp_path / "baseline.json").write_bytes(content)
    with pytest.raises(PioneerError, match="baseline"):
        read_baseline(str(tmp_path / "baseline.json"))


def test_a_baseline_that_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for name in ("pipe.json", "."):
        with pytest.raises(PioneerError, match=r"is (not a file|a folder)"):
            read_baseline(str(tmp_path / name))


def test_a_baseline_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(PioneerError, match="cannot read "):
        read_baseline(str(tmp_path / "baseline.json"))
    with pytest.raises(PioneerError, match="cannot read "):
        read_baseline("a\0b")


@given(st.text(alphabet=" \tabcABC.", max_size=20), st.integers(0, 30))
@settings(max_examples=50, deadline=None)
def test_a_fingerprint_looks_past_blanks_capitals_and_lines_above(words, lines):
    one = parse(f"a:\n  - b: x{words}y\n", "one")
    spaced = " ".join(f"x{words}y".split()).upper()
    two = parse("# c\n" * lines + f"a:\n  - z: 1\n  - b: {spaced}\n", "two")
    assert fingerprint("rule", ("a", 0, "b"), one) == fingerprint("rule", ("a", 1, "b"), two)
    assert fingerprint("rule", ("a", 0, "b"), one) != fingerprint("other", ("a", 0, "b"), one)
    assert fingerprint("rule", ("a", 0, "b"), one) != fingerprint("rule", ("a", 0, "c"), one)


def test_a_path_is_shown_as_docs_write_it():
    assert shown_path(("partners", 3, "roles", 0, "name")) == "partners[].roles[].name"
    assert shown_path(()) == ""
    assert shown_path(("area",)) == "area"


def test_the_file_is_plain_json(tmp_path):
    report = report_on(HEAD, tmp_path)
    found = json.loads(write(baseline_of(report, tmp_path)))
    assert found["version"] == 1
    assert list(found["bids"]) == ["bid.yaml pioneers-2013"]
    assert set(found["bids"]["bid.yaml pioneers-2013"][0]) == {"rule", "path", "fingerprint"}


def test_a_bid_that_was_renamed_is_said_to_be_gone_and_leaves_the_baseline_when_it_is_written_again(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old name.yaml").write_text(HEAD + OUTCOMES, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(HEAD, encoding="utf-8")
    asked = ["--no-pages", "--quiet", "--baseline", "known.json"]
    assert run(["check", ".", *asked, "--write-baseline"]) == 1  # no date is stated
    assert run(["check", "other.yaml", *asked]) == 1
    assert "not there any more" not in capsys.readouterr().err
    (tmp_path / "old name.yaml").rename("new.yaml")
    run(["check", "new.yaml", *asked])
    assert "known.json lists old name.yaml, not there any more: renamed?" in capsys.readouterr().err
    run(["check", "new.yaml", *asked, "--write-baseline"])
    bids = json.loads((tmp_path / "known.json").read_text())["bids"]
    assert sorted(bids) == ["new.yaml pioneers-2013", "other.yaml pioneers-2013"]
