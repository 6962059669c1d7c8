"""Making a document in every format: with a template of ours or one's own, the same bytes each time and everywhere."""

import hashlib
import json
import os
import pickle
import re
import subprocess
import sys
import tempfile
import zipfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pypdfium2
import pytest
from made_bids import REPO_BIDS, ROOT, Tree, empty_bid, full_bid, pages_of, repo_bid, squeezed, tree_of, typeset_tree
from markdown_it import MarkdownIt

from pioneer_cli import press as module
from pioneer_cli.answered import answered
from pioneer_cli.document import document
from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import load_pack
from pioneer_cli.press import MOST_PAGES, NOWHERE, Press, _Order, in_child
from pioneer_cli.shipped import shipped_folder, shipped_names
from pioneer_cli.template_folder import TemplateFolder, find_template
from pioneer_cli.tree import Document, Figure, Table, words_of
from pioneer_cli.typeset import TypesetError, typeset

pioneers = load_pack("pioneers-2013").pack
assert pioneers is not None
FORMATS = ("pdf", "html", "docx", "md", "typ")
TEMPLATES = shipped_names("templates")
ANSWERS = answered(pioneers)


DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")


def made(press: Press, bid: Tree, form: str, *, draft: bool = False) -> bytes:
    if form == "pdf":
        return press.typeset(bid, draft=draft).typeset.pdf
    assert form in ("html", "docx", "md", "typ")
    return press.write(bid, form, draft=draft)  # type: ignore[arg-type]


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of one's own that holds what the template `eoi` does."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "own"
    folder.mkdir()
    for path in (shipped_folder("templates") / "eoi").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


# --- The same bytes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("draft", [False, True])
def test_a_folder_of_ones_own_gives_what_the_same_files_of_ours_give(own, form, draft):
    bid = repo_bid("exemplar")
    with Press() as ours, Press("own") as mine:
        assert made(mine, bid, form, draft=draft) == made(ours, bid, form, draft=draft)


@pytest.mark.parametrize("measured", [False, True])
def test_a_folder_of_ones_own_is_measured_as_ours_is(own, measured):
    bid = repo_bid("north-yorkshire")
    with Press() as ours, Press("own") as mine:
        assert mine.typeset(bid, measured=measured) == ours.typeset(bid, measured=measured)
        assert mine.lines(bid) == ours.lines(bid)


@pytest.mark.parametrize("form", FORMATS)
def test_a_press_makes_the_same_twice_and_after_others(own, form):
    bid = repo_bid("exemplar")
    for name in ("eoi", "own"):
        with Press(name) as press:
            first = made(press, bid, form)
            made(press, empty_bid(), form)
            assert made(press, bid, form) == first


MAKE_AND_HASH = """
import hashlib
from made_bids import full_bid, repo_bid, tree_of
from pioneer_cli.press import Press
from pioneer_cli.shipped import shipped_names
for name in shipped_names("templates"):
    with Press(name) as press:
        for bid in (repo_bid("exemplar"), tree_of(full_bid(lambda path: path))):
            made = {"pdf": press.typeset(bid).typeset.pdf}
            made |= {form: press.write(bid, form) for form in ("html", "docx", "md", "typ")}
            for form, content in made.items():
                print(name, form, hashlib.sha256(content).hexdigest())
"""


def hashes(cwd: Path, **environment: str) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-c", MAKE_AND_HASH],
        cwd=cwd,
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return found.stdout.splitlines()


def test_the_same_bid_gives_the_same_bytes_in_every_format_anywhere(tmp_path):
    here = []
    for name in TEMPLATES:
        with Press(name) as press:
            for bid in (repo_bid("exemplar"), tree_of(full_bid(lambda path: path))):
                here += [f"{name} {form} {hashlib.sha256(made(press, bid, form)).hexdigest()}" for form in FORMATS]
    home = tmp_path / "home"
    home.mkdir()
    assert len(set(here)) == len(TEMPLATES) * 2 * len(FORMATS)
    bare = {"FONTCONFIG_FILE": "/dev/null", "SOURCE_DATE_EPOCH": "1", "TMPDIR": str(home), "XDG_DATA_HOME": "/none"}
    assert hashes(ROOT, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C", HOME="/nonexistent") == here
    assert hashes(home, PYTHONHASHSEED="2", TZ="America/Caracas", LC_ALL="de_DE.UTF-8", HOME="/", **bare) == here
    assert hashes(home, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="tr_TR.UTF-8", HOME=str(home)) == here


@pytest.mark.parametrize("form", FORMATS)
def test_ten_runs_give_the_same_bytes(form):
    found = set()
    for _ in range(10):
        with Press() as press:
            found.add(made(press, repo_bid("exemplar"), form))
    assert len(found) == 1


def test_nothing_of_this_machine_is_in_a_document(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Press() as press:
        for form in FORMATS:
            content = made(press, repo_bid("exemplar"), form)
            if form == "docx":
                with zipfile.ZipFile(BytesIO(content)) as parts:
                    assert len({part.date_time for part in parts.infolist()}) == 1
                    content = b"".join(parts.read(name) for name in parts.namelist())
            for trace in (str(tmp_path), str(ROOT), sys.prefix, str(Path.home())):
                assert trace.encode() not in content


# --- The child process -----------------------------------------------------------------------------------------------


def in_process(own: TemplateFolder, wanted: str, room: Path) -> bytes:
    """What the child would answer, asked in this process."""
    order = _Order(empty_bid(), False, wanted)  # type: ignore[arg-type]
    return in_child(pickle.dumps((order, own, {}, str(room))))


@pytest.fixture
def _this_process(monkeypatch):
    """Puts back what the child changes of its process."""
    kept = dict(os.environ)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    yield
    os.environ.clear()
    os.environ.update(kept)


@pytest.mark.usefixtures("_this_process")
def test_the_child_answers_the_layout_and_the_pdf(own):
    answer = in_process(find_template("own"), "pdf", own)
    length = int.from_bytes(answer[:8])
    layout, passages = json.loads(answer[8 : 8 + length])
    assert [mark["name"] for mark in layout["marks"]] == [
        "front", "C1", "C2", "C3", "C4", "C5", "C6", "support", "end",
    ]  # fmt: skip
    assert passages == []
    assert answer[8 + length :] == typeset_tree(empty_bid()).pdf


@pytest.mark.usefixtures("_this_process")
@pytest.mark.parametrize(("form", "begins"), [("html", b"<!DOCTYPE html>"), ("docx", b"PK"), ("md", b"# A title"),
                                              ("typ", b"//"), ("lines", b"")])  # fmt: skip
def test_the_child_answers_the_bytes_of_a_format(own, form, begins):
    assert in_process(find_template("own"), form, own).startswith(begins)


@pytest.mark.usefixtures("_this_process")
def test_the_child_keeps_to_its_folder_and_off_the_network(own):
    os.environ |= {"no_proxy": "*", "https_proxy": "http://example.org:80", "all_proxy": "http://example.org:80"}
    in_process(find_template("own"), "md", own)
    assert tempfile.gettempdir() == str(own)
    left = {name.lower(): value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    assert left == {"no_proxy": "", "http_proxy": NOWHERE, "https_proxy": NOWHERE, "all_proxy": NOWHERE}


def test_one_child_serves_a_press_and_ends_with_it(own):
    with Press("own") as press:
        child = press._child
        assert child is not None
        process = child._child
        assert process is not None
        for form in FORMATS:
            made(press, empty_bid(), form)
        assert child._child is process
        assert process.poll() is None
    assert process.poll() is not None


def test_a_template_of_ours_needs_no_child():
    with Press() as press:
        assert press._child is None


def test_a_press_goes_on_after_an_error(own):
    (own / "bid.xml.jinja").write_text(
        "{% if bid.title == 'A title' %}{{ nothing }}{% endif %}{% include 'eoi.xml.jinja' %}", encoding="utf-8"
    )
    other = {**empty_bid(), "title": "Another"}
    with Press("own") as press:
        for _ in range(2):
            with pytest.raises(TypesetError, match="'nothing' is undefined"):
                press.typeset(empty_bid())
            assert press.typeset(other).typeset.pdf == typeset_tree(other).pdf


def test_no_room_for_temporary_files_is_said(own, monkeypatch):
    with Press("own") as press:
        monkeypatch.setattr(tempfile, "tempdir", str(own / "nowhere"))
        with pytest.raises(TypesetError, match="there is no folder for temporary files: No such file or directory"):
            press.typeset(empty_bid())


def test_a_document_of_too_many_pages_is_refused_with_a_template_of_ours_too(monkeypatch):
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    assert MOST_PAGES == 200
    with Press() as press, pytest.raises(PioneerError) as caught:
        press.typeset({**empty_bid(), "summary": "word " * 3000})
    assert caught.value.message == "the document has 4 pages"


# --- Drafts, sources, considerations ---------------------------------------------------------------------------------


def test_a_draft_is_stamped_on_every_page():
    with Press() as press:
        stamped = press.typeset(repo_bid("exemplar"), draft=True).typeset
        plain = press.typeset(repo_bid("exemplar")).typeset
    assert (stamped.count, stamped.sections, stamped.lines_left) == (plain.count, plain.sections, plain.lines_left)
    with pypdfium2.PdfDocument(stamped.pdf) as opened:
        assert all(page.get_textpage().get_text_range().count("DRAFT") == 2 for page in opened)
    with pypdfium2.PdfDocument(plain.pdf) as opened:
        assert all("DRAFT" not in page.get_textpage().get_text_range() for page in opened)


@pytest.mark.parametrize("form", ["html", "docx", "md"])
def test_a_draft_says_so_in_every_format(form):
    with Press() as press:
        stamped, plain = (made(press, repo_bid("exemplar"), form, draft=draft) for draft in (True, False))
    assert READERS_OF_ALL[form](stamped).upper().count("DRAFT") > READERS_OF_ALL[form](plain).upper().count("DRAFT")


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_typst_source_makes_the_same_pdf(template):
    bid = repo_bid("exemplar")
    with Press(template) as press:
        source = press.write(bid, "typ")
        assert typeset({"main.typ": source}).pdf == press.typeset(bid).typeset.pdf


def test_a_picture_of_a_template_is_drawn_in_every_format(own):
    style = '#let base-timeline = timeline\n#let timeline(alt: "", ..values) = figure(alt: alt, image("dot.png"))\n'
    (own / "style.typ").write_text('#import "eoi.typ": *\n' + style, encoding="utf-8")
    (own / "dot.png").write_bytes(DOT)
    with Press("own") as press:
        pdf, page, word = (made(press, repo_bid("exemplar"), form) for form in ("pdf", "html", "docx"))
    assert b"/Subtype/Image" in pdf
    assert b"<img" in page
    with zipfile.ZipFile(BytesIO(word)) as parts:
        assert len([name for name in parts.namelist() if name.endswith(".png")]) == 2


# --- All formats say the same ----------------------------------------------------------------------------------------


class Main(HTMLParser):
    """The text inside <main>, with what its pictures are said to show."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or tag == "main"
        if tag == "img" and self._inside:
            self.said.append(dict(attrs)["alt"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "main"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.said.append(data)


def in_html(content: bytes) -> str:
    parser = Main()
    parser.feed(content.decode("utf-8"))
    return squeezed("".join(parser.said))


def in_word(content: bytes) -> str:
    """The text of the document's body, with what its pictures are said to show."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        body = fromstring(parts.read("word/document.xml"))
    said = []
    for element in body.iter():
        kind = element.tag.rsplit("}", 1)[-1]
        if kind == "t":
            said.append(element.text or "")
        elif kind == "docPr":
            said.append(element.get("descr") or "")
    return squeezed("".join(said))


def in_all_of_word(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def in_all_of_html(content: bytes) -> str:
    return re.sub(r"(?s)<style.*?</style>|<[^>]*>", "", content.decode("utf-8"))


def in_markdown(content: bytes) -> str:
    tokens = MarkdownIt("commonmark").enable("table").parse(content.decode("utf-8"))
    inner = [inner for token in tokens for inner in token.children or ()]
    return squeezed("".join(token.content for token in inner if token.type.startswith("text")))


READERS: dict[str, Callable[[bytes], str]] = {"html": in_html, "docx": in_word, "md": in_markdown}
READERS_OF_ALL = {**READERS, "docx": in_all_of_word, "html": in_all_of_html}
CODES = r"C[1-6][a-e]?(?:[,;](?:C[1-6])?[a-e]?)*"  # the considerations beside a passage


def all_words(tree: Document, *, figures: bool) -> list[str]:
    """What a document says, a piece at a time, white space squeezed."""
    blocks = [
        block for section in tree.sections for block in section.blocks if figures or not isinstance(block, Figure)
    ]
    return [said for said in map(squeezed, words_of(tuple(blocks))) if said]


def left_over(said: str, pieces: list[str]) -> list[str]:
    """What stands between the pieces, each of which has to follow the one before it, and behind the last."""
    place, between = 0, []
    for piece in pieces:
        found = said.find(piece, place)
        assert found >= 0, f"{piece!r} is not in {said[place : place + 300]!r}"
        between.append(said[place:found])
        place = found + len(piece)
    return [*between, said[place:]]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("form", READERS)
def test_every_format_says_what_the_tree_says(template, name, form):
    bid = repo_bid(name)
    tree = document(bid, find_template(template), ANSWERS)
    with Press(template, ANSWERS) as press:
        said = READERS[form](made(press, bid, form))
    before, *between = left_over(said, all_words(tree, figures=True))
    assert len(between) > 60
    wrong = [text for text in between if re.fullmatch(rf"(?:[:\[\]]|{CODES})*", text) is None]
    assert wrong == []  # nothing but brackets round the ids of sources, and codes
    assert before.startswith("Pages" if form == "docx" else squeezed(bid["title"]) if form == "md" else "")


def taken_out(said: str, pieces: list[str]) -> tuple[str, list[str]]:
    """What is left of a text when each piece is taken out once, the longest first; and the pieces that are missing.

    A piece may be in two parts, where a page ends in the middle of a table's row.
    """
    missing = []
    for piece in sorted(pieces, key=len, reverse=True):
        parts = [[piece], *([piece[:place], piece[place:]] for place in range(8, len(piece) - 7))]
        found = next((both for both in parts if all(part in said for part in both)), None)
        if found is None:
            missing.append(piece)
        for part in found or ():
            said = said.replace(part, "\n", 1)
    return said, missing


def drawn(values: object) -> Iterator[str]:
    """The texts of a figure's values."""
    if isinstance(values, tuple):
        for value in values:
            yield from drawn(value)
    elif isinstance(values, str):
        yield squeezed(values)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_pdf_says_what_the_tree_says(template, name):
    bid = repo_bid(name)
    tree = document(bid, find_template(template), ANSWERS)
    with Press(template, ANSWERS) as press:
        said = "".join(pages_of(made(press, bid, "pdf")))
    blocks = [block for section in tree.sections for block in section.blocks]
    left, missing = taken_out(said, [squeezed(bid["title"]), *all_words(tree, figures=False)])
    assert missing == []
    again = {
        squeezed("".join(words_of(cell.blocks)))
        for block in blocks
        if isinstance(block, Table)
        for cell in block.header
    }
    again |= {text for block in blocks if isinstance(block, Figure) for text in drawn(block.values)}
    again |= {"Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"}
    again |= set(map(squeezed, ("Reviewer’s copy", ": beside the text stand the considerations that it answers")))
    for text in sorted(again, key=len, reverse=True):  # headers stand on each page of their table
        left = left.replace(text, "\n") if text else left
    assert len(re.sub(rf"[•:\[\]\n]|{CODES}|,|[0-9]+\.?", "", left)) < 12  # the rest of a header that was parted
