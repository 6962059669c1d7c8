"""The example for GitLab: its shell lines, run as a runner does, and the reports that they leave for it."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from made_builds import ROOT, environment_of, fake_python, finish

EXAMPLE = ROOT / "docs" / "examples" / "gitlab-ci.yml"
JOB = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["bid"]
EXEMPLAR = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
MORE = "  Each town gets a team of its own, which agrees every plan with the person, the family and the neighbours.\n"
LONG = EXEMPLAR.replace("summary: >-\n", f"summary: >-\n{MORE * 12}")


def run(folder: Path, bids: dict[str, str], **variables: str) -> tuple[int, str]:
    """What the job comes to in a project of these bids: its code and its log."""
    project, tools = folder / "the project", folder / "tools"
    fake_python(tools)
    for name, text in bids.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    environment = environment_of(CI_PROJECT_DIR=str(project), **{**JOB["variables"], **variables})
    environment["PATH"] = f"{tools}:{environment['PATH']}"
    lines = "\n".join([*JOB["before_script"], *JOB["script"]])
    return finish(["sh", "-e", "-c", lines], project, environment)


def report(folder: Path, kind: str) -> str:
    """A report that the job promises, as text."""
    return (folder / "the project" / JOB["artifacts"]["reports"][kind]).read_text(encoding="utf-8")


def test_a_good_bid_passes_and_leaves_its_reports(tmp_path):
    code, log = run(tmp_path, {"bids/a bid.yaml": EXEMPLAR})
    assert code == 0, log
    assert "bids/a bid.yaml: sift-in (submission)" in log
    assert [found for found in json.loads(report(tmp_path, "codequality")) if found["severity"] != "info"] == []
    cases = ElementTree.fromstring(report(tmp_path, "junit")).iter("testcase")
    assert sum(1 for case in cases if case.find("failure") is None) >= 50
    assert "a bid.yaml" in (tmp_path / "the project" / JOB["artifacts"]["paths"][0]).read_text(encoding="utf-8")
    assert (tmp_path / "tools" / "asked").read_text(encoding="utf-8").splitlines()[-1] == "./pioneer"


def test_a_bid_over_its_limit_fails_and_leaves_its_reports(tmp_path):
    code, log = run(tmp_path, {"bids/long.yaml": LONG})
    assert code == 1, log
    assert re.search(r"1\d pages", report(tmp_path, "codequality"))
    assert ElementTree.fromstring(report(tmp_path, "junit")).find(".//failure") is not None


def test_a_bid_that_cannot_be_read_fails_and_hides_no_other(tmp_path):
    code, log = run(tmp_path, {"bids/a.yaml": "title: [\n", "bids/b.yaml": EXEMPLAR})
    assert code == 2, log
    assert {found["location"]["path"] for found in json.loads(report(tmp_path, "codequality"))} >= {"bids/a.yaml"}
    assert "bids/b.yaml: sift-in" in log


@pytest.mark.parametrize("name", ["-x.yaml", 'it\'s "one".yaml', "$(touch pwned).yaml", "two\nlines.yaml"])
def test_odd_names_are_only_names(tmp_path, name):
    code, log = run(tmp_path, {name: "call: pioneers-2013\ntitle: [\n"}, BID=name)
    assert code == 2
    assert "3:1 error yaml-syntax" in log
    assert not (tmp_path / "the project" / "pwned").exists()


def test_nothing_passes_because_nothing_was_found(tmp_path):
    assert run(tmp_path, {"notes.txt": "no bid\n"}, BID=".")[0] == 2
    assert run(tmp_path, {}, BID="")[0] == 2
