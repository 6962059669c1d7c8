"""Every pack that ships, whole and true to its examples; and `try_examples`, which finds what is not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_bids import full_bid
from small_pack import write_small_pack

from pioneer_cli.bid import Bid, leads_somewhere, plain
from pioneer_cli.cli import run
from pioneer_cli.diagnostics import has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import load_examples, load_pack, read_examples
from pioneer_cli.pack import Gate, Pack, Rule
from pioneer_cli.predicates import Facts
from pioneer_cli.predicates import run as apply
from pioneer_cli.shipped import shipped_folder, shipped_names
from pioneer_cli.try_examples import Tried, try_examples

ROOT = Path(__file__).resolve().parent.parent
NAMES = shipped_names("criteria")
EMPTY = {"call": "a-call", "title": "A bid", "area": {"name": "Somewhere"}}
LONGEST_LINE = 120


def the_pack(name: str) -> Pack:
    loaded = load_pack(name)
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    return loaded.pack


PACKS = {name: the_pack(name) for name in NAMES}
EACH = pytest.mark.parametrize("name", NAMES)


def entries(pack: Pack) -> list[Rule | Gate]:
    """Every rule and every gate."""
    return [*pack.about.gates, *(rule for _, _, rule in pack.rules())]


# --- Every pack ------------------------------------------------------------------------------------------------------


@EACH
def test_a_pack_has_the_name_of_its_folder(name: str) -> None:
    assert PACKS[name].about.name == name


@EACH
def test_every_file_of_a_pack_is_one_that_it_names(name: str) -> None:
    files = {path.name for path in (shipped_folder("criteria") / name).iterdir()}
    assert files - {"reading.yaml"} == {"pack.yaml", "examples.yaml", *PACKS[name].about.criteria}


@EACH
def test_every_example_is_what_it_says(name: str) -> None:
    tried = try_examples(PACKS[name], load_examples(name, PACKS[name]))
    assert tried.faults == ()
    machine = sum(not rule.is_judged for _, _, rule in PACKS[name].rules())
    assert tried.rules >= 29
    assert tried.examples >= 2 * machine


@EACH
def test_examples_are_there_for_every_rule_that_a_machine_checks_and_for_no_other(name: str) -> None:
    checked = {rule.id for _, _, rule in PACKS[name].rules() if not rule.is_judged}
    assert set(load_examples(name, PACKS[name])) == checked


@EACH
def test_an_almost_empty_bid_meets_no_rule(name: str) -> None:
    facts = Facts(plain(Bid.model_validate(EMPTY)))
    assert [rule.id for _, _, rule in PACKS[name].rules() if apply(PACKS[name].tests[rule.id], facts).low > 0] == []


@EACH
def test_every_consideration_has_a_rule_that_a_machine_checks(name: str) -> None:
    considerations = [found for criterion in PACKS[name].criteria for found in criterion.considerations]
    assert len(considerations) >= 10
    assert [found.id for found in considerations if all(rule.is_judged for rule in found.rules)] == []


@EACH
def test_every_criterion_leaves_a_question_to_people(name: str) -> None:
    counts = [sum(rule.is_judged for _, rule in criterion.rules()) for criterion in PACKS[name].criteria]
    assert set(counts) == {1}


@EACH
def test_names_of_rules_and_gates_are_unique(name: str) -> None:
    ids = [entry.id for entry in entries(PACKS[name])]
    assert len(ids) == len(set(ids)) == len(PACKS[name].tests)


def ends(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Every text that has to be a sentence or a question, with where it stands and how it has to end."""
    for level in pack.about.levels:
        yield f"level {level.level}", level.descriptor, "."
    yield "weights", pack.about.weights, "."
    for gate in pack.about.gates:
        yield f"{gate.id} question", gate.question, "?"
    for entry in entries(pack):
        yield from ((f"{entry.id} {field}", getattr(entry, field), ".") for field in ("claim", "why", "remedy"))
        if entry.predicate == "judged":
            yield f"{entry.id} question", entry.arguments["question"], "?"
    for criterion in pack.criteria:
        yield criterion.id, criterion.asks, "?"
        for found in criterion.considerations:
            yield f"{found.id} asks", found.asks, "?"
            yield f"{found.id} question", found.question, "?"


@EACH
def test_sentences_end_with_a_full_stop_and_questions_with_their_mark(name: str) -> None:
    found = list(ends(PACKS[name]))
    assert len(found) > 100
    assert [(where, text) for where, text, end in found if not text.endswith(end)] == []
    assert [(where, text) for where, text, _ in found if "  " in text or "\n" in text or not text[0].isupper()] == []


@EACH
def test_names_and_titles_are_no_sentences(name: str) -> None:
    pack = PACKS[name]
    titles = [pack.about.title, pack.about.source, *(criterion.title for criterion in pack.criteria)]
    assert [title for title in titles if title.endswith((".", "?"))] == []


def fields_of(part: object) -> Iterator[str]:
    """The name of every field of a bid, at whatever depth."""
    if isinstance(part, dict):
        yield from part
        for value in part.values():
            yield from fields_of(value)
    elif isinstance(part, list):
        for value in part:
            yield from fields_of(value)


FIELDS = set(fields_of(full_bid(lambda path: path)))


def is_path(quoted: str) -> bool:
    return leads_somewhere(quoted.replace("[]", ".*").split("."))


@EACH
def test_every_remedy_names_a_field_of_a_bid_and_nothing_that_is_none(name: str) -> None:
    assert {"measure", "support", "nhs_number"} <= FIELDS
    for entry in entries(PACKS[name]):
        quoted = re.findall(r"`([^`]*)`", entry.remedy)
        if entry.predicate != "page-limit":  # no field of a bid makes it shorter
            assert any(map(is_path, quoted)), entry.remedy
        assert [found for found in quoted if not is_path(found) and found not in FIELDS] == []


@EACH
def test_no_line_is_too_long_to_read(name: str) -> None:
    files = sorted((shipped_folder("criteria") / name).iterdir())
    lines = [(path.name, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 300
    assert [(file, line) for file, line in lines if len(line) > LONGEST_LINE or line != line.rstrip()] == []


@EACH
def test_the_exemplar_gets_a_verdict(name: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["check", "bids/exemplar.yaml", "--pack", name, "-q"]) in (0, 1)
    line = capsys.readouterr().out
    assert re.match(
        r"bids/exemplar.yaml( against [\w-]+)?: (meets-in-full|sift-in|later-cohort) \(submission\); \d", line
    )


# --- What `try_examples` finds ---------------------------------------------------------------------------------------

EXAMPLES = """\
vision-is-stated:
  met: [{vision: {statement: One team for everybody}}]
  unmet: [{vision: {statement: One team}}]
outcomes-have-measures:
  met: [{vision: {outcomes: [{outcome: Days at home, measure: Days}]}}]
  unmet: [{vision: {outcomes: [{outcome: Days at home}]}}]
prevention-is-described:
  met: [{whole_system: {prevention: Falls clinics}}]
  unmet: [{whole_system: {prevention: TBC}}]
care-is-personal:
  met: [{whole_system: {personalisation: A plan for each}}]
  unmet: [{title: Care is personal}]
lead-of-a-joint-bid-is-named:
  met: [{joint_application: true, lead: council, partners: [{id: council, organisation: The council}]}]
  unmet: [{joint_application: true}]
evaluation-is-promised:
  met: [{evidence: {evaluation: A university measures it all}}]
  unmet: [{evidence: {evaluation: n/a}}]
"""


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def tried(folder: Path, examples: str = EXAMPLES) -> Tried:
    (folder / "examples.yaml").write_text(examples, encoding="utf-8")
    pack = the_pack(str(folder))
    return try_examples(pack, load_examples(str(folder), pack))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small_pack(tmp_path / "small")


def test_a_pack_that_keeps_to_its_examples_has_no_faults(small: Path) -> None:
    assert tried(small) == Tried(7, 12, ())


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("statement: One team for everybody", "statement: One team",
         ["vision-is-stated: its met example 1 is not met: 2 words, where 3 would say something"]),
        ("met: [{whole_system: {prevention: Falls clinics}}]",
         "met: [{whole_system: {prevention: Falls clinics}}, {whole_system: {prevention: TBC}}]",
         ["prevention-is-described: its met example 2 is not met: nothing is stated"]),
        ("{evidence: {evaluation: n/a}}", "{evidence: {evaluation: Somebody counts}}",
         ["evaluation-is-promised: its unmet example 1 is met"]),
        ("unmet: [{joint_application: true}]", "unmet: [{joint_application: false}]",
         ["lead-of-a-joint-bid-is-named: its unmet example 1 leaves the rule without application"]),
        ("met: [{vision: {statement: One team for everybody}}]", "met: [{vision: {statment: One team for everybody}}]",
         ["vision-is-stated: its met example 1 is no valid bid at vision.statment"]),
        (EXAMPLES[EXAMPLES.index("care-is-personal") : EXAMPLES.index("lead-of")], "",
         ["care-is-personal: no examples"]),
        ("evaluation-is-promised:", "it-is-credible:\n  met: [{capability: {statement: Ours}}]\n"
         "  unmet: [{title: Ours}]\nevaluation-is-promised:",
         ["it-is-credible: its met example 1 is not met: the share is below 1"]),
    ],
    ids=["met", "second met", "unmet", "does not apply", "no valid bid", "missing", "judged"],
)  # fmt: skip
def test_a_wrong_example_is_found(small: Path, old: str, new: str, faults: list[str]) -> None:
    assert list(tried(small, changed(EXAMPLES, old, new)).faults) == faults


def test_a_rule_that_an_empty_bid_meets_is_found(small: Path) -> None:
    lines = "path: whole_system.personalisation\n        predicate: filled\n"
    nothing = "predicate: none-of\n        with: {tests: [{path: whole_system.statement, predicate: filled}]}\n"
    file = small / "c1.yaml"
    file.write_text(changed(file.read_text(encoding="utf-8"), lines, nothing), encoding="utf-8")
    examples = changed(EXAMPLES, "unmet: [{title: Care is personal}]", "unmet: [{whole_system: {statement: Ours}}]")
    assert list(tried(small, examples).faults) == ["care-is-personal: a bid that says nothing meets it"]


def test_what_may_be_met_is_no_unmet_example(small: Path) -> None:
    file = small / "c1.yaml"
    dated = "path: submission_date\n        predicate: no-later-than\n        with: {date: 2013-06-28}\n"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        changed(text, "path: whole_system.prevention\n        predicate: filled\n", dated), encoding="utf-8"
    )
    assert list(tried(small, changed(EXAMPLES, "whole_system: {prevention: Falls clinics}",
                                     "submission_date: 2013-06-28")).faults) == [
        "prevention-is-described: its unmet example 1 may be met: something is unknown"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("examples", "code", "line", "column", "message", "hint"),
    [
        (changed(EXAMPLES, "care-is-personal:", "care-is-personl:"), "unknown-id", 10, 1,
         'the pack has no rule "care-is-personl"', "did you mean `care-is-personal`?"),
        (changed(EXAMPLES, "evaluation-is-promised:", "x:"), "unknown-id", 16, 1, 'the pack has no rule "x"', ""),
        (changed(EXAMPLES, "  unmet: [{title: Care is personal}]\n", ""), "missing-key", 10, 1, "`unmet` is missing",
         "add a line `unmet: …` here"),
        (changed(EXAMPLES, "unmet: [{title: Care is personal}]", "unmet: []"), "empty-value", 12, 3,
         "this must not be empty", "write something here or delete the key"),
        ("[]\n", "not-a-mapping", 1, 1, "this must hold the names of rules, each with `met` and `unmet`", ""),
        ("", "empty-file", 1, 1, "the file is empty", "copy from a pack that ships with pioneer"),
        ("a: *b\n", "yaml-alias", 1, 4, "aliases such as *b are not allowed in a pack",
         'write the value out; if the * belongs to the text, put the text in "quotes"'),
    ],
)  # fmt: skip
def test_a_file_of_examples_that_cannot_be_read_says_where(
    small: Path, examples: str, code: str, line: int, column: int, message: str, hint: str
) -> None:
    (small / "examples.yaml").write_text(examples, encoding="utf-8")
    loaded = read_examples(str(small), the_pack(str(small)))
    assert has_errors(loaded.diagnostics)
    found = [(fault.code, fault.span.start.line, fault.span.start.column, fault.message, fault.hint)
             for fault in loaded.diagnostics]  # fmt: skip
    assert found == [(code, line, column, message, hint)]
    with pytest.raises(PioneerError, match=re.escape(f"examples.yaml:{line}:{column} {message}")):
        load_examples(str(small), the_pack(str(small)))


def test_every_fault_of_the_examples_comes_in_one_run(small: Path) -> None:
    (small / "examples.yaml").write_text("a: 1\nb: {met: [{}], unmet: [{}]}\n", encoding="utf-8")
    codes = [
        (fault.span.start.line, fault.code) for fault in read_examples(str(small), the_pack(str(small))).diagnostics
    ]
    assert codes == [(1, "unknown-id"), (1, "not-a-mapping"), (2, "unknown-id")]


@pytest.mark.parametrize("link", [False, True])
def test_a_pack_without_examples_of_its_own_says_so(small: Path, tmp_path: Path, link: bool) -> None:
    if link:
        (tmp_path / "outside.yaml").write_text(EXAMPLES, encoding="utf-8")
        (small / "examples.yaml").symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(PioneerError, match="the pack has no file") as caught:
        read_examples(str(small), the_pack(str(small)))
    assert caught.value.hint.startswith("write there what meets each rule")


# --- All of them -----------------------------------------------------------------------------------------------------


def test_the_five_packs_are_there() -> None:
    assert NAMES == [
        "integration-characteristics-2016",
        "integration-framework-2013",
        "integration-statement",
        "integration-transformation-fund-2014",
        "pioneers-2013",
    ]
