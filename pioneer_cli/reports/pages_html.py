"""The economics of a bid's pages as one page of HTML that fetches nothing and runs nothing.

Bars stand beside the figures that they draw and are hidden from screen readers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pioneer_cli.cuts import Cut, CutList
from pioneer_cli.economics import Economics
from pioneer_cli.gains import LineGain
from pioneer_cli.page_use import HeadingUse, PageUse, SectionUse
from pioneer_cli.quantities import plural
from pioneer_cli.reports.html_page import html_page, html_row, html_rows, html_table, safe
from pioneer_cli.reports.pages_style import STYLE
from pioneer_cli.reports.pages_text import (
    MOST_SHOWN,
    of_how_many,
    place_in_file,
    room_in_words,
    section_of,
    tenths,
    without_text,
)

_USE = ("Section", "From page", "Pages", "Words", "Share of pages, and of marks", "Budget")
_CUTS = ("Place in the file", "Section", "Saves", "Costs", "What to cut")
_GAINS = ("Rule", "Consideration", "Gains", "Takes", "What it claims")
_NUMBERS = frozenset({"From page", "Pages", "Words", "Budget", "Saves", "Costs", "Gains", "Takes"})
_HOUSE = (
    "Share is of the pages used, marks of the weights. The call publishes no weights and no pages by criterion: both "
    "are the tool's own (house)."
)


def pages_html(found: Economics) -> str:
    """The report."""
    foot = f"{found.source.name}; {found.pack.about.title}"
    body = f"<main>\n{''.join(_body(found))}</main>\n"
    return html_page("Where the pages go", found.title, STYLE, body, foot)


def _body(found: Economics) -> Iterator[str]:
    state = "over" if found.use.over else "within"
    yield f'<p class="room {state}">{safe(_capital(room_in_words(found)))}.</p>\n'
    yield _use_table(found.use)
    yield from (f"<p>{safe(note)}</p>\n" for note in _notes(found))
    if found.cuts is not None:
        yield from _cut_tables(found, found.cuts)
    elif found.gains:
        yield from _gain_table(found)


def _notes(found: Economics) -> Iterator[str]:
    """What stands out, and whose figures these are."""
    for section in found.use.sections:
        if section.over_budget and section.budget is not None:
            taken, budget = _hundredths(section.pages), tenths(section.budget)
            yield f"{section.id} takes {taken} pages, and its budget is {budget} (house)."
    silent = without_text(found)
    if silent:
        yield f"No text of its own has {', '.join(silent)}."
    yield _HOUSE


# --- Where the pages go ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scale:
    """What the bars are drawn against: all pages used, and the greatest share, which fills the column."""

    total: Fraction
    greatest: Fraction

    def bar(self, kind: str, share: Fraction) -> str:
        """A bar for those who see it."""
        width = float(100 * share / self.greatest)
        return (
            f'<svg class="{kind}" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{width:.1f}" height="1"/></svg>'
        )


def _use_table(use: PageUse) -> str:
    total = sum((section.pages for section in use.sections), Fraction(0))
    shares = (share for section in use.sections for share in (section.share, section.marks or Fraction(0)))
    scale = _Scale(total or Fraction(1), max(shares, default=Fraction(0)) or Fraction(1))
    groups = "".join(html_rows(_section(section, scale)) for section in use.sections)
    words = sum(section.words for section in use.sections)
    every = _row("all", "All", ("", _hundredths(total), f"{words:,}", "", ""), _USE)
    caption = "Pages and words of each section and heading, and the share of pages beside the share of marks"
    return _table(caption, _USE, f"{groups}{html_rows(every)}")


def _section(section: SectionUse, scale: _Scale) -> str:
    """The row of a section and those of its headings."""
    name = section.title if section.marks is None else f"{section.id} {section.title}"
    bars = f"{scale.bar('of-pages', section.share)}<span>{_percent(section.share)} of pages</span>"
    if section.marks is not None:
        bars += f"{scale.bar('of-marks', section.marks)}<span>{_percent(section.marks)} of marks</span>"
    over = " (over)" if section.over_budget else ""
    budget = "" if section.budget is None else f"{tenths(section.budget)}{over}"
    cells = (*_figures(section), f'<div class="bars">{bars}</div>', budget)
    row = _row("section", safe(name), cells, _USE)
    return row + "".join(_heading(heading, scale) for heading in section.headings)


def _heading(heading: HeadingUse, scale: _Scale) -> str:
    bar = scale.bar("of-pages", heading.pages / scale.total)
    name = f"<b>{safe(', '.join(heading.codes))}</b> {safe(heading.title)}"
    share = f'<div class="bars">{bar}<span>{_percent(heading.pages / scale.total)} of pages</span></div>'
    return _row("heading", name, (*_figures(heading), share, ""), _USE)


def _figures(use: SectionUse | HeadingUse) -> tuple[str, str, str]:
    return str(use.first_page), _hundredths(use.pages), f"{use.words:,}"


# --- What to cut, and what would gain --------------------------------------------------------------------------------


def _cut_tables(found: Economics, cuts: CutList) -> Iterator[str]:
    yield f"<h2>What to cut</h2>\n<p>{safe(_advice(found, cuts))}</p>\n"
    if cuts.chosen:
        yield _cut_table(found, "The cuts that bring the bid within its limit", cuts.chosen)
    others = [cut for cut in cuts.cuts if cut not in cuts.chosen]
    if others:
        rest = f", the best {MOST_SHOWN} of {len(others)}" if len(others) > MOST_SHOWN else ""
        yield _cut_table(found, f"Other cuts{rest}", others[:MOST_SHOWN])


def _advice(found: Economics, cuts: CutList) -> str:
    limit = found.use.limit or 0
    if not cuts.chosen:
        return f"No set of cuts was found that brings the bid to {limit} pages; {cuts.tried} were tried."
    words = plural(sum(cut.words for cut in cuts.chosen), "word")
    return (
        f"With {plural(len(cuts.chosen), 'cut')}, of {words} in all, the bid has {cuts.set_pages} of {limit} pages. "
        f"The score falls by {_points(cuts.set_cost)} of 100."
    )


def _cut_table(found: Economics, caption: str, cuts: Sequence[Cut]) -> str:
    rows = "".join(
        _row(
            "cut",
            safe(place_in_file(found, cut)),
            (
                safe(section_of(found, cut)),
                f"{tenths(cut.lines)} lines",
                _points(cut.cost),
                f"{safe(_capital(cut.reason))}. <q>{safe(cut.quote)}</q>",
            ),
            _CUTS,
        )
        for cut in cuts
    )
    return _table(caption, _CUTS, html_rows(rows))


def _gain_table(found: Economics) -> Iterator[str]:
    use = found.use
    left = f"The {tenths(use.lines_left)} lines that are left" if use.limit is not None else "More lines"
    yield (
        f"<h2>What would gain most</h2>\n<p>{left} could answer these{of_how_many(found)}. What each takes was "
        "measured with a sentence of ours in the place where the rule falls short.</p>\n"
    )
    rows = "".join(_gain(gain, use) for gain in found.gains)
    yield _table("Rules by the points gained for the lines taken", _GAINS, html_rows(rows))


def _gain(gain: LineGain, use: PageUse) -> str:
    rule = gain.finding.rule
    room = "" if use.limit is None or gain.lines <= use.lines_left else ", more than are left"
    consideration, claim = safe(gain.finding.consideration.id), safe(rule.claim)
    cells = (consideration, f"+{tenths(gain.gain)} points", f"{tenths(gain.lines)} lines{room}", claim)
    return _row("gain", safe(rule.id), cells, _GAINS)


# --- Parts -----------------------------------------------------------------------------------------------------------


def _table(caption: str, names: Sequence[str], groups: str) -> str:
    return html_table(caption, names, _NUMBERS, groups)


def _row(kind: str, name: str, cells: Iterable[str], names: Sequence[str]) -> str:
    return html_row(kind, name, cells, names, _NUMBERS)


def _points(cost: Fraction) -> str:
    return f"{tenths(max(cost, Fraction(0)))} points"


def _hundredths(value: Fraction) -> str:
    return f"{float(value):.2f}"


def _percent(share: Fraction) -> str:
    return f"{round(100 * share)} %"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
