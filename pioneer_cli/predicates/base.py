"""What predicates are made of: matches, checks, the model of arguments, and applying a test to a bid.

A predicate looks at the places that a rule's path leads to and says how far the claim holds, as a share between a
low and a high bound that differ only when something is unknown. It never raises for what it finds in a bid: a value
of the wrong kind, or none, falls short with a reason.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

NONE, ALL = Fraction(0), Fraction(1)
# What people leave in a field that they mean to fill; "none" is also what a partner's missing support is called.
_PLACEHOLDERS = frozenset({"", "tbc", "tbd", "to be confirmed", "to be decided", "to do", "todo", "n/a", "none", "xxx"})
_WORD = re.compile(r"\w\S*\w|\w")  # from its first letter or figure to its last
# Words that hold a sentence together. Figures count with them, for whoever writes one says how much or how many.
_BINDING = frozenset({
    "a", "about", "above", "across", "after", "again", "against", "all", "also", "although", "always", "among",
    "an", "and", "another", "any", "are", "around", "as", "at", "away", "back", "be", "because", "become",
    "becomes", "been", "before", "began", "being", "below", "between", "beyond", "both", "but", "by", "came", "can",
    "come", "comes", "could", "did", "do", "does", "done", "down", "during", "each", "eight", "either", "else",
    "enough", "ever", "every", "few", "fewer", "first", "five", "for", "four", "from", "gave", "get", "gets",
    "give", "given", "gives", "go", "goes", "had", "has", "have", "he", "her", "here", "him", "his", "how", "i",
    "if", "in", "inside", "into", "is", "it", "its", "itself", "just", "kept", "last", "least", "less", "like",
    "made", "make", "makes", "many", "may", "me", "might", "more", "most", "much", "must", "my", "neither", "never",
    "nine", "no", "none", "nor", "not", "now", "of", "off", "often", "on", "once", "one", "only", "onto", "or",
    "other", "our", "out", "outside", "over", "own", "per", "put", "rather", "same", "see", "seen", "seven", "she",
    "should", "since", "six", "so", "some", "still", "such", "ten", "than", "that", "the", "their", "them",
    "themselves", "then", "there", "these", "they", "this", "those", "though", "three", "through", "throughout",
    "to", "together", "too", "toward", "towards", "two", "under", "until", "up", "upon", "us", "was", "we", "were",
    "what", "when", "where", "whether", "which", "while", "who", "whole", "whom", "whose", "why", "will", "with",
    "within", "without", "would", "yet", "you", "your",
})  # fmt: skip
_LISTED = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")  # a word; those with hyphens are one
_LIST_FROM, _LONG_LIST_FROM = 12, 48  # words
Path = tuple[str | int, ...]
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the bid and the value that stands there; None when nothing does."""

    path: Path
    value: object


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may know: the bid, the page count (None when it was not counted), and the entry that is looked at."""

    bid: Mapping[str, Any]
    pages: int | None = None
    entry: Match | None = None
    _known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """What is the same for every entry of the bid, worked out once in a run."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def find(self, steps: Sequence[str]) -> tuple[list[Match], Path]:
        """What a path leads to, from the entry where there is one; see the function `find`."""
        return find(self.bid, steps) if self.entry is None else find(self.entry.value, steps, self.entry.path)


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


def _without_stars(path: str) -> str:
    if "*" in path.split("."):
        context = {"message": f'"{path}" leads to many places, and one is needed here', "hint": "name one without a *"}
        raise PydanticCustomError("path", "{message}", context)
    return path


def at_most(number: int) -> AfterValidator:
    """Holds a list to so many entries, each of them once: no rule needs more, and each costs time."""

    def check(found: Any) -> Any:
        if len(found) > number:
            context = {"message": f"{len(found)} entries, where {number} are allowed", "hint": "keep to what matters"}
            raise PydanticCustomError("number", "{message}", context)
        return tuple(dict.fromkeys(found))

    return AfterValidator(check)


MOST_PLACES = 20
OnePlace = Annotated[str, Field(strict=True), AfterValidator(_without_stars)]


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
    where: tuple["Test", ...] = ()

    @property
    def guesses(self) -> bool:
        """Whether it, or a test inside it, reads words and may misread them."""
        return self.predicate.guesses or any(test.guesses for test in (*self.inner, *self.where))


@dataclass(frozen=True, slots=True)
class Predicate:
    """One row of the table; exactly one of `item`, `whole` and `logic` is there.

    `item` judges one value, and a path with `*` then gives k of n; `whole` judges all matches together; `logic`
    combines the checks of the tests inside it, on the bid or, where it has a path, on each entry that this leads to.
    `needs_path` is whether it judges places in the bid, which a path must lead to; `guesses` whether it reads words
    and may misread them.
    """

    name: str
    arguments: type[Arguments]
    item: Callable[[Match, Any, Facts], Check] | None = None
    whole: Callable[[Sequence[Match], Any, Facts], Check] | None = None
    logic: Callable[[Sequence[Check], Any], Check] | None = None
    needs_path: bool = True
    guesses: bool = False

    @property
    def explanation(self) -> str:
        """What the predicate means, from the docstring of its arguments."""
        return (self.arguments.__doc__ or "").strip()


def run(test: Test, facts: Facts) -> Check:
    """Applies a test to a bid."""
    predicate = test.predicate
    if predicate.logic is not None and not test.steps:
        return predicate.logic([run(inner, facts) for inner in test.inner], test.arguments)
    matches, missing = facts.find(test.steps)
    if predicate.logic is not None:
        return _for_each(test, matches, facts) if matches or test.where else short(missing, "nothing is stated")
    if predicate.whole is not None:
        check = predicate.whole(matches, test.arguments, facts)
        return check if matches else placed(check, list_path(missing, facts))
    if predicate.item is None:  # pragma: no cover - the table is closed and a test holds it
        raise AssertionError(predicate.name)
    if not matches:
        return short(missing, "nothing is stated")
    return average([predicate.item(match, test.arguments, facts) for match in matches])


def _for_each(test: Test, matches: Sequence[Match], facts: Facts) -> Check:
    """The tests inside, on each entry for which the tests of `where` hold or may hold; k of n."""
    checks = []
    for match in matches:
        inside = replace(facts, entry=match)
        conditions = [run(inner, inside) for inner in test.where]
        if all(check.applicable and check.high > NONE for check in conditions) and test.predicate.logic:
            checks.append(test.predicate.logic([run(inner, inside) for inner in test.inner], test.arguments))
    return average(checks)


def find(tree: object, steps: Sequence[str], base: Path = ()) -> tuple[list[Match], Path]:
    """The matches of a path, where `*` stands for each item, and the place to point at when there are none.

    `base` is where the tree stands in the bid.
    """
    matches = [Match(base, tree)]
    missing = base
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
            matches = [Match((*match.path, step), child(match.value, step)) for match in matches]
    return matches, missing


def child(value: object, step: str) -> object:
    """The value under a mapping's key; None when there is no such key or no mapping."""
    return value.get(step) if isinstance(value, dict) else None


def filled(value: object) -> bool:
    """Whether something is stated.

    Text without a letter or a figure, placeholders, keywords strung together, empty lists and mappings of nothing (or
    of false) state nothing.
    """
    if isinstance(value, str):
        said = re.sub(r"[^\w/]+", " ", value).strip().lower()
        return said not in _PLACEHOLDERS and any(map(str.isalnum, said)) and not strings_words(value)
    if isinstance(value, list):
        return any(filled(item) for item in value)
    if isinstance(value, dict):
        return any(filled(item) for item in value.values() if item is not False)
    return value is not None


def binds(word: str) -> bool:
    """Whether a word in small letters holds a sentence together, or is a figure."""
    return word in _BINDING or word[0].isdecimal()


def strings_words(text: str, least: int = _LIST_FROM) -> bool:
    """Whether a text of at least so many words strings keywords together and says nothing of them.

    So it is where fewer than one word in every full `least` holds a sentence together, or is a figure; from 48 words
    on, where fewer than one in four does. The tersest texts of the bids and packs here have one such word in five from
    12 words on, and three in eight from 48 on.
    """
    return len(text) >= 2 * least and _strings_words(text, least)


@lru_cache(maxsize=1024)
def _strings_words(text: str, least: int) -> bool:
    words = _LISTED.findall(text.casefold())
    if len(words) < least:
        return False
    binding = sum(map(binds, words))
    return binding < len(words) // least or (len(words) >= _LONG_LIST_FROM and binding * 4 < len(words))


def different_words(text: str) -> set[str]:
    """The words of a text, each once; one letter by itself is none, nor is a placeholder, nor is a line of keywords.

    Lines are looked at one by one, since a text may be many texts joined, and names joined are no string of keywords.
    """
    said = "\n".join(line for line in text.splitlines() if not strings_words(line))
    words = set(_WORD.findall(said.casefold())) - _PLACEHOLDERS
    return {word for word in words if len(word) > 1 and word.strip("_")}


def met(*support: Match) -> Check:
    """The claim holds, on these places."""
    return Check(ALL, ALL, support)


def short(path: Path, reason: str) -> Check:
    """The claim does not hold: where, and why."""
    return Check(NONE, NONE, (), (Shortfall(path, reason),))


def not_applicable() -> Check:
    """The claim says nothing of this bid."""
    return Check(NONE, NONE, applicable=False)


def placed(check: Check, path: Path) -> Check:
    """The check with the path for the shortfalls that have no place of their own."""
    shortfalls = tuple(fall if fall.path else replace(fall, path=path) for fall in check.shortfalls)
    return replace(check, shortfalls=shortfalls)


def average(checks: Sequence[Check]) -> Check:
    """The mean of the checks that apply, with the places of all; when none applies, neither does the whole."""
    checks = [check for check in checks if check.applicable]
    if not checks:
        return not_applicable()
    count = len(checks)
    return Check(
        sum((check.low for check in checks), NONE) / count,
        sum((check.high for check in checks), NONE) / count,
        tuple(match for check in checks for match in check.support),
        tuple(shortfall for check in checks for shortfall in check.shortfalls),
    )


# Fields whose names are no nouns, as people would name what stands there.
_SPOKEN = {"by": "date", "when": "date", "accountable_to": "body that it answers to", "reinvested_in": "reinvestment"}


def in_words(names: Sequence[str]) -> str:
    """Field names as people read them after "no": `baseline.value` and `by` give "baseline value or date"."""
    shown = [_SPOKEN.get(name, name.replace("_", " ").replace(".", " ")) for name in names]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1]


def at(value: object, dotted: str) -> object:
    """The value at a dotted path below a mapping; None when nothing stands there."""
    for step in dotted.split("."):
        value = child(value, step)
    return value


def number(value: object) -> Decimal | None:
    """The value when it is a number; true and false are none."""
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def items(matches: Sequence[Match]) -> list[Match]:
    """The matches, with a list standing for its items."""
    out: list[Match] = []
    for match in matches:
        if isinstance(match.value, list):
            out.extend(Match((*match.path, index), item) for index, item in enumerate(match.value))
        else:
            out.append(match)
    return out


def whole_path(matches: Sequence[Match], facts: Facts) -> Path:
    """The list that the matches stand in; inside the entry, where one is looked at."""
    return list_path(matches[0].path, facts) if matches else ()


def list_path(path: Path, facts: Facts) -> Path:
    """The path cut at its first list; at the first inside the entry, where one is looked at."""
    begin = len(facts.entry.path) if facts.entry else 0
    lists = (index for index, step in enumerate(path) if index >= begin and isinstance(step, int))
    return path[: next(lists, len(path))]


def shown(value: object) -> str:
    """A value in a few words, for a reason."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a list or a mapping"
    return f'"{str(value)[:40]}"'
