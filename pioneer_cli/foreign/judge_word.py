"""From what a Word file states of itself to what that means. Its pages are never judged: it has none yet."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pioneer_cli.assessment import Outcome
from pioneer_cli.foreign.claims import CLAIMS, Check, broken, held, unknown
from pioneer_cli.foreign.layout import body_size, is_a4, lengths, margins, sans_serif, smallest_size
from pioneer_cli.foreign.measured import Block, WordMeasured, WordSection
from pioneer_cli.quantities import plural

_MOST_UNKNOWN = 0.1  # of all characters


def judge_word(found: WordMeasured) -> tuple[Check, ...]:
    """Every check of a Word file, the call's first."""
    return (_page_limit(found), *(check(found) for check in _CHECKS))


def _page_limit(found: WordMeasured) -> Check:
    stated = "nothing" if found.stated_pages is None else str(found.stated_pages)
    check = unknown("page-limit", f"Word says {stated} (not authoritative); pages are counted in the PDF")
    return replace(check, claim=replace(check.claim, remedy="save it as PDF, and judge that with `pioneer pages`"))


def _paper(found: WordMeasured) -> Check:
    sizes = [(section.width, section.height) for section in found.sections]
    known = [(width, height) for width, height in sizes if width is not None and height is not None]
    wrong = [size for size in known if not is_a4(*size)]
    if wrong:
        return broken("paper-is-a4", f"{_of(len(wrong), found)} not A4 but {lengths(*wrong[0])}")
    if len(known) < len(sizes) or not sizes:
        return unknown("paper-is-a4", "the file does not say its paper")
    return held("paper-is-a4", "every section is A4")


def _portrait(found: WordMeasured) -> Check:
    sizes = [(section.width, section.height) for section in found.sections]
    wide = sum(width is not None and height is not None and width > height for width, height in sizes)
    if wide:
        return broken("pages-are-portrait", f"{_of(wide, found)} wider than high")
    if any(None in size for size in sizes) or not sizes:
        return unknown("pages-are-portrait", "the file does not say its paper")
    return held("pages-are-portrait", "every section is upright")


def _margins(found: WordMeasured) -> Check:
    blocks = [_block(section) for section in found.sections]
    if None in blocks or not blocks:
        return unknown("margins-are-2-cm", "the file does not say its margins")
    check = margins({number: block for number, block in enumerate(blocks, 1) if block is not None})
    said = check.found.replace("on page", "in section").replace("text comes", "text may come")
    return Check(check.claim, check.outcome, said)


def _block(section: WordSection) -> Block | None:
    left, top, right, bottom = section.left, section.top, section.right, section.bottom
    if left is None or top is None or right is None or bottom is None:
        return None
    return Block(left, abs(top), right, abs(bottom))  # below nothing: the header may not push the text down


def _body_size(found: WordMeasured) -> Check:
    return _unless_unknown(found, body_size(_sizes(found)))


def _smallest(found: WordMeasured) -> Check:
    return _unless_unknown(found, smallest_size(_sizes(found)))


def _unless_unknown(found: WordMeasured, check: Check) -> Check:
    """The check, or unknown where too much text has no size in any style."""
    total = sum(text.characters for text in found.texts)
    loose = sum(text.characters for text in found.texts if text.size is None)
    if check.outcome is Outcome.MET and loose > _MOST_UNKNOWN * total:
        return unknown(check.claim.id, f"no style gives {plural(loose, 'character')} a size")
    return check


def _sizes(found: WordMeasured) -> Counter[float]:
    sizes = Counter[float]()
    for text in found.texts:
        if text.size is not None:
            sizes[text.size] += text.characters
    return sizes


def _sans_serif(found: WordMeasured) -> Check:
    fonts = Counter[str]()
    for text in found.texts:
        fonts[text.font] += text.characters
    return sans_serif(fonts)


def _hidden(found: WordMeasured) -> Check:
    if found.hidden:
        return broken("no-text-is-hidden", f"{plural(found.hidden, 'character')} formatted as hidden")
    return unknown("no-text-is-hidden", "none is formatted as hidden; what is covered or white shows in the PDF only")


def _comments(found: WordMeasured) -> Check:
    return _none_of("no-comments-are-left", found.comments, "comment")


def _changes(found: WordMeasured) -> Check:
    return _none_of("no-changes-are-tracked", found.changes, "tracked change")


def _macros(found: WordMeasured) -> Check:
    return broken("nothing-runs-by-itself", "it has macros") if found.macros else _none_of("nothing-runs-by-itself", 0)


def _title(found: WordMeasured) -> Check:
    if found.title:
        return held("document-has-a-title", f"'{found.title}'")
    return broken("document-has-a-title", "there is none")


def _language(found: WordMeasured) -> Check:
    if found.language:
        return held("document-has-a-language", found.language)
    return broken("document-has-a-language", "there is none")


def _headings(found: WordMeasured) -> Check:
    if found.headings:
        return held("headings-are-styled", plural(found.headings, "heading"))
    return broken("headings-are-styled", "no paragraph has the style of a heading")


def _tables(found: WordMeasured) -> Check:
    return _all_of("tables-have-header-rows", found.tables, found.tables_without_header, "table")


def _pictures(found: WordMeasured) -> Check:
    return _all_of("pictures-are-described", found.pictures, found.pictures_without_text, "picture")


_CHECKS: tuple[Callable[[WordMeasured], Check], ...] = (
    _paper, _portrait, _margins, _body_size, _smallest, _sans_serif, _hidden, _comments, _changes, _macros, _title,
    _language, _headings, _tables, _pictures,
)  # fmt: skip


def _of(number: int, found: WordMeasured) -> str:
    return f"{number} of {plural(len(found.sections), 'section')} {'is' if number == 1 else 'are'}"


def _none_of(name: str, number: int, word: str = "") -> Check:
    return broken(name, plural(number, word)) if number else held(name, "none found")


def _all_of(name: str, number: int, lacking: int, word: str) -> Check:
    """Whether every thing of a kind has what it should; with no such thing the claim does not apply."""
    if not number:
        return Check(CLAIMS[name], Outcome.NOT_APPLICABLE, f"no {word}s")
    if lacking:
        return broken(name, f"{lacking} of {plural(number, word)} without")
    return held(name, plural(number, word))
