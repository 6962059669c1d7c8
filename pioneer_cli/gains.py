"""What the lines that are left would gain most: unmet rules by the score gained for the lines that meeting them takes.

How many lines an answer takes is measured, by typesetting the bid with a sentence of ours in the place where the rule
falls short. How long that sentence is follows from the rule's effort (house).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from pioneer_cli.answered import fields_of
from pioneer_cli.assessment import Assessment, Finding
from pioneer_cli.bid import Bid, Id, Text, plain
from pioneer_cli.edits import value_at, with_value
from pioneer_cli.pack import Effort, Pack
from pioneer_cli.press import Press
from pioneer_cli.quantities import Count, Day, DayOrMonth, Money, Number, Scale, Year, parse_when
from pioneer_cli.tree import BidPath, field_of

MOST_MEASURED = 8  # rules, those first that gain most for their effort
MOST_PLACES = 12  # of one rule that are filled
WORDS: Mapping[Effort, int] = {"low": 12, "medium": 25, "high": 45}  # of the sentence that stands for an answer (house)
_SENTENCE = (
    "Each team will agree one plan with the person and the family who care and the plan will say who does what by when "
    "and what is done when it does not work so that nobody has to tell the same story twice and everybody can see it"
)
_TYPED: Mapping[Any, object] = {
    Id: "source", bool: True, Day: parse_when("2013-06-28"), DayOrMonth: parse_when("2014-03"), Money: Decimal(120_000),
    Count: 1_200, Number: Decimal(12), Scale: 3, Year: 2012,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineGain:
    """What meeting a rule would gain of 100 points, and the lines that a sentence of `words` words there takes."""

    finding: Finding
    gain: Fraction
    lines: Fraction
    words: int


def line_gains(bid: Mapping[str, Any], pack: Pack, assessment: Assessment, press: Press) -> tuple[LineGain, ...]:
    """The gaps that gain most for the lines they take, best first; what takes less than half a line counts as half.

    A gap whose place has no room for a sentence or a value of ours is left out, since its lines cannot be measured.
    """
    gaps = assessment.cheapest_gains[:MOST_MEASURED]
    sentences = [" ".join(_SENTENCE.split()[: WORDS[gap.rule.effort]]) + "." for gap in gaps]
    answered = [_answered(bid, gap, pack, sentence) for gap, sentence in zip(gaps, sentences, strict=True)]
    before, *after = press.lines_of_each([bid, *answered])
    found = [
        LineGain(gap, assessment.gains[gap.rule.id], lines - before, WORDS[gap.rule.effort])
        for gap, changed, lines in zip(gaps, answered, after, strict=True)
        if changed != bid
    ]
    return tuple(sorted(found, key=lambda gain: (-gain.gain / max(gain.lines, Fraction(1, 2)), gain.finding.rule.id)))


def _answered(bid: Any, finding: Finding, pack: Pack, sentence: str) -> Any:
    """The bid with the sentence, or a value of the kind that belongs there, wherever the rule falls short."""
    fields = fields_of(pack.tests[finding.rule.id])
    for path in dict.fromkeys(_existing(bid, shortfall.path) for shortfall in finding.shortfalls[:MOST_PLACES]):
        for place in _places(bid, path or _first_of(fields), fields):
            bid = with_value(bid, place, partial(_with_sentence, place, sentence))
    return bid


def _existing(bid: Any, path: BidPath) -> BidPath:
    """The path, or as much of it as there is in the bid."""
    for length, step in enumerate(path):
        inside = value_at(bid, path[:length])
        steps = inside if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else ()
        if step not in steps:
            return path[:length]
    return path


def _first_of(fields: Sequence[str]) -> BidPath:
    return tuple(fields[0].split("[]")[0].split(".")) if fields else ("summary",)


def _places(bid: Any, path: BidPath, fields: Sequence[str]) -> Iterator[BidPath]:
    """The place itself or, where it holds several fields, those of them that the rule looks at and that are empty."""
    value = value_at(bid, path)
    if not isinstance(value, dict):
        yield path
        return
    inside = [name for name, item in value.items() if not item and f"{field_of(path)}.{name}" in fields]
    texts = [name for name in value if _annotation((*path, name)) == Text]
    empty = [name for name in texts if value[name] is None]
    yield from ((*path, name) for name in inside or empty[:1] or texts[:1])


def _with_sentence(path: BidPath, sentence: str, value: Any) -> Any:
    if isinstance(value, str):
        return f"{value} {sentence}" if _annotation(path) == Text else value
    if isinstance(value, list):
        return [*value, *_sample(_annotation(path), sentence)]
    return _sample(_annotation(path), sentence) if value is None else value


def _annotation(path: BidPath) -> Any:
    """What the models say of a place: `Text`, `tuple[Risk, ...]`, a model."""
    current: Any = Bid
    for step in path:
        if isinstance(step, int):
            current = get_args(current)[0]
        else:
            current = _stated(current.model_fields[step].rebuild_annotation())
    return current


def _stated(annotation: Any) -> Any:
    """The type of what is stated, where it may be left out."""
    if get_origin(annotation) in (Union, UnionType):
        return next(option for option in get_args(annotation) if option is not type(None))
    return annotation


def _sample(annotation: Any, sentence: str) -> Any:
    """A value of a type: the sentence for a text, an entry with the sentence for a list."""
    if get_origin(annotation) is tuple:
        return [_sample(get_args(annotation)[0], sentence)]
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        mandatory = [name for name, field in annotation.model_fields.items() if field.is_required()]
        stated = {
            name: _sample(_stated(annotation.model_fields[name].rebuild_annotation()), sentence) for name in mandatory
        }
        return plain(annotation.model_construct(**stated))
    return next((value for kind, value in _TYPED.items() if kind == annotation), sentence)
