"""A second opinion: rules and scores worked out anew, by brute force from the docstrings, and held to the engine's.

Nothing here imports how a predicate runs, combines or scores; only the engine's answers and the shape of its tests.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest
from small_pack import FOLDER, small_pack

from pioneer_cli.assessment import Finding, GateResult, Outcome
from pioneer_cli.diagnostics import Severity
from pioneer_cli.predicates import PREDICATES, Facts, Test, run
from pioneer_cli.quantities import When, parse_when
from pioneer_cli.score import score
from pioneer_cli.source import read

Raw = dict[str, Any]
Path = tuple[str | int, ...]
Place = tuple[Path, Any]
TREES, BIDS, SEED = 10_000, 400, 2013

# --- Bids and rules at random ----------------------------------------------------------------------------------------

STATED = {
    "care": True, "A joint plan.": True, "joint\n  plan": True, "joint. plan": True, "Planning care": True,
    "one two three": True, "careful": True, "tbc today": True, "": False, "  ": False, "TBC": False, "?!": False,
}  # fmt: skip
TEXTS, NAMES, KINDS = tuple(STATED), ("one", "Two", "three"), ("x", "y", "z")
DATES = tuple(parse_when(text) for text in ("2013-05", "2013-05-20", "2013-06-01", "2013-06", "2014-01"))
NUMBERS = (0, 1, 2, 3, Decimal("1.5"), Decimal(2))
FIELDS: Mapping[str, tuple[Any, ...]] = {
    "text": TEXTS, "note": TEXTS, "n": NUMBERS, "m": NUMBERS, "limit": (*NUMBERS, 5), "d": DATES, "kind": KINDS,
    "id": NAMES, "name": ("one ", "TWO", "three"),
}  # fmt: skip
ODD = (None, "", "soon", 7, True, False, ["x"], {"text": "care"}, [])


def value_of(field: str, chance: random.Random) -> Any:
    """A value of the field's kind; now and then none, and now and then one of another kind."""
    roll = chance.random()
    return chance.choice(FIELDS[field]) if roll < 0.78 else chance.choice(ODD) if roll < 0.88 else None


def part_of_bid(chance: random.Random, level: int) -> Any:
    """The bid (level 0), an entry of its `items` (1) or of their `subs` (2)."""
    if level and chance.random() < 0.05:
        return chance.choice(ODD)
    part = {field: value_of(field, chance) for field in FIELDS if chance.random() < 0.93}
    part["cites"] = [value_of("id", chance) for _ in range(chance.randrange(3))]
    part["kinds"] = [value_of("kind", chance) for _ in range(chance.randrange(4))]
    for end in ("before", "after"):
        part[end] = {"value": value_of("n", chance), "date": value_of("d", chance)}
    name = ("items", "subs", None)[level]
    if name and chance.random() < 0.96:
        part[name] = [part_of_bid(chance, level + 1) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))]
    return part


def path_to(field: str, chance: random.Random, level: int) -> str:
    """A path to a field of the part or of each entry of a list in it; without a field, to the entries themselves."""
    if field == LISTS:
        return chance.choice((("items", "items.*.subs"), ("subs",), ("before",))[level])
    if field == ENTRIES:
        return chance.choice((("items.*", "items.*.subs.*"), ("subs.*",), ("before",))[level])
    return chance.choice((("", "items.*.", "items.*.subs.*."), ("", "", "subs.*."), ("",))[level]) + field


ENTRIES, LISTS = "entries", "lists"
Maker = Callable[[random.Random], tuple[str, Raw]]


def some_of(choices: tuple[Any, ...], chance: random.Random, least: int = 1) -> list[Any]:
    return chance.sample(choices, chance.randint(least, len(choices) - 1))


def day(chance: random.Random) -> str:
    return str(chance.choice(DATES))


def between(chance: random.Random) -> Raw:
    bounds = {"at_least": chance.choice((0, 1, 1.5)), "at_most": chance.choice((1.5, 2, 3))}
    return {name: bound for name, bound in bounds.items() if chance.random() < 0.8}


def mentioned(terms: list[str], chance: random.Random) -> Raw:
    return {"any_of": terms, "at_least": chance.randint(1, min(2, len(terms)))}


TERMS = ("care", "joint plan", "plan*", "two", "tbc")
MAKERS: Mapping[str, Maker] = {  # each: the field that it looks at, and its arguments
    "filled": lambda c: (c.choice(("text", "n", "kinds", "cites.*", "before", "before.date")), {}),
    "has": lambda c: (c.choice(("before", "after")), {"fields": some_of(("value", "date", "x"), c)}),
    "words": lambda c: (c.choice(("text", "note", "n")), {"at_least": c.randint(1, 3)}),
    "one-of": lambda c: ("kind", {"values": some_of(KINDS, c)}),
    "number-between": lambda c: (c.choice(("n", "text")), between(c)),
    "no-later-than": lambda c: ("d", {"date": day(c), **({"not_before": "2013-05"} if c.random() < 0.3 else {})}),
    "no-larger-than": lambda c: (c.choice(("n", "m")), {"than": c.choice(("limit", "m"))}),
    "progresses-from": lambda c: (ENTRIES, {"baseline": "before", "target": "after"}),
    "in-order": lambda c: (LISTS, {"field": c.choice(("d", "before.date"))}),
    "count-at-least": lambda c: (c.choice(("cites", "kinds", "text")), {"number": c.randint(1, 3)}),
    "covers": lambda c: (c.choice(("kinds", "kind", "kinds.*")), {"values": some_of(KINDS, c)}),
    "covers-one-of-each": lambda c: ("kinds", {"groups": {"first": ["x", "y"], "second": some_of(KINDS, c)}}),
    "some-are": lambda c: (c.choice(("kinds", "kind")), {"values": some_of(KINDS, c), "at_least": c.randint(1, 2)}),
    "adds-up-to": lambda c: (c.choice(("n", "m")), {"total": c.choice(("limit", "n"))}),
    "at-most-total": lambda c: (c.choice(("n", "m")), {"total": c.choice(("limit", "m"))}),
    "some-between": lambda c: (c.choice(("n", "m")), {"number": c.randint(1, 2), **between(c)}),
    "begins-by": lambda c: ("d", {"date": day(c)}),
    "highest-has": lambda c: (
        ENTRIES, {"by": some_of(("n", "m", "limit"), c), "fields": some_of(("text", "note", "kind"), c)},
    ),
    "answers-each": lambda c: (
        c.choice(("id", "name")), {"each": "items", "where": "kind", "values": some_of(KINDS, c), "by": ["id", "name"]},
    ),
    "listed-at": lambda c: (c.choice(("cites", "id")), {"path": "items.*.id", "also": some_of(("id", "cites"), c, 0)}),
    "cited-at": lambda c: ("id", {"places": some_of(("cites", "items.*.cites", "items.*.id"), c)}),
    "page-limit": lambda c: ("", {"pages": 10}),
    "judged": lambda c: (c.choice(("text", "note")), {"question": "Is it?"}),
    "mentions": lambda c: (c.choice(("text", "note", "cites.*")), mentioned(some_of(TERMS, c), c)),
    "nowhere-mentions": lambda c: (
        c.choice(("text", "note")), {"terms": some_of(TERMS, c), "among_words": c.randint(1, 6)},
    ),
}  # fmt: skip
LOGIC = ("all-of", "any-of", "none-of", "at-least", "when", "for-each")


def rule_of(chance: random.Random, level: int = 0, depth: int = 3) -> Raw:
    """A tree of tests for the bid (level 0) or for an entry of one of its lists."""
    if depth == 0 or chance.random() < 0.35:
        name = chance.choice(tuple(MAKERS))
        field, arguments = MAKERS[name](chance)
        path = {} if name == "page-limit" else {"path": path_to(field, chance, level)}
        return {**path, "predicate": name, "with": arguments}
    name = chance.choice(LOGIC)
    if name == "for-each":
        return each_of(chance, level, depth)
    count = 2 if name == "when" else chance.randint(1, 3)
    tests = [rule_of(chance, level, depth - 1) for _ in range(count)]
    return {
        "predicate": name,
        "with": {"tests": tests, **({"number": chance.randint(1, count)} if name == "at-least" else {})},
    }


def each_of(chance: random.Random, level: int, depth: int) -> Raw:
    path, below = (
        (("items.*", 1), ("items.*.subs.*", 2)),
        (("subs.*", 2), ("before", 2)),
        (("before", 2), ("after", 2)),
    )[level][chance.randrange(2)]
    tests = [rule_of(chance, below, depth - 1) for _ in range(chance.randint(1, 2))]
    where = [rule_of(chance, below, 0) for _ in range(chance.randrange(2))]
    return {"path": path, "predicate": "for-each", "with": {"tests": tests, "where": where}}


def compiled(raw: Raw) -> Test:
    """The tree as the engine takes it."""
    row, given = PREDICATES[raw["predicate"]], raw["with"]
    inner, where = (tuple(map(compiled, given.get(name, ()) if row.logic else ())) for name in ("tests", "where"))
    path = raw.get("path", "")
    return Test(tuple(path.split(".")) if path else (), row, row.arguments.model_validate(given), inner, where)


# --- The second opinion ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opinion:
    """How far a test holds; where it falls short and on what it rests, None where that takes more than it is worth."""

    low: Fraction
    high: Fraction
    falls: frozenset[Path] | None = frozenset()
    rests: frozenset[Path] | None = frozenset()
    applies: bool = True


SILENT = Opinion(Fraction(0), Fraction(0), applies=False)


def held(*paths: Path) -> Opinion:
    return Opinion(Fraction(1), Fraction(1), rests=frozenset(paths))


def fallen(*paths: Path) -> Opinion:
    return Opinion(Fraction(0), Fraction(0), frozenset(paths))


def share(count: int, of: int, rests: list[Path] | None, where: Path) -> Opinion:
    part = min(Fraction(count, of), Fraction(1))
    known = None if rests is None else frozenset(rests)
    return Opinion(part, part, frozenset() if part == 1 else frozenset({where}), known)


def united(sets: list[frozenset[Path] | None]) -> frozenset[Path] | None:
    return None if None in sets else frozenset[Path]().union(*sets)  # type: ignore[arg-type]


def stated(value: Any) -> bool:
    if isinstance(value, str):
        return STATED.get(value, True)
    if isinstance(value, list):
        return any(map(stated, value))
    if isinstance(value, dict):
        return any(stated(item) for item in value.values() if item is not False)
    return value is not None


def is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def below(value: Any, dotted: str) -> Any:
    for step in dotted.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def reached(value: Any, steps: list[str], base: Path) -> list[Place]:
    """The places that a path leads to."""
    if not steps:
        return [(base, value)]
    if steps[0] == "*":
        items = enumerate(value) if isinstance(value, list) else ()
        return [place for index, item in items for place in reached(item, steps[1:], (*base, index))]
    return reached(below(value, steps[0]), steps[1:], (*base, steps[0]))


def gap(value: Any, steps: list[str], base: Path) -> Path:
    """Where a path that leads nowhere ends: at the first list without entries, by way of first entries."""
    for step in steps:
        if step == "*":
            if not (isinstance(value, list) and value):
                break
            value, base = value[0], (*base, 0)
        else:
            value, base = below(value, step), (*base, step)
    return base


def spread(places: list[Place]) -> list[Place]:
    """The places, with a list standing for its items."""
    return [
        inner
        for path, value in places
        for inner in (
            [((*path, i), item) for i, item in enumerate(value)] if isinstance(value, list) else [(path, value)]
        )
    ]


def texts_in(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts_in((*path, key), item)


def stands_in(term: str, text: str) -> bool:
    """Whether a text has the words of a term one after the other; of the last one the beginning where a * stands."""
    written = text.lower().replace(".", " . ").split()
    words = term.rstrip("*").split()
    for start in range(len(written) - len(words) + 1):
        *others, last = written[start : start + len(words)]
        if others == words[:-1] and (last == words[-1] or (term.endswith("*") and last.startswith(words[-1]))):
            return True
    return False


def words_of(text: str) -> set[str]:
    """The different words of two letters or more, whatever stands around them."""
    bare = {re.sub(r"^[^\w]+|[^\w]+$", "", word).casefold() for word in text.split()}
    return {word for word in bare if len(word) >= 2 and stated(word.upper())}


@dataclass
class Oracle:
    """Judges trees of tests on one bid; `world` says how the unknown turns out, one after the other."""

    bid: Any
    pages: int | None
    counts: Counter[tuple[str, str]]
    world: Iterator[bool] | None = None
    unknowns: int = 0

    def judge(self, raw: Raw, entry: Any, base: Path) -> Opinion:
        """What a test comes to on the bid or on an entry, which stands at `base`."""
        opinion = self._judge(raw, entry, base)
        ends = {"silent": not opinion.applies, "met": opinion.low == 1, "unmet": opinion.high == 0}
        self.counts[raw["predicate"], next((name for name, is_so in ends.items() if is_so), "between")] += 1
        return opinion

    def _judge(self, raw: Raw, entry: Any, base: Path) -> Opinion:
        name, given = raw["predicate"], raw["with"]
        if name in LOGIC and name != "for-each":
            return self.combine(name, [self.judge(test, entry, base) for test in given["tests"]], given.get("number"))
        steps = raw["path"].split(".") if raw.get("path") else []
        places = reached(entry, steps, base)
        nowhere = gap(entry, steps, base)
        if name == "for-each":
            return self.for_each(places, given, nowhere)
        one = getattr(self, "one_" + name.replace("-", "_"), None)
        if one is not None:
            return self.mean([one(path, value, given) for path, value in places]) if places else fallen(nowhere)
        path = places[0][0] if places else nowhere
        lists = [index for index in range(len(base), len(path)) if isinstance(path[index], int)]
        opinion: Opinion = getattr(self, "all_" + name.replace("-", "_"))(
            places, given, path[: min(lists, default=len(path))]
        )
        return opinion

    def unknown(self, falls: Path | None, *rests: Path) -> Opinion:
        self.unknowns += 1
        if self.world is not None:
            return held() if next(self.world) else fallen()
        return Opinion(Fraction(0), Fraction(1), frozenset() if falls is None else frozenset({falls}), frozenset(rests))

    def mean(self, opinions: list[Opinion]) -> Opinion:
        said = [opinion for opinion in opinions if opinion.applies]
        if not said:
            return SILENT
        low, high = (sum(ends, Fraction(0)) / len(said) for ends in ([o.low for o in said], [o.high for o in said]))
        return Opinion(low, high, united([o.falls for o in said]), united([o.rests for o in said]))

    def combine(self, name: str, opinions: list[Opinion], number: int | None) -> Opinion:
        """At least so many hold when so many of them all do: the best of all choices of so many, each its weakest."""
        if name == "when":
            return opinions[1] if opinions[0].applies and opinions[0].high > 0 else SILENT
        said = [opinion for opinion in opinions if opinion.applies]
        if not said:
            return SILENT
        count = {"all-of": len(said), "any-of": 1, "none-of": 1}.get(name, min(number or 1, len(said)))
        low, high = (
            max(min(choice) for choice in combinations(ends, count))
            for ends in ([o.low for o in said], [o.high for o in said])
        )
        if name == "none-of":
            return Opinion(1 - high, 1 - low, united([o.rests for o in said if o.high > 0]))
        falls = frozenset[Path]() if low == 1 else united([o.falls for o in said])
        return Opinion(low, high, falls, united([o.rests for o in said]))

    def for_each(self, places: list[Place], given: Raw, nowhere: Path) -> Opinion:
        if not places and not given["where"]:
            return fallen(nowhere)
        meant = []
        for path, value in places:
            conditions = [self.judge(test, value, path) for test in given["where"]]
            if all(condition.applies and condition.high > 0 for condition in conditions):
                meant.append(self.combine("all-of", [self.judge(test, value, path) for test in given["tests"]], None))
        return self.mean(meant)

    # One value after the other.

    def one_filled(self, path: Path, value: Any, given: Raw) -> Opinion:
        return held(path) if stated(value) else fallen(path)

    def one_has(self, path: Path, value: Any, given: Raw) -> Opinion:
        count = sum(stated(below(value, field)) for field in given["fields"])
        return share(count, len(given["fields"]), [path] if count else [], path)

    def one_words(self, path: Path, value: Any, given: Raw) -> Opinion:
        said = (
            [word for word in value.split() if stated(word.upper())] if isinstance(value, str) else []
        )  # "tbc" is none
        enough = stated(value) and len(said) >= given["at_least"] and 2 * len(words_of(value)) >= given["at_least"]
        return held(path) if enough else fallen(path)

    def one_one_of(self, path: Path, value: Any, given: Raw) -> Opinion:
        return held(path) if isinstance(value, str) and value in given["values"] else fallen(path)

    def one_number_between(self, path: Path, value: Any, given: Raw) -> Opinion:
        return held(path) if is_number(value) and self.inside(value, given) else fallen(path)

    def inside(self, value: Any, given: Raw) -> bool:
        return bool(given.get("at_least", -(10**9)) <= value <= given.get("at_most", 10**9))

    def one_no_later_than(self, path: Path, value: Any, given: Raw) -> Opinion:
        if not stated(value):
            return self.unknown(path)
        late = not isinstance(value, When) or value.last > parse_when(given["date"]).last
        early = (
            isinstance(value, When) and "not_before" in given and value.first < parse_when(given["not_before"]).first
        )
        return fallen(path) if late or early else held(path)

    def one_no_larger_than(self, path: Path, value: Any, given: Raw) -> Opinion:
        limit = below(self.bid, given["than"])
        return held(path) if is_number(value) and is_number(limit) and value <= limit else fallen(path)

    def one_progresses_from(self, path: Path, value: Any, given: Raw) -> Opinion:
        start, begun, goal, ends = (
            below(value, f"{at}.{key}") for at in ("before", "after") for key in ("value", "date")
        )
        if not (stated(start) and stated(goal)) or start == goal or not isinstance(ends, When):
            return fallen(path)
        return fallen(path) if isinstance(begun, When) and ends.last <= begun.last else held(path)

    def one_in_order(self, path: Path, value: Any, given: Raw) -> Opinion:
        if not stated(value):
            return SILENT
        if not isinstance(value, list):
            return fallen(path)
        dates = [(index, below(item, given["field"])) for index, item in enumerate(value)]
        wrong = [index for index, date in dates if stated(date) and not isinstance(date, When)]
        whole = [(index, date) for index, date in dates if isinstance(date, When)]
        if not wrong and len(whole) < 2:
            return SILENT
        for number, (index, date) in enumerate(whole):
            if number and date.last < whole[number - 1][1].first:
                wrong.append(index)
        return fallen(*((*path, index) for index in wrong)) if wrong else held(path)

    # All places together; `home` is the list that they stand in.

    def all_count_at_least(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        said = [path for path, value in spread(places) if stated(value)]
        return share(len(said), given["number"], said, places[0][0] if places else home)

    def all_covers(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        found = [(path, value) for path, value in spread(places) if isinstance(value, str) and value in given["values"]]
        return share(len({value for _, value in found}), len(given["values"]), [path for path, _ in found], home)

    def all_covers_one_of_each(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        groups = [set(values) for values in given["groups"].values()]
        found = [(p, v) for p, v in spread(places) if isinstance(v, str) and any(v in group for group in groups)]
        touched = [group for group in groups if any(value in group for _, value in found)]
        return share(len(touched), len(groups), [path for path, _ in found], home)

    def all_some_are(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        found = [path for path, value in spread(places) if isinstance(value, str) and value in given["values"]]
        return share(len(found), given["at_least"], found, home)

    def all_adds_up_to(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        total, stands = below(self.bid, given["total"]), (given["total"],)
        amounts = [value for _, value in places if is_number(value)]
        if not amounts or not is_number(total):
            return fallen(stands)
        if len(amounts) < len(places):
            return fallen(*(path for path, value in places if not is_number(value)))
        return held(stands) if sum(amounts) == total != 0 else fallen(stands)

    def all_at_most_total(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        wrong = [path for path, value in places if stated(value) and not is_number(value)]
        if wrong:
            return fallen(*wrong)
        total = below(self.bid, given["total"])
        amounts = [(path, value) for path, value in places if is_number(value)]
        within = amounts and is_number(total) and sum(value for _, value in amounts) <= total
        return held(*(path for path, _ in amounts)) if within else fallen(home)

    def all_some_between(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        found = [path for path, value in spread(places) if is_number(value) and self.inside(value, given)]
        return share(len(found), given["number"], found, home)

    def all_begins_by(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        dated = [(value.last, index) for index, (_, value) in enumerate(places) if isinstance(value, When)]
        if not dated:
            return fallen(home)
        first, index = min(dated)
        return held(places[index][0]) if first <= parse_when(given["date"]).last else fallen(places[index][0])

    def all_highest_has(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        rated = []
        for path, value in places:
            numbers = [below(value, name) for name in given["by"]]
            if all(map(is_number, numbers)):
                height = Decimal(1)
                for number in numbers:
                    height *= number
                rated.append((height, path, all(stated(below(value, field)) for field in given["fields"])))
        highest = [(path, has) for height, path, has in rated if height == max(found for found, _, _ in rated)]
        return self.mean([held(path) if has else fallen(path) for path, has in highest]) if highest else fallen(home)

    def all_answers_each(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        said = {value.strip().lower(): path for path, value in places if isinstance(value, str)}
        opinions = []
        for path, value in reached(self.bid, [given["each"], "*"], ()):
            kind = below(value, given["where"])
            if isinstance(kind, str) and kind in given["values"]:
                names = [below(value, field) for field in given["by"]]
                answers = [said.get(name.strip().lower()) for name in names if isinstance(name, str) and stated(name)]
                answer = next((place for place in answers if place is not None), None)
                opinions.append(fallen(path) if answer is None else held(answer))
        return self.mean(opinions)

    def all_listed_at(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        cited = spread(
            [*places, *(place for path in given["also"] for place in reached(self.bid, path.split("."), ()))]
        )
        listed = [value for _, value in reached(self.bid, given["path"].split("."), ()) if isinstance(value, str)]
        is_in = [(path, isinstance(value, str) and value in listed) for path, value in cited]
        return self.mean([held(path) if found else fallen(path) for path, found in is_in]) if cited else fallen(home)

    def all_cited_at(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        cited = [value for path in given["places"] for _, value in spread(reached(self.bid, path.split("."), ()))]
        is_in = [(path, isinstance(value, str) and value in cited) for path, value in places]
        return self.mean([held(path) if found else fallen(path) for path, found in is_in]) if places else fallen(home)

    def all_page_limit(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        if self.pages is None:
            return self.unknown(())
        return held() if self.pages <= given["pages"] else fallen(())

    def all_judged(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        written = [path for path, value in places if stated(value)]
        return self.unknown(None, *written) if written else fallen(home)

    def all_mentions(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        texts = [text for path, value in places for text in texts_in(path, value)]
        found = {term: path for term in given["any_of"] for path, text in reversed(texts) if stands_in(term, text)}
        rests = list(found.values()) if len(found) <= given["at_least"] else None
        return share(len(found), given["at_least"], rests, places[0][0] if len(places) == 1 else home)

    def all_nowhere_mentions(self, places: list[Place], given: Raw, home: Path) -> Opinion:
        texts = [text for path, value in places for text in texts_in(path, value)]
        found = [path for path, text in texts if any(stands_in(term, text) for term in given["terms"])]
        if found:
            return fallen(*found)
        return held() if len({word for _, text in texts for word in words_of(text)}) >= given["among_words"] else SILENT


# --- Both opinions ---------------------------------------------------------------------------------------------------


def drawn(seed: int, count: int) -> Iterator[tuple[Raw, Any, int | None]]:
    """So many trees, each with a bid and a page count."""
    chance = random.Random(seed)
    bids = [part_of_bid(chance, 0) for _ in range(BIDS)]
    for _ in range(count):
        yield rule_of(chance), chance.choice(bids), chance.choice((9, 10, 11, None))


NEVER = {  # what a predicate cannot come to: some hold or do not, with no share between; a machine judges nothing met
    **dict.fromkeys(("adds-up-to", "at-most-total", "begins-by", "nowhere-mentions"), "between"), "judged": "met",
}  # fmt: skip


def test_the_engine_agrees_on_ten_thousand_rules() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    differences, compared, placed = [], 0, 0
    for raw, bid, pages in drawn(SEED, TREES):
        mine = Oracle(bid, pages, counts).judge(raw, bid, ())
        check = run(compiled(raw), Facts(bid, pages))
        compared += 1
        found = (check.low, check.high, check.applicable)
        if found != (mine.low, mine.high, mine.applies):
            differences.append((raw, bid, found, mine))
        if mine.applies and mine.falls is not None:
            placed += 1
            if frozenset(fall.path for fall in check.shortfalls) != mine.falls:
                differences.append((raw, bid, check.shortfalls, mine))
        if check.applicable and check.low == 1 and check.shortfalls:
            differences.append((raw, bid, check.shortfalls, mine))
    print(f"{compared:,} rules compared, {placed:,} with their places: {len(differences)} differences")
    assert (compared, len(differences), differences[:1]) == (TREES, 0, [])
    assert placed > TREES * 3 / 5
    names = {name for name, _ in counts}
    assert names == set(PREDICATES) == {*MAKERS, *LOGIC}
    seldom = [
        (name, end, counts[name, end])
        for name in names
        for end in ("met", "unmet", "between")
        if counts[name, end] < 20 and NEVER.get(name) != end
    ]
    assert seldom == []
    assert [counts[found] for found in NEVER.items()] == [0] * len(NEVER)
    assert all(counts[name, "silent"] > 50 for name in (*LOGIC, "in-order", "answers-each", "nowhere-mentions"))


def conditional(raw: Raw) -> bool:
    """Whether any test inside applies only where another holds."""
    inside = raw["with"].get("tests", ()) if raw["predicate"] in LOGIC else ()
    is_so = raw["predicate"] == "when" or (raw["predicate"] == "for-each" and raw["with"]["where"])
    return bool(is_so) or any(map(conditional, inside))


def test_the_bounds_are_the_worst_and_the_best_that_the_unknown_may_turn_out_to_be() -> None:
    """Every way in which the open questions may be answered, one by one: no more and no less is within the bounds."""
    compared = worlds = 0
    for raw, bid, pages in drawn(SEED + 1, TREES):
        first = Oracle(bid, pages, Counter())
        first.judge(raw, bid, ())
        if conditional(raw) or not 1 <= first.unknowns <= 6:
            continue
        ends = []
        for world in product((False, True), repeat=first.unknowns):
            mine = Oracle(bid, pages, Counter(), iter(world)).judge(raw, bid, ())
            assert mine.low == mine.high
            ends.append(mine.low)
        check = run(compiled(raw), Facts(bid, pages))
        assert (check.low, check.high) == (min(ends), max(ends)), (raw, bid)
        compared, worlds = compared + 1, worlds + len(ends)
    print(f"{compared} rules in {worlds} worlds")
    assert compared > 300
    assert worlds > 1_000


# --- Scores ----------------------------------------------------------------------------------------------------------

PACK = small_pack()
Bounds = tuple[Fraction, Fraction]


def share_of(rules: list[Raw], shares: Mapping[str, Bounds | None]) -> Bounds:
    """Point by point: each point of a rule that applies is earned in part; the share is their mean."""
    points = [shares[rule["id"]] for rule in rules for _ in range(rule["points"])]
    said = [bounds for bounds in points if bounds is not None]
    if not said:
        return Fraction(0), Fraction(1)
    return sum((low for low, _ in said), Fraction(0)) / len(said), sum((high for _, high in said), Fraction(0)) / len(
        said
    )


def criterion_of(criterion: Raw, found: Mapping[str, Bounds]) -> Bounds:
    """The mean over what has to be answered: of alternatives the best, and each of the others for itself."""
    alternatives = [group["any-of"] for group in criterion.get("alternatives", ())]
    alone = [[code] for code in found if not any(code in group for group in alternatives)]
    groups = alternatives + alone
    ends = [[max(found[code][end] for code in group) for group in groups] for end in (0, 1)]
    return sum(ends[0], Fraction(0)) / len(groups), sum(ends[1], Fraction(0)) / len(groups)


def random_share(chance: random.Random) -> Bounds | None:
    roll = chance.randrange(6)
    if roll == 0:
        return None
    low, high = sorted(Fraction(chance.randint(0, bottom := chance.randint(1, 7)), bottom) for _ in range(2))
    return [
        (low, low),
        (low, high),
        (Fraction(0), Fraction(1)),
        (Fraction(0), Fraction(0)),
        (Fraction(1), Fraction(1)),
    ][roll - 1]


def finding_of(place: tuple[Any, Any, Any], bounds: Bounds | None) -> Finding:
    low, high = bounds or (Fraction(0), Fraction(0))
    outcome = Outcome.of(low, high) if bounds else Outcome.NOT_APPLICABLE
    return Finding(*place, outcome, low, high, Severity.WARNING, (), ())


@pytest.mark.parametrize("seed", range(5))
def test_the_scores_agree_on_hundreds_of_findings(seed: int) -> None:
    chance = random.Random(seed)
    about = read(str(FOLDER / "pack.yaml")).content
    criteria = [read(str(FOLDER / name)).content for name in about["criteria"]]
    weights = sum(criterion["weight"] for criterion in criteria)
    gates = [GateResult(gate, Outcome.MET, Severity.ERROR, ()) for gate in PACK.about.gates]
    for _ in range(200):
        shares = {rule.id: random_share(chance) for _, _, rule in PACK.rules()}
        found = score(PACK, [finding_of(place, shares[place[2].id]) for place in PACK.rules()], gates, "submission")
        low = high = Fraction(0)
        for criterion, scored in zip(criteria, found.criteria, strict=True):
            parts = {part["id"]: share_of(part["rules"], shares) for part in criterion["considerations"]}
            assert {part.consideration.id: (part.low, part.high) for part in scored.considerations} == parts
            bounds = criterion_of(criterion, parts)
            maximum = Fraction(100 * criterion["weight"], weights)
            assert (scored.low, scored.high) == (bounds[0] * maximum, bounds[1] * maximum)
            levels = [max(x["level"] for x in about["levels"] if x["from-percent"] <= 100 * end) for end in bounds]
            assert [scored.level_low.level, scored.level_high.level] == levels
            low, high = low + scored.low, high + scored.high
        assert (found.low, found.high) == (low, high)
