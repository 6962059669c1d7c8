"""Sentences of a bid and quotes from it: what counts as standing in the bid, and what does not."""

import pytest
from made_bids import empty_bid, repo_bid

from pioneer_cli.check_review import quotable
from pioneer_cli.prose import LONGEST_SENTENCE, find_quote, free_texts, one_line, sentences, words_quoted

SUMMARY = (
    "Half of the plan is unacceptable to all of us, and was not agreed by any partner. A second sentence stands here."
)
TEXTS = (
    (("summary",), SUMMARY),
    (("vision", "statement"), "*One* plan – “in their words” –\nand one team."),
    ((), "Nobody says this at all."),
)


@pytest.mark.parametrize(
    ("quote", "path"),
    [
        ("Half of the plan", ("summary",)),
        ("HALF  of\nthe plan is", ("summary",)),
        ("the plan is unacceptable", ("summary",)),
        ("unacceptable to all of us, and", ("summary",)),
        ("Half of the plan … agreed by any partner", ("summary",)),
        ("Half of the plan [...] A second sentence", ("summary",)),
        ("one plan - \"in their words\" - and one team.", ("vision", "statement")),
        ("“One plan", None),  # two words
        ("“One plan – in their words", ("vision", "statement")),
        ("• One plan — in their words", ("vision", "statement")),
        ("_One_ plan ‑ in their words", ("vision", "statement")),
        ("One pl\u00adan \u2212 in their\u200b words", ("vision", "statement")),
    ],
)  # fmt: skip
def test_what_stands_in_the_bid_is_found_however_it_was_copied(quote, path):
    found = find_quote(TEXTS, quote)
    assert (found[0] if found else None) == path


@pytest.mark.parametrize(
    "quote",
    [
        ", … , … ,", ". … . … .", "e … e … e", "a … a … a", "the … and … of", "… … …", "- - -", "", "the plan",
        "acceptable to all of us", "lan is un", "Half of the pla", "agreed by any partners", "the plan was agreed",
        "A second sentence … Half of the plan", "one team … Half of the plan", "Nobody says this at all.",
        "Half of the plan is acceptable",
    ],
)  # fmt: skip
def test_what_nobody_would_call_a_quote_is_none(quote):
    assert find_quote(TEXTS, quote) is None


def test_words_are_those_of_two_letters_or_a_figure():
    assert words_quoted("a b c") == 0
    assert words_quoted("5 of 10 teams") == 4
    assert words_quoted("the … and …") == 2


def test_every_sentence_of_a_bid_can_be_quoted():
    bid = repo_bid("exemplar")
    texts = quotable(bid)
    long = [found for found in sentences(bid) if words_quoted(found.text) >= 3]
    assert len(long) > 250
    assert [found.text for found in long if find_quote(texts, found.text) is None] == []


@pytest.mark.parametrize(
    "copied",
    [
        "Physical health: Practices and community nurses meet weekly",
        "Area: Wenbourne and the Vale (invented); the area of a council",
        "About 40 fewer moves a year into permanent care home places, net of the cost of help at home [E6] £640,000",
    ],
)
def test_what_is_copied_from_a_page_with_its_label_can_be_quoted(copied):
    assert find_quote(quotable(repo_bid("exemplar")), copied) is not None


def test_the_template_s_own_words_are_no_quote():
    words = "domains of the outcomes frameworks for the NHS, adult social care and public health"
    assert find_quote(quotable(repo_bid("exemplar")), words) is None


def test_a_sentence_without_end_comes_in_pieces_that_make_up_the_whole():
    text = "word " * 1000
    found = sentences({**empty_bid(), "summary": text})
    pieces = [sentence for sentence in found if sentence.path == ("summary",)]
    assert len(pieces) >= 5
    assert all(len(piece.text) <= LONGEST_SENTENCE for piece in pieces)
    assert " ".join(piece.text for piece in pieces).split() == text.split()
    assert [piece.start for piece in pieces] == sorted({piece.start for piece in pieces})


def test_free_texts_are_no_ids_and_no_words_of_closed_lists():
    paths = dict(free_texts(repo_bid("exemplar")))
    assert ("summary",) in paths
    assert ("partners", 0, "organisation") in paths
    assert not {("partners", 0, "id"), ("partners", 0, "kind"), ("lead",), ("call",)} & paths.keys()


def test_one_line_leaves_nothing_invisible():
    assert one_line(" a\n\tb\u200b\x1b ") == "a b"
