"""Which characters the font can show: the ranges in `glyphs` are read out of the bundled fonts again."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from pioneer_cli.glyphs import _INSTEAD, advice, missing_characters
from pioneer_cli.typeset import FONT_SHA256

LINE_ENDS = {"\n", "\r", "\t"}


@pytest.fixture(scope="module")
def covered() -> set[str]:
    """The characters that both styles of the font have a glyph for."""
    spec = find_spec("fontpkg_source_sans_3")
    assert spec is not None
    assert spec.origin is not None
    assert len(FONT_SHA256) == 2
    upright, italic = (
        {chr(code) for code in TTFont(Path(spec.origin).parent / "files" / name).getBestCmap()} for name in FONT_SHA256
    )
    assert len(upright & italic) > 1500
    return upright & italic


def test_the_ranges_are_exactly_what_both_styles_of_the_font_cover(covered):
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    missing = set(missing_characters("".join(every)))
    assert set(every) - missing == covered | LINE_ENDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "It's £1.2m – “quoted” – ½ × 3 ≥ 1",
        "café, naïve, Łódź, Škoda",
        "a\tb\r\nc",
        "a\u00a0b",
        "Ω μ ∑ √ ≠ € ✓",
    ],
)
def test_what_the_font_shows_is_not_missing(text):
    assert missing_characters(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("a😀b", ["😀"]),
        ("好", ["好"]),
        ("✅ done ✅ and ❌", ["✅", "❌"]),
        ("👩\u200d👧", ["👩", "\u200d", "👧"]),
        ("a\x00b", ["\x00"]),
        ("a\x07\x1b", ["\x07", "\x1b"]),
        ("\u202e", ["\u202e"]),
        ("שלום", ["ש", "ל", "ו", "ם"]),
        ("\ud800", ["\ud800"]),
        ("\u2028", ["\u2028"]),
    ],
)
def test_missing_characters_come_once_each_and_in_order(text, missing):
    assert missing_characters(text) == missing


@pytest.mark.parametrize(
    ("character", "said"),
    [
        ("✅", "write met or yes instead"),
        ("❌", "write no instead"),
        ("\u200d", "delete it"),
        ("😀", "write it in words"),
        ("好", "write it in words"),
    ],
)
def test_advice_says_what_to_write_instead(character, said):
    assert advice(character) == said


def test_advice_is_for_characters_that_are_missing_at_all():
    assert missing_characters("".join(_INSTEAD)) == list(_INSTEAD)
