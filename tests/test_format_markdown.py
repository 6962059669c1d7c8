"""The document as Markdown: what comes out, and that no text of a bid becomes markup."""

import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_trees import (
    ANY_TEXT,
    BOTH,
    EMPHASIS,
    HOSTILE,
    STRONG,
    cell,
    document,
    documents,
    hostile_texts,
    paragraph,
    rich,
    row,
    runs,
    squeezed,
    table,
    words,
)
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pioneer_cli.formats.markdown_text import markdown
from pioneer_cli.tree import (
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
)

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BREAKS = {"softbreak", "hardbreak"}


def written(*blocks):
    """The Markdown of blocks, below the title."""
    text = markdown(document(*blocks))
    assert text.startswith("# A plan\n")
    return text.removeprefix("# A plan\n").removeprefix("\n")


def parsed(text: str) -> list[Token]:
    """All tokens of a Markdown text, those of a line in their places."""
    return [inner for token in GITHUB.parse(text) for inner in (token.children or [token])]


def read(text: str) -> str:
    """The words that a reader of the Markdown sees."""
    shown = []
    for token in parsed(text):
        if token.type == "html_inline":
            assert token.content == "<br>"
        known = {"text", "text_special", "inline", "html_inline"} | BREAKS
        assert token.type in known or not token.content, f"{token.type}: {token.content!r}"
        shown.append(token.content if token.type.startswith("text") else " " if gap(token) else "")
    return squeezed("".join(shown))


def gap(token: Token) -> bool:
    return token.block or token.type in BREAKS or token.type == "html_inline"


def elements(text: str) -> Counter[str]:
    """How often each kind of element is opened or stands by itself."""
    return Counter(t.type for t in parsed(text) if t.nesting >= 0 and not t.type.startswith("text"))


def expected(document: Document) -> str:
    """The words of a document as the Markdown has them: its title first."""
    return squeezed(("DRAFT " if document.draft else "") + document.title + " " + words(document))


# --- What comes out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([paragraph("One."), paragraph("Two.")], "One.\n\nTwo.\n"),
        ([paragraph("One", "\n", "two")], "One\\\ntwo\n"),
        ([paragraph("a  b\tc")], "a b c\n"),
        ([paragraph()], ""),
        ([paragraph(" ")], ""),
        ([Heading(1, runs("1. Vision"))], "## 1. Vision\n"),
        ([Heading(2, runs("Risks"), ("C4b", "C4c"))], "### Risks *C4b, C4c*\n"),
        ([Heading(2, runs("In C#"))], "### In C\\#\n"),
        ([Heading(1, runs("a", "\n", "b"))], "## a b\n"),
        ([Figure("timeline", "Two dates.", ())], "*Two dates.*\n"),
        ([Terms(())], ""),
        ([Listing(False, ())], ""),
    ],
)
def test_text(blocks, text):
    assert written(*blocks) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["a ", Run("b", EMPHASIS), " c"], "a *b* c"),
        (["a ", Run("b", STRONG), "."], "a **b**."),
        ([Run("b", BOTH)], "***b***"),
        (["un", Run("believ", EMPHASIS), "able"], "un*believ*able"),
        (["a", Run(" b ", EMPHASIS), "c"], "a *b* c"),
        (["(", Run("b", EMPHASIS), ")"], "(*b*)"),
        ([Run("From:", EMPHASIS), " there"], "*From:* there"),
        ([Run("a", EMPHASIS), Run("b", EMPHASIS)], "*ab*"),
        ([Run("a", EMPHASIS), Run("\n", EMPHASIS), Run("b", EMPHASIS)], "*a*\\\n*b*"),
        ([Run("a ", EMPHASIS), Run("b", BOTH), Run(" c", EMPHASIS)], "*a* ***b*** *c*"),
        (["a", Run("(b)", EMPHASIS), "c"], "a(b)c"),  # Markdown cannot say it
        ([Run("a", EMPHASIS), Run("b", STRONG)], "*a*b"),  # nor this
        (["* ", Run("a", EMPHASIS)], "\\* *a*"),
        ([Run(" ", EMPHASIS), "a"], "a"),
    ],
)
def test_emphasis(parts, text):
    assert written(paragraph(*parts)) == f"{text}\n"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("# x", "\\# x"), ("- item", "\\- item"), ("+ item", "\\+ item"), ("* item", "\\* item"), ("1. x", "1\\. x"),
        ("2013) y", "2013\\) y"), ("> 65", "\\> 65"), ("===", "\\==="), ("---", "\\---"), ("[a](b)", "\\[a\\](b)"),
        ("<b>", "&lt;b>"), ("&#x41;", "&amp;\\#x41;"), ("&amp;", "&amp;amp;"), ("a | b", "a \\| b"), ("`x`", "\\`x\\`"),
        ("a_b_c", "a\\_b\\_c"), ("~~x~~", "\\~\\~x\\~\\~"), ("$x$", "\\$x\\$"), ("\\", "\\\\"), ("C:\\x", "C:\\\\x"),
        ("https://a.b", "https\\://a.b"), ("www.a.b", "www\\.a.b"), (":-:", "\\:-:"),
    ],
)  # fmt: skip
def test_what_would_be_markup_is_escaped(typed, text):
    assert written(paragraph(typed)) == f"{text}\n"


@pytest.mark.parametrize(
    "typed",
    ["R&D", "&", "£25m", "1.5 million", "5 > 3", "a - b", "e.g. x", "50/50", "C1: y", "(x)", '"x"', "x!", "5 + 3 = 8"],
)
def test_what_would_not_be_markup_stays_as_typed(typed):
    assert written(paragraph(typed)) == f"{typed}\n"


def test_lists():
    inner = Listing(True, ((paragraph("two"),), (paragraph("three"), paragraph("more"))))
    outer = Listing(False, ((paragraph("one"), inner), (paragraph("four"),)))
    assert written(outer) == "- one\n  1. two\n\n  2. three\n\n     more\n- four\n"
    assert written(Listing(True, tuple((paragraph(str(n)),) for n in range(10)))).endswith("\n9. 8\n10. 9\n")


def test_two_lists_in_a_row_stay_two():
    bullets, numbers = (Listing(numbered, ((paragraph("a"),),)) for numbered in (False, True))
    assert written(bullets, bullets, bullets) == "- a\n\n* a\n\n- a\n"
    assert written(numbers, numbers, paragraph("b"), numbers) == "1. a\n\n1) a\n\nb\n\n1. a\n"


def test_an_item_without_text_keeps_its_number_but_not_its_bullet():
    items = ((), (paragraph("a"),))
    assert written(Listing(True, items)) == "1.\n2. a\n"
    assert written(Listing(False, items)) == "- a\n"


def test_names_and_references_are_lists_with_names_in_bold():
    terms = Terms((Term(runs("Housing:"), (paragraph("new"), paragraph("old"))), Term(runs("Ambulances"), ())))
    assert written(terms) == "- **Housing:** new\n\n  old\n\n- **Ambulances**\n"
    assert written(References((Reference("E1", (paragraph("Census"),)),))) == "- **E1** Census\n"


def test_tables():
    two = Listing(False, ((paragraph("x"),), (paragraph("y"),)))
    shown = Table(
        (Column(1), Column(2, "right"), Column(1, "center")),
        (cell("By"), cell("Sum"), cell()),
        (
            Row((cell(Run("Teams", STRONG), " (all)"),), band=True),
            Row((cell("a | b"), cell("54", "\n", "March"), Cell((two,)))),
        ),
    )
    lines = written(shown).splitlines()
    assert lines == [
        "| By | Sum |  |",
        "| --- | ---: | :---: |",
        "| **Teams** (all) |  |  |",
        "| a \\| b | 54<br>March | x<br>y |",
    ]


def test_a_draft_says_so_first():
    assert markdown(document(paragraph("x"), draft=True)) == "**DRAFT**\n\n# A plan\n\nx\n"
    assert "DRAFT" not in markdown(document(paragraph("x")))


def test_an_empty_document_is_its_title():
    assert markdown(Document("A plan", "A plan", (Section("C1", ()),))) == "# A plan\n"


# --- What goes in comes out ------------------------------------------------------------------------------------------


def test_everything_comes_out_once_and_as_what_it_is():
    text = markdown(rich())
    assert read(text) == expected(rich())
    found = elements(text)
    assert (found["heading_open"], found["table_open"], found["ordered_list_open"]) == (9, 4, 1)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_same_document_is_the_same_text():
    assert markdown(rich(draft=True)) == markdown(rich(draft=True))


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_text_becomes_markup_wherever_it_stands(typed):
    """A text and a harmless one make the same elements, breaks of lines aside."""

    def everywhere(text):
        return document(
            paragraph(text),
            paragraph("a", "\n", text),
            paragraph("a ", Run(f"b{text}c", EMPHASIS), " d"),
            Heading(2, runs(f"a {text}"), ("C1",)),
            Listing(False, ((paragraph(f"{text} a"),), (paragraph("a"), paragraph(f"{text} a")))),
            table(("a", f"{text} a"), row(f"{text} a", f"a {text}")),
            title=f"a {text}",
        )

    harmless = everywhere(" " if not typed.strip() else "harmless")
    once = re.sub(r"\n\s*", " ", typed)
    assert read(markdown(everywhere(typed))) == expected(everywhere(typed))
    assert elements(markdown(everywhere(once))) == elements(markdown(harmless))


def test_a_tree_full_of_hostile_text_loses_none():
    trees = [rich(text) for text in hostile_texts()]
    assert len(trees) == 2
    for tree in trees:
        assert read(markdown(tree)) == expected(tree)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(documents())
def test_any_document_comes_out_whole(tree):
    text = markdown(tree)
    assert read(text) == expected(tree)
    assert text.endswith("\n")


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.lists(st.builds(Run, ANY_TEXT, st.sampled_from((frozenset(), EMPHASIS, STRONG, BOTH))), max_size=5))
@example([Run("a", EMPHASIS), Run("b", BOTH), Run("c", STRONG)])
def test_any_paragraph_comes_out_whole(parts):
    tree = document(Paragraph(tuple(parts)))
    assert read(markdown(tree)) == expected(tree)
    assert elements(markdown(tree)).keys() <= {"heading_open", "paragraph_open", "em_open", "strong_open", "hardbreak"}


def test_a_cell_holds_the_words_of_whatever_stands_in_it():
    inner = Table((Column(1),), (cell("Inner"),), (Row((cell("deep"),)),))
    blocks = (Heading(2, runs("Title"), ("C1a", "C1b")), Figure("profile", "A drawing", ()), inner)
    text = written(table(("A", "B"), Row((Cell(blocks), cell("y")))))
    for words_of_it in ("Title", "C1a, C1b", "A drawing", "Inner", "deep"):
        assert text.count(words_of_it) == 1
    assert "#" not in text
    assert len({line.count(" | ") for line in text.splitlines()[2:]}) == 1
