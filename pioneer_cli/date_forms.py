"""Dates in the forms that people write, read into `2013-06-28` where no other date can be meant."""

import re
from calendar import monthrange

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
