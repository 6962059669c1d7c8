"""What the pictures show: places of milestones, shares of money, the words for those who do not see them."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import REPO_BIDS, Tree, empty_bid, pages_of, repo_bid, typeset_tree

from pioneer_cli.document import document
from pioneer_cli.figures import MOST_SOURCES, funding_chart, in_short, timeline
from pioneer_cli.press import Press
from pioneer_cli.quantities import parse_when
from pioneer_cli.shipped import shipped_names
from pioneer_cli.template_folder import find_template
from pioneer_cli.tree import Figure


def workstream(name: str, *dates: str | None) -> dict[str, Any]:
    return {"name": name, "milestones": [{"by": parse_when(date) if date else None} for date in dates]}


def source(name: str, year: str | None, amount: int | None) -> dict[str, Any]:
    return {"source": name, "year": year, "amount": None if amount is None else Decimal(amount)}


# --- The timeline ----------------------------------------------------------------------------------------------------


def test_a_timeline_runs_over_whole_quarters():
    found = timeline([workstream("A", "2013-08-15", "2014-03"), workstream("B", "2013-12-31")])
    assert found == Figure(
        "timeline",
        "Timeline of 2 workstreams. A: 2 milestones, 15 August 2013 to March 2014; B: 1 milestone, 31 December 2013.",
        (
            12 * 2013 + 6,  # the beginning of July
            12 * 2014 + 3,  # the end of March
            (("A", (12 * 2013 + 7.484, 12 * 2014 + 3)), ("B", (12 * 2014,))),
        ),
    )


@pytest.mark.parametrize(
    ("date", "place"),
    [
        ("2013-01-01", 12 * 2013 + 0.032),
        ("2013-01-31", 12 * 2013 + 1),
        ("2013-01", 12 * 2013 + 1),
        ("2012-02-29", 12 * 2012 + 2),
        ("2013-12-31", 12 * 2014),
        ("2014-06-15", 12 * 2014 + 5.5),
    ],
)
def test_the_last_day_of_a_month_ends_it(date, place):
    found = timeline([workstream("A", date, "2020-01")])
    assert found is not None
    ((_, (first, _)),) = found.values[2]  # type: ignore[misc]
    assert first == place


@pytest.mark.parametrize(
    ("first", "last", "axis"),
    [
        ("2013-01-01", "2013-01-02", (0, 3)),
        ("2013-03", "2013-04", (3, 6)),
        ("2013-02", "2013-03", (0, 3)),
        ("2013-12", "2014-01", (12, 15)),
        ("2013-05", "2014-12", (3, 24)),
    ],
)
def test_the_axis_holds_every_milestone(first, last, axis):
    found = timeline([workstream("A", last, first)])
    assert found is not None
    start, end, _ = found.values
    assert (start, end) == tuple(12 * 2013 + month for month in axis)


@pytest.mark.parametrize(
    "workstreams",
    [
        [],
        [workstream("A")],
        [workstream("A", None, None)],
        [workstream("A", "2013-08")],
        [workstream("A", "2013-08", "2013-08-31"), workstream("B", "2013-08")],
    ],
)
def test_without_two_dates_to_tell_apart_there_is_no_timeline(workstreams):
    assert timeline(workstreams) is None


def test_workstreams_without_dates_are_left_out():
    found = timeline([workstream("A", None), workstream("B", "2013-08", None, "2013-07"), workstream("C")])
    assert found is not None
    assert found.alt == "Timeline of 1 workstream. B: 2 milestones, July 2013 to August 2013."


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(st.lists(st.dates(date(1990, 1, 1), date(2060, 1, 1)), max_size=4), max_size=4))
def test_any_dates_stand_on_the_axis_in_order(dates):
    workstreams = [workstream(str(number), *map(str, found)) for number, found in enumerate(dates)]
    found = timeline(workstreams)
    if found is None:
        assert len({day for some in dates for day in some}) < 2
        return
    start, end, lines = found.values
    assert isinstance(start, (int, float))
    assert isinstance(end, (int, float))
    assert start % 3 == end % 3 == 0
    for _, places in lines:  # type: ignore[union-attr, misc]
        assert list(places) == sorted(places)
        assert all(start <= place <= end for place in places)


# --- The funding chart -----------------------------------------------------------------------------------------------


def test_a_chart_has_a_bar_for_each_year_and_shares_of_the_greatest():
    found = funding_chart(
        [
            source("CCG", "2014/15", 300_000),
            source("Council", "2013/14", 200_000),
            source("CCG", "2013/14", 800_000),
            source("Trust", None, None),
        ]
    )
    assert found == Figure(
        "funding-chart",
        "Bar chart of the funding by year. 2013/14: CCG £800,000, Council £200,000; 2014/15: CCG £300,000.",
        (
            ("CCG", "Council"),
            (("2013/14", "£1m", ((0, 0.8), (1, 0.2))), ("2014/15", "£300k", ((0, 0.3),))),
        ),
    )


def test_the_same_source_twice_in_a_year_is_one_part():
    found = funding_chart([source("A", "2013/14", 1), source("A", "2013/14", 3), source("A", None, 2)])
    assert found is not None
    assert found.values == (
        ("A",),
        (("2013/14", "£4", ((0, 1.0),)), ("no year stated", "£2", ((0, 0.5),))),
    )


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [source("A", "2013/14", 5)],
        [source("A", "2013/14", 5), source("B", "2013/14", None)],
        [source("A", "2013/14", 5), source("B", "2013/14", 0)],
        [source(str(number), "2013/14", 5) for number in range(MOST_SOURCES + 1)],
    ],
)
def test_with_too_little_or_too_much_there_is_no_chart(sources):
    assert funding_chart(sources) is None


def test_as_many_sources_as_have_a_colour_are_drawn():
    sources = [source(f"Source {number}", f"20{number}/{number + 1}", 10**number) for number in range(10, 19)]
    assert len(sources) == MOST_SOURCES
    tree = empty_bid()
    tree["capability"]["funding"]["sources"] = [
        {**found, "legal_basis": None, "arrangement": None} for found in sources
    ]
    text = "".join(pages_of(typeset_tree(tree).pdf))
    assert all(f"{number}Source{number + 9}" in text for number in range(1, 10))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["2013/14", "2014/15", None]), st.integers(0, 10**12)),
        max_size=8,
    )
)
def test_the_parts_of_any_chart_are_shares_of_the_greatest_year(amounts):
    found = funding_chart([source(*amount) for amount in amounts])
    if found is None:
        assert sum(amount > 0 for _, _, amount in amounts) < 2
        return
    names, bars = found.values
    assert isinstance(names, tuple)
    widths = [sum(share for _, share in parts) for _, _, parts in bars]  # type: ignore[union-attr, misc]
    assert max(widths) == pytest.approx(1, abs=0.001)
    assert all(0 <= width <= 1.001 for width in widths)


@pytest.mark.parametrize(
    ("amount", "short"),
    [
        (0, "£0"), (999, "£999"), (1000, "£1k"), (1234, "£1.23k"), (450_000, "£450k"), (999_499, "£999k"),
        (999_999, "£1m"), (1_000_000, "£1m"), (1_250_000, "£1.25m"), (12_345_678, "£12.3m"), (123_456_789, "£123m"),
        (999_999_999, "£1bn"), (10**9, "£1bn"), (3_800_000_000, "£3.8bn"), (123_456_789_000, "£123bn"),
        (10**13, "£10,000bn"),
    ],
)  # fmt: skip
def test_amounts_in_short(amount, short):
    assert in_short(Decimal(amount)) == short


# --- On the page -----------------------------------------------------------------------------------------------------


def figures(bid: Tree, template: str) -> list[Figure]:
    sections = document(bid, find_template(template)).sections
    return [block for section in sections for block in section.blocks if isinstance(block, Figure)]


@pytest.mark.parametrize("template", shipped_names("templates"))
@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_words_for_a_picture_are_in_the_pdf(template, name):
    bid = repo_bid(name)
    with pikepdf.open(BytesIO(typeset_tree(bid, template).pdf)) as opened:
        told = {str(part["/Alt"]) for part in opened.objects if isinstance(part, pikepdf.Dictionary) and "/Alt" in part}
    assert {found.alt for found in figures(bid, template)} == told


def test_the_exemplar_has_both_pictures():
    assert [found.kind for found in figures(repo_bid("exemplar"), "eoi")] == ["timeline", "funding-chart"]


@pytest.mark.parametrize("template", shipped_names("templates"))
def test_hostile_and_long_names_are_drawn_as_text(template):
    names = ['"); #panic("', "]", "#read(1)", "A " + "long name " * 15, "w" * 60, "*a* _b_ $c$"]
    tree = empty_bid()
    tree["capability"]["workstreams"] = [
        {**workstream(name, "2013-08", "2014-08"), "lead": None, "aim": None} for name in names
    ]
    for found in tree["capability"]["workstreams"]:
        found["milestones"] = [{**milestone, "action": "x", "lead": None} for milestone in found["milestones"]]
    tree["capability"]["funding"]["sources"] = [
        {**source(name, "2013/14", 5), "legal_basis": None, "arrangement": None} for name in names
    ]
    pdf = typeset_tree(tree, template).pdf
    text = "".join(pages_of(pdf))
    for name in names:
        assert text.count("".join(name.split())) >= 3  # once in a table, twice in pictures
    with Press(template) as press:
        assert press.write(tree, "html").count(b"<img") == 2


@pytest.mark.parametrize("years", [1, 40, 86])
def test_a_timeline_of_any_length_is_drawn(years):
    tree = empty_bid()
    stream = workstream("A", "2013-08", f"{2013 + years}-08")
    stream["milestones"] = [{**milestone, "action": "x", "lead": None} for milestone in stream["milestones"]]
    tree["capability"]["workstreams"] = [{**stream, "lead": None, "aim": None}]
    assert typeset_tree(tree).count == 1


@pytest.mark.parametrize(("length", "drawn"), [(160, True), (161, False)])
def test_names_too_long_for_a_picture_leave_it_out(length, drawn):
    dates = [{"by": parse_when("2013-10")}, {"by": parse_when("2014-10")}]
    assert (timeline([{"name": "n" * length, "milestones": dates}]) is not None) is drawn
    sources = [{"source": "s" * length, "amount": Decimal(5), "year": year} for year in ("2013/14", "2014/15")]
    assert (funding_chart(sources) is not None) is drawn
    years = [
        {"source": "s", "amount": Decimal(5), "year": "y" * length},
        {"source": "t", "amount": Decimal(5), "year": "z"},
    ]
    assert (funding_chart(years) is not None) is drawn


@pytest.mark.parametrize(("count", "drawn"), [(15, True), (16, False)])
def test_more_years_than_a_chart_can_show_leave_it_out(count, drawn):
    sources = [{"source": "s", "amount": Decimal(5), "year": str(1990 + year)} for year in range(count)]
    assert (funding_chart(sources) is not None) is drawn


@pytest.mark.parametrize(("count", "drawn"), [(60, True), (61, False)])
def test_more_workstreams_than_a_timeline_can_show_leave_it_out(count, drawn):
    dates = [{"by": parse_when("2013-10")}, {"by": parse_when("2014-10")}]
    assert (timeline([{"name": f"w{n}", "milestones": dates} for n in range(count)]) is not None) is drawn
