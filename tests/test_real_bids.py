"""The four real bids: rebuilt from public papers, valid, within the limit, and found strong and weak where they are."""

import re
from functools import cache

import pytest
from made_bids import ROOT, check_one

from pioneer_cli.assessment import Assessment, Outcome, Report, Verdict
from pioneer_cli.bid import Phase
from pioneer_cli.pipeline import Request

NORTH_LINCOLNSHIRE, NORTH_WEST_LONDON = "north-lincolnshire", "north-west-london"
NORTH_YORKSHIRE, NORFOLK = "north-yorkshire", "norfolk-2017"
SEEDS = {
    NORTH_LINCOLNSHIRE: {"003"},
    NORTH_WEST_LONDON: {"004"},
    NORTH_YORKSHIRE: {"000", "002"},
    NORFOLK: {"001"},
}
REAL = tuple(SEEDS)
MET, PARTLY, UNMET, UNKNOWN = Outcome.MET, Outcome.PARTLY, Outcome.UNMET, Outcome.UNKNOWN
SIFT_IN, LATER = Verdict.SIFT_IN, Verdict.LATER_COHORT


@cache
def report_on(name: str, phase: Phase = "submission") -> Report:
    return check_one(str(ROOT / "bids" / f"{name}.yaml"), Request(phase=phase))


def assessed(name: str, phase: Phase = "submission") -> Assessment:
    assessment = report_on(name, phase).assessment
    assert assessment is not None
    return assessment


def lines_of(name: str) -> list[str]:
    return (ROOT / "bids" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()


def rule_on(name: str, rule: str) -> tuple[Outcome, list[int], list[str]]:
    """What a rule or gate comes to, the lines where it falls short, and why."""
    found = [item for item in assessed(name).findings if item.rule.id == rule]
    found += [item for item in assessed(name).gates if item.gate.id == rule]  # type: ignore[misc]
    (only,) = found
    span = report_on(name).source.value_span
    lines = [span(fall.path).start.line for fall in only.shortfalls]
    return only.outcome, lines, [fall.reason for fall in only.shortfalls]


# --- The files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REAL)
def test_it_is_valid_without_a_word_of_warning(name: str) -> None:
    assert report_on(name).diagnostics == ()


@pytest.mark.parametrize(("name", "count"), list(zip(REAL, [6, 5, 4, 5], strict=True)))
def test_it_fits_into_ten_pages(name: str, count: int) -> None:
    pages = report_on(name).pages
    assert pages is not None
    assert (pages.count, pages.limit) == (count, 10)
    assert rule_on(name, "page-limit")[0] is MET


@pytest.mark.parametrize("name", REAL)
def test_it_says_that_it_is_a_reconstruction_and_not_what_was_sent(name: str) -> None:
    lines = lines_of(name)
    assert lines[0] == "# yaml-language-server: $schema=../pioneer_cli/bid.schema.json"
    above = "\n".join(lines[: lines.index("") + 12])
    assert "THIS IS A RECONSTRUCTION" in above or "THIS IS NOT A BID FOR THIS CALL" in above


CITATION = re.compile(r"#.*\bseed 00\d, \S", re.IGNORECASE)


def parts(lines: list[str]) -> dict[str, list[str]]:
    """The keys of the first and second rank, each with the comments straight above it and all that stands below it."""
    keys = [(index, line) for index, line in enumerate(lines) if re.match(r" {0,2}[a-z_]+:(?: |$)", line)]
    starts = [(index, len(line) - len(line.lstrip())) for index, line in keys]
    found = {}
    for place, (index, rank) in enumerate(starts):
        end = next((later for later, other in starts[place + 1 :] if other <= rank), len(lines))
        begin = index
        while begin > 0 and lines[begin - 1].lstrip().startswith("#"):
            begin -= 1
        found[lines[index].strip().partition(":")[0] + f"@{index + 1}"] = lines[begin:end]
    return found


@pytest.mark.parametrize("name", REAL)
def test_every_part_names_the_paragraphs_that_it_comes_from(name: str) -> None:
    found = parts(lines_of(name))
    assert len(found) >= 30
    silent = [key for key, lines in found.items() if not any(map(CITATION.search, lines))]
    assert [key.partition("@")[0] for key in silent] == ["call"]


@pytest.mark.parametrize("name", REAL)
def test_its_comments_cite_its_own_papers_and_often(name: str) -> None:
    cited = re.findall(r"seed (00\d)", "\n".join(lines_of(name)))
    assert set(cited) == SEEDS[name]
    assert len(cited) >= 60


@pytest.mark.parametrize("name", REAL)
def test_it_holds_no_way_to_reach_a_person(name: str) -> None:
    text = "\n".join(lines_of(name))
    assert not re.search(r"@|\b0\d{3,4}[ -]?\d{3}|\b(?:Mr|Mrs|Ms|Cllr|Councillor) [A-Z]", text)


# --- Verdict and levels ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "draft", "submission", "selection_end"),
    [
        (NORTH_LINCOLNSHIRE, SIFT_IN, SIFT_IN, SIFT_IN),
        (NORTH_WEST_LONDON, SIFT_IN, SIFT_IN, LATER),
        (NORTH_YORKSHIRE, SIFT_IN, SIFT_IN, LATER),
        (NORFOLK, SIFT_IN, SIFT_IN, LATER),
    ],
)
def test_the_verdict_of_each_phase(name: str, draft: Verdict, submission: Verdict, selection_end: Verdict) -> None:
    """Without a board's support an area is conditional at first and out at the end."""
    found = [assessed(name, phase).verdict for phase in ("draft", "submission", "selection-end")]
    assert found == [draft, submission, selection_end]


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        (NORTH_LINCOLNSHIRE, {"C1": (1, 1), "C2": (3, 3), "C3": (3, 3), "C4": (1, 2), "C5": (0, 0), "C6": (1, 1)}),
        (NORTH_WEST_LONDON, {"C1": (1, 1), "C2": (2, 3), "C3": (2, 2), "C4": (2, 3), "C5": (0, 0), "C6": (1, 1)}),
        (NORTH_YORKSHIRE, {"C1": (1, 1), "C2": (1, 1), "C3": (1, 2), "C4": (2, 2), "C5": (0, 0), "C6": (1, 1)}),
        (NORFOLK, {"C1": (1, 1), "C2": (2, 3), "C3": (1, 2), "C4": (2, 2), "C5": (0, 0), "C6": (1, 2)}),
    ],
)
def test_the_level_of_each_criterion(name: str, levels: dict[str, tuple[int, int]]) -> None:
    found = {item.criterion.id: (item.level_low.level, item.level_high.level) for item in assessed(name).criteria}
    assert found == levels


def test_the_blank_sheet_scores_least() -> None:
    assert min(REAL, key=lambda name: assessed(name).high) == NORTH_YORKSHIRE
    assert all(assessed(NORTH_YORKSHIRE).high < assessed(name).low for name in REAL if name != NORTH_YORKSHIRE)


# --- What the papers are known for -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rule", "outcome", "first_line"),
    [
        # Strong breadth and a board that agreed; few baselines, no savings figures, nothing on sharing.
        (NORTH_LINCOLNSHIRE, "health-and-wellbeing-board", MET, None),
        (NORTH_LINCOLNSHIRE, "boards-support-the-bid", MET, None),
        (NORTH_LINCOLNSHIRE, "providers-and-commissioners-are-partners", MET, None),
        (NORTH_LINCOLNSHIRE, "wider-partners-join-in", PARTLY, 143),
        (NORTH_LINCOLNSHIRE, "unpaid-contributions-are-described", MET, None),
        (NORTH_LINCOLNSHIRE, "caldicott-principles-are-addressed", MET, None),
        (NORTH_LINCOLNSHIRE, "milestones-are-dated-and-led", MET, None),
        (NORTH_LINCOLNSHIRE, "outcomes-have-baselines", UNMET, 115),
        (NORTH_LINCOLNSHIRE, "efficiencies-are-quantified", UNMET, 130),
        (NORTH_LINCOLNSHIRE, "dissemination-is-planned", UNMET, 16),
        (NORTH_LINCOLNSHIRE, "nothing-is-out-of-its-time", MET, None),
        # Co-design with service users and carers, phases with dates, pooled money; no board's decision on the bid.
        (NORTH_WEST_LONDON, "health-and-wellbeing-board", UNMET, 58),
        (NORTH_WEST_LONDON, "engagement-is-dated", MET, None),
        (NORTH_WEST_LONDON, "engagement-begins-soon", MET, None),
        (NORTH_WEST_LONDON, "work-begins-soon", MET, None),
        (NORTH_WEST_LONDON, "people-hold-some-control", MET, None),
        (NORTH_WEST_LONDON, "workstreams-have-leads", UNMET, 285),
        (NORTH_WEST_LONDON, "emergency-admission-claims-cite-evidence", UNMET, 105),
        (NORTH_WEST_LONDON, "funding-names-its-year-and-power", PARTLY, 361),
        (NORTH_WEST_LONDON, "nothing-is-out-of-its-time", MET, None),
        # Support in principle and no more, engagement a gap that is admitted, no cohorts, no risks.
        (NORTH_YORKSHIRE, "health-and-wellbeing-board", UNMET, 76),
        (NORTH_YORKSHIRE, "boards-support-the-bid", UNMET, 76),
        (NORTH_YORKSHIRE, "engagement-reaches-everyone", UNMET, 146),
        (NORTH_YORKSHIRE, "barriers-have-plans", PARTLY, 204),
        (NORTH_YORKSHIRE, "cohorts-have-a-size", UNMET, 118),
        (NORTH_YORKSHIRE, "risks-are-mitigated", UNMET, 184),
        (NORTH_YORKSHIRE, "nothing-is-out-of-its-time", MET, None),
        # Measured experience without a date, a track record, providers; and words of a later time.
        (NORFOLK, "health-and-wellbeing-board", UNMET, 16),
        (NORFOLK, "nothing-is-out-of-its-time", UNMET, 28),
        (NORFOLK, "work-begins-soon", UNMET, 319),
        (NORFOLK, "outcomes-have-measures", PARTLY, 127),
        (NORFOLK, "outcomes-have-baselines", PARTLY, 86),
        (NORFOLK, "emergency-admission-claims-cite-evidence", UNMET, 133),
        (NORFOLK, "provider-impact-is-managed", MET, None),
        (NORFOLK, "wider-partners-join-in", MET, None),
    ],
)
def test_what_the_paper_is_known_for_is_found(name: str, rule: str, outcome: Outcome, first_line: int | None) -> None:
    found, lines, _ = rule_on(name, rule)
    assert (found, lines[0] if lines else None) == (outcome, first_line)


def test_the_board_of_north_yorkshire_supports_the_bid_only_in_principle() -> None:
    _, _, reasons = rule_on(NORTH_YORKSHIRE, "health-and-wellbeing-board")
    assert reasons == ['it is "in-principle"', "nothing is stated"]


def test_the_anachronisms_of_norfolk_are_found_in_every_part_and_those_of_nobody_else() -> None:
    _, lines, reasons = rule_on(NORFOLK, "nothing-is-out-of-its-time")
    terms = {reason.removeprefix('it says "').rstrip('"') for reason in reasons}
    assert terms == {
        "sustainability and transformation", "Better Care Fund", "Five Year Forward View", "Care Act 2014", "vanguard",
    }  # fmt: skip
    assert len(lines) == 14
    others = [rule_on(name, "nothing-is-out-of-its-time")[0] for name in REAL if name != NORFOLK]
    assert others == [MET] * 3


def test_the_figures_of_the_papers_stand_in_the_bids() -> None:
    norfolk, london = ("\n".join(lines_of(name)) for name in (NORFOLK, NORTH_WEST_LONDON))
    assert re.findall(r"^ +value: (\d+)$", norfolk, re.MULTILINE) == ["92", "78", "76", "90", "79"]
    assert re.findall(r"^ +amount: (\S+)$", norfolk, re.MULTILINE) == ["£60.087m", "£6.368m", "£7.9m", "£7m"]
    assert re.findall(r"^ +amount: (\S+)$", london, re.MULTILINE) == ["£4.8m", "£15.8m"]


def test_people_are_still_needed_for_five_questions_on_each() -> None:
    for name in REAL:
        waiting = [item.rule.id for item in assessed(name).findings if item.outcome is UNKNOWN]
        assert waiting == [
            "vision-is-clear-and-innovative", "whole-system-plan-hangs-together", "commitment-runs-deep",
            "delivery-is-credible", "evidence-is-understood",
        ]  # fmt: skip


def test_the_table_of_the_case_studies_shows_these_scores_and_verdicts() -> None:
    text = (ROOT / "docs" / "case-studies.md").read_text(encoding="utf-8")
    rows = {cells[0]: cells[1:] for cells in (line.strip("| ").split(" | ") for line in text.splitlines())}
    places = (NORTH_LINCOLNSHIRE, NORTH_WEST_LONDON, NORTH_YORKSHIRE, NORFOLK)
    assert rows["score of 100"] == [f"{float(assessed(n).low):.1f}–{float(assessed(n).high):.1f}" for n in places]
    assert rows["at submission"] == [assessed(n).verdict for n in places]
    assert rows["at the end of selection"] == [assessed(n, "selection-end").verdict for n in places]
