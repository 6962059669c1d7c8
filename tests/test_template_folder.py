"""The files of a template: what is read, what is refused, and folders of one's own that work."""

import os
import re
import socket
import stat
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from made_bids import Tree, empty_bid, full_bid, repo_bid, squeezed, text_of, tree_of, typeset_tree

from pioneer_cli.errors import PioneerError
from pioneer_cli.press import Press
from pioneer_cli.shipped import shipped_folder, shipped_names
from pioneer_cli.template_folder import KINDS, MOST_BYTES, MOST_FILES, _content, find_template

COLOUR = '#import "eoi.typ": *\n#let tint = rgb("#eeeeee")\n'
EOI = [path for path in (shipped_folder("templates") / "eoi").rglob("*") if path.suffix in KINDS]
BASES = {"eoi.xml.jinja", "eoi.typ", "eoi.css", "eoi-questions.xml.jinja", "eoi-feedback.xml.jinja"}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template's folder called `own`, with a style in it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "style.typ").write_text(COLOUR, encoding="utf-8")
    return folder


def problem(name: str = "own") -> str:
    """What is wrong with a folder; it is said without the name of any other place."""
    with pytest.raises(PioneerError) as caught:
        find_template(name)
    assert caught.value.hint
    assert not re.search(r"/(tmp|etc|root|home)/|\n", caught.value.message + caught.value.hint)
    return caught.value.message


# --- Templates that ship ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped_names("templates"))
def test_a_template_that_ships_has_all_that_it_needs(name):
    found = find_template(name)
    assert (found.name, found.ours) == (name, True)
    assert found.contents.keys() >= {"bid.xml.jinja", "style.typ", "style.css"} | BASES
    base = find_template("eoi").contents
    assert found.contents["eoi.typ"] == base["style.typ"]
    assert found.contents["eoi.xml.jinja"] == base["bid.xml.jinja"]
    assert found.contents["eoi.css"] == base["style.css"]
    assert not {file for file in found.drawn_with() if file.endswith((".jinja", ".css"))}
    assert set(found.drawn_with()) >= {"style.typ", "eoi.typ"}


def test_there_is_a_template_to_begin_with():
    assert "eoi" in shipped_names("templates")


def test_every_file_of_a_template_is_of_a_kind_that_is_read():
    files = [path for path in shipped_folder("templates").rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert {path.name for path in files if path.suffix not in KINDS} <= {".DS_Store"}


def test_a_folder_here_never_stands_in_for_a_template_that_ships(own):
    own.rename(own.parent / "eoi")
    assert find_template("eoi").ours
    mine = find_template("./eoi")
    assert (mine.ours, mine.name) == (False, "./eoi")
    assert mine.contents["style.typ"] == COLOUR.encode()


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("eo", "there is no template eo", "did you mean `eoi`? templates: eoi"),
        ("zzz", "there is no template zzz", "templates: eoi"),
        ("", "there is no template ", "templates: eoi"),
        ("own/style.typ", "there is no template own/style.typ", "templates: eoi"),
    ],
)
def test_a_template_that_is_not_there(own, name, message, hint):
    with pytest.raises(PioneerError) as caught:
        find_template(name)
    assert caught.value.message == message
    assert caught.value.hint.startswith(hint)
    assert caught.value.hint.endswith("or name a folder of your own")


# --- What is read of a folder ----------------------------------------------------------------------------------------


def test_a_folder_is_complete_with_what_it_takes_over(own):
    found = find_template("own")
    base = find_template("eoi")
    assert (found.name, found.ours) == ("own", False)
    assert found.contents["style.typ"] == COLOUR.encode()
    assert found.contents["bid.xml.jinja"] == base.contents["bid.xml.jinja"]
    assert found.contents.keys() == base.contents.keys()


@pytest.mark.parametrize("name", ["own/", "./own", "own//"])
def test_a_folder_is_called_what_it_was_called(own, name):
    assert find_template(name).name == name.rstrip("/")


def test_a_folder_reached_by_its_whole_path_is_called_that(own):
    assert find_template(str(own)).name == str(own)


def test_only_files_of_a_template_s_kinds_are_read(own):
    (own / "parts").mkdir()
    for name in ("notes.txt", "data.csv", "x.wasm", ".DS_Store", "Makefile", "secret.env", "font.ttf"):
        (own / name).write_bytes(b"\xff" * 100)
    for name in ("parts/a.jinja", "parts/b.typ", "c.svg", "d.PNG", "e.jpg", "f.jpeg", "g.css"):
        (own / name).write_bytes(b"x")
    found = set(find_template("own").contents) - set(find_template("eoi").contents)
    assert found == {"parts/a.jinja", "parts/b.typ", "c.svg", "d.PNG", "e.jpg", "f.jpeg", "g.css"}
    assert not {"notes.txt", "secret.env", "parts/a.jinja", "g.css"} & set(find_template("own").drawn_with())


@pytest.mark.parametrize("name", ["bid.xml.jinja", "style.typ", "style.css"])
def test_one_file_makes_a_template(own, name):
    (own / "style.typ").unlink()
    (own / name).write_text("x", encoding="utf-8")
    assert find_template("own").contents[name] == b"x"


@pytest.mark.parametrize("names", [[], ["notes.txt"], ["logo.svg"], ["parts.jinja", "colours.typ"], ["STYLE.TYP"]])
def test_a_folder_without_any_of_the_three_is_no_template(own, names):
    (own / "style.typ").unlink()
    for name in names:
        (own / name).write_text("x", encoding="utf-8")
    assert problem() == "the folder own is no template"


def test_a_byte_order_mark_is_no_part_of_a_text(own):
    (own / "style.css").write_bytes(b"\xef\xbb\xbfbody {}")
    assert find_template("own").text("style.css") == "body {}"


@pytest.mark.parametrize("name", ["a.jinja", "parts/b.typ", "style.css"])
@pytest.mark.parametrize("content", [b"\xff\xfe", "é".encode("latin-1"), "x".encode("utf-16")])
def test_text_that_is_not_utf_8_is_refused(own, name, content):
    (own / "parts").mkdir()
    (own / name).write_bytes(content)
    assert problem() == f"the template's file own/{name} is not UTF-8"


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["style.typ", "logo.svg", "notes.txt", "parts/x.jinja"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../secret", "style.typ", "nowhere", "/dev/zero"])
def test_a_symbolic_link_is_refused_wherever_it_leads(own, name, target):
    (own / "parts").mkdir()
    (own / name).unlink(missing_ok=True)
    (own / name).symlink_to(target)
    assert problem() == f"own/{name} is a symbolic link"


@pytest.mark.parametrize("target", ["/etc", "..", ".", "/"])
def test_a_linked_folder_is_refused_and_not_walked(own, target):
    (own / "parts").symlink_to(target)
    assert problem() == "own/parts is a symbolic link"


def test_only_the_files_to_build_on_are_there_under_a_second_name():
    names = set(find_template("eoi").contents)
    own = {path.relative_to(shipped_folder("templates") / "eoi").as_posix() for path in EOI}
    assert names == own | BASES


def test_the_folder_itself_may_be_a_link(own):
    (own.parent / "linked").symlink_to("own")
    assert find_template("linked").contents["style.typ"] == COLOUR.encode()


def test_a_pipe_is_refused_and_not_waited_for(own):
    os.mkfifo(own / "logo.png")
    assert problem() == "own/logo.png is no regular file"


def test_a_socket_is_refused(own, monkeypatch):
    monkeypatch.chdir(own)  # the name of a socket has to be short
    with socket.socket(socket.AF_UNIX) as found:
        found.bind("logo.png")
        monkeypatch.chdir(own.parent)
        assert re.match(r"cannot read own/logo\.png: |own/logo\.png is no regular file", problem())


def test_a_device_is_refused(own):
    with pytest.raises(PioneerError, match=r"own/zero\.png is no regular file"):
        _content(Path("/dev/zero"), "own/zero.png", 100)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root makes devices")
def test_a_device_in_the_folder_is_refused(own):
    try:
        os.mknod(own / "logo.png", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("this root makes no devices")
    assert problem() == "own/logo.png is no regular file"


def test_a_link_that_is_put_there_later_is_not_followed(own):
    (own / "logo.png").symlink_to("/etc/passwd")
    with pytest.raises(PioneerError, match=r"cannot read own/logo\.png"):
        _content(own / "logo.png", "own/logo.png", 100)


def test_a_huge_file_is_refused_without_being_read(own):
    with (own / "logo.png").open("wb") as file:
        file.truncate(40 * 1024**3)  # takes no room on the disk
    assert problem() == "the template with own/logo.png is larger than 5 MB"


def test_files_that_are_huge_together_are_refused(own):
    for number in range(6):
        (own / f"{number}.png").write_bytes(bytes(1024 * 1024))
    assert problem() == "the template with own/5.png is larger than 5 MB"


def test_as_much_as_is_allowed_is_read(own):
    (own / "logo.png").write_bytes(bytes(MOST_BYTES - len(COLOUR)))
    assert len(find_template("own").contents["logo.png"]) == MOST_BYTES - len(COLOUR)
    (own / "one.png").write_bytes(b"x")
    assert problem().endswith("is larger than 5 MB")


def test_a_thousand_files_are_refused(own):
    for number in range(1000):
        (own / f"{number}.typ").touch()
    assert problem() == "the template own has more than 200 files"


def test_two_hundred_files_are_read(own):
    for number in range(MOST_FILES - 1):
        (own / f"{number}.typ").touch()
    assert len(find_template("own").contents) >= MOST_FILES
    (own / "one-more.typ").touch()
    assert problem() == "the template own has more than 200 files"


def test_a_folder_of_everything_is_refused_soon(own):
    for number in range(50):
        (own / f"f{number}").mkdir()
        for other in range(100):
            (own / f"f{number}" / f"{other}.txt").touch()
    assert problem() == "the template own has too many files to look at"


def test_a_folder_that_cannot_be_read_is_said(own, monkeypatch):
    (own / "closed").mkdir()
    scan = os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    assert problem() == "cannot read own/closed: Permission denied"


def test_a_file_that_cannot_be_read_is_said(own, monkeypatch):
    opened = os.open

    def refuse(path: object, flags: int) -> int:
        if str(path).endswith("style.typ"):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    assert problem() == "cannot read own/style.typ: Permission denied"


# --- Folders of one's own that work ----------------------------------------------------------------------------------


def printed(bid: Tree) -> bytes:
    with Press("own") as press:
        found = press.typeset(bid).typeset
    with pikepdf.open(BytesIO(found.pdf)) as opened:
        assert len(opened.pages) == found.count
    return found.pdf


def test_a_style_with_another_colour(own):
    ours = typeset_tree(repo_bid("north-yorkshire")).pdf
    styled = (
        COLOUR + "#let facts(..pairs) = block(fill: tint, for (name, value) in pairs.pos() [#par[#name: #value]])\n"
    )
    (own / "style.typ").write_text(styled, encoding="utf-8")
    mine = printed(repo_bid("north-yorkshire"))
    assert mine != ours
    assert text_of(mine) == text_of(ours)


def test_a_style_with_other_measures(own):
    wide = "#let whole = expression-of-interest\n#let expression-of-interest = whole.with(leading: 1.6em)\n"
    (own / "style.typ").write_text('#import "eoi.typ": *\n' + wide, encoding="utf-8")
    with Press("own") as press:
        mine = press.typeset(repo_bid("north-yorkshire")).typeset
    assert mine.count > typeset_tree(repo_bid("north-yorkshire")).count


def test_a_template_that_replaces_one_part(own):
    (own / "style.typ").unlink()
    part = "<h1>Our way</h1>{{ bid.vision.statement | prose }}"
    main = f'{{% extends "eoi.xml.jinja" %}}{{% block vision %}}{part}{{% endblock %}}'
    (own / "bid.xml.jinja").write_text(main, encoding="utf-8")
    bid = tree_of(full_bid(lambda path: f"Field {path}."))
    with Press("own") as press:
        text = text_of(press.typeset(bid).typeset.pdf)
    assert squeezed("Our way Field vision.statement.") in text
    assert squeezed("Field whole_system.statement.") in text
    assert squeezed("Field vision.making_it_real.") not in text


def test_a_template_with_a_part_in_a_file_of_its_own(own):
    (own / "parts").mkdir()
    main = '{% extends "eoi.xml.jinja" %}{% block vision %}{% include "parts/vision.jinja" %}{% endblock %}'
    (own / "bid.xml.jinja").write_text(main, encoding="utf-8")
    (own / "parts" / "vision.jinja").write_text("<h1>Ours</h1><p>{{ bid.title }}!</p>", encoding="utf-8")
    with Press("own") as press:
        assert "OursAtitle!" in text_of(press.typeset(empty_bid()).typeset.pdf)


def png(width: int, height: int) -> bytes:
    """A red picture."""
    rows = (b"\x00" + b"\xff\x00\x00" * width) * height
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    written = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="red"/></svg>'


@pytest.mark.parametrize(("name", "content"), [("logo.svg", SVG), ("pictures/logo.png", png(40, 40))])
def test_a_style_with_a_picture(own, name, content):
    (own / "pictures").mkdir()
    (own / name).write_bytes(content)
    headed = f"""#import "eoi.typ": *
#let whole = expression-of-interest
#let expression-of-interest(..about, body) = whole(..about)[#image("{name}", alt: "Our sign", width: 2cm)#body]
"""
    (own / "style.typ").write_text(headed, encoding="utf-8")
    pdf = printed(empty_bid())
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert "Our sign" in {
            str(found["/Alt"]) for found in opened.objects if isinstance(found, pikepdf.Dictionary) and "/Alt" in found
        }
        assert (b"/Subtype/Image" in pdf) == name.endswith("png")
    assert text_of(pdf) == text_of(typeset_tree(empty_bid()).pdf)


def test_a_style_sheet_of_ones_own(own):
    (own / "style.typ").unlink()
    (own / "style.css").write_text("main { color: rebeccapurple }", encoding="utf-8")
    with Press("own") as press:
        assert b"rebeccapurple" in press.write(empty_bid(), "html")
        assert press.typeset(empty_bid()).typeset.pdf == typeset_tree(empty_bid()).pdf


def test_an_installation_without_its_files_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("pioneer_cli.shipped.files", lambda package: tmp_path / package)
    with pytest.raises(PioneerError) as caught:
        shipped_folder("templates")
    assert caught.value.message == "this installation of pioneer has no templates folder"
    assert caught.value.hint == "install pioneer-cli again"
