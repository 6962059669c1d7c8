"""Where the pages go: sections and headings add up and begin where the PDF says; measuring changes no layout."""

from fractions import Fraction
from functools import cache

import pytest
from made_bids import REPO_BIDS, pages_of, repo_bid, squeezed

from pioneer_cli.load_pack import load_pack
from pioneer_cli.page_use import PageUse, page_use
from pioneer_cli.press import Press, Printed

PACK = load_pack("pioneers-2013").pack


@cache
def measured(name: str) -> Printed:
    with Press() as press:
        return press.typeset(repo_bid(name), measured="lines")


def use_of(name: str) -> PageUse:
    return page_use(measured(name), PACK)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_measuring_changes_nothing_of_the_layout(name):
    with Press() as press:
        plain = press.typeset(repo_bid(name)).typeset
    marked = measured(name).typeset
    assert (plain.count, plain.used, plain.sections) == (marked.count, marked.used, marked.sections)
    assert pages_of(plain.pdf) == pages_of(marked.pdf)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_sections_add_up_and_headings_fit_in_them(name):
    use = use_of(name)
    assert [section.id for section in use.sections] == ["front", "C1", "C2", "C3", "C4", "C5", "C6", "support"]
    assert sum(section.share for section in use.sections) == 1
    assert sum(section.marks or 0 for section in use.sections) == 1
    assert abs(sum(section.pages for section in use.sections) * use.page_lines - use.used) < 1
    for section in use.sections:
        assert sum(heading.pages for heading in section.headings) <= section.pages + Fraction(2, 100)
        assert sum(heading.words for heading in section.headings) <= section.words


@pytest.mark.parametrize("name", REPO_BIDS)
def test_headings_begin_on_the_page_where_the_pdf_has_them(name):
    pages = pages_of(measured(name).typeset.pdf)
    checked = 0
    for section in use_of(name).sections:
        for heading in section.headings:
            shown = squeezed(heading.title) + squeezed(", ".join(heading.codes))
            assert shown in pages[heading.first_page - 1]
            checked += 1
    assert checked >= 4


@pytest.mark.parametrize("name", REPO_BIDS)
def test_every_text_of_the_bid_stands_on_the_page_that_its_place_names(name):
    printed = measured(name)
    pages = pages_of(printed.typeset.pdf)
    checked = 0
    for number, passage in enumerate(printed.passages):
        place = printed.typeset.places.get(number)
        if passage.path and place is not None:
            there = "".join(pages[place.first_page - 1 : place.last_page])
            assert squeezed(passage.text)[:30] in there
            checked += 1
    assert checked > 50


def test_lines_of_a_passage_are_those_of_the_pdf():
    printed = measured("exemplar")
    number, passage = next((n, p) for n, p in enumerate(printed.passages) if p.path == ("summary",))
    place = printed.typeset.places[number]
    assert place.lines == 7
    assert 1 <= place.last_words <= 4
    assert place.first_page == place.last_page == 1
    assert not passage.is_heading


def test_lines_left_and_over():
    use = use_of("north-lincolnshire")
    assert not use.over
    assert use.lines_left == 10 * use.page_lines - use.used > 0
    assert 40 < use.page_lines < 60


def test_a_section_over_its_budget_by_half_is_noted():
    use = use_of("exemplar")
    assert [section.id for section in use.sections if section.over_budget] == []
    small = PACK.criteria[3].model_copy(update={"pages": 1.0})
    criteria = tuple(small if criterion.id == "C4" else criterion for criterion in PACK.criteria)
    tight = page_use(measured("exemplar"), type(PACK)(PACK.about, criteria, PACK.tests))
    assert [section.id for section in tight.sections if section.over_budget] == ["C4"]


def test_a_section_counts_for_the_criteria_that_look_there_whatever_their_ids():
    pack = load_pack("integration-statement").pack
    use = page_use(measured("north-lincolnshire"), pack)
    assert [section.id for section in use.sections] == [
        "front", "C5", "C1, C4", "C2", "C3", "sharing", "evidence", "support",
    ]  # fmt: skip
    assert sum(section.marks or 0 for section in use.sections) == 1


def test_codes_of_another_call_are_not_given_as_the_packs():
    own = use_of("north-lincolnshire")
    other = page_use(measured("north-lincolnshire"), load_pack("integration-statement").pack)
    assert all(heading.codes for section in own.sections for heading in section.headings)
    assert not any(heading.codes for section in other.sections for heading in section.headings)
    assert [heading.title for section in other.sections for heading in section.headings] == [
        heading.title for section in own.sections for heading in section.headings
    ]
