"""The reporters, one file a format: each a pure function from reports to text, in one literal table."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from pioneer_cli.assessment import Report
from pioneer_cli.reports.look import Look

Reporter = Callable[[Sequence[Report], Look], str]

FORMATS: Mapping[str, str] = {
    "text": "pioneer_cli.reports.text",
    "json": "pioneer_cli.reports.json_v1",
    "github": "pioneer_cli.reports.github",
}


def reporter(name: str) -> Reporter:
    """The reporter of a format, imported only now, since the terminal's costs more than all others together."""
    found: Reporter = import_module(FORMATS[name]).write
    return found
