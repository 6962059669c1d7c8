"""Organisations that a bid's texts name and its list of partners does not have, and partners that nothing else names.

A stranger may be a partner that was forgotten; a silent partner may be one in name only. Names are recognised by the
word that an organisation's name ends or begins with, such as Trust or Healthwatch, and by a word that is theirs alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pioneer_cli.mentions import piece_around, word_set
from pioneer_cli.prose import plain_line, sentences
from pioneer_cli.tree import BidPath, field_of


class Named(NamedTuple):
    """An organisation named at a place of the bid, with the words around it; empty for a partner of the list."""

    name: str
    path: BidPath
    piece: str = ""


class Organisations(NamedTuple):
    """Organisations named in texts that are no partners, and partners named nowhere else; in the bid's order."""

    strangers: tuple[Named, ...]
    silent_partners: tuple[Named, ...]


# National bodies, programmes and regulators of 2013 that any bid may name without a partnership.
NATIONAL = (
    "Department of Health", "Department for Education", "Department for Communities and Local Government",
    "Department for Work and Pensions", "Home Office", "Cabinet Office", "Treasury", "Ministry of Justice",
    "Parliament", "National Voices", "NHS England", "NHS Commissioning Board", "Monitor", "Care Quality Commission",
    "NHS Trust Development Authority", "Local Government Association", "Nuffield Trust", "King's Fund",
    "The King's Fund", "Public Health England", "Health Education England",
    "National Institute for Health and Care Excellence", "National Institute for Health Research",
    "Social Care Institute for Excellence", "Think Local Act Personal", "Healthwatch England", "NHS Improving Quality",
    "NHS Confederation", "NHS Clinical Commissioners", "Clinical Commissioners", "Foundation Trust Network",
    "NHS Employers", "Skills for Care", "Skills for Health", "Association of Directors of Adult Social Services",
    "Association of Directors of Children's Services", "Association of Directors of Public Health",
    "Royal College of General Practitioners", "Royal College of Nursing", "Royal College of Physicians",
    "Royal College of Psychiatrists", "College of Social Work", "RAND Europe", "Ernst & Young", "Health Foundation",
    "The Health Foundation", "Joseph Rowntree Foundation", "Audit Commission", "National Audit Office",
    "Office for National Statistics", "Health and Social Care Information Centre",
    "National Collaboration for Integrated Care and Support", "Kaiser Permanente", "Alzheimer's Society", "Carers UK",
    "Age UK", "British Red Cross", "Stroke Association", "Macmillan Cancer Support", "Marie Curie",
    "Experience Led Commissioning", "National Housing Federation", "NHS Leadership Academy",
    "Advancing Quality Alliance", "Academic Health Science Network", "National Health Service", "House of Commons",
    "House of Lords", "European Union", "World Health Organization", "Better Care Fund",
    "Sustainability and Transformation Partnership", "Association of Chief Executives of Voluntary Organisations",
)  # fmt: skip

_CAPITAL = r"[A-Z][\w’'&-]{0,30}"
_PHRASE = re.compile(rf"{_CAPITAL}(?: (?:(?:and|of|for|the|in|on|&) ){{0,2}}{_CAPITAL}){{0,9}}")
_ENDS = re.compile(
    r"(?:Trusts?|Councils?|Clinical Commissioning Group|CCG|Association|Federation|Partnership|Centre|Foundation|Homes|"
    r"Police|Constabulary|Ambulance Service|Ambulance|University|Hospitals?|Infirmary|Hospice|Board|Society|Alliance|"
    r"Consortium|Authority|Voluntary Action|Community Action|Housing|Housing Group|College|Probation|Charity|Network|"
    r"Fire Service|Fire and Rescue Service|Rescue Service|Community Health|Healthcare|Health and Care|Mind|"
    r"Citizens Advice(?: Bureau)?|Limited|Ltd|plc|Forum|Surgery|Medical Practice|Health Centre)$"
)
_BEGINS = re.compile(r"(?:Healthwatch|Age UK|University of|Voluntary Action|Citizens Advice|Age Concern|Mind in) [A-Z]")
# A sentence's first word that a small one follows is rarely part of a name: Members of the Trust Board.
_NO_PART = re.compile(
    r"(?!University|College|Association|Federation|Institute|Society|Friends)[\w’'-]+ (?:of|for|in|on|from) (?:the )?"
)
_SMALL = frozenset({"and", "of", "for", "the", "in", "on", "&"})
# Words that organisations share; a name needs one more to be somebody's own.
_COMMON = word_set(
    """a an the nhs foundation trust trusts council councils clinical commissioning group groups ccg ccgs association
    federation partnership centre homes police constabulary ambulance service services university hospital hospitals
    infirmary hospice board boards society alliance consortium authority voluntary community action housing college
    probation charity network fire rescue health healthcare care mental social adult adults children's children young
    people family families county city borough district metropolitan unitary town parish general royal local integrated
    integration joint programme partners project steering working transformation wellbeing shadow executive governing
    body committee cabinet panel practice practices medical surgery limited ltd plc forum healthwatch citizens advice
    bureau primary secondary acute teaching learning disability patient patients participation public safety
    safeguarding strategic commissioning delivery management operational senior leadership carers carers' centre's
    all each every both our their this that these one two three four five six seven eight nine ten no some new north
    south east west central greater great england english national regional area areas and of for in on with by from to
    sustainability implementation reference stakeholder advisory information governance finance quality workforce
    personal experience shared better older day resource welfare support supported well being"""
)
# How a text speaks of the only partner of a kind.
_BY_KIND: Mapping[str, str] = {
    "council": r"\bcouncil\b",
    "ccg": r"\b(?:clinical )?commissioning groups?\b|\bccgs?\b",
    "acute-trust": r"\bthe hospital\b|\bhospital (?:trust|chief|director)",
    "community-trust": r"\bcommunity (?:health )?(?:services )?trust\b",
    "mental-health-trust": r"\bmental health trust\b",
    "ambulance-trust": r"\bambulance (?:crews?|service|trust|director|staff)\b",
    "primary-care": r"\bfederation\b|\bgeneral practices\b|\bpractices\b",
    "healthwatch": r"\bhealthwatch\b",
    "voluntary-sector": r"\bvoluntary (?:sector|bodies|organisations|services)\b",
    "housing": r"\bhousing (?:association|provider|officers?)\b",
    "education": r"\bschools?\b",
    "police": r"\bpolice\b|\bconstables?\b",
    "probation": r"\bprobation\b",
    "fire": r"\bfire (?:service|and rescue|crews?)\b",
    "public-health": r"\bpublic health (?:team|department)\b",
}
_NAMES = frozenset(
    {
        "title", "area.name", "area.population_source", "partners[].organisation", "partners[].reference",
        "health_and_wellbeing_boards[].name", "health_and_wellbeing_boards[].reference",
        "commitment.governance.bodies[].name", "commitment.governance.bodies[].accountable_to",
        "evidence.sources[].citation", "evidence.sources[].finding", "evidence.sources[].used_for",
        "evidence.provider_impact[].provider", "vision.outcomes[].baseline.source",
    }
)  # fmt: skip


_SMALL_WORD = re.compile(r"(?<![\w’'-])[a-z][\w&]*(?:['’-][\w&]+)*")  # a word that is nobody's own
MOST_NAMED = 150  # organisations; no bid of ten pages has half as many


def organisations(bid: Mapping[str, Any]) -> Organisations:
    """The strangers and the silent partners of a bid's plain data (C3a: commitment across the local area)."""
    lines = [(sentence.path, sentence.text) for sentence in sentences(bid)]
    return Organisations(tuple(_strangers(bid, lines)), tuple(_silent(bid, lines)))


# --- Strangers -------------------------------------------------------------------------------------------------------


def _strangers(bid: Mapping[str, Any], lines: list[tuple[BidPath, str]]) -> Iterator[Named]:
    national = [_words(name) for name in NATIONAL]
    known = [_words(name) for name in _known(bid)]
    told: set[frozenset[str]] = set()
    small = frozenset(
        part for _, text in lines for word in _SMALL_WORD.findall(text) for part in (word, word.split("-")[0])
    )
    for path, text in lines:
        for name, start in _phrases(text):
            words = _words(name)
            if len(told) == MOST_NAMED:
                return
            if words in told or not words - _COMMON or field_of(path) in _NAMES:
                continue
            if not words - _COMMON <= small and not _names_known(name, known, national):
                told.add(words)
                yield Named(name, path, piece_around(text, start, start + len(name)))


def _names_known(name: str, known: list[frozenset[str]], national: list[frozenset[str]]) -> bool:
    """Whether a name, or the end of it, is a known one: a sentence may begin with another capital before it."""
    words = name.split()
    ends = [" ".join(words[index:]) for index in range(1, len(words) - 1) if words[index][0].isupper()]
    own = [_words(end) for end in ends if _ENDS.search(end) and _words(end) - _COMMON]
    if any(_is_short_for(end, other) for end in (_words(name), *own) for other in (*known, *national)):
        return True
    return any(other - _COMMON and len(other) > 1 and _bare(other) <= _bare(_words(name)) for other in known)


def _phrases(text: str) -> Iterator[tuple[str, int]]:
    """The capitalised phrases of a line that sound like an organisation, with where they begin."""
    for found in _PHRASE.finditer(text):
        start, phrase = found.start(), found[0]
        first = re.match(r"(?:The|All|Our|Both|Each|Its|Their|This|With|From|In|At|And|For|Of|By|A|An) ", phrase)
        if first:
            start, phrase = start + first.end(), phrase[first.end() :]
        before = _NO_PART.match(phrase) if found.start() == 0 else None
        if before:
            start, phrase = start + before.end(), phrase[before.end() :]
        phrase = re.sub(r"['’]s?$", "", phrase)
        if " " in phrase and (_ENDS.search(phrase) or _BEGINS.match(phrase)):
            yield phrase, start


def _known(bid: Mapping[str, Any]) -> Iterator[str]:
    for partner in bid["partners"]:
        yield partner["organisation"]
    for board in bid["health_and_wellbeing_boards"]:
        yield board["name"]
    for body in bid["commitment"]["governance"]["bodies"]:
        yield body["name"]
    for source in bid["evidence"]["sources"]:
        yield source["citation"]


def _words(name: str) -> frozenset[str]:
    found = (word.strip("'’").removesuffix("'s").removesuffix("’s") for word in re.findall(r"[\w’'&-]+", name.lower()))
    return frozenset(word for word in found if word and word not in _SMALL)


_LISTED = ("organisation", "reference")
_FORMS = frozenset(
    {"nhs", "foundation", "trust", "general", "royal", "local", "service", "services", "group", "limited", "ltd"}
)


def _bare(words: frozenset[str]) -> frozenset[str]:
    """The words of a name without its form and without the plural."""
    return frozenset(word.removesuffix("s") for word in words - _FORMS)


def _is_short_for(words: frozenset[str], known: frozenset[str]) -> bool:
    """Whether a name is that of a known body, shortened or with its form: `Wenbourne General Hospital`."""
    return _bare(words) <= frozenset(word.removesuffix("s") for word in known)


# --- Silent partners -------------------------------------------------------------------------------------------------


def _silent(bid: Mapping[str, Any], lines: list[tuple[BidPath, str]]) -> Iterator[Named]:
    referred = {impact["provider"] for impact in bid["evidence"]["provider_impact"]} | {bid["lead"]}
    kinds = [partner["kind"] for partner in bid["partners"]]
    common = _COMMON | _words(bid["area"]["name"])
    groups = {entry["group"] for entry in bid["commitment"]["stakeholders"] if entry["involvement"]}
    for index, partner in enumerate(bid["partners"][:MOST_NAMED]):
        if partner["id"] in referred or partner["organisation"] in referred:
            continue
        own = ("partners", index)
        elsewhere = "\n".join(text for path, text in lines if path[:2] != own and path[-1] not in _LISTED)
        others = frozenset(
            word
            for other in bid["partners"][:MOST_NAMED]
            if other is not partner
            for word in _words(other["organisation"])
        )
        by_kind = _BY_KIND.get(partner["kind"]) if kinds.count(partner["kind"]) == 1 else None
        if partner["kind"] in groups or (by_kind and re.search(by_kind, elsewhere.lower())):
            continue
        if not any(re.search(form, elsewhere) for form in _forms(partner, common | others)):
            yield Named(plain_line(partner["organisation"]), ("partners", index, "organisation"))


def _forms(partner: Mapping[str, Any], common: Iterable[str]) -> Iterator[str]:
    """How a text may name a partner, as expressions: in full, shortened, by its initials or by the word of its own."""
    name = re.sub(r"\s*\(.*$", "", plain_line(partner["organisation"])) or partner["organisation"]
    yield _as_word(name, any_case=True)
    short = re.sub(r"^(?:The|NHS) |(?: (?:NHS|Foundation|Trust|Limited|Ltd))+$", "", name)
    if " " in short:
        yield _as_word(short, any_case=True)
    initials = "".join(word[0] for word in re.findall(r"[A-Z][\w’'-]*", name))
    for acronym in (initials, partner["id"].upper()):
        if len(acronym) > 2:
            yield _as_word(acronym)
    own = [word for word in re.findall(r"[\w’'-]+", name) if word[0].isupper() and not _words(word) & frozenset(common)]
    for word in own:
        if _words(word):
            yield _as_word(word)


def _as_word(text: str, *, any_case: bool = False) -> str:
    escaped = rf"(?<!\w){re.escape(text)}(?!\w)"
    return f"(?i:{escaped})" if any_case else escaped
