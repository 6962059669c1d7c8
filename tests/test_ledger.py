"""The ledger of a bid's figures: what is a figure and what is not, and which places contradict each other."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import REPO_BIDS, Tree, empty_bid, full_bid, repo_bid, tree_of

from pioneer_cli.edits import value_at, with_value
from pioneer_cli.ledger import MOST_FIGURES, Ledger, ledger
from pioneer_cli.mentions import KINDS, LONGEST_PIECE, Mention
from pioneer_cli.prose import plain_line
from pioneer_cli.tree import BidPath


def path_of(dotted: str) -> BidPath:
    return tuple(int(step) if step.isdigit() else step for step in dotted.split("."))


def changed(name: str, where: str, old: object, new: object) -> Tree:
    """A bid of `bids/` with some words of a text, or the value of a typed field, put otherwise."""
    bid, path = repo_bid(name), path_of(where)
    if isinstance(old, str):
        assert str(value_at(bid, path)).count(old) == 1, (name, where, old)
        return with_value(bid, path, lambda text: text.replace(old, new))
    assert value_at(bid, path) == old
    return with_value(bid, path, lambda _: new)


def added(name: str, where: str, sentence: str) -> Tree:
    """A bid of `bids/` with a sentence more at the end of a text."""
    return with_value(repo_bid(name), path_of(where), lambda text: f"{text.rstrip()} {sentence}")


# --- Contradictions --------------------------------------------------------------------------------------------------

# The bid, where a figure is changed, what stood there, what stands there now, and where the other places begin.
PLANTED = [
    ("exemplar", "summary", "the 5,200 people", "the 5,600 people", "capability.workstreams.0"),
    ("exemplar", "capability.workstreams.0.aim", "all 5,200 people", "all 4,900 people", "summary"),
    ("exemplar", "whole_system.cohorts.0.size", 5200, 5300, "capability.workstreams.0"),
    ("exemplar", "summary", "Eight such teams", "Seven such teams", "partners.3.role"),
    ("exemplar", "partners.3.role", "eight teams", "nine teams", "summary"),
    ("exemplar", "whole_system.statement", "Eight neighbourhood", "Ten neighbourhood", "summary"),
    ("exemplar", "summary", "£25m", "£28m", "capability.funding.total"),
    ("exemplar", "capability.funding.total", Decimal(25045000), Decimal(26045000), "capability.funding.sources"),
    ("exemplar", "capability.funding.sources.0.amount", Decimal(9420000), Decimal(9920000), "capability.funding.total"),
    ("exemplar", "partners.6.role", "all 31 practices", "all 34 practices", "commitment.engagement.2"),
    ("exemplar", "commitment.engagement.2.activity", "all 31", "all 29", "partners.6.role"),
    ("exemplar", "commitment.statement", "Fourteen organisations", "Sixteen organisations", "partners"),
    ("exemplar", "capability.risks.1.mitigation", "two per cent limit", "three per cent limit",
     "capability.barriers.0"),
    ("exemplar", "capability.track_record.0.result", "18 per cent", "21 per cent", "evidence.sources.5.finding"),
    ("exemplar", "evidence.sources.5.finding", "9% fewer", "12% fewer", "capability.track_record.0.result"),
    ("exemplar", "evidence.sources.8.finding", "41%", "47%", "vision.outcomes.5.baseline.value"),
    ("exemplar", "vision.outcomes.0.baseline.value", Decimal(54), Decimal(58), "evidence.sources.7.finding"),
    ("exemplar", "evidence.sources.4.finding", "38%", "33%", "vision.outcomes.7.baseline.value"),
    ("exemplar", "evidence.sources.7.finding", "604 people", "640 people", "evidence.new_measures"),
    ("exemplar", "capability.track_record.1.result", "4.1 days", "4.8 days", "evidence.sources.6.finding"),
    ("exemplar", "capability.track_record.1.what", "sixteen wards", "fourteen wards", "capability.workstreams.1"),
    ("exemplar", "evidence.sources.6.finding", "five wards", "six wards", "capability.track_record.1.what"),
    ("exemplar", "evidence.sources.9.finding", "Seven in ten", "Six in ten", "capability.track_record.2.result"),
    ("exemplar", "capability.statement", "since 2009", "since 2007", "capability.track_record.3.when"),
    ("exemplar", "summary", "since 2011", "since 2009", "capability.track_record.0.when"),
    ("exemplar", "summary", "By March 2015", "By June 2015", "capability.workstreams.0.milestones.4.by"),
    ("exemplar", "vision.statement", "from April 2015", "from July 2015", "capability.workstreams.4.milestones.4.by"),
    ("exemplar", "vision.efficiencies.1.efficiency", "Eight hospital", "Six hospital", "evidence.provider_impact.0"),
    ("exemplar", "vision.efficiencies.2.efficiency", "22 per cent", "25 per cent", "evidence.sources.3.finding"),
    ("exemplar", "capability.workstreams.3.milestones.3.action", "150 joint", "180 joint", "whole_system.personal"),
    ("exemplar", "evidence.provider_impact.6.response", "Three-year", "Two-year", "whole_system.services.8.how"),
    ("exemplar", "capability.workstreams.1.milestones.2.action", "Two-hour", "Four-hour", "whole_system.statement"),
    ("exemplar", "vision.narrative.statement", "nine promises", "eight promises", "evidence.sources.1"),
    ("exemplar", "evidence.intended_outcomes", "fall by 11 per", "fall by 16 per", "vision.outcomes.4.target.value"),
    ("north-west-london", "partners.1.role", "£15.8m", "£18.5m", "capability.funding.sources.2.amount"),
    ("north-west-london", "summary", "six workstreams", "seven workstreams", "whole_system.statement"),
    ("north-west-london", "vision.statement", "Three commitments", "Four commitments", "summary"),
    ("north-west-london", "summary", "four phases", "five phases", "capability.workstreams.6.name"),
    ("north-yorkshire", "area.description", "five clinical", "six clinical", "commitment.stakeholders.0"),
    ("north-yorkshire", "commitment.governance.statement", "Two Health", "Three Health", "health_and_wellbeing_boards"),
    ("north-yorkshire", "summary", "September 2013", "November 2013", "capability.workstreams.0.milestones.4"),
    ("north-yorkshire", "health_and_wellbeing_boards.0.involvement", "On 29 May", "On 22 May",
     "health_and_wellbeing_boards.0.date"),
    ("north-lincolnshire", "health_and_wellbeing_boards.0.reference", "14 June", "12 June",
     "health_and_wellbeing_boards.0.date"),
    ("north-lincolnshire", "capability.statement", "three workstreams", "four workstreams", "commitment.statement"),
    ("north-lincolnshire", "summary", "are three groups", "are four groups", "whole_system.cohorts"),
    ("norfolk-2017", "capability.track_record.1.result", "92%", "96%", "vision.outcomes.0.baseline.value"),
    ("norfolk-2017", "capability.track_record.1.result", "76%", "71%", "vision.outcomes.2.baseline.value"),
    ("norfolk-2017", "capability.funding.sources.3.source", "about £7m", "about £9m",
     "capability.funding.sources.3.amount"),
    ("norfolk-2017", "evidence.sources.0.finding", "four shared", "five shared", "evidence.sources.0.used_for"),
]  # fmt: skip
# A sentence added to a text of the exemplar, and the other place that it contradicts.
PLANTED_SENTENCES = [
    ("whole_system.statement", "The area has a population of 284,600.", "area.population"),
    ("capability.statement", "Our 264,800 residents deserve no less.", "area.population"),
    ("evidence.intended_outcomes", "Fewer moves into permanent care home places will save £460,000 a year.",
     "vision.efficiencies.0.amount"),
    ("capability.leadership", "All twelve partners signed this bid.", "partners"),
    ("evidence.statement", "The pooled fund of £31m is larger than any before it.", "capability.funding.total"),
    ("commitment.statement", "The Health and Wellbeing Board agreed this bid on 20 June 2013.",
     "health_and_wellbeing_boards.0.date"),
    ("evidence.intended_outcomes", "Permanent care home admissions will fall by 19 per cent.",
     "vision.outcomes.4.target.value"),
    ("evidence.intended_outcomes", "Carers who say they are included or consulted should be 82 per cent.",
     "vision.outcomes.1.target.value"),
    ("whole_system.statement", "All nine neighbourhood teams share one office.", "summary"),
    ("capability.statement", "The Castle Street neighbourhood team opened in 2010.", "capability.track_record.0.when"),
    ("capability.statement", "The pooled learning disability budget of £14m shows it.", "capability.track_record.3"),
    ("evidence.statement", "Emergency admissions rose 11% at the six case-management pilots [E4].",
     "evidence.sources.3"),
    ("commitment.statement", "We had 1,410 replies to a household questionnaire.", "commitment.stakeholders.11"),
    ("whole_system.unpaid_contributions", "Millrace Homes is landlord of 9,800 homes.", "partners.11"),
    ("evidence.intended_outcomes",
     "A full physical health check reached 47 per cent of people on the register in 2012/13.", "vision.outcomes.5"),
    ("evidence.intended_outcomes",
     "By 2016 as much social contact as they would like will be had by 60 per cent of people using social care.",
     "vision.outcomes.6"),
    ("capability.leadership", "All six NHS trusts signed the agreement.", "commitment.information"),
    ("sharing.statement", "All 6,800 staff will hear of it in a joint induction and a monthly question hour.",
     "commitment.engagement.5"),
    ("capability.statement", "The shared viewer is live in the first three teams by March 2014.",
     "capability.workstreams.4.milestones.1"),
    ("whole_system.prevention", "Good Neighbours, with 460 volunteers, visits at home.", "whole_system.unpaid"),
    ("evidence.statement",
     "At Castle Street care home admissions were 15 per cent lower than in a matched group [E6].",
     "capability.track_record.0"),
]  # fmt: skip


# What is rounded, restated, of another year, of another thing or only part of it contradicts nothing: a text of the
# exemplar, the words in it, and what stands there instead.
TWINS = [
    ("summary", "£25m", "£25.0m"),
    ("summary", "£25m", "£25,045,000"),
    ("summary", "£25m", "about £25 million"),
    ("summary", "£25m", "over £20m"),
    ("summary", "£25m", "£24.9m"),  # the pooled and aligned sources alone
    ("summary", "the 5,200 people", "the 5,220 people"),
    ("summary", "Eight such teams", "Such teams"),
    ("summary", "since 2011", "since October 2011"),
    ("summary", "since 2011", "since the end of 2011"),
    ("summary", "By March 2015", "By the end of 2015"),
    ("partners.6.role", "all 31 practices", "29 of the 31 practices"),
    ("partners.6.role", "all 31 practices", "thirty-one practices"),
    ("commitment.statement", "Fourteen organisations", "All fourteen partners"),
    ("commitment.statement", "Fourteen organisations", "At least twelve organisations"),
    ("capability.track_record.0.result", "18 per cent", "18.2 per cent"),
    ("capability.track_record.0.result", "18 per cent", "some 17 per cent"),
    ("evidence.sources.8.finding", "41%", "40.8%"),
    ("evidence.sources.7.finding", "54%", "Fifty-four per cent"),
    ("capability.workstreams.0.aim", "Eight teams", "The first four teams, then eight"),
    ("capability.workstreams.0.milestones.1.action", "First 1,000 people", "First 1,500 people"),
    ("capability.track_record.3.what", "£11m", "£12m"),
    ("whole_system.personalisation", "61 per cent", "58 per cent"),
    ("evidence.provider_impact.7.impact", "from 900 to 2,000", "from 800 to 1,900"),
    ("capability.workstreams.1.milestones.0.action", "all sixteen wards", "all 16 wards"),
    ("vision.efficiencies.0.efficiency", "About 40 fewer", "About 45 fewer"),
    ("capability.statement", "since 2009", "since April 2009"),
]
# Sentences added to a text of the exemplar.
TWIN_SENTENCES = [
    ("whole_system.statement", "Three more teams may follow for the villages to the north."),
    ("whole_system.statement", "Each team has six nurses and two social workers."),
    ("whole_system.statement", "Two of the eight teams will also look after the prison."),
    ("whole_system.statement", "The first three teams open in the town."),
    ("whole_system.statement", "The three teams in the town share a base."),
    ("area.description", "The area has a population of about 250,000."),
    ("area.description", "By 2021 the population will be 268,000."),
    ("area.description", "The town of Millbrook has a population of 41,000."),
    ("area.description", "The adult population is 195,400."),
    ("area.description", "Our neighbours in Harrowfield serve a population of 300,000."),
    ("capability.statement", "Of the £25m, £9.42m is the community nursing budget of the commissioning group."),
    ("capability.statement", "Two years ago the pooled budget for learning disability was £9m."),
    ("capability.statement", "By 2018 a pooled fund of £60m could cover all adult care."),
    ("capability.statement", "Nine of the fourteen partners have met every month since 2010."),
    ("capability.statement", "The fourteen partners meet twelve times a year."),
    ("capability.leadership", "The seven largest partners each pay for a day a week."),
    ("capability.accountability", "Two other Health and Wellbeing Boards visit us each year."),
    ("evidence.statement", "A national study of 16 pilots found 5 per cent fewer care home admissions [E4]."),
    ("evidence.statement", "Elsewhere in the county 48 per cent of people with complicated needs say so."),
    ("evidence.statement", "In 2010 the same survey found that 48 per cent planned their care with professionals."),
    ("evidence.intended_outcomes", "By 2014 we expect 60 per cent to say so in the experience survey."),
    ("evidence.intended_outcomes", "Fewer moves into care homes save £0.64m a year."),
    ("evidence.intended_outcomes", "A care home place costs £27,000 a year."),
    ("evidence.intended_outcomes", "Permanent care home admissions were 801 per 100,000 in 2009."),
    ("commitment.statement", "The council met on 4 June 2013 and again on 11 June 2013 to discuss this bid."),
    ("commitment.statement", "The Health and Wellbeing Board first heard of the bid on 17 January 2013."),
    ("whole_system.prevention", "Up to 300 adults in repeated crisis will have a key worker by 2016."),
    ("whole_system.prevention", "Another 4,900 people are at moderate risk."),
    ("whole_system.prevention", "See minute 13/58 and section 75, or ring 01234 567 890."),
    ("evidence.intended_outcomes", "By 2014 permanent care home admissions will fall by 5 per cent."),
    ("evidence.intended_outcomes", "Emergency admissions of older people will fall by two per cent."),
    ("sharing.statement", "Twelve areas have asked to visit, and two practices will host them."),
    ("sharing.statement", "One in three visitors is a nurse, and one in eight a doctor."),
    ("sharing.statement", "Our four-page bulletin had a two-page supplement in May 2013."),
    ("whole_system.statement", "The town has 118,000 people and the four smaller towns 46,000."),
    ("whole_system.statement", "Two of our practices have no lift."),
    ("whole_system.statement", "Thirty practices have signed up for joint health checks so far."),
    ("whole_system.statement", "In 2016 we will add two teams."),
    ("whole_system.statement", "The hospital has 540 beds, of which 40 are for rehabilitation."),
    ("whole_system.statement", "A crisis team in London answers within four hours."),
    ("whole_system.prevention", "Falls cost the hospital £2.1m a year."),
    (
        "whole_system.prevention",
        "We will spend £450,000 of the public health grant on prevention and £50,000 on smoking advice.",
    ),
    ("whole_system.prevention", "Our prevention budget was £300,000 in 2011/12."),
    ("capability.statement", "Two years before, the pooled fund for equipment held £1.15m."),
    ("capability.statement", "The council will save £6m by 2016 across all its services."),
    (
        "capability.statement",
        "The commissioning group has a budget of £290m and the council one of £110m for adult care.",
    ),
    ("capability.statement", "Eight of the fourteen partners are health bodies."),
    ("capability.leadership", "The five workstreams meet together every two months."),
    ("capability.leadership", "The programme director has led two earlier programmes since 2005."),
    (
        "capability.accountability",
        "The Health and Wellbeing Board met on 13 June 2013 and meets next on 12 September 2013.",
    ),
    ("evidence.statement", "At Torbay emergency admissions of older people fell by 5 per cent between 2005 and 2010."),
    (
        "evidence.statement",
        "In one practice 62 per cent of people on the serious mental illness register had a full check.",
    ),
    ("evidence.statement", "A survey of 1,200 staff found that 38% wanted shared records."),
    ("evidence.statement", "Of 2,350 adults with a serious mental illness, 41 per cent had a full check."),
    ("evidence.intended_outcomes", "By March 2014 we expect 62 per cent to say that professionals work together."),
    ("evidence.intended_outcomes", "The carers' survey is repeated in November 2014 and November 2016."),
    ("evidence.intended_outcomes", "A tenth of the savings, £150,000, rests on emergency admissions."),
    ("evidence.intended_outcomes", "Savings come to nearly £1.5m a year in all."),
    ("commitment.statement", "Some 200 of the 310 were residents and 110 were staff."),
    ("commitment.statement", "Thirteen organisations sit on the programme board."),
    ("area.description", "Harrowfield, our neighbour, has a population of 251,000."),
    ("area.description", "There are 199,000 adults and 49,600 children."),
    ("area.description", "Since 2001 the population has grown by 14,000 people."),
    ("sharing.statement", "Three of our eight teams welcome visitors on the first Monday of each month."),
    ("sharing.statement", "Visitors came from 31 areas in 2012 and from 24 in 2011."),
    ("vision.making_it_real", "In 2013 the council published two more priorities."),
    ("vision.making_it_real", "The council signed up to the dementia alliance in 2011."),
    ("vision.integration_around", "A team has about 12 staff and looks after 650 people with a plan."),
    ("whole_system.personalisation", "In 2012 the number of people with a personal health budget was 12."),
    ("whole_system.unpaid_contributions", "The 2001 Census counted 22,400 unpaid carers."),
    ("whole_system.unpaid_contributions", "Good Neighbours has trained 120 volunteers this year."),
]  # fmt: skip


LEAST_FOUND = 0.8


def places_of(found: Ledger) -> list[set[str]]:
    """The places that each contradiction names."""
    return [{".".join(map(str, mention.path)) for mention in item.mentions} for item in found.contradictions]


def is_named(found: Ledger, changed_at: str, other: str) -> bool:
    """Whether one contradiction names both places."""
    return any(
        any(place.startswith(changed_at) for place in places)
        and any(place.startswith(other) and place != changed_at for place in places)
        for places in places_of(found)
    )


def found_planted() -> dict[str, bool]:
    """Each planted contradiction, and whether both of its places are named."""
    found = {}
    for name, where, old, new, other in PLANTED:
        found[f"{name}: {where}: {old} -> {new}"] = is_named(ledger(changed(name, where, old, new)), where, other)
    for where, sentence, other in PLANTED_SENTENCES:
        found[f"exemplar: {where}: {sentence}"] = is_named(ledger(added("exemplar", where, sentence)), where, other)
    return found


def test_most_planted_contradictions_are_found_and_both_places_named():
    found = found_planted()
    assert len(found) >= 60
    missed = [planted for planted, is_found in found.items() if not is_found]
    assert len(missed) <= (1 - LEAST_FOUND) * len(found), missed


@pytest.mark.parametrize(("where", "old", "new"), TWINS)
def test_what_is_rounded_or_restated_contradicts_nothing(where, old, new):
    assert places_of(ledger(changed("exemplar", where, old, new))) == []


@pytest.mark.parametrize(("where", "sentence"), TWIN_SENTENCES)
def test_what_is_of_another_thing_or_year_contradicts_nothing(where, sentence):
    assert places_of(ledger(added("exemplar", where, sentence))) == []


def test_there_are_twins_enough():
    assert len(TWINS) >= 25
    assert len(TWIN_SENTENCES) >= 60


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_bids_of_the_repository_do_not_contradict_themselves(name):
    assert places_of(ledger(repo_bid(name))) == []


def test_a_contradiction_says_what_it_is_about_and_why():
    (found,) = ledger(changed("exemplar", "summary", "Eight such teams", "Seven such teams")).contradictions
    assert found.about == "teams"
    assert found.why.startswith("Seven, Eight and eight: ") or found.why.startswith("Seven, eight and Eight: ")
    assert {mention.value for mention in found.mentions} == {Decimal(7), Decimal(8)}
    assert all(mention.shown in mention.piece for mention in found.mentions)


def test_a_total_that_is_not_the_sum_names_every_source():
    bid = changed("exemplar", "capability.funding.total", Decimal(25045000), Decimal(26045000))
    (found,) = [item for item in ledger(bid).contradictions if item.about == "total of the funding"]
    assert found.why.endswith("the sources add up to £25,045,000")
    assert len(found.mentions) == 8


def test_sources_of_several_years_have_no_sum():
    bid = changed("exemplar", "capability.funding.total", Decimal(25045000), Decimal(26045000))
    bid = with_value(bid, path_of("capability.funding.sources.0.year"), lambda _: "2014/15")
    assert all(item.about != "total of the funding" for item in ledger(bid).contradictions)


# --- What is a figure ------------------------------------------------------------------------------------------------


def mentions_in(text: str) -> list[Mention]:
    bid = {**empty_bid(), "summary": text}
    return [mention for entry in ledger(bid).entries for mention in entry.mentions]


@pytest.mark.parametrize(
    ("text", "kind", "value", "shown", "about"),
    [
        ("We begin with £25m of pooled money.", "money", "25000000", "£25m", "begin pooled money"),
        ("It costs £1.2 million.", "money", "1200000", "£1.2 million", "costs"),
        ("It saves £640,000 a year.", "money", "640000", "£640,000", "saves year"),
        ("A grant of 450k helps.", "money", "450000", "450k", "grant helps"),
        ("England has £3.8bn for it.", "money", "3800000000", "£3.8bn", "england"),
        ("We ask for £ 12.50 each.", "money", "12.50", "£ 12.50", "ask"),
        ("Only 54 per cent said so.", "per-cent", "54", "54 per cent", "said"),
        ("Nine per cent returned.", "per-cent", "9", "Nine per cent", "returned"),
        ("Some 12.5% returned.", "per-cent", "12.5", "12.5%", "returned"),
        ("Seven in ten felt less alone.", "per-cent", "70", "Seven in ten", "felt alone"),
        ("One resident in five is old.", "per-cent", "20", "One resident in five", "old"),
        ("All 5,200 people have a plan.", "count", "5200", "5,200", "people"),
        ("Eight such teams will open.", "count", "8", "Eight", "teams"),
        ("There are 140 staff here.", "count", "140", "140", "staff"),
        ("Forty-six local people wrote it.", "count", "46", "Forty-six", "local people"),
        ("They are 1.2 million residents.", "count", "1200000", "1.2 million", "residents"),
        ("Two Health and Wellbeing Boards decide.", "count", "2", "Two", "Health and Wellbeing Boards"),
        ("A two-hour crisis response begins.", "count", "2", "two", "hour crisis response"),
        ("Against the pilot's 18.", "number", "18", "18", "pilot"),
    ],
)  # fmt: skip
def test_figures_are_read(text, kind, value, shown, about):
    (found,) = mentions_in(text)
    assert (found.kind, found.value, found.shown, found.about) == (kind, Decimal(value), shown, about)
    assert (found.path, found.piece) == (("summary",), text)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("It opens on 31 March 2014.", "date", "2014-03-31", "2014-03-31"),
        ("It opens on 1st March 2014.", "date", "2014-03-01", "2014-03-01"),
        ("It opens in March 2015.", "date", "2015-03-01", "2015-03-31"),
        ("It is money of 2013/14.", "year", "2013-04-01", "2014-03-31"),
        ("It is money of 2013-14.", "year", "2013-04-01", "2014-03-31"),
        ("It ends by 2017.", "year", "2017-01-01", "2017-12-31"),
        ("It ran from 2009 to 2013.", "year", "2009-01-01", "2013-12-31"),
    ],
)
def test_dates_are_read(text, kind, first, last):
    (found,) = mentions_in(text)
    assert found.kind == kind
    assert (found.value.first.isoformat(), found.value.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "It rests on [E5] and on [E12, E13].",
        "See minute 13/58 and HWB 13/21.",
        "A pooled fund under section 75 or sections 75 and 76.",
        "The NHS Act 2006 allows it.",
        "A team for people aged 14 to 25.",
        "The 14-to-25 plan is theirs.",
        "People over 65 live alone.",
        "Young people of 13 to 19 are vulnerable.",
        "Support falls away at age 18.",
        "No one of these was responsible, and one of them left.",
        "One plan, one team, one person to ring.",
        "It was the 3rd meeting and the 21st century.",
        "Ring 01234 567890 or 020 7946 0000.",
        "The doors open at 7.30pm.",
        "We meet on 4 June.",
        "The rate is per 100,000 of them.",
        "The two of them agreed.",
        "It is in the Five Year Forward View.",
        "Nobody came on 31 February 2014.",
        "Castle Street saw nine.",
        "Room 12, page 4, figure 3 and table 2 of phase 1.",
    ],
)
def test_what_only_looks_like_a_figure_is_left_out(text):
    assert mentions_in(text) == []


def test_equal_values_stand_in_one_entry():
    bid = {**empty_bid(), "summary": "It saves £640,000. That is £0.64m, for 12 wards and twelve wards and 12 homes."}
    entries = ledger(bid).entries
    assert [(entry.shown, len(entry.mentions)) for entry in entries] == [
        ("£640,000", 2), ("12 homes", 1), ("12 wards", 2),
    ]  # fmt: skip


def test_entries_are_sorted_by_kind_and_value():
    for name in REPO_BIDS:
        entries = ledger(repo_bid(name)).entries
        kinds = [KINDS.index(entry.kind) for entry in entries]
        assert kinds == sorted(kinds)
        for kind in KINDS[:2]:
            values = [entry.mentions[0].value for entry in entries if entry.kind == kind]
            assert values == sorted(values)
        assert len(entries) >= 10


def test_typed_fields_are_in_the_ledger():
    shown = {
        (mention.path, mention.shown) for entry in ledger(repo_bid("exemplar")).entries for mention in entry.mentions
    }
    assert {
        (("area", "population"), "248,600"),
        (path_of("capability.funding.total"), "£25,045,000"),
        (path_of("whole_system.cohorts.0.size"), "5,200"),
        (path_of("vision.outcomes.0.baseline.value"), "54 per cent"),
        (path_of("vision.outcomes.2.target.value"), "8.5"),
        (path_of("partners.0.date"), "11 June 2013"),
        (path_of("capability.workstreams.0.milestones.0.by"), "October 2013"),
        (path_of("evidence.sources.0.year"), "2013"),
        (("submission_date",), "27 June 2013"),
    } <= shown


@pytest.mark.parametrize("name", REPO_BIDS)
def test_pieces_stand_in_their_texts(name):
    bid = repo_bid(name)
    checked = 0
    for entry in ledger(bid).entries:
        for mention in entry.mentions:
            if mention.piece:
                assert mention.piece in plain_line(value_at(bid, mention.path))
                assert mention.shown in mention.piece
                assert len(mention.piece) <= LONGEST_PIECE
                checked += 1
    assert checked >= 10


# --- Any text --------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["£", "5,200", "1.2", "m", "bn", " per cent", "%", "eight ", "teams ", "people ", "March ", "2014", "2013/14",
     " to ", "one in ", "five ", "[E4]", "section 75", ", ", ". ", "- ", "*", "\n\n", "about ", "all ", "the ", "0",
     "9", "-", "/"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=40).map("".join), st.text(min_size=1, max_size=200))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_any_text_in_every_field_is_read_the_same_twice(text):
    bid = tree_of(full_bid(lambda path: text))
    first = ledger(bid)
    assert first == ledger(bid)
    for entry in first.entries:
        for mention in entry.mentions:
            field = value_at(bid, mention.path)
            assert not mention.piece or mention.piece in plain_line(field)
    for item in first.contradictions:
        assert len(item.mentions) >= 2


@pytest.mark.parametrize(
    "unit", ["9", "9,", ",", "£", "1,234", "£1,", "nine ", "one in ", "2013/", "9 to ", "[", "per "]
)
def test_a_long_text_of_figures_is_read_to_its_end(unit):
    bid = {**empty_bid(), "summary": unit * 20_000}
    assert ledger(bid) == ledger(bid)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Savings of 5 to 10 per cent.", "5 to 10 per cent"), ("Savings of 10 per cent.", "10 per cent")],
)
def test_a_range_is_shown_as_it_is_written(text, shown):
    assert [entry.shown for entry in ledger({**empty_bid(), "summary": text}).entries] == [shown]


@pytest.mark.parametrize("figures", [MOST_FIGURES, MOST_FIGURES + 1])
def test_more_figures_than_any_bid_needs_are_said_and_not_listed(figures):
    found = ledger({**empty_bid(), "summary": "".join(f"It costs £{1000 + number}. " for number in range(figures))})
    assert sum(len(entry.mentions) for entry in found.entries) == MOST_FIGURES
    assert found.left_out is (figures > MOST_FIGURES)
