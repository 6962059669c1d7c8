"""What a pack says of its criteria, considerations, rules and gates, and what a fault's code means, for people."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from textwrap import fill
from typing import Any

from pioneer_cli.answers import WIDTH
from pioneer_cli.bid import PHASES, Phase
from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import PioneerError
from pioneer_cli.fault_codes import CODES, meaning, severity_of
from pioneer_cli.pack import Consideration, Criterion, Gate, Pack, Rule
from pioneer_cli.predicates import PREDICATES
from pioneer_cli.quantities import plural


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of an explanation: a label, a text, and how all its lines but the first are indented when it is set.

    The text of an item of a list begins with `- `, and with two blanks before it for each list that it is in.
    """

    text: str = ""
    label: str = ""
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text


_BLANK = Line()


def explain(pack: Pack, name: str, width: int = WIDTH) -> str:
    """The explanation of a name, set in so many columns. Raises PioneerError as `explanation` does."""
    return _set(explanation(pack, name), width)


def explanation(pack: Pack, name: str) -> list[Line]:
    """What explains a name of the pack, or else a fault's code. Raises PioneerError, with the nearest name."""
    explanations = {code: partial(_fault, code) for code in CODES} | dict(_explanations(pack))
    wanted = next((known for known in explanations if known.lower() == name.lower()), None)
    if wanted is None:
        close = get_close_matches(name.lower(), [known.lower() for known in explanations], n=1, cutoff=0.6)
        nearest = next((known for known in explanations if close and known.lower() == close[0]), None)
        hint = f"did you mean {nearest}?" if nearest else f"criteria: {', '.join(c.id for c in pack.criteria)}"
        raise PioneerError(f"nothing in {pack.about.name} is called {name}", hint)
    return explanations[wanted]()


def explained_names(pack: Pack) -> list[str]:
    """Everything in the pack that can be explained: gates, criteria, considerations, rules and verdicts."""
    return [name for name, _ in _explanations(pack)]


def rules_as_text(pack: Pack, code: str | None, width: int = WIDTH) -> str:
    """The rules of a pack, of a criterion or of a consideration, grouped; a judged or guessing one is marked."""
    lines: list[Line] = []
    shown = ""
    for criterion, consideration in _chosen(pack, code):
        if criterion.id != shown:
            lines.append(Line(f"{criterion.id} {criterion.title}", rest="   "))
            shown = criterion.id
        lines.append(Line(f"  {consideration.id} {consideration.asks}", rest="      "))
        for rule in consideration.rules:
            mark = ", for people to judge" if rule.is_judged else ", low confidence" if rule.confidence == "low" else ""
            told = f"    {rule.id} ({_points(rule.points)}, {rule.authority}{mark}): {rule.claim}"
            lines.append(Line(told, rest=" " * 6))
    return _set(lines, width)


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


def packs_as_text(packs: Sequence[Pack], width: int = WIDTH) -> str:
    """The packs: name and how many rules, and the title below."""
    lines = []
    for pack in packs:
        lines.append(Line(f"{pack.about.name} ({sum(1 for _ in pack.rules())} rules)"))
        lines.append(Line(f"  {pack.about.title}", rest="  "))
    return _set(lines, width)


def pack_as_text(pack: Pack, width: int = WIDTH) -> str:
    """What a pack is for, its gates, its criteria with their weights, and how many rules each has."""
    about = pack.about
    lines = [Line(f"{about.name}: {about.title}", rest="  "), _BLANK, Line(_ended(about.source)), _BLANK]
    lines.append(_labelled("Published", f"{about.published} by {about.publisher} (reference: {about.reference})"))
    lines.append(_labelled("Pages", f"at most {about.page_limit}" if about.page_limit else "no limit is set"))
    lines += [_labelled("Weights", about.weights), _BLANK, Line("Gates:")]
    lines += [Line(f"- {gate.id} ({gate.authority}): {gate.claim}", rest="  ") for gate in about.gates]
    lines += [_BLANK, Line("Criteria:")]
    total = sum(criterion.weight for criterion in pack.criteria)
    for criterion in pack.criteria:
        lines.append(Line(f"- {criterion.id} {criterion.title}", rest="  "))
        lines.append(Line(f"  weight {criterion.weight} of {total}; {_counts(criterion)}", rest="  "))
    return _set(lines, width)


def _counts(criterion: Criterion) -> str:
    rules = [rule for _, rule in criterion.rules()]
    judged = sum(rule.is_judged for rule in rules)
    counts = [plural(len(criterion.considerations), "consideration"), plural(len(rules), "rule")]
    return ", ".join(counts + [f"{judged} for people to judge"] * bool(judged))


def _explanations(pack: Pack) -> Iterator[tuple[str, Callable[[], list[Line]]]]:
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


def _criterion(pack: Pack, criterion: Criterion) -> list[Line]:
    total = sum(found.weight for found in pack.criteria)
    lines = [Line(f"{criterion.id} {criterion.title}"), _BLANK, Line(criterion.asks), _BLANK]
    written = f"{criterion.weight} of {total} (house). Written under `{criterion.section}` in the bid."
    lines += [Line(written, "Weight"), _BLANK]
    for consideration in criterion.considerations:
        lines.append(Line(f"{consideration.id}  {consideration.asks}", rest=" " * (len(consideration.id) + 2)))
    for group in criterion.alternatives:
        lines += [_BLANK, Line(f"Of {' and '.join(group.any_of)} the better answered counts.")]
    return lines


def _consideration(criterion: Criterion, consideration: Consideration) -> list[Line]:
    verb = consideration.verb.replace("-", " ")
    lines = [Line(f"{consideration.id}, a consideration under {criterion.id} {criterion.title}"), _BLANK]
    lines += [Line(consideration.asks), _BLANK]
    lines += [Line(f'The call says "{verb}". A panel would ask: {consideration.question}'), _BLANK, Line("Rules:")]
    for rule in consideration.rules:
        lines.append(Line(f"- {rule.id} ({_points(rule.points)}, {rule.authority}): {rule.claim}", rest="  "))
    return lines


def _rule(pack: Pack, consideration: Consideration, rule: Rule) -> list[Line]:
    severities: Mapping[Phase, Severity] = {phase: pack.severity(consideration, rule, phase) for phase in PHASES}
    offers = {offer.id: offer for offer in pack.about.offers}
    total = sum(found.points for found in consideration.rules)
    lines = [Line(f"{rule.id}, a rule under {consideration.id}"), _BLANK, Line(rule.claim), _BLANK]
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


def _gate(gate: Gate) -> list[Line]:
    severities: Mapping[Phase, Severity] = {phase: gate.severity.at(phase) for phase in PHASES}
    return [
        Line(f"{gate.id}, a gate: pass or fail, unscored"),
        _BLANK,
        Line(gate.claim),
        _BLANK,
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


def _verdict(pack: Pack, verdict: str) -> list[Line]:
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
        Line(f"{verdict}, a verdict"),
        _BLANK,
        Line(f"{_VERDICTS[verdict]}."),
        _BLANK,
        _labelled("What it takes", takes[verdict]),
    ]
    return lines if verdict == "meets-in-full" else [*lines, better]


def _fault(code: str) -> list[Line]:
    severity = _labelled("It is", f"{_SEVERITIES[severity_of(code)]} in every phase")
    return [Line(f"{code}, a fault of the file"), _BLANK, Line(meaning(code)), _BLANK, severity]


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


def _what_passes(entry: Rule | Gate) -> list[Line]:
    """What the predicate means and what it is given; the tests inside it follow, a line each."""
    lines = [_labelled("What passes", _meaning(entry.path, entry.predicate, entry.arguments))]
    for depth, line in _inner(entry.arguments):
        lines.append(Line(f"{'  ' * depth}- {line}", rest="  " * (depth + 1)))
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


def _labelled(label: str, text: str) -> Line:
    return Line(text, label, "  ")


def _set(lines: Iterable[Line], width: int) -> str:
    """The paragraphs in so many columns; a word that is longer stays whole."""
    return "".join(f"{_paragraph(line, width)}\n" for line in lines)


def _paragraph(line: Line, width: int) -> str:
    return fill(str(line), width, subsequent_indent=line.rest, break_long_words=False, break_on_hyphens=False)
