"""What may be set beside the command line, as one literal table; and reading a value of each kind.

A setting is named as the option that it stands in for: `fail-on` in a file, `PIONEER_FAIL_ON` in the environment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Value = str | float | bool | tuple[str, ...]
Kind = Literal["choice", "score", "level", "switch", "pack", "template", "file"]
MOST_PACKS = 20
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its kind, what it is for, what holds without it (in words), and for a choice what there is."""

    key: str
    kind: Kind
    meaning: str
    default: str
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"PIONEER_{self.key.upper().replace('-', '_')}"

    @property
    def allowed(self) -> str:
        """What it may be, in words, as in `expected …`."""
        return f"one of {', '.join(self.choices)}" if self.choices else _ALLOWED[self.kind]


_ALLOWED: Mapping[Kind, str] = {
    "score": "a number from 0 to 100",
    "level": "a whole number from 0 to 5",
    "switch": "true or false",
    "pack": "the name of a pack, its folder, or a list of these",
    "template": "the name of a template or its folder",
    "file": "the name of a file",
}
SETTINGS = (
    Setting("phase", "choice", "how far the bids are", "submission", ("draft", "submission", "selection-end")),
    Setting("pack", "pack", "the criteria pack; of several, commands that take one use the first", "the bid's call"),
    Setting("template", "template", "the template whose pages count", "eoi"),
    Setting("fail-on", "choice", "what a run ends with 1 for", "error", ("error", "warning", "never")),
    Setting("min-score", "score", "the least score, out of 100", "none"),
    Setting("min-criterion", "level", "the least level of each criterion", "none"),
    Setting("baseline", "file", "the findings that are known and left out", "none"),
    Setting("no-ignores", "switch", "whether what comments in a bid ignore counts as well", "false"),
    Setting("no-pages", "switch", "whether typesetting is left out, and with it the page gate", "false"),
    Setting("gains", "switch", "whether what every gap would gain is listed", "false"),
    Setting("show-arithmetic", "switch", "whether the sums behind the score are printed", "false"),
    Setting("color", "choice", "whether colour is used", "auto", ("auto", "always", "never")),
)
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}
COMMAND_LINE_ONLY = (  # options of `pioneer check` that no setting stands in for
    "output", "format", "quiet", "exit-zero", "stdin-filename", "base", "write-baseline", "fix", "diff", "watch",
    "debug",
)  # fmt: skip


def expected(setting: Setting, value: object) -> str:
    """What a setting may be, in words, to whoever gave it a value that it may not have."""
    if setting.key == "fail-on" and value == "regression":
        return f"regression is for the command line only, with --base; expected {setting.allowed}"
    return f"expected {setting.allowed}"


def read_value(setting: Setting, value: object) -> Value | None:
    """A value as TOML gives it, in the setting's own type; None when it is none that is allowed."""
    return _READ[setting.kind](setting, value)


def read_text(setting: Setting, text: str) -> Value | None:
    """A value as the environment gives it, always as text; packs are parted by commas. None for what is not allowed."""
    if setting.kind == "switch":
        return _WORDS.get(text.strip().lower())
    if setting.kind == "pack":
        return read_value(setting, [name.strip() for name in text.split(",")])
    if setting.kind in ("score", "level"):
        plain = text.strip()[:30]
        if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
            return None
        return read_value(setting, float(plain) if "." in plain else int(plain))
    return read_value(setting, text.strip())


def as_given(value: Value) -> str | bool | list[str]:
    """The value as a command line would give it, which is what its option reads."""
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, (bool, str)) else f"{value:.6f}".rstrip("0").rstrip(".")


def _choice(setting: Setting, value: object) -> Value | None:
    return value if isinstance(value, str) and value in setting.choices else None


def _score(_: Setting, value: object) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if 0 <= value <= 100 else None


def _level(_: Setting, value: object) -> Value | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 5 else None


def _switch(_: Setting, value: object) -> Value | None:
    return value if isinstance(value, bool) else None


def _name(_: Setting, value: object) -> Value | None:
    return value if isinstance(value, str) and value and "\0" not in value else None


def _packs(setting: Setting, value: object) -> Value | None:
    listed = value if isinstance(value, list) else [value]
    names = tuple(name for name in listed if isinstance(name, str) and _name(setting, name))
    return names if 0 < len(names) == len(listed) <= MOST_PACKS else None


_READ: Mapping[Kind, Callable[[Setting, object], Value | None]] = {
    "choice": _choice,
    "score": _score,
    "level": _level,
    "switch": _switch,
    "pack": _packs,
    "template": _name,
    "file": _name,
}
