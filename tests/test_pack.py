"""Broken and hostile packs: each ends in diagnostics with a place, or in a PioneerError, and never in anything else."""

from pathlib import Path

import pytest

from pioneer_cli.diagnostics import Severity
from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import LoadedPack, load_pack

PACK = """\
name: small
title: A small call
publisher: Somebody
reference: "1"
published: 2013-05-14
source: A letter
weights: The call publishes none.
page-limit: 10
verbs:
  should: {draft: note, submission: warning, selection-end: error}
levels:
  - {level: 0, name: None, from-percent: 0, descriptor: Nothing.}
  - {level: 1, name: Some, from-percent: 50, descriptor: Something.}
verdicts: {meets-in-full: 1, sift-in: 0}
gates:
  - id: pages
    claim: It is short.
    why: The call says so.
    authority: call
    clause: Letter
    predicate: page-limit
    with: {pages: 10}
    severity: {draft: note, submission: error, selection-end: error}
    remedy: Shorten it.
    effort: low
    question: Can it be shorter?
offers:
  - {id: advice, need: Advice, support: Some}
criteria:
  - c1.yaml
"""

CRITERION = """\
id: C1
name: vision
title: The vision
asks: Is it clear?
section: vision
weight: 20
considerations:
  - id: C1a
    asks: Is there a statement?
    verb: should
    question: What is the vision?
    rules:
      - id: vision-is-stated
        claim: There is a vision.
        why: The call asks for it.
        authority: call
        path: vision.statement
        predicate: words
        with: {at_least: 3}
        points: 2
        remedy: Write `vision.statement`.
        effort: low
        support: advice
"""

SECOND = CRITERION.replace("C1", "C2").replace("vision-is-stated", "another-rule")
RULE = CRITERION[CRITERION.index("      - id: vision") :]


def write(folder: Path, pack: str = PACK, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(pack, encoding="utf-8")
    for name, text in {"c1": CRITERION, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def load(folder: Path) -> LoadedPack:
    return load_pack(str(folder))


def told(folder: Path) -> list[tuple[str, int, int, str, str, str]]:
    """Every diagnostic as (file, line, column, code, message, hint); there must be some and no pack."""
    loaded = load(folder)
    assert loaded.pack is None
    assert loaded.diagnostics != ()
    return [
        (Path(found.file).name, found.span.start.line, found.span.start.column, found.code, found.message, found.hint)
        for found in loaded.diagnostics
    ]


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def nested(levels: int) -> str:
    """A rule whose test stands inside so many all-of."""
    inner = "{path: vision.statement, predicate: filled}"
    for _ in range(levels):
        inner = "{predicate: all-of, with: {tests: [" + inner + "]}}"
    tests = f"predicate: all-of\n        with: {{tests: [{inner}]}}\n"
    lines = CRITERION.replace("        path: vision.statement\n", "")
    return changed(lines, "predicate: words\n        with: {at_least: 3}\n", tests)


# --- What is whole ---------------------------------------------------------------------------------------------------


def test_a_whole_pack_loads(tmp_path: Path) -> None:
    loaded = load(write(tmp_path / "small"))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    assert [criterion.id for criterion in loaded.pack.criteria] == ["C1"]
    assert set(loaded.pack.tests) == {"pages", "vision-is-stated"}


def test_two_criteria_load_in_the_order_of_the_pack(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, changed(PACK, "  - c1.yaml", "  - c2.yaml\n  - c1.yaml"), c2=SECOND))
    assert loaded.pack is not None
    assert [criterion.id for criterion in loaded.pack.criteria] == ["C2", "C1"]


def test_tests_inside_tests_load(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, c1=nested(4)))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    test = loaded.pack.tests["vision-is-stated"]
    for _ in range(5):
        (test,) = test.inner
    assert test.predicate.name == "filled"


def test_a_warning_does_not_stop_a_pack(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, c1=changed(CRITERION, "There is a vision.", "There is\u00ad a vision.")))
    assert loaded.pack is not None
    assert [(Path(found.file).name, found.span.start.line, found.code) for found in loaded.diagnostics] == [
        ("c1.yaml", 14, "invisible-character")
    ]


# --- What is wrong in pack.yaml --------------------------------------------------------------------------------------

NO_FILE = "in the folder of this pack"
OWN_FOLDER = "name a file in the pack's own folder, in small letters, such as `c1-vision.yaml`"
LEVELS = "begin with from-percent 0 and let each level begin higher than the one before"
LINES = "write them indented below"
FIELDS = "`pioneer schema bid` lists the fields"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "code", "message", "hint"),
    [
        ("  - c1.yaml", "  - ../c1.yaml", 30, 5, "wrong-file-name",
         '"../c1.yaml" cannot be a file of this pack', OWN_FOLDER),
        ("  - c1.yaml", "  - /etc/passwd", 30, 5, "wrong-file-name",
         '"/etc/passwd" cannot be a file of this pack', OWN_FOLDER),
        ("  - c1.yaml", "  - C1.yml", 30, 5, "wrong-file-name",
         '"C1.yml" cannot be a file of this pack', OWN_FOLDER),
        ("  - c1.yaml", '  - "c1.yaml\\n"', 30, 5, "wrong-file-name",
         '"c1.yaml\n" cannot be a file of this pack', OWN_FOLDER),
        ("  - c1.yaml", "  - c9.yaml", 30, 5, "no-file", f'there is no file "c9.yaml" {NO_FILE}', ""),
        ("criteria:\n  - c1.yaml\n", "criteria: []\n", 29, 1, "empty-value", "this must not be empty",
         "write something here or delete the key"),
        ("criteria:\n  - c1.yaml\n", "", 1, 1, "missing-key", "`criteria` is missing",
         "add a line `criteria: …` at the top of the file"),
        ("page-limit: 10", "page-limit: 0", 8, 13, "out-of-range", "0 is out of range", "it must be at least 1"),
        ("page-limit: 10", "page_limit: 10", 8, 1, "unknown-key",
         "unknown key `page_limit`", "did you mean `page-limit`?"),
        ("    predicate: page-limit", "    predicate: page-limits", 21, 16, "unknown-predicate",
         'unknown predicate "page-limits"', "did you mean `page-limit`?"),
        ("with: {pages: 10}", "with: {page: 10}", 22, 12, "unknown-key", "unknown key `page`", "did you mean `pages`?"),
        ("    with: {pages: 10}\n", "", 16, 5, "missing-key", "`page-limit` needs arguments: pages",
         "write them under `with:`"),
        ("from-percent: 0,", "from-percent: 5,", 11, 1, "levels",
         "the levels do not follow each other from 0 per cent up", LEVELS),
        ("from-percent: 50,", "from-percent: 0,", 11, 1, "levels",
         "the levels do not follow each other from 0 per cent up", LEVELS),
        ("{level: 1,", "{level: 0,", 11, 1, "levels", "the levels are not numbered upwards", ""),
        ("authority: call", "authority: house", 23, 5, "severity",
         "only a gate that rests on the call may be an error", ""),
        ("  should:", "  Should Do:", 10, 3, "wrong-id", '"Should Do" cannot be an id',
         "use small letters, figures and hyphens, such as `page-limit`"),
        ("submission: warning", "submission: fatal", 10, 37, "not-in-list",
         '"fatal" is not in the closed list of this field', "one of: note, warning, error"),
        ("name: small", "name: ../small", 1, 7, "wrong-id", '"../small" cannot be an id',
         "use small letters, figures and hyphens, such as `page-limit`"),
        ("title: A small call", "title: !!python/object/apply:os.system [id]", 2, 8, "yaml-tag",
         "tags such as !!python/object/apply:os.system are not allowed in a pack",
         'delete it; if the ! belongs to the text, put the text in "quotes"'),
        ("title: A small call", "title: *other", 2, 8, "yaml-alias", "aliases such as *other are not allowed in a pack",
         'write the value out; if the * belongs to the text, put the text in "quotes"'),
        ("title: A small call", "title: ''", 2, 8, "empty-value", "this must not be empty",
         "write something here or delete the key"),
        ("title: A small call", "title: A small call\ntitle: Another", 3, 1, "yaml-duplicate-key",
         'the key "title" stands twice in one mapping: here and on line 2', "keep one of the two"),
        ("gates:\n", "gates: none\nothers:\n", 15, 8, "wrong-value", "this must be a list, not a text",
         'begin each item on its own line with "- "'),
    ],
)  # fmt: skip
def test_pack_file(
    tmp_path: Path, old: str, new: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    found = told(write(tmp_path, changed(PACK, old, new)))
    assert ("pack.yaml", line, column, code, message, hint) in found
    assert all(name == "pack.yaml" for name, *_ in found)


def test_an_empty_pack_file_is_no_pack(tmp_path: Path) -> None:
    hint = "copy from a pack that ships with pioneer"
    assert told(write(tmp_path, "")) == [("pack.yaml", 1, 1, "empty-file", "the file is empty", hint)]


def test_a_list_is_no_pack(tmp_path: Path) -> None:
    assert [found[:4] for found in told(write(tmp_path, "- a\n- b\n"))] == [("pack.yaml", 1, 1, "not-a-mapping")]


# --- What is wrong in a criterion ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "code", "message", "hint"),
    [
        ("predicate: words", "predicate: word", 18, 20, "unknown-predicate", 'unknown predicate "word"',
         "did you mean `words`?"),
        ("{at_least: 3}", "{at_lest: 3}", 19, 16, "unknown-key", "unknown key `at_lest`", "did you mean `at_least`?"),
        ("{at_least: 3}", "{at_least: 0}", 19, 26, "out-of-range", "0 is out of range", "it must be at least 1"),
        ("{at_least: 3}", "{at_least: three}", 19, 26, "wrong-value", "this must be a whole number, not a text",
         "write it without quotes, such as 12"),
        ("{at_least: 3}", "[3]", 19, 9, "wrong-value", "this must hold lines of the form `key: value`, not a list",
         LINES),
        ("        with: {at_least: 3}\n", "", 13, 9, "missing-key", "`words` needs arguments: at_least",
         "write them under `with:`"),
        ("path: vision.statement", "path: vision.statment", 17, 15, "unknown-path",
         'the path "vision.statment" leads nowhere in a bid', "`pioneer schema bid` lists the fields"),
        ("path: vision.statement", "path: vision.statement.__class__", 17, 15, "unknown-path",
         'the path "vision.statement.__class__" leads nowhere in a bid', "`pioneer schema bid` lists the fields"),
        ("path: vision.statement", "path: vision..statement", 17, 15, "unknown-path",
         'the path "vision..statement" leads nowhere in a bid', "`pioneer schema bid` lists the fields"),
        ("        path: vision.statement\n", "", 13, 9, "missing-key", "`words` needs a path into the bid",
         "add a line `path: …` here"),
        ("predicate: words\n        with: {at_least: 3}", "predicate: has\n        with: {fields: [when]}", 19, 16,
         "unknown-path", '`fields` names "vision.statement.when", which leads nowhere in a bid', ""),
        ("verb: should", "verb: shall", 10, 11, "unknown-id", 'unknown verb "shall"', "verbs of this pack: should"),
        ("support: advice", "support: money", 23, 18, "unknown-id", 'unknown offer "money"',
         "offers of this pack: advice"),
        ("section: vision", "section: visions", 5, 10, "unknown-path", 'a bid has no section "visions"',
         "`pioneer schema bid` lists the fields"),
        ("weight: 20", "weight: 0", 6, 9, "out-of-range", "0 is out of range", "it must be at least 1"),
        ("points: 2", "points: 2.5", 20, 17, "wrong-value", "this must be a whole number, not a fraction",
         "write it without quotes, such as 12"),
        ("authority: call", "authority: panel", 16, 20, "not-in-list",
         '"panel" is not in the closed list of this field', "one of: call, house, accessibility"),
        ("authority: call",
         "authority: house\n        severity: {draft: note, submission: error, selection-end: error}",
         17, 9, "severity", "only a rule that rests on the call, and does not guess from words, may be an error", ""),
        ("id: vision-is-stated", "id: Vision_is_stated", 13, 13, "wrong-id", '"Vision_is_stated" cannot be an id',
         "use small letters, figures and hyphens, such as `page-limit`"),
        ("id: vision-is-stated", f"id: {'a' * 61}", 13, 13, "too-long", "this is too long",
         "use at most 60 characters"),
        ("- id: C1a", "- id: first", 8, 9, "wrong-id", '"first" cannot be the id of a criterion or consideration',
         "write it as C3 or C3b"),
        ("- id: C1a", "- id: C1", 8, 9, "duplicate-id", 'the id "C1" is taken already', "give each its own id"),
        ("id: vision-is-stated", "id: pages", 13, 13, "duplicate-id", 'the id "pages" is taken by another rule or gate',
         "give each its own id"),
        (RULE, "      []\n", 12, 5, "empty-value", "this must not be empty", "write something here or delete the key"),
        (f"    rules:\n{RULE}", "", 8, 5, "missing-key", "`rules` is missing", "add a line `rules: …` here"),
        (CRITERION[CRITERION.index("considerations:") :], "considerations: []\n", 7, 1, "empty-value",
         "this must not be empty", "write something here or delete the key"),
        ("why: The call asks for it.", "why: The call\n        exec: print(1)", 16, 9, "unknown-key",
         "unknown key `exec`",
         "known keys here: id, claim, why, authority, path, predicate, with, severity, points, confidence, "
         "remedy, effort, support"),
        ("weight: 20", "weight: 20\nalternatives: [{any-of: [C1a, C1z]}]", 7, 17, "unknown-id",
         "C1z is no consideration of C1", ""),
        ("weight: 20", "weight: 20\nalternatives: [{any-of: [C1a]}]", 7, 17, "wrong-number",
         "at least 2 are needed here, not 1", ""),
        ("weight: 20", "weight: 20\nalternatives: [{any-of: [C1a, C1a]}]", 7, 1, "duplicate-id",
         "C1a stands twice among the alternatives", ""),
        ("{at_least: 3}", "{at_least: &three 3}", 19, 26, "yaml-anchor",
         "anchors such as &three are not allowed in a pack",
         'delete it; if the & belongs to the text, put the text in "quotes"'),
    ],
)  # fmt: skip
def test_criterion_file(
    tmp_path: Path, old: str, new: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    found = told(write(tmp_path, c1=changed(CRITERION, old, new)))
    assert found == [("c1.yaml", line, column, code, message, hint)]


def test_two_rules_of_a_consideration_need_two_ids(tmp_path: Path) -> None:
    found = told(write(tmp_path, c1=CRITERION + RULE))
    assert found == [
        ("c1.yaml", 24, 13, "duplicate-id", 'the id "vision-is-stated" stands twice', "give each its own id")
    ]


def test_rules_of_two_files_need_two_ids(tmp_path: Path) -> None:
    second = SECOND.replace("another-rule", "vision-is-stated")
    found = told(write(tmp_path, changed(PACK, "  - c1.yaml", "  - c1.yaml\n  - c2.yaml"), c2=second))
    message = 'the id "vision-is-stated" is taken by another rule or gate'
    assert found == [("c2.yaml", 13, 13, "duplicate-id", message, "give each its own id")]


def test_criteria_of_two_files_need_two_ids(tmp_path: Path) -> None:
    second = CRITERION.replace("vision-is-stated", "another-rule")
    found = told(write(tmp_path, changed(PACK, "  - c1.yaml", "  - c1.yaml\n  - c2.yaml"), c2=second))
    assert found == [
        ("c2.yaml", 1, 5, "duplicate-id", 'the id "C1" is taken already', "give each its own id"),
        ("c2.yaml", 8, 9, "duplicate-id", 'the id "C1a" is taken already', "give each its own id"),
    ]


def test_a_file_named_twice_is_loaded_once_and_told_of(tmp_path: Path) -> None:
    found = told(write(tmp_path, changed(PACK, "  - c1.yaml", "  - c1.yaml\n  - c1.yaml")))
    assert [(name, code, message) for name, _, _, code, message, _ in found] == [
        ("pack.yaml", "duplicate-id", 'the file "c1.yaml" stands twice in the list'),
    ]


def test_an_empty_criterion_file(tmp_path: Path) -> None:
    hint = "copy from a pack that ships with pioneer"
    assert told(write(tmp_path, c1="# nothing\n")) == [
        ("c1.yaml", 1, 1, "empty-file", "the file is empty", hint),
    ]


def test_every_file_is_judged_in_one_run(tmp_path: Path) -> None:
    pack = changed(PACK, "  - c1.yaml", "  - c1.yaml\n  - c2.yaml")
    first, second = changed(CRITERION, "verb: should", "verb: a"), changed(SECOND, "verb: should", "verb: b")
    found = told(write(tmp_path, changed(pack, "pages: 10}", "pages: ten}"), c1=first, c2=second))
    assert [(name, line, code) for name, line, _, code, _, _ in found] == [
        ("c1.yaml", 10, "unknown-id"),
        ("c2.yaml", 10, "unknown-id"),
        ("pack.yaml", 22, "wrong-value"),
    ]


# --- Tests inside tests ----------------------------------------------------------------------------------------------


def logic(tests: str, predicate: str = "all-of", more: str = "") -> str:
    lines = changed(CRITERION, "        path: vision.statement\n", "")
    return changed(
        lines, "words\n        with: {at_least: 3}\n", f"{predicate}\n        with: {{{more}tests: {tests}}}\n"
    )


@pytest.mark.parametrize(
    ("text", "column", "code", "message", "hint"),
    [
        (logic("[{path: vision.statement, predicate: fill}]"), 60, "unknown-predicate", 'unknown predicate "fill"',
         "did you mean `filled`?"),
        (logic("[{path: visions, predicate: filled}]"), 31, "unknown-path", 'the path "visions" leads nowhere in a bid',
         "`pioneer schema bid` lists the fields"),
        (logic("[{predicate: filled}]"), 25, "missing-key", "`filled` needs a path into the bid",
         "add a line `path: …` here"),
        (logic("[]"), 16, "empty-value", "this must not be empty", "write something here or delete the key"),
        (logic("[{path: vision.statement, predicate: filled}]", "when"), 16, "wrong-number",
         "2 are needed here, not 1", ""),
        (logic("[{path: vision.statement, predicate: filled}]", "at-least", "number: 2, "), 24, "out-of-range",
         "more tests must hold than the 1 that there are", ""),
        (logic("[{path: vision.statement, predicate: words}]"), 25, "missing-key", "`words` needs arguments: at_least",
         "write them under `with:`"),
    ],
)  # fmt: skip
def test_logic(tmp_path: Path, text: str, column: int, code: str, message: str, hint: str) -> None:
    assert told(write(tmp_path, c1=text)) == [("c1.yaml", 18, column, code, message, hint)]


@pytest.mark.parametrize("levels", [20, 2_000])
def test_tests_nested_too_deep(tmp_path: Path, levels: int) -> None:
    found = told(write(tmp_path, c1=nested(levels)))
    assert [(name, line, code) for name, line, _, code, _, _ in found] == [("c1.yaml", 18, "yaml-depth")]


# --- For each entry --------------------------------------------------------------------------------------------------

EFFICIENCIES = "vision.efficiencies"


def for_each(tests: str, path: str = f"{EFFICIENCIES}.*", more: str = "") -> str:
    """A rule over a list, whose tests stand in line 19."""
    lines = changed(CRITERION, "path: vision.statement", f"path: {path}")
    return changed(lines, "words\n        with: {at_least: 3}", f"for-each\n        with: {{{more}tests: {tests}}}")


def test_the_paths_of_an_entry_load(tmp_path: Path) -> None:
    listed = "{path: evidence.*, predicate: listed-at, with: {path: evidence.sources.*.id}}"
    below = "{path: amount, predicate: no-larger-than, with: {than: capability.funding.total}}"
    inside = f"{{predicate: any-of, with: {{tests: [{below}, {{predicate: has, path: '', with: {{fields: [by]}}}}]}}}}"
    condition = "where: [{path: amount, predicate: filled}], "
    loaded = load(write(tmp_path, c1=for_each(f"[{listed}, {below}]", more=condition)))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    test = loaded.pack.tests["vision-is-stated"]
    assert test.steps == ("vision", "efficiencies", "*")
    assert [inner.steps for inner in test.inner] == [("evidence", "*"), ("amount",)]
    assert [inner.steps for inner in test.where] == [("amount",)]
    assert [found[:5] for found in told(write(tmp_path, c1=for_each(f"[{inside}]")))] == [
        ("c1.yaml", 19, 143, "missing-key", "`has` needs a path into the bid"),
    ]


@pytest.mark.parametrize(
    ("text", "column", "code", "message", "hint"),
    [
        (for_each("[{path: amounts, predicate: filled}]"), 31, "unknown-path",
         'the path "vision.efficiencies.*.amounts" leads nowhere in a bid', FIELDS),
        (for_each("[{path: vision.statement, predicate: filled}]"), 31, "unknown-path",
         'the path "vision.efficiencies.*.vision.statement" leads nowhere in a bid', FIELDS),
        (for_each("[{path: '*', predicate: filled}]"), 31, "unknown-path",
         'the path "vision.efficiencies.*.*" leads nowhere in a bid', FIELDS),
        (for_each("[{path: amount, predicate: filled}]", EFFICIENCIES), 31, "unknown-path",
         'the path "vision.efficiencies.amount" leads nowhere in a bid', FIELDS),
        (for_each("[{path: amount, predicate: filled}]", more="where: [{path: sum, predicate: filled}], "), 31,
         "unknown-path", 'the path "vision.efficiencies.*.sum" leads nowhere in a bid', FIELDS),
        (for_each("[{predicate: all-of, with: {tests: [{path: sum, predicate: filled}]}}]"), 66, "unknown-path",
         'the path "vision.efficiencies.*.sum" leads nowhere in a bid', FIELDS),
        (for_each("[{path: by, predicate: for-each, with: {tests: [{path: x, predicate: filled}]}}]"), 78,
         "unknown-path", 'the path "vision.efficiencies.*.by.x" leads nowhere in a bid', FIELDS),
        (for_each("[{path: evidence.*, predicate: listed-at, with: {path: sources.*.id}}]"), 78, "unknown-path",
         '`path` names "sources.*.id", which leads nowhere in a bid', ""),
        (for_each("[{path: amount, predicate: no-larger-than, with: {than: amount}}]"), 79, "unknown-path",
         '`than` names "amount", which leads nowhere in a bid', ""),
        (for_each("[{predicate: filled}]"), 25, "missing-key", "`filled` needs a path into the bid",
         "add a line `path: …` here"),
        (for_each("[{path: amount, predicate: fill}]"), 50, "unknown-predicate", 'unknown predicate "fill"',
         "did you mean `filled`?"),
        (for_each("[{path: amount, predicate: filled}]", more="where: [{path: by, predicate: fill}], "), 46,
         "unknown-predicate", 'unknown predicate "fill"', "did you mean `filled`?"),
        (for_each("[]"), 16, "empty-value", "this must not be empty", "write something here or delete the key"),
        (for_each("[{path: amount, predicate: filled}]", more="where: amount, "), 23, "wrong-value",
         "this must be a list, not a text", 'begin each item on its own line with "- "'),
        (for_each("[{path: amount, predicate: filled}]", more="were: [], "), 16, "unknown-key", "unknown key `were`",
         "did you mean `where`?"),
    ],
)  # fmt: skip
def test_for_each(tmp_path: Path, text: str, column: int, code: str, message: str, hint: str) -> None:
    assert told(write(tmp_path, c1=text)) == [("c1.yaml", 19, column, code, message, hint)]


def test_a_list_needs_a_path(tmp_path: Path) -> None:
    text = changed(for_each("[{path: title, predicate: filled}]"), f"        path: {EFFICIENCIES}.*\n", "")
    assert told(write(tmp_path, c1=text)) == [
        ("c1.yaml", 13, 9, "missing-key", "`for-each` needs a path into the bid", "add a line `path: …` here")
    ]


# --- Rules that guess from words -------------------------------------------------------------------------------------

MENTIONS = "predicate: mentions\n        with: {any_of: [goal*]}"
GUESS = changed(CRITERION, "predicate: words\n        with: {at_least: 3}", MENTIONS)
SURE, UNSURE = "severity: {draft: note, submission: error, selection-end: error}", "confidence: low"


def test_a_rule_that_guesses_and_says_so_loads(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, c1=changed(GUESS, "points: 2", f"points: 2\n        {UNSURE}")))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    assert loaded.pack.tests["vision-is-stated"].guesses


def test_the_word_of_a_letter_makes_no_guess_an_error(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, c1=changed(GUESS, "points: 2", f"points: 2\n        {UNSURE}")))
    sure = load(write(tmp_path))
    assert loaded.pack is not None
    assert sure.pack is not None
    for pack, severity in ((loaded.pack, Severity.WARNING), (sure.pack, Severity.ERROR)):
        ((_, consideration, rule),) = pack.rules()
        assert pack.severity(consideration, rule, "selection-end") is severity


INSIDE = "{path: vision.statement, predicate: mentions, with: {any_of: [goal*]}}"
SEVERITY = "only a rule that rests on the call, and does not guess from words, may be an error"
GUESSES, NO_GUESS = "this rule guesses from words", "this rule does not guess from words"
ADD, DELETE = "add `confidence: low`", "delete `confidence: low`"


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "message", "hint"),
    [
        (GUESS, 13, 9, "confidence", GUESSES, ADD),
        (changed(GUESS, "points: 2", "points: 2\n        confidence: high"), 21, 21, "confidence", GUESSES, ADD),
        (logic(f"[{INSIDE}]"), 13, 9, "confidence", GUESSES, ADD),
        (logic(f"[{{predicate: none-of, with: {{tests: [{INSIDE}]}}}}]"), 13, 9, "confidence", GUESSES, ADD),
        (for_each("[{path: amount, predicate: filled}]",
                  more="where: [{path: efficiency, predicate: mentions, with: {any_of: [bed*]}}], "),
         13, 9, "confidence", GUESSES, ADD),
        (changed(CRITERION, "points: 2", "points: 2\n        confidence: low"), 21, 21, "confidence", NO_GUESS, DELETE),
        (changed(GUESS, "points: 2", f"points: 2\n        {UNSURE}\n        {SURE}"), 22, 9, "severity", SEVERITY, ""),
        (changed(GUESS, "points: 2", "points: 2\n        confidence: lo"), 21, 21, "not-in-list",
         '"lo" is not in the closed list of this field', "did you mean `low`?"),
        (changed(GUESS, "goal*", "'*'"), 19, 25, "wrong-term", '"*" is too short for a term',
         "write at least two characters before any `*`"),
        (changed(GUESS, "goal*", "a"), 19, 25, "wrong-term", '"a" is too short for a term',
         "write at least two characters before any `*`"),
        (changed(GUESS, "[goal*]", "[]"), 19, 16, "empty-value", "this must not be empty",
         "write something here or delete the key"),
        (changed(GUESS, "goal*", "2013"), 19, 25, "wrong-value", "this must be a text, not a number",
         'put it in quotes: "2013"'),
    ],
)  # fmt: skip
def test_a_guess_that_does_not_say_so(
    tmp_path: Path, text: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    assert told(write(tmp_path, c1=text)) == [("c1.yaml", line, column, code, message, hint)]


def second_gate(test: str) -> str:
    """The pack with a gate more, whose predicate stands in line 32, or after its path in line 33."""
    gate = PACK[PACK.index("  - id: pages") : PACK.index("offers:")].replace("id: pages", "id: words")
    gate = changed(gate, "    predicate: page-limit\n    with: {pages: 10}\n", test)
    return changed(PACK, "offers:", f"{gate}offers:")


@pytest.mark.parametrize(
    ("test", "line", "column"),
    [
        ("    path: vision\n    predicate: mentions\n    with: {any_of: [goal*]}\n", 33, 16),
        ("    predicate: nowhere-mentions\n    with: {terms: [tbc], among_words: 1}\n", 32, 16),
        (f"    predicate: any-of\n    with: {{tests: [{INSIDE}]}}\n", 32, 16),
    ],
)
def test_a_gate_may_not_guess(tmp_path: Path, test: str, line: int, column: int) -> None:
    message, hint = "a gate may not guess from words", "let a structured field decide"
    assert told(write(tmp_path, second_gate(test))) == [("pack.yaml", line, column, "confidence", message, hint)]


def test_a_gate_has_no_confidence(tmp_path: Path) -> None:
    text = changed(PACK, "    predicate: page-limit", "    confidence: low\n    predicate: page-limit")
    found = [found[:5] for found in told(write(tmp_path, text))]
    assert found == [("pack.yaml", 21, 5, "unknown-key", "unknown key `confidence`")]


# --- Page limits and floors ------------------------------------------------------------------------------------------

WITHOUT_LIMIT = changed(PACK, "page-limit: 10\n", "")
OTHER_GATE = "    path: submission_date\n    predicate: no-later-than\n    with: {date: 2013-06-28}\n"
PAGE_GATE = "    predicate: page-limit\n    with: {pages: 10}\n"


def test_a_pack_without_a_page_limit_and_without_its_gate_loads(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, changed(WITHOUT_LIMIT, PAGE_GATE, OTHER_GATE)))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    assert loaded.pack.about.page_limit is None


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        (changed(PACK, PAGE_GATE, OTHER_GATE), 15, 1, "0 gates hold to the page limit, where 1 must",
         "add one with the predicate page-limit"),
        (second_gate(PAGE_GATE), 15, 1, "2 gates hold to the page limit, where 1 must", "keep one"),
        (WITHOUT_LIMIT, 14, 1, "1 gate holds to the page limit, where 0 must", "state `page-limit`"),
        (changed(PACK, "{pages: 10}", "{pages: 11}"), 22, 19,
         "this gate's limit of 11 pages is not the pack's, which is 10", "write the same figure twice"),
        (second_gate("    predicate: all-of\n    with: {tests: [{predicate: page-limit, with: {pages: 9}}]}\n"), 33, 32,
         "`page-limit` stands in a gate of its own, since what it cannot count withholds the verdict",
         "write it as a gate"),
    ],
)  # fmt: skip
def test_a_page_limit_has_one_gate(tmp_path: Path, text: str, line: int, column: int, message: str, hint: str) -> None:
    assert told(write(tmp_path, text)) == [("pack.yaml", line, column, "page-gate", message, hint)]


def test_no_rule_holds_to_the_page_limit(tmp_path: Path) -> None:
    text = changed(CRITERION, "path: vision.statement\n        predicate: words\n        with: {at_least: 3}",
                   "predicate: page-limit\n        with: {pages: 9}")  # fmt: skip
    assert [found[:4] for found in told(write(tmp_path, c1=text))] == [("c1.yaml", 17, 20, "page-gate")]


@pytest.mark.parametrize("floor", [0, 1])
def test_a_criterion_may_have_its_own_floor(tmp_path: Path, floor: int) -> None:
    loaded = load(write(tmp_path, c1=changed(CRITERION, "weight: 20", f"weight: 20\nfloor: {floor}")))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    assert loaded.pack.floor(loaded.pack.criteria[0]) == floor


def test_without_a_floor_the_pack_s_own_counts(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, changed(PACK, "sift-in: 0", "sift-in: 1")))
    assert loaded.pack is not None
    assert loaded.pack.floor(loaded.pack.criteria[0]) == 1


@pytest.mark.parametrize(
    ("floor", "code", "message", "hint"),
    [
        ("6", "out-of-range", "6 is out of range", "it must be at most 5"),
        ("-1", "out-of-range", "-1 is out of range", "it must be at least 0"),
        ("1.5", "wrong-value", "this must be a whole number, not a fraction", "write it without quotes, such as 12"),
        ('"1"', "wrong-value", "this must be a whole number, not a text", "write it without quotes, such as 12"),
    ],
)
def test_a_floor_is_a_level(tmp_path: Path, floor: str, code: str, message: str, hint: str) -> None:
    found = told(write(tmp_path, c1=changed(CRITERION, "weight: 20", f"weight: 20\nfloor: {floor}")))
    assert found == [("c1.yaml", 7, 8, code, message, hint)]


# --- Files and folders -----------------------------------------------------------------------------------------------


def test_a_link_may_not_lead_out_of_the_pack(tmp_path: Path) -> None:
    folder = write(tmp_path / "small")
    (tmp_path / "outside.yaml").write_text(CRITERION, encoding="utf-8")
    (folder / "c1.yaml").unlink()
    (folder / "c1.yaml").symlink_to(tmp_path / "outside.yaml")
    assert told(folder) == [("pack.yaml", 30, 5, "no-file", f'there is no file "c1.yaml" {NO_FILE}', "")]


def test_a_folder_is_no_criterion(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "c1.yaml").unlink()
    (folder / "c1.yaml").mkdir()
    assert told(folder) == [("pack.yaml", 30, 5, "no-file", f'there is no file "c1.yaml" {NO_FILE}', "")]


@pytest.mark.parametrize(
    "content", [b"\xff\xfen\x00", b"name: caf\xe9\n", b"name: \x00\n", b"a: [\n", b"a: b\n---\nc: d\n"]
)
def test_bytes_that_are_no_pack(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path)
    (folder / "c1.yaml").write_bytes(content)
    assert {name for name, *_ in told(folder)} == {"c1.yaml"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pioneers-2031", "did you mean pioneers-2013, or a folder that holds a pack.yaml?"),
        ("x", "packs: pioneers-2013; or name a folder that holds a pack.yaml"),
        ("a" * 5_000, "packs: pioneers-2013; or name a folder that holds a pack.yaml"),
        ("../../etc", "packs: pioneers-2013; or name a folder that holds a pack.yaml"),
        ("nul\x00byte", "packs: pioneers-2013; or name a folder that holds a pack.yaml"),
    ],
)
def test_no_such_pack(name: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pioneer_cli.load_pack.shipped_names", lambda kind: ["pioneers-2013"])
    with pytest.raises(PioneerError) as caught:
        load_pack(name)
    assert caught.value.message.startswith("there is no criteria pack called ")
    assert caught.value.hint == hint


def test_a_folder_without_a_pack_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PioneerError, match="there is no criteria pack called"):
        load(tmp_path)


@pytest.mark.parametrize(
    "verdicts",
    [
        "{meets-in-full: 5, sift-in: 0}",
        "{meets-in-full: 1, sift-in: 5}",
        "{meets-in-full: 0, sift-in: 0}",
        "{meets-in-full: 0, sift-in: 1}",
    ],
)
def test_verdicts_take_levels_that_the_pack_has(tmp_path: Path, verdicts: str) -> None:
    text = changed(PACK, "{meets-in-full: 1, sift-in: 0}", verdicts)
    hint = "name levels that the pack has: sift-in no higher than meets-in-full, and that one above 0"
    assert [found[3:] for found in told(write(tmp_path, text))] == [
        ("levels", "the verdicts do not fit the levels", hint)
    ]


def test_a_floor_is_a_level_that_the_pack_has(tmp_path: Path) -> None:
    found = told(write(tmp_path, c1=changed(CRITERION, "weight: 20", "weight: 20\nfloor: 5")))
    assert [fault[3:5] for fault in found] == [("levels", "the pack has no level 5")]
