"""The file that `pioneer review new` writes: what is to be judged, with what the machine found beside it in comments.

Only `reviewer`, `bid` and `pack` are filled in. All text of the bid and of the pack stands in comments, on one line
and then wrapped, or in quotes, so that nothing in it can become YAML.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from textwrap import wrap
from typing import Any

from pydantic import BaseModel

from pioneer_cli.assess import quote
from pioneer_cli.assessment import Assessment, ConsiderationScore, CriterionScore, Evidence, Finding, Outcome
from pioneer_cli.bid import is_id
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Shortfall
from pioneer_cli.prose import LEAST_QUOTED, free_texts, one_line, plain_line
from pioneer_cli.quantities import plural
from pioneer_cli.review import CriterionJudgement, JudgedQuestion, Recommendation
from pioneer_cli.schema import REVIEW_SCHEMA_FILE
from pioneer_cli.source import Source
from pioneer_cli.tree import BidPath, field_of

WIDTH = 100
Texts = Sequence[tuple[BidPath, str]]
_HEADER = f"""# yaml-language-server: $schema={REVIEW_SCHEMA_FILE}
#
# One reviewer's judgement of one bid. What stands in comments is what the machine found: it counts
# and looks, and only you judge. An empty field counts as left out, so stop and go on as you like.
#
# 1. Declare your conflicts of interest. With a partner of the bid you judge nothing of it.
# 2. Give each criterion a level, with reasons, and quote words of the bid that it rests on.
# 3. Answer each question that only people can judge: met, partly or unmet, and say why.
# 4. Recommend a verdict, with a reason.
# 5. Check as you go: pioneer review check FILE
#
# Long text goes below ">-", indented. Strengths, weaknesses, quotes and next steps are lists: each
# item on its own line after "- ". Put a quote in "quotation marks" and copy it exactly; … stands
# for words that you leave out.
"""
# What other readers of YAML take for something else than a text.
_TAKEN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})


def starter_review(
    source: Source,
    bid: Mapping[str, Any],
    pack: Pack,
    pack_sha256: str,
    assessment: Assessment,
    reviewer: str,
) -> str:
    """The text of a reviewer's file to begin from: `bid` is plain data, `reviewer` an id."""
    lines = (
        *_about(source, bid, pack, pack_sha256, reviewer),
        *_conflicts(bid),
        *_levels(pack),
        *_criteria(source, tuple(free_texts(bid)), assessment),
        *_questions(source, assessment),
        *_recommendation(pack, assessment),
    )
    return _HEADER + "\n".join(lines) + "\n"


def _about(source: Source, bid: Mapping[str, Any], pack: Pack, pack_sha256: str, reviewer: str) -> Iterator[str]:
    yield from ("", f"reviewer: {_scalar(reviewer)}", "")
    yield "# true in the one file that holds what the panel agreed on after its discussion."
    yield from ("agreed: false", "")
    yield "# What you judge, and by what. `pioneer review check` says when either has changed."
    yield from ("bid:", f"  title: {_quoted(bid['title'])}", f"  sha256: {_quoted(source.sha256)}")
    yield from ("pack:", f"  name: {_scalar(pack.about.name)}", f"  sha256: {_quoted(pack_sha256)}")


def _conflicts(bid: Mapping[str, Any]) -> Iterator[str]:
    yield from _heading("Conflicts of interest")
    partners = bid["partners"]
    yield from _comment("The partners of this bid, by id:" if partners else "The bid names no partners.")
    for partner in partners:
        yield from _comment(f"{partner['id']}: {partner['organisation']}", lead="  ")
    yield from _comment("Declare a conflict like this, with a partner's id or name or any other organisation:")
    yield from ("#   - organisation: council", "#     interest: Employed there")
    yield from _comment("Where there is none, say so: conflicts: []")
    yield "conflicts:"


def _levels(pack: Pack) -> Iterator[str]:
    yield from _heading("Levels")
    for found in pack.about.levels:
        yield from _comment(f"{found.level} {found.name}: {found.descriptor}", rest="  ")


# --- Criteria --------------------------------------------------------------------------------------------------------


def _criteria(source: Source, texts: Texts, assessment: Assessment) -> Iterator[str]:
    yield from _heading("Criteria")
    yield from _comment(
        f"Lines are those of {PurePath(source.name).name}. + is the place that supports a consideration best,"
    )
    yield from _comment("- what falls short by the tool's rules, ? what waits for you.")
    yield "criteria:"
    for score in assessment.criteria:
        criterion = score.criterion
        yield from ("", *_comment(f"{criterion.id} {criterion.title}", "  "))
        yield from _comment(criterion.asks, "  ")
        yield from ("  #", *_comment(f"The machine's range: {_range(score)}.", "  "))
        for found in score.considerations:
            yield from _consideration(source, texts, found, _of(assessment, found))
        yield from _entry(CriterionJudgement, criterion.id)


def _range(score: CriterionScore) -> str:
    """The levels between which the machine puts a criterion, and why there are two."""
    low, high = score.level_low, score.level_high
    if low.level == high.level:
        return f"level {low.level} ({low.name.lower()})"
    waits = "as long as questions are open"
    return f"level {low.level} ({low.name.lower()}) to {high.level} ({high.name.lower()}), {waits}"


def _of(assessment: Assessment, score: ConsiderationScore) -> tuple[Finding, ...]:
    return tuple(found for found in assessment.findings if found.consideration.id == score.consideration.id)


def _consideration(
    source: Source, texts: Texts, score: ConsiderationScore, findings: Sequence[Finding]
) -> Iterator[str]:
    """A consideration with its outcome, what falls short, and the place that supports it best."""
    asks = f"{score.consideration.id} {score.outcome}: {score.consideration.asks}"
    yield from _comment(asks, "  ", rest="  ")
    for reason, rules in _shortfalls(source, findings).items():
        yield from _comment(f"{', '.join(rules)}: {reason}", "  ", lead="  - ", rest="    ")
    for found in findings:
        if found.rule.is_judged and found.outcome is Outcome.UNKNOWN:
            yield from _comment(f"waits for your answer to {found.rule.id}, below", "  ", lead="  ? ", rest="    ")
    evidence = _best_evidence(findings, texts)
    if evidence is not None:
        yield from _comment(f"{_line(source, evidence.path)}: “{evidence.quote}”", "  ", lead="  + ", rest="    ")


def _shortfalls(source: Source, findings: Sequence[Finding]) -> Mapping[str, list[str]]:
    """Why rules are not met, in words with the place, each with the rules that it holds for."""
    reasons: dict[str, list[str]] = {}
    for found in findings:
        if found.is_gap:
            guess = " (a guess from words)" if found.rule.confidence == "low" else ""
            reasons.setdefault(_short_of(source, found), []).append(f"{found.rule.id}{guess}")
    return reasons


def _short_of(source: Source, found: Finding) -> str:
    """Why a rule is not met, and where; of several places the first."""
    if not found.shortfalls:
        return str(found.outcome)
    first, more = found.shortfalls[0], len({shortfall.path for shortfall in found.shortfalls}) - 1
    rest = f"; and {plural(more, 'more place')}" if more else ""
    return f"{first.reason} ({_where(source, first)}{rest})"


def _where(source: Source, shortfall: Shortfall) -> str:
    """The line of a shortfall; what is not in the file is named, with the line where it would belong."""
    path = shortfall.path
    if not path or path in source:
        return _line(source, path)
    return f"no `{field_of(path)}`" + (f", {_line(source, path)}" if path[:1] in source else "")


def _line(source: Source, path: tuple[str | int, ...]) -> str:
    return f"line {source.value_span(path).start.line}"


def _best_evidence(findings: Iterable[Finding], texts: Texts) -> Evidence | None:
    """What the rule worth most rests on: words that a reader would know again, else those of the entry around them."""
    earned = [found for found in findings if not found.rule.is_judged and found.low > 0]
    by_worth = sorted(earned, key=lambda found: -found.low * found.rule.points)
    places = [place.path for found in by_worth for place in found.evidence]
    fields = {path for path, _ in texts}
    around = [path[: entry + 1] for path in places for entry in range(len(path)) if isinstance(path[entry], int)]
    narrower_first = sorted((path for path in places if path not in fields), key=lambda path: -len(path))
    wanted = (*(path for path in places if path in fields), *around, *narrower_first)
    return next((found for found in (_telling(path, texts) for path in wanted) if found is not None), None)


def _telling(path: BidPath, texts: Texts) -> Evidence | None:
    """The first words of some length at a place or inside it."""
    found = (Evidence(at, quote(plain_line(text))) for at, text in texts if at[: len(path)] == path)
    return next((evidence for evidence in found if len(evidence.quote.split()) > LEAST_QUOTED), None)


# --- Questions -------------------------------------------------------------------------------------------------------


def _questions(source: Source, assessment: Assessment) -> Iterator[str]:
    judged = [found for found in assessment.findings if found.rule.is_judged]
    yield from _heading("Questions that only people can judge")
    if not judged:
        yield from (*_comment("This pack asks none."), "questions: []")
        return
    yield "questions:"
    for found in judged:
        beside = [other for other in assessment.findings if other.consideration.id == found.consideration.id]
        yield from ("", *_comment(f"{found.consideration.id} {found.rule.arguments['question']}", "  "))
        yield from _comment(f"Met means: {found.rule.claim} {found.rule.why}", "  ")
        yield from _comment(f"Read {_to_read(source, found)}. {_beside(beside)}", "  ")
        yield from _entry(JudgedQuestion, found.rule.id)


def _to_read(source: Source, found: Finding) -> str:
    """Where to look for the answer, or that there is nowhere to look."""
    section = found.criterion.section
    if found.outcome is not Outcome.UNKNOWN:
        reason = found.shortfalls[0].reason if found.shortfalls else "nothing is written"
        return f"`{section}`: {reason}"
    return f"`{found.rule.path or section}` from {_line(source, tuple((found.rule.path or section).split('.')))} on"


def _beside(findings: Sequence[Finding]) -> str:
    """What the machine found under the same consideration, a rule at a time."""
    others = [found for found in findings if not found.rule.is_judged]
    if not others:
        return "The machine has no rule beside it."
    code = others[0].consideration.id
    return f"The machine on {code}: " + "; ".join(f"{found.rule.id} {found.outcome}" for found in others) + "."


def _recommendation(pack: Pack, assessment: Assessment) -> Iterator[str]:
    verdicts, floors = pack.about.verdicts, "reaches its floor"
    yield from _heading("Recommendation")
    yield from _comment(
        "meets-in-full: the bid can go ahead as it is. sift-in: it goes on once more is known. later-cohort: not now, "
        f"and perhaps later. The tool's own measure (house): in full where every criterion reaches level "
        f"{verdicts.meets_in_full}, sifted in where each {floors}, which is level {verdicts.sift_in} unless the pack "
        "sets another."
    )
    for gate in assessment.gates:
        if gate.is_gap and gate.gate.predicate != "page-limit":
            reason = gate.shortfalls[0].reason if gate.shortfalls else str(gate.outcome)
            yield from _comment(f"The gate {gate.gate.id} is not passed: {reason}.", rest="  ")
    if any(gate.gate.predicate == "page-limit" for gate in assessment.gates):
        yield from _comment("Pages were not counted here: `pioneer check` counts them.")
    yield from ("recommendation:", *(f"  {name}:" for name in Recommendation.model_fields))


# --- Lines -----------------------------------------------------------------------------------------------------------


def _entry(model: type[BaseModel], identity: str) -> Iterator[str]:
    """An entry with its id filled in and its other fields empty."""
    first, *others = model.model_fields
    yield f"  - {first}: {_scalar(identity)}"
    yield from (f"    {name}:" for name in others)


def _heading(text: str) -> Iterator[str]:
    yield from ("", f"# --- {text} ".ljust(WIDTH, "-"))


def _comment(text: str, indent: str = "", *, lead: str = "", rest: str = "") -> Iterator[str]:
    """A text in comments of at most WIDTH columns, whatever stands in it."""
    room = WIDTH - len(indent) - 2
    wrapped = wrap(
        one_line(text),
        room,
        initial_indent=lead,
        subsequent_indent=rest or " " * len(lead),
        break_on_hyphens=False,
    )
    yield from (f"{indent}# {line}".rstrip() for line in wrapped)


def _quoted(text: str) -> str:
    """A text on one line as YAML's double-quoted scalar."""
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _scalar(text: str) -> str:
    """An id without quotation marks where every reader of YAML takes it for a text, otherwise with them."""
    plain = is_id(text) and text[0].isalpha() and text.lower() not in _TAKEN
    return text if plain else _quoted(text)
