"""The arguments of predicates: which places of a bid they name, and which arguments are refused, in which words."""

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pioneer_cli.predicates import PREDICATES, entries
from pioneer_cli.predicates.base import OnePlace, at_most

BELOW = ("vision", "outcomes")

NAMED_PLACES: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("filled", {}, []),
    ("has", {"fields": ["baseline.value", "by"]}, [
        ("fields", "vision outcomes baseline value"), ("fields", "vision outcomes by")]),
    ("words", {"at_least": 3}, []),
    ("no-larger-than", {"than": "funding.total"}, [("than", "funding total")]),
    ("in-order", {"field": "when.ends"}, [("field", "vision outcomes * when ends")]),
    ("progresses-from", {"baseline": "from", "target": "to"}, [
        ("baseline", "vision outcomes from"), ("target", "vision outcomes to")]),
    ("adds-up-to", {"total": "funding.total"}, [("total", "funding total")]),
    ("at-most-total", {"total": "funding.total"}, [("total", "funding total")]),
    ("highest-has", {"by": ["risk.likelihood", "impact"], "fields": ["owner.name", "mitigation"]}, [
        ("by", "vision outcomes risk likelihood"), ("by", "vision outcomes impact"),
        ("fields", "vision outcomes owner name"), ("fields", "vision outcomes mitigation")]),
    ("answers-each", {"each": "evidence.sources", "where": "kind", "values": ["trial"], "by": ["id", "title"]}, [
        ("each", "evidence sources"), ("where", "evidence sources * kind"),
        ("by", "evidence sources * id"), ("by", "evidence sources * title")]),
    ("listed-at", {"path": "partners.*.id", "also": ["capability.leads"]}, [
        ("path", "partners * id"), ("also", "capability leads")]),
    ("cited-at", {"places": ["vision.evidence", "capability.evidence"]}, [
        ("places", "vision evidence"), ("places", "capability evidence")]),
    ("mentions", {"any_of": ["consent"], "also": ["whole_system.statement", "summary"]}, [
        ("also", "whole_system statement"), ("also", "summary")]),
    ("nowhere-mentions", {"terms": ["consent"], "among_words": 3}, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "places"), NAMED_PLACES, ids=[name for name, _, _ in NAMED_PLACES])
def test_the_places_that_arguments_name(name, arguments, places):
    """Each with the argument that names it, which a pack's author is told when the place is not in a bid."""
    found = PREDICATES[name].arguments.model_validate(arguments).paths(BELOW)
    assert [(argument, " ".join(steps)) for argument, steps in found] == places
    assert all(type(steps) is tuple for _, steps in found)


def told(kind: Any, value: Any) -> tuple[str, str, str]:
    """The type of the only error, its message and its hint."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (error,) = caught.value.errors()
    return error["type"], error["msg"], str(error.get("ctx", {}).get("hint", "no hint"))


@pytest.mark.parametrize(
    ("least", "most", "value", "error"),
    [
        (1, None, [], ("too_short", "List should have at least 1 item after validation, not 0", "no hint")),
        (2, 2, [], ("too_short", "List should have at least 2 items after validation, not 0", "no hint")),
        (2, 2, [1], ("number", "2 are needed here, not 1", "")),
        (2, 2, [1, 2, 3], ("number", "2 are needed here, not 3", "")),
        (2, None, [1], ("number", "at least 2 are needed here, not 1", "")),
        (2, 3, [1], ("number", "at least 2 are needed here, not 1", "")),
        (2, 3, [1, 2, 3, 4], ("number", "at least 2 are needed here, not 4", "")),
    ],
)
def test_a_list_of_too_few_or_too_many_entries_is_refused(least, most, value, error):
    assert told(Annotated[list[int], entries(least, most)], value) == error


@pytest.mark.parametrize(
    ("least", "most", "value"),
    [(1, None, [1]), (1, None, [1] * 100), (2, 2, [1, 2]), (2, 3, [1, 2]), (2, 3, [1, 2, 3])],
)
def test_a_list_of_as_many_entries_as_are_wanted_is_left_alone(least, most, value):
    assert TypeAdapter(Annotated[list[int], entries(least, most)]).validate_python(value) == value


def test_more_entries_than_anyone_needs_are_refused_and_repeated_ones_dropped():
    few = Annotated[tuple[str, ...], at_most(3)]
    assert told(few, ["a", "b", "c", "d"]) == ("number", "4 entries, where 3 are allowed", "keep to what matters")
    assert TypeAdapter(few).validate_python(["b", "a", "b"]) == ("b", "a")
    assert TypeAdapter(few).validate_python([]) == ()


@pytest.mark.parametrize("path", ["*", "partners.*", "*.name", "partners.*.name"])
def test_a_path_to_many_places_is_refused_where_one_is_needed(path):
    message = f'"{path}" leads to many places, and one is needed here'
    assert told(OnePlace, path) == ("path", message, "name one without a *")


@pytest.mark.parametrize("path", ["summary", "funding.total", "funding.to*al"])
def test_a_path_to_one_place_is_left_alone(path):
    assert TypeAdapter(OnePlace).validate_python(path) == path


TOO_SHORT = "write at least two characters before any `*`"
NOT_AT_END = "let it stand for an ending"


@pytest.mark.parametrize(
    ("term", "error"),
    [
        ("", ("term", '"" is too short for a term', TOO_SHORT)),
        ("a", ("term", '"a" is too short for a term', TOO_SHORT)),
        ("  a  ", ("term", '"  a  " is too short for a term', TOO_SHORT)),
        ("a*", ("term", '"a*" is too short for a term', TOO_SHORT)),
        ("a **", ("term", '"a **" is too short for a term', TOO_SHORT)),
        ("con*sent", ("term", 'in "con*sent" a * does not stand at the end', NOT_AT_END)),
        ("con*X", ("term", 'in "con*X" a * does not stand at the end', NOT_AT_END)),
        ("*consent", ("term", 'in "*consent" a * does not stand at the end', NOT_AT_END)),
    ],
)
@pytest.mark.parametrize(("predicate", "argument"), [("mentions", "any_of"), ("nowhere-mentions", "terms")])
def test_a_term_that_says_too_little_is_refused(predicate, argument, term, error):
    more = {} if predicate == "mentions" else {"among_words": 1}
    assert told(PREDICATES[predicate].arguments, {argument: [term], **more}) == error


@pytest.mark.parametrize(
    ("term", "kept"), [("ab", "ab"), ("ab*", "ab*"), ("ab**", "ab**"), ("  joint\n  care  ", "joint care")]
)
def test_a_term_that_says_enough_is_kept_without_blanks_around_it(term, kept):
    assert PREDICATES["mentions"].arguments.model_validate({"any_of": [term]}).any_of == (kept,)


def test_more_terms_than_there_are_cannot_be_wanted():
    wanted = {"any_of": ["consent", "records", "consent"], "at_least": 3}
    message = "at least 3 terms are wanted of the 2 that there are"
    assert told(PREDICATES["mentions"].arguments, wanted) == ("term", message, "add terms, or want fewer")
    assert PREDICATES["mentions"].arguments.model_validate({**wanted, "at_least": 2}).at_least == 2
