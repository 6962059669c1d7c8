"""What an editor may set: the phase, the pack, the template, and how the page meter is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from pioneer_cli.bid import PHASES, Phase
from pioneer_cli.shipped import shipped_names

SECTION = "pioneer"  # of an editor's settings
MeterKind = Literal["auto", "lens", "hints", "off"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How bids are checked; `pack` takes the place of the one that a bid's call names.

    `meter` shows pages above the lines ("lens") or behind them ("hints"); "auto" takes lenses where the editor has
    them.
    """

    phase: Phase = "submission"
    pack: str | None = None
    template: str = "eoi"
    meter: MeterKind = "auto"


def read_settings(given: object, before: Settings, root: Path | None) -> tuple[Settings, tuple[str, ...]]:
    """The settings with what an editor gave in the place of what was set before, and what cannot be taken, in words.

    What is null is not set. Folders are looked for from the root of the workspace.
    """
    if given is None:
        return before, ()
    if not isinstance(given, Mapping):
        return before, ("the settings of pioneer must be names with values",)
    wrong = {name: problem for name, value in given.items() if (problem := _problem(name, value))}
    taken: dict[str, Any] = {}
    for name, value in given.items():
        kind = {"pack": "criteria", "template": "templates"}.get(name)
        if value is not None and name not in wrong:
            taken[name] = _from_root(value, kind, root) if kind else value
    return replace(before, **taken), tuple(wrong.values())


def _problem(name: object, value: object) -> str:
    """What is wrong with one setting; nothing for none that is given."""
    allowed = {"phase": PHASES, "pack": None, "template": None, "meter": get_args(MeterKind)}
    if name not in allowed:
        close = get_close_matches(str(name), allowed, n=1)
        return f"pioneer has no setting {name}" + (f"; did you mean {close[0]}?" if close else "")
    if value is not None and not (isinstance(value, str) and value):
        return f"the setting {name} must be a text"
    choices = allowed[str(name)]
    if value is not None and choices and value not in choices:
        return f"the setting {name} must be one of {', '.join(choices)}, not {value}"
    return ""


def _from_root(name: str, kind: str, root: Path | None) -> str:
    """A shipped name as it is; anything else is a folder, from the root of the workspace on."""
    if root is None or name in shipped_names(kind):
        return name
    return (root / name).as_posix()
