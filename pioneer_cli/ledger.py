"""A ledger of every figure and date in a bid with each place where it stands, and the contradictions between them.

Two figures contradict when they are of one kind and about the same thing, nothing tells them apart, and they differ by
more than rounding. What a figure is about is read from the words around it; where these say too little, the ledger is
silent, since a false alarm costs a reader more than one that is missed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, islice
from math import log
from typing import Any, NamedTuple

from pioneer_cli.mentions import KINDS, Kind, Mention, order_of, word_set
from pioneer_cli.prose import Sentence, sentences
from pioneer_cli.quantities import When, long_date, pounds
from pioneer_cli.sightings import Sighting, Stems, shown_value, sightings
from pioneer_cli.tree import BidPath, field_of


class Entry(NamedTuple):
    """A figure or date, as the ledger shows it, with every place where it stands; counts of one noun stand together."""

    kind: Kind
    shown: str
    mentions: tuple[Mention, ...]


class Contradiction(NamedTuple):
    """Two or more mentions of the same thing whose values differ, and why that is said, in plain words."""

    about: str
    mentions: tuple[Mention, ...]
    why: str


MOST_FIGURES = 500  # that are listed and compared; a bid of ten pages has some two hundred


class Ledger(NamedTuple):
    """The figures and dates of a bid by kind and value, and what contradicts what, in the order of the bid.

    `left_out` is whether there are more figures than are listed and compared.
    """

    entries: tuple[Entry, ...]
    contradictions: tuple[Contradiction, ...]
    left_out: bool = False


def ledger(bid: Mapping[str, Any]) -> Ledger:
    """The ledger of a bid's plain data. What it calls a contradiction is a guess from words, for people to judge."""
    stems = Stems()
    said = sentences(bid)
    every = sightings(bid, said, stems)
    found = tuple(islice(every, MOST_FIGURES))
    left_out = any(True for _ in every)
    return Ledger(_entries(found), _contradictions(bid, found, _Weights(said, stems)), left_out)


# --- Entries ---------------------------------------------------------------------------------------------------------


def _entries(found: Sequence[Sighting]) -> tuple[Entry, ...]:
    groups: dict[tuple[Any, ...], list[Mention]] = defaultdict(list)
    for sighting in found:
        kind, value = sighting.mention.kind, sighting.mention.value
        unit = sighting.unit if kind == "count" else ""
        key = (value.first, value.last) if isinstance(value, When) else (value,)
        groups[(KINDS.index(kind), *key, unit)].append(sighting.mention)
    ordered = [groups[key] for key in sorted(groups)]
    return tuple(Entry(mentions[0].kind, _shown(mentions), tuple(mentions)) for mentions in ordered)


def _shown(mentions: Sequence[Mention]) -> str:
    first = mentions[0]
    if isinstance(first.value, When):
        return long_date(first.value) if first.kind == "date" else first.value.text
    if re.search(r" to |\d[-–]\d| and ", first.shown):  # a range, of which the value is the first
        return first.shown
    shown = shown_value(first.kind, first.value)
    nouns = [mention.about for mention in mentions if mention.piece and mention.about]
    return f"{shown} {min(nouns, key=len)}" if first.kind == "count" and nouns else shown


# --- Whether two figures agree ---------------------------------------------------------------------------------------

_ABOUT = Decimal("0.1")  # what "about" leaves room for


def agree(one: Sighting, other: Sighting) -> bool:
    """Whether two figures say the same at the precision of the coarser one, and within what `about` or `over` allow."""
    first, second = one.mention.value, other.mention.value
    if isinstance(first, When) or isinstance(second, When):
        return isinstance(first, When) and isinstance(second, When) and _overlap(first, second)
    gap = abs(first - second)
    if gap * 2 <= max(one.step, other.step) and gap < max(one.step, other.step):
        return True
    if "about" in (one.bound, other.bound) and gap <= _ABOUT * max(abs(first), abs(second)):
        return True
    return one.bound in ("least", "most") or other.bound in ("least", "most")


def _overlap(first: When, second: When) -> bool:
    return first.first <= second.last and second.first <= first.last


# --- Whether two figures are about the same thing --------------------------------------------------------------------

_WIDE = 0.35  # what a stem weighs that only one of the two clauses has, and the other's sentence or entry
_LEAST_WEIGHT = 1.1  # of stems in both clauses: two that are fairly rare
_DATES_WEIGHT = 2.0
_VAGUE_WEIGHT = 1.8
_OF_SHORTER, _OF_LONGER = 0.6, 0.3  # shares of the clauses that must be in common
_OF_SHORTER_FIELD, _OF_SHORTER_DATE = 0.3, 0.5
_SETTLES = 0.75  # a place this nearly as like that says the same settles the question
_LARGE = 100
_MOST_TIMES = 10  # what differs by more is rather of another kind than a slip
# Nouns of which a bid counts many different ones.
_VAGUE = word_set(
    """peopl month year day week hour minut way thing area place staff member point part time organis servic group resid
    patient adult step mile carer person question page"""
)


class _Weights:
    """How much each stem tells: 1 for one that stands in a single sentence, less the more of them have it."""

    def __init__(self, said: Sequence[Sentence], stems: Stems) -> None:
        self._count = Counter(stem for sentence in said for stem in stems.of(sentence.text))
        self._all = log(max(len(said), 50))
        self._known: dict[str, float] = {}

    def of(self, stems: Iterable[str]) -> float:
        """The weight of stems together."""
        return sum(sorted(map(self._one, stems)))

    def _one(self, stem: str) -> float:
        found = self._known.get(stem)
        if found is None:
            found = self._known[stem] = max(0.0, 1 - log(max(self._count[stem] - 1, 1)) / self._all)
        return found


def _contradictions(bid: Mapping[str, Any], found: Sequence[Sighting], weights: _Weights) -> tuple[Contradiction, ...]:
    made = [
        *_counted(bid, found),
        *_against_fields(found, weights),
        *_against_targets(found, weights),
        *_support_dates(found),
        *_sums(bid, found),
    ]
    taken = {frozenset((a.path, b.path)) for item in made for a, b in combinations(item.mentions, 2)}
    in_prose = _in_prose(found, weights)
    made += [item for item in in_prose if frozenset(mention.path for mention in item.mentions[:2]) not in taken]
    return tuple(sorted(set(made), key=lambda item: [order_of(bid, mention.path) for mention in item.mentions]))


def _contradiction(about: str, mentions: Iterable[Mention], why: str) -> Contradiction:
    ordered = tuple(dict.fromkeys(mentions))
    shown = list(dict.fromkeys(mention.shown for mention in ordered))
    return Contradiction(about, ordered, f"{', '.join(shown[:-1])} and {shown[-1]}: {why}")


# --- Texts against texts ---------------------------------------------------------------------------------------------


def _in_prose(found: Sequence[Sighting], weights: _Weights) -> Iterator[Contradiction]:
    """Each figure with those that are most like it, where they differ; one that agrees settles the question."""
    groups: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in found:
        kind = sighting.mention.kind
        if not sighting.is_typed and kind != "number":
            groups[("date", "") if kind in ("date", "year") else (kind, sighting.unit)].append(sighting)
    told: set[frozenset[BidPath]] = set()
    for group in groups.values():
        for one in group:
            nearest = _differing(one, group, weights)
            paths = frozenset(sighting.mention.path for sighting in (one, *nearest))
            if nearest and not any(paths & before == paths or len(paths & before) > 1 for before in told):
                told.add(paths)
                mentions = [sighting.mention for sighting in (one, *nearest)]
                yield _contradiction(mentions[0].about, mentions, "the words around them say the same thing")


def _differing(one: Sighting, group: Sequence[Sighting], weights: _Weights) -> list[Sighting]:
    """The figures most like one, where none of them agrees with it and they agree with one another."""
    likely = [(likeness, other) for other in group if (likeness := _likeness(one, other, weights))]
    best = max((likeness for likeness, _ in likely), default=0)
    nearest = [other for likeness, other in likely if likeness >= best * _SETTLES]
    if any(agree(one, other) for other in nearest):
        return []
    alike = [other for other in nearest if agree(other, nearest[0])]
    if len(alike) == 1 and _counts_all(one, alike[0]):
        narrower = one.modifiers ^ alike[0].modifiers
        if not narrower <= (one.wide & alike[0].wide):
            return []  # partners and lay partners: only a count that several places give is known to mean the same
    return alike


def _likeness(one: Sighting, other: Sighting, weights: _Weights) -> float:
    """How surely two figures are about the same thing; 0 where that is not sure enough."""
    if one.sentence == other.sentence or one.mention.path == other.mention.path:
        return 0
    if (
        one.traits != other.traits
        or not _is_within(one, other, _MOST_TIMES)
        or _disjoint(one.years, other.years)
        or _disjoint(one.names, other.names)
    ):
        return 0
    if _counts_all(one, other):
        return 2 + _in_common(one, other, weights)
    if field_of(one.mention.path) == field_of(other.mention.path):  # of two entries of a list
        return 0
    if _disjoint(one.cites, other.cites) or {one.tense, other.tense} == {"past", "plan"}:
        return 0
    return _in_common(one, other, weights) if _share_enough(one, other, weights) else 0


def _share_enough(one: Sighting, other: Sighting, weights: _Weights) -> bool:
    """Whether the clauses of two figures have enough rare stems in common, and enough of either clause."""
    kind = one.mention.kind
    shared = (one.near & other.near) - {one.unit}
    both = weights.of(shared)
    shorter, longer = sorted((weights.of(one.near - {one.unit}), weights.of(other.near - {one.unit})))
    is_same_noun = len(one.modifiers) > 1 and one.modifiers == other.modifiers
    if kind == "count" and one.unit in _VAGUE and not one.modifiers & other.modifiers:
        return both >= _VAGUE_WEIGHT and both >= _OF_SHORTER * shorter
    if len(shared) < 2 and both < 0.99 * longer:
        return False
    least = _DATES_WEIGHT if kind in ("date", "year") else _LEAST_WEIGHT
    is_enough = both >= least or both >= max(0.95 * longer, 0.5)
    return is_enough and both >= (0.4 if is_same_noun else _OF_SHORTER) * shorter and both >= _OF_LONGER * longer


def _in_common(one: Sighting, other: Sighting, weights: _Weights) -> float:
    both = one.near & other.near
    return weights.of(both) + _WIDE * weights.of((one.near & other.wide | one.wide & other.near) - both)


def _disjoint(one: frozenset[Any], other: frozenset[Any]) -> bool:
    return bool(one) and bool(other) and not one & other


def _counts_all(one: Sighting, other: Sighting) -> bool:
    """Whether both claim to count all of one kind of thing, such as `all 31 practices` and `our 31 practices`."""
    if one.mention.kind != "count" or not (one.claims and other.claims):
        return False
    if one.claims == other.claims == "each" and one.modifiers == other.modifiers and _is_close(one, other):
        return True
    if one.unit in _VAGUE or not _is_within(one, other, 3):
        return False
    if field_of(one.mention.path) == field_of(other.mention.path) and "plain" in (one.claims, other.claims):
        return False
    return one.modifiers <= other.modifiers or other.modifiers <= one.modifiers


def _is_close(one: Sighting, other: Sighting, within: Decimal = Decimal("1.33")) -> bool:
    """Whether two large counts are so near that one looks like a slip for the other."""
    values = (one.mention.value, other.mention.value)
    is_large = all(isinstance(value, Decimal) and value >= _LARGE for value in values)
    return is_large and _is_within(one, other, within)


def _is_within(one: Sighting, other: Sighting, times: Decimal | int) -> bool:
    """Whether neither of two figures is more than so many times the other; dates always are."""
    first, second = one.mention.value, other.mention.value
    if isinstance(first, When) or isinstance(second, When):
        return True
    return max(first, second) <= times * min(first, second)


# --- Texts against typed fields --------------------------------------------------------------------------------------


def _against_fields(found: Sequence[Sighting], weights: _Weights) -> Iterator[Contradiction]:
    """Amounts, measures and dates of entries against the figures of texts that name the same entry."""
    typed: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in found:
        if sighting.is_typed and sighting.near:
            for kind in _STANDS_FOR.get(sighting.mention.kind, ()):
                typed[kind].append(sighting)
    for one in found:
        if one.is_typed:
            continue
        likely = [
            (likeness, other)
            for other in typed.get(one.mention.kind, ())
            if (likeness := _field_likeness(one, other, weights))
        ]
        best = max((likeness for likeness, _ in likely), default=0)
        nearest = [other for likeness, other in likely if likeness >= best * _SETTLES]
        if nearest and not any(agree(one, other) or _is_between(one, nearest) for other in nearest):
            other = next(other for likeness, other in likely if likeness == best)
            why = "the text seems to speak of what the field holds"
            yield _contradiction(other.mention.about, (one.mention, other.mention), why)


# The kinds of figures in texts that may be what a typed field of a kind holds; cohorts are compared elsewhere.
_STANDS_FOR: Mapping[Kind, tuple[Kind, ...]] = {
    "money": ("money",), "per-cent": ("per-cent",), "number": ("count", "number"), "date": ("date", "year"),
}  # fmt: skip


def _field_likeness(one: Sighting, other: Sighting, weights: _Weights) -> float:
    """How surely a text's figure is what an entry's field holds; 0 where that is not sure enough."""
    is_same_entry = one.mention.path[:-1] == other.mention.path[:-1]
    shared = one.near & other.near
    if (len(shared) < 2 and not is_same_entry) or not _may_be_the_value(one, other):
        return 0
    if is_same_entry:  # an amount that its own text repeats
        return 9 if one.mention.kind == "money" else 0
    both = weights.of(shared)
    least = _OF_SHORTER_DATE if other.mention.kind == "date" else _OF_SHORTER_FIELD
    if both < least * min(weights.of(one.near), weights.of(other.near)):
        return 0
    if other.mention.path[-1] == "by" and both < _OF_LONGER * weights.of(other.near):
        return 0
    if both < _LEAST_WEIGHT and both < max(0.7, 0.95 * weights.of(one.near)):
        return 0
    return _in_common(one, other, weights)


def _may_be_the_value(one: Sighting, other: Sighting) -> bool:
    """Whether unit, years, tense and sources leave it open that a text's figure is that of a field."""
    kind, path = other.mention.kind, other.mention.path
    if one.unit == "change" or one.traits - _HARMLESS or {one.tense, other.tense} == {"past", "plan"}:
        return False
    if kind == "date":
        return _can_be_the_date(one.mention, other.mention)
    if kind == "number" and not _rates_of(one) & _rates_of(other):
        return False
    if path[1] == "efficiencies" and path[:-1] != one.mention.path[:-1] and not one.near & _SAVING:
        return False
    return not _disjoint(one.years, other.years) and not _disjoint(one.cites, other.cites)


_HARMLESS = frozenset({"a year", "from", "to", "part"})


def _can_be_the_date(one: Mention, other: Mention) -> bool:
    """Whether a text's date may be that of a milestone (`by June 2015`) or of what was achieved (`since 2011`)."""
    if other.path[-1] == "when":
        return bool(re.search(rf"\b(?:since|in|from) {re.escape(one.shown)}", one.piece))
    is_deadline = re.search(rf"\b(?:by|from|in|until|on|of) {re.escape(one.shown)}", one.piece, re.IGNORECASE)
    return other.path[-1] == "by" and one.kind == "date" and bool(is_deadline)


def _rates_of(sighting: Sighting) -> frozenset[str]:
    return frozenset(word for word in sighting.wide if word.startswith("per "))


def _is_between(one: Sighting, nearest: Sequence[Sighting]) -> bool:
    """Whether a figure lies between an outcome's baseline and its target, as one on the way does."""
    values = sorted(other.mention.value for other in nearest if isinstance(other.mention.value, Decimal))
    value = one.mention.value
    return not one.tense and isinstance(value, Decimal) and len(values) > 1 and values[0] < value < values[-1]


def _against_targets(found: Sequence[Sighting], weights: _Weights) -> Iterator[Contradiction]:
    """A promised change in per cent against the one from the baseline to the target of an outcome that it names."""
    typed = {one.mention.path: one for one in found if one.is_typed and one.mention.kind == "number"}
    targets = [(one, typed.get((*path[:-2], "baseline", "value"))) for path, one in typed.items() if "target" in path]
    for one in found:
        if one.unit != "change" or one.tense != "plan" or one.traits or one.bound:
            continue
        for target, baseline in targets:
            if baseline is None or _disjoint(one.years, target.years) or not _names_measure(one, target, weights):
                continue
            change = _change(baseline, target)
            if change is not None and abs(change - abs(Decimal(str(one.mention.value)))) > 1:
                why = f"from the baseline to the target it is {change:.1f} per cent"
                mentions = (one.mention, baseline.mention, target.mention)
                yield Contradiction(target.mention.about, mentions, f"{one.mention.shown}: {why}")


def _names_measure(one: Sighting, target: Sighting, weights: _Weights) -> bool:
    named = one.near - _CHANGING
    return len(named & target.near) > 1 and weights.of(named & target.near) >= _MOST_OF_CLAUSE * weights.of(named)


def _change(baseline: Sighting, target: Sighting) -> Decimal | None:
    """By how many per cent a target differs from its baseline."""
    before, after = baseline.mention.value, target.mention.value
    if isinstance(before, When) or isinstance(after, When) or not before:
        return None
    return abs(after - before) * 100 / abs(before)


_CHANGING = word_set("fall fell rise reduc reduct cut drop increas lower year")
_MOST_OF_CLAUSE = 0.75


# --- Counts that the bid itself settles ------------------------------------------------------------------------------


_POPULATION = re.compile(r"population (?:of|is|was|stands at) (?:about |around |nearly |some |over )?$")
_SMALLER_PLACE = re.compile(
    r"\b(?:each|every|per|towns?|villages?|boroughs?|estates?|practices?|teams?|districts?|neighbourhoods?|"
    r"localit\w{1,3}|"
    r"aged|over \d\d|older|adults?|children|registered|will|by 20\d\d|serv\w{1,3}|wards?|parish\w{0,2})\b",
    re.IGNORECASE,
)
_SAVING = frozenset({"save", "releas", "free", "effici", "reduc", "spare"})
_CAPITALS = re.compile(r"\b[A-Z][a-z]+")
_BEGINNINGS = word_set("The Our This In With It And As Its We All There Here For Of A An Today Now Some")
_PEOPLE = frozenset({"peopl", "resid", "adult", "person", "patient"})
_BACKING = frozenset({"agre", "sign", "back", "support", "endors", "join", "commit", "behind"})


def _counted(bid: Mapping[str, Any], found: Sequence[Sighting]) -> Iterator[Contradiction]:
    """Counts in texts against the population, the sizes of cohorts, and the lists of partners and boards."""
    sizes = [sighting for sighting in found if sighting.is_typed and sighting.mention.kind == "count"]
    population = [sighting for sighting in sizes if sighting.mention.path[0] == "area"]
    for one in found:
        if one.is_typed or one.mention.kind not in ("count", "number"):
            continue
        for other in population:
            if _gives_population(one.mention, bid["area"]["name"]) and not agree(one, other) and _is_close(one, other):
                yield _contradiction("population", (one.mention, other.mention), "the area has one population")
        if one.claims == "each" and one.unit in _PEOPLE and not one.traits:
            yield from _not_a_cohort(one, sizes)
        if one.mention.kind == "count" and not one.traits and not one.bound:
            yield from _not_the_list(bid, one)


def _gives_population(mention: Mention, area: str) -> bool:
    before, _, after = mention.piece.partition(mention.shown)
    named = _POPULATION.search(before) or (
        re.match(r" (?:residents|inhabitants)\b", after)
        and re.search(r"\b(?:our|the|all)(?: area's)? $", before.lower())
    )
    other_names = set(_CAPITALS.findall(mention.piece)) - set(_CAPITALS.findall(area)) - _BEGINNINGS
    return bool(named) and not other_names and not _SMALLER_PLACE.search(mention.piece)


def _not_a_cohort(one: Sighting, sizes: Sequence[Sighting]) -> Iterator[Contradiction]:
    """A count of all people meant that is none of the sizes of cohorts, though one of these is almost it."""
    if not any(agree(one, other) for other in sizes):
        for other in sizes:
            if _is_close(one, other, Decimal("1.1")):
                why = "the text seems to count the people of this group"
                yield _contradiction(other.mention.about, (one.mention, other.mention), why)


def _not_the_list(bid: Mapping[str, Any], one: Sighting) -> Iterator[Contradiction]:
    boards, partners = bid["health_and_wellbeing_boards"], bid["partners"]
    value = one.mention.value
    if one.unit == "board" and {"health", "wellb"} <= one.modifiers and boards and value != len(boards):
        yield _against_list(one, ("health_and_wellbeing_boards",), len(boards), "boards")
    backs_bid = one.near & _BACKING and "bid" in one.near and one.unit in ("organis", "partner")
    are_all = one.unit == "partner" and one.claims == "each"
    agreed = sum(partner["support"] == "agreed" for partner in partners)
    if partners and not one.modifiers and (backs_bid or are_all) and value not in (len(partners), agreed):
        yield _against_list(one, ("partners",), len(partners), "partners")


def _against_list(one: Sighting, path: BidPath, count: int, noun: str) -> Contradiction:
    listed = Mention("count", Decimal(count), f"{count} {noun}", path, "", f"list of {noun}")
    return _contradiction(noun, (one.mention, listed), f"the bid lists {count}")


_SUPPORTING = frozenset({"support", "agre", "approv", "endors", "adopt"})


def _support_dates(found: Sequence[Sighting]) -> Iterator[Contradiction]:
    """The date of a partner's or board's support against the only day in its reference, or the day told elsewhere."""
    whole_days = [one for one in found if not one.is_typed and one.mention.kind == "date"]
    boards = [one for one in found if one.is_typed and one.mention.path[0] == "health_and_wellbeing_boards"]
    for support in found:
        if not support.is_typed or support.mention.path[-1] != "date" or support.mention.path[0] not in _SUPPORTERS:
            continue
        entry = support.mention.path[:-1]
        referred = [one for one in whole_days if one.mention.path == (*entry, "reference")]
        told = [one for one in whole_days if _tells_support(one, entry, is_only_board=[support] == boards)]
        for one in (*referred[:1], *told):
            if not any(agree(each, support) for each in (one, *referred)):
                yield _contradiction("date of support", (one.mention, support.mention), "the support has one date")


_SUPPORTERS = ("partners", "health_and_wellbeing_boards")


def _tells_support(one: Sighting, entry: BidPath, *, is_only_board: bool) -> bool:
    is_bid = (
        "bid" in one.wide
        and bool(one.wide & _SUPPORTING)
        and one.mention.path[:-1] == entry
        and bool(re.match(r"(?:On |It |The board )", one.mention.piece))
    )
    names_board = {"health", "wellb", "board", "bid"} <= one.near and bool(one.near & _SUPPORTING)
    return (is_bid and "bid" in one.near) or (names_board and is_only_board)


# --- Sums ------------------------------------------------------------------------------------------------------------


def _sums(bid: Mapping[str, Any], found: Sequence[Sighting]) -> Iterator[Contradiction]:
    """The stated total against the sum of the sources, where all are of one year, and texts that give the fund."""
    typed = {one.mention.path: one for one in found if one.is_typed}
    sources = bid["capability"]["funding"]["sources"] or []
    amounts = [typed.get(("capability", "funding", "sources", index, "amount")) for index in range(len(sources))]
    total = typed.get(("capability", "funding", "total"))
    known = [one for one in amounts if one is not None]
    if total and known and len(known) == len(sources) and len({source["year"] for source in sources}) == 1:
        made = replace(total, mention=total.mention._replace(value=_sum(known)), step=min(one.step for one in known))
        if not agree(made, total):
            why = f"the sources add up to {pounds(_sum(known))}"
            yield _contradiction("total of the funding", (total.mention, *(one.mention for one in known)), why)
    for one in found:
        if total and not one.is_typed and one.mention.kind == "money" and _gives_fund(one):
            pools = [replace(total, mention=total.mention._replace(value=value)) for value in _pools(sources)]
            if not any(agree(one, other) for other in (total, *pools)):
                yield _contradiction("fund", (one.mention, total.mention), "the text seems to give the stated total")


def _sum(amounts: Sequence[Sighting]) -> Decimal:
    return sum((one.mention.value for one in amounts if isinstance(one.mention.value, Decimal)), Decimal(0))


def _gives_fund(one: Sighting) -> bool:
    """Whether an amount is said to be the fund itself: `£25m of pooled money`, `a pooled fund of £25m`."""
    phrase = _OF_MONEY.search(one.mention.piece.replace(one.mention.shown, "£", 1))
    return bool(phrase) and not one.traits and not one.names and not one.years


_OF_MONEY = re.compile(
    r"£ of (?:our |the )?(?:pooled|aligned|joint|combined)(?: and (?:pooled|aligned))? (?:money|funds?|funding|"
    r"budgets?|resources)\b"
    r"|\b(?:[Tt]he|[Oo]ur|[Aa]) (?:pooled|total|combined|joint|whole)(?: and aligned)? (?:fund|budget|funding)"
    r"(?: of| is| holds| comes to| will be| stands at)(?: about| some| over| nearly)? £(?! (?:for|from) )"
)


def _pools(sources: Sequence[Mapping[str, Any]]) -> Iterator[Decimal]:
    """What the sources of each arrangement come to, and those that are pooled or aligned together."""
    for kinds in (("pooled",), ("aligned",), ("pooled", "aligned")):
        yield sum((item["amount"] or Decimal(0) for item in sources if item["arrangement"] in kinds), Decimal(0))
