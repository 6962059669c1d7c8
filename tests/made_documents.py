"""Documents that pioneer did not make: PDFs by many producers, each with the number of pages that a reader sees.

Those of `by_python` need nothing but the packages of the `dev` extra; those of `PROGRAMS` need Debian packages. All
have a body of 11 pt within 2 cm on A4 unless they are asked for something else.
"""

import ctypes
import io
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import typst
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A3, A4, A5, LETTER, landscape
from reportlab.pdfgen import canvas

from pioneer_cli.limited import Limited

COUNTS = (9, 10, 11)
WORDS = "Integrated care and support brings health, housing and social care together around each person"
LINES = 20  # of a page
LEADING = 16


@dataclass(frozen=True)
class Made:
    """A document, what made it, and how many pages a reader sees in it."""

    name: str
    producer: str
    pages: int
    content: bytes


# --- By packages of Python -------------------------------------------------------------------------------------------


def with_reportlab(count: int, paper: tuple[float, float] = A4, size: float = 11, **options: object) -> bytes:
    paper_out = io.BytesIO()
    page = canvas.Canvas(paper_out, pagesize=paper, invariant=1, **options)
    for number in range(1, count + 1):
        page.setFont("Helvetica", size)
        for line in range(int((paper[1] - 130) / LEADING)):
            page.drawString(60, paper[1] - 72 - LEADING * line, WORDS[: int((paper[0] - 125) / (size * 0.52))])
        page.setFont("Helvetica", 9)
        page.drawString(60, 30, f"Page {number} of {count}")
        page.showPage()
    page.save()
    return paper_out.getvalue()


def with_fpdf(count: int, paper: str = "A4", size: float = 11, margin: float = 20.0) -> bytes:
    document = FPDF(format=paper)
    document.set_margin(margin)
    document.set_auto_page_break(auto=False)
    for number in range(1, count + 1):
        document.add_page()
        document.set_font("Helvetica", size=size)
        for _line in range(LINES):
            document.cell(0, 6, f"{number}. {WORDS[:80]}", new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())


def with_typst(count: int, paper: str = "a4", size: float = 11, margin: str = "2cm") -> bytes:
    body = "\n#pagebreak()\n".join(f"= Part {number}\n{(WORDS + '. ') * 12}" for number in range(1, count + 1))
    source = (
        f'#set document(title: "A made document")\n#set page(paper: "{paper}", margin: {margin}, numbering: "1 / 1")\n'
        f'#set text(size: {size}pt, lang: "en", region: "GB", font: "DejaVu Sans Mono")\n{body}'
    )
    return typst.compile(source.encode(), format="pdf")


def with_pikepdf(count: int, paper: tuple[float, float] = A4) -> pikepdf.Pdf:
    """An open document, so that a test can change it before it is saved."""
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, count + 1):
        lines = "".join(f"({number} {WORDS[:70]}) Tj 0 -{LEADING} Td " for _ in range(LINES))
        content = f"BT /F1 11 Tf 60 {paper[1] - 72:g} Td {lines} ET".encode()
        document.add_blank_page(page_size=paper)
        page = document.pages[-1].obj
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = document.make_stream(content)
    return document


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    target = io.BytesIO()
    document.save(target, static_id=True, **options)
    return target.getvalue()


def with_pypdf(count: int, *, password: str | None = None, owner: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    source = pypdf.PdfReader(io.BytesIO(with_reportlab(count)))
    for page in source.pages:
        writer.add_page(page)
    if password is not None or owner:
        writer.encrypt(password or "", owner or None, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_pypdf_updated(count: int, added: int) -> bytes:
    """A document to which pages were added by an update at its end."""
    writer = pypdf.PdfWriter(io.BytesIO(with_reportlab(count)), incremental=True)
    for page in pypdf.PdfReader(io.BytesIO(with_reportlab(added))).pages:
        writer.add_page(page)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_pdfium(count: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _number in range(count):
        page = document.new_page(*A4)
        for line in range(LINES):
            thing = pdfium.FPDFPageObj_NewTextObj(document, b"Helvetica", 11.0)
            _say(thing, WORDS[:70])
            pdfium.FPDFPageObj_Transform(thing, 1, 0, 0, 1, 60, A4[1] - 72 - LEADING * line)
            pdfium.FPDFPage_InsertObject(page, thing)
        page.gen_content()
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _say(thing: object, words: str) -> None:
    letters = (words + "\0").encode("utf-16-le")
    room = (ctypes.c_ushort * (len(letters) // 2)).from_buffer_copy(letters)
    pdfium.FPDFText_SetText(thing, room)


def with_pillow(count: int) -> bytes:
    """A scan: pages that are pictures of text."""
    pictures = []
    for number in range(count):
        picture = Image.new("L", (827, 1169), 255)
        ImageDraw.Draw(picture).text((90, 100), f"{number} {WORDS}", fill=0)
        pictures.append(picture)
    target = io.BytesIO()
    pictures[0].save(target, "PDF", resolution=100, save_all=True, append_images=pictures[1:])
    return target.getvalue()


def by_hand(count: int, *, said: int | None = None, kids: list[int] | None = None, lines: int = LINES) -> bytes:
    """Written out byte by byte, with a true table of places; `said` is what the page tree says its count is."""
    numbers = kids or [4 + 2 * index for index in range(count)]
    listed = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (listed, len(numbers) if said is None else said),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    for index in range(count):
        stream = b"BT /F1 11 Tf 60 770 Td %s ET" % (b"(%s) Tj 0 -16 Td " % WORDS[:70].encode() * lines)
        objects[4 + 2 * index] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        ) % (5 + 2 * index)
        objects[5 + 2 * index] = b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)
    return file_of(objects)


def file_of(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A PDF of these objects, whose numbers run from 1."""
    content, places = b"%PDF-1.7\n", []
    for number in sorted(objects):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def in_branches(count: int, wide: int) -> bytes:
    """A page tree of several levels, as large documents have."""
    document = with_pikepdf(count)
    level = [page.obj for page in document.pages]
    counts = [1] * len(level)
    while len(level) > 1:
        groups = [range(start, min(start + wide, len(level))) for start in range(0, len(level), wide)]
        sums = [sum(counts[index] for index in group) for group in groups]
        level = [
            _branch(document, [level[index] for index in group], total)
            for group, total in zip(groups, sums, strict=True)
        ]
        counts = sums
    document.Root.Pages = level[0]
    return saved(document)


def _branch(document: pikepdf.Pdf, kids: list[object], count: int) -> pikepdf.Object:
    node = document.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(kids), Count=count))
    for kid in kids:
        kid.Parent = node  # type: ignore[attr-defined]
    return node


def changed(count: int, change: Callable[[pikepdf.Pdf], object], **options: object) -> bytes:
    """A plain document after a change."""
    document = with_pikepdf(count)
    change(document)
    return saved(document, **options)


def _crop(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        page.MediaBox = Array([-20, -20, 615, 862])
        page.CropBox = Array([0, 0, 595, 842])


def _turn(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        page.Rotate = 180


def _inherit(document: pikepdf.Pdf) -> None:
    document.Root.Pages.MediaBox = Array([0, 0, 595.28, 841.89])
    for page in document.pages:
        del page.obj["/MediaBox"]


def _label(document: pikepdf.Pdf) -> None:
    document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=1), 5, Dictionary(S=Name.r)]))


def _title(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        metadata["dc:title"] = "A title in the metadata"


_LOCK = pikepdf.Encryption(owner="owner", user="", R=6)
_LOCK_4 = pikepdf.Encryption(owner="owner", user="", R=4)
_PIKEPDF: dict[str, Callable[[int], bytes]] = {
    "plain": lambda count: saved(with_pikepdf(count)),
    "linearised": lambda count: saved(with_pikepdf(count), linearize=True),
    "object streams": lambda count: saved(with_pikepdf(count), object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "qdf": lambda count: saved(with_pikepdf(count), qdf=True),
    "owner password, AES-256": lambda count: saved(with_pikepdf(count), encryption=_LOCK),
    "owner password, AES-128": lambda count: saved(with_pikepdf(count), encryption=_LOCK_4),
    "PDF 1.4": lambda count: saved(with_pikepdf(count), force_version="1.4"),
    "branches of two": lambda count: in_branches(count, 2),
    "branches of four": lambda count: in_branches(count, 4),
    "cropped": lambda count: changed(count, _crop),
    "turned over": lambda count: changed(count, _turn),
    "inherited boxes": lambda count: changed(count, _inherit),
    "labels that lie": lambda count: changed(count, _label),
    "title in metadata": lambda count: changed(count, _title),
}


def by_python() -> Iterator[Made]:
    """Honest documents that need no program but Python."""
    for count in COUNTS:
        yield Made(f"reportlab {count}", "reportlab", count, with_reportlab(count))
        yield Made(f"reportlab uncompressed {count}", "reportlab", count, with_reportlab(count, pageCompression=0))
        yield Made(f"fpdf2 {count}", "fpdf2", count, with_fpdf(count))
        yield Made(f"typst {count}", "typst", count, with_typst(count))
        yield Made(f"pypdf {count}", "pypdf", count, with_pypdf(count))
        yield Made(f"pypdf owner password {count}", "pypdf", count, with_pypdf(count, owner="owner"))
        yield Made(f"pypdf updated {count}", "pypdf", count, with_pypdf_updated(count - 3, 3))
        yield Made(f"pdfium {count}", "pdfium", count, with_pdfium(count))
        yield Made(f"Pillow scan {count}", "Pillow", count, with_pillow(count))
        yield Made(f"by hand {count}", "by hand", count, by_hand(count))
        for name, make in _PIKEPDF.items():
            yield Made(f"pikepdf {name} {count}", "pikepdf", count, make(count))
    for name, paper in {"A5": A5, "letter": LETTER, "A4 across": landscape(A4)}.items():
        yield Made(f"reportlab {name}", "reportlab", 10, with_reportlab(10, paper))
    yield Made("reportlab A3", "reportlab", 5, with_reportlab(5, A3))
    yield Made("fpdf2 letter", "fpdf2", 10, with_fpdf(10, "letter"))
    yield Made("typst A5", "typst", 3, with_typst(3, "a5"))
    yield Made("reportlab one page", "reportlab", 1, with_reportlab(1))
    yield Made("reportlab 120 pages", "reportlab", 120, with_reportlab(120))


# --- By programs of Debian packages ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Program:
    """A program, the Debian package that has it, and how it makes documents of some numbers of pages."""

    name: str
    package: str
    make: Callable[[Path, int], bytes]
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> str:
        """What is not installed, with its package; empty where all is there."""
        lacking = [program for program in (self.name.split()[0], *self.needs) if shutil.which(program) is None]
        return f"{', '.join(lacking)} not found: apt-get install {self.package}" if lacking else ""


def run(folder: Path, *command: str) -> None:
    environment = {**os.environ, "HOME": str(folder), "SOURCE_DATE_EPOCH": "1372377600"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=120)


def _html(count: int) -> str:
    pages = "".join(f"<section><h1>Part {n}</h1><p>{(WORDS + '. ') * 8}</p></section>" for n in range(1, count + 1))
    return (
        '<!doctype html><html lang="en-GB"><title>A made document</title><style>@page{size:A4;margin:2cm}'
        "body{font:11pt Arial,sans-serif;margin:0}section{break-after:page}section:last-child{break-after:auto}</style>"
        f"{pages}"
    )


def _markdown(count: int, page_break: str) -> str:
    head = '---\ntitle: "A made document"\nlang: en-GB\npapersize: a4\ngeometry: margin=2cm\nfontsize: 11pt\n---\n\n'
    return head + page_break.join(f"# Part {n}\n\n{(WORDS + '. ') * 8}" for n in range(1, count + 1))


def _chromium(folder: Path, count: int) -> bytes:
    (folder / "in.html").write_text(_html(count), encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=out.pdf")
    run(folder, "chromium", *options, "in.html")
    return (folder / "out.pdf").read_bytes()


def _libreoffice(folder: Path, count: int) -> bytes:
    import docx

    document = docx.Document()
    for number in range(1, count + 1):
        document.add_heading(f"Part {number}")
        document.add_paragraph((WORDS + ". ") * 8)
        if number < count:
            document.add_page_break()
    document.save(str(folder / "in.docx"))
    run(folder, "soffice", "--headless", "--convert-to", "pdf", "in.docx")
    return (folder / "in.pdf").read_bytes()


def _pandoc(engine: str, page_break: str = "\n\n\\newpage\n\n") -> Callable[[Path, int], bytes]:
    def make(folder: Path, count: int) -> bytes:
        (folder / "in.md").write_text(_markdown(count, page_break), encoding="utf-8")
        run(folder, "pandoc", "in.md", f"--pdf-engine={engine}", "-o", "out.pdf")
        return (folder / "out.pdf").read_bytes()

    return make


def _tex(engine: str) -> Callable[[Path, int], bytes]:
    def make(folder: Path, count: int) -> bytes:
        pages = "\n\\newpage\n".join(f"\\section*{{Part {n}}} {(WORDS + '. ') * 8}" for n in range(1, count + 1))
        head = r"\documentclass[11pt,a4paper]{article}\usepackage[margin=2cm]{geometry}\begin{document}"
        (folder / "in.tex").write_text(f"{head}{pages}\\end{{document}}", encoding="utf-8")
        run(folder, engine, "-interaction=batchmode", "in.tex")
        return (folder / "in.pdf").read_bytes()

    return make


def _groff(folder: Path, count: int) -> bytes:
    pages = "\n.bp\n".join(f".SH\nPart {n}\n.PP\n{(WORDS + '. ') * 8}" for n in range(1, count + 1))
    (folder / "in.ms").write_text(f".nr PS 11\n.nr PO 2c\n.nr LL 17c\n{pages}\n", encoding="utf-8")
    with (folder / "out.pdf").open("wb") as file:
        subprocess.run(
            ["groff", "-ms", "-Tpdf", "-P-pa4", "in.ms"], cwd=folder, stdout=file, stderr=subprocess.DEVNULL, check=True
        )
    return (folder / "out.pdf").read_bytes()


def _ghostscript(folder: Path, count: int) -> bytes:
    lines = "".join(f"60 {770 - 16 * line} moveto ({WORDS[:70]}) show " for line in range(LINES))
    page = f"/Helvetica findfont 11 scalefont setfont {lines} showpage\n"
    (folder / "in.ps").write_text("<</PageSize [595 842]>> setpagedevice\n" + page * count)
    run(folder, "gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sOutputFile=out.pdf", "in.ps")
    return (folder / "out.pdf").read_bytes()


def _distilled(folder: Path, count: int) -> bytes:
    (folder / "in.pdf").write_bytes(with_typst(count))
    run(folder, "gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sOutputFile=out.pdf", "in.pdf")
    return (folder / "out.pdf").read_bytes()


def _qpdf(folder: Path, count: int) -> bytes:
    (folder / "in.pdf").write_bytes(with_fpdf(count))
    run(folder, "qpdf", "--object-streams=generate", "--linearize", "in.pdf", "out.pdf")
    return (folder / "out.pdf").read_bytes()


def _rsvg(folder: Path, count: int) -> bytes:
    lines = "".join(f'<text x="60" y="{72 + LEADING * line}">{WORDS[:70]}</text>' for line in range(LINES))
    style = 'font-size="11" font-family="sans-serif"'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="595pt" height="842pt" viewBox="0 0 595 842" {style}>'
    (folder / "in.svg").write_text(f"{picture}{lines}</svg>", encoding="utf-8")
    run(folder, "rsvg-convert", "-f", "pdf", "-o", "out.pdf", *["in.svg"] * count)
    return (folder / "out.pdf").read_bytes()


_ROFF_BREAK = "\n\n```{=ms}\n.bp\n```\n\n"
_XELATEX = "pandoc texlive-xetex texlive-fonts-recommended lmodern"

PROGRAMS = (
    Program("chromium", "chromium", _chromium),
    Program("soffice", "libreoffice-writer-nogui", _libreoffice),
    Program("pandoc pdflatex", "pandoc texlive-latex-base lmodern", _pandoc("pdflatex"), ("pdflatex",)),
    Program("pandoc xelatex", _XELATEX, _pandoc("xelatex"), ("xelatex",)),
    Program("pandoc pdfroff", "pandoc groff ghostscript", _pandoc("pdfroff", _ROFF_BREAK), ("pdfroff",)),
    Program("pdflatex", "texlive-latex-base", _tex("pdflatex")),
    Program("xelatex", "texlive-xetex", _tex("xelatex")),
    Program("groff", "groff", _groff),
    Program("gs", "ghostscript", _ghostscript),
    Program("gs distilled", "ghostscript", _distilled),
    Program("qpdf", "qpdf", _qpdf),
    Program("rsvg-convert", "librsvg2-bin", _rsvg),
)


# --- By chance -------------------------------------------------------------------------------------------------------


def with_bytes_changed(content: bytes, seed: int) -> bytes:
    """The content with some bytes replaced, dropped, doubled or cut off, the same for the same seed."""
    chance = random.Random(seed)
    damaged = bytearray(content)
    for _time in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(damaged))
        length = chance.choice((1, 1, 1, 4, 40))
        kind = chance.randrange(4)
        if kind == 0:
            damaged[place : place + length] = bytes(chance.randrange(256) for _ in range(length))
        elif kind == 1:
            del damaged[place : place + length]
        elif kind == 2:
            damaged[place:place] = damaged[place : place + length]
        else:
            damaged[place] = chance.choice(b"0123456789")
        if len(damaged) < 10:
            break
    return bytes(damaged) if chance.randrange(20) else bytes(damaged[: chance.randrange(1, len(damaged))])


# --- Reading many ----------------------------------------------------------------------------------------------------


class SharedChild:
    """Stands in for `Limited`, so that many documents are read by one child; the limits are the real ones."""

    children: ClassVar[dict[str, Limited]] = {}

    def __init__(self, work: str, seconds: float, megabytes: int, task: str) -> None:
        self._child = self.children.setdefault(work, Limited(work, seconds, megabytes, task))

    def __enter__(self) -> Limited:
        return self._child

    def __exit__(self, *_error: object) -> None:
        pass

    @classmethod
    def end_all(cls) -> None:
        """Lets the children leave by themselves, so that what coverage has seen in them is written."""
        for child in cls.children.values():
            if child._child is not None and child._child.stdin is not None:
                with suppress(OSError):
                    child._child.stdin.close()
            child._end(patience=5)
