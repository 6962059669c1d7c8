"""The rooms of the house: which module may import which, read from the source text of every module.

A new module takes its place in ROOMS; what it needs stands above it, what needs it below.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pioneer_cli.reports import FORMATS

PACKAGE = Path(__file__).parent.parent / "pioneer_cli"
ROOMS = (
    "answers", "errors", "shipped", "background", "diagnostics", "fault_codes", "yaml_faults", "file_bytes", "source",
    "named_files", "date_forms", "quantities", "bid", "predicates", "pack", "validate", "mends",
    "compile_rules", "load_pack", "try_examples", "schema", "starter",
    "settings", "settings_files", "settings_layer", "configuration",
    "explanation", "answered", "assessment", "waivable", "ignores", "fingerprints", "baseline",
    "comparison", "history", "assess", "score", "limited", "glyphs", "unshowable", "line_breaks", "tree", "markdown",
    "figures", "template_folder", "template", "document", "formats", "typeset", "press", "judge", "edits", "page_use",
    "cuts", "gains", "economics", "matrix", "prose", "whereabouts", "reading", "spoken_to", "mentions", "sightings",
    "ledger", "organisations", "claims", "review", "judgement", "review_starter", "check_review", "reviews_folder",
    "replies", "clarification", "check_replies", "letters", "feedback", "gap_report", "limit_proof", "check_proof",
    "reports", "pipeline", "foreign", "lsp", "cli",
)  # fmt: skip
DOORS = ("__init__", "__main__", "hook")  # of the package itself; they belong to no room
ONLY_IN = {
    "yaml": {"source"},
    "typst": {"typeset"},
    "jinja2": {"template"},
    "docx": {"formats"},
    "pikepdf": {"foreign"},
    "pypdfium2": {"foreign"},
    "markdown_it": {"markdown"},
    "Stemmer": {"spoken_to", "sightings"},
    "rich": {"reports", "cli"},
    "typer": {"cli"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "pydantic": {
        "quantities", "bid", "predicates", "pack", "validate", "load_pack", "starter", "try_examples", "gains", "prose",
        "reading", "review", "review_starter", "replies", "limit_proof", "foreign", "baseline",
    },
}  # fmt: skip
MOST_LINES = 420  # of code
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """A module's name inside the package: `source`, `reports.text`."""
    return path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")


def room_of(path: Path) -> str:
    """The room that a module belongs to: its file's name, or its folder's."""
    return name_of(path).split(".", maxsplit=1)[0]


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a module imports, at its top or inside a function, by its full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in {name_of(path)}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lines_of_code(path: Path) -> int:
    """How many lines a module has, blank ones, comments and docstrings aside."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    counted = {number for number, line in enumerate(lines, start=1) if line.strip() and line.strip()[0] != "#"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            counted -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(counted)


def test_the_modules_are_found():
    assert len(MODULES) >= 30
    assert {"source", "pipeline", "cli.check", "reports.text"} <= {name_of(path) for path in MODULES}


def test_every_module_has_its_room():
    assert {room_of(path) for path in MODULES} - set(DOORS) <= set(ROOMS)
    assert len(set(ROOMS)) == len(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_from_the_rooms_above_it(path):
    room = room_of(path)
    above = {*ROOMS, "__main__"} if room in DOORS else set(ROOMS[: ROOMS.index(room) + 1])
    imported = {name.split(".")[1] for name in imports_of(path) if name.startswith("pioneer_cli.")}
    assert imported - above - {"__version__"} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_library_is_imported_only_where_it_belongs(path):
    imported = {name.split(".")[0] for name in imports_of(path)}
    assert {library for library in imported & ONLY_IN.keys() if room_of(path) not in ONLY_IN[library]} == set()


@pytest.mark.parametrize(("library", "rooms"), ONLY_IN.items())
def test_each_library_is_imported_by_some_room(library, rooms):
    users = {room_of(path) for path in MODULES if library in {name.split(".")[0] for name in imports_of(path)}}
    assert users
    assert users <= rooms


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_run_or_imported_by_a_name_made_up_at_run_time(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![.\w])(?:__import__|exec|eval)\(", text)
    assert "import_module" not in text or name_of(path) == "reports.__init__"  # by its literal table of formats


def test_the_table_of_formats_names_reporters_only():
    assert FORMATS
    assert set(FORMATS.values()) <= {f"pioneer_cli.{name_of(path)}" for path in MODULES if room_of(path) == "reports"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is_for(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.split("\n\n")[0].rstrip().endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_too_long_to_read(path):
    assert lines_of_code(path) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_has_a_name_that_says_nothing(path):
    assert not set(re.split(r"[._]", name_of(path))) & {
        "helper",
        "helpers",
        "util",
        "utils",
        "manager",
        "common",
        "misc",
    }
