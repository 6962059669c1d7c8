"""The models of the annex in which a bidder replies to clarification questions, and reading it."""

from dataclasses import replace
from typing import Any

from pydantic import Field

from pioneer_cli.bid import Id, Text, required, said, several
from pioneer_cli.diagnostics import Diagnostic, has_errors
from pioneer_cli.quantities import DayOrMonth
from pioneer_cli.review import JudgedBy, Reviewed, ReviewPart
from pioneer_cli.schema import published
from pioneer_cli.source import Source
from pioneer_cli.validate import Validated, validate

REPLIES_SCHEMA_ID = "urn:pioneer:schema:replies:1"
REPLIES_SCHEMA_FILE = "replies.schema.json"


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
