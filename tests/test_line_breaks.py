"""Room to break lines: where it is put, where it is not, and that the widths it goes by are the font's."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer_cli.line_breaks import _ASCII, BREAK, breakable

PLAIN = [
    "Multidisciplinary teams and reablement.",
    "One named coordinator for each of 5,200 people; every plan, written with the person.",
    "Institutionalisation",
    "",
    "x",
]


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert breakable(text) == text


@pytest.mark.parametrize("text", ["W" * 24, "word( " * 20, "a\u00a0" * 60, "— " * 30, "é" * 40, "https://" + "a" * 50])
def test_what_is_wider_than_a_column_gets_room(text: str) -> None:
    assert BREAK in breakable(text)
    assert breakable(text).replace(BREAK, "") == text


def test_no_room_is_made_between_a_letter_and_its_mark() -> None:
    written = breakable("e\u0301" * 60)
    assert BREAK in written
    assert f"{BREAK}\u0301" not in written


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(max_size=300))
def test_nothing_but_room_is_added(text: str) -> None:
    assert breakable(text).replace(BREAK, "") == text.replace(BREAK, "")


def test_the_advances_are_those_of_the_bold_font() -> None:
    from fontTools.ttLib import TTFont

    spec = find_spec("fontpkg_source_sans_3")
    assert spec is not None
    assert spec.origin is not None
    font = TTFont(Path(spec.origin).parent / "files" / "SourceSans3[wght].ttf")
    names, bold = font.getBestCmap(), font.getGlyphSet(location={"wght": 700})
    assert len(_ASCII) == 95
    for code, hundredths in enumerate(_ASCII, start=32):
        assert hundredths - 1 <= round(bold[names[code]].width) / 10 <= hundredths


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("whole-system-plan-hangs-together", ["whole-system-plan-", "hangs-together"]),
        ("vision.outcomes[].frameworks", ["vision.outcomes[].", "frameworks"]),
        ("“Care” (sharing-is-generous (house))", ["“Care” ", "(sharing-is-generous ", "(house))"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampfschifffahr", "tsgesellschaft"]),
    ],
)
def test_a_word_is_broken_behind_a_joint_if_it_has_one(text: str, broken: list[str]) -> None:
    assert breakable(text).split(BREAK) == broken
