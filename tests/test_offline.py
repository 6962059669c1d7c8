"""No network at run time: all whole-program cases run where a socket of the internet ends the program.

`tests/offline/sitecustomize.py` forbids it, and `test_scenarios` runs every case with it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_scenarios import NAMES, OFFLINE, read_scenario

from pioneer_cli.cli import app
from pioneer_cli.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
SERVING = {"lsp"}  # commands that talk to a program and have no case as a text file
OWN = str(ROOT / "docs" / "examples" / "our-template")
OTHERS = (
    "pages bid.yaml",
    "matrix bid.yaml",
    "render bid.yaml -o out.pdf -o out.html -o out.docx -o out.md",
    f"render bid.yaml --template {OWN} -o own.pdf",  # by a child process
    "pages out.pdf",
    "diff again.yaml bid.yaml",
    "check bid.yaml again.yaml third.yaml fourth.yaml",  # by several processes
)
ENDED = -31  # by SIGSYS
TOOK = "import socket; socket.socket(socket.AF_INET{})"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Python without the network."""
    told = {**os.environ, "PYTHONPATH": os.pathsep.join([str(OFFLINE), str(ROOT)])}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=told, capture_output=True, check=False, timeout=120
    )


def forbidden(done: subprocess.CompletedProcess[bytes]) -> bool:
    return done.returncode == ENDED or b"the network is forbidden here" in done.stderr


# --- The ban itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["", "6"])
def test_a_socket_of_the_internet_ends_the_program(tmp_path, family):
    assert forbidden(run("-c", TOOK.format(family), cwd=tmp_path))


def test_what_a_program_starts_is_forbidden_too(tmp_path):
    child = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {TOOK.format('')!r}]))"
    done = run("-c", child, cwd=tmp_path)
    assert forbidden(done) or done.returncode == ENDED % 256


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel forbids it to libraries that are not Python")
def test_the_typesetter_s_own_way_out_is_forbidden(tmp_path):
    (tmp_path / "a.typ").write_text('#import "@preview/cetz:0.3.0"\n', encoding="utf-8")
    asks = f"import typst; typst.compile('a.typ', package_cache_path={str(tmp_path)!r}, package_path={str(tmp_path)!r})"
    assert run("-c", asks, cwd=tmp_path).returncode == ENDED


@pytest.mark.skipif(sys.platform == "win32", reason="there a pair of sockets goes over the internet's")
@pytest.mark.parametrize(
    "harmless", ["pass", "import socket; socket.socketpair()", "import multiprocessing as m; m.Pool(1).map(int, '12')"]
)
def test_what_stays_on_the_machine_is_allowed(tmp_path, harmless):
    done = run("-c", harmless, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


# --- Whole programs --------------------------------------------------------------------------------------------------


def commands_of(lines: list[str]) -> set[str]:
    return {words[0] for line in lines if (words := line.split())}


def test_every_command_runs_without_the_network_somewhere():
    sections = [section for name in NAMES for section in read_scenario(name) if section.heading == ("command",)]
    played = commands_of([re.sub(r"^pioneer\s+", "", section.text) for section in sections])
    every = {str(found.name) for found in (*app.registered_commands, *app.registered_groups)}
    assert every - played - commands_of(list(OTHERS)) - SERVING == set(), "put a case into tests/scenarios/"


def test_documents_are_made_and_read_without_the_network(tmp_path):
    for name in ("bid", "again", "third", "fourth"):
        shutil.copy(ROOT / "bids" / "exemplar.yaml", tmp_path / f"{name}.yaml")
    for line in OTHERS:
        done = run("-m", "pioneer_cli", *line.split(), cwd=tmp_path)
        assert done.returncode in (ExitCode.OK, ExitCode.FALLS_SHORT), (line, done.stderr)
    assert len(list(tmp_path.glob("o*.*"))) == 5
