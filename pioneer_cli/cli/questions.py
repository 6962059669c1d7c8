"""`pioneer questions`: the clarification questions to the bidder, the annex to reply in, and how its replies stand."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.cli.letters import FORMATS, OUTPUT_HELP, Judged, Wanted, judged, replies_to, tell, write_letter
from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.clarification import Question, Standing

EXAMPLES = """\b
Examples:
  pioneer questions bid.yaml
  pioneer questions bid.yaml -o questions.pdf -o questions.docx
  pioneer questions bid.yaml --new-replies replies.yaml
  pioneer questions bid.yaml --replies replies.yaml -o questions.md
"""


def questions_command(
    bid: Annotated[str, typer.Argument(metavar="BID", help="The bid: a YAML file, or - for standard input.")],
    output: Annotated[list[str] | None, typer.Option("--output", "-o", metavar="FILE", help=OUTPUT_HELP)] = None,
    replies: Annotated[
        str | None, typer.Option(metavar="FILE", help="The annex with replies; each question then says how it stands.")
    ] = None,
    new_replies: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="An annex to write, for the bidder to fill in; never over a file."),
    ] = None,
    reviews: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Reviewers' files, whose answers may raise questions too.")
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
    """Write the clarification questions, numbered, by criterion; 0 also when there is none."""
    from pioneer_cli.clarification import questions, standings
    from pioneer_cli.cli.output import formats_of
    from pioneer_cli.feedback import not_counted
    from pioneer_cli.letters import QUESTIONS, questions_letter

    formats = formats_of(output or ([] if new_replies else ["-"]), FORMATS, "md")
    _check_annex(new_replies)
    wanted = Wanted(bid, pack, phase, template, reviews, replies, color)
    found = judged(wanted)
    asked = questions(found.assessment)
    annex, given = replies_to(found, asked, wanted)
    tell(not_counted(found.panel), found.sources, color)
    desk, title = found.desk, str(found.desk.bid["title"])
    standing = standings(asked, given, desk.pack, desk.source.sha256)
    others = {f"The review of {one.reviewer}": one.source for one in found.panel.counting}
    others |= {"The replies": annex} if annex else {}
    values = questions_letter(
        desk.source, title, desk.pack, desk.pack_sha256, phase, standing, found.places, others, given
    )
    write_letter(values, QUESTIONS, formats, wanted)
    _say_written(formats, standing)
    if new_replies is not None:
        _write_annex(new_replies, found, asked)
    raise typer.Exit(ExitCode.OK)


def _check_annex(target: str | None) -> None:
    """Raises PioneerError, before anything is written, for an annex that cannot be."""
    if target is None:
        return
    if Path(target).suffix not in (".yaml", ".yml"):
        raise PioneerError(f"{target} does not end in .yaml", "an annex is a YAML file: name it replies.yaml, say")
    if not Path(target).parent.is_dir():
        raise PioneerError(f"there is no folder {Path(target).parent}", "nothing was written; make the folder first")
    if os.path.lexists(target):
        raise PioneerError(f"{target} is already there", "nothing was overwritten; name another file")


def _say_written(formats: dict[str, Literal["pdf", "html", "docx", "md"]], standing: "tuple[Standing, ...]") -> None:
    from pioneer_cli.cli.output import STDOUT, say
    from pioneer_cli.quantities import plural

    files = ", ".join(target for target in formats if target != STDOUT)
    if files:
        closed = sum(found.is_closed for found in standing)
        count = plural(sum(found.question is not None for found in standing), "question")
        say(f"{files}: {count if standing else 'no question'}{f', {closed} closed' if closed else ''}")


def _write_annex(target: str, found: Judged, asked: "tuple[Question, ...]") -> None:
    from pioneer_cli.check_replies import new_replies
    from pioneer_cli.cli.output import say, write_files
    from pioneer_cli.quantities import plural
    from pioneer_cli.replies import REPLIES_SCHEMA_FILE
    from pioneer_cli.schema import committed_schema

    desk = found.desk
    text = new_replies(asked, desk.source, str(desk.bid["title"]), desk.pack, desk.pack_sha256)
    contents = {target: text.encode("utf-8")}
    schema = Path(target).with_name(REPLIES_SCHEMA_FILE)
    if not os.path.lexists(schema):
        contents[schema.as_posix()] = committed_schema(REPLIES_SCHEMA_FILE).encode("utf-8")
    write_files(contents, [], overwrite=False)
    say(f"{target}: an annex to reply in, with {plural(len(asked), 'question')}")
    if len(contents) > 1:
        say(f"{schema.as_posix()}: the schema by which editors complete and check it")
