"""Dates, money, counts and other figures as bid writers write them, read into exact values.

Each type is one pattern or range, used by the reader and by the JSON Schema alike, so that both accept the same. A
value that does not fit raises pydantic's custom error with a code of ours; `validate` puts it beside its place.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, NoReturn, TypeGuard

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_END = r"(?![\s\S])"  # the end of the text in every regular-expression dialect; `$` also allows a line break before it
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
DAY_PATTERN = f"^{_YEAR}-{_MONTH}-{_DAY}{_END}"
MONTH_PATTERN = f"^{_YEAR}-{_MONTH}{_END}"
WHEN_PATTERN = f"^{_YEAR}-{_MONTH}(?:-{_DAY})?{_END}"
_FRACTION = r"(?:\.[0-9]{1,6})?"
_BELOW = {  # figures of at most so many digits, with or without commas
    digits: rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,{digits // 3 - 1}}}|[0-9]{{1,{digits}}})" for digits in (12, 9, 6)
}
COUNT_PATTERN = f"^{_BELOW[12]}{_END}"
MONEY_PATTERN = (  # the units are in the pattern's branches so that it also says what is too much
    f"^(?:£ ?)?(?:{_BELOW[12]}{_FRACTION}|{_BELOW[9]}{_FRACTION} ?[kK]|{_BELOW[6]}{_FRACTION} ?[mM]"
    f"|[0-9]{{1,3}}{_FRACTION} ?bn){_END}"
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
NO_DATE_OF_A_CALL = "2013-05-31"  # for hints: whoever copies it must not have written a deadline by that
LIMIT = 10**12  # pounds, and people: less than this
NUMBER_LIMIT = 10**18  # a number with more digits is read as text
_MULTIPLES = {"k": 10**3, "m": 10**6, "bn": 10**9}


@dataclass(frozen=True, order=True, slots=True)
class When:
    """A day, or a month where a plan has no day; ordered by its last day, so that "by March" means its end."""

    last: date
    first: date
    text: str = field(compare=False)

    @property
    def is_month(self) -> bool:
        """Whether only the month is known."""
        return self.first != self.last

    def __str__(self) -> str:
        return self.text


def _refuse(code: str, message: str, hint: str, meant: str = "") -> NoReturn:
    raise PydanticCustomError(code, "{message}", {"message": message, "hint": hint, "meant": meant})


def parse_when(value: object) -> When:
    """Reads `2014-03-31` or `2014-03`."""
    return _calendar(value, WHEN_PATTERN, "when", "write a day as 2014-03-31 or a month as 2014-03")


def parse_day(value: object) -> When:
    """Reads `2013-06-28`."""
    return _calendar(value, DAY_PATTERN, "day", f"write year, month and day, such as {NO_DATE_OF_A_CALL}")


def _calendar(value: object, pattern: str, code: str, hint: str) -> When:
    if isinstance(value, str) and re.match(pattern, value):
        year, month, *day = (int(part) for part in value.split("-"))
        length = monthrange(year, month)[1]
        if not day:
            return When(date(year, month, length), date(year, month, 1), value)
        if day[0] <= length:
            return When(date(year, month, day[0]), date(year, month, day[0]), value)
        _refuse(code, f"{value} is not in the calendar", f"that month has {length} days")
    _refuse(code, *_unread(value, code, hint))


def _unread(value: object, code: str, hint: str) -> tuple[str, str, str]:
    """The message, the hint and what is surely meant, for a date that cannot be read."""
    message = f"{shown(value)} is not a date that can be read"
    if not isinstance(value, str):
        return message, hint, ""
    from pioneer_cli.date_forms import iso_form, why_uncertain  # only for a date that cannot be read

    if meant := iso_form(value, month_will_do=code == "when"):
        form = "YYYY-MM-DD or YYYY-MM" if code == "when" else "YYYY-MM-DD"
        return f"{shown(value)} is not written as a date is here ({form})", f"did you mean `{meant}`?", meant
    if reason := why_uncertain(value):
        return f"{shown(value)} {reason.why}", reason.hint, ""
    return message, hint, ""


def parse_money(value: object) -> Decimal:
    """Reads pounds from a number or from `£1.2m`, `15,800,000`, `450k`, `£3.8bn`."""
    hint = "write pounds, below £1,000bn, as 1200000, £1.2m, 1,200,000 or 450k"
    if _is_number(value):
        amount = Decimal(str(value))
    elif isinstance(value, str) and re.match(MONEY_PATTERN, value):
        figure, unit = re.fullmatch(r"£? ?([0-9.,]+) ?([a-zA-Z]*)", value).groups()  # type: ignore[union-attr]
        amount = Decimal(figure.replace(",", "")) * _MULTIPLES.get(unit.lower(), 1)
    else:
        _refuse("money", f"{shown(value)} is not an amount of money that can be read", hint)
    if not 0 <= amount < LIMIT:
        _refuse("money", f"{shown(value)} is not an amount from £0 to below £1,000bn", hint)
    return amount


def parse_count(value: object) -> int:
    """Reads a whole number from 0 on, from `167400` or `167,400`."""
    hint = "write a whole number, such as 167400 or 167,400"
    if isinstance(value, str) and re.match(COUNT_PATTERN, value):
        return int(value.replace(",", ""))
    number = _whole(value)
    if number is not None and 0 <= number < LIMIT:
        return number
    _refuse("count", f"{shown(value)} is not a count that can be read", hint)


def parse_number(value: object) -> Decimal:
    """Reads a number; text such as `14%` is refused, since the unit has its own field."""
    if _is_number(value):
        return Decimal(str(value))
    hint = _unquoted(value) or "write the figure alone, without commas, such as 14.2 or 1200, and its unit in `unit`"
    _refuse("number", f"{shown(value)} is not a number", hint)


def parse_scale(value: object) -> int:
    """Reads a whole number from 1 to 5."""
    number = _whole(value)
    if number is not None and 1 <= number <= 5:
        return number
    hint = "write a whole number from 1 to 5"
    _refuse("scale", f"{shown(value)} is not on the scale from 1 to 5", _unquoted(value, 1, 5) or hint)


def parse_year(value: object) -> int:
    """Reads a year from 1900 to 2100."""
    number = _whole(value)
    if number is not None and FIRST_YEAR <= number <= LAST_YEAR:
        return number
    hint = f"write a year from {FIRST_YEAR} to {LAST_YEAR}, such as 2012"
    _refuse("year", f"{shown(value)} is not a year that can be read", _unquoted(value, FIRST_YEAR, LAST_YEAR) or hint)


def pounds(amount: Decimal) -> str:
    """An amount as people read it: `£15,800,000` or `£1,234.50`."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def long_date(when: When) -> str:
    """A date as people write it: `28 June 2013`, or `March 2014` where only the month is known."""
    month = f"{_MONTHS[when.first.month - 1]} {when.first.year}"
    return month if when.is_month else f"{when.first.day} {month}"


def plural(number: int, word: str) -> str:
    """A count with its word: `1 rule`, `2 rules`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def figure(value: Decimal | int) -> str:
    """A number without a trailing fraction of nothing: `14.2`, `167,400`."""
    return f"{int(value):,}" if value == int(value) else f"{value:,f}"


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < NUMBER_LIMIT


def _whole(value: object) -> int | None:
    return int(value) if _is_number(value) and value == int(value) else None


def _unquoted(value: object, low: int = -NUMBER_LIMIT, high: int = NUMBER_LIMIT) -> str:
    """The hint for a number in quotes that would fit without; bare, it would not have been read as text."""
    bare = isinstance(value, str) and re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?", value)
    return f"drop the quotes: {value}" if bare and low <= Decimal(str(value)) <= high else ""


def shown(value: object) -> str:
    """A value as a message shows it: in quotes, on one line, and not too long."""
    if isinstance(value, dict):
        return "what stands here"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = " ".join(str(value).split())
    return f'"{text[:30]}…"' if len(text) > 31 else f'"{text}"'


Day = Annotated[
    When, PlainValidator(parse_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})
]
DayOrMonth = Annotated[
    When,
    PlainValidator(parse_when),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date", "pattern": DAY_PATTERN},
                {"type": "string", "pattern": MONTH_PATTERN},
            ]
        }
    ),
]
Money = Annotated[
    Decimal,
    PlainValidator(parse_money),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "exclusiveMaximum": LIMIT},
                {"type": "string", "pattern": MONEY_PATTERN},
            ]
        }
    ),
]
Count = Annotated[
    int,
    PlainValidator(parse_count),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "exclusiveMaximum": LIMIT},
                {"type": "string", "pattern": COUNT_PATTERN},
            ]
        }
    ),
]
Number = Annotated[
    Decimal,
    PlainValidator(parse_number),
    WithJsonSchema({"type": "number", "exclusiveMinimum": -NUMBER_LIMIT, "exclusiveMaximum": NUMBER_LIMIT}),
]
Scale = Annotated[int, PlainValidator(parse_scale), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 5})]
Year = Annotated[
    int,
    PlainValidator(parse_year),
    WithJsonSchema({"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}),
]
