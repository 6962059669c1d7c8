"""Takes each rule of a pack away, and turns each round, and asks whether the pack's own tests would notice.

Usage: python tests/invert_rules.py [PACK …]. It prints how many changes were noticed, names those that were not, and
exits 1 unless all were. A rule that can be taken away or turned round unseen is one that nothing holds to its claim.
"""

import importlib.util
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from pioneer_cli.bid import Bid, leads_somewhere, plain
from pioneer_cli.load_pack import LoadedPack, load_examples, load_pack
from pioneer_cli.pack import Examples, Pack, Rule
from pioneer_cli.predicates import Check, Facts, Predicate, Test, run
from pioneer_cli.try_examples import try_examples

PACK = "pioneers-2013"
GENERATOR = Path(__file__).resolve().parent.parent / "docs" / "generate.py"
LEAST = {"call": PACK, "title": "A bid", "area": {"name": "Somewhere"}}
ByRule = Mapping[str, Examples]


@dataclass
class Tally:
    """How many changes were made of a kind, what noticed them, and which nothing did."""

    change: str
    made: int = 0
    noticed: Counter[str] = field(default_factory=Counter)
    unnoticed: list[str] = field(default_factory=list)

    def count(self, rule: Rule, witnesses: list[str]) -> None:
        """Counts one change, under each witness that it has."""
        self.made += 1
        self.noticed.update(witnesses)
        if not witnesses:
            self.unnoticed.append(rule.id)

    def __str__(self) -> str:
        seen = ", ".join(f"{count} by {witness}" for witness, count in sorted(self.noticed.items()))
        lost = f"\n  unnoticed: {', '.join(self.unnoticed)}" if self.unnoticed else ""
        return f"{self.made} rules {self.change}, {self.made - len(self.unnoticed)} noticed ({seen}){lost}"


def main(names: list[str]) -> int:
    tallies = [tally for name in names or [PACK] for tally in tallies_of(name)]
    for tally in tallies:
        print(tally)
    return 1 if any(tally.unnoticed or not tally.made for tally in tallies) else 0


def tallies_of(name: str) -> tuple[Tally, Tally]:
    """What comes of changing each rule of a pack that ships."""
    pack = load_pack(name).pack
    assert pack is not None, f"{name} does not load"
    return change_each(pack, load_examples(name, pack), pages_of(name))


def change_each(pack: Pack, examples: ByRule, page: Callable[[Pack], str]) -> tuple[Tally, Tally]:
    """Removes and inverts each rule in turn; `page` is what docs/ would say of a pack."""
    removed, inverted = Tally("removed"), Tally("inverted")
    written = page(pack)
    rules = [rule for _, _, rule in pack.rules()]
    for rule in rules:
        assert list(who_objects(pack, rule, examples)) == [], f"{rule.id} is at fault as it is"
    for rule in rules:
        less = without(pack, rule)
        removed.count(rule, list(who_misses(less, rule, examples)) + (["docs"] if page(less) != written else []))
        turned = replace(pack, tests={**pack.tests, rule.id: turned_round(pack.tests[rule.id])})
        inverted.count(rule, list(who_objects(turned, rule, examples)))
    return removed, inverted


# --- What is changed -------------------------------------------------------------------------------------------------


def without(pack: Pack, gone: Rule) -> Pack:
    """The pack without a rule, and without a consideration or criterion that held nothing else."""
    criteria = []
    for criterion in pack.criteria:
        considerations = [
            found.model_copy(update={"rules": tuple(rule for rule in found.rules if rule.id != gone.id)})
            for found in criterion.considerations
        ]
        kept = tuple(found for found in considerations if found.rules)
        if kept:
            criteria.append(criterion.model_copy(update={"considerations": kept}))
    tests = {name: test for name, test in pack.tests.items() if name != gone.id}
    return replace(pack, criteria=tuple(criteria), tests=tests)


def turned_round(test: Test) -> Test:
    """A test that holds as far as the given one does not; where that says nothing, neither does this."""

    def whole(matches: object, arguments: object, facts: Facts) -> Check:
        check = run(test, facts)
        return replace(check, low=1 - check.high, high=1 - check.low) if check.applicable else check

    row = Predicate(f"not {test.predicate.name}", test.predicate.arguments, whole=whole, needs_path=False)
    return Test((), row, test.arguments)


# --- Who would notice ------------------------------------------------------------------------------------------------


def who_misses(pack: Pack, rule: Rule, examples: ByRule) -> Iterator[str]:
    """What would go red without a rule: examples that name it, a criterion without its question."""
    known = {found.id for _, _, found in pack.rules()}
    if rule.id in examples and rule.id not in known:
        yield "examples"
    if rule.is_judged and len(questions(pack)) < len(pack.criteria):
        yield "the question of each criterion"


def who_objects(pack: Pack, rule: Rule, examples: ByRule) -> Iterator[str]:
    """What would go red if a rule judged as it does in this pack."""
    if not rule.is_judged:
        for kind in ("met", "unmet"):
            if any(f"its {kind} example" in fault for fault in try_examples(only(pack, rule), examples).faults):
                yield f"{kind} examples"
    if bounds(pack, rule, {})[0] > 0:
        yield "the empty bid"
    asked = [bounds(pack, rule, fragment) for fragment in ({}, with_a_word_at(rule.path))] if rule.is_judged else []
    if rule.is_judged and asked != [(0, 0), (0, 1)]:
        yield "what a question is before it is answered"


def only(pack: Pack, rule: Rule) -> Pack:
    """The pack with one rule: the others are what they were."""
    (place,) = [found for found in pack.rules() if found[2].id == rule.id]
    consideration = place[1].model_copy(update={"rules": (rule,)})
    return replace(pack, criteria=(place[0].model_copy(update={"considerations": (consideration,)}),))


def bounds(pack: Pack, rule: Rule, fragment: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    check = run(pack.tests[rule.id], Facts(plain(Bid.model_validate({**LEAST, **fragment}))))
    return check.low, check.high


def with_a_word_at(path: str) -> Mapping[str, Any]:
    """A fragment of a bid that says something at a path: there, or in the statement of the part that stands there."""
    steps = path.split(".")
    fragment: Any = {"statement": "Ours."} if leads_somewhere((*steps, "statement")) else "Ours."
    for step in reversed(steps):
        fragment = {step: fragment}
    return dict(fragment)


def questions(pack: Pack) -> set[str]:
    """The criteria that ask people a question."""
    return {criterion.id for criterion, _, rule in pack.rules() if rule.is_judged}


def pages_of(name: str) -> Callable[[Pack], str]:
    """What docs/generate.py writes of a pack, were it the one of this name."""
    spec = importlib.util.spec_from_file_location("generate", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)

    def page(pack: Pack) -> str:
        generate.load_pack = lambda _: LoadedPack(pack, ())
        return str(generate.rules_reference(name))

    return page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
