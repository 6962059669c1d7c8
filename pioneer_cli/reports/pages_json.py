"""The economics of a bid's pages for programs: JSON, version 1; `docs/json.md` lists every key."""

from fractions import Fraction
from typing import Any

from pioneer_cli import __version__
from pioneer_cli.cuts import Cut, CutList
from pioneer_cli.economics import Economics
from pioneer_cli.gains import LineGain
from pioneer_cli.page_use import PageUse, SectionUse
from pioneer_cli.reports.machine_json import machine_json
from pioneer_cli.reports.pages_text import place_in_file, section_of, without_text

VERSION = 1


def pages_json(found: Economics) -> str:
    """The report as one JSON document; pages to a hundredth, lines and points too."""
    document = {
        "version": VERSION,
        "pioneer": __version__,
        "file": found.source.name,
        "sha256": found.source.sha256,
        "title": found.title,
        "pack": found.pack.about.name,
        "weights": found.pack.about.weights,
        "pages": _pages(found.use),
        "sections": [_section(section) for section in found.use.sections],
        "considerations_without_text": list(without_text(found)),
        "cuts": None if found.cuts is None else _cut_list(found, found.cuts),
        "gaps": len(found.assessment.cheapest_gains),
        "gains": [_gain(gain) for gain in found.gains],
    }
    return machine_json(document, plain=True) + "\n"


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 2)


def _pages(use: PageUse) -> dict[str, Any]:
    return {
        "count": use.count,
        "limit": use.limit,
        "over": use.over,
        "lines_a_page": _number(use.page_lines),
        "lines_used": _number(use.used),
        "lines_left": _number(use.lines_left),
    }


def _section(section: SectionUse) -> dict[str, Any]:
    return {
        "section": section.id,
        "title": section.title,
        "first_page": section.first_page,
        "pages": _number(section.pages),
        "words": section.words,
        "share_of_pages": _number(section.share),
        "share_of_marks": _number(section.marks),
        "budget": _number(section.budget),
        "over_budget": section.over_budget,
        "headings": [
            {
                "considerations": list(heading.codes),
                "title": heading.title,
                "first_page": heading.first_page,
                "pages": _number(heading.pages),
                "words": heading.words,
            }
            for heading in section.headings
        ],
    }


def _cut_list(found: Economics, cuts: CutList) -> dict[str, Any]:
    return {
        "lines_needed": _number(cuts.needed),
        "tried": cuts.tried,
        "set": [_cut(found, cut) for cut in cuts.chosen],
        "set_pages": cuts.set_pages,
        "set_cost": _number(cuts.set_cost),
        "proved": [_cut(found, cut) for cut in cuts.cuts],
    }


def _cut(found: Economics, cut: Cut) -> dict[str, Any]:
    line, column = place_in_file(found, cut).rsplit(":", 2)[1:]
    return {
        "kind": cut.kind,
        "path": list(cut.removal.path),
        "line": int(line),
        "column": int(column),
        "section": section_of(found, cut),
        "quote": cut.quote,
        "reason": cut.reason,
        "words": cut.words,
        "lines": _number(cut.lines),
        "cost": _number(cut.cost),
    }


def _gain(gain: LineGain) -> dict[str, Any]:
    return {
        "rule": gain.finding.rule.id,
        "consideration": gain.finding.consideration.id,
        "claim": gain.finding.rule.claim,
        "gain": _number(gain.gain),
        "lines": _number(gain.lines),
        "words": gain.words,
    }
