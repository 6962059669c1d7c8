"""`pioneer new`: write a commented bid to begin from."""

from typing import Annotated

import typer

EXAMPLES = """\b
Example:
  pioneer new bid.yaml
"""


def new_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write; one that is there is never overwritten.")
    ],
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Write a commented starter bid, and beside it the schema by which editors complete and check it."""
    import os
    from pathlib import Path

    from pioneer_cli.cli.output import say, write_file
    from pioneer_cli.errors import PioneerError
    from pioneer_cli.schema import SCHEMA_FILE, committed_schema
    from pioneer_cli.starter import starter_bid

    path = Path(file)
    if path.suffix not in (".yaml", ".yml"):
        raise PioneerError(f"{file} does not end in .yaml", "a bid is a YAML file: name it bid.yaml, say")
    write_file(file, starter_bid().encode("utf-8"), [], overwrite=False)
    say(f"{file}: a bid to begin from")
    say(f"  check it as you write: pioneer check {file} --phase draft")
    schema = path.with_name(SCHEMA_FILE)
    if not os.path.lexists(schema):
        write_file(schema.as_posix(), committed_schema().encode("utf-8"), [], overwrite=False)
        say(f"{schema.as_posix()}: the schema by which editors complete and check the bid")
