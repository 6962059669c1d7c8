"""`pioneer review`: begin a reviewer's file for a bid, and hold such files to the bid and to the criteria."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from pioneer_cli.check_review import Desk, Standing
    from pioneer_cli.diagnostics import Diagnostic
    from pioneer_cli.reports.look import Look
    from pioneer_cli.review import Review
    from pioneer_cli.source import Source

EXAMPLES = """\b
Examples:
  pioneer review new bids/exemplar.yaml --reviewer r1
  pioneer review check reviews/exemplar/r1.yaml
  pioneer review check reviews/ --bid bids/exemplar.yaml
"""
HOME = "reviews"  # the folder that holds a folder for each bid
PackName = Annotated[
    str | None,
    typer.Option("--pack", metavar="NAME", help="The criteria pack; without it, the one of the bid's call."),
]
Color = Annotated[Literal["auto", "always", "never"], typer.Option("--color", help="Use colour.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")]

app = typer.Typer(
    name="review",
    help="Write and check a reviewer's judgement of a bid: levels with reasons, and answers to what people must judge.",
    epilog=EXAMPLES,
    rich_markup_mode=None,
    no_args_is_help=False,
    add_completion=False,
)


# --- Beginning a review ----------------------------------------------------------------------------------------------


@app.command("new", short_help="Write a commented file to judge a bid in.")
def new_command(
    bid: Annotated[str, typer.Argument(metavar="BID", help="The bid: a YAML file.")],
    reviewer: Annotated[str, typer.Option(metavar="ID", help="Who judges, by an id such as r1; no name is needed.")],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The file to write, in place of reviews/BID/ID.yaml; - for stdout."
        ),
    ] = None,
    pack: PackName = None,
    phase: Annotated[
        Literal["draft", "submission", "selection-end"], typer.Option(help="How far the bid is.")
    ] = "submission",
    color: Color = "auto",
    debug: Debug = False,
) -> None:
    """Write a reviewer's file, with what the machine found beside each question; one that is there is left alone."""
    from pioneer_cli.cli.output import STDOUT, judged_or_exit, say, write_files
    from pioneer_cli.judge import judge
    from pioneer_cli.review_starter import starter_review
    from pioneer_cli.schema import REVIEW_SCHEMA_FILE, committed_schema

    target = _target(bid, reviewer, output)
    source, tree, found = judged_or_exit(bid, None, pack, color, aside=target == STDOUT)
    assessment = judge(found, tree, phase, None)
    text = starter_review(source, tree, found, _digest(source, pack), assessment, reviewer)
    contents = {target: text.encode("utf-8")}
    schema = Path(target).with_name(REVIEW_SCHEMA_FILE)
    if target != STDOUT:
        _make_folder(Path(target).parent)
        if not os.path.lexists(schema):
            contents[schema.as_posix()] = committed_schema(REVIEW_SCHEMA_FILE).encode("utf-8")
    write_files(contents, [bid], overwrite=False)
    if target != STDOUT:
        say(f"{target}: a review of {bid} to fill in")
        say(f"  check it as you go: {_next_command(target, bid, pack)}")
    if len(contents) > 1:
        say(f"{schema.as_posix()}: the schema by which editors complete and check it")


def _target(bid: str, reviewer: str, output: str | None) -> str:
    """The file to write. Raises PioneerError for what is no id, so that no reviewer's name leads to another folder."""
    from pioneer_cli.bid import LONGEST_ID, is_id
    from pioneer_cli.named_files import bid_name
    from pioneer_cli.source import STDIN

    if not is_id(reviewer):
        hint = f"use letters, figures, hyphens and dots, at most {LONGEST_ID}, such as r1"
        raise PioneerError(f'"{reviewer[:60]}" cannot be the id of a reviewer', hint)
    if bid == STDIN:
        raise PioneerError("a reviewer's file belongs to a bid's file", "save the bid in a file and name that")
    if output is None:
        return f"{HOME}/{bid_name(bid)}/{reviewer}.yaml"
    if output != "-" and Path(output).suffix not in (".yaml", ".yml"):
        raise PioneerError(
            f"{output} does not end in .yaml", f"a reviewer's file is a YAML file: name it {reviewer}.yaml"
        )
    return output


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise PioneerError(f"cannot make the folder {folder}: {reason}", "check the name and the permissions") from None


def _next_command(target: str, bid: str, pack: str | None) -> str:
    """How to check the file, with `--bid` only where the bid would not be found."""
    from shlex import quote

    named = [] if _same(_bid_beside(target), bid) else ["--bid", bid]
    parts = ["pioneer", "review", "check", target, *named, *(["--pack", pack] if pack else [])]
    return " ".join(map(quote, parts))


def _same(found: str | None, bid: str) -> bool:
    return found is not None and Path(found).samefile(bid)


def _digest(source: "Source", pack: str | None) -> str:
    """The digest of the pack that a bid is judged by; see `choose_pack`."""
    from pioneer_cli.load_pack import pack_digest

    return pack_digest(pack if pack is not None else source.call or "")


# --- Checking reviews ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A bid to hold reviews to, or in words why there is none."""

    desk: "Desk | None"
    message: str = ""
    hint: str = ""


@app.command("check", short_help="Say what is wrong with reviewers' files, and what is still to come.")
def check_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Reviewers' files, or folders that hold some.")],
    bid: Annotated[
        str | None,
        typer.Option(metavar="BID", help="The bid; without it, the one that the files' folder is named after."),
    ] = None,
    pack: PackName = None,
    color: Color = "auto",
    debug: Debug = False,
) -> None:
    """Hold reviewers' files to the bid: 0 when all are complete, 1 when some are not, 2 when some cannot be used."""
    import sys

    from pioneer_cli.cli.output import encoding_of, show, terminal_width, wants_colour
    from pioneer_cli.named_files import find_files
    from pioneer_cli.reports.look import Look
    from pioneer_cli.reports.text import whole

    look = Look(terminal_width(), wants_colour(color, sys.stdout), encoding=encoding_of(sys.stdout))
    named = _desk(bid, pack) if bid is not None else None
    desks: dict[str, _Found] = {}
    earlier: list[tuple[str, Review]] = []
    parts, codes = [], []
    for name in find_files(files, "reviewer's file"):
        source, faults, stands = _checked(name, named or _desk_beside(name, pack, desks), earlier)
        parts.append(_shown(source, faults, stands, look))
        codes.append(_CODES[stands.state])
    show(whole(parts))
    raise typer.Exit(max(codes))


_CODES = {
    "complete": ExitCode.OK,
    "unfinished": ExitCode.FALLS_SHORT,
    "cannot be used": ExitCode.CANNOT_JUDGE,
}


def _checked(
    name: str, found: _Found, earlier: "list[tuple[str, Review]]"
) -> "tuple[Source, tuple[Diagnostic, ...], Standing]":
    """A reviewer's file with its faults and how far it is; what cannot be read stops no other file.

    What can be read is added to the `earlier` ones.
    """
    from pioneer_cli.check_review import check_review, second_of_its_kind, standing
    from pioneer_cli.review import read_review
    from pioneer_cli.source import read, unread
    from pioneer_cli.validate import place

    try:
        source = read(name)
    except PioneerError as error:
        source = unread(name, error)
    validated = read_review(source)
    review, faults = validated.model, list(validated.diagnostics)
    if found.desk is None:
        faults.append(place(source, ("bid",), "no-bid", found.message, found.hint, at_key=True))
    if review is not None:
        faults += check_review(source, review, found.desk) if found.desk else ()
        faults += second_of_its_kind(source, review, earlier)
        earlier.append((source.name, review))
    ordered = tuple(sorted(faults))
    return source, ordered, standing(review, ordered, found.desk)


def _shown(source: "Source", faults: "tuple[Diagnostic, ...]", stands: "Standing", look: "Look") -> str:
    from pioneer_cli.reports.look import commandless, printable
    from pioneer_cli.reports.text import faults as faults_as_text

    told = f"{faults_as_text(source, faults, look)}\n" if faults else ""
    return f"{told}{commandless(printable(f'{source.name}: {stands.words}', look.encoding))}\n"


def _desk_beside(name: str, pack: str | None, desks: dict[str, _Found]) -> _Found:
    """The desk with the bid that a file's folder is named after; each bid is read once."""
    bid = _bid_beside(name)
    if bid is None:
        looked = ", ".join(dict.fromkeys(map(Path.as_posix, _candidates(name))))
        return _Found(None, "the bid of this review is not found", f"name it with --bid; there is none of {looked}")
    if bid not in desks:
        try:
            desks[bid] = _desk(bid, pack)
        except PioneerError as error:  # of this bid, and others may be fine
            desks[bid] = _Found(None, error.message, error.hint)
    return desks[bid]


def _bid_beside(name: str) -> str | None:
    """The bid that the folder of a reviewer's file is named after, if there is one."""
    return next((path.as_posix() for path in _candidates(name) if path.is_file()), None)


def _candidates(name: str) -> list[Path]:
    """Where the bid of a reviewer's file may lie: from the current folder, or from the one that holds `reviews`."""
    folder = Path(os.path.normpath(Path.cwd() / name)).parent
    holder = Path(os.path.relpath(folder.parent.parent)) if folder.parent.name == HOME else Path()
    called = folder.name
    places = (f"bids/{called}.yaml", f"{called}.yaml", f"bids/{called}/bid.yaml", f"{called}/bid.yaml")
    return [base / place for base in dict.fromkeys((Path(), holder)) for place in places]


def _desk(name: str, pack: str | None) -> _Found:
    """A bid with its pack and all that may be quoted. Raises PioneerError for a pack that there is not."""
    from pioneer_cli.bid import plain
    from pioneer_cli.check_review import Desk, quotable
    from pioneer_cli.judge import choose_pack
    from pioneer_cli.pipeline import read_bid
    from pioneer_cli.source import read

    source = read(name)
    found = read_bid(source)
    loaded = choose_pack(source, found.bid, pack) if found.bid else None
    if found.bid is None or loaded is None or loaded.pack is None:
        by = f" --pack {pack}" if pack else ""
        return _Found(None, f"the bid {name} cannot be judged", f"`pioneer check {name}{by}` says why")
    tree = plain(found.bid)
    return _Found(Desk(source, tree, loaded.pack, _digest(source, pack), quotable(tree)))
