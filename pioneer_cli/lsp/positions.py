"""Columns as editors count them, in units of UTF-16, UTF-8 or UTF-32 from 0, and ours, in characters from 1.

Lines are ended by LF, CRLF or CR and nothing else, as the protocol has it.
"""

from typing import Literal, get_args

from pioneer_cli.diagnostics import Position
from pioneer_cli.source import line_starts

Encoding = Literal["utf-8", "utf-16", "utf-32"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)


def units(text: str, encoding: Encoding) -> int:
    """How many units a text takes; half a character, which only a broken editor sends, counts like a whole one."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))


def to_units(line: str, column: int, encoding: Encoding) -> int:
    """A column of a line, in characters from 1, as units from 0; one past the end is the end."""
    return units(line[: column - 1], encoding)


def to_column(line: str, character: int, encoding: Encoding) -> int:
    """Units from 0 as a column in characters from 1; past the end is the end, inside a character its beginning."""
    if encoding == "utf-32" or line.isascii():
        return max(0, min(character, len(line))) + 1
    passed = 0
    for column, char in enumerate(line, start=1):
        passed += units(char, encoding)
        if passed > character:
            return column
    return len(line) + 1


def to_position(lines: list[str], line: int, character: int, encoding: Encoding) -> Position:
    """A place as an editor gives it, with its line counted from 0; beyond the last line is the end of the text."""
    if line >= len(lines):
        return Position(len(lines), len(lines[-1]) + 1)
    return Position(line + 1, to_column(lines[line], character, encoding))


def changed(text: str, start: tuple[int, int], end: tuple[int, int], new: str, encoding: Encoding) -> str:
    """The text with what stands between two places, given as an editor counts, replaced by something else."""
    starts = line_starts(text)
    begin, finish = (_offset(text, starts, *place, encoding) for place in (start, end))
    return text[:begin] + new + text[max(begin, finish) :]


def _offset(text: str, starts: list[int], line: int, character: int, encoding: Encoding) -> int:
    if line >= len(starts):
        return len(text)
    end = starts[line + 1] if line + 1 < len(starts) else len(text)
    content = text[starts[line] : end].rstrip("\r\n")
    return starts[line] + to_column(content, character, encoding) - 1
