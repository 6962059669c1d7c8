"""`pioneer check`: what is wrong with bids, what is weak, what mending it would gain, and how many pages they take."""

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.pipeline import Request, Thresholds
    from pioneer_cli.reports.look import Look

EXAMPLES = """\b
Examples:
  pioneer check bid.yaml
  pioneer check bids/ --phase draft
  pioneer check bid.yaml --gains --show-arithmetic
  pioneer check bid.yaml --fail-on warning --min-score 60
  pioneer check - --stdin-filename bid.yaml < bid.yaml
"""


def _score(text: str) -> float:
    if re.fullmatch(r"\d{1,3}(\.\d+)?", text) is None or float(text) > 100:
        raise typer.BadParameter(f"'{text}' is not a number from 0 to 100")
    return float(text)


def _level(text: str) -> int:
    if re.fullmatch(r"[0-5]", text) is None:
        raise typer.BadParameter(f"'{text}' is not a whole number from 0 to 5")
    return int(text)


def check_command(
    bids: Annotated[
        list[str],
        typer.Argument(metavar="BID", help="Bids: YAML files, folders that hold some, or - for standard input."),
    ],
    phase: Annotated[
        Literal["draft", "submission", "selection-end"],
        typer.Option(help="How far the bid is; gaps matter more the later it is."),
    ] = "submission",
    pack: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="The criteria pack, by name or folder; without it, the one of the bid's call. "
            "Given more than once, the bid is judged by each.",
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "json", "github"], typer.Option("--format", help="Who reads the result.")
    ] = "text",
    fail_on: Annotated[
        Literal["error", "warning", "never"], typer.Option(help="Exit with 1 from this severity on.")
    ] = "error",
    min_score: Annotated[
        float | None,
        typer.Option(
            metavar="POINTS",
            parser=_score,
            help="Exit with 1 when the low end of the score, out of 100, is below this.",
        ),
    ] = None,
    min_criterion: Annotated[
        int | None,
        typer.Option(
            metavar="LEVEL", parser=_level, help="Exit with 1 when a criterion's level, 0 to 5, is below this."
        ),
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template whose pages count, or a folder of your own.")
    ] = "eoi",
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="Do not typeset; the page gate is not checked and the verdict withheld.")
    ] = False,
    stdin_filename: Annotated[str | None, typer.Option(metavar="NAME", help="What to call standard input.")] = None,
    gains: Annotated[
        bool, typer.Option("--gains", help="List what every gap would gain, and not the best three.")
    ] = False,
    show_arithmetic: Annotated[
        bool, typer.Option("--show-arithmetic", help="Print the sums behind the score, with the numbers put in.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the verdict line of each bid.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Say what is wrong with a bid, what is weak, what mending it would gain, and how many pages it takes."""
    import sys

    from pioneer_cli.background import over_all
    from pioneer_cli.cli.output import encoding_of, progress, say, say_template, show, terminal_width, wants_colour
    from pioneer_cli.pipeline import Request, Thresholds
    from pioneer_cli.reports import reporter
    from pioneer_cli.reports.look import Look
    from pioneer_cli.source import STDIN, find_files

    request = Request(phase, tuple(pack or ()), not no_pages, template, stdin_filename)
    thresholds = Thresholds(fail_on, min_score, min_criterion)
    coloured, encoding = wants_colour(color, sys.stdout), encoding_of(sys.stdout)
    look = Look(terminal_width(), coloured, quiet, encoding, all_gains=gains, arithmetic=show_arithmetic)
    files = find_files(bids)
    work = partial(_check_one, request=request, thresholds=thresholds, look=look, output_format=output_format)
    lost = partial(_lost, look=look, output_format=output_format)
    results = list(progress(over_all(work, files, lost, here=STDIN in files), len(files)))
    show(reporter(output_format).whole([part for result in results for part in result.parts]))
    say_template(template)
    for note in (note for result in results for note in result.notes):
        say(note)
    raise typer.Exit(max(result.code for result in results))


@dataclass(frozen=True, slots=True)
class _Result:
    """One bid's parts of the output, the exit code that it deserves, and notes on the minimums that it misses."""

    parts: tuple[str, ...]
    code: int
    notes: tuple[str, ...]


def _check_one(name: str, request: "Request", thresholds: "Thresholds", look: "Look", output_format: str) -> _Result:
    """Judges one bid; runs in whichever process is free."""
    from pioneer_cli.pipeline import below_minimum, check, exit_code
    from pioneer_cli.reports import reporter

    reports = check(name, request, beside=partial(reporter, output_format))
    part = reporter(output_format).part
    notes = (f"{report.source.name}: {reason}" for report in reports for reason in below_minimum(report, thresholds))
    codes = (exit_code(report, thresholds) for report in reports)
    return _Result(tuple(part(report, look) for report in reports), max(codes), tuple(notes))


def _lost(name: str, look: "Look", output_format: str) -> _Result:
    """The result of a bid whose process was ended from outside: it could not be judged."""
    from pioneer_cli.assessment import Report
    from pioneer_cli.reports import reporter
    from pioneer_cli.source import unread

    problem = PioneerError("the process that judged this bid was ended", "was the memory full? check the bid by itself")
    source = unread(name, problem)
    report = Report(source, None, "", source.diagnostics, None, None)
    return _Result((reporter(output_format).part(report, look),), ExitCode.CANNOT_JUDGE, ())
