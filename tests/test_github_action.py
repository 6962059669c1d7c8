"""The action for GitHub: its shell steps, run word for word as GitHub does, over good, bad and oddly named bids.

No test here runs on GitHub itself: what others' actions do with what they are given is not seen.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from made_builds import ROOT, Ended, Runner

ACTION = ROOT / "action.yml"
STEPS = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
EXEMPLAR = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
MORE = "  Each town gets a team of its own, which agrees every plan with the person, the family and the neighbours.\n"
LONG = EXEMPLAR.replace("summary: >-\n", f"summary: >-\n{MORE * 12}")
DRAFT = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
BROKEN = "call: pioneers-2013\ntitle: [\n"
ODD = (
    "a bid.yaml",
    'it\'s "one".yaml',
    "$(touch pwned);`touch pwned`.yaml",
    "two\nlines::error::x.yaml",
    "-o.yaml",
    "=.yaml",
)
FINDINGS, ARTIFACT = "github/codeql-action/upload-sarif", "actions/upload-artifact"


@pytest.fixture
def runner(tmp_path):
    """A runner with an empty workspace and a folder for what is temporary, both with a space in their names."""
    for name in ("the work", "the rest"):
        (tmp_path / name).mkdir()
    return Runner(tmp_path / "the work", tmp_path / "the rest")


def run(runner: Runner, bids: dict[str, str], **inputs: str) -> Ended:
    for name, text in bids.items():
        path = runner.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return runner.run(ACTION, **inputs)


def files(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_good_bid_passes_and_its_findings_and_its_pdf_are_uploaded(runner):
    ended = run(runner, {"bids/a bid.yaml": EXEMPLAR}, bid="bids")
    assert ended.code == 0, ended.log
    assert ended.outputs["exit-code"] == "0"
    sarif = json.loads(Path(ended.used[FINDINGS]["sarif_file"]).read_text(encoding="utf-8"))
    assert (sarif["version"], ended.used[FINDINGS]["category"]) == ("2.1.0", "pioneer")
    assert ended.used[ARTIFACT]["name"] == "pioneer-documents"
    assert files(ended.used[ARTIFACT]["path"]) == ["01-a-bid.pdf"]
    assert (Path(ended.used[ARTIFACT]["path"]) / "01-a-bid.pdf").read_bytes().startswith(b"%PDF-")
    assert "::error" not in ended.log
    assert r"a bid\.yaml\: 10 of 10 pages" in ended.summary
    assert "| C1 Vision | 2 | 1.48 |" in ended.summary
    assert files(str(runner.workspace / "bids")) == ["a bid.yaml"]


def test_a_bid_over_its_limit_fails_with_1_after_everything_was_uploaded(runner):
    ended = run(runner, {"bid.yaml": LONG}, bid="bid.yaml")
    assert (ended.code, ended.outputs["exit-code"]) == (1, "1")
    assert re.search(r"^::error file=bid\.yaml,.*pages", ended.log, re.MULTILINE)
    assert json.loads(Path(ended.used[FINDINGS]["sarif_file"]).read_text(encoding="utf-8"))["runs"]
    assert len(files(ended.used[ARTIFACT]["path"])) == 1
    assert re.search(r"### bid\\\.yaml\\: 1\d pages\\, where the limit is 10", ended.summary)


def test_a_bid_that_cannot_be_read_fails_with_2_and_has_findings_but_no_pdf(runner):
    ended = run(runner, {"bid.yaml": BROKEN}, bid="bid.yaml")
    assert (ended.code, ended.outputs["exit-code"], ended.outputs["documents"]) == (2, "2", "")
    assert re.search(r"^::error file=bid\.yaml,line=3", ended.log, re.MULTILINE)
    assert FINDINGS in ended.used
    assert ARTIFACT not in ended.used


def test_one_bad_bid_hides_no_other(runner):
    ended = run(
        runner, {"bids/a.yaml": BROKEN, "bids/b/bid.yaml": DRAFT, "c/bid.yaml": DRAFT}, bid="bids\r\n\nc/bid.yaml"
    )
    assert ended.code == 2
    assert files(ended.used[ARTIFACT]["path"]) == ["01-b.pdf", "02-c.pdf"]
    assert re.findall(r"^### (.*?)\\:", ended.summary, re.MULTILINE)[-2:] == [r"bids\/b\/bid\.yaml", r"c\/bid\.yaml"]


@pytest.mark.parametrize("named", ["", "\n", "nowhere.yaml", "empty"])
def test_nothing_passes_because_nothing_was_found(runner, named):
    (runner.workspace / "empty").mkdir()
    ended = run(runner, {}, bid=named)
    assert ended.code == 2
    (told,) = re.findall("::error title=pioneer::(.*)", ended.log)
    assert (f"no bid found at {named}" if named.strip() else "no bid was named") in told
    assert {FINDINGS, ARTIFACT}.isdisjoint(ended.used)


def test_odd_names_of_files_are_only_names(runner):
    ended = run(runner, {f"bids/{name}": DRAFT for name in ODD}, bid="bids", phase="draft")
    assert ended.code == 0, ended.log
    assert len(files(ended.used[ARTIFACT]["path"])) == ended.summary.count(r" of 10 pages\;") == len(ODD)
    assert all(re.fullmatch(r"\d\d-[A-Za-z0-9._-]+\.pdf", name) for name in files(ended.used[ARTIFACT]["path"]))
    assert os.listdir(runner.workspace) == ["bids"]  # noqa: PTH208
    assert re.findall(r"^::error.*", ended.log, re.MULTILINE) == []


@pytest.mark.parametrize("name", [name for name in ODD if "\n" not in name])
def test_odd_names_can_be_given_too(runner, name):
    ended = run(runner, {name: BROKEN}, bid=name)
    assert (ended.code, ended.outputs["exit-code"]) == (2, "2")
    assert "line=3" in ended.log
    assert [path.name for path in runner.workspace.iterdir()] == [name]


def test_hostile_inputs_are_only_inputs(runner):
    hostile = '"; touch pwned; echo "$(touch pwned)'
    ended = run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml", pack=hostile, template=hostile, phase=hostile)
    assert ended.code == 2
    (told,) = re.findall("::error title=pioneer::(.*)", ended.log)
    assert "Invalid value for '--phase'" in told
    assert files(str(runner.workspace)) == ["bid.yaml"]


def test_uploads_that_are_refused_are_told_of_and_decide_nothing(runner):
    runner.refused = ("findings", "artifact")
    ended = run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml", phase="draft")
    assert ended.code == 0
    assert "::warning title=pioneer::code scanning did not take the findings" in ended.log
    assert "::warning title=pioneer::the PDFs could not be kept" in ended.log


def test_uploads_can_be_left_out(runner):
    ended = run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml", phase="draft", upload_sarif="false", artifact="")
    assert ended.code == 0
    assert {FINDINGS, ARTIFACT}.isdisjoint(ended.used)
    assert "title=pioneer::" not in ended.log


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({}, 0),
        ({"fail_on": "warning"}, 1),
        ({"fail_on": "warning", "phase": "draft"}, 0),
        ({"pack": "integration-characteristics-2016"}, 0),
        ({"template": "eoi-compact"}, 0),
        ({"pack": "no-such-pack"}, 2),
        ({"template": "no-such-template"}, 2),
        ({"phase": "late"}, 2),
        ({"fail_on": "notes"}, 2),
    ],
)
def test_inputs_reach_the_program(runner, inputs, code):
    bid = (ROOT / "bids" / "norfolk-2017.yaml").read_text(encoding="utf-8")
    assert run(runner, {"bid.yaml": bid}, bid="bid.yaml", **inputs).code == code


def test_settings_of_the_project_hold_where_an_input_is_left_out(runner):
    bids = {"bid.yaml": LONG, "pioneer.toml": 'phase = "draft"\n'}
    assert run(runner, bids, bid="bid.yaml").code == 0


def test_pages_are_counted_whatever_a_change_sets_unless_an_input_says_otherwise(runner):
    bids = {"bid.yaml": LONG, "pioneer.toml": "no-pages = true\n"}
    ended = run(runner, bids, bid="bid.yaml")
    assert ended.code == 1
    assert len(files(ended.used[ARTIFACT]["path"])) == 1


def test_pages_can_be_left_uncounted_by_an_input(runner):
    ended = run(runner, {"bid.yaml": LONG}, bid="bid.yaml", pages="false")
    assert (ended.code, "pages not counted" in ended.log + ended.summary) == (0, True)
    assert ARTIFACT not in ended.used


def test_a_gate_can_leave_the_settings_of_a_change_out(runner):
    bids = {"bid.yaml": LONG, "pioneer.toml": 'fail-on = "never"\nphase = "draft"\ntemplate = "eoi-compact"\n'}
    ended = run(runner, bids, bid="bid.yaml", isolated="true")
    assert ended.code == 1
    assert re.search(
        r"### bid\\\.yaml\\: 1\d pages\\, where the limit is 10", ended.summary
    )  # the table's template too


@pytest.mark.parametrize("inputs", [{"isolated": "yes"}, {"isolated": ""}, {"pages": "no"}, {"pages": ""}])
def test_a_switch_that_says_neither_true_nor_false_is_an_error(runner, inputs):
    ended = run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml", phase="draft", **inputs)
    (name,) = inputs
    assert ended.code == 2
    assert f"::error title=pioneer::the input '{name}' is true or false" in ended.log


def test_a_change_is_held_to_what_was_there_before(runner):
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A writer", "-c", "user.email=writer@example.org")
        subprocess.run(["git", *who, *arguments], cwd=runner.workspace, check=True, capture_output=True)

    (runner.workspace / "bid.yaml").write_text(DRAFT, encoding="utf-8")
    git("init", "--quiet")
    git("add", "bid.yaml")
    git("commit", "--quiet", "--message", "A bid")
    inputs = {"bid": "bid.yaml", "fail_on": "regression", "base": "HEAD"}
    assert run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml").code == 1
    assert run(runner, {"bid.yaml": DRAFT}, **inputs).code == 0
    assert run(runner, {"bid.yaml": LONG}, **inputs).code == 1
    assert run(runner, {"bid.yaml": DRAFT}, **{**inputs, "base": "nowhere"}).code == 2
    assert run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml", fail_on="regression").code == 2


def test_pioneer_is_installed_from_the_action_itself_apart_from_the_callers_python(runner):
    ended = run(runner, {"bid.yaml": DRAFT}, bid="bid.yaml", phase="draft", python_version="3.13")
    assert ended.used["actions/setup-python"] == {"python-version": "3.13", "update-environment": "False"}
    asked = (runner.temporary / "tools" / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[:3] == ["-I", "-m", "pip"]
    assert asked[-1] == str(ROOT)


def test_modules_of_the_workspace_are_not_run(runner):
    trap = "raise SystemExit('this came from the workspace')\n"
    ended = run(
        runner, {"bid.yaml": DRAFT, "json.py": trap, "venv.py": trap, "yaml.py": trap}, bid="bid.yaml", phase="draft"
    )
    assert ended.code == 0, ended.log


def test_no_step_has_an_expression_in_its_shell_code():
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) >= 4
    assert [script for script in scripts if "${{" in script] == []
