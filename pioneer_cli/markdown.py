"""The small Markdown of prose fields: paragraphs, bullet and numbered lists, *emphasis*, **strong** and links.

Parsed with markdown-it-py into the blocks of the document's tree. A link is printed as its text with the address behind
it. All else that Markdown knows stays as typed, and a sentence that begins with "2013." or "+ 5%" is a sentence, not a
list.
"""

import re
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from pioneer_cli.tree import Block, Listing, Paragraph, Run, Style

_ADDRESS = re.compile(r"\(\s*<?(?:https?://|mailto:)")  # behind the words of a link
_DEEPEST = 19  # the level of text in nine lists, one in the other; what lies deeper markdown-it drops


class _Parser(MarkdownIt):
    """Keeps addresses as they were typed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url


def _addressed_link(state: StateInline, silent: bool) -> bool:
    """A link that leads to an address; `[a](b)` and `[a]()` are text."""
    end = parseLinkLabel(state, state.pos, True) if state.src[state.pos] == "[" else -1
    return end >= 0 and _ADDRESS.match(state.src, end + 1) is not None and link(state, silent)


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("zero").enable(["list", "emphasis", "escape", "newline", "link"])
    parser.inline.ruler.at("link", _addressed_link)
    return parser


@lru_cache(maxsize=256)
def parse_prose(text: str) -> tuple[Block, ...]:
    """The blocks of a prose field; blank text has none. Remembered, since a bid is typeset again and again for cuts."""
    if not text.strip():
        return ()
    tokens = _parser().parse(text)
    if any(token.level >= _DEEPEST for token in tokens):
        return tuple(Paragraph((Run(" ".join(part.splitlines())),)) for part in re.split(r"\n\s*\n", text.strip()))
    blocks, _ = _blocks(tokens, 0)
    return blocks


def _blocks(tokens: list[Token], start: int) -> tuple[tuple[Block, ...], int]:
    """The blocks from a token on, up to the token that closes what holds them."""
    out: list[Block] = []
    index = start
    while index < len(tokens) and tokens[index].nesting >= 0:
        token = tokens[index]
        if token.type == "paragraph_open":
            out.append(Paragraph(_runs(tokens[index + 1].children or [])))
            index += 3
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            items, index = _items(tokens, index + 1)
            out.extend(_list_or_text(token, items))
        else:  # pragma: no cover - the enabled rules make no other blocks
            raise AssertionError(token.type)
    return tuple(out), index


def _items(tokens: list[Token], start: int) -> tuple[list[tuple[str, tuple[Block, ...]]], int]:
    """The items of a list, each with its marker as typed, and the token after the list."""
    items = []
    index = start
    while tokens[index].type == "list_item_open":
        marker = tokens[index].info + tokens[index].markup
        blocks, index = _blocks(tokens, index + 1)
        items.append((marker, blocks))
        index += 1
    return items, index + 1


def _list_or_text(token: Token, items: list[tuple[str, tuple[Block, ...]]]) -> list[Block]:
    """A list, or plain paragraphs where the marker was not meant as one ("2013. The year", "+ 5%", "* * *")."""
    numbered = token.type == "ordered_list_open"
    meant = _counts_up([marker for marker, _ in items]) if numbered else token.markup in ("-", "*")
    if meant and any(_has_words(blocks) for _, blocks in items):
        return [Listing(numbered, tuple(blocks for _, blocks in items if blocks or numbered))]
    out: list[Block] = []
    for marker, blocks in items:
        first = blocks[0].runs if blocks and isinstance(blocks[0], Paragraph) else ()
        out.append(Paragraph((Run(f"{marker} " if first else marker), *first)))
        out.extend(blocks[1:] if first else blocks)
    return out


def _counts_up(markers: list[str]) -> bool:
    """Whether a list is numbered from 1 on, or all with 1 as Markdown allows; any other number belongs to the text."""
    numbers = [int(marker[:-1]) for marker in markers]
    return numbers == list(range(1, len(numbers) + 1)) or set(numbers) == {1}


def _has_words(blocks: tuple[Block, ...]) -> bool:
    """Whether anything but punctuation stands in the blocks."""
    return any(
        any(character.isalnum() for run in block.runs for character in run.text)
        if isinstance(block, Paragraph)
        else isinstance(block, Listing) and any(_has_words(item) for item in block.items)
        for block in blocks
    )


def _runs(tokens: list[Token]) -> tuple[Run, ...]:
    runs: list[Run] = []
    styles: list[Style] = []
    targets: list[str] = []
    for token in tokens:
        if token.type in ("em_open", "strong_open"):
            styles.append("emphasis" if token.type == "em_open" else "strong")
        elif token.type in ("em_close", "strong_close"):
            styles.pop()
        elif token.type == "link_open":
            targets.append(", ".join(str(token.attrs[name]) for name in ("href", "title") if token.attrs.get(name)))
        elif token.type == "link_close":
            runs.append(Run(f" ({targets.pop()})", frozenset(styles)))
        elif token.type == "softbreak":
            runs.append(Run(" ", frozenset(styles)))
        elif token.type == "hardbreak":
            runs.append(Run("\n", frozenset(styles)))
        elif token.content:
            runs.append(Run(token.content, frozenset(styles)))
    return tuple(runs)
