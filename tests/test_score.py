"""The arithmetic of scores, by hand on a small pack in exact fractions; the verdict table, spelled out; and laws."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pack import RULES, small_pack

from pioneer_cli.assessment import Assessment, CriterionScore, Finding, GateResult, Outcome, Verdict
from pioneer_cli.diagnostics import Severity
from pioneer_cli.predicates import Shortfall
from pioneer_cli.score import score

PACK = small_pack()
F = Fraction
MET, UNMET, UNKNOWN, NOT_APPLICABLE = Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
FULL, SIFT, LATER = Verdict.MEETS_IN_FULL, Verdict.SIFT_IN, Verdict.LATER_COHORT

Share = Fraction | int | tuple[int, int] | None  # exact, from–to when unknown, None when the rule does not apply


def finding(rule_id: str, share: Share) -> Finding:
    """A rule's finding with a share of its points."""
    (place,) = [found for found in PACK.rules() if found[2].id == rule_id]
    low, high = share if isinstance(share, tuple) else (share or 0, share or 0)
    outcome = NOT_APPLICABLE if share is None else Outcome.of(F(low), F(high))
    return Finding(*place, outcome, F(low), F(high), Severity.WARNING, (), ())


def findings(shares: Mapping[str, Share], others: Share = 0) -> list[Finding]:
    """A finding for every rule: with the share given, or with that of the others."""
    assert shares.keys() <= set(RULES)
    return [finding(rule, shares.get(rule, others)) for rule in RULES]


def gates(**outcomes: tuple[Outcome, Severity]) -> list[GateResult]:
    """A result for every gate: passed unless said otherwise."""
    results = []
    for gate in PACK.about.gates:
        outcome, severity = outcomes.get(gate.id.replace("-", "_"), (MET, Severity.ERROR))
        falls = () if outcome is MET else (Shortfall((), f"{gate.id} falls short"),)
        results.append(GateResult(gate, outcome, severity, falls))
    return results


def scored(shares: Mapping[str, Share], others: Share = 0) -> Assessment:
    return score(PACK, findings(shares, others), gates(), "submission")


def criterion(assessment: Assessment, code: str) -> CriterionScore:
    (found,) = [found for found in assessment.criteria if found.criterion.id == code]
    return found


# --- By hand ---------------------------------------------------------------------------------------------------------
# C1 weighs 30 of 50, so 60 of 100: the mean of C1a (3 points and 1) and of the better of C1b and C1c.
# C2 weighs 20 of 50, so 40 of 100: the mean of C2a (9 points and 1) and C2b.


def test_nothing_met_scores_nothing():
    found = scored({})
    assert (found.low, found.high) == (0, 0)
    assert [score.level_low.level for score in found.criteria] == [0, 0]


def test_everything_met_scores_a_hundred():
    found = scored({}, others=1)
    assert (found.low, found.high) == (100, 100)
    assert [score.level_low.level for score in found.criteria] == [3, 3]


def test_the_score_of_a_bid_by_hand():
    shares = {
        "vision-is-stated": 1,
        "outcomes-have-measures": F(1, 3),
        "care-is-personal": 1,
        "lead-of-a-joint-bid-is-named": F(1, 2),
        "it-is-credible": (0, 1),
    }
    found = scored(shares)
    c1a = F(3 * 1 + 1 * F(1, 3), 4)  # 10/12
    c1 = (c1a + 1) / 2  # 11/12: the better of C1b, at nothing, and C1c, in full
    assert (criterion(found, "C1").low, criterion(found, "C1").high) == (60 * c1, 60 * c1)
    c2_low, c2_high = F(F(9, 2), 10) / 2, F(F(9, 2) + 1, 10) / 2
    assert (criterion(found, "C2").low, criterion(found, "C2").high) == (40 * c2_low, 40 * c2_high)
    assert (found.low, found.high) == (55 + 9, 55 + 11)


def test_fractions_stay_exact():
    found = scored({"outcomes-have-measures": F(1, 7)})
    assert found.low == F(1, 7) * F(1, 4) * F(1, 2) * 60 == F(15, 14)


@pytest.mark.parametrize(
    ("prevention", "personal", "share"),
    [(0, 0, F(0)), (1, 0, F(1, 2)), (0, 1, F(1, 2)), (1, 1, F(1, 2)), (F(1, 4), F(3, 4), F(3, 8))],
)
def test_of_alternatives_the_better_counts_and_counts_once(prevention, personal, share):
    found = scored({"prevention-is-described": prevention, "care-is-personal": personal})
    assert found.low == 60 * share


def test_bounds_of_alternatives_are_taken_each_for_itself():
    found = scored({"prevention-is-described": F(1, 2), "care-is-personal": (0, 1)})
    assert (found.low, found.high) == (60 * F(1, 4), 60 * F(1, 2))


def test_what_is_unknown_counts_nothing_in_the_low_bound_and_in_full_in_the_high():
    found = scored({}, others=(0, 1))
    assert (found.low, found.high) == (0, 100)
    assert [(score.level_low.level, score.level_high.level) for score in found.criteria] == [(0, 3), (0, 3)]


def test_a_rule_that_does_not_apply_leaves_its_points_to_the_others():
    found = criterion(scored({"lead-of-a-joint-bid-is-named": None, "it-is-credible": 1}), "C2")
    assert found.considerations[0].low == 1
    assert found.low == 40 * F(1, 2)


def test_a_consideration_to_which_no_rule_applies_is_unknown_from_end_to_end():
    found = criterion(scored({"lead-of-a-joint-bid-is-named": None, "it-is-credible": None}), "C2")
    assert (found.considerations[0].low, found.considerations[0].high) == (0, 1)
    assert found.considerations[0].outcome is UNKNOWN


@pytest.mark.parametrize(
    ("stated", "measured", "outcome"),
    [
        (1, 1, MET),
        (0, 0, UNMET),
        (1, 0, Outcome.PARTLY),
        (F(1, 2), F(1, 2), Outcome.PARTLY),
        ((0, 1), 1, UNKNOWN),
        (None, 1, MET),
    ],
)
def test_the_outcome_of_a_consideration_is_what_its_rules_come_to(stated, measured, outcome):
    found = scored({"vision-is-stated": stated, "outcomes-have-measures": measured})
    assert criterion(found, "C1").considerations[0].outcome is outcome


@pytest.mark.parametrize(("lead", "outcome"), [(1, UNKNOWN), (0, UNMET), (F(1, 2), Outcome.PARTLY)])
def test_an_open_question_keeps_a_consideration_from_met_and_hides_no_gap(lead, outcome):
    found = scored({"lead-of-a-joint-bid-is-named": lead, "it-is-credible": (0, 1)})
    assert criterion(found, "C2").considerations[0].outcome is outcome


@pytest.mark.parametrize(
    ("share", "level"),
    [
        (F(0), 0),
        (F(1, 101), 0),
        (F(1, 100), 1),
        (F(49, 100), 1),
        (F(1, 2), 2),
        (F(899, 1000), 2),
        (F(9, 10), 3),
        (F(1), 3),
    ],
)
def test_a_level_is_reached_from_its_share_on(share, level):
    everywhere = dict.fromkeys(RULES, share)
    assert [found.level_low.level for found in scored(everywhere).criteria] == [level, level]


# --- Every rule answers ----------------------------------------------------------------------------------------------


def test_a_rule_that_did_not_answer_stops_the_scoring():
    with pytest.raises(ValueError, match=r"did not answer exactly once: care-is-personal$"):
        score(PACK, [found for found in findings({}) if found.rule.id != "care-is-personal"], gates(), "draft")


def test_a_rule_that_answered_twice_stops_the_scoring():
    with pytest.raises(ValueError, match=r"did not answer exactly once: care-is-personal$"):
        score(PACK, [*findings({}), finding("care-is-personal", 1)], gates(), "draft")


def test_a_rule_of_another_pack_stops_the_scoring():
    strange = finding("care-is-personal", 1)
    strange = replace(strange, rule=strange.rule.model_copy(update={"id": "strange"}))
    with pytest.raises(ValueError, match=r"did not answer exactly once: strange$"):
        score(PACK, [*findings({}), strange], gates(), "draft")


def test_no_findings_at_all_stop_the_scoring():
    with pytest.raises(ValueError, match=r"did not answer exactly once: care-is-personal, evaluation-is-promised"):
        score(PACK, [], gates(), "draft")


def test_a_pack_without_rules_stops_the_scoring():
    with pytest.raises(ValueError, match=r"did not answer exactly once: there are none at all$"):
        score(replace(PACK, criteria=()), [], gates(), "draft")


# --- Gains -----------------------------------------------------------------------------------------------------------


def test_gains_by_hand():
    found = scored({"prevention-is-described": F(1, 2), "it-is-credible": (0, 1)})
    assert found.gains == {
        "vision-is-stated": 60 * F(3, 8),
        "outcomes-have-measures": 60 * F(1, 8),
        "prevention-is-described": 60 * F(1, 4),
        "care-is-personal": 60 * F(1, 4),  # from a half to the whole, by the other alternative
        "lead-of-a-joint-bid-is-named": 40 * F(9, 20),
        "it-is-credible": 40 * F(1, 20),
        "evaluation-is-promised": 40 * F(1, 2),
    }


def test_what_is_met_gains_nothing_more():
    assert set(scored({}, others=1).gains.values()) == {0}


def test_an_alternative_gains_nothing_where_the_other_is_met():
    assert scored({"prevention-is-described": 1}).gains["care-is-personal"] == 0


def test_gaps_come_worst_first_and_then_by_what_they_would_gain():
    bad = [replace(found, severity=Severity.ERROR) if found.rule.id == RULES[1] else found for found in findings({})]
    found = score(PACK, bad, gates(), "submission")
    assert [gap.rule.id for gap in found.gaps] == [
        "outcomes-have-measures",  # the only error; the others by their gains:
        "prevention-is-described",  # 30
        "care-is-personal",  # 30
        "vision-is-stated",  # 22.5
        "evaluation-is-promised",  # 20
        "lead-of-a-joint-bid-is-named",  # 18
    ]


# --- The verdict -----------------------------------------------------------------------------------------------------

LEVELS: Mapping[int, Mapping[str, Share]] = {  # shares that bring C1 to a level
    0: {"vision-is-stated": 0, "outcomes-have-measures": 0, "prevention-is-described": 0, "care-is-personal": 0},
    1: {"vision-is-stated": 0, "outcomes-have-measures": 1, "prevention-is-described": 0, "care-is-personal": 0},
    2: {"vision-is-stated": 1, "outcomes-have-measures": 1, "prevention-is-described": 0, "care-is-personal": 0},
    3: {},
}
GATES: Mapping[str, tuple[Outcome, Severity]] = {
    "passed": (MET, Severity.ERROR),
    "does not apply": (NOT_APPLICABLE, Severity.ERROR),
    "unknown": (UNKNOWN, Severity.WARNING),
    "failed, a note": (UNMET, Severity.NOTE),
    "failed, a warning": (UNMET, Severity.WARNING),
    "partly, a warning": (Outcome.PARTLY, Severity.WARNING),
    "failed, an error": (UNMET, Severity.ERROR),
}
# For each state of a gate: the verdict at levels 0, 1, 2 and 3 of C1 with all questions answered, then with one open;
# each as (the verdict as it stands, the best that it could become). C2 is at level 3 throughout.
TABLE: Mapping[str, tuple[list[tuple[Verdict, Verdict]], list[tuple[Verdict, Verdict]]]] = {
    "passed": (
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (FULL, FULL)],
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, FULL)],
    ),
    "does not apply": (
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (FULL, FULL)],
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, FULL)],
    ),
    "unknown": (
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, FULL)],
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, FULL)],
    ),
    "failed, a note": (
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, SIFT)],
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, SIFT)],
    ),
    "failed, a warning": (
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, SIFT)],
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, SIFT)],
    ),
    "partly, a warning": (
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, SIFT)],
        [(LATER, LATER), (SIFT, SIFT), (SIFT, SIFT), (SIFT, SIFT)],
    ),
    "failed, an error": (
        [(LATER, LATER), (LATER, LATER), (LATER, LATER), (LATER, LATER)],
        [(LATER, LATER), (LATER, LATER), (LATER, LATER), (LATER, LATER)],
    ),
}
CASES = [
    (gate, level, is_open, *TABLE[gate][is_open][level])
    for gate in GATES
    for level in LEVELS
    for is_open in (False, True)
]


def test_the_verdict_table_is_whole():
    assert TABLE.keys() == GATES.keys()
    assert len(CASES) == 56


@pytest.mark.parametrize(("gate", "level", "is_open", "verdict", "best"), CASES)
def test_the_verdict_follows_from_gates_levels_and_open_questions(gate, level, is_open, verdict, best):
    shares = {**LEVELS[level], "it-is-credible": (0, 1) if is_open else 1}
    found = score(PACK, findings(shares, others=1), gates(boards=GATES[gate]), "submission")
    assert [score.level_low.level for score in found.criteria] == [level, 3]
    assert (found.verdict, found.best_verdict) == (verdict, best)


@pytest.mark.parametrize("level", LEVELS)
def test_without_a_page_count_there_is_no_verdict(level):
    found = score(PACK, findings(LEVELS[level], others=1), gates(pages=(UNKNOWN, Severity.WARNING)), "submission")
    assert (found.verdict, found.best_verdict) == (None, None)
    assert found.reasons == ("the pages were not counted, so the page limit was not checked",)


def test_levels_that_are_unknown_count_low_for_the_verdict_and_high_for_the_best():
    shares = {"vision-is-stated": (0, 1), "outcomes-have-measures": (0, 1), "care-is-personal": (0, 1)}
    found = score(PACK, findings({**shares, "prevention-is-described": 0}, others=1), gates(), "submission")
    assert (found.verdict, found.best_verdict) == (LATER, FULL)


def test_reasons_name_gates_first_then_levels_then_open_questions():
    shares = {**LEVELS[2], "it-is-credible": (0, 1)}
    failing = gates(in_time=(UNKNOWN, Severity.WARNING), boards=(UNMET, Severity.WARNING))
    found = score(PACK, findings(shares, others=1), failing, "submission")
    assert found.reasons == (
        "gate in-time: in-time falls short",
        "gate boards is not passed",
        "C1 is at level 2, and meets-in-full takes level 3: that would take prevention-is-described",
        "1 question waits for a reviewer's judgement: it-is-credible",
    )


def test_reasons_of_the_last_verdict_name_what_the_next_takes():
    found = scored({"it-is-credible": (0, 1)})
    assert found.reasons == (
        "C1 is at level 0, and sift-in takes level 1: that would take prevention-is-described",
        "C2 is at level 0–1, and sift-in takes level 1: that would take evaluation-is-promised",
        "1 question waits for a reviewer's judgement: it-is-credible",
    )


def test_the_best_verdict_needs_no_reason():
    assert scored({}, others=1).reasons == ()


# --- Laws ------------------------------------------------------------------------------------------------------------

SHARES = st.one_of(
    st.sampled_from([0, 1, None, (0, 1)]),
    st.fractions(0, 1, max_denominator=6),
)
ALL_SHARES = st.fixed_dictionaries(dict.fromkeys(RULES, SHARES))
GATE_STATES = st.fixed_dictionaries(
    {name: st.sampled_from(sorted(GATES.values())) for name in ("pages", "in_time", "boards")}
)
ORDER = [None, LATER, SIFT, FULL]
THOROUGH = settings(max_examples=500, deadline=None, derandomize=True)


@THOROUGH
@given(ALL_SHARES, GATE_STATES, st.sampled_from(RULES))
def test_meeting_one_more_rule_never_lowers_anything(shares, states, rule):
    before = score(PACK, findings(shares), gates(**states), "submission")
    after = score(PACK, findings({**shares, rule: 1}), gates(**states), "submission")
    assert after.low >= before.low
    for was, now in zip(before.criteria, after.criteria, strict=True):
        assert now.low >= was.low
        assert now.level_low.level >= was.level_low.level
    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)


@THOROUGH
@given(ALL_SHARES, GATE_STATES, st.sampled_from(RULES))
def test_meeting_a_rule_that_applies_never_lowers_the_high_bound_either(shares, states, rule):
    before = score(PACK, findings(shares), gates(**states), "submission")
    after = score(PACK, findings({**shares, rule: 1}), gates(**states), "submission")
    assert after.high >= before.high
    assert ORDER.index(after.best_verdict) >= ORDER.index(before.best_verdict)


@THOROUGH
@given(ALL_SHARES, GATE_STATES)
def test_scores_stand_within_their_bounds(shares, states):
    found = score(PACK, findings(shares), gates(**states), "submission")
    assert 0 <= found.low <= found.high <= 100
    for part in found.criteria:
        assert 0 <= part.low <= part.high <= F(part.criterion.weight * 100, 50)
        assert part.level_low.level <= part.level_high.level
        assert all(0 <= item.low <= item.high <= 1 for item in part.considerations)
    assert found.low == sum(part.low for part in found.criteria)
    assert found.high == sum(part.high for part in found.criteria)
    assert ORDER.index(found.verdict) <= ORDER.index(found.best_verdict)


@THOROUGH
@given(ALL_SHARES)
def test_a_gain_is_the_difference_that_scoring_again_makes(shares):
    before = scored(shares)
    assert before.gains.keys() == set(RULES)
    for rule, gain in before.gains.items():
        mended = shares if shares[rule] is None else {**shares, rule: 1}  # what does not apply has nothing to mend
        assert gain == scored(mended).low - before.low
        assert gain >= 0


@THOROUGH
@given(ALL_SHARES, st.randoms(use_true_random=False))
def test_the_order_of_the_findings_changes_no_figure(shares, chance):
    shuffled = findings(shares)
    chance.shuffle(shuffled)
    before, after = scored(shares), score(PACK, shuffled, gates(), "submission")
    assert (after.low, after.high, after.gains, after.verdict) == (
        before.low,
        before.high,
        before.gains,
        before.verdict,
    )
