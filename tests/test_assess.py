"""What `assess` makes of a bid: a finding for every rule, a result for every gate, each with its places."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from small_pack import RULES, small_pack

from pioneer_cli.assess import QUOTE_LENGTH, find_all, pass_gates, quote
from pioneer_cli.assessment import Evidence, Finding, GateResult, Outcome
from pioneer_cli.bid import PHASES, Bid, Phase, plain
from pioneer_cli.diagnostics import Severity
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Facts, Shortfall

NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR
HEAD = {"call": "small", "title": "A bid", "area": {"name": "Somewhere"}}


@pytest.fixture(scope="module")
def pack():
    return small_pack()


def facts(fragment: Mapping[str, Any], pages: int | None = 4) -> Facts:
    return Facts(plain(Bid.model_validate({**HEAD, **fragment})), pages)


def find(pack: Pack, rule: str, fragment: Mapping[str, Any], phase: Phase = "submission") -> Finding:
    """The finding of one rule."""
    (found,) = [finding for finding in find_all(pack, facts(fragment), phase) if finding.rule.id == rule]
    return found


def gate(
    pack: Pack, name: str, fragment: Mapping[str, Any], pages: int | None = 4, phase: Phase = "submission"
) -> GateResult:
    """The result of one gate."""
    (found,) = [result for result in pass_gates(pack, facts(fragment, pages), phase) if result.gate.id == name]
    return found


# --- Findings --------------------------------------------------------------------------------------------------------


def test_every_rule_gives_one_finding_in_the_order_of_the_pack(pack):
    findings = find_all(pack, facts({}), "draft")
    assert tuple(finding.rule.id for finding in findings) == RULES
    assert [finding.consideration.id for finding in findings] == ["C1a", "C1a", "C1b", "C1c", "C2a", "C2a", "C2b"]
    assert [finding.criterion.id for finding in findings] == ["C1", "C1", "C1", "C1", "C2", "C2", "C2"]


def test_what_is_met_carries_its_evidence_and_no_shortfall(pack):
    found = find(pack, "vision-is-stated", {"vision": {"statement": "One team for each person"}})
    assert (found.outcome, found.low, found.high) == (Outcome.MET, 1, 1)
    assert found.evidence == (Evidence(("vision", "statement"), "One team for each person"),)
    assert found.shortfalls == ()
    assert not found.is_gap


def test_what_is_unmet_carries_the_place_and_the_reason(pack):
    found = find(pack, "vision-is-stated", {"vision": {"statement": "One team"}})
    assert (found.outcome, found.low, found.high) == (Outcome.UNMET, 0, 0)
    assert found.evidence == ()
    assert found.shortfalls == (Shortfall(("vision", "statement"), "2 words, where 3 would say something"),)
    assert found.is_gap


def test_a_rule_over_a_list_points_at_each_item_that_supports_it_and_at_each_that_falls_short(pack):
    outcomes = [{"outcome": "A"}, {"outcome": "B", "measure": "Days at home"}, {"outcome": "C"}]
    found = find(pack, "outcomes-have-measures", {"vision": {"outcomes": outcomes}})
    assert (found.outcome, found.low, found.high) == (Outcome.PARTLY, Fraction(1, 3), Fraction(1, 3))
    assert found.evidence == (Evidence(("vision", "outcomes", 1, "measure"), "Days at home"),)
    assert [fall.path for fall in found.shortfalls] == [
        ("vision", "outcomes", 0, "measure"),
        ("vision", "outcomes", 2, "measure"),
    ]
    assert found.is_gap


def test_a_list_that_is_not_there_falls_short_at_the_list(pack):
    found = find(pack, "outcomes-have-measures", {})
    assert found.outcome is Outcome.UNMET
    assert found.shortfalls == (Shortfall(("vision", "outcomes"), "nothing is stated"),)


def test_a_question_for_people_is_unknown_with_what_they_should_read_and_no_gap(pack):
    found = find(pack, "it-is-credible", {"capability": {"statement": "We have begun."}})
    assert (found.outcome, found.low, found.high) == (Outcome.UNKNOWN, 0, 1)
    assert found.evidence == (Evidence(("capability", "statement"), "We have begun."),)
    assert not found.is_gap


def test_a_question_about_nothing_is_unmet_and_still_no_gap_of_the_machine_s(pack):
    found = find(pack, "it-is-credible", {})
    assert (found.outcome, found.low, found.high) == (Outcome.UNMET, 0, 0)
    assert not found.is_gap


@pytest.mark.parametrize(
    ("fragment", "outcome", "is_gap"),
    [
        ({}, Outcome.NOT_APPLICABLE, False),
        ({"joint_application": False}, Outcome.NOT_APPLICABLE, False),
        ({"joint_application": True}, Outcome.UNMET, True),
        ({"joint_application": True, "lead": "council"}, Outcome.MET, False),
    ],
)
def test_a_rule_with_a_condition_applies_where_the_condition_holds(pack, fragment, outcome, is_gap):
    found = find(pack, "lead-of-a-joint-bid-is-named", fragment)
    assert (found.outcome, found.is_gap) == (outcome, is_gap)


@pytest.mark.parametrize(
    ("rule", "severities"),
    [
        ("vision-is-stated", (NOTE, WARNING, ERROR)),  # the letter's "must", asked for by the call
        ("outcomes-have-measures", (NOTE, WARNING, WARNING)),  # the same verb, but only our judgement: never an error
        ("prevention-is-described", (NOTE, NOTE, WARNING)),  # "may"
    ],
)
def test_a_gap_is_as_severe_as_verb_authority_and_phase_make_it(pack, rule, severities):
    assert tuple(find(pack, rule, {}, phase).severity for phase in PHASES) == severities


# --- Gates -----------------------------------------------------------------------------------------------------------


def test_every_gate_gives_one_result_in_the_order_of_the_pack(pack):
    assert [found.gate.id for found in pass_gates(pack, facts({}), "draft")] == ["pages", "in-time", "boards"]


@pytest.mark.parametrize(
    ("pages", "outcome"), [(1, Outcome.MET), (10, Outcome.MET), (11, Outcome.UNMET), (None, Outcome.UNKNOWN)]
)
def test_the_page_gate_looks_at_the_count(pack, pages, outcome):
    found = gate(pack, "pages", {}, pages)
    assert (found.outcome, found.is_gap) == (outcome, outcome is not Outcome.MET)


@pytest.mark.parametrize(
    ("date", "outcome", "reasons"),
    [
        ("2013-06-28", Outcome.MET, []),
        ("2013-06-29", Outcome.UNMET, ["2013-06-29 is after 2013-06-28"]),
        (None, Outcome.UNKNOWN, ["no date is stated"]),
    ],
)
def test_the_deadline_looks_at_the_day(pack, date, outcome, reasons):
    found = gate(pack, "in-time", {"submission_date": date} if date else {})
    assert found.outcome is outcome
    assert [(fall.path, fall.reason) for fall in found.shortfalls] == [(("submission_date",), text) for text in reasons]


@pytest.mark.parametrize(
    ("support", "phase", "severity"),
    [
        ("in-principle", "draft", NOTE),
        ("in-principle", "submission", WARNING),
        ("in-principle", "selection-end", ERROR),
        ("agreed", "selection-end", ERROR),  # what not passing it would mean
    ],
)
def test_a_gate_is_as_severe_as_the_phase_makes_it(pack, support, phase, severity):
    boards = {"health_and_wellbeing_boards": [{"name": "B", "support": support}]}
    found = gate(pack, "boards", boards, phase=phase)
    assert (found.severity, found.is_gap) == (severity, support != "agreed")


@pytest.mark.parametrize(("phase", "severity"), [("draft", NOTE), ("submission", WARNING), ("selection-end", WARNING)])
def test_a_gate_of_which_nothing_is_said_is_never_worse_than_a_warning(pack, phase, severity):
    assert gate(pack, "in-time", {}, phase=phase).severity is severity


def test_of_several_boards_the_one_that_does_not_agree_is_pointed_at(pack):
    boards = [{"name": "A", "support": "agreed"}, {"name": "B", "support": "planned"}]
    found = gate(pack, "boards", {"health_and_wellbeing_boards": boards})
    assert found.outcome is Outcome.PARTLY
    assert found.shortfalls == (Shortfall(("health_and_wellbeing_boards", 1, "support"), 'it is "planned"'),)


# --- Quotes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("One team", "One team"),
        ("  two\n lines\tand a tab ", "two lines and a tab"),
        ("x" * QUOTE_LENGTH, "x" * QUOTE_LENGTH),
        ("x" * (QUOTE_LENGTH + 1), "x" * (QUOTE_LENGTH - 1) + "…"),
        ("x" * (QUOTE_LENGTH - 2) + " and more", "x" * (QUOTE_LENGTH - 2) + "…"),
        (["families", "carers"], "families, carers"),
        ({"size": 3, "who": " ", "why": "They gain most"}, "They gain most"),
        ([{"id": "a", "count": 2}, {"count": 3}], "a"),
        ({"size": 3}, ""),
        (True, "true"),
        ([True, False], "true, false"),
        (2012, "2012"),
        (Decimal("1.2E+6"), "1200000"),
        (Decimal("0.5"), "0.5"),
    ],
)
def test_a_quote_is_the_beginning_of_what_stands_there_in_the_writer_s_words(value, quoted):
    assert quote(value) == quoted


def test_the_shipped_pack_quotes_without_python_s_way_of_writing():
    loaded = load_pack("pioneers-2013")
    assert loaded.pack is not None
    everything = {"sharing": {"peer_to_peer": [{"activity": "Visits", "clinicians": True}]}}
    quotes = [item.quote for finding in find_all(loaded.pack, facts(everything), "draft") for item in finding.evidence]
    assert "true" in quotes
    assert not {"True", "None"} & set(quotes)
