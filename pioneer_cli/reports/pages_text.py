"""The economics of a bid's pages for people at a terminal: where they go, then what to cut or what would gain most."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from textwrap import wrap

from pioneer_cli.cuts import Cut, CutList
from pioneer_cli.economics import Economics
from pioneer_cli.edits import value_at
from pioneer_cli.gains import LineGain
from pioneer_cli.page_use import HeadingUse, PageUse, SectionUse, codes_hold
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import Look, carried, commandless, page_count, printable

MOST_SHOWN = 8  # cuts beyond the set
_BAR = 10  # characters of the longest bar
_FIGURES = 38  # columns behind the names, bars aside
_ROOM_FOR_BARS = 80


def pages_text(found: Economics, look: Look) -> str:
    """The report; one line with `look.quiet`."""
    headline = f"{found.source.name}{against_pack(found)}: {room_in_words(found)}"
    blocks = [[headline]] if look.quiet else [*_body(found, look), [headline]]
    lines = [printable(line, look.encoding).rstrip() for block in _apart(blocks) for line in block]
    return commandless("\n".join(lines)) + "\n"


def _apart(blocks: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    for index, block in enumerate(block for block in blocks if block):
        if index:
            yield [""]
        yield block


def _body(found: Economics, look: Look) -> Iterator[list[str]]:
    yield _table(found.use, look)
    yield _notes(found, look)
    if found.cuts is not None:
        yield from _cuts(found, found.cuts, look)
    elif found.gains:
        yield _gains(found, look)


def against_pack(found: Economics) -> str:
    """Which pack the pages are held to, where that is not the one of the bid's own call: ` against NAME`."""
    name = found.pack.about.name
    return "" if name == found.source.call else f" against {name}"


def room_in_words(found: Economics) -> str:
    """The count, and the room that is left or what is over: `10 of 10 pages; page 10: 2.3 lines left`."""
    use = found.use
    pages = page_count(found.printed.typeset.pages(use.limit))
    if use.over and use.limit is not None:
        over = f"over by {plural(ceil(-use.lines_left), 'line')} ({float(-use.lines_left / use.page_lines):.2f} pages)"
        return f"{use.count} pages, where the limit is {use.limit}: {over}"
    on_last = use.count * use.page_lines - use.used
    more = (use.limit or use.count) - use.count
    rest = f", and {plural(more, 'page')} more" if more else ""
    limit = ", and the call sets no limit" if use.limit is None else ""
    return f"{pages}{limit}; page {use.count}: {tenths(on_last)} lines left{rest}"


def tenths(number: Fraction) -> str:
    """A figure to a tenth; next to nothing is 0.0 and not -0.0."""
    return f"{round(float(number), 1) + 0.0:.1f}"


def _points(cost: Fraction) -> str:
    """What a cut costs; a cut that would raise the score costs nothing."""
    return f"{tenths(max(cost, Fraction(0)))} points"


# --- The table -------------------------------------------------------------------------------------------------------


def _table(use: PageUse, look: Look) -> list[str]:
    """Sections and headings with their figures; in a narrow terminal names have the room of the bars."""
    longest = max((section.pages for section in use.sections), default=Fraction(0)) or Fraction(1)
    full, dotted = ("#", ".") if carried("█·", look.encoding) != "█·" else ("█", "·")
    bars = _BAR if look.width >= _ROOM_FOR_BARS else 0
    width = look.width - _FIGURES - (bars + 1 if bars else 0)

    def row(name: str, page: str, pages: str, bar: str, words: str) -> str:
        shown = name if len(name) <= width else name[: width - 1].rstrip() + "…"
        drawn = f"{bar:<{bars}} " if bars else ""
        return f"{shown:<{width}} {page:>4} {pages:>6} {drawn}{words:>5}"

    def used(name: str, part: SectionUse | HeadingUse, mark: str) -> str:
        bar = mark * round(bars * part.pages / longest)
        return row(name, str(part.first_page), f"{float(part.pages):.2f}", bar, str(part.words))

    rows = [f"{row('Section', 'Page', 'Pages', '', 'Words')} Share Marks  Budget"]
    for section in use.sections:
        rows.append(used(_name(section), section, full) + _share(section))
        for heading in section.headings:
            codes = f"{', '.join(heading.codes)}  " if heading.codes else ""
            rows.append(used(f"  {codes}{heading.title}", heading, dotted))
    total = sum((section.pages for section in use.sections), Fraction(0))
    rows.append(row("all", "", f"{float(total):.2f}", "", str(sum(section.words for section in use.sections))))
    return rows


def _name(section: SectionUse) -> str:
    return f"{section.id}  {section.title}" if section.marks is not None else section.title


def _share(section: SectionUse) -> str:
    marks = "" if section.marks is None else _percent(section.marks)
    budget = "" if section.budget is None else f"{float(section.budget):.1f}{' !' if section.over_budget else '  '}"
    return f" {_percent(section.share):>5} {marks:>5} {budget:>7}"


def _percent(share: Fraction) -> str:
    return f"{round(100 * share)} %"


def _notes(found: Economics, look: Look) -> list[str]:
    """What stands out: sections far over their budget, considerations without text, and whose figures these are."""
    lines = []
    for section in found.use.sections:
        if section.over_budget and section.budget is not None:
            lines.append(
                f"note: {section.id} takes {float(section.pages):.2f} pages, and its budget is "
                f"{float(section.budget):.1f} (house)."
            )
    silent = without_text(found)
    if silent:
        lines.append(f"note: no text of its own has {', '.join(silent)}.")
    lines.append(
        "Share is of the pages used, marks of the pack's weights; budgets are the pack's own (house), since calls "
        "limit the whole bid."
    )
    return _wrapped(lines, look)


def without_text(found: Economics) -> tuple[str, ...]:
    """The considerations that no heading of the document names; none where its codes are of another call."""
    if not codes_hold(found.printed, found.pack):
        return ()
    named = {code for section in found.use.sections for heading in section.headings for code in heading.codes}
    considerations = (consideration for criterion in found.pack.criteria for consideration in criterion.considerations)
    return tuple(consideration.id for consideration in considerations if consideration.id not in named)


# --- Cuts and gains --------------------------------------------------------------------------------------------------


def _cuts(found: Economics, cuts: CutList, look: Look) -> Iterator[list[str]]:
    limit = found.use.limit or 0
    tried = f"{plural(cuts.tried, 'candidate')} tried, {len(cuts.cuts)} proved to save lines"
    if cuts.chosen:
        words = sum(cut.words for cut in cuts.chosen)
        head = (
            f"What to cut: {plural(len(cuts.chosen), 'cut')} of {plural(words, 'word')} in all, and the bid has "
            f"{cuts.set_pages} of {limit} pages. The score falls by {_points(cuts.set_cost)} of 100. ({tried}.)"
        )
    else:
        head = f"What to cut: no set of cuts was found that brings the bid to {limit} pages. ({tried}.)"
    yield [*_wrapped([head], look), *(line for cut in cuts.chosen for line in _cut(found, cut, look))]
    others = [cut for cut in cuts.cuts if cut not in cuts.chosen]
    if others:
        rest = f", the best {MOST_SHOWN} of {len(others)}" if len(others) > MOST_SHOWN else ""
        yield [f"Other cuts{rest}", *(line for cut in others[:MOST_SHOWN] for line in _cut(found, cut, look))]


def _cut(found: Economics, cut: Cut, look: Look) -> list[str]:
    what = f"  saves {tenths(cut.lines)} lines, costs {_points(cut.cost)}: {cut.reason}"
    return [f"{place_in_file(found, cut)} {section_of(found, cut)}", *_wrapped([what, f"  “{cut.quote}”"], look, "  ")]


def section_of(found: Economics, cut: Cut) -> str:
    """The criteria of the section that a cut is in, or else the bid's key of it."""
    names = {section.name: section.id for section in found.use.sections}
    return names.get(cut.section, cut.section)


def place_in_file(found: Economics, cut: Cut) -> str:
    """Where a cut begins in the bid's file: `bid.yaml:12:5`."""
    source, removal = found.source, cut.removal
    path = removal.path
    while path and path not in source:
        path = path[:-1]
    text = value_at(source.content, path)
    if removal.end is None or not isinstance(text, str):
        return f"{source.name}:{source.value_span(path).start}"
    first = next(iter(text[removal.start : removal.end].split()), "")
    span = source.text_span(path, first, text[: removal.start].count(first))
    return f"{source.name}:{span.start}"


def _gains(found: Economics, look: Look) -> list[str]:
    use = found.use
    left = f"the {tenths(use.lines_left)} lines that are left" if use.limit is not None else "more lines"
    lines = [
        f"What {left} would gain most{of_how_many(found)}. The lines are those that a sentence of ours takes in the "
        "place where the rule falls short."
    ]
    return [*_wrapped(lines, look), *(line for gain in found.gains for line in _gain(gain, use, look))]


def of_how_many(found: Economics) -> str:
    """How many gaps there are beside those that were measured: `, the best 8 of 31 gaps`; empty when all were."""
    gaps = len(found.assessment.cheapest_gains)
    return f", the best {len(found.gains)} of {gaps} gaps" if gaps > len(found.gains) else ""


def _gain(gain: LineGain, use: PageUse, look: Look) -> list[str]:
    rule = gain.finding.rule
    room = "" if use.limit is None or gain.lines <= use.lines_left else ", more than are left"
    points = f"+{tenths(gain.gain)} points, {tenths(gain.lines)} lines{room}"
    return _wrapped([f"  {points}: {rule.id} ({gain.finding.consideration.id}): {rule.claim}"], look, "    ")


def _wrapped(lines: Sequence[str], look: Look, indent: str = "") -> list[str]:
    """Lines no wider than the look allows; what runs over is indented."""
    out = []
    for line in lines:
        out += wrap(line, look.width, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return out
