"""What every format promises: a shape, a width, an encoding, and that nothing of a bid's can steer a terminal.

Whole reports, word for word, are in `tests/scenarios/` (`matrix-*`).
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from made_bids import check_one
from rich.cells import cell_len

import pioneer_cli
from pioneer_cli.assessment import Report, Suppressed
from pioneer_cli.diagnostics import Diagnostic, Related, Severity, Span
from pioneer_cli.errors import PioneerError
from pioneer_cli.pipeline import Request
from pioneer_cli.quantities import plural
from pioneer_cli.reports import FORMATS, github, reporter
from pioneer_cli.reports.excerpt import excerpt
from pioneer_cli.reports.look import UNPRINTABLE, Look, carried, printable
from pioneer_cli.source import parse, unread
from pioneer_cli.waivable import places_of

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((Path(pioneer_cli.__file__).parent / "reports" / "report.schema.json").read_text(encoding="utf-8"))
HEAD = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
MESSY = """\
call: pioneers-2013
title: A bid
area: {name: Somewhere}
submission_date: 2013-07-01
partners:
  - {id: council, organisation: The council, kind: council}
health_and_wellbeing_boards:
  - {name: The board, support: in-principle}
vision:
  statement: Priority #1 is care, which we mean to give to all who need it and to go on giving for as long as they do
  outcomes:
    - {outcome: People stay at home for as long as they wish, measure: Days at home}
    - {outcome: Carers have breaks}
"""
BROKEN = HEAD + 'title: Again\npartners:\n  - {id: "a b", organisation: A, kind: hospital}\nvission: {}\n'


def report_on(text: str, folder: Path, **asked: Any) -> Report:
    """The report on a bid, read from a file of this folder under a name without one."""
    (folder / "bid.yaml").write_text(text, encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        return check_one("bid.yaml", Request(**asked))
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A report of every kind, by name."""
    folder = tmp_path_factory.mktemp("bids")
    exemplar = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
    return {
        "clean": report_on(exemplar, folder),
        "almost empty": report_on(HEAD, folder, count_pages=False),
        "messy": report_on(MESSY, folder),
        "messy draft": report_on(MESSY, folder, phase="draft"),
        "at the end": report_on(MESSY, folder, phase="selection-end"),
        "without pages": report_on(MESSY, folder, count_pages=False),
        "broken": report_on(BROKEN, folder),
        "not yaml": report_on("title: a: b\n", folder),
        "empty": report_on("", folder),
        "unknown call": report_on(HEAD.replace("pioneers", "zzz"), folder),
        "unreadable": Report(
            unread("bid.yaml", PioneerError("cannot read bid.yaml", "look")), None, "", (), None, None
        ),
    }


KINDS = (
    "clean", "almost empty", "messy", "messy draft", "at the end", "without pages", "broken", "not yaml", "empty",
    "unknown call", "unreadable",
)  # fmt: skip


def written(report: Report, output_format: str, look: Look | None = None) -> str:
    """A run's output for one report."""
    chosen = reporter(output_format)
    return chosen.whole([chosen.part(report, look or Look())])


def test_every_kind_of_report_is_there(reports):
    assert tuple(reports) == KINDS
    assert [name for name, report in reports.items() if report.assessment is None] == list(KINDS[6:])


def test_the_formats_are_these():
    assert tuple(FORMATS) == ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv")


# --- JSON ------------------------------------------------------------------------------------------------------------


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object inside a schema."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_the_schema_of_the_report_is_sound():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_allows_no_key_that_it_does_not_name_and_demands_each_that_it_names():
    found = list(objects(SCHEMA))
    assert len(found) >= 15
    named = [schema for schema in found if "properties" in schema]
    assert [schema["minProperties"] for schema in found if schema not in named] == [2]  # rules by the name of a pack
    for schema in named:
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


def test_the_schema_knows_no_other_version():
    assert not Draft202012Validator(SCHEMA["properties"]["version"]).is_valid(2)
    assert Draft202012Validator(SCHEMA["properties"]["version"]).is_valid(1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_every_report_in_json_keeps_to_the_schema(reports, kind, encoding):
    document = json.loads(written(reports[kind], "json", Look(encoding=encoding)))
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []
    assert document["version"] == 1
    assert document["pioneer"] == pioneer_cli.__version__


@pytest.mark.parametrize("kind", KINDS)
def test_the_encoding_changes_no_value_in_json(reports, kind):
    plain = written(reports[kind], "json", Look(encoding="ascii"))
    assert plain.isascii()
    assert json.loads(plain) == json.loads(written(reports[kind], "json"))


def test_several_reports_make_one_document_in_order(reports):
    chosen = reporter("json")
    document = json.loads(chosen.whole([chosen.part(reports[kind], Look()) for kind in KINDS]))
    assert [bid["judged"] for bid in document["bids"]] == [True] * 6 + [False] * 5
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []


def test_every_finding_has_its_place_and_its_gain(reports):
    (bid,) = json.loads(written(reports["messy"], "json"))["bids"]
    findings = {found["rule"]: found for found in bid["assessment"]["findings"]}
    found = findings["outcomes-have-measures"]
    assert (found["outcome"], found["severity"], found["share"]) == ("partly", "warning", {"low": 0.5, "high": 0.5})
    assert found["evidence"] == [
        {"quote": "Days at home", "path": ["vision", "outcomes", 0, "measure"],
         "line": 12, "column": 72, "end_line": 12, "end_column": 84}
    ]  # fmt: skip
    assert [(fall["path"], fall["line"], fall["column"]) for fall in found["shortfalls"]] == [
        (["vision", "outcomes", 1, "measure"], 13, 8)
    ]
    assert found["gain"] > 0


def test_what_is_withheld_is_null(reports):
    (bid,) = json.loads(written(reports["without pages"], "json"))["bids"]
    assert (bid["pages"], bid["assessment"]["verdict"], bid["assessment"]["best_verdict"]) == (None, None, None)


# --- Every format ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_report_tells_a_path_of_this_machine_or_a_time(reports, kind, output_format):
    text = written(reports[kind], output_format)
    assert str(ROOT) not in text
    assert not re.search(r"/tmp|/home|\b202[0-9]-|\b\d\d:\d\d:\d\d\b", text)


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_report_gives_the_same_text(reports, kind, output_format):
    assert written(reports[kind], output_format) == written(reports[kind], output_format)


def test_the_seed_of_hashes_changes_no_byte(tmp_path):
    (tmp_path / "bid.yaml").write_text(MESSY, encoding="utf-8")
    outputs = set()
    for seed in ("0", "1", "2"):
        others = [word for name in FORMATS if name != "text" for word in ("--output", f"{name}={seed}-{name}")]
        finished = subprocess.run(
            [sys.executable, "-m", "pioneer_cli", "check", "bid.yaml", "--format", "text", *others],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert finished.stderr == b""
        files = sorted(tmp_path.glob(f"{seed}-*"))
        assert len(files) == len(FORMATS) - 1
        outputs.add((finished.stdout, *(file.read_bytes() for file in files)))
    (found,) = outputs
    assert all(found)


HOSTILE = (
    "\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "bell\x07", "back\x08space", "up\x1b[2A", "over\rwritten",
    "turned\u202eround", "isolated\u2066text\u2069", "mark\u200eed", "zero\u200bwidth", "joined\u2060up",
    "line\u2028end", "para\u2029graph", "next\x85line", "delete\x7f", "soft\xadhyphen", "half\ud800", "\ufeffmark",
    "tag\U000e0041ged", "arabic\u061cmark",
)  # fmt: skip


def hostile_report(text: str) -> Report:
    """A report that holds a text wherever a bid, or the name of its file, could bring one in."""
    name = f"{text}.yaml"
    source = replace(parse(HEAD, name), text=HEAD.replace("A bid", text))
    span = Span.of(2, 8, 2, 13)
    fault = Diagnostic(
        name, span, Severity.ERROR, "x", f"{text} in a message", f"{text} in a hint", (Related(span, text),)
    )
    return Report(source, None, text, (fault,), None, None)


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_no_character_of_a_bid_steers_the_terminal(output_format, text, encoding):
    output = written(hostile_report(text), output_format, Look(encoding=encoding))
    assert UNPRINTABLE.sub("", output) == output.replace("\n", "")
    assert output.encode(encoding)


@pytest.mark.parametrize("output_format", FORMATS)
def test_nor_does_one_that_a_judged_bid_may_hold(tmp_path, output_format):
    text = HEAD.replace("A bid", "A\u200b bid") + "vision: {statement: One\u200b team for\u200b all of us here}\n"
    report = report_on(text, tmp_path, count_pages=False)
    assert report.assessment is not None
    assert [found.code for found in report.diagnostics] == ["invisible-character"] * 3
    output = written(report, output_format)
    assert ("\\u200b" in output) is (output_format in ("text", "json"))  # the others show neither title nor lines
    assert UNPRINTABLE.sub("", output) == output.replace("\n", "")


def test_the_hostile_texts_are_hostile():
    assert [text for text in HOSTILE if not UNPRINTABLE.search(text)] == []
    assert len(HOSTILE) >= 20


@pytest.mark.parametrize("text", ["Care together", "£1.2m – “now”", "Zoë, Łódź", "照护", "a × b"])
def test_what_is_harmless_is_left_alone(text):
    assert printable(text) == text


@given(st.text())
def test_a_printable_text_is_one_line_without_control_characters(text):
    shown = printable(text)
    assert not UNPRINTABLE.search(shown)
    assert len(shown.splitlines()) <= 1
    assert shown.encode().decode() == shown


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp1252", "utf-8"]))
def test_a_printable_text_fits_its_encoding(text, encoding):
    assert printable(text, encoding).encode(encoding).decode(encoding) == printable(text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("89.6–100.0 …", "ascii", "89.6-100.0 ..."),
        ("£5 – “café”", "ascii", 'GBP 5 - "caf\\u00e9"'),
        ("£5 – “café”", "latin-1", '£5 - "café"'),
        ("£5 – “café”", "cp1252", "£5 – “café”"),
        ("照 \U0001f600", "ascii", "\\u7167 \\U0001f600"),
    ],
)
def test_plain_characters_stand_in_where_the_encoding_has_no_other(text, encoding, shown):
    assert carried(text, encoding) == shown


# --- Text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_is_wider_than_the_terminal_but_places_and_the_last(reports, kind, width, encoding):
    *lines, last = written(reports[kind], "text", Look(width=width, encoding=encoding)).splitlines()
    assert last.startswith("bid.yaml: ")
    long = [line for line in lines if cell_len(line) > width]
    assert [line for line in long if not re.match(r"bid\.yaml:\d+:\d+ (error|warning|note) ", line)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_ends_in_a_space(reports, kind):
    assert not re.search(r"[ \t]$", written(reports[kind], "text"), re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_colour_adds_nothing_but_colour(reports, kind):
    coloured = written(reports[kind], "text", Look(colour=True))
    assert "\x1b[" in coloured
    without = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert re.sub(r"[ \t]+$", "", without, flags=re.MULTILINE) == written(reports[kind], "text")


@pytest.mark.parametrize("kind", KINDS)
def test_quiet_is_the_last_line_and_why_a_bid_cannot_be_judged(reports, kind):
    report = reports[kind]
    *above, last = written(report, "text", Look(quiet=True)).splitlines()
    assert last == written(report, "text").splitlines()[-1]
    if report.assessment is not None:
        assert above == []
        return
    errors = [found for found in report.diagnostics if found.severity is Severity.ERROR]
    told = [f"bid.yaml:{found.span.start} error {found.code}: {printable(found.message)}" for found in errors]
    assert above[:1] == told[:1]
    assert above[1:] == ([f"and {plural(len(errors) - 1, 'more error')}"] if len(errors) > 1 else [])


def test_a_bid_that_cannot_be_judged_puts_no_blank_lines_between_quiet_reports(reports):
    quiet = [reporter("text").part(reports[kind], Look(quiet=True)) for kind in KINDS]
    assert max(part.count("\n") for part in quiet) == 3
    assert reporter("text").whole(quiet) == "".join(quiet)


@pytest.mark.parametrize("width", [40, 200])
def test_what_a_bid_misses_stands_right_above_the_last_line(reports, width):
    report = reports["clean"]
    missed = ("the score 3.00 is below the minimum of 60", "C3 is at level 1, below the minimum of 5")
    *usual, last = written(report, "text", Look(width=width)).splitlines()
    *lines, end = written(report, "text", Look(width=width, missed=missed)).splitlines()
    assert (lines[: len(usual)], end) == (usual, last)
    assert lines[len(usual) :] == [f"Falls short: {reason}" for reason in missed]
    assert written(report, "text", Look(quiet=True, missed=missed)) == f"{last}\n"  # which standard error tells


@pytest.mark.parametrize("by", ["ignore", "baseline"])
def test_the_last_line_counts_places_that_do_not_count(reports, by):
    report = reports["messy"]
    several = next(gap for gap in report.gaps if len(places_of(gap)) > 1)
    places = len(places_of(several))
    hidden = Suppressed(several, by, "known", report.source.value_span(()))
    words = "ignored" if by == "ignore" else "in the baseline"
    assert places_at_the_end(replace(report, suppressed=(hidden,))) == f"{places} places {words}"
    one = Suppressed(replace(several, shortfalls=()), by, "known", hidden.span)  # the whole bid
    assert places_at_the_end(replace(report, suppressed=(one,))) == f"1 place {words}"
    assert "place" not in places_at_the_end(report)


def places_at_the_end(report):
    """The last of what the verdict line counts."""
    return written(report, "text", Look(quiet=True)).rstrip("\n").rsplit(", ", 1)[1]


def test_every_gap_and_every_gate_is_told_with_place_and_remedy(reports):
    report = reports["at the end"]
    text = written(report, "text", Look(width=500))
    assert report.assessment is not None
    told = [(gap.rule.id, gap.severity, gap.rule.remedy) for gap in report.assessment.gaps]
    told += [(gate.gate.id, gate.severity, gate.gate.remedy) for gate in report.gate_gaps]
    assert len(told) >= 40
    for name, severity, remedy in told:
        assert re.search(rf"^bid\.yaml:\d+:\d+ {severity} {name} \(", text, re.MULTILINE)
        assert f"  {remedy} (" in text


def test_gaps_stand_worst_first_under_their_criterion(reports):
    text = written(reports["at the end"], "text")
    sections = re.split(r"^(?:Gates|C\d .*) -+$", text, flags=re.MULTILINE)[1:]
    assert len(sections) == 7
    for section in sections:
        words = re.findall(r"^bid\.yaml:\d+:\d+ (\w+)", section, re.MULTILINE)
        assert words == sorted(words, key=["error", "warning", "note"].index)
        assert words


def test_what_the_file_lacks_altogether_is_named_and_not_shown_at_a_line(reports):
    text = written(reports["messy"], "text")
    assert "\n  there is no `sharing` in the file\n" in text


# --- Excerpts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "start", "end", "shown"),
    [
        ("title: A bid", 7, 12, ("title: A bid", 7, 5)),
        ("title: A bid", 12, 12, ("title: A bid", 12, 1)),
        ("title: A bid", 40, 41, ("title: A bid", 12, 1)),
        ("", 0, 1, ("", 0, 1)),
        ("\ttitle: x", 8, 9, (" title: x", 8, 1)),
        ("a\u202eb: x", 3, 4, (r"a\u202eb: x", 8, 1)),
        ("a\u202eb: x", 1, 2, (r"a\u202eb: x", 1, 6)),
        ("照护: x", 4, 5, ("照护: x", 6, 1)),
        ("照护: x", 0, 2, ("照护: x", 0, 4)),
        ("0123456789" * 2 + "x" * 10, 0, 3, ("012345678901234567…", 0, 3)),
        ("0123456789" * 2 + "x" * 10, 25, 30, ("…23456789xxxxxxxxxx", 14, 5)),
        ("0123456789" * 6, 30, 35, ("…123456789012345678…", 10, 5)),
        ("0123456789" * 6, 0, 50, ("012345678901234567…", 0, 18)),
    ],
)
def test_an_excerpt_shows_the_place_in_the_room_there_is(line, start, end, shown):
    found = excerpt(line, start, end, 20, "utf-8")
    assert (found.text, found.before, found.marked) == shown


@given(
    st.text(st.characters(exclude_characters="\n\r"), max_size=200),
    st.integers(0, 200),
    st.integers(0, 200),
    st.integers(20, 110),
    st.sampled_from(["utf-8", "ascii"]),
)
@settings(max_examples=500, deadline=None)
def test_an_excerpt_fits_and_its_caret_is_in_view(line, start, length, room, encoding):
    found = excerpt(line, start, start + length, room, encoding)
    assert cell_len(found.text) <= room
    assert found.marked >= 1
    assert found.before <= cell_len(found.text)
    assert not UNPRINTABLE.search(found.text)


@pytest.mark.parametrize("column", [1, 40, 2500, 4990, 5000])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_in_a_line_of_five_thousand_characters_the_caret_is_in_view(column, width):
    line = "".join(f"{number:05d}" for number in range(1000))
    source = parse("title: x\n", "bid.yaml")
    span = Span.of(1, column, 1, column + 3)
    fault = Diagnostic("bid.yaml", span, Severity.ERROR, "x", "here")
    report = Report(replace(source, text=line), None, "", (fault,), None, None)
    _, shown, caret, *below = written(report, "text", Look(width=width)).splitlines()
    assert len(shown) <= width
    begin = caret.index("^")
    assert shown[begin : begin + 3] == line[column - 1 : column + 2]
    assert "here" in "".join([caret, *below])


# --- GitHub ----------------------------------------------------------------------------------------------------------


def unescaped(text: str) -> str:
    """What GitHub makes of an escaped value."""
    for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"])).filter(
    lambda text: not UNPRINTABLE.search(text)
)


@given(PRINTABLE, PRINTABLE, PRINTABLE)
@settings(max_examples=500, deadline=None)
def test_what_goes_into_a_command_comes_out_of_it(file, title, message):
    span = Span.of(3, 4, 3, 9)
    fault = Diagnostic(file, span, Severity.WARNING, title, message)
    report = Report(parse(HEAD, "bid.yaml"), None, "", (fault,), None, None)
    line = github.part(report, Look()).split("\n")[1]  # the first says that there is no verdict
    found = re.fullmatch(r"::warning file=([^,:]*),line=3,endLine=3,col=4,endColumn=9,title=([^,:]*)::(.*)", line)
    assert found
    assert [unescaped(part) for part in found.groups()] == [file, title, message.strip()]


@pytest.mark.parametrize(
    ("message", "escaped"),
    [
        ("100% sure", "100%25 sure"),
        ("two\nlines", "two%0Alines"),
        ("two\r\nlines", "two%0D%0Alines"),
        ("%0A", "%250A"),
        ("a: b, c", "a: b, c"),
        ("::error::no", "::error::no"),
    ],
)
def test_a_message_stays_on_its_line(message, escaped):
    fault = Diagnostic("bid.yaml", Span.of(1, 1, 1, 2), Severity.WARNING, "x", message)
    report = Report(parse(HEAD, "bid.yaml"), None, "", (fault,), None, None)
    expected = f"\n::warning file=bid.yaml,line=1,endLine=1,col=1,endColumn=2,title=x::{escaped}\n"
    assert github.part(report, Look()).endswith(expected)


def test_a_name_cannot_end_the_properties():
    fault = Diagnostic("a,b:c%.yaml", Span.of(1, 1, 1, 2), Severity.ERROR, "x", "m")
    report = Report(parse(HEAD, "bid.yaml"), None, "", (fault,), None, None)
    assert "\n::error file=a%2Cb%3Ac%25.yaml,line=1," in github.part(report, Look())


def test_columns_are_left_out_where_a_place_takes_several_lines():
    fault = Diagnostic("bid.yaml", Span.of(1, 5, 2, 9), Severity.ERROR, "x", "m")
    report = Report(parse(HEAD, "bid.yaml"), None, "", (fault,), None, None)
    assert github.part(report, Look()).endswith("\n::error file=bid.yaml,line=1,endLine=2,title=x::m\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_is_a_command(reports, kind):
    lines = written(reports[kind], "github").splitlines()
    assert lines
    for line in lines:
        assert re.match(r"::(error|warning|notice) (file=bid\.yaml,line=\d+,endLine=\d+,|title=pioneer::and )", line)


@pytest.mark.parametrize("kind", ["messy", "messy draft", "at the end"])
def test_every_gate_and_gap_that_is_no_note_becomes_a_command_of_its_bid(reports, kind):
    report = reports[kind]
    text = github.part(report, Look())
    listed = [(f"{gap.consideration.id} {gap.rule.id}", gap.severity) for gap in report.gaps]
    listed += [(f"gate {gate.gate.id}", gate.severity) for gate in report.gate_gaps]
    listed += [(found.code, found.severity) for found in report.diagnostics]
    names = [name for name, severity in listed if severity > Severity.NOTE]
    assert [name for name in names if f",title={name}::" not in text] == []
    assert text.count("\n") == len(names) + 1


@pytest.mark.parametrize(
    ("kind", "verdict"), [("clean", "sift-in"), ("messy", "later-cohort"), ("without pages", "withheld")]
)
def test_the_verdict_comes_first(reports, kind, verdict):
    first = written(reports[kind], "github").splitlines()[0]
    assert f",title=submission verdict::{verdict}" in first


@pytest.mark.parametrize("kind", KINDS[6:])
def test_what_was_not_judged_begins_with_an_error(reports, kind):
    first = written(reports[kind], "github").splitlines()[0]
    assert first.startswith("::error ")
    assert first.endswith(",title=not judged::this bid cannot be judged")
