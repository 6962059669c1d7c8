"""Fields that refer to another part of the bid by its id, and the entries that they can name."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pioneer_cli.bid import is_id
from pioneer_cli.diagnostics import Position
from pioneer_cli.lsp.outline import Entry
from pioneer_cli.source import Source, YamlPath

PARTNERS: YamlPath = ("partners",)
SOURCES: YamlPath = ("evidence", "sources")
# By the names of their keys, lists' items aside: where the ids stand, and which field says what an entry is.
REFERENCES: dict[tuple[str, ...], YamlPath] = {
    ("lead",): PARTNERS,
    ("evidence", "provider_impact", "provider"): PARTNERS,
    ("vision", "outcomes", "evidence"): SOURCES,
    ("vision", "efficiencies", "evidence"): SOURCES,
    ("capability", "track_record", "evidence"): SOURCES,
}
NAMED_BY = {PARTNERS: "organisation", SOURCES: "citation"}
_CITED = re.compile(r"\[([A-Za-z0-9.-]+)\]")


def refers_to(path: YamlPath) -> YamlPath | None:
    """The list whose ids stand at a path; None for a field that refers to nothing."""
    return REFERENCES.get(tuple(step for step in path if isinstance(step, str)))


def ids_in(content: object, root: YamlPath) -> Iterator[tuple[str, str, YamlPath]]:
    """The ids of a list of entries, each with what the entry is and its path; whatever is no entry is passed over."""
    listed: Any = content
    for step in root:
        listed = listed.get(step) if isinstance(listed, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        name = entry.get("id") if isinstance(entry, dict) else None
        if isinstance(name, str) and is_id(name):
            yield name, str(entry.get(NAMED_BY[root]) or ""), (*root, index)


def ids_typed(found: Iterable[Entry], root: YamlPath) -> Iterator[tuple[str, str]]:
    """The same, without paths, from a file of which only the lines can be read."""
    about: dict[YamlPath, dict[object, str]] = {}
    for entry in found:
        if len(entry.path) == len(root) + 2 and entry.path[: len(root)] == root:
            about.setdefault(entry.path[:-1], {})[entry.path[-1]] = entry.value
    for said in about.values():
        name = said.get("id", "").strip("'\"")
        if is_id(name):
            yield name, said.get(NAMED_BY[root], "")


def definition(source: Source, at: Position) -> tuple[YamlPath, str] | None:
    """The entry that is referred to at a place, by a field or in brackets in a text, with what it is; None for none."""
    here = source.path_at(at)
    if here is None or here[1]:
        return None
    path = here[0]
    root = refers_to(path)
    if root is not None:
        return _entry(source.content, root, value_at(source.content, path))
    for cited in _CITED.finditer(source.line(at.line)):
        if cited.start() < at.column <= cited.end() + 1:
            return _entry(source.content, SOURCES, cited[1])
    return None


def _entry(content: object, root: YamlPath, wanted: object) -> tuple[YamlPath, str] | None:
    """The first entry with an id, or of a name: a provider may be named by either."""
    for name, what, path in ids_in(content, root):
        if wanted and wanted in (name, what):
            return path, what
    return None


def value_at(content: Any, path: YamlPath) -> Any:
    """What a path leads to; None where it leads nowhere, as in a file that could not be read to its end."""
    for step in path:
        try:
            content = content[step]
        except (IndexError, KeyError, TypeError):
            return None
    return content
