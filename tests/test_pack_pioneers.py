"""The criteria pack of the pioneers call: whole, consistent, and every rule true to its own examples."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from pydantic import BaseModel

from pioneer_cli.bid import PHASES, Bid, CapabilityNeed, Phase, plain
from pioneer_cli.diagnostics import Severity
from pioneer_cli.load_pack import load_examples, load_pack
from pioneer_cli.pack import Consideration, Criterion, Pack, Rule
from pioneer_cli.predicates import Check, Facts, run

LOADED = load_pack("pioneers-2013")
CONSIDERATIONS = {
    "C1": ["C1a", "C1b", "C1c", "C1d", "C1e"],
    "C2": ["C2a", "C2b", "C2c", "C2d", "C2e"],
    "C3": ["C3a", "C3b", "C3c", "C3d"],
    "C4": ["C4a", "C4b", "C4c"],
    "C5": ["C5a", "C5b", "C5c"],
    "C6": ["C6a", "C6b", "C6c", "C6d"],
}
CLAUSES = [code for codes in CONSIDERATIONS.values() for code in codes]
MINIMAL = {"call": "pioneers-2013", "title": "A bid", "area": {"name": "Somewhere"}}
NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR


def the_pack() -> Pack:
    assert LOADED.diagnostics == ()
    assert LOADED.pack is not None
    return LOADED.pack


PACK = the_pack()
RULES: list[tuple[Criterion, Consideration, Rule]] = list(PACK.rules())
BY_RULE = load_examples("pioneers-2013", PACK)
EXAMPLES = [
    (rule.id, kind, number, fragment)
    for _, _, rule in RULES
    if rule.id in BY_RULE
    for kind, fragments in (("met", BY_RULE[rule.id].met), ("unmet", BY_RULE[rule.id].unmet))
    for number, fragment in enumerate(fragments)
]


def bid_of(fragment: Mapping[str, Any]) -> Any:
    return plain(Bid.model_validate({**MINIMAL, **fragment}))


def judge(name: str, fragment: Mapping[str, Any], pages: int | None = None) -> Check:
    return run(PACK.tests[name], Facts(bid_of(fragment), pages))


def bounds(check: Check) -> tuple[Fraction, Fraction]:
    return check.low, check.high


def texts(part: object) -> Iterator[str]:
    """Every text of a part of the pack."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name))
    elif isinstance(part, Mapping):
        for item in part.values():
            yield from texts(item)
    elif isinstance(part, tuple):
        for item in part:
            yield from texts(item)
    elif isinstance(part, str):
        yield part


# --- The pack as a whole ---------------------------------------------------------------------------------------------


def test_the_call_is_the_one_of_may_2013() -> None:
    about = PACK.about
    assert (about.name, about.reference, about.published) == ("pioneers-2013", "00079", "2013-05-14")
    assert about.page_limit == 10
    assert "publishes no weights" in about.weights
    assert "house" in about.weights


def test_six_criteria_stand_in_the_order_of_the_letter() -> None:
    assert [(criterion.id, criterion.name, criterion.section) for criterion in PACK.criteria] == [
        ("C1", "vision", "vision"),
        ("C2", "whole-system", "whole_system"),
        ("C3", "commitment", "commitment"),
        ("C4", "capability", "capability"),
        ("C5", "sharing", "sharing"),
        ("C6", "evidence", "evidence"),
    ]


def test_the_24_considerations_are_all_there() -> None:
    found = {
        criterion.id: [consideration.id for consideration in criterion.considerations] for criterion in PACK.criteria
    }
    assert found == CONSIDERATIONS
    assert len(CLAUSES) == 24


def test_the_verbs_are_those_of_the_letter() -> None:
    found = {
        consideration.id: consideration.verb
        for criterion in PACK.criteria
        for consideration in criterion.considerations
    }
    should_include = ["C1a", "C1b", "C1c", "C1d", "C1e", "C2b", "C2c", "C2d", "C3a"]
    assert found == {
        **dict.fromkeys(should_include, "should-include"),
        **dict.fromkeys(["C2a", "C2e"], "should-encompass"),
        **dict.fromkeys(["C3b", "C3c"], "will-need"),
        "C3d": "essential-prerequisite",
        **dict.fromkeys(["C4a", "C4b", "C4c"], "might-be-evidenced-by"),
        **dict.fromkeys(["C5a", "C5b", "C5c"], "would-be-expected"),
        **dict.fromkeys(["C6a", "C6b", "C6c", "C6d"], "will-include"),
    }


def test_weights_sum_to_100() -> None:
    assert [criterion.weight for criterion in PACK.criteria] == [20, 20, 20, 20, 5, 15]
    assert sum(criterion.weight for criterion in PACK.criteria) == 100


def test_levels_run_from_0_to_5() -> None:
    levels = [(level.level, level.from_percent) for level in PACK.about.levels]
    assert levels == [(0, 0), (1, 1), (2, 30), (3, 50), (4, 70), (5, 90)]
    assert (PACK.about.verdicts.meets_in_full, PACK.about.verdicts.sift_in) == (4, 1)


@pytest.mark.parametrize(
    ("share", "level"),
    [
        ("0", 0),
        ("1/101", 0),
        ("1/100", 1),
        ("3/10", 2),
        ("1/2", 3),
        ("699/1000", 3),
        ("7/10", 4),
        ("9/10", 5),
        ("1", 5),
    ],
)
def test_a_share_reaches_its_level(share: str, level: int) -> None:
    assert PACK.level(Fraction(share)).level == level


def test_offers_answer_the_capability_needs_of_a_bid() -> None:
    assert tuple(offer.id for offer in PACK.about.offers) == CapabilityNeed.__args__  # type: ignore[attr-defined]


def test_a_track_record_or_plans_against_barriers_and_always_risks() -> None:
    groups = {criterion.id: criterion.groups() for criterion in PACK.criteria}
    assert groups["C4"] == (("C4a", "C4b"), ("C4c",))
    assert all(len(group) == 1 for code, found in groups.items() if code != "C4" for group in found)


def test_nothing_is_named_that_came_after_june_2013() -> None:
    later = ["Better Care Fund", "Care Act", "Five Year Forward View", "vanguard", "sustainability and transformation"]
    written = list(texts(PACK.about)) + [text for criterion in PACK.criteria for text in texts(criterion)]
    assert len(written) > 500
    assert [text for text in written if any(word.lower() in text.lower() for word in later)] == []


# --- The rules -------------------------------------------------------------------------------------------------------


def test_there_are_at_least_80_rules() -> None:
    assert len(RULES) == 95
    assert len({rule.id for _, _, rule in RULES}) == len(RULES)


@pytest.mark.parametrize("code", CLAUSES)
def test_every_consideration_has_two_rules_that_a_machine_checks(code: str) -> None:
    rules = [rule for _, consideration, rule in RULES if consideration.id == code]
    assert sum(not rule.is_judged for rule in rules) >= 2


@pytest.mark.parametrize("criterion", PACK.criteria, ids=lambda criterion: criterion.id)
def test_every_criterion_has_one_judged_rule_of_about_15_per_cent(criterion: Criterion) -> None:
    judged = [rule for _, rule in criterion.rules() if rule.is_judged]
    assert len(judged) == 1
    points = sum(rule.points for _, rule in criterion.rules())
    assert Fraction(14, 100) < Fraction(judged[0].points, points) < Fraction(16, 100)


@pytest.mark.parametrize("rule", [rule for _, _, rule in RULES], ids=lambda rule: rule.id)
def test_every_rule_is_complete(rule: Rule) -> None:
    assert 1 <= rule.points <= 7
    assert rule.claim.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")
    assert "`" in rule.remedy
    assert (rule.id not in BY_RULE) == rule.is_judged


def test_judged_rules_are_unknown_where_anything_is_written_and_unmet_where_nothing_is() -> None:
    judged = [(criterion, rule) for criterion, _, rule in RULES if rule.is_judged]
    assert len(judged) == 6
    empty = [bounds(judge(rule.id, {})) for _, rule in judged]
    full = [bounds(judge(rule.id, {criterion.section: {"statement": "Ours."}})) for criterion, rule in judged]
    assert empty == [(0, 0)] * 6
    assert full == [(0, 1)] * 6


def test_an_almost_empty_bid_meets_no_rule() -> None:
    met = [rule.id for _, _, rule in RULES if judge(rule.id, {}).low > 0]
    assert met == []


@pytest.mark.parametrize(
    ("name", "kind", "fragment"),
    [(name, kind, fragment) for name, kind, _, fragment in EXAMPLES],
    ids=[f"{name}-{kind}-{number}" for name, kind, number, _ in EXAMPLES],
)
def test_every_example_is_what_it_says(name: str, kind: str, fragment: Mapping[str, Any]) -> None:
    check = judge(name, fragment)
    if kind == "met":
        assert check.low == 1
        assert check.shortfalls == ()
    else:
        assert check.high < 1
        assert all(fall.reason for fall in check.shortfalls)
        assert check.shortfalls != ()


def test_so_many_examples_ran() -> None:
    assert len({name for name, _, _, _ in EXAMPLES}) == len(RULES) - 6 == 89
    assert sum(kind == "met" for _, kind, _, _ in EXAMPLES) >= 87
    assert sum(kind == "unmet" for _, kind, _, _ in EXAMPLES) >= 190


@pytest.mark.parametrize("rule", [rule for _, _, rule in RULES if not rule.is_judged], ids=lambda rule: rule.id)
def test_every_shortfall_has_a_place_in_the_bid(rule: Rule) -> None:
    check = judge(rule.id, {})
    assert (check.shortfalls != ()) == check.applicable
    assert all(fall.path for fall in check.shortfalls)


def test_few_rules_say_nothing_of_an_empty_bid() -> None:
    silent = {rule.id for _, _, rule in RULES if not judge(rule.id, {}).applicable}
    assert silent == {
        "no-placeholder-is-left", "savings-come-within-five-years", "savings-stay-within-the-funding",
        "targets-fall-within-five-years", "cohorts-fit-the-population", "board-decisions-come-in-time",
        "achievements-lie-in-the-past", "emergency-admission-claims-cite-evidence", "nothing-is-out-of-its-time",
        "impact-covers-every-provider-partner", "partners-still-exist",
    }  # fmt: skip


# --- Severities ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "draft", "submission", "selection_end"),
    [
        ("should-include", NOTE, WARNING, WARNING),
        ("should-encompass", NOTE, WARNING, WARNING),
        ("will-need", NOTE, WARNING, WARNING),
        ("will-include", NOTE, WARNING, WARNING),
        ("might-be-evidenced-by", NOTE, NOTE, WARNING),
        ("would-be-expected", NOTE, NOTE, WARNING),
        ("essential-prerequisite", NOTE, WARNING, ERROR),
    ],
)
def test_severity_follows_the_verb_and_the_phase(
    verb: str, draft: Severity, submission: Severity, selection_end: Severity
) -> None:
    assert [PACK.about.verbs[verb].at(phase) for phase in PHASES] == [draft, submission, selection_end]


def test_there_is_no_verb_without_a_test() -> None:
    assert len(PACK.about.verbs) == 7


def test_only_the_boards_support_and_involvement_may_become_an_error() -> None:
    errors = [
        (phase, rule.id, rule.authority)
        for phase in PHASES
        for _, consideration, rule in RULES
        if PACK.severity(consideration, rule, phase) is ERROR
    ]
    assert errors == [
        ("selection-end", "boards-support-the-bid", "call"),
        ("selection-end", "boards-are-involved", "call"),
    ]


# --- Gates -----------------------------------------------------------------------------------------------------------

BOARD = {"name": "The board"}


def boards(*support: str | None) -> dict[str, Any]:
    return {"health_and_wellbeing_boards": [{**BOARD, "support": word} for word in support]}


def partners(*kinds: str) -> dict[str, Any]:
    return {"partners": [{"id": kind, "organisation": kind, "kind": kind} for kind in kinds]}


@pytest.mark.parametrize(
    ("gate", "fragment", "pages", "low", "high"),
    [
        ("page-limit", {}, 1, "1", "1"),
        ("page-limit", {}, 10, "1", "1"),
        ("page-limit", {}, 11, "0", "0"),
        ("page-limit", {}, None, "0", "1"),
        ("deadline", {"submission_date": "2013-06-28"}, None, "1", "1"),
        ("deadline", {"submission_date": "2013-06-29"}, None, "0", "0"),
        ("deadline", {}, None, "0", "1"),
        ("health-and-wellbeing-board", boards("agreed"), None, "1", "1"),
        ("health-and-wellbeing-board", boards("agreed", "in-principle"), None, "1/2", "1/2"),
        ("health-and-wellbeing-board", boards("in-principle"), None, "0", "0"),
        ("health-and-wellbeing-board", boards(None), None, "0", "0"),
        ("health-and-wellbeing-board", {}, None, "0", "0"),
        ("eligible-applicants", partners("police", "ccg"), None, "1", "1"),
        ("eligible-applicants", partners("voluntary-sector"), None, "1", "1"),
        ("eligible-applicants", partners("police", "healthwatch", "education"), None, "0", "0"),
        ("eligible-applicants", {}, None, "0", "0"),
    ],
)
def test_gates(gate: str, fragment: Mapping[str, Any], pages: int | None, low: str, high: str) -> None:
    assert bounds(judge(gate, fragment, pages)) == (Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("gate", "severities"),
    [
        ("page-limit", [WARNING, ERROR, ERROR]),
        ("deadline", [NOTE, ERROR, ERROR]),
        ("health-and-wellbeing-board", [NOTE, WARNING, ERROR]),
        ("eligible-applicants", [NOTE, ERROR, ERROR]),
    ],
)
def test_gates_rest_on_the_call_and_harden_with_the_phase(gate: str, severities: list[Severity]) -> None:
    found = next(entry for entry in PACK.about.gates if entry.id == gate)
    phases: tuple[Phase, ...] = PHASES
    assert found.authority == "call"
    assert found.question.endswith("?")
    assert [found.severity.at(phase) for phase in phases] == severities


def test_there_are_four_gates_and_the_page_limit_is_the_call_s() -> None:
    gates = {gate.id: gate for gate in PACK.about.gates}
    assert list(gates) == ["page-limit", "deadline", "health-and-wellbeing-board", "eligible-applicants"]
    assert gates["page-limit"].arguments == {"pages": PACK.about.page_limit}
