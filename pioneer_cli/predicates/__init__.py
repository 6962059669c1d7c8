"""The closed table of predicates: each a function, and the model of its arguments.

If a rule cannot be said with this table, add a predicate.
"""

from collections.abc import Mapping

from pioneer_cli.predicates.base import (
    Arguments,
    Check,
    Facts,
    Match,
    NestedTest,
    Path,
    Predicate,
    Shortfall,
    Steps,
    Test,
    entries,
    filled,
    find,
    run,
)
from pioneer_cli.predicates.lists import LISTS
from pioneer_cli.predicates.logic import LOGIC, ForEach
from pioneer_cli.predicates.values import VALUES
from pioneer_cli.predicates.wording import WORDING

PREDICATES: Mapping[str, Predicate] = {predicate.name: predicate for predicate in (*VALUES, *LISTS, *WORDING, *LOGIC)}

__all__ = [
    "PREDICATES",
    "Arguments",
    "Check",
    "Facts",
    "ForEach",
    "Match",
    "NestedTest",
    "Path",
    "Predicate",
    "Shortfall",
    "Steps",
    "Test",
    "entries",
    "filled",
    "find",
    "run",
]
