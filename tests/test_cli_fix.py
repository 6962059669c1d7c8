"""`check --fix`: what it writes and how, what it says, and its exit codes. What is mended is in test_mends."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pioneer_cli.cli import run
from pioneer_cli.cli.output import rewrite_file
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.source import MAX_BYTES

ROOT = Path(__file__).resolve().parent.parent
MESSY = 'call: pioneers-2013\ntitel: "A  bid"   \narea: {name: Somewhere}\nsubmission_date: 28/6/2013 # day\n'
MENDED = 'call: pioneers-2013\ntitle: "A  bid"\narea: {name: Somewhere}\nsubmission_date: 2013-06-28 # day\n'
QUICK = ("--quiet", "--no-pages", "--phase", "draft")


@pytest.fixture
def bid(tmp_path, monkeypatch):
    """A bid with three things to mend in the folder to work in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bid.yaml"
    path.write_bytes(MESSY.encode())
    return path


def fix(*arguments: str) -> int:
    return run(["check", "--fix", *arguments, *QUICK])


def piped(content: bytes, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """What comes of `check - --fix`."""
    return subprocess.run(
        [sys.executable, "-m", "pioneer_cli", "check", "-", "--fix", *arguments],
        input=content,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_other_byte_is_kept(bid, capsys, mark, end, last):
    def form(text: str) -> bytes:
        return mark + (text if last else text[:-1]).encode().replace(b"\n", end)

    bid.write_bytes(form(MESSY))
    assert fix("bid.yaml") == ExitCode.OK
    assert bid.read_bytes() == form(MENDED)
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "bid.yaml:2:1 mended: the key titel is now title",
        "bid.yaml:4:18 mended: the date 28/6/2013 is now 2013-06-28",
        "bid.yaml: mended: space at the end of 1 line is gone",
        "3 mends in 1 bid made",
    ]
    assert told.out.startswith("bid.yaml: verdict withheld")  # judged as mended


def test_a_second_time_nothing_is_written(bid, capsys):
    assert fix("bid.yaml") == ExitCode.OK
    before = bid.stat()
    capsys.readouterr()
    assert fix("bid.yaml") == ExitCode.OK
    assert (bid.stat().st_mtime_ns, bid.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert capsys.readouterr().err == "nothing to mend\n"


@pytest.mark.skipif(os.name == "nt", reason="modes and links are another matter there")
def test_the_mode_is_kept_a_link_is_followed_and_nothing_is_left_over(bid):
    bid.chmod(0o640)
    link = bid.with_name("link.yaml")
    link.symlink_to("bid.yaml")
    assert fix("link.yaml") == ExitCode.OK
    assert link.is_symlink()
    assert bid.read_text() == MENDED
    assert stat.S_IMODE(bid.stat().st_mode) == 0o640
    assert sorted(path.name for path in bid.parent.iterdir()) == ["bid.yaml", "link.yaml"]


def test_what_could_not_be_read_is_left_as_it_is_and_the_others_are_mended(bid, capsys):
    bad = bid.with_name("bad.yaml")
    bad.write_text("titel: [   \n")
    assert fix("bad.yaml", "bid.yaml") == ExitCode.CANNOT_JUDGE
    assert bad.read_text() == "titel: [   \n"
    assert bid.read_text() == MENDED
    told = capsys.readouterr()
    assert "bad.yaml: left as it is, since it could not be read to its end\n" in told.err
    assert "bad.yaml: cannot be judged: 1 error\n" in told.out


def test_a_read_only_bid_is_left_alone_and_still_checked(bid, capsys, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert fix("bid.yaml") == ExitCode.CANNOT_JUDGE
    assert bid.read_text() == MESSY
    told = capsys.readouterr()
    assert "pioneer: cannot write bid.yaml: it is read-only\n" in told.err
    assert "bid.yaml: cannot be judged: 2 errors\n" in told.out


def test_a_bid_that_was_changed_meanwhile_is_not_written_over(bid):
    with pytest.raises(PioneerError, match="changed meanwhile"):
        rewrite_file("bid.yaml", b"what it was when it was read", b"x")
    assert bid.read_text() == MESSY
    rewrite_file("bid.yaml", MESSY.encode(), b"x")
    assert bid.read_bytes() == b"x"


def test_a_write_that_fails_leaves_the_bid_and_nothing_else(bid, monkeypatch):
    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert fix("bid.yaml") == ExitCode.CANNOT_JUDGE
    assert bid.read_text() == MESSY
    assert [path.name for path in bid.parent.iterdir()] == ["bid.yaml"]


HEAD = 'call: pioneers-2013\ntitle: "A"\narea: {name: S}\n'
COUNCIL = "  - {id: c, organisation: The council}\n"


def test_unused_ignores_go_and_used_ones_stay(bid, capsys):
    used = "  # pioneer: ignore[partners-have-agreed] -- they meet on Monday\n"
    bid.write_text(
        f"{HEAD}# pioneer: ignore[invisible-character] -- not here\n"
        f"partners: # pioneer: ignore[partners-have-agreed] -- nor here\n{used}{COUNCIL}"
    )
    before = bid.read_text()
    assert fix("bid.yaml", "--no-ignores") == ExitCode.OK
    assert bid.read_text() == before
    assert fix("bid.yaml") == ExitCode.OK
    assert bid.read_text() == f"{HEAD}partners:\n{used}{COUNCIL}"
    assert capsys.readouterr().err.endswith(
        "bid.yaml:5:10 mended: the unused comment # pioneer: ignore[partners-have-agreed] -- nor here is gone\n"
        "2 mends in 1 bid made\n"
    )


def test_of_a_bid_that_cannot_be_judged_no_ignore_is_known_to_be_unused(bid):
    text = f"{HEAD}# pioneer: ignore[outcomes-have-baselines] -- not here\nlead: x\n"
    bid.write_text(text)
    assert fix("bid.yaml") == ExitCode.CANNOT_JUDGE
    assert bid.read_text() == text


# --- Standard input --------------------------------------------------------------------------------------------------


def test_what_comes_through_standard_input_goes_mended_to_standard_output():
    content = b"\xef\xbb\xbf" + MESSY.replace("\n", "\r\n").encode()
    finished = piped(content, *QUICK, "--stdin-filename", "my.yaml")
    assert finished.stdout == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()
    told = finished.stderr.decode()
    assert "my.yaml:2:1 mended: the key titel is now title\n" in told
    assert "my.yaml: verdict withheld" in told
    assert finished.returncode == ExitCode.OK


def test_standard_input_that_cannot_be_read_comes_out_as_it_went_in():
    finished = piped(b"titel: [  \n", *QUICK)
    assert finished.stdout == b"titel: [  \n"
    assert finished.returncode == ExitCode.CANNOT_JUDGE
    assert "<stdin>: left as it is, since it could not be read to its end\n" in finished.stderr.decode()


def test_nothing_comes_out_of_what_is_too_large():
    finished = piped(b"a: b\n" + b"#" * MAX_BYTES, *QUICK)
    assert finished.stdout == b""
    assert finished.returncode == ExitCode.CANNOT_JUDGE


# --- The difference --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_the_difference_is_a_patch_that_does_what_fixing_does(bid, capfdbinary, end, last):
    bid.write_bytes((MESSY if last else MESSY[:-1]).replace("\n", end).encode())
    before = bid.read_bytes()
    assert run(["check", "bid.yaml", "--diff"]) == ExitCode.FALLS_SHORT
    assert bid.read_bytes() == before
    told = capfdbinary.readouterr()
    assert told.err == b"3 mends in 1 bid can be made; nothing was written\n"
    git = shutil.which("git")
    assert git is not None
    applied = [git, "apply", "-p0", "--whitespace=nowarn"]
    subprocess.run(applied, input=told.out, cwd=bid.parent, check=True)
    patched = bid.read_bytes()
    bid.write_bytes(before)
    fix("bid.yaml")
    assert bid.read_bytes() == patched != before


def test_nothing_to_mend_is_no_difference_and_no_failure(bid, capsys):
    bid.write_text(MENDED)
    assert run(["check", "bid.yaml", "--fix", "--diff"]) == ExitCode.OK
    assert capsys.readouterr() == ("", "nothing to mend\n")


def test_a_bid_that_cannot_be_read_fails_the_difference(bid, capsys):
    bid.with_name("bad.yaml").write_text("titel: [   \n")
    assert run(["check", ".", "--diff"]) == ExitCode.CANNOT_JUDGE
    told = capsys.readouterr()
    assert "+title" in told.out
    assert "bad.yaml: left as it is" in told.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["bid.yaml", "--diff", "--format", "json"], "--diff shows what --fix would change and nothing else"),
        (["-", "--fix", "--format", "json"], "the mended bid goes to standard output"),
        (["-", "--fix", "--format", "text"], "the mended bid goes to standard output"),
    ],
)
def test_what_does_not_go_together_is_said_before_anything_is_written(bid, capsys, arguments, told):
    assert run(["check", *arguments]) == ExitCode.CANNOT_JUDGE
    assert f"pioneer: {told}\n" in capsys.readouterr().err
    assert bid.read_text() == MESSY


def test_a_report_says_how_many_faults_can_be_mended(bid, capsys):
    assert run(["check", "bid.yaml"]) == ExitCode.CANNOT_JUDGE
    assert "\n2 of these can be mended with pioneer check --fix\n" in capsys.readouterr().out
    bid.write_text(MENDED.replace("title", "budget"))
    run(["check", "bid.yaml"])
    assert "--fix" not in capsys.readouterr().out
