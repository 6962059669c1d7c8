"""Loading a criteria pack: its files read and validated, its tests compiled, its ids and references held together.

Faults are diagnostics placed in the pack's own files. A pack cannot reach a file outside its folder.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pioneer_cli.bid import PHASES, Bid, leads_somewhere, plain
from pioneer_cli.compile_rules import compile_tests
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.pack import Authority, Change, Criterion, Examples, Extension, Gate, Pack, PackFile, Rule
from pioneer_cli.predicates import Facts, Test, filled, run
from pioneer_cli.quantities import figure
from pioneer_cli.shipped import shipped_folder, shipped_names
from pioneer_cli.source import Source, YamlPath, read
from pioneer_cli.validate import Validated, place, validate

Part = TypeVar("Part", bound=BaseModel)
EXAMPLES = "examples.yaml"
READING = "reading.yaml"  # see `reading`


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
    if isinstance(source.content, dict) and "extends" in source.content:
        return _load_extension(source, folder)
    about = _read_part(source, PackFile)
    if about.model is None:
        return LoadedPack(None, about.diagnostics)
    faults = [*about.diagnostics, *_misfits_of_pack(source, about.model)]
    faults.extend(_borrowed_name(source, folder, about.model.name))
    tests = compile_tests(source, ("gates",), about.model.gates, faults)
    if not has_errors(tuple(faults)):
        faults.extend(_gates_that_silence_passes(source, about.model.gates, tests))
    criteria = _load_criteria(source, folder, about.model, about.model.criteria, [], tests, faults)
    if has_errors(tuple(faults)):
        return LoadedPack(None, tuple(sorted(faults)))
    return LoadedPack(Pack(about.model, tuple(criteria), tests), tuple(sorted(faults)))


def pack_digest(name: str) -> str:
    """The sha256 of a pack's files in the order of their names, and of the pack that it extends; see `load_pack`.

    Examples and what readers bring along are left out: nothing is judged by them.
    """
    folder = pack_folder(name)
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in (EXAMPLES, READING):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    base = base_of(folder)
    if base is not None:
        digest.update(pack_digest(base).encode())
    return digest.hexdigest()


def _borrowed_name(source: Source, folder: Path, name: str) -> Iterator[Diagnostic]:
    """A pack of one's own may not pass for one that ships: reports tell packs apart by name."""
    if name in shipped_names("criteria") and folder.resolve() != pack_folder(name).resolve():
        message = f'"{name}" is the name of a pack that ships with pioneer'
        yield place(source, ("name",), "duplicate-id", message, "give this one its own name")


def _gates_that_silence_passes(
    source: Source, gates: Sequence[Gate], tests: Mapping[str, Test]
) -> Iterator[Diagnostic]:
    """A gate must not be passed, nor said not to apply, because there was nothing to look at."""
    silent = Facts(plain(Bid.model_validate({"call": "a-call", "title": "A bid", "area": {"name": "Somewhere"}})))
    for index, gate in enumerate(gates):
        check = run(tests[gate.id], silent) if gate.id in tests else None
        if check is not None and (check.low > 0 or not check.applicable):
            message = f"a bid that says nothing would not be held up by {gate.id}"
            hint = "let it look at something that must be there; a condition belongs in a rule"
            yield place(source, ("gates", index, "predicate"), "silent-gate", message, hint)


def _load_criteria(
    source: Source,
    folder: Path,
    about: PackFile,
    names: Sequence[str],
    before: Sequence[Criterion],
    tests: dict[str, Test],
    faults: list[Diagnostic],
) -> list[Criterion]:
    """The criteria in the named files, after those of `before`; tests and faults are added to."""
    criteria = list(before)
    for index, file_name in enumerate(dict.fromkeys(names)):
        path = folder / file_name
        if not path.is_file() or path.resolve().parent != folder.resolve():  # a link may not lead out of the pack
            message = f'there is no file "{file_name}" in the folder of this pack'
            faults.append(place(source, ("criteria", index), "no-file", message))
            continue
        criterion = _load_criterion(read(path.as_posix()), about, criteria, tests, faults)
        if criterion is not None:
            criteria.append(criterion)
    return criteria


@dataclass(frozen=True, slots=True)
class LoadedExamples:
    """The examples of a pack's rules by rule id, or what is wrong with the file that holds them."""

    examples: Mapping[str, Examples]
    diagnostics: tuple[Diagnostic, ...]


def load_examples(name: str, pack: Pack) -> Mapping[str, Examples]:
    """The examples of a sound pack. Raises PioneerError with the first fault; see `read_examples`."""
    loaded = read_examples(name, pack)
    if loaded.diagnostics:
        first = loaded.diagnostics[0]
        raise PioneerError(f"{first.file}:{first.span.start} {first.message}", first.hint)
    return loaded.examples


def read_examples(name: str, pack: Pack) -> LoadedExamples:
    """The examples in the pack's `examples.yaml`, after those of the pack that it extends; a check never reads them.

    Raises PioneerError when there is no such file.
    """
    folder = pack_folder(name)
    examples = _inherited_examples(folder)
    path = folder / EXAMPLES
    if not path.is_file() and examples and not _rules_without(pack, examples):
        return LoadedExamples(examples, ())
    if not path.is_file() or path.resolve().parent != folder.resolve():
        hint = "write there what meets each rule and what does not; `pioneer pack test` runs it"
        raise PioneerError(f"the pack has no file {path.as_posix()}", hint)
    source = read(path.as_posix())
    if has_errors(source.diagnostics):
        return LoadedExamples({}, tuple(map(in_terms_of_packs, source.diagnostics)))
    if not isinstance(source.content, dict):
        wrong = place(source, (), "not-a-mapping", "this must hold the names of rules, each with `met` and `unmet`")
        return LoadedExamples({}, (wrong,))
    rules = [rule.id for _, _, rule in pack.rules()]
    faults: list[Diagnostic] = []
    for rule in source.content:
        if rule in examples:
            message = f'"{rule}" has its examples in the pack that this one extends'
            faults.append(place(source, (rule,), "duplicate-id", message, "delete these", at_key=True))
            continue
        if rule not in rules:
            close = get_close_matches(rule, rules, n=1)
            hint = f"did you mean `{close[0]}`?" if close else ""
            faults.append(place(source, (rule,), "unknown-id", f'the pack has no rule "{rule}"', hint, at_key=True))
        validated = validate(source, Examples, (rule,))
        faults.extend(validated.diagnostics)
        if validated.model is not None:
            examples[rule] = validated.model
    return LoadedExamples(examples, tuple(sorted(faults)))


def _inherited_examples(folder: Path) -> dict[str, Examples]:
    """The examples of the pack that the one in the folder extends, if it extends one."""
    name = base_of(folder)
    base = load_pack(name).pack if name else None
    return dict(read_examples(name, base).examples) if name and base else {}


def base_of(folder: Path) -> str | None:
    """The pack that the one in a folder extends, if it extends one. The file is only parsed where it says so."""
    path = folder / "pack.yaml"
    if b"extends" not in path.read_bytes():
        return None
    about = validate(read(path.as_posix()), Extension).model
    return about.extends if about else None


def _rules_without(pack: Pack, examples: Mapping[str, Examples]) -> bool:
    return any(rule.id not in examples and not rule.is_judged for _, _, rule in pack.rules())


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
    hint = f"packs: {', '.join(shipped)}; or name a folder that holds a pack.yaml"
    if close:
        hint = f"did you mean {close[0]}, or a folder that holds a pack.yaml?"
    raise PioneerError(f"there is no criteria pack called {name}", hint)


def _read_part(source: Source, model: type[Part]) -> Validated[Part]:
    if has_errors(source.diagnostics):
        return Validated(None, tuple(in_terms_of_packs(fault) for fault in source.diagnostics))
    validated = validate(source, model)
    return Validated(validated.model, tuple(sorted(source.diagnostics + validated.diagnostics)))


def in_terms_of_packs(fault: Diagnostic) -> Diagnostic:
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
    if criterion.floor is not None and criterion.floor not in {level.level for level in about.levels}:
        message = f"the pack has no level {criterion.floor}"
        faults.append(place(source, ("floor",), "levels", message, "name a level that it has"))
    faults.extend(_repeated_codes(source, criterion, others))
    for index, consideration in enumerate(criterion.considerations):
        root: YamlPath = ("considerations", index, "rules")
        for number, rule in enumerate(consideration.rules):
            if rule.id in tests:
                message = f'the id "{rule.id}" is taken by another rule or gate'
                faults.append(place(source, (*root, number, "id"), "duplicate-id", message, "give each its own id"))
        tests.update(compile_tests(source, root, consideration.rules, faults))
    return criterion


def _misfits_of_pack(source: Source, about: PackFile) -> Iterator[Diagnostic]:
    """What the models cannot say of `pack.yaml`: levels that leave gaps, gates that may not fail a bid."""
    starts = [level.from_percent for level in about.levels]
    if starts[0] != 0 or starts != sorted(set(starts)):
        hint = "begin with from-percent 0 and let each level begin higher than the one before"
        yield place(source, ("levels",), "levels", "the levels do not follow each other from 0 per cent up", hint)
    levels = [level.level for level in about.levels]
    if levels != sorted(set(levels)):
        yield place(source, ("levels",), "levels", "the levels are not numbered upwards")
    full, sift = about.verdicts.meets_in_full, about.verdicts.sift_in
    if not {full, sift} <= set(levels) or sift > full or full == 0:
        message = "the verdicts do not fit the levels"
        hint = "name levels that the pack has: sift-in no higher than meets-in-full, and that one above 0"
        yield place(source, ("verdicts",), "levels", message, hint)
    yield from _repeated_files(source, about.criteria)
    yield from _misfits_of_page_gates(source, about)
    for index, gate in enumerate(about.gates):
        yield from _misfits_of_gate(source, index, gate)


def _repeated_files(source: Source, names: Sequence[str]) -> Iterator[Diagnostic]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        yield place(source, ("criteria",), "duplicate-id", f'the file "{repeated[0]}" stands twice in the list')


def _misfits_of_gate(source: Source, index: int, gate: Gate) -> Iterator[Diagnostic]:
    if gate.authority != "call" and "error" in gate.severity.model_dump().values():
        message = "only a gate that rests on the call may be an error"
        yield place(source, ("gates", index, "severity"), "severity", message)


def _misfits_of_page_gates(source: Source, about: PackFile) -> Iterator[Diagnostic]:
    """A pack with a page limit has one gate for it: without one, or with another figure, no limit would hold."""
    gates = [index for index, gate in enumerate(about.gates) if gate.predicate == "page-limit"]
    wanted = 0 if about.page_limit is None else 1
    if len(gates) != wanted:
        hint = "add one with the predicate page-limit" if not gates else "keep one" if wanted else "state `page-limit`"
        hold = "gate holds" if len(gates) == 1 else "gates hold"
        message = f"{len(gates)} {hold} to the page limit, where {wanted} must"
        yield place(source, ("gates",), "page-gate", message, hint)
    for index in gates:
        stated = about.gates[index].arguments.get("pages")
        if isinstance(stated, int) and about.page_limit is not None and stated != about.page_limit:
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
            if _may_wrongly_be_an_error(rule):
                message = "only a rule that rests on the call, and does not guess from words, may be an error"
                yield place(source, (*at, "severity"), "severity", message)
            if rule.support is not None and rule.support not in offers:
                hint = "offers of this pack: " + ", ".join(sorted(offers))
                yield place(source, (*at, "support"), "unknown-id", f'unknown offer "{rule.support}"', hint)


def _may_wrongly_be_an_error(rule: Rule) -> bool:
    is_error = rule.severity is not None and "error" in rule.severity.model_dump().values()
    return is_error and (rule.authority != "call" or rule.confidence == "low")


# --- Packs that extend another ---------------------------------------------------------------------------------------


def _load_extension(source: Source, folder: Path) -> LoadedPack:
    """A pack that takes over one that ships: with changes to its rules and gates, and criteria and gates of its own."""
    about = _read_part(source, Extension)
    if about.model is None:
        return LoadedPack(None, about.diagnostics)
    extension, shipped = about.model, shipped_names("criteria")
    if extension.extends not in shipped:
        close = get_close_matches(extension.extends, shipped, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "packs: " + ", ".join(shipped)
        message = f'no pack called "{extension.extends}" ships with pioneer'
        return LoadedPack(None, (place(source, ("extends",), "unknown-pack", message, hint),))
    base = load_pack(extension.extends).pack
    if base is None:  # pragma: no cover - a test holds that every pack that ships is sound
        raise PioneerError(f"the pack {extension.extends} cannot be loaded", "install pioneer-cli again")
    tests = dict(base.tests)
    faults = [*about.diagnostics, *_misfits_of_extension(source, extension, base)]
    faults.extend(_borrowed_name(source, folder, extension.name))
    tests.update(compile_tests(source, ("gates",), extension.gates, faults))
    if not has_errors(tuple(faults)):
        faults.extend(_gates_that_silence_passes(source, extension.gates, tests))
    changes = _changes(source, extension, base, faults)
    gates = (*(_changed_gate(gate, changes.get(gate.id)) for gate in base.about.gates), *extension.gates)
    update = {"name": extension.name, "title": extension.title, "gates": gates}
    whole = base.about.model_copy(update=update)
    inherited = [_changed_criterion(criterion, changes) for criterion in base.criteria]
    criteria = _load_criteria(source, folder, whole, extension.criteria, inherited, tests, faults)
    faults.extend(_criteria_that_weigh_less(source, base, criteria))
    if has_errors(tuple(faults)):
        return LoadedPack(None, tuple(sorted(faults)))
    return LoadedPack(Pack(whole, tuple(criteria), tests), tuple(sorted(faults)))


def _misfits_of_extension(source: Source, extension: Extension, base: Pack) -> Iterator[Diagnostic]:
    """What the models cannot say of an extending pack: its points, its gates and its files."""
    yield from _diluted(source, extension, base)
    yield from _repeated_files(source, extension.criteria)
    for index, gate in enumerate(extension.gates):
        if gate.id in base.tests:
            message = f'the id "{gate.id}" is taken by a rule or gate of {base.about.name}'
            yield place(source, ("gates", index, "id"), "duplicate-id", message, "give it its own id")
        if gate.predicate == "page-limit":
            message = (
                f"the page limit is that of {base.about.name}, and an extending pack has no gate of its own for it"
            )
            yield place(source, ("gates", index, "predicate"), "page-gate", message, "take this gate out")
        yield from _misfits_of_gate(source, index, gate)


def _diluted(source: Source, extension: Extension, base: Pack) -> Iterator[Diagnostic]:
    """Points that make a rule of the call count for less of its consideration lower it as a milder severity would."""
    changed = {change.id: (index, change) for index, change in enumerate(extension.changes) if change.points}
    for criterion in base.criteria:
        for consideration in criterion.considerations:
            touched = [changed[rule.id] for rule in consideration.rules if rule.id in changed]
            points = {rule.id: rule.points for rule in consideration.rules}
            after = {name: (changed[name][1].points if name in changed else None) or points[name] for name in points}
            total, total_after = sum(points.values()), sum(after.values())
            less = [
                rule.id
                for rule in consideration.rules
                if rule.authority == "call" and after[rule.id] * total < points[rule.id] * total_after
            ]
            for index, change in touched if less else ():
                message = f"this makes {less[0]}, which rests on the call, count for less of {consideration.id}"
                yield _with_reason(source, ("changes", index, "points"), change, message)


def _criteria_that_weigh_less(source: Source, base: Pack, criteria: Sequence[Criterion]) -> Iterator[Diagnostic]:
    total, ours = sum(found.weight for found in criteria), sum(found.weight for found in base.criteria)
    if total > ours:
        share = figure(Decimal(100 * ours / total).quantize(Decimal("0.1")))
        message = f"beside the criteria added here, those of {base.about.name} make up {share} of the 100 points"
        fault = place(source, ("criteria",), "lowered", message, "this is told in every report")
        yield replace(fault, severity=Severity.WARNING)


def _changes(source: Source, extension: Extension, base: Pack, faults: list[Diagnostic]) -> Mapping[str, Change]:
    """The changes by the id of what they change; those that may not be made go to the faults."""
    rules = {rule.id: (consideration, rule) for _, consideration, rule in base.rules()}
    gates = {gate.id: gate for gate in base.about.gates}
    changes: dict[str, Change] = {}
    for index, change in enumerate(extension.changes):
        at: YamlPath = ("changes", index)
        if change.id in changes:
            message = f'"{change.id}" is changed twice'
            faults.append(place(source, (*at, "id"), "duplicate-id", message, "put both changes into one entry"))
        changes[change.id] = change
        if change.id in gates:
            faults.extend(_misfits_of_gate_change(source, at, change, gates[change.id]))
        elif change.id in rules:
            consideration, rule = rules[change.id]
            before = [base.severity(consideration, rule, phase) for phase in PHASES]
            faults.extend(_misfits_of_rule_change(source, at, change, rule, before))
        else:
            close = get_close_matches(change.id, [*rules, *gates], n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"`pioneer rules --pack {base.about.name}` lists them"
            message = f'{base.about.name} has no rule or gate called "{change.id}"'
            faults.append(place(source, (*at, "id"), "unknown-id", message, hint))
            continue
        if change.severity is None and change.points is None:
            message = f"this changes nothing in {change.id}"
            faults.append(place(source, at, "missing-key", message, "add `severity` or `points`, or delete the entry"))
    return changes


def _misfits_of_gate_change(source: Source, at: YamlPath, change: Change, gate: Gate) -> Iterator[Diagnostic]:
    if change.points is not None:
        yield place(source, (*at, "points"), "unknown-key", "a gate has no points: it is passed or not")
    if change.severity is not None:
        if gate.authority != "call" and "error" in change.severity.model_dump().values():
            yield place(source, (*at, "severity"), "severity", "only a gate that rests on the call may be an error")
        before = [gate.severity.at(phase) for phase in PHASES]
        yield from _lowered(source, at, change, gate.authority, before)


def _misfits_of_rule_change(
    source: Source, at: YamlPath, change: Change, rule: Rule, before: Sequence[Severity]
) -> Iterator[Diagnostic]:
    if change.severity is None:
        return
    if rule.is_judged:
        message = f"{rule.id} is for people to judge, and what waits for them is no gap of any severity"
        yield place(source, (*at, "severity"), "severity", message, "change its `points`")
    elif _may_wrongly_be_an_error(rule.model_copy(update={"severity": change.severity})):
        message = "only a rule that rests on the call, and does not guess from words, may be an error"
        yield place(source, (*at, "severity"), "severity", message)
    yield from _lowered(source, at, change, rule.authority, before)


def _lowered(
    source: Source, at: YamlPath, change: Change, authority: Authority, before: Sequence[Severity]
) -> Iterator[Diagnostic]:
    """What the call says is never lowered in silence: without a reason it is an error, with one a warning each run."""
    after = [change.severity.at(phase) for phase in PHASES] if change.severity else before
    lower = [f"{phase} from {old} to {new}" for phase, old, new in zip(PHASES, before, after, strict=True) if new < old]
    if authority != "call" or not lower:
        return
    message = f"this lowers {change.id}, which rests on the call: in {'; '.join(lower)}"
    yield _with_reason(source, (*at, "severity"), change, message)


def _with_reason(source: Source, at: YamlPath, change: Change, message: str) -> Diagnostic:
    """A warning with the reason that is given, an error where none is."""
    if not filled(change.because):
        hint = "say why in `because`, which every report will then show; or do not lower it"
        return place(source, at, "lowered", message, hint)
    fault = place(source, at, "lowered", message, f"because: {change.because}")
    return replace(fault, severity=Severity.WARNING)


def _changed_gate(gate: Gate, change: Change | None) -> Gate:
    return gate.model_copy(update={"severity": change.severity}) if change and change.severity else gate


def _changed_criterion(criterion: Criterion, changes: Mapping[str, Change]) -> Criterion:
    considerations = tuple(
        consideration.model_copy(update={"rules": tuple(_changed_rule(rule, changes) for rule in consideration.rules)})
        for consideration in criterion.considerations
    )
    return criterion.model_copy(update={"considerations": considerations})


def _changed_rule(rule: Rule, changes: Mapping[str, Change]) -> Rule:
    change = changes.get(rule.id)
    if change is None:
        return rule
    update = {"severity": change.severity or rule.severity, "points": change.points or rule.points}
    return rule.model_copy(update=update)
