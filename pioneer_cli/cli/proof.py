"""What `pioneer pages --proof` writes: the limit proof of a bid."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pioneer_cli.errors import PioneerError

if TYPE_CHECKING:
    from pioneer_cli.economics import Economics
    from pioneer_cli.press import Press


def refuse_unfit(file: str, proof: str) -> None:
    """Raises PioneerError where no proof can be written: of a document made elsewhere, or among the report."""
    from pioneer_cli.cli.output import STDOUT
    from pioneer_cli.cli.pages_foreign import is_foreign

    if is_foreign(file):
        raise PioneerError("a limit proof is of a bid, and this is a document", "name the bid's YAML file")
    if proof == STDOUT:
        raise PioneerError("the report goes to standard output, so the proof cannot", "name a file for the proof")


def write_proof(
    proof: str, found: "Economics", bid: Mapping[str, Any], pack: str | None, press: "Press", file: str
) -> None:
    """Writes the proof of a bid, over its limit or not, and says so on standard error. Raises PioneerError.

    The bid is typeset once more, since marks of passages change the PDF's bytes.
    """
    from pioneer_cli.cli.output import say, write_file
    from pioneer_cli.limit_proof import limit_proof, written
    from pioneer_cli.load_pack import pack_digest, pack_folder
    from pioneer_cli.reports.look import page_words

    typeset = press.typeset(bid).typeset
    name = pack if pack is not None else found.source.call or ""
    made = limit_proof(found.source, typeset, found.pack, pack_digest(name), press.folder)
    own = [] if press.folder.ours else Path(press.folder.name).rglob("*.*")
    write_file(proof, written(made), [file, *map(str, own), *map(str, pack_folder(name).glob("*.yaml"))])
    say(f"{proof}: {page_words(typeset.pages(found.pack.about.page_limit))}")
