"""What would take minutes or gigabytes is refused or shortened: texts no call could want, faults by the thousand."""

from pathlib import Path

import pytest
from made_bids import check_one

from pioneer_cli.pipeline import Request
from pioneer_cli.reports import reporter
from pioneer_cli.reports.look import Look
from pioneer_cli.source import _lines_of, parse
from pioneer_cli.unshowable import MOST_CHARACTERS, MOST_MARKS, unshowable

HEAD = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"


def test_more_text_than_could_be_typeset_is_one_error(tmp_path: Path) -> None:
    file = tmp_path / "bid.yaml"
    file.write_text(HEAD + "summary: >-\n" + "  words and words\n" * (MOST_CHARACTERS // 15), encoding="utf-8")
    report = check_one(file.as_posix(), Request())
    assert [(found.code, str(found.span.start)) for found in report.diagnostics] == [("too-long", "1:1")]
    assert report.assessment is None


def test_as_much_text_as_may_be_typeset_is_no_fault() -> None:
    title, name = "A bid", "x"
    text = "word " * ((MOST_CHARACTERS - len(title + name)) // 5)
    assert list(unshowable({"title": title, "area": {"name": name}, "summary": text})) == []


def test_a_line_of_a_million_dashes_is_explained() -> None:
    source = parse(HEAD + "vision: x\n" + "  " + "- " * 500_000 + "a: b\n", "bid.yaml")
    assert [(found.severity.name, found.span.start.line) for found in source.diagnostics] == [("ERROR", 5)]


def test_the_text_report_stops_after_a_hundred_faults_and_json_has_all(tmp_path: Path) -> None:
    file = tmp_path / "bid.yaml"
    file.write_text(HEAD + "".join(f"wrong_{number}: 1\n" for number in range(150)), encoding="utf-8")
    report = check_one(file.as_posix(), Request())
    assert len(report.diagnostics) == 150
    text = reporter("text").part(report, Look())
    assert text.count("unknown key") == 100
    assert "\nand 50 more, which --format json lists\n" in text
    assert reporter("json").part(report, Look()).count('"unknown-key"') == 150


def test_a_hundred_faults_are_all_shown(tmp_path: Path) -> None:
    file = tmp_path / "bid.yaml"
    file.write_text(HEAD + "".join(f"wrong_{number}: 1\n" for number in range(100)), encoding="utf-8")
    text = reporter("text").part(check_one(file.as_posix(), Request()), Look())
    assert text.count("unknown key") == 100
    assert " more, " not in text


@pytest.mark.parametrize("pattern", ["*a* ", "*a **b ", "**a* b** ", "_a ", "*"])
def test_more_emphasis_than_could_be_paired_is_one_error(pattern: str) -> None:
    marks = pattern.count("*") + pattern.count("_")
    most = {"title": "A bid", "summary": pattern * (MOST_MARKS // marks)}
    assert "too-long" not in {found.code for found in unshowable(most)}
    found = [fault for fault in unshowable({**most, "area": {"name": pattern}}) if fault.code == "too-long"]
    assert [fault.path for fault in found] == [()]


def test_the_lines_of_a_source_are_split_once_for_all_its_faults() -> None:
    text = HEAD + "summary: >-\n" + "  words\n" * 1000
    source = parse(text, "bid.yaml")
    before = _lines_of.cache_info().misses
    for _ in range(50):
        source.text_span(("summary",), "words")
    assert _lines_of.cache_info().misses == before + 1
