"""The file that `pioneer review new` writes: every field of the models, and nothing of the bid's breaks it."""

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import HOSTILE, REPO_BIDS, ROOT, full_bid, tree_of

from pioneer_cli.bid import is_id, plain
from pioneer_cli.judge import judge
from pioneer_cli.load_pack import load_pack, pack_digest
from pioneer_cli.pack import Pack
from pioneer_cli.pipeline import read_bid
from pioneer_cli.prose import one_line
from pioneer_cli.review import CriterionJudgement, JudgedQuestion, Recommendation, Review, read_review
from pioneer_cli.review_starter import WIDTH, starter_review
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import Source, parse, read

PACKS = shipped_names("criteria")
SHA = "0" * 63 + "1"  # of nothing but figures, which a reader of YAML could take for a number


@cache
def pack(name: str = "pioneers-2013") -> Pack:
    loaded = load_pack(name)
    assert loaded.pack is not None
    return loaded.pack


def begun(source: Source, tree: dict[str, Any], name: str = "pioneers-2013", reviewer: str = "r1") -> str:
    found = pack(name)
    return starter_review(source, tree, found, SHA, judge(found, tree, "submission", None), reviewer)


def begun_for(bid: str, name: str = "pioneers-2013") -> str:
    source = read((ROOT / "bids" / f"{bid}.yaml").as_posix())
    found = read_bid(source)
    assert found.bid is not None
    return begun(source, plain(found.bid), name)


def read_back(text: str) -> tuple[Source, Review]:
    source = parse(text, "r1.yaml")
    found = read_review(source)
    assert found.diagnostics == ()
    assert found.model is not None
    return source, found.model


# --- As it stands ----------------------------------------------------------------------------------------------------


def test_packs_were_found():
    assert len(PACKS) >= 5


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("bid", REPO_BIDS)
def test_every_bid_by_every_pack_gives_a_file_without_a_fault_that_judges_nothing(bid, name):
    text = begun_for(bid, name)
    _, review = read_back(text)
    assert review.reviewer == "r1"
    assert review.pack.name == name
    assert review.pack.sha256 == SHA
    assert review.bid.sha256 == read((ROOT / "bids" / f"{bid}.yaml").as_posix()).sha256
    assert [found.criterion for found in review.criteria] == [found.id for found in pack(name).criteria]
    assert [found.question for found in review.questions] == [r.id for _, _, r in pack(name).rules() if r.is_judged]
    assert {found.level for found in review.criteria} == {None}
    assert {found.answer for found in review.questions} == {None}
    assert [line for line in text.splitlines() if len(line) > WIDTH or line != line.rstrip()] == []


def test_every_field_of_the_models_stands_there():
    source, _ = read_back(begun_for("exemplar"))
    content: Any = source.content
    assert list(content) == list(Review.model_fields)
    assert list(content["criteria"][0]) == list(CriterionJudgement.model_fields)
    assert list(content["questions"][0]) == list(JudgedQuestion.model_fields)
    assert list(content["recommendation"]) == list(Recommendation.model_fields)


def test_the_first_line_is_for_editors():
    assert begun_for("exemplar").startswith("# yaml-language-server: $schema=review.schema.json\n")


# --- What the machine found ------------------------------------------------------------------------------------------


def comments(text: str) -> str:
    """All comments, unwrapped."""
    return " ".join(re.sub(r"^\s*#", " ", text, flags=re.MULTILINE).split())


def test_partners_levels_considerations_and_questions_stand_in_comments():
    told, found = comments(begun_for("north-lincolnshire")), pack()
    assert "rdash: RDaSH (NHS trust)" in told
    for level in found.about.levels:
        assert f"{level.level} {level.name}: {level.descriptor}" in told
    for criterion, consideration, rule in found.rules():
        assert f"{criterion.id} {criterion.title}" in told
        assert consideration.asks in told
        if rule.is_judged:
            assert f"{consideration.id} {' '.join(rule.arguments['question'].split())}" in told


def test_every_gap_is_told_with_its_rule_and_its_line_and_a_bid_without_gaps_has_none():
    source = read((ROOT / "bids" / "north-lincolnshire.yaml").as_posix())
    bid = read_bid(source).bid
    gaps = judge(pack(), plain(bid), "submission", None).gaps
    told = comments(begun_for("north-lincolnshire"))
    assert len(gaps) > 20
    for gap in gaps:
        assert re.search(rf"[-,] {gap.rule.id}( \(a guess from words\))?[,:]", told), gap.rule.id
    assert "- benefits-reach-every-group: missing: communities (line 114)" in told
    assert source.line(114).strip() == "outcomes:"
    assert not re.search(r"^  #   - ", begun_for("exemplar"), re.MULTILINE)


def test_the_best_evidence_is_words_with_the_line_where_they_stand():
    text, source = comments(begun_for("exemplar")), read((ROOT / "bids" / "exemplar.yaml").as_posix())
    places = re.findall(r"\+ line (\d+): “([^”]+)”", text)
    assert len(places) == 24
    for line, quote in places:
        assert quote.split()[0].strip("*") in source.line(int(line)), quote
        assert len(quote.split()) > 3


def test_what_waits_for_people_is_said_and_where_there_is_nothing_to_judge():
    told = comments(begun_for("north-lincolnshire"))
    assert "? waits for your answer to evidence-is-understood, below" in told
    assert "? waits for your answer to sharing-is-generous, below" not in told
    assert "Read `sharing`: there is nothing to judge yet." in told


# --- Whatever stands in the bid --------------------------------------------------------------------------------------

ODD = [
    *HOSTILE, "a\nreviewer: mallory\n", "\r\n- x", "\x85reviewer: x", "\u2028level: 5", "\u2029", "a\x0bb", "\x1c",
    "\ufeff", "\ufffe", "\uffff", "\ud7ff", "\U0001f600", "\u202eabc", "a\u200bb", "\xad", "\u115f", "\u3164", "\x7f",
    "\t", "\xa0", "# yaml-language-server: $schema=https://example.org", "%YAML 1.1", "---", "...", "!!python/object:x",
    "&a *a", "<<: *a",
]  # fmt: skip
TEXTS = st.sampled_from(ODD) | st.text(max_size=30) | st.text("#:-'\"\\{}[]\n\r \x85\u2028é…", max_size=30)


def begun_with(text: str, reviewer: str = "r1") -> str:
    """A review of a bid that has a text in every field."""
    return begun(parse("title: T\n", "bid.yaml"), tree_of(full_bid(lambda _: text)), reviewer=reviewer)


@pytest.mark.parametrize("text", ODD)
def test_no_odd_text_becomes_yaml(text):
    source, review = read_back(begun_with(text))
    assert review.bid.title == one_line(text)
    assert list(source.content) == list(Review.model_fields)  # type: ignore[call-overload]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TEXTS, st.from_regex(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*", fullmatch=True).filter(is_id))
def test_whatever_the_bid_says_the_file_reads_back(text, reviewer):
    written = begun_with(text, reviewer)
    _, review = read_back(written)
    assert review.reviewer == reviewer
    assert review.bid.sha256 == parse("title: T\n", "bid.yaml").sha256
    assert len(review.criteria) == len(review.questions) == 6
    assert review == read_back(begun_with("T", reviewer))[1].model_copy(update={"bid": review.bid})


@pytest.mark.parametrize("reviewer", ["1", "007", "1e5", "1.5", "true", "No", "null", "y", "0x1F", "2013-06-28"])
def test_an_id_that_yaml_takes_for_something_else_reads_back(reviewer):
    assert read_back(begun_with("T", reviewer))[1].reviewer == reviewer


def test_the_digest_of_a_pack_is_that_of_its_files():
    assert re.fullmatch("[0-9a-f]{64}", pack_digest("pioneers-2013"))
