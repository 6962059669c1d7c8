"""Clarification questions: one for each gap, in the pack's order; and replies, which close nothing by themselves."""

import json
import os
import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pytest
import yaml
from jsonschema import Draft202012Validator
from made_bids import HOSTILE, REPO_BIDS, empty_bid
from made_reviews import PIONEERS, Content, desk_of, review_of

import pioneer_cli
from pioneer_cli.assessment import Assessment, Outcome
from pioneer_cli.check_replies import check_replies, new_replies
from pioneer_cli.check_review import Desk
from pioneer_cli.clarification import Question, asked_of, questions, standings
from pioneer_cli.document import document
from pioneer_cli.judge import look
from pioneer_cli.judgement import Panel, judgement
from pioneer_cli.letters import QUESTIONS, questions_letter
from pioneer_cli.press import Press
from pioneer_cli.replies import REPLIES_SCHEMA_FILE, REPLIES_SCHEMA_ID, Replies, read_replies, replies_schema
from pioneer_cli.review import read_review
from pioneer_cli.schema import committed_schema
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import Source, parse
from pioneer_cli.template_folder import find_template
from pioneer_cli.tree import words_of
from pioneer_cli.whereabouts import Whereabouts

PACKS = shipped_names("criteria")
FORMATS = ("pdf", "md", "docx", "html")
NOBODY = Panel(())


def panel_of(desk: Desk, *reviews: Content) -> Panel:
    judgements = []
    for review in reviews:
        source = parse(json.dumps(review, indent=2, ensure_ascii=False), f"{review['reviewer']}.yaml")
        model = read_review(source).model
        assert model is not None
        judgements.append(judgement(source, model, desk.source.sha256, desk.pack_sha256, desk.bid))
    return Panel(tuple(judgements), desk.texts)


@cache
def printed(name: str):
    with Press() as press:
        return press.typeset(desk_of(name).bid, measured="pages")


def assessed(desk: Desk, name: str, panel: Panel = NOBODY) -> Assessment:
    tree = desk.bid
    finish = look(desk.pack, tree, "submission", panel.settled)
    return finish(printed(name).typeset.pages(desk.pack.about.page_limit))


def asked_about(name: str, pack: str = PIONEERS) -> tuple[Question, ...]:
    return questions(assessed(desk_of(name, pack), name))


# --- Questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("pack", PACKS)
def test_each_gap_is_asked_about_once_gates_first_in_the_order_of_the_pack(name, pack):
    desk = desk_of(name, pack)
    found = assessed(desk, name)
    asked = questions(found)
    gaps = {gap.consideration.id for gap in found.gaps} | {gate.gate.id for gate in found.gates if gate.is_gap}
    assert [question.id for question in asked if question.id in gaps] == [q for q in asked_of(desk.pack) if q in gaps]
    assert [question.number for question in asked] == list(range(1, len(asked) + 1))
    assert {ground.rule for question in asked if question.criterion for ground in question.grounds} >= {
        gap.rule.id for gap in found.gaps
    }
    for question in asked:
        assert question.text == asked_of(desk.pack)[question.id]
        assert all((ground.rule, ground.authority, ground.claim, ground.remedy) for ground in question.grounds)
        assert question.grounds
        assert question.path == next((r.path for g in question.grounds for r in g.reasons), ())


def test_the_bids_give_rise_to_as_many_questions_as_they_have_gaps():
    assert len(asked_about("north-yorkshire")) == 26
    assert asked_about("exemplar") == ()


def test_what_waits_for_people_is_no_question_to_the_bidder():
    found = assessed(desk_of("exemplar"), "exemplar")
    assert any(f.rule.is_judged and f.outcome is Outcome.UNKNOWN for f in found.findings)
    assert questions(found) == ()


def test_what_reviewers_found_wanting_is_a_question_that_names_them():
    desk = desk_of("exemplar")
    asked = questions(assessed(desk, "exemplar", panel_of(desk, review_of(desk, answer="partly"))))
    assert len(asked) == 6
    for question in asked:
        (ground,) = question.grounds
        assert [reason.reason for reason in ground.reasons] == [f"r1: We talked about {ground.rule} and agree."]


def test_considerations_of_which_one_suffices_name_each_other():
    desk = desk_of("norfolk-2017")
    finish = look(desk.pack, empty_bid(), "draft")
    asked = {question.id: question for question in questions(finish(None))}
    assert (asked["C4a"].either, asked["C4b"].either, asked["C4c"].either) == (("C4b",), ("C4a",), ())


# --- Replies ---------------------------------------------------------------------------------------------------------

NAME = "north-yorkshire"


def annex(**changes: object) -> Content:
    desk = desk_of(NAME)
    content = {
        "bid": {"title": desk.bid["title"], "sha256": desk.source.sha256},
        "pack": {"name": PIONEERS, "sha256": desk.pack_sha256},
        "date": "2013-08-09",
        "replies": [
            {"question": "deadline", "reply": "It was sent on 27 June 2013.", "date": "2013-08-08"},
            {"question": "C1a", "reply": "See our **local** Narrative.", "accepted": True, "accepted_by": "r1"},
            {"question": "C1b", "reply": "We will see.", "accepted": False, "accepted_by": "r2"},
            {"question": "C1c"},
        ],
    }
    return content | changes


def source_of(content: object) -> Source:
    return parse(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "replies.yaml")


def model_of(content: object) -> Replies:
    found = read_replies(source_of(content))
    assert found.diagnostics == ()
    assert found.model is not None
    return found.model


def faults_of(content: object, bid: tuple[str, str] | None = None) -> list[tuple[str, int, str]]:
    """The code, the line and the message of each fault."""
    desk, source = desk_of(NAME), source_of(content)
    found = read_replies(source)
    faults = found.diagnostics
    if found.model is not None:
        about = bid or (str(desk.bid["title"]), desk.source.sha256)
        faults += check_replies(source, found.model, about, desk.pack, desk.pack_sha256, asked_about(NAME))
    return [(fault.code, fault.span.start.line, fault.message) for fault in faults]


def states(content: object, sha256: str | None = None) -> dict[str, str]:
    desk = desk_of(NAME)
    found = standings(asked_about(NAME), model_of(content), desk.pack, sha256 or desk.source.sha256)
    return {standing.id: standing.state for standing in found}


def test_a_reply_closes_nothing_until_a_reviewer_accepts_it():
    found = states(annex())
    assert [found[name] for name in ("deadline", "C1a", "C1b", "C1c", "C2a")] == [
        "answered", "closed", "not-accepted", "open", "open"
    ]  # fmt: skip
    assert len(found) == 26


def test_every_standing_names_the_reviewer_who_said_so():
    desk = desk_of(NAME)
    found = {s.id: s for s in standings(asked_about(NAME), model_of(annex()), desk.pack, desk.source.sha256)}
    assert found["C1a"].words == "closed: r1 accepted the reply"
    assert found["C1b"].words == "open: r2 asks for more"
    assert [found[name].is_closed for name in ("deadline", "C1a", "C1b", "C1c")] == [False, True, False, False]


def test_without_an_annex_every_question_is_open():
    desk = desk_of(NAME)
    found = standings(asked_about(NAME), None, desk.pack, desk.source.sha256)
    assert {standing.state for standing in found} == {"open"}


def test_a_gap_that_is_gone_from_a_changed_bid_counts_as_mended_and_from_the_same_bid_does_not():
    mended = annex(replies=[{"question": "page-limit"}, {"question": "C1a", "reply": "See the bid."}])
    assert "page-limit" not in states(mended)
    found = states(mended, "0" * 64)
    assert (found["page-limit"], found["C1a"]) == ("mended", "answered")
    assert list(found)[-1] == "page-limit"


def test_a_right_annex_has_no_fault():
    assert faults_of(annex()) == []
    assert faults_of(annex(date="2013-08", replies=[])) == []


@pytest.mark.parametrize(
    ("change", "code", "line", "message"),
    [
        ({"question": "C1e2"}, "unknown-question", 9, 'there is no question "C1e2"'),
        ({"question": "dedline"}, "unknown-question", 9, 'there is no question "dedline"'),
        ({"question": "page-limit"}, "not-asked", 9, "nothing is asked on page-limit"),
        ({"question": "C1a", "reply": " \n "}, "empty-reply", 10, "the reply to C1a is empty"),
        ({"question": "C1a", "reply": "Yes", "date": "2013-08-10"}, "date-not-in-order", 11,
         "this reply is of 10 August 2013, after the annex of 9 August 2013"),
        ({"question": "C1a", "reply": "Yes", "date": "10/8/2013"}, "wrong-when", 11, None),
        ({"question": "C1a", "reply": "Yes", "accepted": True}, "accepted-by-nobody", 11,
         "it is not said who accepted the reply to C1a"),
        ({"question": "C1a", "reply": "Yes", "accepted_by": "r1"}, "not-said-whether-accepted", 11, None),
        ({"question": "C1a", "accepted": True, "accepted_by": "r1"}, "accepted-without-reply", 10, None),
        ({"question": "C1a", "reply": "Yes", "accepted": "yes", "accepted_by": "r1"}, "wrong-value", 11, None),
        ({"question": "C1a", "reply": "A \u4e2d"}, "missing-character", 10, None),
        ({"question": "C1a", "replies": "Yes"}, "unknown-key", 10, "unknown key `replies`"),
    ],
)  # fmt: skip
def test_a_fault_of_a_reply_is_told_with_its_line(change, code, line, message):
    ((found, at, said),) = faults_of(annex(replies=[change]))
    assert (found, at) == (code, line)
    assert message in (None, said)


def test_a_question_replied_to_twice_is_told_with_the_line_of_the_first():
    ((code, line, message),) = faults_of(annex(replies=[{"question": "C1a"}, {"question": "C1a"}]))
    assert (code, line, message) == ("question-twice", 10, "C1a is replied to twice")


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        ({"bid": {"title": "Another bid", "sha256": "0" * 64}}, "other-bid", 2),
        ({"bid": {"title": desk_of(NAME).bid["title"], "sha256": "0" * 64}}, "bid-has-changed", 3),
        ({"pack": {"name": "small", "sha256": "0" * 64}}, "other-pack", 5),
        ({"pack": {"name": PIONEERS, "sha256": "0" * 64}}, "pack-has-changed", 6),
        ({"pack": {"name": PIONEERS, "sha256": "0"}}, "wrong-digest", 6),
        ({"date": "9 August"}, "wrong-when", 7),
        ({"date": None}, "missing-key", 7),
    ],
)
def test_an_annex_of_another_bid_or_pack_or_without_a_date_is_told(change, code, line):
    assert [(found, at) for found, at, _ in faults_of(annex(**change))] == [(code, line)]


def test_an_empty_annex_says_how_to_begin():
    (fault,) = read_replies(parse("", "replies.yaml")).diagnostics
    assert "--new-replies" in fault.hint


# --- The annex to fill in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("pack", PACKS)
def test_a_new_annex_has_every_question_and_is_right_once_it_is_dated(name, pack):
    desk, asked = desk_of(name, pack), asked_about(name, pack)
    text = new_replies(asked, desk.source, str(desk.bid["title"]), desk.pack, desk.pack_sha256)
    source = parse(text.replace("\ndate:", "\ndate: 2013-08-09"), "replies.yaml")
    found = read_replies(source)
    assert found.diagnostics == ()
    assert [reply.question for reply in found.model.replies] == [question.id for question in asked]
    about = (str(desk.bid["title"]), desk.source.sha256)
    assert check_replies(source, found.model, about, desk.pack, desk.pack_sha256, asked) == ()
    assert max(map(len, text.splitlines())) <= 100
    flat = re.sub(r"\s*\n  # *", " ", text)
    assert all(f"{question.number}. {' '.join(question.text.split())}" in flat for question in asked)


@pytest.mark.parametrize(
    "hostile", ["x\n- y", "a: b # c", '"', "\\", "'", "{{ 1 }}", "* &a !!b", "%", "\u00a0nbsp", "\t"]
)
def test_no_text_breaks_out_of_a_new_annex(hostile):
    desk = desk_of(NAME)
    (first, *_) = asked_about(NAME)
    text = new_replies([replace(first, text=hostile)], desk.source, f"Title {hostile}", desk.pack, desk.pack_sha256)
    found = read_replies(parse(text.replace("\ndate:", "\ndate: 2013-08-09"), "replies.yaml"))
    assert found.diagnostics == ()
    assert found.model.bid.title == " ".join(f"Title {hostile}".split())
    assert [reply.question for reply in found.model.replies] == [first.id]


# --- The schema ------------------------------------------------------------------------------------------------------


def test_the_committed_schema_is_what_the_models_give():
    """To renew it: `PIONEER_UPDATE_GOLDEN=1 python -m pytest tests/test_clarification.py`."""
    path = Path(pioneer_cli.__file__).parent / REPLIES_SCHEMA_FILE
    text = json.dumps(replies_schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("PIONEER_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert committed_schema(REPLIES_SCHEMA_FILE) == text
    assert replies_schema()["$id"] == REPLIES_SCHEMA_ID
    Draft202012Validator.check_schema(replies_schema())


@pytest.mark.parametrize(
    "change",
    [
        {}, {"date": None}, {"date": "2013-13"}, {"date": "2013-08"}, {"replies": None}, {"replies": [{}]}, {"x": 1},
        {"bid": {"title": "A"}}, {"replies": [{"question": "C1a", "accepted": "true"}]},
        {"replies": [{"question": "C1a", "accepted_by": "a b"}]}, {"pack": {"name": "a", "sha256": "A" * 64}},
    ],
)  # fmt: skip
def test_schema_and_models_agree(change):
    content = json.loads(json.dumps(annex(**change)))
    accepted = read_replies(parse(json.dumps(content), "replies.yaml")).model is not None
    assert Draft202012Validator(replies_schema()).is_valid(content) == accepted


# --- The letter ------------------------------------------------------------------------------------------------------


def letter_of(name: str, pack: str = PIONEERS, replies: Replies | None = None) -> Content:
    desk = desk_of(name, pack)
    standing = standings(asked_about(name, pack), replies, desk.pack, desk.source.sha256)
    places = Whereabouts(desk.source, printed(name))
    title = str(desk.bid["title"])
    return questions_letter(
        desk.source, title, desk.pack, desk.pack_sha256, "submission", standing, places, {}, replies
    )


def written(values: Content, form: str, template: str = "eoi") -> bytes:
    with Press(template, main=QUESTIONS) as press:
        return press.typeset(values).typeset.pdf if form == "pdf" else press.write(values, form)


def words_in(values: Content) -> str:
    tree = document(values, find_template("eoi"), main=QUESTIONS)
    return " ".join(" ".join(text.split()) for section in tree.sections for text in words_of(section.blocks))


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_of_each_bid_is_the_same_bytes_each_time(name, form):
    values = letter_of(name)
    first = written(values, form)
    assert first == written(letter_of(name), form)
    assert str(Path.cwd()).encode() not in first


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("pack", PACKS)
def test_every_question_stands_there_with_its_rules_and_what_would_help(name, pack):
    values = letter_of(name, pack)
    text = words_in(values)
    for question in asked_about(name, pack):
        assert f"{question.number}. {' '.join(question.text.split())}" in text
        for ground in question.grounds:
            assert f"{ground.rule} ({ground.authority}" in text
            assert " ".join(ground.remedy.replace("`", "").split()) in text
    assert desk_of(name, pack).source.sha256 in text
    assert desk_of(name, pack).pack_sha256 in text


@pytest.mark.parametrize("name", ["exemplar", NAME])
@pytest.mark.parametrize(("profile", "rules"), [("ua1", 100), ("2a", 139)])
def test_no_rule_of_accessibility_finds_a_fault(name, profile, rules):
    values = letter_of(name, replies=model_of(annex()) if name == NAME else None)
    pdf = written(values, "pdf")
    report = page.validate_pdf_bytes(pdf, profile=profile)
    assert report.rules.passed >= rules
    assert [fault.rule_id for fault in report.failures if fault.rule_id != "PDFA2A-STREAM-LENGTH-001"] == []
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert str(opened.docinfo.Title) == f"Clarification questions: {desk_of(name).bid['title']}"


def test_replies_stand_below_their_questions_with_how_they_stand():
    text = words_in(letter_of(NAME, replies=model_of(annex())))
    assert "It was sent on 27 June 2013." in text
    assert "See our local Narrative." in text
    assert "closed: r1 accepted the reply." in text
    assert "open: there is no reply yet." in text


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_replies_print_as_typed_in_every_format(form):
    texts = [text for text in HOSTILE if text.strip()]
    replies = [
        {"question": name, "reply": text} for name, text in zip(asked_of(desk_of(NAME).pack), texts, strict=False)
    ]
    values = letter_of(NAME, replies=model_of(annex(replies=replies)))
    assert written(values, form)


def test_a_hostile_title_and_question_print_as_typed():
    values = letter_of(NAME)
    for hostile in (text for text in HOSTILE if text == text.strip() and "\t" not in text):
        values["bid_title"] = hostile
        values["groups"][0]["questions"][0]["text"] = hostile
        assert f"1. {' '.join(hostile.split())}" in words_in(values)
        assert f"Bid {' '.join(hostile.split())} Call" in words_in(values)
    assert written(values, "pdf").startswith(b"%PDF")
