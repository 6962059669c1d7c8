"""Where results go: standard output or a file written whole or not at all, and how the terminal can show them."""

import errno
import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TextIO, TypeVar

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.pack import Pack
    from pioneer_cli.source import Source

STDOUT = "-"
Result = TypeVar("Result")
Form = TypeVar("Form", bound=str)
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


def text_width() -> int:
    """The columns for what is read as running text: the terminal's, and at most 80."""
    return min(terminal_width(), 80)


def encoding_of(stream: TextIO) -> str:
    """What a stream can carry."""
    return stream.encoding or "ascii"


def show(text: str) -> None:
    """Writes results to standard output; a character that it cannot carry is escaped. See `_write_out`."""
    _write_out(text.encode(encoding_of(sys.stdout), "backslashreplace"))


def _write_out(content: bytes) -> None:
    """Writes to standard output. That nobody reads on is no error; a full disk is. Raises PioneerError."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left would fail again at the end
        if not isinstance(error, BrokenPipeError):
            raise PioneerError(f"cannot write the result: {error.strerror}", "make room for it") from None


def say(message: str) -> None:
    """Writes a note of one line to standard error, where somebody may or may not read it."""
    from pioneer_cli.reports.look import commandless, printable

    with suppress(OSError, ValueError):
        print(commandless(printable(message)), file=sys.stderr)


def say_lines(text: str) -> None:
    """Writes a text of several lines to standard error."""
    for line in text.rstrip("\n").split("\n"):
        say(line)


def say_template(template: str) -> None:
    """Says with which template the pages were counted, where it is not the house's own."""
    if template != "eoi":
        say(f"pages are counted with the template {template}")


def progress(results: Iterator[Result], total: int) -> Iterator[Result]:
    """Passes results through and, where somebody watches, counts them on standard error."""
    watched = total > 1 and sys.stderr.isatty()
    for number, result in enumerate(results, 1):
        if watched:
            print(f"\r{number} of {total} bids", end="\r\x1b[K" if number == total else "", file=sys.stderr, flush=True)
        yield result


def formats_of(targets: Sequence[str], endings: Mapping[str, Form], at_stdout: Form) -> dict[str, Form]:
    """The files to write with the format of each, by its ending; `-` is the standard output, in a format of its own.

    Raises PioneerError for one file named twice, or an ending that stands for no format.
    """
    names = {target if "\0" in target else os.path.realpath(target) for target in targets}
    if len(names) < len(targets):
        raise PioneerError("the same file is named twice", "name each file once")
    return {target: at_stdout if target == STDOUT else _format_of(target, endings) for target in targets}


def _format_of(target: str, endings: Mapping[str, Form]) -> Form:
    ending = Path(target).suffix.lower()
    if f".{target.lower()}" in endings:
        hint = f"the format is told by the file's ending: -o report.{target.lower()}"
        raise PioneerError(f"{target} is a format and not a file", hint)
    if ending not in endings:
        raise PioneerError(f"cannot tell the format of {target}", f"name a file that ends in {', '.join(endings)}")
    return endings[ending]


def write_file(target: str, content: bytes, inputs: list[str], *, overwrite: bool = True) -> None:
    """Writes one file; see `write_files`."""
    write_files({target: content}, inputs, overwrite=overwrite)


def write_files(contents: Mapping[str, bytes], inputs: list[str], *, overwrite: bool = True) -> None:
    """Writes files by their names, each under a temporary one that is renamed when all are written; `-` is stdout.

    A link is followed, a file that is replaced keeps its mode, and a device of characters is written to as it is.
    Raises PioneerError, and writes nothing, when a target is an input, a folder, a pipe or another thing that is no
    file, where the standard output goes, in a folder that is not there, not to be overwritten, or there is no room.
    """
    waiting: list[tuple[Path, Path]] = []
    devices: dict[str, bytes] = {}
    try:
        for target, content in contents.items():
            if target == STDOUT:
                continue
            if _is_device(target, inputs, overwrite=overwrite):
                devices[target] = content
            else:
                waiting.append(_beside(target, content))
        for temporary, path in waiting:
            _put_in_place(temporary, path)
    except BaseException:  # an interruption too leaves nothing behind
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
        raise
    for device, content in devices.items():
        _write_to_device(device, content)
    if STDOUT in contents:
        _write_out(contents[STDOUT])


def rewrite_file(name: str, before: bytes, after: bytes) -> None:
    """Puts new content in the place of a file's, under a temporary name that is renamed; the file keeps its mode.

    A link is followed, not replaced. Raises PioneerError, and leaves the file as it is, when it is read-only, no longer
    holds what it held before, or there is no room.
    """
    path = Path(os.path.realpath(name))
    try:
        if not os.access(path, os.W_OK):
            raise PioneerError(f"cannot write {name}: it is read-only", "make it writable, or mend a copy")
        if path.read_bytes() != before:
            raise PioneerError(f"{name} was changed meanwhile", "nothing was written; try again")
        temporary = _temporary(path, after, like=path.stat())
        try:
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)  # where it could not be renamed
    except OSError as error:
        raise PioneerError(f"cannot write {name}: {error.strerror}", "check the folder and its permissions") from None


def _put_in_place(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as error:
        raise PioneerError(f"cannot write {path}: {error.strerror}", "check the folder and its permissions") from None


def _is_device(target: str, inputs: list[str], *, overwrite: bool) -> bool:
    """Whether a target is a device of characters, such as a terminal, and no file. Raises PioneerError if neither."""
    path = Path(target)
    try:
        if any(path.exists() and Path(name).exists() and path.samefile(name) for name in inputs):
            raise PioneerError(f"{target} is the input", "name another file")
        if path.is_dir():
            raise PioneerError(f"{target} is a folder", "name a file in it")
        if os.path.lexists(path) and not overwrite:  # a link to nothing counts as well
            raise PioneerError(f"{target} is already there", "nothing was overwritten; name another file")
        if not path.exists():
            return False
        there = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _cannot_write(target, error) from None
    if stat.S_ISCHR(there.st_mode):
        return True
    if not stat.S_ISREG(there.st_mode):
        raise PioneerError(f"{target} is {_kind_of(there)}, not a file", "name a file, or - for standard output")
    if _is_standard_output(there):
        raise PioneerError(f"{target} is where the standard output goes", "name - for standard output")
    return False


def _kind_of(there: os.stat_result) -> str:
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a block device"}
    return kinds.get(stat.S_IFMT(there.st_mode), "a special file")


def _is_standard_output(there: os.stat_result) -> bool:
    try:
        return os.path.samestat(there, os.fstat(1))
    except OSError:  # it is closed
        return False


def _write_to_device(target: str, content: bytes) -> None:
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | getattr(os, "O_NOCTTY", 0)), "wb") as device:
            device.write(content)
    except OSError as error:
        raise _cannot_write(target, error) from None


def _beside(target: str, content: bytes) -> tuple[Path, Path]:
    """The content in a temporary file beside its target, and the target; of a link, beside what it leads to."""
    path = Path(os.path.realpath(target)) if Path(target).is_symlink() else Path(target)
    if path.is_symlink():  # it leads back to itself
        raise _cannot_write(target, OSError(errno.ELOOP, os.strerror(errno.ELOOP)))
    try:
        return _temporary(path, content, like=path.stat() if path.exists() else None), path
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _cannot_write(target, error) from None


def _cannot_write(target: str, error: Exception) -> PioneerError:
    reason = getattr(error, "strerror", "") or str(error)
    return PioneerError(f"cannot write {target}: {reason}", "check the folder and its permissions")


def _temporary(path: Path, content: bytes, like: os.stat_result | None = None) -> Path:
    """The content in a new file beside the path, with the mode and, where that is allowed, the owner of another."""
    temporary = path.with_name(f".{path.name[:100]}.{os.urandom(8).hex()}.tmp")  # nobody can have laid a link there
    try:
        with temporary.open("xb") as file:
            if like is not None:
                if sys.platform != "win32":  # which has no such owners
                    with suppress(OSError):
                        os.chown(temporary, like.st_uid, like.st_gid)
                temporary.chmod(stat.S_IMODE(like.st_mode))
            file.write(content)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def judged_or_exit(
    name: str, stdin_name: str | None, pack: str | None, color: ColorChoice, *, aside: bool = False
) -> tuple["Source", Mapping[str, Any], "Pack"]:
    """A bid that can be judged, with its plain data and its pack; otherwise shows what is wrong and ends with code 2.

    With `aside` that goes to standard error, since the standard output is for the document.
    """
    import typer

    from pioneer_cli.assessment import Report
    from pioneer_cli.bid import plain
    from pioneer_cli.judge import choose_pack
    from pioneer_cli.pipeline import read_bid
    from pioneer_cli.reports import reporter
    from pioneer_cli.reports.look import Look
    from pioneer_cli.source import read

    source = read(name, stdin_name)
    found = read_bid(source)
    loaded = choose_pack(source, found.bid, pack) if found.bid else None
    if found.bid is not None and loaded is not None and loaded.pack is not None:
        return source, plain(found.bid), loaded.pack
    faults = found.diagnostics + (loaded.diagnostics if loaded else ())
    look = Look(terminal_width(), wants_colour(color, sys.stdout), encoding=encoding_of(sys.stdout))
    told = reporter("text").part(Report(source, None, "", faults, None, None), look)
    if aside:
        say_lines(told)
    else:
        show(told)
    raise typer.Exit(ExitCode.CANNOT_JUDGE)
