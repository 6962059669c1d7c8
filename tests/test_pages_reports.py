"""The reports on where the pages go, for spreadsheets and for browsers: all of it is there, and nothing gets in.

The tests at the end open the pages of HTML, this one and that of `pioneer matrix`, in Chromium.
"""

import csv
import os
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html as lxml_html
from made_bids import ROOT, repo_bid
from made_trees import HOSTILE
from overlong_bids import overlong
from playwright.sync_api import Browser, Page, sync_playwright

from pioneer_cli.economics import Economics, economics
from pioneer_cli.load_pack import load_pack
from pioneer_cli.matrix import answer_matrix
from pioneer_cli.press import Press, print_document
from pioneer_cli.reports.matrix_document import matrix_document
from pioneer_cli.reports.pages_csv import COLUMNS, pages_csv
from pioneer_cli.reports.pages_html import pages_html
from pioneer_cli.reports.pages_text import room_in_words, without_text
from pioneer_cli.source import Source, parse, read

PACK = load_pack("pioneers-2013").pack
SHORT, LONG = "norfolk-2017", "too long"


def source_of(name: str) -> Source:
    return read(str(ROOT / "bids" / f"{name}.yaml"), f"bids/{name}.yaml")


@cache
def economics_of(name: str) -> Economics:
    """What the reports tell of: a bid with room to spare, or one that is over its limit."""
    with Press() as press:
        if name == LONG:
            source = parse("title: A bid\n", "long.yaml")
            return economics(source, overlong(3, paragraphs=3), PACK, "submission", press)
        return economics(source_of(name), repo_bid(name), PACK, "submission", press)


@pytest.fixture(params=[SHORT, LONG])
def found(request) -> Economics:
    return economics_of(request.param)


def test_one_bid_has_gains_and_the_other_has_cuts():
    assert economics_of(SHORT).gains
    assert economics_of(LONG).cuts is not None
    assert economics_of(LONG).cuts.cuts


def hostile(text: str) -> Economics:
    """The bid that is too long with a text in every place that a bid can fill."""
    found = economics_of(LONG)
    cuts = tuple(replace(cut, quote=text, section=text, reason=text) for cut in found.cuts.cuts)
    sections = tuple(
        replace(
            section,
            title=text,
            headings=tuple(replace(heading, title=text, codes=(text,)) for heading in section.headings),
        )
        for section in found.use.sections
    )
    return replace(
        found,
        title=text,
        source=replace(found.source, name=text),
        use=replace(found.use, sections=sections),
        cuts=replace(found.cuts, cuts=cuts, chosen=cuts[:1]),
    )


# --- CSV -------------------------------------------------------------------------------------------------------------


def rows_of(found: Economics) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(pages_csv(found))))


def test_the_csv_has_a_row_for_everything(found):
    rows = rows_of(found)
    assert tuple(rows[0]) == COLUMNS
    counted = {kind: sum(row["row"] == kind for row in rows) for kind in ("document", "section", "heading", "gain")}
    assert counted == {
        "document": 1,
        "section": len(found.use.sections),
        "heading": sum(len(section.headings) for section in found.use.sections),
        "gain": len(found.gains),
    }
    cuts = found.cuts.cuts if found.cuts else ()
    assert sum(row["row"] in ("cut", "chosen cut") for row in rows) == len(cuts)
    assert sum(row["row"] == "chosen cut" for row in rows) == len(found.cuts.chosen if found.cuts else ())


def test_the_csv_holds_the_figures(found):
    rows = rows_of(found)
    assert rows[0]["lines"] == str(round(float(found.use.lines_left), 2))
    assert rows[0]["over_budget"] == ("yes" if found.use.over else "no")
    for row, section in zip([row for row in rows if row["row"] == "section"], found.use.sections, strict=True):
        assert (row["section"], row["first_page"]) == (section.id, str(section.first_page))
        assert float(row["pages"]) == round(float(section.pages), 2)
        assert float(row["share_of_pages"]) == round(float(section.share), 2)
        assert row["share_of_marks"] == ("" if section.marks is None else str(round(float(section.marks), 2)))
        assert row["budget"] == ("" if section.budget is None else str(float(section.budget)))


def test_a_number_below_nought_stays_a_number():
    assert float(rows_of(economics_of(LONG))[0]["lines"]) < 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_no_text_in_the_csv_is_a_formula(text):
    rows = rows_of(hostile(text))
    assert rows[0]["text"].startswith("'")
    for row in rows:
        assert not re.match(r"\s*[=+@\t\r]|\s*-(?![\d.]+$)", "".join(cell + "\0" for cell in row.values())[:1])
        assert all(not re.match(r"\s*[=+@\t\r]|\s*-(?![\d.]+$)", cell) for cell in row.values())


# --- HTML ------------------------------------------------------------------------------------------------------------

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "p", "main", "table", "caption", "thead", "tbody",
    "tr", "th", "td", "div", "span", "b", "q", "svg", "rect", "h2", "footer",
}  # fmt: skip


def test_the_page_says_what_it_is(found):
    root = lxml_html.document_fromstring(pages_html(found))
    assert root.get("lang") == "en-GB"
    assert len(root.xpath("//h1")) == len(root.xpath("//main")) == 1
    assert found.title in root.xpath("//title/text()")[0]
    assert room_in_words(found)[1:] in root.xpath("//p[contains(@class, 'room')]")[0].text_content()
    assert root.xpath("//p[contains(@class, 'over')]") != [] if found.use.over else True


def test_every_section_and_heading_has_a_row_with_its_figures(found):
    root = lxml_html.document_fromstring(pages_html(found))
    sections = root.xpath("//tr[@class='section']")
    headings = root.xpath("//tr[@class='heading']")
    assert len(sections) == len(found.use.sections)
    assert len(headings) == sum(len(section.headings) for section in found.use.sections)
    for row, section in zip(sections, found.use.sections, strict=True):
        told = row.text_content()
        assert f"{float(section.pages):.2f}" in told
        assert f"{round(100 * section.share)} % of pages" in told
        assert ("of marks" in told) is (section.marks is not None)
        assert len(row.xpath(".//svg")) == (1 if section.marks is None else 2)


def test_a_bar_is_as_long_as_its_share():
    found = economics_of(SHORT)
    root = lxml_html.document_fromstring(pages_html(found))
    shares = [(section.share, section.marks or Fraction(0)) for section in found.use.sections]
    greatest = max(max(pair) for pair in shares)
    bars = [[float(rect.get("width")) for rect in row.xpath(".//rect")] for row in root.xpath("//tr[@class='section']")]
    assert [bar[0] for bar in bars] == [pytest.approx(float(100 * share / greatest), abs=0.06) for share, _ in shares]
    assert max(width for bar in bars for width in bar) == 100


def test_considerations_without_text_and_cuts_and_gains_are_told(found):
    text = lxml_html.document_fromstring(pages_html(found)).text_content()
    assert all(code in text for code in without_text(found))
    assert all(gain.finding.rule.id in text for gain in found.gains)
    assert ("What to cut" in text) is (found.cuts is not None)
    if found.cuts is not None:
        assert all(" ".join(cut.quote.split())[:20] in " ".join(text.split()) for cut in found.cuts.chosen)


def test_tables_have_captions_and_headers_with_a_scope(found):
    root = lxml_html.document_fromstring(pages_html(found))
    for table in root.xpath("//table"):
        assert table.xpath("caption")[0].text_content()
        assert {cell.get("scope") for cell in table.xpath("thead//th")} == {"col"}
        assert {cell.get("scope") for cell in table.xpath("tbody//th")} == {"row"}
        widths = {len(row.xpath("th|td")) for row in table.xpath(".//tr")}
        assert len(widths) == 1


def test_the_policy_allows_the_one_style_sheet(found):
    text = pages_html(found)
    (policy,) = lxml_html.document_fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = text.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("text", HOSTILE[:24])
def test_no_text_makes_an_element(text):
    root = lxml_html.document_fromstring(pages_html(hostile(text)))
    harmless = lxml_html.document_fromstring(pages_html(hostile("x")))
    assert {element.tag for element in root.iter()} <= ALLOWED
    assert [element.tag for element in root.iter()] == [element.tag for element in harmless.iter()]
    assert not any(
        name.startswith("on") or name in ("style", "href", "src") for element in root.iter() for name in element.attrib
    )


def test_the_same_bid_gives_the_same_bytes(found):
    assert pages_html(found) == pages_html(found)
    assert pages_csv(found) == pages_csv(found)


# --- In a browser ----------------------------------------------------------------------------------------------------

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() and os.environ.get("PIONEER_ALL_TOOLS") != "1":
        pytest.skip("no /usr/bin/chromium here: install the Debian package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@cache
def matrix_page(name: str) -> str:
    with Press() as press:
        found = answer_matrix(source_of(name), repo_bid(name), PACK, "submission", press)
    return print_document(matrix_document(found), "html").decode()


PAGES = {
    "pages, room to spare": lambda: pages_html(economics_of(SHORT)),
    "pages, too long": lambda: pages_html(economics_of(LONG)),
    "pages, hostile": lambda: pages_html(hostile("<img src=x onerror=window.pwned=1>" + "w" * 300)),
    "matrix, answered": lambda: matrix_page("exemplar"),
    "matrix, half answered": lambda: matrix_page("norfolk-2017"),
}


@pytest.fixture(params=PAGES)
def text(request) -> str:
    return PAGES[request.param]()


def opened(browser: Browser, path: Path, text: str, size: dict[str, int], *, bypass: bool = False) -> Page:
    """A page of the browser that shows a file with this text; axe, which is a script, must pass by its policy."""
    (path / "page.html").write_text(text, encoding="utf-8")
    shown = browser.new_context(bypass_csp=bypass).new_page()
    shown.set_viewport_size(size)
    shown.goto((path / "page.html").as_uri())
    return shown


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_no_barrier(browser, tmp_path, text, size):
    found = Axe().run(
        opened(browser, tmp_path, text, size, bypass=True), options={"resultTypes": ["violations", "passes"]}
    )
    assert found.generate_snapshot() == "", found.generate_report()
    assert len(found.response["passes"]) > 15


@pytest.mark.parametrize("width", [320, 360, 720, 1000, 1280])
def test_no_page_is_wider_than_its_window(browser, tmp_path, text, width):
    shown = opened(browser, tmp_path, text, {"width": width, "height": 740})
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    shown.context.close()


def test_the_style_applies_and_nothing_is_asked_for_or_run(browser, tmp_path, text):
    asked: list[str] = []
    said: list[str] = []
    context = browser.new_context()
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    shown = context.new_page()
    shown.goto((tmp_path / "page.html").as_uri())
    assert shown.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(11, 85, 104)"
    assert shown.evaluate("typeof window.pwned") == "undefined"
    assert (asked, said) == ([(tmp_path / "page.html").as_uri()], [])
    context.close()


def test_bars_are_drawn_at_their_widths(browser, tmp_path):
    shown = opened(browser, tmp_path, pages_html(economics_of(SHORT)), DESK)
    drawn = shown.evaluate(
        "[...document.querySelectorAll('.section svg')].map(s => [s.firstChild.getAttribute('width') / 100,"
        " s.firstChild.getBoundingClientRect().width / s.getBoundingClientRect().width])"
    )
    assert len(drawn) >= 12
    for said, seen in drawn:
        assert seen == pytest.approx(said, abs=0.02)


def test_it_prints_on_a4(browser, tmp_path, text):
    printed = opened(browser, tmp_path, text, DESK).pdf(prefer_css_page_size=True)
    with pikepdf.open(BytesIO(printed)) as pdf:
        sizes = {(round(float(found.mediabox[2])), round(float(found.mediabox[3]))) for found in pdf.pages}
        assert sizes <= {(595, 842), (596, 842)}
        assert len(pdf.pages) >= 1
