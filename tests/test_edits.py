"""Taking pieces out of a bid: what goes, what stays, and that nothing is changed in place."""

import copy
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_bids import repo_bid

from pioneer_cli.edits import Removal, paragraphs_of, sentences_of, value_at, with_value, without

BID = {
    "summary": "One two three. Four five six.",
    "vision": {
        "statement": "First.\n\nSecond one.\n\nThird.",
        "outcomes": [{"outcome": "a"}, {"outcome": "b"}, {"outcome": "c"}],
    },
}


@pytest.mark.parametrize(
    ("removal", "path", "left"),
    [
        (Removal(("summary",)), ("summary",), None),
        (Removal(("summary",), 14, 29), ("summary",), "One two three."),
        (Removal(("summary",), 0, 29), ("summary",), None),
        (Removal(("vision", "statement"), 8, 19), ("vision", "statement"), "First.\n\nThird."),
        (Removal(("vision", "outcomes", 1)), ("vision", "outcomes"), [{"outcome": "a"}, {"outcome": "c"}]),
        (Removal(("vision", "outcomes", 0)), ("vision", "outcomes"), [{"outcome": "b"}, {"outcome": "c"}]),
    ],
)
def test_one_removal(removal, path, left):
    before = copy.deepcopy(BID)
    assert value_at(without(BID, [removal]), path) == left
    assert before == BID


def test_removals_keep_the_places_of_each_other():
    removals = [
        Removal(("vision", "outcomes", 0)),
        Removal(("vision", "outcomes", 2)),
        Removal(("summary",), 3, 7),
        Removal(("summary",), 14, 29),
    ]
    for ordered in (removals, removals[::-1]):
        left = without(BID, ordered)
        assert left["vision"]["outcomes"] == [{"outcome": "b"}]
        assert left["summary"] == "One three."


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (Removal(("a",)), Removal(("a",)), True),
        (Removal(("a", 1)), Removal(("a", 2)), False),
        (Removal(("a", 1)), Removal(("a", 1, "b"), 0, 3), True),
        (Removal(("a",), 0, 3), Removal(("a",), 3, 5), False),
        (Removal(("a",), 0, 4), Removal(("a",), 3, 5), True),
        (Removal(("a",)), Removal(("a",), 3, 5), True),
        (Removal(("a",), 0, 3), Removal(("b",), 0, 3), False),
    ],
)
def test_what_overlaps(first, second, overlap):
    assert first.overlaps(second) is overlap
    assert second.overlaps(first) is overlap


def test_paragraphs_are_kept_apart_by_blank_lines():
    text = "First line\nand second.\n\n  \nNext one.\n\n- a\n- b"
    assert [text[slice(*span)] for span in paragraphs_of(text)] == ["First line\nand second.", "Next one.", "- a\n- b"]


def test_sentences_end_before_a_capital():
    text = "We spend £1.2m a year. It works, e.g. at home! (So far.) Next"
    assert [text[slice(*span)].strip() for span in sentences_of(text)] == [
        "We spend £1.2m a year.", "It works, e.g. at home!", "(So far.)", "Next",
    ]  # fmt: skip


@given(st.text(st.sampled_from("ab. \nA!?"), max_size=80))
def test_sentences_and_paragraphs_hold_every_word_once(text):
    for spans in (paragraphs_of(text), sentences_of(text)):
        assert [word for span in spans for word in text[slice(*span)].split()] == text.split()
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_a_value_is_changed_in_a_copy():
    bid = repo_bid("exemplar")
    changed = with_value(bid, ("capability", "risks", 0, "risk"), str.upper)
    assert changed["capability"]["risks"][0]["risk"] == bid["capability"]["risks"][0]["risk"].upper()
    assert changed["capability"]["risks"][1] is bid["capability"]["risks"][1]
    assert value_at(bid, ("capability", "risks", 99, "risk")) is None
    assert value_at(bid, ("summary", "x")) is None
