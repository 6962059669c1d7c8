"""The entry point of `pioneer` and of `python -m pioneer_cli`: sets the process up, runs a command line, leaves."""

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Literal, NoReturn, TextIO


def main() -> NoReturn:
    """Runs the process's command line and exits with its code."""
    _open_closed_streams()
    # A run lives for a quarter of a second and makes little garbage: collecting it would cost a twentieth.
    gc.disable()
    # Plug-ins that happen to be installed must not change what is valid.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = 0 if _was_known(sys.argv[1:]) else _run(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still loading
        code = 130
    except SystemExit:  # ended from outside, likewise
        code = 143
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # closed, or nobody reads it any more
            stream.flush()
    # Leave at once: taking the interpreter and the typesetter's caches apart would cost a seventh of the run.
    os._exit(code)


def _run(arguments: list[str]) -> int:
    from pioneer_cli.background import end_tidily_when_asked

    end_tidily_when_asked()
    from pioneer_cli.cli import run

    return run(arguments)


def _was_known(arguments: list[str]) -> bool:
    """Whether the answer was known beforehand and could be written; if not, the command line says what is wrong."""
    if arguments[:1] not in (["explain"], ["rules"]):
        return False
    from shutil import get_terminal_size

    from pioneer_cli.answers import WIDTH, known_answer
    from pioneer_cli.settings_files import nothing_is_set

    if not nothing_is_set(os.environ, "PIONEER_PACK", "PIONEER_CONFIG"):
        return False  # another pack may be set
    if get_terminal_size((WIDTH, 24)).columns < WIDTH:
        return False  # it would not fit
    answer = known_answer(arguments)
    if answer is None:
        return False
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(answer.encode(sys.stdout.encoding or "ascii", "backslashreplace"))
        sys.stdout.buffer.flush()
    except OSError:
        return False
    return True


def _open_closed_streams() -> None:
    """Puts nothing in the place of streams that the caller closed, so that no other file takes their numbers."""
    if sys.stdin is None:
        sys.stdin = _nothing("r")
    if sys.stdout is None:
        sys.stdout = _nothing("w")
    if sys.stderr is None:
        sys.stderr = _nothing("w")


def _nothing(mode: Literal["r", "w"]) -> TextIO:
    return Path(os.devnull).open(mode, encoding="utf-8")


if __name__ == "__main__":
    main()
