"""The models of a criteria pack: the call, its gates, criteria, considerations and rules.

A pack is a folder, `pack.yaml` and one file for each criterion; `load_pack` reads one. It cannot name code or an
address: the only behaviour that it can ask for is a predicate of the closed table.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from pioneer_cli.bid import Phase
from pioneer_cli.diagnostics import Severity
from pioneer_cli.predicates import Test, entries

SeverityWord = Literal["note", "warning", "error"]
Authority = Literal["call", "house", "accessibility"]
Effort = Literal["low", "medium", "high"]
Confidence = Literal["low", "high"]

Text = Annotated[str, Field(strict=True, min_length=1)]
Points = Annotated[int, Field(strict=True, ge=1, le=100)]


def _written_as(pattern: str, code: str, kind: str, hint: str) -> AfterValidator:
    """Holds a text to a pattern, with a message of ours."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            context = {"message": f'"{text[:40]}" cannot be {kind}', "hint": hint}
            raise PydanticCustomError(code, "{message}", context)
        return text

    return AfterValidator(check)


Slug = Annotated[
    str,
    Field(strict=True, max_length=60),
    _written_as(
        r"[a-z0-9]+(?:-[a-z0-9]+)*", "id", "an id", "use small letters, figures and hyphens, such as `page-limit`"
    ),
]
Code = Annotated[
    str,
    Field(strict=True),
    _written_as(r"[A-Z][0-9]{1,2}[a-z]?", "id", "the id of a criterion or consideration", "write it as C3 or C3b"),
]
FileName = Annotated[
    str,
    Field(strict=True, max_length=60),
    _written_as(
        r"[a-z0-9][a-z0-9-]*\.yaml",
        "file-name",
        "a file of this pack",
        "name a file in the pack's own folder, in small letters, such as `c1-vision.yaml`",
    ),
]

Part = TypeVar("Part", bound=BaseModel)


class PackPart(BaseModel):
    """What every part of a pack has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class Severities(PackPart):
    """How much a gap matters in each phase."""

    draft: SeverityWord
    submission: SeverityWord
    selection_end: SeverityWord = Field(alias="selection-end")

    def at(self, phase: Phase) -> Severity:
        """The severity in a phase."""
        words: Mapping[Phase, SeverityWord] = {
            "draft": self.draft, "submission": self.submission, "selection-end": self.selection_end,
        }  # fmt: skip
        return Severity[words[phase].upper()]


class Examples(PackPart):
    """Fragments of bids that meet the rule and that do not; the tests run them."""

    met: Annotated[tuple[dict[str, Any], ...], entries(1)]
    unmet: Annotated[tuple[dict[str, Any], ...], entries(1)]


class Rule(PackPart):
    """A checkable claim under a consideration."""

    id: Slug
    claim: Text
    why: Text
    authority: Authority
    path: str = Field(default="", strict=True)
    predicate: Text
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")
    severity: Severities | None = None
    points: Points
    confidence: Confidence = "high"
    remedy: Text
    effort: Effort
    support: Slug | None = None

    @property
    def is_judged(self) -> bool:
        """Whether only people can answer it."""
        return self.predicate == "judged"


class Gate(PackPart):
    """Pass or fail, unscored."""

    id: Slug
    claim: Text
    why: Text
    authority: Authority
    clause: Text
    path: str = Field(default="", strict=True)
    predicate: Text
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")
    severity: Severities
    remedy: Text
    effort: Effort
    question: Text


class Consideration(PackPart):
    """One question under a criterion."""

    id: Code
    asks: Text
    verb: Slug
    question: Text
    rules: Annotated[tuple[Rule, ...], entries(1)]


class AnyOfConsiderations(PackPart):
    """Considerations of which the best answered one counts."""

    any_of: Annotated[tuple[Code, ...], Field(alias="any-of"), entries(2)]


class Criterion(PackPart):
    """A scored heading of the call."""

    id: Code
    name: Slug
    title: Text
    asks: Text
    section: Text
    weight: Points
    floor: Annotated[int, Field(strict=True, ge=0, le=5)] | None = None
    pages: Annotated[float, Field(strict=True, ge=0.1, le=100)] | None = None
    alternatives: tuple[AnyOfConsiderations, ...] = ()
    considerations: Annotated[tuple[Consideration, ...], entries(1)]

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The considerations in groups; the best of a group counts, and every group counts alike."""
        grouped = {code: group.any_of for group in self.alternatives for code in group.any_of}
        return tuple(
            dict.fromkeys(grouped.get(consideration.id, (consideration.id,)) for consideration in self.considerations)
        )

    def rules(self) -> Iterator[tuple[Consideration, Rule]]:
        """Every rule with its consideration, in the pack's order."""
        for consideration in self.considerations:
            for rule in consideration.rules:
                yield consideration, rule


class Level(PackPart):
    """A described level of a criterion, reached from a share of its points on."""

    level: Annotated[int, Field(strict=True, ge=0, le=5)]
    name: Text
    from_percent: Annotated[int, Field(strict=True, ge=0, le=100, alias="from-percent")]
    descriptor: Text


class Verdicts(PackPart):
    """What each verdict takes, beside the gates."""

    meets_in_full: Annotated[int, Field(strict=True, ge=0, le=5, alias="meets-in-full")]
    sift_in: Annotated[int, Field(strict=True, ge=0, le=5, alias="sift-in")]


class Offer(PackPart):
    """A kind of support that the national partners offer."""

    id: Slug
    need: Text
    support: Text


class PackFile(PackPart):
    """`pack.yaml`: what is not a criterion."""

    name: Slug
    title: Text
    publisher: Text
    reference: Text
    published: Text
    source: Text
    weights: Text
    page_limit: Annotated[int, Field(strict=True, ge=1)] | None = Field(default=None, alias="page-limit")
    verbs: dict[Slug, Severities]
    levels: Annotated[tuple[Level, ...], entries(2)]
    verdicts: Verdicts
    gates: Annotated[tuple[Gate, ...], entries(1)]
    offers: tuple[Offer, ...] = ()
    criteria: Annotated[tuple[FileName, ...], entries(1)]


class Change(PackPart):
    """What an extending pack changes in a rule or gate of the pack that it extends."""

    id: Slug
    severity: Severities | None = None
    points: Points | None = None
    because: Text | None = None


class Extension(PackPart):
    """`pack.yaml` of a pack that extends one that ships: everything else is taken over from there."""

    name: Slug
    title: Text
    extends: Slug
    changes: tuple[Change, ...] = ()
    gates: tuple[Gate, ...] = ()
    criteria: tuple[FileName, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack ready to judge by: its parts as read, and a test for every rule and gate by id."""

    about: PackFile
    criteria: tuple[Criterion, ...]
    tests: Mapping[str, Test]

    def rules(self) -> Iterator[tuple[Criterion, Consideration, Rule]]:
        """Every rule with where it belongs, in the pack's order."""
        for criterion in self.criteria:
            for consideration, rule in criterion.rules():
                yield criterion, consideration, rule

    def severity(self, consideration: Consideration, rule: Rule, phase: Phase) -> Severity:
        """How much a gap matters: the rule's own word, else the letter's verb.

        Only a rule that rests on the call, and does not guess from words, may be an error.
        """
        severity = (rule.severity or self.about.verbs[consideration.verb]).at(phase)
        sure = rule.authority == "call" and rule.confidence == "high"
        return severity if sure else min(severity, Severity.WARNING)

    def floor(self, criterion: Criterion) -> int:
        """The level below which a criterion keeps a bid from being sifted in."""
        return self.about.verdicts.sift_in if criterion.floor is None else criterion.floor

    def level(self, share: Fraction) -> Level:
        """The highest level that a share of a criterion's points reaches."""
        return max((level for level in self.about.levels if share * 100 >= level.from_percent), key=lambda x: x.level)
