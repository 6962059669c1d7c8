"""A truth table for every predicate: met, partly, unmet, unknown, a value of the wrong kind, and nothing there.

The tables of in-order and of what came with it stand in `test_predicates_more`.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_predicates_more import MORE_CASES
from truth_tables import (
    Case,
    Cases,
    apply,
    cases_of,
    falls,
    holds_true,
    met,
    partly,
    ready,
    supports,
    unknown,
    unmet,
    when,
)

from pioneer_cli.predicates import PREDICATES, Check, Path, Test, filled, find

# --- Predicates about values -----------------------------------------------------------------------------------------


FILLED, FILLED_EACH = ready("filled", "a"), ready("filled", "a.*.b")
HAS = ready("has", "a.*", fields=["b", "c.d_e"])
HAS_ONE = ready("has", "a", fields=["b"])
WORDS = ready("words", "a", at_least=3)
ONE_OF, TRUE = ready("one-of", "a.*.b", values=["x", "y"]), ready("one-of", "a", values=[True])
BETWEEN = ready("number-between", "a", at_least=1, at_most=10)
LATEST = ready("no-later-than", "a", date="2013-06-28")
PROGRESS = ready("progresses-from", "a.*", baseline="now", target="goal")
COUNT = ready("count-at-least", "a.b", number=3)
COVERS, COVERS_EACH = ready("covers", "a", values=["x-y", "z"]), ready("covers", "a.b.*.c", values=["x-y", "z"])
GROUPS = ready("covers-one-of-each", "a", groups={"the first": ["x", "y"], "the second": ["z"]})
SOME, SOME_TRUE = ready("some-are", "a", values=["x", "y"], at_least=2), ready("some-are", "a.*.b", values=[True])
ADDS = ready("adds-up-to", "a.*.b", total="total")
LISTED = ready("listed-at", "a.*", path="b.*.id")
PAGES = ready("page-limit", pages=10)
JUDGED = ready("judged", "a", question="Is it clear?")


def entry(now: object, goal: object, begun: object = None, ends: object = None) -> dict[str, Any]:
    return {"now": {"value": now, "date": begun}, "goal": {"value": goal, "date": ends}}


CASES: Cases = {
    "filled": [
        met("a text", FILLED, {"a": "x"}, ("a",)),
        met("a figure, even nought", FILLED, {"a": 0}, ("a",)),
        met("false is stated", FILLED, {"a": False}, ("a",)),
        met("a list that holds something", FILLED, {"a": ["", "x"]}, ("a",)),
        met("each entry", FILLED_EACH, {"a": [{"b": 1}, {"b": 2}]}, ("a", 0, "b"), ("a", 1, "b")),
        partly("one entry of two", FILLED_EACH, {"a": [{"b": 1}, {}]}, "1/2",
               [(("a", 1, "b"), "nothing is stated")], ("a", 0, "b")),
        unmet("blank text", FILLED, {"a": " \n"}, ("a",), "nothing is stated"),
        unmet("an empty list", FILLED, {"a": []}, ("a",), "nothing is stated"),
        unmet("a list of nothing", FILLED, {"a": [{"b": ""}, None]}, ("a",), "nothing is stated"),
        unmet("an entry of the wrong kind", FILLED_EACH, {"a": ["x"]}, ("a", 0, "b"), "nothing is stated"),
        unmet("a list of the wrong kind", FILLED_EACH, {"a": "x"}, ("a",), "nothing is stated"),
        unmet("no entries", FILLED_EACH, {"a": []}, ("a",), "nothing is stated"),
        unmet("nothing there", FILLED, {}, ("a",), "nothing is stated"),
    ],
    "has": [
        met("all fields", HAS, {"a": [{"b": 1, "c": {"d_e": "x"}}]}, ("a", 0)),
        partly("three fields of four", HAS, {"a": [{"b": 1, "c": {"d_e": 2}}, {"b": 1}]}, "3/4",
               [(("a", 1), "no c d e")], ("a", 0), ("a", 1)),
        partly("a field missing", HAS, {"a": [{"c": {"d_e": 1}}]}, "1/2", [(("a", 0), "no b")], ("a", 0)),
        unmet("both missing", HAS, {"a": [{"b": "", "c": None}]}, ("a", 0), "no b or c d e"),
        partly("a part of the wrong kind", HAS, {"a": [{"b": 1, "c": "x"}]}, "1/2",
               [(("a", 0), "no c d e")], ("a", 0)),
        unmet("an entry of the wrong kind", HAS_ONE, {"a": "x"}, ("a",), "nothing is stated"),
        unmet("no entries", HAS, {"a": []}, ("a",), "nothing is stated"),
        unmet("nothing there", HAS_ONE, {}, ("a",), "nothing is stated"),
    ],
    "words": [
        met("as many as asked", WORDS, {"a": "one  two\nthree"}, ("a",)),
        unmet("too few", WORDS, {"a": "one two"}, ("a",), "2 words, where 3 would say something"),
        unmet("blank", WORDS, {"a": "  "}, ("a",), "nothing is written"),
        unmet("the wrong kind", WORDS, {"a": ["one two three"]}, ("a",), "nothing is written"),
        unmet("nothing there", WORDS, {}, ("a",), "nothing is written"),
    ],
    "one-of": [
        met("one of them", ONE_OF, {"a": [{"b": "y"}]}, ("a", 0, "b")),
        met("true", TRUE, {"a": True}, ("a",)),
        partly("one entry of three", ONE_OF, {"a": [{"b": "x"}, {"b": "z"}, {}]}, "1/3",
               [(("a", 1, "b"), 'it is "z"'), (("a", 2, "b"), "nothing is stated")], ("a", 0, "b")),
        unmet("another", ONE_OF, {"a": [{"b": "z"}]}, ("a", 0, "b"), 'it is "z"'),
        unmet("false", TRUE, {"a": False}, ("a",), "it is false"),
        unmet("the wrong kind", ONE_OF, {"a": [{"b": ["x"]}]}, ("a", 0, "b"), "it is a list or a mapping"),
        unmet("a long one is cut", ONE_OF, {"a": [{"b": "z" * 50}]}, ("a", 0, "b"), f'it is "{"z" * 40}"'),
        unmet("nothing there", ONE_OF, {}, ("a",), "nothing is stated"),
    ],
    "number-between": [
        met("the least", BETWEEN, {"a": 1}, ("a",)),
        met("the most", BETWEEN, {"a": Decimal(10)}, ("a",)),
        met("no bounds", ready("number-between", "a"), {"a": -5}, ("a",)),
        unmet("under", BETWEEN, {"a": 0}, ("a",), "0 is under 1"),
        unmet("over", BETWEEN, {"a": Decimal("10.5")}, ("a",), "10.5 is over 10"),
        unmet("a text", BETWEEN, {"a": "5"}, ("a",), "no figure is stated"),
        unmet("true is no figure", BETWEEN, {"a": True}, ("a",), "no figure is stated"),
        unmet("nothing there", BETWEEN, {}, ("a",), "no figure is stated"),
    ],
    "no-later-than": [
        met("the day itself", LATEST, {"a": when("2013-06-28")}, ("a",)),
        met("the month before", LATEST, {"a": when("2013-05")}, ("a",)),
        unmet("the day after", LATEST, {"a": when("2013-06-29")}, ("a",), "2013-06-29 is after 2013-06-28"),
        unmet("a month that ends after", LATEST, {"a": when("2013-06")}, ("a",), "2013-06 is after 2013-06-28"),
        unmet("the wrong kind", LATEST, {"a": "2013-06-28"}, ("a",), '"2013-06-28" is no date'),
        unknown("nothing there", LATEST, {}, [(("a",), "no date is stated")]),
        unknown("blank", LATEST, {"a": " "}, [(("a",), "no date is stated")]),
    ],
    "progresses-from": [
        met("a later target", PROGRESS, {"a": [entry(1, 2, when("2013-03"), when("2014-03"))]}, ("a", 0)),
        met("a lower one, its baseline undated", PROGRESS, {"a": [entry(2, 1, None, when("2015-03"))]}, ("a", 0)),
        unmet("an undated target", PROGRESS, {"a": [entry(2, 1, when("2013-03"))]}, ("a", 0), "no target date"),
        partly("one entry of two", PROGRESS, {"a": [entry(1, 2, None, when("2015-03")), entry(1, None)]}, "1/2",
               [(("a", 1), "no target")], ("a", 0)),
        unmet("no movement", PROGRESS, {"a": [entry(1, Decimal("1.0"))]}, ("a", 0), "the target is the baseline"),
        unmet("no baseline", PROGRESS, {"a": [entry(None, 2)]}, ("a", 0), "no baseline"),
        unmet("a target before", PROGRESS, {"a": [entry(1, 2, when("2013-03-31"), when("2013-03"))]},
              ("a", 0), "the target's date 2013-03 is not after the baseline's 2013-03-31"),
        unmet("the wrong kind", PROGRESS, {"a": ["x"]}, ("a", 0), "no target"),
        unmet("parts of the wrong kind", PROGRESS, {"a": [{"now": 1, "goal": 2}]}, ("a", 0), "no target"),
        unmet("nothing there", PROGRESS, {}, ("a",), "nothing is stated"),
    ],
    "count-at-least": [
        met("enough", COUNT, {"a": {"b": [1, 2, 3, 4]}}, *(("a", "b", index) for index in range(4))),
        partly("two of three", COUNT, {"a": {"b": [1, "", 3]}}, "2/3", [(("a", "b"), "2 of at least 3")],
               ("a", "b", 0), ("a", "b", 2)),
        unmet("entries that say nothing", COUNT, {"a": {"b": [None, {}]}}, ("a", "b"), "nothing is stated"),
        partly("one value stands for itself", COUNT, {"a": {"b": "x"}}, "1/3",
               [(("a", "b"), "1 of at least 3")], ("a", "b")),
        unmet("a part of the wrong kind", COUNT, {"a": 5}, ("a", "b"), "nothing is stated"),
        unmet("nothing there", ready("count-at-least", "a.*.b", number=1), {}, ("a",), "nothing is stated"),
    ],
    "covers": [
        met("all of them", COVERS, {"a": ["z", "x-y", "z"]}, ("a", 0), ("a", 1), ("a", 2)),
        partly("one of two", COVERS, {"a": ["z", "w"]}, "1/2", [(("a",), "missing: x y")], ("a", 0)),
        partly("across entries", COVERS_EACH, {"a": {"b": [{"c": "z"}, {}]}}, "1/2",
               [(("a", "b"), "missing: x y")], ("a", "b", 0, "c")),
        unmet("none", COVERS, {"a": []}, ("a",), "missing: x y, z"),
        unmet("the wrong kind", COVERS, {"a": [["z"], {"x-y": 1}, 5]}, ("a",), "missing: x y, z"),
        unmet("nothing there", COVERS_EACH, {}, ("a", "b"), "missing: x y, z"),
    ],
    "covers-one-of-each": [
        met("each group touched", GROUPS, {"a": ["y", "z"]}, ("a", 0), ("a", 1)),
        partly("one of two", GROUPS, {"a": ["x", "y"]}, "1/2", [(("a",), "missing: the second")], ("a", 0), ("a", 1)),
        unmet("none", GROUPS, {"a": ["w"]}, ("a",), "missing: the first, the second"),
        unmet("the wrong kind", GROUPS, {"a": [["x"], {"z": 1}]}, ("a",), "missing: the first, the second"),
        unmet("nothing there", GROUPS, {}, ("a",), "missing: the first, the second"),
    ],
    "some-are": [
        met("two of them", SOME, {"a": ["x", "w", "x"]}, ("a", 0), ("a", 2)),
        met("true", SOME_TRUE, {"a": [{"b": False}, {"b": True}]}, ("a", 1, "b")),
        partly("one of two", SOME, {"a": ["x", "w"]}, "1/2",
               [(("a",), "1 of at least 2 stated (any of: x, y)")], ("a", 0)),
        unmet("none", SOME, {"a": ["w"]}, ("a",), 'none of at least 2 stated (any of: x, y)'),
        unmet("the wrong kind", SOME, {"a": [["x"], 5]}, ("a",), 'none of at least 2 stated (any of: x, y)'),
        unmet("nowhere true", SOME_TRUE, {"a": [{"b": False}, {}]}, ("a",), "no `b` is true"),
        unmet("nothing there", SOME_TRUE, {}, ("a",), "nothing is stated"),
    ],
    "adds-up-to": [
        met("the total", ADDS, {"a": [{"b": Decimal("1.5")}, {"b": 2}], "total": Decimal("3.50")}, ("total",)),
        unmet("another total", ADDS, {"a": [{"b": 1500}, {"b": 2}], "total": 4},
              ("total",), "the amounts add up to 1,502, not 4"),
        unmet("no total", ADDS, {"a": [{"b": 1}]}, ("total",), "no total is stated"),
        unmet("a total of the wrong kind", ADDS, {"a": [{"b": 1}], "total": "1"}, ("total",), "no total is stated"),
        unmet("amounts of the wrong kind", ADDS, {"a": [{"b": "1"}], "total": 1}, ("total",), "no amounts are stated"),
        Case("one amount missing", ADDS, {"a": [{"b": 1}, {}, {"b": "2"}], "total": 1}, "0", "0",
             [(("a", 1, "b"), "no amount is stated"), (("a", 2, "b"), "no amount is stated")], []),
        unmet("true is no amount", ADDS, {"a": [{"b": True}], "total": 1}, ("total",), "no amounts are stated"),
        unmet("true is no total", ADDS, {"a": [{"b": 1}], "total": True}, ("total",), "no total is stated"),
        unmet("nothing there", ADDS, {}, ("total",), "no amounts are stated"),
    ],
    "listed-at": [
        met("each is listed", LISTED, {"a": ["x", "x"], "b": [{"id": "x"}]}, ("a", 0), ("a", 1)),
        partly("one of two", LISTED, {"a": ["x", "y"], "b": [{"id": "x"}]}, "1/2",
               [(("a", 1), '"y" is not listed')], ("a", 0)),
        unmet("no list", LISTED, {"a": ["x"]}, ("a", 0), '"x" is not listed'),
        unmet("the wrong kind", LISTED, {"a": [{"x": 1}], "b": [{"id": ["x"]}]},
              ("a", 0), "a list or a mapping is not listed"),
        unmet("an id that is nothing", LISTED, {"a": ["None"], "b": [{}]}, ("a", 0), '"None" is not listed'),
        unmet("nothing cited", LISTED, {"a": [], "b": [{"id": "x"}]}, ("a",), "nothing is cited"),
        unmet("nothing there", ready("listed-at", "a.*.c.*", path="b.*.id"), {}, ("a",), "nothing is cited"),
    ],
    "page-limit": [
        met("at the limit", PAGES, {}, pages=10),
        unmet("over it", PAGES, {}, (), "11 pages, where the limit is 10", pages=11),
        unknown("not counted", PAGES, {}, [((), "the pages were not counted")]),
    ],
    "judged": [
        unknown("a text to judge", JUDGED, {"a": "x"}, [], ("a",)),
        unknown("a value of any kind", JUDGED, {"a": [1]}, [], ("a",)),
        unmet("nothing there", JUDGED, {}, ("a",), "there is nothing to judge yet"),
        unmet("nothing but blanks", JUDGED, {"a": " "}, ("a",), "there is nothing to judge yet"),
    ],
}  # fmt: skip
ALL_CASES: Cases = {**CASES, **MORE_CASES}


@pytest.mark.parametrize("case", cases_of(CASES))
def test_truth(case: Case) -> None:
    holds_true(case)


@pytest.mark.parametrize("name", ALL_CASES)
def test_every_table_shows_met_or_unknown_and_unmet(name: str) -> None:
    ends = {(case.low, case.high) for case in ALL_CASES[name] if case.applicable}
    wanted = {("0", "1"), ("0", "0")} if name == "judged" else {("1", "1"), ("0", "0")}
    assert wanted <= ends
    assert "nothing there" in [case.shows for case in ALL_CASES[name]] or name == "page-limit"


# --- Logic -----------------------------------------------------------------------------------------------------------

YES, NO, OPEN = ready("filled", "yes"), ready("filled", "no"), ready("judged", "yes", question="Is it?")
HALF, THIRD = ready("filled", "half.*.x"), ready("filled", "third.*.x")
MUTE = ready("when", "", NO, YES)  # does not apply
LOGIC_BID = {"yes": "x", "half": [{"x": 1}, {}], "third": [{"x": 1}, {}, {}]}
SAID_NO = (("no",), "nothing is stated")

LOGIC: Mapping[str, list[tuple[Test, str, str, bool]]] = {
    "all-of": [
        (ready("all-of", "", YES), "1", "1", True),
        (ready("all-of", "", YES, NO), "0", "0", True),
        (ready("all-of", "", YES, HALF, THIRD), "1/3", "1/3", True),
        (ready("all-of", "", YES, OPEN), "0", "1", True),
        (ready("all-of", "", HALF, OPEN), "0", "1/2", True),
        (ready("all-of", "", NO, OPEN), "0", "0", True),
        (ready("all-of", "", MUTE, YES), "1", "1", True),
        (ready("all-of", "", MUTE, NO), "0", "0", True),
        (ready("all-of", "", MUTE, MUTE), "0", "0", False),
    ],
    "any-of": [
        (ready("any-of", "", NO), "0", "0", True),
        (ready("any-of", "", YES, NO), "1", "1", True),
        (ready("any-of", "", NO, HALF, THIRD), "1/2", "1/2", True),
        (ready("any-of", "", NO, OPEN), "0", "1", True),
        (ready("any-of", "", HALF, OPEN), "1/2", "1", True),
        (ready("any-of", "", YES, OPEN), "1", "1", True),
        (ready("any-of", "", MUTE, NO), "0", "0", True),
        (ready("any-of", "", MUTE), "0", "0", False),
    ],
    "none-of": [
        (ready("none-of", "", NO), "1", "1", True),
        (ready("none-of", "", NO, YES), "0", "0", True),
        (ready("none-of", "", NO, THIRD), "2/3", "2/3", True),
        (ready("none-of", "", NO, OPEN), "0", "1", True),
        (ready("none-of", "", HALF, OPEN), "0", "1/2", True),
        (ready("none-of", "", MUTE, NO), "1", "1", True),
        (ready("none-of", "", MUTE), "0", "0", False),
    ],
    "at-least": [
        (ready("at-least", "", YES, YES, NO, number=2), "1", "1", True),
        (ready("at-least", "", YES, NO, NO, number=2), "0", "0", True),
        (ready("at-least", "", YES, HALF, THIRD, number=2), "1/2", "1/2", True),
        (ready("at-least", "", YES, OPEN, NO, number=2), "0", "1", True),
        (ready("at-least", "", YES, MUTE, NO, number=2), "0", "0", True),
        (ready("at-least", "", YES, MUTE, MUTE, number=2), "1", "1", True),
        (ready("at-least", "", MUTE, MUTE, number=1), "0", "0", False),
    ],
    "when": [
        (ready("when", "", YES, YES), "1", "1", True),
        (ready("when", "", YES, NO), "0", "0", True),
        (ready("when", "", YES, HALF), "1/2", "1/2", True),
        (ready("when", "", HALF, NO), "0", "0", True),
        (ready("when", "", YES, OPEN), "0", "1", True),
        (ready("when", "", OPEN, NO), "0", "0", True),
        (ready("when", "", NO, YES), "0", "0", False),
        (ready("when", "", NO, NO), "0", "0", False),
        (ready("when", "", MUTE, YES), "0", "0", False),
        (ready("when", "", YES, MUTE), "0", "0", False),
    ],
}


@pytest.mark.parametrize(
    ("test", "low", "high", "applicable"),
    [
        pytest.param(*row, id=f"{name}-{number}")
        for name, rows in LOGIC.items()
        for number, row in enumerate(rows, start=1)
    ],
)
def test_logic(test: Test, low: str, high: str, applicable: bool) -> None:
    check = apply(test, LOGIC_BID)
    assert (check.low, check.high) == (Fraction(low), Fraction(high))
    assert check.applicable is applicable


def test_what_holds_has_no_shortfalls() -> None:
    assert falls(apply(ready("any-of", "", YES, NO), LOGIC_BID)) == []
    assert falls(apply(ready("at-least", "", YES, HALF, number=1), LOGIC_BID)) == []
    assert falls(apply(ready("none-of", "", NO), LOGIC_BID)) == []
    assert falls(apply(ready("none-of", "", ready("all-of", "", YES, NO)), LOGIC_BID)) == []


def test_what_falls_short_says_where() -> None:
    assert falls(apply(ready("all-of", "", YES, NO), LOGIC_BID)) == [SAID_NO]
    assert falls(apply(ready("any-of", "", NO, NO), LOGIC_BID)) == [SAID_NO, SAID_NO]
    assert falls(apply(ready("at-least", "", YES, NO, number=2), LOGIC_BID)) == [SAID_NO]
    assert falls(apply(ready("when", "", YES, NO), LOGIC_BID)) == [SAID_NO]
    here = (("yes",), "this stands here and should not")
    assert falls(apply(ready("none-of", "", NO, YES), LOGIC_BID)) == [here]
    assert falls(apply(ready("none-of", "", ready("all-of", "", HALF, NO), YES), LOGIC_BID)) == [here]


def test_logic_passes_the_evidence_on() -> None:
    assert supports(apply(ready("all-of", "", YES, HALF), LOGIC_BID)) == [("yes",), ("half", 0, "x")]
    assert supports(apply(ready("when", "", YES, HALF), LOGIC_BID)) == [("half", 0, "x")]
    assert supports(apply(ready("none-of", "", NO), LOGIC_BID)) == []


def test_logic_nests() -> None:
    inner = ready("any-of", "", NO, ready("none-of", "", NO))
    assert apply(ready("all-of", "", YES, inner), LOGIC_BID) == Check(
        Fraction(1), Fraction(1), apply(YES, LOGIC_BID).support
    )


# --- The table as a whole --------------------------------------------------------------------------------------------


def test_every_predicate_has_a_truth_table() -> None:
    assert sorted([*ALL_CASES, *LOGIC]) == sorted(PREDICATES)
    assert {name for name, row in PREDICATES.items() if row.logic} == {*LOGIC, "for-each"}


@pytest.mark.parametrize("name", PREDICATES)
def test_every_row_of_the_table_is_whole(name: str) -> None:
    row = PREDICATES[name]
    assert row.name == name
    assert sum(part is not None for part in (row.item, row.whole, row.logic)) == 1
    assert row.explanation.endswith(".")
    assert row.needs_path == (name not in (*LOGIC, "page-limit", "judged", "nowhere-mentions"))
    assert row.guesses == (name in ("mentions", "nowhere-mentions"))


@pytest.mark.parametrize(
    ("steps", "paths", "missing"),
    [
        ((), [()], ()),
        (("a",), [("a",)], ()),
        (("a", "*"), [("a", 0), ("a", 1)], ("a",)),
        (("a", "*", "b", "*"), [("a", 0, "b", 0)], ("a", 0, "b")),
        (("none", "*", "b"), [], ("none",)),
        (("none", "*", "b", "*", "c"), [], ("none",)),
        (("a", "*", "none", "*"), [], ("a", 0, "none")),
    ],
)
def test_a_path_leads_to_its_places(steps: tuple[str, ...], paths: list[Path], missing: Path) -> None:
    matches, place = find({"a": [{"b": [1]}, {}]}, steps)
    assert [match.path for match in matches] == paths
    assert place == missing


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        *((value, False) for value in (None, "", " ", [], {}, {"a": [None, ""]})),
        *((value, True) for value in ("x", 0, False, {"a": [None, 0]}, when("2013-06"))),
    ],
)
def test_filled(value: object, stated: bool) -> None:
    assert filled(value) is stated


# --- Whatever the bid holds ------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "c", "id", "now", "goal", "value", "date", "total", "yes", "no", "half"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["x", "y", "z", "x-y", when("2013-06"), when("2013-06-28")])
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
BIDS = st.dictionaries(KEYS, VALUES, max_size=6)
ALL_TESTS = [case.test for cases in ALL_CASES.values() for case in cases] + [
    row[0] for rows in LOGIC.values() for row in rows
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bid=BIDS, pages=st.none() | st.integers(min_value=0, max_value=20))
def test_no_predicate_raises_or_leaves_its_range(bid: dict[str, Any], pages: int | None) -> None:
    for test in ALL_TESTS:
        check = apply(test, bid, pages)
        assert 0 <= check.low <= check.high <= 1
        assert (
            check.low == 1
            or check.shortfalls
            or not check.applicable
            or test.predicate.logic
            or test.predicate.name == "judged"
        )


@pytest.mark.parametrize("text", ["TBC", "tbc.", " To be confirmed ", "n/a", "None", "TODO…", "…", "-", "xxx", "?"])
def test_a_placeholder_states_nothing(text: str) -> None:
    assert not filled(text)
    assert not filled({"a": [text]})


@pytest.mark.parametrize(
    "text", ["None of the beds was empty", "The TBC ward", "nap", "x", "5", "to be decided by March"]
)
def test_what_only_looks_like_a_placeholder_states_something(text: str) -> None:
    assert filled(text)
