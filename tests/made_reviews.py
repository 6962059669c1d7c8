"""Reviewers' files made for tests: complete ones for any bid and pack, and variations of them, as YAML."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from made_bids import ROOT, repo_bid

from pioneer_cli.check_review import Desk, quotable
from pioneer_cli.load_pack import load_pack, pack_digest
from pioneer_cli.prose import LEAST_QUOTED, free_texts, plain_line
from pioneer_cli.source import read

Content = dict[str, Any]
Change = Callable[[Content], object]
PIONEERS = "pioneers-2013"


@cache
def desk_of(name: str, pack: str = PIONEERS) -> Desk:
    """The desk with a bid of `bids/`."""
    source = read(str(ROOT / "bids" / f"{name}.yaml"), f"bids/{name}.yaml")
    loaded = load_pack(pack).pack
    assert loaded is not None
    tree = repo_bid(name)
    return Desk(source, tree, loaded, pack_digest(pack), quotable(tree))


def quote_from(desk: Desk, section: str) -> str:
    """Some words of a section of the bid, or of anywhere in it."""
    texts = [plain_line(text) for path, text in free_texts(desk.bid) if path[0] == section]
    texts += [plain_line(text) for _, text in free_texts(desk.bid)]
    return " ".join(next(text for text in texts if len(text.split()) > LEAST_QUOTED).split()[:8])


def review_of(
    desk: Desk, reviewer: str = "r1", level: int = 4, verdict: str = "sift-in", answer: str = "met"
) -> Content:
    """A complete review that gives every criterion one level."""
    return {
        "reviewer": reviewer,
        "agreed": False,
        "bid": {"title": desk.bid["title"], "sha256": desk.source.sha256},
        "pack": {"name": desk.pack.about.name, "sha256": desk.pack_sha256},
        "conflicts": [],
        "criteria": [
            {
                "criterion": criterion.id,
                "level": level,
                "reasons": f"What is said on {criterion.id} is clear, with dates for most of it.",
                "strengths": [f"People were asked about {criterion.id}"],
                "weaknesses": [f"More figures on {criterion.id} would help"],
                "quotes": [quote_from(desk, criterion.section)],
            }
            for criterion in desk.pack.criteria
        ],
        "questions": [
            {"question": rule.id, "answer": answer, "reason": f"We talked about {rule.id} and agree."}
            for _, _, rule in desk.pack.rules()
            if rule.is_judged
        ],
        "recommendation": {"verdict": verdict, "reason": "The plans are clear and people stand behind them."},
    }


def write_reviews(folder: Path, *reviews: Content) -> Path:
    """Writes reviews into a folder, each under its reviewer's id, as the JSON that all YAML readers know."""
    folder.mkdir(parents=True, exist_ok=True)
    for review in reviews:
        text = json.dumps(review, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{review['reviewer']}.yaml").write_text(text, encoding="utf-8")
    return folder
