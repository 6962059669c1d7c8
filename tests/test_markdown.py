"""The small Markdown of prose: what becomes a paragraph, a list or emphasis, and all that stays as typed."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pioneer_cli.markdown import Block, Listing, Paragraph, Run, parse_prose

EMPHASIS = frozenset({"emphasis"})
STRONG = frozenset({"strong"})
BOTH = EMPHASIS | STRONG


def paragraph(*runs: Run | str) -> Paragraph:
    return Paragraph(tuple(Run(run) if isinstance(run, str) else run for run in runs))


def bullets(*items: tuple[Block, ...] | str) -> Listing:
    return Listing(False, tuple((paragraph(item),) if isinstance(item, str) else item for item in items))


def numbered(*items: tuple[Block, ...] | str) -> Listing:
    return Listing(True, bullets(*items).items)


def text_in(blocks: tuple[Block, ...]) -> str:
    """All text of the blocks, a space after each paragraph."""
    return "".join(
        "".join(run.text for run in block.runs) + " "
        if isinstance(block, Paragraph)
        else "".join(text_in(item) for item in block.items)
        for block in blocks
    )


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One.", [paragraph("One.")]),
        ("One.\n\nTwo.", [paragraph("One."), paragraph("Two.")]),
        ("One.\n\n\n\n Two. \n", [paragraph("One."), paragraph("Two.")]),
        ("One\nline.", [paragraph("One", " ", "line.")]),
        ("One\r\nline.", [paragraph("One", " ", "line.")]),
        ("    One.\n    Two.", [paragraph("One.", " ", "Two.")]),
        ("One.\n\n    Two.", [paragraph("One."), paragraph("Two.")]),
        ("One.\n\n\tTwo.", [paragraph("One."), paragraph("Two.")]),
    ],
)
def test_paragraphs(text, blocks):
    assert parse_prose(text) == tuple(blocks)


@pytest.mark.parametrize("text", ["", " ", "\n", "\t\n  \n", "\u00a0"])
def test_blank_text_has_no_blocks(text):
    assert parse_prose(text) == ()


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("- One\n- Two", [bullets("One", "Two")]),
        ("* One\n* Two", [bullets("One", "Two")]),
        ("- One", [bullets("One")]),
        ("-   One", [bullets("One")]),
        ("- One\n\n- Two", [bullets("One", "Two")]),
        ("- One\n- Two\n\nThree", [bullets("One", "Two"), paragraph("Three")]),
        ("Intro:\n- One\n- Two", [paragraph("Intro:"), bullets("One", "Two")]),
        ("- One\nmore", [bullets((paragraph("One", " ", "more"),))]),
        ("- One\n\n  More", [bullets((paragraph("One"), paragraph("More")))]),
        ("- One\n  - Two\n  - Three\n- Four", [bullets((paragraph("One"), bullets("Two", "Three")), "Four")]),
        ("- One\n  1. Two\n  2. Three", [bullets((paragraph("One"), numbered("Two", "Three")))]),
        ("- - One", [bullets((bullets("One"),))]),
        ("- One\n-\n- Two", [bullets("One", "Two")]),
        ("- One\n* Two", [bullets("One"), bullets("Two")]),
    ],
)
def test_bullet_lists(text, blocks):
    assert parse_prose(text) == tuple(blocks)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("1. One\n2. Two\n3. Three", [numbered("One", "Two", "Three")]),
        ("1) One\n2) Two", [numbered("One", "Two")]),
        ("1. One\n1. Two\n1. Three", [numbered("One", "Two", "Three")]),
        ("1. One", [numbered("One")]),
        ("1. One\n   - Two\n2. Three", [numbered((paragraph("One"), bullets("Two")), "Three")]),
        ("1.\n2. Two", [numbered((), "Two")]),
    ],
)
def test_numbered_lists(text, blocks):
    assert parse_prose(text) == tuple(blocks)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("*one*", [Run("one", EMPHASIS)]),
        ("_one_", [Run("one", EMPHASIS)]),
        ("**one**", [Run("one", STRONG)]),
        ("__one__", [Run("one", STRONG)]),
        ("***one***", [Run("one", BOTH)]),
        ("a *b* c", [Run("a "), Run("b", EMPHASIS), Run(" c")]),
        ("a *b **c** d*", [Run("a "), Run("b ", EMPHASIS), Run("c", BOTH), Run(" d", EMPHASIS)]),
        ("*a\nb*", [Run("a", EMPHASIS), Run(" ", EMPHASIS), Run("b", EMPHASIS)]),
        ("un*believ*able", [Run("un"), Run("believ", EMPHASIS), Run("able")]),
    ],
)
def test_emphasis(text, runs):
    assert parse_prose(text) == (paragraph(*runs),)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("[words](https://a.b/c)", [Run("words"), Run(" (https://a.b/c)")]),
        ("[words](http://a.b)", [Run("words"), Run(" (http://a.b)")]),
        ("[us](mailto:a@b.c)", [Run("us"), Run(" (mailto:a@b.c)")]),
        ("a [b](https://c.d), e", [Run("a "), Run("b"), Run(" (https://c.d)"), Run(", e")]),
        ("[*a* b](https://c.d)", [Run("a", EMPHASIS), Run(" b"), Run(" (https://c.d)")]),
        ("*[a](https://c.d)*", [Run("a", EMPHASIS), Run(" (https://c.d)", EMPHASIS)]),
        ("[a](<https://c.d/e f>)", [Run("a"), Run(" (https://c.d/e f)")]),
        ('[a](https://c.d "The title")', [Run("a"), Run(" (https://c.d, The title)")]),
        ("[a](https://c.d/?x=ä&y=%20#_z_)", [Run("a"), Run(" (https://c.d/?x=ä&y=%20#_z_)")]),
        ("[](https://c.d)", [Run(" (https://c.d)")]),
        ("![a](https://c.d)", [Run("!"), Run("a"), Run(" (https://c.d)")]),
        ("[a](https://c.d)[b](https://e.f)", [Run("a"), Run(" (https://c.d)"), Run("b"), Run(" (https://e.f)")]),
    ],
)
def test_a_link_is_its_words_with_the_address_behind_them(text, runs):
    assert parse_prose(text) == (paragraph(*runs),)


@pytest.mark.parametrize(
    "text",
    [
        "[a](b)", "[a](b/c.html)", "[a](#b)", "[a](javascript:alert)", "[a](data:text/html,x)", "[a](ftp://b.c)",
        "[a](file:///b)", "[a](HTTPS ://b)", "[a]( )", "[a]()", '[a]( "b")', "[a](<>)", "[a](<b>)", "[a] (https://b.c)",
        "[a](https://b.c", "[a](https://b c)", "[[a](b)", "[a](b \"https://c.d\")",
        "[a][https://b.c]", "[a]", "[a]: https://b.c", "https://b.c", "(https://b.c)", "[E1](C1a)", "a](https://b.c)",
    ],
)  # fmt: skip
def test_what_is_no_link_stays_as_typed(text):
    (block,) = parse_prose(text)
    assert isinstance(block, Paragraph)
    assert "".join(run.text for run in block.runs) == text


@pytest.mark.parametrize("text", ["[a](https://b.c)", "[a b](https://b.c) d", "- [a](https://b.c)\n- d"])
def test_a_link_loses_none_of_its_words(text):
    assert "https://b.c" in text_in(parse_prose(text))
    assert "](" not in text_in(parse_prose(text))


@pytest.mark.parametrize("text", ["One  \ntwo", "One\\\ntwo", "One   \n  two"])
def test_a_hard_break_is_a_run_of_its_own(text):
    assert parse_prose(text) == (paragraph("One", "\n", "two"),)


@pytest.mark.parametrize(
    "text",
    [
        "2013. The year", "0. None", "2. Second first", "2013) The year", "+ 5%", "+ 5%: more", "-", "*", "+", "1.",
        "- -", "- - -", "* * *", "---", "***", "___", "- *", "- –", "-5", "-one", "*5", "1.5", "# x", "## x ##", "#",
        "> 65", ">65", ">", "`x`", "```x```", "~~~", "[a](b)", "![a](b)", "[a][b]", "[a]: b", "<b>", "<b>bold</b>",
        "<!-- x -->", "<https://a.b>", "https://a.b/c_d_e", "&amp;", "&#65;", "&", "5 * 3 * 2", "a_b_c", "a * b", "**",
        "****", "*a", "a*", "** a **", "_ a _", "snake_case_name", "a | b", "| a | b |", "===", "x^2", "~~x~~", "~x~",
        "#panic()", "$x$", "@ref", "<label>", "\\", "\\x", "C:\\data", "{{ x }}", '"', "'", "...", "--", "(c)",
        "a\u00a0\u00a0b", "a  b", "a\tb", "£1.2m", "50/50", ":-)", "!", "_",
    ],
)  # fmt: skip
def test_all_else_stays_as_typed(text):
    (block,) = parse_prose(text)
    assert isinstance(block, Paragraph)
    assert "".join(run.text for run in block.runs) == text
    assert {run.styles for run in block.runs} == {frozenset()}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1. One\n2013. The year", ["1. One", "2013. The year"]),
        ("1. One\n3. Three", ["1. One", "3. Three"]),
        ("+ 5%\n+ 6%", ["+ 5%", "+ 6%"]),
        ("+\n+", ["+", "+"]),
        ("-\n-", ["-", "-"]),
        ("2013. The year\n\n  and more", ["2013. The year", "and more"]),
        ("+ One\n\n  Two", ["+ One", "Two"]),
        ("x\n\n---\n\ny", ["x", "---", "y"]),
    ],
)
def test_lines_with_markers_that_were_not_meant_are_paragraphs_as_typed(text, lines):
    blocks = parse_prose(text)
    assert ["".join(run.text for run in block.runs) for block in blocks] == lines


def test_a_year_in_the_middle_of_a_paragraph_stays_there():
    assert text_in(parse_prose("We began in\n2013. The year was hard.")) == "We began in 2013. The year was hard. "


def test_a_list_inside_what_was_not_meant_as_one_is_still_a_list():
    assert parse_prose("+ - One\n  - Two") == (paragraph("+"), bullets("One", "Two"))


@pytest.mark.parametrize(("text", "shown"), [(r"\*a\*", "*a*"), (r"\- a", "- a"), (r"1\. a", "1. a"), (r"\_a_", "_a_")])
def test_a_backslash_keeps_a_marker_as_text(text, shown):
    assert parse_prose(text) == (paragraph(shown),)


@pytest.mark.parametrize("depth", [9, 10, 11, 12, 40, 3000])
def test_lists_in_lists_without_end_lose_no_text(depth):
    assert "treasure" in text_in(parse_prose("- " * depth + "treasure"))
    assert "treasure" in text_in(parse_prose("".join(f"{'  ' * level}- x\n" for level in range(depth)) + "treasure"))


def test_eight_lists_in_one_another_are_lists():
    inner = parse_prose("- " * 8 + "x")
    for _ in range(8):
        assert isinstance(inner[0], Listing)
        inner = inner[0].items[0]
    assert inner == (paragraph("x"),)


MARKUP = st.text(st.sampled_from("*_-+.)123\\ \n\tab>#`&<"), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        ["- ", "* ", "+ ", "1. ", "2. ", "2013. ", "1) ", "  ", "    ", "\n", "\n\n", "*", "**", "_", "\\", "\\\n",
         "word", "two words", "é", "–", "\u00a0", "\u3000", "😀", "\r\n", "\t"]
    ),
    max_size=40,
).map("".join)  # fmt: skip
ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=200)
MARKERS = re.compile(r"[\s*_\\0-9.)-]")


@settings(deadline=None, derandomize=True, max_examples=600)
@given(st.one_of(MARKUP, PIECES, ANY))
@example("- a\n  2013. b")
@example("- " * 30 + "x")
def test_prose_never_raises_and_loses_nothing_but_markers(text):
    assert MARKERS.sub("", text_in(parse_prose(text))) == MARKERS.sub("", text)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(st.characters(exclude_characters="\0*_\\-+.)\n\r\t", exclude_categories=("Cs", "Z")), min_size=1))
def test_text_without_markers_comes_through_whole(text):
    assert text_in(parse_prose(text)).strip() == text.strip()


@settings(deadline=None, derandomize=True, max_examples=300)
@given(MARKUP)
def test_only_markers_are_ever_left_out(text):
    """What is left out is in the text, in order; nothing is added."""
    remaining = iter(re.sub(r"\s", "", text))
    assert all(character in remaining for character in re.sub(r"\s", "", text_in(parse_prose(text))))
