"""`pioneer pages --proof` and `pioneer verify` as people run them; whole runs, word for word, are in the scenarios."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pioneer_cli.cli import run, verify
from pioneer_cli.errors import ExitCode
from pioneer_cli.limit_proof import MOST_BYTES
from pioneer_cli.source import MAX_BYTES

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "pioneer_cli" / "proof.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a bid, its PDF and its proof."""
    shutil.copy(ROOT / "bids" / "north-yorkshire.yaml", tmp_path / "bid.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    assert run(["pages", "bid.yaml", "-q", "--proof", "proof.json"]) == ExitCode.OK
    assert run(["render", "bid.yaml", "-o", "eoi.pdf"]) == ExitCode.OK
    return tmp_path


def verified(*arguments: str) -> int:
    return run(["verify", "proof.json", "--bid", "bid.yaml", *arguments])


def test_a_proof_keeps_to_its_schema_and_names_no_file_or_folder(desk):
    text = (desk / "proof.json").read_text(encoding="utf-8")
    Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert str(desk) not in text
    assert "bid.yaml" not in text


def test_the_same_bid_gives_the_same_bytes_wherever_and_whenever(desk, tmp_path):
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    shutil.copy("bid.yaml", elsewhere / "other.yaml")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-m", "pioneer_cli", "pages", str(elsewhere / "other.yaml"), "--proof", "x.json"]
    subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, check=True, timeout=60)
    assert (elsewhere / "x.json").read_bytes() == (desk / "proof.json").read_bytes()


def test_neither_the_phase_nor_the_format_changes_a_proof(desk, capsys):
    assert run(["pages", "bid.yaml", "--phase", "draft", "--format", "json", "--proof", "x.json"]) == ExitCode.OK
    assert Path("x.json").read_bytes() == Path("proof.json").read_bytes()
    assert json.loads(capsys.readouterr().out)["pages"]["count"] == 4  # the report stands alone


def test_a_proof_is_written_over_an_older_one_but_leaves_nothing_when_the_bid_cannot_be_read(desk):
    before = Path("proof.json").read_bytes()
    Path("proof.json").write_text("old", encoding="utf-8")
    assert run(["pages", "bid.yaml", "-q", "--proof", "proof.json"]) == ExitCode.OK
    assert Path("proof.json").read_bytes() == before
    Path("bad.yaml").write_text("titel: x\n", encoding="utf-8")
    assert run(["pages", "bad.yaml", "-q", "--proof", "bad.json"]) == ExitCode.CANNOT_JUDGE
    assert not Path("bad.json").exists()


def test_a_bid_from_standard_input_is_proved_and_held_to_its_proof(desk, monkeypatch):
    for arguments in (
        ["pages", "-", "-q", "--proof", "x.json"],
        ["verify", "proof.json", "--bid", "-", "--pdf", "eoi.pdf", "-q"],
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path("bid.yaml").read_bytes())))
        assert run(arguments) == ExitCode.OK
    assert Path("x.json").read_bytes() == Path("proof.json").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path("eoi.pdf").read_bytes())))
    assert verified("--pdf", "-", "-q") == ExitCode.OK


def test_a_pack_of_ones_own_is_named_again(desk, capsys):
    shutil.copytree(ROOT / "tests" / "packs" / "small", "ours")
    assert run(["pages", "bid.yaml", "-q", "--pack", "ours", "--proof", "proof.json"]) in (0, 1)
    assert verified() == ExitCode.CANNOT_JUDGE
    assert "name its folder with --pack" in capsys.readouterr().err
    before = verified("--pack", "ours", "-q")
    assert "they belong together" in capsys.readouterr().out
    assert before in (0, 1)
    about = Path("ours/pack.yaml")
    about.write_text(about.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert verified("--pack", "ours", "-q") == ExitCode.FALLS_SHORT
    assert capsys.readouterr().out == "proof.json: they do not belong together: see pack\n"
    assert run(["pages", "bid.yaml", "-q", "--pack", "ours", "--proof", "ours/pack.yaml"]) == ExitCode.CANNOT_JUDGE
    assert "ours/pack.yaml is the input" in capsys.readouterr().err


def test_a_proof_whose_names_were_changed_is_found_and_leads_nowhere(desk, capsys):
    text = Path("proof.json").read_text(encoding="utf-8")
    for old, new in (('"eoi"', '"/etc"'), ('"pioneers-2013"', '"pioneers-2014"')):
        Path("proof.json").write_text(text.replace(old, new), encoding="utf-8")
        assert verified("--pdf", "eoi.pdf") == ExitCode.FALLS_SHORT
        told = capsys.readouterr().out
        assert told.splitlines()[-1] == "proof.json: they do not belong together: see proof"
        assert "which does not ship with pioneer" in told


@pytest.mark.parametrize(
    ("file", "most", "size"), [("proof.json", MOST_BYTES, "64 KiB"), ("bid.yaml", MAX_BYTES, "2 MiB")]
)
def test_a_file_that_is_too_large_is_refused(desk, capsys, file, most, size):
    with Path(file).open("ab") as stream:
        stream.write(b"\n" * most)
    assert verified("--pdf", "eoi.pdf") == ExitCode.CANNOT_JUDGE
    streams = capsys.readouterr()
    assert streams.out == ""
    assert f"pioneer: {file} is larger than {size}\n" in streams.err


def test_a_pdf_that_is_too_large_is_refused_and_one_of_any_other_size_is_not(desk, capsys, monkeypatch):
    size = Path("eoi.pdf").stat().st_size
    monkeypatch.setattr(verify, "MOST_PDF", size)
    assert verified("--pdf", "eoi.pdf", "-q") == ExitCode.OK
    monkeypatch.setattr(verify, "MOST_PDF", size - 1)
    assert verified("--pdf", "eoi.pdf", "-q") == ExitCode.CANNOT_JUDGE
    assert "pioneer: eoi.pdf is larger than" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.7\n", b"\0" * 1000])
def test_whatever_was_put_in_the_place_of_the_pdf_is_not_it(desk, capsys, content):
    Path("eoi.pdf").write_bytes(content)
    assert verified("--pdf", "eoi.pdf") == ExitCode.FALLS_SHORT
    told = capsys.readouterr().out.splitlines()
    assert "pdf       fails     its bytes are not those of the proof" in told  # with no count: it has no pages
    assert told[-1] == "proof.json: they do not belong together: see pdf"


def test_the_pages_of_another_pdf_are_counted_and_not_taken_for_those_of_the_document(desk, capsys):
    shutil.copy(ROOT / "bids" / "exemplar.yaml", "other.yaml")
    assert run(["render", "other.yaml", "-o", "other.pdf"]) == ExitCode.OK
    assert verified("--pdf", "other.pdf") == ExitCode.FALLS_SHORT
    told = " ".join(capsys.readouterr().out.split())
    assert "pdf fails its bytes are not those of the proof; this PDF has 10 pages pages holds" in told
    assert "pages holds the document made again has 4 pages, and each section where the proof says" in told
    assert "limit holds the document made again is within the limit of 10" in told


def test_control_characters_of_a_proof_never_reach_the_terminal(desk, capsys):
    text = Path("proof.json").read_text(encoding="utf-8")
    for old, new in (('"0.15.2"', '"\\u001b[31m"'), ('"0.15.2"', '"\\u202e::error::x"')):
        Path("proof.json").write_text(text.replace(old, new), encoding="utf-8")
        capsys.readouterr()
        assert verified("--color", "never") in (ExitCode.FALLS_SHORT, ExitCode.CANNOT_JUDGE)
        streams = capsys.readouterr()
        assert not {"\x1b", "\u202e"} & set(streams.out + streams.err)
