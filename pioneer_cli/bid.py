"""The models of a bid: front matter, one section for each criterion of the call, and the support it asks for.

Only `title`, `call` and `area` are mandatory; an almost empty bid is valid and scores nothing. A key with nothing
after it counts as left out. Every field's description is what the JSON Schema, the editor and `pioneer new` show.
Values that people write in several ways (money, dates, counts) are read by `quantities`.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from pioneer_cli.quantities import Count, Day, DayOrMonth, Money, Number, Scale, When, Year

Text = Annotated[str, StringConstraints(strict=True)]
_ID = r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*"
LONGEST_ID = 40  # characters
Id = Annotated[
    str,
    StringConstraints(strict=True, pattern=f"^{_ID}$", max_length=LONGEST_ID),
    # the same for readers whose `$` also allows a line break at the end
    WithJsonSchema({"type": "string", "pattern": rf"^{_ID}(?![\s\S])", "maxLength": LONGEST_ID}),
]

Phase = Literal["draft", "submission", "selection-end"]
PHASES: tuple[Phase, ...] = ("draft", "submission", "selection-end")

Support = Literal["none", "planned", "in-principle", "agreed"]
Footprint = Literal["ccg", "council", "larger"]
OrganisationKind = Literal[
    "council", "ccg", "acute-trust", "community-trust", "mental-health-trust", "ambulance-trust", "primary-care",
    "public-health", "independent-provider", "voluntary-sector", "social-enterprise", "healthwatch", "housing",
    "education", "police", "probation", "fire", "national-body", "other",
]  # fmt: skip
NarrativeDomain = Literal[
    "goals-and-outcomes", "care-planning", "communication", "information", "decision-making", "transitions",
    "emergencies",
]  # fmt: skip
FrameworkDomain = Literal[
    "nhs-1-premature-death", "nhs-2-long-term-conditions", "nhs-3-recovery", "nhs-4-experience", "nhs-5-safety",
    "adult-social-care-1-quality-of-life", "adult-social-care-2-delaying-need", "adult-social-care-3-experience",
    "adult-social-care-4-safeguarding", "public-health-1-wider-determinants", "public-health-2-health-improvement",
    "public-health-3-health-protection", "public-health-4-premature-mortality",
]  # fmt: skip
Beneficiary = Literal["individuals", "families", "carers", "communities"]
Service = Literal[
    "mental-health", "physical-health", "social-care", "public-health", "education", "housing", "police", "probation",
    "fire", "employment", "other-public-services", "community", "voluntary-sector",
]  # fmt: skip
StakeholderGroup = Literal[
    "executive-leaders", "political-leaders", "clinicians", "other-staff", "patient-groups", "people-who-use-services",
    "carers", "families", "healthwatch", "voluntary-sector", "providers", "public",
]  # fmt: skip
LifeStage = Literal["starting", "growing", "living", "retiring", "ageing", "dying-well"]
NeedLevel = Literal["universal", "targeted", "specialist"]
WorkforceSector = Literal["public", "private", "independent", "voluntary-paid", "voluntary-unpaid"]
IntegrationOption = Literal[
    "status-quo", "vertical-nhs", "ccg-led-retendering", "council-initiated", "patchwork", "framework"
]
IntegrationDegree = Literal[
    "structural", "enhanced-partnership", "joint-appointments", "coordination", "relative-autonomy"
]
SavingBasis = Literal["local-pilot", "published-study", "assumption"]
LegalBasis = Literal["section-75", "section-76", "section-256", "own-budget", "grant", "other"]
FundingArrangement = Literal["pooled", "aligned", "separate"]
CaldicottPrinciple = Literal[
    "justify-the-purpose", "only-when-necessary", "minimum-necessary", "need-to-know", "know-responsibilities",
    "comply-with-law", "duty-to-share",
]  # fmt: skip
CapabilityNeed = Literal[
    "strategic-culture", "payment-systems", "competition-rules", "workforce-flexibility", "engagement",
    "analysis-and-evidence",
]  # fmt: skip


def required(description: str) -> Any:
    """A field that must be there."""
    return Field(description=description)


def said(description: str) -> Any:
    """A field that may be left out."""
    return Field(default=None, description=description)


def several(description: str) -> Any:
    """A list that may be left out or empty."""
    return Field(default=(), description=description)


def part(model: type["Part"], description: str) -> Any:
    """A part that is empty when left out; built without validation, which would cost 30 ms at every start."""
    return Field(default_factory=model.model_construct, description=description)


class Part(BaseModel):
    """What every part of a bid has in common: unknown keys are faults, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


# --- Front matter ----------------------------------------------------------------------------------------------------


class Area(Part):
    """A place and its people."""

    name: Text = required("The area as people there know it; say so here when it is invented.")
    footprint: Footprint | None = said("The area of a clinical commissioning group, of a council, or a larger one.")
    population: Count | None = said("How many people live there.")
    population_source: Text | None = said("Where the population figure comes from, with its year.")
    description: Text | None = said("What the panel should know of the place: its people and how its services lie.")


class Partner(Part):
    """An organisation that stands behind the bid."""

    id: Id = required("A short name to refer to it by, such as `council`.")
    organisation: Text = required("The organisation's full name.")
    kind: OrganisationKind | None = said("What kind of organisation it is.")
    role: Text | None = said("What it brings to the bid and answers for.")
    support: Support | None = said("How firmly it supports the bid.")
    date: DayOrMonth | None = said("When it gave that support.")
    reference: Text | None = said("Where that support is recorded: a minute, a letter.")


class Board(Part):
    """A Health and Wellbeing Board and how it stands to the bid: the call's essential prerequisite (C3d)."""

    name: Text = required("The board's name.")
    support: Support | None = said("none, planned, in-principle or agreed.")
    date: DayOrMonth | None = said("When the board decided.")
    reference: Text | None = said("The minute that records it.")
    involvement: Text | None = said("What the board did and will do, beyond agreeing.")


# --- C1 Vision -------------------------------------------------------------------------------------------------------


class Narrative(Part):
    """How the bid adopts the Narrative for person-centred coordinated care (C1a)."""

    domains: tuple[NarrativeDomain, ...] = several("The domains of the Narrative that the approach is built on.")
    statement: Text | None = said("The Narrative in the area's own words, and how it is used.")


class Baseline(Part):
    """Where a measure stands before anything changes."""

    value: Number | None = said("The figure, without its unit.")
    date: DayOrMonth | None = said("When it was measured.")
    source: Text | None = said("Who measured it and where it is published.")


class Target(Part):
    """Where a measure should get to."""

    value: Number | None = said("The figure, without its unit.")
    date: DayOrMonth | None = said("By when.")


class Outcome(Part):
    """A change for people, with the measure that will show it (C1b, C1c, C1e)."""

    outcome: Text = required("What gets better, in a sentence.")
    benefits: tuple[Beneficiary, ...] = several("For whom.")
    frameworks: tuple[FrameworkDomain, ...] = several("The outcomes-framework domains that it lines up with.")
    measure: Text | None = said("What is counted or asked.")
    unit: Text | None = said("The measure's unit: per cent, days, admissions per 100,000.")
    baseline: Baseline = part(Baseline, "Where the measure stands now.")
    target: Target = part(Target, "Where it should get to.")
    evidence: tuple[Id, ...] = several("The ids of sources in evidence.sources that make the target credible.")


class Efficiency(Part):
    """A potential saving and what it is put back into (C1d)."""

    efficiency: Text = required("Where the saving comes from.")
    amount: Money | None = said("Pounds a year: 1200000, £1.2m, 1,200,000 or 450k.")
    by: DayOrMonth | None = said("When the full amount is reached.")
    basis: SavingBasis | None = said("What the amount rests on.")
    reinvested_in: Text | None = said("What the money is then spent on.")
    evidence: tuple[Id, ...] = several("The ids of sources in evidence.sources that support the amount.")


class Vision(Part):
    """C1: a clear vision of the area's own innovative approach."""

    statement: Text | None = said("The vision, in the area's own words.")
    narrative: Narrative = part(Narrative, "How the National Voices Narrative is adopted.")
    making_it_real: Text | None = said("How the approach lines up with Making it Real.")
    integration_around: Text | None = said("How care is built around individuals, families, carers and communities.")
    outcomes: tuple[Outcome, ...] = several("What gets better, for whom, measured how.")
    efficiencies: tuple[Efficiency, ...] = several("Potential savings and what they are reinvested in.")


# --- C2 Whole system -------------------------------------------------------------------------------------------------


class ServiceCovered(Part):
    """A service that the plan takes in (C2a)."""

    service: Service = required("Which service.")
    how: Text | None = said("How it is integrated with the others.")


class Cohort(Part):
    """People who would gain most (C2d)."""

    who: Text = required("Who they are.")
    size: Count | None = said("How many people.")
    identified_by: Text | None = said("How they are found: a register, risk stratification, referral.")
    why: Text | None = said("Why they gain most: use across organisations, vulnerability.")


class Coverage(Part):
    """One cell of the whole-system matrix: a life stage, a level of need, a workforce sector."""

    life_stage: LifeStage = required("The stage of life.")
    need: NeedLevel = required("The level of need.")
    sector: WorkforceSector = required("Who does the work.")
    how: Text | None = said("What is done there.")


class WholeSystem(Part):
    """C2: a plan for whole-system integration."""

    statement: Text | None = said("The plan in outline.")
    services: tuple[ServiceCovered, ...] = several("The services covered and how each is integrated.")
    prevention: Text | None = said("How ill health, and its worsening, is prevented more.")
    personalisation: Text | None = said("How care becomes personal: budgets, plans, choice.")
    cohorts: tuple[Cohort, ...] = several("The people who would gain most.")
    unpaid_contributions: Text | None = said("How services join with what families and communities give unpaid.")
    coverage: tuple[Coverage, ...] = several("Optional: cells of the whole-system matrix that the plan covers.")
    option: IntegrationOption | None = said("Which option for integration was chosen.")
    degree: IntegrationDegree | None = said("How closely the organisations are integrated.")


# --- C3 Commitment ---------------------------------------------------------------------------------------------------


class Stakeholder(Part):
    """A group that is committed to the approach (C3a)."""

    group: StakeholderGroup = required("Which group.")
    involvement: Text | None = said("What they did for this bid and will do.")


class GoverningBody(Part):
    """A body that governs the programme (C3b)."""

    name: Text = required("The body's name.")
    role: Text | None = said("What it decides.")
    accountable_to: Text | None = said("Whom it answers to.")


class Governance(Part):
    """How decisions are made and who answers for them (C3b)."""

    statement: Text | None = said("How governance works and how it is sustained.")
    bodies: tuple[GoverningBody, ...] = several("The bodies and what each decides.")


class InformationSharing(Part):
    """How information about people is shared (C3b)."""

    agreement: Text | None = said("The agreement that governs it and who has signed.")
    caldicott_principles: tuple[CaldicottPrinciple, ...] = several("The Caldicott principles that it addresses.")
    nhs_number: bool | None = Field(
        default=None, strict=True, description="Whether the NHS number identifies people in every service."
    )


class Engagement(Part):
    """One activity of the engagement plan (C3c)."""

    group: StakeholderGroup = required("Who is engaged.")
    activity: Text | None = said("How.")
    date: DayOrMonth | None = said("When it takes place or begins.")


class Commitment(Part):
    """C3: commitment across the local area."""

    statement: Text | None = said("Who is committed and how that shows.")
    stakeholders: tuple[Stakeholder, ...] = several("The groups that are committed and how each is involved.")
    governance: Governance = part(Governance, "How decisions are made.")
    information_sharing: InformationSharing = part(InformationSharing, "How information about people is shared.")
    engagement: tuple[Engagement, ...] = several("The plan to engage Healthwatch, people, all staff and the public.")


# --- C4 Capability ---------------------------------------------------------------------------------------------------


class Achievement(Part):
    """Something already done that shows the area can deliver (C4a)."""

    what: Text = required("What was done.")
    when: DayOrMonth | None = said("When.")
    result: Text | None = said("What came of it, in figures where there are any.")
    evidence: tuple[Id, ...] = several("The ids of sources in evidence.sources that report it.")


class Barrier(Part):
    """A key local barrier and the plan against it (C4b)."""

    barrier: Text = required("What stands in the way.")
    plan: Text | None = said("What is done about it.")
    owner: Text | None = said("Who is responsible (a post, not a person's name).")
    by: DayOrMonth | None = said("By when.")


class Risk(Part):
    """A risk to delivery (C4c)."""

    risk: Text = required("What may go wrong.")
    likelihood: Scale | None = said("1 (rare) to 5 (almost certain).")
    impact: Scale | None = said("1 (slight) to 5 (severe).")
    mitigation: Text | None = said("What makes it less likely or less harmful.")
    owner: Text | None = said("Who is responsible (a post, not a person's name).")


class Milestone(Part):
    """A dated step of a workstream."""

    action: Text = required("What will be done.")
    by: DayOrMonth | None = said("By when: a day (2014-03-31) or a month (2014-03).")
    lead: Text | None = said("Who leads (a post or a body).")


class Workstream(Part):
    """A strand of the programme with its milestones (C4)."""

    name: Text = required("The workstream's name.")
    aim: Text | None = said("What it achieves.")
    lead: Text | None = said("Who leads (a post or a body).")
    milestones: tuple[Milestone, ...] = several("Its dated steps.")


class FundingSource(Part):
    """Money that the programme can use."""

    source: Text = required("Where the money comes from.")
    amount: Money | None = said("Pounds: 1200000, £1.2m, 1,200,000 or 450k.")
    year: Text | None = said("The financial year, such as 2013/14.")
    legal_basis: LegalBasis | None = said("The power under which it is paid or pooled.")
    arrangement: FundingArrangement | None = said("Pooled, aligned or separate.")


class Funding(Part):
    """The programme's money, by source."""

    sources: tuple[FundingSource, ...] = several("Each source of money.")
    total: Money | None = said("The total that the bid states.")


class Capability(Part):
    """C4: capability and expertise to transform at scale and pace."""

    statement: Text | None = said("Why this area can deliver.")
    track_record: tuple[Achievement, ...] = several("What has been delivered already, with results.")
    leadership: Text | None = said("Who leads, and how strongly.")
    accountability: Text | None = said("Who answers for delivery and to whom.")
    barriers: tuple[Barrier, ...] = several("The key local barriers and the plans against them.")
    risks: tuple[Risk, ...] = several("The risks to delivery and their mitigation.")
    workstreams: tuple[Workstream, ...] = several("The strands of work with their milestones.")
    funding: Funding = part(Funding, "The money, by source, and its stated total.")


# --- C5 Sharing ------------------------------------------------------------------------------------------------------


class SharingActivity(Part):
    """One way in which lessons reach others (C5)."""

    activity: Text = required("What is done.")
    audience: Text | None = said("For whom.")
    clinicians: bool | None = Field(default=None, strict=True, description="Whether clinicians take part.")
    date: DayOrMonth | None = said("When it takes place or begins.")


class Sharing(Part):
    """C5: commitment to share lessons across the system."""

    statement: Text | None = said("What the area commits to share.")
    peer_to_peer: tuple[SharingActivity, ...] = several("Peer-to-peer promotion, clinicians included.")
    dissemination: tuple[SharingActivity, ...] = several("How lessons are published.")
    networks: tuple[SharingActivity, ...] = several("Learning networks joined or offered.")


# --- C6 Evidence -----------------------------------------------------------------------------------------------------


class EvidenceSource(Part):
    """A source that the plans rest on (C6a)."""

    id: Id = required("A short name to cite it by, such as `E1`.")
    citation: Text = required("Author body, title, publisher.")
    year: Year | None = said("The year it appeared.")
    finding: Text | None = said("What it found.")
    used_for: Text | None = said("What in this bid rests on it.")


class ProviderImpact(Part):
    """What the plans mean for a local provider (C6b)."""

    provider: Text = required("The provider: a partner's id or an organisation's name.")
    impact: Text | None = said("What changes for it: activity, income, staff.")
    response: Text | None = said("How that is managed with the provider.")


class Evidence(Part):
    """C6: a robust understanding of the evidence."""

    statement: Text | None = said("How the evidence shaped the plans and will go on doing so.")
    sources: tuple[EvidenceSource, ...] = several("The sources that the plans rest on.")
    provider_impact: tuple[ProviderImpact, ...] = several("The likely impact on each local provider.")
    intended_outcomes: Text | None = said("How the intended outcomes follow from the evidence.")
    new_measures: Text | None = said("The commitment to co-produce, test and refine measures of people's experience.")
    evaluation: Text | None = said("The commitment to a systematic evaluation of progress and impact over time.")


class SupportNeeded(Part):
    """Support asked of the national partners."""

    need: CapabilityNeed = required("Which capability.")
    request: Text | None = said("What is asked for and why.")


class Bid(Part):
    """A whole expression of interest."""

    call: Id = required("The call that the bid answers; its criteria pack bears the same name.")
    title: Text = required("The bid's title.")
    area: Area = required("The place that the bid is for.")
    summary: Text | None = said("The bid in a paragraph.")
    lead: Id | None = said("The id of the partner that leads.")
    partners: tuple[Partner, ...] = several("The organisations that stand behind the bid.")
    health_and_wellbeing_boards: tuple[Board, ...] = several("The Health and Wellbeing Board or Boards of the area.")
    submission_date: Day | None = said("The day on which the bid is, or will be, sent.")
    joint_application: bool | None = Field(
        default=None, strict=True, description="Whether several organisations apply together."
    )
    vision: Vision = part(Vision, "C1: the vision.")
    whole_system: WholeSystem = part(WholeSystem, "C2: whole-system integration.")
    commitment: Commitment = part(Commitment, "C3: commitment across the area.")
    capability: Capability = part(Capability, "C4: capability to deliver.")
    sharing: Sharing = part(Sharing, "C5: sharing lessons.")
    evidence: Evidence = part(Evidence, "C6: the evidence.")
    support_needed: tuple[SupportNeeded, ...] = several("Support asked of the national partners.")


# --- What the models cannot say --------------------------------------------------------------------------------------

Plain = str | int | bool | Decimal | When | None | list["Plain"] | dict[str, "Plain"]


def plain(part: object) -> Any:
    """The bid as nested dicts and lists with typed leaves: what rules and templates read."""
    if isinstance(part, BaseModel):
        return {name: plain(value) for name, value in part.__dict__.items()}
    if isinstance(part, tuple):
        return [plain(item) for item in part]
    return part


def broken_references(bid: object) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Ids that stand twice and a lead that is no partner, each as (path, message, hint).

    Takes a Bid or, so that these come in one run with all other faults, the content of a file that is not yet one;
    what is wrong there in another way is passed over.
    """
    content = plain(bid)
    partners, sources = _ids(content, "partners"), _ids(content, "evidence", "sources")
    for root, ids in ((("partners",), partners), (("evidence", "sources"), sources)):
        for index, name in enumerate(ids):
            if name is not None and name in ids[:index]:
                yield (*root, index, "id"), f'the id "{name}" is taken by an earlier entry', "give each its own id"
    lead = _id(content, "lead")
    if lead is not None and lead not in partners and None not in partners and content.keys() <= Bid.model_fields.keys():
        known = ", ".join(map(str, partners)) or "none yet"
        yield ("lead",), f'no partner has the id "{lead}"', f"the ids of partners are: {known}"


def is_id(text: str) -> bool:
    """Whether a text can be an id."""
    return len(text) <= LONGEST_ID and re.fullmatch(_ID, text) is not None


def _id(part: object, key: str) -> str | None:
    found = part.get(key) if isinstance(part, dict) else None
    return found if isinstance(found, str) and re.fullmatch(_ID, found) else None


def _ids(part: Any, *path: str) -> list[str | None]:
    """The id of each entry of a list, None for one that cannot be read; `[None]` for what is no list."""
    for step in path:
        part = part.get(step) if isinstance(part, dict) else None
    if part is None:
        return []
    return [_id(entry, "id") for entry in part] if isinstance(part, list) else [None]


def leads_somewhere(steps: Sequence[str]) -> bool:
    """Whether a path of field names, with `*` for each item of a list, leads to a part or a field of a bid."""
    current: Any = Bid
    for step in steps:
        if step == "*":
            listed = _inside(current, tuple)
            if listed is None:
                return False
            current = get_args(listed)[0]
            continue
        model = _inside(current, BaseModel)
        if model is None or step not in model.model_fields:
            return False
        current = model.model_fields[step].annotation
    return True


def _inside(annotation: Any, kind: type) -> Any:
    """The model, or the tuple, in an annotation such as `Area | None`; None when there is none."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, kind) else None
    if get_origin(annotation) is kind:
        return annotation
    if get_origin(annotation) in (Union, UnionType):
        return next((found for option in get_args(annotation) if (found := _inside(option, kind))), None)
    return None
