"""What a figure or a date looks like in a text, and what it is worth.

Regular expressions that run in linear time find money, percentages, counts, days, months and years. What only looks
like a figure is passed over: ids, numbers of minutes and sections, ages, ordinals, and the word "one".
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pioneer_cli.quantities import When, parse_when
from pioneer_cli.tree import BidPath

Kind = Literal["money", "per-cent", "count", "date", "year", "number"]
KINDS: tuple[Kind, ...] = ("money", "per-cent", "count", "number", "date", "year")  # the order of a ledger
Value = Decimal | When

LONGEST_PIECE = 100  # characters of the words around a figure


class Mention(NamedTuple):
    """A figure or date where it stands: pounds, per cent, a count, a number, or a day, month or year as a `When`.

    `shown` is as it is written, `piece` the words around it in its text, empty for a field that holds only the figure;
    `about` is the noun behind it, or its field in words.
    """

    kind: Kind
    value: Value
    shown: str
    path: BidPath
    piece: str
    about: str


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


# --- What a figure looks like ----------------------------------------------------------------------------------------

_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORTH = {
    **{word: number for number, word in enumerate(_UNITS, start=1)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_TIMES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9, "hundred": 100}

_WORD = rf"(?i:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_UNITS[:9])}))?|{'|'.join(reversed(_UNITS[1:]))})"
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,12})(?:\.\d{1,4})?(?![\d])"
_FIGURE = rf"(?:{_DIGITS}|{_WORD}\b)"
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_YEAR = r"(?:19|20)\d\d"
_REFERENCES = (
    r"(?i:minutes?|sections?|paragraphs?|paras?|items?|numbers?|no\.|nos\.|appendix|appendices|annex|chapters?|"
    r"articles?|pages?|figures?|tables?|version|phases?|stages?|steps?|priority|domains?|tiers?|levels?|bands?|"
    r"questions?|grades?|types?|insights?|regulations?|schedules?|clauses?|room|hwb|bn|tel|fax)"
)
_SKIPPED = "|".join(
    (
        r"\[[^\[\]]{0,80}\]",  # ids of sources
        rf"{_REFERENCES} \d[\d./]*(?:(?:,| and| to|,? or) \d[\d./]*(?![\d%])(?! per))?",
        r"(?:Act|Order|Regulations|Bill) (?:19|20)\d\d",
        r"(?i:ages?|aged|age of|turns?|turned) \d{1,3}(?:(?: to | and |-|–)\d{1,3})?",
        r"(?i:over|under|above|below)[- ]\d\ds?(?=[.,;:)]|$| (?:and|or|who|with|in|is|are|have|live|to|at)\b)",
        r"\d{1,2}(?:-to-| to |-|–)\d{1,2}(?![\d,./%])(?! per ?cent)",  # ages as a rule: 13 to 19, 14-to-25
        r"\d{1,4}(?:st|nd|rd|th)\b(?! (?:" + "|".join(MONTHS) + r"))",
        rf"\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}\b(?! \d{{4}})",  # a day without its year
        r"\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b",
        r"0\d[\d ]{3,20}",  # telephone numbers
        r"(?i:per) \d[\d,]{0,14}",
        r"\d{1,2}[.)] (?=[A-Z])",  # the number of a list's item
        r"[A-Za-z]{1,20}\d[\w/.-]{0,20}",
    )
)
_FIGURES = re.compile(
    r"(?<![\w/£])(?<!\d[.,])(?:"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<day_month>{_MONTH}) (?P<day_year>{_YEAR})\b"
    rf"|(?P<month>{_MONTH}) (?P<month_year>{_YEAR})(?![\d/])"
    rf"|(?P<money>£ ?(?P<pounds>{_DIGITS})(?: ?(?P<pounds_times>k|K|m|M|bn|million|billion|thousand)\b)?)"
    rf"|(?P<thousands>\d{{1,6}}(?:\.\d{{1,3}})?)[kK]\b"
    rf"|(?P<range>{_FIGURE}(?: to |-|–| and )(?=[\d\w])){_FIGURE}(?: ?%| per ?cent\b)"
    rf"|(?P<per_cent>{_FIGURE})(?: ?%| per ?cent\b|[ -]percentage points?\b)"
    rf"|(?P<first_year>{_YEAR})(?: to |–|-)(?P<last_year>{_YEAR})(?![\d/])"
    rf"|(?P<financial>{_YEAR})[/–-](?P<financial_end>\d\d)(?!\d)"
    rf"|(?P<of>(?:one|One)|{_WORD}|\d{{1,2}})(?P<of_noun> [a-z]{{3,15}})? (?:in|out of) (?P<all>{_WORD}|\d{{1,4}})\b"
    r"(?! ?%|,| per ?cent|st|nd|rd|th|[ -](?:days?|weeks?|months?|years?|hours?|areas?|wards?|teams?|places?|towns?))"
    rf"|(?P<skipped>{_SKIPPED})"
    rf"|(?P<year>{_YEAR})(?![\d/.,]\d)(?!\d)(?! (?:people|staff|homes|patients|beds|residents|carers|volunteers)\b)"
    rf"|(?P<count>{_FIGURE})(?: (?P<count_times>hundred|thousand|million|billion|m|bn)\b)?"
    r")"
)
_DIGIT = re.compile(r"\d")
_BEGINNINGS = (
    "two",
    "thre",
    "thir",
    "four",
    "five",
    "fif",
    "fort",
    "six",
    "seven",
    "eigh",
    "nine",
    "ten",
    "elev",
    "twe",
    "one",
)


def worth(text: str) -> Decimal:
    """What a figure in digits or in words is worth."""
    if text[0].isdigit():
        return Decimal(text.replace(",", ""))
    return Decimal(sum(_WORTH[word] for word in text.lower().split("-")))


def step_of(digits: str, times: int = 1, *, rounds: bool = True) -> Decimal:
    """How finely a figure is given: 100,000 for `£1.2m`, and 100 for `5,200`, since it ends in two noughts."""
    bare = digits.replace(",", "")
    if not bare[0].isdigit():
        return Decimal(times)
    whole, _, fraction = bare.partition(".")
    if fraction:
        return Decimal(times).scaleb(-len(fraction))
    noughts = len(whole) - len(whole.rstrip("0")) if rounds and len(whole) > 2 else 0
    return Decimal(times * 10 ** min(noughts, len(whole) - 1))


class Reading(NamedTuple):
    """A figure as one sentence gives it, with where it stands in the sentence."""

    kind: Kind
    value: Value
    step: Decimal
    start: int
    end: int
    is_range: bool = False


def readings_of(text: str) -> Iterator[Reading]:
    """The figures and dates of a line, in their order."""
    small = text.lower()
    if not _DIGIT.search(text) and not any(word in small for word in _BEGINNINGS):
        return  # the long expression need not be tried
    for found in _FIGURES.finditer(text):
        reading = _reading(found, text)
        if reading is not None:
            yield reading


def _reading(found: re.Match[str], text: str) -> Reading | None:
    start, end = found.span()
    if found["skipped"]:
        return None
    if found["day"] or found["month"] or found["year"] or found["financial"] or found["first_year"]:
        when = _when(found)
        kind: Kind = "date" if found["day"] or found["month"] else "year"
        return Reading(kind, when, Decimal(1), start, end, bool(found["first_year"])) if when else None
    if found["money"]:
        times = _TIMES.get((found["pounds_times"] or "").lower(), 1)
        return Reading("money", worth(found["pounds"]) * times, step_of(found["pounds"], times), start, end)
    if found["thousands"]:
        times = _TIMES["k"]
        return Reading("money", Decimal(found["thousands"]) * times, step_of(found["thousands"], times), start, end)
    if found["per_cent"] or found["range"]:
        figure = found["per_cent"] or re.split(r" to |-|–| and ", found["range"])[0]
        return Reading(
            "per-cent", worth(figure), step_of(figure, rounds=False), start, end, is_range=bool(found["range"])
        )
    if found["of"]:
        part, whole = worth(found["of"]), worth(found["all"])
        return Reading("per-cent", 100 * part / whole, 100 / whole, start, end) if part < whole else None
    if _is_name(text, start, end):
        return None
    times = _TIMES.get(found["count_times"] or "", 1)
    return Reading("count", worth(found["count"]) * times, step_of(found["count"], times), start, end)


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a number word belongs to a name, such as the Five Year Forward View."""
    return text[start].isupper() and (start > 0 or text[end : end + 5] == " Year") and text[end + 1 : end + 2].isupper()


def _when(found: re.Match[str]) -> When | None:
    if found["day"]:
        month = MONTHS.index(found["day_month"]) + 1
        try:
            day = date(int(found["day_year"]), month, int(found["day"]))
        except ValueError:
            return None
        return When(day, day, day.isoformat())
    if found["month"]:
        return parse_when(f"{found['month_year']}-{MONTHS.index(found['month']) + 1:02}")
    if found["financial"]:
        first, end = int(found["financial"]), int(found["financial_end"])
        last = first - first % 100 + end
        return When(date(last, 3, 31), date(first, 4, 1), found[0]) if last > first else None
    first, last = int(found["first_year"] or found["year"]), int(found["last_year"] or found["year"])
    return When(date(last, 12, 31), date(first, 1, 1), found[0]) if last >= first else None


def order_of(bid: Any, path: BidPath) -> tuple[int, ...]:
    """Where a path stands in the order of a bid's plain data, to sort by."""
    steps = []
    for step in path:
        steps.append(step if isinstance(step, int) else list(bid).index(step))
        bid = bid[step]
    return tuple(steps)


def piece_around(text: str, start: int, end: int) -> str:
    """At most about a hundred characters of a line around a figure, cut between words."""
    if len(text) <= LONGEST_PIECE:
        return text
    left = max(0, min(start - 40, len(text) - LONGEST_PIECE))
    right = min(len(text), max(end, left + LONGEST_PIECE))
    if left and " " in text[left:start]:
        left = text.index(" ", left) + 1
    if right < len(text) and " " in text[end:right]:
        right = text.rindex(" ", end, right)
    return text[left:right].strip()
