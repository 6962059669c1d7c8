"""The small criteria pack of `tests/packs/small`: two criteria, alternatives, a condition, a question for people."""

import shutil
from pathlib import Path

from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Pack

FOLDER = Path(__file__).parent / "packs" / "small"
RULES = (
    "vision-is-stated", "outcomes-have-measures", "prevention-is-described", "care-is-personal",
    "lead-of-a-joint-bid-is-named", "it-is-credible", "evaluation-is-promised",
)  # fmt: skip


def write_small_pack(folder: Path) -> Path:
    """Copies the pack's files into a folder, which it makes."""
    return Path(shutil.copytree(FOLDER, folder))


def small_pack() -> Pack:
    """The pack, loaded."""
    loaded = load_pack(str(FOLDER))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    assert tuple(rule.id for _, _, rule in loaded.pack.rules()) == RULES
    return loaded.pack
