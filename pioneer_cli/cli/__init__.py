"""The command line: options → pipeline → reporter → output → exit code. One file a command; imports come late.

`main` is the one error boundary: what a person can mend ends with 2, an interruption with 130, a bug with 3.
"""

import gc
import os
import sys
from typing import Annotated

import typer

from pioneer_cli import __version__
from pioneer_cli.cli import check, explain, new, render, schema
from pioneer_cli.errors import ExitCode, PioneerError

EPILOG = "Exit codes: 0 fine, 1 the bid falls short, 2 could not judge, 3 a bug in pioneer, 130 interrupted."

app = typer.Typer(
    name="pioneer",
    help="Assess bids: validate, score against the call's criteria, typeset, and hold to the page limit.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pioneer {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options that stand before the command."""


app.command("check", epilog=check.EXAMPLES)(check.check_command)
app.command("render", epilog=render.EXAMPLES)(render.render_command)
app.command("new", epilog=new.EXAMPLES)(new.new_command)
app.command("explain", epilog=explain.EXAMPLES)(explain.explain_command)
app.command("schema", epilog=schema.EXAMPLES)(schema.schema_command)


def main() -> None:
    """The entry point of the `pioneer` command; never returns."""
    # Plug-ins that happen to be installed must not change what is valid; looking for them also costs 10 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A run lives for a quarter of a second and makes little garbage: collecting it would cost a twentieth.
    gc.disable()
    debug = "--debug" in sys.argv
    try:
        app()
    except PioneerError as error:
        hint = f"\n  {error.hint}" if error.hint else ""
        print(f"pioneer: {error.message}{hint}", file=sys.stderr)
        sys.exit(ExitCode.CANNOT_JUDGE)
    except KeyboardInterrupt:
        print("pioneer: interrupted", file=sys.stderr)
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:
        if debug:
            raise_with_traceback(error)
        print(f"pioneer: this is a bug in pioneer: {type(error).__name__}: {error}", file=sys.stderr)
        print("  run again with --debug for the traceback, and please report it", file=sys.stderr)
        sys.exit(ExitCode.BUG)


def raise_with_traceback(error: Exception) -> None:
    """Prints a bug's traceback and exits with 3."""
    import traceback

    traceback.print_exception(error)
    sys.exit(ExitCode.BUG)
