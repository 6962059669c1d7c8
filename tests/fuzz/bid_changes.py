"""Valid bids spoiled at the level of text: nodes deleted, swapped, retyped, renamed, and where that was done.

Nothing here asks pioneer where anything stands: places come from PyYAML's own composer, so that they can differ.
"""

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

import yaml

from pioneer_cli.bid import Bid

Kind = Literal["deleted", "swapped", "retyped", "renamed"]
KINDS: tuple[Kind, ...] = ("deleted", "swapped", "retyped", "renamed")
Shape = Literal["text", "list", "mapping"]
KNOWN = frozenset(Bid.model_json_schema()["properties"]).union(
    *(part.get("properties", {}) for part in Bid.model_json_schema()["$defs"].values())
)
INSTEAD: dict[Shape, tuple[str, ...]] = {
    "text": ("[one, two]", "{one: two}", "[]", "12", "-3.5", "true", "null", '""', "2013-13-45", "some other words"),
    "list": ("some words", "{one: two}", "12", "false", "null", "[[]]", "[null]"),
    "mapping": ("some words", "[one, two]", "12", "false", "null"),
}


@dataclass(frozen=True)
class Node:
    """A key with its value, or an item of a list: offsets into the text, counted from 0.

    `key` is where the key begins and ends; `next_key` where the one after it in the same mapping begins. `holder` is
    where the key, or the item, begins that it belongs to.
    """

    path: tuple[str | int, ...]
    shape: Shape
    start: int
    end: int
    key: tuple[int, int] | None
    next_key: int | None
    holder: int
    in_line: bool

    @property
    def begin(self) -> int:
        """Where it begins, with its key."""
        return self.key[0] if self.key else self.start


@dataclass(frozen=True)
class Change:
    """A spoiled text, what was done to it, and on which of its lines, counted from 1.

    `holder` is the line of the part that something was deleted from, since what is gone has no line. `breaks` says
    that whoever knows the form of a bid knows that this is none: a key that no part has, a value of another shape.
    """

    kind: Kind
    what: str
    text: str
    lines: frozenset[int]
    holder: int | None
    breaks: bool


def nodes_of(text: str) -> list[Node]:
    """Every key and every list item of a text, in their order."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return list(_walk(root, text, (), root.start_mark.index))


def _walk(node: Any, text: str, path: tuple[str | int, ...], holder: int) -> Iterator[Node]:
    if isinstance(node, yaml.MappingNode):
        for index, (key, value) in enumerate(node.value):
            after = node.value[index + 1][0].start_mark.index if index + 1 < len(node.value) else None
            here = (key.start_mark.index, key.end_mark.index)
            yield _node((*path, key.value), value, text, here, after, holder, in_line=bool(node.flow_style))
            yield from _walk(value, text, (*path, key.value), here[0])
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            after = node.value[index + 1].start_mark.index if index + 1 < len(node.value) else None
            yield _node((*path, index), value, text, None, after, holder, in_line=bool(node.flow_style))
            yield from _walk(value, text, (*path, index), value.start_mark.index)


def _node(
    path: tuple[str | int, ...],
    value: Any,
    text: str,
    key: tuple[int, int] | None,
    after: int | None,
    holder: int,
    *,
    in_line: bool,
) -> Node:
    shape: Shape = "text"
    if not isinstance(value, yaml.ScalarNode):
        shape = "mapping" if isinstance(value, yaml.MappingNode) else "list"
    start, end = value.start_mark.index, value.end_mark.index
    while end > start and text[end - 1].isspace():
        end -= 1
    return Node(path, shape, start, end, key, after, holder, in_line)


def line_of(text: str, offset: int) -> int:
    """The line of an offset, counted from 1."""
    return text.count("\n", 0, offset) + 1


def changes(text: str, seed: int) -> Iterator[Change]:
    """Ever more changes of a text, each kind as often as any other; the same ones for the same seed."""
    rng, nodes = Random(seed), nodes_of(text)
    while True:
        for kind in KINDS:
            yield change(text, nodes, kind, rng)


def stacked(text: str, seed: int) -> str:
    """The text after one to four changes, as long as it is still YAML."""
    rng = Random(seed)
    for _ in range(rng.randint(1, 4)):
        try:
            nodes = nodes_of(text)
        except (yaml.YAMLError, AttributeError):  # no longer YAML, or nothing is left
            return text
        if not any(node.key for node in nodes):
            return text
        text = change(text, nodes, rng.choice(KINDS), rng).text
    return text


def change(text: str, nodes: Sequence[Node], kind: Kind, rng: Random) -> Change:
    """One change of a kind."""
    keyed = [node for node in nodes if node.key]
    match kind:
        case "deleted":
            return _deleted(text, rng.choice(nodes))
        case "retyped":
            node = rng.choice(nodes)
            return _retyped(text, node, rng.choice(INSTEAD[node.shape]))
        case "renamed":
            return _renamed(text, rng.choice(keyed), rng)
        case "swapped":
            return _swapped(text, keyed, rng)


def _deleted(text: str, node: Node) -> Change:
    begin, end = node.begin, node.end
    line_begin = text.rfind("\n", 0, begin) + 1
    alone = not text[line_begin:begin].strip(" -") and (node.key is None or "-" not in text[line_begin:begin])
    if node.in_line:
        end = node.next_key or end
        if node.next_key is None and "," in text[line_begin:begin]:
            begin = text.rindex(",", 0, begin)
    elif node.key and node.next_key:
        end = node.next_key  # what follows moves up to where this stood
    elif alone:
        begin, end = line_begin, text.find("\n", end) + 1 or len(text)
    spoiled = text[:begin] + text[end:]
    line = line_of(text, begin)
    seam = {line, line - 1} if text[line_begin:begin].strip(" -") == "" else {line}
    last = spoiled.rstrip("\n").count("\n") + 1
    return Change("deleted", _called(node), spoiled, _within(seam, last), line_of(text, node.holder), breaks=False)


def _retyped(text: str, node: Node, instead: str) -> Change:
    begin, end = node.start, node.end
    if node.key:
        begin = node.key[1] + 1 + text[node.key[1] :].index(":")
        instead = f" {instead}"
    elif node.end == node.start:
        instead = f" {instead}"
    breaks = _shape_of(instead) != node.shape and instead.strip() != "null"
    return _put(
        text,
        "retyped",
        f"{_called(node)} to{' ' if node.key is None else ''}{instead}",
        [(begin, end, instead)],
        breaks=breaks,
    )


def _shape_of(flow: str) -> Shape:
    return {"[": "list", "{": "mapping"}.get(flow.strip()[0], "text")  # type: ignore[return-value]


def _renamed(text: str, node: Node, rng: Random) -> Change:
    assert node.key is not None
    old = text[slice(*node.key)]
    at = rng.randrange(len(old))
    letter = rng.choice(string.ascii_lowercase)
    new = rng.choice(
        [
            old[:at] + old[at + 1 :] or "x",
            old[:at] + letter + old[at:],
            old[:at] + letter + old[at + 1 :],
            old.upper(),
            old.replace("_", "-") + "s",
            rng.choice(["remarks", "colour", "x", "Notes", "to do"]),
            rng.choice(sorted(KNOWN)),
        ]
    )
    return _put(text, "renamed", f"{_called(node)} to {new}", [(*node.key, new)], breaks=new not in KNOWN)


def _swapped(text: str, keyed: Sequence[Node], rng: Random) -> Change:
    """Two values of one line each, from anywhere; or the keys of two neighbours."""
    if rng.random() < 0.5:
        one = rng.choice(keyed)
        other = rng.choice([node for node in keyed if node.path[:-1] == one.path[:-1]])
        places = [node.key for node in (one, other) if node.key]
    else:
        short = [node for node in keyed if node.shape == "text" and "\n" not in text[node.start : node.end]]
        one, other = rng.choice(short), rng.choice(short)
        places = [(node.start, node.end) for node in (one, other)]
    (first, second) = sorted(places)
    edits = [(*first, text[slice(*second)]), (*second, text[slice(*first)])]
    if first == second:
        edits = []
    return _put(text, "swapped", f"{_called(one)} and {_called(other)}", edits, breaks=False)


def _put(text: str, kind: Kind, what: str, edits: Sequence[tuple[int, int, str]], *, breaks: bool) -> Change:
    """The text with pieces replaced, given in their order."""
    lines: set[int] = set()
    spoiled, done = "", 0
    for begin, end, instead in edits:
        spoiled += text[done:begin]
        first = line_of(spoiled, len(spoiled))
        spoiled += instead
        lines.update(range(first, line_of(spoiled, len(spoiled)) + 1))
        done = end
    return Change(kind, what, spoiled + text[done:], frozenset(lines), None, breaks)


def _within(lines: set[int], last: int) -> frozenset[int]:
    return frozenset(min(max(line, 1), last) for line in lines)


def _called(node: Node) -> str:
    return ".".join(map(str, node.path))
