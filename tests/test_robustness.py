"""What surrounds a run goes wrong: it is ended, has no room, no home, an old terminal. No half file, no traceback.

Closed pipes, full streams and Ctrl-C while reading are in test_cli, closed streams in test_attacks, children that end
with their parent in test_limited.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pioneer_cli.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
EXEMPLAR = ROOT / "bids" / "exemplar.yaml"
DRAFT = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
ENDLESS = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
FORMATS = ("pdf", "html", "docx", "md")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc or mounts folders")
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
WRONG = re.compile(r"Traceback|Errno|Exception|is a bug|Error\b")

# One started in the background is born deaf to Ctrl-C; a person's is not.
HEEDING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
MAIN = HEEDING + "from pioneer_cli.__main__ import main; main()"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a bid and one for temporary files."""
    (tmp_path / "room").mkdir()
    work = tmp_path / "work"
    work.mkdir()
    (work / "bid.yaml").write_text(DRAFT, encoding="utf-8")
    return work


def start(desk: Path, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    """The program in a session of its own, its temporary files in `room`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(desk.parent / "room")}
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments], cwd=desk, env=environment, start_new_session=True, **streams | options
    )


def pioneer(*arguments: str, before: tuple[str, ...] = (), **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The program, run to its end; `before` are the words of a command that starts it."""
    return subprocess.run(
        [*before, sys.executable, "-m", "pioneer_cli", *arguments],
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )


def environment(*without: str, **more: str) -> dict[str, str]:
    """The environment without a few names, and what tests of the terminal must not inherit."""
    left_out = {*without, "NO_COLOR", "FORCE_COLOR", "TERM", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}


def left_in(folder: Path) -> list[str]:
    """What lies in a folder; templates that are kept compiled are no litter."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("_jinja2-cache-"))


def until(holds: Callable[[], object]) -> None:
    """Waits for something to be so."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def processors() -> int:
    """How many processors this process may use, where the system says."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def members(session: int) -> list[int]:
    """The processes of a session that are still there, but for those that only wait to be read."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of_session = entry.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):  # it has just ended
            continue
        if int(of_session) == session and state != "Z":
            found.append(int(entry.parent.name))
    return found


# --- Interrupted and ended -------------------------------------------------------------------------------------------

ENDINGS = [
    pytest.param(signal.SIGINT, ExitCode.INTERRUPTED, b"pioneer: interrupted\n", id="Ctrl-C"),
    pytest.param(signal.SIGTERM, ExitCode.ENDED, b"pioneer: ended from outside\n", id="SIGTERM"),
]


@unix
def test_ended_while_it_reads_it_says_so_and_ends_with_143(desk):
    process = start(desk, "check", "-", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"# " + b"x" * 200_000)  # more than a pipe holds, so some of it has been read
    process.stdin.flush()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (ExitCode.ENDED, b"", b"pioneer: ended from outside\n")


@linux
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
@pytest.mark.parametrize("whole_group", [False, True], ids=["alone", "with its children"])
def test_ended_while_a_child_makes_the_document_nothing_of_it_stays(desk, end, code, said, whole_group):
    (desk / "own").mkdir()
    (desk / "own" / "bid.xml.jinja").write_text(ENDLESS, encoding="utf-8")
    (desk / "out.pdf").write_bytes(b"older")
    outputs = [word for form in FORMATS for word in ("-o", f"out.{form}")]
    process = start(desk, "render", "bid.yaml", "--template", "own", *outputs)
    until(lambda: left_in(desk.parent / "room"))  # the child has its work, or is about to get it
    assert len(members(process.pid)) == 2
    (os.killpg if whole_group else os.kill)(process.pid, end)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, b"", said)
    assert left_in(desk) == ["bid.yaml", "out.pdf", "own"]
    assert (desk / "out.pdf").read_bytes() == b"older"
    assert left_in(desk.parent / "room") == []
    until(lambda: not members(process.pid))


@linux
@pytest.mark.skipif(processors() < 2, reason="one processor starts no others")
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
def test_ended_amid_a_batch_no_process_and_no_file_stays(desk, end, code, said):
    for number in range(40):
        shutil.copy(EXEMPLAR, desk / f"b{number}.yaml")
    process = start(desk, "check", ".")
    until(lambda: len(members(process.pid)) > 2)  # they have begun
    process.send_signal(end)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, b"", said)
    assert left_in(desk.parent / "room") == []
    until(lambda: not members(process.pid))


@unix
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
def test_ended_before_the_last_rename_no_target_is_touched(desk, end, code, said):
    """The signal comes when all is written beside its target and nothing is yet renamed."""
    script = f"""
{HEEDING}
import os
from pioneer_cli.cli import output

put = output._put_in_place

def ended(temporary, path):
    assert temporary.exists()
    os.kill(os.getpid(), {int(end)})
    put(temporary, path)

output._put_in_place = ended
from pioneer_cli.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, "render", "bid.yaml", "-o", "a.html", "-o", "a.md"],
        cwd=desk, env=environment(), capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", said)
    assert left_in(desk) == ["bid.yaml"]


@unix
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
def test_ended_where_python_drops_what_is_raised_it_ends_all_the_same(desk, end, code, said):
    script = f"""
{HEEDING}
import os, time
from pioneer_cli import pipeline

class Finalised:
    def __del__(self):
        os.kill(os.getpid(), {int(end)})
        time.sleep(0)  # the signal is answered here

def slow(*given, **options):
    Finalised()
    time.sleep(60)

pipeline.check = slow
from pioneer_cli.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, "check", "bid.yaml"],
        cwd=desk, env=environment(), capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", said)


@linux
@pytest.mark.skipif(processors() < 2, reason="one processor starts no others")
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
def test_ended_as_its_processes_begin_each_leaves_without_a_word(desk, end, code, said):
    """The moment differs from run to run: the first sign of a process, and a little later each time."""
    for number in range(6):
        shutil.copy(EXEMPLAR, desk / f"b{number}.yaml")
    for wait in (0, 0.002, 0.005, 0.01, 0.02, 0.05):
        process = start(desk, "check", ".")
        until(lambda process=process: len(members(process.pid)) > 1)
        time.sleep(wait)
        process.send_signal(end)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (code, b"", said)
        until(lambda process=process: not members(process.pid))


@unix
@pytest.mark.skipif(not find_spec("watchfiles"), reason="--watch needs watchfiles")
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
def test_ended_while_it_watches_it_says_so(desk, end, code, said):
    process = start(desk, "check", "bid.yaml", "--no-pages", "--watch")
    assert process.stderr is not None
    assert b"watching" in process.stderr.readline()
    time.sleep(0.5)  # until it really waits
    process.send_signal(end)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (code, said)
    assert left_in(desk) == ["bid.yaml"]


@unix
@pytest.mark.skipif(not find_spec("pygls"), reason="the language server needs pygls")
@pytest.mark.parametrize(("end", "code", "said"), ENDINGS)
def test_ended_while_it_serves_an_editor_it_says_so(desk, end, code, said):
    process = start(desk, "lsp", stdin=subprocess.PIPE)
    asked = (
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(asked), asked))
    process.stdin.flush()
    assert process.stdout.readline().startswith(b"Content-Length")
    process.send_signal(end)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (code, said)


def test_left_alone_the_same_run_writes_its_files(desk):
    done = pioneer("render", "bid.yaml", "-o", "a.html", "-o", "a.md", cwd=desk, env=environment())
    assert done.returncode == ExitCode.OK
    assert left_in(desk) == ["a.html", "a.md", "bid.yaml"]


# --- Pipes that nobody reads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["pages", "matrix", "gaps", "questions", "rules"])
def test_a_pipe_that_nobody_reads_is_no_error_of_any_command(desk, command):
    reading, writing = os.pipe()
    os.close(reading)
    words = [command] if command == "rules" else [command, "bid.yaml"]
    process = start(desk, *words, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.OK
    assert not WRONG.search(err.decode())


# --- No room, no permission ------------------------------------------------------------------------------------------


def mounting(script: str) -> tuple[str, ...]:
    """The beginning of a command with mounts of its own that nobody else sees; `$0` is the first word after it."""
    return ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script)


def works(*command: str) -> bool:
    """Whether this system knows a command and allows it."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


mounts = pytest.mark.skipif(not works(*mounting("mount -t tmpfs none /mnt")), reason="this system lets nobody mount")
FULL = (
    'mount -t tmpfs -o size=16k none "$0" && cd "$0" && cp "$OLDPWD/bid.yaml" . && echo old > old.pdf || exit 99; "$@"'
)
LISTED = '; code=$?; ls -A "$0" >&2; exit $code'
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" || exit 99; "$@"'


@mounts
@pytest.mark.parametrize(
    "arguments",
    [
        ["render", "bid.yaml", "-o", "old.pdf"],
        ["render", "bid.yaml", *(word for form in FORMATS for word in ("-o", f"new.{form}"))],
        ["gaps", "bid.yaml", "-o", "new.html"],
        ["check", "bid.yaml", "--no-pages", "--output", "json=new.json"],
        ["check", "bid.yaml", "--no-pages", "--baseline", "new.json", "--write-baseline"],
        ["questions", "bid.yaml", "-o", "new.docx"],
        ["new", "new.yaml"],
    ],
    ids=lambda words: " ".join(words[:4]),
)
def test_on_a_full_disk_nothing_is_written_and_nothing_lost(desk, tmp_path, arguments):
    (tmp_path / "full").mkdir()
    before = (*mounting(FULL + LISTED), str(tmp_path / "full"))
    done = pioneer(*arguments, before=before, cwd=desk, env=environment(OLDPWD=str(desk)))
    *said, first, second = done.stderr.decode().splitlines()
    assert done.returncode == ExitCode.CANNOT_JUDGE
    assert re.search(r"pioneer: cannot write [\w.]+: No space left on device\n  \w", "\n".join(said))
    assert (first, second) == ("bid.yaml", "old.pdf")
    assert not WRONG.search(done.stderr.decode())


@mounts
@pytest.mark.parametrize(
    "command", ["render bid.yaml -o new.pdf -o new.html", "new new.yaml", "gaps bid.yaml -o new.csv"]
)
def test_in_a_folder_that_is_read_only_nothing_is_written(desk, command):
    done = pioneer(*command.split(), before=(*mounting(READ_ONLY), str(desk)), env=environment())
    assert done.returncode == ExitCode.CANNOT_JUDGE
    assert re.search(r"pioneer: cannot write new\.\w+: Read-only file system\n  check the folder", done.stderr.decode())
    assert left_in(desk) == ["bid.yaml"]


@mounts
def test_a_folder_that_is_read_only_can_be_checked(desk):
    done = pioneer("check", "bid.yaml", before=(*mounting(READ_ONLY), str(desk)), env=environment())
    assert (done.returncode, done.stderr) == (ExitCode.FALLS_SHORT, b"")


@mounts
def test_where_no_temporary_file_can_be_made_that_is_said():
    nowhere = "mount --bind $folder $folder && mount -o remount,bind,ro $folder || exit 99; "
    script = f'cd /proc; for folder in /tmp /var/tmp; do {nowhere}done; exec "$0" "$@"'
    told = environment("TMPDIR", "TEMP", "TMP")
    done = pioneer("check", str(EXEMPLAR), before=mounting(script), env=told)
    assert done.returncode == ExitCode.CANNOT_JUDGE
    assert b"there is no folder for temporary files" in done.stdout
    assert not WRONG.search((done.stdout + done.stderr).decode())


# --- No home, no name ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", [None, "/nonexistent", ""])
@pytest.mark.parametrize("command", ["check", "render"])
def test_without_a_home_all_goes_as_ever(desk, home, command):
    told = environment("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "USER", "LOGNAME")
    done = pioneer(command, "bid.yaml", cwd=desk, env=told if home is None else told | {"HOME": home})
    assert done.returncode == (ExitCode.FALLS_SHORT if command == "check" else ExitCode.OK)
    assert not WRONG.search((done.stdout + done.stderr).decode())
    assert left_in(desk) == ["bid.pdf", "bid.yaml"][command == "check" :]


STRANGER = ("unshare", "--user", "--map-user=54321", "--map-group=54321")


@linux
@pytest.mark.skipif(not works(*STRANGER, "true"), reason="this system lets nobody be somebody else")
def test_as_somebody_whom_the_system_does_not_know_all_goes_as_ever(desk):
    told = environment("HOME", "USER", "LOGNAME", TMPDIR=str(desk.parent / "room"))
    done = pioneer("render", "bid.yaml", before=STRANGER, cwd=desk, env=told)
    assert done.returncode == ExitCode.OK, done.stderr
    assert left_in(desk) == ["bid.pdf", "bid.yaml"]
    assert left_in(desk.parent / "room") == []


# --- Old terminals and other languages -------------------------------------------------------------------------------

PLAIN_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
TERMINALS = [
    pytest.param(PLAIN_C, "ascii", id="C locale"),
    pytest.param({**PLAIN_C, "PYTHONIOENCODING": "cp1252"}, "cp1252", id="cp1252"),
    pytest.param({**PLAIN_C, "PYTHONIOENCODING": "cp437"}, "cp437", id="cp437"),
    pytest.param({"LC_ALL": "no_SUCH.locale"}, "utf-8", id="unknown locale"),
    pytest.param({"TERM": "dumb"}, "utf-8", id="dumb"),
    pytest.param({"TERM": "", "COLUMNS": "0", "LINES": "-1"}, "utf-8", id="no terminal at all"),
]


@pytest.mark.parametrize(("settings", "encoding"), TERMINALS)
@pytest.mark.parametrize(("command", "code"), [("check bid.yaml --gains", 0), ("check wrong-é.yaml", 2)])
def test_any_terminal_can_carry_a_check(tmp_path, settings, encoding, command, code):
    carried(tmp_path, settings, encoding, command, code)


@pytest.mark.parametrize(("settings", "encoding"), TERMINALS[:2])
@pytest.mark.parametrize(("command", "code"), [("matrix bid.yaml", 0), ("explain C3", 0), ("chek", 2), ("--help", 0)])
def test_any_terminal_can_carry_other_commands(tmp_path, settings, encoding, command, code):
    carried(tmp_path, settings, encoding, command, code)


def carried(folder: Path, settings: dict[str, str], encoding: str, command: str, code: int) -> None:
    shutil.copy(EXEMPLAR, folder / "bid.yaml")
    (folder / "wrong-é.yaml").write_text(DRAFT + 'vission: "“naïve” – £5 → 日本"\n', encoding="utf-8")
    done = pioneer(*command.split(), cwd=folder, env=environment() | settings)
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert done.returncode == code
    assert (bool(out), bool(err)) == (command != "chek", command == "chek")
    assert not WRONG.search(out + err)
    assert "\x1b" not in out + err
    if command.startswith("check bid"):
        assert "10 of 10 pages" in " ".join(out.split())
    if command.startswith("check wrong"):
        assert "unknown key `vission`" in out


# --- Colour ----------------------------------------------------------------------------------------------------------


def in_a_terminal(desk: Path, *arguments: str, told: dict[str, str]) -> tuple[int, str]:
    """The exit code, and what a terminal is sent."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pioneer_cli", *arguments], cwd=desk, env=told, stdout=follower, stderr=follower
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # how Linux tells that the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    return process.wait(60), shown.decode()


@pytest.fixture(scope="module")
def uncoloured(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a check prints that nobody watches."""
    folder = tmp_path_factory.mktemp("uncoloured")
    (folder / "bid.yaml").write_text(DRAFT, encoding="utf-8")
    return pioneer("check", "bid.yaml", "--no-pages", cwd=folder, env=environment()).stdout.decode()


COLOURS = [
    ("auto", {"TERM": "xterm"}, True, True),
    ("auto", {"TERM": "xterm"}, False, False),
    ("auto", {"TERM": "dumb"}, True, False),
    ("auto", {"TERM": "xterm", "NO_COLOR": "1"}, True, False),
    ("auto", {"TERM": "xterm", "NO_COLOR": ""}, True, True),
    ("auto", {"TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
    ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
    ("auto", {"TERM": "dumb", "FORCE_COLOR": ""}, False, False),
    ("always", {"TERM": "dumb", "NO_COLOR": "1"}, False, True),
    ("always", {"TERM": "xterm"}, True, True),
    ("never", {"TERM": "xterm", "FORCE_COLOR": "1"}, True, False),
    ("never", {"TERM": "xterm"}, False, False),
]


@unix
@pytest.mark.parametrize(("choice", "settings", "terminal", "colour"), COLOURS)
def test_colour_is_where_it_is_wanted_and_changes_nothing_else(desk, uncoloured, choice, settings, terminal, colour):
    words = ["check", "bid.yaml", "--no-pages", "--color", choice]
    if terminal:
        code, shown = in_a_terminal(desk, *words, told=environment(**settings))
    else:
        done = pioneer(*words, cwd=desk, env=environment(**settings))
        code, shown = done.returncode, done.stdout.decode()
    assert code == ExitCode.FALLS_SHORT
    assert ("\x1b[" in shown) is colour
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert [line.rstrip() for line in plain.splitlines()] == uncoloured.splitlines()
