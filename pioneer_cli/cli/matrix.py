"""`pioneer matrix`: where a bid answers each consideration, on the terminal, as JSON, CSV or HTML, or as an annex."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.matrix import Matrix
    from pioneer_cli.reports.look import Look

EXAMPLES = """\b
Examples:
  pioneer matrix bid.yaml
  pioneer matrix bid.yaml -o annex.pdf -o matrix.csv
  pioneer matrix bid.yaml --format json > matrix.json
  pioneer matrix bid.yaml --pack integration-framework-2013
"""
Format = Literal["text", "json", "csv", "html", "pdf", "docx", "md"]
FORMATS: dict[str, Format] = {
    ".txt": "text", ".json": "json", ".csv": "csv", ".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx",
    ".md": "md", ".markdown": "md",
}  # fmt: skip


def matrix_command(
    bid: Annotated[str, typer.Argument(metavar="BID", help="The bid: a YAML file, or - for standard input.")],
    output_format: Annotated[
        Literal["text", "json", "csv", "html"], typer.Option("--format", help="Who reads the standard output.")
    ] = "text",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A file to write, in the format of its ending: .pdf, .html, .csv, .json, .txt, .docx or .md; - for "
            "standard output. May be given several times.",
        ),
    ] = None,
    phase: Annotated[
        Literal["draft", "submission", "selection-end"], typer.Option(help="How far the bid is.")
    ] = "submission",
    pack: Annotated[
        str | None, typer.Option(metavar="NAME", help="The criteria pack; without it, the one of the bid's call.")
    ] = None,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template that the bid is typeset with, or a folder of your own.")
    ] = "eoi",
    stdin_filename: Annotated[str | None, typer.Option(metavar="NAME", help="What to call standard input.")] = None,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Say where a bid answers each consideration: section, page, quote and outcome. Gaps are no failure here."""
    import sys

    from pioneer_cli.answered import answered
    from pioneer_cli.cli.output import (
        STDOUT,
        encoding_of,
        judged_or_exit,
        say,
        terminal_width,
        wants_colour,
        write_files,
    )
    from pioneer_cli.matrix import answer_matrix
    from pioneer_cli.press import Press
    from pioneer_cli.reports.look import Look
    from pioneer_cli.reports.matrix_words import summary

    formats = _formats(output or [STDOUT], output_format)
    source, tree, found_pack = judged_or_exit(bid, stdin_filename, pack, color, aside=formats != {STDOUT: "text"})
    with Press(template, answered(found_pack)) as press:
        found = answer_matrix(source, tree, found_pack, phase, press)
    encoding = encoding_of(sys.stdout)
    terminal = Look(terminal_width(), wants_colour(color, sys.stdout), encoding=encoding)
    contents = {target: _written(found, form, Look()) for target, form in formats.items() if target != STDOUT}
    if STDOUT in formats:
        shown = _written(found, formats[STDOUT], terminal).decode()
        contents[STDOUT] = shown.encode(encoding, "backslashreplace")
    write_files(contents, [bid])
    files = [target for target in formats if target != STDOUT]
    if files:
        say(f"{', '.join(files)}: {summary(found)}")
    raise typer.Exit(ExitCode.OK)


def _formats(targets: Sequence[str], at_stdout: Format) -> dict[str, Format]:
    """The targets with the format of each. Raises PioneerError, also for a format that goes nowhere."""
    from pioneer_cli.cli.output import STDOUT, formats_of

    if at_stdout != "text" and STDOUT not in targets:
        raise PioneerError(f"nothing goes to the standard output as {at_stdout}", "add -o -, or leave --format out")
    return formats_of(targets, FORMATS, at_stdout)


def _written(found: "Matrix", form: Format, look: "Look") -> bytes:
    if form == "text":
        from pioneer_cli.reports.matrix_text import matrix_text

        return matrix_text(found, look).encode("utf-8")
    if form == "json":
        from pioneer_cli.reports.matrix_json import matrix_json

        return matrix_json(found).encode("utf-8")
    if form == "csv":
        from pioneer_cli.reports.matrix_csv import matrix_csv

        return matrix_csv(found).encode("utf-8")
    from pioneer_cli.press import print_document
    from pioneer_cli.reports.matrix_document import matrix_document

    return print_document(matrix_document(found), form)
