"""Which passages speak to a consideration: what counts as saying something, where, and how often that is right.

Keywords strung together speak to nothing and earn nothing.
"""

import sys
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from made_bids import REPO_BIDS, ROOT, Tree, empty_bid, repo_bid, tree_of
from pydantic import BaseModel

from pioneer_cli.assessment import Assessment
from pioneer_cli.bid import Bid, Id, Text
from pioneer_cli.edits import with_value
from pioneer_cli.judge import judge
from pioneer_cli.load_pack import load_examples, load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.predicates.base import different_words, filled, strings_words
from pioneer_cli.prose import free_texts, sentences
from pioneer_cli.reading import Reading, load_reading
from pioneer_cli.shipped import shipped_names
from pioneer_cli.spoken_to import Expected, Spoken, expectations, speaking, spoken_to

sys.path.insert(0, str(ROOT / "benchmarks"))  # a script by itself, not part of the package
import evidence_in_prose

PACK_NAME = "pioneers-2013"
STANDINGS = {"answered", "elsewhere", "only-named", "silent"}


@cache
def the_pack() -> Pack:
    pack = load_pack(PACK_NAME).pack
    assert pack is not None
    return pack


@cache
def the_reading() -> Reading:
    reading = load_reading(PACK_NAME, the_pack()).reading
    assert reading is not None
    return reading


def spoken(bid: Tree) -> dict[str, Spoken]:
    return dict(spoken_to(the_pack(), the_reading(), bid))


def bid_with(**sections: Any) -> Tree:
    """A small bid among whose sentences a few terms are rare, as in a real one."""
    filler = [{"what": f"The bus of line {number} was painted green again."} for number in range(30)]
    sections.setdefault("capability", {"track_record": filler})
    return tree_of({"call": PACK_NAME, "title": "A title", "area": {"name": "Somewhere"}, **sections})


# --- Standing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "section", "field", "text"),
    [
        ("C2b", "whole_system", "prevention", "Early help and a health check reach people before a crisis."),
        ("C2b", "whole_system", "statement", "Reablement and telecare keep people well after a fall at home."),
        ("C5b", "sharing", "statement", "We publish every lesson and each mistake in an annual report."),
        ("C6d", "evidence", "evaluation", "A university will compare us with a matched control group."),
        ("C2e", "whole_system", "unpaid_contributions", "Volunteers and family carers have a break each month."),
        ("C2c", "whole_system", "personalisation", "Each person’s own plan has a personal budget if they wish."),
    ],
)
def test_what_is_said_in_its_own_section_answers(code, section, field, text):
    found = spoken(bid_with(**{section: {field: text}}))[code]
    assert found.standing == "answered"
    assert found.passages[0].sentence.path == (section, field)
    assert found.passages[0].terms
    assert found.passages[0].score > 0


@pytest.mark.parametrize("code", ["C2b", "C5b", "C6d", "C2e", "C2c", "C3a"])
def test_where_no_term_stands_the_bid_is_silent(code):
    found = spoken(bid_with())[code]
    assert (found.standing, found.passages, found.covered) == ("silent", (), ())
    assert found.of == len(the_reading().vocabulary[code])


def test_what_is_said_under_another_heading_stands_elsewhere():
    text = "Reablement, telecare and early help prevent falls before there is a crisis for anyone."
    assert spoken(bid_with(evidence={"statement": text}))["C2b"].standing == "elsewhere"
    both = bid_with(evidence={"statement": text}, whole_system={"prevention": "We will prevent each fall at home."})
    found = spoken(both)["C2b"]
    assert found.standing == "answered"
    assert [passage.sentence.path[0] for passage in found.passages] == ["whole_system", "evidence"]


def test_a_word_in_passing_under_another_heading_is_only_named():
    found = spoken(bid_with(evidence={"statement": "This was a good crisis to learn from in our view of it."}))["C2b"]
    assert (found.standing, found.covered) == ("only-named", ("crisis",))
    assert len(found.passages) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Prevention, early intervention, falls, self-care, screening, reablement, telecare, loneliness, crisis",
        "Prevention, falls, screening and reablement, telecare, loneliness and obesity, smoking, alcohol and exercise",
        "Reablement telecare",
        "Reablement, telecare, councils, budgets, teams, wards, nurses, homes, records, plans",
    ],
)
def test_a_list_of_keywords_is_only_named_and_a_sentence_with_them_is_not(words):
    assert spoken(bid_with(whole_system={"prevention": words}))["C2b"].standing == "only-named"
    said = "With reablement and telecare in each town we will prevent falls before they come to a crisis."
    assert spoken(bid_with(whole_system={"prevention": said}))["C2b"].standing == "answered"


def test_in_its_own_field_a_passage_need_only_be_about_the_subject():
    on_topic = "Ambulance crews and the hospital can read it and act on it."
    off_topic = "The weather was fine on the day when we all wrote this."
    assert spoken(bid_with(whole_system={"prevention": on_topic}))["C2b"].standing == "answered"
    assert spoken(bid_with(whole_system={"prevention": off_topic}))["C2b"].standing == "silent"
    assert spoken(bid_with(evidence={"statement": on_topic}))["C2b"].standing == "silent"


def test_words_are_compared_by_their_stem_and_phrases_as_a_whole():
    said = "Personal budgets were chosen by each of them; a joined-up plan came with it."
    found = spoken(bid_with(whole_system={"personalisation": said}))
    assert {"personal budget"} <= set(found["C2c"].covered)
    assert "personalise" not in found["C2c"].covered  # "personal" belongs to the phrase, which is longer
    assert "seamless" in found["C1b"].covered  # "joined up"
    assert "personal budget" not in spoken(bid_with(summary="The budget of each is personal to them."))["C2c"].covered


def test_an_apostrophe_is_read_in_either_form():
    for mark in ("'", "’"):
        found = spoken(bid_with(whole_system={"unpaid_contributions": f"Each has a carer{mark}s break of two days."}))
        assert "carer's break" in found["C2e"].covered


# --- Every bid -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
def test_every_consideration_has_a_standing_that_its_passages_bear_out(name):
    bid = repo_bid(name)
    found = spoken(bid)
    every = speaking(the_pack(), the_reading(), bid)
    assert list(found) == [one.id for criterion in the_pack().criteria for one in criterion.considerations]
    texts = dict(free_texts(bid))
    for code, one in found.items():
        assert (one.consideration_id, one.confidence, one.standing in STANDINGS) == (code, "low", True)
        assert len(one.passages) <= 3
        assert (one.standing in ("answered", "elsewhere")) is bool(every[code])
        assert (one.standing == "silent") is (not one.passages)
        names = [words[0] for words in the_reading().vocabulary[code]]
        assert list(one.covered) == [term for term in names if term in one.covered]
        assert len(one.covered) <= one.of == len(names)
        assert all(passage.sentence.path in texts for passage in one.passages)


def test_the_exemplar_speaks_to_all_but_what_stands_in_closed_lists():
    standings = {code: one.standing for code, one in spoken(repo_bid("exemplar")).items()}
    assert [code for code, standing in standings.items() if standing != "answered"] == ["C1c"]


def test_the_empty_bid_is_silent_on_everything():
    assert {one.standing for one in spoken(empty_bid()).values()} == {"silent"}
    assert {one.standing for one in expectations(the_reading(), empty_bid()).values()} == {"silent"}


def test_the_same_bid_gives_the_same_answer():
    bid = repo_bid("north-west-london")
    assert spoken(bid) == spoken(bid)
    assert list(expectations(the_reading(), bid)) == [f"E{number}" for number in range(1, 9)]


def test_passages_that_weigh_the_same_stand_in_the_order_of_the_bid():
    entries = [{"what": f"Reablement and telecare prevent falls in district {number}."} for number in range(5)]
    found = spoken(bid_with(capability={"track_record": entries}))["C2b"]
    assert [passage.sentence.path[2] for passage in found.passages] == [0, 1, 2]
    assert len({passage.score for passage in found.passages}) == 1


def test_expectations_are_answered_wherever_they_are_spoken_to():
    said = "We adopt the Narrative of National Voices together with Making it Real."
    for section in ("vision", "evidence"):
        found = expectations(the_reading(), bid_with(**{section: {"statement": said}}))
        assert isinstance(found["E2"], Expected)
        assert (found["E2"].standing, found["E2"].confidence) == ("answered", "low")
        assert found["E2"].covered == ("Narrative", "Making it Real")
        assert found["E6"].standing == "silent"


# --- Keywords earn nothing -------------------------------------------------------------------------------------------


def vocabulary_of(section: str) -> str:
    """All words of the vocabulary of a section's considerations, or of every one, strung together."""
    chosen = [one for criterion in the_pack().criteria if section in ("", criterion.section)
              for one in criterion.considerations]  # fmt: skip
    return ", ".join(word for one in chosen for words in the_reading().vocabulary[one.id] for word in words)


def stuffed(model: type[BaseModel], text: str, *, closed: bool) -> Tree:
    """A part of a bid with the text in every field of free text; what must hold a closed word only where `closed`."""
    hints = get_type_hints(model, include_extras=True)
    out: Tree = {}
    for name, field in model.model_fields.items():
        annotation = hints[name]
        if get_origin(annotation) in (Union, UnionType):
            annotation = next(option for option in get_args(annotation) if option is not type(None))
        inner = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
        if annotation == Text:
            out[name] = text
        elif annotation == Id and field.is_required():
            out[name] = "an-id"
        elif isinstance(inner, type) and get_origin(inner) is None and issubclass(inner, BaseModel):
            if closed or not needs_a_closed_word(inner):
                part = stuffed(inner, text, closed=closed)
                entries = [part] if "id" in part else [part, part]  # an id stands once
                out[name] = part if inner is annotation else entries
        elif field.is_required() and annotation != Id:
            out[name] = get_args(annotation)[0]
    return out


def needs_a_closed_word(model: type[BaseModel]) -> bool:
    """Whether an entry cannot be written without a word that a rule may count."""
    hints = get_type_hints(model, include_extras=True)
    return any(field.is_required() and hints[name] != Text for name, field in model.model_fields.items())


def stuffed_bid(text: str | None, *, closed: bool) -> Tree:
    """A bid with a text, or with the vocabulary of its section, in every field."""
    bid: Tree = {"call": PACK_NAME, "title": "A title", "area": {"name": "An area"}}
    hints = get_type_hints(Bid, include_extras=True)
    for criterion in the_pack().criteria:
        words = text or vocabulary_of(criterion.section)
        bid[criterion.section] = stuffed(hints[criterion.section], words, closed=closed)
    front = stuffed(Bid, text or vocabulary_of(""), closed=closed)
    return tree_of({**{key: front[key] for key in ("summary", "health_and_wellbeing_boards")}, **bid})


def judged(bid: Tree) -> Assessment:
    return judge(the_pack(), bid, "submission", None)


def earned(bid: Tree) -> dict[str, Any]:
    """The share that each rule earned that does not guess from words."""
    return {found.rule.id: found.low for found in judged(bid).findings if found.rule.confidence == "high"}


@pytest.mark.parametrize("closed", [False, True])
def test_a_bid_stuffed_with_the_vocabulary_earns_no_more_than_one_that_says_nothing(closed):
    full = stuffed_bid(None, closed=closed)
    texts = [text for _, text in free_texts(full)]
    assert len(texts) >= 35
    assert sum(map(strings_words, texts)) >= len(texts) - 2  # but for the title and the area's name
    nothing = earned(stuffed_bid("tbc", closed=closed) if closed else empty_bid())
    assert len(nothing) >= 60
    assert {rule: low for rule, low in earned(full).items() if low > nothing[rule]} == {}


def test_what_a_stuffed_bid_would_earn_by_prose_is_earned_by_prose():
    said = "We will do what we say here with all of our partners, and by the end of each year we report on it to them. "
    more = earned(stuffed_bid(said * 2, closed=False))
    nothing = earned(empty_bid())
    assert sum(more[rule] > nothing[rule] for rule in nothing) >= 12


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("section", ["vision", "whole_system", "commitment", "capability", "sharing", "evidence"])
def test_vocabulary_appended_to_a_statement_raises_nothing(name, section):
    bid = repo_bid(name)
    more = with_value(bid, (section, "statement"), lambda text: f"{text or ''}\n\n{vocabulary_of('')}.")
    before, after = judged(bid), judged(more)
    for old, new in zip(before.criteria, after.criteria, strict=True):
        assert new.level_low.level <= old.level_low.level
        assert new.level_high.level <= old.level_high.level
    nothing_more = earned(bid)
    assert {rule: low for rule, low in earned(more).items() if low > nothing_more[rule]} == {}


def test_no_real_text_is_taken_for_a_string_of_keywords():
    texts = [text for name in REPO_BIDS for _, text in free_texts(repo_bid(name))]
    for name in shipped_names("criteria"):
        pack = load_pack(name).pack
        assert pack is not None
        examples = load_examples(name, pack)
        texts += [text for one in examples.values() for met in one.met for text in _texts(met)]
    long = [text for text in texts if len(text.split()) >= 12]
    assert len(long) >= 340
    assert [text for text in long if strings_words(text)] == []


def _texts(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ()
    return [text for one in inner for text in _texts(one)]


KEYWORDS = "prevention falls reablement telecare screening loneliness obesity smoking alcohol exercise crisis"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (KEYWORDS, True),  # 11 of them
        (KEYWORDS + " housing", False),
        (KEYWORDS + " 2014", True),
        (KEYWORDS + " and housing", True),
        ("GPs, nurses, social workers, home carers, therapists, pharmacists, paramedics and ward managers", True),
        ("carer " * 200, False),
        ("the carer and " * 20, True),
        ("", False),
    ],
)  # fmt: skip
def test_keywords_strung_together_state_nothing(text, says):
    assert filled(text) is says
    assert filled([text]) is says
    assert bool(different_words(text)) is says


def test_names_joined_line_by_line_are_words_all_the_same():
    names = "\n".join(["Vale Hospital Trust", "Wenbourne Council", "Castle Housing Company", "Mill Street Surgery"] * 2)
    assert strings_words(names)
    assert {"wenbourne", "surgery"} <= different_words(names)


# --- How often it is right -------------------------------------------------------------------------------------------

LABELLED = evidence_in_prose.labelled()


def test_the_labelled_passages_are_many_and_each_still_stands_in_its_bid():
    codes = {one.id for criterion in the_pack().criteria for one in criterion.considerations}
    assert len(LABELLED) * len(codes) >= 1000
    assert sum(len(one.speaks_to) for one in LABELLED) >= 120
    standing = {
        (name, ".".join(map(str, sentence.path)), sentence.text)
        for name in REPO_BIDS
        for sentence in sentences(repo_bid(name))
    }
    assert {one.bid for one in LABELLED} == set(REPO_BIDS)
    assert [one for one in LABELLED if (one.bid, one.path, one.text) not in standing] == []
    assert all(one.speaks_to <= codes and one.set in evidence_in_prose.SETS for one in LABELLED)
    assert len({(one.bid, one.path, one.text) for one in LABELLED}) == len(LABELLED)


def test_the_page_shows_the_figures_that_the_script_computes():
    page = (ROOT / "docs" / "evidence-in-prose.md").read_text(encoding="utf-8")
    assert evidence_in_prose.table() in page
    for one in evidence_in_prose.measured().values():
        assert one.pairs > 0 < one.wanted
        assert f"| {one.precision:.2f} | {one.recall:.2f} | {one.f1:.2f} |" in page


def test_the_figures_are_counted_right():
    one = evidence_in_prose.Labelled("a", "p", "held-out", "t", frozenset({"C1a", "C1b"}))
    figures = evidence_in_prose.counted([one], {("a", "p", "t"): ["C1b", "C2a", "C2b"]}, 24)
    assert tuple(figures) == (24, 2, 3, 1)
    assert (figures.precision, figures.recall, figures.f1) == (1 / 3, 1 / 2, 2 / 5)
    assert evidence_in_prose.counted([], {}, 24).f1 == 0


def test_the_mistakes_that_the_page_tells_of_are_made():
    wrong = {(one.passage.path, *one.missed, *one.wrong) for one in evidence_in_prose.mistakes()}
    assert wrong >= {
        ("whole_system.cohorts.4.who", "C2d"), ("capability.statement", "C4a"), ("summary", "C3d"),
        ("partners.1.organisation", "C6b"), ("capability.workstreams.5.aim", "C3a"),
    }  # fmt: skip


def test_the_script_stands_where_the_page_says():
    assert Path(evidence_in_prose.__file__) == ROOT / "benchmarks" / "evidence_in_prose.py"
