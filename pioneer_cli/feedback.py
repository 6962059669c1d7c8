"""What the letter to the bidder says: level, reasons and sub-points for each criterion, the verdict and the next steps.

Pure: from the bid, the pack, the assessment and the panel to plain values for a template, or to what is missing. A
missing item is a fault of the panel's files and never a blank, and each statement names its rule or its reviewer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any

from pioneer_cli.assessment import Assessment, ConsiderationScore, Finding, GateResult, Outcome
from pioneer_cli.check_review import Desk
from pioneer_cli.clarification import Standing
from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.edits import value_at
from pioneer_cli.judgement import AgreedLevel, Judgement, Panel
from pioneer_cli.letters import made_from, question_values, reasons_in_words
from pioneer_cli.pack import Criterion, Level, Pack
from pioneer_cli.prose import find_quote, one_line
from pioneer_cli.quantities import When
from pioneer_cli.review import Answer, CriterionJudgement, JudgedQuestion, VerdictWord
from pioneer_cli.source import YamlPath
from pioneer_cli.tree import BidPath
from pioneer_cli.validate import place
from pioneer_cli.whereabouts import Whereabouts

LETTER = "feedback.xml.jinja"
VERDICTS: Mapping[VerdictWord, str] = {
    "meets-in-full": "The bid meets the criteria in full.",
    "sift-in": "The bid is to be sifted in, subject to further information and clarification.",
    "later-cohort": "The bid is not taken forward in this round; later cohorts are to come.",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.MET: "answered",
    Outcome.PARTLY: "answered in part",
    Outcome.UNMET: "not answered yet",
    Outcome.UNKNOWN: "not known yet",
    Outcome.NOT_APPLICABLE: "does not apply",
}
ANSWERS: Mapping[Answer, str] = {"met": "yes", "partly": "in part", "unmet": "not yet"}
# What follows a verdict where the panel names no next steps, each with who says so; {publisher} is the pack's.
NEXT_STEPS: Mapping[VerdictWord, tuple[tuple[str, str], ...]] = {
    "meets-in-full": (
        ("The recommendation goes to those who decide: {publisher}.", "call"),
        ("Until they do, please tell us of anything in the bid that changes.", "house"),
    ),
    "sift-in": (("The bid goes forward, subject to further information and clarification.", "call"),),
    "later-cohort": (
        ("Later cohorts are to come, and what is still open may be settled for one of them.", "call"),
        ("What stands under each criterion says what to build on and what to add.", "house"),
    ),
}
WEIGHTS = "The relative weights are the tool's own (house). Levels are given by the reviewers alone."
PLEASE_REPLY = ("Please reply to each open question at the end of this letter by its id.", "house")
# Words that turn a reader away; they stand nowhere in a letter's own words, and a reviewer is told of them.
AVOIDED = re.compile(
    r"\b(?:fail\w*|poor\w*|reject\w*|unsuccess\w*|inadequa\w*|disappoint\w*|unfortunate\w*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Case:
    """All that a letter is made from: the desk (bid and pack), the settled assessment, the panel, and the places."""

    desk: Desk
    assessment: Assessment
    panel: Panel
    places: Whereabouts
    standing: tuple[Standing, ...]
    replies_sha256: str = ""
    date: When | None = None

    @property
    def pack(self) -> Pack:
        """The criteria pack."""
        return self.desk.pack


# --- What is missing -------------------------------------------------------------------------------------------------


def missing(desk: Desk, assessment: Assessment, panel: Panel) -> tuple[Diagnostic, ...]:
    """What a letter cannot be written without, each with its place and what to do; empty when all is there."""
    title = (*_blank(desk, ("title",)), *_blank(desk, ("area", "name")))
    if not panel.counting:
        return (*title, *(_uncounted(panel) if panel.judgements else (_no_review(desk),)))
    criteria = (fault for criterion in desk.pack.criteria for fault in _of_criterion(desk, panel, criterion))
    answers = (fault for found in assessment.findings if found.rule.is_judged for fault in _of_answer(panel, found))
    return (*title, *criteria, *answers, *_of_verdict(panel))


def not_counted(panel: Panel) -> tuple[Diagnostic, ...]:
    """A warning for each file that does not bear on the letter, with the reason."""
    return tuple(replace(fault, severity=Severity.WARNING) for fault in _uncounted(panel))


def _blank(desk: Desk, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    """What the letter names the bid by, where nothing stands."""
    if not one_line(str(value_at(desk.bid, path))):
        name = ".".join(path)
        yield place(desk.source, path, f"missing-{path[-1]}", f"`{name}` is blank", "fill it in: the letter names it")


def _no_review(desk: Desk) -> Diagnostic:
    hint = "write one: pioneer review new BID --reviewer r1"
    return place(desk.source, (), "no-review", "there is no review of this bid", hint)


def _uncounted(panel: Panel) -> Iterator[Diagnostic]:
    for found in panel.judgements:
        if not found.counts:
            at: YamlPath = ("conflicts",) if found.in_conflict_with else ("bid",)
            message = f"the review of {found.reviewer} does not count: {found.why_not}"
            hint = "`pioneer review check` says what to do; a letter needs a review that counts"
            yield place(found.source, at, "does-not-count", message, hint, at_key=True)


def _first(panel: Panel) -> Judgement:
    """The file to complete: the one with what was agreed, else the first that counts."""
    return next((found for found in panel.counting if found.review.agreed), panel.counting[0])


def _at(found: Judgement, part: str, key: str, name: str) -> YamlPath:
    """The entry of a criterion or question in a file, or the part of the file that it belongs to."""
    entries = getattr(found.review, part)
    return next(((part, index) for index, entry in enumerate(entries) if getattr(entry, key) == name), (part,))


def _of_criterion(desk: Desk, panel: Panel, criterion: Criterion) -> Iterator[Diagnostic]:
    agreed = panel.agreed_level(criterion.id)
    if agreed is None:
        yield _no_level(panel, criterion)
        return
    if _level(desk.pack, agreed.level) is None:
        first, path = _first(panel), _at(_first(panel), "criteria", "criterion", criterion.id)
        message = f"the pack has no level {agreed.level}, which {criterion.id} is given"
        yield place(first.source, path, "unknown-level", message, "give one of the pack's levels")
    by_reviewer = {found.reviewer: found for found in panel.counting}
    for reviewer, given in agreed.judgements:
        yield from _unreasoned(desk, by_reviewer[reviewer], given)
    if agreed.level > 0 and not any(given.quotes for _, given in agreed.judgements):
        found = by_reviewer[agreed.judgements[0][0]]
        hint = "quote in `quotes` the words that the level rests on"
        path = _at(found, "criteria", "criterion", criterion.id)
        yield place(found.source, path, "missing-quote", f"no words of the bid are quoted on {criterion.id}", hint)


def _no_level(panel: Panel, criterion: Criterion) -> Diagnostic:
    first, code = _first(panel), criterion.id
    given = panel.levels(code)
    if not given:
        hint = "give it in `level`, with reasons and quotes"
        message = f"no level is given to {code}, {criterion.title}"
        return place(first.source, _at(first, "criteria", "criterion", code), "missing-level", message, hint)
    said = ", ".join(f"{found.reviewer} gives {level.level}" for found, level in given)
    hint = "write the level that the panel agreed on in a file with `agreed: true`"
    message = f"the reviewers differ on the level of {code}: {said}"
    path = _at(given[0][0], "criteria", "criterion", code)
    return place(given[0][0].source, path, "levels-differ", message, hint)


def _unreasoned(desk: Desk, found: Judgement, given: CriterionJudgement) -> Iterator[Diagnostic]:
    path = _at(found, "criteria", "criterion", given.criterion)
    if not one_line(given.reasons or ""):
        message = f"{found.reviewer} gives {given.criterion} level {given.level} without reasons"
        yield place(found.source, path, "missing-reasons", message, "say in `reasons` why, with reference to the bid")
    for index, quote in enumerate(given.quotes):
        if find_quote(desk.texts, quote) is None:
            hint = "quote exactly, three words or more"
            at = (*path, "quotes", index)
            yield place(found.source, at, "quote-not-found", "these words do not stand in the bid", hint)


def _of_answer(panel: Panel, finding: Finding) -> Iterator[Diagnostic]:
    """A question for people that nobody answered, or that is answered in different ways."""
    if finding.outcome is not Outcome.UNKNOWN:
        return
    name, given = finding.rule.id, panel.answers(finding.rule.id)
    if not given:
        first = _first(panel)
        message = f"the question {name} of {finding.consideration.id} is not answered"
        path = _at(first, "questions", "question", name)
        yield place(first.source, path, "missing-answer", message, "answer it in `answer`, with a `reason`")
        return
    said = ", ".join(f"{found.reviewer} says {answer.answer}" for found, answer in given)
    message = f"the reviewers differ on the question {name} of {finding.consideration.id}: {said}"
    hint = "write the answer that the panel agreed on in a file with `agreed: true`"
    yield place(given[0][0].source, _at(given[0][0], "questions", "question", name), "answers-differ", message, hint)


def _of_verdict(panel: Panel) -> Iterator[Diagnostic]:
    recommending = _recommending(panel)
    silent = [found for found in recommending if found.review.recommendation.verdict is None]
    for found in silent:
        message, hint = f"{found.reviewer} recommends no verdict", "write one in `recommendation.verdict`"
        yield place(found.source, ("recommendation", "verdict"), "missing-verdict", message, hint)
    given = [(found, found.review.recommendation) for found in recommending if found not in silent]
    if not silent and len({said.verdict for _, said in given}) > 1:
        words = ", ".join(f"{found.reviewer} recommends {said.verdict}" for found, said in given)
        hint = "write the verdict that the panel agreed on in a file with `agreed: true`"
        path: YamlPath = ("recommendation", "verdict")
        yield place(given[0][0].source, path, "verdicts-differ", f"the reviewers differ: {words}", hint)
    for found, said in given:
        if not one_line(said.reason or ""):
            message, hint = f"{found.reviewer} recommends {said.verdict} without a reason", "say why in `reason`"
            yield place(found.source, ("recommendation", "reason"), "missing-reason", message, hint)


def _recommending(panel: Panel) -> tuple[Judgement, ...]:
    """Whose recommendation counts: the agreed file's, if it has one, else everyone's."""
    agreed = tuple(
        found for found in panel.counting if found.review.agreed and found.review.recommendation.verdict is not None
    )
    return agreed or tuple(found for found in panel.counting if not found.review.agreed) or panel.counting


MOST_WARNINGS = 50  # of words to avoid; whoever has more begins with these


def words_to_avoid(panel: Panel, pack: Pack) -> tuple[Diagnostic, ...]:
    """A warning for each word in a reviewer's printed texts that a letter would not use of its own accord."""
    faults = (_word_to_avoid(*printed, word) for printed in _printed(panel, pack) for word in _avoided(printed[2]))
    return tuple(sorted(islice(faults, MOST_WARNINGS)))


def _avoided(text: str) -> Iterable[str]:
    return dict.fromkeys(match.group() for match in AVOIDED.finditer(text))


def _word_to_avoid(found: Judgement, path: YamlPath, text: str, word: str) -> Diagnostic:
    message = f'{found.reviewer} writes "{word}", which the letter prints as it stands'
    fault = place(found.source, path, "word-to-avoid", message, "say what is there and what would help")
    return replace(fault, severity=Severity.WARNING, span=found.source.text_span(path, word))


def _printed(panel: Panel, pack: Pack) -> Iterator[tuple[Judgement, YamlPath, str]]:
    """What a letter prints of reviewers' own words, and where it stands in their files."""
    by = {found.reviewer: found for found in panel.counting}
    for criterion in pack.criteria:
        agreed = panel.agreed_level(criterion.id)
        for reviewer, given in agreed.judgements if agreed else ():
            path = _at(by[reviewer], "criteria", "criterion", criterion.id)
            yield from ((by[reviewer], (*path, *inside), text) for inside, text in _texts_of(given))
    for name in (rule.id for _, _, rule in pack.rules() if rule.is_judged):
        for found, answered in _counting_answers(panel, name):
            yield found, (*_at(found, "questions", "question", name), "reason"), answered.reason or ""
    for found in _recommending(panel):
        said = found.review.recommendation
        yield found, ("recommendation", "reason"), said.reason or ""
        yield from ((found, ("recommendation", "next_steps", i), text) for i, text in enumerate(said.next_steps))


def _texts_of(given: CriterionJudgement) -> Iterator[tuple[YamlPath, str]]:
    yield ("reasons",), given.reasons or ""
    yield from ((("strengths", number), text) for number, text in enumerate(given.strengths))
    yield from ((("weaknesses", number), text) for number, text in enumerate(given.weaknesses))


def _counting_answers(panel: Panel, name: str) -> Sequence[tuple[Judgement, JudgedQuestion]]:
    """What the agreed file answers to a question, or what all answer where it says nothing."""
    given = panel.answers(name)
    return [pair for pair in given if pair[0].review.agreed] or given


# --- The letter ------------------------------------------------------------------------------------------------------


def letter(case: Case) -> dict[str, Any]:
    """The values of the letter, for the template. Raises ValueError where something is missing; see `missing`."""
    lacking = missing(case.desk, case.assessment, case.panel)
    if lacking:
        raise ValueError("; ".join(fault.message for fault in lacking))
    bid, about = case.desk.bid, case.pack.about
    verdict = _verdict(case.panel)
    asked = case.standing if verdict == "sift-in" else ()
    return {
        "title": f"Feedback: {bid['title']}",
        "bid_title": bid["title"],
        "area": bid["area"]["name"],
        "to": _addressees(bid),
        "date": case.date,
        "call": about.title,
        "publisher": about.publisher,
        "phase": case.assessment.phase,
        "reviewers": [found.reviewer for found in case.panel.counting],
        "recommendation": _recommendation(case.panel, verdict),
        "next_steps": _next_steps(case, verdict),
        "support": [] if verdict == "meets-in-full" else list(_support(case)),
        "levels": [_level_values(found) for found in about.levels],
        "weights": WEIGHTS,
        "criteria": [_criterion(case, criterion) for criterion in case.pack.criteria],
        "gates": [_gate(found, case.places) for found in case.assessment.gates],
        "questions": [_question(case, found) for found in asked if found.question],
        "made_from": made_from(_sources(case)),
    }


def _addressees(bid: Mapping[str, Any]) -> str:
    """The partner who leads the bid, or all of them."""
    named = ((partner["id"], one_line(str(partner["organisation"]))) for partner in bid["partners"])
    names = {name: organisation for name, organisation in named if organisation}
    return names.get(bid["lead"]) or ", ".join(names.values()) or one_line(str(bid["area"]["name"]))


def _verdict(panel: Panel) -> VerdictWord:
    return next(word for found in _recommending(panel) if (word := found.review.recommendation.verdict))


def _recommendation(panel: Panel, verdict: VerdictWord) -> dict[str, Any]:
    recommending = [found for found in _recommending(panel) if found.review.recommendation.verdict == verdict]
    reasons = [{"by": found.reviewer, "text": found.review.recommendation.reason} for found in recommending]
    return {"verdict": verdict, "words": VERDICTS[verdict], "reasons": reasons, "is_agreed": _are_agreed(recommending)}


def _are_agreed(judgements: Sequence[Judgement]) -> bool:
    return any(found.review.agreed for found in judgements)


def _next_steps(case: Case, verdict: VerdictWord) -> dict[str, Any]:
    """What the panel recommends, else what the call's process provides for the verdict; each step with its author."""
    steps: dict[str, list[str]] = {}
    for found in _recommending(case.panel):
        for step in filter(one_line, found.review.recommendation.next_steps):
            steps.setdefault(step, []).append(found.reviewer)
    if steps:
        return {"by_panel": True, "steps": [{"text": text, "by": ", ".join(by)} for text, by in steps.items()]}
    publisher = one_line(case.pack.about.publisher)
    asks = verdict == "sift-in" and any(not found.is_closed for found in case.standing)
    provided = (*NEXT_STEPS[verdict], *((PLEASE_REPLY,) if asks else ()))
    texts = [{"text": text.replace("{publisher}", publisher), "by": by} for text, by in provided]
    return {"by_panel": False, "steps": texts}


def _support(case: Case) -> Iterator[dict[str, str]]:
    """What the national partners offer for what is still open, each with the considerations whose gaps it answers."""
    for offer in case.pack.about.offers:
        gaps = (found for found in case.assessment.findings if found.is_gap and found.rule.support == offer.id)
        codes = ", ".join(dict.fromkeys(found.consideration.id for found in gaps))
        if codes:
            yield {"need": offer.need, "support": offer.support, "offer": offer.id, "considerations": codes}


def _level(pack: Pack, number: int) -> Level | None:
    return next((found for found in pack.about.levels if found.level == number), None)


def _level_values(level: Level) -> dict[str, Any]:
    return {"level": level.level, "name": level.name, "descriptor": level.descriptor}


def _sources(case: Case) -> Iterator[tuple[str, str]]:
    yield "The bid", case.desk.source.sha256
    yield f"The criteria pack {case.pack.about.name}", case.desk.pack_sha256
    for found in case.panel.counting:
        yield f"The review of {found.reviewer}", found.source.sha256
    if case.replies_sha256:
        yield "The replies", case.replies_sha256


# --- A criterion -----------------------------------------------------------------------------------------------------


def _criterion(case: Case, criterion: Criterion) -> dict[str, Any]:
    agreed = case.panel.agreed_level(criterion.id)
    level = _level(case.pack, agreed.level) if agreed else None
    if agreed is None or level is None:  # pragma: no cover - `missing` has looked
        raise ValueError(criterion.id)
    score = next(found for found in case.assessment.criteria if found.criterion.id == criterion.id)
    total = sum(found.weight for found in case.pack.criteria)
    by = {found.reviewer: found for found in case.panel.counting}
    return {
        "id": criterion.id,
        "title": criterion.title,
        "asks": criterion.asks,
        "weight": per_cent(Fraction(criterion.weight * 100, total)),
        "level": level.level,
        "name": level.name,
        "descriptor": level.descriptor,
        "given_by": ", ".join(reviewer for reviewer, _ in agreed.judgements),
        "is_agreed": _are_agreed([by[reviewer] for reviewer, _ in agreed.judgements]),
        "reasons": [{"by": reviewer, "text": given.reasons} for reviewer, given in agreed.judgements],
        "quotes": list(_quotes(case, agreed)),
        "strengths": list(_said((who, given.strengths) for who, given in agreed.judgements)),
        "weaknesses": list(_said((who, given.weaknesses) for who, given in agreed.judgements)),
        "considerations": [_consideration(case, found) for found in score.considerations],
    }


def per_cent(share: Fraction) -> str:
    """A share of 100 as people write it: `20%`, `16.7%`."""
    return f"{float(share):.1f}".removesuffix(".0") + "%"


def _quotes(case: Case, agreed: AgreedLevel) -> Iterator[dict[str, str]]:
    """The words of the bid that a level rests on, each once, with its place and who quotes it."""
    by: dict[str, list[str]] = {}
    for reviewer, given in agreed.judgements:
        for quote in given.quotes:
            by.setdefault(one_line(quote), []).append(reviewer)
    for quote, reviewers in by.items():
        found = find_quote(case.desk.texts, quote)
        if found is not None:
            yield {"text": quote, "place": _place(case.places, *found), "by": ", ".join(dict.fromkeys(reviewers))}


def _place(places: Whereabouts, path: BidPath, piece: str) -> str:
    return places.of(path, piece).words if path else "the bid's document"


def _said(texts: Iterable[tuple[str, Sequence[str]]]) -> Iterator[dict[str, str]]:
    for reviewer, sentences in texts:
        yield from ({"text": text, "by": reviewer} for text in sentences if one_line(text))


def _consideration(case: Case, score: ConsiderationScore) -> dict[str, Any]:
    code = score.consideration.id
    findings = [found for found in case.assessment.findings if found.consideration.id == code]
    answered = [found for found in findings if found.rule.is_judged and case.panel.answers(found.rule.id)]
    by_machine = [found for found in findings if found not in answered]
    return {
        "id": code,
        "asks": score.consideration.asks,
        "outcome": str(score.outcome),
        "words": OUTCOMES[score.outcome],
        "met": ", ".join(_rule(found) for found in by_machine if found.outcome is Outcome.MET),
        "gaps": [_gap(found, case.places) for found in by_machine if _is_told(found)],
        "answers": [entry for found in answered for entry in _answers(case.panel, found)],
    }


def _is_told(finding: Finding) -> bool:
    return finding.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)


def _rule(finding: Finding) -> str:
    return f"{finding.rule.id} ({finding.rule.authority})"


def _gap(finding: Finding, places: Whereabouts) -> dict[str, Any]:
    guess = "; a guess from words" if finding.rule.confidence == "low" else ""
    return {
        "rule": f"{finding.rule.id} ({finding.rule.authority}{guess})",
        "outcome": str(finding.outcome),
        "words": OUTCOMES[finding.outcome],
        "reasons": reasons_in_words(finding.shortfalls, places),
    }


def _answers(panel: Panel, finding: Finding) -> Iterator[dict[str, str]]:
    """The answers that count to a question for people, each with its reviewer."""
    for found, answered in _counting_answers(panel, finding.rule.id):
        yield _answer(found, answered, finding)


def _answer(found: Judgement, answered: JudgedQuestion, finding: Finding) -> dict[str, str]:
    return {
        "by": found.reviewer,
        "rule": finding.rule.id,
        "question": str(finding.rule.arguments.get("question", finding.rule.claim)),
        "answer": ANSWERS[answered.answer] if answered.answer else "",
        "reason": answered.reason or "",
    }


def _gate(found: GateResult, places: Whereabouts) -> dict[str, Any]:
    words = {Outcome.MET: "fulfilled", Outcome.UNKNOWN: "not known yet", Outcome.NOT_APPLICABLE: "does not apply"}
    return {
        "id": found.gate.id,
        "claim": found.gate.claim,
        "authority": found.gate.authority,
        "words": words.get(found.outcome, "still to come"),
        "reasons": reasons_in_words(found.shortfalls, places) if found.is_gap else [],
    }


def _question(case: Case, found: Standing) -> dict[str, Any]:
    if found.question is None:  # pragma: no cover - its caller has looked
        raise ValueError(found.id)
    return question_values(found.question, case.places, found if case.replies_sha256 else None)
