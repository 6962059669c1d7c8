"""The README and docs/ hold what they say: commands run, transcripts are real, links lead somewhere, lists are whole.

PIONEER_UPDATE_GOLDEN=1 writes the transcripts anew; read the difference before you commit it.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pioneer_cli.answers import ANSWERS
from pioneer_cli.errors import ExitCode
from pioneer_cli.shipped import shipped_names

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
UPDATE = os.environ.get("PIONEER_UPDATE_GOLDEN") == "1"
CONSOLE = re.compile(r"```console\n(.*?)```\n", re.DOTALL)


def test_the_pages_are_found() -> None:
    assert len(PAGES) >= 11


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the bids and the examples of docs/ in it, and `pioneer` on the path of `run`."""
    shutil.copytree(ROOT / "bids", tmp_path / "bids")
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    programs = tmp_path / ".programs"
    programs.mkdir()
    program = programs / "pioneer"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pioneer_cli "$@"\n')
    program.chmod(0o755)
    return tmp_path


def run(command: str, desk: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{desk / '.programs'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=desk,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def commands_and_outputs(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_transcript_is_what_the_command_prints(page: Path, desk: Path) -> None:
    text = page.read_text(encoding="utf-8")

    def transcribe(match: re.Match[str]) -> str:
        written = "".join(
            f"$ {command}\n{run(command, desk).stdout}" for command, _ in commands_and_outputs(match.group(1))
        )
        return f"```console\n{written.rstrip()}\n```\n"

    real = CONSOLE.sub(transcribe, text)
    if UPDATE:
        page.write_text(real, encoding="utf-8")
    assert text == real


def test_transcripts_were_found() -> None:
    blocks = [block for page in PAGES for block in CONSOLE.findall(page.read_text(encoding="utf-8"))]
    assert len(blocks) >= 8


def plain_commands() -> list[str]:
    """Commands in `sh` blocks and in `code`, without those that have a placeholder in capitals."""
    found: dict[str, None] = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```(?:sh|yaml)\n(.*?)```\n", text, re.DOTALL):
            found.update(dict.fromkeys(re.findall(r"^(?:\s*- run: )?(pioneer .*)$", block, re.MULTILINE)))
        found.update(dict.fromkeys(re.findall(r"`(pioneer [^`]+)`", text)))
    return [command for command in found if command.count(" ") > 1 and not re.search(r"\b[A-Z]{3,}|…|\\\|", command)]


def test_plain_commands_were_found() -> None:
    assert len(plain_commands()) >= 6


@pytest.mark.parametrize("command", plain_commands())
def test_every_other_command_runs(command: str, desk: Path) -> None:
    shutil.copy(desk / "bids" / "exemplar.yaml", desk / "bid.yaml")
    if command.startswith("pioneer new"):
        (desk / "bid.yaml").unlink()
    if "<" not in command and command.endswith((" -", "check -")):
        command += " < bid.yaml"
    if command.endswith("eoi.pdf") and "-o" not in command:
        run("pioneer render bid.yaml -o eoi.pdf", desk)
    finished = run(command, desk)
    assert finished.returncode in (ExitCode.OK, ExitCode.FALLS_SHORT), finished.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text)
    for target in (first or second for first, second in targets):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target


def test_the_readme_lists_every_command() -> None:
    table = re.findall(r"^\| `pioneer (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    shown = run_help()
    assert sorted(table) == sorted(shown)


def run_help() -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-m", "pioneer_cli", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    commands = finished.stdout.split("Commands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\w+)", commands, re.MULTILINE)


def test_the_exit_codes_are_all_explained() -> None:
    table = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(code) for code in table] == [int(code) for code in ExitCode]


def test_every_option_in_the_docs_exists() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    helps = "".join(
        subprocess.run(
            [sys.executable, "-m", "pioneer_cli", *command, "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for command in [[], *([name] for name in run_help())]
    )
    mentioned = {
        option for command in re.findall(r"`([^`\n]*)`", text) for option in re.findall(r"(?<!\S)--[a-z-]+", command)
    }
    ours = mentioned - {"--editable", "--quiet", "--help", "--version", "--thousand", "--runs"}
    assert ours
    assert [option for option in sorted(ours) if option not in helps] == []


def test_generated_pages_are_up_to_date_and_none_is_left_over() -> None:
    generate = load_generator()
    made = {name: generate.rules_reference(pack) for name, pack in generate.rules_pages().items()}
    made["bid-reference.md"] = generate.bid_reference()
    made["faults.md"] = generate.faults()
    assert ANSWERS.read_text(encoding="utf-8") == generate.answers(), "run docs/generate.py: answers.json is old"
    assert len(made) == len(shipped_names("criteria")) + 2
    for name, text in made.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, f"run docs/generate.py: {name} is old"
    assert {path.name for path in (ROOT / "docs").glob("rules*.md")} == {name for name in made if "rules" in name}


def test_the_pictures_are_of_the_exemplar_as_it_is() -> None:
    generate = load_generator()
    pages = generate.exemplar_pages()
    for name, picture in zip(generate.PICTURES, pages, strict=False):
        assert (ROOT / "docs" / name).read_bytes() == picture, f"run docs/generate.py: {name} is of an older exemplar"


def load_generator():  # type: ignore[no-untyped-def]
    import importlib.util

    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
