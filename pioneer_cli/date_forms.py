"""Dates in the forms that people write, read into `2013-06-28` where no other can be meant; and why some cannot."""

import re
from calendar import monthrange
from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = 1900, 2099  # as the models allow

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
          "nov": 11, "dec": 12}  # fmt: skip
_NUMBER_OF_MONTH = _SHORT | {f"{name}.": number for name, number in _SHORT.items()}
_NUMBER_OF_MONTH |= {name: number for number, name in enumerate(_MONTHS, 1)}

_APART = "[-/.\u2010\u2011\u2013]"  # with the hyphens and dashes that a word processor makes
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -](?:of )?([a-z]+\.?),?[ -]([0-9]{4})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]+\.?) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.IGNORECASE)
_MONTH_ALONE = re.compile(r"([a-z]+\.?),?[ -]([0-9]{4})", re.IGNORECASE)
_YEAR_FIRST_IN_FIGURES = re.compile(rf"([0-9]{{4}})({_APART})([0-9]{{1,2}})\2([0-9]{{1,2}})")
_YEAR_LAST_IN_FIGURES = re.compile(rf"([0-9]{{1,2}})({_APART})([0-9]{{1,2}})\2([0-9]{{4}})")
_MONTH_IN_FIGURES = re.compile(rf"([0-9]{{4}}){_APART}([0-9]{{1,2}})|([0-9]{{1,2}}){_APART}([0-9]{{4}})")
_TWO_FIGURES = re.compile(
    rf"[0-9]{{1,2}}({_APART})[0-9]{{1,2}}\1[0-9]{{2}}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?[ -](?:of )?([a-z]+)\.?,?[ -]['\u2019]?[0-9]{2}"
    r"|([a-z]+)\.? [0-9]{1,2}(?:st|nd|rd|th)?,? ['\u2019]?[0-9]{2}",
    re.IGNORECASE,
)

_Read = tuple[int, int, int | None]  # year, month, and day where there is one


def iso_form(text: str, *, month_will_do: bool) -> str:
    """A date in another form as `2013-06-28`, or as `2013-06` where a month will do; empty when it is not certain.

    3/4/2013 is not: it is the third of April in England and the fourth of March elsewhere, and it may have been copied
    from either. 28/6/2013, 6/28/2013 and 5/5/2013 leave no doubt.
    """
    year, month, day = _read(text.strip(" \t")) or (0, 0, None)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return ""
    if day is None:
        return f"{year}-{month:02}" if month_will_do else ""
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= monthrange(year, month)[1] else ""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Why a date in words or figures is no certain date, as the end of a sentence about it, and what to write."""

    why: str
    hint: str


_SHORT_YEAR = Uncertain("has only two figures of its year", "write the whole year first, such as 2013-05-31")


def why_uncertain(text: str) -> Uncertain | None:
    """What is wrong with a text that looks like a date and of which `iso_form` is not certain; None for any other."""
    text = text.strip(" \t")
    if two := _both_orders(text):
        (year, *first), (_, *second) = two
        named = " or ".join(f"{day} {_MONTHS[month - 1].capitalize()}" for month, day in (first, second))
        written = " or ".join(f"{year}-{month:02}-{day:02}" for month, day in (first, second))
        return Uncertain(f"can be {named}", f"write {written}")
    if short := _TWO_FIGURES.fullmatch(text):
        word = short[2] or short[3]
        return _SHORT_YEAR if not word or _month(word) else None
    read, figures = _read(text), _YEAR_LAST_IN_FIGURES.fullmatch(text)
    if read is None and figures and FIRST_YEAR <= int(figures[4]) <= LAST_YEAR:
        return Uncertain("is not in the calendar", "no day of any month has these numbers")
    year, month, day = read or (0, 0, None)
    if not FIRST_YEAR <= year <= LAST_YEAR or (re.search("[A-Za-z]", text) and not month):
        return None
    if not 1 <= month <= 12:
        return Uncertain("is not in the calendar", "a year has twelve months")
    days = monthrange(year, month)[1]
    certain = day is None or 1 <= day <= days
    return None if certain else Uncertain("is not in the calendar", f"that month has {days} days")


def _both_orders(text: str) -> tuple[tuple[int, int, int], tuple[int, int, int]] | None:
    """Year, month and day as in England and as in America, where both are dates and not the same."""
    found = _YEAR_LAST_IN_FIGURES.fullmatch(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    both = first != second and 1 <= first <= 12 and 1 <= second <= 12
    return ((year, second, first), (year, first, second)) if both and FIRST_YEAR <= year <= LAST_YEAR else None


def _read(text: str) -> _Read | None:
    if found := _YEAR_FIRST_IN_FIGURES.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _YEAR_LAST_IN_FIGURES.fullmatch(text):
        return _year_last(int(found[1]), int(found[3]), int(found[4]))
    if found := _MONTH_IN_FIGURES.fullmatch(text):
        return int(found[1] or found[4]), int(found[2] or found[3]), None
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[3]), _month(found[2]), int(found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return int(found[3]), _month(found[1]), int(found[2])
    if found := _MONTH_ALONE.fullmatch(text):
        return int(found[2]), _month(found[1]), None
    return None


def _year_last(first: int, second: int, year: int) -> _Read | None:
    """Day and month in the only order in which the two can stand; None when both orders give a date."""
    if first == second or second <= 12 < first:
        return year, second, first
    return (year, first, second) if first <= 12 < second else None


def _month(word: str) -> int:
    """The number of a month by its name or its first letters; 0 for any other word."""
    return _NUMBER_OF_MONTH.get(word.lower(), 0)
