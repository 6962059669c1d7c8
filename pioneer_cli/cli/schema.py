"""`pioneer schema`: print the JSON Schema of a bid or of a reviewer's file."""

from typing import Annotated, Literal

import typer

EXAMPLES = """\b
Examples:
  pioneer schema bid > bid.schema.json
  pioneer schema review > review.schema.json
"""


def schema_command(
    what: Annotated[Literal["bid", "review"], typer.Argument(help="Whose schema to print.")],
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Print the JSON Schema (draft 2020-12) that editors and other validators hold a bid or a reviewer's file to."""
    from pioneer_cli.cli.output import show
    from pioneer_cli.schema import REVIEW_SCHEMA_FILE, SCHEMA_FILE, committed_schema

    show(committed_schema(SCHEMA_FILE if what == "bid" else REVIEW_SCHEMA_FILE))
