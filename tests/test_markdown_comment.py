"""The check as a comment on a pull request and as a job's summary: short, in order, and nobody's markup but ours."""

import html
import json
import re
from pathlib import Path

import pytest
import test_reports as shared
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_formats_for_machines import HOSTILE_TEXTS, IGNORING, hostile_judged, named
from test_reports import KINDS, MESSY, hostile_report, report_on, written

from pioneer_cli.assessment import Report
from pioneer_cli.cli import run
from pioneer_cli.cli.outputs import SUMMARY_ROOM
from pioneer_cli.reports import markdown_comment
from pioneer_cli.reports.listing import what_counts
from pioneer_cli.reports.look import Look, printable
from pioneer_cli.reports.markup import code, inline

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = re.compile(
    r"</?(details|code|h2|h3|p|strong|table|thead|tbody|tr|ul|li)>|</?t[hd]( style=\"text-align:right\")?>"
    r"|<summary>[\w ,'()-]*</summary>|</?summary>"
)
MOST = 65_536  # characters of a comment on GitHub
reports = shared.reports


def rendered(text: str) -> str:
    """The HTML that a site makes of it, and nothing in it that we did not put there."""
    made: str = MARKDOWN.render(text)
    assert [tag for tag in re.findall(r"<[^>]*>", made) if not OURS.fullmatch(tag)] == []
    return made


def text_of(made: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", made)).replace("\u200b", "")


@pytest.mark.parametrize("kind", KINDS)
def test_the_verdict_comes_first_and_tables_keep_their_columns(reports, kind):
    text = written(reports[kind], "markdown")
    report = reports[kind]
    verdict = str(report.assessment.verdict or "withheld") if report.assessment else "cannot be judged"
    assert text.startswith(f"## {verdict}")
    rendered(text)
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count(" | ") for line in block.replace("|  |", "| x |").splitlines()}) == 1
    assert text.count("<details>") == text.count("</details>")
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS[:6])
def test_pages_gates_and_every_gap_are_there(reports, kind):
    report = reports[kind]
    assert report.assessment is not None
    text = text_of(rendered(written(report, "markdown")))
    for score in report.assessment.criteria:
        assert f"{score.criterion.id} {score.criterion.title}" in text
    for gate in report.assessment.gates:
        assert gate.gate.id in text
    assert [gap.rule.id for gap in report.gaps if gap.rule.id not in text] == []
    for section in report.pages.sections if report.pages else ():
        assert f"{float(section.pages):.2f}" in text or section.name not in ("C1", "C2", "C3", "C4", "C5", "C6")


def test_errors_are_open_and_all_else_is_folded(reports):
    text = written(reports["at the end"], "markdown")
    opened, _, folded = text.partition("<details>")
    names = {str(item.severity): item.name for item in what_counts(reports["at the end"])}
    assert names["error"] in opened
    assert names["error"] not in folded
    assert names["warning"] not in opened
    assert names["warning"] in folded
    assert "<details>" not in written(reports["at the end"], "markdown", Look(quiet=True))


def test_a_minimum_that_is_missed_is_told(reports):
    missed = "the score 3.00 is below the minimum of 60"
    assert f"- {missed}\n" in written(reports["clean"], "markdown", Look(missed=(missed,)))
    assert "minimum" not in written(reports["clean"], "markdown")


@pytest.mark.parametrize("bids", [1, 40, 400])
def test_a_comment_is_never_longer_than_github_takes(reports, bids):
    part = markdown_comment.part(named(reports["at the end"], "b0.yaml"), Look())
    text = markdown_comment.whole([part.replace("b0.yaml", f"b{number}.yaml") for number in range(bids)])
    assert len(text.encode()) <= MOST
    assert ("more, which do not fit here" in text) is (bids > 1)
    assert [number for number in range(min(bids, 40)) if f"`b{number}.yaml`" not in text] == []
    rendered(text)


def test_nothing_is_left_out_where_there_is_room(reports):
    parts = [markdown_comment.part(named(reports["at the end"], f"b{number}.yaml"), Look()) for number in range(40)]
    assert "do not fit" not in markdown_comment.within(parts, 10_000_000)
    assert markdown_comment.within(parts, 10_000_000).count("<details>") == 40 * parts[0].count("<details>")


# --- Whatever a bid says ---------------------------------------------------------------------------------------------


@given(HOSTILE_TEXTS)
@example("`0`")
@settings(max_examples=150, deadline=None)
def test_no_text_of_a_bid_becomes_markup(text):
    report = hostile_report(text)
    made = rendered(written(report, "markdown"))
    assert made.count("<tr>") == 2
    assert made.count("<td>") == 4
    # In a message backquotes are what we write round code, so those of a bid may make some too.
    both = (f"{printable(text)} in a message", text_of(made))
    said, shown = (" ".join(words.replace("`", "").split()) for words in both)
    assert said in shown


def test_nor_does_one_of_a_judged_bid(reports):
    report = reports["messy"]
    rows = rendered(written(report, "markdown")).count("<tr>")

    @given(HOSTILE_TEXTS)
    @settings(max_examples=25, deadline=None)
    def holds(text):
        made = rendered(written(hostile_judged(report, text), "markdown", Look(missed=(text,))))
        assert made.count("<tr>") == rows
        assert made.count("<details>") == 4  # warnings, notes, why not better, and what is mended

    holds()


@given(st.text(st.sampled_from("`|<>a@#1!:/w.[]()*_~$&\\ -g"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_a_cell_shows_the_text_as_it_is(text):
    made = rendered(f"| a | b |\n| --- | --- |\n| {inline(text)} | {code(text)} |\n")
    first, second = re.findall(r"<td>(.*?)</td>", made)
    plain = re.sub(r"`([^`]+)`", r"\1", text)
    assert " ".join(text_of(first).split()) == " ".join(plain.split())
    assert " ".join(text_of(second).split()) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    ["@team", "a @org/team b", "#12", "org/repo#3", "!7", "GH-12", "https://example.org", "www.example.org",
     "a@example.org", "%v1", "~label", "$4", "&5", "^x", "::error::x", "##[x]"],
)  # fmt: skip
def test_a_site_finds_no_name_and_no_address_to_link(text):
    seen = html.unescape(re.sub(r"<[^>]*>", "", MARKDOWN.render(inline(text))))
    assert seen.replace("\u200b", "").strip() == text
    assert not re.search(r"[@#!%~$&^](?=\w)|gh-\d|://|::|##", seen, re.IGNORECASE)
    assert "www." not in inline(text)  # which sites look for before they resolve references


@pytest.mark.parametrize("text", ["5% of £1.2m: more", "a - b", "#", "C3: who?", "it is (so)", "50!", "1.5"])
def test_what_begins_nothing_is_left_alone(text):
    assert inline(text) == text


def test_no_line_begins_with_what_a_site_takes_for_an_order(reports):
    for text in ("/close", "/merge now", "\n/close"):
        made = written(hostile_report(text), "markdown")
        assert [line for line in made.splitlines() if line.lstrip().startswith("/")] == []


def test_what_is_ignored_is_told_with_its_reason(tmp_path):
    text = written(report_on(IGNORING, tmp_path, count_pages=False), "markdown")
    assert "<summary>1 ignored by comments in the bid</summary>" in text
    assert "asked | the <b>panel</b>, @team" in text_of(rendered(text))
    assert "ignored" not in written(report_on(MESSY, tmp_path, count_pages=False), "markdown")


# --- The job's summary -----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bid.yaml").write_text(MESSY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path


def test_annotations_come_with_the_whole_table_in_the_summary(desk, capsys):
    assert run(["check", "bid.yaml", "--no-pages", "--output", "github"]) == 1
    annotations = capsys.readouterr().out
    summary = (desk / "summary.md").read_text(encoding="utf-8")
    assert annotations.startswith("::notice ")
    run(["check", "bid.yaml", "--no-pages", "--output", "markdown"])
    assert summary == capsys.readouterr().out
    run(["check", "bid.yaml", "--no-pages", "--output", "github", "--quiet"])
    assert (desk / "summary.md").read_text(encoding="utf-8") == summary * 2


@pytest.mark.parametrize("options", [["--output", "text"], ["--output", "json=x.json"]])
def test_no_other_format_writes_a_summary(desk, capsys, options):
    run(["check", "bid.yaml", "--no-pages", *options])
    assert not (desk / "summary.md").exists()


def test_annotations_in_a_file_come_with_a_summary_too_and_other_formats_are_what_they_were(desk, capsys):
    run(["check", "bid.yaml", "--no-pages", "--output", "github=out.txt", "--output", "json"])
    assert (desk / "summary.md").exists()
    assert (desk / "out.txt").read_text(encoding="utf-8").startswith("::notice ")
    assert json.loads(capsys.readouterr().out)["bids"][0]["file"] == "bid.yaml"


def test_without_a_workflow_there_is_no_summary(desk, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "")
    assert run(["check", "bid.yaml", "--no-pages", "--output", "github"]) == 1
    assert not (desk / "summary.md").exists()
    assert capsys.readouterr().out.startswith("::notice ")


def test_a_summary_that_cannot_be_written_is_said(desk, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(desk / "nowhere" / "summary.md"))
    assert run(["check", "bid.yaml", "--no-pages", "--output", "github"]) == 2
    assert "GITHUB_STEP_SUMMARY" in capsys.readouterr().err


def test_a_summary_leaves_room_for_what_the_step_has_written(desk, capsys):
    (desk / "summary.md").write_text("x" * (SUMMARY_ROOM - 2_000) + "\n", encoding="utf-8")
    run(["check", "bid.yaml", "--no-pages", "--output", "github"])
    assert (desk / "summary.md").stat().st_size <= SUMMARY_ROOM
    text = (desk / "summary.md").read_text(encoding="utf-8")
    assert text.endswith("sections more, which do not fit here; `pioneer check` has them\n")
    assert "## withheld: `bid.yaml`" in text


def test_a_summary_stays_below_what_github_takes(reports):
    report: Report = reports["at the end"]
    parts = [markdown_comment.part(named(report, f"b{number}.yaml"), Look()) for number in range(120)]
    text = markdown_comment.within(parts, SUMMARY_ROOM)
    assert len(text) > 900_000
    assert len(text.encode()) <= SUMMARY_ROOM < 1024 * 1024
