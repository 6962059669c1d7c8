"""The gap report in each format: nothing gets in, every statement names who says it, and the same bytes each time.

Most of the tests on HTML open it in Chromium, of the Debian package `chromium`.
"""

import csv
import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import docx
import pikepdf
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from docx.oxml.ns import qn
from jsonschema import Draft202012Validator
from lxml import html as lxml_html
from lxml.html import HtmlElement
from made_bids import HOSTILE as HOSTILE_OF_BIDS
from made_bids import REPO_BIDS, ROOT, full_bid, squeezed, text_of
from made_reviews import desk_of, review_of, write_reviews
from made_trees import HOSTILE
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pydantic import BaseModel
from test_pdf_accessibility import faults, structure

from pioneer_cli.assessment import Outcome
from pioneer_cli.gap_report import EXPECTED, SPOKEN_TO, GapReport
from pioneer_cli.pipeline import GapRequest, gaps
from pioneer_cli.press import draw_figure, print_document
from pioneer_cli.reports.gaps_csv import COLUMNS, gaps_csv
from pioneer_cli.reports.gaps_document import gaps_document
from pioneer_cli.reports.gaps_html import gaps_html
from pioneer_cli.reports.gaps_json import gaps_json
from pioneer_cli.reports.gaps_text import gaps_text
from pioneer_cli.reports.gaps_words import READINGS, best_answers
from pioneer_cli.reports.look import Look, printable
from pioneer_cli.reports.matrix_words import NO_PAGE
from pioneer_cli.shipped import shipped_names
from pioneer_cli.tree import Block, Heading, Listing, Paragraph, Table, words_of

EXAMPLES = ROOT / "docs" / "examples"
EMPTY, REVIEWED = "almost empty", "exemplar with reviews"
CASES = ("exemplar", "north-lincolnshire", "norfolk-2017", EMPTY, REVIEWED)
ALMOST_EMPTY = "call: pioneers-2013\ntitle: A title\narea:\n  name: An area\n"
FORMATS = ("html", "pdf", "docx", "md", "csv", "json", "text")
SCHEMA = json.loads((ROOT / "pioneer_cli" / "reports" / "gaps.schema.json").read_text(encoding="utf-8"))


@cache
def report_of(case: str, pack: str | None = None) -> GapReport:
    request = GapRequest(pack=pack)
    if case == REVIEWED:
        reviews, replies = str(EXAMPLES / "reviews"), str(EXAMPLES / "replies.yaml")
        return made(str(ROOT / "bids" / "exemplar.yaml"), replace(request, reviews=reviews, replies=replies))
    if case != EMPTY:
        return made(str(ROOT / "bids" / f"{case}.yaml"), request)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.yaml"
        path.write_text(ALMOST_EMPTY, encoding="utf-8")
        return made(str(path), request)


def made(name: str, request: GapRequest) -> GapReport:
    found = gaps(name, request)
    assert found.report is not None, found.faults
    return found.report


WRITERS: Mapping[str, Callable[[GapReport], bytes]] = {
    "html": lambda report: gaps_html(report, draw_figure).encode(),
    "csv": lambda report: gaps_csv([report]).encode(),
    "json": lambda report: gaps_json([report]).encode(),
    "text": lambda report: gaps_text(report, Look()).encode(),
    "pdf": lambda report: print_document(gaps_document(report), "pdf"),
    "docx": lambda report: print_document(gaps_document(report), "docx"),
    "md": lambda report: print_document(gaps_document(report), "md"),
}


@cache
def written(case: str, form: str) -> bytes:
    return WRITERS[form](hostile_report() if case == HOSTILE_CASE else report_of(case))


@pytest.fixture(params=CASES)
def case(request) -> str:
    name: str = request.param
    return name


@pytest.fixture
def root(case) -> HtmlElement:
    return lxml_html.document_fromstring(written(case, "html").decode())


# --- Hostile bids, reviews and replies -------------------------------------------------------------------------------

HOSTILE_CASE = "hostile"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "-2+3")
TYPED = (*HOSTILE_OF_BIDS, *FORMULAS, *(text for text in HOSTILE if "pwned" in text or "example.org" in text))
MARK = "Zqxj"
MORE = " costs £1,20{0} for {0} people by March 2014, says the Hallam Community Trust."
RARE = f"{MARK} uses the Narrative together with Making it Real, and its teams have cut emergency admissions by half."


def desk(folder: Path, text: Callable[[str], str]) -> GapReport:
    """A report on a bid, two reviews and replies in which every text is what `text` gives by where it stands."""
    bid = full_bid(text)
    (folder / "bid.yaml").write_text(json.dumps(bid), encoding="utf-8")
    named = {"title": bid["title"], "sha256": sha256((folder / "bid.yaml").read_bytes()).hexdigest()}
    reviews = []
    for name, answer in (("r1", "met"), ("r2", "partly")):
        review = review_of(desk_of("exemplar"), name, answer=answer)
        for judged in review["criteria"]:
            code = judged["criterion"]
            judged |= {"reasons": text(f"{code} reasons"), "quotes": [bid["summary"]]}
            judged |= {"strengths": [text(f"{code} strength")], "weaknesses": [text(f"{code} weakness")]}
        for question in review["questions"]:
            question["reason"] = text(f"{question['question']} reason")
        review["recommendation"]["reason"] = text("recommendation")
        reviews.append(review | {"bid": named})
    write_reviews(folder / "reviews", *reviews)
    asked = made(str(folder / "bid.yaml"), GapRequest(reviews=str(folder / "reviews"))).standings
    given = [
        {"question": found.id, "reply": text(f"reply {found.id}"), "accepted": True, "accepted_by": "r1"}
        for found in asked
    ]
    annex = {"bid": named, "pack": reviews[0]["pack"], "date": "2013-08-09", "replies": given}
    (folder / "replies.yaml").write_text(json.dumps(annex), encoding="utf-8")
    request = GapRequest(reviews=str(folder / "reviews"), replies=str(folder / "replies.yaml"))
    return made(str(folder / "bid.yaml"), request)


@cache
def marked_report() -> GapReport:
    """A report in which every text begins with a mark that a hostile text can stand in for."""
    numbers = iter(range(10_000))

    def text(path: str) -> str:
        if path in ("title", "vision.narrative.statement"):
            return MARK if path == "title" else RARE
        return MARK + MORE.format(2 + next(numbers) % 8)

    with TemporaryDirectory() as folder:
        return desk(Path(folder), text)


def planted(text: str) -> GapReport:
    """The marked report with a text in the place of every mark."""
    report: GapReport = _planted(marked_report(), text)
    return report


def _planted(value: Any, text: str) -> Any:
    if type(value) is str:
        return value.replace(MARK, text)
    if isinstance(value, tuple):
        parts = [_planted(part, text) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, Mapping):
        return {key: _planted(part, text) for key, part in value.items()}
    if type(value).__module__ in ("pioneer_cli.pack", "pioneer_cli.source"):
        return value
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _planted(part, text) for name, part in value})
    if is_dataclass(value):
        named = {found.name: getattr(value, found.name) for found in fields(value) if found.init}
        return replace(value, **{name: _planted(part, text) for name, part in named.items()})  # type: ignore[type-var]
    return value


@cache
def hostile_report() -> GapReport:
    """A real run over a bid, reviews and replies with a different hostile text in every field, all of them used."""
    numbers = iter(range(10_000))

    def text(path: str) -> str:
        return f"{TYPED[next(numbers) % len(TYPED)]} three more words"

    with TemporaryDirectory() as folder:
        report = desk(Path(folder), text)
    assert next(numbers) >= len(TYPED) >= 100
    return report


# --- HTML without a browser ------------------------------------------------------------------------------------------

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "nav", "ul", "li", "main",
    "section", "dl", "div", "dt", "dd", "figure", "img", "table", "caption", "thead", "tbody", "tr", "th", "td", "b",
    "small", "code", "q", "span", "article", "fieldset", "legend", "label", "input", "footer",
}  # fmt: skip


def test_the_cases_hold_what_reports_can_hold():
    assert [bool(report_of(case).panel.judgements) for case in CASES] == [False] * 4 + [True]
    assert [bool(report_of(case).standings) for case in CASES] == [False, True, True, True, True]
    assert report_of("north-lincolnshire").claims
    assert report_of("norfolk-2017").anachronisms


@pytest.mark.parametrize("name", [*REPO_BIDS, EMPTY, REVIEWED, HOSTILE_CASE])
def test_a_page_is_one_file_of_less_than_500_kilobytes_that_names_no_other(name):
    page = written(name, "html")
    root = lxml_html.document_fromstring(page.decode())
    assert 10_000 < len(page) < 500_000
    assert {element.tag for element in root.iter()} <= ALLOWED
    for element in root.iter():
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on")
            assert attribute not in ("style", "srcset", "action", "background", "ping")
            if attribute == "href":
                assert value.startswith("#")
            if attribute == "src":
                assert b"<svg" in b64decode(value.removeprefix("data:image/svg+xml;base64,"))[:200]


def test_every_id_is_there_once_and_every_link_and_label_leads_somewhere(root):
    ids = Counter(root.xpath("//@id"))
    links = [link.removeprefix("#") for link in root.xpath("//a/@href")]
    assert set(ids.values()) == {1}
    assert len(links) >= 10
    assert {*links, *root.xpath("//@aria-labelledby")} <= ids.keys()


def test_headings_go_down_one_level_at_a_time(root):
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(next_ <= level + 1 for level, next_ in pairwise(levels))
    assert len(levels) >= 30


def test_every_consideration_is_an_article_with_a_heading(case, root):
    items = [item for found in report_of(case).criteria for item in found.considerations]
    articles = root.xpath("//article")
    assert [article.get("id") for article in articles] == [item.score.consideration.id for item in items]
    for article, item in zip(articles, items, strict=True):
        (heading,) = article.xpath("h3")
        assert article.get("aria-labelledby") == heading.get("id")
        assert item.score.consideration.asks in heading.text_content()
        assert article.get("class") == f"is-{item.score.outcome}"
        assert len(article.xpath(".//div[contains(@class, 'gap by-')]")) == len(item.gaps)


def test_tables_have_captions_and_header_cells(case, root):
    tables = root.xpath("//table")
    assert len(tables) >= (3 if case == EMPTY else 4)
    for table in tables:
        assert table.xpath("caption")[0].text_content()
        assert {cell.get("scope") for cell in table.xpath("thead//th")} == {"col"}
        assert {cell.get("scope") for cell in table.xpath("tbody//th")} == {"row"}
        assert len({len(row.xpath("th|td")) for row in table.xpath(".//tr")}) == 1


def test_pictures_say_in_words_what_they_show(case, root):
    report = report_of(case)
    alts = root.xpath("//figure/img/@alt")
    assert alts[0].startswith("Bar chart of the levels from 0 to 5 by criterion.")
    for found in report.criteria:
        assert f"{found.score.criterion.id} machine {found.score.level_low.level}" in alts[0]
        for reviewer, judged in found.levels:
            assert f"{reviewer} {judged.level}" in alts[0]
    assert len(alts) == (2 if report.coverage.covered else 1)
    assert all(f"{report.coverage.covered} of {report.coverage.of} cells" in alt for alt in alts[1:])


def test_check_boxes_tell_how_many_they_show(case, root):
    report = report_of(case)
    labels = [label.text_content().strip() for label in root.xpath("//label")]
    counted = Counter(article.get("class").removeprefix("is-") for article in root.xpath("//article"))
    counted += Counter(
        gap.get("class").removeprefix("gap by-") for gap in root.xpath("//div[contains(@class, 'gap ')]")
    )
    assert labels == [f"{name} ({counted[name]})" for name in (label.split(" (")[0] for label in labels)]
    assert {label.split(" (")[0] for label in labels} == {name for name, number in counted.items() if number}
    assert report.criteria


@pytest.mark.parametrize("pack", [name for name in shipped_names("criteria") if name != "pioneers-2013"])
def test_without_a_reading_nothing_is_said_of_words(pack):
    for form in ("html", "md", "json", "csv"):
        text = WRITERS[form](report_of("norfolk-2017", pack)).decode()
        assert SPOKEN_TO not in text
        assert EXPECTED not in text
        assert "In words alone" not in text
    assert SPOKEN_TO in written("norfolk-2017", "html").decode()


def test_disagreements_come_first_and_people_keep_their_levels():
    root = lxml_html.document_fromstring(written(REVIEWED, "html").decode())
    rows = [
        [cell.text_content() for cell in row.xpath("th|td")] for row in root.xpath("//*[@id='reviewers']//tbody/tr")
    ]
    assert rows == [
        ["C1", "5", "panel: 5, r1: 5, r2: 4", "5", "differ"],
        ["C2", "5", "r1: 4, r2: 4", "4", "differ"],
        ["C3", "5", "r1: 4, r2: 4", "4", "differ"],
        ["C4", "5", "panel: 4, r1: 4, r2: 3", "4", "differ"],
        ["C5", "5", "panel: 4, r1: 5, r2: 4", "4", "differ"],
        ["C6", "5", "r1: 5, r2: 5", "5", "agree"],
    ]
    first = root.xpath("//*[@id='reviewers']/dl/div[1]")[0].text_content()
    assert "delivery-is-credible" in first
    assert "reviewers" not in {link[1:] for link in without_reviews().xpath("//nav//a/@href")}


def without_reviews() -> HtmlElement:
    return lxml_html.document_fromstring(written("exemplar", "html").decode())


@pytest.mark.parametrize("form", ["html", "md", "text", "json", "csv"])
def test_a_review_that_does_not_count_is_told_of(form, tmp_path):
    review = review_of(desk_of("exemplar"))
    review["bid"]["sha256"] = "0" * 64
    write_reviews(tmp_path, review)
    report = made(str(ROOT / "bids" / "exemplar.yaml"), GapRequest(reviews=str(tmp_path)))
    text = WRITERS[form](report).decode()
    assert "the bid has changed since" in text
    assert "the bid has changed since" not in written(REVIEWED, form).decode()


@pytest.mark.parametrize("form", ["html", "md", "text", "json", "csv"])
def test_questions_are_told_with_their_numbers_and_how_they_stand(form):
    asked = "On what day was the bid sent?"
    told = written("north-lincolnshire", form).decode()
    assert asked in told
    assert "closed:" not in told
    assert "closed: r2 accepted the reply" in " ".join(written(REVIEWED, form).decode().split())


# --- Who says so -----------------------------------------------------------------------------------------------------

PLACES_OF_NAMES = {
    "Evidence": "//li[q]",
    "Missing": "//div[contains(@class, 'gap')]",
    "For people": "/dd/p",
    "In words alone": "/dd[p]",
}
NAMED = re.compile(r"([a-z0-9-]+) \((call|house|accessibility)(, low confidence)?\)")


def names_a_rule(text: str, report: GapReport) -> bool:
    """Whether a text is a rule of the pack with its authority."""
    found = NAMED.fullmatch(text.strip())
    authorities = {rule.id: rule.authority for _, _, rule in report.pack.rules()}
    return found is not None and authorities.get(found[1]) == found[2]


def name_rules(text: str, report: GapReport) -> bool:
    """Whether a text ends in rules of the pack between brackets."""
    found = re.search(r"\(([a-z0-9, -]+)\)$", text.strip())
    return found is not None and set(found[1].split(", ")) <= {rule.id for _, _, rule in report.pack.rules()}


@pytest.mark.parametrize("name", [*REPO_BIDS, EMPTY, REVIEWED])
def test_every_statement_of_the_page_names_its_rule_reading_or_reviewer(name):
    report = report_of(name)
    root = lxml_html.document_fromstring(written(name, "html").decode())
    counted: Counter[str] = Counter()
    for lead, statement in PLACES_OF_NAMES.items():
        for named in root.xpath(f"//article/dl/div[dt='{lead}']{statement}"):
            counted[lead] += 1
            (small,) = named.xpath("small|p/small")
            text = small.text_content()
            if lead == "In words alone":
                assert text.startswith(f"{SPOKEN_TO} (house, low confidence")
            else:
                assert name_rules(text, report) if lead == "Evidence" else names_a_rule(text, report)
    items = [item for found in report.criteria for item in found.considerations]
    assert counted["Evidence"] == sum(len(best_answers(report, item)[0]) for item in items)
    assert counted["Missing"] == sum(len(item.gaps) for item in items)
    assert counted["For people"] == 6
    assert counted["In words alone"] == sum(item.score.outcome is not Outcome.MET for item in items)
    for title in root.xpath("//*[@id='reviewers']/dl/div/dt/small"):
        assert names_a_rule(title.text_content(), report)
    for told in root.xpath("//*[@id='reviewers']/dl/div/dd/b"):
        assert told.text_content() in ("panel", "r1", "r2")
    below = " ".join(small.text_content() for small in root.xpath("//*[@id='readings' or @id='ledger']//small"))
    assert [reading for reading in READINGS if f"{reading} (house, low confidence" not in below] == []
    assert EXPECTED in root.get_element_by_id("expectations").text_content()
    assert root.xpath("//*[@id='made-from']//code[string-length()=64]")


def leads(blocks: tuple[Block, ...]) -> Iterator[tuple[str, Block]]:
    """Each block of a criterion with the bold words that lead it in, which may stand in the one before."""
    lead = ""
    for block in blocks:
        if isinstance(block, Heading):
            lead = ""
        if isinstance(block, Paragraph) and "strong" in block.runs[0].styles:
            lead = block.runs[0].text
        yield lead, block


@pytest.mark.parametrize("name", [*REPO_BIDS, EMPTY, REVIEWED])
def test_every_statement_of_the_tree_names_its_rule_reading_or_reviewer(name):
    report = report_of(name)
    tree = gaps_document(report)
    codes = {found.score.criterion.id for found in report.criteria}
    counted: Counter[str] = Counter()
    for section in tree.sections:
        for lead, block in leads(section.blocks) if section.id in codes else ():
            items = [item[0].runs for item in block.items if block.items] if isinstance(block, Listing) else []
            if lead == "Evidence:":
                for runs in items:
                    counted[lead] += 1
                    assert name_rules(runs[-1].text, report) or runs[0].text.startswith("and ")
            if lead == "Missing:":
                for runs in items:
                    counted[lead] += 1
                    assert names_a_rule(runs[-1].text, report)
            if lead in ("For people:", "In words alone:") and isinstance(block, Paragraph):
                counted[lead] += 1
                assert names_a_rule(block.runs[-1].text, report) or block.runs[-1].text.strip().startswith(SPOKEN_TO)
            if ", level " in lead and isinstance(block, Paragraph):
                counted["level"] += 1
                assert lead.split(",")[0] in ("panel", "r1", "r2")
    gaps_told = sum(len(item.gaps) for found in report.criteria for item in found.considerations)
    assert counted["Missing:"] == gaps_told
    assert counted["For people:"] == 6
    assert counted["level"] == sum(len(found.levels) for found in report.criteria) == (15 if name == REVIEWED else 0)
    text = "\n".join(word for section in tree.sections for word in words_of(section.blocks))
    assert [reading for reading in (*READINGS, EXPECTED) if reading not in text] == []
    assert all(digest in text for digest in report.digests.values())


@pytest.mark.parametrize("name", [*REPO_BIDS, EMPTY, REVIEWED])
def test_every_statement_of_the_json_names_its_rule_reading_or_reviewer(name):
    report = report_of(name)
    (bid,) = json.loads(written(name, "json"))["bids"]
    authorities = {rule.id: rule.authority for _, _, rule in report.pack.rules()}
    counted: Counter[str] = Counter()
    for item in (item for found in bid["criteria"] for item in found["considerations"]):
        for evidence in item["evidence"]:
            counted["evidence"] += 1
            assert evidence["rules"]
            assert set(evidence["rules"]) <= authorities.keys()
        for found in (*item["gaps"], *item["judged"]):
            counted["rules"] += 1
            assert authorities[found["rule"]] == found["authority"]
        for answer in (answer for judged in item["judged"] for answer in judged["answers"]):
            counted["answers"] += 1
            assert answer["reviewer"] in ("panel", "r1", "r2")
        assert item["words"]["reading"] == SPOKEN_TO
    assert {found["words"]["reading"] for found in bid["expectations"]} == {EXPECTED}
    assert bid["readings"].keys() == READINGS.keys()
    assert counted["evidence"] >= (0 if name == EMPTY else 20)
    assert counted["rules"] >= 6
    assert counted["answers"] == (13 if name == REVIEWED else 0)


@pytest.mark.parametrize("name", [*REPO_BIDS, REVIEWED])
def test_every_statement_on_a_terminal_names_its_rule_or_reading(name):
    report = report_of(name)
    text = gaps_text(report, Look(120))
    entries = re.findall(r"(?m)^  (evidence|missing|people|words) +((?:.*\n)(?: {12}.*\n)*)", text)
    assert len(entries) >= 24
    known = {rule.id for _, _, rule in report.pack.rules()} | {SPOKEN_TO}
    for _, words in entries:
        named = re.search(r"\[([a-z0-9-]+)[^\[\]]*\](?:; and \d+ more places?)?$", " ".join(words.split()))
        assert named is not None, words
        assert named[1] in known
    assert all(digest in text for digest in report.digests.values())


# --- Hostile texts ---------------------------------------------------------------------------------------------------


def elements(page: str) -> list[str]:
    return [element.tag for element in lxml_html.document_fromstring(page).iter()]


@cache
def harmless_elements() -> list[str]:
    return elements(gaps_html(planted("harmless"), draw_figure))


def test_the_marked_report_has_its_mark_in_every_part():
    report = marked_report()
    page = gaps_html(report, draw_figure)
    assert page.count(MARK) >= 100
    root = lxml_html.document_fromstring(page)
    for place in ("C1", "C4", "C6", "expectations", "ledger", "readings", "reviewers"):
        assert MARK in root.get_element_by_id(place).text_content(), place
    assert len(HOSTILE) >= 80


@pytest.mark.parametrize("typed", dict.fromkeys([*HOSTILE, *FORMULAS]))
def test_no_text_makes_an_element_or_an_attribute(typed):
    page = gaps_html(planted(typed), draw_figure)
    root = lxml_html.document_fromstring(page)
    assert elements(page) == harmless_elements()
    assert root.xpath("//script") == []
    assert not any(name.startswith("on") or name == "style" for element in root.iter() for name in element.attrib)
    assert root.xpath("//header/p")[0].text_content() == printable(typed)
    assert root.xpath("//title")[0].text_content() == f"Gap report: {printable(typed)}"


def neutral(cell: str) -> bool:
    """Whether no spreadsheet would take a cell for a formula: it is text, or a number."""
    return not cell.lstrip().startswith(("=", "+", "-", "@")) and not cell.startswith(("\t", "\r"))


@pytest.mark.parametrize("typed", [*FORMULAS, "\t=1", "\r=1", " =1", "\n+1"])
def test_no_cell_of_the_csv_is_a_formula(typed):
    rows = list(csv.reader(StringIO(gaps_csv([planted(typed)]))))
    assert sum(printable(typed) in cell for row in rows for cell in row) >= 50
    assert all(neutral(cell) for row in rows for cell in row)


def test_the_guard_against_formulas_sees_them():
    assert not any(map(neutral, ("=1", "+1", "-1", "@A", "\t=1", "\r=1", " =1")))
    assert all(map(neutral, ("'=1", "1", "a=1", "–", "")))


def test_a_real_run_over_hostile_texts_is_a_right_file_in_every_format():
    pdf, page = written(HOSTILE_CASE, "pdf"), written(HOSTILE_CASE, "html").decode()
    assert faults(pdf, "ua1", 100) == []
    assert faults(pdf, "2a", 139) == []
    assert docx.Document(BytesIO(written(HOSTILE_CASE, "docx"))).paragraphs
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(written(HOSTILE_CASE, "json")))) == []
    assert set(elements(page)) <= ALLOWED
    assert all(neutral(cell) for row in csv.reader(StringIO(written(HOSTILE_CASE, "csv").decode())) for cell in row)
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f]", written(HOSTILE_CASE, "text").decode()) is None


# --- In a browser ----------------------------------------------------------------------------------------------------

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, DESK = {"width": 375, "height": 740}, {"width": 1100, "height": 900}
HOUSE_IN_IT = "//article//div[starts-with(@class, 'only-') and contains(@class, 'house')]"
SEEN = "[...document.querySelectorAll('{0}')].filter(e => e.getClientRects().length > 0).length"


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
    context = browser.new_context(viewport=DESK)
    yield context
    context.close()


def opened(context: BrowserContext, folder: Path, page: str) -> Page:
    """A page of the browser that shows a file with this text."""
    path = folder / "gaps.html"
    path.write_text(page, encoding="utf-8")
    shown = context.new_page()
    shown.goto(path.as_uri())
    return shown


def seen(shown: Page, selector: str) -> int:
    """How many elements take room on the page."""
    number: int = shown.evaluate(SEEN.format(selector))
    return number


@pytest.mark.parametrize("name", [*CASES, HOSTILE_CASE])
def test_axe_finds_no_barrier_on_screen_on_a_phone_and_in_print(browser, tmp_path, name):
    context = browser.new_context(bypass_csp=True, viewport=DESK)  # for axe, which is a script
    shown = opened(context, tmp_path, written(name, "html").decode())
    for size, media in ((DESK, "screen"), (PHONE, "screen"), (DESK, "print")):
        shown.set_viewport_size(size)
        shown.emulate_media(media=media)
        assert shown.evaluate("document.documentElement.scrollWidth") == size["width"]
        found = Axe().run(shown, options={"resultTypes": ["violations"]})
        assert found.generate_snapshot() == "", found.generate_report()
        assert len(found.response["passes"]) > 15
    context.close()


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_no_page_is_wider_than_its_window(context, tmp_path, width):
    shown = opened(context, tmp_path, gaps_html(planted("w" * 300), draw_figure))
    shown.set_viewport_size({"width": width, "height": 740})
    assert shown.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_is_asked_for_and_nothing_complains(context, tmp_path, case):
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    shown = opened(context, tmp_path, written(case, "html").decode())
    assert shown.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(11, 85, 104)"
    assert shown.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "gaps.html").as_uri()]
    assert said == []


def test_the_policy_holds_back_whatever_else_might_get_in(context, tmp_path):
    stopped: list[tuple[str, str | None]] = []
    context.on("requestfailed", lambda request: stopped.append((request.url, request.failure)))
    got_in = '<script>window.pwned = 1</script><img src="http://127.0.0.1:9/x.png" onerror="window.pwned = 1"><main>'
    shown = opened(context, tmp_path, written("exemplar", "html").decode().replace("<main>", got_in))
    assert shown.evaluate("document.querySelectorAll('script').length") == 1
    assert shown.evaluate("typeof window.pwned") == "undefined"
    assert stopped == [("http://127.0.0.1:9/x.png", "csp")]


def test_nothing_that_anybody_types_runs_in_a_browser(context, tmp_path):
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("dialog", lambda dialog: said.append(dialog.message))
    context.on("request", lambda request: said.append(request.url) if "://" in request.url[5:] else None)
    counts = set()
    tried = [text for text in HOSTILE if "pwned" in text or set(text) & set("<>&\"'")]
    assert len(tried) >= 20
    shown = context.new_page()
    for typed in ("harmless", *tried):
        (tmp_path / "gaps.html").write_text(gaps_html(planted(typed), draw_figure), encoding="utf-8")
        shown.goto((tmp_path / "gaps.html").as_uri())
        assert shown.evaluate("typeof window.pwned") == "undefined", typed
        assert shown.title() == " ".join(f"Gap report: {printable(typed)}".split())
        assert shown.evaluate("document.querySelector('header p').textContent") == printable(typed)
        assert shown.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(11, 85, 104)"
        counts.add(shown.evaluate("[...document.querySelectorAll('*')].map(e => e.tagName).join()"))
    assert len(counts) == 1
    assert said == []


def test_the_tab_key_reaches_the_skip_link_the_contents_the_pictures_and_the_check_boxes(context, tmp_path):
    shown = opened(context, tmp_path, written(REVIEWED, "html").decode())
    links = shown.evaluate("[...document.querySelectorAll('nav a')].map(a => a.hash)")
    boxes = shown.evaluate("[...document.querySelectorAll('input')].map(i => i.id)")
    expected = [
        ".skip", *(f"nav a {name}" for name in links), "figure Profile", *(f"input {name}" for name in boxes),
        "figure Coverage",
    ]  # fmt: skip
    reached = []
    for _ in expected:
        shown.keyboard.press("Tab")
        reached.append(
            shown.evaluate(
                "(e => e.className === 'skip' ? '.skip' : e.tagName === 'A' ? 'nav a ' + e.hash"
                " : e.tagName === 'INPUT' ? 'input ' + e.id : 'figure ' + e.getAttribute('aria-label'))"
                "(document.activeElement)"
            )
        )
        assert shown.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == expected
    assert len(expected) >= 18


def test_the_skip_link_shows_itself_and_leads_to_the_check_boxes(context, tmp_path):
    shown = opened(context, tmp_path, written("north-lincolnshire", "html").decode())
    assert shown.evaluate("document.querySelector('.skip').getBoundingClientRect().right") < 0
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.querySelector('.skip').getBoundingClientRect().left") >= 0
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.id") == "show-met"


def test_check_boxes_hide_considerations_by_outcome_from_the_keyboard(context, tmp_path):
    shown = opened(context, tmp_path, written("north-lincolnshire", "html").decode())
    counts = Counter(
        str(item.score.outcome) for found in report_of("north-lincolnshire").criteria for item in found.considerations
    )
    assert seen(shown, "article") == sum(counts.values()) == 24
    left = 24
    for outcome in ("met", "partly", "unmet"):
        assert counts[outcome] > 0
        shown.focus(f"#show-{outcome}")
        shown.keyboard.press("Space")
        left -= counts[outcome]
        assert seen(shown, f"article.is-{outcome}") == 0
        assert seen(shown, "article") == left
    for outcome in ("met", "partly", "unmet"):
        shown.focus(f"#show-{outcome}")
        shown.keyboard.press("Space")
    assert seen(shown, "article") == 24


def test_check_boxes_hide_gaps_by_authority_and_print_what_is_shown(context, tmp_path):
    shown = opened(context, tmp_path, written("north-lincolnshire", "html").decode())
    whole = seen(shown, ".gap")
    house, call = seen(shown, ".by-house"), seen(shown, ".by-call")
    assert whole == house + call + seen(shown, ".by-accessibility") == 58
    shown.focus("#show-house")
    shown.keyboard.press("Space")
    assert (seen(shown, ".gap"), seen(shown, ".by-call")) == (whole - house, call)
    shown.emulate_media(media="print")
    assert seen(shown, ".gap") == whole - house
    assert seen(shown, ".filters") == seen(shown, "nav") == 0
    shown.emulate_media(media="screen")
    shown.focus("#show-house")
    shown.keyboard.press("Space")
    assert seen(shown, ".gap") == whole


def test_no_lead_stands_over_nothing_when_gaps_are_hidden(context, tmp_path):
    """Hiding every authority leaves no "Missing" without a gap under it."""
    page = written("north-lincolnshire", "html").decode()
    shown = opened(context, tmp_path, page)
    assert seen(shown, "article [class^=only-]") == 21
    for box in ("call", "house"):
        shown.focus(f"#show-{box}")
        shown.keyboard.press("Space")
    assert seen(shown, ".gap") == seen(shown, "article [class^=only-]") == 0
    shown.focus("#show-house")
    shown.keyboard.press("Space")
    assert seen(shown, "article [class^=only-]") == len(lxml_html.document_fromstring(page).xpath(HOUSE_IN_IT))


@pytest.mark.parametrize("name", ["north-lincolnshire", REVIEWED, EMPTY])
def test_it_prints_on_a4_and_nothing_is_cut_off(context, tmp_path, name):
    shown = opened(context, tmp_path, written(name, "html").decode())
    printed = shown.pdf(prefer_css_page_size=True)
    with pypdfium2.PdfDocument(printed) as pdf:
        assert {tuple(map(round, page.get_size())) for page in pdf} <= {(595, 842), (596, 842)}
        assert len(pdf) >= 4
        edges = []
        for page in pdf:
            text = page.get_textpage()
            edges += [text.get_rect(number)[::2] for number in range(text.count_rects())]
        assert len(edges) >= 200
        assert min(left for left, _ in edges) >= 50
        assert max(right for _, right in edges) <= 545
        words = squeezed("".join(page.get_textpage().get_text_range() for page in pdf))
    assert squeezed("What this report rests on") in words


# --- PDF, Word and Markdown ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "rules"), [("ua1", 100), ("2a", 139)])
def test_no_rule_finds_a_fault_in_the_pdf(case, profile, rules):
    assert faults(written(case, "pdf"), profile, rules) == []


def test_the_pdf_says_what_it_is_on_a4(case):
    report = report_of(case)
    with pikepdf.open(BytesIO(written(case, "pdf"))) as pdf:
        assert str(pdf.docinfo.Title) == f"Gap report: {report.title}"
        assert str(pdf.Root.Lang) == "en-GB"
        assert {tuple(round(float(edge)) for edge in page.mediabox) for page in pdf.pages} == {(0, 0, 595, 842)}
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert [f"{found.score.criterion.id}. {found.score.criterion.title}" for found in report.criteria] == [
        title for title in titles if re.match(r"C\d\. ", title)
    ]
    names = [name for name, _ in structure(written(case, "pdf"))]
    assert names.count("/Figure") == (2 if report.coverage.covered else 1)
    assert names.count("/Table") == names.count("/THead") == tables_of(case)


def tables_of(case: str) -> int:
    blocks = [block for section in gaps_document(report_of(case)).sections for block in section.blocks]
    return sum(isinstance(block, Table) for block in blocks)


def bare(text: str) -> str:
    """A text without white space and without what Markdown sets before or round words."""
    return re.sub(r"[\\*]", "", squeezed(text))


def pieces(case: str) -> list[str]:
    """The texts of the tree, but for the descriptions of pictures, which no page prints."""
    tree = gaps_document(report_of(case))
    texts = [text for section in tree.sections for text in words_of(section.blocks)]
    assert len(texts) >= 150
    return [text for text in texts if not text.startswith(("Bar chart", "Grid of"))]


def test_pdf_word_and_markdown_say_what_the_tree_says(case):
    package = docx.Document(BytesIO(written(case, "docx")))
    word = bare("".join(node.text or "" for node in package.element.body.iter(qn("w:t"))))
    pdf = bare(text_of(written(case, "pdf")).replace("\u00ad", ""))
    markdown = bare(written(case, "md").decode().replace("|", ""))
    for text in pieces(case):
        assert bare(text) in word
        assert bare(text).replace("|", "") in markdown
        assert bare(text)[:60] in pdf, text


def test_the_word_file_has_headings_in_order_header_rows_and_descriptions(case):
    package = docx.Document(BytesIO(written(case, "docx")))
    styles = [paragraph.style.name for paragraph in package.paragraphs if paragraph.style.name.startswith("Heading")]
    levels = [int(name.split()[-1]) for name in styles]
    assert len(levels) >= 30
    assert levels[0] == 1
    assert all(next_ <= level + 1 for level, next_ in pairwise(levels))
    assert len(package.tables) == tables_of(case)
    for table in package.tables:
        heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert heads[0]
        assert not any(heads[1:])
    pictures = list(package.element.body.iter(qn("wp:docPr")))
    assert len(pictures) == (2 if report_of(case).coverage.covered else 1)
    assert pictures[0].get("descr").startswith("Bar chart of the levels")
    assert package.core_properties.title == f"Gap report: {report_of(case).title}"


def test_the_markdown_has_headings_in_order(case):
    text = written(case, "md").decode()
    levels = [len(marks) for marks in re.findall(r"(?m)^(#+) ", text)]
    assert text.startswith("# Gap report: ")
    assert levels.count(1) == 1
    assert len(levels) >= 30
    assert all(next_ <= level + 1 for level, next_ in pairwise(levels))


# --- CSV and JSON ----------------------------------------------------------------------------------------------------


def test_the_csv_has_the_same_columns_and_numbers_that_parse(case):
    header, *rows = list(csv.reader(StringIO(written(case, "csv").decode())))
    assert tuple(header) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert len(rows) >= 50
    for row in rows:
        named = dict(zip(header, row, strict=True))
        assert all(neutral(cell) for cell in row)
        for name in ("first_page", "last_page"):
            assert named[name] in ("", NO_PAGE) or int(named[name]) >= 1
        for name in ("line", "column"):
            assert named[name] == "" or int(named[name]) >= 1
        assert named["gain"] == "" or float(named["gain"]) >= 0
        assert named["kind"]
        assert named["file"] == FILES[case]


FILES = {
    "exemplar": "exemplar.yaml", "north-lincolnshire": "north-lincolnshire.yaml", "norfolk-2017": "norfolk-2017.yaml",
    EMPTY: "empty.yaml", REVIEWED: "exemplar.yaml",
}  # fmt: skip


def test_the_csv_has_a_row_for_everything_and_each_names_who_says_it(case):
    report = report_of(case)
    rows = list(csv.DictReader(StringIO(written(case, "csv").decode())))
    counted = Counter(row["kind"] for row in rows)
    items = [item for found in report.criteria for item in found.considerations]
    assert counted["gap"] == sum(max(1, len(gap.missing)) for item in items for gap in item.gaps)
    assert counted["evidence"] == sum(len(row.answers) for item in items for row in item.rows)
    assert counted["judgement"] == sum(max(1, len(judged.answers)) for item in items for judged in item.judged)
    assert counted["level"] == sum(
        1 + sum(max(1, len(found.quotes[name])) for name, _ in found.levels) for found in report.criteria
    )
    assert counted["review"] == len(report.panel.judgements)
    assert counted["question"] == len(report.standings)
    assert counted["made-from"] == len(report.digests)
    for row in rows:
        assert row["named_by"] or row["kind"] in ("made-from", *{line.kind for line in report.ledger})
    assert {row["quote"] for row in rows if row["kind"] == "made-from"} == set(report.digests.values())


def test_several_bids_stand_in_one_table_and_one_document():
    reports = [report_of("exemplar"), report_of("norfolk-2017")]
    rows = list(csv.reader(StringIO(gaps_csv(reports))))
    assert sum(row == list(COLUMNS) for row in rows) == 1
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    document = json.loads(gaps_json(reports))
    assert [bid["file"] for bid in document["bids"]] == ["exemplar.yaml", "norfolk-2017.yaml"]
    assert document["bids"][1:] == json.loads(written("norfolk-2017", "json"))["bids"]


@pytest.mark.parametrize("pack", shipped_names("criteria"))
@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_json_has_the_shape_that_the_schema_says(name, pack):
    document = json.loads(gaps_json([report_of(name, pack)]))
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []
    assert document["bids"][0]["pack"] == pack


def test_the_json_of_what_is_almost_empty_and_of_what_was_reviewed_has_that_shape_too():
    Draft202012Validator.check_schema(SCHEMA)
    for name in (EMPTY, REVIEWED):
        assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(written(name, "json")))) == []
    assert written(REVIEWED, "json").isascii()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda bid: bid.pop("phase"),
        lambda bid: bid.update(more=1),
        lambda bid: bid["made_from"].update({"bid x": "0"}),
        lambda bid: bid["made_from"].update({"bid a/b": "0" * 64}),
        lambda bid: bid["criteria"][0]["considerations"][0]["evidence"][0].update(rules=[]),
        lambda bid: bid["criteria"][0]["considerations"][0].pop("gaps"),
        lambda bid: bid["criteria"][0]["reviewers"][0].update(level=6),
        lambda bid: bid["readings"].pop("claims-without-evidence"),
        lambda bid: bid["questions"][0].update(stands="well"),
        lambda bid: bid.update(file="/home/somebody/bid.yaml"),
    ],
)
def test_the_schema_finds_faults(spoil):
    document = json.loads(written(REVIEWED, "json"))
    spoil(document["bids"][0])
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) != []


def parts_of(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from parts_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from parts_of(part)


def test_every_object_of_the_schema_is_closed():
    objects = [part for part in parts_of(SCHEMA) if part.get("type") == "object"]
    assert len(objects) >= 20
    for part in objects:
        assert "additionalProperties" in part
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert set(part["required"]) == set(part["properties"])
        else:
            assert part["additionalProperties"] == {"$ref": part["additionalProperties"]["$ref"]}


# --- The same bytes --------------------------------------------------------------------------------------------------


def run_in(folder: Path, *names: str, **environment: str) -> dict[str, bytes]:
    """The reports of the command in every format, run in a folder."""
    bid, reviews, replies = names
    folder.mkdir(exist_ok=True)
    outputs = [part for form in FORMATS for part in ("-o", f"out.{'txt' if form == 'text' else form}")]
    command = [sys.executable, "-m", "pioneer_cli", "gaps", bid, "--reviews", reviews, "--replies", replies, *outputs]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True, timeout=60)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("out.*"))}


def test_the_same_files_give_the_same_bytes_wherever_and_whenever(tmp_path):
    (tmp_path / "bids").symlink_to(ROOT / "bids")
    (tmp_path / "examples").symlink_to(EXAMPLES)
    near = ("../bids/exemplar.yaml", "../examples/reviews", "../examples/replies.yaml")
    far = tuple(map(str, (ROOT / "bids" / "exemplar.yaml", EXAMPLES / "reviews", EXAMPLES / "replies.yaml")))
    first = run_in(tmp_path / "one", *near, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8", USER="somebody")
    other = run_in(
        tmp_path / "another",
        *far,
        PYTHONHASHSEED="1",
        TZ="Asia/Kathmandu",
        LC_ALL="C",
        COLUMNS="132",
        HOME=str(tmp_path),
    )
    assert len(first) == len(FORMATS)
    assert first == other
    assert first["out.html"] == written(REVIEWED, "html")
    assert first["out.json"] == written(REVIEWED, "json")


def unpacked(content: bytes, form: str) -> bytes:
    if form != "docx":
        return content
    with ZipFile(BytesIO(content)) as package:
        assert len(package.namelist()) >= 5
        return b"".join(package.read(name) for name in package.namelist())


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_names_a_folder_of_this_machine(form):
    content = unpacked(written(REVIEWED, form), form)
    assert str(ROOT).encode() not in content
    assert b"docs/examples" not in content
    assert b"exemplar.yaml" in content or form in ("pdf", "docx")


@pytest.mark.parametrize("form", FORMATS)
def test_writing_twice_gives_the_same_bytes(form):
    assert WRITERS[form](report_of(REVIEWED)) == written(REVIEWED, form)
