"""The list of mutants that change nothing: each is still a line of the function that it names, and has its reason."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTED = tomllib.loads((ROOT / "tests" / "mutation" / "equivalent.toml").read_text(encoding="utf-8"))["mutant"]


def source_of(function: str) -> str:
    """The source of a function by the name that the script gives it, such as `predicates.lists.Covers.paths`."""
    parts = function.split(".")
    module = next(size for size in range(len(parts), 0, -1) if (path_of(parts[:size])).is_file())
    text = path_of(parts[:module]).read_text(encoding="utf-8")
    body: list[ast.stmt] = ast.parse(text).body
    for name in parts[module:]:
        (found,) = [node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name]
        body = found.body
    assert isinstance(found, ast.FunctionDef)
    return ast.get_source_segment(text, found) or ""


def path_of(parts: list[str]) -> Path:
    return ROOT.joinpath("pioneer_cli", *parts).with_suffix(".py")


def in_one_line(text: str) -> str:
    """Code without what its layout adds, since mutmut may write a line otherwise."""
    return re.sub(r"\s+", " ", text)


def test_some_are_listed_and_none_twice():
    assert len(LISTED) >= 5
    assert len({tuple(found.values()) for found in LISTED}) == len(LISTED)


@pytest.mark.parametrize("found", LISTED, ids=lambda found: found["function"])
def test_a_mutant_that_changes_nothing_is_of_code_that_is_there(found):
    assert found.keys() == {"function", "was", "becomes", "why"}
    assert in_one_line(found["was"]) in in_one_line(source_of(found["function"]))
    assert found["was"] != found["becomes"]
    assert len(found["why"].split()) >= 5
