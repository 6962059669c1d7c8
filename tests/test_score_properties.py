"""Laws of scores, on any part of the shipped pack, any findings and bids with anything left out or out of order.

A part of the pack is some of its rules, with the criteria and considerations that these belong to: smaller than the
whole and so quicker to score, and never twice the same shape.
"""

import random
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import REPO_BIDS, ROOT, repo_bid

from pioneer_cli.assess import find_all, pass_gates
from pioneer_cli.assessment import Assessment, Finding, GateResult, Outcome, Report
from pioneer_cli.bid import PHASES
from pioneer_cli.diagnostics import Severity
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Criterion, Pack
from pioneer_cli.predicates import Facts, Test
from pioneer_cli.reports.json_v1 import part, whole
from pioneer_cli.reports.look import Look
from pioneer_cli.score import score
from pioneer_cli.source import Source, read

F = Fraction
EXAMPLES = 1000
LAW = settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
Shares = Mapping[str, tuple[Fraction, Fraction] | None]


@cache
def the_pack() -> Pack:
    loaded = load_pack("pioneers-2013")
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    return loaded.pack


NAMES = tuple(rule.id for _, _, rule in the_pack().rules())
ORDER = (None, "later-cohort", "sift-in", "meets-in-full")


def part_of(names: Collection[str]) -> Pack:
    """The pack with these rules alone."""
    criteria = []
    for criterion in the_pack().criteria:
        kept = []
        for found in criterion.considerations:
            rules = tuple(rule for rule in found.rules if rule.id in names)
            if rules:
                kept.append(found.model_copy(update={"rules": rules}))
        if kept:
            criteria.append(
                criterion.model_copy(update={"considerations": tuple(kept), "alternatives": left_of(criterion, kept)})
            )
    return replace(the_pack(), criteria=tuple(criteria))


def left_of(criterion: Criterion, kept: Collection[Any]) -> tuple[Any, ...]:
    """The alternatives of which all are left."""
    codes = {found.id for found in kept}
    return tuple(group for group in criterion.alternatives if codes.issuperset(group.any_of))


def findings_of(pack: Pack, shares: Shares) -> list[Finding]:
    """A finding for each rule of the pack, with the share given; None does not apply."""
    findings = []
    for place in pack.rules():
        bounds = shares[place[2].id]
        outcome = Outcome.NOT_APPLICABLE if bounds is None else Outcome.of(*bounds)
        findings.append(Finding(*place, outcome, *(bounds or (F(0), F(0))), Severity.WARNING, (), ()))
    return findings


def gates_of(pack: Pack, outcomes: Collection[Outcome]) -> list[GateResult]:
    return [
        GateResult(gate, outcome, Severity.WARNING if outcome is Outcome.UNKNOWN else Severity.ERROR, ())
        for gate, outcome in zip(pack.about.gates, outcomes, strict=True)
    ]


def figures(found: Assessment) -> dict[str, Any]:
    """Every score, share and level by its name; the low bounds under names in "low"."""
    out: dict[str, Any] = {
        "low": found.low,
        "high": found.high,
        "equal low": found.equal_low,
        "equal high": found.equal_high,
    }
    for scored in found.criteria:
        code = scored.criterion.id
        out |= {f"{code} low": scored.low, f"{code} high": scored.high}
        out |= {f"{code} level low": scored.level_low.level, f"{code} level high": scored.level_high.level}
        for item in scored.considerations:
            out |= {f"{item.consideration.id} low": item.low, f"{item.consideration.id} high": item.high}
    return out | {"verdict low": ORDER.index(found.verdict), "verdict high": ORDER.index(found.best_verdict)}


BOUNDS = st.tuples(st.fractions(0, 1, max_denominator=6), st.fractions(0, 1, max_denominator=6)).map(
    lambda ends: (min(ends), max(ends))
)
SHARE = st.one_of(st.sampled_from([(F(0), F(0)), (F(1), F(1)), (F(0), F(1)), None]), BOUNDS)
SHARES = st.dictionaries(st.sampled_from(NAMES), SHARE, min_size=1, max_size=10)
GATES = st.tuples(
    *(st.sampled_from([Outcome.MET, Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN]) for _ in the_pack().about.gates)
)


# --- Findings --------------------------------------------------------------------------------------------------------


@LAW
@given(SHARES, GATES, st.integers(0, 9))
def test_meeting_one_more_rule_lowers_nothing(shares: Shares, outcomes: tuple[Outcome, ...], index: int) -> None:
    pack = part_of(shares)
    rule = sorted(shares)[index % len(shares)]
    before = figures(score(pack, findings_of(pack, shares), gates_of(pack, outcomes), "submission"))
    met = {**shares, rule: (F(1), F(1))}
    after = figures(score(pack, findings_of(pack, met), gates_of(pack, outcomes), "submission"))
    assert [name for name in before if after[name] < before[name]] == []


@LAW
@given(SHARES, GATES, st.integers(0, 9))
def test_the_unknown_raises_no_low_bound(shares: Shares, outcomes: tuple[Outcome, ...], index: int) -> None:
    pack = part_of(shares)
    rule = sorted(shares)[index % len(shares)]
    before = figures(score(pack, findings_of(pack, shares), gates_of(pack, outcomes), "submission"))
    unknown = {**shares, rule: (F(0), F(1))}
    after = figures(score(pack, findings_of(pack, unknown), gates_of(pack, outcomes), "submission"))
    assert [name for name in before if "low" in name and after[name] > before[name]] == []
    assert [name for name in before if "high" in name and after[name] < before[name]] == []


@LAW
@given(SHARES, GATES, st.integers(0, 9))
def test_a_gate_that_is_not_known_to_be_passed_makes_no_verdict_better(
    shares: Shares, outcomes: tuple[Outcome, ...], index: int
) -> None:
    pack = part_of(shares)
    place = index % len(outcomes)
    passed, unknown = ((*outcomes[:place], found, *outcomes[place + 1 :]) for found in (Outcome.MET, Outcome.UNKNOWN))
    findings = findings_of(pack, shares)
    before, after = (score(pack, findings, gates_of(pack, found), "submission") for found in (passed, unknown))
    assert ORDER.index(after.verdict) <= ORDER.index(before.verdict)
    assert (after.low, after.high) == (before.low, before.high)


@LAW
@given(SHARES, GATES, st.integers(0, 2**32))
def test_the_order_of_rules_changes_no_figure(shares: Shares, outcomes: tuple[Outcome, ...], seed: int) -> None:
    chance = random.Random(seed)
    pack = part_of(shares)
    shuffled = replace(pack, criteria=tuple(mixed([reordered(found, chance) for found in pack.criteria], chance)))
    before = score(pack, findings_of(pack, shares), gates_of(pack, outcomes), "submission")
    gates = mixed(gates_of(pack, outcomes), chance)
    after = score(shuffled, mixed(findings_of(shuffled, shares), chance), gates, "submission")
    assert figures(after) == figures(before)
    assert after.gains == before.gains


def mixed(items: Collection[Any], chance: random.Random) -> list[Any]:
    return chance.sample(list(items), len(items))


def reordered(criterion: Criterion, chance: random.Random) -> Criterion:
    """The criterion with its considerations, their rules and its alternatives in another order."""
    considerations = tuple(
        found.model_copy(update={"rules": tuple(mixed(found.rules, chance))})
        for found in mixed(criterion.considerations, chance)
    )
    alternatives = tuple(
        group.model_copy(update={"any_of": tuple(mixed(group.any_of, chance))})
        for group in mixed(criterion.alternatives, chance)
    )
    return criterion.model_copy(update={"considerations": considerations, "alternatives": alternatives})


# --- Bids ------------------------------------------------------------------------------------------------------------

RULES = st.sets(st.sampled_from(NAMES), min_size=1, max_size=8)
SEEDS, PAGES = st.integers(0, 2**32), st.sampled_from([None, 9, 10, 11])
NAMES_OF_BIDS = st.sampled_from(REPO_BIDS)


@cache
def source_of(name: str) -> Source:
    return read(str(ROOT / "bids" / f"{name}.yaml"))


@cache
def whole_bid(name: str) -> dict[str, Any]:
    return repo_bid(name)


def worn(value: Any, chance: random.Random, rate: float) -> Any:
    """The bid with things left out: fields, entries, the ends of texts."""
    if isinstance(value, dict):
        return {
            key: None if chance.random() < rate and not isinstance(item, list) else worn(item, chance, rate)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [worn(item, chance, rate) for item in value if chance.random() >= rate]
    if isinstance(value, str) and chance.random() < rate:
        return value[: chance.randrange(len(value) + 1)]
    return value


def bid_of(name: str, seed: int) -> dict[str, Any]:
    """A bid of `bids/` with more or less left out."""
    chance = random.Random(seed)
    found: dict[str, Any] = worn(whole_bid(name), chance, chance.choice((0, 0.02, 0.1, 0.3)))
    return found


def judged(pack: Pack, bid: Mapping[str, Any], pages: int | None, phase: Any = "submission") -> Assessment:
    facts = Facts(bid, pages)
    return score(pack, find_all(pack, facts, phase), pass_gates(pack, facts, phase), phase)


def ordered_lists(test: Test, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The lists whose order a test is about."""
    steps = (*above, *test.steps)
    if test.predicate.name == "in-order":
        yield steps
    for inner in (*test.inner, *test.where):
        yield from ordered_lists(inner, steps)


IN_ORDER = {steps for test in the_pack().tests.values() for steps in ordered_lists(test)}


def shuffled_lists(value: Any, chance: random.Random, at: tuple[str, ...] = ()) -> Any:
    """The bid with the entries of its lists in another order, but for lists whose order a rule is about."""
    if isinstance(value, dict):
        return {key: shuffled_lists(item, chance, (*at, key)) for key, item in value.items()}
    if isinstance(value, list):
        items = [shuffled_lists(item, chance, (*at, "*")) for item in value]
        return items if at in IN_ORDER else mixed(items, chance)
    return value


def test_few_lists_have_an_order_that_counts() -> None:
    assert sorted(IN_ORDER) == [("capability", "workstreams", "*", "milestones")]


@LAW
@given(RULES, NAMES_OF_BIDS, SEEDS, PAGES)
def test_the_order_of_entries_changes_no_figure(names: set[str], bid: str, seed: int, pages: int | None) -> None:
    pack, before = part_of(names), bid_of(bid, seed)
    after = shuffled_lists(before, random.Random(seed))
    was, now = judged(pack, before, pages), judged(pack, after, pages)
    assert figures(now) == figures(was)
    assert [(found.outcome, found.low, found.high) for found in now.findings] == [
        (found.outcome, found.low, found.high) for found in was.findings
    ]
    assert [found.outcome for found in now.gates] == [found.outcome for found in was.gates]


@LAW
@given(RULES, NAMES_OF_BIDS, SEEDS, PAGES, st.sampled_from(PHASES))
def test_scores_keep_within_their_bounds(names: set[str], bid: str, seed: int, pages: int | None, phase: Any) -> None:
    pack = part_of(names)
    found = judged(pack, bid_of(bid, seed), pages, phase)
    assert 0 <= found.low <= found.high <= 100
    assert 0 <= found.equal_low <= found.equal_high <= 100
    assert sum(scored.maximum for scored in found.criteria) == 100
    for scored in found.criteria:
        assert 0 <= scored.low <= scored.high <= scored.maximum
        assert 0 <= scored.level_low.level <= scored.level_high.level <= 5
        assert all(0 <= item.low <= item.high <= 1 for item in scored.considerations)
    for finding in found.findings:
        assert 0 <= finding.low <= finding.high <= 1
        assert finding.low < 1 or not finding.shortfalls
        assert (finding.outcome is Outcome.UNKNOWN) == (finding.low < finding.high)
    assert all(0 <= gain <= 100 - found.low for gain in found.gains.values())
    assert ORDER.index(found.verdict) <= ORDER.index(found.best_verdict)


@LAW
@given(RULES, NAMES_OF_BIDS, SEEDS, PAGES)
def test_the_same_bid_gives_the_same_bytes(names: set[str], bid: str, seed: int, pages: int | None) -> None:
    tree, source = bid_of(bid, seed), source_of(bid)
    once, again = (
        whole([part(Report(source, pack, "A bid", (), judged(pack, found, pages), None), Look())]).encode()
        for pack, found in ((part_of(names), tree), (part_of(sorted(names)), deepcopy(tree)))
    )
    assert once == again
    assert tree == bid_of(bid, seed)  # and judging changed nothing in it
