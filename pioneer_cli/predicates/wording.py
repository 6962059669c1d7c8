"""Predicates that read words. They may misread them, so a rule that rests on one carries `confidence: low`.

Terms are words or phrases, compared without regard to case; a `*` at the end of one stands for any ending.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Annotated, cast

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pioneer_cli.predicates.base import (
    ALL,
    MOST_PLACES,
    NONE,
    Arguments,
    Check,
    Facts,
    Match,
    Predicate,
    Shortfall,
    Steps,
    at_most,
    different_words,
    entries,
    find,
    not_applicable,
    strings_words,
    whole_path,
)

_AROUND = 30  # characters quoted on either side of a term


def _term(text: str) -> str:
    """A term without blanks around it; refused when it is too short to say anything, since it would stand anywhere."""
    term = " ".join(text.split())
    if len(term.rstrip("* ")) < 2:
        context = {
            "message": f'"{text}" is too short for a term',
            "hint": "write at least two characters before any `*`",
        }
        raise PydanticCustomError("term", "{message}", context)
    if "*" in term.rstrip("*"):
        context = {
            "message": f'in "{text}" a * does not stand at the end',
            "hint": "let it stand for an ending",
        }
        raise PydanticCustomError("term", "{message}", context)
    return term


Terms = Annotated[tuple[Annotated[str, Field(strict=True), AfterValidator(_term)], ...], entries(1), at_most(100)]


class Mentions(Arguments):
    """The texts mention at least so many of these terms; `also` names more places to look."""

    any_of: Terms
    at_least: int = Field(default=1, strict=True, ge=1)
    also: Annotated[tuple[str, ...], at_most(MOST_PLACES)] = ()

    def paths(self, steps: Steps) -> list[tuple[str, Steps]]:
        """The further places."""
        return [("also", tuple(path.split("."))) for path in self.also]

    @model_validator(mode="after")
    def _can_be_met(self) -> "Mentions":
        if self.at_least > len(set(self.any_of)):
            message = f"at least {self.at_least} terms are wanted of the {len(set(self.any_of))} that there are"
            raise PydanticCustomError("term", "{message}", {"message": message, "hint": "add terms, or want fewer"})
        return self


def _mentions(matches: Sequence[Match], arguments: Mentions, facts: Facts) -> Check:
    found: dict[str, Match] = {}
    further = (match for path in arguments.also for match in find(facts.bid, path.split("."))[0])
    for match in (*matches, *further):
        for term, hit in _found(match, arguments.any_of, facts, said=True):
            found.setdefault(term, hit)
    support = tuple(found.values())[: arguments.at_least]
    if len(found) >= arguments.at_least:
        return Check(ALL, ALL, support)
    named = ", ".join(term.replace("*", "…") for term in arguments.any_of[:4])
    named += f" and {len(arguments.any_of) - 4} more" if len(arguments.any_of) > 4 else ""
    reason = f"{len(found)} of at least {arguments.at_least}" if found else "none"
    path = matches[0].path if len(matches) == 1 else whole_path(matches, facts)
    share = Fraction(len(found), arguments.at_least)
    return Check(share, share, support, (Shortfall(path, f"{reason} of these words: {named}"),))


class NowhereMentions(Arguments):
    """No text mentions any of these terms; silence says something only among so many different words."""

    terms: Terms
    among_words: int = Field(strict=True, ge=1)


def _nowhere_mentions(matches: Sequence[Match], arguments: NowhereMentions, facts: Facts) -> Check:
    found: dict[tuple[str | int, ...], str] = {}
    for match in matches:
        for term, hit in _found(match, arguments.terms, facts):
            found.setdefault(hit.path, term.rstrip("*"))
    if found:
        return Check(NONE, NONE, (), tuple(Shortfall(path, f'it says "{term}"') for path, term in found.items()))
    words: set[str] = set()
    for match in matches:
        words |= facts.once(("words", match.path), partial(different_words, _Texts.at(match, facts).together))
    return Check(ALL, ALL) if len(words) >= arguments.among_words else not_applicable()


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts at or below a place, each in small letters too, and all of them in one."""

    each: tuple[tuple[Match, str], ...]
    together: str

    @classmethod
    def at(cls, match: Match, facts: Facts) -> "_Texts":
        """The texts of a place, gathered once for all the rules that read them."""
        return cast(_Texts, facts.once(("texts", match.path), lambda: cls._gathered(match)))

    @classmethod
    def _gathered(cls, match: Match) -> "_Texts":
        each = tuple((text, str(text.value).casefold()) for text in _texts(match))
        return cls(each, "\n".join(folded for _, folded in each))


def _found(match: Match, terms: tuple[str, ...], facts: Facts, *, said: bool = False) -> Iterator[tuple[str, Match]]:
    """Each term that stands in the texts at or below a match, where it first does, with the words around it.

    With `said` only in texts that say something: not where keywords are strung together.
    """
    texts = _Texts.at(match, facts)
    terms = tuple(term for term in terms if _first_word(term) in texts.together)
    for text, folded in texts.each if terms else ():
        written = str(text.value)
        likely = [term for term in terms if _first_word(term) in folded]  # the search itself costs more
        if not likely or (said and strings_words(written)):
            continue
        hits = [(hit.span(), term) for term in likely if (hit := _pattern(term).search(written))]
        for (start, end), term in sorted(hits, key=lambda hit: hit[0][0]):
            begin = max(0, start - _AROUND)
            around = " ".join(written[begin : end + _AROUND].split())
            yield term, Match(text.path, f"…{around}" if begin else around)


@lru_cache(maxsize=1024)
def _first_word(term: str) -> str:
    return term.rstrip("*").split()[0].casefold()


@lru_cache(maxsize=1024)
def _pattern(term: str) -> re.Pattern[str]:
    """A term as an expression; it holds literal words and blanks alone, which are read in linear time."""
    words = r"\s{1,9}".join(map(re.escape, term.rstrip("*").split()))
    before = r"(?<!\w)" if term[0].isalnum() else ""
    after = r"\w*" if term.endswith("*") else r"(?!\w)" if term[-1].isalnum() else ""
    return re.compile(before + words + after, re.IGNORECASE)


def _texts(match: Match) -> Iterator[Match]:
    """Every text at or below a match."""
    if isinstance(match.value, str):
        yield match
    elif isinstance(match.value, dict):
        for key, value in match.value.items():
            yield from _texts(Match((*match.path, key), value))
    elif isinstance(match.value, list):
        for index, value in enumerate(match.value):
            yield from _texts(Match((*match.path, index), value))


WORDING = (
    Predicate("mentions", Mentions, whole=_mentions, guesses=True),
    Predicate("nowhere-mentions", NowhereMentions, whole=_nowhere_mentions, needs_path=False, guesses=True),
)
