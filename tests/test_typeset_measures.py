"""What `typeset` makes of a layout, by hand in exact lines; pictures; and what it says when something is in the way."""

import errno
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typst
from made_bids import empty_bid, typst_files

from pioneer_cli import typeset as module
from pioneer_cli.assessment import SectionPages
from pioneer_cli.errors import PioneerError
from pioneer_cli.typeset import (
    LEAVE_MARKS,
    Place,
    TypesetError,
    compiled,
    count_pages,
    draw,
    lines_of,
    measure,
    typeset,
)

F = Fraction
# A page whose text goes from 100 to 700 points in lines of 20: 30 lines.
LAYOUT = {"top": 100.0, "bottom": 700.0, "line": 20.0}
Mark = tuple[str, int, float]


def layout(*marks: Mark, places: list[list[Any]] | None = None) -> dict[str, Any]:
    """A layout with marks, each a name, a page and a height."""
    return {
        "layout": [LAYOUT],
        "marks": [{"name": name, "page": page, "y": y} for name, page, y in marks],
        "places": places or [],
    }


def error_of(call: Any, *arguments: Any, **named: Any) -> TypesetError:
    with pytest.raises(TypesetError) as caught:
        call(*arguments, **named)
    return caught.value


# --- Sections and lines left, by hand --------------------------------------------------------------------------------


def test_sections_go_from_mark_to_mark_by_hand():
    found = measure(b"pdf", 2, layout(("front", 1, 100), ("C1", 1, 400), ("C2", 2, 250), ("end", 2, 550)))
    assert (found.pdf, found.count, found.used, found.lines_left) == (b"pdf", 2, 52.5, 7)
    assert found.sections == (
        SectionPages("front", 1, 1, F(1, 2)),
        SectionPages("C1", 1, 2, F(3, 4)),
        SectionPages("C2", 2, 2, F(1, 2)),
    )


@pytest.mark.parametrize(
    ("page", "y", "lines_left", "used"),
    [
        (1, 100, 30, 0.0),
        (1, 120, 29, 1.0),
        (1, 130, 28, 1.5),
        (1, 690, 0, 29.5),
        (1, 700, 0, 30.0),
        (1, 780, 0, 34.0),  # a page that runs over leaves nothing, and no less than nothing
        (2, 550, 7, 52.5),
        (11, 400, 15, 315.0),
    ],
)
def test_what_is_left_of_the_last_page_and_what_is_used_of_all(page, y, lines_left, used):
    found = measure(b"", page, layout(("front", 1, 100), ("end", page, y)))
    assert (found.lines_left, found.used, found.page_lines) == (lines_left, used, 30.0)


@pytest.mark.parametrize(
    ("begins", "ends", "pages"),
    [
        ((1, 100), (2, 100), (1, 1, F(1))),  # ends at the very top of a page: on the one before
        ((2, 100), (2, 100), (2, 2, F(0))),
        ((1, 100), (2, 106), (1, 2, F(101, 100))),
        ((1, 100), (2, 102), (1, 1, F(1))),  # by less than a hundredth
        ((1, 60), (1, 400), (1, 1, F(1, 2))),  # above the text: its top
        ((1, 400), (1, 760), (1, 1, F(1, 2))),  # below it: its bottom
        ((3, 400), (5, 400), (3, 5, F(2))),
    ],
)
def test_where_a_section_begins_and_ends(begins, ends, pages):
    (found,) = measure(b"", 5, layout(("C1", *begins), ("end", *ends))).sections
    assert (found.first_page, found.last_page, found.pages) == pages


@pytest.mark.parametrize(
    "without",
    [
        layout(),
        layout(("end", 1, 100)),
        {**layout(("front", 1, 100), ("end", 1, 200)), "layout": []},
    ],
    ids=["no marks", "the end alone", "no text area"],
)
def test_a_layout_without_marks_cannot_be_measured(without):
    error = error_of(measure, b"", 1, without)
    assert (error.message, error.hint, error.place) == (
        "the template sets no section marks",
        "a template marks each section and the end",
        "",
    )


# --- Places, by hand -------------------------------------------------------------------------------------------------


def places(*marks: tuple[int, int, int, float]) -> Mapping[int, Place]:
    """The places of passages from marks: number, edge, page, height; how far across a mark stands says nothing."""
    found = [[number, edge, page, 50.0 + edge, y] for number, edge, page, y in marks]
    return measure(b"", 9, layout(("front", 1, 100), ("end", 9, 700), places=found)).places


@pytest.mark.parametrize(
    ("marks", "place", "lines"),
    [
        ([(0, 1, 100), (1, 1, 160)], Place(1, 1, F(0), F(3), 1), F(4)),
        ([(0, 1, 100), (1, 2, 160)], Place(1, 2, F(0), F(33), 1), F(34)),
        ([(0, 3, 120), (1, 3, 120)], Place(3, 3, F(61), F(61), 0), F(1)),
        ([(0, 2, 120)], Place(2, 2, F(31), F(31), 0), F(1)),
        ([(0, 1, 100), (1, 1, 160), (2, 1, 160), (3, 1, 140)], Place(1, 1, F(0), F(3), 2), F(4)),
        ([(0, 1, 100), (1, 1, 160), (2, 1, 160), (3, 1, 160)], Place(1, 1, F(0), F(3), 3), F(4)),
        ([(0, 1, 106.67), (1, 1, 133.2)], Place(1, 1, F(33, 100), F(166, 100), 1), F(233, 100)),
        ([(0, 1, 100), (1, 1, 160), (0, 2, 100), (1, 2, 160)], Place(1, 1, F(0), F(3), 1), F(4)),
    ],
    ids=["lines", "pages", "one line", "one mark", "two last words", "three", "to a hundredth", "a header again"],
)
def test_the_place_of_a_passage(marks, place, lines):
    found = places(*((7, *mark) for mark in marks))
    assert found == {7: place}
    assert found[7].lines == lines


def test_each_passage_has_its_own_place():
    found = places((1, 0, 1, 100), (2, 0, 1, 140), (1, 1, 1, 120), (2, 1, 1, 180))
    assert found == {1: Place(1, 1, F(0), F(1), 1), 2: Place(1, 1, F(2), F(4), 1)}


# --- Lines without pages ---------------------------------------------------------------------------------------------


def with_marks(body: str) -> dict[str, bytes]:
    """A document of a text area of 100 points in lines of 7."""
    head = '#metadata((top: 10, bottom: 110, line: 7))<layout>#metadata("front")<section>'
    return {"main.typ": f"#set page(margin: 10pt, height: auto)\n{head}\n{body}".encode()}


@pytest.mark.parametrize(("height", "lines"), [("0pt", F(0)), ("70pt", F(10)), ("35pt", F(5)), ("1pt", F(14, 100))])
def test_lines_are_counted_to_a_hundredth_down_to_the_last_mark(height, lines):
    body = f'#block(height: {height}, above: 0pt, below: 0pt)\n#metadata("end")<section>'
    assert lines_of(with_marks(body)) == lines


def test_the_last_mark_is_the_one_that_counts_and_places_are_not_asked_for():
    block = "#block(height: 35pt, above: 0pt, below: 0pt)\n"
    body = f'#metadata(1)<place>{block}#metadata("C1")<section>\n{block}#metadata("end")<section>'
    assert lines_of(with_marks(body)) == 10


def test_lines_on_one_page_are_what_measuring_its_pages_says():
    files = typst_files(empty_bid())
    assert lines_of(files) == F(round(100 * typeset(files).used), 100) > 3


@pytest.mark.parametrize(
    ("main", "message", "hint"),
    [
        ("#nothing", "the template sets marks that make no sense", LEAVE_MARKS),
        ('#read("x")', "the template sets marks that make no sense", LEAVE_MARKS),
        ("x", "the template sets no section marks", "a template marks each section and the end"),
        ('#metadata("a")<section>', "the template sets no section marks", "a template marks each section and the end"),
        ("#metadata(1)<layout>", "the template sets no section marks", "a template marks each section and the end"),
    ],
)
def test_lines_that_cannot_be_counted(main, message, hint):
    error = error_of(lines_of, {"main.typ": main.encode()})
    assert (error.message, error.hint) == (message, hint)


def test_what_the_typesetter_finds_while_it_counts_lines_is_told(monkeypatch, tmp_path):
    with pytest.raises(typst.TypstError) as caught:
        module.compiler({"main.typ": b"#nothing"}, str(tmp_path)).compile()

    def refuse(question: str) -> str:
        raise caught.value

    monkeypatch.setattr(module, "compiler", lambda files, root: SimpleNamespace(eval=refuse))
    assert error_of(lines_of, {"main.typ": b"x"}).message == "the document cannot be typeset: unknown variable: nothing"


# --- Compiling -------------------------------------------------------------------------------------------------------

TITLED = "#set document(title: [T])\n"


def titled(code: str) -> dict[str, bytes]:
    return {"main.typ": (TITLED + code).encode()}


def test_places_are_asked_for_only_where_they_are_wanted():
    files = titled("#metadata((3, 0))<place>x")
    assert compiled(files)[1]["places"] == []
    ((number, edge, page, x, y),) = compiled(files, measured=True)[1]["places"]
    assert (number, edge, page) == (3, 0, 1)
    assert x > 0
    assert y > 0


def test_marks_that_make_no_sense_are_told_as_the_template_s():
    error = error_of(compiled, titled("#metadata(1)<place>"), measured=True)
    assert (error.message, error.hint) == ("the template sets marks that make no sense", LEAVE_MARKS)
    assert compiled(titled("#metadata(1)<place>"))[0].startswith(b"%PDF")


def test_a_hint_of_the_typesetter_s_is_passed_on():
    error = error_of(compiled, {"main.typ": b"x"})
    assert error.message == "the document cannot be typeset: PDF/UA-1 error: missing document title"
    assert error.hint == "set the title with `set document(title: [...])`"


def test_a_fault_in_another_file_is_placed_there():
    files = {**titled('#import "parts/more.typ": *\n#x'), "parts/more.typ": b"#let x = 1\n\n#let y = nothing\n"}
    error = error_of(compiled, files)
    assert (error.message, error.place) == (
        "the document cannot be typeset: unknown variable: nothing",
        "parts/more.typ:3",
    )


def test_hints_are_joined_and_those_of_its_own_command_line_left_out():
    problem = SimpleNamespace(message="it\n broke", hints=["mend it", "try `--root`", "or leave it"], diagnostic="")
    error = module._failure("no document", problem, "/nowhere/pioneer-1")  # type: ignore[arg-type]
    assert (error.message, error.hint, error.place) == ("no document: it broke", "mend it; or leave it", "")


def test_an_error_has_no_hint_and_no_place_unless_they_are_given():
    error = TypesetError("it broke")
    assert (error.message, error.hint, error.place) == ("it broke", "", "")


def test_a_page_that_is_not_a4_is_told_with_what_to_do():
    error = error_of(typeset, titled('#set page(paper: "a5")\nx'))
    assert error.message == "a page of the document is not A4, so no limit on pages could hold"
    assert error.hint == "set A4 pages"


@pytest.mark.parametrize("count", [b"0", b"2"])
def test_a_count_that_is_not_that_of_the_leaves_is_told_in_these_words(count):
    error = error_of(count_pages, smallest(b"3 0 R", count))
    assert error.message == "the PDF's page tree is not sound, so its pages cannot be counted"


def test_the_last_trailer_is_the_one_that_counts():
    assert count_pages(smallest(b"3 0 R", b"1", b"/Words(trailer /Root 9 0 R)")) == 1


@pytest.mark.parametrize(("blanks", "found"), [(0, True), (45, True), (46, False)])
def test_the_table_is_looked_for_from_the_last_64_bytes(blanks, found):
    pdf = smallest(b"3 0 R", b"1") + b"\n" * blanks
    assert (pdf.rindex(b"startxref") >= len(pdf) - 64) is found
    if found:
        assert count_pages(pdf) == 1
    else:
        told = error_of(count_pages, pdf).message
        assert told == "the PDF has no cross-reference table, so its pages cannot be counted"


@pytest.mark.parametrize("kids", [b"1 0 R", b"3 0 R 3 0 R", b"2 0 R"], ids=["itself", "one twice", "no page"])
def test_a_page_tree_that_is_not_sound_is_told_in_these_words(kids):
    """The smallest PDF that is read: a catalog, a tree and a page."""
    error = error_of(count_pages, smallest(kids, b"1"))
    assert error.message == "the PDF's page tree is not sound, so its pages cannot be counted"
    assert count_pages(smallest(b"3 0 R", b"1")) == 1


def smallest(kids: bytes, count: bytes, more: bytes = b"") -> bytes:
    objects = (
        b"1 0 obj\n<</Type/Pages/Count " + count + b"/Kids[" + kids + b"]>>\nendobj\n",
        b"2 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/MediaBox[0 0 595.2756 841.8898]" + more + b">>\nendobj\n",
    )
    pdf, table = b"%PDF-1.7\n", b"0000000000 65535 f\r\n"
    for found in objects:
        table += b"%010d 00000 n\r\n" % len(pdf)
        pdf += found
    end = b"xref\n0 4\n" + table + b"trailer\n<</Size 4/Root 2 0 R>>\nstartxref\n%d\n%%%%EOF" % len(pdf)
    return pdf + end


@pytest.mark.parametrize("name", ["main.typ", "other.typ"])
def test_a_package_is_refused_before_anything_is_compiled(name, monkeypatch):
    monkeypatch.setattr(module, "compiler", lambda *_: pytest.fail("it was compiled"))
    files = {**titled("x"), name: b'#import "@preview/x:1.0.0": *'}
    error = error_of(compiled, files)
    assert error.message == "the template imports a package, and nothing may be fetched"
    assert error.hint == "copy what it needs into it"


def test_what_looks_like_a_package_in_a_file_that_is_no_source_is_left_alone():
    files = {**titled("x"), "notes.txt": b'#import "@preview/x:1.0.0": *', "at.typ": b'#let x = "@"'}
    assert compiled(files)[0].startswith(b"%PDF")


@pytest.mark.parametrize(
    ("variable", "folder", "name"),
    [
        ("XDG_DATA_HOME", "typst/packages/local/x/1.0.0", "local"),
        ("XDG_CACHE_HOME", "typst/packages/preview/x/1.0.0", "preview"),
    ],
)
def test_a_package_that_lies_on_the_machine_is_not_found_either(variable, folder, name, monkeypatch, tmp_path):
    """By a name that is put together, which no reading beforehand finds."""
    package = tmp_path / folder
    package.mkdir(parents=True)
    (package / "typst.toml").write_text('[package]\nname = "x"\nversion = "1.0.0"\nentrypoint = "x.typ"\n')
    (package / "x.typ").write_text("#let x = 1\n")
    for each in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(each, str(tmp_path if each == variable else tmp_path / "none"))
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:0")
    error = error_of(compiled, titled(f'#{{let name = "@" + "{name}/x:1.0.0"; import name: x; [#x]}}'))
    assert error.message == "the template imports a package, and nothing may be fetched"
    assert error.hint == "copy what it needs into it"


def test_a_typesetter_that_gives_no_pdf_is_not_believed(monkeypatch):
    strange = SimpleNamespace(compile_with_warnings=lambda **_: ([b"page"], []), eval=lambda question: "{}")
    monkeypatch.setattr(module, "compiler", lambda files, root: strange)
    assert error_of(compiled, titled("x")).message == "the typesetter gave no PDF"


# --- Pictures --------------------------------------------------------------------------------------------------------

PICTURE = b"#set page(width: 72pt, height: 36pt, margin: 0pt)\n"


def test_a_picture_is_drawn_at_its_size():
    assert draw({"main.typ": PICTURE + b"x"}, "svg").startswith(b'<svg viewBox="0 0 72 36"')
    png = draw({"main.typ": PICTURE + b"x"}, "png")
    assert png.startswith(b"\x89PNG")
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (200, 100)  # 200 dots an inch


def test_a_picture_that_cannot_be_drawn():
    error = error_of(draw, {"main.typ": b"#nothing"}, "svg")
    assert error.message == "the picture cannot be drawn: unknown variable: nothing"


def test_a_picture_takes_one_page():
    error = error_of(draw, {"main.typ": PICTURE + b"x#pagebreak()y"}, "png")
    assert (error.message, error.hint) == ("the picture takes more than a page", "")


# --- What is in the way ----------------------------------------------------------------------------------------------

TO_WRITE = "set TMPDIR to a folder that can be written"


@pytest.mark.parametrize(
    ("error", "reason"),
    [(OSError(errno.ENOENT, "No such file or directory"), "No such file or directory"), (OSError("odd"), "odd")],
)
@pytest.mark.parametrize(
    "call", [compiled, lines_of, lambda files: draw(files, "svg")], ids=["compiled", "lines", "draw"]
)
def test_without_a_folder_for_temporary_files_nothing_is_typeset(call, error, reason, monkeypatch):
    def refuse(prefix: str) -> None:
        assert prefix == "pioneer-"
        raise error

    monkeypatch.setattr(module, "TemporaryDirectory", refuse)
    found = error_of(call, titled("x"))
    assert found.message == f"there is no folder for temporary files: {reason}"
    assert found.hint == TO_WRITE


@pytest.mark.parametrize(
    ("error", "reason"),
    [(OSError(errno.ENOSPC, "No space left on device"), "No space left on device"), (OSError("odd"), "odd")],
)
def test_without_room_for_temporary_files_nothing_is_typeset(error, reason, monkeypatch):
    def full(path: Path, content: bytes) -> None:
        raise error

    monkeypatch.setattr(Path, "write_bytes", full)
    found = error_of(compiled, titled("x"))
    assert found.message == f"there is no room for temporary files: {reason}"
    assert found.hint == "make some, or set TMPDIR"


def test_files_in_folders_are_compiled_from_there():
    files = {
        **titled('#import "a/b/c.typ": x\n#import "a/d.typ": y\n#x#y'),
        "a/b/c.typ": b"#let x = 1",
        "a/d.typ": b"#let y = 2",
    }
    assert compiled(files)[0].startswith(b"%PDF")


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    compiled(titled("x"))
    with pytest.raises(PioneerError):
        compiled(titled("#nothing"))
    assert list(tmp_path.iterdir()) == []
