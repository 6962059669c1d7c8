"""Predicates about all matches of a path together, and about the bid as a whole."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Annotated

from pydantic import Field

from pioneer_cli.predicates.base import (
    ALL,
    MOST_PLACES,
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
    at_most,
    average,
    entries,
    filled,
    find,
    in_words,
    items,
    met,
    number,
    short,
    shown,
    whole_path,
)
from pioneer_cli.quantities import DayOrMonth, Number, When, figure


class CountAtLeast(Arguments):
    """At least so many entries, of those that state anything."""

    number: int = Field(strict=True, ge=1)


def _count_at_least(matches: Sequence[Match], arguments: CountAtLeast, facts: Facts) -> Check:
    entries = [match for match in items(matches) if filled(match.value)]
    if len(entries) >= arguments.number:
        return met(*entries)
    path = matches[0].path if matches else ()
    reason = f"{len(entries)} of at least {arguments.number}" if entries else "nothing is stated"
    share = Fraction(len(entries), arguments.number)
    return Check(share, share, tuple(entries), (Shortfall(path, reason),))


class Covers(Arguments):
    """The values together cover all of these (k of n)."""

    values: Annotated[tuple[str, ...], entries(1)]


def _covers(matches: Sequence[Match], arguments: Covers, facts: Facts) -> Check:
    entries = items(matches)
    found = [match for match in entries if match.value in arguments.values]
    named = {match.value for match in found}
    missing = [value for value in arguments.values if value not in named]
    share = Fraction(len(arguments.values) - len(missing), len(arguments.values))
    if not missing:
        return Check(share, share, tuple(found))
    reason = "missing: " + ", ".join(value.replace("-", " ") for value in missing)
    return Check(share, share, tuple(found), (Shortfall(whole_path(matches, facts), reason),))


class CoversOneOfEach(Arguments):
    """The values together touch each of these groups: at least one value of every group (k of n)."""

    groups: Annotated[dict[str, tuple[str, ...]], entries(1)]


def _covers_one_of_each(matches: Sequence[Match], arguments: CoversOneOfEach, facts: Facts) -> Check:
    known = {value for values in arguments.groups.values() for value in values}
    found = [match for match in items(matches) if isinstance(match.value, str) and match.value in known]
    named = {match.value for match in found}
    missing = [group for group, values in arguments.groups.items() if named.isdisjoint(values)]
    share = Fraction(len(arguments.groups) - len(missing), len(arguments.groups))
    if not missing:
        return Check(share, share, tuple(found))
    reason = "missing: " + ", ".join(missing)
    return Check(share, share, tuple(found), (Shortfall(whole_path(matches, facts), reason),))


class SomeAre(Arguments):
    """At least so many of the values are among these."""

    values: Annotated[tuple[str | bool, ...], entries(1)]
    at_least: int = Field(default=1, strict=True, ge=1)


def _some_are(matches: Sequence[Match], arguments: SomeAre, facts: Facts) -> Check:
    found = [match for match in items(matches) if match.value in arguments.values]
    if len(found) >= arguments.at_least:
        return met(*found)
    named = ", ".join(str(value).lower() for value in arguments.values[:4])
    named += f" and {len(arguments.values) - 4} more" if len(arguments.values) > 4 else ""
    share = Fraction(len(found), arguments.at_least)
    if arguments.at_least > 1:
        reason = f"{len(found) or 'none'} of at least {arguments.at_least} stated (any of: {named})"
    elif isinstance(arguments.values[0], bool):  # which says nothing without the name of its field
        reason = f"no `{matches[0].path[-1]}` is {named}" if matches else "nothing is stated"
    else:
        reason = f"none of these is stated: {named}"
    return Check(share, share, tuple(found), (Shortfall(whole_path(matches, facts), reason),))


class AddsUpTo(Arguments):
    """The amounts add up to the total stated at another place."""

    total: OnePlace

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the total."""
        return [("total", tuple(self.total.split(".")))]


def _adds_up_to(matches: Sequence[Match], arguments: AddsUpTo, facts: Facts) -> Check:
    (stated,), _ = find(facts.bid, arguments.total.split("."))  # one place, whatever stands there
    total_stated = number(stated.value)
    amounts = [amount for match in matches if (amount := number(match.value)) is not None]
    if not amounts or total_stated is None:
        return short(stated.path, "no total is stated" if amounts else "no amounts are stated")
    if len(amounts) < len(matches):
        without = [match for match in matches if number(match.value) is None]
        return Check(NONE, NONE, (), tuple(Shortfall(match.path, "no amount is stated") for match in without))
    found = sum(amounts, Decimal(0))
    if found == 0:
        return short(stated.path, "the amounts add up to nothing")
    if found != total_stated:
        return short(stated.path, f"the amounts add up to {figure(found)}, not {figure(total_stated)}")
    return met(stated)


class AtMostTotal(Arguments):
    """The amounts together are no more than the total stated at another place."""

    total: OnePlace

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the total."""
        return [("total", tuple(self.total.split(".")))]


def _at_most_total(matches: Sequence[Match], arguments: AtMostTotal, facts: Facts) -> Check:
    total = number(at(facts.bid, arguments.total))
    wrong = [match for match in matches if filled(match.value) and number(match.value) is None]
    if wrong:
        return Check(
            NONE, NONE, (), tuple(Shortfall(match.path, f"{shown(match.value)} is no amount") for match in wrong)
        )
    amounts = [(match, amount) for match in matches if (amount := number(match.value)) is not None]
    if not amounts or total is None:
        return short(whole_path(matches, facts), "no total is stated" if amounts else "no amounts are stated")
    found = sum((amount for _, amount in amounts), Decimal(0))
    if found > total:
        return short(whole_path(matches, facts), f"the amounts add up to {figure(found)}, more than {figure(total)}")
    return met(*(match for match, _ in amounts))


class SomeBetween(Arguments):
    """At least so many of the numbers lie from `at_least` to `at_most`."""

    number: int = Field(default=1, strict=True, ge=1)
    at_least: Number | None = None
    at_most: Number | None = None


def _some_between(matches: Sequence[Match], arguments: SomeBetween, facts: Facts) -> Check:
    numbers = [(match, found) for match in items(matches) if (found := number(match.value)) is not None]
    if not numbers:
        return short(whole_path(matches, facts), "no figure is stated")
    least, most = arguments.at_least, arguments.at_most
    inside = [match for match, n in numbers if (least is None or n >= least) and (most is None or n <= most)]
    if len(inside) >= arguments.number:
        return met(*inside)
    bounds = " ".join(f"{word} {bound}" for word, bound in (("from", least), ("to", most)) if bound is not None)
    share = Fraction(len(inside), arguments.number)
    reason = f"{len(inside) or 'none'} of at least {arguments.number} {bounds}".rstrip()
    return Check(share, share, tuple(inside), (Shortfall(whole_path(matches, facts), reason),))


class BeginsBy(Arguments):
    """The earliest of the dates is no later than this one."""

    date: DayOrMonth


def _begins_by(matches: Sequence[Match], arguments: BeginsBy, facts: Facts) -> Check:
    dates = [(match.value.last, match) for match in matches if isinstance(match.value, When)]
    if not dates:
        return short(whole_path(matches, facts), "no date is stated")
    first, match = min(dates, key=lambda dated: dated[0])
    if first > arguments.date.last:
        return short(match.path, f"the first is {match.value}, after {arguments.date}")
    return met(match)


class HighestHas(Arguments):
    """The entry with the highest product of the numbers in `by`, and any equal to it, states all of these fields."""

    by: Annotated[tuple[str, ...], entries(1)]
    fields: Annotated[tuple[str, ...], entries(1)]

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The numbers and the fields, below each entry."""
        named = [("by", name) for name in self.by] + [("fields", name) for name in self.fields]
        return [(argument, (*steps, *name.split("."))) for argument, name in named]


def _highest_has(matches: Sequence[Match], arguments: HighestHas, facts: Facts) -> Check:
    rated = []
    for match in matches:
        numbers = [found for name in arguments.by if (found := number(at(match.value, name))) is not None]
        if len(numbers) == len(arguments.by):
            rated.append((prod(numbers), match))
    if not rated:
        return short(whole_path(matches, facts), f"no {in_words(arguments.by)}" if matches else "nothing is stated")
    highest = max(height for height, _ in rated)
    checks = []
    for match in (match for height, match in rated if height == highest):
        missing = [name for name in arguments.fields if not filled(at(match.value, name))]
        checks.append(short(match.path, f"it comes highest, with no {in_words(missing)}") if missing else met(match))
    return average(checks)


class AnswersEach(Arguments):
    """Each entry of `each` whose field `where` is one of `values` is named, by one of its fields `by` (k of n)."""

    each: str = Field(strict=True)
    where: str = Field(strict=True)
    values: Annotated[tuple[str, ...], entries(1)]
    by: Annotated[tuple[str, ...], entries(1)]

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The list, and the fields of its entries."""
        root = tuple(self.each.split("."))
        below = [("where", self.where), *(("by", name) for name in self.by)]
        return [("each", root), *((argument, (*root, "*", name)) for argument, name in below)]


def _answers_each(matches: Sequence[Match], arguments: AnswersEach, facts: Facts) -> Check:
    entries_of_list, _ = find(facts.bid, [*arguments.each.split("."), "*"])
    wanted = [match for match in entries_of_list if at(match.value, arguments.where) in arguments.values]
    named = {match.value.strip().casefold(): match for match in matches if isinstance(match.value, str)}
    checks = []
    for match in wanted:
        stated = [name for field in arguments.by if isinstance(name := at(match.value, field), str)]
        names = [name.strip() for name in stated if filled(name)]
        answers = [named[name.casefold()] for name in names if name.casefold() in named]
        silence = short(match.path, f"nothing is said of {shown(names[-1])}" if names else "it has no name")
        checks.append(met(answers[0]) if answers else silence)
    return average(checks)


class ListedAt(Arguments):
    """Each id stands in the list at `path` (k of n); `also` names more places where ids are cited."""

    path: str = Field(strict=True)
    also: Annotated[tuple[str, ...], at_most(MOST_PLACES)] = ()

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the list, and the further places of ids."""
        return [("path", tuple(self.path.split("."))), *(("also", tuple(path.split("."))) for path in self.also)]


def _listed_at(matches: Sequence[Match], arguments: ListedAt, facts: Facts) -> Check:
    cited = items(matches)
    for path in arguments.also:
        cited += items(find(facts.bid, path.split("."))[0])
    if not cited:
        return short(whole_path(matches, facts), "nothing is cited")
    listed = facts.once(("listed", arguments.path), lambda: _texts_of(find(facts.bid, arguments.path.split("."))[0]))
    return average(
        [
            met(match)
            if isinstance(match.value, str) and match.value in listed
            else short(match.path, f"{shown(match.value)} is not listed")
            for match in cited
        ]
    )


class CitedAt(Arguments):
    """Each id is cited at one of these places (k of n)."""

    places: Annotated[tuple[str, ...], entries(1), at_most(MOST_PLACES)]

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The places of the citations."""
        return [("places", tuple(path.split("."))) for path in self.places]


def _cited_at(matches: Sequence[Match], arguments: CitedAt, facts: Facts) -> Check:
    if not matches:
        return short((), "nothing is listed")
    cited = facts.once(("cited", arguments.places), lambda: _ids_at(arguments.places, facts))
    return average(
        [
            met(match)
            if isinstance(match.value, str) and match.value in cited
            else short(match.path, f"{shown(match.value)} is cited nowhere")
            for match in matches
        ]
    )


def _ids_at(places: Sequence[str], facts: Facts) -> frozenset[str]:
    return _texts_of([match for path in places for match in items(find(facts.bid, path.split("."))[0])])


def _texts_of(matches: Sequence[Match]) -> frozenset[str]:
    return frozenset(match.value for match in matches if isinstance(match.value, str))


class PageLimit(Arguments):
    """The typeset bid has no more than so many pages; unknown when the pages were not counted."""

    pages: int = Field(strict=True, ge=1)


def _page_limit(matches: Sequence[Match], arguments: PageLimit, facts: Facts) -> Check:
    if facts.pages is None:
        return Check(NONE, ALL, (), (Shortfall((), "the pages were not counted"),))
    if facts.pages > arguments.pages:
        return short((), f"{facts.pages} pages, where the limit is {arguments.pages}")
    return met()


class Judged(Arguments):
    """A question that only people can judge: unknown until a reviewer answers it; unmet where nothing is written."""

    question: str = Field(strict=True, min_length=1)


def _judged(matches: Sequence[Match], arguments: Judged, facts: Facts) -> Check:
    support = tuple(match for match in matches if filled(match.value))
    return Check(NONE, ALL, support) if support else short(whole_path(matches, facts), "there is nothing to judge yet")


LISTS = (
    Predicate("count-at-least", CountAtLeast, whole=_count_at_least),
    Predicate("covers", Covers, whole=_covers),
    Predicate("covers-one-of-each", CoversOneOfEach, whole=_covers_one_of_each),
    Predicate("some-are", SomeAre, whole=_some_are),
    Predicate("adds-up-to", AddsUpTo, whole=_adds_up_to),
    Predicate("at-most-total", AtMostTotal, whole=_at_most_total),
    Predicate("some-between", SomeBetween, whole=_some_between),
    Predicate("begins-by", BeginsBy, whole=_begins_by),
    Predicate("highest-has", HighestHas, whole=_highest_has),
    Predicate("answers-each", AnswersEach, whole=_answers_each),
    Predicate("cited-at", CitedAt, whole=_cited_at),
    Predicate("listed-at", ListedAt, whole=_listed_at),
    Predicate("page-limit", PageLimit, whole=_page_limit, needs_path=False),
    Predicate("judged", Judged, whole=_judged, needs_path=False),
)
