"""The page meter: how many pages the bid takes, at its top, and how many each section takes, at its key.

A number that is not of the text on the screen says so.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pioneer_cli.assessment import PRINTED_AS, Pages
from pioneer_cli.source import Source

# Which text the pages are of: the one on the screen, the one before the last edit, or the last that could be typeset.
Fresh = Literal["now", "before-edit", "before-fault"]
_SAID = {"now": "", "before-edit": ", before the last edit", "before-fault": ", before the fault in the file"}
UNKNOWN = "pages not known: mend the faults of the file first"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of the meter: the line that it stands at, counted from 1, and what it says."""

    line: int
    text: str


def meter(source: Source, pages: Pages | None, fresh: Fresh) -> list[Reading]:
    """The readings for a text, in the order of its lines; a section without a key in it has none."""
    top = source.key_span(()).start.line if () in source else 1
    if pages is None:
        return [Reading(top, UNKNOWN)]
    readings = [Reading(top, whole(pages) + _SAID[fresh])]
    for key, code in PRINTED_AS.items():
        section = pages.of(key)
        if section is not None and (key,) in source:
            words = f"{code} {float(section.pages):.2f} pages{_SAID[fresh]}"
            readings.append(Reading(source.key_span((key,)).start.line, words))
    return sorted(readings, key=lambda reading: reading.line)


def whole(pages: Pages) -> str:
    """The whole bid: `9.60 of 10 pages`, and by how much it is over."""
    used = sum((section.pages for section in pages.sections), Fraction(0))
    if pages.limit is None:
        return f"{float(used):.2f} pages"
    over = f": over the limit, {pages.count} pages" if pages.over else ""
    return f"{float(used):.2f} of {pages.limit} pages{over}"
