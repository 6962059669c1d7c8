"""From the bytes of a Word file to what it states of itself; runs in the child process only.

A Word file has no pages: where they break depends on the program, its fonts and the printer. It is read for what it
asks for, its styles and margins, and its own page count is passed on as hearsay.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pioneer_cli.foreign.measured import WordMeasured, WordSection, WordText, encoded
from pioneer_cli.foreign.word_parts import Parts
from pioneer_cli.foreign.word_styles import Styles, is_on

_SKIPPED = {"Fallback", "del", "moveFrom", "instrText", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange"}
_CHANGES = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")
_PROSE = ("footnotes.xml", "endnotes.xml")
_MOST_TEXTS = 300
_MOST_WORDS = 300


def measure(content: bytes) -> bytes:
    """The measurements of a Word file, encoded. Raises PioneerError where it cannot be read."""
    return encoded(_measured(Parts(content)))


@dataclass(slots=True)
class _Texts:
    """Characters by font and size, and how many are hidden."""

    shown: Counter[tuple[str, float | None]] = field(default_factory=Counter)
    hidden: int = 0


def _measured(parts: Parts) -> WordMeasured:
    body = parts.tree(parts.main)
    assert body is not None  # the main part is one of the parts
    style_sheet = parts.tree(parts.beside("styles.xml"))
    styles = Styles(style_sheet, parts.tree(parts.beside("theme/theme1.xml")))
    texts = _Texts()
    for root in (body, *(parts.tree(parts.beside(name)) for name in _PROSE)):
        if root is not None:
            _count_text(root, styles, texts)
    pictures, tables = list(_under(body, "docPr")), list(_under(body, "tbl"))
    found = texts.shown.most_common(_MOST_TEXTS)
    return WordMeasured(
        sections=tuple(_section(section) for section in _under(body, "sectPr")),
        texts=tuple(WordText(font[:_MOST_WORDS], size, count) for (font, size), count in found),
        hidden=texts.hidden,
        stated_pages=_number(_text_of(parts.tree("docProps/app.xml"), "Pages")),
        title=_text_of(parts.tree("docProps/core.xml"), "title"),
        language=_language(parts, style_sheet),
        headings=sum(styles.is_heading(_value(paragraph, "pPr/pStyle")) for paragraph in _under(body, "p")),
        tables=len(tables),
        tables_without_header=sum(not _has_header(table) for table in tables),
        pictures=len(pictures),
        pictures_without_text=sum(not _is_described(picture) for picture in pictures),
        changes=sum(1 for name in _CHANGES for _change in body.iter(name)),
        comments=_count_comments(parts),
        macros=any(name.lower().endswith("vbaproject.bin") for name in parts.names) or _is_of_macros(parts),
    )


def _count_text(root: Element, styles: Styles, texts: _Texts) -> None:
    """Counts every run once, with the style of the paragraph that it stands in."""
    waiting: list[tuple[Element, str | None]] = [(root, None)]
    while waiting:
        element, style = waiting.pop()
        if element.tag == "p":
            style = _value(element, "pPr/pStyle")
        elif element.tag == "r":
            _count_run(element, style, styles, texts)
        waiting += [(child, style) for child in element if child.tag not in _SKIPPED]


def _count_run(run: Element, paragraph_style: str | None, styles: Styles, texts: _Texts) -> None:
    count = sum(len("".join((text.text or "").split())) for text in run.findall("t"))
    if not count:
        return
    own = styles.setting(run.find("rPr"))
    found = styles.resolved(own, _value(run, "rPr/rStyle"), paragraph_style)
    if found.hidden:
        texts.hidden += count
    else:
        texts.shown[found.font or "", found.size] += count


def _under(root: Element, tag: str) -> Iterator[Element]:
    """Every element of a name, but for what stands for another reader or has been replaced."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag == tag:
            yield element
        waiting += [child for child in reversed(element) if child.tag not in _SKIPPED]


def _section(section: Element) -> WordSection:
    size, margin = section.find("pgSz"), section.find("pgMar")
    gutter = _twips(margin, "gutter") or 0.0
    left = _twips(margin, "left")
    return WordSection(
        _twips(size, "w"),
        _twips(size, "h"),
        None if left is None else left + gutter,
        _twips(margin, "top"),
        _twips(margin, "right"),
        _twips(margin, "bottom"),
    )


def _twips(element: Element | None, name: str) -> float | None:
    """A length in twentieths of a point; one in other units is not read."""
    value = None if element is None else element.get(name)
    try:
        return None if value is None or len(value) > 8 else int(value) / 20
    except ValueError:
        return None


def _has_header(table: Element) -> bool:
    header = table.find("tr/trPr/tblHeader")
    first = table.find("tr")
    return header is not None and first is not None and first.find("trPr/tblHeader") is header and _is_set(header)


def _is_set(switch: Element) -> bool:
    return is_on(switch.get("val", "true"))


def _is_described(picture: Element) -> bool:
    decorative = next(picture.iter("decorative"), None)
    return bool(picture.get("descr", "").strip()) or (decorative is not None and _is_set(decorative))


def _language(parts: Parts, style_sheet: Element | None) -> str:
    found = "" if style_sheet is None else _value(style_sheet, "docDefaults/rPrDefault/rPr/lang") or ""
    return (found or _text_of(parts.tree("docProps/core.xml"), "language"))[:_MOST_WORDS]


def _count_comments(parts: Parts) -> int:
    comments = parts.tree(parts.beside("comments.xml"))
    return 0 if comments is None else sum(1 for _comment in comments.iter("comment"))


def _is_of_macros(parts: Parts) -> bool:
    types = parts.tree("[Content_Types].xml")
    return types is not None and any("macroEnabled" in kind.get("ContentType", "") for kind in types)


def _value(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get("val")


def _text_of(root: Element | None, tag: str) -> str:
    found = None if root is None else root.find(tag)
    return "" if found is None else (found.text or "").strip()[:_MOST_WORDS]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
