"""docs/packs.md: its tables are those of the code, its YAML is that of its examples, its mistakes are told as it says.

PIONEER_UPDATE_GOLDEN=1 writes the two tables anew; read the difference before you commit it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from pioneer_cli.bid import Bid
from pioneer_cli.load_pack import load_pack, read_examples
from pioneer_cli.pack import Rule
from pioneer_cli.pipeline import read_bid
from pioneer_cli.predicates import PREDICATES, NestedTest
from pioneer_cli.predicates.base import Arguments
from pioneer_cli.quantities import When
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import read
from pioneer_cli.try_examples import try_examples

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "packs.md"
EXAMPLES = ROOT / "docs" / "examples"
FOLDERS = ("our-panel", "small-grant")
UPDATE = os.environ.get("PIONEER_UPDATE_GOLDEN") == "1"


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def written_between(name: str, rows: list[str]) -> None:
    """Holds what stands under a mark of the page to these rows."""
    pattern = re.compile(rf"(<!-- {name}: .*? -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    assert len(pattern.findall(text())) == 1
    table = "\n" + "".join(f"{row}\n" for row in rows) + "\n"
    if UPDATE:
        PAGE.write_text(pattern.sub(lambda found: found[1] + table + found[3], text()), encoding="utf-8")
    assert pattern.search(text())[2] == table  # type: ignore[index]


# --- Predicates ------------------------------------------------------------------------------------------------------

PATHS = {  # arguments that name places, of any predicate or of one
    "total": "a path", "than": "a path", "each": "a path", "places": "paths", "also": "paths", "path": "a path",
    "field": "a field of the entry", "fields": "fields of the entry", "by": "fields of the entry",
    "baseline": "a field of the entry", "target": "a field of the entry", "answers-each where": "a field of the entry",
}  # fmt: skip


def kind(annotation: Any) -> str:
    """What an argument takes, in a word or two."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(option for option in get_args(annotation) if option is not type(None))
    if get_origin(annotation) is tuple:
        return "tests" if get_args(annotation)[0] is NestedTest else "a list"
    if get_origin(annotation) is dict:
        return "named lists"
    return {"int": "a whole number", "Decimal": "a number", "str": "a text", When.__name__: "a date"}[
        annotation.__name__
    ]


def arguments(name: str, model: type[Arguments]) -> Iterator[str]:
    for argument, field in model.model_fields.items():
        what = PATHS.get(f"{name} {argument}") or PATHS.get(argument) or kind(field.annotation)
        what = kind(field.annotation) if kind(field.annotation) == "tests" else what
        yield f"`{argument}`{'' if field.is_required() else '?'} ({what})"


def test_the_table_of_predicates_is_that_of_the_code() -> None:
    rows = ["| predicate | what it means | arguments |", "|---|---|---|"]
    for predicate in PREDICATES.values():
        given = ", ".join(arguments(predicate.name, predicate.arguments)) or "none"
        guess = " It guesses." if predicate.guesses else ""
        rows.append(f"| `{predicate.name}` | {predicate.explanation}{guess} | {given} |")
    assert len(rows) >= 30
    written_between("predicates", rows)


def test_the_table_of_a_rule_s_keys_is_that_of_the_model() -> None:
    table = text().split("| key of a rule |")[1].split("\n\n")[0]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(told) == sorted(field.alias or name for name, field in Rule.model_fields.items())


def test_every_pack_that_ships_is_named_with_its_rules() -> None:
    told = re.findall(r"^- \[([\w-]+)\]\((rules[\w-]*\.md)\)", text(), re.MULTILINE)
    assert sorted(name for name, _ in told) == shipped_names("criteria")
    for name, page in told:
        assert (PAGE.parent / page).read_text(encoding="utf-8").startswith(f"# Every rule of {name}\n")


# --- Examples --------------------------------------------------------------------------------------------------------


def test_the_examples_are_these() -> None:
    assert tuple(sorted(path.parent.name for path in EXAMPLES.glob("*/pack.yaml"))) == FOLDERS


@pytest.mark.parametrize("name", FOLDERS)
def test_a_pack_of_the_page_is_sound_and_keeps_to_its_examples(name: str) -> None:
    loaded = load_pack(str(EXAMPLES / name))
    assert loaded.pack is not None
    assert [found.code for found in loaded.diagnostics] == (["lowered"] * 3 if name == "our-panel" else [])
    tried = try_examples(loaded.pack, read_examples(str(EXAMPLES / name), loaded.pack).examples)
    assert tried.faults == ()
    assert tried.rules >= 5


def test_the_bid_of_the_page_is_one() -> None:
    found = read_bid(read(str(EXAMPLES / "small-grant-bid.yaml")))
    assert found.diagnostics == ()
    assert isinstance(found.bid, Bid)
    assert load_pack(str(EXAMPLES / "small-grant")).pack.about.name == found.bid.call  # type: ignore[union-attr]


def test_the_invented_says_that_it_is_invented() -> None:
    for name in FOLDERS:
        assert "made up for docs/packs.md" in (EXAMPLES / name / "pack.yaml").read_text(encoding="utf-8")
    assert "invented" in (EXAMPLES / "small-grant-bid.yaml").read_text(encoding="utf-8")
    assert "The example on this page is invented" in text()


def test_the_yaml_of_the_page_stands_in_its_examples() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```\n", text(), re.DOTALL)
    files = [dedented(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.rglob("*.yaml"))]
    assert len(blocks) >= 10
    assert [block for block in blocks if not any(dedented(block) in file for file in files)] == []


def dedented(block: str) -> str:
    """A text with no indentation at all, so that a part of a file can be found in it."""
    return "".join(f"{line.strip()}\n" for line in dedent(block).splitlines())


# --- Common mistakes -------------------------------------------------------------------------------------------------

MISTAKES = [
    ("pack", "- c1-visits.yaml", "- c1-visit.yaml"),
    ("pack", "page-limit: 2\n", "page-limit: 3\n"),
    ("pack", "id: in-time", "id: In time"),
    ("pack", "from-percent: 50", "from-percent: 95"),
    ("c1-visits", "path: whole_system.cohorts.*", "path: whole_system.cohort.*"),
    ("c1-visits", "path: vision.outcomes.*", "path: vision.outcomes"),
    ("c1-visits", "predicate: words", "predicate: word"),
    ("c1-visits", "with: {at_least: 30}", "with: {at_last: 30}"),
    ("c1-visits", "with: {at_least: 30}", "with: {at_least: thirty}"),
    ("c1-visits", "confidence: low\n        ", ""),
    ("c1-visits", "authority: house", "authority: house\n        severity: {draft: note, submission: error, "
     "selection-end: error}"),
    ("c1-visits", "verb: should", "verb: shall"),
    ("c1-visits", "id: change-is-measured", "id: visits-are-described"),
    ("c1-visits", "points: 3", "points: a few"),
    ("c1-visits", "claim: The idea is worth a grant.", "claim: The idea: it is worth a grant."),
]  # fmt: skip
SHOWN = {  # how the table shows what cannot be seen from the change alone
    9: "`predicate: mentions` without `confidence: low`",
    10: "`authority: house` with `submission: error`",
    1: "`page-limit: 3`, and a gate with `{pages: 2}`",
    12: "an `id` that another rule has",
    3: "`from-percent: 95` in a level below one that begins at 90",
    5: "`path: vision.outcomes` for a test of its entries",
}


@pytest.fixture
def grant(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / "small-grant", tmp_path / "small-grant"))


def test_the_table_of_mistakes_is_what_they_give(grant: Path) -> None:
    rows = ["| what you wrote | what `pioneer` says |", "|---|---|"]
    for index, (name, right, wrong) in enumerate(MISTAKES):
        file = grant / f"{name}.yaml"
        sound = file.read_text(encoding="utf-8")
        assert sound.count(right) == 1, right
        file.write_text(sound.replace(right, wrong), encoding="utf-8")
        loaded = load_pack(str(grant))
        file.write_text(sound, encoding="utf-8")
        assert loaded.pack is None
        found = loaded.diagnostics[0]
        assert {fault.code for fault in loaded.diagnostics} == {found.code}
        told = f"{found.message}; {found.hint}" if found.hint else found.message
        rows.append(f"| {SHOWN.get(index) or f'`{wrong.strip()}`'} | {told} |")
    assert load_pack(str(grant)).diagnostics == ()
    written_between("mistakes", rows)
