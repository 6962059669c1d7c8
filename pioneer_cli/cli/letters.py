"""What the commands that write letters share: judging a bid with its reviews, reading replies, writing formats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import typer

from pioneer_cli.errors import ExitCode

if TYPE_CHECKING:
    from pioneer_cli.assessment import Assessment
    from pioneer_cli.bid import Phase
    from pioneer_cli.check_review import Desk
    from pioneer_cli.clarification import Question
    from pioneer_cli.cli.output import ColorChoice
    from pioneer_cli.diagnostics import Diagnostic
    from pioneer_cli.judgement import Panel
    from pioneer_cli.replies import Replies
    from pioneer_cli.source import Source
    from pioneer_cli.whereabouts import Whereabouts

Format = Literal["pdf", "html", "docx", "md"]
FORMATS: dict[str, Format] = {
    ".pdf": "pdf", ".html": "html", ".htm": "html", ".docx": "docx", ".md": "md", ".markdown": "md",
}  # fmt: skip
OUTPUT_HELP = (
    "A file to write, in the format of its ending: .pdf, .docx, .md or .html; - for Markdown on standard output. May "
    "be given several times; without it, Markdown on standard output."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for. `reviews` is a folder, `replies` a file; both may be left out."""

    bid: str
    pack: str | None
    phase: "Phase"
    template: str
    reviews: str | None
    replies: str | None
    color: "ColorChoice"


@dataclass(frozen=True, slots=True)
class Judged:
    """A bid that was judged, its reviews beside it, and where everything in it stands."""

    desk: "Desk"
    assessment: "Assessment"
    panel: "Panel"
    places: "Whereabouts"
    sources: Mapping[str, "Source"]


def judged(wanted: Wanted) -> Judged:
    """Reads a bid and its reviews, typesets and judges it; faults go to standard error and end with code 2."""
    from pioneer_cli.answered import answered
    from pioneer_cli.check_review import Desk, quotable
    from pioneer_cli.cli.output import judged_or_exit
    from pioneer_cli.judge import look
    from pioneer_cli.judgement import Panel
    from pioneer_cli.load_pack import pack_digest
    from pioneer_cli.press import Press
    from pioneer_cli.reviews_folder import ReadReviews, read_reviews
    from pioneer_cli.whereabouts import Whereabouts

    source, tree, pack = judged_or_exit(wanted.bid, None, wanted.pack, wanted.color, aside=True)
    digest = pack_digest(wanted.pack if wanted.pack is not None else source.call or "")
    desk = Desk(source, tree, pack, digest, quotable(tree))
    found = ReadReviews(Panel(()), {}, ()) if wanted.reviews is None else read_reviews(wanted.reviews, desk)
    if found.panel is None:
        stop(found.diagnostics, found.sources, wanted.color)
    panel = found.panel
    with Press(wanted.template, answered(pack)) as press:
        printed = press.typeset(tree, measured="pages")
    finish = look(pack, tree, wanted.phase, panel.settled)
    assessment = finish(printed.typeset.pages(pack.about.page_limit))
    sources = {**found.sources, source.name: source}
    return Judged(desk, assessment, panel, Whereabouts(source, printed), sources)


def replies_to(
    found: Judged, asked: "tuple[Question, ...]", wanted: Wanted
) -> "tuple[Source, Replies] | tuple[None, None]":
    """The annex with the replies, if one is named; faults go to standard error and end with code 2."""
    from pioneer_cli.check_replies import read_annex

    if wanted.replies is None:
        return None, None
    desk = found.desk
    who = None if wanted.reviews is None else frozenset(one.reviewer for one in found.panel.counting)
    bid = (desk.title, desk.source.sha256)
    annex = read_annex(wanted.replies, bid, desk.pack, desk.pack_sha256, asked, who)
    if annex.replies is None:
        stop(annex.diagnostics, {annex.source.name: annex.source}, wanted.color)
    tell(annex.diagnostics, {annex.source.name: annex.source}, wanted.color)
    return annex.source, annex.replies


def tell(faults: "Iterable[Diagnostic]", sources: Mapping[str, "Source"], color: "ColorChoice") -> None:
    """Shows what is wrong with files on standard error, file by file."""
    import sys
    from contextlib import suppress

    from pioneer_cli.cli.output import encoding_of, terminal_width, wants_colour
    from pioneer_cli.reports.look import Look
    from pioneer_cli.reports.text import faults as faults_as_text

    look = Look(terminal_width(), wants_colour(color, sys.stderr), encoding=encoding_of(sys.stderr))
    by_file: dict[str, list[Diagnostic]] = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    for name, of_file in by_file.items():
        with suppress(OSError, ValueError):  # where nobody may read it
            print(faults_as_text(sources[name], tuple(of_file), look), file=sys.stderr)


def stop(faults: "Iterable[Diagnostic]", sources: Mapping[str, "Source"], color: "ColorChoice") -> NoReturn:
    """Shows what is wrong and ends: nothing was written."""
    tell(faults, sources, color)
    raise typer.Exit(ExitCode.CANNOT_JUDGE)


def write_letter(values: Mapping[str, Any], main: str, formats: Mapping[str, Format], wanted: Wanted) -> None:
    """Prints a letter in each format and writes them all, or none. Raises PioneerError."""
    import sys

    from pioneer_cli.cli.output import STDOUT, encoding_of, write_files
    from pioneer_cli.press import Press
    from pioneer_cli.shipped import shipped_names

    with Press(wanted.template, main=main) as press:
        contents = {
            target: press.typeset(values).typeset.pdf if form == "pdf" else press.write(values, form)
            for target, form in formats.items()
        }
    if STDOUT in contents:
        contents[STDOUT] = _for_terminal(contents[STDOUT].decode("utf-8"), encoding_of(sys.stdout))
    own = [] if wanted.template in shipped_names("templates") else Path(wanted.template).rglob("*.*")
    write_files(contents, [*(name for name in (wanted.bid, wanted.replies) if name), *map(str, own)])


def _for_terminal(text: str, encoding: str) -> bytes:
    """Markdown in which no character can move a cursor and no line is a command to a build server."""
    from pioneer_cli.reports.look import commandless, printable

    lines = (commandless(printable(line, encoding)) for line in text.split("\n"))
    return "\n".join(lines).encode(encoding, "backslashreplace")
