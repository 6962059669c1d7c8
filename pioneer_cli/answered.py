"""Which considerations each field of a bid answers, read from the rules of a pack."""

from collections.abc import Iterator, Mapping

from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Steps, Test


def answered(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """The considerations whose rules look at a field, by the field, such as `vision.outcomes[].measure`."""
    found: dict[str, list[str]] = {}
    for criterion in pack.criteria:
        for consideration in criterion.considerations:
            for rule in consideration.rules:
                for field in fields_of(pack.tests[rule.id]):
                    found.setdefault(field, []).append(consideration.id)
    return {field: tuple(dict.fromkeys(codes)) for field, codes in found.items()}


def fields_of(test: Test) -> tuple[str, ...]:
    """The fields that a test looks at, each once; those of its conditions are none."""
    return tuple(dict.fromkeys(_field(steps) for steps in _places(test, ()) if steps))


def _places(test: Test, inside: Steps) -> Iterator[Steps]:
    from_root = (*inside, *test.steps)
    if test.inner:
        base = from_root if test.predicate.logic is not None else ()
        for inner in test.inner:
            yield from _places(inner, base)
        return
    yield from_root
    yield from (path for _, path in test.arguments.paths(from_root))


def _field(steps: Steps) -> str:
    return ".".join(steps).replace(".*", "[]")
