"""`pioneer questions` and `pioneer feedback`: files whole or not at all, faults on standard error, and exit codes."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from made_bids import REPO_BIDS, ROOT
from made_reviews import Content, desk_of, review_of, write_reviews

from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode
from pioneer_cli.shipped import shipped_names

ENDINGS = ("pdf", "docx", "md", "html")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with all bids and a review of two of them."""
    shutil.copytree(ROOT / "bids", tmp_path / "bids")
    for name in ("exemplar", "north-yorkshire"):
        write_reviews(tmp_path / "reviews" / name, review_of(desk_of(name)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outputs(stem: str, *endings: str) -> list[str]:
    return [part for ending in endings for part in ("-o", f"{stem}.{ending}")]


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rewrite(path: Path, **changes: object) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | changes, indent=2), encoding="utf-8")


# --- Questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
def test_questions_are_written_in_every_format_at_once(desk, capfd, name):
    assert run(["questions", f"bids/{name}.yaml", *outputs("q", *ENDINGS)]) == ExitCode.OK
    assert (desk / "q.pdf").read_bytes().startswith(b"%PDF-")
    assert zipfile.is_zipfile(desk / "q.docx")
    assert (desk / "q.md").read_text(encoding="utf-8").startswith("# Clarification questions: ")
    assert (desk / "q.html").read_bytes().startswith(b"<!DOCTYPE html>")
    streams = capfd.readouterr()
    assert streams.out == ""
    assert streams.err.startswith("q.pdf, q.docx, q.md, q.html: ")


@pytest.mark.parametrize("pack", shipped_names("criteria"))
def test_questions_by_any_pack(desk, capfd, pack):
    assert run(["questions", "bids/norfolk-2017.yaml", "--pack", pack]) == ExitCode.OK
    streams = capfd.readouterr()
    assert streams.out.count("\n### ") >= 5
    assert streams.err == ""


def test_standard_output_has_what_a_file_has(desk, capfd):
    run(["questions", "bids/north-yorkshire.yaml"])
    shown = capfd.readouterr().out
    run(["questions", "bids/north-yorkshire.yaml", "-o", "q.md", "-o", "-"])
    assert (desk / "q.md").read_text(encoding="utf-8") == shown == capfd.readouterr().out


def test_without_a_question_it_says_so(desk, capfd):
    assert run(["questions", "bids/exemplar.yaml", "-o", "-", "-o", "q.pdf"]) == ExitCode.OK
    streams = capfd.readouterr()
    assert "No clarification question is open" in streams.out
    assert streams.err == "q.pdf: no question\n"


def test_a_new_annex_and_its_schema_are_written_and_never_over_a_file(desk, capfd):
    command = ["questions", "bids/north-yorkshire.yaml", "--new-replies", "replies.yaml"]
    assert run(command) == ExitCode.OK
    assert left_in(desk) == ["bids", "replies.schema.json", "replies.yaml", "reviews"]
    before = (desk / "replies.yaml").read_bytes()
    assert capfd.readouterr().out == ""
    assert run([*command, "-o", "q.md"]) == ExitCode.CANNOT_JUDGE
    assert "already there" in capfd.readouterr().err
    assert (desk / "replies.yaml").read_bytes() == before
    assert not (desk / "q.md").exists()
    assert run(["questions", "bids/exemplar.yaml", "--new-replies", "replies.txt"]) == ExitCode.CANNOT_JUDGE
    capfd.readouterr()
    assert run(["questions", "bids/exemplar.yaml", "--new-replies", "no/replies.yaml"]) == ExitCode.CANNOT_JUDGE
    assert capfd.readouterr().err == "pioneer: there is no folder no\n  nothing was written; make the folder first\n"


def test_an_annex_goes_there_and_back(desk, capfd):
    run(["questions", "bids/north-yorkshire.yaml", "--new-replies", "replies.yaml"])
    text = (desk / "replies.yaml").read_text(encoding="utf-8")
    filled = text.replace("\ndate:\n", "\ndate: 2013-08-09\n").replace("    reply:\n", "    reply: On 27 June.\n", 1)
    (desk / "replies.yaml").write_text(filled, encoding="utf-8")
    capfd.readouterr()
    assert run(["questions", "bids/north-yorkshire.yaml", "--replies", "replies.yaml"]) == ExitCode.OK
    streams = capfd.readouterr()
    assert "On 27 June." in streams.out
    assert streams.out.count("open: there is no reply yet") == 25
    assert streams.err == ""


def test_a_faulty_annex_stops_it_and_a_changed_bid_does_not(desk, capfd):
    run(["questions", "bids/north-yorkshire.yaml", "--new-replies", "replies.yaml"])
    command = ["questions", "bids/north-yorkshire.yaml", "--replies", "replies.yaml", "-o", "q.md"]
    assert run(command) == ExitCode.CANNOT_JUDGE
    assert "`date` has nothing after it" in capfd.readouterr().err
    assert not (desk / "q.md").exists()
    rewrite(desk / "replies.yaml", date="2013-08-09")
    with (desk / "bids" / "north-yorkshire.yaml").open("a", encoding="utf-8") as file:
        file.write("# one line more\n")
    assert run(command) == ExitCode.OK
    assert "warning bid-has-changed" in capfd.readouterr().err


@pytest.mark.parametrize("bad", ["none.yaml", "bids", "-"])
def test_an_annex_that_is_not_there_cannot_be_read(desk, capfd, bad):
    assert run(["questions", "bids/exemplar.yaml", "--replies", bad]) == ExitCode.CANNOT_JUDGE
    assert capfd.readouterr().out == ""


def test_reviewers_answers_raise_questions_too(desk, capfd):
    write_reviews(desk / "reviews" / "exemplar", review_of(desk_of("exemplar"), answer="partly"))
    assert run(["questions", "bids/exemplar.yaml", "--reviews", "reviews"]) == ExitCode.OK
    shown = capfd.readouterr().out
    assert shown.count("\n### ") == 6
    assert "r1: We talked about" in shown
    assert "The review of r1" in shown


def test_a_bid_that_cannot_be_judged_is_shown_on_standard_error(desk, capfd):
    (desk / "bid.yaml").write_text("title: A\n", encoding="utf-8")
    for command in (["questions", "bid.yaml"], ["feedback", "bid.yaml", "--reviews", "reviews"]):
        assert run(command) == ExitCode.CANNOT_JUDGE
        streams = capfd.readouterr()
        assert streams.out == ""
        assert "missing-key" in streams.err


# --- Feedback --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
def test_feedback_is_written_in_every_format_at_once(desk, capfd, name):
    write_reviews(desk / "reviews" / name, review_of(desk_of(name)))
    command = ["feedback", f"bids/{name}.yaml", "--reviews", "reviews", *outputs("f", *ENDINGS)]
    assert run(command) == ExitCode.OK
    first = {ending: (desk / f"f.{ending}").read_bytes() for ending in ENDINGS}
    assert capfd.readouterr().err.endswith("f.pdf, f.docx, f.md, f.html: sift-in, by r1\n")
    assert run(command) == ExitCode.OK
    assert {ending: (desk / f"f.{ending}").read_bytes() for ending in ENDINGS} == first
    for content in first.values():
        assert str(desk).encode() not in content


@pytest.mark.parametrize("pack", shipped_names("criteria"))
def test_feedback_by_any_pack(desk, capfd, pack):
    write_reviews(desk / "by", review_of(desk_of("norfolk-2017", pack)))
    assert run(["feedback", "bids/norfolk-2017.yaml", "--reviews", "by", "--pack", pack]) == ExitCode.OK
    assert capfd.readouterr().out.startswith("# Feedback: ")


def stopped(capfd: pytest.CaptureFixture[str], *options: str, bid: str = "exemplar") -> str:
    """What is told when nothing can be written."""
    options = options or ("--reviews", "reviews")
    assert run(["feedback", f"bids/{bid}.yaml", *options, "-o", "f.pdf", "-o", "-"]) == ExitCode.CANNOT_JUDGE
    assert not Path("f.pdf").exists()
    streams = capfd.readouterr()
    assert streams.out == ""
    return streams.err


def test_every_missing_item_is_told_and_nothing_is_written(desk, capfd):
    review = review_of(desk_of("exemplar"))
    del review["criteria"][0]["level"], review["questions"][0], review["recommendation"]
    write_reviews(desk / "reviews" / "exemplar", review)
    told = stopped(capfd)
    for code in ("missing-level", "missing-answer", "missing-verdict"):
        assert told.count(f"reviews/exemplar/r1.yaml:{told.split(code)[0].split('r1.yaml:')[-1]}{code}") == 1


def test_all_files_are_held_to_their_form_and_all_faults_are_told(desk, capfd):
    (desk / "reviews" / "exemplar" / "r2.yaml").write_text("reviewer: r2\nagread: true\n", encoding="utf-8")
    (desk / "reviews" / "exemplar" / "r3.yaml").write_text("", encoding="utf-8")
    told = stopped(capfd)
    assert "r2.yaml:2:1 error unknown-key" in told
    assert "r3.yaml:1:1 error empty-file" in told


@pytest.mark.parametrize(
    ("names", "agreed", "code"),
    [(("r1", "r1"), False, "reviewer-twice"), (("r1", "r2"), True, "agreed-twice")],
)
def test_two_files_of_one_reviewer_or_of_what_was_agreed_are_told_with_both_names(desk, capfd, names, agreed, code):
    folder = desk / "reviews" / "exemplar"
    for file, name in zip(("a", "b"), names, strict=True):
        content = review_of(desk_of("exemplar"), name) | {"agreed": agreed}
        (folder / f"{file}.yaml").write_text(json.dumps(content, indent=1), encoding="utf-8")
    (folder / "r1.yaml").unlink()
    told = stopped(capfd)
    assert f"b.yaml:{2 if code == 'reviewer-twice' else 3}:" in told
    assert f"error {code}" in told
    assert "a.yaml" in told


@pytest.mark.parametrize("folder", ["none", "bids/exemplar.yaml", "empty", "a\0b", ""])
def test_a_folder_without_a_review_is_an_error(desk, capfd, folder):
    (desk / "empty" / "exemplar").mkdir(parents=True)
    told = stopped(capfd, "--reviews", folder or "empty/exemplar")
    assert told.startswith("pioneer: ")


def test_a_folder_may_hold_the_files_themselves(desk, capfd):
    assert run(["feedback", "bids/exemplar.yaml", "--reviews", "reviews/exemplar"]) == ExitCode.OK
    assert "*(r1)*" in capfd.readouterr().out


def test_a_review_of_another_bid_is_an_error(desk, capfd):
    assert "other-bid" in stopped(capfd, "--reviews", "reviews/north-yorkshire")


def test_a_word_that_turns_readers_away_is_told_of_and_the_letter_is_written(desk, capfd):
    review = review_of(desk_of("exemplar"))
    review["criteria"][0]["weaknesses"] = ["The pilot failed"]
    write_reviews(desk / "reviews" / "exemplar", review)
    assert run(["feedback", "bids/exemplar.yaml", "--reviews", "reviews", "-o", "f.md"]) == ExitCode.OK
    told = capfd.readouterr().err
    assert "warning word-to-avoid" in told
    assert 'r1 writes "failed"' in told
    assert "The pilot failed. *(r1)*" in (desk / "f.md").read_text(encoding="utf-8")


def test_replies_stand_beside_the_questions_of_a_letter(desk, capfd):
    run(["questions", "bids/north-yorkshire.yaml", "--new-replies", "replies.yaml"])
    replies = [{"question": "deadline", "reply": "On 27 June.", "accepted": True, "accepted_by": "r1"}]
    rewrite(desk / "replies.yaml", date="2013-08-09", replies=replies)
    capfd.readouterr()
    command = ["feedback", "bids/north-yorkshire.yaml", "--reviews", "reviews", "--replies", "replies.yaml"]
    assert run(command) == ExitCode.OK
    shown = capfd.readouterr().out
    assert "closed: r1 accepted the reply" in shown
    assert "| The replies |" in shown


@pytest.mark.parametrize(("date", "shown"), [("2013-08-30", "30 August 2013"), ("2013-08", "August 2013")])
def test_a_date_is_printed_as_people_write_it(desk, capfd, date, shown):
    run(["feedback", "bids/exemplar.yaml", "--reviews", "reviews", "--date", date])
    assert f"- **Date** {shown}\n" in capfd.readouterr().out


@pytest.mark.parametrize("date", ["today", "2013-02-30", "", "30/8/2013"])
def test_what_is_no_date_is_refused(desk, capfd, date):
    assert "is no date" in stopped(capfd, "--reviews", "reviews", "--date", date)


@pytest.mark.parametrize(
    "command", [["questions", "bids/exemplar.yaml"], ["feedback", "bids/exemplar.yaml", "--reviews", "reviews"]]
)
@pytest.mark.parametrize("name", ["a.txt", "a", "a.typ", "a.json"])
def test_an_ending_that_says_no_format_stops_it(desk, capfd, command, name):
    before = left_in(desk)
    assert run([*command, "-o", "good.md", "-o", name]) == ExitCode.CANNOT_JUDGE
    assert run([*command, "-o", "same.md", "-o", "./same.md"]) == ExitCode.CANNOT_JUDGE
    assert run([*command, "-o", "good.md", "-o", "none/f.md"]) == ExitCode.CANNOT_JUDGE
    assert left_in(desk) == before


def test_a_letter_is_never_written_over_the_bid_or_a_file_of_the_template(desk, capfd):
    own = desk / "own"
    own.mkdir()
    (own / "questions.xml.jinja").write_text('{% extends "eoi-questions.xml.jinja" %}', encoding="utf-8")
    (desk / "bid.md").write_bytes((desk / "bids" / "exemplar.yaml").read_bytes())
    assert run(["questions", "bid.md", "-o", "bid.md", "--template", "own"]) == ExitCode.CANNOT_JUDGE
    assert run(["questions", "bid.md", "-o", "q.md", "--template", "own"]) == ExitCode.OK
    assert "is the input" in capfd.readouterr().err


def test_what_a_template_of_ones_own_gets_wrong_is_told_with_its_line(desk, capfd):
    own = desk / "own"
    own.mkdir()
    (own / "feedback.xml.jinja").write_text("<document>\n{{ letter.nothing }}</document>", encoding="utf-8")
    command = ["feedback", "bids/exemplar.yaml", "--reviews", "reviews", "--template", "own", "-o", "f.md"]
    assert run(command) == ExitCode.CANNOT_JUDGE
    assert "own/feedback.xml.jinja:2" in capfd.readouterr().err
    assert not (desk / "f.md").exists()


def test_no_character_of_a_review_moves_the_cursor(desk, capfd):
    review: Content = review_of(desk_of("exemplar"))
    review["criteria"][0]["strengths"] = ["::error::x", "A \u202e turned line"]
    write_reviews(desk / "reviews" / "exemplar", review)
    code = run(["feedback", "bids/exemplar.yaml", "--reviews", "reviews"])
    streams = capfd.readouterr()
    assert "\u202e" not in streams.out + streams.err
    assert code in (ExitCode.OK, ExitCode.CANNOT_JUDGE)
