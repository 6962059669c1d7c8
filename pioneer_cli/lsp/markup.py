"""What an editor shows in a box, as Markdown: no markup but ours, no link and no HTML, whatever a bid or a pack says.

Characters that could begin markup have a backslash before them, so that editors that show the bare text show it too.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pioneer_cli.explanation import Line

Block = Sequence[Line]
_MARKUP = re.compile(
    r"""[\\`*\[\]<>&~|$@]  # markup, HTML, tables, mathematics, addresses for mail
    |_(?!\w)|(?<!\w)_  # inside a word it is no markup
    |:(?=//)|(?<=\bwww)\.  # addresses
    |^\s*[#+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]  # headings and lists""",
    re.IGNORECASE | re.VERBOSE,
)
_ITEM = re.compile(r" *- ")


def as_text(blocks: Sequence[Block]) -> str:
    """The blocks as plain text, each line on its own, with a blank line between two blocks."""
    return "\n\n".join("\n".join(map(str, block)) for block in blocks)


def as_markdown(blocks: Sequence[Block]) -> str:
    """The same as Markdown: the first line of several and labels are strong; what stands in `backquotes` is code."""
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    first = f"**{_escaped(str(block[0]))}**" if len(block) > 1 else _line(block[0])
    return first + "".join(_between(before, after) + _line(after) for before, after in pairwise(block))


def _between(before: Line, after: Line) -> str:
    """The items of a list stand below each other; other lines are broken where they end."""
    items = [bool(_ITEM.match(str(line))) for line in (before, after)]
    if all(items):
        return "\n"
    return "\n\n" if any(items) else "  \n"


def _line(line: Line) -> str:
    if line.label:
        return f"**{_escaped(line.label)}:** {_escaped(line.text)}"
    item = _ITEM.match(line.text)
    return f"{item.group()}{_escaped(line.text[item.end() :])}" if item else _escaped(line.text)


def _escaped(text: str) -> str:
    pieces = re.split(r"(`[^`]+`)", text)
    return "".join(piece if at % 2 else _MARKUP.sub(r"\\\g<0>", piece) for at, piece in enumerate(pieces))
