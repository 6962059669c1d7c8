"""One of our own functions in a child process, with limits on time and memory; for what strangers wrote.

On Linux the child is held to the time of the clock, of the processor and to its memory. macOS does not keep the limit
on memory, and Windows knows neither that nor the processor's time: there only the clock ends the child.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from threading import Timer
from types import TracebackType
from typing import IO, NoReturn

from pioneer_cli.errors import PioneerError

MOST_BYTES = 64 * 1024 * 1024  # of an answer
_MOST_WORDS = 4000  # characters of a problem that the child tells
_WORK = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*:[a-z_][a-z0-9_]*")
_ANSWER, _PROBLEM, _MEMORY, _FAILURE = b"A", b"P", b"M", b"F"  # what a frame of the child's holds
_LENGTH = 8  # bytes before each frame that say how long it is
_GRACE = 2  # seconds after which the child ends itself, should its parent be gone


class LimitError(PioneerError):
    """The work came to no end within its limits, or to no good one."""


class TimeLimitError(LimitError):
    """The work took too long."""


class MemoryLimitError(LimitError):
    """The work needed too much memory, or its process was ended from outside."""


class WorkFailedError(LimitError):
    """The work raised what it should not have, or answered what cannot be read."""


class Limited:
    """A function from bytes to bytes, called in a child process that never outlives the `with` block.

    `work` names the function as `module:function`, always a literal of our own code. Each call has `seconds` of the
    clock, the first of them with the child's start in it; all calls share a process of at most `megabytes`. After
    a call that broke a limit the next one begins with a fresh child. `task` is what messages call the work.
    """

    def __init__(self, work: str, seconds: float, megabytes: int, task: str = "the work") -> None:
        if _WORK.fullmatch(work) is None:
            raise ValueError(f"'{work}' is not of the form module:function")
        self._work = work
        self._seconds = seconds
        self._megabytes = megabytes
        self._task = task
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Limited":
        """Starts the child, so that it loads while the caller does something else."""
        self._started()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the child, whatever it is doing."""
        self._end()

    def call(self, payload: bytes) -> bytes:
        """What the function answers, up to `MOST_BYTES`; nobody has checked these bytes.

        Raises what PioneerError the function raised, or LimitError of the kind that fits.
        """
        child = self._started()
        late = _Deadline(child, self._seconds)
        try:
            frame = _exchange(child, payload)
        except BaseException:  # an interruption too leaves no child behind
            late.cancel()
            self._end()
            raise
        late.cancel()
        if frame is None:
            self._blame(self._end(patience=1), passed=late.passed)
        if late.passed:  # in the moment in which the answer came
            self._end()
        kind, content = frame
        if kind == _ANSWER:
            return content
        if kind == _PROBLEM:
            raise _problem(content) or self._failed()
        self._end()
        raise self._too_much() if kind == _MEMORY else self._failed()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = _start(self._work, self._seconds, self._megabytes)
        return self._child

    def _end(self, patience: float = 0) -> int:
        """Kills the child if there is one, once it has had so many seconds to leave, and gives its exit status."""
        child, self._child = self._child, None
        if child is None:
            return 0
        with suppress(subprocess.TimeoutExpired):
            child.wait(patience)
        child.kill()
        for stream in (child.stdin, child.stdout):
            with suppress(OSError):  # what was not yet written has nobody left to read it
                stream.close()  # type: ignore[union-attr]  # both are pipes
        return child.wait()

    def _blame(self, status: int, *, passed: bool) -> NoReturn:
        """Raises what fits a child that went away without an answer."""
        if passed or status in _of_time():
            raise TimeLimitError(f"{self._task} took longer than {self._seconds:g} s, so it was ended")
        if status < 0:
            raise self._too_much()
        raise self._failed()

    def _too_much(self) -> MemoryLimitError:
        return MemoryLimitError(f"{self._task} needed more than {self._megabytes} MB, or was ended from outside")

    def _failed(self) -> WorkFailedError:
        return WorkFailedError(f"{self._task} came to no end: its process failed")


class _Deadline(Timer):
    """Kills a child when its time is up, which ends whatever waits for its answer."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        super().__init__(seconds, self._end)
        self._late = child
        self.daemon = True
        self.passed = False
        self.start()

    def _end(self) -> None:
        self.passed = True
        self._late.kill()


def _start(work: str, seconds: float, megabytes: int) -> subprocess.Popen[bytes]:
    """The child, which loads the function and waits. Raises PioneerError where no process can be started."""
    module, function = work.split(":")
    source = (
        "import sys; sys.path[:] = sys.argv[1:]; from pioneer_cli.limited import keep_to, serve; "
        f"keep_to({megabytes}, {seconds!r}); from {module} import {function} as work; serve(work, {seconds!r})"
    )
    options = ["-I", *(["-B"] if sys.dont_write_bytecode else [])]
    try:
        return subprocess.Popen(
            [sys.executable, *options, "-c", source, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise PioneerError(f"cannot start a process: {reason}", "close other programs and try again") from None


def _exchange(child: subprocess.Popen[bytes], payload: bytes) -> tuple[bytes, bytes] | None:
    """Sends a frame and reads one; None when the child went away. An answer at too great a length is a failure."""
    if child.stdin is None or child.stdout is None:
        return None
    try:
        child.stdin.write(len(payload).to_bytes(_LENGTH) + payload)
        child.stdin.flush()
        kind, length = child.stdout.read(1), int.from_bytes(child.stdout.read(_LENGTH))
        if not kind:
            return None
        if length > MOST_BYTES:
            return _FAILURE, b""
        content = child.stdout.read(length)
    except OSError:
        return None
    return (kind, content) if len(content) == length else None


def _problem(content: bytes) -> PioneerError | None:
    """The error that the function raised, None where the child made no sense."""
    try:
        told = json.loads(content[: 4 * _MOST_WORDS])
    except ValueError:
        return None
    if not isinstance(told, list) or len(told) != 2 or not all(isinstance(words, str) for words in told):
        return None
    return PioneerError(told[0], told[1])


def _of_time() -> tuple[int, ...]:
    """The exit statuses of a child that the system ended for its time."""
    if sys.platform == "win32":
        return ()
    return (-signal.SIGXCPU, -signal.SIGALRM)


# --- In the child ----------------------------------------------------------------------------------------------------


def keep_to(megabytes: int, seconds: float) -> None:
    """Holds this process to its limits, before it loads anything that meets a stranger's bytes."""
    # Ctrl-C reaches all processes of a terminal's, and SIGTERM often all of a group: the parent answers them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource

        _hold(resource.RLIMIT_CORE, 0)
        _hold(resource.RLIMIT_AS, megabytes * 1024 * 1024)
        _allow(seconds)


def serve(work: Callable[[bytes], bytes], seconds: float) -> None:
    """Answers frame after frame until the parent closes the pipe."""
    _rest()
    requests, answers = _own_streams()
    while (payload := _next_frame(requests)) is not None:
        _allow(seconds)
        kind, content = _outcome(work, payload)
        answers.write(kind + len(content).to_bytes(_LENGTH))
        answers.write(content)
        answers.flush()
        _rest()


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes under numbers of their own, so that nothing a library prints can stand between the frames."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, answers


def _next_frame(requests: IO[bytes]) -> bytes | None:
    length = requests.read(_LENGTH)
    return requests.read(int.from_bytes(length)) if len(length) == _LENGTH else None


def _outcome(work: Callable[[bytes], bytes], payload: bytes) -> tuple[bytes, bytes]:
    try:
        return _ANSWER, work(payload)
    except PioneerError as error:
        return _PROBLEM, json.dumps([error.message[: _MOST_WORDS // 8], error.hint[: _MOST_WORDS // 8]]).encode()
    except MemoryError:
        return _MEMORY, b""
    except Exception:
        return _FAILURE, b""


def _allow(seconds: float) -> None:
    """Gives the process so much more time of the processor; the clock ends it too, should its parent be gone."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _hold(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime + seconds) + _GRACE)
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)


def _rest() -> None:
    """Stops the clock while nothing is asked."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, 0)


def _hold(limit: int, most: int) -> None:
    """Sets a soft limit, which may not pass the hard one; where the system knows no such limit, nothing happens."""
    if sys.platform != "win32":
        import resource

        with suppress(OSError, ValueError):
            _soft, hard = resource.getrlimit(limit)
            resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
