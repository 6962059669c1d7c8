"""The closed table of predicates: each a function, and the model of its arguments.

A predicate looks at the places that a rule's path leads to and says how far the claim holds, as a share between a
low and a high bound that differ only when something is unknown. It never raises for what it finds in a bid: a value
of the wrong kind, or none, falls short with a reason. If a rule cannot be said with this table, add a predicate.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

from pioneer_cli.quantities import DayOrMonth, Number, When, figure

NONE, ALL = Fraction(0), Fraction(1)
Path = tuple[str | int, ...]
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the bid and the value that stands there; None when nothing does."""

    path: Path
    value: object


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may know beside the bid: the page count, None when it was not counted."""

    bid: Mapping[str, Any]
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A place that falls short and why, in a few words."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """How far a claim holds: the share from `low` to `high`, what supports it and where it falls short."""

    low: Fraction
    high: Fraction
    support: tuple[Match, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    applicable: bool = True


def entries(least: int, most: int | None = None) -> AfterValidator:
    """Holds a list to so many entries; pydantic's own `min_length` also fires when an entry is merely at fault."""

    def check(found: Any) -> Any:
        if not found:
            raise PydanticKnownError("too_short", {"field_type": "List", "min_length": least, "actual_length": 0})
        if len(found) < least or (most is not None and len(found) > most):
            wanted = str(least) if least == most else f"at least {least}"
            context = {"message": f"{wanted} are needed here, not {len(found)}", "hint": ""}
            raise PydanticCustomError("number", "{message}", context)
        return found

    return AfterValidator(check)


class Arguments(BaseModel):
    """What every predicate's arguments have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The paths into a bid that the arguments name, each with the argument's name; `steps` is the test's own."""
        return []


class NestedTest(Arguments):
    """A test inside `all-of` and its like: a path, a predicate and its arguments."""

    path: str = Field(default="", strict=True)
    predicate: str = Field(strict=True)
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")


@dataclass(frozen=True, slots=True)
class Test:
    """A predicate made ready to run: the steps of its path, its checked arguments and the tests inside it."""

    __test__ = False  # not a test of pytest's

    steps: Steps
    predicate: "Predicate"
    arguments: Any
    inner: tuple["Test", ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """One row of the table; exactly one of `item`, `whole` and `logic` is there.

    `item` judges one value, and a path with `*` then gives k of n; `whole` judges all matches together; `logic`
    combines the checks of the tests inside it.
    """

    name: str
    arguments: type[Arguments]
    item: Callable[[Match, Any, Facts], Check] | None = None
    whole: Callable[[Sequence[Match], Any, Facts], Check] | None = None
    logic: Callable[[Sequence[Check], Any], Check] | None = None

    @property
    def needs_path(self) -> bool:
        """Whether it judges places in the bid, which a path must lead to."""
        return self.logic is None and self.arguments not in (PageLimit, Judged)

    @property
    def explanation(self) -> str:
        """What the predicate means, from the docstring of its arguments."""
        return (self.arguments.__doc__ or "").strip()


def run(test: Test, facts: Facts) -> Check:
    """Applies a test to a bid."""
    predicate = test.predicate
    if predicate.logic is not None:
        return predicate.logic([run(inner, facts) for inner in test.inner], test.arguments)
    matches, missing = find(facts.bid, test.steps)
    if predicate.whole is not None:
        check = predicate.whole(matches, test.arguments, facts)
        return check if matches else _placed(check, _list_path(missing))
    if predicate.item is None:  # pragma: no cover - the table is closed and a test holds it
        raise AssertionError(predicate.name)
    if not matches:
        return _short(missing, "nothing is stated")
    return _average([predicate.item(match, test.arguments, facts) for match in matches])


def find(tree: object, steps: Sequence[str]) -> tuple[list[Match], Path]:
    """The matches of a path, where `*` stands for each item, and the place to point at when there are none."""
    matches = [Match((), tree)]
    missing: Path = ()
    for step in steps:
        if step == "*":
            missing = matches[0].path if matches else missing
            matches = [
                Match((*match.path, index), item)
                for match in matches
                if isinstance(match.value, list)
                for index, item in enumerate(match.value)
            ]
        else:
            matches = [Match((*match.path, step), _child(match.value, step)) for match in matches]
    return matches, missing


def _child(value: object, step: str) -> object:
    return value.get(step) if isinstance(value, dict) else None


def filled(value: object) -> bool:
    """Whether something is stated: blank text, empty lists and mappings of nothing state nothing."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(filled(item) for item in value)
    if isinstance(value, dict):
        return any(filled(item) for item in value.values())
    return value is not None


def _met(*support: Match) -> Check:
    return Check(ALL, ALL, support)


def _short(path: Path, reason: str) -> Check:
    return Check(NONE, NONE, (), (Shortfall(path, reason),))


def _placed(check: Check, path: Path) -> Check:
    """The check with the path for the shortfalls that have no place of their own."""
    shortfalls = tuple(fall if fall.path else replace(fall, path=path) for fall in check.shortfalls)
    return replace(check, shortfalls=shortfalls)


def _average(checks: Sequence[Check]) -> Check:
    count = len(checks)
    return Check(
        sum((check.low for check in checks), NONE) / count,
        sum((check.high for check in checks), NONE) / count,
        tuple(match for check in checks for match in check.support),
        tuple(shortfall for check in checks for shortfall in check.shortfalls),
    )


def _in_words(names: Sequence[str]) -> str:
    shown = [name.replace("_", " ").replace(".", " ") for name in names]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


# --- Predicates about one value --------------------------------------------------------------------------------------


class Filled(Arguments):
    """Something is stated: text that is not blank, a figure, a list that is not empty."""


def _filled(match: Match, arguments: Filled, facts: Facts) -> Check:
    return _met(match) if filled(match.value) else _short(match.path, "nothing is stated")


class Has(Arguments):
    """The entry states all of these fields."""

    fields: Annotated[tuple[str, ...], entries(1)]

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The fields, below the entry."""
        return [("fields", (*steps, *field.split("."))) for field in self.fields]


def _has(match: Match, arguments: Has, facts: Facts) -> Check:
    if not isinstance(match.value, dict):
        return _short(match.path, "nothing is stated")
    missing = [field for field in arguments.fields if not filled(_at(match.value, field))]
    if missing:
        return _short(match.path, f"no {_in_words(missing)}")
    return _met(match)


def _at(value: object, dotted: str) -> object:
    for step in dotted.split("."):
        value = _child(value, step)
    return value


class Words(Arguments):
    """A text of at least so many words: enough to say something."""

    at_least: int = Field(strict=True, ge=1)


def _words(match: Match, arguments: Words, facts: Facts) -> Check:
    if not isinstance(match.value, str) or not match.value.strip():
        return _short(match.path, "nothing is written")
    count = len(match.value.split())
    if count < arguments.at_least:
        return _short(match.path, f"{count} words, where {arguments.at_least} would say something")
    return _met(match)


class OneOf(Arguments):
    """The value is one of these."""

    values: Annotated[tuple[str | bool, ...], entries(1)]


def _one_of(match: Match, arguments: OneOf, facts: Facts) -> Check:
    if match.value in arguments.values:
        return _met(match)
    if not filled(match.value):
        return _short(match.path, "nothing is stated")
    return _short(match.path, f"it is {_shown(match.value)}")


class NumberBetween(Arguments):
    """A number from `at_least` to `at_most`."""

    at_least: Number | None = None
    at_most: Number | None = None


def _number_between(match: Match, arguments: NumberBetween, facts: Facts) -> Check:
    value = _number(match.value)
    if value is None:
        return _short(match.path, "no figure is stated")
    if arguments.at_least is not None and value < arguments.at_least:
        return _short(match.path, f"{figure(value)} is under {figure(arguments.at_least)}")
    if arguments.at_most is not None and value > arguments.at_most:
        return _short(match.path, f"{figure(value)} is over {figure(arguments.at_most)}")
    return _met(match)


def _number(value: object) -> Decimal | None:
    """The value when it is a number; true and false are none."""
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


class NoLaterThan(Arguments):
    """A date no later than this one; unknown when no date is stated."""

    date: DayOrMonth


def _no_later_than(match: Match, arguments: NoLaterThan, facts: Facts) -> Check:
    if not filled(match.value):
        return Check(NONE, ALL, (), (Shortfall(match.path, "no date is stated"),))
    if not isinstance(match.value, When):
        return _short(match.path, f"{_shown(match.value)} is no date")
    if match.value.last > arguments.date.last:
        return _short(match.path, f"{match.value} is after {arguments.date}")
    return _met(match)


class ProgressesFrom(Arguments):
    """In each entry the target differs from the baseline and lies after it."""

    baseline: str = Field(strict=True)
    target: str = Field(strict=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The baseline and the target, below the entry."""
        return [("baseline", (*steps, self.baseline)), ("target", (*steps, self.target))]


def _progresses(match: Match, arguments: ProgressesFrom, facts: Facts) -> Check:
    before, after = _at(match.value, arguments.baseline), _at(match.value, arguments.target)
    start, goal = _at(before, "value"), _at(after, "value")
    if not filled(start) or not filled(goal):
        return _short(match.path, "no baseline" if filled(goal) else "no target")
    if start == goal:
        return _short(match.path, "the target is the baseline")
    begun, ends = _at(before, "date"), _at(after, "date")
    if isinstance(begun, When) and isinstance(ends, When) and ends.last <= begun.last:
        return _short(match.path, f"the target's date {ends} is not after the baseline's {begun}")
    return _met(match)


# --- Predicates about all matches together ---------------------------------------------------------------------------


class CountAtLeast(Arguments):
    """At least so many entries, of those that state anything."""

    number: int = Field(strict=True, ge=1)


def _count_at_least(matches: Sequence[Match], arguments: CountAtLeast, facts: Facts) -> Check:
    entries = [match for match in _items(matches) if filled(match.value)]
    if len(entries) >= arguments.number:
        return _met(*entries)
    path = matches[0].path if matches else ()
    reason = f"{len(entries)} of at least {arguments.number}" if entries else "nothing is stated"
    share = Fraction(len(entries), arguments.number)
    return Check(share, share, tuple(entries), (Shortfall(path, reason),))


class Covers(Arguments):
    """The values together cover all of these (k of n)."""

    values: Annotated[tuple[str, ...], entries(1)]


def _covers(matches: Sequence[Match], arguments: Covers, facts: Facts) -> Check:
    entries = _items(matches)
    found = [match for match in entries if match.value in arguments.values]
    named = {match.value for match in found}
    missing = [value for value in arguments.values if value not in named]
    share = Fraction(len(arguments.values) - len(missing), len(arguments.values))
    if not missing:
        return Check(share, share, tuple(found))
    reason = "missing: " + ", ".join(value.replace("-", " ") for value in missing)
    return Check(share, share, tuple(found), (Shortfall(_whole_path(matches), reason),))


class CoversOneOfEach(Arguments):
    """The values together touch each of these groups: at least one value of every group (k of n)."""

    groups: Annotated[dict[str, tuple[str, ...]], entries(1)]


def _covers_one_of_each(matches: Sequence[Match], arguments: CoversOneOfEach, facts: Facts) -> Check:
    known = {value for values in arguments.groups.values() for value in values}
    found = [match for match in _items(matches) if isinstance(match.value, str) and match.value in known]
    named = {match.value for match in found}
    missing = [group for group, values in arguments.groups.items() if named.isdisjoint(values)]
    share = Fraction(len(arguments.groups) - len(missing), len(arguments.groups))
    if not missing:
        return Check(share, share, tuple(found))
    reason = "missing: " + ", ".join(missing)
    return Check(share, share, tuple(found), (Shortfall(_whole_path(matches), reason),))


class SomeAre(Arguments):
    """At least so many of the values are among these."""

    values: Annotated[tuple[str | bool, ...], entries(1)]
    at_least: int = Field(default=1, strict=True, ge=1)


def _some_are(matches: Sequence[Match], arguments: SomeAre, facts: Facts) -> Check:
    found = [match for match in _items(matches) if match.value in arguments.values]
    if len(found) >= arguments.at_least:
        return _met(*found)
    named = ", ".join(str(value).lower() for value in arguments.values[:4])
    named += f" and {len(arguments.values) - 4} more" if len(arguments.values) > 4 else ""
    share = Fraction(len(found), arguments.at_least)
    reason = f"{len(found) or 'none'} of at least {arguments.at_least} stated (any of: {named})"
    return Check(share, share, tuple(found), (Shortfall(_whole_path(matches), reason),))


class AddsUpTo(Arguments):
    """The amounts add up to the total stated at another place."""

    total: str = Field(strict=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the total."""
        return [("total", tuple(self.total.split(".")))]


def _adds_up_to(matches: Sequence[Match], arguments: AddsUpTo, facts: Facts) -> Check:
    total, _ = find(facts.bid, arguments.total.split("."))
    stated = total[0]
    total_stated = _number(stated.value)
    amounts = [amount for match in matches if (amount := _number(match.value)) is not None]
    if not amounts or total_stated is None:
        return _short(stated.path, "no total is stated" if amounts else "no amounts are stated")
    if len(amounts) < len(matches):
        without = [match for match in matches if _number(match.value) is None]
        return Check(NONE, NONE, (), tuple(Shortfall(match.path, "no amount is stated") for match in without))
    found = sum(amounts, Decimal(0))
    if found != total_stated:
        return _short(stated.path, f"the amounts add up to {figure(found)}, not {figure(total_stated)}")
    return _met(stated)


class ListedAt(Arguments):
    """Each id stands in the list at another place (k of n)."""

    path: str = Field(strict=True)

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The place of the list."""
        return [("path", tuple(self.path.split(".")))]


def _listed_at(matches: Sequence[Match], arguments: ListedAt, facts: Facts) -> Check:
    cited = _items(matches)
    if not cited:
        return _short(_whole_path(matches), "nothing is cited")
    listed = [match.value for match in find(facts.bid, arguments.path.split("."))[0]]
    return _average(
        [
            _met(match) if match.value in listed else _short(match.path, f"{_shown(match.value)} is not listed")
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
        return _short((), f"{facts.pages} pages, where the limit is {arguments.pages}")
    return _met()


class Judged(Arguments):
    """A question that only people can judge: unknown until a reviewer answers it; unmet where nothing is written."""

    question: str = Field(strict=True, min_length=1)


def _judged(matches: Sequence[Match], arguments: Judged, facts: Facts) -> Check:
    support = tuple(match for match in matches if filled(match.value))
    return Check(NONE, ALL, support) if support else _short(_whole_path(matches), "there is nothing to judge yet")


def _items(matches: Sequence[Match]) -> list[Match]:
    """The matches, with a list standing for its items."""
    out: list[Match] = []
    for match in matches:
        if isinstance(match.value, list):
            out.extend(Match((*match.path, index), item) for index, item in enumerate(match.value))
        else:
            out.append(match)
    return out


def _whole_path(matches: Sequence[Match]) -> Path:
    """The list that the matches stand in."""
    return _list_path(matches[0].path) if matches else ()


def _list_path(path: Path) -> Path:
    return next((path[:index] for index, step in enumerate(path) if isinstance(step, int)), path)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a list or a mapping"
    return f'"{str(value)[:40]}"'


# --- Logic -----------------------------------------------------------------------------------------------------------

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


class Conditional(Arguments):
    """Where the first test holds, the second must too; where it does not, the rule does not apply."""

    tests: Annotated[tuple[NestedTest, ...], entries(2, 2)]


def _all_of(checks: Sequence[Check], arguments: AllOf) -> Check:
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
        return Check(NONE, NONE, applicable=False)
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
    found = tuple(Shortfall(match.path, "this stands here and should not") for match in best.support)
    return Check(ALL - best.high, ALL - best.low, (), found)


def _conditional(checks: Sequence[Check], arguments: Conditional) -> Check:
    condition, consequence = checks
    if not condition.applicable or condition.high == NONE:
        return Check(NONE, NONE, applicable=False)
    return consequence


_TABLE = (
    Predicate("filled", Filled, item=_filled),
    Predicate("has", Has, item=_has),
    Predicate("words", Words, item=_words),
    Predicate("one-of", OneOf, item=_one_of),
    Predicate("number-between", NumberBetween, item=_number_between),
    Predicate("no-later-than", NoLaterThan, item=_no_later_than),
    Predicate("progresses-from", ProgressesFrom, item=_progresses),
    Predicate("count-at-least", CountAtLeast, whole=_count_at_least),
    Predicate("covers", Covers, whole=_covers),
    Predicate("covers-one-of-each", CoversOneOfEach, whole=_covers_one_of_each),
    Predicate("some-are", SomeAre, whole=_some_are),
    Predicate("adds-up-to", AddsUpTo, whole=_adds_up_to),
    Predicate("listed-at", ListedAt, whole=_listed_at),
    Predicate("page-limit", PageLimit, whole=_page_limit),
    Predicate("judged", Judged, whole=_judged),
    Predicate("all-of", AllOf, logic=_all_of),
    Predicate("any-of", AnyOf, logic=_any_of),
    Predicate("none-of", NoneOf, logic=_none_of),
    Predicate("at-least", AtLeast, logic=_at_least),
    Predicate("when", Conditional, logic=_conditional),
)
PREDICATES: Mapping[str, Predicate] = {predicate.name: predicate for predicate in _TABLE}
