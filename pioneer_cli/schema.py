"""The JSON Schemas of a bid and of a reviewer's file, made from the models, for editors and for other validators.

Draft 2020-12. Committed copies lie beside this module; tests hold them to the models.
"""

from importlib.resources import files
from typing import Any

from pioneer_cli.bid import Bid

SCHEMA_ID = "urn:pioneer:schema:bid:1"
SCHEMA_FILE = "bid.schema.json"
REVIEW_SCHEMA_FILE = "review.schema.json"


def committed_schema(file: str = SCHEMA_FILE) -> str:
    """The text of a schema file that ships with pioneer, read without building it from the models."""
    return (files("pioneer_cli") / file).read_text(encoding="utf-8")


def bid_schema() -> dict[str, Any]:
    """The schema of a bid as plain data, keys in the models' order."""
    return published(Bid.model_json_schema(mode="validation"), SCHEMA_ID)


def published(schema: dict[str, Any], identity: str) -> dict[str, Any]:
    """What pydantic makes of a model, as a schema of draft 2020-12 under an identity of ours."""
    body = _nullable_where_optional(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identity,
        **{key: body[key] for key in body if key != "$defs"},
        "$defs": body["$defs"],
    }


def _nullable_where_optional(node: Any) -> Any:
    """A key with nothing after it counts as left out, so every optional property also takes null."""
    if isinstance(node, list):
        return [_nullable_where_optional(item) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: _nullable_where_optional(value) for key, value in node.items() if key not in ("title", "default")}
    if isinstance(node.get("properties"), dict):
        mandatory = node.get("required", [])
        out["properties"] = {
            name: _nullable_where_optional(found) if name in mandatory else _or_null(_nullable_where_optional(found))
            for name, found in node["properties"].items()
        }
    return out


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    description = {key: schema[key] for key in ("description",) if key in schema}
    body = {key: value for key, value in schema.items() if key != "description"}
    options = body["anyOf"] if list(body) == ["anyOf"] else [body]
    if {"type": "null"} in options:
        return {**body, **description} if "anyOf" in body else schema
    return {"anyOf": [*options, {"type": "null"}], **description}
