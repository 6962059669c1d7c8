"""`pioneer feedback`: the letter to the bidder, from the reviewers' files; what is missing stops it, with its place."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.cli.letters import FORMATS, OUTPUT_HELP, Wanted, judged, replies_to, stop, tell, write_letter
from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.quantities import When

EXAMPLES = """\b
Examples:
  pioneer feedback bid.yaml --reviews reviews
  pioneer feedback bid.yaml --reviews reviews -o letter.pdf -o letter.docx
  pioneer feedback bid.yaml --reviews reviews --date 2013-08-30 -o letter.pdf
"""


def feedback_command(
    bid: Annotated[str, typer.Argument(metavar="BID", help="The bid: a YAML file, or - for standard input.")],
    reviews: Annotated[
        str,
        typer.Option(
            metavar="FOLDER", help="The reviewers' files: a folder with one of the bid's name, or with files."
        ),
    ],
    output: Annotated[list[str] | None, typer.Option("--output", "-o", metavar="FILE", help=OUTPUT_HELP)] = None,
    replies: Annotated[
        str | None, typer.Option(metavar="FILE", help="The annex with replies to the clarification questions.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The letter's date, such as 2013-08-30; left out, it has none.")
    ] = None,
    phase: Annotated[
        Literal["draft", "submission", "selection-end"], typer.Option(help="How far the bid is.")
    ] = "submission",
    pack: Annotated[
        str | None, typer.Option(metavar="NAME", help="The criteria pack; without it, the one of the bid's call.")
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template of the bid and of the letter, or a folder of your own.")
    ] = "eoi",
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Write the letter to the bidder. What is missing is told with its place, and nothing is written."""
    from pioneer_cli.clarification import questions, standings
    from pioneer_cli.cli.output import STDOUT, formats_of, say
    from pioneer_cli.feedback import LETTER, Case, letter, missing, not_counted, words_to_avoid

    formats, when = formats_of(output or ["-"], FORMATS, "md"), _when(date)
    wanted = Wanted(bid, pack, phase, template, reviews, replies, color)
    found = judged(wanted)
    asked = questions(found.assessment)
    annex, given = replies_to(found, asked, wanted)
    lacking = missing(found.desk, found.assessment, found.panel)
    if lacking:
        stop(lacking, found.sources, color)
    tell((*not_counted(found.panel), *words_to_avoid(found.panel, found.desk.pack)), found.sources, color)
    standing = standings(asked, given, found.desk.pack, found.desk.source.sha256)
    case = Case(found.desk, found.assessment, found.panel, found.places, standing, annex.sha256 if annex else "", when)
    values = letter(case)
    write_letter(values, LETTER, formats, wanted)
    files = ", ".join(target for target in formats if target != STDOUT)
    if files:
        say(f"{files}: {values['recommendation']['verdict']}, by {', '.join(values['reviewers'])}")
    raise typer.Exit(ExitCode.OK)


def _when(date: str | None) -> "When | None":
    from pioneer_cli.quantities import parse_when

    try:
        return parse_when(date) if date is not None else None
    except ValueError:
        raise PioneerError(f'"{date}" is no date', "write it like 2013-08-30, or 2013-08 for a month") from None
