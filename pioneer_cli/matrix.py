"""Where a bid answers each consideration: under which heading, on which page of the PDF, in which words.

A place answers a consideration when a rule of it earned something there. Places are those of the typeset document, and
several of them under one heading make one row. What nothing answers has a row that says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import groupby, takewhile
from textwrap import shorten

from pioneer_cli.answered import fields_of
from pioneer_cli.assessment import Assessment, Evidence, Finding, Outcome, Pages, SectionPages
from pioneer_cli.bid import Phase
from pioneer_cli.edits import value_at
from pioneer_cli.formats.typst import Passage
from pioneer_cli.judge import judge
from pioneer_cli.pack import Consideration, Criterion, Pack, Rule
from pioneer_cli.press import Press, Printed
from pioneer_cli.source import Source
from pioneer_cli.tree import BidPath

NOT_ANSWERED = "not answered"
LEFT_TO_PEOPLE = "left to the reviewers: no rule of it can be checked by a machine"
DOES_NOT_APPLY = "does not apply to this bid"
NOT_PRINTED = "in the file, but not printed with this template"
NO_ONE_PLACE = "rests on the bid as a whole and on no one place"
HEAD = "Head of the document"  # what stands before a document's first heading
_QUOTE = 100  # characters of the words that a place is known by
_LEAST_SHARED = 2  # steps of a path: that two places stand in one section of the file does not make them neighbours


@dataclass(frozen=True, slots=True)
class Answer:
    """A place that answers a consideration: its path in the bid, its pages, and the rules that rest on it.

    `quote` is how the passage begins that is printed there. A place that is printed in no passage of its own, such as
    one item of a list that the template strings together, has the pages of its section and the words of the bid's
    file; one that the template does not print has no pages.
    """

    path: BidPath
    quote: str
    first_page: int | None
    last_page: int | None
    rules: tuple[str, ...]
    has_passage: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """The places under one heading that answer a consideration, in the order of the document.

    `section` is the id of the printed section. Without answers `where` says why there are none, and `section` is empty.
    `in_own_section` is whether the heading belongs to the criterion that asks.
    """

    criterion: Criterion
    consideration: Consideration
    outcome: Outcome
    section: str
    where: str
    in_own_section: bool
    answers: tuple[Answer, ...]

    @property
    def first_page(self) -> int | None:
        """The page where the first of its places begins."""
        return min((answer.first_page for answer in self.answers if answer.first_page), default=None)

    @property
    def last_page(self) -> int | None:
        """The page where the last of its places ends."""
        return max((answer.last_page for answer in self.answers if answer.last_page), default=None)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Where a bid answers each consideration of a pack, in the pack's order."""

    source: Source
    pack: Pack
    title: str
    phase: Phase
    pages: Pages
    rows: tuple[Row, ...]

    def by_consideration(self) -> Iterator[tuple[Row, ...]]:
        """The rows of each consideration."""
        for _, rows in groupby(self.rows, key=lambda row: row.consideration.id):
            yield tuple(rows)

    def by_criterion(self) -> Iterator[tuple[Criterion, tuple[tuple[Row, ...], ...]]]:
        """The criteria, each with the rows of each of its considerations."""
        for _, considerations in groupby(self.by_consideration(), key=lambda rows: rows[0].criterion.id):
            found = tuple(considerations)
            yield found[0][0].criterion, found


def answer_matrix(source: Source, bid: Mapping[str, object], pack: Pack, phase: Phase, press: Press) -> Matrix:
    """Typesets a bid, judges it, and finds where it answers what. Raises PioneerError.

    `bid` is the plain data of the source's bid.
    """
    printed = press.typeset(bid, measured="pages")
    pages = printed.typeset.pages(pack.about.page_limit)
    found = judge(pack, bid, phase, pages)
    return Matrix(source, pack, str(bid["title"]), phase, pages, matrix(pack, bid, found, printed))


def matrix(pack: Pack, bid: Mapping[str, object], assessment: Assessment, printed: Printed) -> tuple[Row, ...]:
    """A row or more for each consideration, by page, of a bid's plain data and its document, which was measured."""
    outline = _Outline(pack, bid, printed)
    rows: list[Row] = []
    for score in assessment.criteria:
        own = printed.typeset.pages(None).of(score.criterion.section)
        for item in score.considerations:
            findings = [found for found in assessment.findings if found.consideration.id == item.consideration.id]
            asked = partial(Row, score.criterion, item.consideration, item.outcome)
            answered = [
                asked(section, where, _is_own(score.criterion, own, section, answers), answers)
                for (section, where), answers in outline.answers(findings).items()
            ]
            rows += answered or [asked("", _why_none(item.outcome, findings), True, ())]
    return tuple(rows)


def _is_own(criterion: Criterion, own: SectionPages | None, section: str, answers: Sequence[Answer]) -> bool:
    """Whether places stand in the criterion's section; where that is not printed as one, whether the file says so."""
    if own is not None:
        return own.name == section
    return all(answer.path[0] == criterion.section for answer in answers)


def _why_none(outcome: Outcome, findings: Sequence[Finding]) -> str:
    if outcome is Outcome.NOT_APPLICABLE:
        return DOES_NOT_APPLY
    if all(found.rule.is_judged for found in findings):
        return LEFT_TO_PEOPLE
    return NO_ONE_PLACE if any(found.low > 0 for found in findings) else NOT_ANSWERED


# --- Places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a piece of evidence is printed: how far down the document, under which heading, and in which words.

    Evidence with the same `entry` is told of as one place.
    """

    start: Fraction
    section: str
    where: str
    entry: BidPath
    quote: str
    first_page: int | None
    last_page: int | None
    has_passage: bool


@dataclass(frozen=True, slots=True)
class _Resting:
    """A rule that rests on a piece of evidence, and where that is printed."""

    rule: str
    path: BidPath
    spot: _Spot


class _Outline:
    """The headings and sections of a typeset document, and where in them evidence stands."""

    def __init__(self, pack: Pack, bid: Mapping[str, object], printed: Printed) -> None:
        self._pack = pack
        self._bid = bid
        self._printed = printed
        self._sections = {section.name: section for section in printed.typeset.sections}
        self._titles: dict[str, str] = {}
        self._inside = printed.passages_inside()
        for passage in printed.passages:
            self._titles.setdefault(passage.section, passage.text if passage.is_heading else HEAD)

    def answers(self, findings: Sequence[Finding]) -> Mapping[tuple[str, str], tuple[Answer, ...]]:
        """The places that findings rest on, by the section and the heading that they stand under, in their order."""
        entries: dict[tuple[bool, BidPath], list[_Resting]] = {}
        for found in findings:
            for evidence in self._evidence(found):
                spot = self._spot(evidence)
                entries.setdefault((spot.has_passage, spot.entry), []).append(
                    _Resting(found.rule.id, evidence.path, spot)
                )
        headings: dict[tuple[str, str], list[Answer]] = {}
        for resting in sorted(entries.values(), key=lambda parts: min(part.spot.start for part in parts)):
            first = min((part.spot for part in resting), key=lambda spot: spot.start)
            headings.setdefault((first.section, first.where), []).append(_answer(first, resting))
        return {heading: tuple(answers) for heading, answers in headings.items()}

    def _evidence(self, found: Finding) -> Iterator[Evidence]:
        """What a finding rests on; instead of a section as a whole, those of its fields that the rule looks at."""
        for evidence in found.evidence if found.low > 0 else ():
            fields = self._fields(found.rule, evidence) if len(evidence.path) == 1 else []
            yield from [field for field in fields if self._spot(field).has_passage] or [evidence]

    def _fields(self, rule: Rule, evidence: Evidence) -> list[Evidence]:
        """The stated fields of a section that a rule looks at."""
        paths = [tuple(field.split(".")) for field in fields_of(self._pack.tests[rule.id]) if "[]" not in field]
        inside = [path for path in paths if len(path) > 1 and path[:1] == evidence.path]
        return [Evidence(path, evidence.quote) for path in inside if value_at(self._bid, path)]

    def _spot(self, evidence: Evidence) -> _Spot:
        number = self._nearest(evidence.path)
        if number is None:
            last = self._printed.typeset.count * Fraction(1000)
            return _Spot(last, "", NOT_PRINTED, _field(evidence.path), evidence.quote, None, None, has_passage=False)
        passage, place = self._printed.passages[number], self._printed.typeset.places[number]
        if _is_at_home(passage.path, evidence.path, at_head=self._titles[passage.section] == HEAD):
            where, entry, quote = self._heading(passage), _entry(passage.path), _beginning(passage.text)
            return _Spot(place.start, passage.section, where, entry, quote, place.first_page, place.last_page, True)
        section = self._sections[passage.section]
        where, quote = self._titles[passage.section], _beginning(evidence.quote)
        entry, first_page, last_page = _field(evidence.path), section.first_page, section.last_page
        return _Spot(place.start, passage.section, where, entry, quote, first_page, last_page, has_passage=False)

    def _nearest(self, path: BidPath) -> int | None:
        """The number of the passage that shares most of a path; of several the first that stands under a heading."""
        prefixes = (path[:length] for length in range(len(path), 0, -1))
        found = next((self._inside[prefix] for prefix in prefixes if prefix in self._inside), [])
        return min(found, key=lambda number: self._printed.passages[number].heading is None, default=None)

    def _heading(self, passage: Passage) -> str:
        """The heading that a passage stands under, behind that of its section."""
        title = self._titles[passage.section]
        if passage.heading is None:
            return title
        heading = self._printed.passages[passage.heading].text
        return heading if title in (heading, HEAD) else f"{title}: {heading}"


def _answer(first: _Spot, resting: Sequence[_Resting]) -> Answer:
    rules = tuple(dict.fromkeys(part.rule for part in resting))
    path = _shared([part.path for part in resting])
    return Answer(path, first.quote, first.first_page, first.last_page, rules, first.has_passage)


def _is_at_home(printed: BidPath, path: BidPath, *, at_head: bool) -> bool:
    """Whether a passage prints what stands at a path, or another field of the same entry.

    The nearest passage may print another entry, or a neighbour in the section; its words would be the wrong ones. At
    the head of the document, which no heading divides, a neighbour will do.
    """
    if printed[: len(path)] == path:
        return True
    field = path[:-1] if isinstance(path[-1], int) else path
    entry = max((index for index, step in enumerate(field) if isinstance(step, int)), default=len(field) - 2)
    home = field[: entry + 1]
    return bool(home) and printed[: len(home)] == home and (at_head or len(home) >= _LEAST_SHARED)


def _entry(path: BidPath) -> BidPath:
    """The outermost entry of a list that a path leads into; the path itself where it leads into none."""
    return next((path[: index + 1] for index, step in enumerate(path) if isinstance(step, int)), path)


def _field(path: BidPath) -> BidPath:
    """A path without what stands in an entry of a list: all entries of the list in one."""
    return next((path[:index] for index, step in enumerate(path) if isinstance(step, int)), path)


def _shared(paths: Sequence[BidPath]) -> BidPath:
    """As much as several paths have in common."""
    first, last = min(paths, key=_sortable), max(paths, key=_sortable)
    alike = takewhile(lambda steps: steps[0] == steps[1], zip(first, last, strict=False))
    return tuple(step for step, _ in alike)


def _sortable(path: BidPath) -> tuple[tuple[bool, int, str], ...]:
    return tuple((False, step, "") if isinstance(step, int) else (True, 0, step) for step in path)


@lru_cache(maxsize=1024)  # many rules rest on one passage
def _beginning(text: str) -> str:
    """The first words of a text on one line, and an ellipsis where it goes on."""
    line = " ".join(text.split())
    if len(line) <= _QUOTE:
        return line
    return shorten(line[: 2 * _QUOTE], _QUOTE, placeholder="…") if " " in line[:_QUOTE] else line[:_QUOTE]
