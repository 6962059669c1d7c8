"""Predicates about all matches of a path together, and about the bid as a whole."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from pioneer_cli.predicates.base import (
    ALL,
    NONE,
    Arguments,
    Check,
    Facts,
    Match,
    Predicate,
    Shortfall,
    Steps,
    average,
    entries,
    filled,
    find,
    items,
    met,
    number,
    short,
    shown,
    whole_path,
)
from pioneer_cli.quantities import figure


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
    return Check(share, share, tuple(found), (Shortfall(whole_path(matches), reason),))


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
    return Check(share, share, tuple(found), (Shortfall(whole_path(matches), reason),))


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
    reason = f"{len(found) or 'none'} of at least {arguments.at_least} stated (any of: {named})"
    return Check(share, share, tuple(found), (Shortfall(whole_path(matches), reason),))


class AddsUpTo(Arguments):
    """The amounts add up to the total stated at another place."""

    total: str = Field(strict=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the total."""
        return [("total", tuple(self.total.split(".")))]


def _adds_up_to(matches: Sequence[Match], arguments: AddsUpTo, facts: Facts) -> Check:
    total, _ = find(facts.bid, arguments.total.split("."))
    if not total:
        return short(whole_path(matches), "no total is stated")
    stated = total[0]
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


class ListedAt(Arguments):
    """Each id stands in the list at another place (k of n); `also` names more places where ids are cited."""

    path: str = Field(strict=True)
    also: tuple[str, ...] = ()

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the list, and the further places of ids."""
        return [("path", tuple(self.path.split("."))), *(("also", tuple(path.split("."))) for path in self.also)]


def _listed_at(matches: Sequence[Match], arguments: ListedAt, facts: Facts) -> Check:
    cited = items(matches)
    for path in arguments.also:
        cited += items(find(facts.bid, path.split("."))[0])
    if not cited:
        return short(whole_path(matches), "nothing is cited")
    listed = [match.value for match in find(facts.bid, arguments.path.split("."))[0]]
    return average(
        [
            met(match) if match.value in listed else short(match.path, f"{shown(match.value)} is not listed")
            for match in cited
        ]
    )


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
    return Check(NONE, ALL, support) if support else short(whole_path(matches), "there is nothing to judge yet")


LISTS = (
    Predicate("count-at-least", CountAtLeast, whole=_count_at_least),
    Predicate("covers", Covers, whole=_covers),
    Predicate("covers-one-of-each", CoversOneOfEach, whole=_covers_one_of_each),
    Predicate("some-are", SomeAre, whole=_some_are),
    Predicate("adds-up-to", AddsUpTo, whole=_adds_up_to),
    Predicate("listed-at", ListedAt, whole=_listed_at),
    Predicate("page-limit", PageLimit, whole=_page_limit, needs_path=False),
    Predicate("judged", Judged, whole=_judged, needs_path=False),
)
