"""`pioneer gaps` as people run it: what is written and what is said, faults on standard error, and exit codes."""

import csv
import html
import json
import re
import shutil
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from made_bids import REPO_BIDS, ROOT
from made_reviews import desk_of, review_of, write_reviews

from pioneer_cli.cli import run
from pioneer_cli.cli.gaps import FORMATS
from pioneer_cli.errors import ExitCode

ENDINGS = ("html", "pdf", "docx", "md", "csv", "json", "txt")
BEGINS = {
    "html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK", "md": b"# Gap report: ", "csv": b"file,kind,",
    "json": b'{\n  "version": 1,', "txt": b"--- Gap report ---",
}  # fmt: skip
EXAMPLES = ROOT / "docs" / "examples"
BAD = "call: pioneers-2013\ntitel: A bid\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with two bids, a broken one, and reviews of one of them."""
    (tmp_path / "bids").mkdir()
    for name in ("exemplar", "norfolk-2017"):
        shutil.copy(ROOT / "bids" / f"{name}.yaml", tmp_path / "bids")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    shutil.copytree(EXAMPLES / "reviews", tmp_path / "reviews")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def left_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def stopped(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of a command that ends with 2, writes no file and shows nothing."""
    before = left_in(Path())
    assert run(["gaps", *arguments]) == ExitCode.CANNOT_JUDGE
    streams = capfd.readouterr()
    assert streams.out == ""
    assert left_in(Path()) == before
    return streams.err


# --- What is written -------------------------------------------------------------------------------------------------


def test_every_format_is_written_at_once_and_told_of(desk, capfd):
    targets = [f"g.{ending}" for ending in ENDINGS]
    options = [part for target in targets for part in ("-o", target)]
    assert run(["gaps", "bids/norfolk-2017.yaml", *options]) == ExitCode.OK
    for ending in ENDINGS:
        assert (desk / f"g.{ending}").read_bytes().startswith(BEGINS[ending]), ending
    assert zipfile.is_zipfile(desk / "g.docx")
    streams = capfd.readouterr()
    assert streams.out == ""
    assert streams.err.splitlines() == [
        *targets,
        "bids/norfolk-2017.yaml: 24 considerations: 15 partly, 9 unmet; 65 gaps",
    ]


def test_every_ending_that_is_promised_has_a_format_and_a_beginning():
    assert {ending.removeprefix(".") for ending in FORMATS} == {*ENDINGS, "htm", "markdown"}


def test_a_bid_has_a_report_however_many_gaps_it_has(desk, capfd):
    (desk / "empty.yaml").write_text("call: pioneers-2013\ntitle: A\narea: {name: B}\n", encoding="utf-8")
    assert run(["gaps", "empty.yaml", "-q"]) == ExitCode.OK
    assert re.fullmatch(r"empty\.yaml: 24 considerations: 24 unmet; \d+ gaps\n", capfd.readouterr().out)


def test_all_bids_of_a_folder_in_a_file_each_and_in_one_table(desk, capfd):
    assert run(["gaps", str(ROOT / "bids"), "-o", "{bid}.md", "-o", "all.csv", "-o", "all.json"]) == ExitCode.OK
    assert {path.stem for path in desk.glob("*.md")} == set(REPO_BIDS)
    rows = list(csv.DictReader(StringIO((desk / "all.csv").read_text(encoding="utf-8"))))
    assert {row["file"] for row in rows} == {f"{name}.yaml" for name in REPO_BIDS}
    document = json.loads((desk / "all.json").read_text(encoding="utf-8"))
    assert [bid["file"] for bid in document["bids"]] == sorted(f"{name}.yaml" for name in REPO_BIDS)
    assert capfd.readouterr().err.count(" considerations: ") == len(REPO_BIDS) == 5


@pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("json", "json"), ("csv", "csv")])
def test_standard_output_has_what_a_file_has_and_nothing_else(desk, capfd, form, ending):
    options = ["-o", f"g.{ending}", "-o", "-", "--format", form]
    assert run(["gaps", "bids/norfolk-2017.yaml", *options]) == ExitCode.OK
    assert capfd.readouterr().out == (desk / f"g.{ending}").read_text(encoding="utf-8")


def test_json_on_standard_output_needs_no_dash(desk, capfd):
    assert run(["gaps", "bids/exemplar.yaml", "--format", "json"]) == ExitCode.OK
    streams = capfd.readouterr()
    assert json.loads(streams.out)["bids"][0]["file"] == "exemplar.yaml"
    assert streams.err == ""


def test_a_file_is_the_same_for_a_narrow_and_for_a_wide_terminal(desk, monkeypatch):
    written = []
    for columns in ("60", "120"):
        monkeypatch.setenv("COLUMNS", columns)
        assert run(["gaps", "bids/norfolk-2017.yaml", "-o", "g.txt", "--color", "always"]) == ExitCode.OK
        written.append((desk / "g.txt").read_bytes())
    assert written[0] == written[1]
    assert b"\x1b" not in written[0]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_of_text_is_wider_than_the_terminal(desk, capfd, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(["gaps", "bids/norfolk-2017.yaml", "--reviews", "nowhere"]) == ExitCode.CANNOT_JUDGE
    capfd.readouterr()
    assert run(["gaps", "bids/norfolk-2017.yaml"]) == ExitCode.OK
    lines = [line for line in capfd.readouterr().out.splitlines() if not re.fullmatch(r"  [0-9a-f]{64}", line)]
    assert max(map(len, lines[:-1])) <= width  # the last is one line, whatever its length
    assert len(lines) >= 300


def test_colour_says_nothing_that_words_do_not(desk, capfd):
    run(["gaps", "bids/norfolk-2017.yaml"])
    plain = capfd.readouterr().out
    run(["gaps", "bids/norfolk-2017.yaml", "--color", "always"])
    coloured = capfd.readouterr().out
    assert "\x1b[" not in plain
    assert re.sub(r" *$", "", re.sub(r"\x1b\[[0-9;]*m", "", coloured), flags=re.MULTILINE) == plain


def test_standard_input_is_reported_on_under_the_name_that_is_given(desk, capfd, monkeypatch):
    with (desk / "bids" / "exemplar.yaml").open("rb") as file:
        monkeypatch.setattr("sys.stdin", file_as_stdin(file))
        assert run(["gaps", "-", "--stdin-filename", "ours.yaml", "-q"]) == ExitCode.OK
    assert capfd.readouterr().out == "ours.yaml: 24 considerations: 18 met, 6 unknown; 0 gaps\n"


def file_as_stdin(file):
    from io import TextIOWrapper

    return TextIOWrapper(file, encoding="utf-8")


def test_another_pack_and_another_phase(desk, capfd):
    command = ["gaps", "bids/exemplar.yaml", "--pack", "integration-framework-2013", "--phase", "draft"]
    assert run([*command, "--format", "json"]) == ExitCode.OK
    (bid,) = json.loads(capfd.readouterr().out)["bids"]
    assert (bid["pack"], bid["phase"], bid["expectations"]) == ("integration-framework-2013", "draft", [])


# --- Reviews and replies ---------------------------------------------------------------------------------------------


def test_answers_of_reviewers_close_what_is_open(desk, capfd):
    run(["gaps", "bids/exemplar.yaml", "-q"])
    assert capfd.readouterr().out == "exemplar.yaml: 24 considerations: 18 met, 6 unknown; 0 gaps\n"
    for folder in ("reviews", "reviews/exemplar"):
        assert run(["gaps", "bids/exemplar.yaml", "-q", "--reviews", folder]) == ExitCode.OK
        assert capfd.readouterr().out == "exemplar.yaml: 24 considerations: 23 met, 1 partly; 0 gaps\n"


def test_a_review_that_does_not_count_is_told_of_beside_a_file_and_the_report_is_made(desk, capfd):
    with (desk / "bids" / "exemplar.yaml").open("a", encoding="utf-8") as file:
        file.write("# one line more\n")
    assert run(["gaps", "bids/exemplar.yaml", "--reviews", "reviews", "-o", "g.json"]) == ExitCode.OK
    told = capfd.readouterr().err
    for name in ("panel", "r1", "r2"):
        assert f"{name} does not count: the bid has changed since" in told
    (bid,) = json.loads((desk / "g.json").read_text(encoding="utf-8"))["bids"]
    assert [found["counts"] for found in bid["reviewers"]] == [False] * 3
    assert bid["score"]["low"] < bid["score"]["high"]


@pytest.mark.parametrize("folder", ["nowhere", "bids/exemplar.yaml", "empty", ""])
def test_a_folder_without_reviews_stops_it(desk, capfd, folder):
    (desk / "empty").mkdir()
    told = stopped(capfd, "bids/exemplar.yaml", "--reviews", folder or "a\0b", "-o", "g.html")
    assert told.startswith("pioneer: ")


def test_a_bid_without_reviews_hides_no_other(desk, capfd):
    command = ["gaps", "bids/norfolk-2017.yaml", "bids/exemplar.yaml", "--reviews", "reviews", "-o", "{bid}.json"]
    assert run(command) == ExitCode.OK
    told = capfd.readouterr().err
    assert "bids/norfolk-2017.yaml: no review found in reviews; its report is without reviewers\n" in told
    assert {path.name for path in desk.glob("*.json")} == {"exemplar.json", "norfolk-2017.json"}
    assert json.loads((desk / "norfolk-2017.json").read_text(encoding="utf-8"))["bids"][0]["reviewers"] == []
    assert json.loads((desk / "exemplar.json").read_text(encoding="utf-8"))["bids"][0]["reviewers"] != []


def test_bids_of_which_none_is_reviewed_have_no_report_with_reviews(desk, capfd):
    shutil.copy(desk / "bids" / "norfolk-2017.yaml", desk / "other.yaml")
    command = ["gaps", "bids/norfolk-2017.yaml", "other.yaml", "--reviews", "reviews", "-o", "{bid}.json"]
    assert run(command) == ExitCode.CANNOT_JUDGE
    assert "no review found in reviews" in capfd.readouterr().err
    assert list(desk.glob("*.json")) == []


def test_a_review_that_cannot_be_used_is_told_with_its_line(desk, capfd):
    review = review_of(desk_of("exemplar"), "r9")
    review["criteria"][0]["quotes"] = ["words that nobody wrote into any bid"]
    write_reviews(desk / "reviews" / "exemplar", review)
    told = stopped(capfd, "bids/exemplar.yaml", "--reviews", "reviews", "-o", "g.html", "-o", "-")
    assert re.search(r"^reviews/exemplar/r9\.yaml:\d+:\d+ error not-in-the-bid", told)
    assert told.endswith("bids/exemplar.yaml: no report\n")


def test_replies_show_a_question_as_closed(desk, capfd):
    command = ["gaps", "bids/exemplar.yaml", "--reviews", "reviews"]
    assert run([*command, "--replies", str(EXAMPLES / "replies.yaml")]) == ExitCode.OK
    assert "(closed: r2 accepted the reply)" in " ".join(capfd.readouterr().out.split())
    run(command)
    assert "closed:" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("bids", "replies", "said"),
    [
        (["bids/norfolk-2017.yaml"], str(EXAMPLES / "replies.yaml"), "error other-bid"),
        (["bids/exemplar.yaml"], "nowhere.yaml", "cannot read nowhere.yaml"),
        (["bids/exemplar.yaml"], "bad.yaml", "bad.yaml:"),
        (["bids/exemplar.yaml", "bids/norfolk-2017.yaml"], str(EXAMPLES / "replies.yaml"), "replies to one bid"),
    ],
)
def test_replies_that_do_not_fit_stop_it(desk, capfd, bids, replies, said):
    assert said in stopped(capfd, *bids, "--replies", replies, "-o", "g.json")


# --- What cannot be done ---------------------------------------------------------------------------------------------


def test_one_bad_bid_never_hides_the_next(desk, capfd):
    command = ["gaps", "bad.yaml", "bids/norfolk-2017.yaml", "-o", "{bid}.html", "-o", "all.csv"]
    assert run(command) == ExitCode.CANNOT_JUDGE
    streams = capfd.readouterr()
    assert streams.out == ""
    assert "bad.yaml:2:1 error unknown-key" in streams.err
    assert "bad.yaml: no report\n" in streams.err
    assert {path.name for path in desk.glob("*.html")} == {"norfolk-2017.html"}
    assert "norfolk-2017.yaml,gap," in (desk / "all.csv").read_text(encoding="utf-8")


def test_bad_bids_alone_write_nothing(desk, capfd):
    assert "unknown-key" in stopped(capfd, "bad.yaml", "-o", "g.json")


@pytest.mark.parametrize(
    "options",
    [
        ["-o", "g.csv", "-o", "g.xlsx"],
        ["-o", "g.csv", "-o", "g"],
        ["-o", "g.csv", "-o", "./g.csv"],
        ["-o", "exemplar.json", "-o", "{bid}.json"],
        ["-o", "g.csv", "-o", "nowhere/g.html"],
        ["-o", "g.csv", "-o", "bids"],
        ["-o", "g.csv", "--format", "json"],
        ["-o", "g.csv", "--pack", "nowhere"],
        ["-o", "g.csv", "--template", "nowhere"],
        ["-o", "g.csv", "--phase", "never"],
        ["-o", "g.csv", "--format", "html"],
    ],
)
def test_files_are_written_together_or_not_at_all(desk, capfd, options):
    assert stopped(capfd, "bids/exemplar.yaml", *options)


@pytest.mark.parametrize(
    "options", [["-o", "g.html"], ["-o", "all.csv", "-o", "g.pdf"], ["-o", "g.docx"], ["-o", "g.md"]]
)
def test_several_bids_need_a_file_each_but_in_tables(desk, capfd, options):
    told = stopped(capfd, "bids/exemplar.yaml", "bids/norfolk-2017.yaml", *options)
    assert "2 bids would all be written to g." in told
    assert "{bid}" in told


def test_two_bids_of_one_name_are_not_written_into_one_file(desk, capfd):
    shutil.copy(desk / "bids" / "norfolk-2017.yaml", desk / "exemplar.yaml")
    told = stopped(capfd, "bids/exemplar.yaml", "exemplar.yaml", "-o", "{bid}.html")
    assert "two of the bids are called exemplar" in told
    assert run(["gaps", "bids/exemplar.yaml", "exemplar.yaml", "-o", "all.json"]) == ExitCode.OK


def test_never_over_a_bid_or_its_replies(desk, capfd):
    (desk / "bid.json").write_bytes((desk / "bids" / "exemplar.yaml").read_bytes())
    (desk / "replies.json").write_bytes((EXAMPLES / "replies.yaml").read_bytes())
    assert "bid.json is the input" in stopped(capfd, "bid.json", "-o", "g.csv", "-o", "bid.json")
    told = stopped(capfd, "bids/exemplar.yaml", "--replies", "replies.json", "-o", "g.csv", "-o", "./replies.json")
    assert "replies.json is the input" in told


@pytest.mark.parametrize("missing", ["nowhere.yaml", "reviews/none"])
def test_a_bid_that_is_not_there_is_an_error(desk, capfd, missing):
    assert stopped(capfd, missing, "-o", "g.json").startswith("pioneer: no bid found at ")


def test_a_folder_in_the_place_of_a_file_is_told_and_nothing_is_written(desk, capfd):
    (desk / "g.html").mkdir()
    assert "is a folder" in stopped(capfd, "bids/exemplar.yaml", "-o", "g.csv", "-o", "g.html")


# --- Hostile words ---------------------------------------------------------------------------------------------------


def test_no_character_of_a_bid_or_a_review_moves_the_cursor(desk, capfd):
    text = (desk / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
    (desk / "bids" / "exemplar.yaml").write_text(
        re.sub(r"(?m)^title: .*$", 'title: "A ::error::x and ##[group]"', text, count=1), encoding="utf-8"
    )
    assert run(["gaps", "bids/exemplar.yaml", "-o", "g.json", "-o", "-", "--color", "never"]) == ExitCode.OK
    streams = capfd.readouterr()
    assert "\x1b" not in streams.out + streams.err
    assert not any(line.lstrip().startswith("::") for line in streams.out.splitlines())
    assert "##[" not in (desk / "g.json").read_text(encoding="utf-8")


def test_every_gap_says_why_what_is_wanted_and_what_to_do(desk, capfd):
    shutil.copy(ROOT / "bids" / "north-lincolnshire.yaml", desk / "nl.yaml")
    targets = [part for name in ("g.json", "g.md", "g.html") for part in ("-o", name)]
    assert run(["gaps", "nl.yaml", *targets]) == ExitCode.OK
    (bid,) = json.loads((desk / "g.json").read_text(encoding="utf-8"))["bids"]
    gaps = [gap for found in bid["criteria"] for item in found["considerations"] for gap in item["gaps"]]
    assert len(gaps) == 58
    page = html.unescape(re.sub(r"<[^>]+>", "", (desk / "g.html").read_text(encoding="utf-8")))
    text = (desk / "g.md").read_text(encoding="utf-8").replace("\\", "")
    for said in (" ".join(page.split()), " ".join(text.split())):
        for gap in gaps:
            assert f"Wanted: {gap['claim']}" in said
            assert gap["remedy"].replace("`", "").rstrip(".") in said
            assert gap["rule"] in said
