"""`pioneer render`: make one bid's document, as PDF, HTML, Word, Markdown or Typst source."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode

if TYPE_CHECKING:
    from pioneer_cli.press import Written

EXAMPLES = """\b
Examples:
  pioneer render bid.yaml
  pioneer render bid.yaml -o eoi.pdf -o eoi.docx -o eoi.html
  pioneer render bid.yaml --template eoi-compact -o eoi.pdf
  pioneer render bid.yaml --draft -o draft.pdf
  pioneer render bid.yaml -o - > eoi.pdf
"""
FORMATS: dict[str, "Literal['pdf'] | Written"] = {
    ".pdf": "pdf", ".html": "html", ".htm": "html", ".docx": "docx", ".md": "md", ".markdown": "md", ".typ": "typ",
}  # fmt: skip


def render_command(
    bid: Annotated[str, typer.Argument(metavar="BID", help="The bid: a YAML file, or - for standard input.")],
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A file to write, in the format of its ending: .pdf, .html, .docx, .md or .typ; - for the PDF on "
            "standard output. May be given several times; without it, BID.pdf here.",
        ),
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template: eoi, eoi-compact, eoi-review, or a folder of your own.")
    ] = "eoi",
    pack: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The criteria pack whose page limit holds; without it, the one of the bid's call."
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Stamp every page DRAFT, and write even past the page limit.")
    ] = False,
    allow_over: Annotated[bool, typer.Option("--allow-over", help="Write even past the page limit.")] = False,
    stdin_filename: Annotated[str | None, typer.Option(metavar="NAME", help="What to call standard input.")] = None,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Make a bid's document; past the page limit nothing is written and the exit code is 1."""
    from pioneer_cli.answered import answered
    from pioneer_cli.cli.output import formats_of, judged_or_exit, say, say_template, write_files
    from pioneer_cli.press import Press
    from pioneer_cli.reports.look import page_words
    from pioneer_cli.shipped import shipped_names

    targets = output or [f"{'bid' if bid == '-' else Path(bid).stem}.pdf"]
    formats = formats_of(targets, FORMATS, "pdf")
    _, tree, found = judged_or_exit(bid, stdin_filename, pack, color, aside="-" in formats)
    with Press(template, answered(found)) as press:
        printed = press.typeset(tree, draft=draft).typeset
        pages = printed.pages(found.about.page_limit)
        if pages.over and not (allow_over or draft):
            say(f"pioneer: {page_words(pages)}")
            say("  nothing was written; --draft or --allow-over writes it all the same")
            say("  `pioneer pages` lists what to cut")
            raise typer.Exit(ExitCode.FALLS_SHORT)
        contents = {
            target: printed.pdf if form == "pdf" else press.write(tree, form, draft=draft)
            for target, form in formats.items()
        }
    own_styles = [] if template in shipped_names("templates") else Path(template).rglob("*.typ")
    write_files(contents, [bid, *map(str, own_styles)])
    for target in contents:
        say(f"{'standard output' if target == '-' else target}: {page_words(pages)}")
    say_template(template)
    raise typer.Exit(ExitCode.FALLS_SHORT if pages.over and not draft else ExitCode.OK)
