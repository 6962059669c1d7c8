"""The words of a gap report that its formats write alike: places, outcomes, levels, and what the pictures show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import PurePath
from textwrap import shorten

from pioneer_cli.assessment import Finding, Outcome, Verdict
from pioneer_cli.clarification import Standing
from pioneer_cli.gap_report import (
    ANACHRONISMS,
    FIGURES_DIFFER,
    SILENT_PARTNERS,
    STRANGERS,
    UNSUPPORTED,
    ConsiderationGaps,
    Coverage,
    CriterionGaps,
    Gap,
    GapReport,
    GateGaps,
    Heard,
    Judged,
    Quoted,
)
from pioneer_cli.matrix import Answer
from pioneer_cli.prose import one_line
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import gate_state, level, points
from pioneer_cli.reports.matrix_words import ELSEWHERE, pages_of
from pioneer_cli.tree import Figure
from pioneer_cli.whereabouts import Spot

TITLE = "Gap report"
MOST_QUOTES = 3  # of one consideration, in what people read; JSON and CSV have them all
MOST_PLACES = 4  # of one gap or one figure
_LONGEST_QUOTE, _LONGEST_REMARK = 200, 40  # characters of a passage, and of what a figure is said of
SPOKEN: Mapping[str, str] = {
    "answered": "its words stand where it is asked for",
    "elsewhere": "its words stand only in other sections",
    "only-named": "its words are named, but no sentence says anything with them",
    "silent": "none of its words was found",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.MEETS_IN_FULL: "The bid meets the criteria in full.",
    Verdict.SIFT_IN: "To be sifted in, subject to further information and clarification.",
    Verdict.LATER_COHORT: "Not to be taken forward now; later cohorts are to come.",
}
MORE_FIGURES = "There are more figures than a bid of this kind can need; the rest are not listed."
LEDGER_NAME = "figures-and-dates"  # the reading that lists them
DIFFERS = "differs from another place, see above"
HOUSE = "house, low confidence: found by reading words"
# The readings, with what each found and what it says when it found nothing.
READINGS: Mapping[str, tuple[str, str]] = {
    FIGURES_DIFFER: ("Figures that differ for what seems to be the same thing", "No figures were found that differ."),
    STRANGERS: (
        "Organisations in the text that are no partners",
        "No organisation was found that is no partner (national bodies are passed over).",
    ),
    SILENT_PARTNERS: ("Partners that the text names nowhere", "Every partner is named in the text."),
    ANACHRONISMS: ("Words from after the time of the call", "No words were found from after the time of the call."),
    UNSUPPORTED: ("Claims without evidence beside them", "No claim was found without evidence beside it."),
}


LEDGER: Mapping[str, str] = {
    "money": "Money", "per-cent": "Percentages", "count": "How many", "date": "Dates", "year": "Years",
    "number": "Other numbers",
}  # fmt: skip


def file_name(report: GapReport) -> str:
    """The name of the bid's file without its folders, so that a report is the same wherever it is made."""
    return PurePath(report.source.name).name


def best_answers(
    report: GapReport, found: ConsiderationGaps, most: int = MOST_QUOTES
) -> tuple[Sequence[tuple[Answer, str]], int]:
    """The places that most rules rest on, in words, those in the criterion's own section first, and how many more."""
    ranked = sorted(
        ((row.in_own_section, answer) for row in found.rows for answer in row.answers),
        key=lambda item: (not item[0], not item[1].has_passage, -len(item[1].rules)),
    )
    kept = [(answer, _answer_words(report, answer, in_own_section=own)) for own, answer in ranked[:most]]
    return kept, len(ranked) - len(kept)


def _answer_words(report: GapReport, answer: Answer, *, in_own_section: bool) -> str:
    start = report.source.value_span(answer.path).start
    spot = Spot(answer.path, start.line, start.column, answer.first_page, answer.last_page)
    return spot.words if in_own_section else f"{spot.words}, {ELSEWHERE}"


def rule_words(finding: Finding) -> str:
    """A rule's name with who says so: `outcomes-have-baselines (house)`."""
    guess = ", low confidence" if finding.rule.confidence == "low" else ""
    return f"{finding.rule.id} ({finding.rule.authority}{guess})"


def missing_words(gap: Gap) -> str:
    """What is missing and where, the first places of it."""
    return listed_places(gap.missing) or gap.finding.rule.claim


def listed_places(places: Sequence[Quoted]) -> str:
    """Remarks with their places; those that are said of several places are said once."""
    by_remark: dict[str, list[Spot]] = {}
    for found in places:
        by_remark.setdefault(found.remark, []).append(found.spot)
    told = [f"{remark} ({places_words(spots)})" for remark, spots in by_remark.items()]
    more = len(told) - MOST_PLACES
    return "; ".join([*told[:MOST_PLACES], *([f"and {more} more"] if more > 0 else [])])


def places_words(spots: Sequence[Spot]) -> str:
    """Several places in words, those on one page together: `page 1, lines 115, 116; page 2, line 120 and 3 more`."""
    by_pages: dict[str, list[int]] = {}
    for spot in spots[:MOST_PLACES]:
        pages = "" if spot.first_page is None else pages_of(spot.first_page, spot.last_page)
        by_pages.setdefault(pages, []).append(spot.line)
    told = [_on_page(pages, list(dict.fromkeys(lines))) for pages, lines in by_pages.items()]
    more = len(spots) - MOST_PLACES
    return "; ".join(told) + (f" and {plural(more, 'more place')}" if more > 0 else "")


def _on_page(pages: str, lines: Sequence[int]) -> str:
    numbers = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
    return f"page{'s' if '–' in pages else ''} {pages}, {numbers}" if pages else numbers


def remedy_words(gap: Gap) -> str:
    """What to do, its effort and what it would gain."""
    gain = f", +{float(gap.gain):.1f} points" if gap.gain >= Fraction(1, 20) else ""
    return f"{gap.finding.rule.remedy.rstrip('.')} ({gap.finding.rule.effort} effort{gain})."


def offers_of(found: ConsiderationGaps) -> Sequence[str]:
    """The support that the national partners offer for the gaps of a consideration, each offer once."""
    return list(dict.fromkeys(gap.offer.support for gap in found.gaps if gap.offer))


def passages_of(heard: Heard) -> Sequence[Quoted]:
    """The passages that say something of it, shortened; none where its words are only named."""
    return [] if heard.spoken.standing in ("only-named", "silent") else list(map(_shortened, heard.passages))


def _shortened(found: Quoted) -> Quoted:
    return found._replace(text=shorten(found.text, _LONGEST_QUOTE, placeholder="…"))


def ledger_places(places: Sequence[Quoted]) -> str:
    """Every place of a figure: what the first are said of, and of the rest the places alone."""
    told = [about_words(found) for found in places[:MOST_PLACES]]
    rest = [found.spot.words for found in places[MOST_PLACES:]]
    return "; ".join([*told, *([f"also {'; '.join(rest)}"] if rest else [])])


def about_words(found: Quoted) -> str:
    """What a figure is said of, shortened, with its place."""
    about = shorten(found.remark, _LONGEST_REMARK, placeholder="…")
    return f"{about} ({found.spot.words})" if about else found.spot.words


def heard_words(heard: Heard) -> str:
    """What words alone say of a consideration."""
    found, of = heard.spoken.covered, plural(heard.spoken.of, "term")
    if heard.spoken.standing == "answered" and not found:
        return "the field that it asks for says something, in other words"
    return f"{SPOKEN[heard.spoken.standing]} ({len(found)} of {of}{': ' if found else ''}{', '.join(found)})"


def question_words(standing: Standing) -> str:
    """The question to the bidder with its number, and how it stands."""
    number = f"{standing.question.number}. " if standing.question else ""
    if standing.reply is None:
        return f"{number}{standing.text}"
    said = f" Reply: “{one_line(standing.reply.reply)}”" if standing.reply.reply else ""
    return f"{number}{standing.text} ({standing.words}){said}"


def other_questions(report: GapReport) -> Mapping[str, str]:
    """The questions that belong to no consideration: of gates, and those that are closed as the bid was mended."""
    asked = [*(found.standing for found in report.gates), *(found for found in report.standings if not found.question)]
    return {found.id: question_words(found) for found in asked if found is not None}


def answers_words(judged: Judged) -> str:
    """What reviewers answered to a question for people, each by name, or why nobody can."""
    told = "; ".join(f"{reviewer}: {answer.answer}" for reviewer, answer in judged.answers)
    if not told and judged.finding.outcome is not Outcome.UNKNOWN:  # such as that there is nothing to judge
        told = capital("; ".join(dict.fromkeys(fall.reason for fall in judged.finding.shortfalls)))
    return f"{told or 'Not answered yet'}."


def level_words(found: CriterionGaps) -> str:
    """The machine's level, and those that reviewers gave beside it."""
    given = [f"{reviewer} {judged.level}" for reviewer, judged in found.levels]
    return ", ".join([f"machine {level(found.score)}", *given])


def score_words(found: CriterionGaps) -> str:
    """The points of a criterion out of its share of 100."""
    return f"{points(found.score.low, found.score.high)} of {float(found.score.maximum):.4g}"


def summary(report: GapReport) -> str:
    """How the considerations stand, and how many gaps there are, in one line."""
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in Outcome if report.count(outcome))
    total = sum(len(found.considerations) for found in report.criteria)
    return f"{plural(total, 'consideration')}: {counts}; {plural(gap_count(report), 'gap')}"


def gap_count(report: GapReport) -> int:
    """How many rules the bid falls short of."""
    return sum(len(item.gaps) for found in report.criteria for item in found.considerations)


def verdict_words(report: GapReport) -> str:
    """What the verdict means, and what answers to open questions could make of it."""
    found = report.assessment
    if found.verdict is None or found.best_verdict is None:  # the pages are always counted here
        return "The verdict is withheld."
    words = f"{found.verdict}: {VERDICTS[found.verdict][0].lower()}{VERDICTS[found.verdict][1:]}"
    if found.verdict is found.best_verdict:
        return words
    return f"{words} It could be {found.best_verdict} once the open questions are answered."


def recommendations(report: GapReport) -> str:
    """What each reviewer recommends to the panel, in a few words; empty where nobody does."""
    found = ((judged.reviewer, judged.review.recommendation.verdict) for judged in report.panel.counting)
    return "; ".join(f"{reviewer}: {verdict}" for reviewer, verdict in found if verdict)


def readings(report: GapReport) -> Mapping[str, tuple[Quoted, ...]]:
    """What each reading found, by its name; figures that differ have a form of their own."""
    return {
        STRANGERS: report.strangers,
        SILENT_PARTNERS: report.silent_partners,
        ANACHRONISMS: report.anachronisms,
        UNSUPPORTED: report.claims,
    }


def by_remark(quotes: Iterable[Quoted]) -> Iterator[tuple[str, Sequence[Quoted], int]]:
    """The quotes that share a remark: the remark, the first of them, and how many more there are."""
    groups: dict[str, list[Quoted]] = {}
    for found in quotes:
        groups.setdefault(found.remark, []).append(found)
    for remark, group in groups.items():
        for first in range(0, len(group), len(group) if remark else 1):
            kept = group[first:][:MOST_PLACES] if remark else [group[first]]
            yield remark, kept, len(group) - len(kept) if remark else 0


def gate_why(found: GateGaps, report: GapReport) -> tuple[str, str]:
    """How a gate stands, and why; of one that is passed only the pages are told."""
    state, detail = gate_state(found.result, report.judged)
    tells = found.result.is_gap or found.result.gate.predicate == "page-limit"
    return state, detail if tells else "–"


def in_words(values: Iterable[str]) -> str:
    """Values of a closed list as people read them: `voluntary-paid` reads "voluntary paid"."""
    return ", ".join(value.replace("-", " ") for value in values)


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


# --- Pictures --------------------------------------------------------------------------------------------------------


def profile(report: GapReport) -> Figure:
    """Bars of the levels by criterion, from low to high, with a mark for each level that a reviewer gave."""
    values = tuple(
        (
            f"{found.score.criterion.id} {in_words([found.score.criterion.name])}",
            found.score.level_low.level,
            found.score.level_high.level,
            tuple(judged.level for _, judged in found.levels),
        )
        for found in report.criteria
    )
    told = "; ".join(f"{found.score.criterion.id} {level_words(found)}" for found in report.criteria)
    return Figure("profile", f"Bar chart of the levels from 0 to 5 by criterion. {told}.", (values,))


def coverage_picture(found: Coverage) -> Figure:
    """A grid of life stages by levels of need, with a square for each sector, filled where the bid covers it."""
    cells = tuple(
        tuple(
            tuple(int(sector in found.cells.get((stage, need), ())) for sector in found.sectors) for need in found.needs
        )
        for stage in found.stages
    )
    names = tuple(
        tuple(capital(in_words([name])) for name in group) for group in (found.stages, found.needs, found.sectors)
    )
    alt = f"Grid of life stages by levels of need and sectors: {found.covered} of {found.of} cells are filled in. "
    told = [f"{stage}, {need}: {in_words(found.cells[stage, need])}" for stage in found.stages for need in found.needs
            if (stage, need) in found.cells]  # fmt: skip
    return Figure("coverage", alt + in_words(["; ".join(told)]), (*names, cells))
