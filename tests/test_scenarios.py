"""Whole runs of the program as text files: what lies in a folder, what is typed, and all that comes of it.

Anyone can add one: put NAME.txt into `tests/scenarios/` and run, from the top of the repository,
`PIONEER_UPDATE_GOLDEN=1 python -m pytest tests/test_scenarios.py`. That fills in what came of each command; read it as
a bid writer would before you commit it. A file is a row of sections, each under a line that begins with `=== `:

    === about               one line on what it shows
    === file NAME           a file with this text
    === copy PATH as NAME   a copy of a file or a folder of the repository
    === edit NAME           `- old` lines and the `+ new` ones for them; an old text must stand in the file just once
    === folder NAME, === pipe NAME, === link NAME to NAME
    === stdin               what the next command reads
    === environment         lines of the form NAME=value, for every command
    === command             one command line, without a shell
    === status, === stdout, === stderr   what came of it; an empty stream is left out
    === files               what lies in the folder at the end

The width is 80 columns, there is no colour and no network, and a pack or a bid is found as from the folder.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).parent / "scenarios"
OFFLINE = Path(__file__).resolve().parent / "offline"  # ends what asks for the network: see test_offline
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
RESULTS = ("status", "stdout", "stderr", "files")
UPDATE = os.environ.get("PIONEER_UPDATE_GOLDEN") == "1"
CODES = {0, 1, 2}  # the others take a signal or a bug: see test_cli


@dataclass(frozen=True)
class Section:
    """A heading of a scenario, in words, and the text below it."""

    heading: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"=== {' '.join(self.heading)}\n{self.text}"


@dataclass
class Desk:
    """The folder of one scenario, and what its next command is given."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    stdin: str = ""

    def prepare(self, section: Section) -> None:
        """Does what a section that is no command asks for."""
        kind, *names = section.heading
        path = self.folder / names[0] if names else self.folder
        match kind:
            case "about":
                assert section.text.count("\n") == 1
            case "file":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(section.text, encoding="utf-8", newline="")
            case "copy":
                copy = shutil.copytree if (ROOT / names[0]).is_dir() else shutil.copy
                copy(ROOT / names[0], self.folder / names[2])
            case "edit":
                self._edit(path, section.text)
            case "folder":
                path.mkdir()
            case "pipe":
                os.mkfifo(path)
            case "link":
                path.symlink_to(names[2])
            case "stdin":
                self.stdin = section.text
            case "environment":
                self.environment |= dict(line.split("=", 1) for line in section.text.splitlines())
            case _:
                raise AssertionError(f"no such section: {section.heading}")

    def _edit(self, path: Path, changes: str) -> None:
        text = path.read_text(encoding="utf-8")
        pairs = re.findall(r"((?:^- .*\n)+)((?:^\+ .*\n)+)", changes, re.MULTILINE)
        assert "".join(removed + added for removed, added in pairs) == changes
        for removed, added in pairs:
            old, new = (re.sub(r"^..", "", lines, flags=re.MULTILINE)[:-1] for lines in (removed, added))
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def run(self, command: str) -> list[Section]:
        """What comes of a command line."""
        program, *arguments = shlex.split(command)
        assert program == "pioneer"
        environment = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")}
        finished = subprocess.run(
            [sys.executable, "-m", "pioneer_cli", *arguments],
            cwd=self.folder,
            env=environment
            | {"PYTHONPATH": f"{OFFLINE}{os.pathsep}{ROOT}", "COLUMNS": "80", "PYTHONUTF8": "1"}
            | self.environment,
            input=self.stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        self.stdin = ""
        streams = {"stdout": finished.stdout.decode(), "stderr": finished.stderr.decode()}
        sections = [Section(("status",), f"{finished.returncode}\n")]
        return sections + [Section((name,), text) for name, text in streams.items() if text]

    def files(self) -> Section:
        """What lies in the folder, hidden files included."""
        names = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if not path.is_dir())
        return Section(("files",), "".join(f"{name}\n" for name in names))


def read_scenario(name: str) -> list[Section]:
    """The sections of a scenario's file."""
    _, *parts = re.split(r"^=== (.*)\n", (FOLDER / f"{name}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Section(tuple(heading.split()), text) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


def play(scenario: list[Section], folder: Path) -> list[Section]:
    """The scenario with what really came of its commands."""
    desk, played = Desk(folder), []
    for section in scenario:
        if section.heading[0] in RESULTS:
            continue
        played.append(section)
        if section.heading == ("command",):
            played += desk.run(section.text)
        else:
            desk.prepare(section)
    return [*played, desk.files()]


def test_the_scenarios_are_found():
    assert len(NAMES) >= 50


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_the_program_gives_exactly_this(name, tmp_path):
    scenario = read_scenario(name)
    played = "".join(map(str, play(scenario, tmp_path)))
    path = FOLDER / f"{name}.txt"
    if UPDATE:
        path.write_text(played, encoding="utf-8", newline="")
    assert played == path.read_text(encoding="utf-8")
    assert str(tmp_path) not in played


@pytest.mark.skipif(UPDATE, reason="the files are being written")
def test_the_scenarios_end_in_every_exit_code_of_a_run():
    codes = {int(section.text) for name in NAMES for section in read_scenario(name) if section.heading == ("status",)}
    assert codes == CODES


@pytest.mark.skipif(UPDATE, reason="the files are being written")
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_says_what_it_shows_and_runs_something(name):
    scenario = read_scenario(name)
    headings = [section.heading[0] for section in scenario]
    assert headings[0] == "about"
    assert headings.count("command") == headings.count("status") >= 1
    assert headings[-1] == "files"
