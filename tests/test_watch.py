"""`check --watch`: a real process, watched through a pipe and through a terminal; nothing waits for a time to pass."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pioneer_cli.cli import run
from pioneer_cli.cli.watch import AT_LEAST_EVERY, CLEAR, Waiting, own_folders
from pioneer_cli.errors import ExitCode, PioneerError

pytest.importorskip("watchfiles")
pty = pytest.importorskip("pty", reason="Windows has no such terminals")

ROOT = Path(__file__).resolve().parent.parent
DRAFT = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
QUICK = ("--quiet", "--no-pages", "--phase", "draft")
PATIENCE = 60  # seconds, of which a passing test uses few


# One started in the background is born deaf to Ctrl-C; a person's is not.
HEEDING = """
import signal
from pioneer_cli.__main__ import main

signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


class Watch:
    """A running `pioneer check --watch`, and what it has written and we have not yet taken."""

    def __init__(self, process: "subprocess.Popen[bytes]", stream: int) -> None:
        self.process = process
        self._stream = stream
        self._waiting = ""

    def until(self, pattern: str) -> str:
        """Everything up to the end of the first match of a pattern."""
        deadline = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self._waiting)) is None:
            piece = self._read(deadline)
            assert piece, f"no {pattern!r} in {self._waiting!r}"
            self._waiting += piece.decode()
        taken, self._waiting = self._waiting[: found.end()], self._waiting[found.end() :]
        return taken

    def end(self) -> tuple[int, str]:
        """Presses Ctrl-C; the exit code and what was still written."""
        self.process.send_signal(signal.SIGINT)
        rest, deadline = self._waiting, time.monotonic() + PATIENCE
        while piece := self._read(deadline):
            rest += piece.decode()
        return self.process.wait(PATIENCE), rest

    def _read(self, deadline: float) -> bytes:
        """What is written next; nothing at the end, or when nothing comes in time."""
        ready, _, _ = select.select([self._stream], [], [], max(0, deadline - time.monotonic()))
        try:
            return os.read(self._stream, 65536) if ready else b""
        except OSError:  # how a terminal ends
            return b""


@contextmanager
def watching(*arguments: str, terminal: bool = False, **environment: str) -> Iterator[Watch]:
    """The program in a process of its own, with both its streams in one pipe or on one terminal."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TERM": "xterm", **environment}
    command = [sys.executable, "-c", HEEDING, "check", "--watch", *arguments]
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": theirs, "stderr": theirs}
    process = subprocess.Popen(command, env=environment, **streams)
    os.close(theirs)
    try:
        yield Watch(process, ours)
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(ours)


@pytest.fixture
def bid(tmp_path, monkeypatch):
    """An almost empty bid in the folder to work in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bid.yaml"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def put(path: Path, text: str) -> None:
    """Writes a file in one step, so that nobody finds it half written."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


JUDGED, NOT_JUDGED = (
    r"bid\.yaml: verdict withheld.*\n",
    r"bid\.yaml:\d+:\d+ error .*\nbid\.yaml: cannot be judged: 1 error\n",
)
READY = r"watching 1 bid; Ctrl-C ends it\n"
AGAIN = r"--- checked again after a change of bid\.yaml ---\n"


def test_a_bid_is_checked_again_however_it_is_saved(bid):
    with watching("bid.yaml", *QUICK) as watch:
        first = watch.until(JUDGED + READY)
        assert "---" not in first
        with bid.open("a") as file:  # written in place
            file.write("# more\n")
        watch.until(AGAIN + JUDGED + READY)
        new = bid.with_name(".bid.yaml.new")
        new.write_text(f"{DRAFT}# by renaming\n")  # as VS Code and most others do
        new.replace(bid)
        watch.until(AGAIN + JUDGED + READY)
        bid.rename(bid.with_name("bid.yaml~"))  # as vim does
        bid.write_text(f"{DRAFT}# as vim does\n")
        watch.until(JUDGED + READY)
        bid.write_text(DRAFT[:40])  # half written
        watch.until(NOT_JUDGED + READY)
        bid.write_text(DRAFT)
        watch.until(AGAIN + JUDGED + READY)
        bid.unlink()
        watch.until(r"bid\.yaml is gone; waiting for it to come back\n")
        bid.write_text(DRAFT)
        watch.until(AGAIN + JUDGED + READY)
        code, rest = watch.end()
    assert (code, rest) == (ExitCode.INTERRUPTED, "pioneer: interrupted\n")


def test_a_link_is_watched_where_it_leads_and_what_did_not_change_is_not_checked_again(bid):
    other = bid.with_name("notes.txt")
    away = bid.parent / "away"
    away.mkdir()
    real = bid.rename(away / "real.yaml")
    bid.symlink_to(real)
    with watching("bid.yaml", *QUICK) as watch:
        watch.until(JUDGED + READY)
        other.write_text("not a bid")
        bid.read_text()
        put(real, f"{DRAFT}lead: x\n")
        told = watch.until(NOT_JUDGED + READY)
    assert told.count("---") == 2  # one separator: neither the other file nor reading brought a check


@pytest.mark.parametrize(("term", "clears"), [("xterm", True), ("dumb", False)])
def test_a_terminal_is_cleared_and_anything_else_is_not(bid, term, clears):
    with watching("bid.yaml", *QUICK, terminal=True, TERM=term, NO_COLOR="1") as watch:
        lines = READY.replace(r"\n", r"\r\n")
        first = watch.until(lines)
        bid.write_text(f"{DRAFT}# more\n")
        second = watch.until(lines)
        code, _ = watch.end()
    assert [text.count(CLEAR) for text in (first, second)] == ([1, 1] if clears else [0, 0])
    assert "\x1b[3J" not in first + second  # what was scrolled off the screen is the user's
    assert ("---" in second) is not clears
    assert code == ExitCode.INTERRUPTED


def test_a_folder_is_watched_with_what_comes_into_it_later(bid):
    bids = bid.parent / "bids"
    bids.mkdir()
    bid.rename(bids / "a.yaml")
    with watching("bids", *QUICK) as watch:
        watch.until(r"bids/a\.yaml: .*\nwatching 1 bid;")
        put(bids / "b.yaml", DRAFT)
        told = watch.until(r"watching 2 bids;")
        assert re.search(r"change of bids/b\.yaml ---\nbids/a\.yaml: .*\nbids/b\.yaml: ", told)
        (bids / "below").mkdir()
        put(bids / "below" / "c.yaml", DRAFT)
        watch.until(r"bids/below/c\.yaml: .*\nwatching 3 bids;")
        put(bids / "below" / "c.yaml", f"{DRAFT}lead: x\n")
        watch.until(r"bids/below/c\.yaml: cannot be judged.*\nwatching 3 bids;")
        (bids / "a.yaml").unlink()
        told = watch.until(r"watching 2 bids;")
        assert "a.yaml: " not in told
        shutil.rmtree(bids)
        watch.until(r"bids is gone; waiting for it to come back\n")
        bids.mkdir()
        put(bids / "d.yaml", DRAFT)
        watch.until(r"bids/d\.yaml: .*\nwatching 1 bid;")


def test_a_pack_of_ones_own_is_watched_too(bid):
    pack = bid.parent / "pack"
    shutil.copytree(ROOT / "criteria" / "integration-statement", pack)
    about = pack / "pack.yaml"
    original = about.read_text(encoding="utf-8")
    about.write_text(original.replace("name: integration-statement", "name: ours"), encoding="utf-8")
    with watching("bid.yaml", "--pack", "pack", *QUICK) as watch:
        watch.until(r"bid\.yaml against ours: .*\n" + READY)
        about.write_text(original.replace("name: integration-statement", "name: newer"), encoding="utf-8")
        told = watch.until(r"bid\.yaml against newer: .*\n" + READY)
        assert "--- checked again after a change of the files of a pack or a template ---" in told
        about.rename(pack / "away")
        watch.until(r"pioneer: there is no criteria pack called pack\n.*\n" + READY)
        (pack / "away").rename(about)
        watch.until(r"bid\.yaml against newer: .*\n" + READY)


def test_files_are_written_at_every_check(bid):
    with watching("bid.yaml", "--output", "json=report.json", "--phase", "draft", "--no-pages") as watch:
        watch.until(READY)
        assert json.loads(Path("report.json").read_text())["bids"][0]["judged"]
        bid.write_text("call: [\n")
        watch.until(READY)
        assert not json.loads(Path("report.json").read_text())["bids"][0]["judged"]


def test_it_ends_when_nobody_reads_on(bid):
    command = [sys.executable, "-m", "pioneer_cli", "check", "--watch", "bid.yaml", *QUICK]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    bid.write_text(f"{DRAFT}lead: x\n")
    assert process.wait(PATIENCE) == ExitCode.CANNOT_JUDGE


def test_where_the_system_cannot_watch_the_files_are_looked_at_now_and_then(tmp_path, monkeypatch):
    def cannot(*_: object, **__: object) -> Iterator[set[object]]:
        raise OSError("OS file watch limit reached")
        yield set()

    monkeypatch.setattr("watchfiles.watch", cannot)
    slept: list[float] = []
    monkeypatch.setattr("pioneer_cli.cli.watch.sleep", slept.append)
    waiting = Waiting()
    for _ in range(3):
        waiting.wait({tmp_path, tmp_path / "gone"}, seconds=60)
    assert slept == [AT_LEAST_EVERY / 1000] * 3


# --- What does not go together ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-"], "--watch cannot watch standard input"),
        (["bid.yaml", "--fix"], "--watch only looks on"),
        (["bid.yaml", "--diff"], "--watch only looks on"),
        (["bid.yaml", "--baseline", "b.json", "--write-baseline"], "--watch only looks on"),
        (["bid.yaml", "--format", "json"], "json cannot go to standard output again and again"),
        (["missing.yaml"], "no bid found at missing.yaml"),
        (["bid.yaml", "--template", "missing"], "there is no template missing"),
        (["bid.yaml", "--pack", "missing"], "there is no criteria pack called missing"),
    ],
)
def test_what_cannot_be_watched_is_said_at_once(bid, capsys, arguments: Sequence[str], told):
    assert run(["check", "--watch", *arguments]) == ExitCode.CANNOT_JUDGE
    assert f"pioneer: {told}\n" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(bid, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert run(["check", "--watch", "bid.yaml"]) == ExitCode.CANNOT_JUDGE
    assert capsys.readouterr().err == (
        "pioneer: --watch needs the package watchfiles\n"
        "  install pioneer with its extra `watch`, or watchfiles beside it\n"
    )


def test_folders_of_ones_own_are_those_that_do_not_ship(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, extends in (("one", "extends: two\n"), ("two", "extends: pioneers-2013\n")):
        Path(name).mkdir()
        Path(name, "pack.yaml").write_text(f"{extends}name: {name}\ntitle: T\n")
    assert own_folders(["pioneers-2013"], "eoi") == []
    assert own_folders(["one", "pioneers-2013"], "eoi")[:1] == ["one"]
    assert own_folders([], "mine") == ["mine"]
    with pytest.raises(PioneerError):
        own_folders(["missing"], "eoi")
