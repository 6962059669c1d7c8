"""What can be written where the cursor stands: keys, words of closed lists, ids of partners, sources and rules."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Position
from pioneer_cli.lsp.fields import Field, field_at, fields_in
from pioneer_cli.lsp.outline import Spot, entries, spot_at
from pioneer_cli.lsp.references import SOURCES, ids_in, ids_typed, refers_to
from pioneer_cli.pack import Pack
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import YamlPath, split_lines
from pioneer_cli.waivable import names_of, rests_on_the_call

STEP = 2  # columns of indentation


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to write: what to show and to insert in the place of `start` up to `end`, columns of the cursor's line.

    `snippet` marks with $1 and so on where to go on typing; `text` is the same for editors that know no snippets. Their
    further lines are indented from where the cursor's line begins.
    """

    label: str
    kind: Literal["key", "choice", "id", "rule"]
    text: str
    snippet: str
    detail: str
    about: str
    start: int
    end: int


def suggestions(text: str, at: Position, content: object, pack: Pack | None, phase: Phase) -> list[Suggestion]:
    """What can be written at a place of a text that may be half written.

    `content` is what the file last held when it could be read, and `pack` the one it is judged by, if any.
    """
    lines = split_lines(text)
    spot = spot_at(lines, at)
    if spot is None:
        return []
    if spot.kind == "ignore":
        return [_placed(found, spot, at) for found in _rules(pack, phase)]
    root = SOURCES if spot.kind == "text" else refers_to(spot.path)
    if root is not None and (spot.kind != "key" or isinstance(spot.path[-1], int)):
        return [_placed(found, spot, at) for found in _ids(lines, content, root) if found.label not in spot.taken]
    found = _keys(spot) if spot.kind == "key" else _choices(spot.path)
    return [_placed(suggestion, spot, at) for suggestion in found if suggestion.label not in spot.taken]


def _placed(found: Suggestion, spot: Spot, at: Position) -> Suggestion:
    return replace(found, start=spot.column, end=at.column + len(spot.rest))


def _plain(label: str, kind: Literal["choice", "id", "rule"], detail: str, about: str = "") -> Suggestion:
    return Suggestion(label, kind, label, label, detail, about, 0, 0)


def _rules(pack: Pack | None, phase: Phase) -> Iterator[Suggestion]:
    """What a comment may ignore; what rests on the call may not be."""
    if pack is None:
        return
    claims = {rule.id: (consideration.id, rule.claim) for _, consideration, rule in pack.rules()}
    claims |= {gate.id: ("gate", gate.claim) for gate in pack.about.gates}
    judged = {rule.id for _, _, rule in pack.rules() if rule.is_judged}  # what people answer is never a gap
    refused = rests_on_the_call(pack, phase)
    for name in names_of(pack):
        if name not in refused and name not in judged:
            yield _plain(name, "rule", *claims.get(name, ("file", "")))


def _ids(lines: list[str], content: object, root: YamlPath) -> Iterator[Suggestion]:
    """The ids of partners or sources: those of the file as it last could be read, and those that its lines show."""
    seen = {name: what for name, what, _ in ids_in(content, root)}
    seen |= dict(ids_typed(entries(lines), root))
    for name, what in seen.items():
        yield _plain(name, "id", what, "")


def _choices(path: YamlPath) -> Iterator[Suggestion]:
    found = field_at(path)
    if path == ("call",):
        for name in shipped_names("criteria"):
            yield _plain(name, "choice", "criteria pack")
    elif found is not None:
        for choice in found.choices:
            yield _plain(choice, "choice", found.name, found.description)


def _keys(spot: Spot) -> Iterator[Suggestion]:
    """The keys of the part that the cursor stands in; behind the dash of a plain item, what the item can be."""
    fields = fields_in(spot.path)
    at_item = bool(spot.path) and isinstance(spot.path[-1], int)
    if at_item and not fields:
        yield from _choices(spot.path)
        return
    parent = field_at(spot.path)
    if parent is not None and parent.kind == "list" and not at_item:
        dash = _body(parent, STEP)
        if not spot.typed:
            first = "- " + dash[0] if dash else "- $1"
            yield Suggestion("-", "key", _without_stops(first), first, parent.name, parent.description, 0, 0)
        return
    for found in fields:
        body = "" if spot.has_value else _after_key(found, spot.indent)
        snippet = found.name + body
        detail = f"{found.form}, mandatory" if found.required else found.form
        yield Suggestion(found.name, "key", _without_stops(snippet), snippet, detail, found.description, 0, 0)


def _after_key(found: Field, indent: int) -> str:
    """The colon, and what a mapping or a list begins with, with its mandatory keys."""
    if found.kind == "text":
        return ": $1"
    inner = " " * (indent + STEP)
    lines = _body(found, indent + STEP + (STEP if found.kind == "list" else 0))
    if found.kind == "mapping":
        return f":\n{inner}" + (f"\n{inner}".join(lines) if lines else "$1")
    return f":\n{inner}- " + ("\n".join(lines) if lines else "$1")


def _body(found: Field, indent: int) -> list[str]:
    """The mandatory keys, each on its line; those after the first are indented by whoever joins them."""
    lines = [f"{key}: ${number}" for number, key in enumerate(found.mandatory, start=1)]
    if found.kind == "list" and len(lines) > 1:
        return [lines[0] + "".join(f"\n{' ' * indent}{line}" for line in lines[1:])]
    return lines


def _without_stops(snippet: str) -> str:
    for number in range(1, 10):
        snippet = snippet.replace(f"${number}", "")
    return snippet
