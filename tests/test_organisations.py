"""Organisations in a bid's texts that are no partners, and partners that nothing else names, with twins of each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bids import REPO_BIDS, Tree, full_bid, repo_bid, tree_of

from pioneer_cli.edits import value_at, with_value
from pioneer_cli.organisations import NATIONAL, Organisations, organisations
from pioneer_cli.prose import plain_line


def added(sentence: str, name: str = "exemplar", *path: str) -> Tree:
    """A bid with a sentence more at the end of a text."""
    return with_value(repo_bid(name), path or ("summary",), lambda text: f"{text.rstrip()} {sentence}")


def names_of(found: Organisations) -> list[str]:
    return [stranger.name for stranger in found.strangers]


STRANGERS = [
    ("Northgate Hospice will join the teams.", "Northgate Hospice"),
    ("We work with Harborough Borough Council on housing.", "Harborough Borough Council"),
    ("The plan is shared with Saltmarsh Community NHS Trust.", "Saltmarsh Community NHS Trust"),
    ("The University of Marlshire evaluates it.", "University of Marlshire"),
    ("Marlshire University evaluates it.", "Marlshire University"),
    ("Age UK Marlshire runs the lunch clubs.", "Age UK Marlshire"),
    ("Healthwatch Harrowfield sits beside ours.", "Healthwatch Harrowfield"),
    ("Patients go to Saltmarsh General Hospital for surgery.", "Saltmarsh General Hospital"),
    ("NHS Saltmarsh Clinical Commissioning Group shares the cost.", "NHS Saltmarsh Clinical Commissioning Group"),
    ("Beds are bought from Oakfield Homes.", "Oakfield Homes"),
    ("The Marlshire Fire and Rescue Service visits homes.", "Marlshire Fire and Rescue Service"),
    ("It is paid for by the Ridley Foundation.", "Ridley Foundation"),
    ("Saltmarsh Voluntary Action trains the volunteers.", "Saltmarsh Voluntary Action"),
    ("Help comes from Saltmarsh Housing Association.", "Saltmarsh Housing Association"),
    ("The Pennine Alliance compares results.", "Pennine Alliance"),
    ("We meet Saltmarsh Health and Wellbeing Board each spring.", "Saltmarsh Health and Wellbeing Board"),
]
TWINS = [
    "Wenbourne and Vale Council leads.",
    "The Wenbourne Hospitals Trust agreed.",
    "Wenbourne Hospitals and the council agreed.",
    "Harrowfield Mental Health Trust places its staff.",
    "Vale Carers' Centre and the Carers' Centre are one.",
    "The Health and Wellbeing Board and the Integration Programme Board met.",
    "The Clinical Commissioning Group and the Council met.",
    "NHS England and Monitor were told, and the Care Quality Commission too.",
    "The Department of Health and the Local Government Association asked us.",
    "The Nuffield Trust and The King's Fund found the same.",
    "Public Health England publishes it.",
    "The Lay Partners' Panel votes.",
    "Members of the Trust Board came.",
    "Marlshire Police came to the meeting.",
    "The Local Safeguarding Children Board was told.",
    "An Acute Trust cannot do it alone.",
    "The Joint Commissioning Board and the Senior Leadership Forum meet.",
    "Castle Street and Good Neighbours came first.",
    "We follow the National Collaboration for Integrated Care and Support.",
    "The Town Council Forum was told.",
]


@pytest.mark.parametrize(("sentence", "name"), STRANGERS)
def test_a_stranger_is_named_with_its_place(sentence, name):
    (stranger,) = organisations(added(sentence)).strangers
    assert (stranger.name, stranger.path) == (name, ("summary",))
    assert name in stranger.piece


@pytest.mark.parametrize("sentence", TWINS)
def test_partners_boards_and_national_bodies_are_no_strangers(sentence):
    assert names_of(organisations(added(sentence))) == []


def test_a_stranger_is_named_once():
    found = organisations(added("Northgate Hospice joins. The Northgate Hospice joins again."))
    assert names_of(found) == ["Northgate Hospice"]


@pytest.mark.parametrize("body", NATIONAL)
def test_no_national_body_is_a_stranger(body):
    assert names_of(organisations(added(f"We heard from {body} about it."))) == []


@pytest.mark.parametrize("name", REPO_BIDS)
def test_the_bids_of_the_repository_name_no_strangers(name):
    assert names_of(organisations(repo_bid(name))) == []


# --- Silent partners -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "silent"),
    [
        ("exemplar", []),
        ("north-lincolnshire", ["Humberside Police", "Humberside Probation", "Schools"]),
        ("north-west-london", []),
        (
            "north-yorkshire",
            [
                "North Yorkshire County Council",
                "York City Council",
                "Harrogate and Rural District Clinical Commissioning Group",
                "Hambleton, Richmondshire and Whitby Clinical Commissioning Group",
                "Scarborough and Ryedale Clinical Commissioning Group",
                "Vale of York Clinical Commissioning Group",
            ],
        ),
        ("norfolk-2017", []),
    ],
)
def test_partners_that_nothing_else_names(name, silent):
    found = organisations(repo_bid(name)).silent_partners
    assert [partner.name for partner in found] == silent
    assert all(value_at(repo_bid(name), partner.path) == partner.name for partner in found)


NEW = {
    "id": "saltmarsh", "organisation": "Saltmarsh Hospice (charity)", "kind": "other",
    "role": "Nurses of Saltmarsh Hospice", "support": None, "date": None, "reference": "Letter of Saltmarsh Hospice",
}  # fmt: skip


def with_partner(sentence: str = "", **fields: str) -> Tree:
    bid = added(sentence) if sentence else repo_bid("exemplar")
    return {**bid, "partners": [*bid["partners"], {**NEW, **fields}]}


@pytest.mark.parametrize(
    "sentence",
    [
        "", "The hospice nurses share the plan.", "The Trust agreed.", "The salt marsh floods.",
    ],
)  # fmt: skip
def test_a_partner_is_silent_when_only_its_own_entry_names_it(sentence):
    (silent,) = organisations(with_partner(sentence)).silent_partners
    assert silent == ("Saltmarsh Hospice (charity)", ("partners", 14, "organisation"), "")


@pytest.mark.parametrize(
    "sentence",
    [
        "Saltmarsh Hospice shares the plan.", "The nurses of saltmarsh hospice come.", "Nurses come from Saltmarsh.",
        "SALTMARSH is a partner.",
    ],
)  # fmt: skip
def test_a_partner_that_a_text_names_is_not_silent(sentence):
    assert organisations(with_partner(sentence)).silent_partners == ()


def test_a_partner_by_its_initials_or_the_word_for_its_kind_is_not_silent():
    named = with_partner("The SHCT agreed.", organisation="Saltmarsh Health Care Trust")
    assert organisations(named).silent_partners == ()
    kind = with_partner(
        "Probation officers join the team.", organisation="Marlshire Offender Service", kind="probation"
    )
    assert organisations(kind).silent_partners == ()


def test_a_reference_by_id_names_a_partner():
    bid = with_partner()
    impact = {"provider": "saltmarsh", "impact": "More nights", "response": None}
    sources = [*bid["evidence"]["provider_impact"], impact]
    assert organisations({**bid, "evidence": {**bid["evidence"], "provider_impact": sources}}).silent_partners == ()
    assert organisations({**bid, "lead": "saltmarsh"}).silent_partners == ()


# --- Any text --------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "Trust",
        "Council",
        "NHS",
        "Healthwatch",
        "Northgate",
        "and",
        "of",
        "the",
        "The",
        "Age UK",
        "'s",
        ".",
        ",",
        "(",
        "*",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), st.text(min_size=1, max_size=150))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_any_text_in_every_field_is_read_the_same_twice(text):
    bid = tree_of(full_bid(lambda path: text))
    first = organisations(bid)
    assert first == organisations(bid)
    for stranger in first.strangers:
        assert stranger.piece in plain_line(value_at(bid, stranger.path))


@pytest.mark.parametrize("unit", ["Northgate ", "Trust ", "A and ", "Nn", "of the ", "A-", "'", "Healthwatch "])
def test_a_long_text_is_read_to_its_end(unit):
    bid = {**repo_bid("exemplar"), "summary": unit * 10_000}
    assert organisations(bid) == organisations(bid)
