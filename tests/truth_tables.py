"""What truth tables of predicates are written with: tests made ready, cases, and what a check says, as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from pioneer_cli.predicates import PREDICATES, Check, Facts, Path, Test, run
from pioneer_cli.quantities import parse_when

when = parse_when


def ready(predicate: str, path: str = "", /, *inner: Test, only: Sequence[Test] = (), **arguments: Any) -> Test:
    """A test made ready to run, with the tests inside it; `only` is the `where` of a `for-each`."""
    row = PREDICATES[predicate]
    nested = {"tests": [{"predicate": "filled"}] * len(inner), "where": [{"predicate": "filled"}] * len(only)}
    checked = row.arguments.model_validate({**arguments, **{name: tests for name, tests in nested.items() if tests}})
    return Test(tuple(path.split(".")) if path else (), row, checked, inner, tuple(only))


def apply(test: Test, bid: Any, pages: int | None = None) -> Check:
    return run(test, Facts(bid, pages))


def falls(check: Check) -> list[tuple[Path, str]]:
    return [(fall.path, fall.reason) for fall in check.shortfalls]


def supports(check: Check) -> list[Path]:
    return [match.path for match in check.support]


@dataclass(frozen=True)
class Case:
    """A test, a bid, and all that the check should say."""

    shows: str
    test: Test
    bid: Mapping[str, Any]
    low: str
    high: str
    falls: list[tuple[Path, str]]
    supports: list[Path]
    pages: int | None = None
    applicable: bool = True


Cases = Mapping[str, list[Case]]


def met(shows: str, test: Test, bid: Mapping[str, Any], *paths: Path, pages: int | None = None) -> Case:
    return Case(shows, test, bid, "1", "1", [], list(paths), pages)


def partly(
    shows: str, test: Test, bid: Mapping[str, Any], share: str, falls: list[tuple[Path, str]], *paths: Path
) -> Case:
    return Case(shows, test, bid, share, share, falls, list(paths))


def unmet(shows: str, test: Test, bid: Mapping[str, Any], path: Path, reason: str, pages: int | None = None) -> Case:
    return Case(shows, test, bid, "0", "0", [(path, reason)], [], pages)


def unknown(shows: str, test: Test, bid: Mapping[str, Any], falls: list[tuple[Path, str]], *paths: Path) -> Case:
    return Case(shows, test, bid, "0", "1", falls, list(paths))


def silent(shows: str, test: Test, bid: Mapping[str, Any]) -> Case:
    """A case to which the test does not apply."""
    return Case(shows, test, bid, "0", "0", [], [], applicable=False)


def cases_of(tables: Cases) -> Iterable[Any]:
    """Every case of the tables as a parameter of a test, with its name."""
    return [pytest.param(case, id=f"{name}: {case.shows}") for name, cases in tables.items() for case in cases]


def holds_true(case: Case) -> None:
    """Asserts that the check says what the case does, and nothing else."""
    check = apply(case.test, case.bid, case.pages)
    assert (check.low, check.high) == (Fraction(case.low), Fraction(case.high))
    assert isinstance(check.low, Fraction)
    assert isinstance(check.high, Fraction)
    assert falls(check) == case.falls
    assert supports(check) == case.supports
    assert check.applicable is case.applicable
