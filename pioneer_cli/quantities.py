"""Dates, money, counts and other figures as bid writers write them, read into exact values.

Each type is one pattern, used by the reader and by the JSON Schema alike, so that both accept the same. A value that
does not fit raises pydantic's custom error with a code of ours; `validate` puts it beside its place.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, NoReturn

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_END = r"(?![\s\S])"  # the end of the text in every regular-expression dialect; `$` also allows a line break before it
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
DAY_PATTERN = f"^{_YEAR}-{_MONTH}-{_DAY}{_END}"
WHEN_PATTERN = f"^{_YEAR}-{_MONTH}(?:-{_DAY})?{_END}"
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})"
COUNT_PATTERN = f"^{_DIGITS}{_END}"
MONEY_PATTERN = rf"^£? ?{_DIGITS}(?:\.[0-9]{{1,6}})?(?: ?(?:k|K|m|M|bn))?{_END}"
MONEY_LIMIT = 10**12
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


def _refuse(code: str, message: str, hint: str) -> NoReturn:
    raise PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def parse_when(value: object) -> When:
    """Reads `2014-03-31` or `2014-03`."""
    return _calendar(value, WHEN_PATTERN, "when", "write a day as 2014-03-31 or a month as 2014-03")


def parse_day(value: object) -> When:
    """Reads `2013-06-28`."""
    return _calendar(value, DAY_PATTERN, "day", "write the day as 2013-06-28")


def _calendar(value: object, pattern: str, code: str, hint: str) -> When:
    if isinstance(value, str) and re.match(pattern, value):
        year, month, *day = (int(part) for part in value.split("-"))
        length = monthrange(year, month)[1]
        if not day:
            return When(date(year, month, length), date(year, month, 1), value)
        if day[0] <= length:
            return When(date(year, month, day[0]), date(year, month, day[0]), value)
        _refuse(code, f"{value} is not in the calendar", f"that month has {length} days")
    _refuse(code, f"{_shown(value)} is not a date that can be read", hint)


def parse_money(value: object) -> Decimal:
    """Reads pounds from a number or from `£1.2m`, `15,800,000`, `450k`, `£3.8bn`."""
    hint = "write pounds as 1200000, £1.2m, 1,200,000 or 450k"
    if _is_number(value):
        amount = Decimal(str(value))
    elif isinstance(value, str) and re.match(MONEY_PATTERN, value):
        figure, unit = re.fullmatch(r"£? ?([0-9.,]+) ?([a-zA-Z]*)", value).groups()  # type: ignore[union-attr]
        amount = Decimal(figure.replace(",", "")) * _MULTIPLES.get(unit.lower(), 1)
    else:
        _refuse("money", f"{_shown(value)} is not an amount of money that can be read", hint)
    if not 0 <= amount <= MONEY_LIMIT:
        _refuse("money", f"{_shown(value)} is not an amount between £0 and £1,000bn", hint)
    return amount


def parse_count(value: object) -> int:
    """Reads a whole number from 0 on, from `167400` or `167,400`."""
    hint = "write a whole number, such as 167400 or 167,400"
    if isinstance(value, str) and re.match(COUNT_PATTERN, value):
        return int(value.replace(",", ""))
    if _is_number(value) and value == int(value) and 0 <= value < MONEY_LIMIT:  # type: ignore[operator,call-overload]
        return int(value)  # type: ignore[call-overload,no-any-return]
    _refuse("count", f"{_shown(value)} is not a count that can be read", hint)


def parse_number(value: object) -> Decimal:
    """Reads a number; text such as `14%` is refused, since the unit has its own field."""
    if _is_number(value):
        return Decimal(str(value))
    _refuse("number", f"{_shown(value)} is not a number", "write the figure alone, such as 14.2, and its unit in `unit`")


def parse_scale(value: object) -> int:
    """Reads a whole number from 1 to 5."""
    if _is_number(value) and value in (1, 2, 3, 4, 5):
        return int(value)  # type: ignore[call-overload,no-any-return]
    _refuse("scale", f"{_shown(value)} is not on the scale", "write a whole number from 1 to 5")


def pounds(amount: Decimal) -> str:
    """An amount as people read it: `£15,800,000` or `£1,234.50`."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def figure(value: Decimal) -> str:
    """A number without a trailing fraction of nothing: `14.2`, `167,400`."""
    return f"{value.normalize():,f}" if value == value.to_integral_value() else f"{value:,}"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and abs(value) < 10**30


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = str(value)
    return f'"{text[:30]}…"' if len(text) > 31 else f'"{text}"'


Day = Annotated[
    When, PlainValidator(parse_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})
]
DayOrMonth = Annotated[When, PlainValidator(parse_when), WithJsonSchema({"type": "string", "pattern": WHEN_PATTERN})]
Money = Annotated[
    Decimal,
    PlainValidator(parse_money),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": MONEY_LIMIT},
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
                {"type": "integer", "minimum": 0, "exclusiveMaximum": MONEY_LIMIT},
                {"type": "string", "pattern": COUNT_PATTERN},
            ]
        }
    ),
]
Number = Annotated[Decimal, PlainValidator(parse_number), WithJsonSchema({"type": "number"})]
Scale = Annotated[int, PlainValidator(parse_scale), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 5})]
