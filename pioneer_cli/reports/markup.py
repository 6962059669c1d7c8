"""Text for Markdown that is rendered elsewhere, such as a comment on a pull request.

Whatever a bid says stays what it says: no markup, no link, no mention of a person, no reference to an issue, no quick
action. Characters that could begin one are written as character references, and where a site looks for names after
it has rendered the Markdown, a zero-width space keeps them apart.
"""

import re

from pioneer_cli.reports.look import printable

_MARKUP = re.compile(
    r"""[&<>\\`*_\[\]|~$@]  # markup, and mathematics
    |[#!%^:](?=[\w/:#\["])  # references such as #1, !1, %1; addresses; and what a build server obeys
    |(?<=\bwww)\.|(?<=\bgh)-(?=\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_APART = "&#8203;"  # a zero-width space


def inline(text: str, most: int = 400) -> str:
    """A text on one line as Markdown that shows it; what stands in `backquotes` is shown as code. Cut to `most`."""
    shown = printable(text)
    if len(shown) > most:
        shown = f"{shown[:most]}…"
    pieces = re.split(r"`([^`]+)`", shown)
    spans = (_code(piece) if number % 2 else _escaped(piece) for number, piece in enumerate(pieces))
    return "".join(spans).replace("``", f"`{_APART}`")  # two spans side by side would be read as one


def code(text: str, most: int = 200) -> str:
    """A name or a path, shown as code."""
    shown = printable(text)
    return _code(shown if len(shown) <= most else f"{shown[:most]}…")


def _code(text: str) -> str:
    """A code span where nothing in it can end it, a table's cell or a line; else the element."""
    if text and text.strip(" ") == text and not re.search(r"[`|]|##|::", text):
        return f"`{text}`"
    return f"<code>{_MARKUP.sub(lambda match: f'&#{ord(match.group())};', text)}</code>"


def _escaped(text: str) -> str:
    """Each character that could begin markup as a reference, and a space that nobody sees behind it before a name."""
    return _MARKUP.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    after = match.string[match.end() : match.end() + 1]
    apart = after and (after.isalnum() or after in '_/:#"')
    return f"&#{ord(match.group())};{_APART if apart and match.group() not in '<>*`|' else ''}"
