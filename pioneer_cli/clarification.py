"""What the bidder is asked: a question for each gate and consideration that the bid falls short of, and how it stands.

A reply is the bidder's word, which no machine can judge: a question is closed when a reviewer has accepted the reply,
or when the bid itself was mended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pioneer_cli.assessment import Assessment, ConsiderationScore, Finding, GateResult, Outcome
from pioneer_cli.pack import Authority, Confidence, Criterion, Pack
from pioneer_cli.predicates import Shortfall
from pioneer_cli.source import YamlPath

if TYPE_CHECKING:  # most reports have no replies, and their models take time to make
    from pioneer_cli.replies import Replies, Reply


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


def said_of(ground: Ground) -> str:
    """Why a question is asked, in a sentence without places: what was looked for and what is missing."""
    reasons = "; ".join(dict.fromkeys(reason.reason for reason in ground.reasons))
    return f"{ground.claim} {reasons[:1].upper()}{reasons[1:]}".strip()


# --- How questions stand ---------------------------------------------------------------------------------------------

State = Literal["open", "answered", "not-accepted", "closed", "mended"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands; one that is no longer asked, because the bid was mended, has no `question`."""

    id: str
    text: str
    state: State
    question: Question | None
    reply: "Reply | None"

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


def standings(
    asked: Sequence[Question], replies: "Replies | None", pack: Pack, bid_sha256: str
) -> tuple[Standing, ...]:
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


def _state(reply: "Reply | None") -> State:
    if reply is None or reply.reply is None:
        return "open"
    if reply.accepted is None:
        return "answered"
    return "closed" if reply.accepted else "not-accepted"
