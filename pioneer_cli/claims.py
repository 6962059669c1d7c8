"""Claims of a bid that cite nothing, and words that no bid of its time could use.

A claim says as a fact or a promise that something gets better, saves money or is better than elsewhere. Experience of
2013 is that most schemes did not cut emergency admissions, so a reader asks of each claim what it rests on.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from pioneer_cli.edits import value_at
from pioneer_cli.mentions import order_of, piece_around
from pioneer_cli.prose import Sentence, free_texts, plain_line, sentences
from pioneer_cli.quantities import When, pounds
from pioneer_cli.reading import Anachronism, Reading
from pioneer_cli.tree import BidPath, field_of


class Claim(NamedTuple):
    """A sentence that claims something and cites nothing, and what it is that it claims."""

    path: BidPath
    text: str
    why: str


class Anachronistic(NamedTuple):
    """A term that came about after a bid's time: where it stands, the words around it, since when, and what it is."""

    path: BidPath
    term: str
    piece: str
    since: When
    what: str


# --- What a claim sounds like ----------------------------------------------------------------------------------------

_PROMISE = r"\b(?:will|shall|is going to|are going to|guarantees? to|is set to)\b(?! not\b)(?: \w+){0,3}? "
_CHANGE = (
    r"(?:reduce|cut|lower|halve|shrink|prevent|avoid|spare|save|release|shorten|fall|drop|decrease|eliminate|"
    r"transform|double|bring down|free up)\b"
)
_CHANGED = (
    r"\b(?:has|have|had|we|it|this|that|which|scheme|team|pilot|service|programme)?(?: also| already| since)? ?"
    r"(?:reduced|cut|lowered|halved|prevented|avoided|saved|shortened|released|eliminated)\b"
)
_CHANGES = r"\b(?:reduces|cuts|lowers|halves|prevents|avoids|spares|saves|shortens)\b|, which (?:cut|save|reduce)\b"
_OBJECT = (
    r"\b(?:admissions?|admitted|readmissions?|attendances?|bed[ -]days?|beds|length of stay|delays?|delayed|demand|"
    r"costs?|costly|spending|savings?|deaths?|mortality|falls|visits?|placements?|care homes?|money|"
    r"inequalit\w{1,3}|waits?|"
    r"waiting|bureaucracy|duplication|transactions|interventions?|bills?|pounds)\b|£\s?\d|per ?cent\b|\d ?%"
)
_EFFECT = re.compile(rf"{_PROMISE}{_CHANGE}|{_CHANGED}|{_CHANGES}", re.IGNORECASE)
# One of these stands in every claim; looked for first, which takes a tenth of the time.
_SIGNS = (
    "reduc", "cut", "lower", "halv", "shrink", "prevent", "avoid", "spare", "save", "releas", "short", "fall", "drop",
    "decreas", "eliminat", "transform", "doubl", "bring", "free", "prove", "proof", "show", "demonstrat", "evidence",
    "known", "established", "national", "award", "outstanding", "world", "best", "second to none", "unrival", "unparal",
    "breaking", "successful", "excellent", "better than", "leads", "beacon", "fewer", "less", "go down",
)  # fmt: skip
_MATTERS = re.compile(_OBJECT, re.IGNORECASE)
_FEWER = re.compile(
    r"\b(?:fewer|less|lower) (?:\w+ ){0,4}(?:admissions?|admitted|attendances|bed[ -]days)\b"
    r"|\badmissions\b(?: \w+){0,4}? (?:fall|drop|decrease|go down)\b",
    re.IGNORECASE,
)
_PROOF = re.compile(
    r"\b(?:proven|(?:the |clear |strong |good |all the )?evidence (?:clearly )?(?:shows|proves|demonstrates|"
    r"is clear)|"
    r"(?:research|studies|experience|trials) (?:clearly )?(?:shows?|proves?|demonstrates?)|"
    r"(?:has|have) been (?:shown|proved)|(?:is|are) (?:known|shown) to (?:reduce|cut|improve|save|prevent|work)|"
    r"well[ -]established that|"
    r"(?:has|have) (?:proved|demonstrated) that)\b",
    re.IGNORECASE,
)
_SUPERIOR = re.compile(
    r"\b(?:(?:inter)?nationally (?:recognised|renowned|acclaimed)|award[ -]winning|"
    r"outstanding (?:results?|outcomes?|success|record|performance|track record)|world[ -](?:class|leading)|"
    r"best in (?:the country|england|class|britain)|"
    r"second to none|unrivalled|unparalleled|ground-?breaking results?|(?:highly|hugely|very) successful|"
    r"excellent (?:results?|outcomes?|track record)|better than (?:any|all) other|leads the (?:country|nation|field)|"
    r"among the best|beacon of)\b",
    re.IGNORECASE,
)
# A sentence with one of these asks, doubts, denies or hopes, and claims nothing.
_HEDGE = re.compile(
    r"\b(?:may|might|could|perhaps|hope\w{0,2}|aims?|aiming|if|whether|potential\w{0,2}|possibl[ey]|seeks?|no|not|"
    r"never|nor|none|nobody|without|cannot|said to|intend\w{0,2}|expect\w{0,2}|should|want\w{0,1}|wish\w{0,2}|"
    r"asks?|asked|"
    r"test|unless|try|trying)\b|n't\b|\?",
    re.IGNORECASE,
)
_NO_HEDGE = re.compile(r"\b(?:no doubt|not only|without doubt|no question)\b", re.IGNORECASE)
# What stands beside a claim and gives it a footing: where it began, what it is compared with, a study.
_BASELINE = re.compile(
    r"\bfrom (?:about |around |some |over )?£?\d[\d,.]*\b[^.;]{0,60}? to (?:about |around |some |under )?£?\d"
    r"|\b(?:compared (?:with|to)|against the|than (?:a|the) (?:matched|control|comparison)|baseline|"
    r"as reported (?:by|to|in)|according to|an? (?:independent |published )?(?:evaluation|audit|study|"
    r"survey) (?:by|of|in|found))\b",
    re.IGNORECASE,
)
_AUTHOR_AND_YEAR = re.compile(r"\b[A-Z][\w&'’-]+(?: (?:et al\.?|and|of|[A-Z][\w&'’-]+)){0,6},? ?\(?(?:19|20)\d\d\b")
_MONTH_AND_YEAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|In|By|Since|"
    r"From|Until|"
    r"During|Before|After|The|Spring|Summer|Autumn|Winter|Act) (?:19|20)\d\d\b"
)
_CITED = re.compile(r"\[([^\[\]]{1,80})\]")
# Where a claim would be a source's own finding, a name, a request or a consequence drawn from claims made elsewhere.
_NOT_CLAIMS = (
    "title", "area.name", "partners[].organisation", "partners[].reference", "health_and_wellbeing_boards[].name",
    "health_and_wellbeing_boards[].reference", "evidence.sources[]", "evidence.provider_impact[]", "support_needed[]",
    "capability.risks[].risk", "capability.barriers[].barrier", "commitment.governance.bodies[].name",
)  # fmt: skip
_AIMS = ("vision.outcomes[].outcome", "vision.efficiencies[].efficiency")


def claims(bid: Mapping[str, Any]) -> tuple[Claim, ...]:
    """The sentences of a bid's plain data that claim an effect, a saving or a superiority and cite nothing.

    The words of a claim come from a closed list (criterion C6a of the call asks what plans rest on). A sentence is let
    be when it, or one beside it, cites a source or gives a baseline, or when its entry lists its evidence.
    """
    found = []
    bodies = _bodies(bid)
    for path, of_text in groupby(sentences(bid), key=lambda sentence: sentence.path):
        if field_of(path).startswith(_NOT_CLAIMS):
            continue
        text = list(of_text)
        for index, sentence in enumerate(text):
            why = _why(sentence)
            if why and not _rests_on_something(bid, text, index, bodies):
                found.append(Claim(path, sentence.text, why))
    return tuple(sorted((*found, *_bare_savings(bid, found)), key=lambda claim: order_of(bid, claim.path)))


def _why(sentence: Sentence) -> str:
    """What a sentence claims; empty where it claims nothing."""
    text = sentence.text
    small = text.lower()
    if not any(sign in small for sign in _SIGNS) or _HEDGE.search(_NO_HEDGE.sub("", text)):
        return ""
    if _PROOF.search(text):
        return "says that something is proven and cites nothing"
    if _SUPERIOR.search(text):
        return "claims to be better than others and cites nothing"
    if field_of(sentence.path) in _AIMS and _FEWER.search(text):
        return "promises fewer admissions, with no baseline and citing nothing"
    effect = _EFFECT.search(text)
    if effect and _MATTERS.search(text, effect.start()):
        saves = re.search(r"\bsav(?:e|es|ed|ing)\b|£", text, re.IGNORECASE)
        return f"claims {'a saving' if saves else 'an effect'}, with no baseline and citing nothing"
    return ""


def _rests_on_something(bid: Mapping[str, Any], text: list[Sentence], index: int, bodies: frozenset[str]) -> bool:
    path = text[index].path
    entry = value_at(bid, path[:-1]) if len(path) > 1 else None
    if isinstance(entry, Mapping) and (entry.get("evidence") or _has_baseline(entry)):
        return True
    beside = " ".join(sentence.text for sentence in text[max(0, index - 1) : index + 2])
    ids = {source["id"] for source in bid["evidence"]["sources"]}
    if any(name.strip() in ids for found in _CITED.finditer(beside) for name in re.split(r"[,;]", found[1])):
        return True
    own = text[index].text
    if _BASELINE.search(own) or _AUTHOR_AND_YEAR.search(_MONTH_AND_YEAR.sub("", own)):
        return True
    return any(body in own for body in bodies)


def _has_baseline(entry: Mapping[str, Any]) -> bool:
    baseline = entry.get("baseline")
    return isinstance(baseline, Mapping) and baseline.get("value") is not None


def _bodies(bid: Mapping[str, Any]) -> frozenset[str]:
    """The bodies that wrote the sources, as their citations begin; a text that names one cites it."""
    firsts = (source["citation"].split(",")[0].strip() for source in bid["evidence"]["sources"])
    return frozenset(first for first in firsts if " " in first)


def _bare_savings(bid: Mapping[str, Any], found: list[Claim]) -> Iterator[Claim]:
    """The savings in pounds that rest on no source."""
    told = {claim.path for claim in found}
    for index, saving in enumerate(bid["vision"]["efficiencies"]):
        path: BidPath = ("vision", "efficiencies", index, "efficiency")
        if saving["amount"] and not saving["evidence"] and path not in told:
            text = plain_line(saving["efficiency"])
            if not _CITED.search(text):
                yield Claim(path, text, f"promises {pounds(saving['amount'])} a year and cites nothing")


# --- Anachronisms ----------------------------------------------------------------------------------------------------


_BYGONE = re.compile(r"\b(?:former|old|abolished|previous|then|predecessor)(?: [\w'’-]+){0,2} $", re.IGNORECASE)


def anachronisms(reading: Reading, bid: Mapping[str, Any]) -> tuple[Anachronistic, ...]:
    """The terms of a pack's reading that no bid of the call's time could use, each once in a sentence.

    Terms stand on word boundaries, in large or small letters. What a cited work is called is not the bid's own word,
    and what it calls former is no anachronism.
    """
    lines = " ".join(plain_line(text) for _, text in free_texts(bid)).lower()
    known = [
        (item, _pattern([term for term in item.terms if term.lower() in lines]))
        for item in reading.anachronisms
        if any(term.lower() in lines for term in item.terms)
    ]
    if not known:
        return ()
    return tuple(
        made
        for sentence in sentences(bid)
        if field_of(sentence.path) != "evidence.sources[].citation"
        for item, pattern in known
        for made in _spoken(sentence, item, pattern)
    )


def _pattern(terms: list[str]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _spoken(sentence: Sentence, item: Anachronism, pattern: re.Pattern[str]) -> Iterator[Anachronistic]:
    found = pattern.search(sentence.text)
    if found and not _BYGONE.search(sentence.text, 0, found.start()):
        piece = piece_around(sentence.text, *found.span())
        yield Anachronistic(sentence.path, found[0], piece, item.since, item.what)
