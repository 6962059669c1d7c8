"""From the bytes of a PDF to its measurements; runs in the child process only.

Two engines and our own walk must find the same pages of the same sizes, or nothing is measured at all.
"""

from collections import Counter
from io import BytesIO
from time import monotonic

import pikepdf

from pioneer_cli.errors import PioneerError
from pioneer_cli.foreign import page_tree, structure
from pioneer_cli.foreign.drawn import Drawing, DrawnPage
from pioneer_cli.foreign.measured import Block, PdfFont, PdfMeasured, PdfPage, encoded
from pioneer_cli.foreign.page_tree import Leaf
from pioneer_cli.foreign.pieces import blocks

_MOST_MEASURED = 60  # pages; whatever stands behind them is past every limit
_MOST_SECONDS = 3.0  # after which no further page is begun
_MOST_SIZES = 200  # of a page, the commonest first
_MOST_FONTS = 200
_SAME_LENGTH = 1.0  # points by which two engines may differ on the length of a side
_HARMLESS = "xref entry for the xref stream itself is missing"  # some writers leave it out of their updates
_SAVE_AGAIN = "open the document and save it as PDF again"


def measure(content: bytes) -> bytes:
    """The measurements of a PDF, encoded. Raises PioneerError where it cannot be read or its pages not be counted."""
    begun = monotonic()
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False, inherit_page_attributes=False) as document:
            return encoded(_measured(document, content, begun))
    except pikepdf.PasswordError:
        raise PioneerError("it is locked with a password", "save it without one") from None
    except pikepdf.PdfError as error:
        raise PioneerError(f"it is damaged: {_reason(error)}", _SAVE_AGAIN) from None


def _measured(document: pikepdf.Pdf, content: bytes, begun: float) -> PdfMeasured:
    structure.check_its_pages_are_fixed(document)
    leaves = page_tree.leaves(document)
    drawing = Drawing(content)
    drawn = _drawn(drawing, leaves, begun)
    fonts = sum((page.fonts for page in drawn), Counter[tuple[str, bool]]())
    found = PdfMeasured(
        pages=_pages(leaves, drawn),
        fonts=tuple(PdfFont(name, embedded, count) for (name, embedded), count in fonts.most_common(_MOST_FONTS)),
        tagged=structure.tagged(document),
        title=structure.title(document),
        language=structure.language(document),
        locked=document.is_encrypted,
        fields=structure.fields(document),
        actions=structure.actions(document, leaves),
        attachments=structure.attachments(document, leaves),
        layers=structure.layers(document),
    )
    _check_agreement(document, drawing, leaves)
    return found


def _check_agreement(document: pikepdf.Pdf, drawing: Drawing, leaves: tuple[Leaf, ...]) -> None:
    """Raises PioneerError unless both engines find what our walk found, and nothing was amiss in the file."""
    warnings = [str(warning) for warning in document.get_warnings() if _HARMLESS not in str(warning)]
    if warnings:
        raise PioneerError(f"it is damaged: {_reason(warnings[0])}", _SAVE_AGAIN)
    counts = {len(leaves), len(document.pages), drawing.count}
    if len(counts) > 1:
        found = " or ".join(str(count) for count in sorted(counts))
        raise PioneerError(f"its pages cannot be counted: readers find {found}", _SAVE_AGAIN)
    for index, leaf in enumerate(leaves):
        width, height = drawing.size(index)
        if max(abs(width - leaf.width), abs(height - leaf.height)) > _SAME_LENGTH:
            raise PioneerError(f"readers differ on the size of page {index + 1}", _SAVE_AGAIN)


def _drawn(drawing: Drawing, leaves: tuple[Leaf, ...], begun: float) -> list[DrawnPage]:
    """The pages as drawn, from the first up to where time or patience ends."""
    found: list[DrawnPage] = []
    for index, leaf in enumerate(leaves[: min(_MOST_MEASURED, drawing.count)]):
        if monotonic() - begun > _MOST_SECONDS:
            break
        found.append(drawing.page(index, leaf.unit))
    return found


def _pages(leaves: tuple[Leaf, ...], drawn: list[DrawnPage]) -> tuple[PdfPage, ...]:
    measured = zip(leaves, drawn, blocks([page.text for page in drawn]), strict=False)
    pages = [_page(leaf, page, block) for leaf, page, block in measured]
    rest = leaves[len(pages) :]
    return (*pages, *(PdfPage(leaf.width * leaf.unit, leaf.height * leaf.unit) for leaf in rest))


def _page(leaf: Leaf, page: DrawnPage, block: Block | None) -> PdfPage:
    return PdfPage(
        width=leaf.width * leaf.unit,
        height=leaf.height * leaf.unit,
        sizes=tuple(page.sizes.most_common(_MOST_SIZES)),
        unsized=page.unsized,
        invisible=page.invisible,
        outside=page.outside,
        traceless=page.traceless,
        block=block,
        pictures=page.pictures,
        comments=structure.comments(leaf),
        blank=page.blank,
        measured=True,
    )


def _reason(error: object) -> str:
    """The first line of what the engine says, without its name for our copy of the file."""
    first = str(error).split("\n")[0]
    return first.split(": ", 1)[-1][:200]
