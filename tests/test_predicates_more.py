"""Truth tables of the predicates about order, totals, answers, citations and words, and of `for-each`."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
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
    silent,
    supports,
    unmet,
    when,
)

from pioneer_cli.predicates import PREDICATES, Facts, run
from pioneer_cli.predicates.wording import _pattern  # the expression itself, for what it may not hold

ORDER, ORDER_EACH = ready("in-order", "a", field="c.d"), ready("in-order", "a.*.b", field="d")
SMALLER, SMALLER_EACH = ready("no-larger-than", "a", than="limit.most"), ready("no-larger-than", "a.*.b", than="limit")
AT_MOST, AT_MOST_ONE = ready("at-most-total", "a.*.b", total="c.total"), ready("at-most-total", "a", total="total")
SOME_BETWEEN = ready("some-between", "a.*.b", number=2, at_least=1, at_most=10)
BEGINS = ready("begins-by", "a.*.b", date="2013-06")
HIGHEST = ready("highest-has", "a.*", by=["p", "q"], fields=["b", "c.d_e"])
ANSWERS = ready("answers-each", "a.*.b", each="c.all", where="kind", values=["x", "y"], by=["id", "name"])
CITED = ready("cited-at", "a.*.id", places=["b.*.c", "d.e"])
SAYS = ready("mentions", "a", any_of=["care", "joint plan", "pilot*"])
SAYS_TWO = ready("mentions", "a.*.b", any_of=["care", "joint plan", "pilot*"], at_least=2)
SILENT, SILENT_AT = (
    ready("nowhere-mentions", terms=["tbc", "[insert"], among_words=3),
    ready("nowhere-mentions", "a", terms=["tbc"], among_words=1),
)
EACH = ready("for-each", "a.*", ready("filled", "b"), ready("number-between", "n", at_least=1))
EACH_X = ready("for-each", "a.*", ready("filled", "b"), only=[ready("one-of", "kind", values=["x"])])
NESTED = ready("for-each", "a.*", ready("for-each", "list.*", ready("filled", "b")))
NESTED_X = ready(
    "for-each", "a.*", ready("for-each", "list.*", ready("filled", "b"), only=[ready("filled", "kind")]),
    only=[ready("one-of", "kind", values=["x"])],
)  # fmt: skip
EACH_LISTED = ready("for-each", "a.*", ready("listed-at", "ids.*", path="sources.*.id"))
EACH_BELOW = ready("for-each", "a.*", ready("no-larger-than", "n", than="limit"))
EACH_WHEN = ready("for-each", "a.*", ready("when", "", ready("filled", "b"), ready("filled", "c")))


def dated(*dates: str | None) -> dict[str, Any]:
    return {"a": [{"c": {"d": when(date) if date else None}} for date in dates]}


def rated(*entries: tuple[object, object, object, object]) -> dict[str, Any]:
    return {"a": [{"p": p, "q": q, "b": b, "c": {"d_e": c}} for p, q, b, c in entries]}


def asked(*entries: dict[str, Any], said: tuple[object, ...] = ()) -> dict[str, Any]:
    return {"a": [{"b": name} for name in said], "c": {"all": list(entries)}}


NO_TERM = "none of these words: care, joint plan, pilot…"
MORE_CASES: Cases = {
    "in-order": [
        met("day after day", ORDER, dated("2013-05-01", "2013-06-01", "2013-06-01"), ("a",)),
        met("a month that holds the day above it", ORDER, dated("2013-06-20", "2013-06"), ("a",)),
        met("a day in the month above it", ORDER, dated("2013-06", "2013-06-01"), ("a",)),
        met("an entry without a date says nothing", ORDER, dated("2013-05", None, "2013-06"), ("a",)),
        unmet("a step back", ORDER, dated("2013-06", "2013-05-31"), ("a", 1), "2013-05-31 stands below 2013-06"),
        unmet("a step back over an entry without a date", ORDER, dated("2013-06", None, "2013-05"),
              ("a", 2), "2013-05 stands below 2013-06"),
        Case("two steps back", ORDER, dated("2014-01", "2013-12", "2014-03", "2014-02"), "0", "0",
             [(("a", 1), "2013-12 stands below 2014-01"), (("a", 3), "2014-02 stands below 2014-03")], []),
        partly("one list of two", ORDER_EACH, {"a": [
            {"b": [{"d": when("2013-05")}, {"d": when("2013-06")}]},
            {"b": [{"d": when("2013-05")}, {"d": when("2013-04")}]},
        ]}, "1/2", [(("a", 1, "b", 1), "2013-04 stands below 2013-05")], ("a", 0, "b")),
        met("a list that says nothing beside one that does", ORDER_EACH, {"a": [
            {"b": [{"d": when("2013-05")}]}, {"b": [{"d": when("2013-05")}, {"d": when("2013-06")}]},
        ]}, ("a", 1, "b")),
        silent("one date", ORDER, dated("2013-05")),
        silent("one date of two", ORDER, {"a": [{"c": {"d": when("2013-05")}}, {"c": {"x": 1}}]}),
        unmet("a date of the wrong kind", ORDER, {"a": [{"c": {"d": when("2013-05")}}, {"c": {"d": "soon"}}]},
              ("a", 1), '"soon" is no date'),
        unmet("the wrong kind", ORDER, {"a": "x"}, ("a",), '"x" is no list'),
        silent("entries of nothing", ORDER, {"a": [None, {}]}),
        silent("nothing there", ORDER, {}),
        partly("a list of nothing beside one out of order", ORDER_EACH, {"a": [
            {"b": []}, {"b": [{"d": when("2013-05")}, {"d": when("2013-04")}]},
        ]}, "0", [(("a", 1, "b", 1), "2013-04 stands below 2013-05")]),
        unmet("no lists", ORDER_EACH, {"a": []}, ("a",), "nothing is stated"),
    ],
    "no-larger-than": [
        met("the same", SMALLER, {"a": Decimal("2.0"), "limit": {"most": 2}}, ("a",)),
        met("smaller", SMALLER, {"a": -1, "limit": {"most": 0}}, ("a",)),
        unmet("larger", SMALLER, {"a": 1001, "limit": {"most": 1000}},
              ("a",), "1,001 is more than the limit most of 1,000"),
        partly("one of two", SMALLER_EACH, {"a": [{"b": 1}, {"b": 3}], "limit": 2}, "1/2",
               [(("a", 1, "b"), "3 is more than the limit of 2")], ("a", 0, "b")),
        unmet("no limit", SMALLER, {"a": 1}, ("a",), "no limit most is stated"),
        unmet("a limit of the wrong kind", SMALLER, {"a": 1, "limit": {"most": "2"}},
              ("a",), "no limit most is stated"),
        unmet("true is no limit", SMALLER, {"a": 1, "limit": {"most": True}}, ("a",), "no limit most is stated"),
        unmet("the wrong kind", SMALLER, {"a": "1", "limit": {"most": 2}}, ("a",), "no figure is stated"),
        unmet("true is no figure", SMALLER, {"a": True, "limit": {"most": 2}}, ("a",), "no figure is stated"),
        unmet("nothing there", SMALLER, {}, ("a",), "no figure is stated"),
        unmet("no entries", SMALLER_EACH, {"a": [], "limit": 1}, ("a",), "nothing is stated"),
    ],
    "at-most-total": [
        met("the total itself", AT_MOST, {"a": [{"b": 1}, {"b": Decimal("2.5")}], "c": {"total": Decimal("3.50")}},
            ("a", 0, "b"), ("a", 1, "b")),
        met("less, and one left out", AT_MOST, {"a": [{"b": 1}, {}], "c": {"total": 3}}, ("a", 0, "b")),
        met("one amount", AT_MOST_ONE, {"a": 0, "total": 0}, ("a",)),
        unmet("more", AT_MOST, {"a": [{"b": 1000}, {"b": 2}], "c": {"total": 1001}},
              ("a",), "the amounts add up to 1,002, more than 1,001"),
        unmet("no total", AT_MOST, {"a": [{"b": 1}]}, ("a",), "no total is stated"),
        unmet("a total of the wrong kind", AT_MOST, {"a": [{"b": 1}], "c": {"total": "9"}},
              ("a",), "no total is stated"),
        unmet("an amount of the wrong kind", AT_MOST, {"a": [{"b": 1}, {"b": "2"}], "c": {"total": 9}},
              ("a", 1, "b"), '"2" is no amount'),
        unmet("true is no amount", AT_MOST, {"a": [{"b": True}], "c": {"total": 9}},
              ("a", 0, "b"), "true is no amount"),
        unmet("no amounts", AT_MOST, {"a": [{}, {"b": None}], "c": {"total": 9}}, ("a",), "no amounts are stated"),
        unmet("nothing there", AT_MOST, {}, ("a",), "no amounts are stated"),
    ],
    "some-between": [
        met("two, on the bounds", SOME_BETWEEN, {"a": [{"b": 1}, {"b": Decimal(10)}, {"b": 11}]},
            ("a", 0, "b"), ("a", 1, "b")),
        met("a list of numbers", ready("some-between", "a", at_most=3), {"a": [5, 3]}, ("a", 1)),
        met("no bounds", ready("some-between", "a"), {"a": -5}, ("a",)),
        partly("one of two", SOME_BETWEEN, {"a": [{"b": 0}, {"b": 5}]}, "1/2",
               [(("a",), "1 of at least 2 from 1 to 10")], ("a", 1, "b")),
        unmet("none", SOME_BETWEEN, {"a": [{"b": 0}, {"b": 11}]}, ("a",), "none of at least 2 from 1 to 10"),
        unmet("none from", ready("some-between", "a.*", at_least=1.5), {"a": [1]},
              ("a",), "none of at least 1 from 1.5"),
        unmet("the wrong kind", SOME_BETWEEN, {"a": [{"b": "5"}, {"b": True}, 5]}, ("a",), "no figure is stated"),
        unmet("nothing there", SOME_BETWEEN, {}, ("a",), "no figure is stated"),
    ],
    "begins-by": [
        met("the earliest is in time", BEGINS, {"a": [{"b": when("2014-01")}, {"b": when("2013-06-30")}]},
            ("a", 1, "b")),
        met("the month itself", BEGINS, {"a": [{"b": when("2013-06")}, {}]}, ("a", 0, "b")),
        unmet("the earliest is late", BEGINS, {"a": [{"b": when("2014-01")}, {"b": when("2013-07-01")}]},
              ("a", 1, "b"), "the first is 2013-07-01, after 2013-06"),
        unmet("a month ends on its last day", ready("begins-by", "a", date="2013-06-29"), {"a": when("2013-06")},
              ("a",), "the first is 2013-06, after 2013-06-29"),
        unmet("the wrong kind", BEGINS, {"a": [{"b": "2013-05"}, {"b": [when("2013-05")]}]},
              ("a",), "no date is stated"),
        unmet("nothing there", BEGINS, {}, ("a",), "no date is stated"),
    ],
    "highest-has": [
        met("the highest, whatever the others lack", HIGHEST, rated((2, 3, None, None), (4, 2, "x", 1)), ("a", 1)),
        met("two that are equal", HIGHEST, rated((1, 6, "x", 1), (3, 2, "x", 1)), ("a", 0), ("a", 1)),
        met("one that cannot be rated is passed over", HIGHEST, rated((5, None, None, None), (1, 1, "x", 1)), ("a", 1)),
        partly("one of two that are equal", HIGHEST, rated((1, 6, "x", 1), (3, 2, "x", ""), (1, 1, "", "")), "1/2",
               [(("a", 1), "it comes highest, with no c d e")], ("a", 0)),
        unmet("the highest lacks both", HIGHEST, rated((2, 2, "x", 1), (3, 2, "TBC", None)),
              ("a", 1), "it comes highest, with no b or c d e"),
        unmet("none can be rated", HIGHEST, rated((1, None, "x", 1), ("2", 2, "x", 1)), ("a",), "no p or q"),
        unmet("entries of the wrong kind", HIGHEST, {"a": ["x", [1]]}, ("a",), "no p or q"),
        unmet("a list of the wrong kind", HIGHEST, {"a": "x"}, ("a",), "nothing is stated"),
        unmet("nothing there", HIGHEST, {}, ("a",), "nothing is stated"),
    ],
    "answers-each": [
        met("by its id", ANSWERS, asked({"kind": "x", "id": "one"}, said=("one",)), ("a", 0, "b")),
        met("by its name, whatever the case and the blanks", ANSWERS,
            asked({"kind": "y", "id": "one", "name": " The Trust"}, said=("no", "the trust ")), ("a", 1, "b")),
        met("others need no answer", ANSWERS,
            asked({"kind": "x", "id": "one"}, {"kind": "z", "id": "two"}, said=("one",)), ("a", 0, "b")),
        partly("one of two", ANSWERS,
               asked({"kind": "x", "id": "one"}, {"kind": "y", "id": "two", "name": "Two"}, said=("one",)), "1/2",
               [(("c", "all", 1), 'nothing is said of "Two"')], ("a", 0, "b")),
        unmet("no answer", ANSWERS, asked({"kind": "x", "id": "one"}), ("c", "all", 0), 'nothing is said of "one"'),
        unmet("an answer of the wrong kind", ANSWERS, asked({"kind": "x", "id": "one"}, said=(["one"],)),
              ("c", "all", 0), 'nothing is said of "one"'),
        unmet("a name of the wrong kind", ANSWERS, asked({"kind": "x", "id": 5, "name": ["x"]}, said=("5",)),
              ("c", "all", 0), "it has no name"),
        unmet("a blank answers no blank", ANSWERS, asked({"kind": "x", "id": " "}, said=("", " ")),
              ("c", "all", 0), "it has no name"),
        silent("none is asked for", ANSWERS, asked({"kind": "z", "id": "one"}, {"kind": ["x"]}, {}, said=("one",))),
        silent("nothing there", ANSWERS, {}),
        silent("a list of the wrong kind", ANSWERS, {"a": [{"b": "one"}], "c": {"all": {"kind": "x"}}}),
    ],
    "cited-at": [
        met("each, at one place or the other", CITED, {"a": [{"id": "x"}, {"id": "y"}], "b": [{"c": ["y"]}],
            "d": {"e": "x"}}, ("a", 0, "id"), ("a", 1, "id")),
        partly("one of two", CITED, {"a": [{"id": "x"}, {"id": "y"}], "b": [{"c": ["y", "y"]}, {}]}, "1/2",
               [(("a", 0, "id"), '"x" is cited nowhere')], ("a", 1, "id")),
        unmet("nowhere", CITED, {"a": [{"id": "x"}], "b": [], "d": None}, ("a", 0, "id"), '"x" is cited nowhere'),
        unmet("another case", CITED, {"a": [{"id": "X"}], "d": {"e": "x"}}, ("a", 0, "id"), '"X" is cited nowhere'),
        unmet("the wrong kind", CITED, {"a": [{"id": ["x"]}], "d": {"e": [["x"]]}},
              ("a", 0, "id"), "a list or a mapping is cited nowhere"),
        unmet("a citation of the wrong kind", CITED, {"a": [{"id": "x"}], "d": {"e": [{"x": 1}, ["x"], 5]}},
              ("a", 0, "id"), '"x" is cited nowhere'),
        unmet("nothing cites nothing", CITED, {"a": [{}], "d": {"e": None}}, ("a", 0, "id"), '"None" is cited nowhere'),
        unmet("nothing there", CITED, {"d": {"e": "x"}}, ("a",), "nothing is listed"),
    ],
    "mentions": [
        met("a word, whatever the case", SAYS, {"a": "Joined-up CARE."}, ("a",)),
        met("the beginning of a word, where a * stands", SAYS, {"a": "We are piloting it"}, ("a",)),
        met("a phrase over a line break", SAYS, {"a": "our joint\n  plan"}, ("a",)),
        met("in quotes", SAYS, {"a": "so-called “care”"}, ("a",)),
        met("in an entry's text, however deep", SAYS, {"a": [{"b": ["no", "care"]}]}, ("a", 0, "b", 1)),
        met("two terms in two texts", SAYS_TWO, {"a": [{"b": "care"}, {"b": "A pilot in care"}]},
            ("a", 0, "b"), ("a", 1, "b")),
        met("two terms in one text", SAYS_TWO, {"a": [{"b": "A pilot in care"}]}, ("a", 0, "b"), ("a", 0, "b")),
        partly("one of two, and twice", SAYS_TWO, {"a": [{"b": "care"}, {"b": "care, pilo t"}]}, "1/2",
               [(("a",), "1 of at least 2 of these words: care, joint plan, pilot…")], ("a", 0, "b")),
        unmet("a part of a word", SAYS, {"a": "careless healthcare, autopilot, care_1"}, ("a",), NO_TERM),
        unmet("the words of a phrase apart", SAYS, {"a": "joint, plan"}, ("a",), NO_TERM),
        unmet("a key is no text", SAYS, {"a": {"care": 1}}, ("a",), NO_TERM),
        unmet("the wrong kind", SAYS, {"a": 5}, ("a",), NO_TERM),
        unmet("nothing there", SAYS_TWO, {}, ("a",), NO_TERM),
        unmet("of many words four are named", ready("mentions", "a", any_of=["ab", "cd*", "ef", "gh", "ij"]), {"a": ""},
              ("a",), "none of these words: ab, cd…, ef, gh and 1 more"),
    ],
    "nowhere-mentions": [
        met("silence in enough words", SILENT, {"a": "one two", "b": [{"c": "three"}]}),
        met("a part of a word", SILENT_AT, {"a": "tbcs"}),
        met("elsewhere", SILENT_AT, {"a": "xx", "b": "tbc"}),
        Case("in two places", SILENT, {"a": "one two three TBC", "b": [{"c": "[insert name], tbc"}]}, "0", "0",
             [(("a",), 'it says "tbc"'), (("b", 0, "c"), 'it says "[insert"')], []),
        unmet("one in few words", SILENT, {"a": "tbc"}, ("a",), 'it says "tbc"'),
        unmet("without its *", ready("nowhere-mentions", terms=["pilot*"], among_words=1), {"a": "Pilots"},
              ("a",), 'it says "pilot"'),
        silent("silence in few words", SILENT, {"a": "one two"}),
        silent("the wrong kind", SILENT, {"a": 5, "b": True}),
        silent("nothing there", SILENT_AT, {"b": "tbc"}),
    ],
    "for-each": [
        met("each entry", EACH, {"a": [{"b": "x", "n": 1}, {"b": "y", "n": 2}]},
            ("a", 0, "b"), ("a", 0, "n"), ("a", 1, "b"), ("a", 1, "n")),
        partly("one entry of two", EACH, {"a": [{"b": "x", "n": 1}, {"b": "y", "n": 0}]}, "1/2",
               [(("a", 1, "n"), "0 is under 1")], ("a", 0, "b"), ("a", 0, "n"), ("a", 1, "b")),
        unmet("an entry of nothing", ready("for-each", "a.*", ready("filled", "b")), {"a": [None]},
              ("a", 0, "b"), "nothing is stated"),
        unmet("an entry of the wrong kind", ready("for-each", "a.*", ready("filled", "b")), {"a": ["b"]},
              ("a", 0, "b"), "nothing is stated"),
        unmet("a list of the wrong kind", EACH, {"a": {"b": "x", "n": 1}}, ("a",), "nothing is stated"),
        unmet("no entries", EACH, {"a": []}, ("a",), "nothing is stated"),
        unmet("nothing there", EACH, {}, ("a",), "nothing is stated"),
        met("a part that is no list", ready("for-each", "a", ready("filled", "b")), {"a": {"b": 1}}, ("a", "b")),
        unmet("a part that is not there", ready("for-each", "a", ready("filled", "b")), {},
              ("a", "b"), "nothing is stated"),
        met("only those that are meant", EACH_X, {"a": [{"kind": "z"}, {"kind": "x", "b": 1}]}, ("a", 1, "b")),
        partly("one of two that are meant", EACH_X, {"a": [{"kind": "x"}, {"kind": "z"}, {"kind": "x", "b": 1}]}, "1/2",
               [(("a", 0, "b"), "nothing is stated")], ("a", 2, "b")),
        silent("none is meant", EACH_X, {"a": [{"kind": "z"}, {}]}),
        silent("none is there to be meant", EACH_X, {"a": []}),
        Case("one that may be meant", ready("for-each", "a.*", ready("filled", "b"),
             only=[ready("no-later-than", "d", date="2013-06")]), {"a": [{}, {"d": when("2013-07")}]}, "0", "0",
             [(("a", 0, "b"), "nothing is stated")], []),
        met("lists in entries", NESTED, {"a": [{"list": [{"b": 1}]}, {"list": [{"b": 2}, {"b": 3}]}]},
            ("a", 0, "list", 0, "b"), ("a", 1, "list", 0, "b"), ("a", 1, "list", 1, "b")),
        partly("every entry counts alike, however long its list", NESTED,
               {"a": [{"list": [{"b": 1}]}, {"list": [{"b": 1}, {}]}, {}]}, "1/2",
               [(("a", 1, "list", 1, "b"), "nothing is stated"), (("a", 2, "list"), "nothing is stated")],
               ("a", 0, "list", 0, "b"), ("a", 1, "list", 0, "b")),
        met("an entry of whose list none is meant does not count", NESTED_X, {"a": [
            {"kind": "x", "list": [{}]}, {"kind": "z", "list": [{"kind": "k"}]},
            {"kind": "x", "list": [{"kind": 1, "b": 1}]},
        ]}, ("a", 2, "list", 0, "b")),
        partly("a list elsewhere in the bid", EACH_LISTED,
               {"a": [{"ids": ["s"]}, {"ids": ["t", "s"], "sources": [{"id": "t"}]}], "sources": [{"id": "s"}]}, "3/4",
               [(("a", 1, "ids", 0), '"t" is not listed')], ("a", 0, "ids", 0), ("a", 1, "ids", 1)),
        partly("a figure elsewhere in the bid", EACH_BELOW,
               {"a": [{"n": 1, "limit": 0}, {"n": 3, "limit": 9}], "limit": 2}, "1/2",
               [(("a", 1, "n"), "3 is more than the limit of 2")], ("a", 0, "n")),
        partly("each entry by its own condition", EACH_WHEN, {"a": [{}, {"b": 1, "c": 1}, {"b": 1}]}, "1/2",
               [(("a", 2, "c"), "nothing is stated")], ("a", 1, "c")),
        Case("the entry itself", ready("for-each", "a.*", ready("judged", question="Is it?")), {"a": ["x", ""]},
             "0", "1/2", [(("a", 1), "there is nothing to judge yet")], [("a", 0)]),
        partly("the list in the entry", ready("for-each", "a.*", ready("covers", "b.*.c.*", values=["x"])),
               {"a": [{}, {"b": [{"c": ["x"]}]}, {"b": [{"c": ["y"]}]}]}, "1/3",
               [(("a", 0, "b"), "missing: x"), (("a", 2, "b"), "missing: x")], ("a", 1, "b", 0, "c", 0)),
        met("the texts of the entry", ready("for-each", "a.*", ready("nowhere-mentions", terms=["tbc"], among_words=1)),
            {"a": [{"b": "xx"}, {"b": ["yy"]}], "b": "tbc"}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", cases_of(MORE_CASES))
def test_truth(case: Case) -> None:
    holds_true(case)


# --- Logic with a path -----------------------------------------------------------------------------------------------

B, C = ready("filled", "b"), ready("filled", "c")
BOTH = {"a": [{"b": 1}, {"c": 1}, {"b": 1, "c": 1}, {}]}


@pytest.mark.parametrize(
    ("test", "share", "places"),
    [
        (ready("all-of", "a.*", B, C), "1/4", [("a", 0, "c"), ("a", 1, "b"), ("a", 3, "b"), ("a", 3, "c")]),
        (ready("any-of", "a.*", B, C), "3/4", [("a", 3, "b"), ("a", 3, "c")]),
        (ready("none-of", "a.*", B, C), "1/4", [("a", 0, "b"), ("a", 1, "c"), ("a", 2, "b"), ("a", 2, "c")]),
        (ready("at-least", "a.*", B, C, number=2), "1/4", [("a", 0, "c"), ("a", 1, "b"), ("a", 3, "b"), ("a", 3, "c")]),
        (ready("when", "a.*", B, C), "1/2", [("a", 0, "c")]),
        (ready("for-each", "a.*", B, C), "1/4", [("a", 0, "c"), ("a", 1, "b"), ("a", 3, "b"), ("a", 3, "c")]),
    ],
    ids=lambda value: value.predicate.name if hasattr(value, "predicate") else None,
)
def test_logic_with_a_path_asks_each_entry(test: Any, share: str, places: list[tuple[str | int, ...]]) -> None:
    check = apply(test, BOTH)
    assert (check.low, check.high) == (Fraction(share), Fraction(share))
    assert [path for path, _ in falls(check)] == places
    assert falls(apply(test, {})) == [(("a",), "nothing is stated")]


# --- Words -----------------------------------------------------------------------------------------------------------


def says(term: str, text: str) -> bool:
    check = apply(ready("mentions", "a", any_of=[term]), {"a": text})
    assert check.low == check.high
    return check.low == 1


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("plan", "PLAN"), ("PLAN", "a plan."), ("plan*", "planning"), ("plan*", "plan"), ("plan*", "(Plans)"),
        ("joint plan", "joint plan"), ("joint plan", "joint\nplan"), ("joint plan", "joint \r\n\t plan"),
        ("joint plan", "joint\u00a0plan"), ("joint plan*", "Joint Planners"), ("  joint   plan  ", "a joint plan"),
        ("plan", '"plan"'), ("plan", "‘plan’"), ("plan", "«plan»"), ("plan", "**plan**"), ("plan", "plan's"),
        ("plan", "plan—and"), ("plan", "joint-plan"), ("co-produc*", "Co-produced"), ("[insert", "[Insert name]"),
        ("???", "what????"), ("naïve", "NAÏVE"), ("éclair*", "Éclairs"), ("план", "ПЛАН"), ("计划", "“计划”"),
        ("a.b", "a.b"), ("50%", "over 50%."), ("plan", "x" * 100_000 + " plan"),
    ],
)  # fmt: skip
def test_a_text_mentions(term: str, text: str) -> None:
    assert says(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("plan", "plans"), ("plan", "airplane"), ("plan", "plan_b"), ("plan", "plan2"), ("plan*", "airplane"),
        ("joint plan", "joint-plan"), ("joint plan", "jointplan"), ("joint plan", "joint plans"), ("plan", "p lan"),
        ("plan", "plané"), ("plan", "éplan"), ("a.b", "axb"), ("plan", "план"), ("plan ", "planner"), ("plan", ""),
        (".*", "anything"), ("[a-z]+", "anything"), ("计划", "计划书"),
    ],
)  # fmt: skip
def test_a_text_does_not_mention(term: str, text: str) -> None:
    if term == ".*":
        with pytest.raises(ValidationError):
            says(term, text)
    else:
        assert not says(term, text)


@pytest.mark.parametrize("term", ["", " ", "*", "**", " * ", "c*", "x", " x "])
@pytest.mark.parametrize(("name", "field"), [("mentions", "any_of"), ("nowhere-mentions", "terms")])
def test_a_term_that_would_stand_anywhere_is_refused(name: str, field: str, term: str) -> None:
    arguments = {field: [term], **({"among_words": 1} if name == "nowhere-mentions" else {})}
    with pytest.raises(ValidationError) as caught:
        PREDICATES[name].arguments.model_validate(arguments)
    assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [((field, 0), "term")]


@pytest.mark.parametrize("terms", [["care", "care plan"], ["care plan", "care"], ["joint care", "care plan"]])
def test_terms_that_share_words_are_each_found(terms: list[str]) -> None:
    test = ready("mentions", "a", any_of=terms, at_least=2)
    assert apply(test, {"a": "a joint care plan"}).low == 1
    assert apply(test, {"a": "careful planning"}).low == 0


def test_a_term_is_quoted_with_the_words_around_it() -> None:
    text = (
        "Before it stand so many words that they are cut; our joint\nplan is what the text is about, and more follows."
    )
    (found,) = apply(SAYS, {"a": text}).support
    assert str(found.value).startswith("…")
    assert "our joint plan is what" in str(found.value)
    assert len(str(found.value)) <= 30 + len("joint plan") + 30 + 1
    assert [match.value for match in apply(SAYS, {"a": "care"}).support] == ["care"]


def parts_of(pattern: Any) -> list[tuple[str, Any]]:
    """Every part of a parsed expression, with those inside it."""
    found = []
    for name, inside in pattern:
        found.append((str(name), inside))
        for part in inside if isinstance(inside, tuple) else ():
            if hasattr(part, "data"):
                found += [(f"{name} {inner}", value) for inner, value in parts_of(part)]
    return found


@pytest.mark.parametrize("term", ["plan", "plan*", "a joint care plan*", "(a+)+$", "[insert", "a* b* c*", "(?:x*)*y"])
def test_a_term_is_read_in_linear_time(term: str) -> None:
    """No repeat inside a repeat, no alternative, no reference back, and no repeat without end but the last `\\w*`."""
    found = parts_of(re._parser.parse(_pattern(term).pattern))  # type: ignore[attr-defined]
    names = [name for name, _ in found]
    repeats = [(name, inside) for name, inside in found if name.split()[-1].endswith("_REPEAT")]
    assert not [name for name in names if name.count("REPEAT") > 1 or "BRANCH" in name or "GROUPREF" in name]
    endless = [name for name, inside in repeats if inside[1] is re._constants.MAXREPEAT]  # type: ignore[attr-defined]
    assert len(endless) == (1 if term.endswith("*") else 0)
    assert all(inside[1] == 9 for name, inside in repeats if name not in endless)
    assert names.count("LITERAL") == len(
        "".join(term.rstrip("*").split())
    )  # a term is letters, and never an expression


def test_the_steps_of_a_search_grow_with_the_text_and_no_faster() -> None:
    """Texts that all but hold a term, over and over, each with its ending: found in none, and read to the end."""
    for text in ("joint" + " " * 9, "plan", "joint plan", "a", " "):
        assert not says("joint plan x*", text * 20_000)


# --- What stands in an entry -----------------------------------------------------------------------------------------


def test_the_paths_of_an_entry_lead_from_the_entry() -> None:
    bid = {"a": [{"b": {"c": [1, 2]}}], "b": {"c": [3]}}
    (entry,), _ = Facts(bid).find(("a", "*"))
    matches, missing = Facts(bid, entry=entry).find(("b", "c", "*"))
    assert [(match.path, match.value) for match in matches] == [(("a", 0, "b", "c", 0), 1), (("a", 0, "b", "c", 1), 2)]
    assert missing == ("a", 0, "b", "c")
    assert Facts(bid, entry=entry).find(()) == ([entry], ("a", 0))
    assert Facts(bid, entry=entry).find(("x", "*")) == ([], ("a", 0, "x"))


def test_the_tests_of_an_entry_do_not_see_the_entry_before() -> None:
    test = ready("for-each", "a.*", ready("for-each", "b.*", ready("count-at-least", "c", number=1)), B)
    check = apply(test, {"a": [{"b": [{"c": "x"}]}, {"b": [{}]}]})
    assert supports(check) == [("a", 0, "b", 0, "c"), ("a", 0, "b")]
    assert falls(check) == [(("a", 1, "b", 0, "c"), "nothing is stated"), (("a", 1, "b"), "nothing is stated")]


@pytest.mark.parametrize(
    ("test", "guesses"),
    [
        (SAYS, True), (SILENT, True), (EACH, False), (ready("all-of", "", B, SAYS), True),
        (ready("for-each", "a.*", B, only=[SAYS]), True), (ready("for-each", "a.*", ready("none-of", "", SAYS)), True),
        (ready("when", "", B, C), False),
    ],
)  # fmt: skip
def test_a_test_guesses_when_any_test_inside_it_reads_words(test: Any, guesses: bool) -> None:
    assert test.guesses is guesses


# --- Arguments that could never be met -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("mentions", {"any_of": ["care"], "at_least": 2}, "at least 2 terms are wanted of the 1 that there are"),
        ("mentions", {"any_of": ["shar* risk*"]}, 'in "shar* risk*" a * does not stand at the end'),
        ("nowhere-mentions", {"terms": ["a*b"], "among_words": 1}, 'in "a*b" a * does not stand at the end'),
        ("no-larger-than", {"than": "items.*.n"}, '"items.*.n" leads to many places, and one is needed here'),
        ("at-most-total", {"total": "items.*.n"}, '"items.*.n" leads to many places, and one is needed here'),
        ("adds-up-to", {"total": "items.*.n"}, '"items.*.n" leads to many places, and one is needed here'),
    ],
)
def test_arguments_that_could_never_be_met_are_refused(name: str, arguments: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        PREDICATES[name].arguments.model_validate(arguments)
    assert [error["ctx"]["message"] for error in caught.value.errors()] == [told]


def test_arguments_that_can_just_be_met_are_taken() -> None:
    assert PREDICATES["mentions"].arguments.model_validate({"any_of": ["care", "plan*"], "at_least": 2})
    assert PREDICATES["no-larger-than"].arguments.model_validate({"than": "area.population"})


@pytest.mark.parametrize(
    ("name", "argument", "most", "others"),
    [
        ("mentions", "any_of", 100, {}),
        ("nowhere-mentions", "terms", 100, {"among_words": 1}),
        ("mentions", "also", 20, {"any_of": ["care"]}),
        ("cited-at", "places", 20, {}),
        ("listed-at", "also", 20, {"path": "items.*.id"}),
    ],
)
def test_lists_that_cost_time_have_an_end(name: str, argument: str, most: int, others: dict[str, object]) -> None:
    model = PREDICATES[name].arguments
    some = [f"place{number}" for number in range(most)]
    assert list(getattr(model.model_validate({**others, argument: [*some, *some][:most]}), argument)) == some
    with pytest.raises(ValidationError) as caught:
        model.model_validate({**others, argument: [*some, "one-more"]})
    told = f"{most + 1} entries, where {most} are allowed"
    assert [error["ctx"]["message"] for error in caught.value.errors()] == [told]


def test_a_place_named_twice_counts_once() -> None:
    arguments = PREDICATES["cited-at"].arguments.model_validate({"places": ["a", "b", "a"]})
    assert arguments.model_dump() == {"places": ("a", "b")}


STRUNG = "care teams homes nurses doctors carers pilot pilots budgets records hospitals practices plans"


@pytest.mark.parametrize(
    ("text", "met"), [(STRUNG, False), (f"We will run a pilot of the {STRUNG}, and it is for all of us.", True)]
)
def test_keywords_strung_together_mention_nothing(text, met):
    assert len(STRUNG.split()) >= 12
    assert (run(SAYS, Facts({"a": text})).low == 1) is met
