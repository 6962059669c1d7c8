"""`pioneer lsp`: the language server that editors start and talk to."""

from typing import Annotated, Literal

import typer

from pioneer_cli.errors import PioneerError

EXAMPLES = """\b
Examples:
  pioneer lsp
  pioneer lsp --phase draft
"""


def lsp_command(
    phase: Annotated[
        Literal["draft", "submission", "selection-end"],
        typer.Option(help="How far the bids are; gaps matter more the later they are."),
    ] = "submission",
    pack: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The criteria pack, by name or folder; without it, the one of a bid's call."),
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template whose pages count, or a folder of your own.")
    ] = "eoi",
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Talk over standard input and output, which it does anyway.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Write what goes wrong, and all messages, to standard error.")
    ] = False,
) -> None:
    """Serve editors by the Language Server Protocol: findings and pages while a bid is typed.

    Editors start it themselves; docs/editors.md says how to tell them. What an editor sets stands above these options.
    """
    import sys

    from pioneer_cli.cli.output import say
    from pioneer_cli.lsp.settings import Settings

    try:
        from pioneer_cli.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        message = "the language server needs the package pygls, which is not installed"
        raise PioneerError(message, "install pioneer with its extra `lsp`, or pygls beside it") from None
    if sys.stdin.isatty():
        say("an editor starts this by itself and talks to it here; Ctrl-C ends it")
    raise typer.Exit(serve(Settings(phase, pack, template), debug=debug))
