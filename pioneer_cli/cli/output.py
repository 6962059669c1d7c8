"""Where results go: standard output or a file written whole or not at all, and how the terminal can show them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal, TypeVar

from pioneer_cli.errors import PioneerError

STDOUT = "-"
Result = TypeVar("Result")
ColorChoice = Literal["auto", "always", "never"]


def wants_colour(choice: ColorChoice, stream: IO[str]) -> bool:
    """Whether to use colour: `--color`, then NO_COLOR, then FORCE_COLOR, then whether a terminal reads it."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """The columns to fill: COLUMNS or the terminal's, at most 120; 80 where nobody is watching."""
    import shutil

    return max(60, min(shutil.get_terminal_size((80, 24)).columns, 120))


_PLAIN = str.maketrans({"–": "-", "—": "-", "…": "...", "×": "x", "£": "GBP ", "‘": "'", "’": "'", "“": '"', "”": '"'})


def show(text: str) -> None:
    """Writes results to standard output, in ASCII where its encoding has no other; a closed pipe is no error."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Writes a note to standard error."""
    print(message, file=sys.stderr)


def progress(results: Iterator[Result], total: int) -> Iterator[Result]:
    """Passes results through and, where somebody watches, counts them on standard error."""
    watched = total > 1 and sys.stderr.isatty()
    for number, result in enumerate(results, 1):
        if watched:
            print(f"\r{number} of {total} bids", end="\r\x1b[K" if number == total else "", file=sys.stderr, flush=True)
        yield result


def write_file(target: str, content: bytes, inputs: list[str], *, overwrite: bool = True) -> None:
    """Writes a file under a temporary name and renames it; `-` is standard output.

    Raises PioneerError when the target is an input, a folder, in a folder that is not there, or not to be overwritten.
    """
    if target == STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    if any(path.exists() and Path(name).exists() and path.samefile(name) for name in inputs):
        raise PioneerError(f"{target} is the input", "name another file")
    if path.is_dir():
        raise PioneerError(f"{target} is a folder", "name a file in it")
    if path.exists() and not overwrite:
        raise PioneerError(f"{target} is already there", "nothing was overwritten; name another file")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise PioneerError(
            f"cannot write {target}: {error.strerror or error}", "check the folder and its permissions"
        ) from None
