"""Loading a criteria pack: its files read and validated, its tests compiled, its ids and references held together.

Faults are diagnostics placed in the pack's own files. A pack cannot reach a file outside its folder.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pioneer_cli.bid import leads_somewhere
from pioneer_cli.diagnostics import Diagnostic, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.pack import Criterion, Examples, Gate, Pack, PackFile, Rule
from pioneer_cli.predicates import PREDICATES, Arguments, NestedTest, Predicate, Test
from pioneer_cli.shipped import shipped_folder, shipped_names
from pioneer_cli.source import Source, YamlPath, read
from pioneer_cli.validate import Validated, place, validate

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack, or None and the reasons."""

    pack: Pack | None
    diagnostics: tuple[Diagnostic, ...]


def load_pack(name: str) -> LoadedPack:
    """Loads a pack that ships with pioneer by its name, or any other by its folder.

    Raises PioneerError when there is no such pack; what is wrong inside one is in the diagnostics.
    """
    folder = pack_folder(name)
    if (folder / "pack.yaml").resolve().parent != folder.resolve():
        raise PioneerError(f"{folder.as_posix()}/pack.yaml is a link that leads out of the pack", "put the file there")
    source = read((folder / "pack.yaml").as_posix())
    about = _read_part(source, PackFile)
    if about.model is None:
        return LoadedPack(None, about.diagnostics)
    faults = [*about.diagnostics, *_misfits_of_pack(source, about.model)]
    tests = _compile_all(source, ("gates",), about.model.gates, faults)
    criteria: list[Criterion] = []
    for index, file_name in enumerate(dict.fromkeys(about.model.criteria)):
        path = folder / file_name
        if not path.is_file() or path.resolve().parent != folder.resolve():  # a link may not lead out of the pack
            message = f'there is no file "{file_name}" in the folder of this pack'
            faults.append(place(source, ("criteria", index), "no-file", message))
            continue
        criterion = _load_criterion(read(path.as_posix()), about.model, criteria, tests, faults)
        if criterion is not None:
            criteria.append(criterion)
    if has_errors(tuple(faults)):
        return LoadedPack(None, tuple(sorted(faults)))
    return LoadedPack(Pack(about.model, tuple(criteria), tests), tuple(sorted(faults)))


def load_examples(name: str, pack: Pack) -> Mapping[str, Examples]:
    """The examples of a pack's rules by rule id, from its `examples.yaml`; a check never reads them.

    Raises PioneerError when the file is at fault or names a rule that the pack has not.
    """
    source = read((pack_folder(name) / "examples.yaml").as_posix())
    rules = {rule.id for _, _, rule in pack.rules()}
    faults = list(source.diagnostics)
    examples = {}
    for rule in source.content if isinstance(source.content, dict) else ():
        validated = validate(source, Examples, (rule,))
        faults.extend(validated.diagnostics)
        if rule not in rules:
            faults.append(place(source, (rule,), "unknown-id", f'the pack has no rule "{rule}"', at_key=True))
        if validated.model is not None:
            examples[rule] = validated.model
    if faults:
        first = min(faults)
        raise PioneerError(f"{first.file}:{first.span.start} {first.message}", first.hint)
    return examples


def pack_folder(name: str) -> Path:
    """The folder of a pack; a name that ships is never another folder's, which is named as `./NAME`.

    Raises PioneerError with the names that there are.
    """
    shipped = shipped_names("criteria")
    if name in shipped:
        return shipped_folder("criteria") / name
    own = Path(name)
    with suppress(OSError):  # a name too long for a file, say
        if name and own.is_dir() and (own / "pack.yaml").is_file():
            return own
    close = get_close_matches(name, shipped, n=1)
    known = f"did you mean {close[0]}?" if close else "packs: " + ", ".join(shipped)
    raise PioneerError(f"there is no criteria pack called {name}", f"{known}; or name a folder that holds a pack.yaml")


def _read_part(source: Source, model: type[Part]) -> Validated[Part]:
    if has_errors(source.diagnostics):
        return Validated(None, tuple(_in_terms_of_packs(fault) for fault in source.diagnostics))
    validated = validate(source, model)
    return Validated(validated.model, tuple(sorted(source.diagnostics + validated.diagnostics)))


def _in_terms_of_packs(fault: Diagnostic) -> Diagnostic:
    """What `source` says of bids, said of packs."""
    if fault.code == "empty-file":
        return replace(fault, hint="copy from a pack that ships with pioneer")
    return replace(fault, message=fault.message.replace("in a bid", "in a pack"))


def _load_criterion(
    source: Source, about: PackFile, others: Sequence[Criterion], tests: dict[str, Test], faults: list[Diagnostic]
) -> Criterion | None:
    read_part = _read_part(source, Criterion)
    faults.extend(read_part.diagnostics)
    criterion = read_part.model
    if criterion is None:
        return None
    faults.extend(_misfits(source, criterion, about))
    faults.extend(_repeated_codes(source, criterion, others))
    for index, consideration in enumerate(criterion.considerations):
        root: YamlPath = ("considerations", index, "rules")
        for number, rule in enumerate(consideration.rules):
            if rule.id in tests:
                message = f'the id "{rule.id}" is taken by another rule or gate'
                faults.append(place(source, (*root, number, "id"), "duplicate-id", message, "give each its own id"))
        tests.update(_compile_all(source, root, consideration.rules, faults))
    return criterion


def _misfits_of_pack(source: Source, about: PackFile) -> Iterator[Diagnostic]:
    """What the models cannot say of `pack.yaml`: levels that leave gaps, gates that may not fail a bid."""
    starts = [level.from_percent for level in about.levels]
    if starts[0] != 0 or starts != sorted(set(starts)):
        hint = "begin with from-percent 0 and let each level begin higher than the one before"
        yield place(source, ("levels",), "levels", "the levels do not follow each other from 0 per cent up", hint)
    if [level.level for level in about.levels] != sorted({level.level for level in about.levels}):
        yield place(source, ("levels",), "levels", "the levels are not numbered upwards")
    repeated = sorted({name for name in about.criteria if about.criteria.count(name) > 1})
    if repeated:
        yield place(source, ("criteria",), "duplicate-id", f'the file "{repeated[0]}" stands twice in the list')
    yield from _misfits_of_page_gates(source, about)
    for index, gate in enumerate(about.gates):
        if gate.authority != "call" and "error" in gate.severity.model_dump().values():
            message = "only a gate that rests on the call may be an error"
            yield place(source, ("gates", index, "severity"), "severity", message)


def _misfits_of_page_gates(source: Source, about: PackFile) -> Iterator[Diagnostic]:
    """A pack has one page gate, for its own limit: without one, or with another figure, no limit would hold."""
    gates = [index for index, gate in enumerate(about.gates) if gate.predicate == "page-limit"]
    if len(gates) != 1:
        hint = "add one with the predicate page-limit" if not gates else "keep one"
        yield place(source, ("gates",), "page-gate", f"{len(gates)} gates hold to the page limit, where 1 must", hint)
    for index in gates:
        stated = about.gates[index].arguments.get("pages")
        if isinstance(stated, int) and stated != about.page_limit:
            message = f"this gate's limit of {stated} pages is not the pack's, which is {about.page_limit}"
            yield place(source, ("gates", index, "with", "pages"), "page-gate", message, "write the same figure twice")


def _repeated_codes(source: Source, criterion: Criterion, others: Sequence[Criterion]) -> Iterator[Diagnostic]:
    """Ids of criteria and considerations that stand twice, in this file or across files."""
    taken = {code for other in others for code in (other.id, *(found.id for found in other.considerations))}
    places: list[tuple[YamlPath, str]] = [(("id",), criterion.id)]
    places += [(("considerations", index, "id"), found.id) for index, found in enumerate(criterion.considerations)]
    for path, code in places:
        if code in taken:
            yield place(source, path, "duplicate-id", f'the id "{code}" is taken already', "give each its own id")
        taken.add(code)


def _misfits(source: Source, criterion: Criterion, about: PackFile) -> Iterator[Diagnostic]:
    """What the models cannot say of a criterion: names that lead nowhere, errors that the call did not ask for."""
    offers = {offer.id for offer in about.offers}
    codes = {consideration.id for consideration in criterion.considerations}
    if not leads_somewhere((criterion.section,)):
        message = f'a bid has no section "{criterion.section}"'
        yield place(source, ("section",), "unknown-path", message, "`pioneer schema bid` lists the fields")
    grouped = [code for group in criterion.alternatives for code in group.any_of]
    for code in sorted({code for code in grouped if grouped.count(code) > 1}):
        yield place(source, ("alternatives",), "duplicate-id", f"{code} stands twice among the alternatives")
    for index, group in enumerate(criterion.alternatives):
        for code in set(group.any_of) - codes:
            path: YamlPath = ("alternatives", index, "any-of")
            yield place(source, path, "unknown-id", f"{code} is no consideration of {criterion.id}")
    for number, consideration in enumerate(criterion.considerations):
        root: YamlPath = ("considerations", number)
        if consideration.verb not in about.verbs:
            hint = "verbs of this pack: " + ", ".join(about.verbs)
            yield place(source, (*root, "verb"), "unknown-id", f'unknown verb "{consideration.verb}"', hint)
        for rule_number, rule in enumerate(consideration.rules):
            at: YamlPath = (*root, "rules", rule_number)
            if rule.severity and rule.authority != "call" and "error" in rule.severity.model_dump().values():
                yield place(source, (*at, "severity"), "severity", "only a rule that rests on the call may be an error")
            if rule.support is not None and rule.support not in offers:
                hint = "offers of this pack: " + ", ".join(sorted(offers))
                yield place(source, (*at, "support"), "unknown-id", f'unknown offer "{rule.support}"', hint)


# --- Compiling tests -------------------------------------------------------------------------------------------------


def _compile_all(
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
    return tests


def _compile(source: Source, at: YamlPath, entry: Rule | Gate | NestedTest, faults: list[Diagnostic]) -> Test | None:
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
    if not leads_somewhere(steps):
        message = f'the path "{entry.path}" leads nowhere in a bid'
        faults.append(place(source, (*at, "path"), "unknown-path", message, "`pioneer schema bid` lists the fields"))
        return None
    if not steps and predicate.needs_path:
        message = f"`{predicate.name}` needs a path into the bid"
        faults.append(place(source, at, "missing-key", message, "add a line `path: …` here"))
    arguments = _arguments(source, (*at, "with"), predicate, faults)
    if arguments is None:
        return None
    for field, path in arguments.paths(steps):
        if not leads_somewhere(path):
            message = f'`{field}` names "{".".join(path)}", which leads nowhere in a bid'
            faults.append(place(source, (*at, "with", field), "unknown-path", message))
    nested: tuple[NestedTest, ...] = getattr(arguments, "tests", ())
    if nested and getattr(arguments, "number", 0) > len(nested):
        message = f"more tests must hold than the {len(nested)} that there are"
        faults.append(place(source, (*at, "with", "number"), "out-of-range", message))
    inner = [_compile(source, (*at, "with", "tests", index), test, faults) for index, test in enumerate(nested)]
    return Test(steps, predicate, arguments, tuple(test for test in inner if test is not None))


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
