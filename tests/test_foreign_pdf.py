"""PDFs that pioneer did not make: all pages of every producer counted, no false pass, one diagnostic for the rest."""

import csv
import io
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import made_documents as made
import pikepdf
import pypdf
import pytest
from made_documents import WORDS, Program, SharedChild, changed, saved, with_pikepdf, with_reportlab
from pikepdf import Array, Dictionary, Name, String

from pioneer_cli.assessment import Outcome
from pioneer_cli.cli.pages_foreign import is_foreign, report_foreign
from pioneer_cli.errors import ExitCode
from pioneer_cli.foreign import judge as judging
from pioneer_cli.foreign import stranger
from pioneer_cli.foreign.claims import CLAIMS, Check, Judgement, page_words
from pioneer_cli.foreign.judge import judge
from pioneer_cli.foreign.layout import body_size, sans_serif
from pioneer_cli.foreign.measured import Block, PdfMeasured, decoded
from pioneer_cli.foreign.pieces import Box, PageText, Piece, blocks
from pioneer_cli.foreign.report import FORMATS
from pioneer_cli.limited import Limited
from pioneer_cli.reports.look import Look

LIMIT = 10
FROM_PYTHON = 80
FROM_PROGRAMS = 36
CALL = "the call"
ALL_TOOLS = os.environ.get("PIONEER_ALL_TOOLS") == "1"
A4 = (595.28, 841.89)


@pytest.fixture(scope="module")
def children() -> Iterator[None]:
    yield
    SharedChild.end_all()


@pytest.fixture
def one_child(monkeypatch: pytest.MonkeyPatch, children: None) -> None:
    monkeypatch.setattr(judging, "Limited", SharedChild)


@pytest.fixture
def judged(one_child: None, tmp_path: Path) -> Callable[..., Judgement]:
    """Judges bytes as a file."""

    def judge_bytes(content: bytes, limit: int | None = LIMIT, name: str = "eoi.pdf") -> Judgement:
        path = tmp_path / name
        path.write_bytes(content)
        return judge(str(path), limit, CALL)

    return judge_bytes


def check_of(judgement: Judgement, name: str) -> Check:
    assert judgement.problem == ""
    return next(check for check in judgement.checks if check.claim.id == name)


def gaps_of(judgement: Judgement) -> set[str]:
    assert judgement.problem == ""
    return {check.claim.id for check in judgement.gaps}


def expected_code(pages: int) -> ExitCode:
    return ExitCode.OK if pages <= LIMIT else ExitCode.FALLS_SHORT


# --- Honest documents ------------------------------------------------------------------------------------------------


def test_the_pages_of_every_document_made_by_python_are_counted(judged):
    documents = list(made.by_python())
    assert len({document.content for document in documents}) == len(documents) == FROM_PYTHON
    assert len({document.producer for document in documents}) == 8
    for document in documents:
        judgement = judged(document.content)
        assert (document.name, judgement.problem, judgement.pages) == (document.name, "", document.pages)
        assert (document.name, judgement.exit_code) == (document.name, expected_code(document.pages))


@pytest.mark.parametrize("program", made.PROGRAMS, ids=lambda program: program.name)
@pytest.mark.parametrize("count", made.COUNTS)
def test_the_pages_of_every_document_made_by_a_program_are_counted(program: Program, count, judged, tmp_path):
    if program.missing:
        assert not ALL_TOOLS, program.missing
        pytest.skip(program.missing)
    judgement = judged(program.make(tmp_path, count))
    assert (judgement.problem, judgement.pages, judgement.exit_code) == ("", count, expected_code(count))


def test_there_are_enough_documents():
    assert FROM_PYTHON >= 60
    assert len(made.PROGRAMS) * len(made.COUNTS) == FROM_PROGRAMS


def test_a_document_of_our_layout_has_no_gap(judged):
    assert gaps_of(judged(made.with_typst(10))) == {"body-text-is-sans-serif"}  # the typesetter brings none without


@pytest.mark.parametrize("limit", [None, 3, 2])
def test_the_limit_is_that_of_the_call(limit, judged):
    judgement = judged(with_reportlab(3), limit)
    outcome = {None: Outcome.NOT_APPLICABLE, 3: Outcome.MET, 2: Outcome.UNMET}[limit]
    assert check_of(judgement, "page-limit").outcome is outcome
    assert judgement.exit_code is (ExitCode.FALLS_SHORT if limit == 2 else ExitCode.OK)
    assert check_of(judgement, "page-limit").pages == ((3,) if limit == 2 else ())


# --- Page trees and papers that deceive ------------------------------------------------------------------------------


def _kids(*kids: int, said: int | None = None) -> bytes:
    return made.by_hand(12, kids=list(kids), said=said)


def _loop(document: pikepdf.Pdf) -> None:
    document.Root.Pages.Kids.append(document.Root.Pages)


def _odd_kid(kid: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.Pages.Kids.append(kid)
        document.Root.Pages.Count = 11

    return change


def _deep(document: pikepdf.Pdf) -> None:
    node = document.Root.Pages
    for _level in range(500):
        node = document.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([node]), Count=10))
    document.Root.Pages = node


def _every_page(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            for key, value in entries.items():
                page.obj[f"/{key}"] = value

    return change


def _without_type(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        page.obj.Type = Name.Template


def _two_roots() -> bytes:
    """Two revisions that name different catalogues, the newer one of more pages."""
    return made.with_pypdf_updated(9, 3)


DECEIVERS: dict[str, tuple[int, Callable[[], bytes]]] = {  # how many pages a reader may see at most
    "count too low": (12, lambda: made.by_hand(12, said=10)),
    "count too high": (10, lambda: made.by_hand(10, said=12)),
    "count of none": (12, lambda: made.by_hand(12, said=0)),
    "count below none": (12, lambda: made.by_hand(12, said=-1)),
    "no pages": (0, lambda: made.by_hand(0)),
    "kids twice": (12, lambda: _kids(*[4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14])),
    "one page twelve times": (12, lambda: _kids(*[4] * 12)),
    "kids twice, counted once": (12, lambda: _kids(*[4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14], said=6)),
    "kid that is not there": (12, lambda: _kids(*range(4, 24, 2), 99)),
    "kid that is a font": (12, lambda: _kids(*range(4, 24, 2), 3)),
    "kid that is its parent": (12, lambda: _kids(*range(4, 24, 2), 2)),
    "kid that is the catalogue": (12, lambda: _kids(*range(4, 24, 2), 1)),
    "loop": (12, lambda: changed(10, _loop)),
    "null among the kids": (12, lambda: changed(10, _odd_kid(None))),
    "number among the kids": (12, lambda: changed(10, _odd_kid(7))),
    "page without a type inside": (11, lambda: changed(10, _odd_kid(Dictionary(MediaBox=Array([0, 0, 9, 9]))))),
    "500 levels": (12, lambda: changed(10, _deep)),
    "pages called templates": (12, lambda: changed(12, _without_type)),
    "two pages on a sheet of A3": (20, lambda: with_reportlab(10, made.A3)),
    "two pages on a sheet of A3 across": (20, lambda: with_reportlab(10, made.landscape(made.A3))),
    "one endless page": (17, lambda: with_reportlab(1, (595, 14000))),
    "user unit of two": (40, lambda: changed(10, _every_page(UserUnit=2))),
    "12 pages that say 10": (12, lambda: with_reportlab(12)),
    "12 pages, labelled 1 to 10": (12, lambda: changed(12, made._label)),
    "an update of 12 pages over 9": (12, _two_roots),
    "a form that makes up its pages": (99, lambda: changed(1, _waiting_form)),
    "a portfolio": (13, lambda: changed(1, _portfolio)),
    "blank": (0, lambda: saved(_blank(10))),
}


def _waiting_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp/>"))
    document.Root.NeedsRendering = True


def _portfolio(document: pikepdf.Pdf) -> None:
    document.attachments["bid.pdf"] = with_reportlab(12)
    document.Root.Collection = Dictionary(View=Name.T)


def _blank(count: int) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _page in range(count):
        document.add_blank_page(page_size=A4)
    return document


@pytest.mark.parametrize("name", DECEIVERS)
def test_nothing_that_deceives_passes(name, judged):
    most, make = DECEIVERS[name]
    judgement = judged(make())
    passed_the_limit = judgement.pages == most > LIMIT
    assert judgement.exit_code is (ExitCode.FALLS_SHORT if passed_the_limit else ExitCode.CANNOT_JUDGE)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("count too low", "it says that it has 10 pages where 12 are"),
        ("no pages", "it has no pages"),
        ("loop", "or back to itself"),
        ("500 levels", "it has too many branches"),
    ],
)
def test_what_is_wrong_with_the_pages_is_said(name, found, judged):
    judgement = judged(DECEIVERS[name][1]())
    assert found in judgement.problem
    assert judgement.hint


def test_sheets_larger_than_a4_are_not_known_to_keep_to_the_limit(judged):
    check = check_of(judged(with_reportlab(10, made.A3)), "page-limit")
    assert check.outcome is Outcome.UNKNOWN
    assert check.found == "10 pages, but larger than A4: they have the room of 20"
    assert check.pages == tuple(range(1, 11))
    assert check_of(judged(with_reportlab(5, made.A3)), "page-limit").outcome is Outcome.MET


def test_the_largest_count_is_refused_before_it_takes_long(judged):
    assert "more than 2000 pages" in judged(saved(_blank(2001))).problem


# --- Paper and margins -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "gaps"),
    [
        (made.A4, set()),
        ((594, 840), set()),
        (made.LETTER, {"paper-is-a4"}),
        (made.A5, {"paper-is-a4"}),
        (made.landscape(made.A4), {"pages-are-portrait"}),
    ],
)
def test_the_paper(paper, gaps, judged):
    assert gaps_of(judged(with_reportlab(2, paper))) & {"paper-is-a4", "pages-are-portrait"} == gaps


@pytest.mark.parametrize(
    ("entries", "gaps"),
    [
        ({"Rotate": 90}, {"pages-are-portrait"}),
        ({"Rotate": -270}, {"pages-are-portrait"}),
        ({"Rotate": 180}, set()),
        ({"UserUnit": 0.5}, {"paper-is-a4"}),
        ({"CropBox": Array([0, 0, 420, 595])}, {"paper-is-a4"}),
        ({"CropBox": Array([0, 0, 9000, 9000])}, set()),
        ({"CropBox": Array([595.28, 841.89, 0, 0])}, set()),
        ({"CropBox": Array([0, 0, 0, 0])}, set()),
    ],
)
def test_the_paper_is_the_one_a_reader_sees(entries, gaps, judged):
    judgement = judged(changed(2, _every_page(**entries)))
    assert gaps_of(judgement) & {"paper-is-a4", "pages-are-portrait"} == gaps


def test_a_user_unit_scales_everything(judged):
    small = with_pikepdf(2, (A4[0] / 2, A4[1] / 2))
    for page in small.pages:
        page.obj.UserUnit = 2
        page.Contents = small.make_stream(b"BT /F1 5.5 Tf 40 360 Td (%s) Tj ET" % WORDS[:40].encode())
    judgement = judged(saved(small))
    assert gaps_of(judgement) & {"paper-is-a4", "body-text-is-11-point", "margins-are-2-cm"} == set()
    assert check_of(judgement, "body-text-is-11-point").found == "100% of the characters are 11 pt"


@pytest.mark.parametrize(("margin", "held"), [(25.0, True), (20.0, True), (18.2, True), (17.5, False), (10.0, False)])
def test_margins_have_a_millimetre_of_grace(margin, held, judged):
    check = check_of(judged(made.with_fpdf(2, margin=margin)), "margins-are-2-cm")
    assert (check.outcome is Outcome.MET) is held
    assert check.pages == (() if held else (1, 2))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_margin_is_that_of_the_page_as_turned(turn, judged):
    document = with_pikepdf(1)
    document.pages[0].Contents = document.make_stream(b"BT /F1 11 Tf 20 400 Td (near the left edge) Tj ET")
    document.pages[0].Rotate = turn
    side = {0: "left", 90: "top", 180: "right", 270: "bottom"}[turn]
    check = check_of(judged(saved(document)), "margins-are-2-cm")
    assert check.found == f"text comes as near as 0.7 cm to the edge, {side} on page 1"


def test_text_that_runs_off_the_page_is_told(judged):
    document = with_pikepdf(1)
    document.pages[0].Contents = document.make_stream(b"BT /F1 11 Tf 560 400 Td (runs off the page) Tj ET")
    check = check_of(judged(saved(document)), "margins-are-2-cm")
    assert check.found == "text runs off the page right on page 1"


def piece(text: str, top: float, left: float = 60, width: float = 100) -> Piece:
    return Piece(text, top + 9, Box(left, top, left + width, top + 11))


def body(*more: Piece) -> PageText:
    return PageText(*A4, (piece("Body", 100), piece("Body", 700), *more))


@pytest.mark.parametrize(
    ("pages", "tops"),
    [
        ([body()], [100]),
        ([body(piece("Ourbid", 30))], [30]),
        ([body(piece("Ourbid", 30)), body(piece("Ourbid", 30))], [100, 100]),
        ([body(piece("Ourbid", 30)), body(piece("Theirbid", 30))], [30, 30]),
        ([body(piece("Ourbid1of2", 30)), body(piece("Ourbid2of2", 30))], [100, 100]),
        ([body(piece("Our", 30), piece("bid", 30.5, 400)), body(piece("Ourbid", 30))], [100, 100]),
        ([body(piece("x" * 151, 30)), body(piece("x" * 151, 30))], [30, 30]),
        ([body(*(piece("same", 5 + 12 * line) for line in range(4)))] * 2, [5, 5]),
        ([body(piece("Ourbid", 50)), body(piece("Ourbid", 50))], [50, 50]),
    ],
)
def test_a_header_is_short_repeats_and_stands_in_the_margin(pages, tops):
    assert [block and round(block.top) for block in blocks(pages)] == tops


@pytest.mark.parametrize("text", ["3", "–3–", "Page3", "page3of10", "3/10", "p.3", "iv"])
def test_a_page_number_is_no_body(text):
    (block,) = blocks([body(piece(text, 810))])
    assert block is not None
    assert round(A4[1] - block.bottom) == 711


@pytest.mark.parametrize("text", ["£3", "3patients", "13,000people", "Table3"])
def test_other_figures_are_body(text):
    (block,) = blocks([body(piece(text, 810))])
    assert block is not None
    assert round(A4[1] - block.bottom) == 821


def test_a_page_without_body_has_no_margins():
    assert blocks([PageText(*A4, ()), PageText(*A4, (piece("1", 810),))]) == (None, None)


# --- Sizes and fonts -------------------------------------------------------------------------------------------------


def drawn(content: str, **resources: object) -> pikepdf.Pdf:
    """A page that draws some text of 11 pt and whatever else is given."""
    document = with_pikepdf(1)
    page = document.pages[0].obj
    before = page.Contents.read_bytes()
    page.Contents = document.make_stream(before + b"\n" + content.encode())
    for key, value in resources.items():
        page.Resources[f"/{key}"] = value
    return document


@pytest.mark.parametrize(
    ("size", "held"), [(12, True), (11, True), (10.8, True), (10.7, False), (10, False), (4, False)]
)
def test_the_size_of_the_body_has_a_quarter_of_a_point_of_grace(size, held, judged):
    check = check_of(judged(with_reportlab(1, size=size)), "body-text-is-11-point")
    assert (check.outcome is Outcome.MET) is held
    assert re.fullmatch(rf"\d+% of the characters are {size:g} pt", check.found)


@pytest.mark.parametrize(
    "content",
    [
        "BT /F1 4 Tf 60 60 Td ({words}) Tj ET",
        "q .25 0 0 .25 0 0 cm BT /F1 16 Tf 240 240 Td ({words}) Tj ET Q",
        "BT /F1 1 Tf 4 0 0 4 60 60 Tm ({words}) Tj ET",
        "BT /F1 -4 Tf -1 0 0 -1 500 60 Tm ({words}) Tj ET",
        "BT /F1 4 Tf 0 1 -1 0 300 100 Tm ({words}) Tj ET",
        "/Span <</ActualText ()>> BDC BT /F1 4 Tf 60 60 Td ({words}) Tj ET EMC",
        "/Span <</ActualText (Large)>> BDC BT /F1 4 Tf 60 60 Td ({words}) Tj ET EMC",
        "/Artifact BMC BT /F1 4 Tf 60 60 Td ({words}) Tj ET EMC",
    ],
)
def test_small_text_is_found_however_it_is_made(content, judged):
    judgement = judged(saved(drawn(content.format(words=WORDS[:60]))))
    check = check_of(judgement, "smallest-text-is-8-point")
    assert check.outcome is Outcome.UNMET
    assert check.pages == (1,)


@pytest.mark.parametrize(
    ("sizes", "outcome", "found"),
    [
        ({11.0: 60, 9.0: 40}, Outcome.MET, "60% of the characters are 11 pt"),
        ({11.0: 50, 9.0: 50}, Outcome.UNMET, "50% of the characters are 9 pt"),
        ({11.0: 40, 9.0: 30, 9.5: 30}, Outcome.UNMET, "40% of the characters are 11 pt, but 60% are smaller"),
        ({}, Outcome.UNKNOWN, "there is no text that could show it"),
    ],
)
def test_the_body_is_what_most_characters_bear(sizes, outcome, found):
    check = body_size(sizes)
    assert (check.outcome, check.found) == (outcome, found)


@pytest.mark.parametrize("matrix", [[1, 0, 0, 1, 0, 0], [0.25, 0, 0, 0.25, 0, 0]])
def test_small_text_is_found_inside_of_forms(matrix, judged):
    scale = matrix[0]
    document = drawn("q .5 0 0 .5 60 60 cm /X Do Q")
    resources = document.pages[0].obj.Resources
    form = document.make_stream(b"BT /F1 %d Tf ({words}) Tj ET".replace(b"{words}", WORDS.encode()) % round(8 / scale))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9000, 90])
    form.Matrix, form.Resources = Array(matrix), Dictionary(Font=resources.Font)
    resources.XObject = Dictionary(X=form)
    check = check_of(judged(saved(document)), "smallest-text-is-8-point")
    assert check.found.endswith("characters are 4 pt or smaller")


def test_a_few_small_characters_are_let_be(judged):
    content = "BT /F1 7 Tf 60 60 Td (1 2 3 4) Tj ET"
    assert check_of(judged(saved(drawn(content))), "smallest-text-is-8-point").outcome is Outcome.MET


def test_pages_in_smaller_text_are_told(judged):
    document = with_pikepdf(3)
    lines = b"(%s) Tj 0 -16 Td " % WORDS[:60].encode() * 20
    document.pages[1].Contents = document.make_stream(b"BT /F1 9 Tf 60 700 Td " + lines + b" ET")
    check = check_of(judged(saved(document)), "body-text-is-11-point")
    assert (check.outcome, check.pages) == (Outcome.PARTLY, (2,))


def test_a_font_that_tells_a_wrong_size_is_not_believed(judged):
    """The letters of this font are a third as tall as its size says."""
    document = with_pikepdf(1)
    glyph = document.make_stream(b"500 0 0 0 450 230 d1 0 0 450 230 re f")
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 500, 230]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(H=glyph),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([72, Name.H])),
        FirstChar=72,
        LastChar=72,
        Widths=Array([500]),
        Resources=Dictionary(),
    )
    page = document.pages[0].obj
    page.Resources.Font.F2 = document.make_indirect(font)
    page.Contents = document.make_stream(b"BT /F2 11 Tf 60 700 Td (HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH) Tj ET")
    judgement = judged(saved(document))
    assert check_of(judgement, "body-text-is-11-point").outcome is Outcome.UNKNOWN
    assert check_of(judgement, "smallest-text-is-8-point").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("font", "outcome"),
    [
        ("Arial-BoldMT", Outcome.MET),
        ("Calibri", Outcome.MET),
        ("SourceSans3-Roman", Outcome.MET),
        ("LiberationSans", Outcome.MET),
        ("TimesNewRomanPSMT", Outcome.UNMET),
        ("LiberationSerif", Outcome.UNMET),
        ("CMR10", Outcome.UNMET),
        ("DejaVuSansMono", Outcome.UNMET),
        ("Zzyzx", Outcome.UNKNOWN),
        ("", Outcome.UNKNOWN),
    ],
)
def test_the_kind_of_font_goes_by_its_name(font, outcome):
    assert sans_serif({font: 100, "Helvetica": 5}).outcome is outcome


def test_fonts_are_told_where_text_uses_them(judged):
    check = check_of(judged(with_reportlab(1)), "fonts-are-embedded")
    assert check.found == "1 font not embedded: Helvetica"
    assert check_of(judged(made.with_typst(1)), "fonts-are-embedded").outcome is Outcome.MET


# --- What is hidden, runs, waits or is attached ----------------------------------------------------------------------

HIDDEN = {
    "white": "1 1 1 rg BT /F1 11 Tf 60 60 Td ({words}) Tj ET",
    "nearly white": ".97 .97 .97 rg BT /F1 11 Tf 60 60 Td ({words}) Tj ET",
    "invisible": "BT 3 Tr /F1 11 Tf 60 60 Td ({words}) Tj ET",
    "off the page": "BT /F1 11 Tf 60 -60 Td ({words}) Tj ET",
    "far off the page": "BT /F1 11 Tf 90000 60 Td ({words}) Tj ET",
    "covered": "BT /F1 11 Tf 60 60 Td ({words}) Tj ET 1 1 1 rg 50 50 500 40 re f",
    "black on black": "0 0 0 rg 50 50 500 30 re f BT /F1 11 Tf 60 60 Td ({words}) Tj ET",
    "clipped away": "q 0 0 1 1 re W n BT /F1 11 Tf 60 60 Td ({words}) Tj ET Q",
    "transparent": "q /G gs BT /F1 11 Tf 60 60 Td ({words}) Tj ET Q",
    "too small to see": "BT /F1 .01 Tf 60 60 Td ({words}) Tj ET",
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_hidden_text_is_found(content, judged):
    resources = {"ExtGState": Dictionary(G=Dictionary(ca=0.0))}
    judgement = judged(saved(drawn(content.format(words=WORDS[:60]), **resources)))
    check = check_of(judgement, "no-text-is-hidden")
    assert check.outcome is Outcome.UNMET
    assert check.pages == (1,)
    assert check_of(judgement, "body-text-is-11-point").outcome is Outcome.MET


@pytest.mark.parametrize(
    "content",
    [
        "0 0 .5 rg 50 50 500 30 re f 1 1 1 rg BT /F1 11 Tf 60 60 Td ({words}) Tj ET",
        ".8 .8 .8 rg BT /F1 11 Tf 60 60 Td ({words}) Tj ET",
        "BT /F1 8 Tf 60 60 Td ({words}) Tj ET",
        "BT /F1 11 Tf 60 60 Td (.) Tj 20 0 Td (.) Tj 20 0 Td (-) Tj 20 0 Td (|) Tj 20 0 Td (.) Tj ET",
    ],
)
def test_text_that_can_be_seen_is_not_hidden(content, judged):
    judgement = judged(saved(drawn(content.format(words=WORDS[:60]))))
    assert check_of(judgement, "no-text-is-hidden").outcome is Outcome.MET


def _layered(*, off: bool) -> bytes:
    document = drawn(f"/OC /L BDC BT /F1 11 Tf 60 60 Td ({WORDS[:60]}) Tj ET EMC")
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("notes")))
    document.pages[0].obj.Resources.Properties = Dictionary(L=layer)
    document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer] if off else [])))
    return saved(document)


def test_layers_hide_or_may_hide(judged):
    assert check_of(judged(_layered(off=True)), "no-text-is-hidden").outcome is Outcome.UNMET
    assert check_of(judged(_layered(off=False)), "no-text-is-hidden").outcome is Outcome.UNKNOWN


def _action(**entries: object) -> Dictionary:
    return Dictionary(**entries)


SCRIPT = _action(S=Name.JavaScript, JS=String("app.alert(1)"))


def _open_action(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = SCRIPT


def _next_action(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = _action(S=Name.GoTo, D=Array([]), Next=Array([SCRIPT]))


def _named_script(document: pikepdf.Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), SCRIPT])))


def _page_action(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)


def _launch(document: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=_action(S=Name.Launch))
    document.pages[0].obj.Annots = Array([link])


def _field(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(Dictionary(FT=Name.Tx, T=String("name"), AA=Dictionary(K=SCRIPT)))
    document.Root.AcroForm = Dictionary(Fields=Array([field, field]))


def _looping_fields(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(Dictionary(FT=Name.Tx))
    field.Kids = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def _attach(document: pikepdf.Pdf) -> None:
    document.attachments["more.txt"] = b"x" * 100


def _comment(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([60, 60, 500, 500]), Contents=String("more"))
        document.pages[1].obj.Annots = Array([note])

    return change


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        (_open_action, "nothing-runs-by-itself"),
        (_next_action, "nothing-runs-by-itself"),
        (_named_script, "nothing-runs-by-itself"),
        (_page_action, "nothing-runs-by-itself"),
        (_launch, "nothing-runs-by-itself"),
        (_field, "nothing-runs-by-itself"),
        (_field, "nothing-is-to-be-filled-in"),
        (_looping_fields, "nothing-is-to-be-filled-in"),
        (_attach, "nothing-is-attached"),
        (_comment("/FileAttachment"), "nothing-is-attached"),
        (_comment("/FreeText"), "no-comments-are-left"),
        (_comment("/Stamp"), "no-comments-are-left"),
    ],
)
def test_what_runs_waits_or_is_attached_is_found(change, gap, judged):
    assert gap not in gaps_of(judged(saved(with_pikepdf(2))))
    assert gap in gaps_of(judged(changed(2, change)))


def test_a_link_is_no_comment(judged):
    assert "no-comments-are-left" not in gaps_of(judged(changed(2, _comment("/Link"))))


def test_a_restricted_document_is_judged_and_told(judged):
    judgement = judged(made.with_pypdf(10, owner="owner"))
    assert check_of(judgement, "document-is-unlocked").outcome is Outcome.UNMET
    assert judgement.exit_code is ExitCode.OK


# --- Accessibility ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["", "  ", "Microsoft Word - eoi.docx", "EOI final.docx", "Untitled", "Document1"])
def test_the_name_of_a_file_is_no_title(title, judged):
    document = with_pikepdf(1)
    document.docinfo["/Title"] = title
    assert "document-has-a-title" in gaps_of(judged(saved(document)))


def test_a_title_is_found_in_either_place(judged):
    assert check_of(judged(changed(1, made._title)), "document-has-a-title").found == "'A title in the metadata'"
    document = with_pikepdf(1)
    document.docinfo["/Title"] = "One plan"
    assert check_of(judged(saved(document)), "document-has-a-title").found == "'One plan'"


@pytest.mark.parametrize(("language", "held"), [("en-GB", True), ("en", True), ("", False), ("English (UK)", False)])
def test_the_language_is_a_code(language, held, judged):
    document = with_pikepdf(1)
    document.Root.Lang = String(language)
    assert ("document-has-a-language" not in gaps_of(judged(saved(document)))) is held


@pytest.mark.parametrize("marks", [Dictionary(Marked=True), Dictionary(Marked=False), None])
def test_tags_need_a_tree_that_says_something(marks, judged):
    document = with_pikepdf(1)
    if marks is not None:
        document.Root.MarkInfo = marks
        document.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)
    assert "document-is-tagged" in gaps_of(judged(saved(document)))
    assert "document-is-tagged" not in gaps_of(judged(made.with_typst(1)))


def test_a_scan_is_not_known_to_keep_to_anything_but_the_limit(judged):
    judgement = judged(made.with_pillow(10))
    unknown = {check.claim.id for check in judgement.checks if check.outcome is Outcome.UNKNOWN}
    assert unknown == {
        "margins-are-2-cm", "body-text-is-11-point", "smallest-text-is-8-point", "body-text-is-sans-serif",
        "fonts-are-embedded",
    }  # fmt: skip
    assert check_of(judgement, "text-can-be-read").pages == tuple(range(1, 11))
    assert check_of(judgement, "page-limit").outcome is Outcome.MET


# --- Files that are none ---------------------------------------------------------------------------------------------


def _bomb(size: int) -> bytes:
    packed = zlib.compress(bytes(size), 9)
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    return _with_content(stream)


def _with_content(stream: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return made.file_of({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: pages, 3: page, 4: stream})


def _many_bombs() -> bytes:
    """Filters upon filters: a few kilobytes that unpack to gigabytes."""
    packed = zlib.compress(zlib.compress(bytes(1_000_000_000), 1), 1)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    return _with_content(stream)


def _endless_drawing() -> bytes:
    """Forms that each draw the one before ten times: ten to the twelfth pieces of text."""
    document = with_pikepdf(1)
    page = document.pages[0].obj
    inner = document.make_stream(b"BT /F1 11 Tf 60 60 Td (more) Tj ET")
    inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, Array([0, 0, 600, 900])
    inner.Resources = Dictionary(Font=page.Resources.Font)
    for _level in range(11):
        outer = document.make_stream(b"/X Do " * 10)
        outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 600, 900])
        outer.Resources = Dictionary(XObject=Dictionary(X=inner))
        inner = outer
    page.Resources.XObject = Dictionary(X=inner)
    page.Contents = document.make_stream(b"/X Do")
    return saved(document)


WRECKS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "a word": lambda: b"words",
    "its first bytes": lambda: b"%PDF-1.7\n",
    "half": lambda: with_reportlab(10)[:4000],
    "all but its end": lambda: with_reportlab(10)[:-200],
    "all but its beginning": lambda: with_reportlab(10)[100:],
    "something before it": lambda: b"GIF89a" + made.by_hand(10),
    "a Word file": lambda: b"PK\x03\x04" + bytes(100),
    "an old Word file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "no catalogue": lambda: made.file_of({1: b"<</Type/Font>>"}),
    "a catalogue that is a number": lambda: made.file_of({1: b"7"}),
    "pages that are a number": lambda: made.file_of({1: b"<</Type/Catalog/Pages 7>>"}),
    "tables that go round": lambda: made.by_hand(3).replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 9"),
    "100,000 brackets": lambda: made.file_of({1: b"<</Type/Catalog/Pages " + b"[" * 100_000 + b">>"}),
    "a password": lambda: made.with_pypdf(3, password="secret"),
    "ten to the twelfth words": _endless_drawing,
    "a gigabyte of nothing": _many_bombs,
}
HARMLESS = ("tables that go round", "a gigabyte of nothing")  # may be read by an engine that is up to them


@pytest.mark.parametrize("name", WRECKS)
def test_a_wreck_gives_one_diagnostic(name, judged):
    judgement = judged(WRECKS[name]())
    assert judgement.exit_code is ExitCode.CANNOT_JUDGE
    if name not in HARMLESS:
        assert judgement.problem
        assert judgement.hint
        assert judgement.checks == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "is empty"),
        ("a word", "is not a PDF: it does not begin like one"),
        ("a Word file", "is not a PDF: it begins like a Word file"),
        ("an old Word file", "it is an old Word file, or has a password"),
        ("a password", "it is locked with a password"),
        ("half", "it is damaged"),
    ],
)
def test_what_is_wrong_with_a_wreck_is_said(name, said, judged):
    assert said in judged(WRECKS[name]()).problem


def test_a_large_file_is_not_read(judged, monkeypatch):
    monkeypatch.setattr(stranger, "MOST_BYTES", 3_000_000)
    assert "larger than 3 MB" in judged(b"%PDF-1.7\n" + bytes(3_000_000)).problem


def test_names_that_lead_nowhere(tmp_path):
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    os.mkfifo(tmp_path / "pipe.docx")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "nothing.pdf")
    for name, said in {
        "folder.pdf": "is a folder",
        "pipe.pdf": "is not a plain file",
        "pipe.docx": "is not a plain file",
        "link.pdf": "No such file",
        "missing.pdf": "No such file",
        "nul\0.pdf": "null",
        "page.txt": "cannot tell what",
    }.items():
        judgement = judge(str(tmp_path / name), LIMIT, CALL)
        assert said in judgement.problem
        assert judgement.exit_code is ExitCode.CANNOT_JUDGE


def test_an_ending_may_be_in_capitals(judged):
    assert judged(with_reportlab(1), name="EOI.PDF").pages == 1
    assert is_foreign("EOI.PDF")
    assert is_foreign("a.b.Docx")
    assert not is_foreign("bid.yaml")


NUMBERS = ["1e300", "-1e300", "99999999999999999999", "0", "-1", "1.#INF", "null", "(x)", "[0]", ".0000001"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("place", ["MediaBox[0 0 595 842]", "/F1 11 Tf", "60 770 Td"])
def test_odd_numbers_do_no_harm(number, place, judged):
    odd = place.replace("842", number).replace("11", number).replace("770", number)
    plain = made.by_hand(11)
    judgement = judged(_rewritten(plain, place.encode(), odd.encode()))
    assert judgement.exit_code in (ExitCode.FALLS_SHORT, ExitCode.CANNOT_JUDGE)


def _rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same document with other words in it, its tables and lengths made true again."""
    objects = {
        int(number): inner.replace(old, new)
        for number, inner in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", content, re.DOTALL)
    }
    for number, inner in objects.items():
        stream = re.search(rb"stream\n(.*)\nendstream", inner, re.DOTALL)
        if stream:
            objects[number] = b"<</Length %d>>stream\n%s\nendstream" % (len(stream.group(1)), stream.group(1))
    return made.file_of(objects)


# --- By chance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_a_damaged_document_never_passes_for_what_it_is_not(seed, judged):
    plain = made.by_hand(11, lines=3)
    codes = Counter[ExitCode]()
    for number in range(seed, seed + 40):
        content = made.with_bytes_changed(plain, number)
        judgement = judged(content)
        codes[judgement.exit_code] += 1
        assert bool(judgement.problem) is not bool(judgement.checks)
        if judgement.exit_code is ExitCode.OK:
            assert judgement.pages == len(list(pypdf.PdfReader(io.BytesIO(content)).pages))
    assert set(codes) <= {ExitCode.OK, ExitCode.FALLS_SHORT, ExitCode.CANNOT_JUDGE}
    assert codes[ExitCode.CANNOT_JUDGE]


@pytest.mark.parametrize("make", [made.with_typst, with_reportlab, made._PIKEPDF["object streams"]])
def test_damage_to_packed_documents_never_lets_them_pass(make, judged):
    plain = make(11)
    for seed in range(40):
        assert judged(made.with_bytes_changed(plain, seed)).exit_code is not ExitCode.OK


# --- Reports ---------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def hostile(one_child: None, tmp_path: Path) -> str:
    """A document whose name and title mean harm."""
    document = with_pikepdf(12)
    document.docinfo["/Title"] = "\x1b[2J<script>alert(1)</script>\u202e::error::"
    path = tmp_path / "=cmd\x1b[31m<b>\n::error::.pdf"
    path.write_bytes(saved(document))
    return str(path)


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_report_obeys_a_document(output_format, encoding, hostile):
    text, code = report_foreign(hostile, LIMIT, CALL, output_format, Look(encoding=encoding))
    assert code is ExitCode.FALLS_SHORT
    assert not set(text) & {"\x1b", "\u202e", "\r"}
    assert "\n::" not in text
    text.encode(encoding)


def test_the_text_ends_with_the_pages_and_the_gaps(judged, tmp_path):
    judged(with_reportlab(12))
    text, _code = report_foreign(str(tmp_path / "eoi.pdf"), LIMIT, CALL, "text", Look())
    assert text.endswith("eoi.pdf: 12 of 10 pages; 1 error, 4 warnings\n")
    assert "error: page-limit (call) does not hold, pages 11–12\n  12 pages, where the limit is 10\n" in text
    assert max(len(line) for line in text.splitlines()[:-1]) <= 80
    quiet, _code = report_foreign(str(tmp_path / "eoi.pdf"), LIMIT, CALL, "text", Look(quiet=True))
    assert quiet == text.splitlines(keepends=True)[-1]
    coloured, _code = report_foreign(str(tmp_path / "eoi.pdf"), LIMIT, CALL, "text", Look(colour=True))
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == text


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_report_tells_a_problem(output_format, tmp_path):
    text, code = report_foreign(str(tmp_path / "none.pdf"), LIMIT, CALL, output_format, Look())
    assert code is ExitCode.CANNOT_JUDGE
    assert "No such file or directory" in text


def test_json_has_every_check(judged, tmp_path):
    judgement = judged(with_reportlab(12))
    text, _code = report_foreign(str(tmp_path / "eoi.pdf"), LIMIT, CALL, "json", Look())
    whole = json.loads(text)
    (document,) = whole["documents"]
    assert whole["version"] == 1
    assert set(document) == {"file", "sha256", "call", "limit", "pages", "exit_code", "problem", "checks"}
    assert (document["pages"], document["limit"], document["exit_code"]) == (12, 10, 1)
    assert [check["check"] for check in document["checks"]] == [check.claim.id for check in judgement.checks]
    assert document["checks"][0] == {
        "check": "page-limit",
        "authority": "call",
        "outcome": "unmet",
        "severity": "error",
        "found": "12 pages, where the limit is 10",
        "pages": [11, 12],
        "remedy": CLAIMS["page-limit"].remedy,
    }


def test_csv_has_no_formula(hostile):
    text, _code = report_foreign(hostile, LIMIT, CALL, "csv", Look())
    rows = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in rows} == {8}
    assert rows[1][1:5] == ["page-limit", "call", "unmet", "error"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", ["=1+1.pdf", "@SUM(A1).pdf", "-1.pdf", "+1.pdf", " =1.pdf"])
def test_a_name_like_a_formula_is_text(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, _code = report_foreign(name, LIMIT, CALL, "csv", Look())
    assert text.splitlines()[1].startswith(f"'{name},")


def test_html_fetches_and_runs_nothing(hostile):
    text, _code = report_foreign(hostile, LIMIT, CALL, "html", Look())
    tags = Tags(text).found
    assert ("html", {"lang": "en-GB"}) in tags
    assert {tag for tag, _attributes in tags} & {"script", "link", "img", "iframe", "b"} == set()
    assert not [attributes for _tag, attributes in tags if {"src", "href"} & attributes.keys()]
    policy = [attributes for tag, attributes in tags if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert [attributes["content"] for attributes in policy] == ["default-src 'none'; style-src 'unsafe-inline'"]
    scopes = Counter(attributes.get("scope") for tag, attributes in tags if tag == "th")
    assert scopes == {"col": 6, "row": 18}


def test_the_same_document_gives_the_same_report(judged, tmp_path):
    judged(made.with_typst(3))
    path = str(tmp_path / "eoi.pdf")
    for output_format in FORMATS:
        assert len({report_foreign(path, LIMIT, CALL, output_format, Look()) for _time in range(3)}) == 1


@pytest.mark.parametrize(
    ("pages", "words"),
    [((3,), "page 3"), ((1, 2, 3), "pages 1–3"), ((1, 3), "pages 1, 3"), ((1, 2, 4, 7, 8), "pages 1–2, 4, 7–8")],
)
def test_pages_in_words(pages, words):
    assert page_words(pages) == words


def test_every_claim_is_of_a_known_authority_and_only_the_call_has_errors():
    assert len(CLAIMS) == 22
    for claim in CLAIMS.values():
        assert (claim.authority == "call") is (str(claim.severity) == "error")
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", claim.id)
        assert claim.remedy


# --- The child and its answers ---------------------------------------------------------------------------------------


def test_a_document_is_judged_in_a_process_of_its_own(tmp_path):
    path = tmp_path / "eoi.pdf"
    path.write_bytes(with_reportlab(10))
    assert judge(str(path), LIMIT, CALL).exit_code is ExitCode.OK


def test_a_child_led_astray_is_not_believed(tmp_path, monkeypatch):
    (tmp_path / "eoi.pdf").write_bytes(with_reportlab(1))
    for answer in (b"", b"null", b"{}", b'{"pages": []}', b"\xff", b"[" * 100_000):
        monkeypatch.setattr(Limited, "call", lambda _self, _payload, answer=answer: answer)
        judgement = judge(str(tmp_path / "eoi.pdf"), LIMIT, CALL)
        assert judgement.problem.endswith("its measurements make no sense")
        assert judgement.exit_code is ExitCode.CANNOT_JUDGE


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999", '"x"'])
def test_a_measurement_is_a_finite_number(number):
    with pytest.raises(ValueError, match=r"."):
        decoded(f'{{"left": {number}, "top": 1.0, "right": 1.0, "bottom": 1.0}}'.encode(), Block)
    assert PdfMeasured.__name__ == "PdfMeasured"
