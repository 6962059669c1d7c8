"""The PDF is for everyone: PDF/UA-1 and PDF/A-2a without a fault, in English, titled, with bookmarks and headings."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import product

import page
import pikepdf
import pytest
from made_bids import REPO_BIDS, Tree, empty_bid, full_bid, repo_bid, tree_of, typeset_repo_bid, typeset_tree

from pioneer_cli.answered import answered
from pioneer_cli.load_pack import load_pack
from pioneer_cli.press import Press
from pioneer_cli.quantities import parse_when
from pioneer_cli.shipped import shipped_names

TEMPLATES = shipped_names("templates")
PACK = load_pack("pioneers-2013").pack
assert PACK is not None
ANSWERS = answered(PACK)
CRITERIA = [
    "1. Vision", "2. Whole-system integration", "3. Commitment", "4. Capability", "5. Sharing lessons", "6. Evidence",
]  # fmt: skip
PROSE = (
    "Words with *emphasis*, **strength** and ***both***, “quotes” – and £ figures.\\\nA line of its own.\n\n"
    "- one\n- two\n  - and a half\n  1. first\n  2. second\n\nA last paragraph. "
)


def with_partners(count: int) -> Tree:
    tree = tree_of(full_bid(lambda path: "Some words."))
    (partner,) = tree["partners"]
    tree["partners"] = [{**partner, "id": f"p{number}", "organisation": f"Partner {number}"} for number in range(count)]
    return tree


def without_risks() -> Tree:
    tree = repo_bid("exemplar")
    tree["capability"]["risks"] = []
    return tree


def with_a_cell_of_nothing_but_blanks() -> Tree:
    return tree_of(full_bid(lambda path: "A title" if path == "title" else " "))


def with_pictures_and_citations() -> Tree:
    tree = tree_of(full_bid(lambda path: "Words [an-id] and [words](https://example.org)."))
    workstream, source = tree["capability"]["workstreams"][0], tree["capability"]["funding"]["sources"][0]
    later = [{**milestone, "by": parse_when("2014-10")} for milestone in workstream["milestones"]]
    tree["capability"]["workstreams"] = [workstream, {**workstream, "milestones": later}]
    tree["capability"]["funding"]["sources"] = [source, {**source, "source": "Another"}]
    return tree


BIDS = {
    **{name: repo_bid(name) for name in REPO_BIDS},
    "pictures and citations": with_pictures_and_citations(),
    "almost empty": empty_bid(),
    "full": tree_of(full_bid(lambda path: "Some words.")),
    "no partners": with_partners(0),
    "one partner": with_partners(1),
    "forty partners": with_partners(40),
    "no risks": without_risks(),
    "blank texts": with_a_cell_of_nothing_but_blanks(),
    "long prose": tree_of(full_bid(lambda path: "A title" if path == "title" else PROSE * 3)),
    "long words": tree_of(full_bid(lambda path: "w" * 60)),
    "every bracket": tree_of(full_bid(lambda path: "<([{#$*_`\\/}])>")),
}


@pytest.fixture(params=product(TEMPLATES, BIDS), ids="-".join, scope="module")
def pdf(request) -> bytes:
    """The PDF of each bid with each template in turn."""
    template, bid = request.param
    with Press(template, ANSWERS) as press:
        return press.typeset(BIDS[bid]).typeset.pdf


def faults(pdf: bytes, profile: str, rules: int) -> list[tuple[str, str]]:
    """What breaks a rule of a profile, which has at least so many.

    The rule on the length of streams takes a carriage return that ends one, before the line end that follows it, for a
    part of that line end. Where it complains each length is measured instead.
    """
    report = page.validate_pdf_bytes(pdf, profile=profile)
    assert report.rules.passed >= rules
    assert report.is_compliant is not bool(report.failures)
    found = [(failure.rule_id, failure.message) for failure in report.failures]
    length = [fault for fault in found if fault[0] == "PDFA2A-STREAM-LENGTH-001"]
    return [fault for fault in found if fault not in length or not streams_are_as_long_as_they_say(pdf)]


def streams_are_as_long_as_they_say(pdf: bytes) -> bool:
    streams = list(re.finditer(rb"[0-9]+ 0 obj\s*<<((?:(?!endobj|>>\s*stream).)*)>>\s*stream\n", pdf, re.DOTALL))
    lengths = [re.search(rb"/Length ([0-9]+)", stream.group(1)) for stream in streams]
    assert len(streams) == pdf.count(b"\nendstream\nendobj") >= 5
    return all(
        length is not None and pdf[stream.end() + int(length.group(1)) :].startswith(b"\nendstream\nendobj")
        for stream, length in zip(streams, lengths, strict=True)
    )


@pytest.mark.parametrize(("profile", "rules"), [("ua1", 100), ("2a", 139)])
def test_no_rule_finds_a_fault(pdf, profile, rules):
    assert faults(pdf, profile, rules) == []


def test_every_stream_is_as_long_as_it_says(pdf):
    assert streams_are_as_long_as_they_say(pdf)
    assert not streams_are_as_long_as_they_say(re.sub(rb"/Length ([0-9]+)", rb"/Length 1\1", pdf))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("bid", ["exemplar", "almost empty", "pictures and citations"])
@pytest.mark.parametrize(("profile", "rules"), [("ua1", 100), ("2a", 139)])
def test_no_rule_finds_a_fault_in_a_draft(template, bid, profile, rules):
    with Press(template, ANSWERS) as press:
        assert faults(press.typeset(BIDS[bid], draft=True).typeset.pdf, profile, rules) == []


def test_the_pictures_and_the_links_are_there():
    found = structure(typeset_tree(BIDS["pictures and citations"]).pdf)
    names = [name for name, _ in found]
    assert names.count("/Figure") == 2
    assert names.count("/Link") >= 20


def test_the_rules_do_find_faults(pdf):
    damaged = pdf.replace(b"/Marked true", b"/Marked fals")
    assert damaged != pdf
    assert not page.is_pdf_compliant_bytes(damaged, profile="ua1")


def test_the_document_says_what_it_is(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "en-GB"
        assert opened.Root.MarkInfo.Marked is True
        assert opened.Root.ViewerPreferences.DisplayDocTitle is True
        metadata = opened.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:language"] == {"en-GB"}
        assert metadata["dc:title"] == str(opened.docinfo.Title) != ""


def test_every_page_is_a4_and_read_in_the_order_of_its_structure(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 1
        for found in opened.pages:
            assert [round(float(edge)) for edge in found.mediabox] == [0, 0, 595, 842]
            assert found.cropbox == found.mediabox
            assert found.get("/Rotate", 0) == 0
            assert found.Tabs == "/S"


def test_every_criterion_of_the_exemplar_has_a_bookmark():
    with pikepdf.open(BytesIO(typeset_repo_bid("exemplar").pdf)) as opened, opened.open_outline() as outline:
        assert [item.title for item in outline.root if item.title in CRITERIA] == CRITERIA


def test_criteria_have_bookmarks_in_order(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        titles = [item.title for item in outline.root]
    found = [title for title in titles if title in CRITERIA]
    assert found == [title for title in CRITERIA if title in found]  # a section that says nothing has none
    assert set(titles) - set(CRITERIA) <= {"Partners", "Support asked of the national partners"}


def test_the_considerations_stand_under_their_criterion():
    with pikepdf.open(BytesIO(typeset_repo_bid("exemplar").pdf)) as opened, opened.open_outline() as outline:
        below = {item.title: [child.title for child in item.children] for item in outline.root}
    assert below["2. Whole-system integration"] == [
        "Services across the system C2a",
        "Across life stages, levels of need and sectors C2",
        "Prevention C2b",
        "Personalisation C2c",
        "The people who would gain most C2d",
        "What families and communities give C2e",
    ]
    assert [len(below[title]) for title in CRITERIA] == [4, 6, 5, 6, 3, 4]


# --- Structure -------------------------------------------------------------------------------------------------------


def tags(element: pikepdf.Object) -> Iterator[tuple[str, list[str]]]:
    """Each structure element of the document with the names of the elements directly inside it."""
    children = element.get("/K", [])
    if not isinstance(children, pikepdf.Array):
        children = [children]
    inside = [child for child in children if isinstance(child, pikepdf.Dictionary) and "/S" in child]
    yield str(element.get("/S", "/Root")), [str(child.S) for child in inside]
    for child in inside:
        yield from tags(child)


def structure(content: bytes) -> list[tuple[str, list[str]]]:
    with pikepdf.open(BytesIO(content)) as opened:
        return list(tags(opened.Root.StructTreeRoot))


def test_headings_hold_text_and_no_list(pdf):
    headings = [(name, inside) for name, inside in structure(pdf) if name in ("/H1", "/H2")]
    assert {child for _, inside in headings for child in inside} <= {"/Span"}


def test_tables_have_a_header_row_of_header_cells(pdf):
    found = structure(pdf)
    tables = [inside for name, inside in found if name == "/Table"]
    heads = [inside for name, inside in found if name == "/THead"]
    rows = [inside for name, inside in found if name == "/TR"]
    assert len(tables) == len(heads)
    assert all(inside.count("/THead") == 1 for inside in tables)
    assert sum(set(inside) == {"/TH"} for inside in rows) == len(heads)


def test_lists_in_prose_are_lists_in_the_structure():
    tree = {**empty_bid(), "summary": "- one\n- two\n\n1. first\n2. second\n3. third"}
    lists = [inside for name, inside in structure(typeset_tree(tree).pdf) if name == "/L"]
    assert lists == [["/LI"] * 2, ["/LI"] * 3]


def test_emphasis_is_in_the_structure():
    tree = {**empty_bid(), "summary": "Not *this* but **that**."}
    names = [name for name, _ in structure(typeset_tree(tree).pdf)]
    assert (names.count("/Em"), names.count("/Strong")) == (1, 1)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_a_real_bid_has_tables_and_headings(name):
    names = [tag for tag, _ in structure(typeset_repo_bid(name).pdf)]
    assert names.count("/Table") >= 5
    assert names.count("/H1") >= len(CRITERIA)
    assert names.count("/H2") >= 10
    assert names.count("/Document") == 1
