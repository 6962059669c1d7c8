"""The models of a reviewer's file: a level with reasons for each criterion, and an answer to each question for people.

A file belongs to one reviewer, one bid and one pack, and carries the sha256 of both, so that nobody judges by what has
changed since. What may be left out can be filled in later; what must stand beside what is held by `check_review`.
"""

import re
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from pioneer_cli.bid import Id, Text, required, said, several
from pioneer_cli.diagnostics import Diagnostic, has_errors
from pioneer_cli.schema import published
from pioneer_cli.source import Source
from pioneer_cli.validate import Validated, validate

REVIEW_SCHEMA_ID = "urn:pioneer:schema:review:1"
Answer = Literal["met", "partly", "unmet"]
VerdictWord = Literal["meets-in-full", "sift-in", "later-cohort"]
_RULE = "[a-z0-9]+(?:-[a-z0-9]+)*"
RuleName = Annotated[
    str,
    StringConstraints(strict=True, pattern=f"^{_RULE}$", max_length=60),  # as a pack names its rules
    WithJsonSchema({"type": "string", "pattern": rf"^{_RULE}(?![\s\S])", "maxLength": 60}),
]
LevelGiven = Annotated[int, Field(strict=True, ge=0, le=5)]


def _checked_digest(text: str) -> str:
    if re.fullmatch("[0-9a-f]{64}", text) is None:
        hint = "it has 64 of the characters 0-9 and a-f; `pioneer review new` and `pioneer review check` tell it"
        raise PydanticCustomError("digest", "{message}", {"message": "this is no sha256", "hint": hint})
    return text


Digest = Annotated[
    str,
    Field(strict=True),
    AfterValidator(_checked_digest),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9a-f]{64}(?![\s\S])"}),
]


class ReviewPart(BaseModel):
    """What every part of a reviewer's file has in common: unknown keys are faults, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class Reviewed(ReviewPart):
    """Which version of the bid was read."""

    title: Text = required("The bid's title.")
    sha256: Digest = required("The digest of the bid's file when the review was begun; pioneer writes it.")


class JudgedBy(ReviewPart):
    """Which version of the criteria pack was used."""

    name: Text = required("The name of the criteria pack.")
    sha256: Digest = required("The digest of the pack's files when the review was begun; pioneer writes it.")


class Conflict(ReviewPart):
    """A conflict of interest; who has one with a partner of the bid may not score it."""

    organisation: Text = required("The organisation: a partner's id or name, or any other organisation.")
    interest: Text | None = said("What the interest is: employed there, a member of its board, a relative who is.")
    partner: bool | None = Field(
        default=None,
        strict=True,
        description="false where the name is almost a partner's, and another organisation is meant.",
    )


class CriterionJudgement(ReviewPart):
    """What a reviewer makes of one criterion."""

    criterion: Id = required("The criterion's id, such as C1.")
    level: LevelGiven | None = said("The level from 0 to 5, by the descriptors above.")
    reasons: Text | None = said("Why this level and not the one above or below it, with reference to the bid.")
    strengths: tuple[Text, ...] = several("What is strong, a sentence each.")
    weaknesses: tuple[Text, ...] = several("What is weak, a sentence each.")
    quotes: tuple[Text, ...] = several("Words of the bid that the level rests on, exactly as they stand there.")


class JudgedQuestion(ReviewPart):
    """A reviewer's answer to a question that only people can judge."""

    question: RuleName = required("The rule that asks the question.")
    answer: Answer | None = said("met, partly or unmet; left out, the question stays open.")
    reason: Text | None = said("Why.")
    quotes: tuple[Text, ...] = several("Words of the bid that the answer rests on, if there are any.")


class Recommendation(ReviewPart):
    """What the reviewer recommends to the panel."""

    verdict: VerdictWord | None = said("meets-in-full, sift-in or later-cohort.")
    reason: Text | None = said("Why, in a sentence or two.")
    next_steps: tuple[Text, ...] = several("What the area should do next, a sentence each; the letter gives them.")


class Review(ReviewPart):
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
    recommendation: Recommendation = Field(
        default_factory=Recommendation.model_construct, description="What is recommended to the panel."
    )


def read_review(source: Source) -> Validated[Review]:
    """A source as a reviewer's file, or every fault of its form at once."""
    faults = tuple(_in_terms_of_reviews(fault) for fault in source.diagnostics)
    if has_errors(faults):
        return Validated(None, faults)
    validated = validate(source, Review)
    return Validated(validated.model, tuple(sorted(faults + validated.diagnostics)))


def _in_terms_of_reviews(fault: Diagnostic) -> Diagnostic:
    """What `source` says of bids, said of reviewers' files."""
    if fault.code == "empty-file":
        return replace(fault, hint="begin with `pioneer review new`")
    return replace(fault, message=fault.message.replace("in a bid", "in a reviewer's file"))


def review_schema() -> dict[str, Any]:
    """The JSON Schema of a reviewer's file as plain data, keys in the models' order."""
    return published(Review.model_json_schema(mode="validation"), REVIEW_SCHEMA_ID)
