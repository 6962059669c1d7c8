"""The formats of a report on a stranger's document, in one literal table."""

from collections.abc import Callable, Mapping
from typing import Literal

from pioneer_cli.foreign import report_csv, report_html, report_json, report_text
from pioneer_cli.foreign.claims import Judgement
from pioneer_cli.reports.look import Look

Format = Literal["text", "json", "csv", "html"]

FORMATS: Mapping[Format, Callable[[Judgement, Look], str]] = {
    "text": report_text.write,
    "json": report_json.write,
    "csv": report_csv.write,
    "html": report_html.write,
}
