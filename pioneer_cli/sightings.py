"""Every figure and date of a bid with what stands around it: its noun, its clause, and what limits its claim.

Amounts, counts and dates come from typed fields and from free text. What a figure is about is told by the stems of the
words around it, so that two places can be compared.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pioneer_cli.edits import value_at
from pioneer_cli.mentions import MONTHS, Kind, Mention, Reading, Value, piece_around, readings_of, step_of, word_set
from pioneer_cli.prose import Sentence
from pioneer_cli.quantities import When, long_date, pounds
from pioneer_cli.tree import BidPath, field_of

Bound = Literal["", "about", "least", "most"]
Tense = Literal["", "past", "plan"]
Claim = Literal["", "plain", "whole", "each"]  # eight teams, the eight teams, all eight teams


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mention with what decides whether another one is about the same thing.

    `unit` is the stem of the noun, or whether a percentage is a change; `step` how finely the figure is given; `near`
    the stems of its clause and `wide` those of its sentence or entry. `traits` tell it apart (`first`, `more`, `each`),
    `years` and `names` are those of its clause, `cites` the ids of sources that it rests on; `tense` is whether it
    tells of what was or of what shall be, and `claims` whether it counts all there are of its kind.
    """

    mention: Mention
    unit: str
    step: Decimal
    near: frozenset[str]
    wide: frozenset[str]
    modifiers: frozenset[str] = frozenset()
    traits: frozenset[str] = frozenset()
    bound: Bound = ""
    years: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    cites: frozenset[str] = frozenset()
    tense: Tense = ""
    claims: Claim = ""
    sentence: int = -1  # the number of the sentence; -1 for a typed field

    @property
    def is_typed(self) -> bool:
        """Whether it is a field's value and not words of a text."""
        return self.sentence < 0


# --- What tells figures apart ----------------------------------------------------------------------------------------

_WORDS = re.compile(r"[A-Za-z][A-Za-z'’]*")
_AFTER = re.compile(r"([ -]| ?[“\"‘(])?([A-Za-z][A-Za-z'’]*)")
_BREAKS = re.compile(r"[;:.!?()]|,(?!\d)|—")
_JOINS = re.compile(r" (?:and|but|against|while|whereas|than|or|with|for|so|because) ")

STOPS = word_set(
    """a about above across after again against ahead all almost already also although always am among an and another
    any are around as at away back be became because become been before behind being below beside between both but by
    came can cannot could did do does doing done down during each either else even ever every few fewer for from
    further gave get give given go goes gone got had has have having he her here hers him his how however i if in into
    is it its itself just least less like made make makes many may me might more most much must my near need needs
    neither never next no nobody none nor not nothing now of off often on once one only onto or other others our out
    over own part per put rather same say says see seen shall she should since so some somebody someone something
    still such take taken takes than that the their them themselves then there these they thing things this those
    though through to together too toward towards under until up upon us use used uses very was way ways we well were
    what when where whether which while who whom whose why will with within without would yet you your"""
)
_GENERIC_PLURALS = frozenset({"people", "children", "staff", "women", "men", "police"})
_BEFORE_TRAITS = word_set(
    """first second third fourth fifth sixth next last another other others further additional extra remaining initial
    new each every per only original previous former former"""
)
_PHRASE_TRAITS = frozenset({"more", "other", "further", "new", "extra", "additional", "fewer", "less", "remaining"})
_ABOUT = frozenset({"about", "around", "some", "roughly", "nearly", "almost", "approximately", "circa", "c"})
_LEAST = re.compile(r"\b(?:over|more than|at least|above|no fewer than|minimum of|as many as|beyond) (?:the )?$", re.I)
_MOST = re.compile(r"\b(?:up to|under|(?:less|fewer|no more) than|at most|below|within|maximum of) (?:the )?$", re.I)
_APART = re.compile(
    r"\b(?:(?P<elsewhere>elsewhere|national\w{0,2}|in england|county|neighbouring|abroad|neighbours in)"
    r"|(?P<now>so far|already|to date|as yet)|(?P<one>(?:in|at|on|for) one)"
    r"|(?P<before>ago|previously|formerly|used to|originally))\b",
    re.I,
)
_EACH_OF_SEVERAL = re.compile(r"\b(?:each|every|per)\b(?! of (?:the|our) $)", re.I)
_RESTRICTED = re.compile(
    r" (?:(?:in|at|near|for|on|from) (?:the|[A-Z]\w+)|who|which|that|with|under)\b(?! (?:area|bid|programme|plan)\b)"
)
_WHOLE = word_set("all both the our its their has have made are into of")
_EACH = re.compile(r"\b(?:all|all the|all our|each of the|each of our|every one of the) $", re.IGNORECASE)
_FIRST_OF_TWO = re.compile(r"\b([A-Za-z']{1,15}) (?:[\w,]{1,12}) [\w'’-]{1,20} and $")
_PLAN = re.compile(
    r"\b(?:will|shall|should|would|expect\w{0,4}|aim\w{0,3}|targets?|plan(?:s|ned)? to|promise\w{0,2}|hope|"
    r"to be|must|by 20\d\d)\b"
)
_PAST = re.compile(
    r"\b(?:was|were|had|fell|rose|saw|found|gained|asked|said|counted|achieved|dropped|grew|felt|got|agreed|"
    r"approved|met|heard|signed|discussed|chosen|last year)\b"
)
_PER = re.compile(r"\bper \d[\d,]{0,14}\b", re.IGNORECASE)
_CITATION = re.compile(r"\[([^\[\]]{1,80})\]")
_RATE = re.compile(r"(?:[ -][\w'’]{1,20}){0,4}? (?:a|an|per|each|every) (day|week|month|quarter|year|night)\b")
_CHANGES = (
    r"fewer|less|lower|higher|more|reductions?|falls?|fell|drops?|dropped|cuts?|decreas\w{0,3}|increas\w{0,3}|rises?|"
    r"rose|risen|growth|grew|gr[eo]wn?|reduc\w{0,3}|fallen|improvement|saved?|saving|up|down"
)
_CHANGE_AFTER = re.compile(rf" (?:{_CHANGES})\b")
_CHANGE_BEFORE = re.compile(rf"\b(?:{_CHANGES})(?: by| of)?(?: [a-z]+)? $")
_CHANGE_BY = re.compile(rf"\b(?:{_CHANGES})\b[^.;:]{{0,80}}\bby(?: (?:about|around|up to|at least|some))? $")
# Fields whose numbers are names, minutes or titles, and no figures of the bid.
_NAMES = frozenset(
    {
        "title", "area.name", "partners[].organisation", "health_and_wellbeing_boards[].name",
        "commitment.governance.bodies[].name", "evidence.sources[].citation", "evidence.provider_impact[].provider",
    }
)  # fmt: skip
_REFERENCE_FIELDS = frozenset({"partners[].reference", "health_and_wellbeing_boards[].reference"})


# --- What stands around it -------------------------------------------------------------------------------------------


def words_in(text: str) -> Iterator[str]:
    """The words of a text in small letters, without those that say little and without a possessive ending."""
    for word in _WORDS.findall(text):
        plain = word.lower().removesuffix("'s").removesuffix("’s").strip("'’")
        if plain not in STOPS and len(plain) > 1:
            yield plain


class Stems:
    """The stems of words, looked up once for each word."""

    def __init__(self) -> None:
        import Stemmer  # type: ignore[import-not-found,import-untyped,unused-ignore]  # only reports need it

        self._stem = Stemmer.Stemmer("english").stemWord
        self._known: dict[str, str] = {}

    def one(self, word: str) -> str:
        """The stem of a word; empty for one that says little."""
        found = self._known.get(word)
        if found is None:
            plain = next(words_in(word), "")
            found = self._known[word] = str(self._stem(plain)) if plain else ""
        return found

    def of(self, text: str) -> frozenset[str]:
        """The stems of the words of a text, without those that say little."""
        known = self._known
        return frozenset(
            stem for word in set(_WORDS.findall(text)) if (stem := known[word] if word in known else self.one(word))
        )


def _phrase(text: str, end: int) -> list[str]:
    """The words behind a figure that can belong to its noun: up to a mark, a number or a word such as `of`."""
    words: list[str] = []
    while len(words) < 6:
        found = _AFTER.match(text, end)
        if not found or (words and found[1] not in (" ", "-")) or (not words and found[1] not in (" ", "-")):
            break
        word = found[2]
        is_joined = word.lower() == "and" and words and words[-1][0].isupper() and text[found.end() + 1 :][:1].isupper()
        if word.lower() in STOPS and word.lower() not in _PHRASE_TRAITS and word != "such" and not is_joined:
            break
        words.append(word)
        end = found.end()
    return words


def _head(phrase: list[str]) -> str:
    """The noun of a phrase: its first plural; empty where there is none."""
    for index, word in enumerate(phrase):
        plain = _bare(word)
        follows = phrase[index + 1 : index + 2]
        if word.isupper():
            continue
        if plain in _GENERIC_PLURALS or (plain.endswith("s") and not plain.endswith(("ss", "us", "is"))):
            if follows == ["and"]:
                continue
            return plain
    return ""


def _up_to(phrase: list[str], head: str) -> list[str]:
    """The words of a phrase up to its noun; all of them where that is none of them."""
    words = [_bare(word) for word in phrase]
    return phrase[: words.index(head) + 1] if head in words else phrase


def _bare(word: str) -> str:
    return word.lower().removesuffix("'s").removesuffix("’").strip("'")


def _clause(text: str, readings: list[Reading], index: int) -> tuple[int, int]:
    """Where the clause of a figure begins and ends: between marks, and apart from other figures of the sentence."""
    this = readings[index]
    left, right = 0, len(text)
    for found in _BREAKS.finditer(text):
        if found.end() <= this.start:
            left = found.end()
        elif found.start() >= this.end:
            right = found.start()
            break
    if index and readings[index - 1].end > left and _divides(this, readings[index - 1]):
        before = readings[index - 1].end
        joins = list(_JOINS.finditer(text, before, this.start))
        left = joins[-1].start() if joins else before
    if index + 1 < len(readings) and readings[index + 1].start < right and _divides(this, readings[index + 1]):
        after = readings[index + 1].start
        join = _JOINS.search(text, this.end, after)
        right = join.start() if join else after
    return left, right


def _divides(this: Reading, other: Reading) -> bool:
    """Whether the other figure has a clause of its own; a date and a figure share one."""
    return (this.kind in ("date", "year")) == (other.kind in ("date", "year"))


# --- Sightings of a whole bid ----------------------------------------------------------------------------------------


def sightings(bid: Mapping[str, Any], said: Sequence[Sentence], stems: Stems) -> Iterator[Sighting]:
    """Every figure and date of a bid's plain data, those of typed fields first, then those of texts in their order."""
    yield from _typed(bid, stems)
    yield from _written(bid, said, stems)


class _Line(NamedTuple):
    """A sentence with its figures and what holds for all of them."""

    path: BidPath
    text: str
    number: int
    readings: list[Reading]
    wide: frozenset[str]
    cites: frozenset[str]
    years: frozenset[int]


class _Noun(NamedTuple):
    """What a figure counts: the noun behind it and the words of its phrase up to it."""

    head: str
    phrase: list[str]


def _written(bid: Mapping[str, Any], said: Sequence[Sentence], stems: Stems) -> Iterator[Sighting]:
    for number, (path, text, _) in enumerate(said):
        readings = list(readings_of(text))
        field = field_of(path) if readings else ""
        if not readings or field in _NAMES:
            continue
        wide = stems.of(f"{text} {_beside(bid, path)}") | _rates(text)
        years = _years(readings) or _year_of_source(bid, path)
        line = _Line(path, text, number, readings, wide, _cited(bid, path, text), years)
        unit = ""
        for index, reading in enumerate(readings):
            if field not in _REFERENCE_FIELDS or reading.kind == "date":
                found = _sighting(line, index, unit, stems)
                unit = found.unit if found else unit
                yield from [found] if found else []


def _sighting(line: _Line, index: int, unit_before: str, stems: Stems) -> Sighting | None:
    text, reading = line.text, line.readings[index]
    noun = _noun(text, reading)
    kind: Kind = "number" if reading.kind == "count" and not noun.head else reading.kind
    if kind == "number" and not text[reading.start].isdigit():
        return None  # a number word without a noun is as often a pronoun
    left, right = _clause(text, line.readings, index)
    clause = f"{text[left : reading.start]} {text[reading.end : right]}"
    before = _BREAKS.split(text[max(0, reading.start - 60) : reading.start])[-1]
    unit = stems.one(noun.head) if noun.head else ""
    if kind == "per-cent":
        unit = _nature(text, before, reading, clause, unit_before)
    about = " ".join(word for word in noun.phrase if word != "such") or _about_clause(clause)
    shown, piece = text[reading.start : reading.end], piece_around(text, reading.start, reading.end)
    return Sighting(
        mention=Mention(kind, reading.value, shown, line.path, piece, about),
        unit=unit,
        step=reading.step,
        near=stems.of(clause) | _other_figures(line.readings, index, left, right),
        wide=line.wide,
        modifiers=stems.of(" ".join(noun.phrase)) - {unit},
        traits=_traits(text, before, reading, noun.phrase),
        bound=_bound(before),
        years=line.years,
        names=_names(text, left, right),
        cites=line.cites,
        tense=_tense(line.path, clause, is_date=kind in ("date", "year")),
        claims=_claims(before, _after_noun(text, reading.end, noun.phrase)),
        sentence=line.number,
    )


def _noun(text: str, reading: Reading) -> _Noun:
    """The noun of a count; in a two-hour response it is the hour."""
    if reading.kind != "count":
        return _Noun("", [])
    phrase = _phrase(text, reading.end)
    if phrase and text[reading.end] == "-":
        return _Noun(phrase[0].lower(), phrase[:3])
    head = _head(phrase)
    return _Noun(head, _up_to(phrase, head))


def _about_clause(clause: str) -> str:
    return " ".join(list(words_in(clause))[:5])


def _other_figures(readings: list[Reading], index: int, left: int, right: int) -> frozenset[str]:
    """The other figures of a clause, which tell as much as a rare word."""
    others = (other for number, other in enumerate(readings) if number != index and left <= other.start < right)
    return frozenset(f"#{other.value.normalize():f}" for other in others if isinstance(other.value, Decimal))


def _nature(text: str, before: str, reading: Reading, clause: str, unit_before: str) -> str:
    """Whether a percentage says by how much something changes or how much it is."""
    is_change = (
        _CHANGE_AFTER.match(text, reading.end) or _CHANGE_BEFORE.search(before[-40:]) or _CHANGE_BY.search(before)
    )
    if is_change:
        return "change"
    return unit_before if unit_before == "change" and len(clause.split()) <= 3 else "level"


def _traits(text: str, before: str, reading: Reading, named: list[str]) -> frozenset[str]:
    """What makes a figure one of several of its kind: `first`, `another`, `a year`, the start of a range."""
    last = [word.lower() for word in _WORDS.findall(before)[-2:]]
    found = {word for word in last if word in _BEFORE_TRAITS} | {
        word for word in map(str.lower, named) if word in _PHRASE_TRAITS
    }
    if last and last[-1] in ("from", "between") and reading.kind not in ("date", "year"):
        found.add("from")
    if last and last[-1] == "to" and re.search(r"\bfrom\b|\d$", text[max(0, reading.start - 60) : reading.start - 3]):
        found.add("to")
    if re.match(r" of (?:the|our|its|them|whom|which|these|those|their)\b", text[reading.end : reading.end + 12]):
        found.add("part")
    rate = _RATE.match(text, reading.end) if reading.kind in ("money", "count", "number") else None
    if rate:
        found.add(f"a {rate[1]}")
    found |= {name for mark in _APART.finditer(text) for name, words in mark.groupdict().items() if words}
    if _EACH_OF_SEVERAL.search(before):
        found.add("each")
    return frozenset(found | ({"range"} if reading.is_range else set()))


def _bound(before: str) -> Bound:
    if _LEAST.search(before):
        return "least"
    if _MOST.search(before):
        return "most"
    last = _WORDS.findall(before)[-1:]
    return "about" if last and last[0].lower() in _ABOUT else ""


def _years(readings: list[Reading]) -> frozenset[int]:
    whens = [reading.value for reading in readings if isinstance(reading.value, When)]
    return frozenset(year for when in whens for year in range(when.first.year, when.last.year + 1))


def _year_of_source(bid: Mapping[str, Any], path: BidPath) -> frozenset[int]:
    """The years that a source can tell of which says none itself: that of its publication, and the year before."""
    year = value_at(bid, (*path[:-1], "year")) if path[:2] == ("evidence", "sources") else None
    return frozenset({year - 1, year}) if isinstance(year, int) else frozenset()


def _names(text: str, left: int, right: int) -> frozenset[str]:
    """The names in a clause: words with a capital that do not begin the sentence."""
    words = [found for found in _WORDS.finditer(text, left, right) if found.start() > 0]
    return frozenset(found[0].removesuffix("'s") for found in words if found[0][0].isupper() and found[0] not in MONTHS)


def _after_noun(text: str, end: int, named: list[str]) -> str:
    for word in named:
        end = text.find(word, end) + len(word)
    return text[end : end + 40]


def _claims(before: str, after: str) -> Claim:
    """Whether a figure counts all there are: `all eight teams`, `our eight teams`, or a text that begins so."""
    if _EACH.search(before):
        return "each"
    if _RESTRICTED.match(after):
        return ""
    last = before.split()[-1:]
    if not last:
        return "plain"
    word = last[0].lower()
    if word == "and" and (found := _FIRST_OF_TWO.search(before)):
        word = found[1].lower()
    return "whole" if word in _WHOLE or word.endswith(("'s", "s'", "’s", "s’")) else ""


def _tense(path: BidPath, clause: str, *, is_date: bool) -> Tense:
    """Whether a clause tells of what was or shall be; a date goes with what was."""
    field = field_of(path)
    if _PLAN.search(clause) and not (is_date and _PAST.search(clause)):
        return "plan"
    if _PAST.search(clause) or field.startswith(("capability.track_record", "evidence.sources[].finding")):
        return "past"
    return "plan" if field.startswith(("vision.efficiencies", "capability.workstreams")) else ""


def _rates(text: str) -> frozenset[str]:
    """What figures of a sentence are counted per, such as `per 100,000`."""
    return frozenset(found[0].lower() for found in _PER.finditer(text))


def _cited(bid: Mapping[str, Any], path: BidPath, text: str) -> frozenset[str]:
    """The ids of the sources that a sentence cites, or that its entry names; its own, for what a source found."""
    entry = value_at(bid, _entry_of(path))
    listed = entry.get("evidence") if isinstance(entry, Mapping) else None
    own = [str(entry["id"])] if path[:2] == ("evidence", "sources") and isinstance(entry, Mapping) else []
    in_text = (name.strip() for found in _CITATION.finditer(text) for name in found[1].split(","))
    return frozenset((*own, *(listed if isinstance(listed, (list, tuple)) else ()), *in_text))


# --- Typed fields ----------------------------------------------------------------------------------------------------


_COMPARED = frozenset({"amount", "value", "by", "when"})  # fields that texts are compared with by their words


def _typed(bid: Mapping[str, Any], stems: Stems) -> Iterator[Sighting]:
    for path, value in _leaves(bid, ()):
        kind = _typed_kind(bid, path, value)
        if kind is None:
            continue
        own, beside = (_own_words(bid, path), _beside(bid, path)) if path[-1] in _COMPARED else ("", "")
        unit = "peopl" if kind == "count" else "level" if kind == "per-cent" else ""
        yield Sighting(
            mention=Mention(kind, _typed_value(kind, value), _shown(kind, value), path, "", _about_field(path, own)),
            unit=unit,
            step=step_of(str(value), rounds=kind != "per-cent") if not isinstance(value, When) else Decimal(1),
            near=stems.of(own) | _figures_in(own) if own else frozenset(),
            wide=stems.of(f"{own} {beside}") | _rates(beside) if own else frozenset(),
            years=_years_beside(bid, path),
            cites=_cited(bid, path, beside) if own else frozenset(),
            tense="past" if "baseline" in path or path[-1] == "when" else "plan",
        )


def _leaves(part: Any, path: BidPath) -> Iterator[tuple[BidPath, Any]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(part, (list, tuple)):
        for index, value in enumerate(part):
            yield from _leaves(value, (*path, index))
    elif isinstance(part, (Decimal, When, int)) and not isinstance(part, bool):
        yield path, part


def _typed_kind(bid: Mapping[str, Any], path: BidPath, value: object) -> Kind | None:
    name = path[-1]
    if isinstance(value, When):
        return "date"
    if name in ("amount", "total"):
        return "money"
    if name in ("population", "size"):
        return "count"
    if name == "year":
        return "year"
    if name == "value":
        unit = value_at(bid, (*path[:-2], "unit"))
        return "per-cent" if isinstance(unit, str) and re.match(r"per ?cent|%", unit.strip().lower()) else "number"
    return None


def _typed_value(kind: Kind, value: Any) -> Value:
    if isinstance(value, When):
        return value
    if kind == "year":
        return When(date(value, 12, 31), date(value, 1, 1), str(value))
    return Decimal(value)


def _shown(kind: Kind, value: Any) -> str:
    if isinstance(value, When):
        return long_date(value)
    return shown_value(kind, Decimal(value))


def shown_value(kind: Kind, value: Decimal) -> str:
    """A figure as a ledger shows it: `£640,000`, `54 per cent`, `5,200`."""
    if kind == "money":
        return pounds(value)
    number = f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    if kind == "year":
        return str(int(value))
    return f"{number} per cent" if kind == "per-cent" else number


def _entry_of(path: BidPath) -> BidPath:
    """The innermost entry of a list that a path leads into, or the section or part that its field belongs to."""
    entry = max((index for index, step in enumerate(path) if isinstance(step, int)), default=len(path) - 2)
    return path[: entry + 1]


_FIRST_TEXTS = ("outcome", "measure", "efficiency", "who", "source", "action", "what", "barrier", "risk", "activity")


def _own_words(bid: Mapping[str, Any], path: BidPath) -> str:
    """What the entry of a typed field is about: its first text, with an outcome's measure."""
    entry = value_at(bid, _entry_of(path))
    texts = [entry.get(name) for name in _FIRST_TEXTS] if isinstance(entry, Mapping) else []
    return " ".join(text for text in texts if isinstance(text, str))


def _beside(bid: Mapping[str, Any], path: BidPath) -> str:
    """The texts that stand in the same entry of a list, and the name of the entry around it."""
    at = _entry_of(path)
    if not at or not isinstance(at[-1], int):
        return ""
    around = value_at(bid, _entry_of(at[:-1])) if len(at) > 2 else None
    name = around.get("name") if isinstance(around, Mapping) else None
    texts = _plain_texts(value_at(bid, at))
    return " ".join([*texts, name if isinstance(name, str) else ""])


def _plain_texts(part: Any) -> list[str]:
    values = part.values() if isinstance(part, Mapping) else ()
    return [value for value in values if isinstance(value, str)]


def _figures_in(text: str) -> frozenset[str]:
    values = (reading.value for reading in readings_of(text))
    return frozenset(f"#{value.normalize():f}" for value in values if isinstance(value, Decimal))


def _years_beside(bid: Mapping[str, Any], path: BidPath) -> frozenset[int]:
    """The years that a typed figure is for: its own date, or the year of its entry."""
    beside = value_at(bid, path[:-1])
    if isinstance(value_at(bid, path), When) or not isinstance(beside, Mapping):
        return frozenset()
    when = beside.get("date") or beside.get("by")
    if isinstance(when, When):
        return frozenset({when.first.year})
    year = beside.get("year")
    return _years(list(readings_of(year))) if isinstance(year, str) else frozenset()


def _about_field(path: BidPath, own: str) -> str:
    field = " ".join(step for step in path[-2:] if isinstance(step, str)).replace("_", " ")
    return f"{field}: {own}" if own else field
