"""Broken bids as text files, each with the diagnostics that a writer should get, word for word and place for place.

Anyone can add one: put NAME.yaml into `tests/broken_bids/` and run, from the top of the repository,
`PIONEER_UPDATE_GOLDEN=1 python -m pytest tests/test_broken_bids.py`. That writes NAME.expected; read it: one diagnostic
for each mistake, at the place to mend, in plain English.
"""

import os
from pathlib import Path

import pytest
import yaml

from pioneer_cli import source
from pioneer_cli.bid import Bid, broken_references
from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.source import parse_bytes
from pioneer_cli.validate import place, validate

FOLDER = Path(__file__).parent / "broken_bids"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
PYDANTIC_WORDS = (
    "Input should", "Field required", "Extra inputs", "Value error", "valid string", "valid list", "valid dictionary",
    "pydantic", "type=", "https://", "NoneType", "dict", "tuple", "int ", "float",
)  # fmt: skip


def diagnose(name: str) -> list[Diagnostic]:
    """Everything that is told of a broken bid, in order."""
    found = parse_bytes((FOLDER / f"{name}.yaml").read_bytes(), "bid.yaml")
    references = [
        place(found, path, "broken-reference", message, hint)
        for path, message, hint in broken_references(found.content)
    ]
    return sorted([*found.diagnostics, *validate(found, Bid).diagnostics, *references])


def as_text(faults: list[Diagnostic]) -> str:
    """The diagnostics as the golden files hold them: one line each, hints and related places indented below."""
    lines = []
    for fault in faults:
        lines.append(f"{fault.span.start} {fault.severity} {fault.code}: {fault.message}")
        lines.extend(f"    {related.span.start} {related.label}" for related in fault.related)
        if fault.hint:
            lines.append(f"    {fault.hint}")
    return "\n".join(lines) + "\n"


def test_the_broken_bids_are_found():
    assert len(NAMES) >= 140
    assert sorted(path.stem for path in FOLDER.glob("*.expected")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_bid_gets_exactly_these_diagnostics(name):
    told = as_text(diagnose(name))
    golden = FOLDER / f"{name}.expected"
    if os.environ.get("PIONEER_UPDATE_GOLDEN"):
        golden.write_text(told, encoding="utf-8", newline="\n")
    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_bid_has_an_error_and_no_words_of_pydantic(name):
    faults = diagnose(name)
    assert any(fault.severity is Severity.ERROR for fault in faults)
    assert [word for word in PYDANTIC_WORDS if word in as_text(faults)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_two_diagnostics_stand_at_one_place(name):
    places = [fault.span.start for fault in diagnose(name) if fault.code != "missing-key"]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_bid_gets_the_same_diagnostics_without_libyaml(name, monkeypatch):
    told = diagnose(name)
    monkeypatch.setattr(source, "_LOADER", yaml.SafeLoader)
    assert diagnose(name) == told
