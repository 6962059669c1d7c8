"""The JSON Schema of a reviewer's file: held to the models, and accepting exactly what the models accept."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import pioneer_cli
from pioneer_cli.cli import run
from pioneer_cli.named_files import bid_name
from pioneer_cli.review import REVIEW_SCHEMA_ID, Review, ReviewPart, review_schema
from pioneer_cli.schema import REVIEW_SCHEMA_FILE, committed_schema
from pioneer_cli.source import parse
from pioneer_cli.validate import validate

SCHEMA = review_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
EXAMPLES = sorted((Path(__file__).parent.parent / "docs" / "examples" / "reviews").rglob("*.yaml"))
HEAD: dict[str, Any] = {
    "reviewer": "r1",
    "bid": {"title": "T", "sha256": "a" * 64},
    "pack": {"name": "p", "sha256": "0" * 64},
}


def model_accepts(document: Any) -> bool:
    found = parse(json.dumps(document, ensure_ascii=False), "r1.yaml")
    assert found.diagnostics == ()
    return validate(found, Review).model is not None


def test_the_committed_copy_is_what_the_models_give():
    """To renew it: `PIONEER_UPDATE_GOLDEN=1 python -m pytest tests/test_review_schema.py`."""
    path = Path(pioneer_cli.__file__).parent / REVIEW_SCHEMA_FILE
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("PIONEER_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text
    assert committed_schema(REVIEW_SCHEMA_FILE) == text


def test_it_is_a_schema_of_draft_2020_12():
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == REVIEW_SCHEMA_ID
    Draft202012Validator.check_schema(SCHEMA)


def test_it_is_what_the_command_prints(capsys):
    assert run(["schema", "review"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


PARTS = [part for part in ReviewPart.__subclasses__() if part.__module__ == Review.__module__]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_is_described_and_nothing_else_is_allowed(part):
    schema = SCHEMA if part is Review else SCHEMA["$defs"][part.__name__]
    assert list(schema["properties"]) == list(part.model_fields)
    assert schema["additionalProperties"] is False
    for name, field in part.model_fields.items():
        assert schema["properties"][name]["description"] == field.description


def test_the_examples_are_accepted():
    assert len(EXAMPLES) >= 2
    for path in EXAMPLES:
        found = parse(path.read_text(encoding="utf-8"), path.name)
        assert validate(found, Review).diagnostics == ()
        assert list(VALIDATOR.iter_errors(found.content)) == []


VALUES: list[Any] = [
    None, True, 0, 5, 6, -1, 2.5, "", "x", "a b", "a\n", "a" * 40, "a" * 41, "a" * 60, "a" * 61, "A-b", "A" * 64,
    "a" * 64, "g" * 64, "a" * 63, "met", "sift-in", [], [None], ["x"], {}, [{}], [{"criterion": "C1"}],
    [{"criterion": "C1", "level": None}], [{"question": "x"}], [{"organisation": "x"}], {"title": "T"},
    {"title": "", "sha256": "0" * 64},
]  # fmt: skip
FIELDS: dict[str, Any] = {
    "reviewer": lambda value: {"reviewer": value},
    "agreed": lambda value: {"agreed": value},
    "bid": lambda value: {"bid": value},
    "digest": lambda value: {"bid": {"title": "T", "sha256": value}},
    "conflicts": lambda value: {"conflicts": value},
    "criteria": lambda value: {"criteria": value},
    "level": lambda value: {"criteria": [{"criterion": "C1", "level": value}]},
    "quotes": lambda value: {"criteria": [{"criterion": "C1", "quotes": value}]},
    "questions": lambda value: {"questions": value},
    "question": lambda value: {"questions": [{"question": value}]},
    "answer": lambda value: {"questions": [{"question": "q", "answer": value}]},
    "recommendation": lambda value: {"recommendation": value},
    "verdict": lambda value: {"recommendation": {"verdict": value}},
}


@pytest.mark.parametrize("field", FIELDS)
def test_model_and_schema_agree_on_every_value_of_a_field(field):
    verdicts = []
    for value in VALUES:
        document = HEAD | FIELDS[field](value)
        verdicts.append(model_accepts(document))
        assert VALIDATOR.is_valid(document) == verdicts[-1], value
    assert any(verdicts)
    assert not all(verdicts)


def test_a_digest_that_is_none_is_told_in_words_of_its_own():
    found = validate(parse(json.dumps(HEAD | {"pack": {"name": "p", "sha256": "12"}}), "r1.yaml"), Review)
    assert [(fault.code, fault.message) for fault in found.diagnostics] == [("wrong-digest", "this is no sha256")]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("bids/exemplar.yaml", "exemplar"), ("bids/x/bid.yaml", "x"), ("bid.yaml", "bid"), ("./bid.yaml", "bid"),
        ("../bid.yaml", "bid"), ("...yaml", "bid"), ("a/../bid.yml", "bid"), ("/bid.yaml", "bid"), ("x.y.yaml", "x.y"),
    ],
)  # fmt: skip
def test_files_are_named_after_the_bid_and_never_lead_to_another_folder(file, name):
    assert bid_name(file) == name
