"""What a pack says of its criteria, considerations, rules and gates, and what a fault's code means, for people."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from textwrap import fill
from typing import Any

from pioneer_cli.bid import PHASES, Phase
from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import PioneerError
from pioneer_cli.fault_codes import CODES, meaning, severity_of
from pioneer_cli.pack import Consideration, Criterion, Gate, Pack, Rule
from pioneer_cli.predicates import PREDICATES
from pioneer_cli.quantities import plural

WIDTH = 80


def explain(pack: Pack, name: str) -> str:
    """The explanation of a name of the pack, or else of a fault's code. Raises PioneerError, with the nearest name."""
    explanations = {code: partial(_fault, code) for code in CODES} | dict(_explanations(pack))
    wanted = next((known for known in explanations if known.lower() == name.lower()), None)
    if wanted is None:
        close = get_close_matches(name.lower(), [known.lower() for known in explanations], n=1, cutoff=0.6)
        nearest = next((known for known in explanations if close and known.lower() == close[0]), None)
        hint = f"did you mean {nearest}?" if nearest else f"criteria: {', '.join(c.id for c in pack.criteria)}"
        raise PioneerError(f"nothing in {pack.about.name} is called {name}", hint)
    return "\n".join(explanations[wanted]()) + "\n"


def explained_names(pack: Pack) -> list[str]:
    """Everything in the pack that can be explained: gates, criteria, considerations, rules and verdicts."""
    return [name for name, _ in _explanations(pack)]


def rules_as_text(pack: Pack, code: str | None) -> str:
    """The rules of a pack, of a criterion or of a consideration, grouped; a judged or guessing one is marked."""
    lines: list[str] = []
    shown = ""
    for criterion, consideration in _chosen(pack, code):
        if criterion.id != shown:
            lines.append(_text(f"{criterion.id} {criterion.title}", "   "))
            shown = criterion.id
        lines.append(fill(f"  {consideration.id} {consideration.asks}", WIDTH, subsequent_indent="      "))
        for rule in consideration.rules:
            mark = ", for people to judge" if rule.is_judged else ", low confidence" if rule.confidence == "low" else ""
            lines.append(
                _text(f"    {rule.id} ({_points(rule.points)}, {rule.authority}{mark}): {rule.claim}", " " * 6)
            )
    return "\n".join(lines) + "\n"


def rules_as_json(pack: Pack, code: str | None) -> str:
    """The same rules as JSON, in ASCII: each with all that the pack says of it; what is judged has no severity."""
    rules = [
        {
            "id": rule.id,
            "criterion": criterion.id,
            "consideration": consideration.id,
            **rule.model_dump(mode="json", by_alias=True, exclude={"id", "severity"}),
            "severity": None if rule.is_judged else _severities(pack, consideration, rule),
        }
        for criterion, consideration in _chosen(pack, code)
        for rule in consideration.rules
    ]
    return json.dumps({"version": 1, "pack": pack.about.name, "rules": rules}, indent=2) + "\n"


def _severities(pack: Pack, consideration: Consideration, rule: Rule) -> dict[str, str]:
    return {phase: str(pack.severity(consideration, rule, phase)) for phase in PHASES}


def _chosen(pack: Pack, code: str | None) -> list[tuple[Criterion, Consideration]]:
    """The considerations of a criterion, or one of them, or all. Raises PioneerError when the pack has none such."""
    pairs = [(criterion, consideration) for criterion in pack.criteria for consideration in criterion.considerations]
    if code is None:
        return pairs
    wanted = code.casefold()
    found = [pair for pair in pairs if wanted in (pair[0].id.casefold(), pair[1].id.casefold())]
    if not found:
        known = ", ".join(dict.fromkeys(criterion.id for criterion, _ in pairs))
        under = [pair for pair in pairs if wanted and pair[0].id.casefold() == wanted[:-1]]
        near = ", ".join(consideration.id for _, consideration in under)
        hint = f"considerations of {under[0][0].id}: {near}" if under else f"criteria: {known}"
        raise PioneerError(f"{pack.about.name} has no criterion or consideration called {code}", hint)
    return found


def packs_as_text(packs: Sequence[Pack]) -> str:
    """The packs: name and how many rules, and the title below."""
    lines = []
    for pack in packs:
        lines += [f"{pack.about.name} ({sum(1 for _ in pack.rules())} rules)", _text(f"  {pack.about.title}", "  ")]
    return "\n".join(lines) + "\n"


def pack_as_text(pack: Pack) -> str:
    """What a pack is for, its gates, its criteria with their weights, and how many rules each has."""
    about = pack.about
    lines = [_text(f"{about.name}: {about.title}", "  "), "", _text(_ended(about.source)), ""]
    lines.append(_labelled("Published", f"{about.published} by {about.publisher} (reference: {about.reference})"))
    lines.append(_labelled("Pages", f"at most {about.page_limit}" if about.page_limit else "no limit is set"))
    lines += [_labelled("Weights", about.weights), "", "Gates:"]
    lines += [_text(f"- {gate.id} ({gate.authority}): {gate.claim}", "  ") for gate in about.gates]
    lines += ["", "Criteria:"]
    total = sum(criterion.weight for criterion in pack.criteria)
    for criterion in pack.criteria:
        lines.append(_text(f"- {criterion.id} {criterion.title}", "  "))
        lines.append(_text(f"  weight {criterion.weight} of {total}; {_counts(criterion)}", "  "))
    return "\n".join(lines) + "\n"


def _counts(criterion: Criterion) -> str:
    rules = [rule for _, rule in criterion.rules()]
    judged = sum(rule.is_judged for rule in rules)
    counts = [plural(len(criterion.considerations), "consideration"), plural(len(rules), "rule")]
    return ", ".join(counts + [f"{judged} for people to judge"] * bool(judged))


def _explanations(pack: Pack) -> Iterator[tuple[str, Callable[[], list[str]]]]:
    """Each name with what makes its explanation, since seldom more than one is wanted."""
    for gate in pack.about.gates:
        yield gate.id, partial(_gate, gate)
    for criterion in pack.criteria:
        yield criterion.id, partial(_criterion, pack, criterion)
        for consideration in criterion.considerations:
            yield consideration.id, partial(_consideration, criterion, consideration)
            for rule in consideration.rules:
                yield rule.id, partial(_rule, pack, consideration, rule)
    for verdict in _VERDICTS:
        yield verdict, partial(_verdict, pack, verdict)


def _criterion(pack: Pack, criterion: Criterion) -> list[str]:
    total = sum(found.weight for found in pack.criteria)
    lines = [f"{criterion.id} {criterion.title}", "", _text(criterion.asks), ""]
    lines += [
        _text(f"Weight: {criterion.weight} of {total} (house). Written under `{criterion.section}` in the bid."),
        "",
    ]
    for consideration in criterion.considerations:
        lines.append(_text(f"{consideration.id}  {consideration.asks}", " " * (len(consideration.id) + 2)))
    for group in criterion.alternatives:
        lines += ["", f"Of {' and '.join(group.any_of)} the better answered counts."]
    return lines


def _consideration(criterion: Criterion, consideration: Consideration) -> list[str]:
    verb = consideration.verb.replace("-", " ")
    lines = [f"{consideration.id}, a consideration under {criterion.id} {criterion.title}", ""]
    lines += [_text(consideration.asks), ""]
    lines += [_text(f'The call says "{verb}". A panel would ask: {consideration.question}'), "", "Rules:"]
    for rule in consideration.rules:
        lines.append(_text(f"- {rule.id} ({_points(rule.points)}, {rule.authority}): {rule.claim}", "  "))
    return lines


def _rule(pack: Pack, consideration: Consideration, rule: Rule) -> list[str]:
    severities: Mapping[Phase, Severity] = {phase: pack.severity(consideration, rule, phase) for phase in PHASES}
    offers = {offer.id: offer for offer in pack.about.offers}
    total = sum(found.points for found in consideration.rules)
    lines = [f"{rule.id}, a rule under {consideration.id}", "", _text(rule.claim), ""]
    lines += [
        _labelled("Why it matters", rule.why),
        _labelled("Rests on", f"{_AUTHORITIES[rule.authority]}, under {consideration.id}"),
        *(
            [_labelled("Confidence", "low, since it reads words and may misread them")]
            if rule.confidence == "low"
            else []
        ),
        *_what_passes(rule),
        _labelled("How to mend it", f"{rule.remedy} ({rule.effort} effort)"),
        _labelled("Worth", f"{_points(rule.points)} of the {total} of {consideration.id}"),
    ]
    if not rule.is_judged:  # what only people can answer is never a gap
        lines.append(_labelled("A gap is", _by_phase(severities)))
    if rule.support:
        lines.append(_labelled("National support", offers[rule.support].support))
    return lines


def _gate(gate: Gate) -> list[str]:
    severities: Mapping[Phase, Severity] = {phase: gate.severity.at(phase) for phase in PHASES}
    return [
        f"{gate.id}, a gate: pass or fail, unscored",
        "",
        _text(gate.claim),
        "",
        _labelled("Why it matters", gate.why),
        _labelled("Rests on", f"{_AUTHORITIES[gate.authority]} ({gate.clause})"),
        *_what_passes(gate),
        _labelled("How to mend it", f"{gate.remedy} ({gate.effort} effort)"),
        _labelled("Not passing is", _by_phase(severities)),
    ]


_VERDICTS = {  # as `score` gives them
    "meets-in-full": "The bid can go ahead as it is",
    "sift-in": "The bid goes on, subject to further information and clarification",
    "later-cohort": "The bid is not ready for this round",
}


def _verdict(pack: Pack, verdict: str) -> list[str]:
    full, least = pack.about.verdicts.meets_in_full, pack.about.verdicts.sift_in
    others = [found for found in pack.criteria if pack.floor(found) != least]
    floors = [f"; for {found.id} level {pack.floor(found)} will do" for found in others]
    takes = {
        "meets-in-full": f"Every gate is passed, every criterion is at level {full} or above for certain, and no "
        "question waits for a reviewer; so a machine alone never says it.",
        "sift-in": f"No gate stands at an error, and every criterion is at level {least} or above for certain"
        + "".join(floors)
        + ".",
        "later-cohort": "Anything else: a gate stands at an error, or a criterion may be below the level for sift-in.",
    }
    better = _labelled("How to get a better one", 'See "Why not better" in what `pioneer check` prints.')
    lines = [
        f"{verdict}, a verdict",
        "",
        _text(f"{_VERDICTS[verdict]}."),
        "",
        _labelled("What it takes", takes[verdict]),
    ]
    return lines if verdict == "meets-in-full" else [*lines, better]


def _fault(code: str) -> list[str]:
    severity = _labelled("It is", f"{_SEVERITIES[severity_of(code)]} in every phase")
    return [f"{code}, a fault of the file", "", _text(meaning(code)), "", severity]


_AUTHORITIES: Mapping[str, str] = {
    "call": "the call",
    "house": "the tool's own judgement (house)",
    "accessibility": "what makes a document readable by everyone",
}


def _points(number: int) -> str:
    return plural(number, "point")


_SEVERITIES: Mapping[Severity, str] = {
    Severity.NOTE: "a note", Severity.WARNING: "a warning", Severity.ERROR: "an error",
}  # fmt: skip


def _by_phase(severities: Mapping[Phase, Severity]) -> str:
    return ", ".join(f"{_SEVERITIES[severity]} ({phase})" for phase, severity in severities.items())


# --- What passes -----------------------------------------------------------------------------------------------------


def what_passes(entry: Rule | Gate) -> str:
    """The same in one paragraph."""
    return " ".join(
        [_meaning(entry.path, entry.predicate, entry.arguments), *(line for _, line in _inner(entry.arguments))]
    )


def _what_passes(entry: Rule | Gate) -> list[str]:
    """What the predicate means and what it is given; the tests inside it follow, a line each."""
    lines = [_labelled("What passes", _meaning(entry.path, entry.predicate, entry.arguments))]
    for depth, line in _inner(entry.arguments):
        lines.append(_text(f"{'  ' * depth}- {line}", "  " * (depth + 1)))
    return lines


def _inner(arguments: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[int, str]]:
    """The tests inside, each with how deep it lies."""
    for name, before in (("where", "Where: "), ("tests", "")):
        nested = arguments.get(name)
        for test in nested if isinstance(nested, list) else ():
            inner = test.get("with", {})
            yield depth, before + _meaning(test.get("path", ""), test["predicate"], inner)
            yield from _inner(inner, depth + 1)


def _meaning(path: str, predicate: str, arguments: Mapping[str, Any]) -> str:
    where = [f"Looked for at `{path.replace('.*', '[]')}`."] if path else []
    given = [
        f"{_label(name)}: {_listed(value)}"
        for name, value in arguments.items()
        if name not in ("tests", "where") or isinstance(value, str)
    ]
    return " ".join([PREDICATES[predicate].explanation, *where, *map(_ended, given)])


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _ended(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _listed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "; ".join(f"{name} ({_listed(values)})" for name, values in value.items())
    return ", ".join(_listed(item) for item in value) if isinstance(value, list) else str(value)


def _labelled(label: str, text: str) -> str:
    return _text(f"{label}: {text}", "  ")


def _text(text: str, rest: str = "") -> str:
    """A paragraph, with the indentation of every line but the first."""
    return fill(text, WIDTH, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
