"""Holding a limit proof to a bid and a PDF: 500 random tampers, what was forged whole, and what another version did."""

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pioneer_cli.answered import answered
from pioneer_cli.bid import plain
from pioneer_cli.check_proof import Remade, Verification, is_whole, remade, verify
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.limit_proof import LimitProof, limit_proof, own_digest, read_proof, written
from pioneer_cli.load_pack import load_pack, pack_digest
from pioneer_cli.pipeline import read_bid
from pioneer_cli.press import Press
from pioneer_cli.reports.look import Look
from pioneer_cli.reports.proof_json import proof_json
from pioneer_cli.reports.proof_text import answer, proof_text
from pioneer_cli.source import parse_bytes
from pioneer_cli.template_folder import find_template

ROOT = Path(__file__).resolve().parent.parent
BID = (ROOT / "bids" / "north-yorkshire.yaml").read_bytes()
SCHEMA = json.loads((ROOT / "pioneer_cli" / "reports" / "verification.schema.json").read_text(encoding="utf-8"))
WHATS = ["proof", "bid", "pack", "template", "fonts", "versions", "document", "pdf", "pages", "limit"]
TAMPERS = {"bid": 150, "pdf": 150, "proof": 200}


@cache
def made(template: str = "eoi") -> tuple[LimitProof, bytes]:
    """The proof of the bid, and its PDF."""
    pack = load_pack("pioneers-2013").pack
    source = parse_bytes(BID, "bid.yaml")
    with Press(template, answered(pack)) as press:
        typeset = press.typeset(plain(read_bid(source).bid)).typeset
    proof = limit_proof(source, typeset, pack, pack_digest("pioneers-2013"), find_template(template))
    return proof, typeset.pdf


PROOF, PDF = made()
CONTENT = written(PROOF)


def now(content: bytes, claimed: LimitProof = PROOF) -> Remade:
    """What `pioneer verify` makes of a bid's bytes."""
    if content == BID:
        return Remade(PROOF)
    source = parse_bytes(content, "bid.yaml")
    bid = read_bid(source).bid
    if bid is None:
        return Remade(None, "the bid is not valid")
    return remade(source, bid, claimed, "pioneers-2013", None)


def standings(found: Verification) -> dict[str, str]:
    return {check.what: check.standing for check in found.checks}


def why(found: Verification, what: str) -> str:
    return next(check.why for check in found.checks if check.what == what)


def rewritten(proof: LimitProof = PROOF, **parts: Any) -> tuple[bytes, LimitProof]:
    """A proof with other parts, as somebody would write it who knows how a proof's own digest is made."""
    content = written(proof.model_copy(update=parts))
    stated, real = own_digest(content)
    content = content.replace(stated.encode(), real.encode())
    read = read_proof(content, "proof.json")
    assert read.proof is not None
    assert is_whole(content)
    return content, read.proof


def verified(content: bytes = CONTENT, bid: bytes = BID, pdf: bytes | None = PDF) -> Verification:
    claimed = read_proof(content, "proof.json").proof
    assert claimed is not None
    return verify(content, claimed, bid, now(bid), pdf)


# --- What belongs together -------------------------------------------------------------------------------------------


def test_an_untouched_set_belongs_together():
    found = verified()
    assert standings(found) == dict.fromkeys(WHATS, "holds")
    assert (found.belongs, found.exit_code) == (True, ExitCode.OK)
    assert answer(found) == "they belong together: 4 of 10 pages"


def test_the_bid_really_made_again_gives_the_very_same_proof():
    source = parse_bytes(BID, "another-name.yaml")
    assert remade(source, read_bid(source).bid, PROOF, None, None) == Remade(PROOF)


def test_without_a_pdf_the_rest_is_still_held_together_and_that_is_said():
    found = verified(pdf=None)
    assert standings(found) == {**dict.fromkeys(WHATS, "holds"), "pdf": "not-given"}
    assert found.exit_code == ExitCode.OK
    assert answer(found) == "they belong together, with no PDF to look at: 4 of 10 pages"


# --- Random tampers --------------------------------------------------------------------------------------------------


def tampered(content: bytes, chance: random.Random) -> bytes:
    """The content with a byte or a stretch changed, put in, left out, moved, or the end cut off; never the same."""
    place = chance.randrange(len(content))
    length = chance.choice([1, 1, 1, 2, 8, 100])
    stretch = content[place : place + length]
    elsewhere = chance.randrange(len(content))
    other = chance.choice(
        [
            content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :],
            content[:place] + chance.randbytes(length) + content[place + length :],
            content[:place] + chance.choice([b" ", b"\n", b"\r\n", b"#", b"0"]) + content[place:],
            content[:place] + chance.randbytes(length) + content[place:],
            content[:place] + content[place + length :],
            content[:place] + stretch + content[place:],
            content[:elsewhere] + stretch + content[elsewhere:],
            content[:place],
            content + chance.choice([b" ", b"\n", b"\0", stretch]),
        ]
    )  # fmt: skip
    return other if other != content else tampered(content, chance)


def is_found(what: str, other: bytes) -> bool:
    """Whether a tampered file is found, and named as what it is."""
    if what == "pdf":
        found = verified(pdf=other)
        return found.what("fails") == ("pdf",) and found.exit_code == ExitCode.FALLS_SHORT
    if what == "bid":
        found = verified(bid=other)
        assert standings(found)["pdf"] == standings(found)["proof"] == "holds"
        return "bid" in found.what("fails") and found.exit_code == ExitCode.FALLS_SHORT
    read = read_proof(other, "proof.json")
    if read.proof is None:  # which ends with 2
        return bool(read.diagnostics)
    found = verify(other, read.proof, BID, Remade(PROOF), PDF)
    return "proof" in found.what("fails") and found.exit_code == ExitCode.FALLS_SHORT


def test_the_tampers_are_500():
    assert sum(TAMPERS.values()) >= 500


@pytest.mark.parametrize("part", range(5))
@pytest.mark.parametrize("what", TAMPERS)
def test_each_random_tamper_is_found(what, part):
    chance = random.Random(f"{what} {part}")
    original = {"bid": BID, "pdf": PDF, "proof": CONTENT}[what]
    others = [tampered(original, chance) for _ in range(TAMPERS[what] // 5)]
    assert len(others) == TAMPERS[what] // 5
    assert [other for other in others if not is_found(what, other)] == []


def test_tampers_of_the_bid_reach_every_stage():
    """So that the test above is not only of bids that cannot be read."""
    chance = random.Random("stages")
    seen = [now(tampered(BID, chance)).proof for _ in range(40)]
    assert None in seen
    assert any(proof is not None and proof.pdf == PROOF.pdf for proof in seen)
    assert any(proof is not None and proof.pdf != PROOF.pdf for proof in seen)


# --- What changed, by its name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [b"# a comment\n" + BID, BID + b"\n", b"\xef\xbb\xbf" + BID])
def test_a_bid_that_means_the_same_with_other_bytes_is_named_and_so_is_that_it_means_the_same(change):
    found = verified(bid=change)
    assert found.what("fails") == ("bid",)
    assert "it makes the same document" in why(found, "bid")
    assert found.exit_code == ExitCode.FALLS_SHORT


def test_a_bid_that_says_something_else_makes_another_document():
    found = verified(bid=BID.replace(b"title: ", b"title: Not ", 1))
    assert {"bid", "document"} <= set(found.what("fails"))
    assert why(found, "document") == "made again it is another; see bid"
    assert standings(found)["pdf"] == "holds"


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_line_ends_that_were_changed_are_told_as_that(ends):
    before = BID.replace(b"\n", b"\r\n" if ends == b"\n" else b"\n")
    content, _ = rewritten(bid=PROOF.bid.model_copy(update={"sha256": parse_bytes(before, "").file_sha256}))
    found = verified(content, bid=before.replace(b"\r\n", b"\n").replace(b"\n", ends))
    assert found.what("fails") == ("bid",)
    assert "line ends were changed" in why(found, "bid")
    assert verified(content, bid=before).exit_code == ExitCode.OK


def test_line_ends_of_a_proof_that_were_changed_are_told_as_that():
    found = verified(CONTENT.replace(b"\n", b"\r\n"))
    assert found.what("fails") == ("proof",)
    assert "line ends were changed" in why(found, "proof")
    assert "line ends" not in why(verified(CONTENT + b"\n"), "proof")


def test_a_pdf_made_after_the_proof_is_told_as_that():
    changed = BID.replace(b"title: ", b"title: Not ", 1)
    with Press() as press:
        pdf = press.typeset(plain(read_bid(parse_bytes(changed, "bid.yaml")).bid)).typeset.pdf
    found = verified(bid=changed, pdf=pdf)
    assert why(found, "pdf") == "it is what the bid makes now, and not the document of the proof"


def test_a_proof_of_another_template_is_held_to_that_template():
    proof, pdf = made("eoi-compact")
    assert pdf != PDF
    source = parse_bytes(BID, "bid.yaml")
    again = remade(source, read_bid(source).bid, proof, None, None)
    assert verify(written(proof), proof, BID, again, pdf).exit_code == ExitCode.OK
    found = verify(written(proof), proof, BID, Remade(PROOF), pdf)
    assert found.what("fails") == ("template", "document", "pages")


# --- What was forged whole: a proof that is true to itself -----------------------------------------------------------


def test_other_pages_than_were_counted_are_found():
    content, _ = rewritten(pages=PROOF.pages.model_copy(update={"count": 3}))
    assert why(verified(content), "pages") == "the proof says 3 pages; counted again they are 4"
    assert verified(content).exit_code == ExitCode.FALLS_SHORT
    section = PROOF.pages.sections[0].model_copy(update={"pages": 0.01})
    content, _ = rewritten(
        pages=PROOF.pages.model_copy(update={"sections": (section, *PROOF.pages.sections[1:])}),
    )
    assert verified(content).what("fails") == ("pages",)


@pytest.mark.parametrize("change", [{"limit": 12}, {"limit": None}, {"within_limit": False}, {"within_limit": None}])
def test_another_limit_than_the_pack_sets_is_found(change):
    content, _ = rewritten(pages=PROOF.pages.model_copy(update=change))
    found = verified(content)
    assert found.what("fails") == ("limit",)
    assert found.exit_code == ExitCode.FALLS_SHORT


@pytest.mark.parametrize("part", ["pack", "template"])
def test_another_part_is_found(part):
    other = getattr(PROOF, part).model_copy(update={"sha256": "a" * 64})
    found = verified(rewritten(**{part: other})[0])
    assert found.what("fails") == (part,)
    assert why(found, part).endswith(": not the one of the proof")


def test_another_font_is_found():
    font = PROOF.fonts[0].model_copy(update={"sha256": "a" * 64})
    assert verified(rewritten(fonts=(font, *PROOF.fonts[1:]))[0]).what("fails") == ("fonts",)


def test_a_document_that_the_same_parts_do_not_make_is_no_doing_of_another_version():
    content, _ = rewritten(pdf=PROOF.pdf.model_copy(update={"sha256": "a" * 64}))
    found = verified(content, pdf=None)
    assert found.what("fails") == ("document",)
    assert "this installation was changed" in why(found, "document")


def test_past_the_limit_all_belongs_together_and_the_code_is_1():
    pages = PROOF.pages.model_copy(update={"limit": 3, "within_limit": False})
    content, claimed = rewritten(pages=pages)
    found = verify(content, claimed, BID, Remade(claimed), PDF)
    assert standings(found) == {**dict.fromkeys(WHATS, "holds"), "limit": "over"}
    assert (found.belongs, found.exit_code) == (True, ExitCode.FALLS_SHORT)
    assert answer(found) == "they belong together: 4 of 3 pages, over the limit"


def test_where_the_call_sets_no_limit_that_is_said():
    pages = PROOF.pages.model_copy(update={"limit": None, "within_limit": None})
    content, claimed = rewritten(pages=pages)
    found = verify(content, claimed, BID, Remade(claimed), PDF)
    assert why(found, "limit") == "no limit, for the call sets none"
    assert found.exit_code == ExitCode.OK
    assert answer(found) == "they belong together: 4 pages and no limit"


# --- Another version -------------------------------------------------------------------------------------------------


def by_another(package: str, **parts: Any) -> tuple[bytes, LimitProof]:
    versions = tuple(
        made.model_copy(update={"version": "0.0.1"}) if made.package == package else made for made in PROOF.versions
    )
    assert versions != PROOF.versions
    return rewritten(versions=versions, **parts)


@pytest.mark.parametrize("package", [made.package for made in PROOF.versions])
def test_another_version_that_makes_the_same_document_is_no_fault(package):
    found = verified(by_another(package)[0])
    assert standings(found) == dict.fromkeys(WHATS, "holds")
    assert "0.0.1" in why(found, "versions")
    assert found.exit_code == ExitCode.OK


@pytest.mark.parametrize("package", [made.package for made in PROOF.versions])
def test_another_version_that_makes_another_document_is_unknown_and_no_forgery(package):
    content, claimed = by_another(package, pdf=PROOF.pdf.model_copy(update={"sha256": "a" * 64}))
    found = verify(content, claimed, BID, Remade(PROOF), None)
    assert found.what("unknown") == ("versions", "document", "pages", "limit")
    assert found.what("fails") == ()
    assert f"{package} 0.0.1, here " in why(found, "versions")
    assert (found.belongs, found.exit_code) == (None, ExitCode.CANNOT_JUDGE)
    assert answer(found).startswith("cannot tell whether they belong together: versions, document")


def of_other_digests(*names: str) -> dict[str, Any]:
    return {name: getattr(PROOF, name).model_copy(update={"sha256": "a" * 64}) for name in names}


def test_another_pioneer_may_bring_another_pack_and_template_but_another_typst_may_not():
    everything = of_other_digests("pack", "template", "pdf")
    found = verified(by_another("pioneer-cli", **everything)[0], pdf=None)
    assert found.what("unknown") == ("pack", "template", "versions", "document", "pages", "limit")
    assert found.exit_code == ExitCode.CANNOT_JUDGE
    assert verified(by_another("typst", **everything)[0], pdf=None).what("fails") == ("pack", "template")


def test_another_template_of_another_version_is_no_matter_where_it_makes_the_same_document_but_a_pack_is():
    found = verified(by_another("pioneer-cli", **of_other_digests("template"))[0])
    assert standings(found) == dict.fromkeys(WHATS, "holds")
    assert "no difference" in why(found, "template")
    found = verified(by_another("pioneer-cli", **of_other_digests("pack"))[0])
    assert found.what("unknown") == ("pack",)
    assert found.exit_code == ExitCode.CANNOT_JUDGE


def test_another_version_may_set_another_limit_and_measure_sections_otherwise():
    pages = PROOF.pages.model_copy(update={"limit": 12, "sections": PROOF.pages.sections[1:]})
    found = verified(by_another("pioneer-cli", pages=pages, **of_other_digests("pack"))[0])
    assert found.what("unknown") == ("pack", "pages", "limit")
    assert found.what("fails") == ()
    found = verified(by_another("pioneer-cli", pages=pages)[0])
    assert found.what("fails") == ("limit",)  # by the very same pack
    found = verified(by_another("pioneer-cli", pages=PROOF.pages.model_copy(update={"count": 3}))[0])
    assert found.what("fails") == ("pages",)  # of the very same document


def test_what_is_false_in_any_version_is_false():
    content, claimed = by_another("typst", pdf=PROOF.pdf.model_copy(update={"sha256": "a" * 64}))
    found = verify(content, claimed, BID + b"#", Remade(PROOF), PDF)
    assert found.what("fails") == ("bid", "pdf")
    assert found.exit_code == ExitCode.FALLS_SHORT


def test_a_bid_that_this_version_cannot_read_is_unknown_unless_its_bytes_are_others():
    trouble = Remade(None, "the bid is not valid")
    assert verify(CONTENT, PROOF, BID, trouble, PDF).exit_code == ExitCode.CANNOT_JUDGE
    found = verify(CONTENT, PROOF, b"x", trouble, PDF)
    assert found.exit_code == ExitCode.FALLS_SHORT
    assert why(found, "document") == "it was not made again: the bid is not valid"


@pytest.mark.parametrize(
    ("part", "name", "words"),
    [
        ("template", None, "the proof is by the template of somebody's own"),
        ("template", "../eoi", "the proof is by the template ../eoi, which does not ship with pioneer"),
        ("template", "tests", "the proof is by the template tests, which does not ship with pioneer"),
        ("pack", "our-own", "the proof is by the pack our-own, which does not ship with pioneer"),
    ],
)
def test_a_proof_leads_to_no_folder_that_was_not_named(part, name, words):
    claimed = PROOF.model_copy(update={part: getattr(PROOF, part).model_copy(update={"name": name})})
    source = parse_bytes(BID, "bid.yaml")
    with pytest.raises(PioneerError) as raised:
        remade(source, read_bid(source).bid, claimed, None, None)
    assert raised.value.message == words
    assert raised.value.hint == f"name its folder with --{part}"


# --- Reports ---------------------------------------------------------------------------------------------------------


def some_verifications() -> list[Verification]:
    over, claimed = rewritten(pages=PROOF.pages.model_copy(update={"limit": 3, "within_limit": False}))
    return [
        verified(),
        verified(pdf=None),
        verified(bid=BID + b"#"),
        verify(over, claimed, BID, Remade(claimed), PDF),
        verify(CONTENT, PROOF, BID, Remade(None, "\x1b[31m::error::no"), PDF),
    ]


def test_json_keeps_to_its_schema():
    Draft202012Validator.check_schema(SCHEMA)
    told = [json.loads(proof_json("proof.json", found)) for found in some_verifications()]
    for document in told:
        Draft202012Validator(SCHEMA).validate(document)
        assert [check["what"] for check in document["checks"]] == WHATS
    assert [document["belong_together"] for document in told] == [True, True, False, True, None]
    assert [document["within_limit"] for document in told] == [True, True, None, False, None]
    assert [document["pages"] for document in told] == [4, 4, None, 4, None]


def test_text_keeps_to_the_width_and_says_each_thing_once():
    for found in some_verifications():
        text = proof_text("proof.json", found, Look(60, encoding="ascii"))
        assert max(map(len, text.splitlines()[:-1])) <= 60
        assert [line.split()[0] for line in text.splitlines()[:-2] if line[0] != " "] == WHATS
        assert text.isascii()
        assert "\x1b" not in text
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
        assert proof_text("proof.json", found, Look(quiet=True)).count("\n") == 1


def test_colour_is_only_an_addition():
    coloured = proof_text("proof.json", verified(), Look(colour=True))
    assert "\x1b[32mholds" in coloured
