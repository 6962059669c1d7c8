"""`pioneer rules`: every rule of a pack, or of one of its criteria, in a line each or as JSON."""

from typing import Annotated

import typer

EXAMPLES = """\b
Examples:
  pioneer rules
  pioneer rules --criterion C3
  pioneer rules --pack integration-transformation-fund-2014 --json
"""


def rules_command(
    criterion: Annotated[
        str | None, typer.Option(metavar="C3", help="Only the rules of this criterion or consideration.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with all that the pack says of each.")] = False,
    pack: Annotated[str, typer.Option(metavar="NAME", help="The criteria pack, by name or folder.")] = "pioneers-2013",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """List the rules of a criteria pack: what each claims, what it is worth, and on whose authority."""
    from pioneer_cli.cli.output import show, text_width
    from pioneer_cli.cli.packs import loaded_or_exit
    from pioneer_cli.explanation import rules_as_json, rules_as_text

    loaded = loaded_or_exit(pack)
    show(rules_as_json(loaded, criterion) if as_json else rules_as_text(loaded, criterion, text_width()))
