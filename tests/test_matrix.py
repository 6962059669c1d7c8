"""Where each consideration is answered: nothing is left out, places and pages are true, and every format says the same.

The annex is a PDF without a fault, and files are written whole or not at all.
"""

import csv
import json
import re
import shutil
from dataclasses import replace
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import page
import pikepdf
import pytest
from lxml import html as lxml_html
from made_bids import REPO_BIDS, ROOT, Tree, empty_bid, pages_of, repo_bid, squeezed
from made_trees import HOSTILE

from pioneer_cli.assessment import Evidence, Finding
from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode
from pioneer_cli.judge import judge
from pioneer_cli.load_pack import load_pack
from pioneer_cli.matrix import (
    LEFT_TO_PEOPLE,
    NO_ONE_PLACE,
    NOT_ANSWERED,
    NOT_PRINTED,
    Answer,
    Matrix,
    Row,
    answer_matrix,
    matrix,
)
from pioneer_cli.press import Press, Printed, print_document
from pioneer_cli.reports.look import Look
from pioneer_cli.reports.matrix_csv import COLUMNS, matrix_csv
from pioneer_cli.reports.matrix_document import matrix_document
from pioneer_cli.reports.matrix_json import matrix_json
from pioneer_cli.reports.matrix_text import matrix_text
from pioneer_cli.reports.matrix_words import ELSEWHERE, MOST_ROWS, TITLE, shown
from pioneer_cli.reports.matrix_words import pages_of as page_words
from pioneer_cli.source import parse, read
from pioneer_cli.tree import words_of

PACK = load_pack("pioneers-2013").pack
OTHER_PACKS = ("integration-framework-2013", "integration-transformation-fund-2014")


@cache
def printed(name: str) -> Printed:
    with Press() as press:
        return press.typeset(repo_bid(name), measured="pages")


@cache
def matrix_of(name: str, pack: str = "pioneers-2013") -> Matrix:
    with Press() as press:
        source = read(str(ROOT / "bids" / f"{name}.yaml"), f"bids/{name}.yaml")
        return answer_matrix(source, repo_bid(name), load_pack(pack).pack, "submission", press)


def matrix_of_tree(tree: Tree) -> Matrix:
    with Press() as press:
        return answer_matrix(parse("title: A title\n", "bid.yaml"), tree, PACK, "submission", press)


def rows_of(found: Matrix, consideration: str) -> list[Row]:
    return [row for row in found.rows if row.consideration.id == consideration]


def answers_of(found: Matrix) -> list[tuple[Row, Answer]]:
    return [(row, answer) for row in found.rows for answer in row.answers]


# --- What is in it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("pack", ["pioneers-2013", *OTHER_PACKS])
def test_every_consideration_has_a_row_in_the_order_of_the_pack(name, pack):
    found = matrix_of(name, pack)
    asked = [item.id for criterion in found.pack.criteria for item in criterion.considerations]
    assert [rows[0].consideration.id for rows in found.by_consideration()] == asked
    assert [criterion.id for criterion, _ in found.by_criterion()] == [item.id for item in found.pack.criteria]
    assert len(asked) >= 10


@pytest.mark.parametrize("name", REPO_BIDS)
def test_every_rule_that_earned_something_at_a_place_rests_on_a_place(name):
    found = matrix_of(name)
    pages = printed(name).typeset.pages(10)
    assessment = judge(PACK, repo_bid(name), "submission", pages)
    earned = {finding.rule.id for finding in assessment.findings if finding.low > 0 and finding.evidence}
    assert {rule for _, answer in answers_of(found) for rule in answer.rules} == earned
    assert len(earned) >= 15


@pytest.mark.parametrize("name", REPO_BIDS)
def test_outcomes_are_those_of_the_assessment(name):
    pages = printed(name).typeset.pages(10)
    assessment = judge(PACK, repo_bid(name), "submission", pages)
    outcomes = {item.consideration.id: item.outcome for score in assessment.criteria for item in score.considerations}
    assert {row.consideration.id: row.outcome for row in matrix_of(name).rows} == outcomes


def test_what_is_not_answered_says_so():
    rows = matrix_of_tree(empty_bid()).rows
    assert len(rows) == sum(len(criterion.considerations) for criterion in PACK.criteria)
    silent = [row for row in rows if not row.answers]
    assert len(silent) >= 20
    for row in silent:
        assert row.where in (NOT_ANSWERED, NO_ONE_PLACE, LEFT_TO_PEOPLE)
        assert (row.section, row.first_page, row.last_page) == ("", None, None)
    assert rows_of(matrix_of("norfolk-2017"), "C5a")[0].where == NOT_ANSWERED


def test_a_consideration_that_only_people_can_judge_is_left_to_them():
    with Press() as press:
        made = press.typeset(empty_bid(), measured="pages")
    assessment = judge(PACK, empty_bid(), "submission", made.typeset.pages(10))
    judged = tuple(found for found in assessment.findings if found.rule.is_judged)
    assert len(judged) >= 4
    rows = matrix(PACK, empty_bid(), replace(assessment, findings=judged), made)
    (row,) = [row for row in rows if row.consideration.id == judged[0].consideration.id]
    assert (row.where, row.answers) == (LEFT_TO_PEOPLE, ())


def test_an_answer_outside_the_criterion_s_own_section_is_told_of():
    prevention = rows_of(matrix_of("exemplar"), "C2b")
    assert [(row.section, row.in_own_section) for row in prevention] == [("C1", False), ("C2", True)]
    partners = rows_of(matrix_of("exemplar"), "C3a")[0]
    assert (partners.section, partners.where, partners.in_own_section) == ("front", "Partners", False)


def test_a_criterion_without_a_printed_section_of_its_own_owns_what_its_part_of_the_file_says():
    found = matrix_of("exemplar", "integration-transformation-fund-2014")
    partners = [row for row in found.rows if row.criterion.section == "partners" and row.section == "front"]
    assert partners
    assert {row.in_own_section for row in partners} == {True}


# --- Places and pages are true ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_words_of_a_place_stand_on_its_page(name):
    pages = pages_of(printed(name).typeset.pdf)
    checked = 0
    for _, answer in answers_of(matrix_of(name)):
        if answer.has_passage:
            there = "".join(pages[answer.first_page - 1 : answer.last_page])
            assert squeezed(answer.quote.rstrip("…"))[:40] in there, answer
            assert squeezed(answer.quote)[:6] in pages[answer.first_page - 1], answer
            checked += 1
    assert checked >= 20


@pytest.mark.parametrize("name", REPO_BIDS)
def test_a_heading_stands_above_its_places(name):
    pages = pages_of(printed(name).typeset.pdf)
    checked = 0
    for row in matrix_of(name).rows:
        for heading in row.where.split(": ") if row.section and row.where != "Head of the document" else ():
            assert squeezed(heading) in "".join(pages[: row.first_page]), row.where
            checked += 1
    assert checked >= 10


@pytest.mark.parametrize("name", REPO_BIDS)
def test_a_place_without_a_passage_has_the_pages_of_its_section_and_the_words_of_the_file(name):
    found = matrix_of(name)
    sections = {section.name: section for section in printed(name).typeset.sections}
    for row, answer in answers_of(found):
        if not answer.has_passage:
            section = sections[row.section]
            assert (answer.first_page, answer.last_page) == (section.first_page, section.last_page)
            assert answer.quote in found.source.text


def test_some_place_has_no_passage_of_its_own():
    found = [answer for name in REPO_BIDS for _, answer in answers_of(matrix_of(name)) if not answer.has_passage]
    assert {answer.path[:2] for answer in found} >= {("commitment", "information_sharing")}


@pytest.mark.parametrize("name", REPO_BIDS)
def test_every_path_leads_to_something_in_the_file(name):
    found = matrix_of(name)
    for _, answer in answers_of(found):
        assert answer.path in found.source, answer.path
        assert answer.path != ()


def test_rows_and_places_are_in_the_order_of_the_document():
    for name in REPO_BIDS:
        for rows in matrix_of(name).by_consideration():
            pages = [row.first_page for row in rows if all(answer.has_passage for answer in row.answers)]
            assert pages == sorted(pages, key=lambda number: number or 0)
            assert len({(row.section, row.where) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("consideration", "where", "first", "path", "rules"),
    [
        (
            "C1a",
            "1. Vision: The Narrative and Making it Real",
            0,
            ("vision", "narrative"),
            {"narrative-is-adopted", "narrative-domains-are-covered", "narrative-is-local"},
        ),
        (
            "C1e",
            "1. Vision: Outcomes and measures of success",
            1,
            ("vision", "outcomes", 1),
            {
                "outcomes-have-measures",
                "outcomes-have-baselines",
                "targets-are-dated-and-move",
                "targets-fall-within-five-years",
            },
        ),
        (
            "C4a",
            "4. Capability: Leadership and accountability",
            1,
            ("capability", "accountability"),
            {"leadership-and-accountability-are-stated"},
        ),
    ],
)
def test_what_belongs_to_one_entry_is_one_place(consideration, where, first, path, rules):
    (row,) = [row for row in rows_of(matrix_of("exemplar"), consideration) if row.where == where]
    answer = row.answers[first]
    assert (answer.path, set(answer.rules)) == (path, rules)


def test_what_the_template_does_not_print_is_kept_without_a_page():
    made = printed("exemplar")
    assessment = judge(PACK, repo_bid("exemplar"), "submission", made.typeset.pages(10))
    passages = tuple(
        replace(passage, path=() if passage.path[:1] == ("sharing",) else passage.path) for passage in made.passages
    )
    rows = [
        row
        for row in matrix(PACK, repo_bid("exemplar"), assessment, replace(made, passages=passages))
        if row.criterion.id == "C5"
    ]
    assert {(row.where, row.section, row.first_page) for row in rows} == {(NOT_PRINTED, "", None)}
    assert all(row.answers for row in rows)


def test_a_finding_that_earned_nothing_supports_nothing():
    made = printed("exemplar")
    assessment = judge(PACK, repo_bid("exemplar"), "submission", made.typeset.pages(10))

    def unearned(found: Finding) -> Finding:
        return replace(found, low=found.low * 0, evidence=(*found.evidence, Evidence(("summary",), "x")))

    findings = tuple(map(unearned, assessment.findings))
    rows = matrix(PACK, repo_bid("exemplar"), replace(assessment, findings=findings), made)
    assert [answer for row in rows for answer in row.answers] == []


# --- Text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_text_keeps_to_the_width_and_names_every_consideration(name, width):
    lines = matrix_text(matrix_of(name), Look(width)).split("\n")
    assert max(map(len, lines[:-2])) <= width
    for _, consideration in PACK_CONSIDERATIONS:
        assert any(line.startswith(f"{consideration} ") for line in lines)


PACK_CONSIDERATIONS = [(criterion.id, item.id) for criterion in PACK.criteria for item in criterion.considerations]


def test_the_text_tells_outcome_page_heading_position_quote_and_how_many_more():
    text = matrix_text(matrix_of("exemplar"), Look())
    line = matrix_of("exemplar").source.value_span(("vision", "efficiencies", 0)).start
    assert "C1d met: Which potential efficiencies" in text
    assert f"1. Vision: Potential efficiencies for reinvestment ({line})" in text
    assert "“Home care, carers' breaks and community connectors” and 3 more" in text
    assert ELSEWHERE in " ".join(text.split())
    assert text.endswith("bids/exemplar.yaml: 24 considerations: 18 met, 6 unknown; a place in the bid for each\n")


def test_a_consideration_without_a_place_is_plain_in_the_text():
    assert re.search(r"\nC5a unmet: [^\n]+\n(    [^\n]+\n)*  page –    not answered\n", text_of("norfolk-2017"))


def text_of(name: str, **look: object) -> str:
    return matrix_text(matrix_of(name), Look(**look))  # type: ignore[arg-type]


def test_the_text_can_be_quiet_coloured_and_ascii():
    assert text_of("exemplar", quiet=True).count("\n") == 1
    assert "\x1b[" not in text_of("exemplar")
    coloured = text_of("exemplar", colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text_of("exemplar")  # colour says nothing that words do not
    assert "\x1b[" in coloured
    assert text_of("exemplar", encoding="ascii").isascii()
    assert not text_of("exemplar").isascii()


def test_no_consideration_has_more_rows_than_people_read():
    (own,) = list(rows_of(matrix_of("exemplar"), "C5c"))
    rows = [replace(own, where=f"Heading {number}", in_own_section=number == 6) for number in range(7)]
    kept, more = shown(rows)
    assert len(kept) == MOST_ROWS
    assert rows[6] in kept
    assert more == f"and {3 * len(own.answers)} more places under 3 other headings"
    assert shown(rows[:4]) == (rows[:4], "")


@pytest.mark.parametrize(("first", "last", "words"), [(4, 4, "4"), (4, 6, "4–6"), (None, None, "–")])
def test_pages_in_words(first, last, words):
    assert page_words(first, last) == words


# --- JSON and CSV ----------------------------------------------------------------------------------------------------


def test_the_json_has_every_place():
    found = matrix_of("exemplar")
    document = json.loads(matrix_json(found))
    assert list(document) == [
        "version", "pioneer", "file", "sha256", "title", "pack", "phase", "pages", "considerations",
    ]  # fmt: skip
    assert (document["version"], document["file"], document["pack"]) == (1, "bids/exemplar.yaml", "pioneers-2013")
    places = [
        (item["consideration"], tuple(place["path"]), place["first_page"], place["line"])
        for item in document["considerations"]
        for heading in item["headings"]
        for place in heading["places"]
    ]
    assert places == [
        (row.consideration.id, answer.path, answer.first_page, found.source.value_span(answer.path).start.line)
        for row, answer in answers_of(found)
    ]
    assert matrix_json(found).isascii()


def test_the_json_of_what_is_not_answered():
    document = json.loads(matrix_json(matrix_of("norfolk-2017")))
    (item,) = [item for item in document["considerations"] if item["consideration"] == "C5a"]
    assert (item["answered"], item["why_no_place"], item["headings"]) == (False, "not answered", [])


def csv_of(found: Matrix) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(matrix_csv(found))))


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_csv_has_a_row_for_each_place_and_no_blank_where_none_is(name):
    found = matrix_of(name)
    rows = csv_of(found)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(answers_of(found)) + sum(not row.answers for row in found.rows)
    for row in rows:
        assert all(row[column] for column in ("consideration", "outcome", "where", "first_page", "last_page", "quote"))
    assert {row["first_page"] for row in rows if row["where"] == NOT_ANSWERED} <= {"–"}


def hostile(text: str) -> Matrix:
    """The exemplar's matrix with a text in every place that a bid or a pack can fill."""
    found = matrix_of("exemplar")
    rows = tuple(
        replace(row, where=text, answers=tuple(replace(answer, quote=text) for answer in row.answers))
        for row in found.rows
    )
    return replace(found, title=text, rows=rows)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_the_csv_is_a_formula(text):
    for row in csv_of(hostile(text)):
        assert row["quote"].startswith("'")
        assert row["where"].startswith("'")


@pytest.mark.parametrize("text", ["a = b", "5-6", "'quoted'", "a, “b”", "£5"])
def test_a_harmless_cell_of_the_csv_stays_as_it_is(text):
    assert {row["quote"] for row in csv_of(hostile(text))} == {text}


# --- The annex -------------------------------------------------------------------------------------------------------

ANNEXES = {
    "exemplar": lambda: matrix_of("exemplar"),
    "norfolk": lambda: matrix_of("norfolk-2017"),
    "another pack": lambda: matrix_of("north-yorkshire", OTHER_PACKS[1]),
    "almost empty": lambda: matrix_of_tree(empty_bid()),
    "hostile": lambda: hostile('"; #panic() // </td><script>'),
}


@pytest.fixture(params=ANNEXES, scope="module")
def annex(request) -> bytes:
    """The PDF annex of each matrix in turn."""
    return print_document(matrix_document(ANNEXES[request.param]()), "pdf")


@pytest.mark.parametrize(("profile", "rules"), [("ua1", 100), ("2a", 140)])
def test_no_rule_finds_a_fault_in_the_annex(annex, profile, rules):
    report = page.validate_pdf_bytes(annex, profile=profile)
    assert [(found.rule_id, found.message) for found in report.failures if found.rule_id != MISREAD] == []
    assert report.rules.passed >= rules


MISREAD = "PDFA2A-STREAM-LENGTH-001"  # fires where compressed bytes happen to end in CR; the next test looks itself


def test_every_stream_of_the_annex_is_as_long_as_it_says(annex):
    streams = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", annex))
    assert len(streams) >= 5
    for found in streams:
        assert annex[found.end() + int(found.group(1)) :].startswith(b"\nendstream")


def test_the_annex_is_a4_titled_in_english_and_has_a_bookmark_for_each_criterion(annex):
    with pikepdf.open(BytesIO(annex)) as opened, opened.open_outline() as outline:
        assert str(opened.Root.Lang) == "en-GB"
        assert str(opened.docinfo.Title) == TITLE
        assert {tuple(round(float(edge)) for edge in found.mediabox) for found in opened.pages} == {(0, 0, 595, 842)}
        assert all(re.match(r"C\d\. ", item.title) for item in outline.root)
        assert len(outline.root) >= 5


def test_every_row_of_the_annex_has_a_cell_for_each_column():
    document = matrix_document(matrix_of("exemplar"))
    tables = [block for section in document.sections for block in section.blocks if hasattr(block, "rows")]
    assert len(tables) == 6
    for table in tables:
        assert len(table.columns) == len(table.header) == 5
        for row in table.rows:
            assert len(row.cells) == 5
            assert all(list(words_of(cell.blocks)) and all(words_of(cell.blocks)) for cell in row.cells)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_annex_says_every_consideration_outcome_and_page(name):
    found = matrix_of(name)
    text = "".join(pages_of(print_document(matrix_document(found), "pdf")))
    for rows in found.by_consideration():
        assert squeezed(f"{rows[0].consideration.id} {rows[0].consideration.asks}") in text
        for row in shown(rows)[0]:
            assert squeezed(row.where) in text
    assert (NOT_ANSWERED.replace(" ", "") in text) is any(row.where == NOT_ANSWERED for row in found.rows)


@pytest.mark.parametrize("form", ["pdf", "html", "md"])
def test_the_same_matrix_gives_the_same_bytes(form):
    document = matrix_document(matrix_of("exemplar"))
    assert print_document(document, form) == print_document(document, form)


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "nav", "ul", "li", "main", "section", "dl",
    "div", "dt", "dd", "p", "h2", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "strong", "em", "br",
    "footer",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE[:24])
def test_no_text_makes_an_element_of_the_page(text):
    root = lxml_html.document_fromstring(print_document(matrix_document(hostile(text)), "html"))
    harmless = lxml_html.document_fromstring(print_document(matrix_document(hostile("x")), "html"))
    assert {element.tag for element in root.iter()} <= ALLOWED
    assert [element.tag for element in root.iter() if element.tag != "br"] == [
        element.tag for element in harmless.iter() if element.tag != "br"
    ]
    assert not any(name.startswith("on") or name == "style" for element in root.iter() for name in element.attrib)


# --- The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A folder to work in, with a bid that answers half and a broken one."""
    shutil.copy(ROOT / "bids" / "norfolk-2017.yaml", tmp_path / "bid.yaml")
    (tmp_path / "broken.yaml").write_text("call: pioneers-2013\ntitel: A bid\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("output_format", "begins"),
    [("text", "--- C1"), ("json", '{\n  "version": 1,'), ("csv", "criterion,"), ("html", "<!DOCTYPE html>")],
)
def test_each_format_alone_on_standard_output(desk, capsys, output_format, begins):
    assert run(["matrix", "bid.yaml", "--format", output_format]) == ExitCode.OK
    out, err = capsys.readouterr()
    assert out.startswith(begins)
    assert err == ""


def test_several_files_in_the_formats_of_their_endings(desk, capsys):
    targets = ["a.pdf", "a.html", "a.csv", "a.json", "a.txt", "a.md", "a.docx"]
    options = [option for target in targets for option in ("-o", target)]
    assert run(["matrix", "bid.yaml", *options]) == ExitCode.OK
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("a.pdf, a.html, a.csv, a.json, a.txt, a.md, a.docx: 24 considerations: ")
    begins = {"a.pdf": b"%PDF-", "a.html": b"<!DOCTYPE", "a.csv": b"criterion", "a.json": b"{", "a.docx": b"PK"}
    assert {name: (desk / name).read_bytes().startswith(start) for name, start in begins.items()} == dict.fromkeys(
        begins, True
    )
    assert TITLE in (desk / "a.md").read_text(encoding="utf-8")


def test_a_file_and_standard_output_in_one_run(desk, capsys):
    assert run(["matrix", "bid.yaml", "-o", "a.csv", "-o", "-", "--format", "json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert (desk / "a.csv").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["-o", "a.csv", "-o", "nowhere/a.pdf"],
        ["-o", "a.csv", "-o", "a.xlsx"],
        ["-o", "a.csv", "-o", "./a.csv"],
        ["-o", "a.csv", "--format", "json"],
        ["-o", "a.csv", "--pack", "no-such-pack"],
        ["-o", "a.csv", "--template", "no-such-template"],
    ],
)
def test_files_are_written_together_or_not_at_all(desk, capsys, options):
    before = files_of(desk)
    assert run(["matrix", "bid.yaml", *options]) == ExitCode.CANNOT_JUDGE
    assert files_of(desk) == before
    assert "".join(capsys.readouterr())


def test_never_over_the_input(desk, capsys):
    (desk / "bid.json").write_bytes((desk / "bid.yaml").read_bytes())
    before = (desk / "bid.json").read_bytes()
    assert run(["matrix", "bid.json", "-o", "a.pdf", "-o", "./bid.json"]) == ExitCode.CANNOT_JUDGE
    assert "is the input" in capsys.readouterr().err
    assert (desk / "bid.json").read_bytes() == before
    assert not (desk / "a.pdf").exists()


def test_a_broken_bid_ends_with_2_and_writes_nothing(desk, capsys):
    before = files_of(desk)
    assert run(["matrix", "broken.yaml", "-o", "a.pdf"]) == ExitCode.CANNOT_JUDGE
    out, err = capsys.readouterr()
    assert (out, "broken.yaml:2:1" in err) == ("", True)
    assert run(["matrix", "broken.yaml", "--format", "json"]) == ExitCode.CANNOT_JUDGE
    assert capsys.readouterr().out == ""
    assert files_of(desk) == before


def test_a_bid_that_is_too_long_has_a_map_all_the_same(desk):
    text = (desk / "bid.yaml").read_text(encoding="utf-8")
    more = "".join(f"\n\n  Paragraph {number}. " + "Words of no consequence. " * 40 for number in range(40))
    (desk / "bid.yaml").write_text(re.sub(r"(?m)^summary: >-\n", f"summary: >-\n  {more.strip()}\n\n", text))
    assert run(["matrix", "bid.yaml", "-o", "a.json"]) == ExitCode.OK
    assert json.loads((desk / "a.json").read_text())["pages"] > 10
