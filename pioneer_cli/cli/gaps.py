"""`pioneer gaps`: a reviewer's report on bids, criterion by criterion, on the terminal or as a document."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.gap_report import GapReport
    from pioneer_cli.pipeline import GapRequest, Gaps
    from pioneer_cli.reports.look import Look

EXAMPLES = """\b
Examples:
  pioneer gaps bid.yaml
  pioneer gaps bid.yaml -o gaps.html -o gaps.pdf
  pioneer gaps bids/ -o reports/{bid}.html
  pioneer gaps bid.yaml --reviews reviews --replies replies.yaml -o gaps.docx
"""
Format = Literal["text", "json", "csv", "html", "pdf", "docx", "md"]
FORMATS: dict[str, Format] = {
    ".txt": "text", ".json": "json", ".csv": "csv", ".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx",
    ".md": "md", ".markdown": "md",
}  # fmt: skip
TOGETHER = ("text", "json", "csv")  # the formats that hold several bids in one file
BID = "{bid}"  # stands for the bid's name in the name of a file


def gaps_command(
    bids: Annotated[
        list[str],
        typer.Argument(metavar="BID", help="Bids: YAML files, folders that hold some, or - for standard input."),
    ],
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A file to write, in the format of its ending: .html, .pdf, .docx, .md, .csv, .json or .txt; - for "
            "standard output. {bid} in it stands for the bid's name. May be given several times.",
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "json", "csv"], typer.Option("--format", help="Who reads the standard output.")
    ] = "text",
    reviews: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="The folder of reviewers' files, or the one above those of bids."),
    ] = None,
    replies: Annotated[
        str | None, typer.Option(metavar="FILE", help="The bidder's replies to the clarification questions.")
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the last line of each bid.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Report on bids for reviewers: what is met, on which evidence, what is missing, what to ask. Gaps fail nothing."""
    import sys

    from pioneer_cli.cli.output import (
        STDOUT,
        encoding_of,
        progress,
        say,
        say_template,
        terminal_width,
        wants_colour,
        write_files,
    )
    from pioneer_cli.named_files import find_files
    from pioneer_cli.pipeline import GapRequest
    from pioneer_cli.reports.gaps_words import summary
    from pioneer_cli.reports.look import Look

    files = find_files(bids)
    formats = _formats(output or [STDOUT], output_format)
    _check_targets(formats, files, replies)
    request = GapRequest(phase, pack, template, reviews, replies, stdin_filename)
    look = Look(terminal_width(), wants_colour(color, sys.stdout), quiet, encoding_of(sys.stdout))
    found = _settled(request, files, list(progress(_each(files, request), len(files))))
    aside = formats != {STDOUT: "text"}
    for told in _faults(found, look):
        _say_faults(told, aside=aside)
    for name in (name for name, gaps in zip(files, found, strict=True) if gaps.report is None):
        say(f"{name}: no report")
    made = [gaps.report for gaps in found if gaps.report is not None]
    if made:
        contents = _contents(made, formats, look)
        if STDOUT in contents:
            contents[STDOUT] = contents[STDOUT].decode().encode(look.encoding, "backslashreplace")
        write_files(contents, [*files, *([replies] if replies else [])])
        for target in (target for target in contents if target != STDOUT):
            say(target)
        if aside or quiet:  # otherwise the report on the terminal says it
            for left_out in (found for report in made for found in report.panel.judgements if not found.counts):
                say(f"the review of {left_out.reviewer} does not count: {left_out.why_not}")
        if set(formats) != {STDOUT}:
            for report in made:
                say(f"{report.source.name}: {summary(report)}")
    say_template(template)
    raise typer.Exit(ExitCode.OK if len(made) == len(files) else ExitCode.CANNOT_JUDGE)


def _formats(targets: Sequence[str], at_stdout: Format) -> dict[str, Format]:
    """The targets with the format of each. Raises PioneerError, also for a format that goes nowhere."""
    from pioneer_cli.cli.output import STDOUT, formats_of

    if at_stdout != "text" and STDOUT not in targets:
        raise PioneerError(f"nothing goes to the standard output as {at_stdout}", "add -o -, or leave --format out")
    return formats_of(targets, FORMATS, at_stdout)


def _check_targets(formats: Mapping[str, Format], files: Sequence[str], replies: str | None) -> None:
    """Several bids need a file each, but for the formats that hold them all, and replies are of one bid."""
    from pioneer_cli.named_files import bid_name

    names = [bid_name(name) for name in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice and any(BID in target for target in formats):
        raise PioneerError(f"two of the bids are called {twice[0]}", "report on them one at a time")
    meant = [os.path.realpath(target.replace(BID, name)) for target in formats for name in names if BID in target]
    meant += [os.path.realpath(target) for target in formats if BID not in target]
    if len(set(meant)) < len(meant):
        raise PioneerError("two reports would be written to one file", f"{BID} stands for the name of each bid")
    if len(files) < 2:
        return
    for target, form in formats.items():
        if form not in TOGETHER and BID not in target:
            hint = f"write {BID} where the bid's name belongs, such as reports/{BID}.html"
            raise PioneerError(f"{len(files)} bids would all be written to {target}", hint)
    if replies is not None:
        raise PioneerError(f"{replies} holds the replies to one bid, and {len(files)} are named", "name one bid")


def _each(files: Sequence[str], request: "GapRequest") -> "Iterator[Gaps | PioneerError]":
    """What comes of each bid, or why its set-up does not do."""
    from pioneer_cli.pipeline import gaps

    for name in files:
        try:
            yield gaps(name, request)
        except PioneerError as error:
            yield error


def _settled(request: "GapRequest", files: Sequence[str], found: "Sequence[Gaps | PioneerError]") -> "list[Gaps]":
    """What came of each bid. What stops one bid of several is said and hides no other. Raises what stops them all.

    Of several bids, one that nobody has reviewed has a report without reviewers.
    """
    from pioneer_cli.cli.output import say
    from pioneer_cli.pipeline import Gaps, gaps
    from pioneer_cli.reviews_folder import NoReviewError

    errors = [each for each in found if isinstance(each, PioneerError)]
    if len(errors) == len(found):
        raise errors[0]
    settled = []
    for name, each in zip(files, found, strict=True):
        if isinstance(each, NoReviewError):
            say(f"{name}: {each.message}; its report is without reviewers")
            settled.append(gaps(name, replace(request, reviews=None)))
        elif isinstance(each, PioneerError):
            say(f"{name}: {each.message}")
            say(f"  {each.hint}")
            settled.append(Gaps(None, ()))
        else:
            settled.append(each)
    return settled


def _faults(found: "Sequence[Gaps]", look: "Look") -> list[str]:
    """What is wrong with bids, and with the files beside them; a file that serves several bids is told of once."""
    if not any(gaps.faults for gaps in found):
        return []  # without loading what writes on terminals
    from pioneer_cli.reports.text import faults

    told = [faults(source, own, look) for gaps in found for source, own in gaps.faults]
    return list(dict.fromkeys(told))


def _say_faults(told: str, *, aside: bool) -> None:
    """Shows what is wrong with a file: on standard error where the standard output is for the report."""
    from pioneer_cli.cli.output import say, say_lines, show

    if aside:
        say_lines(told)
        say("")
    else:
        show(f"{told}\n")


def _contents(made: "Sequence[GapReport]", formats: Mapping[str, Format], look: "Look") -> dict[str, bytes]:
    """What goes into each file, by its name."""
    from pioneer_cli.named_files import bid_name

    contents = {}
    for target, form in formats.items():
        if BID not in target:
            contents[target] = _written(made, form, look, is_terminal=target == "-")
            continue
        for report in made:
            contents[target.replace(BID, bid_name(report.source.name))] = _written([report], form, look)
    return contents


def _written(made: "Sequence[GapReport]", form: Format, look: "Look", *, is_terminal: bool = False) -> bytes:
    if form == "text":
        from pioneer_cli.reports.gaps_text import gaps_text
        from pioneer_cli.reports.look import Look

        between = "" if is_terminal and look.quiet else "\n"
        return between.join(gaps_text(report, look if is_terminal else Look()) for report in made).encode("utf-8")
    if form == "json":
        from pioneer_cli.reports.gaps_json import gaps_json

        return gaps_json(made).encode("utf-8")
    if form == "csv":
        from pioneer_cli.reports.gaps_csv import gaps_csv

        return gaps_csv(made).encode("utf-8")
    if form == "html":
        from pioneer_cli.press import draw_figure
        from pioneer_cli.reports.gaps_html import gaps_html

        return gaps_html(made[0], draw_figure).encode("utf-8")
    from pioneer_cli.press import print_document
    from pioneer_cli.reports.gaps_document import gaps_document

    return print_document(gaps_document(made[0]), form)
