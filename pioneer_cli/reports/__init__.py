"""The reporters, one file a format: pure functions from a report to text, in one literal table.

`part` writes one bid's report and `whole` puts the parts of a run together, so that a batch can write each part where
it was judged.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from pioneer_cli.assessment import Report
from pioneer_cli.reports.look import Look


class Reporter(Protocol):
    """What every module of the table offers."""

    def part(self, report: Report, look: Look) -> str:
        """One bid's report."""

    def whole(self, parts: Sequence[str]) -> str:
        """The output of a run, from its bids' parts in order."""


FORMATS: Mapping[str, str] = {
    "text": "pioneer_cli.reports.text",
    "json": "pioneer_cli.reports.json_v1",
    "sarif": "pioneer_cli.reports.sarif",
    "junit": "pioneer_cli.reports.junit",
    "github": "pioneer_cli.reports.github",
    "gitlab": "pioneer_cli.reports.gitlab",
    "markdown": "pioneer_cli.reports.markdown_comment",
    "csv": "pioneer_cli.reports.csv_rows",
}


def reporter(name: str) -> Reporter:
    """The reporter of a format, imported only now, since the terminal's costs more than all others together."""
    return cast(Reporter, import_module(FORMATS[name]))
