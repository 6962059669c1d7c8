"""`pioneer diff`: what closed and what opened between two versions of a bid, and whether anything was lost."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.assessment import Report
    from pioneer_cli.comparison import Comparison
    from pioneer_cli.reports.look import Look
    from pioneer_cli.source import Source

EXAMPLES = """\b
Examples:
  pioneer diff old.yaml new.yaml
  pioneer diff bid.yaml --base main
  pioneer diff bid.yaml --base HEAD~1 -o changes.html
  pioneer diff bid.yaml --base origin/main --format markdown > comment.md
"""
Format = Literal["text", "json", "markdown", "html"]
FORMATS: dict[str, Format] = {
    ".txt": "text", ".json": "json", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
}  # fmt: skip


def diff_command(
    bids: Annotated[
        list[str],
        typer.Argument(metavar="OLD NEW | BID --base REV", help="Two files, or one and a revision of its repository."),
    ],
    base: Annotated[
        str | None, typer.Option(metavar="REV", help="The git revision to compare with: a branch, a tag, a commit.")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", help="Who reads the standard output.")] = "text",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A file to write, in the format of its ending: .txt, .json, .md or .html; - for standard output. "
            "May be given several times.",
        ),
    ] = None,
    phase: Annotated[
        Literal["draft", "submission", "selection-end"], typer.Option(help="How far the bid is.")
    ] = "submission",
    pack: Annotated[
        str | None, typer.Option(metavar="NAME", help="The criteria pack; without it, the one of the bid's call.")
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template whose pages count, or a folder of your own.")
    ] = "eoi",
    no_pages: Annotated[
        bool,
        typer.Option(
            "--no-pages/--pages", show_default=False, help="Do not typeset; pages and the page limit are not compared."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the last line.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Say what closed and what opened between two versions of a bid, with scores, verdict and pages.

    Exits with 1 when a criterion fell, a gate was lost or the page limit was crossed.
    """
    import sys
    from dataclasses import replace

    from pioneer_cli.cli.output import (
        STDOUT,
        encoding_of,
        formats_of,
        say_lines,
        say_template,
        terminal_width,
        wants_colour,
        write_files,
    )
    from pioneer_cli.pipeline import Request, check_source
    from pioneer_cli.reports.look import Look

    targets = formats_of(output or [STDOUT], FORMATS, output_format)
    if output_format != "text" and STDOUT not in targets:
        raise PioneerError(f"nothing goes to the standard output as {output_format}", "add -o -")
    encoding = encoding_of(sys.stdout)
    terminal = Look(terminal_width(), wants_colour(color, sys.stdout), quiet, encoding)
    request = Request(phase, (pack,) if pack else (), not no_pages, template, ignores=False)
    old, new = (check_source(source, request)[0] for source in _versions(bids, base))
    found = _compared(old, new, terminal)
    contents = {
        target: _written(found, form, terminal if target == STDOUT else Look(quiet=quiet)).encode(
            encoding if target == STDOUT else "utf-8", "backslashreplace"
        )
        for target, form in targets.items()
    }
    write_files(contents, list(bids))
    if STDOUT not in targets:
        say_lines(_written(found, "text", replace(terminal, quiet=True, colour=wants_colour(color, sys.stderr))))
    say_template(template)
    raise typer.Exit(ExitCode.FALLS_SHORT if found.regressions else ExitCode.OK)


def _versions(bids: Sequence[str], base: str | None) -> tuple["Source", "Source"]:
    """The old version and the new one. Raises PioneerError."""
    from pioneer_cli.quantities import plural
    from pioneer_cli.source import STDIN, read

    wanted = 2 if base is None else 1
    if len(bids) != wanted or STDIN in bids:
        given = "standard input cannot be compared" if STDIN in bids else f"{plural(len(bids), 'file')} named"
        raise PioneerError(f"{given}; two versions of a bid are needed", "name two files, or one file and --base REV")
    if base is None:
        _refuse_revisions(bids)
        return read(bids[0]), read(bids[1])
    from pioneer_cli.history import version_at

    new = read(bids[0])
    old = version_at(bids[0], base)
    if old is None:
        raise PioneerError(f"{bids[0]} was not there at {base}", "name a revision that has it")
    return old, new


def _refuse_revisions(names: Sequence[str]) -> None:
    """Raises PioneerError where one of two names is no file, since it may be meant for a revision of the other."""
    files = [name for name in names if os.path.lexists(name)]
    if len(files) == 1:
        (other,) = (name for name in names if name not in files)
        raise PioneerError(
            f"there is no file {other}", f"a revision goes by --base: pioneer diff {files[0]} --base {other}"
        )


def _compared(old: "Report", new: "Report", look: "Look") -> "Comparison":
    """The comparison; where a version cannot be judged, shows what is wrong with it and ends with code 2."""
    from pioneer_cli.cli.output import say_lines
    from pioneer_cli.comparison import compare
    from pioneer_cli.reports import reporter

    found = compare(old, new)
    if found is not None and found.before.pack == found.after.pack:
        return found
    if found is not None:
        raise PioneerError("the two versions answer different calls", "name the pack to hold both to with --pack")
    for report in (old, new):
        if report.assessment is None:
            say_lines(reporter("text").part(report, look))
    raise typer.Exit(ExitCode.CANNOT_JUDGE)


def _written(found: "Comparison", form: Format, look: "Look") -> str:
    if form == "text":
        from pioneer_cli.reports.diff_text import diff_text

        return diff_text(found, look)
    if form == "json":
        from pioneer_cli.reports.diff_json import diff_json

        return diff_json(found)
    from pioneer_cli.press import print_document
    from pioneer_cli.reports.diff_document import diff_document

    return print_document(diff_document(found), "md" if form == "markdown" else "html").decode("utf-8")
