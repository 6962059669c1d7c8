"""What a pack says of one of its criteria, considerations, rules or gates, as text for people."""

from collections.abc import Iterator
from difflib import get_close_matches
from textwrap import fill

from pioneer_cli.bid import PHASES
from pioneer_cli.errors import PioneerError
from pioneer_cli.pack import Consideration, Criterion, Gate, Pack, Rule
from pioneer_cli.predicates import PREDICATES

WIDTH = 80


def explain(pack: Pack, name: str) -> str:
    """The explanation of a name. Raises PioneerError, with the nearest name, when the pack has none such."""
    explanations = dict(_explanations(pack))
    wanted = next((known for known in explanations if known.lower() == name.lower()), None)
    if wanted is None:
        close = get_close_matches(name.lower(), [known.lower() for known in explanations], n=1, cutoff=0.5)
        nearest = next((known for known in explanations if close and known.lower() == close[0]), None)
        hint = f"did you mean {nearest}?" if nearest else f"criteria: {', '.join(c.id for c in pack.criteria)}"
        raise PioneerError(f"{pack.about.name} has no rule, gate, consideration or criterion called {name}", hint)
    return "\n".join(explanations[wanted]) + "\n"


def _explanations(pack: Pack) -> Iterator[tuple[str, list[str]]]:
    for gate in pack.about.gates:
        yield gate.id, _gate(gate)
    for criterion in pack.criteria:
        yield criterion.id, _criterion(criterion)
        for consideration in criterion.considerations:
            yield consideration.id, _consideration(pack, criterion, consideration)
            for rule in consideration.rules:
                yield rule.id, _rule(pack, consideration, rule)


def _criterion(criterion: Criterion) -> list[str]:
    lines = [f"{criterion.id} {criterion.title}", "", _text(criterion.asks), ""]
    lines += [f"House weight: {criterion.weight}. Written under `{criterion.section}` in the bid.", ""]
    for consideration in criterion.considerations:
        lines.append(_text(f"{consideration.id}  {consideration.asks}", "     "))
    for group in criterion.alternatives:
        lines += ["", f"Of {' and '.join(group.any_of)} the better answered counts."]
    return lines


def _consideration(pack: Pack, criterion: Criterion, consideration: Consideration) -> list[str]:
    verb = consideration.verb.replace("-", " ")
    lines = [f"{consideration.id}, under {criterion.id} {criterion.title}", "", _text(consideration.asks), ""]
    lines += [_text(f'The letter says "{verb}". A panel would ask: {consideration.question}'), "", "Rules:"]
    for rule in consideration.rules:
        lines.append(_text(f"{rule.id} ({rule.points} points, {rule.authority}): {rule.claim}", "  ", "- "))
    return lines


def _rule(pack: Pack, consideration: Consideration, rule: Rule) -> list[str]:
    severities = ", ".join(f"{phase}: {pack.severity(consideration, rule, phase)}" for phase in PHASES)
    offers = {offer.id: offer for offer in pack.about.offers}
    lines = [
        f"{rule.id}, under {consideration.id}",
        "",
        _text(rule.claim),
        "",
        _text(f"Why it matters: {rule.why}"),
        _text(f"Rests on: {consideration.id} ({rule.authority})"),
        _text(f"What passes: {PREDICATES[rule.predicate].explanation} {_asked(rule)}"),
        _text(f"How to mend it: {rule.remedy} ({rule.effort} effort, {rule.points} points)"),
        _text(f"A gap is, by phase: {severities}"),
    ]
    if rule.support:
        lines.append(_text(f"National support that answers it: {offers[rule.support].support}"))
    return lines


def _asked(rule: Rule) -> str:
    """Where a rule looks and what its predicate is given, apart from tests inside it."""
    where = f"Looked for at `{rule.path}`" if rule.path else "Looked for in the whole bid"
    given = [f"{name.replace('_', ' ')}: {_listed(value)}" for name, value in rule.arguments.items() if name != "tests"]
    return "; ".join([where, *given]) + "."


def _listed(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(value)
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _gate(gate: Gate) -> list[str]:
    severities = ", ".join(f"{phase}: {gate.severity.at(phase)}" for phase in PHASES)
    return [
        f"{gate.id}, a gate: pass or fail, unscored",
        "",
        _text(gate.claim),
        "",
        _text(f"Why it matters: {gate.why}"),
        _text(f"Rests on: {gate.clause} ({gate.authority})"),
        _text(f"How to mend it: {gate.remedy} ({gate.effort} effort)"),
        _text(f"Not passing it is, by phase: {severities}"),
    ]


def _text(text: str, indent: str = "  ", first: str = "") -> str:
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False)
