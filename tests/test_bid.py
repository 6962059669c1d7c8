"""The models of a bid: how little is mandatory, what every field has, and the references that no model can hold."""

from decimal import Decimal
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from pioneer_cli.bid import Bid, Part, broken_references, leads_somewhere, plain
from pioneer_cli.source import parse
from pioneer_cli.validate import validate

PARTS = [Bid, *sorted((part for part in Part.__subclasses__() if part is not Bid), key=lambda part: part.__name__)]
FIELDS = [(part, name) for part in PARTS for name in part.model_fields]
HEAD = "call: pioneers-2013\ntitle: Care together\narea:\n  name: Nowhere\n"


def read(text: str) -> Bid:
    """The bid of a text that has nothing wrong with it."""
    found = parse(text, "bid.yaml")
    validated = validate(found, Bid)
    assert found.diagnostics + validated.diagnostics == ()
    assert validated.model is not None
    return validated.model


# --- What is there when little is written ----------------------------------------------------------------------------


def test_an_almost_empty_bid_is_valid():
    bid = read(HEAD)
    assert (bid.call, bid.title, bid.area.name) == ("pioneers-2013", "Care together", "Nowhere")
    assert bid.partners == ()
    assert bid.lead is None
    assert bid.vision.outcomes == ()
    assert bid.vision.narrative.domains == ()
    assert bid.capability.funding.total is None
    assert bid.evidence.sources == ()


def test_only_title_call_and_area_are_mandatory():
    assert {name for name, field in Bid.model_fields.items() if field.is_required()} == {"title", "call", "area"}


@pytest.mark.parametrize("name", sorted(Bid.model_fields.keys() - {"title", "call", "area"}))
def test_every_other_part_may_be_left_out_or_empty(name):
    assert read(f"{HEAD}{name}:\n") == read(HEAD)


def test_an_empty_section_is_the_same_as_none():
    assert plain(read(f"{HEAD}vision: {{}}\n")) == plain(read(HEAD))


def test_there_is_a_section_for_each_criterion():
    sections = ["vision", "whole_system", "commitment", "capability", "sharing", "evidence"]
    assert [name for name in Bid.model_fields if name in sections] == sections


# --- What is read ----------------------------------------------------------------------------------------------------

FULL = f"""{HEAD}  population: 167,400
lead: council
submission_date: 2013-06-28
joint_application: true
partners:
  - {{id: council, organisation: Nowhere Council, kind: council, support: agreed, date: 2013-06}}
vision:
  outcomes:
    - outcome: Fewer falls
      benefits: [individuals, carers]
      baseline: {{value: 14.2, date: 2012-03-31}}
capability:
  risks:
    - {{risk: Money, likelihood: 3, impact: 5}}
  funding:
    total: £3.8bn
    sources:
      - {{source: Grant, amount: 450k, year: 2013/14}}
evidence:
  sources:
    - {{id: E1, citation: A study, year: 2012}}
"""


def test_values_are_read_into_their_types():
    bid = read(FULL)
    assert bid.area.population == 167400
    assert str(bid.submission_date) == "2013-06-28"
    assert bid.joint_application is True
    assert bid.partners[0].date is not None
    assert bid.partners[0].date.is_month
    assert bid.vision.outcomes[0].benefits == ("individuals", "carers")
    assert bid.vision.outcomes[0].baseline.value == Decimal("14.2")
    assert (bid.capability.risks[0].likelihood, bid.capability.risks[0].impact) == (3, 5)
    assert bid.capability.funding.total == 3_800_000_000
    assert bid.capability.funding.sources[0].amount == 450_000
    assert bid.evidence.sources[0].year == 2012


def test_a_bid_as_plain_data_has_every_field():
    data = plain(read(FULL))
    assert list(data) == list(Bid.model_fields)
    assert data["vision"]["outcomes"][0]["target"] == {"value": None, "date": None}
    assert data["partners"][0]["id"] == "council"
    assert data["vision"]["outcomes"][0]["benefits"] == ["individuals", "carers"]


@pytest.mark.parametrize("name", ["council", "E1", "C3b", "nhs-north.2", "2013", "a" * 40])
def test_ids(name):
    assert read(f'{HEAD}partners:\n  - id: "{name}"\n    organisation: O\n').partners[0].id == name


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a-", "a--b", "a_b", "é", "a\\n", "a/b", "a" * 41])
def test_what_cannot_be_an_id(name):
    found = parse(f'{HEAD}partners:\n  - id: "{name}"\n    organisation: O\n', "bid.yaml")
    (fault,) = validate(found, Bid).diagnostics
    assert str(fault.span.start) == "6:9"
    assert fault.code in ("wrong-id", "too-long")


# --- What every model keeps to ---------------------------------------------------------------------------------------


def test_the_models_and_fields_are_found():
    assert len(PARTS) == 34
    assert len(FIELDS) > 150
    assert len(CLOSED_LISTS) > 15
    assert len(OPTIONAL) > 100


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_part_is_frozen_and_closed_and_hides_its_input(part):
    assert part.model_config["frozen"] is True
    assert part.model_config["extra"] == "forbid"
    assert part.model_config["hide_input_in_errors"] is True
    assert part.__doc__


def test_nothing_changes_after_reading():
    bid = read(HEAD)
    with pytest.raises(ValidationError):
        bid.title = "Another"
    with pytest.raises(ValidationError):
        bid.vision.statement = "Another"


@pytest.mark.parametrize(("part", "name"), FIELDS)
def test_every_field_has_a_description(part, name):
    description = part.model_fields[name].description
    assert description
    assert description[0] == description[0].upper() or description.startswith("none,")
    assert description.endswith((".", "C6."))


def leaves(annotation: object) -> list[object]:
    """What an annotation is made of once `| None` and lists are taken off; any other union fails."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        options = [option for option in get_args(annotation) if option is not NoneType]
        assert len(options) == 1, f"a plain union: {annotation}"
        return leaves(options[0])
    if origin is tuple:
        (item, rest) = get_args(annotation)
        assert rest is Ellipsis
        return leaves(item)
    return [annotation]


@pytest.mark.parametrize(("part", "name"), FIELDS)
def test_there_are_no_unions_but_with_none(part, name):
    (leaf,) = leaves(part.model_fields[name].annotation)
    assert get_origin(leaf) is Literal or isinstance(leaf, type) or hasattr(leaf, "__metadata__")


CLOSED_LISTS = [(part, name) for part, name in FIELDS if "Literal" in str(part.model_fields[name].annotation)]
OPTIONAL = [(part, name) for part, name in FIELDS if not part.model_fields[name].is_required()]


@pytest.mark.parametrize(("part", "name"), CLOSED_LISTS)
def test_closed_lists_hold_lower_case_words(part, name):
    (leaf,) = leaves(part.model_fields[name].annotation)
    words = get_args(leaf)
    assert len(set(words)) == len(words) >= 3
    assert all(word == word.lower() and " " not in word and "_" not in word for word in words)


@pytest.mark.parametrize(("part", "name"), OPTIONAL)
def test_optional_fields_are_empty_when_left_out(part, name):
    default = part.model_fields[name].get_default(call_default_factory=True)
    assert default is None or default == () or plain(default) == plain(type(default)())


# --- References ------------------------------------------------------------------------------------------------------


def references(text: str) -> list[tuple[tuple[str | int, ...], str, str]]:
    """The broken references of a text, told alike of the bid and of its plain content."""
    found = parse(text, "bid.yaml")
    told = list(broken_references(found.content))
    model = validate(found, Bid).model
    if model is not None:
        assert list(broken_references(model)) == told
    return told


PARTNERS = "partners:\n  - {id: council, organisation: A}\n  - {id: ccg, organisation: B}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        PARTNERS,
        f"lead: ccg\n{PARTNERS}",
        "evidence: {sources: [{id: council, citation: A}]}\n" + PARTNERS,
        "partners: []\nevidence: {sources: []}\n",
    ],
)
def test_whole_references_are_left_alone(text):
    assert references(HEAD + text) == []


def test_an_id_that_stands_twice():
    assert references(f"{HEAD}{PARTNERS}  - {{id: council, organisation: C}}\n") == [
        (("partners", 2, "id"), 'the id "council" is taken by an earlier entry', "give each its own id")
    ]


def test_a_source_that_stands_three_times():
    sources = "[{id: E1, citation: A}, {id: E1, citation: B}, {id: E1, citation: C}]"
    found = references(f"{HEAD}evidence: {{sources: {sources}}}\n")
    assert [path for path, _, _ in found] == [("evidence", "sources", 1, "id"), ("evidence", "sources", 2, "id")]


@pytest.mark.parametrize(
    ("partners", "known"), [(PARTNERS, "council, ccg"), ("", "none yet"), ("partners: []\n", "none yet")]
)
def test_a_lead_that_is_no_partner(partners, known):
    assert references(f"{HEAD}lead: county\n{partners}") == [
        (("lead",), 'no partner has the id "county"', f"the ids of partners are: {known}")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "lead: a b\n",
        "lead: 3\n",
        "lead: [x]\n",
        "lead: x\npartners: [{ids: x, organisation: A}]\n",
        "lead: x\npartners: [{id: 3, organisation: A}]\n",
        "lead: x\npartners: [*x]\n",
        "lead: x\npartners: x\n",
        "lead: x\npartnres: [{id: x, organisation: A}]\n",
        "partners: [{id: a b, organisation: A}, {id: a b, organisation: B}]\n",
        "partners: [a, a]\nevidence: [a]\n",
    ],
)
def test_what_is_wrong_in_another_way_breaks_no_reference(text):
    assert references(HEAD + text) == []


@pytest.mark.parametrize("content", [None, [], "text", 3, {"evidence": 3}, {"evidence": {"sources": {"id": "E1"}}}])
def test_any_content_may_be_asked(content):
    assert list(broken_references(content)) == []


# --- Paths -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["title", "area.name", "partners", "partners.*", "partners.*.id", "vision.narrative.domains.*",
     "capability.workstreams.*.milestones.*.by", "vision.outcomes.*.baseline.value"],
)  # fmt: skip
def test_paths_that_lead_somewhere(path):
    assert leads_somewhere(path.split("."))


@pytest.mark.parametrize(
    "path",
    ["titel", "*", "area.*", "partners.id", "partners.0.id", "title.text", "vision.narrative.domains.*.x",
     "partners.*.*", "model_fields", "area.model_config", ""],
)  # fmt: skip
def test_paths_that_lead_nowhere(path):
    assert not leads_somewhere(path.split("."))


def test_every_field_can_be_reached_by_a_path():
    def paths(part: type[BaseModel], at: tuple[str, ...]) -> list[tuple[str, ...]]:
        found = []
        for name, field in part.model_fields.items():
            found.append((*at, name))
            (leaf,) = leaves(field.annotation)
            if isinstance(leaf, type) and issubclass(leaf, BaseModel):
                step = ("*",) if get_origin(field.annotation) is tuple else ()
                found += paths(leaf, (*at, name, *step))
        return found

    every = paths(Bid, ())
    assert len(every) > 150
    assert all(leads_somewhere(path) for path in every)
