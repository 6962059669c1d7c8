"""Safe mends: which there are and which there must not be; and that nothing else of a file changes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from pioneer_cli.date_forms import iso_form
from pioneer_cli.diagnostics import Diagnostic, Severity, Span
from pioneer_cli.mends import Settled, mended, mends, settled
from pioneer_cli.pipeline import read_bid
from pioneer_cli.source import Source, parse, split_lines
from pioneer_cli.validate import validate

HEAD = "call: pioneers-2013\ntitle: T\narea: {name: N}\n"
BIDS = Path(__file__).parent.parent / "bids"
REPEATABLE = settings(deadline=None, derandomize=True, max_examples=150)


def faults(source: Source) -> tuple[Diagnostic, ...]:
    return read_bid(source).diagnostics


def settle(text: str) -> Settled:
    return settled(parse(text, "bid.yaml"), faults)


def settled_text(text: str) -> str:
    return settle(text).source.text


def left_alone(text: str) -> bool:
    found = settle(text)
    return found.source.text == text and not found.made


# --- Dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("28/6/2013", "2013-06-28"),
        ("28/06/2013", "2013-06-28"),
        ("28.6.2013", "2013-06-28"),
        ("28-6-2013", "2013-06-28"),
        ("28–6–2013", "2013-06-28"),
        ("6/28/2013", "2013-06-28"),
        ("5/5/2013", "2013-05-05"),
        ("2013-6-28", "2013-06-28"),
        ("2013/06/28", "2013-06-28"),
        ("2013-6-5", "2013-06-05"),
        ("28 June 2013", "2013-06-28"),
        ("28th of June, 2013", "2013-06-28"),
        ("1st Sept. 2013", "2013-09-01"),
        ("28-Jun-2013", "2013-06-28"),
        ("June 28, 2013", "2013-06-28"),
        ("MAY 3rd 2013", "2013-05-03"),
        (" 2013-06-28 ", "2013-06-28"),
        ("29 February 2012", "2012-02-29"),
    ],
)
def test_a_date_in_another_form_is_that_date(written, iso):
    assert iso_form(written.replace(" 2013-06-28 ", " 2013-6-28 "), month_will_do=False) == iso
    text = f'{HEAD}submission_date: "{written}"\n'
    assert settled_text(text) == f'{HEAD}submission_date: "{iso}"\n'


@pytest.mark.parametrize(
    "written",
    [
        "3/4/2013",  # April or March
        "12/11/2013",
        "28/6/13",
        "28 6 2013",
        "28/6-2013",
        "29 February 2013",
        "31/6/2013",
        "2013-13-28",
        "2013-28-6",
        "28 Juin 2013",
        "June 2013",
        "2013",
        "2013-06",
        "28 June",
        "28 June 1813",
        "28/6/2100",
        "2013-06-28T12:00:00",
        "by 28 June 2013",
        "28 June 2013 or later",
        "tomorrow",
    ],
)
def test_what_could_be_another_date_is_left_alone(written):
    assert iso_form(written, month_will_do=False) == ""
    assert left_alone(f"{HEAD}submission_date: {written}\n")


@pytest.mark.parametrize(
    ("written", "iso"),
    [("June 2013", "2013-06"), ("Jun 2013", "2013-06"), ("2013-6", "2013-06"), ("6/2013", "2013-06")],
)
def test_a_month_is_mended_where_a_month_will_do(written, iso):
    text = "{head}partners:\n  - {{id: c, organisation: C, date: {date}}} # {date}\n"
    assert settled_text(text.format(head=HEAD, date=written)) == text.format(head=HEAD, date=iso).replace(
        f"# {iso}", f"# {written}"
    )


@pytest.mark.parametrize("month", ["13/2013", "0/2013", "Juin 2013", "2013"])
def test_what_is_no_month_is_left_alone(month):
    assert left_alone(f"{HEAD}partners: [{{id: c, organisation: C, date: {month}}}]\n")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
@REPEATABLE
def test_every_day_in_every_form_is_that_day_or_none(day):
    iso = day.isoformat()
    sure = (f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}", f"{day.year}/{day.month}/{day.day}")
    assert {iso_form(form, month_will_do=False) for form in sure} == {iso}
    for first, second in ((day.day, day.month), (day.month, day.day)):
        certain = day.day > 12 or day.day == day.month
        assert iso_form(f"{first}/{second}/{day.year}", month_will_do=False) == (iso if certain else "")


@pytest.mark.parametrize(
    "value",
    [">-\n  28 June 2013\n", ">-\n  28 June\n  2013\n", ">-\n  28 June 2013\n  or later\n", "|\n  28 June 2013\n"],
)
def test_a_date_in_a_block_is_mended_when_it_is_the_whole_of_it(value):
    text = f"{HEAD}submission_date: {value}"
    whole = value == ">-\n  28 June 2013\n"
    assert settled_text(text) == (text.replace("28 June 2013", "2013-06-28") if whole else text)


@pytest.mark.parametrize("value", ["28\n  June 2013", '"28\n  June 2013"'])
def test_a_date_over_two_lines_is_left_alone(value):
    assert left_alone(f"{HEAD}submission_date: {value}\n")


def test_a_date_in_prose_is_left_alone():
    assert left_alone(f"{HEAD}summary: 28/6/2013\nvision: {{statement: on 28 June 2013}}\n")


# --- Keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sumary: S", "summary: S"),
        ("Summary: S", "summary: S"),
        ('"sumary": S', '"summary": S'),
        ("'sumary'  : S", "'summary'  : S"),
        ("? sumary\n: S", "? summary\n: S"),
        ("submission date: 2013-06-28", "submission_date: 2013-06-28"),
        ("whole-sistem: {statement: S}", "whole_system: {statement: S}"),
        ("partner: [{id: c, organization: O}]", "partners: [{id: c, organisation: O}]"),
        ("submision_date: 28/6/2013", "submission_date: 2013-06-28"),
        ("laed: c", "lead: c"),  # that there is no such partner is another matter
    ],
)
def test_a_misspelt_key_is_mended_to_the_last_level(typed, meant):
    assert settled_text(f"{HEAD}{typed}\n") == f"{HEAD}{meant}\n"


@pytest.mark.parametrize(
    "line",
    [
        "titel: Another",  # title is there
        "sumary: S\nsummary:",  # there too, with nothing after it
        "sumary: S\nsummari: T",  # both would be the summary
        "sumary: S\nsumary: T",  # which of the two counts?
        "budget: 12",  # no key is near
        "summarising: S",  # the nearest is further off than a letter
        "sumary: [S]",  # a list is no summary
        "partners: [{id: c, organisation: O, dat: a while ago}]",  # no date either
        "milestones: []",  # belongs elsewhere
        "? |\n  sumary\n: S",  # over two lines
        '? "sumary\n  "\n: S',
        '? "submission\n  dates"\n: S',
        "<<: *a",
        "evidence: {sources: [{id: E1, citation: C, yeer: soon}]}",
    ],
)
def test_a_key_that_could_mean_something_else_is_left_alone(line):
    assert left_alone(f"{HEAD}{line}\n")


def test_of_two_keys_as_near_none_is_chosen():
    source = parse(f"{HEAD}vision: {{outcomes: [{{outcome: O, measure: M, baselin: {{value: 1}}}}]}}\n", "bid.yaml")
    assert [fault.meant for fault in faults(source)] == ["baseline"]

    class Both(BaseModel):
        model_config = ConfigDict(extra="forbid")
        cat: str = ""
        car: str = ""

    def meant(text: str) -> list[str]:
        return [fault.meant for fault in validate(parse(text, "x"), Both).diagnostics]

    assert meant("cas: x\n") == [""]
    assert meant("car: y\ncas: x\n") == [""]
    assert meant("Cat: x\n") == ["cat"]
    assert meant("catt: x\n") == ["cat"]


def test_what_stands_below_a_misspelt_key_comes_to_light():
    text = f"{HEAD}vison:\n  statement: [x]\n  outcomes: [{{outcom: O}}]\n"
    found = settle(text)
    assert found.source.text == text.replace("vison", "vision").replace("outcom:", "outcome:")
    assert [(fault.code, fault.span.start.line) for fault in faults(found.source)] == [("wrong-value", 5)]


# --- Space at the ends of lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "mended_line"),
    [
        ("summary: S  ", "summary: S"),
        ("summary: 'S'\t", "summary: 'S'"),
        ("# a comment \t ", "# a comment"),
        ("summary: S  # why  ", "summary: S  # why"),
        ("   ", ""),
        ("summary: >-  \n  S", "summary: >-\n  S"),
        ("summary: |  # x \n  S", "summary: |  # x\n  S"),
        ('summary: "two\n  lines" ', 'summary: "two\n  lines"'),
        ("summary: two\n  lines ", "summary: two\n  lines"),
        ("partners: [ \n  ] ", "partners: [\n  ]"),
        ("lead:  ", "lead:"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_space_at_the_end_of_a_line_goes(line, mended_line, end):
    assert settled_text(f"{HEAD}{line}\n".replace("\n", end)) == f"{HEAD}{mended_line}\n".replace("\n", end)
    assert settled_text(f"{HEAD}{line}") == f"{HEAD}{mended_line}"


@pytest.mark.parametrize(
    "line",
    [
        "summary: |\n  a break  \n  here ",
        "summary: >-\n  a break  \n\n  here ",
        "summary: |+\n  text\n   ",
        "summary: |\n \n  text",
        'summary: "two  \n  lines"',
        "summary: 'two  \n   \n  lines'",
        "summary: two  \n  lines",
        "summary: \u00a0",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_space_inside_a_text_stays(line, end):
    assert left_alone(f"{HEAD}{line}\n".replace("\n", end))
    assert left_alone(f"{HEAD}{line}".replace("\n", end))


# --- Unused ignores --------------------------------------------------------------------------------------------------


def without_comment(text: str, comment: str) -> str:
    source = parse(text, "bid.yaml")
    (number,) = [number for number, line in enumerate(split_lines(text), 1) if comment in line]
    column = source.line(number).index(comment) + 1
    span = Span.of(number, column, number, column + len(comment))
    fault = Diagnostic("bid.yaml", span, Severity.WARNING, "unused-ignore", "m")
    return mended(text, mends(source, [fault]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: b\n# IGN\nc: d\n", "a: b\nc: d\n"),
        ("a: b\r\n  # IGN \r\nc: d\r\n", "a: b\r\nc: d\r\n"),
        ("a: b  # IGN  \nc: d  \n", "a: b\nc: d\n"),
        ("a: b\n# IGN", "a: b"),
        ("a: b\n# IGN\n", "a: b\n"),
        ("# IGN\na: b\n", "a: b\n"),
        ("a: b \r\n \t# IGN", "a: b"),
        ("a: b # IGN", "a: b"),
    ],
)
def test_an_unused_ignore_goes_and_its_line_when_nothing_else_is_on_it(before, after):
    assert without_comment(before, "# IGN") == after


# --- What could not be read, and applying ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["titel: [  \n", "a: b: c \n", "titel: x\n--- \nb: c\n", "titel: \x00 \n"])
def test_a_file_that_could_not_be_read_to_its_end_has_no_mends(text):
    source = parse(text, "bid.yaml")
    assert source.content is None
    assert mends(source, source.diagnostics) == ()
    assert left_alone(text)


def test_faults_of_another_file_are_not_mended_here():
    source = parse(f"{HEAD}sumary: S\n", "bid.yaml")
    (fault,) = faults(source)
    assert mends(source, [fault]) != ()
    assert mends(parse(source.text, "other.yaml"), [fault]) == ()


# --- Properties ------------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    ["title", "titel", "sumary", "summary", "submission date", "lead", "aera", "area", "vison", "partner", "x", "Call"]
)
DATES = st.sampled_from(["28/6/2013", "3/4/2013", "28 June 2013", "2013-6-28", "'6/28/2013'", '"1 May 2013"'])
PROSE = st.sampled_from(
    [
        "text  ",
        '"two  \n   lines" ',
        "|  \n    a  \n\n    b ",
        ">+\n    a  \n   ",
        "two \n    lines\t",
        "",
        "{nmae: N } ",
        "[{id: c, organization: O, date: 28/6/2013} ] ",
        "{statment: x, outcomes: [{outcom: y, baselin: {date: 6/2013}}]}",
        "28/6/2013",
    ]
)
LINES = st.one_of(
    st.tuples(KEYS, PROSE).map(lambda pair: f"{pair[0]}: {pair[1]}"),
    DATES.map("submission_date: {}".format),
    DATES.map("partners: [{{id: c, organisation: O, date: {} }}]".format),
    st.sampled_from(["# note  ", "", "   ", "\t", "# 28/6/2013 titel: "]),
)
TEXTS = st.tuples(
    st.lists(LINES, max_size=9), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "\n\n  "])
).map(lambda parts: ("call: pioneers-2013\n" + "\n".join(parts[0]) + parts[2]).replace("\n", parts[1]))


def plain(content: object, renamed: dict[str, str], dates: dict[str, str]) -> object:
    """The data with the keys and dates that were mended under their new names."""
    if isinstance(content, dict):
        return {renamed.get(key, key): plain(value, renamed, dates) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value, renamed, dates) for value in content]
    return dates.get(content, content) if isinstance(content, str) else content


@given(TEXTS)
@REPEATABLE
def test_the_data_changes_in_nothing_but_mended_keys_and_dates(text):
    before = parse(text, "bid.yaml")
    found = settled(before, faults)
    bare = {kind: {} for kind in ("misspelt-key", "date-form", "trailing-space")}
    for mend in found.made:
        bare[mend.kind][mend.old.strip("'\"")] = mend.new.strip("'\"")
    renamed, dates = bare["misspelt-key"], bare["date-form"]
    assert plain(found.source.content, renamed, dates) == plain(before.content, renamed, dates)


@given(TEXTS)
@REPEATABLE
def test_mending_again_changes_nothing(text):
    once = settle(text)
    twice = settled(once.source, faults)
    assert twice.made == ()
    assert twice.source.text == once.source.text


@given(TEXTS)
@REPEATABLE
def test_there_are_never_more_faults_than_before_but_below_keys_that_nobody_had_looked_below(text):
    before = parse(text, "bid.yaml")
    found = settled(before, faults)
    renamed = {mend.span.start.line for mend in found.made if mend.kind == "misspelt-key"}
    was, now = faults(before), faults(found.source)
    hidden = [fault for fault in now if fault.span.start.line in renamed and fault.code != "unknown-key"]
    assert len(now) - len(hidden) <= len(was)
    if not renamed:
        assert len(now) <= len(was)


@given(TEXTS)
@REPEATABLE
def test_every_character_outside_the_mends_is_kept(text):
    source = parse(text, "bid.yaml")
    made = mends(source, faults(source))
    lines = text.splitlines(keepends=True)
    offsets = [0]
    for mend in made:
        for place in (mend.span.start, mend.span.end):
            offsets.append(sum(map(len, lines[: place.line - 1])) + place.column - 1)
    assert offsets == sorted(offsets)
    expected = ""
    for number, mend in enumerate(made):
        start, end = offsets[2 * number + 1 : 2 * number + 3]
        assert text[start:end] == mend.old
        expected += text[offsets[2 * number] : start] + mend.new
    assert mended(text, made) == expected + text[offsets[-1] :]


@pytest.mark.parametrize("path", sorted(BIDS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_bids_of_the_repository_need_no_mending(path):
    assert left_alone(path.read_bytes().decode())


@given(st.sampled_from(sorted(BIDS.glob("*.yaml"))), st.data())
@settings(deadline=None, derandomize=True, max_examples=25)
def test_a_real_bid_with_space_at_line_ends_is_mended_back_or_keeps_its_data(path, data):
    lines = path.read_text(encoding="utf-8").split("\n")
    chosen = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=20))
    spaced = "\n".join(line + "  " * (number in chosen) for number, line in enumerate(lines))
    source = parse(spaced, "bid.yaml")
    after = parse(mended(spaced, mends(source, ())), "bid.yaml")
    assert after.content == source.content
    left = {number for number, line in enumerate(split_lines(after.text), 1) if line != line.rstrip()}
    assert left <= source.lines_inside_texts
