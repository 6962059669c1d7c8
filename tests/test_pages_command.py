"""`pioneer pages` as people run it: the words and figures of its reports, its exit codes, and what it refuses."""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from pioneer_cli.bid import plain
from pioneer_cli.economics import economics
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pipeline import read_bid
from pioneer_cli.press import Press
from pioneer_cli.reports.pages_text import tenths
from pioneer_cli.source import read

PACK = load_pack("pioneers-2013").pack
ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "pioneer_cli" / "reports" / "pages.schema.json").read_text(encoding="utf-8"))
MORE = "summary: >-\n" + "".join(
    f"  {place} gets a team of its own, which agrees each plan with the person, the family and {number} neighbours.\n"
    for number, place in enumerate(
        ["Northside", "Southside", "Eastside", "Westside", "Uptown", "Downtown"] * 2, start=2
    )
)


def pioneer(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pioneer_cli", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.fixture(scope="module")
def long_bid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("long") / "long.yaml"
    path.write_text(text.replace("summary: >-\n", MORE, 1), encoding="utf-8")
    return path


@cache
def told(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    return pioneer("pages", f"bids/{name}.yaml", *options)


def test_a_bid_within_its_limit():
    done = told("north-lincolnshire")
    assert done.returncode == 0
    assert done.stderr == ""
    assert re.search(r"^C1  Vision +1 +\d\.\d\d █+ +\d+ +\d+ % +20 % +2\.4$", done.stdout, re.MULTILINE)
    assert re.search(r"^  C1d  Potential efficiencies", done.stdout, re.MULTILINE)
    assert "note: no text of its own has C1a" in done.stdout
    assert re.search(r"would gain most, the best 8 of \d\d gaps", " ".join(done.stdout.split()))
    assert re.search(r"\+\d\.\d points, \d\.\d lines: new-measures-are-promised", done.stdout)
    assert re.fullmatch(
        r"bids/north-lincolnshire\.yaml: 6 of 10 pages; page 6: \d+\.\d lines left, and 4 pages more",
        done.stdout.splitlines()[-1],
    )
    assert max(map(len, done.stdout.splitlines()[:-1])) <= 80


def test_a_bid_over_its_limit_exits_with_1_and_gets_a_set_that_fits(long_bid):
    done = pioneer("pages", long_bid.name, folder=long_bid.parent)
    assert done.returncode == 1
    assert re.search(r"What to cut: \d+ cuts? of \d+ words in all, and the bid has 10 of 10\s+pages", done.stdout)
    assert re.search(
        r"^long\.yaml:\d+:\d+ \w+\n  saves \d+\.\d lines, costs \d\.\d points: ", done.stdout, re.MULTILINE
    )
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"long\.yaml: 11 pages, where the limit is 10: over by \d+ lines? \(0\.\d\d pages\)", last)


def test_quiet_is_one_line_and_works_out_no_advice(long_bid):
    done = pioneer("pages", "bids/north-lincolnshire.yaml", "--quiet")
    assert len(done.stdout.splitlines()) == 1
    source = read(str(long_bid))
    with Press() as press:
        found = economics(source, plain(read_bid(source).bid), PACK, "submission", press, advice=False)
    assert found.use.over
    assert (found.cuts, found.gains) == (None, ())


def test_several_bids_in_one_run_and_the_worst_code(long_bid, tmp_path):
    broken, short = tmp_path / "broken.yaml", ROOT / "bids" / "north-yorkshire.yaml"
    broken.write_text("title: [\n", encoding="utf-8")
    done = pioneer("pages", "--quiet", str(short), str(long_bid))
    assert done.returncode == 1
    assert [line.split(":")[0].rsplit("/")[-1] for line in done.stdout.splitlines()] == [short.name, long_bid.name]
    done = pioneer("pages", "--quiet", str(long_bid), str(broken), "nowhere.yaml", str(short))
    assert done.returncode == 2
    assert "broken.yaml:2:1 error yaml-syntax" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"{short}: 4 of 10 pages")
    assert done.stderr.startswith("pioneer: cannot read nowhere.yaml")
    assert pioneer("pages", "--quiet", str(short), str(short)).returncode == 0


@pytest.mark.parametrize("form", ["json", "csv", "html"])
def test_a_format_that_holds_one_bid_refuses_two(form):
    done = pioneer("pages", "bids/exemplar.yaml", "bids/north-yorkshire.yaml", "--format", form)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"pioneer: --format {form} reports on one at a time\n  name one, or use text or markdown\n"


def test_a_proof_is_of_one_bid(tmp_path):
    bids = [str(ROOT / "bids" / f"{name}.yaml") for name in ("exemplar", "north-yorkshire")]
    done = pioneer("pages", *bids, "--proof", "proof.json", folder=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert done.stderr == "pioneer: --proof is of one bid\n  name one bid, or write a proof of each by itself\n"


def test_markdown_is_a_table_for_each_bid(long_bid):
    done = pioneer("pages", "--format", "markdown", "bids/north-yorkshire.yaml", str(long_bid))
    assert done.returncode == 1
    first, second = done.stdout.split("\n\n### ")
    assert first.startswith(r"### bids\/north\-yorkshire\.yaml\: 4 of 10 pages\;")
    assert re.search(r"^\| C2 Whole system \| \d+ \| \d\.\d\d \| \d+ \| \d+ % \| 20 % \| 1\.6 \|$", first, re.MULTILINE)
    assert r"11 pages\, where the limit is 10\: over by" in second
    rows = [line for line in second.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {8}
    assert len(rows) == 11


def test_markdown_is_for_bids_and_keeps_faults_out_of_the_table(tmp_path):
    (tmp_path / "bid.yaml").write_text("title: [\n", encoding="utf-8")
    done = pioneer("pages", "--format", "markdown", "bid.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "bid.yaml:2:1 error yaml-syntax" in done.stderr
    done = pioneer("pages", "--format", "markdown", "eoi.pdf", folder=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "pioneer: --format markdown is for bids")


def test_no_name_of_a_file_makes_markdown(tmp_path):
    name = "a|b`c`<img src=x>[d](e)*f*\n## g.yaml"
    (tmp_path / name.replace("/", "")).write_text(
        "call: pioneers-2013\ntitle: A bid\narea: {name: X}\n", encoding="utf-8"
    )
    done = pioneer("pages", "--format", "markdown", name, folder=tmp_path)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(done.stdout)
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds == {"text"}
    assert sum(token.type == "heading_open" for token in tokens) == 1
    assert tokens[1].content.count("\\|") == 1


def test_the_template_that_pages_were_counted_with_is_named_unless_it_is_the_houses(tmp_path):
    bid = str(ROOT / "bids" / "north-yorkshire.yaml")
    told = "pages are counted with the template eoi-compact"
    for command in (["check", bid, "-q"], ["pages", bid, "-q"], ["render", bid, "-o", str(tmp_path / "x.pdf")]):
        assert "counted with" not in pioneer(*command).stderr
        assert told in pioneer(*command, "--template", "eoi-compact").stderr


def test_next_to_nothing_is_no_negative_nought():
    assert [tenths(Fraction(number, 1000)) for number in (-40, 40, -60, 2340)] == ["0.0", "0.0", "-0.1", "2.3"]


def test_plain_signs_where_the_encoding_has_no_others():
    done = pioneer("pages", "bids/north-lincolnshire.yaml", PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert "####" in done.stdout
    assert "\\u" not in done.stdout


@pytest.mark.parametrize("name", ["north-lincolnshire", "norfolk-2017"])
def test_json_keeps_to_its_schema(name):
    done = told(name, "--format", "json")
    document = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    assert document["cuts"] is None
    assert len(document["gains"]) == 8
    assert done.returncode == 0


def test_json_of_a_bid_over_its_limit_keeps_to_its_schema(long_bid):
    done = pioneer("pages", str(long_bid), "--format", "json")
    document = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    assert document["cuts"]["set"]
    assert document["cuts"]["set_pages"] == 10
    assert document["gains"] == []
    lines = long_bid.read_text(encoding="utf-8").splitlines()
    for cut in document["cuts"]["set"]:
        assert cut["quote"].split()[0] in lines[cut["line"] - 1]
    assert done.returncode == 1


def test_the_template_decides_the_pages():
    full = json.loads(told("north-lincolnshire", "--format", "json").stdout)["pages"]["lines_used"]
    dense = json.loads(told("north-lincolnshire", "--format", "json", "--template", "eoi-compact").stdout)
    assert dense["pages"]["lines_used"] < full


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_the_same_bid_gives_the_same_bytes(form):
    assert (
        told("norfolk-2017", "--format", form).stdout
        == pioneer("pages", "bids/norfolk-2017.yaml", "--format", form, PYTHONHASHSEED="7", TZ="Asia/Tokyo").stdout
    )


def test_a_broken_bid_cannot_be_judged(tmp_path):
    (tmp_path / "bid.yaml").write_text("titel: x\n", encoding="utf-8")
    done = pioneer("pages", "bid.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert "unknown key `titel`" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_file_that_is_not_there(tmp_path):
    for name in ("none.yaml", "none.pdf", "none.docx"):
        done = pioneer("pages", name, folder=tmp_path)
        assert done.returncode == 2
        assert name in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


def test_standard_input_is_read():
    text = (ROOT / "bids" / "north-yorkshire.yaml").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "pioneer_cli", "pages", "-", "--stdin-filename", "bid.yaml", "-q"]
    done = subprocess.run(command, input=text, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.stdout.startswith("bid.yaml: ")
    assert done.returncode == 0


def test_a_pdf_of_ours_is_judged_like_any_other(tmp_path):
    assert (
        pioneer("render", str(ROOT / "bids" / "north-yorkshire.yaml"), "-o", "eoi.pdf", folder=tmp_path).returncode == 0
    )
    done = pioneer("pages", "eoi.pdf", folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("eoi.pdf: 4 of 10 pages")


def test_a_section_over_its_budget_is_a_note_of_check_too(tmp_path):
    text = (ROOT / "bids" / "north-lincolnshire.yaml").read_text(encoding="utf-8")
    activities = "".join(
        f"    - activity: We tell place {number} what we learn, and it tells us\n" for number in range(40)
    )
    (tmp_path / "bid.yaml").write_text(f"{text}\nsharing:\n  dissemination:\n{activities}", encoding="utf-8")
    done = pioneer("check", "bid.yaml", folder=tmp_path)
    assert re.search(
        r"bid\.yaml:\d+:1 note over-budget\n.*\n.*C5 takes \d\.\d\d pages; its budget is 0\.4", done.stdout
    )
    assert "bid.yaml" in pioneer("pages", "bid.yaml", folder=tmp_path).stdout
