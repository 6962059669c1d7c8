"""From a source to a model or to diagnostics: one mistake, one diagnostic, at its place, in words that writers know."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from pioneer_cli.bid import Bid, Part
from pioneer_cli.diagnostics import Diagnostic
from pioneer_cli.source import parse
from pioneer_cli.validate import kind_of, place, validate

HEAD = "call: pioneers-2013\ntitle: T\narea: {name: N}\n"


def faults(text: str, model: type[BaseModel] = Bid) -> tuple[Diagnostic, ...]:
    found = parse(text, "bid.yaml")
    assert found.diagnostics == ()
    return validate(found, model).diagnostics


def told(text: str, model: type[BaseModel] = Bid) -> list[tuple[str, str, str]]:
    """Each diagnostic as (line:column, code, hint)."""
    return [(str(fault.span.start), fault.code, fault.hint) for fault in faults(text, model)]


PARTS = sorted(Part.__subclasses__(), key=lambda part: part.__name__)


def edits(key: str) -> Iterator[str]:
    """Every word one letter away: one too few, too many, wrong, or swapped with its neighbour."""
    for at in range(len(key) + 1):
        yield f"{key[:at]}x{key[at:]}"
        if at < len(key):
            yield key[:at] + key[at + 1 :]
            yield f"{key[:at]}q{key[at + 1 :]}"
        if at + 1 < len(key):
            yield key[:at] + key[at + 1] + key[at] + key[at + 2 :]


def test_the_parts_of_a_bid_are_found():
    assert len(PARTS) == 34


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_one_edit_from_a_mandatory_key_is_one_diagnostic_that_names_the_key(part):
    mandatory = [name for name, field in part.model_fields.items() if field.is_required()]
    for key in mandatory:
        others = {name: None for name in mandatory if name != key}
        for typed in set(edits(key)) - part.model_fields.keys() - {""}:
            text = "".join(f"{name}: T\n" for name in others) + f'"{typed}": T\n'
            found = [fault for fault in faults(text, part) if fault.code in ("missing-key", "unknown-key")]
            assert [(str(fault.span.start), fault.code, fault.hint) for fault in found] == [
                (f"{len(others) + 1}:1", "unknown-key", f"did you mean `{key}`?")
            ]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_one_edit_from_an_optional_key_names_a_key_as_near(part):
    mandatory = {name: None for name, field in part.model_fields.items() if field.is_required()}
    optional = part.model_fields.keys() - mandatory.keys()
    for key in optional:
        for typed in set(edits(key)) - part.model_fields.keys() - {""}:
            text = "".join(f"{name}: T\n" for name in mandatory) + f'"{typed}":\n'
            (found,) = [fault for fault in faults(text, part) if fault.code in ("missing-key", "unknown-key")]
            named = found.hint.removeprefix("did you mean `").removesuffix("`?")
            assert named in optional
            assert named == key or typed in set(edits(named)) or len(named) == len(typed)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Summary", "did you mean `summary`?"),
        ("SUMMARY", "did you mean `summary`?"),
        ("health-and-wellbeing-boards", "did you mean `health_and_wellbeing_boards`?"),
        ("health and wellbeing board", "did you mean `health_and_wellbeing_boards`?"),
        ("whole system", "did you mean `whole_system`?"),
        ("outcomes", "`outcomes` belongs under `vision`"),
        ("milestones", "`milestones` belongs under `capability.workstreams`"),
        ("risk", "`risk` belongs under `capability.risks`"),
        ("sources", "`sources` belongs under `capability.funding` or `evidence`"),
        ("-activity", 'put a space after the "-"'),
    ],
)
def test_what_an_unknown_key_may_mean(typed, hint):
    assert told(f"{HEAD}'{typed}': x\n") == [("4:1", "unknown-key", hint)]


def test_a_key_far_from_any_other_gets_the_list_of_keys():
    assert told("name: N\nflag: x\n", Part.__subclasses__()[0])[0][2] == (
        "known keys here: name, footprint, population, population_source, description"
    )


@pytest.mark.parametrize(
    "text", ["", "summary:\n", "summary: ~\n", "partners:\n", "vision:\n", "vision: {statement: }\n"]
)
def test_a_known_key_with_nothing_after_it_counts_as_left_out(text):
    found = parse(HEAD + text, "bid.yaml")
    assert validate(found, Bid) == validate(parse(HEAD, "bid.yaml"), Bid)


@pytest.mark.parametrize(
    "text", ["budget:\n", "vision: {budget: }\n", "partners: [{id: a, organisation: b, budget: }]\n"]
)
def test_an_unknown_key_is_told_even_with_nothing_after_it(text):
    (fault,) = faults(HEAD + text)
    assert (fault.code, fault.message) == ("unknown-key", "unknown key `budget`")


@pytest.mark.parametrize("text", ["[]\n", "text\n", "12\n", "- a\n"])
def test_what_holds_no_keys_is_one_fault(text):
    assert told(text) == [("1:1", "not-a-mapping", "")]


@pytest.mark.parametrize("text", ["", "---\n", "a: b: c\n", "a: [\n"])
def test_what_the_source_has_told_is_not_told_again(text):
    found = parse(text, "bid.yaml")
    assert len(found.diagnostics) == 1
    assert validate(found, Bid).diagnostics == ()


@pytest.mark.parametrize(
    "text",
    [
        "call: *c\ntitle: T\narea: {name: N}\n",
        "call: c\ntitle: T\narea: *a\n",
        "call: c\ntitle: T\narea: {name: *n}\n",
        f"{HEAD}partners:\n  - *p\n",
        f"{HEAD}partners: !p x\n",
        f"{HEAD}vision: {{outcomes: [{{<<: *o}}]}}\n",
    ],
)
def test_a_refused_value_is_not_told_again(text):
    found = parse(text, "bid.yaml")
    assert len(found.diagnostics) == 1
    assert validate(found, Bid).diagnostics == ()


def test_faults_are_sorted_by_place_whatever_their_kind():
    text = f"{HEAD}sumary: x\nlead: a b\npartners:\n  - id: a\nsubmission_date: soon\nvision: x\n"
    assert [where for where, _, _ in told(text)] == ["4:1", "5:7", "7:5", "8:18", "9:9"]


def test_a_part_of_a_source_is_validated_at_its_place():
    found = parse("parts:\n  - name: N\n    nmae: M\n", "pack.yaml")
    area = next(part for part in PARTS if part.__name__ == "Area")
    (fault,) = validate(found, area, ("parts", 0)).diagnostics
    assert (str(fault.span.start), fault.message) == ("3:5", "unknown key `nmae`")


def test_a_place_that_is_not_in_the_file_falls_to_the_nearest_part_above_it():
    found = parse("vision:\n  outcomes:\n    - outcome: O\n", "bid.yaml")
    fault = place(found, ("vision", "outcomes", 0, "baseline", "value"), "code", "message", "hint")
    assert (fault.file, str(fault.span.start), fault.code) == ("bid.yaml", "3:7", "code")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true/false"),
        ({}, "lines of the form `key: value`"),
        ([], "a list"),
        ("x", "a text"),
        (3, "a number"),
        (3.5, "a number"),
        (None, "nothing"),
    ],
)
def test_kinds_have_names_that_writers_know(value, words):
    assert kind_of(value) == words


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}partners:\n  - id: a\n    organisation: b\n    kind: {'word ' * 1000}\n",
        f"{HEAD}lead: {'word ' * 1000}\n",
        f"{HEAD}submission_date: {'word ' * 1000}\n",
        f"{HEAD}capability: {{funding: {{total: {'9' * 5000}}}}}\n",
        f"{HEAD}? {'key' * 1000}\n: x\n",
        f'{HEAD}lead: "one\\n\\n\\ntwo"\n',
        f'{HEAD}"one\\ntwo": x\n',
    ],
)
def test_a_message_stays_on_one_short_line_whatever_the_file_holds(text):
    (fault,) = faults(text)
    assert "\n" not in fault.message
    assert len(fault.message) < 100


# --- A file that is something else -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense: 1\n", "unknown key `nonsense`"),
        ("name: ci\non: push\npermissions: {}\njobs: {}\n", "this key and all others here are unknown"),
        ("1: 2\n3: 4\n5: 6\n", "this key and all others here are unknown"),
    ],
)
def test_a_file_of_another_kind_is_told_of_once(text, message):
    (fault,) = faults(text)
    assert (str(fault.span.start), fault.code, fault.message) == ("1:1", "unknown-key", message)
    assert fault.hint.startswith("is this the file that you meant? known keys here: call, title, area, ")


@pytest.mark.parametrize(
    "text",
    [
        "outcomes: []\nmilestones: []\nsomething: X\n",  # too far to the left
        "calll: pioneers-2013\nnonsense: 1\nmore: 2\n",  # misspelt
        "title: T\nnonsense: 1\nmore: 2\n",
    ],
)
def test_what_may_be_a_bid_is_told_of_key_by_key(text):
    assert len(faults(text)) > 3
