"""`pioneer diff` and `check --fail-on regression`: what changed between two versions, and what counts as lost."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import pioneer_cli
from pioneer_cli.assessment import Report
from pioneer_cli.cli import run
from pioneer_cli.comparison import Comparison, compare
from pioneer_cli.errors import PioneerError
from pioneer_cli.history import at_revision
from pioneer_cli.pipeline import Request, check_source
from pioneer_cli.reports.diff_json import diff_json
from pioneer_cli.reports.diff_text import diff_text
from pioneer_cli.reports.diff_words import in_words, line_of
from pioneer_cli.reports.look import Look
from pioneer_cli.source import parse

ROOT = Path(__file__).resolve().parent.parent
EXEMPLAR = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
SCHEMA = json.loads((Path(pioneer_cli.__file__).parent / "reports" / "diff.schema.json").read_text(encoding="utf-8"))
WITHOUT_SOURCE = EXEMPLAR.replace("        source: Experience survey [E8]\n", "", 1)
IN_PRINCIPLE = EXEMPLAR.replace(
    "    support: agreed\n    date: 2013-06-13\n    reference: Minute HWB 13/21, unanimous\n",
    "    support: in-principle\n",
    1,
)
TOO_LONG = EXEMPLAR.replace(
    "summary: >-\n", "summary: >-\n" + "  One sentence more that takes its room on a page.\n" * 40
)
COMMIT = (
    "-c",
    "user.name=tests",
    "-c",
    "user.email=tests@example.org",
    "-c",
    "commit.gpgsign=false",
    "commit",
    "-qm",
    "x",
)


def report_on(text: str, **asked: object) -> Report:
    (report,) = check_source(parse(text, "bid.yaml"), Request(**{"count_pages": False, **asked}))  # type: ignore[arg-type]
    return report


def compared(old: str, new: str, **asked: object) -> Comparison:
    found = compare(report_on(old, **asked), report_on(new, **asked))
    assert found is not None
    return found


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with the exemplar committed as bid.yaml, and the working folder in it."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    git(tmp_path, "init", "-q")
    (tmp_path / "bid.yaml").write_text(EXEMPLAR, encoding="utf-8")
    git(tmp_path, "add", "bid.yaml")
    git(tmp_path, *COMMIT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_edits_are_edits():
    assert len({EXEMPLAR, WITHOUT_SOURCE, IN_PRINCIPLE, TOO_LONG}) == 4


def test_nothing_changed_where_nothing_differs():
    found = compared(EXEMPLAR, "# a comment\n" + EXEMPLAR)
    assert (found.closed, found.opened, found.shifted, found.regressions) == ((), (), (), ())
    assert not any(change.fell for change in found.criteria)


def test_what_opened_is_named_with_its_line_and_costs_its_criterion():
    found = compared(EXEMPLAR, WITHOUT_SOURCE)
    (change,) = found.opened
    assert (change.kind, change.name, change.worse) == ("rule", "outcomes-have-baselines", True)
    assert found.closed == ()
    assert [item.criterion.id for item in found.criteria if item.fell] == ["C1"]
    assert len(found.regressions) == 1
    assert found.regressions[0].startswith("C1 fell from ")


def test_the_other_way_round_it_is_closed_and_nothing_is_lost():
    found = compared(WITHOUT_SOURCE, EXEMPLAR)
    (change,) = found.closed
    assert (change.name, change.worse, change.after) == ("outcomes-have-baselines", False, None)
    assert (found.opened, found.regressions) == ((), ())


def test_what_fell_short_by_more_is_further():
    worse = WITHOUT_SOURCE.replace("        date: 2013-03\n", "", 3)
    assert worse != WITHOUT_SOURCE
    found = compared(WITHOUT_SOURCE, worse)
    (change,) = (item for item in found.shifted if item.name == "outcomes-have-baselines")
    assert change.worse
    assert not next(item for item in compared(worse, WITHOUT_SOURCE).shifted if item.name == change.name).worse


def test_a_change_is_said_in_words():
    worse = WITHOUT_SOURCE.replace("        date: 2013-03\n", "", 3)
    further, nearer = (
        next(in_words(item) for item in found.shifted if item.name == "outcomes-have-baselines")
        for found in (compared(WITHOUT_SOURCE, worse), compared(worse, WITHOUT_SOURCE))
    )
    assert further.startswith("still partly, further: ")
    assert nearer.startswith("still partly, nearer: ")


def test_a_fault_of_the_file_is_said_as_it_is_and_stands_on_no_line():
    found = compared(EXEMPLAR, EXEMPLAR.replace("One plan", "One\u200b plan", 1))
    (change,) = found.opened
    assert in_words(change) == change.claim
    assert line_of(found, change) is None


def test_a_lost_gate_is_a_step_back_and_a_won_one_is_none():
    found = compared(EXEMPLAR, IN_PRINCIPLE)
    assert "the gate health-and-wellbeing-board was met and is unmet" in found.regressions
    assert "health-and-wellbeing-board" in {change.name for change in found.opened if change.kind == "gate"}
    assert compared(IN_PRINCIPLE, EXEMPLAR).regressions == ()


def test_a_gate_that_is_no_longer_known_is_lost():
    undated = EXEMPLAR.replace("submission_date:", "# submission_date:", 1)
    assert "the gate deadline was met and is unknown" in compared(EXEMPLAR, undated).regressions


def test_crossing_the_page_limit_is_a_step_back():
    found = compared(EXEMPLAR, TOO_LONG, count_pages=True)
    assert [text for text in found.regressions if "page limit" in text] == [
        f"the page limit was crossed: {found.after.pages.count} pages, and the limit is 10"  # type: ignore[union-attr]
    ]
    assert compared(TOO_LONG, TOO_LONG, count_pages=True).regressions == ()
    assert not any("page limit" in text for text in compared(TOO_LONG, EXEMPLAR, count_pages=True).regressions)


def test_a_bid_that_is_over_its_limit_may_not_grow():
    more = "  And yet another sentence that takes its room.\n" * 99
    longer = TOO_LONG.replace("summary: >-\n", f"summary: >-\n{more}")
    found = compared(TOO_LONG, longer, count_pages=True)
    (told,) = (text for text in found.regressions if "limit" in text)
    assert told.startswith("the bid, over its limit already, grew from ")
    assert not any("limit" in text for text in compared(longer, TOO_LONG, count_pages=True).regressions)


def test_pages_that_were_not_counted_are_not_compared():
    found = compared(EXEMPLAR, TOO_LONG)
    assert found.regressions == ()
    assert "page-limit" not in {change.name for change in (*found.opened, *found.closed, *found.shifted)}


def test_an_ignore_closes_nothing():
    at = "    - outcome: People with complicated needs"
    assert at in WITHOUT_SOURCE
    ignoring = WITHOUT_SOURCE.replace(at, f"    # pioneer: ignore[outcomes-have-baselines] -- x\n{at}")
    assert compared(EXEMPLAR, ignoring, ignores=True).regressions != ()
    assert compared(WITHOUT_SOURCE, ignoring, ignores=True).closed == ()


def test_a_warning_of_the_file_opens_and_closes():
    unseen = EXEMPLAR.replace("One plan", "One\u200b plan", 1)
    (opened,) = compared(EXEMPLAR, unseen).opened
    assert (opened.kind, opened.name) == ("file", "invisible-character")
    assert [change.name for change in compared(unseen, EXEMPLAR).closed] == ["invisible-character"]


def test_what_cannot_be_judged_cannot_be_compared():
    assert compare(report_on("title: a: b\n"), report_on(EXEMPLAR)) is None
    assert compare(report_on(EXEMPLAR), report_on("title: a: b\n")) is None


LINES = [number for number, line in enumerate(EXEMPLAR.split("\n")) if line.startswith("    ") and ": " in line]


@given(st.lists(st.sampled_from(LINES), max_size=4, unique=True))
@settings(max_examples=30, deadline=None)
def test_there_and_back_closes_what_it_opened_and_the_json_holds_to_its_schema(gone):
    lines = EXEMPLAR.split("\n")
    other = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    if report_on(other).assessment is None:
        return
    there, back = compared(EXEMPLAR, other), compared(other, EXEMPLAR)
    assert {change.name for change in there.opened} == {change.name for change in back.closed}
    assert {change.name for change in there.closed} == {change.name for change in back.opened}
    assert bool(there.regressions) or not any(change.fell for change in there.criteria)
    for found in (there, back):
        Draft202012Validator(SCHEMA).validate(json.loads(diff_json(found)))
        assert all(len(line) <= 100 for line in diff_text(found, Look()).splitlines())


def test_every_object_of_the_schema_is_closed():
    Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(Exception, match="Additional properties"):
        Draft202012Validator(SCHEMA).validate({**json.loads(diff_json(compared(EXEMPLAR, EXEMPLAR))), "more": 1})


# --- Whole runs ------------------------------------------------------------------------------------------------------


def test_two_files_are_compared(repository, capsys):
    (repository / "new.yaml").write_text(WITHOUT_SOURCE, encoding="utf-8")
    assert run(["diff", "bid.yaml", "new.yaml", "--no-pages"]) == 1
    shown = capsys.readouterr().out
    assert "warning outcomes-have-baselines (line " in shown
    assert shown.rstrip().endswith("bid.yaml -> new.yaml: 0 closed, 1 opened, 1 step back")
    assert run(["diff", "new.yaml", "bid.yaml", "--no-pages", "-q"]) == 0
    assert capsys.readouterr().out == "new.yaml -> bid.yaml: 1 closed, 0 opened, no step back\n"


def test_a_bid_is_compared_with_a_revision(repository, capsys):
    assert run(["diff", "bid.yaml", "--base", "HEAD", "--no-pages", "-q"]) == 0
    (repository / "bid.yaml").write_text(IN_PRINCIPLE, encoding="utf-8")
    assert run(["diff", "bid.yaml", "--base", "HEAD", "--no-pages", "-q"]) == 1
    assert "bid.yaml at HEAD -> bid.yaml" in capsys.readouterr().out


def test_every_format_says_what_was_lost(repository, capsys):
    (repository / "bid.yaml").write_text(WITHOUT_SOURCE, encoding="utf-8")
    files = ["a.html", "a.md", "a.json", "a.txt"]
    assert run(["diff", "bid.yaml", "--base", "HEAD", "--no-pages", *(f"-o{name}" for name in files)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("bid.yaml at HEAD -> bid.yaml: ")
    assert err.count("\n") == 1
    for name in files:
        text = (repository / name).read_text(encoding="utf-8")
        assert "outcomes-have-baselines" in text
        assert "C1 fell from" in text
    page = (repository / "a.html").read_text(encoding="utf-8")
    title = parse(WITHOUT_SOURCE, "bid.yaml").content["title"]
    assert f"<h1>What changed between two versions of the bid: {title}</h1>" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["diff", "bid.yaml"], "1 file named; two versions of a bid are needed"),
        (["diff", "bid.yaml", "bid.yaml", "--base", "HEAD"], "2 files named; two versions"),
        (["diff", "-", "bid.yaml"], "standard input cannot be compared"),
        (["diff", "bid.yaml", "HEAD"], "a revision goes by --base: pioneer diff bid.yaml --base HEAD"),
        (["diff", "HEAD", "bid.yaml"], "a revision goes by --base: pioneer diff bid.yaml --base HEAD"),
        (["diff", ".", "--base", "HEAD"], ". is a folder"),
        (["diff", "bid.yaml", "--base", "nope"], "git knows no revision nope"),
        (["diff", "bid.yaml", "--base", "--help"], "git knows no revision --help"),
        (["diff", "bid.yaml", "--base", "HEAD:bid.yaml"], "git knows no revision"),
        (["diff", "new.yaml", "--base", "HEAD"], "new.yaml was not there at HEAD"),
        (["diff", "gone.yaml", "--base", "HEAD"], "cannot read gone.yaml"),
        (["diff", "bid.yaml", "bid.yaml", "-o", "bid.yaml"], "cannot tell the format|is the input"),
        (["check", "bid.yaml", "--fail-on", "regression"], "needs a revision"),
        (["check", "bid.yaml", "--base", "HEAD"], "--base is for --fail-on regression"),
        (
            ["check", "-", "--fail-on", "regression", "--base", "HEAD"],
            "standard input has no revision",
        ),
        (["check", "bid.yaml", "--fail-on", "regression", "--base", "nope"], "git knows no revision nope"),
    ],
)
def test_what_cannot_be_compared_ends_with_2_and_says_why(arguments, message, repository, capsys):
    (repository / "new.yaml").write_text(EXEMPLAR, encoding="utf-8")
    assert run(arguments) == 2
    assert any(part in capsys.readouterr().err for part in message.split("|"))


def test_a_version_that_cannot_be_judged_ends_with_2(repository, capsys):
    (repository / "bid.yaml").write_text("title: a: b\n", encoding="utf-8")
    assert run(["diff", "bid.yaml", "--base", "HEAD", "--no-pages"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "cannot be judged" in shown.err


def test_two_calls_are_not_compared(repository, capsys):
    (repository / "bid.yaml").write_text(
        EXEMPLAR.replace("pioneers-2013", "integration-statement", 1), encoding="utf-8"
    )
    assert run(["diff", "bid.yaml", "--base", "HEAD", "--no-pages"]) == 2
    assert "the two versions answer different calls" in capsys.readouterr().err


def test_outside_a_repository_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "bid.yaml").write_text(EXEMPLAR, encoding="utf-8")
    assert run(["diff", str(tmp_path / "bid.yaml"), "--base", "HEAD"]) == 2
    assert "git finds no repository for" in capsys.readouterr().err


def test_without_git_it_says_so(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(PioneerError, match="git is not installed"):
        at_revision("bid.yaml", "HEAD")


def test_a_file_in_a_folder_and_behind_a_link_is_found_at_its_revision(repository):
    (repository / "bids").mkdir()
    (repository / "bids" / "é b.yaml").write_bytes(b"a: 1\r\n")
    (repository / "link.yaml").symlink_to("bids/é b.yaml")
    git(repository, "add", "bids")
    git(repository, *COMMIT)
    for name in ("bids/é b.yaml", "link.yaml"):
        assert at_revision(name, "HEAD") == b"a: 1\r\n"
        assert at_revision(name, "HEAD~1") is None


def test_a_bid_that_became_a_link_is_compared_with_the_file_that_it_was(repository, capsys):
    (repository / "-elsewhere.yaml").write_text(WITHOUT_SOURCE, encoding="utf-8")
    (repository / "bid.yaml").unlink()
    (repository / "bid.yaml").symlink_to("-elsewhere.yaml")
    assert run(["check", "bid.yaml", "--fail-on", "regression", "--base", "HEAD", "--no-pages", "-q"]) == 1
    assert "since HEAD, C1 fell from" in capsys.readouterr().err


def test_a_renamed_bid_is_compared_with_what_it_was_called(repository, capsys):
    (repository / "bids").mkdir()
    git(repository, "mv", "bid.yaml", "bids/é renamed.yaml")
    (repository / "bids" / "é renamed.yaml").write_text(IN_PRINCIPLE, encoding="utf-8")
    git(repository, "add", "bids")
    options = ["--fail-on", "regression", "--base", "HEAD", "--no-pages", "-q"]
    assert run(["check", "bids/é renamed.yaml", *options]) == 1
    assert "since HEAD, the gate health-and-wellbeing-board was met and is unmet" in capsys.readouterr().err
    git(repository, *COMMIT)
    assert run(["diff", "bids/é renamed.yaml", "--base", "HEAD~1", "--no-pages", "-q"]) == 1
    assert at_revision("bids/é renamed.yaml", "HEAD~1") == EXEMPLAR.encode()


def test_a_copy_is_no_rename(repository):
    (repository / "copy.yaml").write_text(EXEMPLAR, encoding="utf-8")
    git(repository, "add", "copy.yaml")
    assert at_revision("copy.yaml", "HEAD") is None


@pytest.mark.parametrize("name", ["bid.yaml", "renamed.yaml"])
def test_a_version_that_a_partial_clone_has_not_fetched_is_not_taken_for_none(name, repository, capsys):
    (repository / "bid.yaml").rename(repository / name)
    (repository / name).write_text(WITHOUT_SOURCE, encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, *COMMIT)
    blob = subprocess.check_output(["git", "rev-parse", "HEAD~1:bid.yaml"], cwd=repository, text=True).strip()
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert run(["check", name, "--fail-on", "regression", "--base", "HEAD~1", "--no-pages", "-q"]) == 2
    assert f"git cannot give {name} at HEAD~1" in capsys.readouterr().err


def test_the_settings_of_a_repository_run_nothing(repository):
    monitor = repository / "monitor.sh"
    monitor.write_text("#!/bin/sh\necho ran >> ran.txt\n", encoding="utf-8")
    monitor.chmod(0o755)
    git(repository, "config", "core.fsmonitor", "./monitor.sh")
    git(repository, "update-index", "--fsmonitor")
    git(repository, "mv", "bid.yaml", "renamed.yaml")
    (repository / "ran.txt").write_text("", encoding="utf-8")
    assert at_revision("renamed.yaml", "HEAD") == EXEMPLAR.encode()
    assert (repository / "ran.txt").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (EXEMPLAR, 0, ""),
        (WITHOUT_SOURCE, 1, "bid.yaml: since HEAD, C1 fell from"),
        (IN_PRINCIPLE, 1, "bid.yaml: since HEAD, the gate health-and-wellbeing-board was met and is unmet"),
        (TOO_LONG, 1, "bid.yaml: since HEAD, the page limit was crossed"),
        ("title: a: b\n", 2, ""),
    ],
    ids=["the same", "a rule", "a gate", "the limit", "unreadable"],
)
def test_a_check_can_fail_on_regression_alone(text, code, said, repository, capsys):
    (repository / "bid.yaml").write_text(text, encoding="utf-8")
    assert run(["check", "bid.yaml", "--fail-on", "regression", "--base", "HEAD", "-q"]) == code
    assert said in capsys.readouterr().err


def test_another_call_is_a_step_back(repository, capsys):
    other = TOO_LONG.replace("pioneers-2013", "integration-statement", 1)
    (repository / "bid.yaml").write_text(other, encoding="utf-8")
    assert run(["check", "bid.yaml", "--fail-on", "regression", "--base", "HEAD", "-q"]) == 1
    told = "since HEAD, the call changed from pioneers-2013 to integration-statement"
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_what_git_tells_a_hook_leads_nowhere_else(name, repository, monkeypatch, capsys):
    (repository / "bids").mkdir()
    (repository / "bids" / "bid.yaml").write_text(EXEMPLAR, encoding="utf-8")
    (repository / "bid.yaml").write_text(TOO_LONG, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, *COMMIT)
    (repository / "bids" / "bid.yaml").write_text(TOO_LONG, encoding="utf-8")
    monkeypatch.setenv(name, str(repository / ".git"))
    assert run(["check", "bids/bid.yaml", "--fail-on", "regression", "--base", "HEAD", "-q"]) == 1
    assert "the page limit was crossed" in capsys.readouterr().err


def test_lost_ground_is_told_once_and_right_above_the_verdict(repository, capsys):
    (repository / "bid.yaml").write_text(IN_PRINCIPLE, encoding="utf-8")
    assert run(["check", "bid.yaml", "--fail-on", "regression", "--base", "HEAD"]) == 1
    told = capsys.readouterr()
    assert told.out.count("\nFalls short: since HEAD, the gate health-and-wellbeing-board was met and is unmet") == 1
    assert "since HEAD" not in told.err
    options = ["--fail-on", "regression", "--base", "HEAD", "--output", "json"]
    assert run(["check", "bid.yaml", *options]) == 1
    (bid,) = json.loads(capsys.readouterr().out)["bids"]
    assert "since HEAD, the gate health-and-wellbeing-board was met and is unmet" in bid["missed"]


def test_a_new_bid_is_held_to_having_no_error(repository, capsys):
    (repository / "new.yaml").write_text(WITHOUT_SOURCE, encoding="utf-8")
    (repository / "long.yaml").write_text(TOO_LONG, encoding="utf-8")
    options = ["--fail-on", "regression", "--base", "HEAD", "-q"]
    assert run(["check", "new.yaml", *options]) == 0
    assert capsys.readouterr().err == "new.yaml: the bid was not there at HEAD, so any error counts\n"
    assert run(["check", "long.yaml", *options]) == 1


def test_an_old_version_that_could_not_be_judged_holds_the_new_one_to_having_no_error(repository, capsys):
    (repository / "bid.yaml").write_text("title: a: b\n", encoding="utf-8")
    git(repository, "add", "bid.yaml")
    git(repository, *COMMIT)
    (repository / "bid.yaml").write_text(TOO_LONG, encoding="utf-8")
    assert run(["check", "bid.yaml", "--fail-on", "regression", "--base", "HEAD", "-q"]) == 1
    assert "could not be judged by this pack at HEAD" in capsys.readouterr().err
