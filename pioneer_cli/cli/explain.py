"""`pioneer explain`: what a criterion, a consideration, a rule or a gate asks, why, and how to meet it; and faults."""

from typing import Annotated

import typer

EXAMPLES = """\b
Examples:
  pioneer explain C3b
  pioneer explain outcomes-have-baselines
  pioneer explain page-limit
  pioneer explain sift-in
  pioneer explain yaml-conflict
"""


def explain_command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A rule, gate, consideration (C3b), criterion (C3), verdict or fault.")
    ],
    pack: Annotated[str, typer.Option(metavar="NAME", help="The criteria pack, by name or folder.")] = "pioneers-2013",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Explain a rule, gate, consideration, criterion, verdict or fault: why it matters, what passes, how to mend it."""
    from pioneer_cli.cli.output import show, text_width
    from pioneer_cli.cli.packs import loaded_or_exit
    from pioneer_cli.explanation import explain

    show(explain(loaded_or_exit(pack), name, text_width()))
