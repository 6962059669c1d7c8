"""Reviewers' files held to the bid and the pack: each fault at its line and column, with a twin that is left alone."""

from dataclasses import replace
from functools import cache

import pytest
from made_bids import ROOT
from small_pack import small_pack

from pioneer_cli.bid import plain
from pioneer_cli.check_review import Desk, check_review, quotable, second_of_its_kind, standing
from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.pipeline import read_bid
from pioneer_cli.review import read_review
from pioneer_cli.source import parse, read

BID = """\
call: pioneers-2013
title: "Together: a plan"
area: {name: Ourshire}
partners:
  - {id: council, organisation: The Council of Ourshire}
  - {id: trust, organisation: Ourshire Hospitals}
vision:
  statement: |
    People told us that *nobody* had the whole
    picture – so one person's name is on every plan.
  outcomes:
    - outcome: More people are at home
      measure: Days at home in a year
      baseline: {value: 301, date: 2013-03}
      target: {value: 310, date: 2015-03}
capability:
  statement: We have done this before, in “two” towns.
"""
PACK_SHA = "b" * 64
GOOD = """\
reviewer: r1
bid:
  title: "Together: a plan"
  sha256: {sha}
pack:
  name: small
  sha256: {pack}
conflicts: []
criteria:
  - criterion: C1
    level: 2
    reasons: Clear, with a measure.
    quotes: ["one person's name is on every plan"]
  - criterion: C2
    level: 3
    reasons: Done before.
    quotes: ["We have done this before"]
questions:
  - question: it-is-credible
    answer: partly
    reason: Two towns are few.
    quotes: ['in "two" towns']
recommendation:
  verdict: sift-in
  reason: One question is left.
"""


@cache
def desk(text: str = BID) -> Desk:
    source = parse(text, "bid.yaml")
    found = read_bid(source)
    assert found.diagnostics == ()
    bid = plain(found.bid)
    return Desk(source, bid, small_pack(), PACK_SHA, quotable(bid))


def review_text(*changes: tuple[str, str]) -> str:
    """The good review with changes, each of a text that stands in it just once."""
    text = GOOD.replace("{sha}", f'"{desk().source.sha256}"').replace("{pack}", PACK_SHA)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def faults(text: str, at: Desk | None = None) -> tuple[Diagnostic, ...]:
    source = parse(text, "r1.yaml")
    found = read_review(source)
    assert found.diagnostics == ()
    assert found.model is not None
    return check_review(source, found.model, at or desk())


def told(text: str, at: Desk | None = None) -> list[tuple[str, str]]:
    return [(str(fault.span.start), fault.code) for fault in faults(text, at)]


def state(text: str, at: Desk | None = None) -> str:
    found = read_review(parse(text, "r1.yaml"))
    return standing(found.model, found.diagnostics or faults(text, at), at or desk()).words


QUOTE = '["one person\'s name is on every plan"]'


def test_a_good_review_has_no_fault_and_is_complete():
    assert told(review_text()) == []
    assert state(review_text()) == "complete, 2 levels and 1 answer"


# --- Reasons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where", "code"),
    [
        ("    reasons: Clear, with a measure.\n", "", "11:12", "level-without-reasons"),
        ("reasons: Clear, with a measure.", 'reasons: ""', "11:12", "level-without-reasons"),
        ("reasons: Clear, with a measure.", "reasons: TBC", "12:14", "level-without-reasons"),
        ("reasons: Clear, with a measure.", "reasons: …", "12:14", "level-without-reasons"),
        ("    reason: Two towns are few.\n", "", "20:13", "answer-without-reason"),
        ("reason: Two towns are few.", "reason: to be confirmed", "21:13", "answer-without-reason"),
        ("  reason: One question is left.\n", "", "24:12", "verdict-without-reason"),
        ("reason: One question is left.", "reason: n/a", "25:11", "verdict-without-reason"),
    ],
)
def test_what_is_judged_without_a_reason_is_an_error(old, new, where, code):
    found = faults(review_text((old, new)))
    assert [(str(fault.span.start), fault.code, fault.severity) for fault in found] == [(where, code, Severity.ERROR)]
    assert found[0].hint
    assert state(review_text((old, new))) == "cannot be used: 1 error"


def test_strengths_and_weaknesses_need_nothing_and_may_be_anything():
    assert told(review_text(("    level: 2\n", "    level: 2\n    strengths: [TBC]\n    weaknesses: []\n"))) == []


# --- Quotes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "where", "code"),
    [
        ("nobody has the whole picture", "13:14", "not-in-the-bid"),
        ("every plan … People told us", "13:14", "not-in-the-bid"),
        ("People told us … done this before", "13:14", "not-in-the-bid"),
        ("every plan", "13:14", "short-quote"),
        ("… plan", "13:14", "short-quote"),
        ("", "13:14", "short-quote"),
    ],
)
def test_a_quote_that_does_not_stand_in_the_bid_is_an_error(quote, where, code):
    assert told(review_text((QUOTE, f'["{quote}"]'))) == [(where, code)]


@pytest.mark.parametrize(
    "quote",
    [
        "People told us that nobody had the whole picture",
        "PEOPLE TOLD US",
        "People told us … every plan",
        "nobody had [...] every plan",
        "nobody had the whole\\npicture - so one person’s name",
        "that *nobody* had",
        'done this before, in \\"two\\" towns',
        "Days at home in a year March 2013 301",
    ],
)
def test_a_quote_may_be_written_as_it_is_copied(quote):
    if quote.startswith("Days"):
        row = next(text for path, text in desk().texts if text.startswith("More people are at home") and "301" in text)
        quote = " ".join(row.split())
        assert "March 2013" in quote  # as the PDF's table writes it, and as the file does not
    assert told(review_text((QUOTE, f'["{quote}"]'))) == []


def test_a_misquotation_says_how_far_it_agrees_with_the_bid():
    (found,) = faults(review_text((QUOTE, '["People told us that nobody had the full picture"]')))
    assert found.message == 'these words stand in the bid only as far as "that nobody had the"'
    (found,) = faults(review_text((QUOTE, '["We are the champions"]')))
    assert found.message == "these words do not stand in the bid"


def test_a_level_needs_a_quote():
    assert told(review_text((f"    quotes: {QUOTE}\n", ""))) == [("11:12", "level-without-quote")]
    assert told(review_text((f"quotes: {QUOTE}", "quotes: []"))) == [("11:12", "level-without-quote")]


def test_an_answer_needs_none_but_what_it_quotes_must_stand_there():
    assert told(review_text(("    quotes: ['in \"two\" towns']\n", ""))) == []
    assert told(review_text(('in "two" towns', "in three towns"))) == [("22:14", "not-in-the-bid")]


def test_level_0_needs_no_quote_where_the_bid_says_nothing():
    section = small_pack().criteria[1].section
    silent = BID.replace("capability:\n  statement: We have done this before, in “two” towns.\n", "")
    changes = (("level: 3", "level: 0"), ('    quotes: ["We have done this before"]\n', ""))
    answered = ("    quotes: ['in \"two\" towns']\n", "")
    at = replace(desk(silent), source=desk().source)
    written = [path for path, _ in at.texts if path[:1] == (section,)]
    assert told(review_text(*changes, answered), at) == ([] if not written else [("15:12", "level-without-quote")])
    assert not written
    level_1 = (("level: 3", "level: 1"), changes[1], answered)
    assert told(review_text(*level_1), at) == [("15:12", "level-without-quote")]


# --- Criteria and questions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where", "code", "hint"),
    [
        ("criterion: C2", "criterion: C9", "14:16", "unknown-id", "known here: C1, C2"),
        ("it-is-credible", "it-is-credibel", "19:15", "unknown-id", "did you mean `it-is-credible`?"),
        ("question: it-is-credible", "question: zzz", "19:15", "unknown-id", "known here: it-is-credible"),
        (
            "question: it-is-credible", "question: vision-is-stated", "19:15", "no-question",
            "the questions are: it-is-credible",
        ),
    ],
)  # fmt: skip
def test_what_the_pack_does_not_have_is_an_error(old, new, where, code, hint):
    (found, missing) = sorted(faults(review_text((old, new))), key=lambda fault: fault.code == "not-judged-yet")
    assert (str(found.span.start), found.code, found.hint) == (where, code, hint)
    assert missing.code == "not-judged-yet"


def test_the_same_criterion_or_question_twice_is_an_error_that_names_the_first():
    (missing, found) = faults(review_text(("criterion: C2", "criterion: C1")))
    assert (str(missing.span.start), missing.code) == ("9:1", "not-judged-yet")
    assert (str(found.span.start), found.code) == ("14:16", "duplicate-id")
    assert [str(related.span.start) for related in found.related] == ["10:16"]
    again = "questions:\n  - question: it-is-credible\n    answer:\n"
    assert told(review_text(("questions:\n", again))) == [("21:15", "duplicate-id")]


def test_a_level_that_the_pack_does_not_describe_is_an_error():
    levels = {found.level for found in small_pack().about.levels}
    for level in range(6):
        found = told(review_text(("level: 2", f"level: {level}")))
        assert found == ([] if level in levels else [("11:12", "unknown-level")])


# --- Conflicts of interest -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["council", "COUNCIL", "The Council of Ourshire", "the council  of ourshire"])
def test_who_is_in_conflict_with_a_partner_may_judge_nothing(name):
    (found,) = faults(review_text(("conflicts: []", f"conflicts: [{{organisation: {name}}}]")))
    assert (str(found.span.start), found.code) == ("8:28", "in-conflict")
    assert found.message == (
        "who has a conflict of interest with The Council of Ourshire may not judge this bid: "
        "see lines 11, 15, 20 and 24"
    )


def test_who_is_in_conflict_and_judges_nothing_is_done():
    text = review_text(
        ("conflicts: []", "conflicts: [{organisation: trust, interest: My sister works there}]"),
        ("level: 2", "level:"),
        ("level: 3", "level:"),
        ("answer: partly", "answer:"),
        ("verdict: sift-in", "verdict:"),
    )
    assert told(text) == []
    assert state(text) == "complete, nothing judged: a conflict of interest with Ourshire Hospitals"
    assert told(text.replace("answer:\n", "answer: met\n")) == [("8:28", "in-conflict")]
    assert "see line 20" in faults(text.replace("answer:\n", "answer: met\n"))[0].message


def test_a_conflict_with_another_organisation_does_not_matter():
    assert told(review_text(("conflicts: []", "conflicts: [{organisation: A bank}]"))) == []


def test_an_organisation_that_is_almost_a_partner_holds_up_until_it_is_said_which_is_meant():
    text = review_text(("conflicts: []", "conflicts: [{organisation: The Counci1 of Ourshire}]"))
    (found,) = faults(text)
    assert (str(found.span.start), found.code, found.severity) == ("8:28", "perhaps-a-partner", Severity.WARNING)
    assert found.hint.startswith("if `The Council of Ourshire` is meant, write it like that; ")
    assert state(text) == "unfinished: a conflict that may be with a partner"
    other = review_text(("conflicts: []", "conflicts: [{organisation: The Counci1 of Ourshire, partner: false}]"))
    assert faults(other) == ()
    assert state(other).startswith("complete")


# --- Versions --------------------------------------------------------------------------------------------------------


def test_a_bid_that_changed_since_is_said_with_its_new_digest():
    later = desk(BID.replace("More people", "Many people"))
    (found,) = faults(review_text(), later)
    assert (str(found.span.start), found.code, found.severity) == ("4:11", "bid-changed", Severity.WARNING)
    assert later.source.sha256 in found.hint
    assert state(review_text(), later) == "unfinished: the bid has changed since"


def test_a_review_of_another_bid_is_an_error_and_nothing_else_is_made_of_it():
    other = desk(BID.replace('"Together: a plan"', "Apart").replace("People told", "Nobody told"))
    assert told(review_text(), other) == [("3:10", "other-bid")]


def test_a_title_that_changed_alone_is_no_other_bid():
    assert told(review_text(('"Together: a plan"', "Another title"))) == []


def test_another_pack_is_an_error_and_another_version_of_it_a_warning():
    assert told(review_text(("name: small", "name: large"))) == [("6:9", "other-pack")]
    changed = replace(desk(), pack_sha256="c" * 64)
    (found,) = faults(review_text(), changed)
    assert (str(found.span.start), found.code, found.severity) == ("7:11", "pack-changed", Severity.WARNING)
    assert "c" * 64 in found.hint
    assert state(review_text(), changed) == "unfinished: the pack has changed since"


# --- What is still to come -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where", "to_come"),
    [
        ("level: 2", "level:", "11:5", "1 level"),
        ("    level: 2\n", "", "10:5", "1 level"),
        ("answer: partly", "answer:", "20:5", "1 answer"),
        ("verdict: sift-in", "verdict:", "24:3", "the recommendation"),
        ("recommendation:\n  verdict: sift-in\n  reason: One question is left.\n", "", "1:1", "the recommendation"),
        ("conflicts: []", "conflicts:", "8:1", "conflicts of interest"),
        ("conflicts: []\n", "", "1:1", "conflicts of interest"),
    ],
)
def test_what_is_not_judged_yet_is_a_warning_and_the_review_unfinished(old, new, where, to_come):
    text = review_text((old, new))
    (found,) = faults(text)
    assert (str(found.span.start), found.severity) == (where, Severity.WARNING)
    assert found.code == ("not-declared-yet" if "conflicts" in old else "not-judged-yet")
    assert state(text) == f"unfinished: {to_come} to come"


def test_what_a_panel_leaves_out_of_its_agreement_is_not_to_come_but_what_it_left_empty_is():
    agreed = ("conflicts: []", "conflicts: []\nagreed: true")
    criterion = GOOD[GOOD.index("  - criterion: C2") : GOOD.index("questions:")]
    question = GOOD[GOOD.index("questions:") : GOOD.index("recommendation:")]
    assert state(review_text(agreed, (criterion, ""), (question, ""))) == "complete, 1 level and 0 answers agreed"
    assert state(review_text((criterion, ""), (question, ""))) == "unfinished: 1 level, 1 answer to come"
    assert told(review_text(agreed, ("level: 3", "level:"))) == [("16:5", "not-judged-yet")]
    assert told(review_text(agreed, ("answer: partly", "answer:"))) == [("21:5", "not-judged-yet")]


def test_faults_come_in_the_order_of_their_lines():
    text = review_text(("level: 2", "level:"), ("level: 3", "level:"), ("reason: Two towns are few.", "reason: TBC"))
    lines = [fault.span.start.line for fault in faults(text)]
    assert lines == sorted(lines) == [11, 15, 21]


# --- What may be quoted ----------------------------------------------------------------------------------------------


def test_what_the_document_prints_may_be_quoted_with_its_place_in_the_bid():
    source = read((ROOT / "bids" / "exemplar.yaml").as_posix())
    texts = quotable(plain(read_bid(source).bid))
    printed = {text: path for path, text in texts}
    assert printed["£640,000"][:3] == ("vision", "efficiencies", 0)
    row = next(text for text in printed if text.startswith("CCG community nursing") and "£9,420,000" in text)
    assert row.endswith("section 75, pooled")
    assert printed[row][:4] == ("capability", "funding", "sources", 0)
    assert len(set(texts)) == len(texts) > 500


def test_a_file_that_cannot_be_read_cannot_be_used():
    found = read_review(parse("reviewer: r1\n", "r1.yaml"))
    assert standing(found.model, found.diagnostics, desk()).words == "cannot be used: 2 errors"
    assert standing(None, (), None).state == "cannot be used"


# --- Several files ---------------------------------------------------------------------------------------------------


def second(text: str, *earlier: str) -> list[tuple[str, str]]:
    """What is told of a review beside earlier ones."""
    source = parse(text, "r2.yaml")
    reviews = [read_review(parse(other, "r1.yaml")).model for other in earlier]
    found = second_of_its_kind(source, read_review(source).model, [("r1.yaml", review) for review in reviews])
    return [(str(fault.span.start), fault.message) for fault in found]


def test_a_reviewer_has_one_file_for_a_bid_and_a_panel_agrees_in_one():
    other = ("reviewer: r1", "reviewer: r2")
    assert second(review_text(), review_text()) == [("1:11", "r1 has another file for this bid: r1.yaml")]
    assert second(review_text(other), review_text()) == []
    assert (
        second(review_text(), review_text(('title: "Together: a plan"', "title: X"), (desk().source.sha256, "d" * 64)))
        == []
    )
    agreed, agreed_too = ("conflicts: []", "conflicts: []\nagreed: true"), (other, ("conflicts: []", "agreed: true"))
    assert second(review_text(agreed), review_text(other)) == []
    assert second(review_text(agreed), review_text(*agreed_too)) == [
        ("9:9", "the panel has agreed on this bid in another file: r1.yaml")
    ]
