"""`pioneer lsp`: the language server that editors start and talk to."""

from typing import Annotated

import typer

from pioneer_cli.errors import PioneerError

EXAMPLES = """\b
Examples:
  pioneer lsp
Editors start it themselves; docs/editors.md says what to write in the settings of each.
"""


def lsp_command(
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Talk over standard input and output, which it does anyway.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Write what goes wrong, and all messages, to standard error.")
    ] = False,
) -> None:
    """Serve editors by the Language Server Protocol: findings and pages while a bid is typed."""
    try:
        from pioneer_cli.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        message = "the language server needs the package pygls, which is not installed"
        raise PioneerError(message, "pip install 'pioneer-cli[lsp]'") from None
    raise typer.Exit(serve(debug=debug))
