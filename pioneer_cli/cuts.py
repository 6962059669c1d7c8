"""What to cut from a bid that is too long: proved cuts, and the shortest set of them found that fits.

A cut is only offered when the bid, typeset again without it, is at least a line shorter, and what it saves is what was
measured then. What it costs is the score of the bid judged again without it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, log
from typing import Any, Literal

from pioneer_cli.edits import Removal, Span, paragraphs_of, sentences_of, value_at, without
from pioneer_cli.page_use import PageUse
from pioneer_cli.press import Press, Printed
from pioneer_cli.tree import BidPath

CutKind = Literal["short-last-line", "repeated", "earns-nothing", "over-budget", "row", "paragraph"]
MOST_TRIED = 36  # cuts that are typeset one by one, the most promising first; and one more for each line needed
MOST_SHORT = 14  # short last lines among them, which save but a line each; half of them where more must go
MOST_CORRECTIONS = 12  # times that a set of cuts is typeset to make it smaller
_LEAST = Fraction(9, 10)  # of a line that a cut must save to be offered
_AT_ONCE = 6  # cuts that are proved before a set of them is sought
_ALIKE = 0.6  # share of a sentence's own BM25 from which another says the same (house)
_LEAST_WORDS = 8  # of a sentence that can repeat another
_SHORT = 3  # words in a last line from which a paragraph is worth a shorter word
_KEPT = ("partners", "health_and_wellbeing_boards")  # who signed and who agreed are facts, not words

Score = Callable[[Mapping[str, Any]], Fraction]


@dataclass(frozen=True, slots=True)
class Cut:
    """Something to take out: of which kind, in which passage, counted from 0, and section, and what it says.

    `lines` is what the layout promises and, once it was typeset, what was saved; `words` how many go, and `cost` the
    points of 100 lost.
    """

    kind: CutKind
    removal: Removal
    place: int
    section: str
    quote: str
    reason: str
    lines: Fraction
    words: int
    cost: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class CutList:
    """The proved cuts, best first, and the set that brings the bid within its limit, empty where none was found.

    `needed` is how many lines must go. `set_pages` is how many pages the bid has without the set, and `set_cost` the
    points of 100 that the set costs.
    """

    needed: Fraction
    cuts: tuple[Cut, ...]
    chosen: tuple[Cut, ...]
    set_pages: int
    set_cost: Fraction
    tried: int


def cut_list(
    bid: Mapping[str, Any], printed: Printed, use: PageUse, earning: frozenset[BidPath], press: Press, score: Score
) -> CutList:
    """The cuts of a bid that is over its limit of pages; `earning` are the places on which some finding rests.

    Each is proved by typesetting the bid without it on one endless page, where no page break hides what it saves; the
    set is proved on real pages.
    """
    needed, limit = -use.lines_left, use.limit or 0
    base, before = score(bid), press.lines(bid)
    waiting = _by_promise(_distinct(candidates(bid, printed, use, earning)), needed, earning)
    most = min(len(waiting), MOST_TRIED + ceil(needed))
    proved: list[Cut] = []
    chosen: list[Cut] = []
    tried, pages = 0, use.count
    while tried < most and not chosen:
        some = waiting[tried : min(most, tried + _AT_ONCE)]
        tried += len(some)
        rests = [without(bid, [cut.removal]) for cut in some]
        for cut, rest, after in zip(some, rests, press.lines_of_each(rests), strict=True):
            if before - after >= _LEAST:
                cost = Fraction(0) if cut.kind == "short-last-line" else base - score(rest)
                proved.append(replace(cut, lines=before - after, cost=cost))
        if _saved(_apart(sorted(proved, key=_rank))) >= needed:
            chosen, pages = _set(_apart(sorted(proved, key=_rank)), bid, needed, limit, press)
    cost = base - score(without(bid, [cut.removal for cut in chosen])) if chosen else Fraction(0)
    return CutList(needed, tuple(sorted(proved, key=_rank)), tuple(chosen), pages, cost, tried)


def _rank(cut: Cut) -> tuple[object, ...]:
    """By the points lost, and then the words, for each line saved; the later of two first, as less stands behind it."""
    return (max(Fraction(0), cut.cost) / cut.lines, cut.words / cut.lines, -cut.place)


def _by_promise(found: Sequence[Cut], needed: Fraction, earning: frozenset[BidPath]) -> list[Cut]:
    """The cuts in the order in which they are tried: some short last lines, and then the others.

    Late short lines come first; of the others those on which nothing rests, and the longest where much must go.
    """
    few = min(2 * ceil(needed) + 4, MOST_SHORT if needed < MOST_SHORT else MOST_SHORT // 2)
    short = [cut for cut in found if cut.kind == "short-last-line"][::-1][:few]
    others = sorted(
        (cut for cut in found if cut.kind != "short-last-line"),
        key=lambda cut: (_earns(cut.removal.path, earning), _steps(cut, needed), cut.words / cut.lines, -cut.place),
    )
    return short + others


def _steps(cut: Cut, needed: Fraction) -> int:
    """How many cuts like this one it would take, roughly, so that those of like length are ordered by their words."""
    return int(log(1 + needed / cut.lines, 2))


def _earns(path: BidPath, earning: frozenset[BidPath]) -> bool:
    """Whether a finding rests on what stands at a path, in it or around it."""
    return any(path[: len(place)] == place or place[: len(path)] == path for place in earning)


def _apart(cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts in their order, without those that overlap an earlier one."""
    kept: list[Cut] = []
    for cut in cuts:
        if not any(cut.removal.overlaps(other.removal) for other in kept):
            kept.append(cut)
    return kept


def _saved(cuts: Sequence[Cut]) -> Fraction:
    return sum((cut.lines for cut in cuts), Fraction(0))


# --- The set ---------------------------------------------------------------------------------------------------------


def _set(
    waiting: list[Cut], bid: Mapping[str, Any], needed: Fraction, limit: int, press: Press
) -> tuple[list[Cut], int]:
    """The fewest words found whose going brings the bid within the limit, and the pages that are left; or no cuts."""
    chosen: list[Cut] = []
    while waiting:
        short = max(needed - _saved(chosen), Fraction(1))
        added: list[Cut] = []
        while waiting and _saved(added) < short:
            added.append(waiting.pop(0))
        chosen += added
        if _saved(chosen) >= needed:
            pages = _pages(chosen, bid, press)
            if pages <= limit:
                return _fewer(chosen, bid, needed, limit, press)
    return [], limit + 1


def _fewer(
    chosen: list[Cut], bid: Mapping[str, Any], needed: Fraction, limit: int, press: Press
) -> tuple[list[Cut], int]:
    """The set without those of its cuts that it does not need, the ones that cost most points or words first."""
    pages = _pages(chosen, bid, press)
    tries = MOST_CORRECTIONS
    for cut in sorted(chosen, key=lambda cut: (-cut.cost, -cut.words, cut.place)):
        rest = [other for other in chosen if other is not cut]
        if tries and _saved(rest) >= needed - 1:
            tries -= 1
            found = _pages(rest, bid, press)
            if found <= limit:
                chosen, pages = rest, found
    return sorted(chosen, key=lambda cut: cut.place), pages


def _pages(cuts: Sequence[Cut], bid: Mapping[str, Any], press: Press) -> int:
    return press.typeset(without(bid, [cut.removal for cut in cuts])).typeset.count


# --- Candidates ------------------------------------------------------------------------------------------------------


def candidates(bid: Mapping[str, Any], printed: Printed, use: PageUse, earning: frozenset[BidPath]) -> Iterator[Cut]:
    """What might be cut, with the lines that the layout promises; nothing is proved yet."""
    over = {section.name for section in use.sections if section.over_budget}
    yield from _short_last_lines(bid, printed)
    for path, text in _prose(printed, bid):
        yield from _parts_of_prose(path, text, printed, earning, over)
    yield from _repeated(bid, printed)
    yield from _rows(bid, printed)


def _distinct(found: Iterator[Cut]) -> list[Cut]:
    """Each removal once, by the first reason for it."""
    kept: dict[Removal, Cut] = {}
    for cut in found:
        kept.setdefault(cut.removal, cut)
    return list(kept.values())


def _prose(printed: Printed, bid: Mapping[str, Any]) -> Iterator[tuple[BidPath, str]]:
    """The fields that are printed as paragraphs of their own, with their text; none of a row's, and no names."""
    for path in dict.fromkeys(passage.path for passage in printed.passages):
        text = value_at(bid, path)
        if isinstance(text, str) and path[-1] not in ("title", "name") and not any(isinstance(s, int) for s in path):
            yield path, text


def _lines_of(printed: Printed, path: BidPath) -> list[tuple[str, Fraction, int]]:
    """The text, lines and words in the last line of each passage that prints a path."""
    places = printed.typeset.places
    return [
        (passage.text, places[number].lines, places[number].last_words)
        for number, passage in enumerate(printed.passages)
        if passage.path == path and number in places
    ]


def _place_of(printed: Printed, path: BidPath) -> tuple[int, str]:
    """The number of the first passage that prints a path or something in it, and its section."""
    found = enumerate(printed.passages)
    return next((number, passage.section) for number, passage in found if passage.path[: len(path)] == path)


def _parts_of_prose(
    path: BidPath, text: str, printed: Printed, earning: frozenset[BidPath], over: set[str]
) -> Iterator[Cut]:
    """A field as a whole where nothing rests on it, each of its paragraphs, and sentences where the room is short."""
    place, section = _place_of(printed, path)
    lines = sum((lines for _, lines, _ in _lines_of(printed, path)), Fraction(0))
    characters = max(1, len(text))
    if path != ("summary",) and not _earns(path, earning):  # which a panel reads first
        reason = "no finding rests on it"
        yield Cut("earns-nothing", Removal(path), place, section, _quote(text), reason, lines, len(text.split()))
    pieces: list[tuple[CutKind, Span, str]] = []
    paragraphs = paragraphs_of(text)
    if len(paragraphs) > 1:
        pieces += [("paragraph", span, f"one of {len(paragraphs)} paragraphs") for span in paragraphs]
    if section in over:
        pieces += [("over-budget", span, "in a section that is over its budget") for span in sentences_of(text)]
    for kind, (start, end), reason in pieces:
        promised = Fraction(int(lines * (end - start) / characters))
        if promised >= 1:
            piece = text[start:end]
            yield Cut(
                kind, Removal(path, start, end), place, section, _quote(piece), reason, promised, len(piece.split())
            )


def _short_last_lines(bid: Mapping[str, Any], printed: Printed) -> Iterator[Cut]:
    """Passages whose last line holds one to three words: as many words less, anywhere in them, save that line."""
    for number, passage in enumerate(printed.passages):
        place = printed.typeset.places.get(number)
        text = value_at(bid, passage.path)
        if place is None or not 1 <= place.last_words <= _SHORT or not passage.path or not isinstance(text, str):
            continue
        span = _last_words(text, passage.text, place.last_words)
        if span is not None:
            words = "word" if place.last_words == 1 else "words"
            reason = f"its last line holds {place.last_words} {words}: say the passage in so many less"
            removal = Removal(passage.path, *span)
            quote = text[slice(*span)].strip()
            yield Cut("short-last-line", removal, number, passage.section, quote, reason, Fraction(1), place.last_words)


def _last_words(text: str, printed_text: str, count: int) -> Span | None:
    """Where the last words of a passage stand in the bid's text, the mark that ends them left out; None for markup."""
    words = [re.escape(word) for word in printed_text.split()[-max(count + 1, 3) :]]
    found = re.search(r"\s+".join(words), text) if words else None
    if found is None or re.search(r"[*_\\]", found.group()):
        return None
    starts = [word.start() for word in re.finditer(r"\S+", found.group())]
    if len(starts) <= count:
        return None
    ending = re.search(r"[.!?,;:]?$", found.group())
    end = found.start() + (ending.start() if ending else len(found.group()))
    before = re.search(r"\s+$", text[: found.start() + starts[-count]])
    start = before.start() if before else found.start() + starts[-count]
    return (start, end) if end > start else None


def _rows(bid: Mapping[str, Any], printed: Printed) -> Iterator[Cut]:
    """Entries of lists, each of which is a row of a table or an item; a source that is cited is needed."""
    cited = _cited(bid)
    spans: dict[BidPath, list[tuple[Fraction, Fraction]]] = {}
    for number, passage in enumerate(printed.passages):
        place = printed.typeset.places.get(number)
        if place is not None:
            for entry in _entries(passage.path):
                spans.setdefault(entry, []).append((place.start, place.end))
    for entry, found in spans.items():
        entries = value_at(bid, entry[:-1])
        if len(entries) > 1 and not (entry[:2] == ("evidence", "sources") and value_at(bid, (*entry, "id")) in cited):
            lines = max(end for _, end in found) - min(start for start, _ in found) + 1
            quote, words = _quote(_first_text(value_at(bid, entry))), _words_in(value_at(bid, entry))
            reason = f"one of {len(entries)} entries"
            yield Cut("row", Removal(entry), *_place_of(printed, entry), quote, reason, lines, words)


def _entries(path: BidPath) -> Iterator[BidPath]:
    """The entries of lists that a path leads through, but for those that no bid is better without."""
    for length, step in enumerate(path, start=1):
        if isinstance(step, int) and path[0] not in _KEPT:
            yield path[:length]


def _cited(part: object) -> set[str]:
    """The ids of the sources that entries name as their evidence, or that stand in brackets in a text."""
    if isinstance(part, str):
        return {word for bracket in re.findall(r"\[([^\[\]]+)\]", part) for word in re.findall(r"[^\s,;]+", bracket)}
    if isinstance(part, list):
        return set().union(*map(_cited, part))
    if not isinstance(part, Mapping):
        return set()
    named = part.get("evidence")
    own = {name for name in named if isinstance(name, str)} if isinstance(named, list) else set()
    return own.union(*map(_cited, part.values()))


def _first_text(entry: object) -> str:
    values = entry.values() if isinstance(entry, Mapping) else ()
    texts = [value for value in values if isinstance(value, str) and " " in value.strip()]
    return texts[0] if texts else next((value for value in values if isinstance(value, str)), "")


def _words_in(part: object) -> int:
    """How many words an entry has, all its fields together; a figure or a date counts as one."""
    if isinstance(part, (Mapping, list)):
        return sum(map(_words_in, part.values() if isinstance(part, Mapping) else part))
    return len(str(part).split()) if part is not None else 0


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else line[:69].rsplit(" ", 1)[0] + "…"


# --- Repeated text ---------------------------------------------------------------------------------------------------


def _repeated(bid: Mapping[str, Any], printed: Printed) -> Iterator[Cut]:
    """Sentences that say again what another sentence of the bid says, by BM25 over the bid's own sentences."""
    sentences = [(path, span, text[slice(*span)]) for path, text in _prose(printed, bid) for span in sentences_of(text)]
    for later, earlier in alike([text for _, _, text in sentences]):
        path, (start, end), text = sentences[later]
        characters = max(1, len(str(value_at(bid, path))))
        lines = sum((lines for _, lines, _ in _lines_of(printed, path)), Fraction(0))
        promised = Fraction(int(lines * (end - start) / characters))
        reason = f"says again what `{'.'.join(map(str, sentences[earlier][0]))}` says"
        removal = Removal(path, start, end)
        lines_less = max(promised, Fraction(1))
        yield Cut("repeated", removal, *_place_of(printed, path), _quote(text), reason, lines_less, len(text.split()))


def alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts, the later one first, of which the later says nearly what the earlier does.

    Robertson and Zaragoza's BM25 (2009) with k1 = 1.2 and b = 0.75: a text finds another when that one scores at least
    six tenths of what the text scores against itself.
    """
    bags = [Counter(re.findall(r"[a-z0-9]{3,}", text.lower())) for text in texts]
    if not bags:
        return
    average = max(1.0, sum(bag.total() for bag in bags) / len(bags))
    documents = Counter(word for bag in bags for word in bag)
    weight = {word: log(1 + (len(bags) - n + 0.5) / (n + 0.5)) for word, n in documents.items()}

    def bm25(query: Counter[str], bag: Counter[str]) -> float:
        norm = 1.2 * (0.25 + 0.75 * bag.total() / average)
        return sum(weight[word] * bag[word] * 2.2 / (bag[word] + norm) for word in query if word in bag)

    for later, query in enumerate(bags):
        if query.total() < _LEAST_WORDS:
            continue
        itself = bm25(query, query)
        best = max(range(later), key=lambda other: bm25(query, bags[other]), default=None)
        if best is not None and bm25(query, bags[best]) >= _ALIKE * itself:
            yield later, best
