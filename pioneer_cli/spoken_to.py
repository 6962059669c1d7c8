"""Which passages of a bid speak to a consideration, wherever they stand: a search in its words, and never a score.

A passage is a sentence. It is weighed by BM25 with the vocabulary of the pack's `reading.yaml`, words by their English
stems, and has to say something: a string of keywords speaks to nothing. It guesses from words: its confidence is low.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from math import log
from typing import Any, ClassVar, Literal, NamedTuple

from pioneer_cli.answered import answered
from pioneer_cli.pack import Confidence, Pack
from pioneer_cli.predicates.base import strings_words
from pioneer_cli.prose import Sentence, sentences
from pioneer_cli.reading import Reading, Vocabulary
from pioneer_cli.tree import field_of

Standing = Literal["answered", "elsewhere", "only-named", "silent"]

_K1, _B = 1.2, 0.75  # as Robertson and Zaragoza (2009) advise: how soon repeating a word stops to count; part of length
_MOST_SHOWN = 3
_LEAST_WORDS = 4  # of a passage that says something; most names have fewer
_LIST_FROM = 8  # words; a passage of so many that nothing holds together is a list
_MOSTLY = 0.6  # of a passage's words; with so many from one vocabulary it is a list as well
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")  # of hyphened words each part, so that "joined-up" is "joined up"


class Home(IntEnum):
    """How near a passage stands to where a consideration is answered."""

    OUTSIDE = 0
    SECTION = 1  # in the criterion's section
    ENTRY = 2  # in an entry of a list that rules of the consideration look at
    FIELD = 3  # in a field that they look at


# The weight and the number of terms from which on a passage speaks, by where it stands; a term that stands once in the
# bid, in a passage of mean length, weighs 1. Found on the development set of tests/labelled_passages.yaml. In the very
# field that is asked for it need only be about the call's subject, by any word of the whole vocabulary: there the place
# was found to tell more than the words. For expectations, which have no home and no labels, the weight was chosen.
_LEAST: Mapping[Home, float] = {Home.FIELD: 0, Home.ENTRY: 0.2, Home.SECTION: 1.2, Home.OUTSIDE: 1.4}
_LEAST_EXPECTED = 0.8
_LEAST_TERMS: Mapping[Home, int] = {Home.FIELD: 0, Home.ENTRY: 1, Home.SECTION: 1, Home.OUTSIDE: 2}


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the bid, the terms that it touches, each by its first word, and what it weighs with them.

    One that speaks by the field that it stands in may touch none and weigh nothing.
    """

    sentence: Sentence
    terms: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a bid speaks to a consideration.

    `answered`: a passage speaks to it in the criterion's section, or in a field that its rules look at; `elsewhere`:
    all passages that speak to it stand outside; `only-named`: its terms stand there and nothing is said with them;
    `silent`: not even a term stands. `passages` are at most three, those at home first, then by weight; where nothing
    speaks, those that name it. `covered` are the terms of all such passages, of the `of` that there are.
    """

    consideration_id: str
    standing: Standing
    passages: tuple[Passage, ...]
    covered: tuple[str, ...]
    of: int

    confidence: ClassVar[Confidence] = "low"


@dataclass(frozen=True, slots=True)
class Expected:
    """How a bid speaks to what the call expects; as `Spoken`, and never `elsewhere`, since it has no section."""

    expectation_id: str
    standing: Standing
    passages: tuple[Passage, ...]
    covered: tuple[str, ...]
    of: int

    confidence: ClassVar[Confidence] = "low"


def spoken_to(pack: Pack, reading: Reading, bid: Mapping[str, Any]) -> Mapping[str, Spoken]:
    """How a bid's plain data speaks to each consideration that the reading has words for, in the pack's order."""
    index = _index(sentences(bid))
    return {
        code: Spoken(code, *_summed(found, reading.vocabulary[code])) for code, found in _weighed(pack, reading, index)
    }


def speaking(pack: Pack, reading: Reading, bid: Mapping[str, Any]) -> Mapping[str, tuple[Passage, ...]]:
    """Every passage that speaks to each consideration, in the bid's order; what `spoken_to` is measured by."""
    index = _index(sentences(bid))
    return {code: tuple(one.passage for one in found if one.speaks) for code, found in _weighed(pack, reading, index)}


def expectations(reading: Reading, bid: Mapping[str, Any]) -> Mapping[str, Expected]:
    """How a bid's plain data speaks to each expectation of the reading, in its order."""
    index = _index(sentences(bid))
    return {
        one.id: Expected(one.id, *_summed(_named(index, one.vocabulary), one.vocabulary))
        for one in reading.expectations
    }


# --- The index -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Index:
    """A bid's sentences as stems, where each stem stands (the sentence's number, the place in it), and each field."""

    sentences: tuple[Sentence, ...]
    stems: tuple[tuple[str, ...], ...]
    places: Mapping[str, Sequence[tuple[int, int]]]
    fields: Mapping[str, Sequence[int]]
    says: tuple[bool, ...]  # whether each says something, as far as that shows without a vocabulary
    mean_length: float  # words


@lru_cache(maxsize=2)  # considerations and expectations are looked for in one bid
def _index(found: tuple[Sentence, ...]) -> _Index:
    stems = tuple(_stems(sentence.text) for sentence in found)
    places: dict[str, list[tuple[int, int]]] = {}
    fields: dict[str, list[int]] = {}
    for number, of_one in enumerate(stems):
        fields.setdefault(field_of(found[number].path), []).append(number)
        for place, stem in enumerate(of_one):
            places.setdefault(stem, []).append((number, place))
    says = tuple(
        len(of_one) >= _LEAST_WORDS and not strings_words(sentence.text, _LIST_FROM)
        for sentence, of_one in zip(found, stems, strict=True)
    )
    return _Index(found, stems, places, fields, says, max(1.0, sum(map(len, stems)) / max(1, len(stems))))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(_stemmer()(_WORD.findall(text.replace("\u2019", "'").casefold())))


@cache
def _stemmer() -> Callable[[list[str]], list[str]]:
    """Porter's second English stemmer, loaded with the first bid that is read this way."""
    import Stemmer  # type: ignore[import-not-found]  # it has no types; late, since a check needs none of it

    stem_words: Callable[[list[str]], list[str]] = Stemmer.Stemmer("english").stemWords
    return stem_words


# --- Weighing --------------------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A sentence that touches a vocabulary."""

    passage: Passage
    home: Home
    speaks: bool


def _weighed(pack: Pack, reading: Reading, index: _Index) -> Iterator[tuple[str, list[_Found]]]:
    """What touches the vocabulary of each consideration, or stands in a field of it, in the bid's order."""
    touched = {code: _touched(index, vocabulary) for code, vocabulary in reading.vocabulary.items()}
    topical = frozenset(number for one in touched.values() for number in one.counts)
    fields = answered(pack)
    for criterion in pack.criteria:
        for consideration in criterion.considerations:
            code = consideration.id
            if code in touched:
                own = _Own(criterion.section, frozenset(field for field, codes in fields.items() if code in codes))
                at_home = (number for field in own.fields for number in index.fields.get(field, ()))
                numbers = topical.intersection(at_home).union(touched[code].counts)
                yield code, _found(index, reading.vocabulary[code], touched[code], sorted(numbers), own)


class _Own(NamedTuple):
    """Where a consideration is at home: its criterion's section, and the fields that its rules look at."""

    section: str
    fields: frozenset[str]

    def home(self, field: str) -> Home:
        """How near a field such as `vision.outcomes[].measure` stands."""
        if field in self.fields:
            return Home.FIELD
        if "]." in field and field.rpartition(".")[0] in self.fields:
            return Home.ENTRY
        return Home.SECTION if field.partition(".")[0] == self.section else Home.OUTSIDE


class _Touched(NamedTuple):
    """How often each term of a vocabulary stands in each sentence that has any, and how many words they take there."""

    counts: Mapping[int, Counter[int]]
    taken: Counter[int]


def _found(
    index: _Index, vocabulary: Vocabulary, touched: _Touched, numbers: Sequence[int], own: _Own | None
) -> list[_Found]:
    weights = _weights(touched.counts, len(index.sentences))
    found = []
    for number in numbers:
        counts, words = touched.counts.get(number, Counter[int]()), len(index.stems[number])
        norm = _K1 * (1 - _B + _B * words / index.mean_length)
        score = sum(weights[term] * count * (_K1 + 1) / (count + norm) for term, count in counts.items())
        home = own.home(field_of(index.sentences[number].path)) if own else Home.SECTION
        is_list = words >= _LIST_FROM and touched.taken[number] >= _MOSTLY * words
        speaks = (
            index.says[number]
            and not is_list
            and score >= (_LEAST[home] if own else _LEAST_EXPECTED)
            and len(counts) >= _LEAST_TERMS[home]
        )
        terms = tuple(vocabulary[term][0] for term in sorted(counts))
        found.append(_Found(Passage(index.sentences[number], terms, round(score, 3)), home, speaks))
    return found


def _touched(index: _Index, vocabulary: Vocabulary) -> _Touched:
    """Where a vocabulary stands; a word counts for one phrase alone, the longest: "health check" is no "health"."""
    touched: dict[int, Counter[int]] = {}
    taken: set[tuple[int, int]] = set()
    for stems, term in _patterns(vocabulary):
        for number, place in index.places.get(stems[0], ()):
            span = [(number, place + step) for step in range(len(stems))]
            if index.stems[number][place : place + len(stems)] == stems and taken.isdisjoint(span):
                taken.update(span)
                touched.setdefault(number, Counter())[term] += 1
    return _Touched(touched, Counter(number for number, _ in taken))


@lru_cache(maxsize=256)
def _patterns(vocabulary: Vocabulary) -> tuple[tuple[tuple[str, ...], int], ...]:
    """The stems of each term and synonym with the number of the term, the longest first."""
    found = {stems: term for term, words in enumerate(vocabulary) for word in words if (stems := _stems(word))}
    return tuple(sorted(found.items(), key=lambda one: -len(one[0])))


def _named(index: _Index, vocabulary: Vocabulary) -> list[_Found]:
    """What touches a vocabulary that has no home."""
    touched = _touched(index, vocabulary)
    return _found(index, vocabulary, touched, sorted(touched.counts), None)


def _weights(touched: Mapping[int, Counter[int]], count: int) -> Mapping[int, float]:
    """How much each term tells apart, among so many sentences: 1 for what stands in one alone, towards 0 for all."""
    frequency = Counter(term for counts in touched.values() for term in counts)

    def rarity(sentences_with: int) -> float:
        return log(1 + (count - sentences_with + 0.5) / (sentences_with + 0.5))

    return {term: rarity(n) / rarity(1) for term, n in frequency.items()}


# --- Standing --------------------------------------------------------------------------------------------------------


def _summed(
    found: Sequence[_Found], vocabulary: Vocabulary
) -> tuple[Standing, tuple[Passage, ...], tuple[str, ...], int]:
    """The standing, the best passages, the terms that they cover, and how many there are."""
    speaking = [one for one in found if one.speaks]
    named = [one for one in found if one.passage.terms]
    best = sorted(speaking or named, key=lambda one: (one.home is Home.OUTSIDE, -one.passage.score))
    said = {term for one in best for term in one.passage.terms}
    covered = tuple(words[0] for words in vocabulary if words[0] in said)
    passages = tuple(one.passage for one in best[:_MOST_SHOWN])
    return _standing(named, speaking), passages, covered, len(vocabulary)


def _standing(named: Sequence[_Found], speaking: Sequence[_Found]) -> Standing:
    if not speaking:
        return "only-named" if named else "silent"
    return "elsewhere" if all(one.home is Home.OUTSIDE for one in speaking) else "answered"
