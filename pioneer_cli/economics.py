"""The economics of a bid's pages: where they go, what to cut when there are too many, and what else would gain most."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pioneer_cli.assessment import Assessment
from pioneer_cli.bid import Phase
from pioneer_cli.cuts import CutList, cut_list
from pioneer_cli.gains import LineGain, line_gains
from pioneer_cli.judge import judge
from pioneer_cli.pack import Pack
from pioneer_cli.page_use import PageUse, page_use
from pioneer_cli.press import Press, Printed
from pioneer_cli.source import Source


@dataclass(frozen=True, slots=True)
class Economics:
    """Where the pages of a bid go, the assessment that this rests on, and what to cut or to add.

    `cuts` is None for a bid within its limit, and `gains` are empty for one that is over it.
    """

    source: Source
    pack: Pack
    title: str
    printed: Printed
    assessment: Assessment
    use: PageUse
    cuts: CutList | None
    gains: tuple[LineGain, ...]


def economics(
    source: Source, bid: Mapping[str, Any], pack: Pack, phase: Phase, press: Press, *, advice: bool = True
) -> Economics:
    """Typesets a bid, judges it and, for `advice`, works out what to cut or what to add. Raises PioneerError.

    `bid` is the plain data of the source's bid.
    """
    printed = press.typeset(bid, measured="lines")
    pages = printed.typeset.pages(pack.about.page_limit)
    assessment = judge(pack, bid, phase, pages)
    use = page_use(printed, pack)
    found = partial(Economics, source, pack, str(bid["title"]), printed, assessment, use)
    if not advice:
        return found(None, ())
    if not use.over:
        return found(None, line_gains(bid, pack, assessment, press))
    earning = frozenset(
        evidence.path for finding in assessment.findings if finding.low > 0 for evidence in finding.evidence
    )
    cuts = cut_list(bid, printed, use, earning, press, lambda changed: judge(pack, changed, phase, pages).low)
    return found(cuts, ())
