"""The document as one HTML file: its elements and words, and what a browser makes of it.

The tests at the end open it in Chromium, of the Debian package `chromium`.
"""

import os
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from lxml import html as lxml_html
from lxml.html import HtmlElement
from made_bids import REPO_BIDS, repo_bid
from made_trees import (
    BOTH,
    EMPHASIS,
    HOSTILE,
    STRONG,
    SVG,
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
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pioneer_cli.formats.html import html
from pioneer_cli.press import Press
from pioneer_cli.tree import (
    Column,
    Document,
    Figure,
    Heading,
    Listing,
    Reference,
    References,
    Row,
    Run,
    Section,
    Table,
    Term,
    Terms,
)

STYLE = (Path(__file__).parent.parent / "templates" / "eoi" / "style.css").read_text(encoding="utf-8")
VOID = {"meta", "br", "col", "img"}
ELEMENTS = VOID | {
    "html", "head", "title", "style", "body", "a", "header", "nav", "main", "footer", "section", "h1", "h2", "h3",
    "small", "p", "ul", "ol", "li", "dl", "div", "dt", "dd", "span", "em", "strong", "figure", "table", "colgroup",
    "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def page(tree: Document) -> str:
    return html(tree, lambda figure: SVG, STYLE)


def written(*blocks) -> str:
    """The HTML of the blocks of a section."""
    found = re.search(r'<section id="C1"[^>]*>\n(.*)</section>', page(document(*blocks)), re.DOTALL)
    assert found
    return found.group(1)


class Elements(HTMLParser):
    """What an HTML parser of the standard library finds; fails where elements do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS
        self.seen.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_pi(self, data):
        raise AssertionError(data)

    def unknown_decl(self, data):
        raise AssertionError(data)


def parsed(tree: Document) -> HtmlElement:
    return lxml_html.document_fromstring(page(tree))


def text_of_main(tree: Document) -> str:
    (main,) = parsed(tree).xpath("//main")
    return squeezed(main.text_content())


def words_shown(tree: Document) -> str:
    """The words of a document without the descriptions of its pictures, which stand in attributes."""
    sections = tuple(
        Section(section.id, tuple(block for block in section.blocks if not isinstance(block, Figure)))
        for section in tree.sections
    )
    return words(Document(tree.title, tree.short, sections))


# --- What comes out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([paragraph("One.")], "<p>One.</p>"),
        ([paragraph("One", "\n", "two")], "<p>One<br>\ntwo</p>"),
        ([paragraph("One", beside=("C1a", "C2"))], '<p data-beside="C1a, C2">One</p>'),
        ([paragraph(Run("a", EMPHASIS), Run("b", STRONG))], "<p><em>a</em><strong>b</strong></p>"),
        ([paragraph(Run("a", BOTH), Run("b", BOTH))], "<p><strong><em>ab</em></strong></p>"),
        ([paragraph("<b> & \"c\" 'd'")], "<p>&lt;b&gt; &amp; &quot;c&quot; &#x27;d&#x27;</p>"),
        ([Heading(1, runs("1. Vision"))], '<h2 id="C1.0">1. Vision</h2>'),
        ([Heading(2, runs("A"), ("C1a", "C1b"))], '<h3 id="C1.0">A <small class="codes">C1a, C1b</small></h3>'),
        ([Listing(False, ((paragraph("a"),), ()))], "<ul>\n<li>a</li>\n<li></li>\n</ul>"),
        ([Listing(True, ((paragraph("a"), paragraph("b")),))], "<ol>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ol>"),
        ([Listing(True, ())], ""),
        ([Terms((Term(runs("A:"), (paragraph("b"),)),))], "<dl>\n<div>\n<dt>A:</dt>\n<dd>b</dd>\n</div>\n</dl>"),
        ([Terms((Term(runs("A"), ()),), box=True)], '<dl class="facts">\n<div>\n<dt>A</dt>\n<dd></dd>\n</div>\n</dl>'),
    ],
)
def test_blocks(blocks, text):
    assert written(*blocks).strip() == text


def test_the_page_says_what_it_is():
    root = parsed(rich())
    assert root.get("lang") == "en-GB"
    assert root.xpath("//title/text()") == root.xpath("//h1/text()") == [rich().title]
    assert root.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"]
    assert [element.tag for element in root.body] == ["a", "header", "nav", "main", "footer"]
    assert [section.get("id") for section in root.xpath("//main/section")] == ["front", "C1", "C4"]
    assert len(root.xpath("//h1")) == 1
    assert root.xpath("//footer/p/text()") == [rich().short]


def test_a_section_that_begins_with_a_heading_is_named_by_it():
    root = parsed(rich())
    named = {section.get("id"): section.get("aria-labelledby") for section in root.xpath("//main/section")}
    assert named == {"front": None, "C1": "C1.0", "C4": "C4.0"}
    assert root.get_element_by_id("C1.0").text == "1. Vision"


def test_the_contents_lead_to_the_headings_of_the_first_level():
    root = parsed(rich())
    links = {link.text: link.get("href") for link in root.xpath("//nav//a")}
    assert links == {"Partners": "#front.2", "1. Vision": "#C1.0", "4. Capability": "#C4.0"}
    assert "<nav" not in page(document(paragraph("x")))


def test_every_link_leads_to_somewhere_in_the_page_and_every_id_is_there_once():
    root = parsed(rich())
    ids = Counter(root.xpath("//@id"))
    links = root.xpath("//a/@href")
    assert len(links) >= 7
    assert {link.removeprefix("#") for link in links} <= ids.keys()
    assert set(ids.values()) == {1}


def test_a_citation_leads_to_its_reference():
    sources = References((Reference("E1", (paragraph("Census"),)),))
    text = written(paragraph("a [", Run("E1", cites="E1"), "]"), sources)
    assert '<p>a [<a href="#ref-E1">E1</a>]</p>' in text
    assert '<li id="ref-E1"><span class="key">E1</span>\n<div>Census</div></li>' in text


def test_a_citation_without_reference_is_text():
    assert "<a " not in written(paragraph(Run("E1", cites="E1")))


@pytest.mark.parametrize("name", ["a b", "é", '"', "<", "a_b", "%41", "..", "ref-E1"])
def test_any_id_of_a_reference_is_led_to(name):
    root = parsed(document(paragraph(Run("x", cites=name)), References((Reference(name, ()),))))
    (link,) = root.xpath("//main//a/@href")
    assert re.fullmatch(r"#ref-[A-Za-z0-9_-]+", link)
    assert root.get_element_by_id(link[1:]).tag == "li"


def test_a_figure_is_a_picture_inside_the_file_with_its_description():
    drawn = []
    figure = Figure("funding-chart", 'Sums of "2013"', (1.0,))
    text = html(document(figure), lambda asked: drawn.append(asked) or SVG, STYLE)
    (picture,) = lxml_html.document_fromstring(text).xpath("//main//figure/img")
    assert drawn == [figure]
    assert picture.get("alt") == 'Sums of "2013"'
    assert picture.get("src") == "data:image/svg+xml;base64," + b64encode(SVG).decode()
    assert '<figure tabindex="0" aria-label="Funding chart">' in text


def test_a_table_has_headers_groups_and_labels():
    shown = Table(
        (Column(1), Column(3, "right"), Column(1, "center")),
        (cell("By"), cell("The  sum"), cell()),
        (
            row("2013", "54", ""),
            Row((cell(Run("Teams", STRONG)),), band=True, beside=("C4",)),
            Row((cell("2014"), cell("66"), cell("9", score=9)), beside=("C4a",)),
        ),
    )
    text = written(shown)
    root = lxml_html.fragment_fromstring(text)
    assert [(th.get("scope"), th.text_content()) for th in root.iter("th")] == [
        ("col", "By"), ("col", "The  sum"), ("rowgroup", "Teams"),
    ]  # fmt: skip
    assert [[len(list(body)), body.get("role")] for body in root.iter("tbody")] == [[1, "rowgroup"], [2, "rowgroup"]]
    assert root.xpath("//col/@class") == ["w20", "w60", "w20"]
    assert '<th scope="rowgroup" role="rowheader" colspan="3" data-beside="C4"><strong>Teams</strong></th>' in text
    assert '<td role="cell" data-label="By" data-beside="C4a">2014</td>' in text
    assert '<td role="cell" class="right" data-label="The sum">66</td>' in text
    assert '<td role="cell" class="center moderate">9</td>' in text
    assert "col.w" not in text
    assert ".w20{width:20%}\n.w60{width:60%}\n" in page(document(shown))


@pytest.mark.parametrize(
    ("score", "shade"),
    [(0, ""), (1, "low"), (7, "low"), (8, "moderate"), (14, "moderate"), (15, "high"), (25, "high")],
)
def test_the_score_of_a_risk_shades_its_cell(score, shade):
    text = written(Table((Column(1),), (cell("a"),), (Row((cell("b", score=score),)),)))
    assert (f'class="{shade}"' if shade else '<td role="cell" data-label') in text


def test_a_draft_says_so_outside_the_text():
    root = parsed(rich(draft=True))
    assert root.xpath("//header/p[@class='draft']/text()") == ["DRAFT"]
    assert '@top-right{content:"DRAFT"}' in page(rich(draft=True))
    assert "DRAFT" not in page(rich()).replace(STYLE, "")


def test_notes_beside_the_text_make_room_for_themselves():
    assert '<main id="bid.text">' in page(document(paragraph("a")))
    assert '<main id="bid.text" class="noted">' in page(document(paragraph("a", beside=("C1",))))
    assert '<main id="bid.text" class="noted">' in page(document(table(("a",), row("b", beside=("C1",)))))


def test_the_same_document_is_the_same_text():
    assert page(rich(draft=True)) == page(rich(draft=True))


# --- Nothing from outside, nothing made by a text --------------------------------------------------------------------


def test_the_policy_allows_the_style_and_pictures_and_nothing_else():
    text = page(rich())
    (policy,) = lxml_html.document_fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = text.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:", "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_a_style_sheet_cannot_end_its_element():
    text = html(document(), lambda figure: SVG, "a::before{content:'</style><script>x</script>'}\r\n")
    assert Elements(text).seen.count("style") == 1
    assert "\r" not in text


def test_the_style_sheet_asks_for_nothing():
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert len(STYLE) > 2000


def assert_asks_for_nothing(text: str) -> None:
    attributes = Elements(text).attributes
    assert len(attributes) >= 9
    for tag, name, value in attributes:
        assert not name.startswith("on")
        assert name not in ("srcset", "style", "action", "background", "ping")
        if name == "href":
            assert (tag, value[0]) == ("a", "#")
        if name == "src":
            assert (tag, b64decode(value.removeprefix("data:image/svg+xml;base64,"))) == ("img", SVG)


def test_a_rich_document_nests_and_asks_for_nothing():
    assert_asks_for_nothing(page(rich(draft=True)))


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_text_makes_an_element(typed):
    """Everywhere the same hostile text, against a harmless one: the same elements and attributes, bar line breaks."""
    hostile, harmless = (Elements(page(rich(lambda words, text=text: text))) for text in (typed, "harmless"))
    assert [tag for tag in hostile.seen if tag != "br"] == [
        tag for tag in harmless.seen if tag != "br"
    ] or not typed.strip()
    assert {name for _, name, _ in hostile.attributes} <= {name for _, name, _ in harmless.attributes}
    assert squeezed(text_of_main(rich(lambda words: typed))) == words_shown(rich(lambda words: typed))


def test_a_tree_full_of_hostile_text_loses_none():
    trees = [rich(text) for text in hostile_texts()]
    assert len(trees) == 2
    for tree in trees:
        assert_asks_for_nothing(page(tree))
        assert text_of_main(tree) == words_shown(tree)


def test_everything_comes_out():
    assert text_of_main(rich()) == words_shown(rich())
    assert len(words_shown(rich())) > 1000


@settings(deadline=None, derandomize=True, max_examples=200)
@given(documents())
def test_any_document_comes_out_whole(tree):
    assert text_of_main(tree) == words_shown(tree)
    assert_asks_for_nothing(page(tree))


# --- In a browser ----------------------------------------------------------------------------------------------------

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LONG = "https://example.org/" + "averylongwordwithoutanyplacetobreak" * 12


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() and os.environ.get("PIONEER_ALL_TOOLS") != "1":
        pytest.skip("no /usr/bin/chromium here: install the Debian package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def context(browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def opened(context: BrowserContext, path: Path, text: str, size: dict[str, int] = DESK) -> Page:
    """A page of the browser that shows a file with this text."""
    path = path / "bid.html"
    path.write_text(text, encoding="utf-8")
    shown = context.new_page()
    shown.set_viewport_size(size)
    shown.goto(path.as_uri())
    return shown


def widths(page: Page) -> tuple[int, int]:
    """How wide the page is, and how wide its window."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return width, window


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("draft", [False, True])
def test_axe_finds_no_barrier(browser, tmp_path, size, draft):
    context = browser.new_context(bypass_csp=True)  # for axe, which is a script
    shown = opened(context, tmp_path, page(rich(draft=draft)), size)
    found = Axe().run(shown, options={"resultTypes": ["violations", "passes"]})
    assert found.generate_snapshot() == "", found.generate_report()
    assert len(found.response["passes"]) > 25
    context.close()


@pytest.mark.parametrize("name", REPO_BIDS)
def test_a_real_bid_has_no_barrier_fits_a_phone_asks_for_nothing_and_prints_on_a4(browser, tmp_path, name):
    with Press() as press:
        text = press.write(repo_bid(name), "html").decode("utf-8")
    context = browser.new_context(bypass_csp=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    for size in (PHONE, DESK):
        shown = opened(context, tmp_path, text, size)
        found = Axe().run(shown, options={"resultTypes": ["violations", "passes"]})
        assert found.generate_snapshot() == "", found.generate_report()
        assert len(found.response["passes"]) > 20
        assert widths(shown) == (size["width"], size["width"])
    assert {url for url in asked if not url.startswith("data:")} == {(tmp_path / "bid.html").as_uri()}
    with pypdfium2.PdfDocument(shown.pdf(prefer_css_page_size=True)) as printed:
        assert {tuple(map(round, page.get_size())) for page in printed} == {(595, 842)}
    context.close()


@pytest.mark.parametrize("width", [320, 360, 720, 1000, 1280])
def test_no_page_is_wider_than_its_window(context, tmp_path, width):
    tree = rich(lambda words: f"{words} {LONG}" if "vote" in words or "Census" in words else words)
    shown = opened(context, tmp_path, page(tree), {"width": width, "height": 740})
    assert widths(shown) == (width, width)


def test_a_cell_with_a_word_that_is_too_long_widens_no_page(context, tmp_path):
    tree = document(
        table(("a", "b", "c"), row(LONG, LONG, LONG)), Terms((Term(runs(LONG), (paragraph(LONG),)),), box=True)
    )
    for size in (PHONE, DESK):
        shown = opened(context, tmp_path, page(tree), size)
        assert widths(shown) == (size["width"], size["width"])


def test_the_cells_of_a_table_stand_one_below_the_other_on_a_phone(context, tmp_path):
    tree = document(table(("First", "Second"), row("a", "b")))
    shown = opened(context, tmp_path, page(tree), PHONE)
    first, second = (
        shown.get_by_role("cell", name=name, exact=True).bounding_box() for name in ("First a", "Second b")
    )
    assert first["x"] == second["x"]
    assert first["y"] + first["height"] <= second["y"]


def test_the_style_applies_and_nothing_is_asked_for(context, tmp_path):
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    shown = opened(context, tmp_path, page(rich()))
    assert shown.evaluate("getComputedStyle(document.querySelector('h2')).color") == "rgb(11, 85, 104)"
    assert shown.evaluate("document.querySelector('img').naturalWidth") > 0
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "bid.html").as_uri()]
    assert said == []


def test_the_policy_holds_back_whatever_else_might_get_in(context, tmp_path):
    """A page with a script and a picture from outside put into it by hand: neither comes to anything."""
    stopped = []
    context.on("requestfailed", lambda request: stopped.append((request.url, request.failure)))
    got_in = '<script>window.pwned = 1</script><img src="http://127.0.0.1:9/x.png" onerror="window.pwned = 1"><p>'
    shown = opened(context, tmp_path, page(document(paragraph("here"))).replace("<p>here", got_in))
    assert shown.evaluate("document.querySelectorAll('script').length") == 1
    assert shown.evaluate("document.querySelectorAll('img').length") == 1
    assert shown.evaluate("typeof window.pwned") == "undefined"
    assert stopped == [("http://127.0.0.1:9/x.png", "csp")]


def test_nothing_that_a_writer_types_runs_or_becomes_an_element(context, tmp_path):
    said, counts = [], []
    context.on("console", lambda message: said.append(message.text))
    context.on("dialog", lambda dialog: said.append(dialog.message))
    count = "[...document.querySelectorAll('*')].map(e => e.tagName).filter(t => t !== 'BR').join()"
    harmless = rich(lambda words: "x")
    for number, tree in enumerate((harmless, *map(rich, hostile_texts()))):
        shown = opened(context, tmp_path, page(tree))
        assert shown.evaluate("typeof window.pwned") == "undefined", number
        assert shown.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(11, 85, 104)"
        counts.append(shown.evaluate(count))
    assert len(counts) == 3
    assert len(set(counts)) == 1
    assert said == []


def test_it_prints_on_a4_with_numbered_pages(context, tmp_path):
    shown = opened(context, tmp_path, page(rich(draft=True)))
    printed = shown.pdf(prefer_css_page_size=True, tagged=True)
    with pikepdf.open(BytesIO(printed)) as pdf:
        sizes = {(round(float(p.mediabox[2])), round(float(p.mediabox[3]))) for p in pdf.pages}
        assert sizes <= {(595, 842), (596, 842)}
        assert 2 <= len(pdf.pages) <= 4
        assert bool(pdf.Root.MarkInfo.Marked)
