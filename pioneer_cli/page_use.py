"""Where the pages of a bid go: each section and heading with its pages and words, beside its share of the marks.

Pages are measured in the layout of the typeset document, in lines of plain text from the top of the first page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pioneer_cli.assessment import OVER_BUDGET, PRINTED_AS, SectionPages
from pioneer_cli.formats.typst import Passage
from pioneer_cli.pack import Pack
from pioneer_cli.press import Printed


@dataclass(frozen=True, slots=True)
class HeadingUse:
    """What stands under a heading: the considerations that it answers, where it begins, its pages and its words.

    There are no `codes` where those in the document are of another call than the pack's.
    """

    title: str
    codes: tuple[str, ...]
    first_page: int
    pages: Fraction
    words: int


@dataclass(frozen=True, slots=True)
class SectionUse:
    """A section of the document: where it begins, what it takes, and what it is worth.

    `name` is what the document calls it; `id` the criteria that it counts for, or else the bid's key of it.
    `share` is its part of the pages used; `marks` the criterion's part of the weights and `budget` its pages by the
    pack, each None for a section that is no criterion or has none.
    """

    name: str
    id: str
    title: str
    first_page: int
    pages: Fraction
    words: int
    share: Fraction
    marks: Fraction | None
    budget: Fraction | None
    headings: tuple[HeadingUse, ...]

    @property
    def over_budget(self) -> bool:
        """Whether it takes more than half as much again as its budget."""
        return self.budget is not None and self.pages > OVER_BUDGET * self.budget


@dataclass(frozen=True, slots=True)
class PageUse:
    """The pages of a bid, section by section. `lines_left` is below 0 where there are too many.

    It counts in lines of plain text, up to the limit of pages, or to the end of the last page where there is no limit.
    """

    count: int
    limit: int | None
    used: Fraction
    page_lines: Fraction
    lines_left: Fraction
    sections: tuple[SectionUse, ...]

    @property
    def over(self) -> bool:
        """Whether there are more pages than the call allows."""
        return self.limit is not None and self.count > self.limit


_TITLES = {
    "front": "Title, area and partners", "vision": "Vision", "whole_system": "Whole system", "commitment": "Commitment",
    "capability": "Capability", "sharing": "Sharing", "evidence": "Evidence", "support": "Support asked for",
}  # fmt: skip


def page_use(printed: Printed, pack: Pack) -> PageUse:
    """Where the pages of a typeset bid go; its passages must have been measured.

    A section counts for the criteria of the pack that look for their answers there, whatever their ids.
    """
    typeset = printed.typeset
    total = sum((section.pages for section in typeset.sections), Fraction(0))
    start = Fraction(0)
    sections = []
    for section in typeset.sections:
        start += section.pages
        sections.append(_section(printed, pack, section, section.pages / total if total else Fraction(0), start))
    limit = pack.about.page_limit
    used, page_lines = Fraction(str(round(typeset.used, 2))), _page_lines(printed)
    left = (limit or typeset.count) * page_lines - used
    return PageUse(typeset.count, limit, used, page_lines, left, tuple(sections))


def _section(printed: Printed, pack: Pack, section: SectionPages, share: Fraction, end: Fraction) -> SectionUse:
    """One section; `end` is how many pages of text lie before its end."""
    criteria = [criterion for criterion in pack.criteria if PRINTED_AS.get(criterion.section) == section.name]
    budgets = [Fraction(str(criterion.pages)) for criterion in criteria if criterion.pages is not None]
    weights = sum(criterion.weight for criterion in pack.criteria)
    key = next((key for key, name in PRINTED_AS.items() if name == section.name), section.name)
    return SectionUse(
        section.name,
        ", ".join(criterion.id for criterion in criteria) or key,
        _TITLES.get(key, key),
        section.first_page,
        section.pages,
        sum(_words(passage) for passage in printed.passages if passage.section == section.name),
        share,
        Fraction(sum(criterion.weight for criterion in criteria), weights) if criteria else None,
        sum(budgets, Fraction(0)) if budgets else None,
        tuple(_headings(printed, section.name, end * _page_lines(printed), coded=codes_hold(printed, pack))),
    )


def codes_hold(printed: Printed, pack: Pack) -> bool:
    """Whether the codes behind the document's headings are those of this pack's considerations, not another call's."""
    known = {
        (PRINTED_AS.get(criterion.section), code)
        for criterion in pack.criteria
        for code in (criterion.id, *(consideration.id for consideration in criterion.considerations))
    }
    return all((passage.section, code) in known for passage in printed.passages for code in passage.codes)


def _page_lines(printed: Printed) -> Fraction:
    return Fraction(str(round(printed.typeset.page_lines, 4)))


def _headings(printed: Printed, section: str, end: Fraction, *, coded: bool) -> Iterator[HeadingUse]:
    """The headings of a section that answer considerations; one reaches to the next, the last to the section's end."""
    found = [
        (number, passage, printed.typeset.places[number])
        for number, passage in enumerate(printed.passages)
        if passage.section == section and passage.is_heading and number in printed.typeset.places
    ]
    for index, (number, passage, place) in enumerate(found):
        following = found[index + 1][2].start if index + 1 < len(found) else end
        if passage.codes:
            words = sum(_words(other) for other in printed.passages if other.heading == number)
            pages = max(Fraction(0), following - place.start) / _page_lines(printed)
            yield HeadingUse(passage.text, passage.codes if coded else (), place.first_page, pages, words)


def _words(passage: Passage) -> int:
    return len(passage.text.split())
