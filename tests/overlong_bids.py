"""Bids that are too long: the exemplar with more paragraphs and rows, of words in no order; each seed gives one.

Enough of the words hold sentences together, since keywords strung together would state nothing.
"""

import copy
import random
from typing import Any

from made_bids import Tree, repo_bid

WORDS = [
    "care", "people", "home", "team", "nurse", "doctor", "plan", "money", "year", "with", "carers", "families",
    "hospital", "practice", "their", "which", "trust", "record", "shared", "agreed", "council", "first", "every",
    "another", "partner", "before", "month", "budget", "about", "through", "after", "under",
]  # fmt: skip
PROSE = (
    ("summary",), ("area", "description"), ("vision", "statement"), ("vision", "making_it_real"),
    ("whole_system", "statement"), ("whole_system", "prevention"), ("commitment", "statement"),
    ("commitment", "governance", "statement"), ("capability", "statement"), ("capability", "leadership"),
    ("sharing", "statement"), ("evidence", "statement"), ("evidence", "evaluation"),
)  # fmt: skip


def overlong(seed: int, paragraphs: int = 8, rows: int = 4) -> Tree:
    """The exemplar with more paragraphs, at least five of up to `paragraphs`, and up to so many rows more."""
    chance = random.Random(seed)
    bid = copy.deepcopy(repo_bid("exemplar"))
    for _ in range(chance.randint(min(5, paragraphs), paragraphs)):
        *parents, name = chance.choice(PROSE)
        part: Any = bid
        for step in parents:
            part = part[step]
        part[name] = f"{part[name] or ''}\n\n{paragraph(chance)}".strip()
    risks = bid["capability"]["risks"]
    for _ in range(chance.randint(0, rows)):
        risks.append({**chance.choice(risks), "risk": sentence(chance), "mitigation": paragraph(chance)})
    return bid


def paragraph(chance: random.Random) -> str:
    """Two to five sentences."""
    return " ".join(sentence(chance) for _ in range(chance.randint(2, 5)))


def sentence(chance: random.Random) -> str:
    """Six to twenty-two words."""
    return " ".join(["The", *(chance.choice(WORDS) for _ in range(chance.randint(5, 21)))]) + "."
