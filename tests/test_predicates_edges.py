"""Where predicates turn from one answer to the next, and that rules which look at one bid keep apart what they find."""

import pytest
from truth_tables import Case, Cases, cases_of, falls, holds_true, met, partly, ready, silent, unmet, when

from pioneer_cli.predicates import Facts, filled, run
from pioneer_cli.predicates.base import binds, different_words, strings_words

KEYWORDS = (
    "integration transformation prevention reablement telecare outcomes pathways alliance provider commissioning "
)
STRUNG = "keywords are strung together, and nothing is said of them"
AT = ("a",)

KINDS = ["one-a", "two-b", "three-c", "four-d", "five-e", "six-f"]

TABLES: Cases = {
    "filled": [unmet("keywords", ready("filled", "a"), {"a": KEYWORDS * 2}, AT, STRUNG)],
    "has": [
        unmet("one field", ready("has", "a", fields=["by"]), {"a": {"x": 1}}, AT, "no date"),
        unmet("two fields", ready("has", "a", fields=["b_c", "d"]), {"a": {"x": 1}}, AT, "no b c or d"),
        unmet("three", ready("has", "a", fields=["b.c", "by", "accountable_to"]), {"a": {"x": 1}}, AT,
              "no b c, date or body that it answers to"),
    ],
    "no-later-than": [
        unmet("too early", ready("no-later-than", "a", date="2013-06", not_before="2013-05-14"),
              {"a": when("2013-05-13")}, AT, f"{when('2013-05-13')} is before {when('2013-05-14')}"),
        met("on the first day", ready("no-later-than", "a", date="2013-06", not_before="2013-05-14"),
            {"a": when("2013-05-14")}, AT),
    ],
    "some-are": [
        unmet(f"none of {count}", ready("some-are", "a.*", values=KINDS[:count]), {"a": ["x"]}, AT,
              f"none of these is stated: {named}")
        for count, named in (
            (1, "one-a"), (4, "one-a, two-b, three-c, four-d"), (5, "one-a, two-b, three-c, four-d and 1 more"),
            (6, "one-a, two-b, three-c, four-d and 2 more"),
        )
    ],
    "for-each": [
        unmet("a list as the entry", ready("for-each", "a", ready("covers", "*.b", values=["x"])), {"a": [{"b": "y"}]},
              AT, "missing: x"),
        unmet("a list in an entry", ready("for-each", "a.*", ready("covers", "c.*.b", values=["x"])),
              {"a": [{"c": [{"b": "y"}]}]}, ("a", 0, "c"), "missing: x"),
    ],
    "adds-up-to": [
        unmet("nothings", ready("adds-up-to", "a.*", total="t"), {"a": [0, 0], "t": 0}, ("t",),
              "the amounts add up to nothing"),
        met("something and nothing", ready("adds-up-to", "a.*", total="t"), {"a": [0, 3], "t": 3}, ("t",)),
    ],
    "words": [
        unmet("one word", ready("words", "a", at_least=3), {"a": "Care"}, AT, "1 word, where 3 would say something"),
        unmet("no word", ready("words", "a", at_least=3), {"a": None}, AT, "nothing is written"),
        unmet("keywords", ready("words", "a", at_least=3), {"a": KEYWORDS * 2}, AT, STRUNG),
        met("half of them different", ready("words", "a", at_least=8), {"a": "the care of people " * 2}, AT),
        unmet("in circles at the bound", ready("words", "a", at_least=9), {"a": "we care for all " * 2 + "we"}, AT,
              "9 words, but only 4 different ones"),
        met("as few, fewer being wanted", ready("words", "a", at_least=8), {"a": "we care for all " * 2 + "we"}, AT),
    ],
    "some-between": [
        unmet("without bounds", ready("some-between", "a.*", number=2), {"a": ["x"]}, AT, "no figure is stated"),
        partly("without bounds, one", ready("some-between", "a.*", number=2), {"a": [1]}, "1/2",
               [(AT, "1 of at least 2")], ("a", 0)),
    ],
    "begins-by": [
        met("two that begin together", ready("begins-by", "a.*", date="2013-06"),
            {"a": [when("2013-05"), when("2013-05")]}, ("a", 0)),
        met("the earlier, listed later", ready("begins-by", "a.*", date="2013-06"),
            {"a": [when("2013-08"), when("2013-05")]}, ("a", 1)),
    ],
    "listed-at": [
        unmet("an empty list in an entry", ready("listed-at", "a.*.ids", path="b.*.id"), {"a": [{"ids": []}]}, AT,
              "nothing is cited"),
        unmet("cited at the further place alone", ready("listed-at", "a", path="b.*.id", also=["c.d"]),
              {"a": [], "c": {"d": ["x"]}, "b": [{"id": "y"}]}, ("c", "d", 0), '"x" is not listed'),
        met("listed, at the further place", ready("listed-at", "a", path="b.*.id", also=["c.d"]),
            {"a": [], "c": {"d": ["y"]}, "b": [{"id": "y"}]}, ("c", "d", 0)),
    ],
    "mentions": [
        met("at a further place", ready("mentions", "a", any_of=["care"], also=["c.d"]), {"a": "x", "c": {"d": "Care"}},
            ("c", "d")),
        unmet("at none of them", ready("mentions", "a", any_of=["care"], also=["c.d"]), {"a": "x", "c": {"e": "Care"}},
              AT, "none of these words: care"),
        unmet("in the only entry", ready("mentions", "a.*.b", any_of=["care"]), {"a": [{"b": "x"}]}, ("a", 0, "b"),
              "none of these words: care"),
        unmet("in no entry", ready("mentions", "a.*.b", any_of=["care"]), {"a": [{"b": "x"}, {"b": "y"}]}, AT,
              "none of these words: care"),
        unmet("four terms", ready("mentions", "a", any_of=["ab*", "bX*", "cd", "de"]), {"a": "x"}, AT,
              "none of these words: ab…, bX…, cd, de"),
        unmet("five terms", ready("mentions", "a", any_of=["ab", "bc", "cd", "de", "ef"]), {"a": "x"}, AT,
              "none of these words: ab, bc, cd, de and 1 more"),
    ],
    "nowhere-mentions": [
        unmet("a term among keywords", ready("nowhere-mentions", "a", terms=["telecare"], among_words=1),
              {"a": KEYWORDS * 2}, AT, 'it says "telecare"'),
        silent("the same words in two texts", ready("nowhere-mentions", "a", terms=["tbc"], among_words=3),
               {"a": {"b": "joint care", "c": "joint care"}}),
        met("other words in two texts", ready("nowhere-mentions", "a", terms=["tbc"], among_words=3),
            {"a": {"b": "joint care", "c": "joint plans"}}),
        unmet("a term that ends in a capital", ready("nowhere-mentions", "a", terms=["FAX*"], among_words=1),
              {"a": "Send faxes"}, AT, 'it says "FAX"'),
        met("words of several places together", ready("nowhere-mentions", "a.*", terms=["tbc"], among_words=4),
            {"a": ["joint plans", "shared records"]}),
        silent("too few words of several places", ready("nowhere-mentions", "a.*", terms=["tbc"], among_words=5),
               {"a": ["joint plans", "shared records"]}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", cases_of(TABLES))
def test_the_predicate_says_exactly_this(case: Case):
    holds_true(case)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Joint plans, joint care", {"joint", "plans", "care"}),
        ("one\ntwo\nthree", {"one", "two", "three"}),
        ("a b x ox", {"ox"}),
        ("__ _a_ -- co-op", {"_a_", "co-op"}),
        ("TBC tbc plans", {"plans"}),
        (KEYWORDS * 2, set()),
        (f"{KEYWORDS * 2}\nplans", {"plans"}),
    ],
)
def test_different_words(text, words):
    assert different_words(text) == words


@pytest.mark.parametrize(
    ("any_of", "quoted"),
    [
        (["care", "zeal"], "Our zeal for care and for"),  # what stands first, whatever its letters
        (["zeal for care", "for"], "Our zeal for care and for health and for prev"),  # and wherever it ends
        (["zeal for care", "zeal"], "Our zeal for care and for health and for prev"),  # at one place as the rule has it
        (["zeal", "zeal for care"], "Our zeal for care and for health and"),
    ],
)
def test_the_first_term_that_stands_in_a_text_is_quoted(any_of, quoted):
    """With thirty characters behind it."""
    text = "Our zeal for care and for health and for prevention in every year to come"
    check = run(ready("mentions", "a", any_of=any_of), Facts({"a": text}))
    assert [str(match.value)[: len(quoted)] for match in check.support] == [quoted]


@pytest.mark.parametrize(("word", "does"), [("5", True), ("4th", True), ("2013", True), ("h4", False), ("the", True)])
def test_figures_hold_a_sentence_together(word, does):
    assert binds(word) is does


@pytest.mark.parametrize(("text", "strung"), [("bb c d e f g h j k l m n", True), ("bb c d e f g h j k l m", False)])
def test_twelve_words_are_enough_to_be_keywords_however_short(text, strung):
    assert strings_words(text) is strung


@pytest.mark.parametrize(
    ("value", "states"), [({"a": False}, False), ({"a": True}, True), ({"a": False, "b": "x"}, True), ({}, False)]
)
def test_false_in_a_mapping_states_nothing(value, states):
    assert filled(value) is states


@pytest.mark.parametrize(
    ("predicate", "argument", "places"),
    [("listed-at", "path", ("b.*", "c.*")), ("cited-at", "places", (["b.*"], ["c.*"]))],
)
def test_two_rules_that_look_in_different_places_find_what_stands_there(predicate, argument, places):
    """What is the same for every entry is worked out once in a run, for each place by itself."""
    facts = Facts({"a": ["x"], "b": ["x"], "c": ["y"]})
    first, second = (run(ready(predicate, "a.*", **{argument: place}), facts) for place in places)
    assert (first.low, second.low) == (1, 0)
    assert [path for path, _ in falls(second)] == [("a", 0)]


def test_two_rules_that_read_the_same_texts_for_other_words_find_each_its_own():
    facts = Facts({"a": "We write joint plans", "b": "Nothing"})
    for place, term, low in (("a", "plans", 1), ("b", "plans", 0), ("a", "nothing", 0), ("b", "nothing", 1)):
        assert run(ready("mentions", place, any_of=[term]), facts).low == low
