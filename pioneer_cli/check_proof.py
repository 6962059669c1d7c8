"""Holding a limit proof to a bid and a PDF: whether they belong together, and what differs where they do not.

A bid is made into a document again and proved again; then two proofs are compared, part by part. What another version
of a program may have made otherwise is unknown, never a forgery.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pioneer_cli.answered import answered
from pioneer_cli.bid import Bid, plain
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.judge import choose_pack
from pioneer_cli.limit_proof import MADE_WITH, PROGRAM, LimitProof, ProvedPages, limit_proof, own_digest
from pioneer_cli.load_pack import pack_digest
from pioneer_cli.press import Press
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import Source
from pioneer_cli.typeset import TypesetError

What = Literal["proof", "bid", "pack", "template", "fonts", "versions", "document", "pdf", "pages", "limit"]
Standing = Literal["holds", "fails", "unknown", "not-given", "over"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a proof speaks of, how it stands, and why; `over` is only said of the limit."""

    what: What
    standing: Standing
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of holding a proof to a bid and, if it was given, to a PDF."""

    checks: tuple[Check, ...]
    pages: ProvedPages

    def what(self, standing: Standing) -> tuple[What, ...]:
        """Everything that stands so."""
        return tuple(check.what for check in self.checks if check.standing == standing)

    @property
    def belongs(self) -> bool | None:
        """Whether all belongs together; None where that could not be found out."""
        return False if self.what("fails") else None if self.what("unknown") else True

    @property
    def exit_code(self) -> ExitCode:
        """1 when something does not belong, or the bid is over its limit; 2 when that cannot be said."""
        if self.belongs is None:
            return ExitCode.CANNOT_JUDGE
        return ExitCode.OK if self.belongs and not self.what("over") else ExitCode.FALLS_SHORT


@dataclass(frozen=True, slots=True)
class Remade:
    """The proof that the bid gives now, or None and the trouble that kept it from being made."""

    proof: LimitProof | None
    trouble: str = ""


def remade(source: Source, bid: Bid, claimed: LimitProof, pack: str | None, template: str | None) -> Remade:
    """Makes the document again, with the pack and the template that the proof names unless others are given.

    Raises PioneerError for a pack or a template that must be named, or is not there.
    """
    chosen_pack = pack or _shipped(claimed.pack.name, "criteria", "pack")
    chosen_template = template or _shipped(claimed.template.name, "templates", "template")
    loaded = choose_pack(source, bid, chosen_pack).pack
    if loaded is None:
        return Remade(None, f"the pack {chosen_pack} cannot be read: `pioneer pack show` says why")
    with Press(chosen_template, answered(loaded)) as press:
        try:
            printed = press.typeset(plain(bid))
        except TypesetError as error:
            return Remade(None, f"the bid cannot be typeset: {error.message}")
    return Remade(limit_proof(source, printed.typeset, loaded, pack_digest(chosen_pack), press.folder))


def _shipped(name: str | None, folder: str, option: str) -> str:
    if name is not None and name in shipped_names(folder):
        return name
    called = f"{option} {name}, which does not ship with pioneer" if name else f"{option} of somebody's own"
    raise PioneerError(f"the proof is by the {called}", f"name its folder with --{option}")


def _not_counted(_pdf: bytes) -> None:
    return None


def verify(
    content: bytes,
    claimed: LimitProof,
    bid: bytes,
    now: Remade,
    pdf: bytes | None,
    count: Callable[[bytes], int | None] = _not_counted,
) -> Verification:
    """Compares what a proof claims with what there is: its own bytes, the bid's, the PDF's, and what was remade.

    `claimed` is what `content`, the proof's file, says; `now` is made from `bid`. `count` counts the pages of a PDF
    that was not made here, where that can be done.
    """
    document = _document(claimed, bid, now)
    made_with = _made_with(claimed, now, document)
    checks = (
        _proof(content),
        _bid(claimed, bid, now),
        *made_with,
        document,
        _pdf(claimed, now, pdf, count),
        _pages(claimed, now, document),
        _limit(claimed, now, document, made_with[0]),
    )
    return Verification(checks, claimed.pages)


def is_whole(content: bytes) -> bool:
    """Whether no byte of a proof's file was changed by somebody who did not write its own digest anew."""
    stated, real = own_digest(content)
    return stated == real


def _proof(content: bytes) -> Check:
    if is_whole(content):
        return Check("proof", "holds", "its own sha256 is true")
    if _differs_in_line_ends(content, is_whole):
        return Check("proof", "fails", f"its line ends were changed{_GIT}")
    return Check("proof", "fails", "it was changed since it was written: its own sha256 is not true")


_MADE_AGAIN = "the document made again"
_GIT = ", perhaps by git: docs/limit-proof.md says how to keep them"


def _differs_in_line_ends(content: bytes, is_right: Callable[[bytes], bool]) -> bool:
    """Whether a file would be right with other ends of lines."""
    unix = content.replace(b"\r\n", b"\n")
    return any(is_right(other) for other in (unix, unix.replace(b"\n", b"\r\n")) if other != content)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _bid(claimed: LimitProof, bid: bytes, now: Remade) -> Check:
    if _sha256(bid) == claimed.bid.sha256:
        return Check("bid", "holds", "its bytes are those of the proof")
    if _differs_in_line_ends(bid, lambda other: _sha256(other) == claimed.bid.sha256):
        return Check("bid", "fails", f"its line ends were changed{_GIT}")
    if now.proof is not None and now.proof.pdf == claimed.pdf:
        why = "its bytes are others, but it makes the same document: a comment or the layout of the file was changed"
        return Check("bid", "fails", why)
    return Check("bid", "fails", "its bytes are not those of the proof")


def _made_with(claimed: LimitProof, now: Remade, document: Check) -> tuple[Check, ...]:
    """The pack, the template, the fonts and the versions."""
    found = now.proof
    if found is None:
        names: tuple[What, ...] = ("pack", "template", "fonts", "versions")
        return tuple(Check(name, "unknown", "the document was not made again") for name in names)
    template = claimed.template.name or "one of somebody's own"
    fonts = ", ".join(font.name for font in claimed.fonts)
    others = other_versions(claimed, found)
    same_document = document.standing == "holds"
    return (
        _part("pack", claimed.pack == found.pack, claimed.pack.name, PROGRAM in others),
        _part("template", claimed.template == found.template, template, PROGRAM in others, same_document),
        _part("fonts", claimed.fonts == found.fonts, fonts, bool(others), same_document),
        _versions(others, document),
    )


def _part(what: What, same: bool, name: str, other_version: bool, harmless: bool = False) -> Check:
    """How one of the parts stands; `harmless` where a part of another version makes the same document."""
    if same:
        return Check(what, "holds", name)
    if other_version and harmless:
        return Check(what, "holds", f"{name}: of another version, which makes no difference to the document")
    if other_version:
        return Check(what, "unknown", f"{name}: another version may have brought others")
    return Check(what, "fails", f"{name}: not the one of the proof")


def other_versions(claimed: LimitProof, found: LimitProof) -> Mapping[str, tuple[str, str]]:
    """The packages whose versions differ: what the proof says, and what is here."""
    then = {made.package: made.version for made in claimed.versions}
    now = {made.package: made.version for made in found.versions}
    names = [*now, *(name for name in then if name not in now)]
    pairs = {name: (then.get(name, "none"), now.get(name, "none")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _versions(others: Mapping[str, tuple[str, str]], document: Check) -> Check:
    if not others:
        return Check("versions", "holds", f"pioneer and the {len(MADE_WITH)} packages that set pages are the same")
    told = "; ".join(f"{name} {then}, here {now}" for name, (then, now) in others.items())
    if document.standing == "holds":
        return Check("versions", "holds", f"{told}, which makes no difference to the document")
    return Check("versions", "unknown", f"the proof was made by other versions: {told}")


def _document(claimed: LimitProof, bid: bytes, now: Remade) -> Check:
    """The document as it was made again, beside the one of the proof."""
    found = now.proof
    if found is None:
        return Check("document", "unknown", f"it was not made again: {now.trouble}")
    if found.pdf == claimed.pdf:
        return Check("document", "holds", "made again from the bid it is the same, byte for byte")
    if other_versions(claimed, found):
        why = "made again it is another, as other versions may make it: use those of the proof to tell"
        return Check("document", "unknown", why)
    changed = [
        name
        for name, same in (
            ("bid", _sha256(bid) == claimed.bid.sha256),
            ("pack", found.pack == claimed.pack),
            ("template", found.template == claimed.template),
        )
        if not same
    ]
    if changed:
        return Check("document", "fails", f"made again it is another; see {', '.join(changed)}")
    why = "made again from the very same parts it is another: the proof or this installation was changed"
    return Check("document", "fails", why)


def _pdf(claimed: LimitProof, now: Remade, pdf: bytes | None, count: Callable[[bytes], int | None]) -> Check:
    if pdf is None:
        return Check("pdf", "not-given", "--pdf FILE holds a PDF to the proof as well")
    digest = _sha256(pdf)
    if digest == claimed.pdf.sha256:
        return Check("pdf", "holds", "its bytes are those of the proof")
    if now.proof is not None and digest == now.proof.pdf.sha256:
        return Check("pdf", "fails", "it is what the bid makes now, and not the document of the proof")
    pages = count(pdf)
    told = "" if pages is None else f"; this PDF has {_counted(pages)}"
    return Check("pdf", "fails", f"its bytes are not those of the proof{told}")


def _pages(claimed: LimitProof, now: Remade, document: Check) -> Check:
    said = claimed.pages
    if now.proof is None or document.standing == "unknown":
        return Check("pages", "unknown", f"the proof says {_counted(said.count)}; that could not be counted again")
    found = now.proof.pages
    if said.count != found.count:
        return Check("pages", "fails", f"the proof says {_counted(said.count)}; counted again they are {found.count}")
    told = f"{_MADE_AGAIN} has {_counted(said.count)}"
    if said.sections != found.sections:
        standing: Standing = "unknown" if PROGRAM in other_versions(claimed, now.proof) else "fails"
        return Check("pages", standing, f"{told}, but its sections stand elsewhere than the proof says")
    return Check("pages", "holds", f"{told}, and each section where the proof says")


def _counted(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _limit(claimed: LimitProof, now: Remade, document: Check, pack: Check) -> Check:
    said = claimed.pages
    if now.proof is None or document.standing != "holds":
        return Check("limit", "unknown", f"the proof says {_against(said)}, of a document that was not made again")
    found = now.proof.pages
    told = _against(found) if found.limit is None else f"{_MADE_AGAIN} is {_against(found)}"
    if (said.limit, said.within_limit) != (found.limit, found.within_limit):
        standing: Standing = "fails" if pack.standing == "holds" else pack.standing
        return Check("limit", standing, f"the proof says {_against(said)}; {told}")
    return Check("limit", "over" if found.within_limit is False else "holds", told)


def _against(pages: ProvedPages) -> str:
    """How the pages stand to the limit, in words."""
    if pages.limit is None:
        return "no limit, for the call sets none"
    words = {True: "within the limit", False: "over the limit", None: "neither within nor over the limit"}
    return f"{words[pages.within_limit]} of {pages.limit}"
