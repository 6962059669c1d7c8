"""`pioneer check --fix`: bids with what is safe to mend mended in place, or with `--diff` only shown.

A bid keeps its byte order mark, its line ends and every character that no mend touches. What comes through standard
input goes mended to standard output.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from itertools import pairwise
from typing import TYPE_CHECKING

from pioneer_cli.cli.output import STDOUT, rewrite_file, say, write_files
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.mends import UNUSED_IGNORE, Mend, Settled, mended, mends, settled
from pioneer_cli.pipeline import check_source, read_bid
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import printable
from pioneer_cli.source import MAX_BYTES, STDIN, bid_bytes, line_starts, parse, parse_bytes

if TYPE_CHECKING:
    from pioneer_cli.cli.outputs import Output
    from pioneer_cli.pipeline import Request

_MARK = b"\xef\xbb\xbf"
_MOST_TOLD = 20  # mends of one bid, one by one


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A bid's bytes before and after, and the mends that were made; `readable` when it could be read to its end."""

    name: str
    shown: str
    before: bytes
    after: bytes
    made: tuple[Mend, ...]
    readable: bool


@dataclass(frozen=True, slots=True)
class Mode:
    """What a check does beside checking: the options of the same names."""

    fix: bool
    diff: bool
    watch: bool
    write_baseline: bool


def refuse_what_cannot_be_together(
    mode: Mode, files: Sequence[str], outputs: "Sequence[Output]", asked: Sequence[str] | None
) -> None:
    """Raises PioneerError for what `--fix`, `--diff` and `--watch` do not go together with.

    `asked` are the outputs that were asked for on the command line, if there were any.
    """
    on_stdout = [output.format for output in outputs if output.target == STDOUT]
    if mode.watch:
        _refuse_to_watch(mode, files, on_stdout)
    elif mode.diff and (asked or mode.write_baseline):
        raise PioneerError("--diff shows what --fix would change and nothing else", "leave out outputs and baselines")
    elif mode.fix and STDIN in files and asked and on_stdout:
        hint = f"write the report to a file: --output {on_stdout[0]}=FILE"
        raise PioneerError("the mended bid goes to standard output", hint)


def _refuse_to_watch(mode: Mode, files: Sequence[str], on_stdout: Sequence[str]) -> None:
    if mode.fix or mode.diff or mode.write_baseline:
        raise PioneerError("--watch only looks on", "leave out --fix, --diff and --write-baseline, or --watch")
    if STDIN in files:
        raise PioneerError("--watch cannot watch standard input", "name a file or a folder")
    if set(on_stdout) - {"text"}:
        hint = f"write it to a file: --output {on_stdout[0]}=FILE"
        raise PioneerError(f"{on_stdout[0]} cannot go to standard output again and again", hint)


def fix_bids(files: Sequence[str], request: "Request", *, diff: bool) -> ExitCode:
    """Mends bids, each written whole or not at all, and says on standard error what was mended.

    Gives CANNOT_JUDGE when one of them could not be written. With `diff` nothing is written: a unified diff goes to
    standard output, and the code is FALLS_SHORT when there is something to mend, CANNOT_JUDGE when a bid could not be
    read.
    """
    code = ExitCode.OK
    total = bids = 0
    for name in files:
        try:
            fixed = _fix(name, request)
            if diff:
                _show_difference(fixed)
            else:
                _put_back(fixed)
        except PioneerError as error:
            if name == STDIN:  # which cannot be read once more
                raise
            say(f"pioneer: {error.message}")
            say(f"  {error.hint}")
            code = ExitCode.CANNOT_JUDGE
            continue
        if diff and not fixed.readable:
            code = ExitCode.CANNOT_JUDGE
        elif diff and fixed.made:
            code = max(code, ExitCode.FALLS_SHORT)
        _say_what_was_mended(fixed, diff=diff)
        total += len(fixed.made)
        bids += bool(fixed.made)
    wording = "can be made; nothing was written" if diff else "made"
    say(f"{plural(total, 'mend')} in {plural(bids, 'bid')} {wording}" if total else "nothing to mend")
    return code


def _fix(name: str, request: "Request") -> _Fixed:
    """One bid, mended. Raises PioneerError when it cannot be opened."""
    shown = (request.stdin_name or "<stdin>") if name == STDIN else name
    content = bid_bytes(name)
    if name == STDIN and len(content) > MAX_BYTES:
        raise PioneerError("what came through standard input is larger than 2 MiB", "a bid of ten pages needs 0.1 MiB")
    source = parse_bytes(content, shown)
    if source.content is None:
        return _Fixed(name, shown, content, content, (), readable=False)
    found = settled(source, lambda source: read_bid(source).diagnostics)
    found = _without_unused_ignores(found, request)
    mark = _MARK if content.startswith(_MARK) else b""
    after = mark + found.source.text.encode("utf-8")
    return _Fixed(name, shown, content, after, found.made, readable=True)


def _without_unused_ignores(found: Settled, request: "Request") -> Settled:
    """What only judging the bid shows: comments that ignore nothing."""
    if not found.source.comments:
        return found
    reports = check_source(found.source, replace(request, baseline=None))
    unused = [fault for fault in reports[0].diagnostics if fault.code == UNUSED_IGNORE]
    made = mends(found.source, unused)
    return Settled(parse(mended(found.source.text, made), found.source.name), (*found.made, *made))


def _put_back(fixed: _Fixed) -> None:
    """Writes a mended bid where it came from; the one from standard input can then be read once more."""
    if fixed.name == STDIN:
        write_files({STDOUT: fixed.after}, [])
        sys.stdin = io.TextIOWrapper(io.BytesIO(fixed.after), encoding="utf-8")
    elif fixed.made:
        rewrite_file(fixed.name, fixed.before, fixed.after)


def _say_what_was_mended(fixed: _Fixed, *, diff: bool) -> None:
    name = printable(fixed.shown)
    if not fixed.readable:
        say(f"{name}: left as it is, since it could not be read to its end")
    if diff:
        return
    told = [mend for mend in fixed.made if mend.kind != "trailing-space"]
    for mend in told[:_MOST_TOLD]:
        say(f"{name}:{mend.span.start} mended: {mend}")
    if len(told) > _MOST_TOLD:
        say(f"{name}: and {len(told) - _MOST_TOLD} more")
    if spaces := len(fixed.made) - len(told):
        say(f"{name}: mended: space at the end of {plural(spaces, 'line')} is gone")


def _show_difference(fixed: _Fixed) -> None:
    lines = b"".join(_difference(fixed))
    if sys.stdout.isatty():  # where no character of a bid's may move the cursor
        lines = "".join(f"{printable(line)}\n" for line in lines.decode("utf-8").split("\n")[:-1]).encode()
    if lines:
        write_files({STDOUT: lines}, [])


def _difference(fixed: _Fixed) -> Iterator[bytes]:
    """A unified diff of the bytes, which `patch` and `git apply -p0` take."""
    before, after = (_lines(content.decode("utf-8")) for content in (fixed.before, fixed.after))
    name = printable(fixed.shown)
    for line in unified_diff(before, after, name, name) if fixed.made else ():
        yield line.encode("utf-8") + (b"" if line.endswith("\n") else b"\n\\ No newline at end of file\n")


def _lines(text: str) -> list[str]:
    """The lines of a text, each with its end."""
    return [text[start:end] for start, end in pairwise([*line_starts(text), len(text)]) if start < end]
