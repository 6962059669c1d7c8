"""`pioneer pages`: where the pages of a bid go and what to cut or add; or whether a document made elsewhere is fit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.bid import Phase
    from pioneer_cli.economics import Economics
    from pioneer_cli.reports.look import Look

EXAMPLES = """\b
Examples:
  pioneer pages bid.yaml
  pioneer pages bid.yaml --template eoi-compact
  pioneer pages bid.yaml --format html > pages.html
  pioneer pages bid.yaml --proof proof.json
  pioneer pages bids/a.yaml bids/b.yaml --quiet
  pioneer pages eoi.pdf
  pioneer pages eoi.docx
"""
Format = Literal["text", "json", "csv", "html", "markdown"]
SEVERAL = ("text", "markdown")  # the formats that hold more than one report


def pages_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="BID|PDF|DOCX", help="Bids, or - for standard input; or documents that were made elsewhere."
        ),
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

    from pioneer_cli.cli.output import encoding_of, say, say_template, show, terminal_width, wants_colour
    from pioneer_cli.cli.pages_foreign import is_foreign
    from pioneer_cli.reports.look import Look

    if len(files) > 1 and output_format not in SEVERAL:
        raise PioneerError(f"--format {output_format} reports on one at a time", "name one, or use text or markdown")
    look = Look(terminal_width(), wants_colour(color, sys.stdout), quiet, encoding_of(sys.stdout))
    if proof is not None:
        from pioneer_cli.cli.proof import refuse_unfit

        if len(files) > 1:
            raise PioneerError("--proof is of one bid", "name one bid, or write a proof of each by itself")
        refuse_unfit(files[0], proof)
    request = _Request(output_format, template, pack, phase, stdin_filename, proof, color)
    codes: list[int] = []
    for number, file in enumerate(files):
        if number and not (quiet and output_format == "text"):
            show("\n")
        report = _foreign if is_foreign(file) else _bid
        try:
            codes.append(report(file, request, look))
        except typer.Exit as ended:  # what is wrong with this one has been shown, and never hides the next
            codes.append(ended.exit_code)
        except PioneerError as error:
            if len(files) == 1:
                raise
            say(f"pioneer: {'' if file in error.message else f'{file}: '}{error.message}")
            say(f"  {error.hint}")
            codes.append(ExitCode.CANNOT_JUDGE)
    if min(codes) < ExitCode.CANNOT_JUDGE:
        say_template(template)
    raise typer.Exit(max(codes))


@dataclass(frozen=True, slots=True)
class _Request:
    """What the options ask for, the same for every document of a run."""

    output_format: Format
    template: str
    pack: str | None
    phase: "Phase"
    stdin_filename: str | None
    proof: str | None
    color: Literal["auto", "always", "never"]


def _foreign(file: str, request: _Request, look: "Look") -> ExitCode:
    """Reports on a document that was made elsewhere; gives the code that it deserves."""
    from pioneer_cli.cli.output import show
    from pioneer_cli.cli.packs import loaded_or_exit
    from pioneer_cli.cli.pages_foreign import report_foreign

    if request.output_format == "markdown":
        raise PioneerError("--format markdown is for bids", "use text, json, csv or html for a document made elsewhere")
    about = loaded_or_exit(request.pack or "pioneers-2013").about
    text, code = report_foreign(file, about.page_limit, about.title, request.output_format, look)
    show(text)
    return code


def _bid(file: str, request: _Request, look: "Look") -> ExitCode:
    """Reports on a bid; gives the code that it deserves. Raises typer.Exit for one that cannot be judged."""
    from pioneer_cli.cli.output import judged_or_exit, show

    source, bid, found_pack = judged_or_exit(
        file, request.stdin_filename, request.pack, request.color, aside=request.output_format != "text"
    )

    from pioneer_cli.answered import answered
    from pioneer_cli.economics import economics
    from pioneer_cli.press import Press

    with Press(request.template, answered(found_pack)) as press:
        advice = request.output_format != "markdown" and not (look.quiet and request.output_format == "text")
        found = economics(source, bid, found_pack, request.phase, press, advice=advice)
        if request.proof is not None:
            from pioneer_cli.cli.proof import write_proof

            write_proof(request.proof, found, bid, request.pack, press, file)
    show(_report(found, request.output_format, look))
    return ExitCode.FALLS_SHORT if found.use.over else ExitCode.OK


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
    if output_format == "markdown":
        from pioneer_cli.reports.pages_markdown import pages_markdown

        return pages_markdown(found)
    from pioneer_cli.reports.pages_text import pages_text

    return pages_text(found, look)
