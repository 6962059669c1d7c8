"""`pioneer render`: typeset one bid as a PDF."""

from typing import Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

EXAMPLES = """\b
Examples:
  pioneer render bid.yaml
  pioneer render bid.yaml -o eoi.pdf
  pioneer render bid.yaml -o - > eoi.pdf
"""


def render_command(
    bid: Annotated[str, typer.Argument(metavar="BID", help="The bid: a YAML file, or - for standard input.")],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The PDF to write, - for standard output; else BID.pdf here."
        ),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The criteria pack whose page limit holds; without it, the one of the bid's call."
        ),
    ] = None,
    allow_over: Annotated[bool, typer.Option("--allow-over", help="Write the PDF even past the page limit.")] = False,
    stdin_filename: Annotated[str | None, typer.Option(metavar="NAME", help="What to call standard input.")] = None,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Typeset a bid as a tagged PDF of A4 pages; past the page limit nothing is written and the exit code is 1."""
    import sys
    from pathlib import Path

    from pioneer_cli.assessment import Report
    from pioneer_cli.bid import plain
    from pioneer_cli.cli.output import encoding_of, say, show, terminal_width, wants_colour, write_file
    from pioneer_cli.document import typst_files
    from pioneer_cli.judge import choose_pack
    from pioneer_cli.pipeline import read_bid
    from pioneer_cli.reports import reporter
    from pioneer_cli.reports.look import Look, page_words
    from pioneer_cli.source import read
    from pioneer_cli.typeset import typeset

    stem = "bid" if bid == "-" else Path(bid).stem
    target = f"{stem}.pdf" if output is None else output
    if target != "-" and not target.lower().endswith(".pdf"):
        raise PioneerError(f"cannot tell the format of {target}", "name a file that ends in .pdf")
    source = read(bid, stdin_filename)
    found = read_bid(source)
    loaded = choose_pack(source, found.bid, pack) if found.bid else None
    if found.bid is None or loaded is None or loaded.pack is None:
        faults = found.diagnostics + (loaded.diagnostics if loaded else ())
        look = Look(terminal_width(), wants_colour(color, sys.stdout), encoding=encoding_of(sys.stdout))
        told = reporter("text").part(Report(source, None, "", faults, None, None), look)
        if target == "-":  # where the PDF would have gone
            say(told.rstrip("\n"))
        else:
            show(told)
        raise typer.Exit(ExitCode.CANNOT_JUDGE)
    document = typeset(typst_files(plain(found.bid)))
    pages = document.pages(loaded.pack.about.page_limit)
    if pages.over and not allow_over:
        say(f"pioneer: {page_words(pages)}")
        say("  nothing was written; --allow-over writes it all the same")
        raise typer.Exit(ExitCode.FALLS_SHORT)
    write_file(target, document.pdf, [bid])
    say(f"{'standard output' if target == '-' else target}: {page_words(pages)}")
    raise typer.Exit(ExitCode.FALLS_SHORT if pages.over else ExitCode.OK)
