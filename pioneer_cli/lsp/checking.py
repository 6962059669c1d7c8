"""A bid as an editor has it: judged without its pages first, and with them once they are counted.

The same stages as `pioneer check`, with the text in the place of the file. Nothing is parsed or assessed twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pioneer_cli.assessment import Report
from pioneer_cli.bid import plain
from pioneer_cli.diagnostics import Diagnostic
from pioneer_cli.errors import PioneerError
from pioneer_cli.ignores import without_ignored
from pioneer_cli.judge import Finish, choose_pack, look
from pioneer_cli.lsp.settings import Settings
from pioneer_cli.pack import Pack
from pioneer_cli.pipeline import over_budget, read_bid
from pioneer_cli.press import Press
from pioneer_cli.source import Source, parse_bytes
from pioneer_cli.typeset import TypesetError
from pioneer_cli.validate import place


@dataclass(frozen=True, slots=True)
class Looked:
    """What one version of a text gave: the report without pages, and what the pages need.

    `tree` is None when it cannot be judged, and then it is not typeset either.
    """

    source: Source
    pack: Pack | None
    tree: Mapping[str, Any] | None
    report: Report
    diagnostics: tuple[Diagnostic, ...]
    finish: Finish | None


def look_at(text: str, name: str, settings: Settings) -> Looked:
    """Reads and judges a text; whatever is wrong with it, or with the settings, is in the report."""
    source = parse_bytes(text.encode("utf-8", "surrogatepass"), name)
    found = read_bid(source)
    if found.bid is None:
        return _unjudged(source, found.diagnostics, None)
    try:
        loaded = choose_pack(source, found.bid, settings.pack)
    except PioneerError as error:
        return _unjudged(source, (*found.diagnostics, _set_up(source, error)), None)
    diagnostics = (*found.diagnostics, *loaded.diagnostics)
    if loaded.pack is None:
        return _unjudged(source, diagnostics, None)
    tree = plain(found.bid)
    finish = look(loaded.pack, tree, settings.phase)
    report = Report(source, loaded.pack, found.bid.title, diagnostics, finish(None), None)
    return Looked(source, loaded.pack, tree, without_ignored([report])[0], diagnostics, finish)


def count(looked: Looked, settings: Settings) -> Report:
    """The report with the pages, which takes most of the time; without them when typesetting fails, and saying why."""
    source, pack = looked.source, looked.pack
    if looked.tree is None or pack is None or looked.finish is None:
        return looked.report
    try:
        with Press(settings.template) as press:
            pages = press.typeset(looked.tree).typeset.pages(pack.about.page_limit)
    except TypesetError as error:
        return _unjudged(source, (*looked.diagnostics, _failed(source, error)), pack).report
    except PioneerError as error:
        return _unjudged(source, (*looked.diagnostics, _set_up(source, error)), pack).report
    notes = over_budget(source, pack, pages)
    report = Report(source, pack, looked.report.title, (*looked.diagnostics, *notes), looked.finish(pages), pages)
    return without_ignored([report])[0]


def _unjudged(source: Source, diagnostics: tuple[Diagnostic, ...], pack: Pack | None) -> Looked:
    return Looked(source, pack, None, Report(source, pack, "", diagnostics, None, None), diagnostics, None)


def _set_up(source: Source, error: PioneerError) -> Diagnostic:
    return place(source, (), "set-up", error.message, error.hint)


def _failed(source: Source, error: TypesetError) -> Diagnostic:
    return place(source, (), "render-failed", error.message, error.hint)
