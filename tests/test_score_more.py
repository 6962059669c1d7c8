"""What a score carries beside its figures, and the way up that its reasons name, on packs changed for the purpose."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from test_score import PACK, UNKNOWN, Share, findings, gates, scored

from pioneer_cli.assessment import Assessment, Outcome, Verdict
from pioneer_cli.diagnostics import Severity
from pioneer_cli.pack import Consideration, Criterion, Pack
from pioneer_cli.score import score

F = Fraction
Changes = Mapping[str, Mapping[str, Any]]
BY_HAND: Mapping[str, Share] = {  # C1 at 11/12; C2 at 9/40, or 11/40 where people believe it
    "vision-is-stated": 1,
    "outcomes-have-measures": F(1, 3),
    "care-is-personal": 1,
    "lead-of-a-joint-bid-is-named": F(1, 2),
    "it-is-credible": (0, 1),
}


def changed(changes: Changes) -> Pack:
    """The small pack with other values in some of its rules."""

    def consideration(found: Consideration) -> Consideration:
        rules = tuple(rule.model_copy(update=dict(changes.get(rule.id, {}))) for rule in found.rules)
        return found.model_copy(update={"rules": rules})

    def criterion(found: Criterion) -> Criterion:
        return found.model_copy(update={"considerations": tuple(map(consideration, found.considerations))})

    return replace(PACK, criteria=tuple(map(criterion, PACK.criteria)))


def scored_by(changes: Changes, shares: Mapping[str, Share], others: Share = 0) -> Assessment:
    """The score by a changed pack; the shares go by the ids that the rules had before."""
    pack = changed(changes)
    places = zip(pack.rules(), findings(shares, others), strict=True)
    found = [replace(old, criterion=c, consideration=q, rule=rule) for (c, q, rule), old in places]
    return score(pack, found, gates(), "submission")


def way(assessment: Assessment, code: str) -> str:
    """What the reasons say of a criterion."""
    (reason,) = [reason for reason in assessment.reasons if reason.startswith(f"{code} is at ")]
    return reason.partition(": that ")[2]


# --- What it carries -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["draft", "selection-end"])
def test_a_score_carries_its_phase_its_findings_and_its_gates(phase):
    answered, results = findings({}), gates(boards=(Outcome.UNMET, Severity.WARNING))
    found = score(PACK, answered, results, phase)
    assert found.phase == phase
    assert found.findings == tuple(answered)
    assert found.gates == tuple(results)


def test_the_score_with_every_criterion_weighing_the_same_by_hand():
    found = scored(BY_HAND)
    assert found.equal_low == 100 * (F(11, 12) + F(9, 40)) / 2
    assert found.equal_high == 100 * (F(11, 12) + F(11, 40)) / 2
    assert found.equal_low != found.low


def test_scores_of_nothing_and_of_everything_are_fractions_too():
    for found, worth in ((scored({}), 0), (scored({}, others=1), 100)):
        bounds = (found.low, found.high, found.equal_low, found.equal_high)
        assert bounds == (worth,) * 4
        assert {type(bound) for bound in bounds} == {Fraction}


def test_a_rule_that_does_not_apply_has_nothing_to_gain():
    assert scored({"lead-of-a-joint-bid-is-named": None}).gains["lead-of-a-joint-bid-is-named"] == 0
    assert scored({}).gains["lead-of-a-joint-bid-is-named"] == 18


# --- The way up ------------------------------------------------------------------------------------------------------


def test_a_way_up_of_several_steps_names_two_and_counts_the_rest():
    low = {"vision-is-stated": 0, "prevention-is-described": 0, "care-is-personal": 0}
    found = scored({**low, "outcomes-have-measures": F(1, 10)}, others=1)  # level 1, from where level 3 is wanted
    assert found.verdict is Verdict.SIFT_IN
    assert way(found, "C1") == "would take prevention-is-described, vision-is-stated and 1 more"


def test_a_way_up_of_two_steps_names_both():
    found = scored({"vision-is-stated": F(1, 2), "prevention-is-described": 0, "care-is-personal": 0}, others=1)
    assert way(found, "C1") == "would take prevention-is-described, vision-is-stated"


def test_a_way_up_of_one_step_names_it():
    found = scored({"prevention-is-described": 0, "care-is-personal": 0}, others=1)
    assert way(found, "C1") == "would take prevention-is-described"


def test_only_the_criteria_below_the_wanted_level_are_named_wherever_they_stand():
    found = scored({"evaluation-is-promised": 0}, others=1)
    assert found.reasons == (
        "C2 is at level 2, and meets-in-full takes level 3: that would take evaluation-is-promised",
    )


@pytest.mark.parametrize(
    ("efforts", "first"),
    [
        (("low", "low"), "evaluation-is-promised"),  # a half against a quarter
        (("low", "medium"), "lead-of-a-joint-bid-is-named"),  # as much for its effort: the less effort first
        (("low", "high"), "lead-of-a-joint-bid-is-named"),
        (("medium", "high"), "evaluation-is-promised"),  # a sixth against an eighth
        (("high", "high"), "evaluation-is-promised"),
    ],
)
def test_the_first_step_up_is_the_most_gained_for_its_effort(efforts, first):
    lead, evaluation = efforts
    changes = {
        "lead-of-a-joint-bid-is-named": {"points": 1, "effort": lead},
        "it-is-credible": {"points": 1, "predicate": "filled"},
        "evaluation-is-promised": {"effort": evaluation},
    }
    shares = {"lead-of-a-joint-bid-is-named": 0, "it-is-credible": 1, "evaluation-is-promised": 0}
    found = scored_by(changes, shares, others=1)
    assert found.verdict is Verdict.SIFT_IN
    assert way(found, "C2").startswith(f"would take {first}")


def test_the_pack_s_order_decides_between_equal_steps():
    """As neither the name nor anything else about a rule may."""
    nothing = {"prevention-is-described": 0, "care-is-personal": 0}
    assert way(scored(nothing, others=1), "C1") == "would take prevention-is-described"
    renamed = scored_by({"prevention-is-described": {"id": "a-name-that-comes-first"}}, nothing, others=1)
    assert way(renamed, "C1") == "would take a-name-that-comes-first"


CREDIBLE_COUNTS = {"lead-of-a-joint-bid-is-named": {"points": 1}, "it-is-credible": {"points": 9}}


def test_a_level_that_only_people_can_bring_says_so():
    found = scored_by(CREDIBLE_COUNTS, {"it-is-credible": (0, 1)}, others=1)
    assert found.reasons == (
        "C2 is at level 2–3, and meets-in-full takes level 3: that takes answers to the open questions as well",
        "1 question waits for a reviewer's judgement: it-is-credible",
    )


def test_a_level_that_nobody_s_answer_is_needed_for_does_not():
    found = scored_by(CREDIBLE_COUNTS, {"it-is-credible": 1, "evaluation-is-promised": 0}, others=1)
    assert way(found, "C2") == "would take evaluation-is-promised"


# --- Gates and questions ---------------------------------------------------------------------------------------------


def test_a_gate_that_is_unknown_without_saying_why_is_called_unknown():
    silent = [replace(result, shortfalls=()) for result in gates(boards=(UNKNOWN, Severity.WARNING))]
    assert score(PACK, findings({}, 1), silent, "submission").reasons == ("gate boards: unknown",)


def test_several_open_questions_are_counted_and_named():
    judged = {"evaluation-is-promised": {"predicate": "judged"}}
    found = scored_by(judged, {"it-is-credible": (0, 1), "evaluation-is-promised": (0, 1)}, others=1)
    told = "2 questions wait for a reviewer's judgement: it-is-credible, evaluation-is-promised"
    assert found.reasons[-1] == told


def test_only_the_questions_for_people_are_asked_of_them():
    found = scored({"it-is-credible": (0, 1), "outcomes-have-measures": (0, 1)}, others=1)
    assert found.reasons[-1] == "1 question waits for a reviewer's judgement: it-is-credible"
