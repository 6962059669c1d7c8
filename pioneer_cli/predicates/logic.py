"""Logic over tests: three-valued, as order statistics of what the tests inside come to."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from pioneer_cli.predicates.base import (
    ALL,
    NONE,
    Arguments,
    Check,
    NestedTest,
    Predicate,
    Shortfall,
    entries,
    not_applicable,
)

Tests = Annotated[tuple[NestedTest, ...], entries(1)]


class AllOf(Arguments):
    """Every test inside holds; as strong as the weakest."""

    tests: Tests


class AnyOf(Arguments):
    """At least one test inside holds; as strong as the strongest."""

    tests: Tests


class NoneOf(Arguments):
    """No test inside holds."""

    tests: Tests


class AtLeast(Arguments):
    """At least `number` of the tests inside hold; as strong as the one that comes in that place."""

    number: int = Field(strict=True, ge=1)
    tests: Tests


class ForEach(Arguments):
    """For each entry that passes `where`, every test inside holds (k of n); their paths begin at the entry."""

    where: tuple[NestedTest, ...] = ()
    tests: Tests


class Conditional(Arguments):
    """Where the first test holds, the second must too; where it does not, the rule does not apply."""

    tests: Annotated[tuple[NestedTest, ...], entries(2, 2)]


def _all_of(checks: Sequence[Check], arguments: AllOf | ForEach) -> Check:
    return _nth_best(checks, len(checks))


def _any_of(checks: Sequence[Check], arguments: AnyOf) -> Check:
    return _nth_best(checks, 1)


def _at_least(checks: Sequence[Check], arguments: AtLeast) -> Check:
    return _nth_best(checks, min(arguments.number, len(checks)))


def _nth_best(checks: Sequence[Check], place: int) -> Check:
    """Three-valued logic as order statistics: all-of is the last place, any-of the first.

    A test that does not apply says nothing; when none applies, neither does the whole.
    """
    said = [check for check in checks if check.applicable]
    if not said:
        return not_applicable()
    place = min(place, len(said))
    low = sorted((check.low for check in said), reverse=True)[place - 1]
    high = sorted((check.high for check in said), reverse=True)[place - 1]
    support = tuple(match for check in said for match in check.support)
    shortfalls = tuple(shortfall for check in said for shortfall in check.shortfalls)
    return Check(low, high, support, () if low == ALL else shortfalls)


def _none_of(checks: Sequence[Check], arguments: NoneOf) -> Check:
    best = _nth_best(checks, 1)
    if not best.applicable:
        return best
    held = [check for check in checks if check.applicable and check.high > NONE]
    support = (match for check in held for match in check.support)
    found = tuple(Shortfall(match.path, "this stands here and should not") for match in support)
    return Check(ALL - best.high, ALL - best.low, (), found)


def _conditional(checks: Sequence[Check], arguments: Conditional) -> Check:
    condition, consequence = checks
    if not condition.applicable or condition.high == NONE:
        return not_applicable()
    return consequence


LOGIC = (
    Predicate("all-of", AllOf, logic=_all_of, needs_path=False),
    Predicate("any-of", AnyOf, logic=_any_of, needs_path=False),
    Predicate("none-of", NoneOf, logic=_none_of, needs_path=False),
    Predicate("at-least", AtLeast, logic=_at_least, needs_path=False),
    Predicate("for-each", ForEach, logic=_all_of),
    Predicate("when", Conditional, logic=_conditional, needs_path=False),
)
