"""The Word file: what goes in comes out, as Word's own styles, lists, tables and links, always in the same bytes."""

import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pypdfium2
import pytest
from docx.document import Document as Package
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_bids import repo_bid

from pioneer_cli.formats.word import PAGE_NOTE, TEXT_WIDTH, word
from pioneer_cli.press import Press
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
    Style,
    Table,
    Term,
    Terms,
    words_of,
)

EMPHASIS: frozenset[Style] = frozenset({"emphasis"})
STRONG: frozenset[Style] = frozenset({"strong"})
TEN_PAGES_OF_BYTES = 1_000_000
DEEPEST = 12  # levels of a list; Word knows nine
HOSTILE = (
    "</w:t></w:r></w:p>", "<w:p/>", "&amp;", "&#10;", "&", "]]>", "<!--", '"', "'", "</w:tbl>", "<w:tbl>", "</w:tc>",
    "a\nb", "\n", "\t", "\r", "\r\n", "  two  spaces  ", "\u00a0", "\u2028", "\u200b", "\u202e", "\ufeff", "é", "😀",
    "𝒳", "العربية", "מ", "漢字", "%1.", "PAGE", "[E1]", "{{ x }}",
    "x" * 300, "\x00", "\x0b", "\x1f", "\ufffe", "\ud800",
)  # fmt: skip


def png(width: int = 40, height: int = 10) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\x00" + b"\x0b\x55\x68" * width) * height
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def paragraph(*parts: Run | str, beside: tuple[str, ...] = ()) -> Paragraph:
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts), beside)


def cell(text: str = "", score: int = 0) -> Cell:
    return Cell((paragraph(text),) if text else (), score)


def heading(level: int, text: str, *codes: str) -> Heading:
    return Heading(1 if level == 1 else 2, (Run(text),), codes)


def items(*texts: str, numbered: bool = True) -> Listing:
    return Listing(numbered, tuple((paragraph(text),) for text in texts))


def table(*rows: Row, columns: tuple[Column, ...] = (Column(1), Column(2))) -> Table:
    return Table(columns, tuple(cell(f"Head {number}") for number in range(len(columns))), rows)


def document(*blocks: Block, draft: bool = False, title: str = "A plan for everyone") -> Document:
    return Document(title, "A plan", (Section("C1", blocks),), draft)


def made(*blocks: Block, draft: bool = False) -> Package:
    return opened(word(document(*blocks, draft=draft), lambda figure: png()))


def opened(content: bytes) -> Package:
    return docx.Document(BytesIO(content))


def rich() -> Document:
    """A document with every part that there can be."""
    rows = (
        Row((cell("Too few nurses come"), cell("4 × 4 = 16", 16), cell("Train our own")), beside=("C4c",)),
        Row((Cell((paragraph(Run("Teams", STRONG), " (the council): eight of them"),)),), band=True),
        Row((cell("The viewer is late"), cell("3 × 3 = 9", 9), cell())),
        Row((cell("A plain band"),), band=True),
        Row((cell("It rains"), cell("1 × 1 = 1", 1), Cell((items("a coat", "a roof", numbered=False),)))),
    )
    columns = (Column(2), Column(1, "right"), Column(2.5, "center"))
    return Document(
        "One plan, one team: integrated care <and> support",
        "One plan, one team",
        (
            Section("front", (
                Terms((Term((Run("Area"),), (paragraph("Wenbourne & the Vale"),)),
                       Term((Run("Board"),), (paragraph("agreed"), paragraph("on 13 June")))), box=True),
                paragraph("Words ", Run("with force", STRONG), ", ", Run("with feeling", EMPHASIS), " and ",
                          Run("with both", STRONG | EMPHASIS), ".", Run("\n"), "A line of its own. [",
                          Run("E1", cites="E1"), "] [", Run("E9", cites="E9"), "]", beside=("C1a", "C1b")),
            )),
            Section("C1", (
                heading(1, "1. Vision"), paragraph("We see."), heading(2, "The Narrative", "C1a", "C1b"),
                items("first", "second"), items("first again"),
                Listing(False, (
                    (paragraph("outer"), paragraph("more of it"), items("inner one", "inner two")),
                    (items("a list straight away", numbered=False),),
                )),
                Terms((Term((Run("Police:"),), (paragraph("a constable joins"), items("and a dog"))),
                       Term((Run("Alone"),), ()))),
            )),
            Section("C4", (
                heading(1, "4. Capability"), heading(2, "Risks", "C4c"), Table(columns, (cell("Risk"), cell("L × I"),
                cell("Plan")), rows), table(Row((cell("next"), Cell((table(),))))),
                Figure("timeline", "Time runs on, \"quickly\"", ()), Figure("funding-chart", "Money\ncomes", ()),
            )),
            Section("C6", (
                heading(1, "6. Evidence"),
                References((Reference("E1", (paragraph("A report"), paragraph("with more"))),
                            Reference("E2", (items("only a list"),)), Reference("E10", ()))),
            )),
        ),
    )  # fmt: skip


def draw(figure: Figure) -> bytes:
    return png(400, 100 if figure.kind == "timeline" else 50)


@cache
def rich_bytes() -> bytes:
    return word(rich(), draw)


# --- Reading Word ----------------------------------------------------------------------------------------------------


def every(package: Package, tag: str) -> list[Any]:
    return list(package.element.body.iter(qn(tag)))


def value(element: Any, tag: str, attribute: str = "w:val") -> str | None:
    found = element.find(f".//{qn(tag)}")
    return None if found is None else found.get(qn(attribute))


def style_of(package: Package, text: str) -> str:
    """The name of the style of the one paragraph that holds a text, in a table or not."""
    (found,) = [item for item in paragraphs(package) if text in item.text]
    assert found.style is not None
    name: str = found.style.name or ""
    return name


def paragraphs(package: Package) -> list[WordParagraph]:
    return [WordParagraph(element, package._body) for element in every(package, "w:p")]


def read_out(container: Any) -> Iterator[str]:
    """All text in reading order, as python-docx gives it; a picture's is its description."""
    for found in container.iter_inner_content():
        if isinstance(found, WordTable):
            for row in found.rows:
                for inside in row._tr.tc_lst:
                    yield from read_out(docx.table._Cell(inside, found))
        else:
            yield found.text
            yield from (picture.get("descr") for picture in found._p.iter(qn("wp:docPr")))


def squeezed(text: str) -> str:
    """A text without white space, and without what XML cannot hold."""
    allowed = "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
    return re.sub(r"\s+", "", allowed)


def expected(document: Document) -> str:
    words = (text for section in document.sections for text in words_of(section.blocks))
    return squeezed("".join([PAGE_NOTE if document.counted else "", document.title, *words]))


# --- Random trees ----------------------------------------------------------------------------------------------------

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12), st.text("ab<&>\"'\n ", max_size=8))
RUNS = st.lists(
    st.builds(
        Run, TEXTS, st.sets(st.sampled_from(("emphasis", "strong"))).map(frozenset), st.just(()),
        st.sampled_from(("", "", "E1", "e1", "nowhere")),
    ),
    max_size=4,
).map(tuple)  # fmt: skip
IDS = st.one_of(st.sampled_from(("E1", "e1", "E.2-b", "x" * 40)), TEXTS.filter(bool))


def several(strategy: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


@st.composite
def tables(draw: st.DrawFn, blocks: st.SearchStrategy[Any]) -> Table:
    count = draw(st.integers(1, 4))
    cells = st.builds(Cell, several(blocks), st.integers(0, 25))
    columns = st.builds(Column, st.floats(0.1, 10), st.sampled_from(("left", "right", "center")))
    whole = st.lists(cells, min_size=count, max_size=count).map(tuple)
    rows = st.one_of(
        st.builds(Row, whole, st.just(False), st.just(())), st.builds(Row, st.tuples(cells), st.just(True), st.just(()))
    )
    return Table(tuple(draw(columns) for _ in range(count)), draw(whole), draw(several(rows)))


def larger(blocks: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(Listing, st.booleans(), several(several(blocks))),
        st.builds(Terms, several(st.builds(Term, RUNS, several(blocks))), st.booleans()),
        st.builds(References, several(st.builds(Reference, IDS, several(blocks)))),
        tables(blocks),
    )


BLOCKS = st.recursive(
    st.one_of(
        st.builds(Paragraph, RUNS, st.just(())),
        st.builds(Heading, st.sampled_from((1, 2)), RUNS, several(TEXTS.filter(bool))),
        st.builds(Figure, st.just("timeline"), TEXTS, st.just(())),
    ),
    larger,
    max_leaves=8,
)
DOCUMENTS = st.builds(
    Document, TEXTS, TEXTS, several(st.builds(Section, st.just("C1"), several(BLOCKS)), 1), st.just(False)
)
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@given(DOCUMENTS)
@UNHURRIED
def test_all_words_come_out_of_any_tree_and_every_part_is_sound(tree: Document) -> None:
    content = word(tree, lambda figure: png())
    read = "".join(read_out(opened(content)))
    added = str.maketrans("", "", "[]:")  # round a reference's id, and behind a name in the box
    assert squeezed(read).translate(added) == expected(tree).translate(added)
    assert_sound(content)


@given(st.lists(TEXTS, max_size=5))
@UNHURRIED
def test_a_text_comes_out_to_the_letter(texts: list[str]) -> None:
    tree = document(paragraph(*texts), table(Row((cell("".join(texts)), cell()))), items("".join(texts)))
    assert squeezed("".join(read_out(opened(word(tree, draw))))) == expected(tree)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    shape = [element.tag for element in made(paragraph("plain"), table(Row((cell("x"), cell("y"))))).element.iter()]
    line = "x" + text.replace("\n", "")
    package = made(paragraph(line), table(Row((cell(line), cell("y")))))
    assert [element.tag for element in package.element.iter()] == shape


def test_inner_spaces_are_kept() -> None:
    assert "a  b   c " in [found.text for found in paragraphs(made(paragraph("a  b   ", "c ")))]


# --- Soundness -------------------------------------------------------------------------------------------------------


def assert_sound(content: bytes) -> None:
    """Every part is well-formed, and nothing refers to what is not there."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = set(parts.namelist())
        roots = {name: ElementTree.fromstring(parts.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    assert len(roots) >= 8
    for name in names - set(roots):
        assert name.startswith("word/media/image")
    assert_related(roots, names)
    body = roots["word/document.xml"]
    defined = {style.get(qn("w:styleId")) for style in roots["word/styles.xml"].iter(qn("w:style"))}
    for tag in ("w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next"):
        for root in roots.values():
            assert {element.get(qn("w:val")) for element in root.iter(qn(tag))} <= defined
    lists = {number.get(qn("w:numId")) for number in roots["word/numbering.xml"].iter(qn("w:num"))}
    assert {number.get(qn("w:val")) for number in body.iter(qn("w:numId"))} <= lists
    assert_unique(body)
    for row_of in body.iter(qn("w:tc")):
        assert row_of[-1].tag == qn("w:p")
    for before, after in pairwise(body[0]):
        assert not (before.tag == after.tag == qn("w:tbl"))


def assert_related(roots: dict[str, Any], names: set[str]) -> None:
    relations = {name: root for name, root in roots.items() if name.endswith(".rels")}
    for name, root in relations.items():
        folder = name.rpartition("_rels/")[0]
        for relation in root:
            assert f"{folder}{relation.get('Target')}" in names
    kinds = roots["[Content_Types].xml"]
    overridden = {kind.get("PartName", "").removeprefix("/") for kind in kinds}
    extensions = {kind.get("Extension") for kind in kinds}
    assert all(name in overridden or name.rpartition(".")[2] in extensions for name in names)


def assert_unique(body: Any) -> None:
    """Pictures and bookmarks have ids of their own, and every link leads to a bookmark that Word allows."""
    pictures = [picture.get("id") for picture in body.iter(qn("wp:docPr"))]
    ids = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(set(pictures)) == len(pictures)
    assert len(set(ids)) == len(ids)
    assert len({mark.casefold() for mark in marks}) == len(marks)
    assert all(re.fullmatch(r"[A-Za-z][\w.-]{0,39}", mark, re.ASCII) for mark in marks)
    assert {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} <= set(marks)


def test_a_document_with_everything_is_sound() -> None:
    assert_sound(rich_bytes())
    assert squeezed("".join(read_out(opened(rich_bytes())))).count("Wenbourne&theVale") == 1
    assert len(rich_bytes()) < TEN_PAGES_OF_BYTES


def test_an_empty_document_is_sound() -> None:
    assert_sound(word(Document("", "", (Section("C1", ()),)), draw))


# --- The head, the foot and the file ---------------------------------------------------------------------------------


def test_the_first_line_says_that_pages_are_counted_in_the_pdf() -> None:
    first, second, *_ = paragraphs(made(paragraph("Words.")))
    assert (first.text, first.style and first.style.name) == (PAGE_NOTE, "Page Note")
    assert (second.text, second.style and second.style.name) == ("A plan for everyone", "Title")
    assert PAGE_NOTE.count(".") == 1


def test_a_draft_is_stamped_on_every_page_and_in_the_first_line() -> None:
    package = made(paragraph("Words."), draft=True)
    assert [found.text for found in package.sections[0].header.paragraphs] == ["DRAFT"]
    assert paragraphs(package)[0].text.startswith("DRAFT. ")


def test_what_is_no_draft_is_not_stamped() -> None:
    package = made(paragraph("Words."))
    assert package.sections[0].header.is_linked_to_previous
    assert b"DRAFT" not in word(document(paragraph("Words.")), draw)


def test_the_foot_has_the_short_title_and_the_fields_of_the_page() -> None:
    (foot,) = opened(rich_bytes()).sections[0].footer.paragraphs
    assert foot.text.startswith("One plan, one team\tPage ")
    fields = [field.get(qn("w:instr")).strip() for field in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_page_is_a4_with_margins_of_two_centimetres() -> None:
    section = opened(rich_bytes()).sections[0]
    sizes = [section.page_width, section.page_height, section.left_margin, section.right_margin, section.top_margin]
    assert [round(size.cm, 1) for size in sizes if size is not None] == [21.0, 29.7, 2.0, 2.0, 2.0]


def test_the_language_is_british_english() -> None:
    package = opened(rich_bytes())
    defaults = package.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
    assert value(defaults, "w:lang") == "en-GB"
    assert value(defaults, "w:lang", "w:eastAsia") == "en-GB"
    assert value(package.settings.element, "w:themeFontLang") == "en-GB"
    assert package.core_properties.language == "en-GB"
    assert not every(package, "w:lang")


def test_text_is_eleven_points_in_the_font_of_the_pdf_or_one_like_it() -> None:
    package = opened(rich_bytes())
    defaults = package.styles.element.find(qn("w:docDefaults"))
    assert (value(defaults, "w:sz"), value(defaults, "w:rFonts", "w:ascii")) == ("22", "Source Sans 3")
    with zipfile.ZipFile(BytesIO(rich_bytes())) as parts:
        fonts = ElementTree.fromstring(parts.read("word/fontTable.xml"))
    assert [(font.get(qn("w:name")), value(font, "w:altName"), value(font, "w:family")) for font in fonts] == [
        ("Source Sans 3", "Calibri", "swiss")
    ]


def test_the_file_names_its_title_and_nobody() -> None:
    properties = opened(rich_bytes()).core_properties
    assert properties.title == "One plan, one team: integrated care <and> support"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.isoformat().startswith("2013-06-28T00:00:00")
    assert b"python-docx" not in rich_bytes()


def test_a_title_longer_than_a_property_may_be_is_cut_there_and_only_there() -> None:
    package = opened(word(document(title="long " * 100), draw))
    assert len(package.core_properties.title) == 255
    assert paragraphs(package)[1].text == ("long " * 100).strip()


def test_word_opens_the_file_as_one_of_its_own_time() -> None:
    found = opened(rich_bytes()).settings.element.iter(qn("w:compatSetting"))
    assert {setting.get(qn("w:name")): setting.get(qn("w:val")) for setting in found}["compatibilityMode"] == "15"


# --- Text ------------------------------------------------------------------------------------------------------------


def headings(package: Package) -> list[tuple[str, str]]:
    found = ((item.style.name or "", item.text) for item in paragraphs(package) if item.style is not None)
    return [(name, text) for name, text in found if name == "Title" or name.startswith("Heading")]


def test_headings_keep_their_order_and_their_codes() -> None:
    assert headings(opened(rich_bytes())) == [
        ("Title", "One plan, one team: integrated care <and> support"),
        ("Heading 1", "1. Vision"), ("Heading 2", "The Narrative\u2002C1a, C1b"), ("Heading 1", "4. Capability"),
        ("Heading 2", "Risks\u2002C4c"), ("Heading 1", "6. Evidence"),
    ]  # fmt: skip


def test_no_level_of_heading_is_skipped() -> None:
    found = headings(made(heading(2, "early"), heading(2, "then"), heading(1, "late"), heading(2, "last")))
    assert [name for name, _ in found] == ["Title", "Heading 1", "Heading 2", "Heading 1", "Heading 2"]


def test_headings_stay_with_what_follows() -> None:
    styles = opened(rich_bytes()).styles
    for name in ("Title", "Heading 1", "Heading 2", "Table Heading", "Table Band"):
        assert styles[name].paragraph_format.keep_with_next, name
    assert not styles["Body Text"].paragraph_format.keep_with_next


def test_emphasis_and_strong_are_character_styles() -> None:
    package = opened(rich_bytes())
    found = {
        element.find(qn("w:t")).text: value(element, "w:rStyle")
        for element in every(package, "w:r")
        if element.find(qn("w:t")) is not None
    }
    assert [found[text] for text in ("with force", "with feeling", "with both")] == [
        "Strong",
        "Emphasis",
        "IntenseEmphasis",
    ]
    assert found["Words "] is None


def test_strong_text_stays_strong_where_all_is_bold() -> None:
    package = made(Heading(1, (Run("loud", STRONG),)))
    (run,) = [element for element in every(package, "w:r") if element.find(qn("w:t")).text == "loud"]
    assert run.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None


def test_codes_are_not_bold_where_all_is_bold() -> None:
    package = made(heading(1, "Vision", "C1a"))
    (run,) = [element for element in every(package, "w:r") if value(element, "w:rStyle") == "Consideration"]
    assert value(run, "w:b") == "0"


def test_a_line_break_is_a_line_break() -> None:
    package = made(paragraph("one", Run("\n"), "two\nthree"))
    assert "one\ntwo\nthree" in [found.text for found in paragraphs(package)]
    assert len(every(package, "w:br")) == 2


def test_what_stands_beside_a_passage_follows_it_small() -> None:
    package = opened(rich_bytes())
    small = [element for element in every(package, "w:r") if value(element, "w:rStyle") == "Consideration"]
    assert [element.find(qn("w:t")).text.strip() for element in small] == ["C1a, C1b", "C1a, C1b", "C4c", "C4c"]


# --- Links -----------------------------------------------------------------------------------------------------------


def links(package: Package) -> list[tuple[str, str]]:
    return [
        (link.get(qn("w:anchor")), "".join(text.text for text in link.iter(qn("w:t"))))
        for link in every(package, "w:hyperlink")
    ]


def references(*ids: str) -> References:
    return References(tuple(Reference(name, (paragraph(f"About {name}"),)) for name in ids))


def test_a_citation_leads_to_its_reference() -> None:
    package = made(paragraph(Run("E1", cites="E1")), references("E1"))
    assert links(package) == [("ref-E1", "E1")]
    assert "[E1]\tAbout E1" in [found.text for found in paragraphs(package)]
    assert style_of(package, "About E1") == "Bibliography"


def test_a_citation_of_nothing_is_plain_text() -> None:
    package = made(paragraph(Run("E2", cites="E2")), references("E1"))
    assert links(package) == []
    assert "E2" in [found.text for found in paragraphs(package)]


def test_ids_that_word_would_take_for_the_same_are_told_apart() -> None:
    ids = ("E1", "e1", "x" * 40, "X" * 40, "ü 1", 'a"b', "E1")
    content = word(document(paragraph(*(Run(name, cites=name) for name in ids)), references(*ids)), draw)
    assert_sound(content)
    assert len(links(opened(content))) == len(ids)
    assert len(dict(links(opened(content)))) == len(set(ids))


# --- Lists -----------------------------------------------------------------------------------------------------------


def listed(package: Package) -> list[tuple[str, str, str, str]]:
    """The paragraphs of lists: text, style, level, and the list that they count in."""
    return [
        (found.text, found.style.name or "", value(found._p, "w:ilvl") or "", value(found._p, "w:numId") or "")
        for found in paragraphs(package)
        if found.style is not None and found._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    ]


def test_each_numbered_list_counts_from_one() -> None:
    package = made(items("a", "b"), items("c"), Listing(False, ((paragraph("d"), items("e")), (items("f"),))))
    assert [(text, style, level) for text, style, level, _ in listed(package)] == [
        ("a", "List Number", "0"), ("b", "List Number", "0"), ("c", "List Number", "0"), ("d", "List Bullet", "0"),
        ("e", "List Number 2", "1"), ("", "List Bullet", "0"), ("f", "List Number 2", "1"),
    ]  # fmt: skip
    numbers = {text: number for text, _, _, number in listed(package)}
    assert numbers["a"] == numbers["b"]
    assert len({numbers[text] for text in "acef"}) == 4
    for text, _, level, number in listed(package):
        if text in tuple("acef"):
            assert restart(package, number) == (level, "1")


def restart(package: Package, number: str) -> tuple[str | None, str | None]:
    """The level at which a list begins again, and the number that it begins with."""
    numbering = package.part.numbering_part.element
    (found,) = [item for item in numbering.iter(qn("w:num")) if item.get(qn("w:numId")) == number]
    return value(found, "w:lvlOverride", "w:ilvl"), value(found, "w:startOverride")


def test_an_item_goes_on_under_its_number() -> None:
    package = made(Listing(True, ((paragraph("head"), paragraph("tail")),)))
    assert style_of(package, "tail") == "List Continue"
    assert style_of(package, "head") == "List Number"


def test_lists_deeper_than_word_knows_stay_at_its_deepest() -> None:
    listing = items("deepest", numbered=False)
    for _ in range(DEEPEST):
        listing = Listing(False, ((paragraph("outer"), listing),))
    levels = [(style, level) for _, style, level, _ in listed(made(listing))]
    assert levels[:2] == [("List Bullet", "0"), ("List Bullet 2", "1")]
    assert levels[-1] == ("List Bullet 5", "8")


def test_facts_are_shaded_paragraphs_with_their_names_in_front() -> None:
    package = opened(rich_bytes())
    assert [found.text for found in paragraphs(package)[2:5]] == [
        "Area: Wenbourne & the Vale",
        "Board: agreed",
        "on 13 June",
    ]
    assert style_of(package, "Area: ") == style_of(package, "on 13 June") == "Fact"
    assert value(package.styles["Fact"].element, "w:shd", "w:fill") == "EAF2F4"


def test_names_run_on_into_what_is_said_of_them() -> None:
    package = opened(rich_bytes())
    assert style_of(package, "Police: a constable joins") == style_of(package, "Alone") == "Term"
    assert style_of(package, "and a dog") == "List Number 2"


# --- Tables ----------------------------------------------------------------------------------------------------------


def test_the_header_is_repeated_and_rows_stay_whole() -> None:
    for found in opened(rich_bytes()).tables:
        rows = found._tbl.tr_lst
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows] == [
            number == 0 for number in range(len(rows))
        ]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        assert value(found._tbl, "w:tblLook", "w:firstRow") == "1"


@given(st.lists(st.floats(0.1, 99.99), min_size=1, max_size=12))
@UNHURRIED
def test_columns_share_the_whole_width(shares: list[float]) -> None:
    package = made(table(columns=tuple(Column(share) for share in shares)))
    widths = [int(column.get(qn("w:w"))) for column in every(package, "w:gridCol")]
    assert sum(widths) == TEXT_WIDTH
    for width, share in zip(widths, shares, strict=True):
        assert abs(width - TEXT_WIDTH * share / sum(shares)) <= 1


def test_cells_are_as_wide_as_their_columns_and_aligned_as_they() -> None:
    (found,) = made(table(Row((cell("a"), cell("b"))), columns=(Column(1), Column(3, "right")))).tables
    for row in found._tbl.tr_lst:
        assert [value(inside, "w:tcW", "w:w") for inside in row.tc_lst] == ["2410", "7228"]
        assert [value(inside, "w:jc") for inside in row.tc_lst] == [None, "right"]


def test_a_band_goes_across_and_is_strong_and_shaded() -> None:
    package = made(table(Row((cell("Across"),), band=True), Row((cell("a"), cell("b")))))
    (_, band, _) = package.tables[0]._tbl.tr_lst
    (only,) = band.tc_lst
    assert (value(only, "w:gridSpan"), value(only, "w:shd", "w:fill")) == ("2", "EAF2F4")
    assert value(only, "w:tcW", "w:w") == str(TEXT_WIDTH)
    assert package.styles[style_of(package, "Across")].font.bold


def test_a_band_that_tells_a_name_apart_keeps_it_apart() -> None:
    band = Row((Cell((paragraph(Run("Teams", STRONG), " of eight"),)),), band=True)
    package = made(table(band))
    assert style_of(package, "Teams of eight") == "Table Band"
    assert not package.styles["Table Band"].font.bold


def test_risks_are_shaded_in_three_steps() -> None:
    scores = (0, 1, 7, 8, 14, 15, 25)
    (found,) = made(table(*(Row((cell("Risk"), cell(str(score), score))) for score in scores))).tables
    shades = [value(row.tc_lst[1], "w:shd", "w:fill") for row in found._tbl.tr_lst[1:]]
    assert shades[0] is None
    assert shades[1] == shades[2] != shades[3] == shades[4] != shades[5] == shades[6] != shades[1]


def luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_all_text_stands_out_from_what_is_behind_it() -> None:
    with zipfile.ZipFile(BytesIO(rich_bytes())) as parts:
        read = "".join(parts.read(f"word/{name}.xml").decode() for name in ("document", "styles", "numbering"))
    behind = {"FFFFFF", *re.findall('w:fill="([0-9A-F]{6})"', read)}
    letters = set(re.findall('<w:color w:val="([0-9A-F]{6})"', read))
    assert len(behind) == 5
    assert len(letters) == 2
    for ground in behind:
        for letter in letters:
            assert (luminance(ground) + 0.05) / (luminance(letter) + 0.05) >= 4.5


def test_tables_that_follow_each_other_stay_two() -> None:
    package = made(table(), table())
    assert len(package.tables) == 2
    assert_sound(word(document(table(), table()), draw))


def test_a_table_in_a_cell_fits_it() -> None:
    outer, inner = every(made(table(Row((cell("a"), Cell((table(),)))))), "w:tblW")
    assert int(inner.get(qn("w:w"))) < int(outer.get(qn("w:w"))) * 2 / 3


# --- Figures ---------------------------------------------------------------------------------------------------------


def test_a_figure_is_a_picture_as_wide_as_the_text_with_its_description() -> None:
    package = opened(rich_bytes())
    pictures = every(package, "wp:docPr")
    assert [picture.get("descr") for picture in pictures] == ['Time runs on, "quickly"', "Money\ncomes"]
    assert [picture.get("id") for picture in pictures] == ["1", "2"]
    shapes = package.inline_shapes
    assert [round(shape.width.cm, 1) for shape in shapes] == [17.0, 17.0]
    assert [round(shape.width / shape.height) for shape in shapes] == [4, 8]
    drawn = [relation.target_part.blob for relation in package.part.rels.values() if "image" in relation.reltype]
    assert drawn == [png(400, 100), png(400, 50)]


def test_a_figure_in_a_cell_fits_it() -> None:
    figure = Figure("timeline", "Time", ())
    (shape,) = every(made(table(Row((Cell((figure,)), cell())))), "wp:extent")
    assert int(shape.get("cx")) < 17 * 360_000 / 3


def test_a_figure_higher_than_a_page_is_made_to_fit() -> None:
    content = word(document(Figure("timeline", "Time", ())), lambda figure: png(10, 40))
    (shape,) = opened(content).inline_shapes
    assert round(shape.height.cm) == 24
    assert round(shape.height / shape.width) == 4


# --- The same bytes --------------------------------------------------------------------------------------------------

PRINT_DIGEST = "import test_format_word as t, hashlib; print(hashlib.sha256(t.word(t.rich(), t.draw)).hexdigest())"
PLACES = [("0", "UTC", "C"), ("1", "Pacific/Auckland", "C.UTF-8"), ("1", "America/New_York", "tr_TR.UTF-8")]


@pytest.mark.parametrize(("seed", "zone", "language"), PLACES)
def test_the_same_document_gives_the_same_bytes_everywhere(seed: str, zone: str, language: str) -> None:
    here = Path(__file__).parent
    environment = {
        **os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language,
        "PYTHONPATH": os.pathsep.join((str(here.parent), str(here))),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == sha256(rich_bytes()).hexdigest()


def test_the_parts_stand_in_order_without_a_time() -> None:
    with zipfile.ZipFile(BytesIO(rich_bytes())) as parts:
        entries = parts.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert entries[0].filename == "[Content_Types].xml"
    told = {(e.date_time, e.create_system, e.external_attr, e.compress_type) for e in entries}
    assert told == {((1980, 1, 1, 0, 0, 0), 3, 0o600 << 16, zipfile.ZIP_STORED)}


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def converted(folder: Path, content: bytes, form: str) -> bytes:
    """A Word file as LibreOffice writes it in another format."""
    office = shutil.which("soffice")
    if office is None:
        reason = "LibreOffice is not installed: apt-get install libreoffice-writer-nogui"
        if os.environ.get("PIONEER_ALL_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    source = folder / "bid.docx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    made = source.with_suffix(f".{form}")
    assert made.exists(), done.stderr
    return made.read_bytes()


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:"


def test_libreoffice_reads_the_same_headings_tables_lists_and_words(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(converted(tmp_path, rich_bytes(), "odt"))) as parts:
        content = ElementTree.fromstring(parts.read("content.xml"))
    found = [
        (element.get(f"{OFFICE}text:1.0}}outline-level"), "".join(element.itertext()))
        for element in content.iter(f"{OFFICE}text:1.0}}h")
    ]
    assert [(f"Heading {level}", text) for level, text in found] == headings(opened(rich_bytes()))[1:]
    assert len(list(content.iter(f"{OFFICE}table:1.0}}table"))) == 3
    assert len(list(content.iter(f"{OFFICE}table:1.0}}table-header-rows"))) == 3
    assert len(list(content.iter(f"{OFFICE}text:1.0}}bookmark-start"))) == 3
    read = squeezed("".join("".join(element.itertext()) for element in content.iter(f"{OFFICE}text:1.0}}p")))
    for text in words_of(tuple(block for section in rich().sections for block in section.blocks)):
        assert squeezed(text) in read or any(squeezed(text) in squeezed(title) for _, title in found), text


@pytest.mark.parametrize("name", ["exemplar", "north-yorkshire"])
def test_libreoffice_reads_the_same_headings_and_tables_of_a_real_bid(tmp_path: Path, name: str) -> None:
    with Press() as press:
        content = press.write(repo_bid(name), "docx")
    made = opened(content)
    with zipfile.ZipFile(BytesIO(converted(tmp_path, content, "odt"))) as parts:
        read = ElementTree.fromstring(parts.read("content.xml"))
    found = [
        (element.get(f"{OFFICE}text:1.0}}outline-level"), "".join(element.itertext()))
        for element in read.iter(f"{OFFICE}text:1.0}}h")
    ]
    assert len(found) >= 15
    assert [(f"Heading {level}", text) for level, text in found] == headings(made)[1:]
    tables = list(read.iter(f"{OFFICE}table:1.0}}table"))
    assert len(tables) == len(made.tables) >= 5
    rows = [len(list(found.iter(f"{OFFICE}table:1.0}}table-row"))) for found in tables]
    assert rows == [len(table.rows) for table in made.tables]


def test_libreoffice_counts_lists_from_one_and_shows_every_word(tmp_path: Path) -> None:
    long = table(Row((cell("begin " + "word " * 3000 + "finish"), cell("beside"))))
    numbers = (items("alpha", "beta"), items("gamma"), Listing(True, ((paragraph("delta"), items("epsilon")),)))
    pdf = converted(tmp_path, word(document(*numbers, long), draw), "pdf")
    pages = pypdfium2.PdfDocument(pdf)
    shown = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
    for line in ("1. alpha 2. beta 1. gamma 1. delta 1. epsilon", "begin word word", "word finish"):
        assert line in shown
    assert shown.count("word ") >= 3000
    assert len(pages) > 2
