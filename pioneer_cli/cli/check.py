"""`pioneer check`: what is wrong with bids, what is weak, what mending it would gain, and how many pages they take."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import PioneerError

if TYPE_CHECKING:
    from pioneer_cli.pipeline import Request, Thresholds
    from pioneer_cli.reports.look import Look

EXAMPLES = """\b
Examples:
  pioneer check bid.yaml
  pioneer check bids/ --phase draft
  pioneer check bid.yaml --fail-on warning --min-score 60
  pioneer check - --stdin-filename bid.yaml < bid.yaml
"""


def check_command(
    bids: Annotated[
        list[str], typer.Argument(help="Bids: YAML files, folders that hold some, or - for standard input.")
    ],
    phase: Annotated[
        Literal["draft", "submission", "selection-end"],
        typer.Option(help="How far the bid is; gaps matter more the later it is."),
    ] = "submission",
    pack: Annotated[
        str | None, typer.Option(help="The criteria pack, by name or folder; without it, the one of the bid's call.")
    ] = None,
    output_format: Annotated[
        Literal["text", "json", "github"], typer.Option("--format", help="Who reads the result.")
    ] = "text",
    fail_on: Annotated[
        Literal["error", "warning", "never"], typer.Option(help="Exit with 1 from this severity on.")
    ] = "error",
    min_score: Annotated[
        float | None, typer.Option(help="Exit with 1 when the low end of the score, out of 100, is below this.")
    ] = None,
    min_criterion: Annotated[
        int | None, typer.Option(help="Exit with 1 when a criterion's level, 0 to 5, is below this.")
    ] = None,
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="Do not typeset; the page gate is not checked and the verdict withheld.")
    ] = False,
    stdin_filename: Annotated[str | None, typer.Option(help="What to call standard input.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the verdict line of each bid.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Say what is wrong with a bid, what is weak, what mending it would gain, and how many pages it takes."""
    import sys
    from functools import partial

    from pioneer_cli.background import over_all
    from pioneer_cli.cli.output import progress, show, terminal_width, wants_colour
    from pioneer_cli.pipeline import Request, Thresholds
    from pioneer_cli.reports import reporter
    from pioneer_cli.reports.look import Look
    from pioneer_cli.source import find_files

    if min_score is not None and not 0 <= min_score <= 100:
        raise PioneerError(f"--min-score {min_score:g} is out of range", "give a number from 0 to 100")
    if min_criterion is not None and not 0 <= min_criterion <= 5:
        raise PioneerError(f"--min-criterion {min_criterion} is out of range", "give a level from 0 to 5")
    request = Request(phase, pack, count_pages=not no_pages, stdin_name=stdin_filename)
    thresholds = Thresholds(fail_on, min_score, min_criterion)
    look = Look(terminal_width(), wants_colour(color, sys.stdout), quiet)
    files = find_files(bids)
    work = partial(_check_one, request=request, thresholds=thresholds, look=look, output_format=output_format)
    results = list(progress(over_all(work, files), len(files)))
    show(reporter(output_format).whole([text for text, _ in results]))
    raise typer.Exit(max(code for _, code in results))


def _check_one(
    name: str, request: "Request", thresholds: "Thresholds", look: "Look", output_format: str
) -> tuple[str, int]:
    """One bid's part of the output and the exit code that it deserves; runs in whichever process is free."""
    from pioneer_cli.pipeline import check, exit_code
    from pioneer_cli.reports import reporter

    report = check(name, request)
    return reporter(output_format).part(report, look), exit_code(report, thresholds)
