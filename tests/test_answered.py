"""Which considerations a field answers, read from the rules of a pack."""

import pytest
from small_pack import small_pack

from pioneer_cli.answered import answered, fields_of
from pioneer_cli.bid import Bid
from pioneer_cli.document import field_of
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.shipped import shipped_names
from pioneer_cli.starter import inner_model, is_list


def loaded(name: str) -> Pack:
    pack = load_pack(name).pack
    assert pack is not None
    return pack


def every_field() -> set[str]:
    """Each field of a bid, with `[]` behind lists."""

    def within(model: type, path: str) -> set[str]:
        found = set()
        for name, field in model.model_fields.items():  # type: ignore[attr-defined]
            here = f"{path}.{name}" if path else name
            found.add(here)
            here = f"{here}[]" if is_list(field.annotation) else here
            found.add(here)
            inner = inner_model(field.annotation)
            if inner is not None:
                found |= within(inner, here)
        return found

    return within(Bid, "")


@pytest.mark.parametrize("name", shipped_names("criteria"))
def test_what_is_answered_are_fields_of_a_bid_and_considerations_of_the_pack(name):
    pack = loaded(name)
    found = answered(pack)
    considerations = {found.id for criterion in pack.criteria for found in criterion.considerations}
    assert found
    assert set(found) <= every_field()
    assert {code for codes in found.values() for code in codes} <= considerations
    assert all(len(set(codes)) == len(codes) >= 1 for codes in found.values())


def test_every_rule_of_the_pioneers_pack_looks_at_a_field():
    pack = loaded("pioneers-2013")
    without = {rule.id for _, _, rule in pack.rules() if not fields_of(pack.tests[rule.id])}
    assert without == {"no-placeholder-is-left", "nothing-is-out-of-its-time"}  # they look at the whole bid


def test_the_fields_of_the_vision_answer_what_the_letter_asks_of_a_vision():
    found = answered(loaded("pioneers-2013"))
    codes = {code for field, codes in found.items() if field.startswith("vision.") for code in codes}
    assert codes >= {"C1a", "C1b", "C1c", "C1d", "C1e"}
    assert not any(code.startswith("C5") for code in codes)


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("narrative-is-adopted", ["vision", "vision.narrative.statement", "vision.making_it_real"]),
        ("outcomes-name-who-benefits", ["vision.outcomes[].benefits"]),
        ("outcomes-span-the-frameworks", ["vision.outcomes[].frameworks[]"]),
        ("savings-come-within-five-years", ["vision.efficiencies[].by"]),
        ("savings-stay-within-the-funding", ["capability.funding.total", "vision.efficiencies[].amount"]),
        (
            "targets-are-dated-and-move",
            ["vision.outcomes[]", "vision.outcomes[].baseline", "vision.outcomes[].target"],
        ),
        ("funding-adds-up", ["capability.funding.sources[].amount", "capability.funding.total"]),
        ("area-is-large-enough", ["area.population"]),
        ("emergency-admission-claims-cite-evidence", ["vision.outcomes[].evidence", "vision.efficiencies[].evidence"]),
        ("no-placeholder-is-left", []),
    ],
)
def test_the_fields_that_a_rule_looks_at(rule, fields):
    pack = loaded("pioneers-2013")
    assert list(fields_of(pack.tests[rule])) == fields
    (consideration,) = {found.id for _, found, other in pack.rules() if other.id == rule}
    for field in fields:
        assert consideration in answered(pack)[field]


def test_a_field_names_each_consideration_once():
    found = answered(small_pack())
    assert found
    for codes in found.values():
        assert len(codes) == len(set(codes))


def test_a_path_without_numbers_is_spelt_as_a_field_is():
    assert field_of(("vision", "outcomes", 3, "measure")) in every_field()
    assert field_of(("capability", "workstreams", 0, "milestones", 1, "by")) in every_field()
    assert field_of(("vision", "outcomes", 3)) in every_field()
