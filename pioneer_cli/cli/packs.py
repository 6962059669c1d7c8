"""`pioneer pack`: which criteria packs there are, what one holds, and whether its rules keep to their examples."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pioneer_cli.diagnostics import Diagnostic
    from pioneer_cli.pack import Pack

EXAMPLES = """\b
Examples:
  pioneer pack list
  pioneer pack show pioneers-2013
  pioneer pack test ./our-call
"""
Name = Annotated[str, typer.Argument(metavar="NAME", help="A pack that ships with pioneer, or a folder with one.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")]

app = typer.Typer(
    name="pack",
    help="See which criteria packs there are, what one holds, and whether its rules keep to their examples.",
    epilog=EXAMPLES,
    rich_markup_mode=None,
    no_args_is_help=False,
    add_completion=False,
)


@app.command("list", short_help="The packs that ship with pioneer.")
def list_command(debug: Debug = False) -> None:
    """List the packs that ship with pioneer, a line each."""
    from pioneer_cli.cli.output import show, text_width
    from pioneer_cli.explanation import packs_as_text
    from pioneer_cli.shipped import shipped_names

    show(packs_as_text([loaded_or_exit(name) for name in shipped_names("criteria")], text_width()))


@app.command("show", short_help="What a pack holds.")
def show_command(name: Name, debug: Debug = False) -> None:
    """Show what a pack is for, its gates, its criteria with their weights, and how many rules each has."""
    from pioneer_cli.cli.output import show, text_width
    from pioneer_cli.explanation import pack_as_text

    show(pack_as_text(loaded_or_exit(name), text_width()))


@app.command("test", short_help="Run the examples of a pack's rules.")
def run_examples(name: Name, debug: Debug = False) -> None:
    """Load a pack with its reading and hold its rules to their examples; exit with 1 when one is not what it says."""
    from pioneer_cli.cli.output import say, show
    from pioneer_cli.errors import ExitCode
    from pioneer_cli.load_pack import read_examples
    from pioneer_cli.quantities import plural
    from pioneer_cli.reading import load_reading
    from pioneer_cli.try_examples import try_examples

    pack = loaded_or_exit(name)
    loaded = read_examples(name, pack)
    reading = load_reading(name, pack)
    _tell((*loaded.diagnostics, *reading.diagnostics))
    if loaded.diagnostics or reading.reading is None:
        raise typer.Exit(ExitCode.CANNOT_JUDGE)
    tried = try_examples(pack, loaded.examples)
    for fault in tried.faults:
        say(fault)
    counts = (plural(tried.rules, "rule"), plural(tried.examples, "example"), plural(len(tried.faults), "fault"))
    show(f"{pack.about.name}: {', '.join(counts)}\n")
    raise typer.Exit(ExitCode.FALLS_SHORT if tried.faults else ExitCode.OK)


def loaded_or_exit(name: str) -> "Pack":
    """The pack; what is wrong in one goes to standard error, and the command ends with 2."""
    from pioneer_cli.errors import ExitCode
    from pioneer_cli.load_pack import load_pack

    loaded = load_pack(name)
    _tell(loaded.diagnostics)
    if loaded.pack is None:
        raise typer.Exit(ExitCode.CANNOT_JUDGE)
    return loaded.pack


def _tell(faults: "tuple[Diagnostic, ...]") -> None:
    from pioneer_cli.cli.output import say

    for fault in faults:
        hint = f"; {fault.hint}" if fault.hint else ""
        say(f"{fault.file}:{fault.span.start} {fault.severity} {fault.code}: {fault.message}{hint}")
