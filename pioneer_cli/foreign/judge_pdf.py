"""From the measurements of a PDF to what they mean: the call's page limit, our layout, and whether all can read it.

What could not be measured is unknown, never met: a scan has no text, a picture may hold any.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import ceil

from pioneer_cli.assessment import Outcome
from pioneer_cli.foreign.claims import CLAIMS, Check, broken, held, unknown
from pioneer_cli.foreign.layout import A4_AREA, body_size, is_a4, lengths, margins, sans_serif, smallest_size
from pioneer_cli.foreign.measured import PdfMeasured, PdfPage
from pioneer_cli.quantities import plural

_BODY = 10.75  # 11 pt, with a quarter of a point of grace
_MOST_PICTURES = 0.5  # of a page: where pictures cover more, its text is not known
_MOST_UNSIZED = 0.1  # of all characters
_FEW_HIDDEN = 3  # characters: a blank letter or two of a strange font
_ROOM = 0.05  # of A4 that a sheet may be larger and still be one page
_FULL_PAGE = 200  # characters that a page must have for its own size to count
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def judge_pdf(found: PdfMeasured, limit: int | None) -> tuple[Check, ...]:
    """Every check of a PDF, the call's first."""
    return (_page_limit(found.pages, limit), *(check(found) for check in _CHECKS))


def _page_limit(pages: Sequence[PdfPage], limit: int | None) -> Check:
    count, room = len(pages), sum(_sheets(page) for page in pages)
    if limit is None:
        return Check(CLAIMS["page-limit"], Outcome.NOT_APPLICABLE, f"{plural(count, 'page')}; the call sets no limit")
    if count > limit:
        return broken("page-limit", f"{plural(count, 'page')}, where the limit is {limit}", range(limit + 1, count + 1))
    if all(page.blank for page in pages):
        return unknown("page-limit", f"{plural(count, 'page')}, every one blank: is it the right document?")
    if room > limit:
        large = [number for number, page in enumerate(pages, 1) if _sheets(page) > 1]
        return unknown(
            "page-limit", f"{plural(count, 'page')}, but larger than A4: they have the room of {room}", large
        )
    return held("page-limit", f"{count} of {plural(limit, 'page')}")


def _sheets(page: PdfPage) -> int:
    """How many pages of A4 have the room of this one."""
    return max(1, ceil(page.width * page.height / A4_AREA - _ROOM))


def _paper(found: PdfMeasured) -> Check:
    wrong = _where(found, lambda page: not is_a4(page.width, page.height))
    if not wrong:
        return held("paper-is-a4", "every page is A4")
    first = found.pages[wrong[0] - 1]
    return broken("paper-is-a4", f"{_of(wrong, found)} not A4 but {lengths(first.width, first.height)}", wrong)


def _portrait(found: PdfMeasured) -> Check:
    wrong = _where(found, lambda page: page.width > page.height)
    if wrong:
        return broken("pages-are-portrait", f"{_of(wrong, found)} wider than high", wrong)
    return held("pages-are-portrait", "every page is upright")


def _margins(found: PdfMeasured) -> Check:
    blocks = {number: page.block for number, page in enumerate(found.pages, 1) if page.block}
    check = margins(blocks)
    return check if check.outcome is Outcome.UNMET else _unless_unmeasured(found, check)


def _body_size(found: PdfMeasured) -> Check:
    sizes = _sizes(found.pages)
    check = body_size(sizes)
    if check.outcome is Outcome.MET:
        small = _where(found, lambda page: page.characters >= _FULL_PAGE and _commonest(page) < _BODY)
        if small:
            said = f"{check.found}, but on {plural(len(small), 'page')} most are smaller"
            check = Check(check.claim, Outcome.PARTLY, said, tuple(small))
    return check if check.is_gap else _unless_unmeasured(found, check)


def _smallest(found: PdfMeasured) -> Check:
    check = smallest_size(_sizes(found.pages))
    if check.outcome is Outcome.UNMET:
        small = _where(found, lambda page: any(size < 7.75 for size, _count in page.sizes))
        return broken(check.claim.id, check.found, small)
    return _unless_unmeasured(found, check)


def _sans_serif(found: PdfMeasured) -> Check:
    families = Counter[str]()
    for font in found.fonts:
        families[font.name] += font.characters
    return sans_serif(families)


def _embedded(found: PdfMeasured) -> Check:
    loose = [font.name or "one without a name" for font in found.fonts if not font.embedded]
    if loose:
        return broken("fonts-are-embedded", f"{plural(len(loose), 'font')} not embedded: {', '.join(loose[:5])}")
    if not found.fonts:
        return unknown("fonts-are-embedded", "there is no text that could show it")
    check = held("fonts-are-embedded", f"{plural(len(found.fonts), 'font')}, all embedded")
    late = _where(found, lambda page: not page.measured)
    return unknown(check.claim.id, f"{plural(len(late), 'page')} not measured", late) if late else check


def _hidden(found: PdfMeasured) -> Check:
    pages = found.pages
    counts = {
        "drawn invisibly": sum(page.invisible for page in pages),
        "outside the page": sum(page.outside for page in pages),
        "in the colour of what is behind, covered, or in a layer that is off": sum(page.traceless for page in pages),
    }
    if sum(counts.values()) >= _FEW_HIDDEN:
        said = "; ".join(f"{plural(count, 'character')} {how}" for how, count in counts.items() if count)
        return broken("no-text-is-hidden", said, _where(found, lambda page: _hidden_on(page) > 0))
    late = _where(found, lambda page: not page.measured)
    if late:
        return unknown("no-text-is-hidden", f"{plural(len(late), 'page')} not measured", late)
    if found.layers:
        return unknown("no-text-is-hidden", f"{plural(found.layers, 'layer')} that a reader may show or hide")
    return held("no-text-is-hidden", "none found")


def _hidden_on(page: PdfPage) -> int:
    return page.invisible + page.outside + page.traceless


def _comments(found: PdfMeasured) -> Check:
    pages = _where(found, lambda page: page.comments > 0)
    if pages:
        count = sum(page.comments for page in found.pages)
        return broken("no-comments-are-left", f"{plural(count, 'comment or stamp')} on the pages, not measured", pages)
    late = _where(found, lambda page: not page.measured)
    return (
        unknown("no-comments-are-left", "not looked for on every page", late) if late else _none("no-comments-are-left")
    )


def _unlocked(found: PdfMeasured) -> Check:
    if found.locked:
        return broken("document-is-unlocked", "it opens without a password, but restricts what readers may do")
    return held("document-is-unlocked", "it has no restrictions")


def _filled(found: PdfMeasured) -> Check:
    if found.fields:
        said = f"{plural(found.fields, 'field')}; what is typed into them is not measured"
        return broken("nothing-is-to-be-filled-in", said)
    return held("nothing-is-to-be-filled-in", "no form")


def _runs(found: PdfMeasured) -> Check:
    if found.actions:
        return broken("nothing-runs-by-itself", f"it has {', '.join(found.actions)}")
    return _none("nothing-runs-by-itself")


def _attached(found: PdfMeasured) -> Check:
    if found.attachments:
        return broken("nothing-is-attached", f"{plural(found.attachments, 'file')} inside, not measured")
    return _none("nothing-is-attached")


def _readable(found: PdfMeasured) -> Check:
    pictured = _where(found, lambda page: page.measured and not page.blank and not _says_something(page))
    if pictured:
        return broken("text-can-be-read", f"{_of(pictured, found)} without text that a screen reader finds", pictured)
    if any(not page.measured for page in found.pages):
        return unknown("text-can-be-read", "not every page was measured")
    if all(page.blank for page in found.pages):
        return broken("text-can-be-read", "every page is blank")
    return held("text-can-be-read", "every page that shows something has text")


def _says_something(page: PdfPage) -> bool:
    return page.characters + page.unsized + page.invisible > 0


def _tagged(found: PdfMeasured) -> Check:
    if found.tagged:
        return held("document-is-tagged", "headings, lists and tables are marked")
    return broken("document-is-tagged", "nothing says what is a heading, a list or a table")


def _title(found: PdfMeasured) -> Check:
    if found.title:
        return held("document-has-a-title", f"'{found.title}'")
    return broken("document-has-a-title", "there is none, or only the name of a file")


def _language(found: PdfMeasured) -> Check:
    if _LANGUAGE.fullmatch(found.language):
        return held("document-has-a-language", found.language)
    said = f"'{found.language}' is none" if found.language else "there is none"
    return broken("document-has-a-language", said)


_CHECKS: tuple[Callable[[PdfMeasured], Check], ...] = (
    _paper, _portrait, _margins, _body_size, _smallest, _sans_serif, _embedded, _hidden, _comments, _unlocked, _filled,
    _runs, _attached, _readable, _tagged, _title, _language,
)  # fmt: skip


# --- What several checks ask -----------------------------------------------------------------------------------------


def _where(found: PdfMeasured, holds: Callable[[PdfPage], bool]) -> list[int]:
    return [number for number, page in enumerate(found.pages, 1) if holds(page)]


def _of(pages: Sequence[int], found: PdfMeasured) -> str:
    """How many pages of all, with their verb."""
    return f"{len(pages)} of {plural(len(found.pages), 'page')} {'is' if len(pages) == 1 else 'are'}"


def _none(name: str) -> Check:
    return held(name, "none found")


def _sizes(pages: Iterable[PdfPage]) -> Counter[float]:
    sizes = Counter[float]()
    for page in pages:
        for size, count in page.sizes:
            sizes[size] += count
    return sizes


def _commonest(page: PdfPage) -> float:
    return max(page.sizes, key=lambda pair: pair[1])[0]


def _unless_unmeasured(found: PdfMeasured, check: Check) -> Check:
    """The check, or unknown where some text may stand that nobody measured."""
    name = check.claim.id
    late = _where(found, lambda page: not page.measured)
    if late:
        return unknown(name, f"{plural(len(late), 'page')} not measured, since there are so many", late)
    pictured = _where(found, lambda page: page.pictures > _MOST_PICTURES or (page.block is None and not page.blank))
    if pictured:
        return unknown(name, f"{_of(pictured, found)} mostly or only pictures, whose text is not measured", pictured)
    sized, unsized = sum(page.characters for page in found.pages), sum(page.unsized for page in found.pages)
    if unsized > _MOST_UNSIZED * (sized + unsized) and name != "margins-are-2-cm":
        return unknown(name, f"the fonts of {plural(unsized, 'character')} tell a size that the letters do not have")
    return check
