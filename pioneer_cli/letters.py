"""What letters to bidders say, as the values that templates print: questions, their grounds, and how they stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pioneer_cli.clarification import Ground, Question, Standing
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Shortfall
from pioneer_cli.quantities import plural
from pioneer_cli.replies import Replies
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.whereabouts import Whereabouts

QUESTIONS = "questions.xml.jinja"
GATES = "Conditions of the call"
MOST_PLACES = 3  # of one reason, in a letter; the others are counted


def reasons_in_words(reasons: Iterable[Shortfall], places: Whereabouts) -> list[dict[str, str]]:
    """Each reason once, with the first places that it was found in and how many more there are."""
    paths: dict[str, list[YamlPath]] = {}
    for reason in reasons:
        paths.setdefault(reason.reason, []).append(reason.path)
    return [{"reason": said, "places": _places(found, places)} for said, found in paths.items()]


def _places(paths: Sequence[YamlPath], places: Whereabouts) -> str:
    words = list(dict.fromkeys(places.of(path).words for path in paths if path))
    more = len(words) - MOST_PLACES
    return "; ".join(words[:MOST_PLACES]) + (f"; and {plural(more, 'more place')}" if more > 0 else "")


def question_values(found: Question, places: Whereabouts, standing: Standing | None) -> dict[str, Any]:
    """A question as a template prints it; its `reply` is None unless there is an annex."""
    return {
        "number": found.number,
        "id": found.id,
        "text": found.text,
        "clause": found.clause,
        "either": list(found.either),
        "grounds": [_ground_values(ground, places) for ground in found.grounds],
        "reply": None if standing is None else reply_values(standing),
    }


def _ground_values(ground: Ground, places: Whereabouts) -> dict[str, Any]:
    return {
        "rule": ground.rule,
        "authority": ground.authority,
        "is_guess": ground.confidence == "low",
        "outcome": str(ground.outcome),
        "claim": ground.claim,
        "remedy": ground.remedy.replace("`", ""),
        "reasons": reasons_in_words(ground.reasons, places),
    }


def reply_values(standing: Standing) -> dict[str, Any]:
    """How a question stands, as a template prints it, with the reply if there is one."""
    reply = standing.reply
    return {
        "id": standing.id,
        "question": standing.text,
        "state": standing.state,
        "words": standing.words,
        "text": (reply.reply if reply else None) or "",
        "date": reply.date if reply else None,
    }


def made_from(parts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What a document was made from, each with its sha256, as a template prints it."""
    return [{"what": what, "sha256": sha256} for what, sha256 in parts]


def questions_letter(
    source: Source,
    title: str,
    pack: Pack,
    pack_sha256: str,
    phase: str,
    standing: Sequence[Standing],
    places: Whereabouts,
    others: Mapping[str, Source],
    replies: Replies | None = None,
) -> dict[str, Any]:
    """The values of the letter with the questions; `others` are the files beside the bid, by what they are."""
    groups: dict[str, dict[str, Any]] = {}
    for found in standing:
        if found.question is None:
            continue
        criterion = found.question.criterion
        name, heading = (criterion.id, f"{criterion.id}. {criterion.title}") if criterion else ("gates", GATES)
        group = groups.setdefault(name, {"id": name, "title": heading, "questions": []})
        group["questions"].append(question_values(found.question, places, found if replies else None))
    sources = (("The bid", source.sha256), (f"The criteria pack {pack.about.name}", pack_sha256))
    return {
        "title": f"Clarification questions: {title}",
        "bid_title": title,
        "call": pack.about.title,
        "phase": phase,
        "count": sum(found.question is not None for found in standing),
        "open": sum(not found.is_closed for found in standing),
        "closed": sum(found.is_closed for found in standing),
        "replied": replies.date if replies else None,
        "groups": list(groups.values()),
        "mended": [reply_values(found) for found in standing if found.question is None],
        "made_from": made_from((*sources, *((what, found.sha256) for what, found in others.items()))),
    }
