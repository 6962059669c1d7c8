"""From XML to the tree: what becomes a block, what vanishes because it says nothing, and what is no document."""

import json

import pytest
from made_bids import Tree, empty_bid, full_bid, repo_bid, text_of, tree_of, typeset_tree

from pioneer_cli.document import DEEPEST, LONGEST_SHORT_TITLE, document, field_of, short_title
from pioneer_cli.errors import PioneerError
from pioneer_cli.shipped import shipped_names
from pioneer_cli.template_folder import TemplateFolder, find_template
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

EMPHASIS = frozenset({"emphasis"})
STRONG = frozenset({"strong"})
CITED = "<references><reference id='E1'>one</reference><reference id='E2'>two</reference></references>"


def made(xml: str, bid: Tree | None = None, answers: dict[str, tuple[str, ...]] | None = None) -> Document:
    """The tree of what a template prints, braces and all."""
    folder = TemplateFolder("own", False, {"bid.xml.jinja": xml.encode("utf-8")})
    return document(bid or empty_bid(), folder, answers)


def blocks(xml: str, bid: Tree | None = None) -> tuple[Block, ...]:
    """The blocks of a section that holds this."""
    (section,) = made(f'<document><section id="a">{xml}</section></document>', bid).sections
    return section.blocks


def paragraph(*runs: Run | str, beside: tuple[str, ...] = ()) -> Paragraph:
    return Paragraph(tuple(Run(run) if isinstance(run, str) else run for run in runs), beside)


def heading(level: int, text: str, *codes: str) -> Heading:
    assert level in (1, 2)
    return Heading(1 if level == 1 else 2, (Run(text),), codes)


def bullets(*items: str) -> Listing:
    return Listing(False, tuple((paragraph(item),) for item in items))


def cell(text: str, score: int = 0) -> Cell:
    return Cell((paragraph(text),) if text else (), score)


# --- What becomes a block --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "made_of"),
    [
        ("<p>a</p>", [paragraph("a")]),
        ("<p>a</p><p>b</p>", [paragraph("a"), paragraph("b")]),
        ("a<p>b</p>c", [paragraph("a"), paragraph("b"), paragraph("c")]),
        ("<h1>a</h1>b", [heading(1, "a"), paragraph("b")]),
        ("<h2 codes='C1a, C1b C1c'>a</h2>b", [heading(2, "a", "C1a", "C1b", "C1c"), paragraph("b")]),
        ("<p>a<em>b</em>c</p>", [paragraph("a", Run("b", EMPHASIS), "c")]),
        ("<p><strong>a<em>b</em></strong></p>", [paragraph(Run("a", STRONG), Run("b", STRONG | EMPHASIS))]),
        ("<p>a<br/>b</p>", [paragraph("a", "\n", "b")]),
        ("<ul><li>a</li><li><p>b</p><ol><li>c</li></ol></li></ul>",
         [Listing(False, ((paragraph("a"),), (paragraph("b"), Listing(True, ((paragraph("c"),),)))))]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", [Terms((Term((Run("a"),), (paragraph("b"),)),))]),
        ("<dl><dt>a</dt><dt>b</dt><dd/></dl>", [Terms((Term((Run("a"),), ()), Term((Run("b"),), ())))]),
        ("<dl><dt>a</dt></dl>", [Terms((Term((Run("a"),), ()),))]),
        ("<dl><dd>b</dd></dl>", [Terms((Term((), (paragraph("b"),)),))]),
        ("<facts><dt>a</dt><dd>b</dd><dt>c</dt><dd/></facts>",
         [Terms((Term((Run("a"),), (paragraph("b"),)),), box=True)]),
        ("<references><reference id='E1'>a</reference></references>",
         [References((Reference("E1", (paragraph("a"),)),))]),
        ("<figure kind='timeline'><alt>a</alt><values>[1, 2.5, [\"b\", null]]</values></figure>",
         [Figure("timeline", "a", (1, 2.5, ("b", None)))]),
        ("<table widths='1 2.5' align='left right'><head><th>a</th><th>b</th></head><tr><td>c</td><td score='9'>d</td>"
         "</tr><band><td>e</td></band></table>",
         [Table((Column(1), Column(2.5, "right")), (cell("a"), cell("b")),
                (Row((cell("c"), cell("d", 9))), Row((cell("e"),), band=True)))]),
        ("<table widths='1'><head><th/></head><tr><td><ul><li>a</li></ul></td></tr></table>",
         [Table((Column(1),), (cell(""),), (Row((Cell((bullets("a"),)),)),))]),
        ("<table widths='1'><head><th>a</th></head><tr><td score='none'>b</td></tr></table>",
         [Table((Column(1),), (cell("a"),), (Row((cell("b"),)),))]),
    ],
)  # fmt: skip
def test_elements_become_blocks(xml, made_of):
    assert blocks(xml) == tuple(made_of)


@pytest.mark.parametrize(
    ("xml", "made_of"),
    [
        ("", []),
        (" \n\t ", []),
        ("<p> </p>", []),
        ("<p>  a \n\t b  </p>", [paragraph("a b")]),
        ("<p>a <em> b </em> c</p>", [paragraph("a ", Run("b ", EMPHASIS), "c")]),
        ("<p>a<em> </em>b</p>", [paragraph("a", Run(" ", EMPHASIS), "b")]),
        ("<p>a <br/> b</p>", [paragraph("a ", "\n", "b")]),
        ("<p><br/>a<br/></p>", [paragraph("\n", "a")]),
        ("<p>a<br/> <br/></p>", [paragraph("a")]),
        ("<p>\u00a0a\u00a0\u00a0b\u00a0</p>", [paragraph("\u00a0a\u00a0\u00a0b\u00a0")]),
        ("<p>a\u2003b\u200bc</p>", [paragraph("a\u2003b\u200bc")]),
        ("<p> <em> a</em></p>", [paragraph(Run("a", EMPHASIS))]),
        ("<!-- gone --><p>a<!-- gone -->b</p>", [paragraph("ab")]),
        ("<p><![CDATA[<b>]]></p>", [paragraph("<b>")]),
    ],
)
def test_white_space_is_single_and_no_break_spaces_stay(xml, made_of):
    found = blocks(xml)
    if "gone" in xml:  # a comment parts a text into runs
        assert "".join(words_of(found)) == "ab"
    else:
        assert found == tuple(made_of)


# --- Texts of the bid ------------------------------------------------------------------------------------------------


def test_a_text_of_the_bid_knows_its_place():
    bid = {**empty_bid(), "summary": "One.\n\n- *Two*"}
    title, said, listed = blocks("<p>Of: {{ bid.title }}!</p>{{ bid.summary | prose }}", bid)
    assert title == paragraph("Of: ", Run("A title", path=("title",)), "!")
    assert said == paragraph(Run("One.", path=("summary",)))
    assert listed == Listing(False, ((paragraph(Run("Two", EMPHASIS, ("summary",))),),))


def test_prose_stands_by_itself_between_other_text():
    assert blocks("a<prose>b\n\nc</prose>d") == (paragraph("a"), paragraph("b"), paragraph("c"), paragraph("d"))
    assert blocks("a<prose> </prose>b") == (paragraph("a"), paragraph("b"))


def test_prose_is_the_only_place_where_marks_are_read():
    assert blocks("<p>*a* - b</p>- c") == (paragraph("*a* - b"), paragraph("- c"))
    assert blocks("<prose>*a*</prose>") == (paragraph(Run("a", EMPHASIS)),)


@pytest.mark.parametrize("path", ["nowhere", "title/0/x", "partners/0", "vision/outcomes/7/measure", "0"])
def test_a_place_that_the_bid_does_not_have_is_refused(path):
    for element in ("t", "prose"):
        with pytest.raises(PioneerError, match=f'there is no place "{path}" in the bid'):
            blocks(f'<{element} p="{path}">x</{element}>')


def test_fields_are_paths_without_numbers():
    assert field_of(("vision", "outcomes", 0, "measure")) == "vision.outcomes[].measure"
    assert field_of(("title",)) == "title"
    assert field_of(()) == ""


# --- Citations -------------------------------------------------------------------------------------------------------


def cite(text: str) -> Run:
    return Run(text, cites=text)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("a [E1]", ["a [", cite("E1"), "]"]),
        ("a [E1, E2].", ["a [", cite("E1"), ", ", cite("E2"), "]."]),
        ("[E1; E2][E1]", ["[", cite("E1"), "; ", cite("E2"), "][", cite("E1"), "]"]),
        ("[E1 E2]", ["[", cite("E1"), " ", cite("E2"), "]"]),
        ("[E3]", ["[E3]"]),
        ("[E1, E3]", ["[E1, E3]"]),
        ("[see E1]", ["[see E1]"]),
        ("[]", ["[]"]),
        ("[ ]", ["[ ]"]),
        ("[[E1]]", ["[[", cite("E1"), "]]"]),
        ("E1", ["E1"]),
        ("[E1](b)", ["[", cite("E1"), "](b)"]),
        ("[E1", ["[E1"]),
    ],
)
@pytest.mark.parametrize("element", ["<p><t>{}</t></p>", "<prose>{}</prose>"])
def test_the_ids_of_sources_in_brackets_are_citations(text, runs, element):
    (found, _) = blocks(element.format(text) + CITED)
    assert found == paragraph(*runs)


def test_words_of_the_template_cite_only_where_it_says_so():
    (found, _) = blocks(f"<p>[E1] <cite>E2</cite> <cite>E3</cite></p>{CITED}")
    assert found == paragraph("[E1] ", cite("E2"), " ", "E3")


def test_without_references_a_bracket_is_a_bracket():
    assert blocks("<p><t>a [E1]</t></p>") == (paragraph("a [E1]"),)


def test_a_citation_keeps_its_style_and_its_place():
    bid = {**empty_bid(), "summary": "a *b [E1]*"}
    (found, _) = blocks(f"{{{{ bid.summary | prose }}}}{CITED}", bid)
    assert found == paragraph(
        Run("a ", path=("summary",)),
        Run("b [", EMPHASIS, ("summary",)),
        Run("E1", EMPHASIS, ("summary",), "E1"),
        Run("]", EMPHASIS, ("summary",)),
    )


# --- What says nothing vanishes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "left"),
    [
        ("<h1>a</h1>", []),
        ("<h1>a</h1><h2>b</h2>", []),
        ("<h1>a</h1><h2>b</h2>c", ["a", "b", "c"]),
        ("<h1>a</h1><h2>b</h2><h2>c</h2>d", ["a", "c", "d"]),
        ("<h1>a</h1>b<h2>c</h2>", ["a", "b"]),
        ("<h1>a</h1><h1>b</h1>c", ["b", "c"]),
        ("<h1>a</h1><h2>b</h2><h1>c</h1>d", ["c", "d"]),
        ("<h1>a</h1><h2>b</h2>c<h1>d</h1><h2>e</h2>", ["a", "b", "c"]),
        ("<h2>a</h2>b<h2>c</h2>d", ["a", "b", "c", "d"]),
        ("<h1>a</h1><p> </p><prose></prose><ul><li/></ul><dl/><references/>", []),
        ("<h1/>a", ["a"]),
    ],
)
def test_a_heading_with_nothing_under_it_vanishes(xml, left):
    assert list(words_of(blocks(xml))) == left


@pytest.mark.parametrize(
    "xml",
    [
        "<ul/>", "<ul><li> </li><li/></ul>", "<ol><li><ul><li/></ul></li></ol>", "<dl/>", "<facts><dt>a</dt></facts>",
        "<facts><dt>a</dt><dd> </dd></facts>", "<references/>", "<table widths='1'><head><th>a</th></head></table>",
        "<table widths='1 1'><head><th>a</th><th>b</th></head><tr><td/><td> </td></tr></table>", "<prose> </prose>",
    ],
)  # fmt: skip
def test_what_holds_nothing_vanishes(xml):
    assert blocks(xml) == ()
    assert blocks(f"<h1>x</h1>{xml}") == ()


def test_an_item_with_nothing_in_it_vanishes():
    assert blocks("<ul><li>a</li><li> </li><li>b</li></ul>") == (bullets("a", "b"),)


def test_a_column_in_which_nothing_stands_but_its_header_vanishes():
    rows = "<tr><td>1</td><td/><td>2</td></tr><band><td>x</td></band><tr><td/><td> </td><td>3</td></tr>"
    (table,) = blocks(
        "<table widths='1 2 3' align='left right center'><head><th>a</th><th>b</th><th>c</th></head>"
        + rows
        + "</table>"
    )
    assert table == Table(
        (Column(1), Column(3, "center")),
        (cell("a"), cell("c")),
        (Row((cell("1"), cell("2"))), Row((cell("x"),), band=True), Row((cell(""), cell("3")))),
    )


def test_a_table_of_bands_alone_stays():
    (table,) = blocks("<table widths='1 1'><head><th>a</th><th>b</th></head><band><td>x</td></band></table>")
    assert isinstance(table, Table)
    assert len(table.columns) == 2


KEYS = ["vision", "whole_system", "commitment", "capability", "sharing", "evidence"]
TITLES = ["Vision", "Whole-system integration", "Commitment", "Capability", "Sharing lessons", "Evidence"]
SECTIONS = ["front", "C1", "C2", "C3", "C4", "C5", "C6"]


def headings(tree: Document) -> list[str]:
    return [
        run.text.split(". ")[-1]
        for section in tree.sections
        for block in section.blocks
        if isinstance(block, Heading) and block.level == 1
        for run in block.runs
    ]


@pytest.mark.parametrize("name", shipped_names("templates"))
@pytest.mark.parametrize("number", range(6))
def test_a_criterion_that_says_nothing_has_no_heading(name, number):
    folder = find_template(name)
    assert set(headings(document(empty_bid(), folder))) & set(TITLES) == set()
    tree = empty_bid()
    tree[KEYS[number]]["statement"] = "x"
    assert [title for title in headings(document(tree, folder)) if title in TITLES] == [TITLES[number]]
    assert [section.name for section in typeset_tree(tree, name).sections][:7] == SECTIONS


@pytest.mark.parametrize("name", shipped_names("templates"))
def test_every_criterion_of_a_full_bid_has_its_heading(name):
    tree = document(tree_of(full_bid(lambda path: "x")), find_template(name))
    assert [title for title in headings(tree) if title in TITLES] == TITLES
    assert [section.id for section in tree.sections] == [*SECTIONS, "support"]


def test_what_a_board_did_stands_under_its_name_where_there_are_several():
    tree = empty_bid()
    (board,) = tree_of(full_bid(lambda path: "x"))["health_and_wellbeing_boards"]
    tree["health_and_wellbeing_boards"] = [{**board, "name": f"Q{n}q", "involvement": f"z{n}z"} for n in (1, 2)]
    text = text_of(typeset_tree(tree).pdf)
    assert "Q1q:z1z" in text
    assert "Q2q:z2z" in text


# --- Beside the text -------------------------------------------------------------------------------------------------

ANSWERS = {"summary": ("C1b", "C1a"), "area.name": ("C2a",), "vision.outcomes[]": ("C1c",)}


def test_the_considerations_stand_beside_a_passage_where_the_template_asks_for_them():
    bid = {**empty_bid(), "summary": "Some.\n\n- More"}
    xml = (
        '<document{}><section id="a">{{{{ bid.summary | prose }}}}<p>{{{{ bid.area.name }}}}</p>x</section></document>'
    )
    beside = made(xml.format(' beside="considerations"'), bid, ANSWERS).sections[0].blocks
    first, listed, second, last = beside
    assert isinstance(listed, Listing)
    assert [getattr(block, "beside", None) for block in (first, listed.items[0][0], second, last)] == [
        ("C1a", "C1b"), ("C1a", "C1b"), ("C2a",), (),
    ]  # fmt: skip
    plain = made(xml.format(""), bid, ANSWERS).sections[0].blocks
    assert [getattr(block, "beside", ()) for block in plain] == [()] * 4


def test_a_passage_answers_what_its_entry_answers():
    bid = repo_bid("exemplar")
    inside = '<section id="a"><p>{{ bid.vision.outcomes[0].measure }}</p></section>'
    (found,) = made(f'<document beside="considerations">{inside}</document>', bid, ANSWERS).sections[0].blocks
    assert isinstance(found, Paragraph)
    assert found.beside == ("C1c",)


# --- Titles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("A title", "A title"),
        (" A \n title ", "A title"),
        ("x" * 80, "x" * 80),
        ("word " * 16, " ".join(["word"] * 16)),
        ("word " * 17, " ".join(["word"] * 15) + " word…"),
        ("a, " + "word " * 15 + "end, " + "more", None),
        ("x" * 90, "x" * 80 + "…"),
        ("word " * 15 + "– and more of it", " ".join(["word"] * 15) + "…"),
    ],
)
def test_the_short_title_ends_with_a_word(title, short):
    found = short_title(title)
    if short is not None:
        assert found == short
    assert len(found) <= LONGEST_SHORT_TITLE + 1


def test_a_document_has_the_bid_s_title():
    found = made('<document><section id="a">x</section></document>', {**empty_bid(), "title": "word " * 30})
    assert found.title == "word " * 30
    assert found.short == short_title("word " * 30)
    assert found.sections == (Section("a", (paragraph("x"),)),)
    assert not found.draft


# --- What is no document ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("x", "is no XML: syntax error: line 1, column 0"),
        ("", "is no XML: no element found: line 1, column 0"),
        ("\n\n", "is no XML: no element found: line 2, column 0"),
        ("<document>", "is no XML: no element found: line 1, column 10"),
        ("<document><section id='a'></document>", "is no XML: mismatched tag: line 1, column 28"),
        ("<document>\n\x01</document>", "is no XML: not well-formed (invalid token): line 2, column 0"),
        ("<document>&nbsp;</document>", "is no XML: undefined entity: line 1, column 10"),
        ("<document><section id='{{ bid.title }}'/></document>", "is no XML: not well-formed"),
        ("{{ '\\ud800' }}", "has half a character"),
        ("<document/>", "is no document: it needs sections, each with an id of its own"),
        ("<document><section id='a'/><section id='a'/></document>", "is no document: it needs sections"),
        ("<document><section/></document>", "is no document: <section> stands where a <section> with an id belongs"),
        ("<document><section id='1'/></document>", "is no document: <section> stands where"),
        ("<document><section id='a b'/></document>", "is no document: <section> stands where"),
        ("<document><section id='a&quot;'/></document>", "is no document: <section> stands where"),
        (f"<document><section id='{'a' * 41}'/></document>", "is no document: <section> stands where"),
        ("<document><p>x</p></document>", "is no document: <p> stands where a <section> with an id belongs"),
    ],
)
def test_what_is_no_document_is_said(xml, reason):
    with pytest.raises(PioneerError) as caught:
        made(xml)
    assert caught.value.message.startswith(f"what the template own prints {reason}")
    assert caught.value.hint.startswith("mend the template")


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<x/>",
         "it has an element <x>, which is none of dl, facts, figure, h1, h2, ol, p, prose, references, table, ul"),
        ("<p><p>x</p></p>", "the element <p> stands inside text"),
        ("<p><prose>x</prose></p>", "the element <prose> stands inside text"),
        ("<h1><ul/></h1>", "the element <ul> stands inside text"),
        ("<ul><p>x</p></ul>", "<p> stands in <ul>, which holds only li"),
        ("<dl><li>x</li></dl>", "<li> stands in <dl>, which holds only dt, dd"),
        ("<references><li/></references>", "<li> stands in <references>, which holds only reference"),
        ("<references><reference>x</reference></references>", 'a <reference> has the id "", which is none or'),
        (CITED + CITED, 'a <reference> has the id "E1", which is none or that of another'),
        ("<li>x</li>", "it has an element <li>"),
        ("<section id='b'/>", "it has an element <section>"),
        ("<table><head/></table>", 'a table needs widths="…", a number for each column, and align="…" as many words'),
        ("<table widths='0'><head><th/></head></table>", "a table needs widths"),
        ("<table widths='-1'><head><th/></head></table>", "a table needs widths"),
        ("<table widths='1e3'><head><th/></head></table>", "a table needs widths"),
        ("<table widths='1fr); #panic(); ('><head><th/></head></table>", "a table needs widths"),
        ("<table widths='1' align='up'><head><th/></head></table>", "a table needs widths"),
        ("<table widths='1 1' align='left'><head><th/><th/></head></table>", "a table needs widths"),
        (f"<table widths='{'1 ' * 13}'><head/></table>", "a table needs widths"),
        ("<table widths='1'><tr><td>x</td></tr></table>", "a table has no <head>"),
        ("<table widths='1'><head><td>x</td></head></table>", "<td> stands in <head>, which holds only th"),
        ("<table widths='1'><head><th/></head><tr><td/><td/></tr></table>", "a row of a table with 1 column has 2"),
        ("<table widths='1 1'><head><th/></head></table>", "a row of a table with 2 columns has 1 cell"),
        ("<table widths='1 1'><head><th/><th/></head><band><td/><td/></band></table>", "a row of a table with 2"),
        ("<figure/>", 'a <figure> is of the kind "None"'),
        ("<figure kind='pie'/>", 'a <figure> is of the kind "pie"'),
        ("<figure kind='timeline'/>", "the <values> of a <figure> are no list of texts, numbers and lists as JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_within_a_section_is_said(xml, reason):
    with pytest.raises(PioneerError) as caught:
        blocks(xml)
    assert caught.value.message.startswith(f"what the template own prints is no document: {reason}")
    assert caught.value.hint == "mend the template"


@pytest.mark.parametrize(
    "values", ["", "nope", "5", '"x"', "null", "{}", "[{}]", "[true]", "[NaN]", "[1e999]", "[-Infinity]", "[" * 50_000]
)
def test_what_no_picture_can_be_drawn_of_is_refused(values):
    with pytest.raises(
        PioneerError, match="the <values> of a <figure> are no list of texts, numbers and lists as JSON"
    ):
        blocks(f"<figure kind='timeline'><values>{values}</values></figure>")


def test_what_a_picture_is_drawn_of_comes_through():
    values = ["a", 1, -2.5, None, [], [["b"]]]
    (found,) = blocks(f"<figure kind='funding-chart'><values>{json.dumps(values)}</values></figure>")
    assert found == Figure("funding-chart", "", ("a", 1, -2.5, None, (), (("b",),)))


@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE document>{}",
        "<?xml version='1.0'?><!DOCTYPE document [<!ENTITY a 'b'>]>{}",
        "<!DOCTYPE x [<!ENTITY a0 'aaaa'><!ENTITY a1 '&a0;&a0;&a0;&a0;'>]>{}",
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>{}",
        "<!-- <!DOCTYPE x> -->{}",
    ],
)
def test_a_document_type_is_refused(xml):
    with pytest.raises(PioneerError, match="the template own prints a document type"):
        made(xml.format("<document><section id='a'>x</section></document>"))


def test_a_bid_may_speak_of_document_types():
    (found,) = blocks("<p>{{ bid.title }}</p>", {**empty_bid(), "title": "<!DOCTYPE x>"})
    assert found == paragraph(Run("<!DOCTYPE x>", path=("title",)))


def test_another_root_is_refused():
    with pytest.raises(PioneerError) as caught:
        made("<html/>")
    assert (caught.value.message, caught.value.hint) == (
        "the template own prints <html>",
        "it must print one <document>",
    )


@pytest.mark.parametrize("element", ["em", "ul><li"])
def test_elements_in_one_another_without_end_are_refused(element):
    close = "></".join(reversed(element.split("><")))

    def nested(depth: int) -> str:
        return f"<{element}>" * depth + "x" + f"</{close}>" * depth

    each = len(element.split("><"))
    deepest = (DEEPEST - 2) // each  # inside the document and its section
    assert "".join(words_of(blocks(nested(deepest)))) == "x"
    for depth in (deepest + 1, 200, 20_000):
        with pytest.raises(PioneerError, match="what the template own prints is nested too deep"):
            blocks(nested(depth))


def test_prose_may_be_nested_as_deep_as_markdown_goes():
    assert "".join(words_of(blocks("<ul><li><prose>" + "- " * 8 + "x</prose></li></ul>"))) == "x"
