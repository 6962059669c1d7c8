"""From the tree to Typst source: what goes in comes out of the PDF, no text becomes markup, nothing runs off the page.

Texts are put into every field of a bid at once and read back out of the PDF.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_bids import (
    HOSTILE,
    NOT_PRINTED,
    PROSE,
    REPO_BIDS,
    RIGHT_MARGIN,
    Tree,
    as_read,
    empty_bid,
    full_bid,
    pages_of,
    put_in_every_field,
    repo_bid,
    squeezed,
    text_of,
    tree_of,
    typeset_tree,
)

from pioneer_cli.bid import Bid
from pioneer_cli.document import document
from pioneer_cli.formats.typst import MAIN, literal, standalone, typst
from pioneer_cli.glyphs import missing_characters
from pioneer_cli.line_breaks import BREAK
from pioneer_cli.markdown import parse_prose
from pioneer_cli.shipped import shipped_names
from pioneer_cli.template_folder import find_template
from pioneer_cli.tree import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Reference,
    References,
    Row,
    Run,
    Section,
    Table,
    Term,
    Terms,
    words_of,
)
from pioneer_cli.typeset import compiler, typeset
from pioneer_cli.unshowable import unshowable


def comparable(text: str) -> str:
    """The text with composed letters and single hyphens, since pdfium drops one of several at a line's end."""
    return re.sub("-+", "-", unicodedata.normalize("NFC", text))


def lost(fields: dict[str, str], template: str = "eoi") -> dict[str, str]:
    """The fields whose text does not come out of the PDF as it should, and what comes out instead."""
    pdf = comparable(text_of(typeset_tree(tree_of(full_bid(fields.__getitem__)), template).pdf))
    found = {}
    for path, text in fields.items():
        expected = comparable(squeezed(as_read(parse_prose(text)) if path in PROSE else text))
        if path not in NOT_PRINTED and expected not in pdf:
            marker = re.search(r"Q\d+q", expected)
            middle = pdf.find(marker.group()) if marker else -1
            found[path] = f"{expected} became {pdf[max(0, middle - 70) : middle + 70]}"
    return found


# --- What goes in comes out ------------------------------------------------------------------------------------------


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
    st.sampled_from(["[words](https://example.org/a_b)", "[E1]", "[an-id]", "[a](b)", "https://example.org/?a=b&c"]),
)
SPACE = st.sampled_from([" ", " ", " ", "  ", "\n", "\n\n", "\n- ", "\n1. ", "  \n", "\t"])
TEXT = st.lists(st.tuples(WORD, SPACE), min_size=1, max_size=8).map(lambda pairs: "".join(map("".join, pairs)))
ENOUGH = 2500  # texts


@cache
def some_texts() -> tuple[str, ...]:
    """Many different texts, none of them drawn twice."""
    found: dict[str, None] = {}

    @settings(deadline=None, derandomize=True, database=None, max_examples=ENOUGH + 500, phases=[Phase.generate])
    @given(TEXT)
    def draw(text: str) -> None:
        found[text] = None

    draw()
    return tuple(found)


def bids_of(texts: Sequence[str]) -> Iterator[dict[str, str]]:
    """Bids with another of the texts in every field, behind it which field it is."""
    paths = list(put_in_every_field("x"))
    for start in range(0, len(texts), len(paths)):
        some = texts[start : start + len(paths)]
        yield {path: f"{some[number % len(some)]} Q{number}q" for number, path in enumerate(paths)}


def test_characters_are_drawn_from_all_that_the_font_shows():
    assert len(SHOWN) > 1500
    assert len(LETTERS) > 1450


def test_what_goes_in_comes_out_of_the_pdf():
    assert len(some_texts()) >= ENOUGH
    tried = 0
    for fields in bids_of(some_texts()):
        assert lost(fields) == {}
        tried += len(fields)
    assert tried >= ENOUGH


def test_every_character_of_the_font_comes_out_of_the_pdf():
    tree = empty_bid()
    lines = [f"Q{number}q a{character}b {character}{character}" for number, character in enumerate(SHOWN)]
    tree["capability"]["track_record"] = [
        {"what": line, "when": None, "result": None, "evidence": []} for line in lines
    ]
    pdf = text_of(typeset_tree(tree).pdf)
    assert [line for line in lines if squeezed(line) not in pdf] == []


# --- No text makes structure that was not asked for ------------------------------------------------------------------


def tags(element: pikepdf.Object) -> Iterator[str]:
    """The structure elements of a PDF in reading order, each closed by a bracket."""
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield str(child.S)
            yield from tags(child)
            yield ")"


def structure(pdf: bytes) -> list[str]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return list(tags(opened.Root.StructTreeRoot))


def shape(part: object) -> object:
    """A document's tree without its words: blocks, and the styles and references of runs that stand together."""
    if isinstance(part, tuple) and part and isinstance(part[0], Run):
        kinds = [(run.text == "\n", run.styles, bool(run.cites)) for run in part]
        return tuple(kind for kind, before in zip(kinds, [None, *kinds], strict=False) if kind != before)
    if isinstance(part, (Section, Paragraph, Listing, Heading, Terms, Term, Table, Row, Cell, References, Reference)):
        return type(part).__name__, tuple(shape(getattr(part, name)) for name in part._fields if name != "beside")
    if isinstance(part, tuple) and not isinstance(part, Column):
        return tuple(map(shape, part))
    return part if isinstance(part, (bool, int, float, Column)) else type(part).__name__


def harmless_twin(bid_of: dict[str, str]) -> dict[str, str]:
    """The same bid with words in place of every text, as many paragraphs and lists as Markdown makes of it."""
    return {path: in_words(text) if path in PROSE else "words" for path, text in bid_of.items()}


def in_words(text: str) -> str:
    """Prose of the same blocks: lists, breaks and emphasis stay, and every stretch of text becomes a word."""
    return "\n\n".join(_block_in_words(block, "") for block in parse_prose(text)) or "words"


def _block_in_words(block: Block, indent: str) -> str:
    if isinstance(block, Paragraph):
        return indent + "".join(_run_in_words(run) for run in _merged(block.runs))
    assert isinstance(block, Listing)
    items = []
    for number, item in enumerate(block.items, start=1):
        marker = f"{number}. " if block.numbered else "- "
        inside = "\n\n".join(_block_in_words(part, indent + " " * len(marker)) for part in item)
        items.append(indent + marker + inside.removeprefix(indent + " " * len(marker)))
    return "\n".join(items)


def _merged(runs: tuple[Run, ...]) -> list[Run]:
    """Runs of one style that stand together as one, without those that are blank."""
    merged: list[Run] = []
    for run in runs:
        if merged and "\n" not in (run.text, merged[-1].text) and run.styles == merged[-1].styles:
            merged[-1] = Run(merged[-1].text + run.text, run.styles)
        else:
            merged.append(run)
    return merged


def _run_in_words(run: Run) -> str:
    if run.text == "\n":
        return "\\\n"
    marks = ("*" if "emphasis" in run.styles else "") + ("**" if "strong" in run.styles else "")
    return f"{marks}words{marks[::-1]}"


def in_two_bids(fields: dict[str, str]) -> tuple[Tree, Tree]:
    """A bid of these texts, and one of harmless words that asks for the same paragraphs, lists and emphasis."""
    harmless = {path: in_words(text) if path in PROSE else "words" for path, text in fields.items()}
    return tree_of(full_bid(fields.__getitem__)), tree_of(full_bid(harmless.__getitem__))


def test_the_structure_of_a_pdf_is_read():
    tree = {**empty_bid(), "summary": "*a* b\n\n- c"}
    found = structure(typeset_tree(tree).pdf)
    assert found[:3] == ["/Document", "/Title", ")"]
    assert "".join(found).count("/P/Em))/L/LI/Lbl)/LBody") == 1
    assert structure(typeset_tree({**tree, "summary": "a b\n\n- c"}).pdf) != found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_structure(text):
    hostile, harmless = in_two_bids(put_in_every_field(text))
    folder = find_template("eoi")
    assert shape(document(hostile, folder).sections) == shape(document(harmless, folder).sections)
    assert structure(typeset_tree(hostile).pdf) == structure(typeset_tree(harmless).pdf)


def test_no_text_makes_structure_that_was_not_asked_for():
    texts = [text for text in some_texts() if not set(text) & set("*_") and "[an-id]" not in text]
    assert len(texts) >= 800  # what asks for emphasis or cites a source has a twin that is hard to write
    folder = find_template("eoi")
    for number, fields in enumerate(bids_of(texts)):
        hostile, harmless = in_two_bids(fields)
        assert shape(document(hostile, folder).sections) == shape(document(harmless, folder).sections)
        if number % 4 == 0:
            assert structure(typeset_tree(hostile).pdf) == structure(typeset_tree(harmless).pdf)


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
                in_footer = 12 < bottom < 50  # of two lines, for a title of wide letters
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
    tree = tree_of(full_bid(lambda path: "A title" if path == "title" else text))
    pdf = typeset_tree(tree).pdf
    assert outside(pdf) == []
    sections = document(tree, find_template("eoi")).sections
    times = " ".join(said for section in sections for said in words_of(section.blocks)).count("w0x")
    assert times >= len(put_in_every_field("x")) - len(NOT_PRINTED) - 1
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
    rule, letters = [row for row in inked if row < 804], [row for row in inked if row >= 804]
    assert 1 <= len(rule) <= 2
    assert 5 <= len(letters) <= 12
    assert letters == list(range(letters[0], letters[-1] + 1))


def test_rows_of_ordinary_length_stay_whole():
    tree = empty_bid()
    (risk,) = tree_of(full_bid(lambda path: "x"))["capability"]["risks"]
    mitigation = "of eighteen words that fill some lines of the column in which the mitigation of a risk stands"
    tree["capability"]["risks"] = [
        {**risk, "risk": f"Q{number}q", "mitigation": mitigation, "owner": f"q{number}Q"} for number in range(90)
    ]
    pages = pages_of(typeset_tree(tree).pdf)
    assert len(pages) >= 4
    assert [
        number for number in range(90) if not any(f"Q{number}q" in page and f"q{number}Q" in page for page in pages)
    ] == []


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u00a0"])
def test_blank_texts_everywhere_but_in_the_title_are_typeset(blank):
    bid = full_bid(lambda path: "A title" if path == "title" else blank)
    assert Bid.model_validate(bid)
    assert typeset_tree(tree_of(bid)).count >= 1


# --- Typst source ----------------------------------------------------------------------------------------------------


def test_a_literal_is_what_typst_reads_back(tmp_path):
    text = "".join(map(chr, range(0x20, 0x7F))) + "\\n\\u{41}\\\\" + "\n\t\r é😀"
    assert json.loads(compiler({"main.typ": b"x"}, str(tmp_path)).eval(literal(text))) == text


@pytest.mark.parametrize("character", [chr(code) for code in range(0x20, 0x7F)])
def test_a_literal_of_each_ascii_character(character):
    escaped = f"\\{character}" if character in '"\\' else character
    assert literal(character) == f'"{escaped}"'


def run(text: str, *styles: str, cites: str = "") -> Run:
    return Run(text, frozenset(styles), (), cites)


def paragraph(*runs: Run | str, beside: tuple[str, ...] = ()) -> Paragraph:
    return Paragraph(tuple(Run(found) if isinstance(found, str) else found for found in runs), beside)


def cell(text: str, score: int = 0) -> Cell:
    return Cell((paragraph(text),) if text else (), score)


def written(*blocks: Block, title: str = "T", short: str = "S", draft: bool = False) -> str:
    """The source of a document of these blocks, from behind its title to the mark at its end."""
    files = typst(Document(title, short, (Section("a", blocks),), draft), find_template("eoi")).files
    source = files[MAIN].decode("utf-8")
    body = source[source.index("#std.title") :]
    return body[body.index("\n\n") : body.index('#mark("end")')].strip()


@pytest.mark.parametrize(
    ("blocks", "source"),
    [
        ([], ""),
        ([paragraph("a")], '#"a";'),
        ([paragraph('a"b\\')], '#"a\\"b\\\\";'),
        ([paragraph("a\u00a0b")], '#"a\u00a0b";'),
        ([paragraph("a"), paragraph("b")], '#"a";\n\n#"b";'),
        ([paragraph(run("a", "emphasis"))], '#emph[#"a";];'),
        ([paragraph(run("a", "emphasis", "strong"))], '#strong[#emph[#"a";];];'),
        ([paragraph("a", "\n", "b")], '#"a";#linebreak();#"b";'),
        ([paragraph(run("E1", cites="E1"))], '#link(label("ref-E1"))[#"E1";];'),
        ([paragraph("a", beside=("C1a", "C1b"))], '#beside("C1a, C1b");#"a";'),
        ([Listing(False, ((paragraph("a"),), (paragraph("b"),)))], '#list([#"a";],[#"b";],)'),
        ([Listing(True, ((paragraph("a"), paragraph("b")),))], '#enum([#"a";\n\n#"b";],)'),
        ([paragraph("#x")], '#"#x";'),
        ([Terms((Term((Run("a"),), (paragraph("b"),)),), box=True)], '#facts(([#"a";], [#"b";]),)'),
        ([Terms((Term((Run("a"),), ()),))], '#naming(([#"a";], []),)'),
        ([References((Reference('E"1', (paragraph("b"),)),))], '#references(("E\\"1", [#"b";]),)'),
        (
            [Figure("timeline", 'a "b"', (1, 2.5, "c", None, (("d", ()),)))],
            '#timeline(alt: "a \\"b\\"", 1, 2.5, "c", none, (("d", (), ), ))',
        ),
        ([Heading(1, (Run("a"),))], '#criterion(mark: "a", [#"a";])'),
        ([Heading(2, (Run("a"),), ("C1a", "C1b"))], '#consideration(mark: "a", codes: "C1a, C1b", [#"a";])'),
        ([paragraph("x"), Heading(1, (Run("a"),))], '#"x";\n\n#criterion([#"a";])'),
        (
            [
                Table(
                    (Column(1), Column(2.5, "right")),
                    (cell("h"), cell("")),
                    (Row((cell("a"), cell("b", 9)), beside=("C1",)), Row((cell("c"),), band=True)),
                )
            ],
            "#listing(\n  columns: (0.3014fr, 0.6986fr, ),\n  align: (left, right,),\n  breakable: false,\n"
            '  header: ([#"h";], [], ),\n  [#beside("C1");#"a";],\n  rating(9, [#"b";]),\n  band(2, [#"c";]),\n)',
        ),
    ],
)
def test_blocks_become_calls_of_the_style_s_functions(blocks, source):
    assert written(*blocks) == source


def test_the_title_stands_on_one_line():
    document = Document("a \n b\u00a0c", "a\tb", (Section("a", ()),), draft=True)
    source = typst(document, find_template("eoi")).files[MAIN].decode("utf-8")
    assert source == (
        '#import "style.typ": *\n#show: expression-of-interest.with(\n  title: [#"a b c";],\n  short: [#"a b";],\n'
        '  draft: true,\n)\n#mark("a")\n#std.title([#"a b c";])\n\n#mark("end")\n'
    ).replace("b c", "b c")


@pytest.mark.parametrize("name", shipped_names("templates"))
@pytest.mark.parametrize("bid", ["exemplar", "north-yorkshire"])
def test_a_document_in_one_file_gives_the_same_pdf(name, bid):
    folder = find_template(name)
    source = typst(document(repo_bid(bid), folder), folder)
    assert typeset({MAIN: standalone(source).encode("utf-8")}).pdf == typeset(source.files).pdf


# --- Passages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped_names("templates"))
@pytest.mark.parametrize("bid", REPO_BIDS)
def test_measuring_changes_nothing_that_can_be_seen(name, bid):
    folder = find_template(name)
    tree = document(repo_bid(bid), folder)
    plain = typst(tree, folder)
    measured = typst(tree, folder, measured="lines")
    one, other = typeset(plain.files), typeset(measured.files)
    assert (one.count, one.sections, one.lines_left) == (other.count, other.sections, other.lines_left)
    assert pages_of(one.pdf) == pages_of(other.pdf)
    assert plain.passages == ()
    assert len(measured.passages) > 50


def test_passages_know_their_section_their_heading_and_their_place_in_the_bid():
    tree = {**empty_bid(), "summary": "One.\n\n- Two"}
    tree["vision"]["statement"] = "Three."
    folder = find_template("eoi")
    passages = typst(document(tree, folder), folder, measured="lines").passages
    told = [(found.section, found.heading, found.text, found.path, found.is_heading) for found in passages]
    assert told[0] == ("front", None, "Area", (), False)
    assert told[-4:] == [
        ("front", None, "One.", ("summary",), False),
        ("front", None, "Two", ("summary",), False),
        ("C1", None, "1. Vision", (), True),
        ("C1", len(told) - 2, "Three.", ("vision", "statement"), False),
    ]


def test_a_row_that_its_columns_make_taller_than_a_page_is_not_lost():
    bid = empty_bid()
    small = "We will all agree to the plan and then we do it. " * 13
    large = " ".join(f"WWWWWWWW{n:02}" for n in range(95))  # a line each, in a column that others leave narrow
    bodies = [{"name": f"N{n} {small[:590]}", "role": "Agrees.", "accountable_to": small[:620]} for n in range(16)]
    bodies += [{"name": "Last", "role": f"{large} ENDOFROLE{n}", "accountable_to": "All"} for n in range(2)]
    bid["commitment"]["governance"]["bodies"] = bodies
    pdf = typeset_tree(bid).pdf
    assert outside(pdf) == []
    text = text_of(pdf)
    assert [n for n in range(2) if f"ENDOFROLE{n}" not in text] == []
    assert [n for n in range(16) if f"N{n}Wewill" not in text] == []
