"""Choosing the pack and judging a bid by it: every rule and gate applied, the findings scored.

Apart from `pipeline` so that it can be imported while the typesetter works.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from pioneer_cli.assess import find_all, pass_gates
from pioneer_cli.assessment import Assessment, Finding, Pages
from pioneer_cli.bid import Bid, Phase
from pioneer_cli.load_pack import LoadedPack, load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import Facts
from pioneer_cli.score import score
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import Source
from pioneer_cli.validate import place

Finish = Callable[[Pages | None], Assessment]
Settle = Callable[[tuple[Finding, ...]], tuple[Finding, ...]]


def choose_pack(source: Source, bid: Bid, override: str | None) -> LoadedPack:
    """The pack asked for, or the one that ships for the bid's call."""
    if override is None and bid.call not in shipped_names("criteria"):
        known = shipped_names("criteria")
        close = get_close_matches(bid.call, known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "packs: " + ", ".join(known) + "; or name one with --pack"
        fault = place(source, ("call",), "unknown-call", f'there is no criteria pack called "{bid.call}"', hint)
        return LoadedPack(None, (fault,))
    return _pack(bid.call if override is None else override)


@cache
def _pack(name: str) -> LoadedPack:
    return load_pack(name)


def forget_packs() -> None:
    """Packs are read anew when they are next asked for, since files of theirs may have changed."""
    _pack.cache_clear()


def judge(pack: Pack, tree: Mapping[str, Any], phase: Phase, pages: Pages | None) -> Assessment:
    """Applies every rule and gate and scores the findings."""
    return look(pack, tree, phase)(pages)


def look(pack: Pack, tree: Mapping[str, Any], phase: Phase, settle: Settle = lambda findings: findings) -> Finish:
    """Applies every rule, which takes no pages; what it gives applies the gates to the pages, and scores.

    That the pages are only looked at by gates is held by the pack's loader. `settle` puts the answers of people in the
    place of what no machine can judge.
    """
    findings = settle(find_all(pack, Facts(tree, None), phase))

    def finish(pages: Pages | None) -> Assessment:
        gates = pass_gates(pack, Facts(tree, pages.count if pages else None), phase)
        return score(pack, findings, gates, phase)

    return finish
