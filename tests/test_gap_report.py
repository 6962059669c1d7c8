"""What a gap report says of a bid, before any format: outcomes, places, reviewers, replies, coverage and readings."""

import json
import shutil
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
import yaml
from made_bids import REPO_BIDS, ROOT, Tree, check_one, empty_bid, pages_of, squeezed, typeset_repo_bid
from made_reviews import Content, desk_of, review_of, write_reviews

from pioneer_cli.assessment import Outcome, Verdict
from pioneer_cli.bid import LifeStage, NeedLevel, WorkforceSector
from pioneer_cli.errors import PioneerError
from pioneer_cli.gap_report import ConsiderationGaps, CriterionGaps, Gap, GapReport, Judged, Quoted, coverage
from pioneer_cli.pipeline import GapRequest, Gaps, Request, gaps
from pioneer_cli.reports.gaps_words import coverage_picture, other_questions, readings
from pioneer_cli.review import CriterionJudgement
from pioneer_cli.shipped import shipped_names

PACKS = shipped_names("criteria")
EXAMPLES = ROOT / "docs" / "examples"
BID_AND_PACK = [(name, "pioneers-2013") for name in REPO_BIDS] + [
    (name, pack) for name in ("exemplar", "norfolk-2017") for pack in PACKS if pack != "pioneers-2013"
]
SETTLED = {"C1": 5, "C2": 4, "C3": 4, "C4": 4, "C5": 4, "C6": 5}  # by panel.yaml, or by both where it is silent


@cache
def made(name: str, pack: str | None = None, reviews: str | None = None, replies: str | None = None) -> Gaps:
    path = name if name.endswith(".yaml") else str(ROOT / "bids" / f"{name}.yaml")
    return gaps(path, GapRequest(pack=pack, reviews=reviews, replies=replies))


def report_of(
    name: str, pack: str | None = None, reviews: Path | None = None, replies: Path | None = None
) -> GapReport:
    found = made(name, pack, str(reviews) if reviews else None, str(replies) if replies else None)
    assert found.report is not None, found.faults
    return found.report


def reviewed(folder: Path, *names: str) -> GapReport:
    """The exemplar with some of the example reviews."""
    for name in names:
        (folder / "exemplar").mkdir(exist_ok=True)
        shutil.copy(EXAMPLES / "reviews" / "exemplar" / f"{name}.yaml", folder / "exemplar")
    return report_of("exemplar", reviews=folder)


def with_review(folder: Path, *reviews: Content) -> GapReport:
    return report_of("exemplar", reviews=write_reviews(folder / "exemplar", *reviews).parent)


def considerations(report: GapReport) -> list[ConsiderationGaps]:
    return [item for found in report.criteria for item in found.considerations]


def all_gaps(report: GapReport) -> list[Gap]:
    return [gap for item in considerations(report) for gap in item.gaps]


def questions_for_people(report: GapReport) -> dict[str, Judged]:
    return {judged.finding.rule.id: judged for item in considerations(report) for judged in item.judged}


def outcomes(report: GapReport) -> dict[str, Outcome]:
    return {item.score.consideration.id: item.score.outcome for item in considerations(report)}


def criterion(report: GapReport, code: str) -> CriterionGaps:
    (found,) = [found for found in report.criteria if found.score.criterion.id == code]
    return found


def is_open(found: CriterionGaps) -> bool:
    return found.score.low < found.score.high


def quotes(report: GapReport) -> list[Quoted]:
    """Everything in a report that has words and a place."""
    heard = [item.heard for item in considerations(report) if item.heard] + [item.heard for item in report.expected]
    return [
        *(found for gap in all_gaps(report) for found in gap.missing),
        *(found for gate in report.gates for found in gate.missing),
        *(found for item in heard for found in item.passages),
        *(found for line in report.ledger for found in line.places),
        *(found for item in report.differing for found in item.places),
        *(found for reading in readings(report).values() for found in reading),
    ]


# --- What is in it ---------------------------------------------------------------------------------------------------


def test_all_bids_and_packs_are_looked_at():
    assert len(REPO_BIDS) == 5
    assert len(PACKS) >= 5
    assert len(BID_AND_PACK) == len(REPO_BIDS) + 2 * (len(PACKS) - 1)


@pytest.mark.parametrize(("name", "pack"), BID_AND_PACK)
def test_without_reviews_it_says_what_a_check_says(name, pack):
    report = report_of(name, pack)
    checked = check_one(str(ROOT / "bids" / f"{name}.yaml"), Request(packs=(pack,)))
    assert checked.assessment is not None
    assert report.assessment == checked.assessment
    assert report.pages == checked.pages
    assert outcomes(report) == {
        item.consideration.id: item.outcome for found in checked.assessment.criteria for item in found.considerations
    }
    assert report.panel.judgements == ()
    assert sum(report.count(outcome) for outcome in Outcome) == len(outcomes(report)) >= 10


@pytest.mark.parametrize(("name", "pack"), BID_AND_PACK)
def test_every_criterion_consideration_and_gate_of_the_pack_is_in_it_in_order(name, pack):
    report = report_of(name, pack)
    assert [found.score.criterion for found in report.criteria] == list(report.pack.criteria)
    assert list(outcomes(report)) == [item.id for found in report.pack.criteria for item in found.considerations]
    assert [found.result.gate for found in report.gates] == list(report.pack.about.gates)
    assert len(report.gates) >= 1


@pytest.mark.parametrize(("name", "pack"), BID_AND_PACK)
def test_every_finding_is_met_missing_or_for_people_and_stands_under_its_consideration(name, pack):
    report = report_of(name, pack)
    told: list[str] = []
    for item in considerations(report):
        found = [*item.met, *(gap.finding for gap in item.gaps), *(judged.finding for judged in item.judged)]
        assert {finding.consideration.id for finding in found} <= {item.score.consideration.id}
        told += [finding.rule.id for finding in found]
    rest = [finding for finding in report.assessment.findings if finding.rule.id not in told]
    assert len(told) == len(set(told)) >= 15
    assert {finding.outcome for finding in rest} <= {Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize("name", REPO_BIDS)
def test_a_gap_says_why_where_what_helps_and_what_it_gains(name):
    report = report_of(name)
    lines = report.source.text.count("\n") + 1
    offers = {offer.id: offer for offer in report.pack.about.offers}
    for gap in all_gaps(report):
        rule = gap.finding.rule
        assert [found.remark for found in gap.missing], rule.id
        assert all(found.remark and 1 <= found.spot.line <= lines for found in gap.missing)
        assert gap.gain == report.assessment.gains[rule.id] >= 0
        assert gap.offer is (offers[rule.support] if rule.support else None)
        assert rule.remedy
    assert (len(all_gaps(report)) == 0) is (name == "exemplar")


@pytest.mark.parametrize("name", REPO_BIDS)
def test_every_line_and_page_is_one_that_there_is(name):
    report = report_of(name)
    lines = report.source.text.split("\n")
    assert len(quotes(report)) >= 40
    for found in quotes(report):
        spot = found.spot
        assert len(lines[spot.line - 1]) >= spot.column - 1 >= 0
        assert (spot.first_page is None) is (spot.last_page is None)
        if spot.first_page is not None:
            assert 1 <= spot.first_page <= spot.last_page <= report.pages.count


@pytest.mark.parametrize("name", REPO_BIDS)
def test_words_stand_in_the_line_that_is_told(name):
    """A sentence whose first words a line break divides has the place where its text begins, and those are few."""
    report = report_of(name)
    lines = report.source.text.split("\n")
    checked, divided = 0, []
    for found in quotes(report):
        if found.text.strip():
            first = found.text.split()[0]
            checked += 1
            if not lines[found.spot.line - 1][found.spot.column - 1 :].startswith(first):
                divided.append(found)
    assert checked >= 25
    assert len(divided) <= checked // 20
    for found in divided:
        begins = report.source.value_span(found.spot.path).start
        assert (found.spot.line, found.spot.column) == (begins.line, begins.column)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_words_stand_on_the_page_that_is_told(name):
    pages = pages_of(typeset_repo_bid(name).pdf)
    checked = 0
    for found in quotes(report_of(name)):
        if found.text.strip() and found.spot.first_page:
            there = "".join(pages[found.spot.first_page - 1 : found.spot.last_page])
            assert squeezed(" ".join(found.text.split()[:3])).replace("*", "") in there, found
            checked += 1
    assert checked >= 20


BY_HAND = [
    ("exemplar", "ledger", "£150,000", 308, "amount"),
    ("exemplar", "ledger", "£220,000", 300, "amount"),
    ("exemplar", "ledger", "2016", 418, "the 2016 targets"),
    ("exemplar", "ledger", "2017", 833, "By 2017 about 250 fewer emergency admissions"),
    ("north-lincolnshire", "ledger", "3 workstreams", 42, "lead all three workstreams"),
    ("north-lincolnshire", "ledger", "3 workstreams", 227, "Partners with a stake in the three workstreams"),
    ("north-lincolnshire", "ledger", "3 groups", 30, "Its priorities are three groups"),
    ("north-lincolnshire", "ledger", "January 2015", 469, "2015-01"),
    ("north-lincolnshire", "partners-named-nowhere", "", 51, "Humberside Police"),
    ("north-lincolnshire", "partners-named-nowhere", "", 68, "Humberside Probation"),
    ("north-lincolnshire", "claims-without-evidence", "", 130, "Early and decisive"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "where", "shown", "line", "words"), BY_HAND)
def test_lines_that_were_looked_up_by_hand(name, where, shown, line, words):
    report = report_of(name)
    if where == "ledger":
        places = [found for entry in report.ledger if entry.shown == shown for found in entry.places]
    else:
        places = list(readings(report)[where])
    assert line in [found.spot.line for found in places]
    assert words in report.source.text.split("\n")[line - 1]


def test_figures_that_differ_are_told_with_both_lines(tmp_path):
    text = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
    said = "5,200 people"
    assert text.count(said) >= 2
    place = text.index(said)
    changed = text[:place] + "5,900 people" + text[place + len(said) :]
    (tmp_path / "bid.yaml").write_text(changed, encoding="utf-8")
    report = report_of(str(tmp_path / "bid.yaml"))
    assert report_of("exemplar").differing == ()
    (found,) = [found for found in report.differing if any("5,900" in place.remark for place in found.places)]
    lines = changed.split("\n")
    assert {place.remark for place in found.places} == {"5,200", "5,900"}
    for place in found.places:
        near = " ".join(lines[place.spot.line - 1 : place.spot.line + 2])
        assert place.remark in near, place


def test_every_name_of_a_file_is_without_its_folder_and_every_digest_is_that_of_the_file():
    report = report_of("exemplar", reviews=EXAMPLES / "reviews", replies=EXAMPLES / "replies.yaml")
    assert list(report.digests) == [
        "bid exemplar.yaml", "pack pioneers-2013", "reading of pioneers-2013", "review panel", "review r1", "review r2",
        "replies replies.yaml",
    ]  # fmt: skip
    files = {
        "bid exemplar.yaml": ROOT / "bids" / "exemplar.yaml",
        "review r1": EXAMPLES / "reviews" / "exemplar" / "r1.yaml",
        "replies replies.yaml": EXAMPLES / "replies.yaml",
    }
    for name, path in files.items():
        assert report.digests[name] == sha256(path.read_bytes()).hexdigest()


def test_a_bid_that_cannot_be_judged_has_no_report_and_says_why(tmp_path):
    (tmp_path / "bid.yaml").write_text("call: pioneers-2013\ntitel: A bid\n", encoding="utf-8")
    found = gaps(str(tmp_path / "bid.yaml"), GapRequest())
    assert found.report is None
    ((source, faults),) = found.faults
    assert source.name == str(tmp_path / "bid.yaml")
    assert ("unknown-key", 2) in {(fault.code, fault.span.start.line) for fault in faults}


# --- Reading words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_without_a_reading_says_nothing_of_words(pack):
    report = report_of("norfolk-2017", pack)
    has_reading = (ROOT / "criteria" / pack / "reading.yaml").is_file()
    assert has_reading is (pack == "pioneers-2013")
    assert (f"reading of {pack}" in report.digests) is has_reading
    assert any(item.heard for item in considerations(report)) is has_reading
    assert bool(report.expected) is has_reading
    assert bool(report.anachronisms) is has_reading
    assert report.ledger  # figures need no reading


def test_what_is_expected_rests_on_the_outcomes_of_its_considerations():
    report = report_of("north-lincolnshire")
    assert len(report.expected) == 8
    told = outcomes(report)
    for found in report.expected:
        assert [item.consideration.id for item in found.considerations] == list(found.expectation.considerations)
        assert all(item.outcome is told[item.consideration.id] for item in found.considerations)


def test_readings_bear_on_no_score():
    report = report_of("norfolk-2017")
    assert len(report.anachronisms) >= 10
    checked = check_one(str(ROOT / "bids" / "norfolk-2017.yaml"), Request())
    assert checked.assessment is not None
    assert (report.assessment.low, report.assessment.high) == (checked.assessment.low, checked.assessment.high)


# --- Coverage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_coverage_counts_what_the_file_states(name):
    content = yaml.safe_load((ROOT / "bids" / f"{name}.yaml").read_text(encoding="utf-8"))
    stated = content.get("whole_system", {}).get("coverage", [])
    cells = {(cell["life_stage"], cell["need"], cell["sector"]) for cell in stated}
    found = report_of(name).coverage
    assert found.covered == len(cells)
    assert found.of == len(get_args(LifeStage)) * len(get_args(NeedLevel)) * len(get_args(WorkforceSector)) == 90
    assert {(stage, need, sector) for (stage, need), sectors in found.cells.items() for sector in sectors} == cells


def test_some_bids_state_a_coverage_and_some_do_not():
    counts = {name: report_of(name).coverage.covered for name in REPO_BIDS}
    assert counts == {
        "exemplar": 7, "north-lincolnshire": 30, "north-west-london": 0, "north-yorkshire": 0, "norfolk-2017": 0,
    }  # fmt: skip


def bid_that_covers(*cells: tuple[str, str, str]) -> Tree:
    stated = [{"life_stage": stage, "need": need, "sector": sector} for stage, need, sector in cells]
    return {"whole_system": {"coverage": stated}}


@pytest.mark.parametrize(
    ("cells", "covered"),
    [
        ((), 0),
        ((("ageing", "targeted", "public"),), 1),
        ((("ageing", "targeted", "public"), ("ageing", "targeted", "voluntary-paid")), 2),
        ((("ageing", "targeted", "public"), ("living", "targeted", "public")), 2),
        ((("ageing", "targeted", "public"), ("ageing", "targeted", "public")), 1),
    ],
)
def test_a_cell_counts_once(cells, covered):
    found = coverage(bid_that_covers(*cells))
    assert found.covered == covered
    *_, grid = coverage_picture(found).values
    assert sum(square for stage in grid for need in stage for square in need) == covered
    assert f"{covered} of 90 cells" in coverage_picture(found).alt


def test_sectors_are_told_in_the_order_of_the_schema():
    found = coverage(bid_that_covers(("ageing", "targeted", "voluntary-paid"), ("ageing", "targeted", "public")))
    assert found.cells["ageing", "targeted"] == ("public", "voluntary-paid")


# --- Reviewers -------------------------------------------------------------------------------------------------------


def test_without_reviews_six_questions_keep_their_ranges_open():
    report = report_of("exemplar")
    assert [found.score.criterion.id for found in report.criteria if is_open(found)] == list(SETTLED)
    assert report.count(Outcome.UNKNOWN) == 6
    assert all(judged.answers == () for judged in questions_for_people(report).values())
    assert (report.assessment.verdict, report.assessment.best_verdict) == (Verdict.SIFT_IN, Verdict.MEETS_IN_FULL)


def test_answers_close_the_range_where_reviewers_agree_and_leave_it_open_where_they_differ(tmp_path):
    report = reviewed(tmp_path, "r1", "r2")
    assert [found.score.criterion.id for found in report.criteria if is_open(found)] == ["C4"]
    assert {name for name, judged in questions_for_people(report).items() if judged.differ} == {"delivery-is-credible"}
    (unknown,) = [code for code, outcome in outcomes(report).items() if outcome is Outcome.UNKNOWN]
    assert unknown == "C4c"


def test_what_was_agreed_settles_what_reviewers_differ_on(tmp_path):
    report = reviewed(tmp_path, "r1", "r2", "panel")
    assert not any(map(is_open, report.criteria))
    assert outcomes(report)["C4c"] is Outcome.PARTLY
    assert report.count(Outcome.UNKNOWN) == 0
    judged = questions_for_people(report)["delivery-is-credible"]
    assert [(name, answer.answer) for name, answer in judged.answers] == [
        ("panel", "partly"), ("r1", "met"), ("r2", "partly"),
    ]  # fmt: skip
    assert judged.finding.outcome is Outcome.PARTLY


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_one_reviewer_alone_closes_every_range(tmp_path, name):
    report = reviewed(tmp_path, name)
    assert not any(map(is_open, report.criteria))
    assert not any(judged.differ for judged in questions_for_people(report).values())


def test_levels_are_those_of_the_files_whatever_the_machine_says(tmp_path):
    report = reviewed(tmp_path, "r1", "r2", "panel")
    given: dict[str, dict[str, int]] = {}
    for path in sorted((EXAMPLES / "reviews" / "exemplar").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for judged in content["criteria"]:
            given.setdefault(judged["criterion"], {})[content["reviewer"]] = judged["level"]
    told = {
        found.score.criterion.id: {name: judged.level for name, judged in found.levels} for found in report.criteria
    }
    assert told == given
    assert sum(map(len, told.values())) == 15
    assert {found.score.criterion.id: found.agreed for found in report.criteria} == SETTLED
    assert [found.score.criterion.id for found in report.criteria if not found.differ] == ["C6"]


@pytest.mark.parametrize("level", [0, 5])
def test_a_level_that_a_person_gave_moves_no_score_and_no_score_moves_it(tmp_path, level):
    review = review_of(desk_of("exemplar"), level=level) | {"questions": []}
    report = with_review(tmp_path, review)
    assert [judged.level for found in report.criteria for _, judged in found.levels] == [level] * 6
    assert report.assessment == report_of("exemplar").assessment


def test_an_unanswered_question_raises_no_score(tmp_path):
    open_ = report_of("exemplar").assessment
    for number, answer in enumerate(("met", "partly", "unmet")):
        review = review_of(desk_of("exemplar"), answer=answer)
        review["questions"] = [found for found in review["questions"] if found["question"] == "sharing-is-generous"]
        report = with_review(tmp_path / str(number), review)
        for found, before in zip(report.criteria, open_.criteria, strict=True):
            if found.score.criterion.id == "C5":
                assert not is_open(found)
                assert before.low <= found.score.low == found.score.high <= before.high
            else:
                assert (found.score.low, found.score.high) == (before.low, before.high)
        assert report.count(Outcome.UNKNOWN) == 5


@pytest.mark.parametrize(("answer", "bound"), [("met", "high"), ("unmet", "low")])
def test_the_answers_reach_the_bounds_that_stood_open(tmp_path, answer, bound):
    before = report_of("exemplar").assessment
    report = with_review(tmp_path, review_of(desk_of("exemplar"), answer=answer))
    assert report.assessment.low == report.assessment.high == getattr(before, bound)
    assert report.assessment.low != Fraction(0)


@pytest.mark.parametrize(
    ("levels", "differ"), [((), False), ((4,), False), ((5, 5), False), ((4, 5), True), ((3,), True), ((0, 5), True)]
)
def test_reviewers_differ_among_themselves_or_from_the_machine(levels, differ):
    bare = criterion(report_of("exemplar"), "C4")
    assert (bare.score.level_low.level, bare.score.level_high.level) == (4, 5)
    given = ((f"r{number}", CriterionJudgement(criterion="C4", level=level)) for number, level in enumerate(levels))
    assert bare._replace(levels=tuple(given)).differ is differ


# --- Reviews that do not count ---------------------------------------------------------------------------------------


def counts_for_nothing(report: GapReport, name: str = "exemplar") -> None:
    assert report.panel.counting == ()
    assert all(found.levels == () and found.agreed is None for found in report.criteria)
    assert all(judged.answers == () for judged in questions_for_people(report).values())
    bare = report_of(name).assessment
    assert (report.assessment.low, report.assessment.high) == (bare.low, bare.high)
    assert report.assessment.verdict is bare.verdict


def test_reviews_of_a_bid_that_changed_by_one_byte_do_not_count_and_it_is_said(tmp_path):
    content = (ROOT / "bids" / "exemplar.yaml").read_bytes()
    place = content.index(b"# A complete example")
    changed = content[:place] + b"#-A complete example" + content[place + 20 :]
    assert len(changed) == len(content)
    (tmp_path / "exemplar.yaml").write_bytes(changed)
    report = report_of(str(tmp_path / "exemplar.yaml"), reviews=EXAMPLES / "reviews")
    counts_for_nothing(report)
    assert {found.reviewer: found.why_not for found in report.panel.judgements} == dict.fromkeys(
        ("panel", "r1", "r2"), "the bid has changed since"
    )


def test_reviews_of_a_pack_that_changed_do_not_count(tmp_path):
    review = review_of(desk_of("exemplar"))
    review["pack"]["sha256"] = "0" * 64
    report = with_review(tmp_path, review)
    counts_for_nothing(report)
    assert [found.why_not for found in report.panel.judgements] == ["the criteria pack has changed since"]


def in_conflict(organisation: str) -> Content:
    review = review_of(desk_of("exemplar"), "r3")
    empty = {"criteria": [], "questions": [], "recommendation": {}}
    return review | empty | {"conflicts": [{"organisation": organisation, "interest": "A member of its board"}]}


def test_a_reviewer_in_conflict_does_not_count_and_the_others_do(tmp_path):
    report = with_review(tmp_path, in_conflict("hospital"), review_of(desk_of("exemplar"), "r1"))
    why = {found.reviewer: found.why_not for found in report.panel.judgements}
    assert why["r3"] == "its reviewer has a conflict of interest with Wenbourne Hospitals NHS Foundation Trust"
    assert [found.reviewer for found in report.panel.counting] == ["r1"]
    assert not any(map(is_open, report.criteria))


def test_a_conflict_with_somebody_else_changes_nothing(tmp_path):
    review = review_of(desk_of("exemplar"))
    review["conflicts"] = [{"organisation": "A theatre in another county", "interest": "A season ticket"}]
    assert [found.reviewer for found in with_review(tmp_path, review).panel.counting] == ["r1"]


def test_a_review_with_a_fault_leaves_no_report_and_is_told_with_its_line(tmp_path):
    review = review_of(desk_of("exemplar"))
    review["criteria"][0]["quotes"] = ["words that nobody wrote into any bid"]
    folder = write_reviews(tmp_path / "exemplar", review)
    found = gaps(str(ROOT / "bids" / "exemplar.yaml"), GapRequest(reviews=str(tmp_path)))
    assert found.report is None
    told = [(source.name, fault.code) for source, faults in found.faults for fault in faults]
    assert told == [((folder / "r1.yaml").as_posix(), "not-in-the-bid")]


def test_a_folder_without_a_review_is_an_error(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(PioneerError):
            gaps(str(ROOT / "bids" / "exemplar.yaml"), GapRequest(reviews=str(folder)))


# --- Questions and replies -------------------------------------------------------------------------------------------


def test_every_gap_is_asked_about_and_nothing_else_is():
    asked = {}
    for name in REPO_BIDS:
        report = report_of(name)
        asked[name] = len(report.standings)
        for item in considerations(report):
            assert (item.standing is not None) is bool(item.gaps), item.score.consideration.id
        for gate in report.gates:
            assert (gate.standing is not None) is gate.result.is_gap
        numbers = [found.question.number for found in report.standings if found.question]
        assert numbers == list(range(1, len(numbers) + 1))
    assert asked["exemplar"] == 0
    assert min(count for name, count in asked.items() if name != "exemplar") >= 15


def test_the_question_of_a_gate_is_told_beside_those_of_considerations():
    assert other_questions(report_of("north-lincolnshire")) == {"deadline": "1. On what day was the bid sent?"}
    assert other_questions(report_of("exemplar")) == {}


def standing_of(report: GapReport, code: str):
    (found,) = [item.standing for item in considerations(report) if item.score.consideration.id == code]
    return found


def replies(path: Path, reply: Mapping[str, object], **changes: object) -> Path:
    """The example's annex with another reply, in which None takes a key out."""
    content = yaml.safe_load((EXAMPLES / "replies.yaml").read_text(encoding="utf-8"))
    (given,) = content["replies"]
    content["replies"] = [{key: value for key, value in {**given, **reply}.items() if value is not None}]
    path.write_text(json.dumps(content | changes, default=str), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("reply", "closed", "words"),
    [
        ({}, True, "closed: r2 accepted the reply"),
        ({"accepted": False}, False, "open: r2 asks for more"),
        ({"accepted": None, "accepted_by": None}, False, "open: there is a reply, which no reviewer has judged yet"),
        ({"reply": None, "accepted": None, "accepted_by": None, "date": None}, False, "open: there is no reply yet"),
    ],
)
def test_a_question_stands_as_its_reply_says(tmp_path, reply, closed, words):
    path = replies(tmp_path / "replies.yaml", reply)
    report = report_of("exemplar", reviews=EXAMPLES / "reviews", replies=path)
    found = standing_of(report, "C4c")
    assert (found.is_closed, found.words) == (closed, words)
    assert [found.id for found in report.standings] == ["C4c"]


def test_a_reply_moves_no_score():
    asked = report_of("exemplar", reviews=EXAMPLES / "reviews")
    closed = report_of("exemplar", reviews=EXAMPLES / "reviews", replies=EXAMPLES / "replies.yaml")
    assert standing_of(closed, "C4c").is_closed
    assert not standing_of(asked, "C4c").is_closed
    assert closed.assessment == asked.assessment


def test_a_question_whose_gap_is_gone_from_a_changed_bid_is_told_as_mended(tmp_path):
    content = yaml.safe_load((EXAMPLES / "replies.yaml").read_text(encoding="utf-8"))
    path = replies(tmp_path / "replies.yaml", {}, bid=content["bid"] | {"sha256": "0" * 64})
    report = report_of("exemplar", replies=path)
    (found,) = report.standings
    assert (found.id, found.state, found.is_closed) == ("C4c", "mended", True)
    assert f"({found.words}) Reply: “" in other_questions(report)["C4c"]


def test_replies_to_another_bid_leave_no_report():
    path = EXAMPLES / "replies.yaml"
    found = made("norfolk-2017", replies=str(path))
    assert found.report is None
    assert [fault.code for source, faults in found.faults for fault in faults if source.name == str(path)][:1] == [
        "other-bid"
    ]


# --- The least there can be ------------------------------------------------------------------------------------------


def test_an_almost_empty_bid_has_a_report_with_nothing_met(tmp_path):
    text = "call: pioneers-2013\ntitle: A title\narea:\n  name: An area\n"
    (tmp_path / "bid.yaml").write_text(text, encoding="utf-8")
    report = report_of(str(tmp_path / "bid.yaml"))
    assert report.count(Outcome.MET) == 0
    assert report.assessment.low == 0
    assert report.assessment.verdict is Verdict.LATER_COHORT
    assert (report.ledger, report.differing, report.coverage.covered) == ((), (), 0)
    assert all(item.rows for item in considerations(report))
    assert coverage(empty_bid()).covered == 0


def test_the_same_files_give_the_same_report():
    first, second = (gaps(str(ROOT / "bids" / "north-lincolnshire.yaml"), GapRequest()).report for _ in range(2))
    assert first is not None
    assert second is not None
    for part in ("title", "digests", "assessment", "pages", "criteria", "gates", "ledger", "claims", "standings"):
        assert getattr(first, part) == getattr(second, part), part
