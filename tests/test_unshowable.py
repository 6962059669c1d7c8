"""What no document can show is found before it is typeset, to the character, with what to do about it."""

from decimal import Decimal

import pytest

from pioneer_cli.pipeline import read_bid
from pioneer_cli.source import parse
from pioneer_cli.unshowable import Unshowable, unshowable


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ({"a": "fine – é £ ½"}, []),
        ({"a": "b" * 60}, []),
        ({"a": f"{'b' * 60} {'b' * 60}-{'b' * 60}/{'b' * 60}–{'b' * 60}—{'b' * 60}\n{'b' * 60}"}, []),
        ({"a": "ok 😀"}, [(("a",), "😀", "missing-character", "the document's font has no character U+1F600")]),
        ({"a": ["x", "好"]}, [(("a", 1), "好", "missing-character", "the document's font has no character U+597D")]),
        ({"a": {"b": "好"}}, [(("a", "b"), "好", "missing-character", "the document's font has no character U+597D")]),
        (["e\u200df"], [((0,), "\u200d", "missing-character", "the document's font has no character U+200D")]),
        ({"a": f"x {'b' * 61}."}, [(("a",), "b" * 61 + ".", "long-word", "a word of 62 characters runs off the page")]),
        ({"a": 5, "b": None, "c": True, "d": Decimal(1), "e": []}, []),
        ({"title": "x"}, []),
        ({"area": {"title": ""}}, []),
        ({"title": ""}, [(("title",), '""', "blank-title", "a document must have a title, and this is blank")]),
        ({"title": " \n"}, [(("title",), " \n", "blank-title", "a document must have a title, and this is blank")]),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_found_with_its_path_and_piece(part, found):
    assert [(fault.path, fault.piece, fault.code, fault.message) for fault in unshowable(part)] == found


def test_every_fault_of_a_text_is_found_at_once():
    codes = [(fault.piece, fault.code) for fault in unshowable(["😀 好 😀 " + "x" * 99, "好"])]
    assert codes == [
        ("😀", "missing-character"),
        ("好", "missing-character"),
        ("x" * 99, "long-word"),
        ("好", "missing-character"),
    ]


def test_what_to_do_about_it_is_said():
    assert list(unshowable({"a": "✅"})) == [
        Unshowable(
            ("a",), "✅", "missing-character", "the document's font has no character U+2705", "write met or yes instead"
        )
    ]
    (long_word,) = unshowable({"a": "x" * 61})
    assert long_word.hint == "break it up: no word may be longer than 60 characters"


HEAD = "call: pioneers-2013\ntitle: A title\narea:\n  name: An area\n"
LONG = "x" * 61


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("summary: So {0} then\n", (5, 13)),
        ("summary:   {0}\n", (5, 12)),
        ('summary: "So {0} then"\n', (5, 14)),
        ("summary: 'It''s {0} then'\n", (5, 17)),
        ("summary: >-\n  So it\n  goes {0} on\n", (7, 8)),
        ("summary: |\n  One\n\n  Three {0} on\n", (8, 9)),
        ("summary: |\n  One\n  Two\n    {0} Three\n", (8, 5)),
        ("summary: One\n  two\n  {0}\n", (7, 3)),
        ('summary: "One\n  two\n  {0} three"\n', (7, 3)),
        ("partners:\n  - id: a\n    organisation: So {0}\n", (7, 22)),
        ("vision: {{statement: {0}, making_it_real: no}}\n", (5, 21)),
        ("# é {0}\nsummary: é – {0}\n", (6, 14)),
    ],
)
@pytest.mark.parametrize(
    ("piece", "code"), [("😀", "missing-character"), ("好", "missing-character"), (LONG, "long-word")]
)
def test_what_cannot_be_shown_is_placed_to_the_character(yaml, place, piece, code):
    found = read_bid(parse(HEAD + yaml.format(piece), "bid.yaml"))
    (fault,) = found.diagnostics
    assert found.bid is None
    assert fault.code == code
    assert (fault.span.start.line, fault.span.start.column) == place
    assert (fault.span.end.line, fault.span.end.column) == (place[0], place[1] + len(piece))


def test_a_character_from_an_escape_is_placed_at_its_text():
    found = read_bid(parse(HEAD + 'summary: "So \\u597d then"\n', "bid.yaml"))
    (fault,) = found.diagnostics
    assert (fault.span.start.line, fault.span.start.column, fault.code) == (5, 10, "missing-character")


def test_a_zero_width_joiner_is_placed_to_the_character():
    found = read_bid(parse(HEAD + "summary: >-\n  One\n  two\u200dthree\n", "bid.yaml"))
    places = [(fault.code, fault.span.start.line, fault.span.start.column) for fault in found.diagnostics]
    assert places == [("invisible-character", 7, 6), ("missing-character", 7, 6)]


@pytest.mark.parametrize(("title", "end"), [('""', 10), ("''", 10), ('"  "', 11)])
def test_a_blank_title_is_placed(title, end):
    found = read_bid(parse(HEAD.replace("A title", title), "bid.yaml"))
    (fault,) = found.diagnostics
    assert fault.code == "blank-title"
    assert fault.span.start.line == 2
    assert fault.span.end.column == end
