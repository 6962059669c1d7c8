"""What a PDF is besides its pages: tagged, titled, in a language; its forms, scripts, attachments and layers."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pikepdf

from pioneer_cli.errors import PioneerError
from pioneer_cli.foreign.page_tree import Leaf

_MOST_WORDS = 300  # characters of a title or a language
_MOST_XML = 1_000_000  # bytes of metadata
_MOST_FIELDS = 5000
_MOST_COMMENTS = 5000  # of a page
_NO_TITLE = re.compile(
    r"(?:Microsoft Word - .*|.*\.(?:docx?|pdf|odt|rtf|indd|tex)|untitled|document ?\d*)", re.IGNORECASE
)
_ACTIONS = {
    "/JavaScript": "a script",
    "/Launch": "the start of a program",
    "/SubmitForm": "the sending of a form",
    "/ImportData": "the fetching of data",
    "/Rendition": "a film or sound",
    "/GoToE": "a jump into an attachment",
}
_QUIET_NOTES = ("/Link", "/Widget", "/Popup", "/PrinterMark", "/TrapNet")


def tagged(document: pikepdf.Pdf) -> bool:
    """Whether the document says what is a heading, a list or a table."""
    marks, tree = document.Root.get("/MarkInfo"), document.Root.get("/StructTreeRoot")
    marked: object = marks.get("/Marked") if isinstance(marks, pikepdf.Dictionary) else False
    return marked is True and isinstance(tree, pikepdf.Dictionary) and "/K" in tree


def title(document: pikepdf.Pdf) -> str:
    """The title, empty where there is none or where a program has put the name of a file."""
    found = _words(document.docinfo.get("/Title")) or _xmp_title(document)
    return "" if _NO_TITLE.fullmatch(found) else found


def language(document: pikepdf.Pdf) -> str:
    """The language of the whole document."""
    return _words(document.Root.get("/Lang"))


def check_its_pages_are_fixed(document: pikepdf.Pdf) -> None:
    """Raises PioneerError where readers see other pages than those of the page tree."""
    form = document.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        raise PioneerError("its pages are made up by the reader's program, from an XFA form", "print it as PDF")
    if "/Collection" in document.Root:
        raise PioneerError("it is a portfolio, whose pages are in the files inside", "save one of them by itself")


def fields(document: pikepdf.Pdf) -> int:
    """How many fields wait to be filled in."""
    form = document.Root.get("/AcroForm")
    return sum(1 for _field in _fields(form)) if isinstance(form, pikepdf.Dictionary) else 0


def actions(document: pikepdf.Pdf, leaves: tuple[Leaf, ...]) -> tuple[str, ...]:
    """In words, what the document runs, starts or sends, each kind once."""
    root = document.Root
    names = root.get("/Names")
    found = ["a script"] if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names else []
    form = root.get("/AcroForm")
    owners = [root, *(leaf.page for leaf in leaves), *(note for leaf in leaves for note in _notes(leaf))]
    if isinstance(form, pikepdf.Dictionary):
        owners += _fields(form)
    found += (words for owner in owners for action in _actions_of(owner) for words in _in_words(action))
    return tuple(dict.fromkeys(found))


def attachments(document: pikepdf.Pdf, leaves: tuple[Leaf, ...]) -> int:
    """How many files the document carries."""
    names = document.Root.get("/Names")
    carried = names.get("/EmbeddedFiles") if isinstance(names, pikepdf.Dictionary) else None
    pinned: int = sum(note.get("/Subtype") == "/FileAttachment" for leaf in leaves for note in _notes(leaf))
    return pinned + (_count_names(carried) if isinstance(carried, pikepdf.Dictionary) else 0)


def layers(document: pikepdf.Pdf) -> int:
    """How many layers there are that a reader's program may show or hide."""
    properties = document.Root.get("/OCProperties")
    groups = properties.get("/OCGs") if isinstance(properties, pikepdf.Dictionary) else None
    return len(groups) if isinstance(groups, pikepdf.Array) else 0


def comments(leaf: Leaf) -> int:
    """How many comments, stamps and drawings lie upon a page."""
    return sum(note.get("/Subtype") not in _QUIET_NOTES for note in _notes(leaf))


def _words(value: Any) -> str:
    return str(value)[:_MOST_WORDS].strip() if isinstance(value, pikepdf.String) else ""


def _xmp_title(document: pikepdf.Pdf) -> str:
    stream = document.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream) or len(stream.read_raw_bytes()) > _MOST_XML:
        return ""
    try:
        with document.open_metadata(set_pikepdf_as_editor=False, strict=True) as metadata:
            return str(metadata.get("dc:title", ""))[:_MOST_WORDS].strip()
    except Exception:  # whatever a parser says of a stranger's XML, there is no title in it
        return ""


def _notes(leaf: Leaf) -> Iterator[Any]:
    found = leaf.page.get("/Annots")
    if isinstance(found, pikepdf.Array):
        yield from (note for note in islice(found, _MOST_COMMENTS) if isinstance(note, pikepdf.Dictionary))


def _fields(form: Any) -> Iterator[Any]:
    """Every field under a form, groups of fields included; one that was met is not met again."""
    waiting, met = [form.get("/Fields")], set[tuple[int, int]]()
    while waiting and len(met) < _MOST_FIELDS:
        group = waiting.pop()
        for item in group if isinstance(group, pikepdf.Array) else ():
            if isinstance(item, pikepdf.Dictionary) and (item.objgen == (0, 0) or item.objgen not in met):
                met.add(item.objgen if item.is_indirect else (-1, len(met)))
                waiting.append(item.get("/Kids"))
                yield item


def _actions_of(owner: Any) -> Iterator[Any]:
    """What happens when something is opened or clicked, and on its other events."""
    yield from (owner.get(key) for key in ("/OpenAction", "/A"))
    others = owner.get("/AA")
    if isinstance(others, pikepdf.Dictionary):
        yield from (others[key] for key in others.keys())  # noqa: SIM118  # a pikepdf dictionary gives no keys itself


def _in_words(action: Any) -> Iterator[str]:
    """An action and what follows it."""
    for _step in range(20):
        if not isinstance(action, pikepdf.Dictionary):
            return
        if "/JS" in action:
            yield "a script"
        kind = str(action.get("/S", ""))
        if kind in _ACTIONS:
            yield _ACTIONS[kind]
        following = action.get("/Next")
        action = following[0] if isinstance(following, pikepdf.Array) and len(following) else following


def _count_names(tree: Any, deepest: int = 20) -> int:
    """How many entries a tree of names has."""
    names, kids = tree.get("/Names"), tree.get("/Kids")
    own: int = len(names) // 2 if isinstance(names, pikepdf.Array) else 0
    if deepest == 0 or not isinstance(kids, pikepdf.Array):
        return own
    below = (kid for kid in islice(kids, 100) if isinstance(kid, pikepdf.Dictionary))
    return own + sum(_count_names(kid, deepest - 1) for kid in below)
