"""From bid to Typst source: no text becomes markup, templates are strict and boxed in, what cannot be shown is found.

Texts are put into every field of a bid at once and read back out of the PDF.
"""

import json
import re
import unicodedata
from collections import Counter
from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment
from made_bids import (
    NOT_PRINTED,
    PROSE,
    RIGHT_MARGIN,
    ROOT,
    as_read,
    empty_bid,
    full_bid,
    pages_of,
    repo_bid,
    squeezed,
    text_of,
    tree_of,
    typeset_tree,
)

from pioneer_cli import document
from pioneer_cli.bid import Bid
from pioneer_cli.document import (
    Unshowable,
    content,
    heading_case,
    literal,
    long_date,
    prose,
    sentence,
    short_name,
    typst_files,
    unshowable,
    words,
)
from pioneer_cli.errors import PioneerError
from pioneer_cli.glyphs import missing_characters
from pioneer_cli.line_breaks import BREAK
from pioneer_cli.markdown import parse_prose
from pioneer_cli.pipeline import read_bid
from pioneer_cli.quantities import parse_when
from pioneer_cli.source import parse
from pioneer_cli.typeset import compiler

TEMPLATE = (ROOT / "templates" / "eoi" / "bid.typ.jinja").read_text(encoding="utf-8")

HOSTILE = [
    "#panic()", "#panic();", '"; #panic() //', '");#panic();("', "#{panic()}", "#[x]", '#"', '#"x";', "#none", "#0",
    '#import "x.typ": *', '#import "@preview/x:1.0.0": *', '#include "/etc/passwd"', '#read("/etc/passwd")',
    "#let x = 1", "#set page(width: 1cm)", "#show: none", "#pagebreak()", "#counter(page).update(1)",
    '#metadata("C7")<section>', "$x$", "$", "$ sum_(k=1)^n k $", "*a*", "**a**", "_b_", "__b__", "*_*_", "*", "_",
    "]", "[", "[[]]", "][", "];", ")", "(", "}{", "[a](b)", "<label>", "<section>", "@ref", "//", "// gone",
    "/* gone */", "/*", "*/", "{{ 7*7 }}", "{% raise %}", "{# gone #}", "{{ bid.__class__ }}", "{{", "%}", "'", '"',
    '""', '"""', "...", "--", "---", "~", "\\", "\\\\", "\\u{41}", "\\n", '\\"', '\\";#panic()//', "\\#", "\\\\\\",
    "`x`", "```x```", "= Heading", "== Heading", "# Heading", "- item", "+ item", "+ 5%", "1. item", "2013. The year",
    "/ term: text", "> 65", "<b>bold</b>", "&amp;", "&#65;", "https://example.org/#x?a=b&c=d", "=> <= -> !=", "-?",
    "5 * 3 * 2", "a_b_c", "C:\\x\\y", "%s %d {0}", ";", ":", ",", "|", "x^2 x_1", "100%", "fi ffi fl ff", "e\u0301 é",
    "½ 3/4", "5-6 – 7 — 8", "£1.2m €3", "“curly” ‘quotes’", "non\u00a0break", "a.b@c.org", "\ttab", "* * *",
    "long" * 15,
]  # fmt: skip


def put_in_every_field(text: str) -> dict[str, str]:
    """What each field of a bid holds: the text at its beginning and at its end, and between them which field it is."""
    fields: dict[str, str] = {}

    def fill(path: str) -> str:
        fields[path] = f"{text} Q{len(fields)}q {text}"
        return fields[path]

    full_bid(fill)
    return fields


def comparable(text: str) -> str:
    """The text with composed letters and single hyphens, since pdfium drops one of several at a line's end."""
    return re.sub("-+", "-", unicodedata.normalize("NFC", text))


def lost(fields: dict[str, str]) -> dict[str, str]:
    """The fields whose text does not come out of the PDF as it should, and what comes out instead."""
    pdf = comparable(text_of(typeset_tree(tree_of(full_bid(fields.__getitem__))).pdf))
    found = {}
    for path, text in fields.items():
        expected = comparable(squeezed(as_read(parse_prose(text)) if path in PROSE else text))
        if path not in NOT_PRINTED and expected not in pdf:
            marker = re.search(r"Q\d+q", expected)
            middle = pdf.find(marker.group()) if marker else -1
            found[path] = f"{expected} became {pdf[max(0, middle - 70) : middle + 70]}"
    return found


# --- No text becomes markup ------------------------------------------------------------------------------------------


def test_every_text_field_is_filled():
    fields = put_in_every_field("x")
    assert len(fields) >= 74
    assert fields.keys() >= PROSE | NOT_PRINTED
    assert {
        "title",
        "area.name",
        "support_needed.0.request",
        "capability.workstreams.0.milestones.0.lead",
    } <= fields.keys()


def test_there_are_enough_hostile_texts():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_typed_in_every_field(text):
    assert lost(put_in_every_field(text)) == {}


@pytest.mark.parametrize("text", ["a--b", "a---b", "-- a", "a --- b", "----"])
def test_hyphens_in_a_row_stay_hyphens(text):
    tree = {**empty_bid(), "title": f"Title {text}", "summary": f"Summary {text}"}
    assert text_of(typeset_tree(tree).pdf).startswith(squeezed(f"Title {text} Area: An area Summary {text}"))


@pytest.mark.parametrize("text", ['"; #panic() //', "{{ 7*7 }}", "*a* <b>", "\\", "“a” – b"])
def test_hostile_text_is_the_title_of_the_pdf(text):
    tree = {**empty_bid(), "title": text}
    with pikepdf.open(BytesIO(typeset_tree(tree).pdf)) as pdf:
        assert str(pdf.docinfo.Title) == text
        assert pdf.open_metadata()["dc:title"] == text


def test_figures_dates_and_closed_lists_are_printed():
    pdf = text_of(typeset_tree(tree_of(full_bid(lambda path: "x"))).pdf)
    for shown in (
        "£1,200,000", "14.5", "167,400 people", "3 × 3 = 9", "27 June 2013", "March 2014", ", 2012", "Mental health",
        "NHS 1", "goals and outcomes.", "Clinicians take part.", "The NHS number identifies", "section 75, pooled",
    ):  # fmt: skip
        assert squeezed(shown) in pdf


def test_prose_begins_a_line_of_its_own():
    fields = {path: f"Field {number}." for number, path in enumerate(put_in_every_field("x"))}
    pdf = typeset_tree(tree_of(full_bid(fields.__getitem__))).pdf
    with pypdfium2.PdfDocument(pdf) as opened:
        lines = [line.strip() for page in opened for line in page.get_textpage().get_text_range().splitlines()]
    alone = [path for path in PROSE if ".0." not in path]
    assert len(alone) >= 20
    assert [path for path in alone if fields[path] not in lines] == []


def test_a_stated_total_is_printed_without_sources_too():
    tree = empty_bid()
    tree["capability"]["funding"]["total"] = Decimal(3_500_000)
    assert "Total£3,500,000" in text_of(typeset_tree(tree).pdf)


# Every character that the font shows, but for a soft hyphen and a grapheme joiner, which nobody sees, and ligatures,
# which come out as their letters. A mark comes out twice where it is one of two on a letter, so words have none.
SHOWN = [
    character
    for character in map(chr, range(0x20, 0x20000))
    if not missing_characters(character) and character not in "\u00ad\u034f\u200b\ufeff\ufb00\ufb01\ufb02\ufb03\ufb04"
]
# Beyond the first plane, pdfium's extraction drops some characters among others; each is tried by itself further down.
LETTERS = [
    character for character in SHOWN if not unicodedata.category(character).startswith("M") and character <= "\uffff"
]
WORD = st.one_of(
    st.text(st.sampled_from("*_-+.#$[](){}<>@/\\\"'`~=;:!&|^%,1aé"), min_size=1, max_size=12),
    st.text(st.sampled_from(LETTERS), min_size=1, max_size=60),
    st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=60),
)
SPACE = st.sampled_from([" ", " ", " ", "  ", "\n", "\n\n", "\n- ", "\n1. ", "  \n", "\t"])
TEXT = st.lists(st.tuples(WORD, SPACE), min_size=1, max_size=8).map(lambda pairs: "".join(map("".join, pairs)))
TEXTS = st.lists(TEXT, min_size=25, max_size=25)


def test_characters_are_drawn_from_all_that_the_font_shows():
    assert len(SHOWN) > 1500
    assert len(LETTERS) > 1450


@settings(deadline=None, derandomize=True, max_examples=100, phases=[Phase.generate])
@given(TEXTS)
def test_what_goes_in_comes_out_of_the_pdf(texts):
    fields = put_in_every_field("x")
    fields = {path: f"{texts[number % 25]} Q{number}q" for number, path in enumerate(fields)}
    assert lost(fields) == {}


def test_every_character_of_the_font_comes_out_of_the_pdf():
    tree = empty_bid()
    lines = [f"Q{number}q a{character}b {character}{character}" for number, character in enumerate(SHOWN)]
    tree["capability"]["track_record"] = [
        {"what": line, "when": None, "result": None, "evidence": []} for line in lines
    ]
    pdf = text_of(typeset_tree(tree).pdf)
    assert [line for line in lines if squeezed(line) not in pdf] == []


# --- Nothing runs off the page ---------------------------------------------------------------------------------------


HANGING = 4  # points by which a closing mark may hang into the margin
WIDE_WORD = 40  # points by which a word may that is wider than the narrowest column, which still is on the page


def outside(pdf: bytes, margin: float = HANGING) -> list[str]:
    """What shows further right of the text area than by `margin`, or below it, the footer aside."""
    found = []
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                _, bottom, right, _ = text.get_charbox(index)
                in_footer = 20 < bottom < 50
                character = text.get_text_range(index, 1)
                if character != BREAK and (right > RIGHT_MARGIN + margin or (bottom < 52 and not in_footer)):
                    found.append(character)
    return found


@pytest.mark.parametrize(
    "word",
    ["a" * 60, "W" * 60, "1-" * 30, "1/" * 30, "a-1b" * 15, "-" * 60, "—" * 60, "é" * 60, "x@" * 30, "a\u00a0" * 30],
)
def test_no_long_word_runs_off_the_page_in_any_field(word):
    assert not list(unshowable(word))
    pdf = typeset_tree(tree_of(full_bid(lambda path: f"lead {word} tail"))).pdf
    assert outside(pdf, WIDE_WORD) == []
    assert squeezed(f"lead {word} tail") in text_of(pdf)


HELD = [
    "word( ",
    "word⁽ ",
    "⟦ ",
    "⟨x ",
    "word(\u0301 ",
    "**word(** ",
    "— ",
    "a\u00a0",
    "( ",
    "a) ! ",
    '" ',
    "/ ",
    "W",
    "WM ",
]


@pytest.mark.parametrize("piece", HELD)
@pytest.mark.parametrize("times", [24, 59])
def test_nothing_that_no_line_breaks_at_runs_off_the_page_in_any_field(piece, times):
    text = piece * times
    if list(unshowable({"title": text})):
        text = " ".join([piece * 20, piece * 20])
    tree = tree_of(full_bid(lambda path: "A title" if path == "title" else f"lead {text}tail"))
    pdf = typeset_tree(tree).pdf
    assert outside(pdf, WIDE_WORD) == []


@pytest.mark.parametrize("count", [60, 100, 200, 700])
def test_no_long_text_runs_off_the_page_in_any_field(count):
    text = " ".join(f"w{number}x" for number in range(count))
    pdf = typeset_tree(tree_of(full_bid(lambda path: "A title" if path == "title" else text))).pdf
    assert outside(pdf) == []
    times = len(put_in_every_field("x")) - len(NOT_PRINTED) - 1
    assert Counter(re.findall(r"w\d+x", text_of(pdf))) == {f"w{number}x": times for number in range(count)}


@pytest.mark.parametrize("text", ["\\\n".join("x" * 90), "\n\n".join("x" * 90), "\n".join(["- x"] * 90)])
def test_no_tall_prose_runs_off_the_page_in_any_field(text):
    pdf = typeset_tree(tree_of(full_bid(lambda path: text if path in PROSE else "x"))).pdf
    assert outside(pdf) == []


def test_a_long_title_takes_one_line_of_the_footer():
    with pypdfium2.PdfDocument(typeset_tree({**empty_bid(), "title": "Title of many words " * 9}).pdf) as opened:
        bitmap = opened[0].render(scale=1)
    rows = [bytes(bitmap.buffer)[row * bitmap.stride : (row + 1) * bitmap.stride] for row in range(bitmap.height)]
    inked = [row for row in range(790, bitmap.height) if set(rows[row]) != {255}]
    assert 5 <= len(inked) <= 12
    assert inked == list(range(inked[0], inked[-1] + 1))


def test_rows_of_ordinary_length_stay_whole():
    tree = empty_bid()
    (risk,) = tree_of(full_bid(lambda path: "x"))["capability"]["risks"]
    mitigation = "of eighteen words that fill some lines of the column in which the mitigation of a risk stands"
    tree["capability"]["risks"] = [
        {**risk, "risk": f"Q{number}q", "mitigation": mitigation, "owner": f"q{number}Q"} for number in range(60)
    ]
    pages = pages_of(typeset_tree(tree).pdf)
    assert len(pages) >= 4
    assert [
        number for number in range(60) if not any(f"Q{number}q" in page and f"q{number}Q" in page for page in pages)
    ] == []


# --- String literals and filters -------------------------------------------------------------------------------------


def test_a_literal_is_what_typst_reads_back(tmp_path):
    text = "".join(map(chr, range(0x20, 0x7F))) + "\\n\\u{41}\\\\" + "\n\t\r é😀"
    assert json.loads(compiler({"main.typ": b"x"}, str(tmp_path)).eval(literal(text))) == text


@pytest.mark.parametrize("character", [chr(code) for code in range(0x20, 0x7F)])
def test_a_literal_of_each_ascii_character(character):
    escaped = f"\\{character}" if character in '"\\' else character
    assert literal(character) == f'"{escaped}"'


@pytest.mark.parametrize(
    ("value", "source"),
    [("a", '[#"a";]'), ('a"b\\', '[#"a\\"b\\\\";]'), (5, '[#"5";]'), (None, "[]"), ("", "[]"), ("a \n b", '[#"a b";]'),
     ("a\u00a0b", '[#"a\u00a0b";]')],
)  # fmt: skip
def test_content_quotes_any_value(value, source):
    assert content(value) == source


def test_content_is_not_quoted_twice():
    assert content(content("a")) == '[[#"a";]]'


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (None, "[]"),
        ("  ", "[]"),
        ("a", '[#"a";#parbreak();]'),
        ("a\n\nb", '[#"a";\n\n#"b";#parbreak();]'),
        ("*a*", '[#emph[#"a";];#parbreak();]'),
        ("***a***", '[#strong[#emph[#"a";];];#parbreak();]'),
        ("a\\\nb", '[#"a";#linebreak();#"b";#parbreak();]'),
        ("- a\n- b", '[#list([#"a";], [#"b";])#parbreak();]'),
        ("1. a\n2. b", '[#enum([#"a";], [#"b";])#parbreak();]'),
        ("#x", '[#"#x";#parbreak();]'),
    ],
)
def test_prose_becomes_typst(text, source):
    assert prose(text) == source


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (parse_when("2013-06-28"), "28 June 2013"),
        (parse_when("2014-03"), "March 2014"),
        (parse_when("2013-01-01"), "1 January 2013"),
        (parse_when("2013-12"), "December 2013"),
        (None, ""),
        ("2013-06-28", ""),
    ],
)
def test_dates_as_people_write_them(value, shown):
    assert long_date(value) == shown


@pytest.mark.parametrize(
    ("value", "in_words", "heading"),
    [
        ("in-principle", "in principle", "In principle"),
        ("agreed", "agreed", "Agreed"),
        ("ccg", "CCG", "CCG"),
        ("nhs", "NHS", "NHS"),
        ("vertical-nhs", "vertical NHS", "Vertical NHS"),
        ("ccg-led-retendering", "CCG-led retendering", "CCG-led retendering"),
        ("section-75", "section 75", "Section 75"),
        (None, "", ""),
    ],
)
def test_closed_lists_in_words(value, in_words, heading):
    assert words(value) == in_words
    assert heading_case(value) == heading


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("a", "a."),
        ("a.", "a."),
        ("a?", "a?"),
        ("a!", "a!"),
        (" a \n", "a."),
        ("a)", "a)."),
        ("", ""),
        ("  ", ""),
        (None, ""),
    ],
)
def test_a_sentence_ends_as_one(text, ended):
    assert sentence(text) == ended


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("nhs-1-premature-death", "NHS 1"),
        ("adult-social-care-3-experience", "ASC 3"),
        ("public-health-4-premature-mortality", "PH 4"),
        ("other-thing", "other thing"),
    ],
)
def test_outcomes_frameworks_in_short(value, shown):
    assert short_name(value) == shown


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ value | pounds }}", '#"£1,200,000";'),
        ("{{ value | figure }}", '#"1,200,000";'),
        ("{{ none | pounds }}", ""),
        ("{{ none | figure }}", ""),
        ("{{ 14 | figure }}", '#"14";'),
        ("{{ 'a-b' | words }}", '#"a b";'),
        ("{{ 'a-b' | heading }}", '#"A b";'),
        ("{{ 'a' | sentence }}", '#"a.";'),
        ("{{ 'nhs-1-x' | short }}", '#"NHS 1";'),
        ("{{ none | date }}", ""),
        ("{{ 'a' | content }}", '[#"a";]'),
        ("{{ 'a' | prose }}", '[#"a";#parbreak();]'),
        ("{{ true }}", '#"True";'),
        ("{{ ['a', '\"'] | join }}", '#"a\\"";'),
        ("{{ '#x' | upper }}", '#"#X";'),
        ("{{ 'a' ~ '#b' }}", '#"a#b";'),
        ("{{ ('a' | content) ~ '#b' }}", '#"[#\\"a\\";]#b";'),
    ],
)
def test_what_a_template_prints_is_a_literal(template, shown):
    environment = document._environment(ROOT / "templates" / "eoi")
    assert environment.from_string(template).render(value=Decimal(1_200_000)) == shown


def test_every_filter_of_ours_is_used_by_a_template_and_the_reverse():
    ours = document._environment(ROOT / "templates" / "eoi").filters.keys() - SandboxedEnvironment().filters.keys()
    used = set(re.findall(r"\| (\w+)", TEMPLATE))
    assert ours | {"list", "selectattr", "map", "length"} == used
    assert ours == {"content", "prose", "words", "heading", "sentence", "pounds", "figure", "date", "short", "says"}


def test_the_prose_fields_are_those_that_the_template_prints_as_prose():
    fields = {name.rsplit(".", 1)[-1] for name in re.findall(r"\{\{ ([\w.]+) \| prose", TEMPLATE)}
    assert fields == {path.rsplit(".", 1)[-1] for path in PROSE}
    assert len(re.findall(r"\| prose", TEMPLATE)) == len(PROSE)


def test_no_field_of_a_bid_is_hidden_by_a_method_of_its_mapping():
    """Jinja looks for attributes first: `bid.items` would be the method."""
    fields = set(re.findall(r'"(\w+)":', json.dumps(full_bid(lambda path: "x"))))
    assert len(fields) > 100
    assert fields & set(dir(dict)) == set()


# --- Templates are strict and boxed in -------------------------------------------------------------------------------


@pytest.fixture
def fill_in(tmp_path, monkeypatch):
    """Fills in a template of the test's own and gives the source."""
    monkeypatch.setattr(document, "shipped_folder", lambda kind: tmp_path / kind)
    monkeypatch.setattr(document, "_bytecode_cache", lambda: None)
    folder = tmp_path / "templates" / "own"
    folder.mkdir(parents=True)
    (folder / "style.typ").write_text("// style", encoding="utf-8")

    def write_and_fill_in(main: str, **others: str) -> str:
        (folder / "bid.typ.jinja").write_text(main, encoding="utf-8")
        for name, text in others.items():
            (folder / f"{name}.jinja").write_text(text, encoding="utf-8")
        return typst_files(empty_bid(), "own")["main.typ"].decode("utf-8")

    return write_and_fill_in


def test_a_template_is_filled_in(fill_in):
    assert fill_in("= {{ bid.title }}\n{% if bid.summary %}never{% endif %}") == '= #"A title";\n'


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        ("{{ bid.nothing }}", 1, "'dict object' has no attribute 'nothing'"),
        ("a\n\n{{ bid.area.nam }}\n", 3, "'dict object' has no attribute 'nam'"),
        ("a\n{{ bid.nothing | content }}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{{ bid.nothing | prose }}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{% if bid.nothing %}b{% endif %}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{% for x in bid.nothing %}b{% endfor %}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{{ bid['nothing'] }}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{{ names.nobody }}", 2, "'dict object' has no attribute 'nobody'"),
        ("a\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("{% macro m(x) %}\n\n{{ x.y }}\n{% endmacro %}\n{{ m(bid) }}", 3, "'dict object' has no attribute 'y'"),
        ("a\n{{ bid.title | nosuch }}", 2, "No filter named 'nosuch'."),
        ("a\n\n{% if %}", 3, "Expected an expression, got 'end of statement block'"),
        ("a\n{% include 'other.jinja' %}", 2, "there is no file other.jinja"),
    ],
)  # fmt: skip
def test_a_template_that_is_wrong_is_named_with_its_line(fill_in, template, line, reason):
    with pytest.raises(PioneerError) as caught:
        fill_in(template)
    assert caught.value.message == f"the template own/bid.typ.jinja:{line} cannot be filled in: {reason}"
    assert caught.value.hint == "mend the template"


def test_a_fault_in_an_included_template_is_placed_there(fill_in):
    with pytest.raises(PioneerError) as caught:
        fill_in("a\n{% include 'part.jinja' %}", part="b\nc\n{{ bid.nothing }}")
    assert caught.value.message.startswith("the template own/part.jinja:3 cannot be filled in")


def test_a_template_that_is_not_there(fill_in):
    with pytest.raises(PioneerError) as caught:
        typst_files(empty_bid(), "nosuch")
    assert caught.value.message == (
        "the template nosuch/bid.typ.jinja cannot be filled in: there is no file bid.typ.jinja"
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ bid.__class__ }}",
        "{{ bid.__class__.__mro__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ bid.title.format.__globals__ }}",
        "{{ '{0.__class__}'.format(bid) }}",
        "{{ bid | attr('__class__') }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ bid.clear() }}",
        "{{ bid.update({'title': 'x'}) }}",
        "{{ bid.partners.append(1) }}",
        "{% set bid.title = 'x' %}",
    ],
)
def test_a_template_reaches_no_further_than_the_bid_and_changes_nothing(fill_in, template):
    with pytest.raises(PioneerError, match=r"own/bid\.typ\.jinja:1 cannot be filled in: "):
        fill_in(template)


def test_the_bid_is_the_same_after_typesetting():
    tree = repo_bid("exemplar")
    typst_files(tree)
    assert tree == repo_bid("exemplar")


# --- What no document can show ---------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u00a0"])
def test_blank_texts_everywhere_but_in_the_title_are_typeset(blank):
    bid = full_bid(lambda path: "A title" if path == "title" else blank)
    assert Bid.model_validate(bid)
    assert typeset_tree(tree_of(bid)).count >= 1


@pytest.mark.parametrize("number", range(1, 7))
def test_a_section_that_says_nothing_has_no_heading(number):
    titles = ["Vision", "Whole-system integration", "Commitment", "Capability", "Sharing lessons", "Evidence"]
    keys = ["vision", "whole_system", "commitment", "capability", "sharing", "evidence"]
    assert titles[number - 1] not in typst_files(empty_bid())["main.typ"].decode()
    tree = empty_bid()
    tree[keys[number - 1]]["statement"] = "x"
    written = typst_files(tree)["main.typ"].decode()
    assert [title for title in titles if f". {title}" in written] == [titles[number - 1]]
    assert [section.name for section in typeset_tree(tree).sections] == ["front", "C1", "C2", "C3", "C4", "C5", "C6"]


def test_what_a_board_did_stands_under_its_name_where_there_are_several():
    tree = empty_bid()
    (board,) = tree_of(full_bid(lambda path: "x"))["health_and_wellbeing_boards"]
    tree["health_and_wellbeing_boards"] = [{**board, "name": f"Q{n}q", "involvement": f"z{n}z"} for n in (1, 2)]
    text = text_of(typeset_tree(tree).pdf)
    assert "Q1q:z1z" in text
    assert "Q2q:z2z" in text
