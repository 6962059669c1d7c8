"""The command line: its help, its exit codes, its one error boundary, and where results go.

Whole runs, word for word, are in `tests/scenarios/`.
"""

import io
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import pioneer_cli
from pioneer_cli import pipeline
from pioneer_cli.cli import app, run
from pioneer_cli.cli import output as cli_output
from pioneer_cli.cli.output import terminal_width, wants_colour, write_file, write_files
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.reports import FORMATS

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    "check", "diff", "render", "pages", "verify", "matrix", "gaps", "questions", "feedback", "new", "explain", "rules",
    "lsp", "schema",
    "completion",
)  # fmt: skip
DRAFT = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
HALF = "submission_date: 2013-06-27\npartners: [{id: c, organisation: The council, kind: council}]\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder to work in, with an almost empty bid."""
    (tmp_path / "bid.yaml").write_text(DRAFT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


# Several bids at once are checked in a process of their own: this one has threads, which a fork would not survive.


def start(*arguments: str, program: Sequence[str] = ("-m", "pioneer_cli"), **options: Any) -> "subprocess.Popen[bytes]":
    """The program in a process of its own, the current folder being its folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, *program, *arguments], env=environment, **streams | options)


def finish(process: "subprocess.Popen[bytes]", text: str | None = None) -> tuple[int, str, str]:
    """The exit code and both streams of a program."""
    out, err = process.communicate(text.encode() if text is not None else None, timeout=60)
    return process.returncode, (out or b"").decode(), (err or b"").decode()


# --- Help ------------------------------------------------------------------------------------------------------------


def options_of(command: str) -> dict[str, list[str]]:
    """Every option of a command with the ways to write it, and every argument as its name alone."""
    callback = next(info.callback for info in app.registered_commands if info.name == command)
    assert callback is not None
    found = {}
    for name, annotation in callback.__annotations__.items():
        if name != "return" and hasattr(annotation, "__metadata__"):  # and not the context that typer passes
            (info,) = annotation.__metadata__
            written = list(getattr(info, "param_decls", None) or ())
            ways = [way for written_as in (info.default, *written) for way in str(written_as).split("/")]
            flags = [way for way in ways if way.startswith("-")]
            kind = type(info).__name__
            found[name] = [] if kind == "ArgumentInfo" else flags or [f"--{name.replace('_', '-')}"]
    return found


def test_the_commands_are_these(capsys):
    assert run(["--help"]) == ExitCode.OK
    listed = re.findall(r"^  (\w+)  ", capsys.readouterr().out.split("Commands:\n")[1], re.MULTILINE)
    assert tuple(listed) == (*COMMANDS, "pack", "config", "review")
    assert sorted(info.name for info in app.registered_commands) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_stands_in_its_help(capsys, command):
    options = options_of(command)
    assert "debug" in options
    assert run([command, "--help"]) == ExitCode.OK
    text = capsys.readouterr().out
    for ways in options.values():
        for way in ways:
            assert re.search(rf"(?<![\w-]){way}(?![\w-])", text), way
    arguments = [name for name, ways in options.items() if not ways]
    assert len(arguments) == (command not in ("lsp", "rules"))
    assert ("Arguments:\n" in text) == bool(arguments)


@pytest.mark.parametrize("command", [*COMMANDS, "pack show", "review new", "review check"])
def test_help_shows_the_names_of_arguments_and_no_types(capsys, command):
    assert run([*command.split(), "--help"]) == ExitCode.OK
    assert re.findall(r"<[^>|]*>|list\[", capsys.readouterr().out) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_and_shows_examples_that_begin_with_it(capsys, command):
    assert run([command, "--help"]) == ExitCode.OK
    text = capsys.readouterr().out
    assert re.search(r"\n  [A-Z][^\n]+", text)
    examples = re.findall(r"^    (pioneer .*)$", text, re.MULTILINE)
    assert examples
    assert all(f"{example} ".startswith(f"pioneer {command} ") for example in examples)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
@pytest.mark.parametrize("width", ["80", "100"])
def test_help_keeps_to_the_width(capsys, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", width)
    assert run([*command, "--help"]) == ExitCode.OK
    assert max(map(len, capsys.readouterr().out.splitlines())) <= int(width)


def test_the_help_names_every_exit_code(capsys):
    run(["--help"])
    text = " ".join(capsys.readouterr().out.split("Exit codes: ")[1].split())
    assert [int(code) for code in re.findall(r"\b(\d+) \w", text)] == [int(code) for code in ExitCode]


def test_the_version_is_the_package_s(capsys):
    assert run(["--version"]) == ExitCode.OK
    assert capsys.readouterr().out == f"pioneer {pioneer_cli.__version__}\n"


def test_schema_prints_the_committed_schema(capsys):
    assert run(["schema", "bid"]) == ExitCode.OK
    committed = Path(pioneer_cli.__file__).with_name("bid.schema.json")
    assert capsys.readouterr().out == committed.read_text(encoding="utf-8")


# --- Exit codes and the one error boundary ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chek"],
        ["check"],
        ["check", "bid.yaml", "--no-such"],
        ["check", "bid.yaml", "--format", "xml"],
        ["check", "bid.yaml", "--phase", "later"],
        ["check", "bid.yaml", "--fail-on", "note"],
        ["check", "bid.yaml", "--color", "green"],
        ["check", "bid.yaml", "--min-score", "lots"],
        ["check", "bid.yaml", "--min-score", "nan"],
        ["check", "bid.yaml", "--min-score", "100.1"],
        ["check", "bid.yaml", "--min-score=-1"],
        ["check", "bid.yaml", "--min-criterion", "6"],
        ["check", "bid.yaml", "--min-criterion", "2.5"],
        ["check", "bid.yaml", "--pack", "no-such"],
        ["check", "missing.yaml"],
        ["check", "bid.yaml", "missing.yaml"],
        ["check", ""],
        ["check", "a\0b.yaml"],
        ["check", "x" * 300],
        ["explain"],
        ["explain", "C3", "C4"],
        ["explain", "no-such"],
        ["explain", ""],
        ["schema", "pack"],
        ["new", "bid.yaml"],
        ["new", "x" * 300 + ".yaml"],
        ["new", "a\0b.yaml"],
        ["verify", "bid.yaml"],
        ["verify", "missing.json", "--bid", "bid.yaml"],
        ["verify", "a\0b.json", "--bid", "bid.yaml"],
        ["verify", "-", "--bid", "-"],
        ["pages", "bid.yaml", "--proof", "-"],
        ["pages", "eoi.pdf", "--proof", "proof.json"],
        ["pages", "bid.yaml", "--proof", "no/proof.json"],
        ["render", "missing.yaml"],
        ["render", "bid.yaml", "-o", "bid.txt"],
        ["render", "bid.yaml", "-o", "x" * 300 + ".pdf"],
    ],
)
def test_what_cannot_be_done_ends_with_2_and_says_what_to_do(desk, capsys, arguments):
    assert run(arguments) == ExitCode.CANNOT_JUDGE
    streams = capsys.readouterr()
    if arguments:
        assert streams.out == ""
        assert re.fullmatch(r"pioneer: [^\n]+\n  [^\n]+\n", streams.err)
    assert not re.search(r"Traceback|Errno|pydantic|Input should|Error\b|None\b", streams.err)
    assert sorted(path.name for path in desk.iterdir()) == ["bid.yaml"]


@pytest.mark.parametrize(
    ("more", "options", "code"),
    [
        ("", ["--phase", "draft"], ExitCode.OK),
        (HALF, [], ExitCode.OK),
        ("", [], ExitCode.FALLS_SHORT),  # no commissioner and no provider stands behind it
        (HALF, ["--fail-on", "warning"], ExitCode.FALLS_SHORT),
        ("", ["--fail-on", "never"], ExitCode.OK),
        (HALF, ["--min-score", "1"], ExitCode.FALLS_SHORT),
        (HALF, ["--min-criterion", "1"], ExitCode.FALLS_SHORT),
        ("vission: x\n", ["--fail-on", "never"], ExitCode.CANNOT_JUDGE),
        ("title: twice\n", ["--phase", "draft"], ExitCode.CANNOT_JUDGE),
    ],
)
@pytest.mark.parametrize("output_format", FORMATS)
def test_the_exit_code_is_the_same_in_every_format(desk, capsys, more, options, code, output_format):
    (desk / "bid.yaml").write_text(DRAFT + more)
    assert run(["check", "bid.yaml", "--format", output_format, *options]) == code
    assert capsys.readouterr().out


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (HALF, ExitCode.OK, ""),
        ("", ExitCode.OK, "1 bid of 1 falls short; the exit code is 0 because of --exit-zero\n"),
        ("vission: x\n", ExitCode.CANNOT_JUDGE, ""),  # what could not be judged never passes
    ],
    ids=["clean", "falls short", "cannot be judged"],
)
def test_exit_zero_is_said_on_standard_error_alone_in_every_format(desk, capsys, more, code, said, output_format):
    (desk / "bid.yaml").write_text(DRAFT + more)
    run(["check", "bid.yaml", "--no-pages", "--format", output_format])
    usual = capsys.readouterr().out
    assert run(["check", "bid.yaml", "--no-pages", "--format", output_format, "--exit-zero"]) == code
    streams = capsys.readouterr()
    assert re.sub('"exitCode": .', "", streams.out) == re.sub('"exitCode": .', "", usual)  # which SARIF tells
    assert streams.err == said


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["fine"], ExitCode.OK),
        (["fine", "short"], ExitCode.FALLS_SHORT),
        (["short", "fine"], ExitCode.FALLS_SHORT),
        (["fine", "broken"], ExitCode.CANNOT_JUDGE),
        (["broken", "short", "fine"], ExitCode.CANNOT_JUDGE),
        (["short", "broken", "fine", "missing"], ExitCode.CANNOT_JUDGE),
    ],
)
def test_a_batch_ends_with_the_highest_code_of_its_bids(desk, names, code):
    texts = {"fine": DRAFT + HALF, "short": DRAFT, "broken": DRAFT + "vission: x\n"}
    for name, text in texts.items():
        (desk / f"{name}.yaml").write_text(text)
    (desk / "missing.yaml").symlink_to("nowhere")
    found, out, err = finish(start("check", "-q", *(f"{name}.yaml" for name in names)))
    assert (found, err) == (code, "")
    lines = out.splitlines()
    faults = [line for line in lines if " error " in line and "submission" not in line and "judged" not in line]
    verdicts = [line.split(":")[0] for line in lines if line not in faults]
    assert verdicts == [f"{name}.yaml" for name in names]
    assert [line.split(":")[0] for line in faults] == [name for name in verdicts if name[0] in "bm"]


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*arguments: Any, **options: Any) -> None:
        raise error

    return fail


BUG = """\
pioneer: this is a bug in pioneer, not a fault of yours
  run again with --debug for the traceback, and please report it
"""


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("secret"), KeyError("secret"), RecursionError("secret"), OSError("secret")]
)
def test_a_bug_ends_with_3_and_a_short_message_without_internals(desk, capsys, monkeypatch, error):
    monkeypatch.setattr(pipeline, "check", raising(error))
    assert run(["check", "bid.yaml"]) == ExitCode.BUG
    assert capsys.readouterr() == ("", BUG)


def test_with_debug_a_bug_shows_its_traceback(desk, capsys, monkeypatch):
    monkeypatch.setattr(pipeline, "check", raising(ZeroDivisionError("secret")))
    assert run(["check", "bid.yaml", "--debug"]) == ExitCode.BUG
    err = capsys.readouterr().err
    assert err.startswith("Traceback (most recent call last):\n")
    assert "ZeroDivisionError: secret\n" in err
    assert err.endswith(BUG)


def test_a_problem_of_the_set_up_shows_no_traceback_even_with_debug(desk, capsys, monkeypatch):
    monkeypatch.setattr(pipeline, "check", raising(PioneerError("no ink", "buy some")))
    assert run(["check", "bid.yaml", "--debug"]) == ExitCode.CANNOT_JUDGE
    assert capsys.readouterr() == ("", "pioneer: no ink\n  buy some\n")


def test_an_interruption_ends_with_130(desk, capsys, monkeypatch):
    monkeypatch.setattr(pipeline, "check", raising(KeyboardInterrupt()))
    assert run(["check", "bid.yaml"]) == ExitCode.INTERRUPTED
    assert capsys.readouterr() == ("", "pioneer: interrupted\n")


def test_a_name_cannot_steer_the_terminal_through_a_message(desk, capsys):
    assert run(["check", "\x1b[31mred\u202e.yaml"]) == ExitCode.CANNOT_JUDGE
    assert capsys.readouterr().err.startswith("pioneer: no bid found at \\u001b[31mred\\u202e.yaml\n")


# --- Signals and pipes -----------------------------------------------------------------------------------------------


HEEDING = """
import signal
from pioneer_cli.__main__ import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # one started in the background is born deaf to Ctrl-C
main()
"""


def wait_until_it_reads(process: "subprocess.Popen[bytes]") -> None:
    """Returns when the program has taken what it was given and waits for more."""
    assert process.stdin is not None
    process.stdin.write(b"# " + b"x" * 200_000)  # more than a pipe holds, so some of it has been read
    process.stdin.flush()


def test_a_real_interruption_ends_with_130_and_no_traceback(desk):
    process = start("check", "-", program=["-c", HEEDING], stdin=subprocess.PIPE)
    wait_until_it_reads(process)
    process.send_signal(signal.SIGINT)
    assert finish(process) == (130, "", "pioneer: interrupted\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "bid.yaml", "--fail-on", "never"],
        ["check", "bid.yaml", "--fail-on", "never", "--format", "json"],
        ["render", "bid.yaml", "-o", "-"],
        ["schema", "bid"],
        ["explain", "C3"],
        ["--help"],
        ["check", "--help"],
        ["--version"],
    ],
)
def test_a_pipe_that_nobody_reads_is_no_error(desk, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    code, _, err = finish(start(*arguments, stdout=writing))
    os.close(writing)
    assert code == ExitCode.OK
    assert not re.search("Traceback|Broken|Exception|bug", err)


def test_a_pipe_for_messages_that_nobody_reads_changes_no_code(desk):
    reading, writing = os.pipe()
    os.close(reading)
    code, out, _ = finish(start("check", "missing.yaml", stderr=writing))
    os.close(writing)
    assert (code, out) == (ExitCode.CANNOT_JUDGE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("arguments", [["check", "bid.yaml"], ["render", "bid.yaml", "-o", "-"], ["schema", "bid"]])
def test_a_full_disk_is_told_and_ends_with_2(desk, arguments):
    with Path("/dev/full").open("wb") as full:
        code, _, err = finish(start(*arguments, stdout=full))
    assert code == ExitCode.CANNOT_JUDGE
    assert "pioneer: cannot write the result: No space left on device\n" in err


# --- Files that are written ------------------------------------------------------------------------------------------


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_whole(tmp_path):
    write_file(str(tmp_path / "a.pdf"), b"new", [])
    assert (tmp_path / "a.pdf").read_bytes() == b"new"
    assert left_in(tmp_path) == ["a.pdf"]


def test_a_file_is_replaced_whole(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"older and longer")
    write_file(str(tmp_path / "a.pdf"), b"new", ["bid.yaml"])
    assert (tmp_path / "a.pdf").read_bytes() == b"new"
    assert left_in(tmp_path) == ["a.pdf"]


@pytest.mark.parametrize(
    ("failing", "error", "raised"),
    [
        ("replace", OSError(13, "Permission denied"), PioneerError),
        ("open", OSError(28, "No space left on device"), PioneerError),
        ("replace", KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failing, error, raised):
    (tmp_path / "a.pdf").write_bytes(b"old")
    monkeypatch.setattr(cli_output.Path, failing, raising(error))
    with pytest.raises(raised):
        write_file(str(tmp_path / "a.pdf"), b"new", [])
    monkeypatch.undo()
    assert (tmp_path / "a.pdf").read_bytes() == b"old"
    assert left_in(tmp_path) == ["a.pdf"]


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("nowhere")])
def test_what_is_there_is_not_overwritten_when_that_is_not_wanted(tmp_path, make):
    make(tmp_path / "a.yaml")
    with pytest.raises(PioneerError, match="is already there"):
        write_file(str(tmp_path / "a.yaml"), b"new", [], overwrite=False)
    assert left_in(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize("name", ["in.pdf", "./in.pdf", "link.pdf", "hard.pdf"])
def test_the_input_is_never_written_over_by_whatever_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("in.pdf").write_bytes(b"mine")
    Path("link.pdf").symlink_to("in.pdf")
    Path("hard.pdf").hardlink_to("in.pdf")
    with pytest.raises(PioneerError, match="is the input"):
        write_file(name, b"new", ["in.pdf"])
    assert Path("in.pdf").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="links and modes are another matter there")
@pytest.mark.parametrize("old", [b"old", None], ids=["to a file", "to nothing"])
def test_a_link_to_write_to_is_followed_and_stays(tmp_path, old):
    (tmp_path / "there").mkdir()
    if old is not None:
        (tmp_path / "there" / "a.json").write_bytes(old)
    (tmp_path / "next.json").symlink_to("there/a.json")
    (tmp_path / "link.json").symlink_to("next.json")
    write_file(str(tmp_path / "link.json"), b"new", [])
    assert (tmp_path / "there" / "a.json").read_bytes() == b"new"
    assert (tmp_path / "link.json").readlink() == Path("next.json")
    assert (left_in(tmp_path), left_in(tmp_path / "there")) == (["link.json", "next.json", "there"], ["a.json"])


@pytest.mark.skipif(os.name == "nt", reason="links and modes are another matter there")
def test_a_link_that_leads_round_is_told(tmp_path):
    (tmp_path / "a").symlink_to("a")
    with pytest.raises(PioneerError, match="cannot write"):
        write_file(str(tmp_path / "a"), b"new", [])
    assert (tmp_path / "a").is_symlink()
    assert left_in(tmp_path) == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="links and modes are another matter there")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path, mode):
    (tmp_path / "a.json").write_bytes(b"old")
    (tmp_path / "a.json").chmod(mode)
    write_file(str(tmp_path / "a.json"), b"new", [])
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize(("kind", "said"), [("pipe", "is a pipe, not a file"), ("socket", "is a socket, not a file")])
def test_a_pipe_or_a_socket_is_refused_and_stays(tmp_path, monkeypatch, kind, said, linked):
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    if kind == "pipe":
        os.mkfifo("out.json")
    else:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("out.json")
    before = Path("out.json").stat()
    if linked:
        Path("link.json").symlink_to("out.json")
    with pytest.raises(PioneerError, match=said):
        write_files({"first.json": b"1", "link.json" if linked else "out.json": b"new"}, [])
    assert os.path.samestat(before, Path("out.json").stat())
    assert left_in(tmp_path) == (["link.json", "out.json"] if linked else ["out.json"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("linked", [False, True])
def test_a_device_of_characters_is_written_to_and_stays(tmp_path, linked):
    node = tmp_path / "null"  # one of our own, and never the system's
    try:
        os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        node.write_bytes(b"")
    except OSError:
        pytest.skip("this system lets us make no device")
    before = node.lstat()
    if linked:
        (tmp_path / "link").symlink_to("null")
    write_files({str(tmp_path / ("link" if linked else "null")): b"gone", str(tmp_path / "a.json"): b"kept"}, [])
    assert os.path.samestat(before, node.lstat())
    assert stat.S_ISCHR(node.lstat().st_mode)
    assert (tmp_path / "a.json").read_bytes() == b"kept"
    assert (tmp_path / "link").is_symlink() == linked
    assert left_in(tmp_path) == sorted(["a.json", "null", *(["link"] if linked else [])])


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system has no /proc")
@pytest.mark.parametrize("into", ["pipe", "file"])
def test_standard_output_by_the_name_of_its_file_is_refused(desk, into):
    (desk / "stdout").symlink_to("/proc/self/fd/1")
    with (desk / "out.txt").open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "pioneer_cli", "check", "bid.yaml", "--no-pages", "--output", "json=stdout"],
            stdout=subprocess.PIPE if into == "pipe" else file,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=60,
            check=False,
        )
    said = {"pipe": "stdout is a pipe, not a file", "file": "stdout is where the standard output goes"}[into]
    assert done.returncode == ExitCode.CANNOT_JUDGE
    assert said in done.stderr.decode()
    assert "- for" in done.stderr.decode()
    assert (desk / "stdout").is_symlink()


def test_a_rendered_pdf_is_the_same_on_standard_output(desk):
    shutil.copy(ROOT / "bids" / "exemplar.yaml", desk / "bid.yaml")
    process = start("render", "bid.yaml", "-o", "-")
    out, err = process.communicate(timeout=60)
    assert err.startswith(b"standard output: 10 of 10 pages")
    assert run(["render", "bid.yaml"]) == ExitCode.OK
    assert (desk / "bid.pdf").read_bytes() == out
    assert out.startswith(b"%PDF-")


# --- Colour and width ------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "colour"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),  # the convention: only when it is not empty
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("always", {}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("never", {}, True, False),
    ],
)
def test_colour_follows_the_option_then_the_environment_then_the_stream(
    monkeypatch, choice, environment, terminal, colour
):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(choice, Terminal() if terminal else io.StringIO()) is colour


@pytest.mark.parametrize(
    ("options", "environment", "colour"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_a_report_has_escapes_only_where_colour_is_wanted(desk, capsys, monkeypatch, options, environment, colour):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run(["check", "bid.yaml", "--no-pages", *options])
    assert ("\x1b[" in capsys.readouterr().out) is colour


@pytest.mark.parametrize("output_format", [name for name in FORMATS if name != "text"])
def test_colour_never_enters_a_format_for_machines(desk, capsys, output_format):
    run(["check", "bid.yaml", "--no-pages", "--color", "always", "--format", output_format])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(("columns", "width"), [("20", 60), ("60", 60), ("97", 97), ("120", 120), ("400", 120)])
def test_the_width_is_the_terminal_s_within_reason(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width() == width


# --- Batches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output_format", ["text", "csv"])
def test_a_batch_gives_what_its_bids_give_one_by_one(desk, capsys, output_format):
    names = []
    for number in range(8):
        more = "vission: x\n" if number == 3 else f"summary: Bid number {number}\n"
        (desk / f"b{number}.yaml").write_text(DRAFT + more)
        names.append(f"b{number}.yaml")
    alone = []
    for name in names:
        run(["check", name, "--format", output_format])
        header = output_format == "csv" and name != names[0]
        alone.append("".join(capsys.readouterr().out.splitlines(keepends=True)[header:]))
    code, together, _ = finish(start("check", *names, "--format", output_format))
    assert code == ExitCode.CANNOT_JUDGE
    assert together == ("\n" if output_format == "text" else "").join(alone)
    assert len(set(alone)) == 8


def test_what_is_no_file_hides_none_of_a_large_batch(desk):
    for number in range(6):
        (desk / f"b{number}.yaml").write_text(DRAFT)
    os.mkfifo(desk / "b1-pipe.yaml")
    (desk / "b2-link.yaml").symlink_to("nowhere")
    (desk / "b3.yaml").unlink()
    (desk / "b3.yaml").mkdir()
    code, out, _ = finish(start("check", "-q", "--phase", "draft", "."))
    assert code == ExitCode.CANNOT_JUDGE
    lines = [line for line in out.splitlines() if ":1:1 error unreadable: " not in line]
    assert out.count(":1:1 error unreadable: ") == 2
    assert [line.split(":")[0] for line in lines] == [
        "b0.yaml", "b1-pipe.yaml", "b1.yaml", "b2-link.yaml", "b2.yaml", "b4.yaml", "b5.yaml", "bid.yaml",
    ]  # fmt: skip
    assert [line.split(": ")[1][:6] for line in lines] == [
        "later-", "cannot", "later-", "cannot", "later-", "later-", "later-", "later-",
    ]  # fmt: skip


def test_standard_input_is_read_within_a_large_batch(desk):
    for number in range(6):
        (desk / f"b{number}.yaml").write_text(DRAFT)
    names = [f"b{number}.yaml" for number in range(6)]
    code, out, err = finish(start("check", "-q", "--phase", "draft", *names, "-", stdin=subprocess.PIPE), DRAFT)
    assert (code, err) == (ExitCode.OK, "")
    assert out.splitlines()[-1].startswith("<stdin>: later-cohort (draft); 0.0 of 100")


BELOW = "the score 0.00 is below the minimum of 5"


def test_minimums_that_are_missed_are_told_once_in_the_text(desk, capsys):
    command = ["check", "bid.yaml", "--phase", "draft", "--no-pages", "--min-score", "5"]
    assert run(command) == ExitCode.FALLS_SHORT
    streams = capsys.readouterr()
    assert streams.out.splitlines()[-2] == f"Falls short: {BELOW}"
    assert streams.err == ""
    assert run([*command, "--quiet"]) == ExitCode.FALLS_SHORT
    streams = capsys.readouterr()
    assert (streams.out.count("\n"), streams.err) == (1, f"bid.yaml: {BELOW}\n")
    assert run([*command, "--output", "text=out.txt"]) == ExitCode.FALLS_SHORT
    streams = capsys.readouterr()
    assert (streams.out, streams.err.splitlines()[0]) == ("", f"bid.yaml: {BELOW}")


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_run_that_writes_files_alone_says_which_bids_did_not_pass(desk, capsys, output_format):
    (desk / "fine.yaml").write_text(DRAFT + HALF)
    (desk / "broken.yaml").write_text("title: Care: a bid\n")
    files = ["--output", f"{output_format}=out", "--no-pages"]
    assert run(["check", "fine.yaml", "bid.yaml", "broken.yaml", *files]) == ExitCode.CANNOT_JUDGE
    streams = capsys.readouterr()
    short, where, broken = streams.err.splitlines()
    assert short.startswith("bid.yaml: verdict withheld, pages not counted (submission); 0.0 of 100, ")
    assert where.startswith("broken.yaml:1:12 error yaml-colon: ")
    assert broken == "broken.yaml: cannot be judged: 1 error"
    assert streams.out == ""
    assert run(["check", "fine.yaml", *files]) == ExitCode.OK
    assert capsys.readouterr() == ("", "")
    assert run(["check", "bid.yaml", *files, "--output", "csv"]) == ExitCode.FALLS_SHORT
    assert capsys.readouterr().err == ""


def test_exit_zero_counts_bids_in_right_grammar(desk, capsys):
    (desk / "other.yaml").write_text(DRAFT)
    assert run(["check", "bid.yaml", "other.yaml", "--no-pages", "--exit-zero", "-q"]) == ExitCode.OK
    assert capsys.readouterr().err.startswith("2 bids of 2 fall short; ")


def test_minimums_that_are_missed_are_told_on_standard_error_alone(desk, capsys):
    assert (
        run(["check", "bid.yaml", "--phase", "draft", "--format", "json", "--min-score", "5"]) == ExitCode.FALLS_SHORT
    )
    streams = capsys.readouterr()
    assert streams.out.startswith("{\n")
    assert streams.err == "bid.yaml: the score 0.00 is below the minimum of 5\n"
