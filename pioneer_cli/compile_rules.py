"""From the rules and gates of a pack to tests that are ready to run, or diagnostics at what cannot be compiled."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from pioneer_cli.bid import leads_somewhere
from pioneer_cli.diagnostics import Diagnostic
from pioneer_cli.pack import Gate, Rule
from pioneer_cli.predicates import PREDICATES, Arguments, ForEach, NestedTest, Predicate, Steps, Test
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.validate import place, validate


def compile_tests(
    source: Source, root: YamlPath, entries: Sequence[Rule | Gate], faults: list[Diagnostic]
) -> dict[str, Test]:
    """A test for each rule or gate by id; what cannot be compiled goes to the faults."""
    tests: dict[str, Test] = {}
    for index, entry in enumerate(entries):
        at = (*root, index)
        if entry.id in tests:
            message = f'the id "{entry.id}" stands twice'
            faults.append(place(source, (*at, "id"), "duplicate-id", message, "give each its own id"))
        test = _compile(source, at, entry, faults)
        if test is not None:
            tests[entry.id] = test
            faults.extend(_misfits_of_guesses(source, at, entry, test))
    return tests


def _misfits_of_guesses(source: Source, at: YamlPath, entry: Rule | Gate, test: Test) -> Iterator[Diagnostic]:
    """What reads words may misread them: a rule has to say so, and no bid may fail a gate for it."""
    if test.guesses and isinstance(entry, Gate):
        message = "a gate may not guess from words"
        yield place(source, (*at, "predicate"), "confidence", message, "let a structured field decide")
    if isinstance(entry, Rule) and test.guesses != (entry.confidence == "low"):
        message = "this rule guesses from words" if test.guesses else "this rule does not guess from words"
        hint = "add `confidence: low`" if test.guesses else "delete `confidence: low`"
        yield place(source, (*at, "confidence"), "confidence", message, hint)


def _compile(
    source: Source, at: YamlPath, entry: Rule | Gate | NestedTest, faults: list[Diagnostic], inside: Steps = ()
) -> Test | None:
    """A test; `inside` is where its paths begin, for those of a `for-each`."""
    predicate = PREDICATES.get(entry.predicate)
    if predicate is None:
        close = get_close_matches(entry.predicate, PREDICATES, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "predicates: " + ", ".join(PREDICATES)
        message = f'unknown predicate "{entry.predicate}"'
        faults.append(place(source, (*at, "predicate"), "unknown-predicate", message, hint))
        return None
    if entry.predicate == "page-limit" and not isinstance(entry, Gate):
        message = "`page-limit` stands in a gate of its own, since what it cannot count withholds the verdict"
        faults.append(place(source, (*at, "predicate"), "page-gate", message, "write it as a gate"))
        return None
    steps = tuple(entry.path.split(".")) if entry.path else ()
    from_root = (*inside, *steps)
    if not leads_somewhere(from_root):
        message = f'the path "{".".join(from_root)}" leads nowhere in a bid'
        faults.append(place(source, (*at, "path"), "unknown-path", message, "`pioneer schema bid` lists the fields"))
        return None
    if not steps and predicate.needs_path:
        message = f"`{predicate.name}` needs a path into the bid"
        faults.append(place(source, at, "missing-key", message, "add a line `path: …` here"))
    arguments = _arguments(source, (*at, "with"), predicate, faults)
    if arguments is None:
        return None
    for field, path in arguments.paths(from_root):
        if not leads_somewhere(path):
            message = f'`{field}` names "{".".join(path)}", which leads nowhere in a bid'
            faults.append(place(source, (*at, "with", field), "unknown-path", message))
    nested: tuple[NestedTest, ...] = getattr(arguments, "tests", ())
    if nested and getattr(arguments, "number", 0) > len(nested):
        message = f"more tests must hold than the {len(nested)} that there are"
        faults.append(place(source, (*at, "with", "number"), "out-of-range", message))
    base = from_root if predicate.logic is not None else ()
    inner, where = (
        [_compile(source, (*at, "with", name, index), test, faults, base) for index, test in enumerate(found)]
        for name, found in (("tests", nested), ("where", _conditions(arguments)))
    )
    return Test(steps, predicate, arguments, tuple(filter(None, inner)), tuple(filter(None, where)))


def _conditions(arguments: Arguments) -> tuple[NestedTest, ...]:
    return arguments.where if isinstance(arguments, ForEach) else ()


def _arguments(source: Source, at: YamlPath, predicate: Predicate, faults: list[Diagnostic]) -> Arguments | None:
    if at in source:
        validated = validate(source, predicate.arguments, at)
        faults.extend(validated.diagnostics)
        return validated.model
    mandatory = [name for name, field in predicate.arguments.model_fields.items() if field.is_required()]
    if mandatory:
        message = f"`{predicate.name}` needs arguments: {', '.join(mandatory)}"
        faults.append(place(source, at, "missing-key", message, "write them under `with:`"))
        return None
    return predicate.arguments()
