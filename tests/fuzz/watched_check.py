"""Commands in this process, watched: which exit codes they end with, and that `check` comes to an end."""

import faulthandler
import io
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType

from pioneer_cli.assessment import Report
from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode
from pioneer_cli.pipeline import Request, Thresholds, check, exit_code
from pioneer_cli.reports import FORMATS, reporter
from pioneer_cli.reports.look import Look

SECONDS = 2  # of the processor, since a busy machine is no fault of pioneer's
LONGEST = 60  # seconds of the clock
RAN = frozenset({ExitCode.OK, ExitCode.FALLS_SHORT, ExitCode.CANNOT_JUDGE})
OTHERS = ("check", "matrix", "gaps", "pages", "questions", "render -o {0}.html -o {0}.docx -o {0}.md -o {0}.pdf")


class HangError(Exception):
    """A check took longer than it may."""


class WrongCodeError(Exception):
    """A command ended in a way in which none may end."""


@contextmanager
def watch(seconds: float = SECONDS) -> Iterator[None]:
    """Raises HangError in what takes longer; on Windows, which has no such clock, nothing is watched.

    Inside a C library no error can be raised: there the process ends with a traceback after a minute.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    faulthandler.dump_traceback_later(LONGEST, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _too_long(number: int, frame: FrameType | None) -> None:
    raise HangError("a check took more of the processor than it may")


def watched_check(content: bytes, file: Path, request: Request = Request(count_pages=False)) -> Report:  # noqa: B008
    """The report on a bid of these bytes, which are written into a file; raises whatever pioneer fails to catch.

    It is written in the format of terminals and in one of the others, which the bytes choose.
    """
    file.write_bytes(content)
    other = sorted(FORMATS)[sum(content[:64]) % len(FORMATS)]
    with watch():
        (report,) = check(str(file), request)
        for output_format in {"text", other}:
            form = reporter(output_format)
            form.whole([form.part(report, Look())]).encode()
    _allow(exit_code(report, Thresholds()), "check", "")
    return report


def every_command(content: bytes, file: Path) -> None:
    """Runs the commands that take a bid, pages and documents included; raises WrongCodeError."""
    file.write_bytes(content)
    for line in OTHERS:
        command, *options = line.format(file.with_suffix("")).split()
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([command, str(file), *options, "--debug"])
        _allow(code, command, err.getvalue())


def _allow(code: int, command: str, told: str) -> None:
    if code not in RAN:
        raise WrongCodeError(f"{command} ended with {code}\n{told}")
