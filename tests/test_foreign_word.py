"""Word files that pioneer did not make: what they ask for is read, their pages are never believed, none does harm."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from made_documents import WORDS, SharedChild, with_bytes_changed

from pioneer_cli.assessment import Outcome
from pioneer_cli.cli.pages_foreign import report_foreign
from pioneer_cli.errors import ExitCode
from pioneer_cli.foreign import judge as judging
from pioneer_cli.foreign.claims import Check, Judgement
from pioneer_cli.foreign.judge import judge
from pioneer_cli.foreign.report import FORMATS
from pioneer_cli.reports.look import Look

CALL = "the call"
MAIN = "word/document.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><w>&c;</w>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'


@pytest.fixture(scope="module")
def children() -> Iterator[None]:
    yield
    SharedChild.end_all()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, children: None, tmp_path: Path) -> Callable[..., Judgement]:
    """Judges bytes as a Word file."""
    monkeypatch.setattr(judging, "Limited", SharedChild)

    def judge_bytes(content: bytes) -> Judgement:
        path = tmp_path / "eoi.docx"
        path.write_bytes(content)
        return judge(str(path), 10, CALL)

    return judge_bytes


def plain() -> Document:
    """A document of our layout without a gap."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = "One plan"
    document.add_heading("Vision")
    for _time in range(5):
        document.add_paragraph(WORDS)
    return document


def saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes | str], **options: object) -> bytes:
    """The file with parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def check_of(judgement: Judgement, name: str) -> Check:
    assert judgement.problem == ""
    return next(check for check in judgement.checks if check.claim.id == name)


def gaps_of(judgement: Judgement) -> set[str]:
    assert judgement.problem == ""
    return {check.claim.id for check in judgement.gaps}


NEVER_KNOWN = {"page-limit", "no-text-is-hidden"}  # a Word file cannot show these


# --- Pages are not believed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [b"9", b"10", b"11", b"0", b"", b"ten", b"-1", b"99999999999", None])
def test_no_word_file_keeps_to_the_limit(said, judged):
    content = saved(plain())
    app = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">%s</Properties>'
    )
    pages = b"" if said is None else b"<Pages>%s</Pages>" % said
    judgement = judged(with_parts(content, {"docProps/app.xml": app % pages}))
    check = check_of(judgement, "page-limit")
    shown = said.decode() if said in (b"9", b"10", b"11", b"0") else "nothing"
    assert check.outcome is Outcome.UNKNOWN
    assert check.found == f"Word says {shown} (not authoritative); pages are counted in the PDF"
    assert "save it as PDF" in check.claim.remedy
    assert (judgement.pages, judgement.exit_code) == (None, ExitCode.CANNOT_JUDGE)


def test_without_a_limit_no_word_file_passes_either(tmp_path):
    (tmp_path / "eoi.docx").write_bytes(saved(plain()))
    assert judge(str(tmp_path / "eoi.docx"), None, CALL).exit_code is ExitCode.CANNOT_JUDGE


def test_a_document_of_our_layout_has_no_other_gap(judged):
    assert gaps_of(judged(saved(plain()))) == NEVER_KNOWN


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_report_says_so(output_format, judged, tmp_path):
    judged(saved(plain()))
    text, code = report_foreign(str(tmp_path / "eoi.docx"), 10, CALL, output_format, Look())
    assert code is ExitCode.CANNOT_JUDGE
    assert "not authoritative" in text
    if output_format == "text":
        assert text.endswith("eoi.docx: pages not counted; 1 error, 1 warning\n")


# --- What it asks for ------------------------------------------------------------------------------------------------


def _across(document: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _letter(document: Document) -> None:
    document.sections[0].page_width, document.sections[0].page_height = Cm(21.59), Cm(27.94)


def _narrow(document: Document) -> None:
    document.sections[0].right_margin = Cm(1.5)


def _second_section(document: Document) -> None:
    section = document.add_section()
    section.top_margin = Cm(1)


def _negative_top(document: Document) -> None:
    document.sections[0].top_margin = Cm(-1)


def _small_style(document: Document) -> None:
    document.styles["Normal"].font.size = Pt(10)


def _small_runs(document: Document) -> None:
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(10)


def _tiny_note(document: Document) -> None:
    document.add_paragraph().add_run(WORDS).font.size = Pt(6)


def _serif(document: Document) -> None:
    document.styles["Normal"].font.name = "Times New Roman"


def _hidden(document: Document) -> None:
    document.add_paragraph().add_run(WORDS).font.hidden = True


def _untitled(document: Document) -> None:
    document.core_properties.title = ""


def _no_headings(document: Document) -> None:
    for paragraph in document.paragraphs:
        paragraph.style = document.styles["Normal"]


def _table(document: Document) -> None:
    document.add_table(2, 2)


def _tracked(document: Document) -> None:
    document.paragraphs[1]._p.append(OxmlElement("w:ins"))


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        (_across, "pages-are-portrait"),
        (_letter, "paper-is-a4"),
        (_narrow, "margins-are-2-cm"),
        (_second_section, "margins-are-2-cm"),
        (_negative_top, "margins-are-2-cm"),
        (_small_style, "body-text-is-11-point"),
        (_small_runs, "body-text-is-11-point"),
        (_tiny_note, "smallest-text-is-8-point"),
        (_serif, "body-text-is-sans-serif"),
        (_hidden, "no-text-is-hidden"),
        (_untitled, "document-has-a-title"),
        (_no_headings, "headings-are-styled"),
        (_table, "tables-have-header-rows"),
        (_tracked, "no-changes-are-tracked"),
    ],
)
def test_each_departure_is_one_gap(change, gap, judged):
    document = plain()
    change(document)
    judgement = judged(saved(document))
    assert gaps_of(judgement) == NEVER_KNOWN | {gap}
    assert check_of(judgement, gap).outcome is Outcome.UNMET


def test_a_header_row_is_found(judged):
    document = plain()
    rows = document.add_table(2, 2).rows
    rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    assert "tables-have-header-rows" not in gaps_of(judged(saved(document)))
    rows[0]._tr.trPr[0].set(qn("w:val"), "0")
    assert "tables-have-header-rows" in gaps_of(judged(saved(document)))


@pytest.mark.parametrize(("described", "gap"), [("A chart of visits", False), ("  ", True), (None, True)])
def test_a_picture_needs_words(described, gap, judged):
    from PIL import Image

    picture = io.BytesIO()
    Image.new("L", (9, 9)).save(picture, "PNG")
    document = plain()
    shape = document.add_picture(picture)
    if described is not None:
        shape._inline.docPr.set("descr", described)
    assert ("pictures-are-described" in gaps_of(judged(saved(document)))) is gap


def test_styles_count_through_what_they_rest_on(judged):
    document = plain()
    base = document.styles.add_style("Fine print", 1)
    base.font.size = Pt(6)
    child = document.styles.add_style("Finer print", 1)
    child.base_style = base
    document.add_paragraph(WORDS, style=child)
    check = check_of(judged(saved(document)), "smallest-text-is-8-point")
    assert check.found == f"{len(WORDS.replace(' ', ''))} characters are 6 pt or smaller"


def test_styles_that_rest_on_one_another_do_no_harm(judged):
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    judgement = judged(with_parts(saved(plain()), {"word/styles.xml": styles}))
    assert check_of(judgement, "body-text-is-11-point").outcome is Outcome.UNKNOWN


def body_of(inner: str) -> str:
    return f"<w:document {W}><w:body>{inner}</w:body></w:document>"


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<w:p/>",
        "<w:sectPr/>",
        '<w:sectPr><w:pgSz w:w="x" w:h=""/><w:pgMar w:left="2cm"/></w:sectPr>',
        '<w:p><w:r><w:rPr><w:sz w:val="-4"/><w:rFonts/></w:rPr><w:t>Words</w:t></w:r></w:p>',
    ],
)
def test_what_a_file_does_not_say_is_not_known(inner, judged):
    judgement = judged(with_parts(saved(plain()), {MAIN: body_of(inner), "word/styles.xml": f"<w:styles {W}/>"}))
    for name in ("paper-is-a4", "margins-are-2-cm", "body-text-is-11-point", "body-text-is-sans-serif"):
        assert check_of(judgement, name).outcome is Outcome.UNKNOWN


def test_text_that_stands_twice_is_counted_once(judged):
    run = '<w:r><w:rPr><w:sz w:val="12"/></w:rPr><w:t>{}</w:t></w:r>'
    either = "<x:Choice>{0}</x:Choice><x:Fallback>{0}</x:Fallback>"
    box = f"<w:r><x:AlternateContent xmlns:x='y'>{either}</x:AlternateContent></w:r>"
    small = f"<w:txbxContent><w:p>{run.format('a' * 30)}</w:p></w:txbxContent>"
    judgement = judged(with_parts(saved(plain()), {MAIN: body_of(f"<w:p>{box.format(small)}</w:p>")}))
    assert check_of(judgement, "smallest-text-is-8-point").found == "30 characters are 6 pt or smaller"


# --- What does harm --------------------------------------------------------------------------------------------------


def _encrypted() -> bytes:
    content = bytearray(saved(plain()))
    for place in (match.start() for match in re.finditer(b"PK\x01\x02", bytes(content))):
        content[place + 8] |= 1
    return bytes(content)


def _twice() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(MAIN, "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(MAIN, "<b/>")
    return target.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a thousand laughs": ("declares a document type", lambda: with_parts(saved(plain()), {MAIN: LAUGHS})),
    "the same in UTF-16": (
        "declares a document type",
        lambda: with_parts(saved(plain()), {MAIN: LAUGHS.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")}),
    ),
    "laughs among the properties": (
        "declares a document type",
        lambda: with_parts(saved(plain()), {"docProps/app.xml": LAUGHS}),
    ),
    "a file from outside": ("declares a document type", lambda: with_parts(saved(plain()), {MAIN: OUTSIDE})),
    "a part of 100 MB": ("is larger than 16 MB", lambda: with_parts(saved(plain()), {MAIN: bytes(100_000_000)})),
    "100,000 levels": ("nested too deeply", lambda: with_parts(saved(plain()), {MAIN: "<a>" * 100_000})),
    "a million elements": (
        "too many elements",
        lambda: with_parts(saved(plain()), {MAIN: f"<a>{'<b/>' * 1_000_000}</a>"}),
    ),
    "3,000 parts": ("too many parts", lambda: with_parts(saved(plain()), {f"x{n}": "" for n in range(3000)})),
    "one part twice": ("or one twice", _twice),
    "a part outside": ("outside its folder", lambda: with_parts(saved(plain()), {"../../etc/cron.d/x": "y"})),
    "a part at the root": ("outside its folder", lambda: with_parts(saved(plain()), {"/etc/x": "y"})),
    "a part with a password": ("damaged or locked", _encrypted),
    "no sound XML": ("no sound XML", lambda: with_parts(saved(plain()), {MAIN: "<a><b></a>"})),
    "no XML": ("no sound XML", lambda: with_parts(saved(plain()), {MAIN: ""})),
    "no main part": ("no main part", lambda: with_parts(saved(plain()), {"_rels/.rels": "<a/>"})),
    "an archive of something else": ("no main part", lambda: _archive({"a.txt": b"x"})),
    "half of it": ("cannot be read", lambda: saved(plain())[:5000]),
    "its first bytes": ("cannot be read", lambda: b"PK\x03\x04"),
    "a PDF": ("begins like a PDF", lambda: b"%PDF-1.7\n"),
    "nothing": ("is empty", lambda: b""),
}


def _archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_harm_gives_one_diagnostic(name, judged):
    said, make = HOSTILE[name]
    judgement = judged(make())
    assert said in judgement.problem
    assert judgement.hint
    assert (judgement.checks, judgement.exit_code) == ((), ExitCode.CANNOT_JUDGE)


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"x"},
        {
            "[Content_Types].xml": '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.'
            'ms-word.document.macroEnabled.main+xml"/></Types>'
        },
    ],
)
def test_macros_are_found(parts, judged):
    assert check_of(judged(with_parts(saved(plain()), parts)), "nothing-runs-by-itself").found == "it has macros"


@pytest.mark.parametrize("seed", range(0, 320, 40))
def test_a_damaged_file_gives_a_report_or_one_diagnostic(seed, judged):
    content = saved(plain())
    told = Counter[bool]()
    for number in range(seed, seed + 40):
        judgement = judged(with_bytes_changed(content, number))
        assert judgement.exit_code is ExitCode.CANNOT_JUDGE
        assert bool(judgement.problem) is not bool(judgement.checks)
        told[bool(judgement.problem)] += 1
    assert told[True]


@pytest.mark.parametrize("seed", range(0, 80, 40))
def test_damage_inside_of_a_part_does_no_harm_either(seed, judged):
    content = saved(plain())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part, styles = archive.read(MAIN), archive.read("word/styles.xml")
    for number in range(seed, seed + 40):
        changed = {MAIN: with_bytes_changed(part, number), "word/styles.xml": with_bytes_changed(styles, number)}
        assert judged(with_parts(content, changed)).exit_code is ExitCode.CANNOT_JUDGE
