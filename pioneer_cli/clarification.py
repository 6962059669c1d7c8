"""What the bidder is asked: a question for each gate and consideration that the bid falls short of, and the replies.

A reply is the bidder's word, which no machine can judge: a question is closed when a reviewer has accepted the reply,
or when the bid itself was mended. Pure: the texts of the letter stand in a template, and `cli` writes it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from textwrap import wrap
from typing import Any, Literal

from pydantic import Field

from pioneer_cli.assessment import Assessment, ConsiderationScore, Finding, GateResult, Outcome
from pioneer_cli.bid import Id, Text, plain, required, said, several
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.pack import Authority, Confidence, Criterion, Pack
from pioneer_cli.predicates import Shortfall
from pioneer_cli.quantities import DayOrMonth, long_date, plural, shown
from pioneer_cli.review import JudgedBy, Reviewed, ReviewPart, one_line
from pioneer_cli.schema import published
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.unshowable import unshowable
from pioneer_cli.validate import Validated, place, validate
from pioneer_cli.whereabouts import Spot, Whereabouts

REPLIES_SCHEMA_ID = "urn:pioneer:schema:replies:1"
REPLIES_SCHEMA_FILE = "replies.schema.json"
LETTER = "questions.xml.jinja"
GATES = "Conditions of the call"
MOST_PLACES = 3  # of one reason, in a letter; the others are counted
_WIDTH = 100


# --- Questions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a question is asked: a rule or a gate that the bid falls short of, with the places and what would help."""

    rule: str
    authority: Authority
    confidence: Confidence
    outcome: Outcome
    claim: str
    remedy: str
    reasons: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the bidder, numbered through the letter; `id` is what replies name: a gate or a consideration.

    `either` names the other considerations of which the best answered counts ("and/or"). A gate has no criterion.
    """

    number: int
    id: str
    criterion: Criterion | None
    text: str
    clause: str
    either: tuple[str, ...]
    grounds: tuple[Ground, ...]

    @property
    def path(self) -> YamlPath:
        """The first place that it is about; empty where it is about the bid as a whole."""
        return next((reason.path for ground in self.grounds for reason in ground.reasons), ())


def questions(assessment: Assessment) -> tuple[Question, ...]:
    """The questions that an assessment gives rise to: of gates, then of considerations, in the pack's order.

    What waits for people's judgement is no question to the bidder; what reviewers found wanting is.
    """
    gates = (_of_gate(found) for found in assessment.gates if found.is_gap)
    considerations = (
        _of_consideration(score.criterion, item, grounds)
        for score in assessment.criteria
        for item in score.considerations
        if (grounds := _grounds(assessment, item))
    )
    return tuple(replace(found, number=number) for number, found in enumerate((*gates, *considerations), 1))


def asked_of(pack: Pack) -> Mapping[str, str]:
    """Every question that a pack may ask, by the gate or the consideration that asks it."""
    gates = {gate.id: gate.question for gate in pack.about.gates}
    items = (item for criterion in pack.criteria for item in criterion.considerations)
    return gates | {item.id: item.question for item in items}


def _of_gate(found: GateResult) -> Question:
    gate = found.gate
    ground = Ground(gate.id, gate.authority, "high", found.outcome, gate.claim, gate.remedy, found.shortfalls)
    return Question(0, gate.id, None, gate.question, gate.clause, (), (ground,))


def _of_consideration(criterion: Criterion, item: ConsiderationScore, grounds: Iterable[Ground]) -> Question:
    asked = item.consideration
    either = next((group for group in criterion.groups() if asked.id in group), ())
    others = tuple(code for code in either if code != asked.id)
    return Question(0, asked.id, criterion, asked.question, asked.id, others, tuple(grounds))


def _grounds(assessment: Assessment, item: ConsiderationScore) -> tuple[Ground, ...]:
    if item.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
        return ()
    found = (found for found in assessment.findings if found.consideration.id == item.consideration.id)
    return tuple(_ground(finding) for finding in found if _falls_short(finding))


def _falls_short(finding: Finding) -> bool:
    return finding.is_gap or (finding.rule.is_judged and finding.outcome in (Outcome.PARTLY, Outcome.UNMET))


def _ground(finding: Finding) -> Ground:
    rule = finding.rule
    return Ground(
        rule.id, rule.authority, rule.confidence, finding.outcome, rule.claim, rule.remedy, finding.shortfalls
    )


# --- Replies: the models ---------------------------------------------------------------------------------------------


class Reply(ReviewPart):
    """The bidder's reply to one question, and what a reviewer made of it."""

    question: Text = required("The question's id: the consideration or gate that it asks about, such as C2d.")
    reply: Text | None = said("The bidder's reply; left out, the question stays open.")
    date: DayOrMonth | None = said("When the reply was given.")
    accepted: bool | None = Field(
        default=None,
        strict=True,
        description="A reviewer's word: true closes the question, false asks for more; left out, nobody has judged it.",
    )
    accepted_by: Id | None = said("Who accepted the reply or asked for more: a reviewer's id, such as `r1`.")


class Replies(ReviewPart):
    """The annex in which a bidder replies to the clarification questions."""

    bid: Reviewed = required("The bid that was asked about.")
    pack: JudgedBy = required("The criteria that the questions rest on.")
    date: DayOrMonth = required("When the annex was sent.")
    replies: tuple[Reply, ...] = several("A reply to each question.")


def replies_schema() -> dict[str, Any]:
    """The JSON Schema of a replies annex as plain data, keys in the models' order."""
    return published(Replies.model_json_schema(mode="validation"), REPLIES_SCHEMA_ID)


# --- How questions stand ---------------------------------------------------------------------------------------------

State = Literal["open", "answered", "not-accepted", "closed", "mended"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands; one that is no longer asked, because the bid was mended, has no `question`."""

    id: str
    text: str
    state: State
    question: Question | None
    reply: Reply | None

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is asked of the bidder."""
        return self.state in ("closed", "mended")

    @property
    def words(self) -> str:
        """How it stands, for people, naming the reviewer who said so."""
        by = self.reply.accepted_by if self.reply else ""
        return {
            "open": "open: there is no reply yet",
            "answered": "open: there is a reply, which no reviewer has judged yet",
            "not-accepted": f"open: {by} asks for more",
            "closed": f"closed: {by} accepted the reply",
            "mended": "closed: mended in the bid, which has changed since the annex was written",
        }[self.state]


def standings(asked: Sequence[Question], replies: Replies | None, pack: Pack, bid_sha256: str) -> tuple[Standing, ...]:
    """How each question stands, in their order; after them those of the annex whose gap is gone from a changed bid."""
    given = {reply.question: reply for reply in replies.replies} if replies else {}
    standing = [
        Standing(found.id, found.text, _state(given.get(found.id)), found, given.get(found.id)) for found in asked
    ]
    if replies is not None and replies.bid.sha256 != bid_sha256:
        gone = given.keys() - {found.id for found in asked}
        texts = asked_of(pack)
        standing += [Standing(name, texts[name], "mended", None, given[name]) for name in texts if name in gone]
    return tuple(standing)


def _state(reply: Reply | None) -> State:
    if reply is None or reply.reply is None:
        return "open"
    if reply.accepted is None:
        return "answered"
    return "closed" if reply.accepted else "not-accepted"


# --- Reading the annex -----------------------------------------------------------------------------------------------


def read_replies(source: Source) -> Validated[Replies]:
    """A source as a replies annex, or every fault of its form at once."""
    faults = tuple(_in_terms_of_replies(fault) for fault in source.diagnostics)
    if has_errors(faults):
        return Validated(None, faults)
    validated = validate(source, Replies)
    return Validated(validated.model, tuple(sorted(faults + validated.diagnostics)))


def _in_terms_of_replies(fault: Diagnostic) -> Diagnostic:
    if fault.code == "empty-file":
        return replace(fault, hint="begin with `pioneer questions BID --new-replies FILE`")
    return replace(fault, message=fault.message.replace("in a bid", "in a replies annex"))


@dataclass(frozen=True, slots=True)
class _Beside:
    """An annex beside what it is held against."""

    source: Source
    replies: Replies

    def fault(self, path: YamlPath, code: str, message: str, hint: str) -> Diagnostic:
        return place(self.source, path, code, message, hint)

    def warning(self, path: YamlPath, code: str, message: str, hint: str) -> Diagnostic:
        return replace(self.fault(path, code, message, hint), severity=Severity.WARNING)


def check_replies(
    source: Source,
    replies: Replies,
    bid: tuple[str, str],
    pack: Pack,
    pack_sha256: str,
    asked: Sequence[Question],
) -> tuple[Diagnostic, ...]:
    """What is wrong with an annex beside its bid (title and sha256), its pack, and the questions that are open now."""
    beside = _Beside(source, replies)
    is_same_bid = replies.bid.sha256 == bid[1]
    now = {found.id for found in asked} if is_same_bid else asked_of(pack).keys()
    return tuple(
        sorted(
            {
                *_other_bid(beside, *bid),
                *_other_pack(beside, pack, pack_sha256),
                *_wrong_questions(beside, asked_of(pack), now),
                *_wrong_replies(beside),
                *_not_shown(beside),
            }
        )
    )


def _other_bid(beside: _Beside, title: str, sha256: str) -> Iterator[Diagnostic]:
    if beside.replies.bid.sha256 == sha256:
        return
    if one_line(beside.replies.bid.title) != one_line(title):
        message = f"these are replies on another bid, {shown(beside.replies.bid.title)}"
        yield beside.fault(("bid", "title"), "other-bid", message, f"this bid is {shown(title)}; name its own annex")
        return
    hint = "look whether each reply still fits; a question whose gap is gone counts as mended"
    yield beside.warning(("bid", "sha256"), "bid-has-changed", "the bid has changed since the annex was written", hint)


def _other_pack(beside: _Beside, pack: Pack, sha256: str) -> Iterator[Diagnostic]:
    name = pack.about.name
    if beside.replies.pack.name != name:
        message = f"these are replies by another criteria pack, {shown(beside.replies.pack.name)}"
        yield beside.fault(("pack", "name"), "other-pack", message, f"the bid is held against {name}; see --pack")
    elif beside.replies.pack.sha256 != sha256:
        message = "the criteria pack has changed since the annex was written"
        yield beside.warning(("pack", "sha256"), "pack-has-changed", message, "look whether each reply still fits")


def _wrong_questions(beside: _Beside, known: Mapping[str, str], now: Iterable[str]) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, reply in enumerate(beside.replies.replies):
        path, name = ("replies", index, "question"), reply.question
        if name not in known:
            yield beside.fault(path, "unknown-question", f"there is no question {shown(name)}", _meant(name, known))
        elif name in first:
            line = beside.source.value_span(("replies", first[name], "question")).start.line
            yield beside.fault(
                path, "question-twice", f"{name} is replied to twice", f"the first is in line {line}; keep one"
            )
        elif name not in now:
            hint = "it was met from the start, or waits for reviewers; take the reply out"
            yield beside.warning(path, "not-asked", f"nothing is asked on {name}", hint)
        first.setdefault(name, index)


def _meant(name: str, known: Mapping[str, str]) -> str:
    folded = {found.casefold(): found for found in known}
    close = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"did you mean `{folded[close[0]]}`?" if close else f"questions: {', '.join(known)}"


def _wrong_replies(beside: _Beside) -> Iterator[Diagnostic]:
    for index, reply in enumerate(beside.replies.replies):
        path: YamlPath = ("replies", index)
        if reply.reply is not None and not one_line(reply.reply):
            hint = "write the reply, or leave nothing after the colon to keep the question open"
            yield beside.fault((*path, "reply"), "empty-reply", f"the reply to {reply.question} is empty", hint)
        if reply.date is not None and reply.date.first > beside.replies.date.last:
            message = f"this reply is of {long_date(reply.date)}, after the annex of {long_date(beside.replies.date)}"
            yield beside.fault(
                (*path, "date"), "date-not-in-order", message, "set the annex's `date` to when it was sent"
            )
        yield from _wrong_acceptance(beside, path, reply)


def _wrong_acceptance(beside: _Beside, path: YamlPath, reply: Reply) -> Iterator[Diagnostic]:
    if reply.accepted is not None and reply.accepted_by is None:
        act = "accepted the reply to" if reply.accepted else "asks for more on"
        message = f"it is not said who {act} {reply.question}"
        hint = "write the reviewer's id in `accepted_by`"
        yield beside.fault((*path, "accepted"), "accepted-by-nobody", message, hint)
    if reply.accepted is not None and reply.reply is None:
        message = f"there is no reply to {reply.question} that could be accepted"
        yield beside.fault((*path, "accepted"), "accepted-without-reply", message, "leave `accepted` empty until then")
    if reply.accepted is None and reply.accepted_by is not None:
        hint = "write true or false in `accepted`"
        message = f"it is not said whether {reply.accepted_by} accepted the reply to {reply.question}"
        yield beside.fault((*path, "accepted_by"), "not-said-whether-accepted", message, hint)


def _not_shown(beside: _Beside) -> Iterator[Diagnostic]:
    for found in unshowable({"replies": plain(beside.replies.replies)}):
        fault = beside.fault(found.path, found.code, found.message, found.hint)
        yield replace(fault, span=beside.source.text_span(found.path, found.piece))


# --- The annex to fill in --------------------------------------------------------------------------------------------

_HEADER = f"""# yaml-language-server: $schema={REPLIES_SCHEMA_FILE}
#
# Replies to the clarification questions. Write each reply below its question, indented below
# ">-" or, for paragraphs and bullets, below "|"; what is left empty stays open. Then give the date.
# `accepted` and `accepted_by` are for the reviewers.
"""


def new_replies(asked: Sequence[Question], source: Source, title: str, pack: Pack, pack_sha256: str) -> str:
    """The text of an annex to fill in, with each question in a comment above its entry."""
    lines = [
        "bid:", f"  title: {_quoted(title)}", f'  sha256: "{source.sha256}"',
        "pack:", f"  name: {_quoted(pack.about.name)}", f'  sha256: "{pack_sha256}"',
        "", "# When the annex is sent, such as 2013-08-09.", "date:", "",
        "replies:" if asked else "# There is no open question.\nreplies: []",
    ]  # fmt: skip
    entries = (line for found in asked for line in _entry(found))
    return _HEADER + "\n".join([*lines, *entries]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)


def _entry(found: Question) -> Iterator[str]:
    under = f"criterion {found.criterion.id}" if found.criterion else "a gate"
    yield ""
    yield from _comment(f"{found.number}. {found.text} ({found.id}, {under})", "")
    for ground in found.grounds:
        yield from _comment(f"{ground.rule} ({ground.authority}): {said_of(ground)}", "- ")
    yield from (f"  - question: {_quoted(found.id)}", "    reply:", "    date:", "    accepted:", "    accepted_by:")


def _comment(text: str, lead: str) -> Iterator[str]:
    for number, line in enumerate(wrap(one_line(text), _WIDTH - 6, break_on_hyphens=False)):
        yield f"  # {lead if number == 0 else ' ' * len(lead)}{line}"


# --- In words --------------------------------------------------------------------------------------------------------


def said_of(ground: Ground) -> str:
    """Why a question is asked, in a sentence without places: what was looked for and what is missing."""
    reasons = "; ".join(dict.fromkeys(reason.reason for reason in ground.reasons))
    return f"{ground.claim} {reasons[:1].upper()}{reasons[1:]}".strip()


def place_in_words(spot: Spot) -> str:
    """A place of the bid: `page 2, line 131`, or the line alone of what is not printed."""
    if spot.first_page is None:
        return f"line {spot.line}"
    several_pages = spot.last_page not in (None, spot.first_page)
    pages = f"pages {spot.first_page}–{spot.last_page}" if several_pages else f"page {spot.first_page}"
    return f"{pages}, line {spot.line}"


def reasons_in_words(reasons: Iterable[Shortfall], places: Whereabouts) -> list[dict[str, str]]:
    """Each reason once, with the first places that it was found in and how many more there are."""
    paths: dict[str, list[YamlPath]] = {}
    for reason in reasons:
        paths.setdefault(reason.reason, []).append(reason.path)
    return [{"reason": said, "places": _places(found, places)} for said, found in paths.items()]


def _places(paths: Sequence[YamlPath], places: Whereabouts) -> str:
    words = list(dict.fromkeys(place_in_words(places.of(path)) for path in paths if path))
    more = len(words) - MOST_PLACES
    return "; ".join(words[:MOST_PLACES]) + (f"; and {plural(more, 'more place')}" if more > 0 else "")


def question_values(found: Question, places: Whereabouts, standing: Standing | None) -> dict[str, Any]:
    """A question as a template prints it; its `reply` is None unless there is an annex."""
    return {
        "number": found.number,
        "id": found.id,
        "text": found.text,
        "clause": found.clause,
        "either": list(found.either),
        "grounds": [_ground_values(ground, places) for ground in found.grounds],
        "reply": None if standing is None else reply_values(standing),
    }


def _ground_values(ground: Ground, places: Whereabouts) -> dict[str, Any]:
    return {
        "rule": ground.rule,
        "authority": ground.authority,
        "is_guess": ground.confidence == "low",
        "outcome": str(ground.outcome),
        "claim": ground.claim,
        "remedy": ground.remedy.replace("`", ""),
        "reasons": reasons_in_words(ground.reasons, places),
    }


def reply_values(standing: Standing) -> dict[str, Any]:
    """How a question stands, as a template prints it, with the reply if there is one."""
    reply = standing.reply
    return {
        "id": standing.id,
        "question": standing.text,
        "state": standing.state,
        "words": standing.words,
        "text": (reply.reply if reply else None) or "",
        "date": reply.date if reply else None,
    }


def made_from(parts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What a document was made from, each with its sha256, as a template prints it."""
    return [{"what": what, "sha256": sha256} for what, sha256 in parts]


def questions_letter(
    source: Source,
    title: str,
    pack: Pack,
    pack_sha256: str,
    phase: str,
    standing: Sequence[Standing],
    places: Whereabouts,
    others: Mapping[str, Source],
    replies: Replies | None = None,
) -> dict[str, Any]:
    """The values of the letter with the questions; `others` are the files beside the bid, by what they are."""
    groups: dict[str, dict[str, Any]] = {}
    for found in standing:
        if found.question is None:
            continue
        criterion = found.question.criterion
        name, heading = (criterion.id, f"{criterion.id}. {criterion.title}") if criterion else ("gates", GATES)
        group = groups.setdefault(name, {"id": name, "title": heading, "questions": []})
        group["questions"].append(question_values(found.question, places, found if replies else None))
    sources = (("The bid", source.sha256), (f"The criteria pack {pack.about.name}", pack_sha256))
    return {
        "title": f"Clarification questions: {title}",
        "bid_title": title,
        "call": pack.about.title,
        "phase": phase,
        "count": sum(found.question is not None for found in standing),
        "open": sum(not found.is_closed for found in standing),
        "closed": sum(found.is_closed for found in standing),
        "replied": replies.date if replies else None,
        "groups": list(groups.values()),
        "mended": [reply_values(found) for found in standing if found.question is None],
        "made_from": made_from((*sources, *((what, found.sha256) for what, found in others.items()))),
    }
