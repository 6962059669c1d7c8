"""The ledger of a bid's figures: what is a figure and what is not, which places contradict each other, and which do not."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import REPO_BIDS, Tree, empty_bid, repo_bid

from pioneer_cli.edits import value_at, with_value
from pioneer_cli.ledger import Ledger, ledger
from pioneer_cli.mentions import KINDS, LONGEST_PIECE, Mention
from pioneer_cli.prose import plain_line
from pioneer_cli.quantities import parse_when
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
    ("exemplar", "capability.risks.1.mitigation", "two per cent limit", "three per cent limit", "capability.barriers.0"),
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
    ("exemplar", "vision.narrative.statement", "nine promises", "eight promises", "evidence.new_measures"),
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
    ("evidence.intended_outcomes", "Carers who say they are included or consulted should be 82 per cent.",
     "vision.outcomes.1.target.value"),
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
    ("sharing.statement", "Twelve areas have asked to visit, and two practices will host them."),
    ("sharing.statement", "One in three visitors is a nurse, and one in eight a doctor."),
    ("sharing.statement", "Our four-page bulletin had a two-page supplement in May 2013."),
]


def is_named(found: Ledger, changed_at: str, other: str) -> bool:
    for item in found.contradictions:
        places = [".".join(map(str, mention.path)) for mention in item.mentions]
        if any(place.startswith(changed_at) for place in places) and any(
            place.startswith(other) and not place == changed_at for place in places
        ):
            return True
    return False


def found_planted() -> dict[str, bool]:
    """Each planted contradiction, and whether both of its places are named."""
    found = {}
    for name, where, old, new, other in PLANTED:
        new_value = new
        found[f"{name}: {where}: {old} -> {new}"] = is_named(ledger(changed(name, where, old, new_value)), where, other)
    for where, sentence, other in PLANTED_SENTENCES:
        found[f"exemplar: {where}: {sentence}"] = is_named(ledger(added("exemplar", where, sentence)), where, other)
    return found
