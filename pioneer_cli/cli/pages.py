"""`pioneer pages`: where the pages of a bid go and what to cut or add; or whether a document made elsewhere is fit."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode

if TYPE_CHECKING:
    from pioneer_cli.economics import Economics
    from pioneer_cli.reports.look import Look

EXAMPLES = """\b
Examples:
  pioneer pages bid.yaml
  pioneer pages bid.yaml --template eoi-compact
  pioneer pages bid.yaml --format html > pages.html
  pioneer pages bid.yaml --proof proof.json
  pioneer pages eoi.pdf
  pioneer pages eoi.docx
"""
Format = Literal["text", "json", "csv", "html"]


def pages_command(
    file: Annotated[
        str,
        typer.Argument(metavar="BID|PDF|DOCX", help="A bid, or - for standard input; or a document made elsewhere."),
    ],
    output_format: Annotated[Format, typer.Option("--format", help="Who reads the result.")] = "text",
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template that a bid is typeset with, or a folder of your own.")
    ] = "eoi",
    pack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The criteria pack whose limit holds; else that of the bid's call, or pioneers-2013."
        ),
    ] = None,
    phase: Annotated[
        Literal["draft", "submission", "selection-end"], typer.Option(help="How far the bid is.")
    ] = "submission",
    proof: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write a limit proof: digests of bid, PDF, pack, template and fonts, and the pages."
        ),
    ] = None,
    stdin_filename: Annotated[str | None, typer.Option(metavar="NAME", help="What to call standard input.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the count and the room that is left.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Say where the pages go, what to cut and what the lines left would gain; past the limit the exit code is 1."""
    import sys

    from pioneer_cli.cli.output import encoding_of, judged_or_exit, say_template, show, terminal_width, wants_colour
    from pioneer_cli.cli.pages_foreign import is_foreign, report_foreign
    from pioneer_cli.reports.look import Look

    look = Look(terminal_width(), wants_colour(color, sys.stdout), quiet, encoding_of(sys.stdout))
    if proof is not None:
        from pioneer_cli.cli.proof import refuse_unfit

        refuse_unfit(file, proof)
    if is_foreign(file):
        from pioneer_cli.cli.packs import loaded_or_exit

        about = loaded_or_exit(pack or "pioneers-2013").about
        text, code = report_foreign(file, about.page_limit, about.title, output_format, look)
        show(text)
        raise typer.Exit(code)
    source, bid, found_pack = judged_or_exit(file, stdin_filename, pack, color)

    from pioneer_cli.answered import answered
    from pioneer_cli.economics import economics
    from pioneer_cli.press import Press

    with Press(template, answered(found_pack)) as press:
        advice = not (quiet and output_format == "text")
        found = economics(source, bid, found_pack, phase, press, advice=advice)
        if proof is not None:
            from pioneer_cli.cli.proof import write_proof

            write_proof(proof, found, bid, pack, press, file)
    show(_report(found, output_format, look))
    say_template(template)
    raise typer.Exit(ExitCode.FALLS_SHORT if found.use.over else ExitCode.OK)


def _report(found: "Economics", output_format: Format, look: "Look") -> str:
    if output_format == "json":
        from pioneer_cli.reports.pages_json import pages_json

        return pages_json(found)
    if output_format == "csv":
        from pioneer_cli.reports.pages_csv import pages_csv

        return pages_csv(found)
    if output_format == "html":
        from pioneer_cli.reports.pages_html import pages_html

        return pages_html(found)
    from pioneer_cli.reports.pages_text import pages_text

    return pages_text(found, look)
