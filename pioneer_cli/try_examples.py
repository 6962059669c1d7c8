"""Whether the rules of a pack keep to their examples: those called met are, and those called unmet say why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pioneer_cli.bid import Bid, plain
from pioneer_cli.pack import Examples, Pack
from pioneer_cli.predicates import Check, Facts, Test, run

_LEAST = {"call": "a-call", "title": "A bid", "area": {"name": "Somewhere"}}


@dataclass(frozen=True, slots=True)
class Tried:
    """How many rules and examples were tried, and what was wrong, a line each."""

    rules: int
    examples: int
    faults: tuple[str, ...]


def try_examples(pack: Pack, examples: Mapping[str, Examples]) -> Tried:
    """Runs every example, and every rule on a bid that says nothing, which may meet none."""
    rules = [rule for _, _, rule in pack.rules()]
    faults = [f"{rule.id}: no examples" for rule in rules if not rule.is_judged and rule.id not in examples]
    count = 0
    for rule in rules:
        test = pack.tests[rule.id]
        if run(test, Facts(plain(Bid.model_validate(_LEAST)))).low > 0:
            faults.append(f"{rule.id}: a bid that says nothing meets it")
        for kind, number, fragment in _fragments(examples.get(rule.id)):
            count += 1
            reason = _what_is_wrong(test, kind, fragment)
            if reason:
                faults.append(f"{rule.id}: its {kind} example {number} {reason}")
    return Tried(len(rules), count, tuple(faults))


def _fragments(examples: Examples | None) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for kind, fragments in (("met", examples.met), ("unmet", examples.unmet)) if examples else ():
        for number, fragment in enumerate(fragments, 1):
            yield kind, number, fragment


def _what_is_wrong(test: Test, kind: str, fragment: Mapping[str, Any]) -> str:
    """Why the example is not what it says; empty when it is."""
    try:
        bid = plain(Bid.model_validate({**_LEAST, **fragment}))
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        return f"is no valid bid at {where}"
    check = run(test, Facts(bid))
    return _against(check, kind)


def _against(check: Check, kind: str) -> str:
    if not check.applicable:
        return "leaves the rule without application"
    if kind == "met":
        reasons = "; ".join(fall.reason for fall in check.shortfalls)
        return "" if check.low == 1 and not reasons else f"is not met: {reasons or 'the share is below 1'}"
    if check.high == 1:
        return "is met" if check.low == 1 else "may be met: something is unknown"
    return "" if check.shortfalls and all(fall.reason for fall in check.shortfalls) else "falls short without a reason"
