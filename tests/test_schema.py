"""The JSON Schema of a bid: held to the models, to its metaschema, and accepting exactly what the models accept."""

import json
import os
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel

import pioneer_cli
from pioneer_cli.bid import Bid, Part
from pioneer_cli.quantities import Count, Day, DayOrMonth, Money, Number, Scale, Year
from pioneer_cli.schema import SCHEMA_FILE, SCHEMA_ID, bid_schema, committed_schema
from pioneer_cli.source import parse
from pioneer_cli.validate import validate

BIDS = Path(__file__).parent.parent / "bids"
SCHEMA = bid_schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def model_accepts(document: Any) -> bool:
    """Whether the model takes the document, read as the YAML that every JSON text is."""
    found = parse(json.dumps(document, ensure_ascii=False), "bid.yaml")
    assert found.diagnostics == ()
    assert found.content == document
    return validate(found, Bid).model is not None


# --- The file --------------------------------------------------------------------------------------------------------


def test_the_committed_copy_is_what_the_models_give():
    """To renew it: `PIONEER_UPDATE_GOLDEN=1 python -m pytest tests/test_schema.py`."""
    path = Path(pioneer_cli.__file__).parent / SCHEMA_FILE
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("PIONEER_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text
    assert committed_schema() == path.read_text(encoding="utf-8")


def test_it_is_a_schema_of_draft_2020_12():
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == SCHEMA_ID
    Draft202012Validator.check_schema(SCHEMA)


def test_it_has_a_definition_for_every_part():
    assert SCHEMA["$defs"].keys() == {part.__name__ for part in Part.__subclasses__()} - {"Bid"}


@pytest.mark.parametrize("part", Part.__subclasses__(), ids=lambda part: part.__name__)
def test_every_field_is_described_and_nothing_else_is_allowed(part):
    schema = SCHEMA if part is Bid else SCHEMA["$defs"][part.__name__]
    assert list(schema["properties"]) == list(part.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["description"] == part.__doc__
    for name, field in part.model_fields.items():
        assert schema["properties"][name]["description"] == field.description


def test_every_pattern_means_the_same_in_other_dialects():
    """No pattern ends in `$`, which Python lets stand before a line break, nor uses what ECMAScript does not know."""
    patterns = set(find_all(SCHEMA, "pattern"))
    assert len(patterns) == 5
    for pattern in patterns:
        assert pattern.startswith("^")
        assert pattern.endswith(r"(?![\s\S])")
        assert not any(sign in pattern for sign in (r"\Z", r"\A", r"\d", "(?P", "(?i"))


def find_all(node: Any, key: str) -> list[Any]:
    """Every value under a key, at any depth."""
    if isinstance(node, list):
        return [found for item in node for found in find_all(item, key)]
    if not isinstance(node, dict):
        return []
    return [value for name, value in node.items() if name == key] + [
        found for value in node.values() for found in find_all(value, key)
    ]


# --- What it accepts -------------------------------------------------------------------------------------------------


def test_every_bid_of_the_repository_is_accepted():
    paths = sorted(BIDS.rglob("*.yaml"))
    assert len(paths) >= 2
    for path in paths:
        found = parse(path.read_text(encoding="utf-8"), path.name)
        assert validate(found, Bid).diagnostics == ()
        assert list(VALIDATOR.iter_errors(found.content)) == []


HEAD = {"call": "pioneers-2013", "title": "Care together", "area": {"name": "Nowhere"}}


def outcome(kind: str, value: Any) -> dict[str, Any]:
    """A bid with one value in a field of a kind."""
    fields: dict[str, dict[str, Any]] = {
        "text": {"summary": value},
        "id": {"lead": value},
        "closed list": {"health_and_wellbeing_boards": [{"name": "B", "support": value}]},
        "true or false": {"joint_application": value},
        "day": {"submission_date": value},
        "day or month": {"health_and_wellbeing_boards": [{"name": "B", "date": value}]},
        "money": {"capability": {"funding": {"total": value}}},
        "count": {"area": {"name": "N", "population": value}},
        "number": {"vision": {"outcomes": [{"outcome": "O", "baseline": {"value": value}}]}},
        "scale": {"capability": {"risks": [{"risk": "R", "likelihood": value}]}},
        "year": {"evidence": {"sources": [{"id": "E1", "citation": "C", "year": value}]}},
        "list": {"partners": value},
        "part": {"vision": value},
        "item": {"vision": {"narrative": {"domains": [value]}}},
        "mandatory text": {"title": value},
        "mandatory part": {"area": value},
        "unknown key": {"budget": value},
    }
    return HEAD | fields[kind]


VALUES: list[Any] = [
    None, True, False, 0, 1, 3, 5, 6, -1, 12.5, 3.0, 2012, 2012.0, 1899, 1900, 2100, 2101, 10**12 - 1, 10**12,
    10**18 - 1, 1 - 10**18, 0.01, -0.5, "", " ", "x", "12", "3", "2012", "true", "null", "none", "None", "agreed",
    "council", "a b", "a\n", "a.b-c", "a" * 40, "a" * 41, "2013-06-28", "2013-06-28\n", "2013-06", "2013-06\n",
    "2013-02-29", "2012-02-29", "1900-02-29", "2013-13", "1899-12", "2100-01", "28/06/2013", "£1.2m", "£ 5", " 5", "5 ",
    "1,200", "12,00", "1,200\n", "450k", "999bn", "1000bn", "999.999999bn", "999,999m", "1,000,000m", "999999999k",
    "999999999999.5", "1000000000000", "0.1234567", "14%", "communication", [], [None], ["communication"], {},
    {"name": "N"}, {"name": None}, {"statement": "S"}, {"statement": None}, {"budget": None}, [{}],
    [{"id": "a", "organisation": "A"}], [{"id": "a"}],
]  # fmt: skip
KINDS = (
    "text", "id", "closed list", "true or false", "day", "day or month", "money", "count", "number", "scale", "year",
    "list", "part", "item", "mandatory text", "mandatory part", "unknown key",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_model_and_schema_agree_on_every_value_of_a_field(kind):
    verdicts = []
    for value in VALUES:
        document = outcome(kind, value)
        verdicts.append(model_accepts(document))
        assert VALIDATOR.is_valid(document) == verdicts[-1], value
    assert any(verdicts) == (kind != "unknown key")
    assert not all(verdicts)


# --- What it accepts, whatever the structure -------------------------------------------------------------------------

WORDS = st.text("abc é£–12.,:#-'\"{}[]&*!|>%@`\n", max_size=12)
NUMBERS = st.integers(-(10**6), 10**13) | st.integers(-(10**6), 10**6).map(lambda hundredths: hundredths / 100)
GOOD: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    str: st.sampled_from(["council", "E1", "nhs-north.2"]),
    Count: st.integers(0, 10**6) | st.sampled_from(["167,400", "12", 12.0]),
    Day: st.sampled_from(["2013-06-28", "2012-02-29"]),
    DayOrMonth: st.sampled_from(["2013-06-28", "2014-03"]),
    Money: st.integers(0, 10**9) | st.sampled_from(["£1.2m", "15,800,000", "450k", "£3.8bn", 0.5]),
    Number: NUMBERS,
    Scale: st.integers(1, 5),
    Year: st.integers(1900, 2100),
}
JUNK = st.sampled_from(VALUES) | WORDS | NUMBERS
KEYS = st.sampled_from(
    sorted({name for part in Part.__subclasses__() for name in part.model_fields} | {"titel", "id "})
)


def values(draw: st.DrawFn, annotation: Any, noise: int) -> Any:
    """A value for a field; one in `noise` is junk, or none is when it is 0."""
    if noise and draw(st.integers(1, noise)) == 1:
        return draw(JUNK)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return [values(draw, arguments[0], noise) for _ in range(draw(st.integers(0, 2)))]
    if origin is Literal:
        return draw(st.sampled_from(arguments))
    if annotation in GOOD:
        return draw(GOOD[annotation])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return part_of(draw, annotation, noise)
    if type(None) in arguments:
        return None if draw(st.integers(1, 8)) == 1 else values(draw, arguments[0], noise)
    return draw(GOOD[str])  # a text or an id


def part_of(draw: st.DrawFn, part: type[BaseModel], noise: int) -> dict[str, Any]:
    """A part with some of its fields; with noise, mandatory ones may lack and unknown ones stand there."""
    chosen = {name for name in part.model_fields if draw(st.integers(1, 3)) == 1}
    mandatory = {name for name, field in part.model_fields.items() if field.is_required()}
    if not noise or draw(st.integers(1, noise)) > 1:
        chosen |= mandatory
    document = {
        name: values(draw, field.annotation, noise) for name, field in part.model_fields.items() if name in chosen
    }
    if noise and draw(st.integers(1, noise)) == 1:
        document[draw(KEYS)] = draw(JUNK)
    return document


@st.composite
def documents(draw, noise):
    """A bid as JSON data."""
    return part_of(draw, Bid, noise)


SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)  # a bid is large
THOROUGH = settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=SLOW)


@settings(THOROUGH, max_examples=200)
@given(documents(noise=0))
def test_what_the_models_promise_both_accept(document):
    assert VALIDATOR.is_valid(document)
    assert model_accepts(document)


@settings(THOROUGH, max_examples=1000)
@given(documents(noise=60))
def test_model_and_schema_agree_on_bids_with_a_few_faults(document):
    assert model_accepts(document) == VALIDATOR.is_valid(document)


@settings(THOROUGH, max_examples=200)
@given(documents(noise=8))
def test_model_and_schema_agree_on_bids_with_many_faults(document):
    assert model_accepts(document) == VALIDATOR.is_valid(document)


def paths_in(node: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value in a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at] * bool(at) + [path for key, value in inner for path in paths_in(value, (*at, key))]


EXEMPLAR = parse((BIDS / "exemplar.yaml").read_text(encoding="utf-8"), "exemplar.yaml").content
EXEMPLAR_PATHS = paths_in(EXEMPLAR)


@st.composite
def exemplars_with_a_fault(draw):
    """The exemplar with one value cut out, replaced, or put under another key."""
    document = json.loads(json.dumps(EXEMPLAR))
    *steps, last = draw(st.sampled_from(EXEMPLAR_PATHS))
    parent: Any = document
    for step in steps:
        parent = parent[step]
    value = parent.pop(last)
    change = draw(st.sampled_from(["cut", "replace", "rename"]))
    if isinstance(parent, list) and change != "cut":
        parent.insert(last, draw(JUNK))
    elif change == "replace":
        parent[last] = draw(JUNK)
    elif change == "rename":
        parent[draw(KEYS)] = value
    return document


@settings(THOROUGH, max_examples=200)
@given(exemplars_with_a_fault())
def test_model_and_schema_agree_on_the_exemplar_with_a_fault(document):
    assert model_accepts(document) == VALIDATOR.is_valid(document)
