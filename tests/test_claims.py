"""Claims that cite nothing and words that a bid's time did not have, each with twins that are left alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import REPO_BIDS, ROOT, Tree, full_bid, repo_bid, tree_of

from pioneer_cli.claims import Claim, anachronisms, claims
from pioneer_cli.edits import value_at, with_value
from pioneer_cli.load_pack import load_pack
from pioneer_cli.prose import plain_line
from pioneer_cli.quantities import parse_when
from pioneer_cli.reading import Reading, load_reading
from pioneer_cli.tree import BidPath

EFFECT = "claims an effect, with no baseline and citing nothing"
SAVING = "claims a saving, with no baseline and citing nothing"
PROOF = "says that something is proven and cites nothing"
BETTER = "claims to be better than others and cites nothing"


def added(sentence: str, *path: Any) -> Tree:
    """The exemplar with a paragraph more at the end of a text."""
    return with_value(repo_bid("exemplar"), path or ("summary",), lambda text: f"{text.rstrip()}\n\n{sentence}")


PLANTED = [
    ("We will reduce emergency admissions by 15 per cent.", EFFECT),
    ("The teams will cut bed days.", EFFECT),
    ("This will halve the number of delayed discharges.", EFFECT),
    ("The new service will prevent 300 admissions a year.", EFFECT),
    ("Our approach has reduced admissions to care homes.", EFFECT),
    ("The scheme cut readmissions by a fifth.", EFFECT),
    ("Telecare avoids costly care home placements.", EFFECT),
    ("It has saved £2m.", SAVING),
    ("The plan will save £3.4m a year.", SAVING),
    ("Joint assessment saves money for every partner.", SAVING),
    ("Pooling will release £900,000 for prevention.", SAVING),
    ("Integrated teams are proven.", PROOF),
    ("Evidence shows that joined-up care works.", PROOF),
    ("Research shows that coordinators help.", PROOF),
    ("Reablement has been shown to work.", PROOF),
    ("Coordinators are known to reduce admissions.", PROOF),
    ("Our teams are nationally recognised.", BETTER),
    ("The area has an award-winning discharge service.", BETTER),
    ("We have had outstanding results.", BETTER),
    ("Our records system is world-class.", BETTER),
    ("The pilot was highly successful.", BETTER),
    ("Our hospital is among the best.", BETTER),
]
TWINS = [
    "We will reduce emergency admissions by 15 per cent [E4].",
    "The teams will cut bed days. The pilot did the same [E7].",
    "It has saved £2m (Nuffield Trust, 2012).",
    "The Nuffield Trust says that reablement has been shown to work.",
    "The wait will fall from 4.1 days to 2.6.",
    "Admissions will fall by 9 per cent compared with a matched group.",
    "We hope that the teams will cut bed days.",
    "The teams may reduce admissions and could save £2m.",
    "We do not claim that this will cut admissions.",
    "No evidence shows that it works.",
    "Whether it has reduced admissions is what the evaluation asks.",
    "If it saves money, partners share the gain.",
    "We aim to reduce emergency admissions.",
    "We will reduce the paper that people fill in.",
    "We cut the ribbon in May.",
    "The team will prevent nobody from choosing.",
    "The board will release the minutes.",
    "The national evaluation will report in 2015.",
    "The best plan is the person's own.",
    "We read the evidence before we wrote the plan.",
    "The award of the contract follows in May.",
    "Staff will be released for a day.",
]


def new_claims(bid: Tree) -> list[Claim]:
    before = set(claims(repo_bid("exemplar")))
    return [claim for claim in claims(bid) if claim not in before]


@pytest.mark.parametrize(("sentence", "why"), PLANTED)
def test_a_claim_that_cites_nothing_is_found(sentence, why):
    (claim,) = new_claims(added(sentence))
    assert claim == (("summary",), sentence, why)


@pytest.mark.parametrize("sentence", TWINS)
def test_what_cites_hedges_or_claims_nothing_is_left_alone(sentence):
    assert new_claims(added(sentence)) == []


def test_an_entry_s_list_of_evidence_is_a_citation():
    path = ("capability", "track_record", 0, "result")
    bid = added("It has saved £2m.", *path)
    assert new_claims(bid) == []
    bare = with_value(bid, (*path[:-1], "evidence"), lambda _: [])
    assert ("It has saved £2m.", SAVING) in [(claim.text, claim.why) for claim in claims(bare)]


def test_an_outcome_s_baseline_is_a_footing():
    path: BidPath = ("vision", "outcomes", 3)
    bid = with_value(repo_bid("exemplar"), (*path, "evidence"), lambda _: [])
    bid = with_value(bid, (*path, "outcome"), lambda _: "Fewer older people have emergency admissions")
    assert new_claims(bid) == []
    bare = with_value(bid, (*path, "baseline"), lambda _: {"value": None, "date": None, "source": None})
    (claim,) = new_claims(bare)
    assert (claim.path, claim.why) == (
        (*path, "outcome"), "promises fewer admissions, with no baseline and citing nothing",
    )  # fmt: skip


def test_a_saving_in_pounds_without_a_source_is_a_claim():
    bid = with_value(repo_bid("exemplar"), ("vision", "efficiencies", 0, "evidence"), lambda _: [])
    (claim,) = new_claims(bid)
    assert claim.path == ("vision", "efficiencies", 0, "efficiency")
    assert claim.why == "promises £640,000 a year and cites nothing"
    no_amount = with_value(bid, ("vision", "efficiencies", 0, "amount"), lambda _: None)
    assert new_claims(no_amount) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("exemplar", []),
        ("north-lincolnshire", ["Early and decisive action"]),
        ("north-west-london", ["Fewer people are admitted to hospital", "Fewer people are admitted to residential"]),
        ("north-yorkshire", []),
        ("norfolk-2017", ["Avoidable admissions to hospital fall", "Pooled budgets, which cut needless"]),
    ],
)
def test_the_claims_of_the_bids_of_the_repository(name, found):
    made = claims(repo_bid(name))
    assert len(made) == len(found)
    assert all(claim.text.startswith(text) for claim, text in zip(made, found, strict=True))


# --- Anachronisms ----------------------------------------------------------------------------------------------------

READING = Reading.model_validate(
    {
        "anachronisms": [
            {"terms": ["Better Care Fund", "BCF"], "since": "2013-06-26", "what": "The fund's later name."},
            {"terms": ["Care Act 2014", "Care Act"], "since": "2014-05-14", "what": "An Act of 2014."},
            {"terms": ["vanguards", "vanguard site"], "since": "2015-03", "what": "Chosen in 2015."},
        ]
    }
)


def terms_in(text: str) -> list[str]:
    return [found.term for found in anachronisms(READING, added(text))]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("We pool the Better Care Fund.", ["Better Care Fund"]),
        ("We pool the better\ncare fund.", ["better care fund"]),
        ("The *Care Act 2014* and the Care Act.", ["Care Act 2014"]),
        ("The BCF pays for it. The BCF grows.", ["BCF", "BCF"]),
        ("Vanguards and the Care Act.", ["Care Act", "Vanguards"]),
        ("The Childcare Act and the BCFs.", []),
        ("A better fund for care.", []),
        ("The former Better Care Fund.", []),
    ],
)
def test_terms_stand_on_word_boundaries_once_in_a_sentence(text, terms):
    assert sorted(terms_in(text)) == terms


def test_an_anachronism_says_since_when_and_what():
    (found,) = anachronisms(READING, added("We pool the Better Care Fund."))
    assert (found.path, found.since, found.what) == (("summary",), parse_when("2013-06-26"), "The fund's later name.")
    assert found.piece == "We pool the Better Care Fund."


def test_the_title_of_a_cited_work_is_none():
    path = ("evidence", "sources", 0, "citation")
    assert anachronisms(READING, with_value(repo_bid("exemplar"), path, lambda _: "The Better Care Fund")) == ()


def test_without_a_reading_there_are_none():
    assert anachronisms(Reading(), repo_bid("norfolk-2017")) == ()


def test_the_paper_of_2017_is_full_of_them_and_the_exemplar_has_none():
    found = anachronisms(READING, repo_bid("norfolk-2017"))
    assert {item.term for item in found} == {"Better Care Fund", "Care Act 2014", "Care Act", "vanguards"}
    for item in found:
        assert item.piece in plain_line(value_at(repo_bid("norfolk-2017"), item.path))
    assert anachronisms(READING, repo_bid("exemplar")) == ()


def test_the_shipped_reading_finds_no_anachronism_in_the_exemplar():
    reading = load_reading("pioneers-2013", load_pack("pioneers-2013").pack).reading
    assert anachronisms(reading, repo_bid("exemplar")) == ()
    assert (ROOT / "bids" / "norfolk-2017.yaml").is_file()
    assert len(anachronisms(reading, repo_bid("norfolk-2017"))) >= 10


# --- Any text --------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "will",
        "reduce",
        "admissions",
        "saved",
        "£2m",
        "evidence",
        "shows",
        "[E4]",
        "from",
        "5",
        "to",
        "Vanguards",
        ".",
        "*",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), st.text(min_size=1, max_size=150))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_any_text_in_every_field_is_read_the_same_twice(text):
    bid = tree_of(full_bid(lambda path: text))
    assert claims(bid) == claims(bid)
    for claim in claims(bid):
        assert claim.text in plain_line(value_at(bid, claim.path))
    for item in anachronisms(READING, bid):
        assert item.piece in plain_line(value_at(bid, item.path))


@pytest.mark.parametrize("unit", ["will ", "reduce ", "from 5 ", "evidence ", "A and ", "[", "9,", "has been "])
def test_a_long_text_is_read_to_its_end(unit):
    bid = {**repo_bid("exemplar"), "summary": unit * 10_000}
    assert claims(bid) == claims(bid)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_claims_are_in_the_order_of_the_bid_and_each_stands_at_its_path(name):
    for claim in claims(repo_bid(name)):
        assert claim.text in plain_line(value_at(repo_bid(name), claim.path))
