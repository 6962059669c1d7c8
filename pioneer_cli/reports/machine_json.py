"""JSON that a terminal or a build server can be shown: nothing in it steers the one or orders the other."""

import json
import re
from typing import Any

from pioneer_cli.reports.look import UNPRINTABLE


def machine_json(value: Any, *, plain: bool, indent: int | None = 2) -> str:
    """A value as JSON, in ASCII where `plain`; what a terminal or a build obeys is escaped, which changes no value."""
    text = json.dumps(value, ensure_ascii=plain, indent=indent)
    shown = UNPRINTABLE.sub(lambda match: _escaped(match.group()), text)
    return re.sub(r"(?i)#(?=#(?:vso)?\[)", r"\\u0023", shown) if "##" in shown else shown


def is_plain(encoding: str) -> bool:
    """Whether an encoding is not known to carry every character."""
    return encoding.lower() not in ("utf-8", "utf8")


def _escaped(char: str) -> str:
    return char if char == "\n" else json.dumps(char)[1:-1]
