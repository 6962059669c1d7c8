"""The models of a reviewer's file: a level with reasons for each criterion, and an answer to each question for people.

A file belongs to one reviewer, one bid and one pack, and carries the sha256 of both, so that nobody judges by what has
changed since. What may be left out can be filled in later; what must stand beside what is held by `check_review`.
"""

from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pioneer_cli.bid import Id, Part, Text, part, required, said, several

Answer = Literal["met", "partly", "unmet"]
VerdictWord = Literal["meets-in-full", "sift-in", "later-cohort"]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}\Z")]
LevelGiven = Annotated[int, Field(strict=True, ge=0, le=5)]


class Reviewed(Part):
    """Which version of the bid was read."""

    title: Text = required("The bid's title.")
    sha256: Digest = required("The digest of the bid's file when the review was begun; pioneer writes it.")


class JudgedBy(Part):
    """Which version of the criteria pack was used."""

    name: Text = required("The name of the criteria pack.")
    sha256: Digest = required("The digest of the pack's files when the review was begun; pioneer writes it.")


class Conflict(Part):
    """A conflict of interest; who has one with a partner of the bid may not score it."""

    organisation: Text = required("The organisation: a partner's id or name, or any other organisation.")
    interest: Text | None = said("What the interest is: employed there, a member of its board, a relative who is.")


class CriterionJudgement(Part):
    """What a reviewer makes of one criterion."""

    criterion: Id = required("The criterion's id, such as C1.")
    level: LevelGiven | None = said("The level from 0 to 5, by the descriptors above.")
    reasons: Text | None = said("Why this level and not the one above or below it, with reference to the bid.")
    strengths: tuple[Text, ...] = several("What is strong, a sentence each.")
    weaknesses: tuple[Text, ...] = several("What is weak, a sentence each.")
    quotes: tuple[Text, ...] = several("Words of the bid that the level rests on, exactly as they stand there.")


class JudgedQuestion(Part):
    """A reviewer's answer to a question that only people can judge."""

    question: Id = required("The rule that asks the question.")
    answer: Answer | None = said("met, partly or unmet; left out, the question stays open.")
    reason: Text | None = said("Why.")
    quotes: tuple[Text, ...] = several("Words of the bid that the answer rests on, if there are any.")


class Recommendation(Part):
    """What the reviewer recommends to the panel."""

    verdict: VerdictWord | None = said("meets-in-full, sift-in or later-cohort.")
    reason: Text | None = said("Why, in a sentence or two.")
    next_steps: tuple[Text, ...] = several("What the area should do next, a sentence each; the letter gives them.")


class Review(Part):
    """A reviewer's file."""

    reviewer: Id = required("Who judges, by an id such as `r1`; no name is needed.")
    agreed: bool = Field(
        default=False,
        strict=True,
        description="true in the one file that holds what the panel agreed on after its discussion.",
    )
    bid: Reviewed = required("The bid that was read.")
    pack: JudgedBy = required("The criteria that it was judged by.")
    conflicts: tuple[Conflict, ...] = several(
        "Conflicts of interest, by organisation; an empty list says there are none."
    )
    criteria: tuple[CriterionJudgement, ...] = several("A judgement for each criterion.")
    questions: tuple[JudgedQuestion, ...] = several("An answer to each question that only people can judge.")
    recommendation: Recommendation = part(Recommendation, "What is recommended to the panel.")


def bid_name(file: str) -> str:
    """What a bid is called where files are named after it: `exemplar` for exemplar.yaml, `x` for x/bid.yaml."""
    path = PurePath(file)
    return path.parent.name if path.stem == "bid" and path.parent.name else path.stem
