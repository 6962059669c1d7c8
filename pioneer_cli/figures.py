"""What the document's pictures show, worked out from the bid: a timeline of workstreams, and a chart of the funding.

A picture is values for the typesetter to draw and the same in words, for those who do not see it. Where a bid states
too little to draw, or more than a picture can show, there is none, and the tables say it all.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pioneer_cli.quantities import When, figure, long_date, plural, pounds
from pioneer_cli.tree import Figure, FigureValue

LONGEST_NAME = 160  # characters; a longer one would make a picture that is taller than a page
MOST_LINES = 60  # workstreams, which fill two pages
MOST_YEARS = 15
MOST_SOURCES = 9  # more cannot be told apart in a chart; the table has them all


def timeline(workstreams: Sequence[Mapping[str, Any]]) -> Figure | None:
    """Each workstream as a line from its first milestone to its last; None with fewer than two dates to tell apart.

    The values are the first and the last month of the axis and, for each workstream, its name and the places of its
    milestones. A place is counted in months since the year 0, so that 24156.5 is the middle of January 2013.
    """
    rows = []
    for workstream in workstreams:
        dates = sorted(milestone["by"] for milestone in workstream["milestones"] if milestone["by"] is not None)
        if dates:
            rows.append((str(workstream["name"]), dates))
    places = [_place(when.last) for _, dates in rows for when in dates]
    if len(set(places)) < 2 or len(rows) > MOST_LINES or _is_long(name for name, _ in rows):
        return None
    start, end = 3 * (int(min(places)) // 3), 3 * -(-max(places) // 3)
    lines = tuple((name, tuple(_place(when.last) for when in dates)) for name, dates in rows)
    return Figure("timeline", _timeline_in_words(rows), (start, end, lines))


def _is_long(names: Iterable[str]) -> bool:
    return any(len(name) > LONGEST_NAME for name in names)


def _place(day: date) -> float:
    """Where a day lies on the axis; the last day of a month ends it."""
    return round(12 * day.year + day.month - 1 + day.day / monthrange(day.year, day.month)[1], 3)


def _timeline_in_words(rows: Sequence[tuple[str, Sequence[When]]]) -> str:
    told = []
    for name, dates in rows:
        first, last = long_date(dates[0]), long_date(dates[-1])
        told.append(f"{name}: {plural(len(dates), 'milestone')}, {first if first == last else f'{first} to {last}'}")
    return f"Timeline of {plural(len(rows), 'workstream')}. {'; '.join(told)}."


def funding_chart(sources: Sequence[Mapping[str, Any]]) -> Figure | None:
    """A bar for each year, made up of its sources; None with fewer than two amounts to compare.

    The values are the sources' names and, for each year, its name, its total in words, and pairs of the number of a
    source, from 0, and its share of the greatest year's total.
    """
    stated = [source for source in sources if source["amount"]]
    names = list(dict.fromkeys(str(source["source"]) for source in stated))
    years: dict[str, dict[int, Decimal]] = {}
    for source in stated:
        amounts = years.setdefault(source["year"] or "no year stated", {})
        number = names.index(str(source["source"]))
        amounts[number] = amounts.get(number, Decimal(0)) + source["amount"]
    if len(stated) < 2 or len(names) > MOST_SOURCES or len(years) > MOST_YEARS or _is_long([*names, *years]):
        return None
    greatest = max(sum(amounts.values()) for amounts in years.values())
    bars = tuple(_bar(year, years[year], greatest) for year in sorted(years))
    return Figure("funding-chart", _chart_in_words(names, years), (tuple(names), bars))


def _bar(year: str, amounts: Mapping[int, Decimal], greatest: Decimal | int) -> FigureValue:
    parts = tuple((number, round(float(amount / greatest), 4)) for number, amount in sorted(amounts.items()))
    return (year, in_short(sum(amounts.values(), Decimal(0))), parts)


def _chart_in_words(names: Sequence[str], years: Mapping[str, Mapping[int, Decimal]]) -> str:
    told = []
    for year, amounts in sorted(years.items()):
        parts = ", ".join(f"{names[number]} {pounds(amount)}" for number, amount in sorted(amounts.items()))
        told.append(f"{year}: {parts}")
    return f"Bar chart of the funding by year. {'; '.join(told)}."


def in_short(amount: Decimal) -> str:
    """An amount with at most three figures, but for thousands of billions: `£1.25m`, `£450k`."""
    for size, unit in ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k")):
        share = amount / size
        if share >= Decimal("0.9995"):  # what would be rounded up to a thousand of the unit below
            rounded = round(share, max(0, 2 - max(0, share.adjusted())))
            return f"£{figure(rounded.normalize())}{unit}"
    return pounds(amount)
