"""What may stand at a path of a bid, read from the JSON Schema that ships with pioneer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pioneer_cli.schema import committed_schema
from pioneer_cli.source import YamlPath

Kind = Literal["text", "list", "mapping"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, what it is for, whether it must be there, and what it holds.

    `choices` are the words of a closed list, `true` and `false` among them; of a list they are those of its items, and
    so is `mandatory`, the keys that a mapping must have. `form` says in words what is to be written.
    """

    name: str
    description: str
    required: bool
    kind: Kind
    form: str
    choices: tuple[str, ...]
    mandatory: tuple[str, ...]


def field_at(path: YamlPath) -> Field | None:
    """The field that a path leads to; None when no bid has it. An item of a list is told as the list."""
    steps = [step for step in path if isinstance(step, str)]
    if not steps:
        return None
    return next((found for found in fields_in(_without_last_key(path)) if found.name == steps[-1]), None)


def fields_in(path: YamlPath) -> tuple[Field, ...]:
    """The fields of the part that a path leads to, in the order of the schema; none for what is no mapping."""
    return _fields(tuple(step for step in path if isinstance(step, str)))


def _without_last_key(path: YamlPath) -> YamlPath:
    last = max(index for index, step in enumerate(path) if isinstance(step, str))
    return path[:last]


@cache
def _schema() -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads(committed_schema())
    return schema


@cache
def _fields(steps: tuple[str, ...]) -> tuple[Field, ...]:
    node: Mapping[str, Any] | None = _schema()
    for step in steps:
        part = _part(node.get("properties", {}).get(step)) if node else None
        node = _part(part.get("items")) if part and part.get("type") == "array" else part
    if node is None:
        return ()
    required = node.get("required", [])
    return tuple(_field(name, found, name in required) for name, found in node.get("properties", {}).items())


def _field(name: str, schema: Mapping[str, Any], required: bool) -> Field:
    part = _part(schema) or {}
    listed = part.get("type") == "array"
    inner = (_part(part["items"]) or {}) if listed else part
    kind: Kind = "list" if listed else "mapping" if "properties" in inner else "text"
    choices = ("true", "false") if inner.get("type") == "boolean" else tuple(inner.get("enum", ()))
    form = _form(schema if not listed else part["items"], inner, choices)
    mandatory = tuple(inner.get("required", ())) if "properties" in inner else ()
    return Field(
        name, schema.get("description", ""), required, kind, _listed(form) if listed else form, choices, mandatory
    )


def _part(schema: Any) -> Mapping[str, Any] | None:
    """A schema with its reference followed; of several forms the first, null aside."""
    if not isinstance(schema, dict):
        return None
    if "$ref" in schema:
        found: Mapping[str, Any] = _schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    options = _options(schema)
    return schema if options == [schema] else _part(options[0])


def _options(schema: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]


def _form(schema: Mapping[str, Any], inner: Mapping[str, Any], choices: tuple[str, ...]) -> str:
    """What is to be written, in a few words."""
    if "properties" in inner:
        return "keys with values"
    if inner.get("type") == "boolean":
        return "true or false"
    if choices:
        return "one of a closed list"
    if inner.get("format") == "date":
        return (
            "a day or a month, such as 2014-03-31 or 2014-03"
            if len(_options(schema)) > 1
            else "a day, such as 2014-03-31"
        )
    if inner.get("type") == "integer" and "maximum" in inner:
        return f"a whole number from {inner['minimum']} to {inner['maximum']}"
    if inner.get("type") in ("integer", "number"):
        return "a number"
    return "an id" if "maxLength" in inner else "text"


def _listed(form: str) -> str:
    return f"a list; each item {form}"
