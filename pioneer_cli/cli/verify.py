"""`pioneer verify`: whether a limit proof, a bid and its PDF belong together."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import PioneerError

if TYPE_CHECKING:
    from pioneer_cli.check_proof import Remade
    from pioneer_cli.limit_proof import LimitProof
    from pioneer_cli.source import Source

EXAMPLES = """\b
Examples:
  pioneer verify proof.json --bid bid.yaml
  pioneer verify proof.json --bid bid.yaml --pdf eoi.pdf
  pioneer verify proof.json --bid bid.yaml --pdf eoi.pdf --format json
"""
MOST_PDF = 32 * 1024 * 1024  # the exemplar's takes 0.2 MiB


def verify_command(
    proof: Annotated[
        str, typer.Argument(metavar="PROOF", help="A limit proof, as `pioneer pages BID --proof FILE` writes it.")
    ],
    bid: Annotated[str, typer.Option("--bid", metavar="BID", help="The bid that the proof is said to be of.")],
    pdf: Annotated[
        str | None,
        typer.Option(
            "--pdf", metavar="PDF", help="The PDF that the proof is said to be of; without it, the bid's is made again."
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The folder of the template, where it is not one that ships with pioneer."),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The folder of the criteria pack, where it does not ship with pioneer."),
    ] = None,
    output_format: Annotated[Literal["text", "json"], typer.Option("--format", help="Who reads the result.")] = "text",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the answer, in a line.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Make a bid's document again and say whether it, a proof and a PDF belong together; if not, the exit code is 1."""
    import sys

    from pioneer_cli.check_proof import verify
    from pioneer_cli.cli.letters import stop
    from pioneer_cli.cli.output import encoding_of, show, terminal_width, wants_colour
    from pioneer_cli.limit_proof import MOST_BYTES, read_proof
    from pioneer_cli.reports.look import Look
    from pioneer_cli.source import MAX_BYTES, parse_bytes

    if [proof, bid, pdf].count("-") > 1:
        raise PioneerError("only one of the three can come from standard input", "name files for the others")
    content = _bytes_of(proof, MOST_BYTES, "a limit proof")
    claimed = read_proof(content, _shown(proof))
    if claimed.proof is None:
        stop(claimed.diagnostics, {claimed.source.name: claimed.source}, color)
    bid_bytes = _bytes_of(bid, MAX_BYTES, "a bid")
    pdf_bytes = None if pdf is None else _bytes_of(pdf, MOST_PDF, "the PDF of a bid")
    now = _made_again(parse_bytes(bid_bytes, _shown(bid)), claimed.proof, content, pack, template)
    found = verify(content, claimed.proof, bid_bytes, now, pdf_bytes, _count_pages)
    if output_format == "json":
        from pioneer_cli.reports.proof_json import proof_json

        show(proof_json(_shown(proof), found))
    else:
        from pioneer_cli.reports.proof_text import proof_text

        look = Look(terminal_width(), wants_colour(color, sys.stdout), quiet, encoding_of(sys.stdout))
        show(proof_text(_shown(proof), found, look))
    raise typer.Exit(found.exit_code)


def _count_pages(pdf: bytes) -> int | None:
    from pioneer_cli.foreign.judge import count_pages

    return count_pages(pdf)


def _shown(name: str) -> str:
    return "<stdin>" if name == "-" else name


def _bytes_of(name: str, most: int, what: str) -> bytes:
    """The bytes of a file that is no longer than the most that it could be. Raises PioneerError."""
    from pioneer_cli.file_bytes import read_bytes

    content = read_bytes(name, most, f"name the file of {what}")
    if len(content) > most:
        size = f"{most // 1024} KiB" if most < 1024 * 1024 else f"{most // 1024 // 1024} MiB"
        raise PioneerError(f"{_shown(name)} is larger than {size}", f"is it {what}?")
    return content


def _made_again(
    source: "Source", claimed: "LimitProof", content: bytes, pack: str | None, template: str | None
) -> "Remade":
    """What the bid gives now. A bid that cannot be read is no proof's, or one for another version: see `verify`.

    Raises PioneerError for what is wrong with the set-up, unless the proof was tampered with, which says more.
    """
    from pioneer_cli.check_proof import Remade, is_whole, remade
    from pioneer_cli.diagnostics import has_errors
    from pioneer_cli.pipeline import read_bid

    read = read_bid(source)
    if read.bid is None:
        fault = next(found for found in read.diagnostics if has_errors((found,)))
        return Remade(None, f"the bid is not valid ({source.name}:{fault.span.start} {fault.message})")
    try:
        return remade(source, read.bid, claimed, pack, template)
    except PioneerError as error:
        if pack is None and template is None and not is_whole(content):
            return Remade(None, error.message)
        raise
