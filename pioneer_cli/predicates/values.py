"""Predicates about one value; over a list, a path with `*` asks each item and gives k of n."""

from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from pioneer_cli.predicates.base import (
    ALL,
    NONE,
    Arguments,
    Check,
    Facts,
    Match,
    OnePlace,
    Predicate,
    Shortfall,
    Steps,
    at,
    different_words,
    entries,
    filled,
    in_words,
    met,
    not_applicable,
    number,
    short,
    shown,
    strings_words,
)
from pioneer_cli.quantities import DayOrMonth, Number, When, figure


class Filled(Arguments):
    """Something is stated: text that is not blank, a figure, a list that is not empty."""


def _filled(match: Match, arguments: Filled, facts: Facts) -> Check:
    return met(match) if filled(match.value) else short(match.path, _why_nothing(match.value, "nothing is stated"))


def _why_nothing(value: object, otherwise: str) -> str:
    """Why a value states nothing: keywords alone are told apart from what is not there."""
    strung = isinstance(value, str) and strings_words(value)
    return "keywords are strung together, and nothing is said of them" if strung else otherwise


class Has(Arguments):
    """The entry states these fields (k of n)."""

    fields: Annotated[tuple[str, ...], entries(1)]

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The fields, below the entry."""
        return [("fields", (*steps, *field.split("."))) for field in self.fields]


def _has(match: Match, arguments: Has, facts: Facts) -> Check:
    if not isinstance(match.value, dict):
        return short(match.path, "nothing is stated")
    missing = [field for field in arguments.fields if not filled(at(match.value, field))]
    if not missing:
        return met(match)
    share = Fraction(len(arguments.fields) - len(missing), len(arguments.fields))
    support = (match,) if share else ()
    return Check(share, share, support, (Shortfall(match.path, f"no {in_words(missing)}"),))


_FEW = 2  # prose of 30 words has some 25 different ones; with half of that it goes round in circles


class Words(Arguments):
    """A text of at least so many words, not the same few over and over: enough to say something."""

    at_least: int = Field(strict=True, ge=1)


def _words(match: Match, arguments: Words, facts: Facts) -> Check:
    if not isinstance(match.value, str) or not filled(match.value):
        return short(match.path, _why_nothing(match.value, "nothing is written"))
    count = sum(1 for word in match.value.split() if filled(word))
    different = len(different_words(match.value))
    if count >= arguments.at_least > _FEW * different:
        return short(match.path, f"{count} words, but only {different} different ones")
    if count < arguments.at_least:
        return short(
            match.path, f"{count} {'word' if count == 1 else 'words'}, where {arguments.at_least} would say something"
        )
    return met(match)


class OneOf(Arguments):
    """The value is one of these."""

    values: Annotated[tuple[str | bool, ...], entries(1)]


def _one_of(match: Match, arguments: OneOf, facts: Facts) -> Check:
    if match.value in arguments.values:
        return met(match)
    if not filled(match.value):
        return short(match.path, "nothing is stated")
    return short(match.path, f"it is {shown(match.value)}")


class NumberBetween(Arguments):
    """A number from `at_least` to `at_most`."""

    at_least: Number | None = None
    at_most: Number | None = None


def _number_between(match: Match, arguments: NumberBetween, facts: Facts) -> Check:
    value = number(match.value)
    if value is None:
        return short(match.path, "no figure is stated")
    if arguments.at_least is not None and value < arguments.at_least:
        return short(match.path, f"{figure(value)} is under {figure(arguments.at_least)}")
    if arguments.at_most is not None and value > arguments.at_most:
        return short(match.path, f"{figure(value)} is over {figure(arguments.at_most)}")
    return met(match)


class NoLaterThan(Arguments):
    """A date no later than this one and, where `not_before` is given, no earlier than that; unknown without a date."""

    date: DayOrMonth
    not_before: DayOrMonth | None = None


def _no_later_than(match: Match, arguments: NoLaterThan, facts: Facts) -> Check:
    if not filled(match.value):
        return Check(NONE, ALL, (), (Shortfall(match.path, "no date is stated"),))
    if not isinstance(match.value, When):
        return short(match.path, f"{shown(match.value)} is no date")
    if match.value.last > arguments.date.last:
        return short(match.path, f"{match.value} is after {arguments.date}")
    if arguments.not_before is not None and match.value.first < arguments.not_before.first:
        return short(match.path, f"{match.value} is before {arguments.not_before}")
    return met(match)


class ProgressesFrom(Arguments):
    """In each entry the target is dated, differs from the baseline and lies after it."""

    baseline: str = Field(strict=True)
    target: str = Field(strict=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The baseline and the target, below the entry."""
        return [("baseline", (*steps, self.baseline)), ("target", (*steps, self.target))]


def _progresses(match: Match, arguments: ProgressesFrom, facts: Facts) -> Check:
    before, after = at(match.value, arguments.baseline), at(match.value, arguments.target)
    start, goal = at(before, "value"), at(after, "value")
    if not filled(start) or not filled(goal):
        return short(match.path, "no baseline" if filled(goal) else "no target")
    if start == goal:
        return short(match.path, "the target is the baseline")
    begun, ends = at(before, "date"), at(after, "date")
    if not isinstance(ends, When):
        return short(match.path, "no target date")
    if isinstance(begun, When) and ends.last <= begun.last:
        return short(match.path, f"the target's date {ends} is not after the baseline's {begun}")
    return met(match)


class NoLargerThan(Arguments):
    """A number no larger than the one at another place of the bid."""

    than: OnePlace

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the other number."""
        return [("than", tuple(self.than.split(".")))]


def _no_larger_than(match: Match, arguments: NoLargerThan, facts: Facts) -> Check:
    value, limit = number(match.value), number(at(facts.bid, arguments.than))
    other = in_words([arguments.than])
    if value is None or limit is None:
        return short(match.path, "no figure is stated" if value is None else f"no {other} is stated")
    if value > limit:
        return short(match.path, f"{figure(value)} is more than the {other} of {figure(limit)}")
    return met(match)


class InOrder(Arguments):
    """In the list, no entry's date lies before that of the entry above it; a list with one date says nothing."""

    field: str = Field(strict=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The date, below each entry."""
        return [("field", (*steps, "*", *self.field.split(".")))]


def _in_order(match: Match, arguments: InOrder, facts: Facts) -> Check:
    if not filled(match.value):
        return not_applicable()
    if not isinstance(match.value, list):
        return short(match.path, f"{shown(match.value)} is no list")
    dated = [(index, at(entry, arguments.field)) for index, entry in enumerate(match.value)]
    wrong = [(index, date) for index, date in dated if filled(date) and not isinstance(date, When)]
    dates = [(index, date) for index, date in dated if isinstance(date, When)]
    if len(dates) < 2 and not wrong:
        return not_applicable()
    back = [Shortfall((*match.path, index), f"{shown(date)} is no date") for index, date in wrong]
    back += [
        Shortfall((*match.path, index), f"{date} stands below {before}")
        for (_, before), (index, date) in pairwise(dates)
        if date.last < before.first
    ]
    return Check(NONE, NONE, (), tuple(back)) if back else met(match)


VALUES = (
    Predicate("filled", Filled, item=_filled),
    Predicate("has", Has, item=_has),
    Predicate("words", Words, item=_words),
    Predicate("one-of", OneOf, item=_one_of),
    Predicate("number-between", NumberBetween, item=_number_between),
    Predicate("no-later-than", NoLaterThan, item=_no_later_than),
    Predicate("no-larger-than", NoLargerThan, item=_no_larger_than),
    Predicate("in-order", InOrder, item=_in_order),
    Predicate("progresses-from", ProgressesFrom, item=_progresses),
)
