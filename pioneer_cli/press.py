"""Makes a bid's document, in whichever format: fill in the template, build the tree, write or typeset it.

With a template of ours that happens here; with a person's own folder, which may ask for anything, in a child process
with limits on time and memory.
"""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from pioneer_cli.background import signals_wait
from pioneer_cli.document import Answers, document
from pioneer_cli.errors import PioneerError
from pioneer_cli.formats.typst import Measured, Passage, endless, lone_figure, standalone, typst
from pioneer_cli.template_folder import MAIN_TEMPLATE, STYLE_SHEET, TemplateFolder, find_template
from pioneer_cli.tree import BidPath, Document, Figure
from pioneer_cli.typeset import LEAVE_MARKS, Typeset, TypesetError, compiled, count_pages, draw, lines_of, measure

if TYPE_CHECKING:
    from pioneer_cli.limited import Limited

SECONDS = 10
MEGABYTES = 1024
NOWHERE = "http://127.0.0.1:0"  # where no proxy can be; the typesetter's only way out leads there
_AT_ONCE = 2  # documents; more would wait for the interpreter
MOST_PAGES = 200  # more is no bid; typesetting is not cut short, but nothing is made of it
Written = Literal["html", "docx", "md", "typ"]  # the formats that are written from the tree without typesetting


@dataclass(frozen=True, slots=True)
class Printed:
    """A typeset bid, with its passages where they were asked for; `typeset.places` says where each of them stands."""

    typeset: Typeset
    passages: tuple[Passage, ...] = ()

    def passages_inside(self) -> Mapping[BidPath, Sequence[int]]:
        """The numbers of the passages that were measured, by each path that they stand at or below."""
        inside: dict[BidPath, list[int]] = {}
        for number in sorted(self.typeset.places):
            path = self.passages[number].path
            for length in range(1, len(path) + 1):
                inside.setdefault(path[:length], []).append(number)
        return inside


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made of a bid."""

    bid: Mapping[str, Any]
    draft: bool
    wanted: Literal["pdf", "lines", "html", "docx", "md", "typ"]
    measured: Measured = ""
    main: str = MAIN_TEMPLATE


class Press:
    """Prints bids with one template; `with` ends the child process that a person's own template runs in.

    `answers` names the considerations that each field answers, for a template that shows them in the margin. With
    another `main` file of the template it prints letters. `folder` holds the template's files.
    """

    def __init__(self, template: str = "eoi", answers: Answers | None = None, main: str = MAIN_TEMPLATE) -> None:
        self._main = main
        self.folder = find_template(template)
        self._answers = answers or {}
        self._child = None if self.folder.ours else _child(self.folder)

    def __enter__(self) -> "Press":
        """Starts the child process, if there is to be one."""
        if self._child is not None:
            self._child.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the child process."""
        if self._child is not None:
            self._child.__exit__(kind, error, trace)

    def typeset(
        self,
        bid: Mapping[str, Any],
        *,
        draft: bool = False,
        measured: Measured = "",
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Printed:
        """The bid as a PDF, with the pages of its passages, or their lines, if they are wanted. Raises PioneerError.

        `meanwhile` is called when the source is written, to begin what can go on while the typesetter works.
        """
        order = _Order(bid, draft, "pdf", measured, self._main)
        if self._child is None:
            return _printed(*_typeset(order, self.folder, self._answers, meanwhile))
        meanwhile()
        answer = self._in_child(order)
        length = int.from_bytes(answer[:8])
        layout, passages = json.loads(answer[8 : 8 + length])
        try:
            return _printed(answer[8 + length :], layout, tuple(_passage(found) for found in passages))
        except TypesetError as error:
            raise _named(error, self.folder) from None
        except (ArithmeticError, LookupError, TypeError, ValueError):  # what stands in marks is the template's
            message = f"the template {self.folder.name} sets marks that make no sense"
            raise TypesetError(message, LEAVE_MARKS) from None

    def lines_of_each(self, bids: Sequence[Mapping[str, Any]]) -> list[Fraction]:
        """What `lines` says of each bid; several are typeset at once, which leaves the interpreter free meanwhile."""
        if self._child is not None or len(bids) < 2:
            return list(map(self.lines, bids))
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_AT_ONCE) as threads:
            return list(threads.map(self.lines, bids))

    def lines(self, bid: Mapping[str, Any]) -> Fraction:
        """How many lines of plain text the bid takes on one endless page, to a hundredth. Raises PioneerError."""
        order = _Order(bid, False, "lines", main=self._main)
        if self._child is None:
            return _lines(order, self.folder, self._answers)
        return Fraction(self._in_child(order).decode())

    def write(self, bid: Mapping[str, Any], form: Written, *, draft: bool = False) -> bytes:
        """The bid in a format that is not typeset. Raises PioneerError."""
        order = _Order(bid, draft, form, main=self._main)
        if self._child is None:
            return _written(order, self.folder, self._answers)
        return self._in_child(order)

    def _in_child(self, order: _Order) -> bytes:
        import pickle

        if self._child is None:  # pragma: no cover - its callers have looked
            raise AssertionError
        try:
            # A child that is ended leaves its files behind, so they stand in a folder of ours.
            with signals_wait():
                folder = tempfile.TemporaryDirectory(prefix="pioneer-")
            with folder as room:
                return self._child.call(pickle.dumps((order, self.folder, self._answers, room)))
        except PioneerError as error:
            hint = error.hint or "mend the template; docs/templates.md says what it may do"
            raise TypesetError(" ".join(error.message.split()), hint) from None
        except FileNotFoundError as error:
            hint = "set TMPDIR to a folder that can be written"
            raise TypesetError(f"there is no folder for temporary files: {error.strerror}", hint) from None


def _child(folder: TemplateFolder) -> "Limited":
    from pioneer_cli.limited import Limited

    task = f"making the document with the template {folder.name}"
    return Limited("pioneer_cli.press:in_child", SECONDS, MEGABYTES, task)


def print_document(tree: Document, form: Literal["pdf"] | Written) -> bytes:
    """A ready document in the house's own template, in whichever format. Raises PioneerError."""
    folder = find_template("eoi")
    return compiled(typst(tree, folder).files)[0] if form == "pdf" else _in_form(tree, form, folder)


def draw_figure(figure: Figure) -> bytes:
    """A picture as SVG, in the house's own template. Raises PioneerError."""
    return _picture(figure, find_template("eoi"), "svg")


def in_child(payload: bytes) -> bytes:
    """What the child answers: a format's bytes; or the layout as JSON, with its length before it, and then the PDF."""
    import pickle

    order, folder, answers, tempfile.tempdir = pickle.loads(payload)  # written by our own parent
    _cut_off()
    try:
        if order.wanted == "lines":
            return str(_lines(order, folder, answers)).encode()
        if order.wanted != "pdf":
            return _written(order, folder, answers)
        pdf, layout, passages = _typeset(order, folder, answers)
        if count_pages(pdf) > MOST_PAGES:
            raise _too_many(count_pages(pdf))
    except TypesetError as error:
        raise _named(error, folder) from None
    told = json.dumps([layout, [asdict(passage) for passage in passages]]).encode()
    return len(told).to_bytes(8) + told + pdf


def _cut_off() -> None:
    """Leaves the typesetter no way to the network, in whatever way a template may ask for a package."""
    for name in ("NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name.lower(), None)
        os.environ[name] = "" if name == "NO_PROXY" else NOWHERE
    os.environ["https_proxy"] = NOWHERE  # which goes before the others


def _named(error: TypesetError, folder: TemplateFolder) -> TypesetError:
    """The error of a person's own template, naming it, with its file and line where they are known."""
    name = f"the template {folder.name}"
    if error.message.startswith("the template "):
        return TypesetError(error.message.replace("the template", name, 1), error.hint)
    return TypesetError(f"with {name}{'/' if error.place else ''}{error.place} {error.message}", error.hint)


def _tree(order: _Order, folder: TemplateFolder, answers: Answers) -> Document:
    return document(order.bid, folder, answers, order.main)._replace(draft=order.draft)


def _typeset(
    order: _Order, folder: TemplateFolder, answers: Answers, meanwhile: Callable[[], None] = lambda: None
) -> tuple[bytes, Mapping[str, Any], tuple[Passage, ...]]:
    tree = _tree(order, folder, answers)
    source = typst(tree, folder, measured=order.measured)
    meanwhile()
    pdf, layout = compiled(source.files, measured=bool(order.measured))
    marks = [mark["name"] for mark in layout["marks"]]
    if marks and marks != [*(section.id for section in tree.sections), "end"]:
        hint = "`criterion`, `consideration` and `mark` set the mark that they are given, and nothing else does"
        raise TypesetError("the template does not mark each section once, in their order", hint)
    return pdf, layout, source.passages


def _lines(order: _Order, folder: TemplateFolder, answers: Answers) -> Fraction:
    return lines_of(endless(typst(_tree(order, folder, answers), folder)))


def _printed(pdf: bytes, layout: Mapping[str, Any], passages: tuple[Passage, ...]) -> Printed:
    count = count_pages(pdf)
    if count > MOST_PAGES:
        raise _too_many(count)
    return Printed(measure(pdf, count, layout), passages)


def _too_many(count: int) -> TypesetError:
    return TypesetError(f"the document has {count:,} pages", f"no document of more than {MOST_PAGES} pages is made")


def _passage(found: Mapping[str, Any]) -> Passage:
    return Passage(**{**found, "codes": tuple(found["codes"]), "path": tuple(found["path"])})


def _written(order: _Order, folder: TemplateFolder, answers: Answers) -> bytes:
    return _in_form(_tree(order, folder, answers), order.wanted, folder)


def _in_form(tree: Document, form: str, folder: TemplateFolder) -> bytes:
    if form == "typ":
        return standalone(typst(tree, folder)).encode("utf-8")
    if form == "md":
        from pioneer_cli.formats.markdown_text import markdown

        return markdown(tree).encode("utf-8")
    if form == "html":
        from pioneer_cli.formats.html import html

        return html(tree, lambda figure: _picture(figure, folder, "svg"), folder.text(STYLE_SHEET)).encode("utf-8")
    from pioneer_cli.formats.word import word

    return word(tree, lambda figure: _picture(figure, folder, "png"))


def _picture(figure: Figure, folder: TemplateFolder, image: Literal["svg", "png"]) -> bytes:
    return draw(lone_figure(figure, folder), image)
