"""Templates that strangers wrote: each is stopped with one clear error within its limits, or makes a true PDF.

Nothing that a template asks for leaves its folder, the machine, its ten seconds or its gigabyte behind.
"""

import os
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread

import pikepdf
import pytest
from made_bids import Tree, empty_bid, repo_bid, text_of

from pioneer_cli import limited, press
from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.press import Press

BID = "call: pioneers-2013\ntitle: A title\narea: {name: An area}\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps this limit")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a bid, an empty template, a secret beside it; afterwards nothing may be left of the work."""
    room = tmp_path / "room"
    room.mkdir()
    work = tmp_path / "work"
    (work / "own").mkdir(parents=True)
    (work / "bid.yaml").write_text(BID, encoding="utf-8")
    (work / "secret.typ").write_text('#let secret = "s3cret"', encoding="utf-8")
    monkeypatch.chdir(work)
    monkeypatch.setenv("PIONEER_SECRET", "s3cret")
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    monkeypatch.setattr(press, "SECONDS", 60)  # which a busy machine may need
    yield work
    assert sorted(path.name for path in room.iterdir()) == []
    assert children() == []


def children() -> list[str]:
    """The processes that this one has started and that have not ended."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return listed.read_text().split() if listed.exists() else []


def made(*, measured: bool = True, bid: Tree | None = None) -> bytes:
    """The PDF that the template makes, its pages truly counted."""
    with Press("own") as found:
        typeset = found.typeset(bid or empty_bid(), measured=measured).typeset
    with pikepdf.open(BytesIO(typeset.pdf)) as opened:
        assert len(opened.pages) == typeset.count
    return typeset.pdf


def refused(**options: bool) -> str:
    """The one line that says what is wrong, and the hint, holding nothing of this machine."""
    with pytest.raises(PioneerError) as caught:
        made(**options)
    told = f"{caught.value.message}\n{caught.value.hint}"
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert len(told) < 1200
    assert not re.search(r"(^|[\s\"'(`:])/(tmp|work|root|home|usr|proc)|pioneer-\w|Traceback|s3cret", told), told
    return told


# --- Jinja and XML ---------------------------------------------------------------------------------------------------

WHERE = r"the template own/bid\.xml\.jinja:{} cannot be filled in: "
IN_TEMPLATES = {
    "include above": ("{% include '../../etc/passwd' %}", WHERE.format(1) + "there is no file"),
    "include absolute": ("\n{% include '/etc/passwd' %}", WHERE.format(2) + "there is no file /etc/passwd"),
    "include beside": ("{% include 'secret.typ' %}", WHERE.format(1) + r"there is no file secret\.typ"),
    "include of links in a path": ("{% include 'eoi.xml.jinja/../../secret.typ' %}", WHERE.format(1)),
    "include of itself": ("{% include 'bid.xml.jinja' %}", WHERE.format(1) + "maximum recursion depth"),
    "extends itself": ("{% extends 'bid.xml.jinja' %}", WHERE.format(1) + "maximum recursion depth"),
    "endless loop": ("{% for i in range(10**9) %}x{% endfor %}", WHERE.format(1) + "Range too big"),
    "loops that print gigabytes": (
        "{% for i in range(99999) %}{% for j in range(99999) %}{{ 'a' * 999 }}{% endfor %}{% endfor %}",
        "the template own prints too much",
    ),
    "a hundred megabytes at once": ("{{ 'a' * 10**8 }}", "the template own prints too much"),
    "mro": ("{{ ''.__class__.__mro__ }}", WHERE.format(1) + "access to attribute '__class__' of 'str' object is"),
    "globals": ("{{ cycler.__init__.__globals__ }}", WHERE.format(1) + "access to attribute '__init__'"),
    "globals of a filter": ("{{ bid.title.sentence.__globals__ }}", WHERE.format(1)),
    "class of the bid": ("\n\n{{ bid.__class__ }}", WHERE.format(3) + "access to attribute '__class__' of 'dict'"),
    "format string": ("{{ '{0.__class__}'.format(bid) }}", WHERE.format(1)),
    "environment": ("{{ self._TemplateReference__context.environment.loader }}", WHERE.format(1)),
    "change of the bid": ("{{ bid.update({'title': 'x'}) }}", WHERE.format(1)),
    "undefined": ("<document>\n{{ nothing }}</document>", WHERE.format(2) + "'nothing' is undefined"),
    "undefined field": ("\n{{ bid.titel }}", WHERE.format(2) + "'dict object' has no attribute 'titel'"),
    "mistake of form": ("\n\n{% if %}", WHERE.format(3) + "Expected an expression"),
    "no end": ("{% for x in bid.partners %}", WHERE.format(1) + "Unexpected end of template"),
    "no filter": ("{{ bid.title | shell }}", WHERE.format(1) + "No filter named 'shell'"),
    "recursion": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", WHERE.format(1) + "maximum recursion depth"),
    "division": ("{{ 1 / (bid.partners | length) }}", WHERE.format(1) + "division by zero"),
    "addresses in memory": ("{{ bid.title.upper }}", WHERE.format(1) + "it prints a builtin_function_or_method"),
    "nothing": ("", "what the template own prints is no XML: no element found"),
    "words": ("{{ bid.title }} is our bid", "what the template own prints is "),
    "not closed": ("<document><section id='a'></document>", "what the template own prints is no XML: mismatched tag"),
    "external entity": (
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><document><section id='a'>&e;</section></document>",
        "the template own prints a document type",
    ),
    "entity bomb": (
        "<!DOCTYPE x [<!ENTITY a0 'ha'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
        + "]><document><section id='a'>&a11;</section></document>",
        "the template own prints a document type",
    ),
    "undeclared entity": ("<document>&e;</document>", "what the template own prints is no XML: undefined entity"),
    "half a character": ("{{ '\\ud800' }}", "what the template own prints has half a character"),
    "control character": ("<document>{{ '\\x01' }}</document>", "what the template own prints is no XML"),
    "unknown element": ("<document><section id='a'><script/></section></document>", r".* it has an element <script>"),
    "no sections": ("<document/>", ".* it needs sections, each with an id of its own"),
    "an id twice": ("<document><section id='a'/><section id='a'/></document>", ".* it needs sections, each with an id"),
    "value in an attribute": (
        "<document><section id='{{ bid.title }}'/></document>", "what the template own prints is no XML: not well-f",
    ),
    "nested without end": (
        "<document><section id='a'>" + "<em>" * 50_000 + "x" + "</em>" * 50_000 + "</section></document>",
        "what the template own prints is nested too deep",
    ),
    "figure of nonsense": (
        "<document><section id='a'><figure kind='timeline'><values>{\"a\": 1}</values></figure></section></document>",
        ".* the <values> of a <figure> are no list",
    ),
    "figure without values": (
        "<document><section id='a'><figure kind='timeline'><values>[]</values></figure></section></document>",
        "with the template own the document cannot be typeset: missing argument",
    ),
    "place that the bid has not": (
        "<document><section id='a'><t p='vision/outcomes/999'>x</t></section></document>", ".* there is no place",
    ),
    "characters without a glyph": (
        "<document><section id='a'>好</section></document>", "with the template own the document cannot be typeset: P",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_TEMPLATES)
def test_a_hostile_template_is_refused(desk, name):
    main, told = IN_TEMPLATES[name]
    (desk / "own" / "bid.xml.jinja").write_text(main, encoding="utf-8")
    assert re.match(told, refused())


@linux
@pytest.mark.parametrize(
    "main",
    ["{{ 'a' * 10**10 }}", "{{ '%9000000000d' % 5 }}", "{{ 'x' | indent(10**10) }}", "{{ ('a' * 10**6) * 10**5 }}"],
)
def test_a_template_that_takes_all_memory_is_ended(desk, main):
    (desk / "own" / "bid.xml.jinja").write_text(main, encoding="utf-8")
    assert refused().startswith("making the document with the template own needed more than 1024 MB")


@pytest.mark.parametrize(
    "main",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 10 ** (10 ** 10) }}",
    ],
)
def test_a_template_that_takes_all_time_is_ended(desk, monkeypatch, main):
    monkeypatch.setattr(press, "SECONDS", 0.7)
    (desk / "own" / "bid.xml.jinja").write_text(main, encoding="utf-8")
    assert refused().startswith("making the document with the template own took longer than 0.7 s, so it was ended")


def test_a_template_has_ten_seconds(desk, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(desk)
    (desk / "own" / "bid.xml.jinja").write_text("<document/>", encoding="utf-8")
    given: list[tuple[object, ...]] = []
    monkeypatch.setattr(limited, "Limited", lambda *limits: given.append(limits))
    Press("own")
    assert given == [("pioneer_cli.press:in_child", 10, 1024, "making the document with the template own")]
    assert press.MOST_PAGES == 200


def test_an_included_file_s_fault_is_placed_there(desk):
    (desk / "own" / "bid.xml.jinja").write_text("{% include 'parts/vision.jinja' %}", encoding="utf-8")
    (desk / "own" / "parts").mkdir()
    (desk / "own" / "parts" / "vision.jinja").write_text("\n\n\n{{ bid.vission }}", encoding="utf-8")
    assert refused().startswith("the template own/parts/vision.jinja:4 cannot be filled in: 'dict object' has no attri")


def test_a_fault_in_what_is_taken_over_is_placed_there(desk):
    main = "{% extends 'eoi.xml.jinja' %}{% block vision %}\n{{ nothing }}{% endblock %}"
    (desk / "own" / "bid.xml.jinja").write_text(main, encoding="utf-8")
    assert refused().startswith("the template own/bid.xml.jinja:2 cannot be filled in: 'nothing' is undefined")


@pytest.mark.parametrize("file", ["bid.xml.jinja", "style.typ", "style.css"])
def test_files_that_are_not_utf_8_are_refused(desk, file):
    (desk / "own" / file).write_bytes(b"\xff\xfe<\x00d\x00")
    assert refused().startswith(f"the template's file own/{file} is not UTF-8")


# --- Typst -----------------------------------------------------------------------------------------------------------

STYLE = r"with the template own/style\.typ:{} the document cannot be typeset: "
PACKAGE = "the template own imports a package, and nothing may be fetched\ncopy what it needs into it"
BASE = '#import "eoi.typ": *\n#let whole = expression-of-interest\n'
WHOLE = "#let expression-of-interest(..about, body) = "
IN_STYLES = {
    "read absolute": ('#let x = read("/etc/passwd")', STYLE.format(3) + "file not found"),
    "read above": ('#let x = read("../secret.typ")', STYLE.format(3) + r"path `\"../secret.typ\"` would escape"),
    "read upwards and down": ('#let x = read("a/../../secret.typ")', STYLE.format(3)),
    "read of a process": ('#let x = read("/proc/self/environ")', STYLE.format(3) + "file not found"),
    "import above": ('\n#import "../secret.typ"', STYLE.format(4)),
    "include absolute": ('#include "/etc/passwd"', STYLE.format(3)),
    "image outside": ('#let x = image("/../../secret.png")', STYLE.format(3)),
    "json outside": ('#let x = json("/etc/x.json")', STYLE.format(3) + "file not found"),
    "plugin": ('#let x = plugin("x.wasm")', STYLE.format(3) + "file not found"),
    "import": ('#import "@preview/x:1.0.0": *', PACKAGE),
    "import of our own kind": ('#import "@local/x:1.0.0"', PACKAGE),
    "import with blanks": ('#import   "@preview/x:1.0.0"', PACKAGE),
    "import behind a comment": ('#import/**/"@preview/x:1.0.0"', PACKAGE),
    "import in code": ('#{import("@preview/x:1.0.0")}', PACKAGE),
    "import escaped": ('#import "\\u{40}preview/x:1.0.0"', PACKAGE),
    "import put together": ('#let name = "@" + "preview/x:1.0.0"\n#import name: *', PACKAGE),
    "import evaluated": ('#let x = eval("import \\"@preview/x:1.0.0\\"")', PACKAGE),
    "import evaluated in secret": (
        '#let x = dictionary(std).at("ev" + "al")("import \\"@" + "preview/x:1.0.0\\"")', PACKAGE,
    ),
    "include put together": ('#include "@" + "preview/x:1.0.0"', PACKAGE),
    "no version": ('#import "@preview/x"', PACKAGE),
    "endless loop": ("#while true {}", STYLE.format(3) + "condition is always true"),
    "endless loop hidden": ("#{let i = 0; while i < 1 { i -= 1 }}", STYLE.format(3) + "loop seems to be infinite"),
    "recursion": ("#let f(x) = f(x + 1)\n#f(1)", STYLE.format(3) + "maximum function call depth exceeded"),
    "mistake of form": ("\n#let x = (", STYLE.format(4) + "unclosed delimiter"),
    "unknown name": ("#let x = nosuch", STYLE.format(3) + "unknown variable: nosuch"),
    "panic on many lines": ('#panic("a\\nb\\u{1b}[31m" * 900)', STYLE.format(3) + "panicked with: "),
    "another font": (WHOLE + 'whole(..about)[#set text(font: "Arial");#body]', STYLE.format(3) + "unknown font"),
    "font in a part": ('#let facts(..x) = text(font: "Arial")[x]', STYLE.format(3) + "unknown font family"),
    "heading levels": ("#let facts(..x) = heading(level: 3)[x]", "with the template own.* PDF/UA-1 error"),
    "no title": (WHOLE + "{ set document(title: none); body }", "with the template own .* missing document title"),
    "no style at all": (WHOLE + "body", "with the template own .* missing document title"),
    "function missing": ("#let facts = none", "with the template own the document cannot be typeset: expected fun"),
    "function of another shape": ("#let facts() = none", "with the template own .* unexpected argument"),
    "marks missing": ("#let mark(name) = []", "the template own sets no section marks"),
    "a mark missing": ("#let mark(name) = if name != \"C1\" [#metadata(name)<section>]", "the template own does not"),
    "a mark forged": (WHOLE + 'whole(..about)[#metadata("C1")<section>#body]', "the template own does not mark each "),
    "a mark twice": ("#let mark(name) = 2 * [#metadata(name)<section>]", "the template own does not mark each section"),
    "a mark of control characters": (
        '#let mark(name) = [#metadata("\\u{1b}[31m" + name)<section>]', "the template own does not mark each section",
    ),
    "no layout": (WHOLE + '{ set document(title: "x"); body }', "(with )?the template own "),
    "layout of words": (WHOLE + '[#[#metadata((top: "a", bottom: "b", line: "c"))<layout>]#whole(..about, body)]',
                        "the template own sets marks that make no sense"),
    "layout without lines": (WHOLE + "[#[#metadata((top: 0, bottom: 9, line: 0))<layout>]#whole(..about, body)]",
                             "the template own sets marks that make no sense"),
    "layout of nothing": (WHOLE + "[#[#metadata(none)<layout>]#whole(..about, body)]", "the template own sets marks"),
    "layout of more": (WHOLE + "[#[#metadata((top: 0, bottom: 9, line: 1, x: 2))<layout>]#whole(..about, body)]",
                       "the template own sets marks that make no sense"),
    "places of words": (WHOLE + 'whole(..about)[#metadata(("a", "b"))<place>#body]', "the template own sets marks"),
    "places of nothing": (WHOLE + "whole(..about)[#metadata(none)<place>#body]", "the template own sets marks that m"),
    "ten thousand pages": (WHOLE + "whole(..about)[#for i in range(2000) [#pagebreak()]#body]",
                           r"with the template own the document has 2,001 pages\nno document of more than 200 pages"),
    "page without end": (WHOLE + "whole(..about)[#set page(height: auto)\n#body]",
                         "with the template own a page of the document is not A4"),
    "large page": (WHOLE + 'whole(..about)[#set page(paper: "a0")\n#body]', "with the template own a page of the do"),
    "a picture that is none": (WHOLE + 'whole(..about)[#image("x.png", alt: "x")#body]', "with the template own"),
    "a picture without words": (WHOLE + "whole(..about)[#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' "
                                "width='9' height='9'/>\"))#body]", "with the template own.* missing alt text"),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_STYLES)
def test_a_hostile_style_is_refused(desk, name):
    style, told = IN_STYLES[name]
    (desk / "own" / "style.typ").write_text(BASE + style, encoding="utf-8")
    assert re.match(told, refused())


@linux
@pytest.mark.parametrize(
    "style",
    [
        "#let x = range(100000000)",
        '#{let a = "a"; while a.len() < 10000000000 { a += a }}',
        "#let x = (0,) * 999999999",
    ],
)
def test_a_style_that_takes_all_memory_is_ended(desk, style):
    (desk / "own" / "style.typ").write_text(BASE + style, encoding="utf-8")
    assert refused().startswith("making the document with the template own needed more than 1024 MB")


def test_a_style_that_takes_all_time_is_ended(desk, monkeypatch):
    monkeypatch.setattr(press, "SECONDS", 0.7)
    loops = "#{for i in range(30000) { for j in range(30000) { } }}"
    (desk / "own" / "style.typ").write_text(BASE + loops, encoding="utf-8")
    assert refused().startswith("making the document with the template own took longer than 0.7 s, so it was ended")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
PICTURED = BASE + WHOLE + 'whole(..about)[#image("a.svg", alt: "x")#body]'


@pytest.mark.parametrize(
    "inside",
    [
        '<image xlink:href="/etc/x.png" width="9" height="9"/>',
        '<image href="../../secret.png" width="9" height="9"/>',
        '<image href="file:///etc/x.png" width="9" height="9"/>',
        '<image href="https://example.org/x.png" width="9" height="9"/>',
        "<g id='g0'><rect/></g>"
        + "".join(f"<g id='g{n}'>" + 20 * f"<use href='#g{n - 1}'/>" + "</g>" for n in range(1, 9)),
        "<rect",
    ],
)
def test_a_picture_that_leads_elsewhere_is_refused(desk, inside):
    (desk / "own" / "style.typ").write_text(PICTURED, encoding="utf-8")
    (desk / "own" / "a.svg").write_text(SVG.format(inside), encoding="utf-8")
    assert refused().startswith("with the template own/a.svg:1 the document cannot be typeset: failed to ")


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&x;</text>"),
        "<!DOCTYPE svg [<!ENTITY a0 'ha'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
        + "]>"
        + SVG.format("<text>&a11;</text>"),
    ],
)
def test_a_picture_with_entities_is_refused(desk, bomb):
    (desk / "own" / "style.typ").write_text(PICTURED, encoding="utf-8")
    (desk / "own" / "a.svg").write_text(bomb, encoding="utf-8")
    assert refused().startswith("with the template own/a.svg:1 the document cannot be typeset: failed to parse SVG")


@pytest.mark.parametrize("form", ["html", "docx"])
@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ('read("/etc/passwd")', "with the template own/style.typ:3 the picture cannot be drawn: file not found"),
        ("[#pagebreak()#pagebreak()]", "with the template own the picture "),
    ],
)
def test_a_style_that_draws_pictures_badly_is_refused_in_other_formats(desk, form, picture, told):
    (desk / "own" / "style.typ").write_text(f"{BASE}#let picture(body) = {picture}", encoding="utf-8")
    with Press("own") as found, pytest.raises(PioneerError) as caught:
        found.write(repo_bid("exemplar"), form)
    assert caught.value.message.startswith(told)
    assert "pioneer-" not in caught.value.message


# --- Nothing leaves the machine --------------------------------------------------------------------------------------


@pytest.mark.parametrize("variables", [("https_proxy",), ("HTTPS_PROXY",), ("all_proxy", "ALL_PROXY"), ("http_proxy",)])
def test_a_package_is_asked_for_nowhere(desk, monkeypatch, variables):
    """A listener stands where the typesetter would be led; a package's name could carry a bid away."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)

        def answer() -> None:
            while not done:
                try:
                    with listening.accept()[0] as caller:
                        asked.append(caller.recv(1000))
                except TimeoutError:
                    continue

        done: list[bool] = []
        for name in variables:
            monkeypatch.setenv(name, f"http://127.0.0.1:{listening.getsockname()[1]}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "*")
        thread = Thread(target=answer)
        thread.start()
        (desk / "own" / "style.typ").write_text(BASE + '#import "@" + "preview/x:1.0.0"', encoding="utf-8")
        try:
            assert refused().startswith("the template own imports a package, and nothing may be fetched")
        finally:
            done.append(True)
            thread.join()
    assert asked == []


# --- What is harmless ------------------------------------------------------------------------------------------------

PAGED = "#pagebreak()#counter(page).update(1)"
HARMLESS = {
    "page counter reset": (WHOLE + f"whole(..about)[#body{PAGED}last]", 2),
    "footer that counts wrongly": (WHOLE + "whole(..about)[#set page(footer: [Page 1 of 1])\n#body]", None),
    "marks that are hidden": (WHOLE + "{show metadata: none; whole(..about, body)}", 1),
    "text that is hidden": (WHOLE + "whole(..about, hide(body))", 1),
    "headings that are hidden": (WHOLE + "{show heading: it => none; whole(..about, body)}", None),
    "today": (WHOLE + "whole(..about)[#body#datetime.today().display()]", 1),
    "its own files": ('#let x = read("eoi.typ") + read("main.typ")', 1),
    "letters that are doubled": (WHOLE + "whole(..about)[#show regex(\"[a-z]\"): it => [#it#it];#body]", 1),
    "two hundred pages": (WHOLE + "whole(..about)[#body#for i in range(199) [#pagebreak()x]]", 200),
    "mark without a place": ("#let here(..x) = []", 1),
    "a note in a comment": ("// import \"eoi.typ\" and nothing else", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_makes_a_pdf_of_truly_counted_pages(desk, name):
    style, count = HARMLESS[name]
    (desk / "own" / "style.typ").write_text(BASE + style, encoding="utf-8")
    pdf = made()
    assert pdf == made()
    assert "s3cret" not in text_of(pdf)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert count is None or len(opened.pages) == count


def test_the_clock_is_the_deadline_s(desk):
    (desk / "own" / "style.typ").write_text(BASE + HARMLESS["today"][0], encoding="utf-8")
    assert "2013-06-28" in text_of(made())


def test_a_template_that_prints_nothing_of_the_bid_is_a_template(desk):
    main = '<document><section id="front"><p>Nothing</p></section></document>'
    (desk / "own" / "bid.xml.jinja").write_text(main, encoding="utf-8")
    assert text_of(made()) == "AtitleNothing"


@pytest.mark.parametrize(
    "main",
    [
        "<document><section id='a'>{{ bid.title | safe }}</section></document>",
        "<document><section id='a'>{% autoescape false %}{{ bid.title }}{% endautoescape %}</section></document>",
    ],
)
def test_a_bid_cannot_use_a_careless_template(desk, main):
    (desk / "own" / "bid.xml.jinja").write_text(main, encoding="utf-8")
    pdf = made(bid={**empty_bid(), "title": '#read("/etc/passwd")'})
    assert '#read("/etc/passwd")' in text_of(pdf)


# --- Through the command line ----------------------------------------------------------------------------------------


def put(file: str, text: str) -> Callable[[Path], object]:
    return lambda desk: (desk / "own" / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (put("notes.txt", "x"), "the folder own is no template"),
        (put("bid.xml.jinja", "\n{{ nothing }}"), "the template own/bid.xml.jinja:2 cannot be filled in: 'nothing'"),
        (put("bid.xml.jinja", "<!DOCTYPE x><document/>"), "the template own prints a document type"),
        (put("style.typ", BASE + '#read("/etc/passwd")'), "with the template own/style.typ:3 the document cannot be "),
        (put("style.typ", BASE + '#import "@" + "preview/x:1.0.0"'), "the template own imports a package, and nothing"),
        (put("style.typ", BASE + '#panic("\\u{1b}[31m")'), "with the template own/style.typ:3 the document cannot be "),
        (put("bid.xml.jinja", "{{ 'a' * 10**10 }}"), "making the document with the template own needed more than"),
        (lambda desk: (desk / "own" / "style.typ").symlink_to("../secret.typ"), "own/style.typ is a symbolic link"),
        (lambda desk: os.mkfifo(desk / "own" / "style.typ"), "own/style.typ is no regular file"),
    ],
)
def test_the_command_says_one_thing_and_writes_nothing(desk, capfd, make, told):
    make(desk)
    before = sorted(path.name for path in desk.iterdir())
    (desk / "out.pdf").write_bytes(b"old")
    outputs = ["-o", "out.pdf", "-o", "out.html", "-o", "out.docx", "-o", "out.md", "-o", "out.typ"]
    assert run(["render", "bid.yaml", "--template", "own", *outputs]) == ExitCode.CANNOT_JUDGE
    streams = capfd.readouterr()
    assert streams.out == ""
    assert re.fullmatch(r"pioneer: [^\n]+\n  [^\n]+\n", streams.err)
    assert streams.err.startswith(f"pioneer: {told}")
    assert not re.search(r"Traceback|\x1b|s3cret|/tmp/", streams.err)
    assert (desk / "out.pdf").read_bytes() == b"old"
    assert sorted(path.name for path in desk.iterdir()) == sorted([*before, "out.pdf"])


def test_a_style_of_ones_own_is_not_written_over(desk, capfd):
    (desk / "own" / "style.typ").write_text(BASE, encoding="utf-8")
    arguments = ["render", "bid.yaml", "--template", "own", "-o", "own/style.typ"]
    assert run(arguments) == ExitCode.CANNOT_JUDGE
    assert capfd.readouterr().err.startswith("pioneer: own/style.typ is the input\n")
    assert (desk / "own" / "style.typ").read_text(encoding="utf-8") == BASE


def test_a_gap_report_says_what_is_wrong_with_the_template(desk, capfd):
    (desk / "own" / "bid.xml.jinja").write_text("\n{{ nothing }}", encoding="utf-8")
    assert run(["gaps", "bid.yaml", "--template", "own"]) == ExitCode.CANNOT_JUDGE
    out, err = capfd.readouterr()
    assert out.startswith("bid.yaml:1:1 error render-failed\n")
    assert "the template own/bid.xml.jinja:2 cannot be filled in" in " ".join(out.replace("|", "").split())
    assert err.startswith("bid.yaml: no report\n")
