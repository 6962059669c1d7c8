"""Cut lists: every cut saves what it says, and the set of cuts brings a bid within its limit, typeset again."""

from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from made_bids import repo_bid
from overlong_bids import overlong

from pioneer_cli.cuts import Cut, CutList, alike, candidates
from pioneer_cli.economics import Economics, economics
from pioneer_cli.edits import Removal, value_at, without
from pioneer_cli.judge import judge
from pioneer_cli.load_pack import load_pack
from pioneer_cli.page_use import page_use
from pioneer_cli.press import Press
from pioneer_cli.reports.pages_text import place_in_file
from pioneer_cli.source import parse

PACK = load_pack("pioneers-2013").pack
assert PACK is not None
SEEDS = range(50)
SOURCE = parse("title: A title\n", "bid.yaml")


def found_for(bid: dict) -> Economics:
    with Press() as press:
        return economics(SOURCE, bid, PACK, "submission", press)


@cache
def found_for_seed(seed: int) -> Economics:
    return found_for(overlong(seed))


def cuts_of(found: Economics) -> CutList:
    assert found.cuts is not None, f"{found.use.count} pages are not too many"
    return found.cuts


@pytest.mark.parametrize("seed", SEEDS)
def test_the_set_brings_an_overlong_bid_within_its_limit(seed):
    bid = overlong(seed)
    found = found_for_seed(seed)
    assert found.use.count > 10
    cuts = cuts_of(found)
    assert cuts.chosen
    with Press() as press:
        after = press.typeset(without(bid, [cut.removal for cut in cuts.chosen])).typeset.count
    assert after == cuts.set_pages <= 10
    removals = [cut.removal for cut in cuts.chosen]
    assert not any(one.overlaps(other) for one in removals for other in removals if one is not other)
    assert all(cut in cuts.cuts for cut in cuts.chosen)


@pytest.mark.parametrize("seed", [0, 7, 21])
def test_every_cut_saves_and_costs_what_it_says(seed):
    bid = overlong(seed)
    cuts = cuts_of(found_for_seed(seed))
    assert len(cuts.cuts) >= 3
    with Press() as press:
        before = press.lines(bid)
        base = judge(PACK, bid, "submission", None).low
        for cut in cuts.cuts:
            rest = without(bid, [cut.removal])
            assert before - press.lines(rest) == cut.lines >= Fraction(9, 10)
            assert base - judge(PACK, rest, "submission", None).low == cut.cost


def test_a_bid_that_is_far_too_long_takes_cuts_that_cost_points():
    bid = overlong(5, paragraphs=2, rows=90)
    cuts = cuts_of(found_for(bid))
    with Press() as press:
        assert press.typeset(without(bid, [cut.removal for cut in cuts.chosen])).typeset.count == cuts.set_pages <= 10
    base = judge(PACK, bid, "submission", None).low
    costly = [cut for cut in cuts.cuts if cut.cost > 0]
    assert len(costly) >= 3
    for cut in costly:
        assert base - judge(PACK, without(bid, [cut.removal]), "submission", None).low == cut.cost
    removals = [cut.removal for cut in cuts.chosen]
    assert cuts.set_cost == base - judge(PACK, without(bid, removals), "submission", None).low > 0


def test_cuts_come_by_the_score_lost_and_then_the_words_for_each_line():
    cuts = cuts_of(found_for_seed(3)).cuts
    ranks = [(max(Fraction(0), cut.cost) / cut.lines, cut.words / cut.lines) for cut in cuts]
    assert ranks == sorted(ranks)


def test_a_bid_within_its_limit_has_no_cuts():
    found = found_for(repo_bid("north-lincolnshire"))
    assert found.cuts is None
    assert found.gains


def test_the_same_bid_gives_the_same_cuts():
    again = found_for(overlong(5))
    assert again.cuts == found_for_seed(5).cuts


def test_no_cut_takes_what_a_bid_must_have():
    for seed in (0, 3, 7):
        bid = overlong(seed)
        with Press() as press:
            printed = press.typeset(bid, measured="lines")
        found = list(candidates(bid, printed, page_use(printed, PACK), frozenset()))
        assert len(found) > 100
        removed = {cut.removal.path for cut in found if cut.removal.end is None}
        assert not removed & {("summary",), ("title",), ("area", "name"), ("partners",)}
        assert not any(path[:1] == ("partners",) and len(path) == 2 for path in removed)
        assert not any(path[:2] == ("evidence", "sources") for path in removed)  # all are cited


def test_a_source_that_nothing_cites_may_go():
    bid = overlong(0)
    bid["evidence"]["sources"].append({"id": "E99", "citation": "A", "year": 2012, "finding": "B", "used_for": "C"})
    with Press() as press:
        printed = press.typeset(bid, measured="lines")
    found = candidates(bid, printed, page_use(printed, PACK), frozenset())
    removed = [
        cut.removal.path for cut in found if cut.removal.path[:2] == ("evidence", "sources") and cut.kind == "row"
    ]
    assert removed == [("evidence", "sources", len(bid["evidence"]["sources"]) - 1)]


def test_candidates_of_every_kind_are_found():
    bid = overlong(1)
    said = "Every older person with a plan has one nurse and one doctor who agree it with the family each spring."
    bid["vision"]["statement"] += f"\n\n{said}"
    bid["evidence"]["evaluation"] += f"\n\n{said}"
    bid["capability"]["statement"] += "\n\n" + "\n\n".join("Word " * 200 for _ in range(4))
    with Press() as press:
        printed = press.typeset(bid, measured="lines")
    found = list(candidates(bid, printed, page_use(printed, PACK), frozenset()))
    kinds = Counter(cut.kind for cut in found)
    assert kinds.keys() == {"short-last-line", "repeated", "earns-nothing", "over-budget", "row", "paragraph"}
    repeated = [cut for cut in found if cut.kind == "repeated"]
    assert any(cut.removal.path == ("evidence", "evaluation") and "vision.statement" in cut.reason for cut in repeated)


def test_a_short_last_line_names_the_words_that_stand_there():
    bid = overlong(2)
    with Press() as press:
        printed = press.typeset(bid, measured="lines")
    short = [
        cut for cut in candidates(bid, printed, page_use(printed, PACK), frozenset()) if cut.kind == "short-last-line"
    ]
    assert len(short) > 20
    for cut in short:
        text = value_at(bid, cut.removal.path)
        assert text[cut.removal.start : cut.removal.end].split() == cut.quote.split()
        assert len(cut.quote.split()) == cut.words <= 3
        assert text[cut.removal.end :].strip(".!?,;:") == "" or "\n" in text[cut.removal.end :]


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        ([], []),
        (["the nurse visits every older patient in the village twice a week at home"] * 2, [(1, 0)]),
        (
            [
                "the nurse visits every older patient in the village twice a week at home",
                "money is pooled between council and commissioning group under one budget from april",
            ],
            [],
        ),
        (["short words", "short words"], []),
        (
            [
                "the nurse visits every older patient in the village twice a week at home",
                "nobody says this sentence again because it is about quite another matter",
                "twice a week the nurse visits every older patient of the village in the home",
            ],
            [(2, 0)],
        ),
    ],
)
def test_sentences_alike(texts, pairs):
    assert list(alike(texts)) == pairs


def test_a_cut_of_one_of_several_like_sentences_is_placed_at_its_own():
    said = "Each team agrees one plan with the person and with everybody in the family who gives care at home."
    lines = [f"  {said}", "  Another matter is money.", f"  {said}", "  The end."]
    text = "\n".join(["call: pioneers-2013", "title: T", "area: {name: A}", "summary: |", *lines])
    source = parse(text + "\n", "bid.yaml")
    start = source.content["summary"].rindex(said)
    cut = Cut("repeated", Removal(("summary",), start, start + len(said)), 0, "front", said, "", Fraction(1), 1)
    found = Economics(source, PACK, "T", None, None, None, None, ())  # type: ignore[arg-type]
    assert place_in_file(found, cut) == "bid.yaml:7:3"
