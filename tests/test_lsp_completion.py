"""Completion: what is suggested where, from texts with the cursor written as a bar; half-written files above all."""

from pathlib import Path

import pytest

from pioneer_cli.diagnostics import Position
from pioneer_cli.load_pack import load_pack
from pioneer_cli.lsp.completion import Suggestion, suggestions
from pioneer_cli.lsp.fields import field_at, fields_in
from pioneer_cli.lsp.outline import entries
from pioneer_cli.lsp.references import REFERENCES
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import parse, split_lines

PACK = load_pack("pioneers-2013").pack


def suggest(text: str, content: object = None) -> list[Suggestion]:
    """The suggestions where the bar stands."""
    before, after = text.split("|")
    lines = split_lines(before)
    return suggestions(before + after, Position(len(lines), len(lines[-1]) + 1), content, PACK, "submission")


def labels(text: str, content: object = None) -> list[str]:
    return [found.label for found in suggest(text, content)]


def accepted(text: str, label: str) -> str:
    """The text after a suggestion was taken, with a bar where typing goes on; as an editor that adjusts indentation."""
    (found,) = [found for found in suggest(text) if found.label == label]
    before, after = text.split("|")
    lines = split_lines(before + after)
    number = before.count("\n")
    line = lines[number]
    leading = line[: len(line) - len(line.lstrip(" "))]
    lines[number] = line[: found.start - 1] + found.snippet.replace("\n", f"\n{leading}") + line[found.end - 1 :]
    return "\n".join(lines)


# --- Keys ---


def test_the_keys_of_the_top_are_those_that_are_not_there_yet() -> None:
    found = labels("call: pioneers-2013\ntitle: One\n|\nvision:\n  statement: x\n")
    assert found[:2] == ["area", "summary"]
    assert not {"call", "title", "vision"} & set(found)


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("vision:\n  |", {"statement", "outcomes"}, {"title", "measure"}),
        ("vision:\n  statement: x\n  out|\n", {"outcomes"}, {"statement"}),
        ("vision:\n  outcomes:\n    - outcome: x\n      |", {"measure", "baseline"}, {"outcome"}),
        ("vision:\n  outcomes:\n    - outcome: x\n    - |", {"outcome", "measure"}, set()),
        ("vision:\n  outcomes:\n  - outcome: x\n    |", {"measure"}, {"outcome"}),
        ("vision:\n  outcomes:\n    - outcome: x\n      baseline:\n        |", {"value", "date"}, {"unit"}),
        ("partners:\n  - id: a\n    organisation: A\nvi|", {"vision"}, {"partners", "kind"}),
        ("vision:\n  statement: >-\n    A long text\n    over lines\n  |", {"narrative"}, {"statement"}),
        ("ti|tle: x\n", {"title"}, set()),
    ],
)
def test_keys_are_those_of_the_part_that_the_cursor_stands_in(text: str, some: set[str], none: set[str]) -> None:
    found = set(labels(text))
    assert some <= found
    assert not none & found


@pytest.mark.parametrize(
    "text",
    [
        "vision:\n  statement: >-\n    We wr|",
        "vision:\n  statement: >-\n    We write\n\n    |",
        "vision:\n  statement: One team |",
        "vision:\n  statement: One team\n    and m|",
        "# a com|",
        "vision:\n  statement: 'quo|",
        "nonsense:\n  |",
    ],
)
def test_nothing_is_suggested_inside_a_text(text: str) -> None:
    assert labels(text) == []


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("ti|", "title", "title: $1"),
        ("vision:\n  st|", "statement", "vision:\n  statement: $1"),
        ("ar|", "area", "area:\n  name: $1"),
        ("vision:\n  out|", "outcomes", "vision:\n  outcomes:\n    - outcome: $1"),
        ("par|", "partners", "partners:\n  - id: $1\n    organisation: $2"),
        ("vision:\n  outcomes:\n    - base|", "baseline", "vision:\n  outcomes:\n    - baseline:\n        $1"),
        ("vision:\n  narrative:\n    dom|", "domains", "vision:\n  narrative:\n    domains:\n      - $1"),
        ("partners:\n  |", "-", "partners:\n  - id: $1\n    organisation: $2"),
        ("ti|tle: x", "title", "title: x"),
        ("tit|el", "title", "title: $1"),
    ],
)
def test_a_key_that_is_taken_brings_what_belongs_behind_it(text: str, label: str, expected: str) -> None:
    assert accepted(text, label) == expected


def test_what_a_key_brings_is_yaml_that_fits_the_models() -> None:
    text = accepted("par|", "partners").replace("$1", "a").replace("$2", "A")
    assert parse(text, "bid.yaml").content == {"partners": [{"id": "a", "organisation": "A"}]}


def test_editors_without_snippets_get_the_same_text_without_marks() -> None:
    (found,) = [found for found in suggest("par|") if found.label == "partners"]
    assert found.text == "partners:\n  - id: \n    organisation: "


def test_a_suggestion_says_what_the_field_is_for() -> None:
    (found,) = [found for found in suggest("ti|") if found.label == "title"]
    assert (found.detail, found.about) == ("text, mandatory", "The bid's title.")


# --- Values ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joint_application: |", ["true", "false"]),
        ("area:\n  footprint: c|", ["ccg", "council", "larger"]),
        ("area: {name: x}\npartners:\n  - id: a\n    support: |", ["none", "planned", "in-principle", "agreed"]),
        ("call: |", shipped_names("criteria")),
        ("vision:\n  outcomes:\n    - benefits: [individuals, |]", ["families", "carers", "communities"]),
        ("vision:\n  outcomes:\n    - benefits: [fam|, carers]", ["individuals", "families", "communities"]),
        ("vision:\n  outcomes:\n    - benefits:\n        - |", ["individuals", "families", "carers", "communities"]),
        ("vision:\n  statement: |", []),
        ("vision:\n  outcomes:\n    - benefits: [carers]|", []),
    ],
)
def test_the_words_of_closed_lists(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


BID = """\
lead: |
partners:
  - id: council
    organisation: The Council
  - id: ccg
    organisation: The CCG
vision:
  outcomes:
    - outcome: x
      evidence: [E1, ]
evidence:
  sources:
    - id: E1
      citation: A study
    - id: E2
      citation: Another
"""


def test_the_ids_of_partners_and_of_sources_with_what_they_are() -> None:
    assert [(found.label, found.detail) for found in suggest(BID)] == [("council", "The Council"), ("ccg", "The CCG")]
    cited = BID.replace("|", "").replace("[E1, ]", "[E1, |]")
    assert [(found.label, found.detail) for found in suggest(cited)] == [("E2", "Another")]
    below = BID.replace("|", "").replace("evidence: [E1, ]", "evidence:\n        - |")
    assert [found.label for found in suggest(below)] == ["E1", "E2"]


def test_sources_can_be_cited_in_a_text() -> None:
    text = BID.replace("|", "").replace("outcome: x", "outcome: Fewer falls [E|")
    assert labels(text) == ["E1", "E2"]
    assert labels(BID.replace("|", "").replace("outcome: x", "outcome: Fewer falls E|")) == []


def test_ids_are_those_of_the_file_as_it_could_last_be_read() -> None:
    content = {"partners": [{"id": "old", "organisation": "Old"}, {"id": 7}, "x"]}
    assert labels("lead: |", content) == ["old"]


@pytest.mark.parametrize(
    "comment", ["# pioneer: ignore[|", "title: x  # pioneer: ignore[out|]", "  # pioneer: ignore[|]"]
)
def test_rules_that_a_comment_may_ignore(comment: str) -> None:
    found = labels(f"call: pioneers-2013\n{comment}")
    assert {"outcomes-have-baselines", "over-budget"} <= set(found)
    assert "page-limit" not in found
    assert labels(f"call: pioneers-2013\n{comment.replace('ignore', 'adore')}") == []


# --- The outline and the fields ---


def test_the_outline_finds_every_key_that_the_reader_finds() -> None:
    text = (Path(__file__).parent.parent / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
    source = parse(text, "exemplar.yaml")
    found = {entry.path: entry.line for entry in entries(split_lines(text))}
    assert len(found) > 500
    assert {path: source.key_span(path).start.line for path in found} == found
    assert {path[:-1] for path in found if isinstance(path[-1], str)} >= {("vision", "outcomes", 3, "baseline")}


def test_every_reference_is_a_field_of_a_bid() -> None:
    assert REFERENCES
    for path, root in REFERENCES.items():
        assert field_at(path) is not None, path
        assert {"id"} <= {field.name for field in fields_in(root)}, root


def test_a_field_that_no_bid_has() -> None:
    assert field_at(("vision", "nothing")) is None
    assert field_at(()) is None
    assert fields_in(("title",)) == ()
    assert fields_in(("nothing",)) == ()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (("title",), "text"),
        (("lead",), "an id"),
        (("submission_date",), "a day, such as 2014-03-31"),
        (("partners", 0, "date"), "a day or a month, such as 2014-03-31 or 2014-03"),
        (("joint_application",), "true or false"),
        (("capability", "risks", 2, "impact"), "a whole number from 1 to 5"),
        (("capability", "funding", "total"), "a number"),
        (("area",), "keys with values"),
        (("partners",), "a list; each item keys with values"),
        (("vision", "narrative", "domains"), "a list; each item one of a closed list"),
    ],
)
def test_the_form_of_a_field_in_words(path: tuple[str | int, ...], form: str) -> None:
    found = field_at(path)
    assert found is not None
    assert found.form == form
