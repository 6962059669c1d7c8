"""The letter to the bidder: whole or not at all, each statement with its author, no word that turns a reader away."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import get_args

import page
import pikepdf
import pytest
from made_bids import HOSTILE, REPO_BIDS
from made_reviews import PIONEERS, Content, desk_of, quote_from, review_of
from test_clarification import FORMATS, PACKS, assessed, panel_of, printed

from pioneer_cli.check_review import Desk
from pioneer_cli.clarification import questions, standings
from pioneer_cli.document import document
from pioneer_cli.feedback import (
    AVOIDED,
    LETTER,
    NEXT_STEPS,
    OUTCOMES,
    VERDICTS,
    Case,
    letter,
    missing,
    not_counted,
    per_cent,
    words_to_avoid,
)
from pioneer_cli.formats.word import PAGE_NOTE
from pioneer_cli.judgement import Panel
from pioneer_cli.press import Press
from pioneer_cli.quantities import parse_when
from pioneer_cli.review import VerdictWord
from pioneer_cli.template_folder import find_template
from pioneer_cli.tree import Heading, text_of, words_of
from pioneer_cli.whereabouts import Whereabouts

NAME = "north-yorkshire"
VERDICT_WORDS: tuple[VerdictWord, ...] = get_args(VerdictWord)
ANSWERS = ("met", "partly", "unmet")


def case_of(name: str, panel: Panel, pack: str = PIONEERS, **more: object) -> Case:
    desk = desk_of(name, pack)
    assessment = assessed(desk, name, panel)
    standing = standings(questions(assessment), None, desk.pack, desk.source.sha256)
    return Case(desk, assessment, panel, Whereabouts(desk.source, printed(name)), standing, **more)


def letter_of(name: str, *reviews: Content, pack: str = PIONEERS, **more: object) -> Content:
    return letter(case_of(name, panel_of(desk_of(name, pack), *reviews), pack, **more))


def words_in(values: Content, template: str = "eoi") -> str:
    tree = document(values, find_template(template), main=LETTER)
    return " ".join(" ".join(text.split()) for section in tree.sections for text in words_of(section.blocks))


def written(values: Content, form: str, template: str = "eoi") -> bytes:
    with Press(template, main=LETTER) as press:
        return press.typeset(values).typeset.pdf if form == "pdf" else press.write(values, form)


# --- What it says ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("pack", PACKS)
def test_every_criterion_has_its_title_weight_levels_level_reasons_quotes_and_sub_points(name, pack):
    desk = desk_of(name, pack)
    review = review_of(desk, level=3)
    values = letter_of(name, review, pack=pack)
    tree = document(values, find_template("eoi"), main=LETTER)
    sections = {section.id: section for section in tree.sections}
    for criterion, judged in zip(desk.pack.criteria, review["criteria"], strict=True):
        text = " ".join(" ".join(words.split()) for words in words_of(sections[criterion.id].blocks))
        level = next(found for found in desk.pack.about.levels if found.level == 3)
        for said in (
            f"{criterion.id}. {criterion.title}", "of the whole (house)", f"3: {level.descriptor}", judged["reasons"],
            f"“{judged['quotes'][0]}”", judged["strengths"][0], judged["weaknesses"][0],
            ", ".join(f"{found.level} {found.name}" for found in desk.pack.about.levels),
        ):  # fmt: skip
            assert " ".join(said.split()) in text
        for consideration in criterion.considerations:
            assert f"{consideration.id} {' '.join(consideration.asks.split())}" in text
            for rule in consideration.rules:
                assert rule.id in text or "does not apply" in text or not_applicable(name, pack, rule.id)


def not_applicable(name: str, pack: str, rule: str) -> bool:
    found = assessed(desk_of(name, pack), name)
    return next(finding.outcome == "not-applicable" for finding in found.findings if finding.rule.id == rule)


def test_the_weights_are_shares_of_the_whole():
    values = letter_of(NAME, review_of(desk_of(NAME)))
    weights = {criterion["id"]: criterion["weight"] for criterion in values["criteria"]}
    assert weights == {"C1": "20%", "C2": "20%", "C3": "20%", "C4": "20%", "C5": "5%", "C6": "15%"}
    assert per_cent(Fraction(100, 6)) == "16.7%"


def test_a_quote_has_the_page_and_the_line_where_it_stands():
    desk = desk_of("exemplar")
    values = letter_of("exemplar", review_of(desk))
    for criterion in values["criteria"]:
        (quote,) = criterion["quotes"]
        page_number, line = map(int, re.fullmatch(r"page (\d+), line (\d+)", quote["place"]).groups())
        assert 1 <= page_number <= 10
        around = " ".join(desk.source.line(line + more) for more in range(3))
        assert quote["text"] in " ".join(around.replace("*", "").split())


def test_reviewers_who_agree_are_both_named_and_what_was_agreed_goes_before():
    desk = desk_of("exemplar")
    first, second = review_of(desk, "r1", 4), review_of(desk, "r2", 3)
    agreed = review_of(desk, "panel", 3) | {"agreed": True, "questions": [], "recommendation": {}}
    values = letter_of("exemplar", first, second, agreed)
    assert {(criterion["level"], criterion["given_by"]) for criterion in values["criteria"]} == {(3, "panel")}
    assert [reason["by"] for reason in values["recommendation"]["reasons"]] == ["r1", "r2"]
    answers = [a["by"] for c in values["criteria"] for item in c["considerations"] for a in item["answers"]]
    assert answers == ["r1", "r2"] * 6
    both = letter_of("exemplar", first, review_of(desk, "r2", 4))
    assert {criterion["given_by"] for criterion in both["criteria"]} == {"r1, r2"}


@pytest.mark.parametrize("verdict", VERDICT_WORDS)
def test_next_steps_are_the_panel_s_or_follow_from_the_verdict(verdict):
    desk = desk_of(NAME)
    review = review_of(desk, verdict=verdict)
    derived = letter_of(NAME, review)
    texts = [step["text"] for step in derived["next_steps"]["steps"]]
    assert not derived["next_steps"]["by_panel"]
    assert len(texts) == 2
    assert texts[0] == NEXT_STEPS[verdict][0][0].replace("{publisher}", desk.pack.about.publisher)
    assert VERDICTS[verdict] in words_in(derived)
    assert len(derived["questions"]) == (26 if verdict == "sift-in" else 0)
    assert bool(derived["support"]) == (verdict != "meets-in-full")
    review["recommendation"]["next_steps"] = ["Send a plan", " "]
    named = letter_of(NAME, review)["next_steps"]
    assert (named["by_panel"], named["steps"]) == (True, [{"text": "Send a plan", "by": "r1"}])


def test_a_date_is_printed_when_it_is_given_and_no_line_is_left_blank_for_it():
    desk = desk_of(NAME)
    assert "Date 30 August 2013" in words_in(letter_of(NAME, review_of(desk), date=parse_when("2013-08-30")))
    assert "Date" not in words_in(letter_of(NAME, review_of(desk)))


def test_what_it_was_made_from_is_named_by_its_sha256():
    desk = desk_of(NAME)
    review = review_of(desk)
    values = letter_of(NAME, review)
    (source,) = [found.source.sha256 for found in panel_of(desk, review).counting]
    assert [part["sha256"] for part in values["made_from"]] == [desk.source.sha256, desk.pack_sha256, source]
    assert all(part["sha256"] in words_in(values) for part in values["made_from"])


# --- What is missing -------------------------------------------------------------------------------------------------


def lacks(*reviews: Content, name: str = "exemplar", desk: Desk | None = None) -> list[tuple[str, str, int]]:
    """The code, the file and the line of each item that a letter lacks; the file has one value a line."""
    found_desk = desk or desk_of(name)
    panel = panel_of(found_desk, *reviews)
    faults = missing(found_desk, assessed(desk_of(name), name, panel), panel)
    assert all(fault.message and fault.hint for fault in faults)
    return [(fault.code, fault.file, fault.span.start.line) for fault in faults]


def changed(change: Callable[[Content], object], reviewer: str = "r1") -> Content:
    review = review_of(desk_of("exemplar"), reviewer)
    change(review)
    return review


def test_nothing_is_missing_from_a_complete_review():
    assert lacks(changed(lambda review: None)) == []


MISSING: dict[str, tuple[Callable[[Content], object], list[str]]] = {
    "a level": (lambda review: review["criteria"][2].pop("level"), ["missing-level"]),
    "a criterion": (lambda review: review["criteria"].pop(), ["missing-level"]),
    "every level": (lambda review: review.pop("criteria"), ["missing-level"] * 6),
    "reasons": (lambda review: review["criteria"][1].pop("reasons"), ["missing-reasons"]),
    "reasons that say something": (lambda review: review["criteria"][1].update(reasons=" \n"), ["missing-reasons"]),
    "quotes": (lambda review: review["criteria"][0].pop("quotes"), ["missing-quote"]),
    "a quote of this bid": (
        lambda review: review["criteria"][0].update(quotes=["These words stand nowhere in it"]),
        ["quote-not-found"],
    ),
    "an answer": (lambda review: review["questions"][0].pop("answer"), ["missing-answer"]),
    "the questions": (lambda review: review.pop("questions"), ["missing-answer"] * 6),
    "a verdict": (lambda review: review["recommendation"].pop("verdict"), ["missing-verdict"]),
    "a reason for the verdict": (lambda review: review["recommendation"].pop("reason"), ["missing-reason"]),
    "the recommendation": (lambda review: review.pop("recommendation"), ["missing-verdict"]),
    "a review of this bid": (lambda review: review["bid"].update(sha256="0" * 64), ["does-not-count"]),
    "a review by this pack": (lambda review: review["pack"].update(sha256="0" * 64), ["does-not-count"]),
    "a reviewer without a conflict": (
        lambda review: review.update(conflicts=[{"organisation": "council"}]),
        ["does-not-count"],
    ),
}


@pytest.mark.parametrize("what", MISSING)
def test_a_missing_item_is_told_with_its_place_and_nothing_is_written(what):
    change, codes = MISSING[what]
    found = lacks(changed(change))
    assert [code for code, _, _ in found] == codes
    assert {file for _, file, _ in found} == {"r1.yaml"}
    with pytest.raises(ValueError, match=r"."):
        letter_of("exemplar", changed(change))


@pytest.mark.parametrize(
    ("what", "entry"),
    [("a level", '"criterion": "C3"'), ("reasons", '"criterion": "C2"'), ("quotes", '"criterion": "C1"'),
     ("an answer", '"question": "vision-is-clear-and-innovative"'), ("a verdict", '"recommendation": {')],
)  # fmt: skip
def test_it_is_told_at_the_line_of_its_entry(what, entry):
    review = changed(MISSING[what][0])
    ((_, _, line),) = lacks(review)
    (judgement,) = panel_of(desk_of("exemplar"), review).judgements
    assert entry in judgement.source.line(line) + judgement.source.line(line + 1)


def test_a_title_and_a_panel_are_needed():
    desk = desk_of("exemplar")
    untitled = replace(desk, bid={**desk.bid, "title": " "})
    assert ("missing-title", "bids/exemplar.yaml", 9) in lacks(review_of(desk), desk=untitled)
    assert lacks() == [("no-review", "bids/exemplar.yaml", 8)]
    with pytest.raises(ValueError, match="there is no review"):
        letter_of("exemplar")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda review: review["criteria"][3].update(level=2), "levels-differ"),
        (lambda review: review["questions"][3].update(answer="partly"), "answers-differ"),
        (lambda review: review["recommendation"].update(verdict="later-cohort"), "verdicts-differ"),
        (lambda review: review["recommendation"].pop("verdict"), "missing-verdict"),
    ],
)
def test_where_reviewers_differ_the_panel_has_to_agree(change, code):
    first, second = changed(lambda review: None), changed(change, "r2")
    assert [found for found, _, _ in lacks(first, second)] == [code]
    agreed = changed(lambda review: review.update(agreed=True), "panel")
    assert lacks(first, second, agreed) == []


def test_level_0_needs_no_quote_and_the_twin_does():
    for level, codes in ((0, []), (1, ["missing-quote"])):
        review = changed(lambda review, level=level: review["criteria"][0].update(level=level, quotes=[]))
        assert [code for code, _, _ in lacks(review)] == codes


def test_a_review_that_does_not_count_beside_one_that_does_is_told_of_and_left_out():
    stale = changed(lambda review: review["bid"].update(sha256="0" * 64), "r2")
    panel = panel_of(desk_of("exemplar"), changed(lambda review: None), stale)
    (warning,) = not_counted(panel)
    assert (warning.file, str(warning.severity)) == ("r2.yaml", "warning")
    assert "the bid has changed since" in warning.message
    assert letter(case_of("exemplar", panel))["reviewers"] == ["r1"]
    assert not_counted(panel_of(desk_of("exemplar"), changed(lambda review: None))) == ()


# --- Words -----------------------------------------------------------------------------------------------------------


def in_its_own_words(values: Content, desk: Desk) -> str:
    """The letter's words without those of the pack, whose levels, claims and reasons stand as the pack has them."""
    text = words_in(values)
    parts = [desk.pack.about, *desk.pack.criteria]
    for own in sorted((word for part in parts for word in texts_in(part.model_dump())), key=len, reverse=True):
        text = text.replace(" ".join(own.split()), "")
    return text


def texts_in(part: object) -> list[str]:
    if isinstance(part, str):
        return [part] if len(part) > 3 else []
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ()
    return [text for inner in inside for text in texts_in(inner)]


@pytest.mark.parametrize(("verdict", "level"), list(product(VERDICT_WORDS, range(6))))
@pytest.mark.parametrize("answer", ANSWERS)
def test_no_letter_uses_a_word_that_turns_its_reader_away(verdict, level, answer):
    for name in (NAME, "exemplar"):
        desk = desk_of(name)
        found = in_its_own_words(letter_of(name, review_of(desk, "r1", level, verdict, answer)), desk)
        assert len(found) > 1000
        assert AVOIDED.findall(found) == []


@pytest.mark.parametrize("pack", PACKS)
def test_no_letter_by_another_pack_does_either(pack):
    for verdict in VERDICT_WORDS:
        desk = desk_of("norfolk-2017", pack)
        values = letter_of("norfolk-2017", review_of(desk, verdict=verdict, level=1), pack=pack)
        assert AVOIDED.findall(in_its_own_words(values, desk)) == []


def test_neither_do_the_templates_nor_the_lists_of_words():
    contents = find_template("eoi").contents
    own = [contents[name].decode() for name in (LETTER, "questions.xml.jinja", "letter_parts.jinja")]
    steps = [text for found in NEXT_STEPS.values() for text, _ in found]
    for text in (*own, *VERDICTS.values(), *OUTCOMES.values(), *steps):
        assert AVOIDED.findall(text) == []


@pytest.mark.parametrize(
    "word", ["failed", "Failure", "poor", "POORLY", "rejected", "unsuccessful", "inadequate", "disappointing",
             "Unfortunately"],
)  # fmt: skip
def test_a_reviewer_s_own_such_word_is_told_with_its_line(word):
    review = changed(lambda review: review["criteria"][0].update(reasons=f"It is {word}, we find."))
    desk = desk_of("exemplar")
    (warning,) = words_to_avoid(panel_of(desk, review), desk.pack)
    assert (warning.code, str(warning.severity), warning.span.start.line) == ("word-to-avoid", "warning", 17)
    assert warning.message == f'r1 writes "{word}", which the letter prints as it stands'
    assert f"It is {word}, we find." in words_in(letter_of("exemplar", review))


@pytest.mark.parametrize("word", ["prevail", "spoor", "unfailing", "success", "adequate"])
def test_a_word_that_only_looks_like_one_is_left_alone(word):
    review = changed(lambda review: review["criteria"][0].update(reasons=f"It is {word}, we find."))
    desk = desk_of("exemplar")
    assert words_to_avoid(panel_of(desk, review), desk.pack) == ()


def test_words_that_are_not_printed_are_not_told_of():
    first = changed(lambda review: review["criteria"][0].update(reasons="A failure"))
    agreed = changed(lambda review: review.update(agreed=True), "panel")
    desk = desk_of("exemplar")
    assert words_to_avoid(panel_of(desk, first, agreed), desk.pack) == ()


# --- Formats ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_of_each_bid_is_the_same_bytes_each_time(name, form):
    review = review_of(desk_of(name), answer="partly")
    first = written(letter_of(name, review), form)
    assert first == written(letter_of(name, review), form)
    assert str(Path.cwd()).encode() not in first


@pytest.mark.parametrize("name", ["exemplar", NAME])
@pytest.mark.parametrize(("profile", "rules"), [("ua1", 100), ("2a", 139)])
def test_no_rule_of_accessibility_finds_a_fault(name, profile, rules):
    pdf = written(letter_of(name, review_of(desk_of(name)), date=parse_when("2013-08-30")), "pdf")
    report = page.validate_pdf_bytes(pdf, profile=profile)
    assert report.rules.passed >= rules
    assert [fault.rule_id for fault in report.failures if fault.rule_id != "PDFA2A-STREAM-LENGTH-001"] == []
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert str(opened.docinfo.Title) == f"Feedback: {desk_of(name).bid['title']}"
        assert len(opened.pages) >= 4


def test_headings_come_in_order_and_each_has_something_below_it():
    tree = document(letter_of(NAME, review_of(desk_of(NAME))), find_template("eoi"), main=LETTER)
    for section in tree.sections:
        for block, after in zip(section.blocks, [*section.blocks[1:], None], strict=True):
            if isinstance(block, Heading):
                assert after is not None, text_of(block.runs)
                assert not (isinstance(after, Heading) and after.level <= block.level), text_of(block.runs)


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_texts_of_reviewers_print_as_typed(form):
    texts = [" ".join(text.split()) for text in HOSTILE if text.strip()]
    desk = desk_of("exemplar")
    review = review_of(desk)
    review["criteria"][0].update(strengths=[f"Q{text}Q" for text in texts], reasons="\n\n".join(texts))
    review["recommendation"]["next_steps"] = texts
    review["questions"][0]["reason"] = "{{ 7*7 }} <script>#panic()"
    values = letter_of("exemplar", review)
    found = words_in(values)
    assert [text for text in texts if f"Q{text}Q." not in found] == []
    assert "{{ 7*7 }} <script>#panic()." in found
    content = written(values, form)
    assert content
    if form == "html":
        assert b"<script>#panic" not in content


def test_a_hostile_bid_prints_as_typed():
    desk = desk_of("exemplar")
    for title in ('#panic() "x" *a*', "{{ bid }} <b>&amp;", "\\u{41} $x$ [a](b)"):
        hostile = replace(desk, bid={**desk.bid, "title": title, "area": {**desk.bid["area"], "name": title}})
        case = replace(case_of("exemplar", panel_of(desk, review_of(desk))), desk=hostile)
        values = letter(case)
        assert f"Bid {title} Area {title} Call" in words_in(values)
        assert written(values, "pdf").startswith(b"%PDF")


# --- A template of one's own -----------------------------------------------------------------------------------------


def test_a_folder_with_only_a_letter_changes_its_words_and_keeps_the_rest(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "feedback.xml.jinja").write_text(
        '{% extends "eoi-feedback.xml.jinja" %}{% block front %}<p>To {{ letter.to }}:</p>{{ super() }}{% endblock %}',
        encoding="utf-8",
    )
    values = letter_of("exemplar", review_of(desk_of("exemplar")))
    text = words_in(values, str(own))
    assert text == f"To Wenbourne and Vale Council: {words_in(values)}"
    assert b"To Wenbourne" in written(values, "md", str(own))
    assert written(values, "pdf", str(own)).startswith(b"%PDF")


def test_the_quotes_of_made_reviews_stand_in_their_bids():
    assert all(quote_from(desk_of(name), "vision") for name in REPO_BIDS)


def test_a_letter_in_word_says_nothing_of_counted_pages():
    values = letter_of("exemplar", review_of(desk_of("exemplar")))
    with Press() as press:
        bid = press.write(desk_of("exemplar").bid, "docx")
    told = [PAGE_NOTE in word_text(content) for content in (bid, written(values, "docx"))]
    assert told == [True, False]


def word_text(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
