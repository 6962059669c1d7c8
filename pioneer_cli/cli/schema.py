"""`pioneer schema`: print the JSON Schema of a bid, a reviewer's file, an annex of replies or a limit proof."""

from typing import Annotated, Literal

import typer

EXAMPLES = """\b
Examples:
  pioneer schema bid > bid.schema.json
  pioneer schema review > review.schema.json
"""


def schema_command(
    what: Annotated[Literal["bid", "review", "replies", "proof"], typer.Argument(help="Whose schema to print.")],
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Print the JSON Schema (draft 2020-12) that editors and other validators hold such a file to."""
    from pioneer_cli.cli.output import show
    from pioneer_cli.schema import committed_schema

    show(committed_schema(f"{what}.schema.json"))
