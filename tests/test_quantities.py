"""Dates, money, counts and other figures: what is read, into which value, and what is refused with which words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError

from pioneer_cli.quantities import (
    Count,
    Day,
    DayOrMonth,
    Money,
    Number,
    Scale,
    When,
    Year,
    figure,
    parse_count,
    parse_day,
    parse_money,
    parse_number,
    parse_scale,
    parse_when,
    parse_year,
    pounds,
    shown,
)

NEVER = (None, True, False, [], ["1"], {}, {"a": 1}, "", " ", "x", "1 2", "one", "1e3", "0x1F", "٣", "1_000", "½", ".5")


def refused(parse, value) -> tuple[str, str, str]:
    """The code, message and hint of a refusal."""
    with pytest.raises(PydanticCustomError) as raised:
        parse(value)
    error = raised.value
    return error.type, error.message(), (error.context or {})["hint"]


# --- Money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0, "0"),
        (1200000, "1200000"),
        (1234.5, "1234.5"),
        (0.1, "0.1"),
        (999_999_999_999, "999999999999"),
        ("1200000", "1200000"),
        ("£1.2m", "1200000"),
        ("£ 1.2m", "1200000"),
        ("£1.2 m", "1200000"),
        ("1.2M", "1200000"),
        ("15,800,000", "15800000"),
        ("£15,800,000.50", "15800000.50"),
        ("1,234", "1234"),
        ("450k", "450000"),
        ("450 K", "450000"),
        ("£1,250k", "1250000"),
        ("£3.8bn", "3800000000"),
        ("999.999999bn", "999999999000"),
        ("£0", "0"),
        ("007", "7"),
    ],
)
def test_money_is_read_exactly(value, amount):
    assert parse_money(value) == Decimal(amount)


@pytest.mark.parametrize(
    "value",
    [
        *NEVER, "£", "m", "£m", "-5", "£-5", "-£5", "1,23", "12,34,567", "1,2345", ",123", "1.", "1.2.3",
        "£1.2 million", "$5m", "€5m", "5m £", "1.2mm", "5 Bn", "£3m-£4m", "about 5", "5\n", "5m\n", " 5", "5 ",
        "1000bn", "1000000m", "1000000000k", "1000000000000", "0.1234567", "9" * 400, "£٣m",
    ],
)  # fmt: skip
def test_money_that_cannot_be_read(value):
    code, message, hint = refused(parse_money, value)
    assert (code, message) == ("money", f"{shown(value)} is not an amount of money that can be read")
    assert hint == "write pounds, below £1,000bn, as 1200000, £1.2m, 1,200,000 or 450k"


@pytest.mark.parametrize("value", [-1, -0.01, 10**12, 1e15])
def test_money_that_is_too_little_or_too_much(value):
    assert refused(parse_money, value)[1] == f"{shown(value)} is not an amount from £0 to below £1,000bn"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "£0"), ("15800000", "£15,800,000"), ("15800000.00", "£15,800,000"), ("1234.5", "£1,234.50")],
)
def test_pounds_as_people_read_them(amount, text):
    assert pounds(Decimal(amount)) == text


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 10**12 - 1))
def test_what_is_shown_as_pounds_is_read_again(amount):
    assert parse_money(pounds(Decimal(amount))) == amount


# --- Counts, numbers, scales, years ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "count"),
    [(0, 0), (167400, 167400), (12.0, 12), ("167400", 167400), ("167,400", 167400), ("1,000,000", 10**6), ("0", 0)],
)
def test_counts(value, count):
    assert parse_count(value) == count
    assert type(parse_count(value)) is int


@pytest.mark.parametrize(
    "value", [*NEVER, -1, 12.5, 10**12, float("inf"), float("nan"), "-1", "1.0", "1,23", "167k", "£5", "5\n", "12%"]
)
def test_what_is_no_count(value):
    assert refused(parse_count, value) == (
        "count",
        f"{shown(value)} is not a count that can be read",
        "write a whole number, such as 167400 or 167,400",
    )


@pytest.mark.parametrize(("value", "number"), [(0, "0"), (-3, "-3"), (14.2, "14.2"), (0.1, "0.1"), (10**17, "1e17")])
def test_numbers(value, number):
    assert parse_number(value) == Decimal(number)


@pytest.mark.parametrize("value", [*NEVER, "14%", "1,200", "£5", 10**18, -(10**18), float("nan"), float("inf"), "010"])
def test_what_is_no_number(value):
    assert refused(parse_number, value) == (
        "number",
        f"{shown(value)} is not a number",
        "write the figure alone, without commas, such as 14.2 or 1200, and its unit in `unit`",
    )


@pytest.mark.parametrize("value", ["12", "-3", "14.2", "0"])
def test_a_number_in_quotes_gets_the_hint_to_drop_them(value):
    assert refused(parse_number, value)[2] == f"drop the quotes: {value}"


@pytest.mark.parametrize("value", [1, 2, 3, 4, 5, 3.0])
def test_the_scale(value):
    assert parse_scale(value) == int(value)


@pytest.mark.parametrize("value", [*NEVER, 0, 6, -1, 2.5, "6", "0", "high"])
def test_what_is_not_on_the_scale(value):
    assert refused(parse_scale, value) == (
        "scale",
        f"{shown(value)} is not on the scale from 1 to 5",
        "write a whole number from 1 to 5",
    )


@pytest.mark.parametrize("value", ["1", "5"])
def test_a_place_on_the_scale_in_quotes_gets_the_hint_to_drop_them(value):
    assert refused(parse_scale, value)[2] == f"drop the quotes: {value}"


@pytest.mark.parametrize("value", [1900, 2012, 2100, 2012.0])
def test_years(value):
    assert parse_year(value) == int(value)


@pytest.mark.parametrize("value", [*NEVER, 1899, 2101, 2012.5, 12, "1899", "2011/12"])
def test_what_is_no_year(value):
    assert refused(parse_year, value) == (
        "year",
        f"{shown(value)} is not a year that can be read",
        "write a year from 1900 to 2100, such as 2012",
    )


def test_a_year_in_quotes_gets_the_hint_to_drop_them():
    assert refused(parse_year, "2012")[2] == "drop the quotes: 2012"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("14.2"), "14.2"),
        (Decimal("14.0"), "14"),
        (Decimal("167400"), "167,400"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-3.50"), "-3.50"),
        (Decimal("0"), "0"),
        (167400, "167,400"),
    ],
)
def test_figures_as_people_read_them(value, text):
    assert figure(value) == text


# --- Dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2013-06-28", date(2013, 6, 28), date(2013, 6, 28)),
        ("2012-02-29", date(2012, 2, 29), date(2012, 2, 29)),
        ("2000-02-29", date(2000, 2, 29), date(2000, 2, 29)),
        ("1900-01-01", date(1900, 1, 1), date(1900, 1, 1)),
        ("2099-12-31", date(2099, 12, 31), date(2099, 12, 31)),
        ("2014-03", date(2014, 3, 1), date(2014, 3, 31)),
        ("2014-02", date(2014, 2, 1), date(2014, 2, 28)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2014-12", date(2014, 12, 1), date(2014, 12, 31)),
    ],
)
def test_days_and_months(value, first, last):
    found = parse_when(value)
    assert (found.first, found.last, found.text, str(found)) == (first, last, value, value)
    assert found.is_month == (len(value) == 7)


BAD_DATES = [
    *NEVER, "2014", "14-03", "2014-03-31T12:00", "1899-12-31", "2100-01-01", "2014-03-31\n",
    "2014-03\n", "٢٠١٤-٠٣", 2014, 2014.03, "Q1 2014", "2014-W10", "tomorrow", "28 Juin 2013", "28 Juin 13", "28 June",
    "3/4/2100", "3/4-2013", "28 June 1813", "by 28 June 2013", "June 13",
]  # fmt: skip


@pytest.mark.parametrize("value", BAD_DATES)
def test_what_is_no_day_or_month(value):
    assert refused(parse_when, value) == (
        "when",
        f"{shown(value)} is not a date that can be read",
        "write a day as 2014-03-31 or a month as 2014-03",
    )


@pytest.mark.parametrize("value", [*BAD_DATES, "2014-03", "2014-3", "March 2014"])
def test_what_is_no_day(value):
    assert refused(parse_day, value) == (
        "day",
        f"{shown(value)} is not a date that can be read",
        "write year, month and day, such as 2013-05-31",
    )


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("27 June 2013", "2013-06-27"),
        ("27/6/2013", "2013-06-27"),
        ("6/27/2013", "2013-06-27"),
        ("2014-3-1", "2014-03-01"),
        ("2014/03/31", "2014-03-31"),
        (" 2014-03-31", "2014-03-31"),
    ],
)
@pytest.mark.parametrize(("parse", "code"), [(parse_when, "when"), (parse_day, "day")])
def test_the_one_date_that_can_be_meant_is_in_the_hint(parse, code, value, meant):
    form = "YYYY-MM-DD" if code == "day" else "YYYY-MM-DD or YYYY-MM"
    message = f"{shown(value)} is not written as a date is here ({form})"
    assert refused(parse, value) == (code, message, f"did you mean `{meant}`?")


@pytest.mark.parametrize(("value", "meant"), [("March 2014", "2014-03"), ("2014-3", "2014-03"), ("3/2014", "2014-03")])
def test_the_one_month_that_can_be_meant_is_in_the_hint(value, meant):
    assert refused(parse_when, value)[2] == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("value", "why", "hint"),
    [
        ("3/4/2013", "can be 3 April or 4 March", "write 2013-04-03 or 2013-03-04"),
        ("12-11-2013", "can be 12 November or 11 December", "write 2013-11-12 or 2013-12-11"),
        ("30/2/2013", "is not in the calendar", "that month has 28 days"),
        ("31 June 2013", "is not in the calendar", "that month has 30 days"),
        ("2014-03-32", "is not in the calendar", "that month has 31 days"),
        ("2014-03-00", "is not in the calendar", "that month has 31 days"),
        ("2014-13", "is not in the calendar", "a year has twelve months"),
        ("2014-00", "is not in the calendar", "a year has twelve months"),
        ("2013-28-6", "is not in the calendar", "a year has twelve months"),
        ("28/13/2013", "is not in the calendar", "no day of any month has these numbers"),
        ("3/0/2013", "is not in the calendar", "no day of any month has these numbers"),
        ("28/6/13", "has only two figures of its year", "write the whole year first, such as 2013-05-31"),
        ("28 June 13", "has only two figures of its year", "write the whole year first, such as 2013-05-31"),
        ("28th of June, '13", "has only two figures of its year", "write the whole year first, such as 2013-05-31"),
        ("June 28, 13", "has only two figures of its year", "write the whole year first, such as 2013-05-31"),
    ],
)
@pytest.mark.parametrize(("parse", "code"), [(parse_when, "when"), (parse_day, "day")])
def test_a_date_that_is_not_certain_is_told_why(parse, code, value, why, hint):
    assert refused(parse, value) == (code, f'"{value}" {why}', hint)


@pytest.mark.parametrize("value", ["5/5/2013", "27 June 2013", "3/4/2013", "28/6/13", "tomorrow", "2013"])
def test_no_hint_for_a_day_is_the_calls_own_date(value):
    assert "2013-06-28" not in refused(parse_day, value)[2]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2013-02-29", "that month has 28 days"),
        ("2012-02-30", "that month has 29 days"),
        ("1900-02-29", "that month has 28 days"),
        ("2013-06-31", "that month has 30 days"),
    ],
)
@pytest.mark.parametrize(("parse", "code"), [(parse_when, "when"), (parse_day, "day")])
def test_a_day_that_is_not_in_the_calendar(parse, code, value, hint):
    assert refused(parse, value) == (code, f"{value} is not in the calendar", hint)


def test_months_are_ordered_by_their_end():
    texts = ["2014-02-28", "2014-03-01", "2014-03-30", "2014-03", "2014-03-31", "2014-04-01", "2014-04", "2015-01"]
    found = [parse_when(text) for text in texts]
    shuffled = found[1::2] + found[::2]
    assert sorted(shuffled) == found
    assert parse_when("2014-03") > parse_when("2014-03-30")
    assert parse_when("2014-03") < parse_when("2014-04-01")


def test_equal_dates_are_equal_however_they_are_shown():
    day = date(2014, 3, 31)
    assert When(day, day, "2014-03-31") == When(day, day, "31 March 2014")


@settings(deadline=None, derandomize=True)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_of_two_centuries_is_read(day):
    found = parse_day(day.isoformat())
    assert (found.first, found.last) == (day, day)


# --- What messages show ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ([1], "a list"),
        ({"a": 1}, "what stands here"),
        (3, '"3"'),
        ("x", '"x"'),
        ("one\n  two", '"one two"'),
        ("a" * 31, f'"{"a" * 31}"'),
        ("a" * 32, f'"{"a" * 30}…"'),
    ],
)
def test_values_in_messages(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("kind", [Count, Day, DayOrMonth, Money, Number, Scale, Year])
def test_every_quantity_has_a_schema(kind):
    schema = TypeAdapter(kind).json_schema()
    assert schema.keys() & {"type", "anyOf"}
