"""From Typst source to a PDF: the page count against other readers, sections, fonts, and the same bytes anywhere."""

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import (
    REPO_BIDS,
    ROOT,
    Tree,
    empty_bid,
    full_bid,
    repo_bid,
    tree_of,
    typeset_repo_bid,
    typeset_tree,
    typst_files,
)

from pioneer_cli import typeset as module
from pioneer_cli.assess import pass_gates
from pioneer_cli.assessment import Outcome
from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Facts
from pioneer_cli.typeset import FONT_SHA256, Typeset, TypesetError, compiler, count_pages, typeset

LIMIT = 10
SECTIONS = ["front", "C1", "C2", "C3", "C4", "C5", "C6"]


def pages_by_pikepdf(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def pages_by_pdfium(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as opened:
        return len(opened)


def used(document: Typeset) -> Fraction:
    """The pages that the sections fill, to a hundredth."""
    return sum((section.pages for section in document.sections), Fraction(0))


# --- The page count --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_pages_of_a_real_bid_are_those_of_the_pdf(name):
    document = typeset_repo_bid(name)
    assert document.count == pages_by_pikepdf(document.pdf) == pages_by_pdfium(document.pdf)


@pytest.mark.parametrize("words", [0, 100, 1000, 3000])
def test_the_pages_of_longer_and_longer_bids_are_those_of_the_pdf(words):
    document = typeset_tree({**empty_bid(), "summary": "word " * 25 * words})
    assert document.count == pages_by_pikepdf(document.pdf)
    assert (document.count > 75) is (words == 3000)


# Bids near the limit: the exemplar with items dropped, doubled and shuffled, then with words put in and taken out until
# it ends close below or close above the end of page ten.

PROSE = [
    ("summary",), ("vision", "statement"), ("vision", "making_it_real"), ("whole_system", "statement"),
    ("whole_system", "prevention"), ("commitment", "statement"), ("capability", "leadership"),
    ("capability", "risks", 0, "mitigation"), ("support_needed", 0, "request"), ("evidence", "statement"),
    ("evidence", "evaluation"),
]  # fmt: skip
LISTS = [
    ("partners",), ("vision", "outcomes"), ("whole_system", "services"), ("whole_system", "cohorts"),
    ("commitment", "engagement"), ("capability", "barriers"), ("capability", "risks"),
    ("capability", "workstreams", 0, "milestones"), ("evidence", "sources"), ("evidence", "provider_impact"),
    ("support_needed",),
]  # fmt: skip
BELOW, ABOVE = (9.90, 10.00), (10.0, 10.10)


def part_at(tree: Tree, path: tuple[str | int, ...]):
    part = tree
    for step in path:
        part = part[step]
    return part


def shuffle_items(tree: Tree, random: Random) -> None:
    for path in LISTS:
        items = part_at(tree, path)
        if len(items) > 1 and random.random() < 0.3:
            del items[random.randrange(len(items))]
        elif random.random() < 0.4:
            again = deepcopy(random.choice(items))
            items.insert(random.randrange(len(items)), again | ({"id": f"{again['id']}x"} if "id" in again else {}))
        if random.random() < 0.3:
            random.shuffle(items)


def change_words(tree: Tree, random: Random, count: int, *, anywhere: bool = True) -> None:
    """Puts so many words into one of the texts, or the last of them, or takes them out of it."""
    *above, name = random.choice(PROSE) if anywhere else PROSE[-1]
    part = part_at(tree, tuple(above))
    words = part[name].split(" ")
    for _ in range(count):
        words.insert(random.randrange(len(words)), random.choice(words))
    for _ in range(min(-count, len(words) - 5)):
        del words[random.randrange(len(words))]
    part[name] = " ".join(words)


def bring_between(tree: Tree, random: Random, low: float, high: float) -> Typeset:
    """Changes words until the bid fills between so many pages."""
    for _ in range(60):
        document = typeset_tree(tree)
        if low < used(document) <= high and (document.count > LIMIT) is (high > LIMIT):
            return document
        missing = (low + high) / 2 - float(used(document))
        anywhere = random.random() < 0.3
        change_words(tree, random, round(missing * 800) or random.choice((-9, 9)), anywhere=anywhere)
    raise AssertionError(f"{float(used(document))} pages are not between {low} and {high}")


@cache
def pioneers() -> Pack:
    pack = load_pack("pioneers-2013").pack
    assert pack is not None
    assert pack.about.page_limit == LIMIT
    return pack


def passes_the_page_gate(tree: Tree, pages: int) -> bool:
    results = pass_gates(pioneers(), Facts(tree, pages), "submission")
    (gate,) = (result for result in results if result.gate.predicate == "page-limit")
    assert gate.outcome in (Outcome.MET, Outcome.UNMET)
    return gate.outcome is Outcome.MET


@pytest.mark.parametrize("seed", range(34))
def test_the_page_gate_never_errs_on_bids_near_the_limit(seed):
    """34 × 6 bids of 9.90 to 10.10 pages, half of them over the limit: no false pass and no false alarm."""
    random = Random(seed)
    tree = repo_bid("exemplar")
    shuffle_items(tree, random)
    for low, high in (BELOW, ABOVE) * 3:
        document = bring_between(tree, random, low, high)
        real = pages_by_pikepdf(document.pdf)
        assert real == (LIMIT if high == BELOW[1] else LIMIT + 1)
        assert document.count == real
        assert passes_the_page_gate(tree, document.count) is (real <= LIMIT)
        change_words(tree, random, random.choice((-8, -3, 3, 8)))


@pytest.mark.parametrize(("pages", "passes"), [(1, True), (9, True), (10, True), (11, False), (100, False)])
def test_the_page_gate_passes_up_to_the_limit(pages, passes):
    assert passes_the_page_gate(empty_bid(), pages) is passes


def test_a_template_that_resets_the_page_counter_does_not_fool_the_count(tmp_path):
    files = typst_files(empty_bid())
    more = b'#pagebreak()\nmore\n#pagebreak()\n#counter(page).update(1)\nlast\n#mark("end")'
    files["main.typ"] = files["main.typ"].replace(b'#mark("end")', more)
    document = typeset(files)
    counter = "query(<section>).map(m => counter(page).at(m.location()).first())"
    assert json.loads(compiler(files, str(tmp_path)).eval(counter))[-1] == 1
    assert document.count == pages_by_pikepdf(document.pdf) == 3


@pytest.mark.parametrize(
    "page", ["height: auto", "width: 30cm", "height: 29cm", 'paper: "us-letter"', 'paper: "a3"', 'paper: "a5"']
)
def test_pages_of_another_size_are_not_counted(page):
    """A page without end would hold any bid."""
    files = typst_files({**empty_bid(), "summary": "word " * 2000})
    files["main.typ"] = files["main.typ"].replace(b"#std.title", f"#set page({page})\n#std.title".encode())
    with pytest.raises(TypesetError, match="a page of the document is not A4, so no limit on pages could hold"):
        typeset(files)


def test_a_page_may_lie_on_its_side():
    files = typst_files(empty_bid())
    files["main.typ"] = files["main.typ"].replace(b"#std.title", b"#set page(flipped: true)\n#std.title")
    assert typeset(files).count == 1


# --- Damaged PDFs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return typeset_repo_bid("exemplar").pdf


def kids(pdf: bytes) -> list[bytes]:
    found = re.search(rb"/Kids\[(.*?)\]", pdf)
    assert found is not None
    return re.findall(rb"\d+ 0 R", found.group(1))


def with_page_tree(pdf: bytes, count: bytes, children: list[bytes]) -> bytes:
    """The PDF with another page tree of the same length, so that everything else stays in its place."""
    found = re.search(rb"/Type/Pages/Count \d+/Kids\[(.*?)\]", pdf)
    assert found is not None
    tree = b"/Type/Pages/Count " + count + b"/Kids[" + b" ".join(children)
    return pdf.replace(found.group(), tree.ljust(len(found.group()) - 1) + b"]")


def test_a_page_tree_rewritten_as_it_was_is_counted(pdf):
    assert with_page_tree(pdf, b"10", kids(pdf)) == pdf


def test_a_page_tree_that_soundly_lacks_a_page_has_one_page_less(pdf):
    shorter = with_page_tree(pdf, b"9", kids(pdf)[:9])
    assert count_pages(shorter) == pages_by_pikepdf(shorter) == 9


NOT_SOUND = "the PDF's page tree is not sound, so its pages cannot be counted"
NO_TABLE = "the PDF has no cross-reference table, so its pages cannot be counted"


@pytest.mark.parametrize("count", [b"9", b"11", b"0", b"1", b"-1", b"xx", b"", b"99"])
def test_a_wrong_count_is_not_believed(pdf, count):
    with pytest.raises(TypesetError, match=re.escape(NOT_SOUND)):
        count_pages(with_page_tree(pdf, count, kids(pdf)))


@pytest.mark.parametrize(
    ("count", "change"),
    [
        (b"10", lambda found: found[:9]),
        (b"10", lambda found: [*found[:9], found[0]]),
        (b"2", lambda found: [found[0], found[0]]),
        (b"10", lambda found: [*found[:9], b"1 0 R"]),
        (b"1", lambda found: [b"1 0 R"]),
        (b"0", lambda found: []),
    ],
    ids=["one missing", "one twice instead of another", "one twice", "the root itself", "only itself", "none"],
)
def test_wrong_kids_are_not_believed(pdf, count, change):
    with pytest.raises(TypesetError, match=re.escape(NOT_SOUND)):
        count_pages(with_page_tree(pdf, count, change(kids(pdf))))


def test_a_kid_that_is_no_object_is_not_believed(pdf):
    with pytest.raises(TypesetError, match="object 9999 of the PDF is not in its place"):
        count_pages(with_page_tree(pdf, b"9", [*kids(pdf)[:8], b"9999 0 R"]))


def test_a_kid_that_is_no_page_is_not_believed(pdf):
    page = re.search(rb"(\d+) 0 obj\s*<</Type/StructTreeRoot", pdf)
    assert page is not None
    with pytest.raises(TypesetError, match=re.escape(NOT_SOUND)):
        count_pages(with_page_tree(pdf, b"10", [*kids(pdf)[:9], page.group(1) + b" 0 R"]))


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        (rb"/Root (\d+) 0 R", b"/Rood 999 0 R", "the PDF names no Root"),
        (rb"/Root (\d+) 0 R", b"/Root 999 0 Q", "the PDF names no Root"),
        (rb"/Pages 1 0 R", b"/Pagez 1 0 R", "the PDF names no Pages"),
        (rb"/Pages 1 0 R", b"/Pages 2 0 R", NOT_SOUND),
        (rb"trailer", b"tracker", "the PDF names no Root"),
        (rb"startxref", b"startxxxx", NO_TABLE),
        (rb"xref\n0 ", b"xreg\n0 ", NO_TABLE),
        (rb"/Type/Page/", b"/Type/Paje/", NOT_SOUND),
    ],
)
def test_a_pdf_with_a_broken_part_has_no_pages(pdf, was, becomes, message):
    (*_, found) = re.finditer(was, pdf)
    with pytest.raises(TypesetError, match=re.escape(message)):
        count_pages(pdf[: found.start()] + becomes + pdf[found.end() :])


def test_an_object_under_another_number_is_not_believed(pdf):
    first = kids(pdf)[0].removesuffix(b" 0 R")
    other = b"%d" % (int(first) + 1)
    with pytest.raises(TypesetError, match=f"object {first.decode()} of the PDF is not in its place"):
        count_pages(pdf.replace(b"\n" + first + b" 0 obj", b"\n" + other + b" 0 obj"))


def test_an_object_without_an_end_is_not_believed(pdf):
    with pytest.raises(TypesetError, match=r"object [0-9]+ of the PDF is not in its place"):
        count_pages(pdf.replace(b"endobj", b"endobx"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-1.7\n", b"not a PDF", b"\x00" * 100, b"startxref\n0\n%%EOF", b"startxref\n99999\n%%EOF",
        b"startxref\n" + b"9" * 40 + b"\n%%EOF", b"xref\n0 999999999\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
    ],
)  # fmt: skip
def test_what_is_no_pdf_has_no_pages(content):
    with pytest.raises(TypesetError, match="so its pages cannot be counted"):
        count_pages(content)


@pytest.mark.parametrize("share", [number / 40 for number in range(40)])
def test_a_truncated_pdf_has_no_pages(pdf, share):
    with pytest.raises(TypesetError, match="so its pages cannot be counted"):
        count_pages(pdf[: int(len(pdf) * share)])


FLIPS = st.lists(
    st.tuples(st.booleans(), st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=6
)  # whether in the structure, where in it or in the whole file, and which bit


@settings(deadline=None, derandomize=True, max_examples=1500)
@given(FLIPS)
def test_flipped_bits_give_the_right_count_or_an_error(flips):
    content = bytearray(typeset_repo_bid("exemplar").pdf)
    structure = structural_places(bytes(content))
    for in_structure, share, bit in flips:
        places = structure if in_structure else range(len(content))
        content[places[int(share * len(places))]] ^= 1 << bit
    try:
        count = count_pages(bytes(content))
    except TypesetError:
        return
    assert count == LIMIT


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_no_pdf(content):
    with pytest.raises(TypesetError):
        count_pages(content)


@cache
def structural_places(pdf: bytes) -> list[int]:
    """Where the bytes stand that a page count is read from: the tree, the pages, the catalog, the ends of the table."""
    parts = [
        *re.finditer(rb"\d+ 0 obj\s*<</Type/Pages.*?endobj", pdf, re.DOTALL),
        *re.finditer(rb"\d+ 0 obj\s*<</Type/Page/", pdf),
        *re.finditer(rb"\d+ 0 obj\s*<</Type/Catalog.*?endobj", pdf, re.DOTALL),
        *re.finditer(rb"xref\n0 \d+\s", pdf),
        *re.finditer(rb"trailer.*", pdf, re.DOTALL),
    ]
    assert len(parts) == 4 + LIMIT
    return [index for part in parts for index in range(*part.span())]


# --- Sections and lines left -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        (empty_bid(), [*SECTIONS, "support"]),
        (tree_of(full_bid(lambda path: "x")), [*SECTIONS, "support"]),
        (repo_bid("exemplar"), [*SECTIONS, "support"]),
        (repo_bid("north-lincolnshire"), [*SECTIONS, "support"]),
        (tree_of(full_bid(lambda path: "word " * 60)), [*SECTIONS, "support"]),
    ],
    ids=["empty", "full", "exemplar", "north-lincolnshire", "long"],
)
def test_sections_follow_one_another_and_add_up(tree, names):
    document = typeset_tree(tree)
    assert [section.name for section in document.sections] == names
    assert all(section.pages >= 0 for section in document.sections)
    assert all(1 <= section.first_page <= section.last_page <= document.count for section in document.sections)
    starts = [section.first_page for section in document.sections]
    assert starts == sorted(starts)
    assert document.sections[0].first_page == 1
    assert document.sections[-1].last_page == document.count
    assert document.count - 1 < used(document) <= document.count
    assert {section.pages.denominator for section in document.sections} <= {1, 2, 4, 5, 10, 20, 25, 50, 100}


def blocks(*heights: str) -> dict[str, bytes]:
    """A document of blocks of given heights, one section each, at the end of each a mark."""
    head = '#import "style.typ": *\n#show: expression-of-interest.with(title: [T], short: [T])\n'
    body = "\n".join(
        f'#block(height: {height}, spacing: 0pt)[#mark("s{number}")x]' for number, height in enumerate(heights)
    )
    main = f'{head}#set block(spacing: 0pt)\n{body}\n#mark("end")'
    return {**typst_files(empty_bid()), "main.typ": main.encode()}


@pytest.mark.parametrize(
    ("heights", "sections", "lines_left"),
    [
        (["50%"], [(1, 1, 0.5)], 26),
        (["25%", "50%"], [(1, 1, 0.25), (1, 1, 0.5)], 13),
        (["100%"], [(1, 1, 1.0)], 0),
        (["100%", "20%"], [(1, 1, 1.0), (2, 2, 0.2)], 42),
        (["70%", "70%"], [(1, 1, 0.7), (1, 2, 0.7)], 32),
        (["70%", "70%, breakable: false"], [(1, 1, 1.0), (2, 2, 0.7)], 16),
        (["100%", "100%", "100%"], [(1, 1, 1.0), (2, 2, 1.0), (3, 3, 1.0)], 0),
    ],
)
def test_a_section_goes_from_its_mark_to_the_next(heights, sections, lines_left):
    document = typeset(blocks(*heights))
    found = [(section.first_page, section.last_page, float(section.pages)) for section in document.sections]
    assert found == sections
    assert document.lines_left == lines_left


def ending_with(tree: Tree, more: str) -> Typeset:
    """The bid with its evaluation as the last thing in it, and something behind that."""
    ends = deepcopy(tree)
    ends["support_needed"] = []
    ends["evidence"]["evaluation"] = (ends["evidence"]["evaluation"] or "We will evaluate.") + more
    return typeset_tree(ends)


def shaken(seed: int) -> Tree:
    random = Random(seed)
    tree = repo_bid("exemplar")
    shuffle_items(tree, random)
    change_words(tree, random, random.randint(-60, 60))
    return tree


@pytest.mark.parametrize("name", [*REPO_BIDS, 1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("end", ["", "\n\nA last paragraph.", "\n\n- One\n- Two"])
def test_as_many_lines_fit_as_are_left_and_one_more_does_not(name, end):
    tree = shaken(name) if isinstance(name, int) else repo_bid(name)
    before = ending_with(tree, end)
    line = "\\\n  line"
    assert ending_with(tree, end + line * before.lines_left).count == before.count
    assert ending_with(tree, end + line * (before.lines_left + 1)).count == before.count + 1


def test_the_pages_carry_the_limit_and_the_sections():
    document = typeset_repo_bid("exemplar")
    pages = document.pages(8)
    assert (pages.count, pages.limit, pages.lines_left) == (10, 8, document.lines_left)
    assert pages.sections == document.sections


@pytest.mark.parametrize("mark", [b'#mark("front")', b'#mark("end")'])
def test_a_template_without_marks_is_refused(mark):
    files = blocks("50%")
    files["main.typ"] = re.sub(rb"#mark\(.*?\)", b"", files["main.typ"]) + (mark if mark != b'#mark("end")' else b"")
    with pytest.raises(TypesetError) as caught:
        typeset(files)
    assert caught.value.message == "the template sets no section marks"


# --- What a document may not do --------------------------------------------------------------------------------------


def failure(code: str) -> TypesetError:
    """What comes of a document with some code of the template's in it."""
    files = typst_files(empty_bid())
    files["main.typ"] = files["main.typ"].replace(b'#mark("front")', b'#mark("front")\n' + code.encode())
    with pytest.raises(TypesetError) as caught:
        typeset(files)
    return caught.value


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('#panic("no")', "the document cannot be typeset: panicked with: no"),
        ("#nothing", "the document cannot be typeset: unknown variable: nothing"),
        ("#heading(level: 3)[x]", "the document cannot be typeset: PDF/UA-1 error: "),
        ('#read("/etc/passwd")', "the document cannot be typeset: file not found (searched at etc/passwd)"),
        ('#read("../x")', 'the document cannot be typeset: path `"../x"` would escape the project root'),
        ('#image("x.png")', "the document cannot be typeset: file not found (searched at x.png)"),
        ("#text[好]", "the document cannot be typeset: "),
        ('#text(font: "Nosuch")[x]', "the document cannot be typeset: unknown font family: nosuch"),
        ("*", "the document cannot be typeset: unclosed delimiter"),
        ("**", "the document cannot be typeset: no text within stars"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(code, message):
    error = failure(code)
    assert error.message.startswith(message)
    assert "pioneer-" not in error.message + error.hint
    assert "--" not in error.hint  # an option of the typesetter's own command line
    assert error.place == ""  # main.typ is not the template's


def test_a_warning_alone_stops_the_run():
    files = typst_files(empty_bid())
    named = b'#let font = "Source Sans 3"'
    assert files["style.typ"].count(named) == 1
    files["style.typ"] = files["style.typ"].replace(named, b'#let font = ("Source Sans 3", "Nosuch")')
    with pytest.raises(TypesetError) as caught:
        typeset(files)
    assert caught.value.message == "the document cannot be typeset: unknown font family: nosuch"
    assert re.fullmatch(r"style\.typ:[0-9]+", caught.value.place)


@pytest.mark.parametrize(
    "code",
    [
        '#import "@preview/x:1.0.0": *',
        '#import  "@preview/x:1.0.0"',
        '#include "@local/x:1.0.0"',
        '#{import("@a/b:1.0.0")}',
        '#import/**/"@local/x:1.0.0"',
        '#import "\\u{40}local/x:1.0.0"',
        '#{let name = "@" + "local/x:1.0.0"; import name}',
        '#eval("import \\"@local/x:1.0.0\\"")',
    ],
)
def test_nothing_is_fetched(code):
    assert failure(code).message == "the template imports a package, and nothing may be fetched"


def test_a_bid_may_speak_of_packages():
    assert typeset_tree({**empty_bid(), "summary": '#import "@preview/x:1.0.0"'}).count == 1


# --- Fonts -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh_fonts():
    """The fonts are loaded anew in the test, and again after it."""
    module._fonts.cache_clear()
    yield
    module._fonts.cache_clear()


@pytest.mark.usefixtures("fresh_fonts")
def test_a_changed_font_is_refused(monkeypatch):
    name = next(iter(FONT_SHA256))
    monkeypatch.setitem(FONT_SHA256, name, "0" * 64)
    with pytest.raises(PioneerError) as caught:
        typeset_tree(empty_bid())
    assert caught.value.message == f"the font file {name} is not the expected one"
    assert "fontpkg-source-sans-3==3.52" in caught.value.hint


@pytest.mark.usefixtures("fresh_fonts")
@pytest.mark.parametrize("change", ["missing", "one byte more"])
def test_a_font_file_that_is_not_the_bundled_one_is_refused(monkeypatch, tmp_path, change):
    spec = module.find_spec("fontpkg_source_sans_3")
    (tmp_path / "files").mkdir()
    for name in FONT_SHA256:
        content = (Path(spec.origin).parent / "files" / name).read_bytes()
        (tmp_path / "files" / name).write_bytes(content)
    last = tmp_path / "files" / name
    last.unlink() if change == "missing" else last.write_bytes(content + b"\0")
    spec.origin = str(tmp_path / "__init__.py")
    monkeypatch.setattr(module, "find_spec", lambda name: spec)
    with pytest.raises(PioneerError) as caught:
        typeset_tree(empty_bid())
    assert caught.value.message == f"the font file {name} is not the expected one"


@pytest.mark.usefixtures("fresh_fonts")
def test_a_font_that_is_not_installed_is_said(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(PioneerError) as caught:
        typeset_tree(empty_bid())
    assert caught.value.message == "the font Source Sans 3 is not installed"


def test_no_other_font_is_at_hand():
    assert module._fonts().families() == ["Source Sans 3"]


@pytest.mark.parametrize("name", REPO_BIDS)
def test_every_font_of_the_pdf_is_source_sans_and_embedded(name):
    with pikepdf.open(BytesIO(typeset_repo_bid(name).pdf)) as opened:
        dictionaries = [found for found in opened.objects if isinstance(found, pikepdf.Dictionary)]
        fonts = [found for found in dictionaries if found.get("/Type") == "/FontDescriptor"]
        assert len(fonts) >= 3
        for font in fonts:
            assert re.fullmatch(r"/[A-Z]{6}\+SourceSans3-(Roman|Italic)", str(font.FontName))
            assert "/FontFile2" in font


# --- The same bytes everywhere ---------------------------------------------------------------------------------------

TYPESET_AND_HASH = """
import hashlib, sys
from made_bids import full_bid, repo_bid, tree_of, typeset_tree
for tree in (repo_bid("exemplar"), repo_bid("north-lincolnshire"), tree_of(full_bid(lambda path: path))):
    print(hashlib.sha256(typeset_tree(tree).pdf).hexdigest())
"""


def hashes(cwd: Path, **environment: str) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-c", TYPESET_AND_HASH],
        cwd=cwd,
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return found.stdout.split()


def test_the_same_bid_gives_the_same_bytes_anywhere(tmp_path):
    here = [
        hashlib.sha256(typeset_tree(tree).pdf).hexdigest()
        for tree in (repo_bid("exemplar"), repo_bid("north-lincolnshire"), tree_of(full_bid(lambda path: path)))
    ]
    home = tmp_path / "home"
    home.mkdir()
    assert len(set(here)) == 3
    assert hashes(ROOT, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C", HOME="/nonexistent") == here
    assert hashes(tmp_path, PYTHONHASHSEED="1", TZ="Pacific/Kiritimati", LC_ALL="tr_TR.UTF-8", HOME=str(home)) == here
    bare = {
        "FONTCONFIG_FILE": "/dev/null",
        "SOURCE_DATE_EPOCH": "1",
        "TMPDIR": str(home),
        "XDG_DATA_HOME": "/nonexistent",
    }
    assert hashes(home, PYTHONHASHSEED="2", TZ="America/Caracas", LC_ALL="de_DE", HOME="/", **bare) == here


def test_the_date_in_the_pdf_is_the_deadline():
    with pikepdf.open(BytesIO(typeset_tree(empty_bid()).pdf)) as opened:
        assert str(opened.docinfo.CreationDate) == str(opened.docinfo.ModDate) == "D:20130628000000Z"


def test_a_full_disk_is_told_as_such(monkeypatch):
    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    files = typst_files(empty_bid())
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(TypesetError, match="no room for temporary files: No space left on device") as caught:
        typeset(files)
    assert caught.value.hint == "make some, or set TMPDIR"
