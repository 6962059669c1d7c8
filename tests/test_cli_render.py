"""`pioneer render`: several files at once, whole or not at all; never over an input; drafts; what is past the limit."""

import os
import re
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from made_bids import ROOT

from pioneer_cli.cli import output as cli_output
from pioneer_cli.cli import run
from pioneer_cli.cli.render import FORMATS
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.press import Press

SHORT = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
LONG = SHORT + "summary: >-\n" + "  many words and more words\n" * 3000
ENDINGS = ("pdf", "html", "docx", "md", "typ")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a short bid and one past the page limit."""
    (tmp_path / "bid.yaml").write_text(SHORT, encoding="utf-8")
    (tmp_path / "long.yaml").write_text(LONG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def outputs(*names: str) -> list[str]:
    return [part for name in names for part in ("-o", name)]


# --- Several files ---------------------------------------------------------------------------------------------------


def test_every_format_is_written_at_once(desk, capfd):
    names = [f"eoi.{ending}" for ending in ENDINGS]
    assert run(["render", "bid.yaml", *outputs(*names)]) == ExitCode.OK
    assert left_in(desk) == sorted(["bid.yaml", "long.yaml", *names])
    assert (desk / "eoi.pdf").read_bytes().startswith(b"%PDF-")
    assert (desk / "eoi.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert zipfile.is_zipfile(desk / "eoi.docx")
    assert (desk / "eoi.md").read_text(encoding="utf-8").startswith("# A bid\n")
    assert "#import" not in (desk / "eoi.typ").read_text(encoding="utf-8")
    streams = capfd.readouterr()
    assert streams.out == ""
    assert [line.split(":")[0] for line in streams.err.splitlines()] == names


@pytest.mark.parametrize(("ending", "form"), FORMATS.items())
def test_the_ending_says_the_format_whatever_its_case(desk, capfd, ending, form):
    assert run(["render", "bid.yaml", "-o", f"a{ending.upper()}", "-o", f"b.{form}"]) == ExitCode.OK
    assert (desk / f"a{ending.upper()}").read_bytes() == (desk / f"b.{form}").read_bytes()


def test_each_file_is_what_it_is_alone(desk, capfd):
    names = [f"all.{ending}" for ending in ENDINGS]
    run(["render", "bid.yaml", *outputs(*names)])
    for ending in ENDINGS:
        run(["render", "bid.yaml", "-o", f"one.{ending}"])
        assert (desk / f"one.{ending}").read_bytes() == (desk / f"all.{ending}").read_bytes()


def test_without_a_name_it_is_the_bid_s_as_a_pdf(desk, capfd):
    assert run(["render", "bid.yaml"]) == ExitCode.OK
    assert left_in(desk) == ["bid.pdf", "bid.yaml", "long.yaml"]


@pytest.mark.parametrize("bad", ["none/eoi.pdf", "folder.pdf", "bid.yaml/x.pdf", "x" * 300 + ".pdf", "a\0b.pdf"])
@pytest.mark.parametrize("where", [0, 1, 2])
def test_if_one_cannot_be_written_none_is(desk, capfd, bad, where):
    (desk / "folder.pdf").mkdir()
    (desk / "old.html").write_bytes(b"old")
    names = ["new.pdf", "old.html"]
    names.insert(where, bad)
    before = left_in(desk)
    assert run(["render", "bid.yaml", *outputs(*names)]) == ExitCode.CANNOT_JUDGE
    assert left_in(desk) == before
    assert (desk / "old.html").read_bytes() == b"old"
    assert re.fullmatch(r"pioneer: [^\n]+\n  [^\n]+\n", capfd.readouterr().err)


@pytest.mark.parametrize("name", ["eoi.txt", "eoi", ".pdf", "eoi.pdf.bak", "eoi.doc", "-o", ""])
def test_an_ending_that_says_no_format_stops_it_all(desk, capfd, name):
    assert run(["render", "bid.yaml", "-o", "good.pdf", f"--output={name}"]) == ExitCode.CANNOT_JUDGE
    assert left_in(desk) == ["bid.yaml", "long.yaml"]


def test_no_room_for_the_second_leaves_the_first_as_it_was(desk, capfd, monkeypatch):
    (desk / "a.pdf").write_bytes(b"old")
    written = cli_output._temporary

    def full(path: Path, content: bytes, like: os.stat_result | None = None) -> Path:
        if path.name == "b.html":
            raise OSError(28, "No space left on device")
        return written(path, content, like)

    monkeypatch.setattr(cli_output, "_temporary", full)
    assert run(["render", "bid.yaml", *outputs("a.pdf", "b.html")]) == ExitCode.CANNOT_JUDGE
    assert (desk / "a.pdf").read_bytes() == b"old"
    assert left_in(desk) == ["a.pdf", "bid.yaml", "long.yaml"]
    assert "pioneer: cannot write b.html: No space left on device\n" in capfd.readouterr().err


def test_a_format_that_fails_leaves_no_other(desk, capfd, monkeypatch):
    def fail(press: Press, *arguments: object, **options: object) -> bytes:
        raise PioneerError("no ink", "buy some")

    monkeypatch.setattr(Press, "write", fail)
    assert run(["render", "bid.yaml", *outputs("a.pdf", "b.html")]) == ExitCode.CANNOT_JUDGE
    assert left_in(desk) == ["bid.yaml", "long.yaml"]
    assert capfd.readouterr().err == "pioneer: no ink\n  buy some\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.pdf", "a.pdf"),
        ("a.pdf", "./a.pdf"),
        ("folder/../a.pdf", "a.pdf"),
        ("a.pdf", "linked.pdf"),
        ("folder/a.pdf", "other/a.pdf"),
        ("-", "-"),
    ],
)
def test_the_same_file_twice_is_a_mistake(desk, capfd, first, second):
    (desk / "folder").mkdir()
    (desk / "other").symlink_to("folder")
    (desk / "linked.pdf").symlink_to("a.pdf")
    assert run(["render", "bid.yaml", *outputs(first, second)]) == ExitCode.CANNOT_JUDGE
    assert capfd.readouterr().err == "pioneer: the same file is named twice\n  name each file once\n"
    assert left_in(desk) == ["bid.yaml", "folder", "linked.pdf", "long.yaml", "other"]


def test_the_pdf_on_standard_output_and_another_in_a_file(desk, capfdbinary):
    assert run(["render", "bid.yaml", *outputs("-", "a.html", "a.pdf")]) == ExitCode.OK
    streams = capfdbinary.readouterr()
    assert streams.out == (desk / "a.pdf").read_bytes()
    assert (desk / "a.html").exists()
    assert streams.err.count(b"\n") == 3


# --- Never over an input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["in.pdf", "./in.pdf", "link.pdf", "hard.pdf", "folder/../in.pdf"])
@pytest.mark.parametrize("others", [[], ["first.html"]])
def test_the_bid_is_never_written_over_by_whatever_name(desk, capfd, name, others):
    (desk / "folder").mkdir()
    (desk / "in.pdf").write_text(SHORT, encoding="utf-8")
    (desk / "link.pdf").symlink_to("in.pdf")
    (desk / "hard.pdf").hardlink_to(desk / "in.pdf")
    before = left_in(desk)
    assert run(["render", "in.pdf", *outputs(*others, name)]) == ExitCode.CANNOT_JUDGE
    assert capfd.readouterr().err.startswith(f"pioneer: {name} is the input\n")
    assert (desk / "in.pdf").read_text(encoding="utf-8") == SHORT
    assert left_in(desk) == before


# --- Drafts and the page limit ---------------------------------------------------------------------------------------


def test_past_the_limit_nothing_is_written(desk, capfd):
    (desk / "old.pdf").write_bytes(b"old")
    assert run(["render", "long.yaml", *outputs("old.pdf", "a.html", "a.docx")]) == ExitCode.FALLS_SHORT
    assert (desk / "old.pdf").read_bytes() == b"old"
    assert left_in(desk) == ["bid.yaml", "long.yaml", "old.pdf"]
    err = capfd.readouterr().err
    over, unwritten, cuts = err.splitlines()
    assert re.fullmatch(r"pioneer: 1[0-9]+ pages, where the limit is 10: over by [0-9.]+ pages \(1[0-9.]+ used\)", over)
    assert unwritten.startswith("  nothing was written; ")
    assert cuts == "  `pioneer pages` lists what to cut"


@pytest.mark.parametrize("form", ["html", "docx", "md", "typ"])
def test_a_format_without_pages_is_held_to_the_limit_too(desk, capfd, form):
    assert run(["render", "long.yaml", "-o", f"a.{form}"]) == ExitCode.FALLS_SHORT
    assert left_in(desk) == ["bid.yaml", "long.yaml"]


def test_a_draft_is_stamped_and_written_past_the_limit(desk, capfd):
    assert run(["render", "long.yaml", "--draft", *outputs("a.pdf", "a.html", "a.md")]) == ExitCode.OK
    with pypdfium2.PdfDocument(desk / "a.pdf") as opened:
        assert len(opened) > 10
        assert all("DRAFT" in page.get_textpage().get_text_range() for page in opened)
    assert "draft" in (desk / "a.html").read_text(encoding="utf-8").lower()
    assert "DRAFT" in (desk / "a.md").read_text(encoding="utf-8")
    assert "where the limit is 10" in capfd.readouterr().err


def test_what_is_allowed_over_is_not_stamped_and_still_falls_short(desk, capfd):
    assert run(["render", "long.yaml", "--allow-over", "-o", "a.pdf"]) == ExitCode.FALLS_SHORT
    with pypdfium2.PdfDocument(desk / "a.pdf") as opened:
        assert all("DRAFT" not in page.get_textpage().get_text_range() for page in opened)


def test_a_draft_within_the_limit_is_stamped_too(desk, capfd):
    assert run(["render", "bid.yaml", "--draft"]) == ExitCode.OK
    assert run(["render", "bid.yaml", "-o", "plain.pdf"]) == ExitCode.OK
    assert (desk / "bid.pdf").read_bytes() != (desk / "plain.pdf").read_bytes()
    with pikepdf.open(desk / "bid.pdf") as stamped, pikepdf.open(desk / "plain.pdf") as plain:
        assert len(stamped.pages) == len(plain.pages) == 1


# --- Templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "templates").iterdir()))
def test_every_template_that_ships_can_be_asked_for(desk, capfd, name):
    assert run(["render", "bid.yaml", "--template", name, *outputs("a.pdf", "a.html")]) == ExitCode.OK
    assert (desk / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_a_template_that_is_not_there_is_a_mistake(desk, capfd):
    assert run(["render", "bid.yaml", "--template", "eoo"]) == ExitCode.CANNOT_JUDGE
    assert capfd.readouterr().err.startswith("pioneer: there is no template eoo\n  did you mean `eoi`? templates: eoi")
    assert left_in(desk) == ["bid.yaml", "long.yaml"]


def test_a_folder_of_ones_own_makes_every_format(desk, capfd):
    (desk / "own").mkdir()
    (desk / "own" / "style.typ").write_text('#import "eoi.typ": *\n#let ink = black\n', encoding="utf-8")
    names = [f"eoi.{ending}" for ending in ENDINGS]
    assert run(["render", "bid.yaml", "--template", "own", *outputs(*names)]) == ExitCode.OK
    assert left_in(desk) == sorted(["bid.yaml", "long.yaml", "own", *names])
    assert run(["render", "bid.yaml", "--template", "own", *outputs(*names)]) == ExitCode.OK  # over what it wrote


def test_a_folder_of_ones_own_is_held_to_the_limit(desk, capfd):
    (desk / "own").mkdir()
    (desk / "own" / "style.typ").write_text('#import "eoi.typ": *\n', encoding="utf-8")
    assert run(["render", "long.yaml", "--template", "own", "-o", "a.pdf"]) == ExitCode.FALLS_SHORT
    assert left_in(desk) == ["bid.yaml", "long.yaml", "own"]
