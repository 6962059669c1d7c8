"""All that a reviewer is told of one bid: its gaps criterion by criterion, and what stands in it beside the criteria.

Pure data, made from the bid, its typeset document, the pack with its reading, and the reviewers' files; every reporter
of `pioneer gaps` writes from it. What is found by reading words bears on no score.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pioneer_cli.assessment import (
    Assessment,
    ConsiderationScore,
    CriterionScore,
    Finding,
    GateResult,
    Outcome,
    Pages,
    Report,
    SectionPages,
)
from pioneer_cli.bid import LifeStage, NeedLevel, WorkforceSector
from pioneer_cli.claims import Anachronistic, anachronisms, claims
from pioneer_cli.clarification import Standing, questions, standings
from pioneer_cli.judgement import Panel
from pioneer_cli.ledger import Ledger, ledger
from pioneer_cli.matrix import Row, matrix
from pioneer_cli.organisations import Organisations, organisations
from pioneer_cli.pack import Offer, Pack
from pioneer_cli.predicates import Shortfall
from pioneer_cli.press import Printed
from pioneer_cli.prose import find_quote, one_line
from pioneer_cli.quantities import long_date
from pioneer_cli.reading import Expectation, Reading
from pioneer_cli.source import Source
from pioneer_cli.spoken_to import Expected as SpokenOf
from pioneer_cli.spoken_to import Spoken, expectations, spoken_to
from pioneer_cli.tree import BidPath
from pioneer_cli.whereabouts import Spot, Whereabouts

if TYPE_CHECKING:  # most reports have neither, and their models take time to make
    from pioneer_cli.replies import Replies
    from pioneer_cli.review import CriterionJudgement, JudgedQuestion

# The readings: what is found by reading words, each under the name by which a report cites it (house, low confidence).
SPOKEN_TO = "passages-that-speak-to-it"
EXPECTED = "what-is-expected-in-five-years"
FIGURES_DIFFER = "figures-that-differ"
STRANGERS = "organisations-that-are-no-partners"
SILENT_PARTNERS = "partners-named-nowhere"
ANACHRONISMS = "words-before-their-time"
UNSUPPORTED = "claims-without-evidence"
MOST_FOUND = 150  # by one reading; no bid of ten pages comes near it


class Quoted(NamedTuple):
    """Words of the bid and where they stand; `remark` is what there is to say of them."""

    text: str
    spot: Spot
    remark: str = ""


class Gap(NamedTuple):
    """A rule that the bid falls short of: why and where, what would help, and the points that mending it would gain."""

    finding: Finding
    missing: tuple[Quoted, ...]
    offer: Offer | None
    gain: Fraction


class Judged(NamedTuple):
    """A question for people: what each reviewer answered, and how it stands."""

    finding: Finding
    answers: "tuple[tuple[str, JudgedQuestion], ...]"
    differ: bool


class Heard(NamedTuple):
    """What words alone say: how a consideration or an expectation is spoken to, and the best passages."""

    spoken: Spoken | SpokenOf
    passages: tuple[Quoted, ...]


class ConsiderationGaps(NamedTuple):
    """One consideration: its outcome, where it is answered, what is missing, and what only people can say.

    `standing` is how the question to the bidder stands, None where there is nothing to ask.
    """

    score: ConsiderationScore
    rows: tuple[Row, ...]
    met: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    judged: tuple[Judged, ...]
    heard: Heard | None
    standing: Standing | None


class CriterionGaps(NamedTuple):
    """One criterion: its score and pages, the levels that reviewers gave, and its considerations.

    `quotes` are the words of the bid that reviewers rest their levels on, by the reviewer.
    """

    score: CriterionScore
    pages: SectionPages | None
    levels: "tuple[tuple[str, CriterionJudgement], ...]"
    quotes: Mapping[str, tuple[Quoted, ...]]
    agreed: int | None
    considerations: tuple[ConsiderationGaps, ...]

    @property
    def differ(self) -> bool:
        """Whether reviewers differ among themselves, or one from what the machine found."""
        given = {found.level for _, found in self.levels if found.level is not None}
        low, high = self.score.level_low.level, self.score.level_high.level
        return len(given) > 1 or any(not low <= level <= high for level in given)


class GateGaps(NamedTuple):
    """A gate and, where it holds the bid up, why and where, and how the question to the bidder stands."""

    result: GateResult
    missing: tuple[Quoted, ...]
    standing: Standing | None


class Expected(NamedTuple):
    """An expectation of the call: how the considerations stand that it rests on, and what in the bid speaks to it.

    `answers` are places that answer those considerations by their rules, one of each; the remark names it.
    """

    expectation: Expectation
    considerations: tuple[ConsiderationScore, ...]
    heard: Heard
    answers: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole-system matrix: which sectors work at which life stage and level of need, as the bid states it."""

    stages: tuple[str, ...]
    needs: tuple[str, ...]
    sectors: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def covered(self) -> int:
        """How many cells the bid fills in."""
        return sum(map(len, self.cells.values()))

    @property
    def of(self) -> int:
        """How many cells there are."""
        return len(self.stages) * len(self.needs) * len(self.sectors)


class LedgerLine(NamedTuple):
    """A figure or a date, as it is written first, with each place where it stands.

    It `differs` when one of its places says something else than another place of the bid.
    """

    kind: str
    shown: str
    places: tuple[Quoted, ...]
    differs: bool


class Differing(NamedTuple):
    """Figures for what seems to be the same thing."""

    about: str
    why: str
    places: tuple[Quoted, ...]


class Words(NamedTuple):
    """What was found by reading words, before it is known on which pages they stand."""

    spoken: Mapping[str, Spoken]
    expected: tuple[tuple[Expectation, SpokenOf], ...]
    ledger: Ledger
    organisations: Organisations
    anachronisms: tuple[tuple[BidPath, str, str], ...]
    claims: tuple[tuple[BidPath, str, str], ...]


@dataclass(frozen=True, slots=True)
class GapReport:
    """All that a reviewer is told of one bid; `digests` are the sha256 of what it was made from, by name."""

    source: Source
    title: str
    pack: Pack
    assessment: Assessment
    pages: Pages
    gates: tuple[GateGaps, ...]
    criteria: tuple[CriterionGaps, ...]
    expected: tuple[Expected, ...]
    coverage: Coverage
    ledger: tuple[LedgerLine, ...]
    has_more_figures: bool
    differing: tuple[Differing, ...]
    strangers: tuple[Quoted, ...]
    silent_partners: tuple[Quoted, ...]
    anachronisms: tuple[Quoted, ...]
    claims: tuple[Quoted, ...]
    panel: Panel
    standings: tuple[Standing, ...]
    digests: Mapping[str, str]

    @property
    def judged(self) -> Report:
        """The bid's assessment as other reports have it."""
        return Report(self.source, self.pack, self.title, (), self.assessment, self.pages)

    def count(self, outcome: Outcome) -> int:
        """How many considerations came to an outcome."""
        return sum(found.score.count(outcome) for found in self.criteria)


def words_of_bid(pack: Pack, reading: Reading, bid: Mapping[str, Any]) -> Words:
    """Reads the words of a bid's plain data; needs no pages, so that it can be done while the bid is typeset."""
    return Words(
        spoken_to(pack, reading, bid),
        tuple(zip(reading.expectations, expectations(reading, bid).values(), strict=True)),
        ledger(bid),
        organisations(bid),
        tuple((found.path, found.piece, _since(found)) for found in anachronisms(reading, bid)[:MOST_FOUND]),
        tuple((found.path, found.text, found.why) for found in claims(bid)[:MOST_FOUND]),
    )


def _since(found: Anachronistic) -> str:
    return f"{found.term} (since {long_date(found.since)}): {found.what.rstrip('.')}"


def gap_report(
    source: Source,
    bid: Mapping[str, Any],
    pack: Pack,
    assessment: Assessment,
    printed: Printed,
    words: Words,
    panel: Panel,
    replies: "Replies | None",
    digests: Mapping[str, str],
) -> GapReport:
    """The report of a bid's plain data, its measured document, its assessment and what its words say."""
    pages = printed.typeset.pages(pack.about.page_limit)
    standing = standings(questions(assessment), replies, pack, source.sha256)
    open_now = {found.id: found for found in standing if found.question is not None}
    maker = _Maker(pack, assessment, words, panel, Whereabouts(source, printed), open_now)
    differing = {mention for found in words.ledger.contradictions for mention in found.mentions}
    rows: dict[str, list[Row]] = {}
    for row in matrix(pack, bid, assessment, printed):
        rows.setdefault(row.consideration.id, []).append(row)
    return GapReport(
        source=source,
        title=str(bid["title"]),
        pack=pack,
        assessment=assessment,
        pages=pages,
        gates=tuple(maker.gate(found) for found in assessment.gates),
        criteria=tuple(
            maker.criterion(score, pages.of(score.criterion.section), rows) for score in assessment.criteria
        ),
        expected=tuple(maker.expected(rows)),
        coverage=coverage(bid),
        ledger=tuple(
            LedgerLine(
                entry.kind,
                entry.shown,
                tuple(maker.quoted(m.path, m.piece, m.about) for m in entry.mentions),
                not differing.isdisjoint(entry.mentions),
            )
            for entry in words.ledger.entries
        ),
        has_more_figures=words.ledger.left_out,
        differing=tuple(
            Differing(found.about, found.why, tuple(maker.quoted(m.path, m.piece, m.shown) for m in found.mentions))
            for found in words.ledger.contradictions
        ),
        strangers=tuple(maker.quoted(m.path, m.piece, m.name) for m in words.organisations.strangers),
        silent_partners=tuple(maker.quoted(m.path, m.name) for m in words.organisations.silent_partners),
        anachronisms=tuple(maker.quoted(*found) for found in words.anachronisms),
        claims=tuple(maker.quoted(*found) for found in words.claims),
        panel=panel,
        standings=standing,
        digests=digests,
    )


def coverage(bid: Mapping[str, Any]) -> Coverage:
    """What a bid states in `whole_system.coverage`."""
    cells: dict[tuple[str, str], list[str]] = {}
    for cell in bid["whole_system"]["coverage"]:
        cells.setdefault((cell["life_stage"], cell["need"]), []).append(cell["sector"])
    sectors = get_args(WorkforceSector)
    ordered = {key: tuple(sector for sector in sectors if sector in found) for key, found in cells.items()}
    return Coverage(get_args(LifeStage), get_args(NeedLevel), sectors, ordered)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the parts of one report."""

    pack: Pack
    assessment: Assessment
    words: Words
    panel: Panel
    places: Whereabouts
    standing: Mapping[str, Standing]

    def gate(self, found: GateResult) -> GateGaps:
        return GateGaps(found, self.missing(found.shortfalls), self.standing.get(found.gate.id))

    def criterion(
        self, score: CriterionScore, pages: SectionPages | None, rows: Mapping[str, Sequence[Row]]
    ) -> CriterionGaps:
        levels = tuple((found.reviewer, level) for found, level in self.panel.levels(score.criterion.id))
        agreed = self.panel.agreed_level(score.criterion.id)
        considerations = (
            self._consideration(item, rows.get(item.consideration.id, ())) for item in score.considerations
        )
        quotes = {reviewer: tuple(map(self._placed, judged.quotes)) for reviewer, judged in levels}
        return CriterionGaps(score, pages, levels, quotes, agreed.level if agreed else None, tuple(considerations))

    def _placed(self, quote: str) -> Quoted:
        """A reviewer's quote where it stands; `check_review` has seen that it does."""
        path, piece = find_quote(self.panel.texts, quote) or ((), quote)
        return self.quoted(path, piece)._replace(text=one_line(quote))

    def _consideration(self, score: ConsiderationScore, rows: Sequence[Row]) -> ConsiderationGaps:
        code = score.consideration.id
        findings = [found for found in self.assessment.findings if found.consideration.id == code]
        return ConsiderationGaps(
            score,
            tuple(rows),
            tuple(found for found in findings if found.outcome is Outcome.MET and not found.rule.is_judged),
            tuple(self._gap(found) for found in findings if found.is_gap),
            tuple(self._judged(found) for found in findings if found.rule.is_judged),
            self._heard(self.words.spoken[code]) if code in self.words.spoken else None,
            self.standing.get(code),
        )

    def _gap(self, finding: Finding) -> Gap:
        offer = next((found for found in self.pack.about.offers if found.id == finding.rule.support), None)
        return Gap(finding, self.missing(finding.shortfalls), offer, self.assessment.gains[finding.rule.id])

    def _judged(self, finding: Finding) -> Judged:
        name = finding.rule.id
        answers = tuple((found.reviewer, answer) for found, answer in self.panel.answers(name))
        return Judged(finding, answers, self.panel.differ_on_answer(name))

    def _heard(self, spoken: Spoken | SpokenOf) -> Heard:
        quotes = ((found.sentence, ", ".join(found.terms)) for found in spoken.passages)
        return Heard(spoken, tuple(self.quoted(sentence.path, sentence.text, terms) for sentence, terms in quotes))

    def expected(self, rows: Mapping[str, Sequence[Row]]) -> Iterator[Expected]:
        scores = {item.consideration.id: item for score in self.assessment.criteria for item in score.considerations}
        for expectation, spoken in self.words.expected:
            resting = tuple(scores[code] for code in expectation.considerations)
            answers = (self._first_answer(code, rows.get(code, ())) for code in expectation.considerations)
            yield Expected(expectation, resting, self._heard(spoken), tuple(found for found in answers if found))

    def _first_answer(self, code: str, rows: Sequence[Row]) -> Quoted | None:
        """The first place that answers a consideration, in its own section where there is one there."""
        ranked = sorted(rows, key=lambda row: not row.in_own_section)
        answer = next((answer for row in ranked for answer in row.answers), None)
        if answer is None:
            return None
        place = self.places.of(answer.path)
        spot = Spot(answer.path, place.line, place.column, answer.first_page, answer.last_page)
        return Quoted(answer.quote, spot, f"{code}: {', '.join(answer.rules)}")

    def missing(self, shortfalls: Iterable[Shortfall]) -> tuple[Quoted, ...]:
        """Why something falls short, each reason once, with the first place that it was found in."""
        return tuple(self.quoted(fall.path, "", fall.reason) for fall in dict.fromkeys(shortfalls))

    def quoted(self, path: BidPath, text: str, remark: str = "") -> Quoted:
        return Quoted(text, self.places.of(path, text), remark)
