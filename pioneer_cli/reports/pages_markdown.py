"""Where the pages of a bid go, as a Markdown table for the summary of a build or a comment on a change."""

import re
from collections.abc import Iterator
from fractions import Fraction

from pioneer_cli.economics import Economics
from pioneer_cli.page_use import PageUse, SectionUse
from pioneer_cli.reports.look import printable
from pioneer_cli.reports.pages_text import room_in_words

_HEAD = ("| Section | Page | Pages | Words | Share | Marks | Budget |", "|:---|---:|---:|---:|---:|---:|---:|")


def pages_markdown(found: Economics) -> str:
    """A heading with the count, and a row for each section; what no terminal may see is escaped, as is Markdown."""
    headline = f"{found.source.name}: {room_in_words(found)}"
    lines = (f"### {_plain(headline)}", "", *_HEAD, *_rows(found.use))
    return "\n".join(lines) + "\n"


def _rows(use: PageUse) -> Iterator[str]:
    for section in use.sections:
        yield _row(
            f"{section.id} {section.title}" if section.marks is not None else section.title,
            str(section.first_page),
            f"{float(section.pages):.2f}",
            str(section.words),
            _percent(section.share),
            _percent(section.marks),
            _budget(section),
        )
    total = sum((section.pages for section in use.sections), Fraction(0))
    words = sum(section.words for section in use.sections)
    yield _row("all", "", f"{float(total):.2f}", str(words), "", "", "")


def _row(name: str, *figures: str) -> str:
    return f"| {_plain(name)} | {' | '.join(figures)} |"


def _percent(share: Fraction | None) -> str:
    return "" if share is None else f"{round(100 * share)} %"


def _budget(section: SectionUse) -> str:
    """The pack's pages for a section, with a word where it takes far more."""
    over = " (over)" if section.over_budget else ""
    return "" if section.budget is None else f"{float(section.budget):.1f}{over}"


def _plain(text: str) -> str:
    """A text of which Markdown and HTML make nothing but that text, on one line."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", printable(text))
