"""Columns of editors and ours: conversions both ways in each encoding, and changes of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pioneer_cli.diagnostics import Position
from pioneer_cli.lsp.positions import ENCODINGS, Encoding, changed, to_column, to_position, to_units, units
from pioneer_cli.source import split_lines

LINE = "é𝔸b"  # one, two and one unit of UTF-16; two, four and one byte of UTF-8


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", [0, 2, 6, 7]), ("utf-16", [0, 1, 3, 4]), ("utf-32", [0, 1, 2, 3])],
)
def test_each_column_is_so_many_units(encoding: Encoding, expected: list[int]) -> None:
    assert [to_units(LINE, column, encoding) for column in (1, 2, 3, 4)] == expected
    assert [to_column(LINE, character, encoding) for character in expected] == [1, 2, 3, 4]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_past_the_end_is_the_end(encoding: Encoding) -> None:
    assert to_column("abc", 99, encoding) == 4
    assert to_column(LINE, 99, encoding) == 4
    assert to_units("abc", 99, encoding) == 3


def test_inside_a_character_is_its_beginning() -> None:
    assert to_column(LINE, 2, "utf-16") == 2
    assert to_column(LINE, 4, "utf-8") == 2


def test_beyond_the_last_line_is_the_end_of_the_text() -> None:
    assert to_position(["ab", "cde"], 7, 0, "utf-16") == Position(2, 4)
    assert to_position(["ab", "cde"], 1, 2, "utf-16") == Position(2, 3)


@given(st.text(), st.sampled_from(ENCODINGS))
def test_columns_and_units_are_each_others_inverse(line: str, encoding: Encoding) -> None:
    for column in range(1, len(line) + 2):
        assert to_column(line, to_units(line, column, encoding), encoding) == column
    assert to_units(line, len(line) + 1, encoding) == units(line, encoding)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_change_replaces_what_stands_between_two_places(ending: str) -> None:
    text = ending.join(["é𝔸b", "two", "three"])
    assert changed(text, (0, 3), (0, 4), "c", "utf-16") == ending.join(["é𝔸c", "two", "three"])
    assert changed(text, (0, 6), (2, 1), "X", "utf-8") == "é𝔸Xhree"
    assert changed(text, (9, 0), (9, 0), "!", "utf-16") == f"{text}!"
    assert changed(text, (1, 99), (1, 99), "!", "utf-16") == ending.join(["é𝔸b", "two!", "three"])


def test_only_line_ends_of_the_protocol_end_a_line() -> None:
    text = "a\u2028b\x0bc\nd"
    assert changed(text, (1, 0), (1, 1), "D", "utf-16") == "a\u2028b\x0bc\nD"


@given(st.data(), st.sampled_from(ENCODINGS))
def test_a_change_is_what_slicing_would_do(data: st.DataObject, encoding: Encoding) -> None:
    text = data.draw(st.text(alphabet="ab é𝔸\n", max_size=40))
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    places = []
    for offset in (begin, end):
        above = split_lines(text[:offset])
        places.append((len(above) - 1, units(above[-1], encoding)))
    assert changed(text, places[0], places[1], "new", encoding) == text[:begin] + "new" + text[end:]
