"""A limit proof as a file: what it says, that the same bid gives the same bytes, its schema, and what is no proof."""

import hashlib
import json
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import pioneer_cli
from pioneer_cli.answered import answered
from pioneer_cli.bid import plain
from pioneer_cli.cli import run
from pioneer_cli.errors import PioneerError
from pioneer_cli.limit_proof import (
    MOST_BYTES,
    PROOF_SCHEMA_FILE,
    PROOF_SCHEMA_ID,
    LimitProof,
    ProofPart,
    limit_proof,
    own_digest,
    proof_schema,
    read_proof,
    written,
)
from pioneer_cli.load_pack import load_pack, pack_digest
from pioneer_cli.pipeline import read_bid
from pioneer_cli.press import Press
from pioneer_cli.schema import committed_schema
from pioneer_cli.source import parse_bytes
from pioneer_cli.template_folder import find_template
from pioneer_cli.typeset import FONT_SHA256, Typeset

ROOT = Path(__file__).resolve().parent.parent
BID = (ROOT / "bids" / "north-yorkshire.yaml").read_bytes()
PACK = load_pack("pioneers-2013").pack
SCHEMA = proof_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


@cache
def document() -> Typeset:
    with Press("eoi", answered(PACK)) as press:
        return press.typeset(plain(read_bid(parse_bytes(BID, "bid.yaml")).bid)).typeset


def proof_of(content: bytes = BID, name: str = "bid.yaml", template: str = "eoi", limit: int | None = 10) -> LimitProof:
    pack = replace(PACK, about=PACK.about.model_copy(update={"page_limit": limit}))
    source = parse_bytes(content, name)
    return limit_proof(source, document(), pack, pack_digest("pioneers-2013"), find_template(template))


# --- What it says ----------------------------------------------------------------------------------------------------


def test_it_holds_the_digests_of_all_that_had_a_part():
    proof = proof_of()
    assert proof.bid.sha256 == hashlib.sha256(BID).hexdigest()
    assert proof.pdf.sha256 == hashlib.sha256(document().pdf).hexdigest()
    assert (proof.pack.name, proof.pack.sha256) == ("pioneers-2013", pack_digest("pioneers-2013"))
    assert (proof.template.name, proof.template.sha256) == ("eoi", find_template("eoi").sha256)
    assert {font.name: font.sha256 for font in proof.fonts} == FONT_SHA256
    versions = {made.package: made.version for made in proof.versions}
    assert versions["pioneer-cli"] == pioneer_cli.__version__
    assert versions["typst"] == "0.15.2"
    assert versions["fontpkg-source-sans-3"] == "3.52"
    assert (proof.pages.count, proof.pages.limit, proof.pages.within_limit) == (4, 10, True)
    assert [section.name for section in proof.pages.sections][:2] == ["front", "C1"]
    assert 3 < sum(section.pages for section in proof.pages.sections) <= 4


def test_a_proof_says_on_which_side_of_the_limit_the_bid_is():
    assert proof_of(limit=4).pages.within_limit is True
    assert proof_of(limit=3).pages.within_limit is False
    assert proof_of(limit=None).pages.within_limit is None


def test_the_digest_of_a_bid_is_that_of_its_very_bytes():
    marked = b"\xef\xbb\xbf" + BID
    windows = BID.replace(b"\n", b"\r\n")
    for content in (marked, windows):
        assert parse_bytes(content, "bid.yaml").file_sha256 == hashlib.sha256(content).hexdigest()
        assert proof_of(content).bid.sha256 == hashlib.sha256(content).hexdigest()
    assert parse_bytes(marked, "bid.yaml").sha256 == parse_bytes(BID, "bid.yaml").sha256  # which reviews are held to


def test_its_own_digest_is_that_of_the_file_with_zeros_in_its_place():
    content = written(proof_of())
    stated, real = own_digest(content)
    assert stated == real
    blank = re.sub(rb'("own_sha256": ")[0-9a-f]{64}', rb"\g<1>" + b"0" * 64, content)
    assert real == hashlib.sha256(blank).hexdigest()


def test_no_byte_of_a_proof_can_be_changed_put_in_or_left_out_unseen():
    content = written(proof_of())
    for place in range(len(content)):
        others = [
            content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :],
            content[:place] + content[place + 1 :],
            content[:place] + b" " + content[place:],
            content[:place],
        ]
        for other in others:
            stated, real = own_digest(other)
            assert other == content or stated != real, place
    assert own_digest(content + b"\n")[0] != own_digest(content + b"\n")[1]


def test_the_name_of_a_file_is_not_in_it():
    assert written(proof_of(name="/somewhere/else/x.yaml")) == written(proof_of())


def test_the_digest_of_a_template_is_of_what_lies_in_it_and_not_of_where_it_lies(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "style.css").write_bytes(b"p {}\n")
    first, second = (find_template(str(tmp_path / name)) for name in ("a", "b"))
    assert first.sha256 == second.sha256
    assert proof_of(template=str(tmp_path / "a")).template.name is None
    (tmp_path / "b" / "style.css").write_bytes(b"p {}\r\n")
    assert find_template(str(tmp_path / "b")).sha256 == first.sha256
    (tmp_path / "b" / "style.css").write_bytes(b"q {}\n")
    assert find_template(str(tmp_path / "b")).sha256 != first.sha256
    assert find_template("eoi").sha256 != find_template("eoi-compact").sha256


# --- Its schema ------------------------------------------------------------------------------------------------------


def test_the_committed_schema_is_what_the_model_gives():
    """To renew it: `PIONEER_UPDATE_GOLDEN=1 python -m pytest tests/test_limit_proof.py`."""
    path = Path(pioneer_cli.__file__).parent / PROOF_SCHEMA_FILE
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("PIONEER_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text
    assert committed_schema(PROOF_SCHEMA_FILE) == text


def test_it_is_a_schema_of_draft_2020_12_and_what_the_command_prints(capsys):
    assert SCHEMA["$id"] == PROOF_SCHEMA_ID
    Draft202012Validator.check_schema(SCHEMA)
    assert run(["schema", "proof"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


@pytest.mark.parametrize("limit", [10, 3, None])
def test_every_proof_keeps_to_the_schema_and_is_read_as_it_was_written(limit):
    proof = proof_of(limit=limit)
    VALIDATOR.validate(json.loads(written(proof)))
    read = read_proof(written(proof), "proof.json")
    assert read.diagnostics == ()
    assert read.proof == proof


PARTS = [part for part in ProofPart.__subclasses__() if part.__module__ == LimitProof.__module__]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_is_described_and_nothing_else_is_allowed(part):
    schema = SCHEMA if part is LimitProof else SCHEMA["$defs"][part.__name__]
    assert list(schema["properties"]) == list(part.model_fields)
    assert schema["additionalProperties"] is False


VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2.5, "", "x", "a b", "a-b", "A", "a" * 64, "g" * 64, "A" * 64, "a" * 63,
    "a" * 64 + "\n", "pioneer-limit-proof", [], [None], ["x"], {}, {"sha256": "a" * 64}, [{"name": "x"}],
    {"name": "x", "sha256": "a" * 64}, {"name": None, "sha256": "a" * 64}, [{"name": "x", "sha256": "a" * 64}],
    [{"package": "x", "version": "1"}], {"sha256": "a" * 64, "other": 1},
]  # fmt: skip
PLACES = [
    ("kind",), ("version",), ("bid",), ("bid", "sha256"), ("pdf",), ("pack",), ("pack", "name"), ("template",),
    ("template", "name"), ("fonts",), ("versions",), ("pages",), ("pages", "count"), ("pages", "limit"),
    ("pages", "within_limit"), ("pages", "sections"), ("own_sha256",), ("other",),
]  # fmt: skip


@pytest.mark.parametrize("path", PLACES, ids=".".join)
def test_model_and_schema_agree_on_every_value(path):
    accepted = []
    for value in VALUES:
        content = json.loads(written(proof_of()))
        holder = content[path[0]] if len(path) > 1 else content
        holder[path[-1]] = value
        accepted.append(read_proof(json.dumps(content).encode(), "proof.json").proof is not None)
        assert VALIDATOR.is_valid(content) == accepted[-1], value
    assert not all(accepted)


# --- What is no proof ------------------------------------------------------------------------------------------------


def edited(old: str, new: str) -> bytes:
    text = written(proof_of()).decode()
    assert text.count(old) == 1
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("content", "code", "place", "words"),
    [
        (b"", "not-json", "1:1", "this is no JSON: expecting value"),
        (b"call: pioneers-2013\n", "not-json", "1:1", "this is no JSON: expecting value"),
        (b'{"kind": "pioneer-limit-proof",\n "version" 1}',
         "not-json", "2:12", "this is no JSON: expecting ':' delimiter"),
        (b'{\n"kind": "\xff"}', "not-json", "2:10", "this is no JSON: it is not UTF-8"),
        ('{"kind": "x"}'.encode("utf-16"), "not-json", "1:1", "this is no JSON: it is not UTF-8"),
        (b'\xef\xbb\xbf{"kind": "x"}',
         "not-json", "1:1", "this is no JSON: unexpected UTF-8 BOM (decode using utf-8-sig)"),
        (b"[" * 40 + b"]" * 40, "yaml-depth", "1:33", "more than 32 levels of nesting"),
        (b"1" * 5000, "not-json", "1:1", "this is no JSON: a number has too many figures"),
        (edited('"count": 4', '"count": NaN'), "not-json", "1:1", "this is no JSON: NaN is no number"),
        (edited('"count": 4', '"count": -Infinity'), "not-json", "1:1", "this is no JSON: -Infinity is no number"),
        (b"[]", "not-a-proof", "1:1", "this is no limit proof"),
        (b'"a text"', "not-a-proof", "1:1", "this is no limit proof"),
        (b"null", "empty-file", "1:1", "the file is empty"),
        (b'{"version": 1, "gaps": []}', "not-a-proof", "1:1", "this is no limit proof"),
        (edited('"version": 1', '"version": 2'),
         "other-version", "3:14", "this proof is of version 2; this pioneer knows version 1"),
        (edited('"count": 4', '"count": 4, "count": 3'), "yaml-duplicate-key", "51:17",
         'the key "count" stands twice in one mapping: here and on line 51'),
        (edited('"count": 4', '"count": "4"'), "wrong-value", "51:14", "this must be a whole number, not a text"),
        (edited('"count": 4', '"count": 1e1'), "wrong-value", "51:14", "this must be a whole number, not a text"),
        (edited('"count": 4', '"count": 0'), "out-of-range", "51:14", "0 is out of range"),
        (edited('"count": 4,', ""), "missing-key", "50:3", "`count` is missing"),
        (edited('"count": 4', '"coumt": 4'), "unknown-key", "51:5", "unknown key `coumt`"),
        (edited('"within_limit": true', '"within_limit": 1'),
         "wrong-value", "53:21", "this must be true or false, not a number"),
        (edited('"limit": 10', '"limit": 10e9999'), "wrong-value", "52:14", "this must be a whole number, not a text"),
    ],
)  # fmt: skip
def test_what_is_no_proof_is_one_fault_at_its_place(content, code, place, words):
    read = read_proof(content, "proof.json")
    assert read.proof is None
    (fault,) = read.diagnostics
    assert (fault.code, str(fault.span.start), fault.message) == (code, place, words)
    assert fault.hint


def test_what_is_nested_without_end_is_refused_by_whichever_reader_comes_upon_it_first():
    for content in (b"[" * 40_000, b'{"a":' * 10_000, b"[" * 20_000 + b"]" * 20_000):
        (fault,) = read_proof(content, "proof.json").diagnostics
        assert fault.code in ("not-json", "yaml-depth")


def test_each_of_several_faults_is_told_once():
    content = edited('"count": 4', '"count": "4"').replace(b'"pioneers-2013"', b"7")
    assert [str(fault.span.start) for fault in read_proof(content, "proof.json").diagnostics] == ["11:13", "51:14"]


def test_a_file_that_is_too_large_is_not_looked_at():
    with pytest.raises(PioneerError, match=r"proof\.json is larger than 64 KiB"):
        read_proof(b" " * (MOST_BYTES + 1), "proof.json")
    assert read_proof(b" " * MOST_BYTES, "proof.json").diagnostics[0].code == "not-json"
