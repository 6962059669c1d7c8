"""Gain lists: the lines that an answer takes are measured where the rule falls short, and give the order."""

from fractions import Fraction
from functools import cache

import pytest
from made_bids import REPO_BIDS, empty_bid, repo_bid

from pioneer_cli import gains
from pioneer_cli.assessment import Assessment
from pioneer_cli.gains import MOST_MEASURED, WORDS, LineGain, line_gains
from pioneer_cli.judge import judge
from pioneer_cli.load_pack import load_pack
from pioneer_cli.press import Press

PACK = load_pack("pioneers-2013").pack
TREES = {**{name: repo_bid(name) for name in REPO_BIDS}, "empty": empty_bid()}


@cache
def assessed(name: str) -> tuple[Assessment, tuple[LineGain, ...]]:
    with Press() as press:
        assessment = judge(PACK, TREES[name], "submission", press.typeset(TREES[name]).typeset.pages(10))
        return assessment, line_gains(TREES[name], PACK, assessment, press)


@pytest.mark.parametrize("name", [name for name in TREES if name != "exemplar"])
def test_the_gaps_that_gain_most_are_measured(name):
    assessment, gains = assessed(name)
    assert {gain.finding.rule.id for gain in gains} == {
        finding.rule.id for finding in assessment.cheapest_gains[:MOST_MEASURED]
    }
    assert len(gains) == MOST_MEASURED
    assert all(gain.gain == assessment.gains[gain.finding.rule.id] > 0 for gain in gains)
    assert all(gain.words == WORDS[gain.finding.rule.effort] for gain in gains)
    assert all(gain.lines >= 0 for gain in gains)
    worth = [gain.gain / max(gain.lines, Fraction(1, 2)) for gain in gains]
    assert worth == sorted(worth, reverse=True)


def test_text_takes_lines_and_a_date_may_not():
    gains = {gain.finding.rule.id: gain for gain in assessed("empty")[1]}
    assert all(gain.lines > 1 for gain in gains.values() if gain.words > 20)
    assert any(gain.lines > 1 for gain in gains.values())


def test_a_bid_without_gaps_has_nothing_to_gain():
    assert assessed("exemplar")[1] == ()


def test_a_rule_that_looks_at_a_whole_section_is_measured_there():
    pack = load_pack("integration-transformation-fund-2014").pack
    with Press() as press:
        assessment = judge(pack, TREES["exemplar"], "submission", None)
        gains = line_gains(TREES["exemplar"], pack, assessment, press)
    assert "protection-of-social-care-is-stated" in {gain.finding.rule.id for gain in gains}
    assert all(gain.lines > 0 for gain in gains if gain.finding.rule.id == "protection-of-social-care-is-stated")


def test_a_gap_with_no_room_for_an_answer_is_left_out(monkeypatch):
    monkeypatch.setattr(gains, "_answered", lambda bid, *_: bid)
    with Press() as press:
        assert line_gains(TREES["empty"], PACK, assessed("empty")[0], press) == ()
