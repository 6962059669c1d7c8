"""SARIF, JUnit, GitLab's Code Quality, CSV and GitHub's annotations: well formed whatever a bid says, and complete.

What every format promises is in `test_reports.py`; whole reports, word for word, are `matrix-*` in `tests/scenarios/`.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree

import pytest
import test_reports as shared
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from lxml import etree
from test_reports import HOSTILE, KINDS, hostile_report, report_on, written

from pioneer_cli.assessment import Baselined, Report
from pioneer_cli.baseline import Baseline, entries_of, key_of, without_baselined
from pioneer_cli.cli import run
from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.fault_codes import CODES, LIGHTER
from pioneer_cli.pipeline import Thresholds, exit_code
from pioneer_cli.reports import FORMATS, github, reporter
from pioneer_cli.reports.listing import what_counts, what_does_not_count
from pioneer_cli.reports.look import Look, ends_with
from pioneer_cli.reports.relative_uri import relative_uri
from pioneer_cli.source import unread
from pioneer_cli.waivable import CODES as WAIVABLE

SCHEMAS = Path(__file__).parent / "schemas"
SARIF = Draft7Validator(
    json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")),
    format_checker=Draft7Validator.FORMAT_CHECKER,
)
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
REASON = "asked | the <b>panel</b>, @team"
IGNORE = f"    # pioneer: ignore[outcomes-have-measures] -- {REASON}\n"
CARERS = "    - {outcome: Carers"
IGNORING = shared.MESSY.replace(CARERS, IGNORE + CARERS) + f"# pioneer: ignore[yaml-comment] -- {REASON}\n"
STRANGE = "%\r\n:,;=|&<>\"'`@#[](){}!$~*_\\\x1b\u202e\ud800\udfff\ufffe\uffff\x00\x85\u2028"
ORDERS = ("::error::x", "a%0Ab", "%25", "##[add-mask]x", "]]>", "=1+1", "{0}", "[x](https://e.org)")
HOSTILE_TEXTS = st.one_of(
    st.text(st.characters() | st.sampled_from(STRANGE), min_size=1, max_size=60),
    st.sampled_from((*HOSTILE, *ORDERS)),
)

reports = shared.reports


@pytest.fixture(scope="module")
def ignoring(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report on a bid with one ignore that is used and one that ignores nothing."""
    return report_on(IGNORING, tmp_path_factory.mktemp("ignoring"), count_pages=False)


@pytest.fixture(scope="module")
def baselined(reports: dict[str, Report]) -> Report:
    """A report of which everything but the last entries is in a baseline, and one entry is mended."""
    report = reports["messy"]
    known = entries_of(report)[:-3]
    mended = replace(known[0], fingerprint="0" * 16)
    return without_baselined(report, Baseline("b.json", {key_of(report, "b.json"): (*known, mended)}))


def sarif(*found: Report, look: Look | None = None) -> dict[str, Any]:
    chosen = reporter("sarif")
    log: dict[str, Any] = json.loads(chosen.whole([chosen.part(report, look or Look()) for report in found]))
    assert [f"{list(error.path)}: {error.message}" for error in SARIF.iter_errors(log)] == []
    return log


def junit(*found: Report, look: Look | None = None) -> ElementTree.Element:
    chosen = reporter("junit")
    text = chosen.whole([chosen.part(report, look or Look()) for report in found])
    assert JUNIT.validate(etree.fromstring(text.encode())), JUNIT.error_log
    return ElementTree.fromstring(text)


def gitlab(*found: Report, look: Look | None = None) -> list[dict[str, Any]]:
    chosen = reporter("gitlab")
    issues: list[dict[str, Any]] = json.loads(chosen.whole([chosen.part(report, look or Look()) for report in found]))
    return issues


def table(*found: Report) -> list[dict[str, str]]:
    chosen = reporter("csv")
    text = chosen.whole([chosen.part(report, Look()) for report in found])
    return list(csv.DictReader(StringIO(text), strict=True))


# --- What every one of them tells ------------------------------------------------------------------------------------


def test_the_bid_that_ignores_has_one_ignore_that_is_used_and_one_that_is_not(ignoring):
    assert [(found.name, found.reason) for found in ignoring.suppressed] == [("outcomes-have-measures", REASON)]
    assert {"unused-ignore", "misplaced-ignore"} & {found.code for found in ignoring.diagnostics}


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_tells_every_ignore_and_its_reason(ignoring, output_format):
    text = written(ignoring, output_format, Look(width=120))
    shown = {"json": json.dumps(REASON)[1:-1], "junit": "asked | the &lt;b&gt;panel&lt;/b&gt;, @team",
             "markdown": "asked &#124; the &#60;b&#62;panel&#60;/b&#62;, &#64;&#8203;team"}  # fmt: skip
    assert text.count("outcomes-have-measures") >= 1
    assert shown.get(output_format, REASON) in text


@pytest.mark.parametrize("output_format", FORMATS)
def test_no_format_tells_of_ignores_where_there_are_none(reports, output_format):
    assert not re.search(
        r"Ignored by|ignored (at|by)|: ignored,|inSource|,ignore,", written(reports["messy"], output_format)
    )


@pytest.mark.parametrize("output_format", sorted(set(FORMATS) - {"gitlab"}))
def test_what_is_mended_is_told(baselined, output_format):
    assert len(baselined.mended) == 1
    text = written(baselined, output_format)
    assert "mended" in text.lower()
    assert baselined.mended[0].rule in text


@pytest.mark.parametrize("failing", ["error", "warning", "never"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("minimum", [None, 50.0])
def test_formats_know_the_exit_code_that_the_run_ends_with(reports, kind, failing, minimum):
    report = reports[kind]
    severity = None if failing == "never" else Severity[failing.upper()]
    low = minimum is not None and report.assessment is not None and report.assessment.low < minimum
    code = exit_code(report, Thresholds(failing, minimum))
    assert ends_with(report, Look(failing=severity, missed=("the score is low",) if low else ())) == code
    lenient = Look(failing=severity, exit_zero=True)
    assert ends_with(report, lenient) == (code if code == ExitCode.CANNOT_JUDGE else ExitCode.OK)


def test_every_code_that_broken_bids_give_has_a_sentence_of_its_own():
    golden = "".join(path.read_text(encoding="utf-8") for path in (SCHEMAS.parent / "broken_bids").glob("*.expected"))
    codes = set(re.findall(r"^\d+:\d+ (?:error|warning|note) ([a-z-]+):", golden, re.MULTILINE))
    assert len(codes) >= 30
    assert codes - CODES.keys() == set()
    assert set(WAIVABLE) <= LIGHTER.keys() <= CODES.keys()


# --- SARIF -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_every_report_keeps_to_the_schema_of_oasis(reports, kind, encoding):
    log = sarif(reports[kind], look=Look(encoding=encoding))
    assert log == sarif(reports[kind])
    assert log["version"] == "2.1.0"


def test_the_schema_would_find_a_fault(reports):
    log = sarif(reports["messy"])
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    assert [list(error.path)[-1] for error in SARIF.iter_errors(log)] == ["startColumn"]


def test_the_run_lists_every_gate_rule_and_code_with_help(reports):
    report = reports["messy"]
    (run,) = sarif(report)["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert report.pack is not None
    names = [*(gate.id for gate in report.pack.about.gates), *(rule.id for _, _, rule in report.pack.rules()), *CODES]
    assert list(rules) == names
    assert len(rules) >= 100
    for rule in rules.values():
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert len(rule["properties"]["tags"]) <= 10
    assert rules["page-limit"]["properties"]["authority"] == "call"
    assert rules["outcomes-have-measures"]["properties"]["consideration"].startswith("C1")


def test_the_level_of_a_rule_is_that_of_the_phase(reports):
    levels = {}
    for kind in ("messy draft", "messy", "at the end"):
        rules = sarif(reports[kind])["runs"][0]["tool"]["driver"]["rules"]
        levels[kind] = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}
    assert levels["messy draft"]["page-limit"] == "warning"
    assert levels["messy"]["page-limit"] == "error"
    assert len({tuple(found.values()) for found in levels.values()}) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_each_result_names_its_rule_its_place_and_what_it_is_known_by(reports, kind):
    report = reports[kind]
    (run,) = sarif(report)["runs"]
    listed = list(what_counts(report))
    assert [result["ruleId"] for result in run["results"]] == [found.name for found in listed]
    assert [result["level"] for result in run["results"]] == [str(found.severity) for found in listed]
    rules = run["tool"]["driver"]["rules"]
    for result, found in zip(run["results"], listed, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"] == {"pioneer/v1": found.places[0].fingerprint}
        assert result["suppressions"] == []
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (found.span.start.line, found.span.start.column)
        assert min(region.values()) >= 1
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
    assert run["columnKind"] == "unicodeCodePoints"


def test_columns_count_characters_and_not_units(tmp_path):
    text = shared.HEAD + 'partners: [{id: "😀😀", organisation: A, kind: council}]\n'
    (result,) = sarif(report_on(text, tmp_path))["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (17, 21)


def test_other_places_are_linked_from_the_message(tmp_path):
    outcomes = "".join(f"    - {{outcome: Outcome {number}}}\n" for number in range(12))
    report = report_on(shared.HEAD + f"vision:\n  outcomes:\n{outcomes}", tmp_path, count_pages=False)
    results = {result["ruleId"]: result for result in sarif(report)["runs"][0]["results"]}
    result = results["outcomes-have-measures"]
    assert [place["id"] for place in result["relatedLocations"]] == list(range(1, 12))
    links = re.findall(r"\[line (\d+)\]\((\d+)\)", result["message"]["text"])
    assert len(links) == 9
    assert result["message"]["text"].endswith(" and 2 more.")
    for line, number in links:
        (place,) = [found for found in result["relatedLocations"] if found["id"] == int(number)]
        assert place["physicalLocation"]["region"]["startLine"] == int(line)
    alone = [result for result in results.values() if "See also" not in result["message"]["text"]]
    assert len(alone) >= 20
    assert [result for result in alone if "relatedLocations" in result] == []


def test_the_first_of_two_equal_keys_is_linked_too(reports):
    results = sarif(reports["broken"])["runs"][0]["results"]
    (twice,) = [result for result in results if result["ruleId"] == "yaml-duplicate-key"]
    assert twice["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 2
    assert "[line 2](1)" in twice["message"]["text"]


def test_what_is_suppressed_is_listed_with_by_what_and_why(ignoring, baselined):
    results = sarif(ignoring)["runs"][0]["results"]
    (known,) = [result["suppressions"] for result in results if result["suppressions"]]
    assert [(found["kind"], found["justification"]) for found in known] == [("inSource", REASON)]
    region = known[0]["location"]["physicalLocation"]["region"]
    assert IGNORING.splitlines()[region["startLine"] - 1].strip().startswith("# pioneer: ignore[outcomes")
    results = sarif(baselined)["runs"][0]["results"]
    kinds = [found["kind"] for result in results for found in result["suppressions"]]
    assert kinds == ["external"] * len(baselined.suppressed)
    assert len(kinds) >= 30


def test_the_invocation_tells_the_exit_code_and_what_could_not_be_judged(reports):
    judged, broken = reports["clean"], reports["broken"]
    (fine,) = sarif(judged)["runs"][0]["invocations"]
    assert (fine["executionSuccessful"], fine["exitCode"], fine["toolExecutionNotifications"]) == (True, 0, [])
    (both,) = sarif(judged, broken)["runs"][0]["invocations"]
    assert (both["executionSuccessful"], both["exitCode"]) == (False, 2)
    (note,) = both["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("error", "bid.yaml could not be judged")
    (short,) = sarif(reports["messy"])["runs"][0]["invocations"]
    assert (short["executionSuccessful"], short["exitCode"]) == (True, 1)
    (lenient,) = sarif(reports["messy"], look=Look(exit_zero=True))["runs"][0]["invocations"]
    assert lenient["exitCode"] == 0
    (left,) = sarif(reports["without pages"])["runs"][0]["invocations"]
    assert [note["level"] for note in left["toolExecutionNotifications"]] == ["note"]


MISSED = ("the score 3.00 is below the minimum of 60", "C3 is at level 1, below the minimum of 5", "since HEAD, more")


def test_what_a_bid_misses_is_a_notification_of_the_run(reports):
    look = Look(missed=MISSED)
    log = sarif(reports["clean"], look=look)
    (run_,) = log["runs"]
    notes = run_["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [f"bid.yaml: {reason}" for reason in MISSED]
    assert {note["level"] for note in notes} == {"error"}
    descriptors = run_["tool"]["driver"]["notifications"]
    assert {descriptors[note["descriptor"]["index"]]["id"] for note in notes} == {"threshold"}
    assert {note["descriptor"]["id"] for note in notes} == {"threshold"}
    (one,) = sarif(reports["clean"])["runs"][0]["invocations"]
    assert one["toolExecutionNotifications"] == []


def test_what_a_bid_misses_is_an_issue_of_its_own(reports):
    first = reports["clean"].source.value_span(()).start.line
    usual, issues = gitlab(reports["clean"]), gitlab(reports["clean"], look=Look(missed=MISSED))
    found = [issue for issue in issues if issue["check_name"] == "threshold"]
    assert [issue for issue in issues if issue not in found] == usual
    assert [issue["description"] for issue in found] == [f"threshold: {reason}" for reason in MISSED]
    assert {issue["severity"] for issue in found} == {"critical"}
    assert {issue["location"]["lines"]["begin"] for issue in found} == {first}
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_an_issue_of_a_minimum_is_the_same_one_when_only_the_figure_changes(reports):
    def prints(*missed: str) -> list[str]:
        issues = gitlab(reports["clean"], look=Look(missed=missed))
        return [issue["fingerprint"] for issue in issues if issue["check_name"] == "threshold"]

    assert prints("the score 3.00 is below the minimum of 60") == prints("the score 4.00 is below the minimum of 60")
    assert prints("C3 is at level 1, below the minimum of 5") != prints("C4 is at level 1, below the minimum of 5")


def test_what_a_bid_misses_is_a_list_of_texts_in_json(reports):
    (bid,) = json.loads(written(reports["clean"], "json", Look(missed=MISSED)))["bids"]
    assert bid["missed"] == list(MISSED)
    (bid,) = json.loads(written(reports["clean"], "json"))["bids"]
    assert bid["missed"] == []


def test_every_format_says_why_a_bid_falls_short(reports):
    for output_format in FORMATS:
        told = written(reports["clean"], output_format, Look(width=200, missed=MISSED))
        assert all(reason in told for reason in MISSED), output_format


def test_bids_of_one_pack_are_one_run_and_each_other_pack_is_a_run_with_a_category(reports):
    one, other = reports["clean"], reports["messy"]
    assert one.pack is not None
    log = sarif(one, other, reports["broken"])
    assert [run.get("automationDetails") for run in log["runs"]] == [None]
    renamed = replace(one, pack=replace(one.pack, about=one.pack.about.model_copy(update={"name": "another"})))
    log = sarif(one, renamed, reports["broken"])
    assert [run["automationDetails"]["id"] for run in log["runs"]] == ["pioneers-2013/", "another/"]
    assert [run["invocations"][0]["executionSuccessful"] for run in log["runs"]] == [False, True]
    assert [run["invocations"][0]["exitCode"] for run in log["runs"]] == [2, 2]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("bids/exemplar.yaml", "bids/exemplar.yaml"),
        ("./bids/a b.yaml", "bids/a%20b.yaml"),
        ("../up.yaml", "../up.yaml"),
        ("100%.yaml", "100%25.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("what?#.yaml", "what%3F%23.yaml"),
        ("Łódź.yaml", "%C5%81%C3%B3d%C5%BA.yaml"),
        ("byte-\udcff.yaml", "byte-%FF.yaml"),
        ("half-\ud800.yaml", "half-%ED%A0%80.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/root of it/bid.yaml", "file:///root%20of%20it/bid.yaml"),
        ("..", ".."),
        ("./", "./"),
    ],
)
def test_a_file_s_name_becomes_a_uri(name, uri):
    assert relative_uri(name) == uri


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
def test_the_uri_of_a_name_leads_back_to_it(name):
    uri = relative_uri(name)
    assert uri.isascii()
    assert not re.search(r"[^A-Za-z0-9%/._~:-]", uri)
    assert ":" not in uri or uri.startswith("file://")
    assert unquote(uri.removeprefix("file://")).lstrip("./") == name.lstrip("./")
    assert urljoin("https://example.org/repo/", uri).startswith(("https://example.org/", "file:/"))


# --- JUnit -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_every_report_keeps_to_jenkins_schema(reports, kind, encoding):
    text = written(reports[kind], "junit", Look(encoding=encoding))
    assert text.isascii() or encoding == "utf-8"
    root = junit(reports[kind], look=Look(encoding=encoding))
    cases = list(root.iter("testcase"))
    outcomes = [outcome.tag for case in cases for outcome in case]
    (suite,) = root
    assert suite.attrib["tests"] == str(len(cases))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert suite.attrib[name] == str(outcomes.count(tag))
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)


def test_every_rule_and_gate_is_a_test_case_so_that_passes_show(reports):
    report = reports["clean"]
    assert report.assessment is not None
    cases = {case.attrib["name"]: case for case in junit(report).iter("testcase")}
    rules = [finding.rule.id for finding in report.assessment.findings]
    assert list(cases) == ["is-a-valid-bid", *(gate.gate.id for gate in report.assessment.gates), *rules]
    met = {finding.rule.id for finding in report.assessment.findings if str(finding.outcome) == "met"}
    assert len(met) >= 30
    assert {name for name in met if len(cases[name])} == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failing", [None, Severity.WARNING, Severity.ERROR])
def test_there_is_a_failure_or_an_error_just_when_the_run_fails(reports, kind, failing):
    look = Look(failing=failing)
    root = junit(reports[kind], look=look)
    code = ends_with(reports[kind], look)
    assert bool(list(root.iter("error"))) == (code == ExitCode.CANNOT_JUDGE)
    assert bool(list(root.iter("failure"))) == (code == ExitCode.FALLS_SHORT)


def test_what_does_not_fail_the_run_and_is_not_met_is_skipped_with_the_reason(reports):
    cases = {case.attrib["name"]: case for case in junit(reports["messy"]).iter("testcase")}
    (skipped,) = cases["outcomes-have-measures"]
    assert skipped.tag == "skipped"
    assert skipped.attrib["message"].startswith("warning: Partly met: ")
    assert skipped.text is not None
    assert "bid.yaml:13:8 " in skipped.text
    judged = [case for case in cases.values() if len(case) and case[0].attrib.get("type") == "judged"]
    assert len(judged) >= 1
    without = {case.attrib["name"]: case for case in junit(reports["without pages"]).iter("testcase")}
    assert without["page-limit"][0].attrib["type"] == "not-checked"
    assert "page-limit" in cases
    assert len(cases["page-limit"]) == 0


def test_a_minimum_that_is_missed_is_a_failure(reports):
    root = junit(reports["clean"], look=Look(missed=("the score 3.00 is below the minimum of 60",)))
    (failure,) = root.iter("failure")
    assert failure.text == "the score 3.00 is below the minimum of 60"
    assert list(junit(reports["clean"]).iter("failure")) == []


def test_what_is_suppressed_is_skipped(baselined, ignoring):
    cases = {case.attrib["name"]: case for case in junit(baselined).iter("testcase")}
    kinds = [case[0].attrib.get("type") for case in cases.values() if len(case)]
    assert kinds.count("baseline") >= 25
    cases = {case.attrib["name"]: case for case in junit(ignoring).iter("testcase")}
    (skipped,) = cases["outcomes-have-measures"]
    assert (skipped.tag, skipped.attrib["type"], skipped.attrib["message"]) == (
        "skipped",
        "ignore",
        f"ignored: {REASON}",
    )
    assert REASON in "".join(out.text or "" for out in junit(ignoring).iter("system-out"))


def test_a_bid_that_cannot_be_judged_is_an_error_with_all_its_faults(reports):
    (case,) = junit(reports["broken"]).iter("testcase")
    (error,) = case
    assert error.tag == "error"
    assert error.text is not None
    assert len(error.text.splitlines()) == len(reports["broken"].diagnostics) >= 3


def test_the_suites_of_several_bids_are_summed(reports):
    root = junit(reports["messy"], reports["broken"], reports["clean"])
    assert [suite.attrib["errors"] for suite in root] == ["0", "1", "0"]
    assert root.attrib["tests"] == str(len(list(root.iter("testcase"))))
    assert root.attrib["errors"] == "1"


# --- GitLab ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_issue_has_what_gitlab_asks_for(reports, kind):
    report = reports[kind]
    issues = gitlab(report)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"] == "bid.yaml"
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["description"]
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    places = sum(len(found.places) for found in what_counts(report))
    gates = report.assessment.gates if report.assessment else ()
    unchecked = [gate.gate.id for gate in gates if report.left_out(gate)]
    assert [issue["check_name"] for issue in issues if "was not checked" in issue["description"]] == unchecked
    assert len(issues) == places + len(unchecked) + (report.assessment is None)


def test_lines_above_change_no_fingerprint_and_two_bids_share_none(tmp_path):
    first = report_on(shared.MESSY, tmp_path, count_pages=False)
    moved = report_on("# a line\n" * 50 + shared.MESSY, tmp_path, count_pages=False)
    before, after = gitlab(first), gitlab(moved)
    assert [issue["fingerprint"] for issue in before] == [issue["fingerprint"] for issue in after]
    assert [issue["location"] for issue in before] != [issue["location"] for issue in after]
    other = replace(first, source=replace(first.source, name="other.yaml"))
    both = gitlab(first, other)
    assert len({issue["fingerprint"] for issue in both}) == len(both) > len(before)


# --- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_has_a_verdict_and_a_row_for_each_place(reports, kind):
    report = reports[kind]
    verdict, *rows = table(report)
    assert verdict["kind"] == "verdict"
    assert (verdict["name"] == "not judged") is (report.assessment is None)
    listed = [(found.name, place) for found in what_counts(report) for place in found.places]
    assert [(row["name"], row["fingerprint"]) for row in rows] == [(name, place.fingerprint) for name, place in listed]
    assert all(int(row["line"]) >= 1 and int(row["column"]) >= 1 for row in rows)


def test_what_is_suppressed_says_by_what_and_why(ignoring):
    (row,) = [row for row in table(ignoring) if row["suppressed_by"]]
    assert (row["name"], row["suppressed_by"], row["suppressed_because"]) == (
        "outcomes-have-measures",
        "ignore",
        REASON,
    )
    assert [found.name for found in what_does_not_count(ignoring)] == ["outcomes-have-measures"]


# --- GitHub ----------------------------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) (?:([^:]*))?::(.*)")


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """The commands as a runner reads them: kind, properties and message, with their escapes undone."""
    for line in text.splitlines():
        kind, properties, message = COMMAND.fullmatch(line).groups()  # type: ignore[union-attr]
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        undone = {name: value.replace("%3A", ":").replace("%2C", ",") for name, value in pairs.items()}
        yield kind, {name: unescaped(value) for name, value in undone.items()}, unescaped(message)


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def named(report: Report, name: str) -> Report:
    """The same report on a file of another name."""
    faults = tuple(replace(found, file=name) for found in report.diagnostics)
    return replace(report, source=replace(report.source, name=name), diagnostics=faults)


@pytest.mark.parametrize("kind", ["messy", "at the end"])
def test_a_run_gives_no_more_than_github_shows_and_says_how_many_more_there_are(reports, kind):
    report = reports[kind]
    others = [named(report, f"b{number}.yaml") for number in range(12)]
    found = list(commands(github.whole([github.part(other, Look()) for other in others])))
    told = [kind for kind, _, _ in found]
    assert [told.count(kind) for kind in ("error", "warning", "notice")] == [9, 9, 10]
    errors, warnings = (report.severities.count(wanted) * 12 - 9 for wanted in (Severity.ERROR, Severity.WARNING))
    assert found[-1][2].startswith(f"and {errors} errors, {warnings} warnings, 3 verdicts more; ")
    assert len({properties["file"] for kind, properties, _ in found if kind == "error"}) == 9  # no bid hides another


def test_a_fault_of_a_file_that_two_packs_see_is_told_once(reports):
    one = reports["messy"]
    other = replace(one, pack=replace(one.pack, about=one.pack.about.model_copy(update={"name": "another"})))
    found = list(commands(github.whole([github.part(report, Look()) for report in (one, other)])))
    assert [properties["title"] for _, properties, _ in found].count("yaml-comment") == 1
    assert [issue["check_name"] for issue in gitlab(one, other)].count("yaml-comment") == 1
    assert [issue["check_name"] for issue in gitlab(one, other)].count("outcomes-have-measures") == 2


def test_the_worst_come_first_and_notes_are_only_counted(reports):
    report = reports["at the end"]
    found = list(commands(written(report, "github")))
    ranked = [item.title for item in what_counts(report) if item.severity is Severity.ERROR][:9]
    assert [properties["title"] for kind, properties, _ in found if kind == "error"] == ranked
    assert len([kind for kind, _, _ in found if kind == "notice"]) == 2
    assert "1 note" in written(reports["clean"], "github") or "no gaps" in written(reports["clean"], "github")


def test_a_run_with_fewer_says_nothing_of_more(reports):
    assert "more; the job summary" not in written(reports["clean"], "github")
    assert "more; the job summary" in written(reports["at the end"], "github")


# --- Whatever a bid says ---------------------------------------------------------------------------------------------


def with_text(text: str) -> Report:
    """A report with a text in its file's name, its title, and in a fault's message and hint."""
    return hostile_report(text)


@given(HOSTILE_TEXTS)
@settings(max_examples=60, deadline=None)
def test_sarif_holds_any_text(text):
    (run,) = sarif(with_text(text))["runs"]
    (result,) = run["results"]
    shown = result["message"]["text"]
    assert not re.search(r"\]\((?!\d+\)\.?$)", shown)
    assert not re.search(r"(?<!\{)\{(?:\{\{)*(?!\{)", shown)


@given(HOSTILE_TEXTS)
@settings(max_examples=60, deadline=None)
def test_junit_holds_any_text(text):
    (case,) = junit(with_text(text)).iter("testcase")
    assert case[0].tag == "error"


@pytest.mark.parametrize("code", [*range(32), 0x7F, 0x85, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_junit_holds_every_character_that_xml_does_not(code):
    (case,) = junit(with_text(f"a{chr(code)}b")).iter("testcase")
    assert re.search(r"a\\(u[0-9a-f]{4}|[tnr])b in a message", case[0].text or "")


@given(HOSTILE_TEXTS)
@settings(max_examples=60, deadline=None)
def test_gitlab_holds_any_text(text):
    issues = gitlab(with_text(text))
    assert [issue["check_name"] for issue in issues] == ["not-judged", "x"]
    json.dumps(issues, ensure_ascii=False).encode()  # no half characters


@given(HOSTILE_TEXTS)
@settings(max_examples=60, deadline=None)
def test_csv_holds_any_text(text):
    rows = table(with_text(text))
    assert [row["kind"] for row in rows] == ["verdict", "file"]
    for cell in (cell for row in rows for cell in row.values()):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "::"))


@given(HOSTILE_TEXTS)
@settings(max_examples=60, deadline=None)
def test_no_text_ends_a_workflow_command_or_begins_another(text):
    found = list(commands(written(with_text(text), "github")))
    assert [kind for kind, _, _ in found] == ["error", "error"]
    assert [set(properties) for _, properties, _ in found] == [
        {"file", "line", "endLine", "col", "endColumn", "title"}
    ] * 2
    assert [properties["title"] for _, properties, _ in found] == ["not judged", "x"]


def hostile_judged(report: Report, text: str) -> Report:
    """A judged bid with a text in its title, its findings' reasons, its ignore and the baseline's entries."""
    assert report.assessment is not None
    findings = tuple(
        replace(found, shortfalls=tuple(replace(place, reason=text) for place in found.shortfalls))
        for found in report.assessment.findings
    )
    return replace(
        report,
        title=text,
        assessment=replace(report.assessment, findings=findings),
        suppressed=tuple(replace(known, reason=text) for known in report.suppressed),
        mended=(Baselined(text, text, "0" * 16),),
    )


def test_every_format_holds_any_text_of_a_judged_bid(ignoring):
    @given(HOSTILE_TEXTS)
    @settings(max_examples=12, deadline=None)
    def holds(text):
        report, look = hostile_judged(ignoring, text), Look(missed=(text,))
        log = sarif(report, look=look)
        assert len(log["runs"][0]["results"]) >= 50
        json.dumps(log, ensure_ascii=False).encode()  # no half characters
        assert len(list(junit(report, look=look).iter("testcase"))) >= 100
        assert len(gitlab(report, look=look)) >= 50
        assert [row["kind"] for row in table(report)].count("mended") == 1
        assert len(list(commands(written(report, "github", look)))) >= 3

    holds()  # not as an argument, since a report is large to print


@pytest.mark.parametrize("page", ["help", "docs/formats.md"])
def test_the_help_and_the_docs_list_the_formats_that_there_are(page, capsys):
    if page == "help":
        run(["check", "--help"])
        said = " ".join(capsys.readouterr().out.split())
        listed = re.search(r"the file to write it to: ([a-z, ]*)\. Given more", said)
        assert listed is not None
        assert tuple(listed[1].split(", ")) == tuple(FORMATS)
        return
    text = (SCHEMAS.parent.parent / page).read_text(encoding="utf-8")
    assert re.findall(r"^\| [^|]* \| `([a-z]+)` \|", text, re.MULTILINE) == list(FORMATS)
    assert re.findall(r"^## `([a-z]+)`", text, re.MULTILINE) == [
        name for name in FORMATS if name not in ("text", "json")
    ]


def test_an_unreadable_file_is_told_in_every_format():
    source = unread("bid.yaml", PioneerError("cannot read bid.yaml: Permission denied", "look"))
    report = Report(source, None, "", source.diagnostics, None, None)
    for output_format in FORMATS:
        assert "cannot read bid.yaml: Permission denied" in written(report, output_format), output_format


# --- As the program writes them --------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a bid that falls short of nothing, and one that cannot be judged."""
    (tmp_path / "bid.yaml").write_text(shared.HEAD, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(shared.BROKEN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "code", "failures"),
    [
        ([], 0, set()),
        (["--min-score", "50"], 1, {"minimums-and-regressions"}),
        (["--min-criterion", "1", "--fail-on", "never"], 1, {"minimums-and-regressions"}),
        (["--fail-on", "never"], 0, set()),
    ],
)
def test_what_the_options_ask_fails_a_test_and_is_the_exit_code_of_the_log(desk, capsys, options, code, failures):
    outputs = ["--output", "junit=out.xml", "--output", "sarif=out.sarif"]
    command = ["check", "bid.yaml", "--phase", "draft", "--no-pages", *outputs, *options]
    assert run(command) == code
    root = ElementTree.fromstring((desk / "out.xml").read_text(encoding="utf-8"))
    assert {case.attrib["name"] for case in root.iter("testcase") if case.find("failure") is not None} == failures
    log = json.loads((desk / "out.sarif").read_text(encoding="utf-8"))
    assert log["runs"][0]["invocations"][0]["exitCode"] == code
    assert run([*command, "--exit-zero"]) == 0
    log = json.loads((desk / "out.sarif").read_text(encoding="utf-8"))
    assert log["runs"][0]["invocations"][0]["exitCode"] == 0
    assert ("--exit-zero" in capsys.readouterr().err) is (code == 1)


def test_two_packs_and_a_bid_that_cannot_be_judged_make_one_log_that_keeps_to_the_schema(desk):
    packs = ["--pack", "pioneers-2013", "--pack", "integration-framework-2013"]
    assert run(["check", "bid.yaml", "broken.yaml", *packs, "--no-pages", "--output", "sarif=out.sarif"]) == 2
    log = json.loads((desk / "out.sarif").read_text(encoding="utf-8"))
    assert list(SARIF.iter_errors(log)) == []
    assert [found["automationDetails"]["id"] for found in log["runs"]] == [f"{name}/" for name in packs[1::2]]
    uris = [{artifact["location"]["uri"] for artifact in found["artifacts"]} for found in log["runs"]]
    assert uris == [{"bid.yaml", "broken.yaml"}, {"bid.yaml"}]
    assert all(found["results"] for found in log["runs"])
