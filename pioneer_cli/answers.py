"""Answers that are known beforehand: what `pioneer explain NAME` and `pioneer rules` print of the pioneers' pack.

Loading the command line's library, the models and the pack takes four times as long as looking an answer up, so
`docs/generate.py` writes them all into `answers.json`. An answer is only given for the very files that it was made
from; whoever has changed the pack, asks in any other way or has a narrow terminal gets it worked out.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

PACK = "pioneers-2013"
WIDTH = 80  # columns that the answers are set in
ANSWERS = Path(__file__).parent / "answers.json"


def known_answer(arguments: Sequence[str]) -> str | None:
    """What the command line prints, or None when that has to be worked out."""
    if not arguments or arguments[0] not in ("explain", "rules"):
        return None
    answer = _known().get("answers", {}).get(key_of(arguments))
    return answer if isinstance(answer, str) else None


def known_names() -> list[str] | None:
    """Everything that can be explained, or None when that has to be worked out."""
    names = _known().get("names")
    return names if isinstance(names, list) else None


def _known() -> dict[str, Any]:
    """All that is known of the pack as it lies here; nothing of one that was changed."""
    try:
        known = json.loads(ANSWERS.read_bytes())
        return dict(known) if known["made_from"] == pack_digest() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def key_of(arguments: Sequence[str]) -> str:
    """What a command line is filed under: names are the same in small letters, options are not."""
    return json.dumps([argument if argument.startswith("-") else argument.lower() for argument in arguments])


def pack_digest() -> str:
    """A digest of the pack's files, in the order of their names. Raises OSError when they are not there."""
    package = Path(__file__).parent
    places = (package / "criteria" / PACK, package.parent / "criteria" / PACK)
    folder = next((place for place in places if place.is_dir()), places[0])
    digest = sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
