"""Answers that are known beforehand: the same as those worked out, given for the very pack that they were made from."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pioneer_cli import answers
from pioneer_cli.answers import PACK, known_answer
from pioneer_cli.cli import run
from pioneer_cli.explanation import explained_names
from pioneer_cli.fault_codes import CODES
from pioneer_cli.load_pack import load_pack
from pioneer_cli.shipped import shipped_folder, shipped_names

ROOT = Path(__file__).resolve().parent.parent
LOADED = load_pack(PACK).pack
assert LOADED is not None
NAMES = explained_names(LOADED)


def test_everything_that_can_be_explained_is_known() -> None:
    assert len(NAMES) == 95 + 4 + 6 + 24 + 3
    assert [name for name in (*NAMES, *CODES) if known_answer(["explain", name]) is None] == []


def test_no_pack_calls_anything_by_the_code_of_a_fault() -> None:
    for name in shipped_names("criteria"):
        pack = load_pack(name).pack
        assert pack is not None
        assert set(explained_names(pack)).isdisjoint(CODES)


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "C3"],
        ["explain", "c3B"],
        ["explain", "page-limit"],
        ["explain", "yaml-conflict"],
        ["explain", "Sift-In"],
        ["explain", "highest-risk-is-treated"],
        ["rules"],
        ["rules", "--criterion", "C5"],
        ["rules", "--criterion", "c4a"],
        ["rules", "--json"],
    ],
)
def test_a_known_answer_is_what_would_be_worked_out(
    arguments: list[str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(arguments) == 0
    assert (known_answer(arguments) or "").encode() == capsysbinary.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check", "bid.yaml"],
        ["explain"],
        ["explain", "no-such"],
        ["explain", "C3", "--debug"],
        ["explain", "C3", "--pack", PACK],
        ["rules", "--criterion", "C9"],
        ["explain", "made_from"],
        ["rules", "--JSON"],
        ["rules", "--CRITERION", "c5c"],
        ["rules", "--criterion c3c"],
        ["explain c3"],
    ],
)
def test_what_is_asked_in_another_way_is_worked_out(arguments: list[str]) -> None:
    assert known_answer(arguments) is None


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"made_from": 1}', "{", "\ufffd"])
def test_a_damaged_file_of_answers_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(damage, encoding="utf-8")
    monkeypatch.setattr(answers, "ANSWERS", file)
    assert known_answer(["explain", "C3"]) is None
    monkeypatch.setattr(answers, "ANSWERS", tmp_path / "not-there.json")
    assert known_answer(["explain", "C3"]) is None


def test_a_pack_that_was_changed_is_not_answered_for(tmp_path: Path) -> None:
    package = tmp_path / "pioneer_cli"
    shutil.copytree(ROOT / "pioneer_cli", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(shipped_folder("criteria"), tmp_path / "criteria")
    rule = tmp_path / "criteria" / PACK / "c3-commitment.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("who answers to whom", "who obeys whom"), encoding="utf-8")
    asked = [sys.executable, "-m", "pioneer_cli", "explain", "C3b"]
    printed = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "who obeys whom" in printed


@pytest.mark.parametrize("arguments", [["explain", "C3b"], ["rules"], ["pack", "show", PACK], ["pack", "list"]])
@pytest.mark.parametrize("columns", [60, 70, 80, 200])
def test_an_answer_keeps_to_the_terminal_and_to_eighty_columns(arguments: list[str], columns: int) -> None:
    asked = [sys.executable, "-m", "pioneer_cli", *arguments]
    environment = {**os.environ, "COLUMNS": str(columns)}
    printed = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    widest = max(map(len, printed.splitlines()))
    assert min(columns, 80) - 10 < widest <= min(columns, 80)


def test_a_known_answer_loads_neither_the_command_line_nor_the_models() -> None:
    code = (
        "import sys; from pioneer_cli.__main__ import _was_known; assert _was_known(['explain', 'C3b']);"
        "print(sorted({'typer', 'pydantic', 'yaml', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stderr.strip() == "[]"
    assert json.loads((ROOT / "pioneer_cli" / "answers.json").read_text(encoding="utf-8"))["answers"][
        '["explain", "c3b"]'
    ]
