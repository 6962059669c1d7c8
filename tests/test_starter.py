"""The starter bid: every field of the models, valid as it stands, and valid once a writer fills in what it shows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_bids import check_one
from pydantic import BaseModel

import pioneer_cli
from pioneer_cli.bid import Bid
from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode
from pioneer_cli.pipeline import Request, Thresholds, exit_code, read_bid
from pioneer_cli.quantities import Count, Day, DayOrMonth, Money, Number, Scale, Year
from pioneer_cli.source import Source, parse
from pioneer_cli.starter import WIDTH, choices, inner_model, is_list, starter_bid

TEXT = starter_bid()
LINES = TEXT.splitlines()
GOOD: dict[Any, list[Any]] = {
    bool: [True, False],
    Count: [12, "12,000"],
    Day: ["2013-06-28"],
    DayOrMonth: ["2013-06-28", "2014-03"],
    Money: ["£1.2m", 450],
    Number: [0.5, 12],
    Scale: [1, 5],
    Year: [2012],
}
WORDS = ["E1", "council"]  # a text or an id


def fields(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every field of a model and of the models inside it."""
    for name, field in model.model_fields.items():
        yield (*path, name)
        inner = inner_model(field.annotation)
        if inner is not None:
            yield from fields(inner, (*path, name))


def lists(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Every list of entries, outside other lists, with the model of its entries."""
    for name, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        if inner is not None and is_list(field.annotation):
            yield (*path, name), inner
        elif inner is not None:
            yield from lists(inner, (*path, name))


LISTS = dict(lists(Bid))


def keys(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key in a file's data; the place in a list counts for nothing."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key)
            yield from keys(value, (*path, key))
    elif isinstance(node, list):
        for item in node:
            yield from keys(item, path)


def uncommented(chosen: set[tuple[str, ...]]) -> str:
    """The starter with the entries of some lists uncommented, as a writer does it: without the first `# ` of a line."""
    source, lines = parse(TEXT, "bid.yaml"), list(LINES)
    for path in chosen:
        line = source.key_span(path).start.line  # counted from 1, so this is the index of the line below
        indent = " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 2)
        while line < len(lines) and lines[line].startswith(f"{indent}# "):
            lines[line] = indent + lines[line].removeprefix(f"{indent}# ")
            line += 1
    return "\n".join(lines) + "\n"


def read_clean(text: str) -> Source:
    found = parse(text, "bid.yaml")
    assert found.diagnostics == ()
    return found


# --- As it stands ----------------------------------------------------------------------------------------------------


def test_it_holds_every_field_of_the_models():
    wanted = set(fields(Bid))
    assert len(wanted) >= 130
    assert set(keys(read_clean(uncommented(set(LISTS))).content)) == wanted


def test_every_list_of_entries_is_found():
    assert len(LISTS) >= 20
    assert {("partners",), ("commitment", "governance", "bodies"), ("capability", "funding", "sources")} <= LISTS.keys()


def test_fields_stand_in_the_order_of_the_models():
    assert list(read_clean(TEXT).content) == list(Bid.model_fields)
    outcome = read_clean(uncommented({("vision", "outcomes")})).content["vision"]["outcomes"][0]
    assert list(outcome) == list(LISTS["vision", "outcomes"].model_fields)


def test_it_is_valid_as_it_stands():
    found = read_bid(read_clean(TEXT))
    assert found.diagnostics == ()
    assert found.bid is not None
    assert (found.bid.call, found.bid.title, found.bid.area.name) == ("pioneers-2013", "Our bid", "Our area")


def test_it_states_nothing_that_a_rule_could_take_for_an_answer(tmp_path):
    (tmp_path / "bid.yaml").write_text(TEXT, encoding="utf-8")
    report = check_one(str(tmp_path / "bid.yaml"), Request(phase="draft"))
    assert report.assessment is not None
    assert report.assessment.high == 0
    assert exit_code(report, Thresholds(fail_on="warning")) is ExitCode.OK


def test_no_line_is_too_long_to_read():
    assert [line for line in LINES if len(line) > WIDTH] == []
    assert [line for line in LINES if line != line.rstrip()] == []


def test_every_closed_list_is_written_out_and_no_word_of_it_is_broken():
    text = " ".join(TEXT.replace("#", " ").split())
    found = {
        choice
        for model in {Bid, *models(Bid)}
        for field in model.model_fields.values()
        for choice in choices(field.annotation)
    }
    assert len(found) >= 100
    assert [choice for choice in found if not re.search(rf"(?<![\w-]){choice}(?![\w-])", text)] == []


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Every model inside a model."""
    for field in model.model_fields.values():
        inner = inner_model(field.annotation)
        if inner is not None:
            yield inner
            yield from models(inner)


def test_every_description_stands_there():
    text = " ".join(TEXT.replace("#", " ").split())
    for model in (Bid, *models(Bid)):
        for field in model.model_fields.values():
            assert field.description
            assert " ".join(field.description.split()).rstrip(".") in text


@pytest.mark.parametrize(
    ("key", "how"),
    [
        ("submission_date", "(such as 2013-06-28)"),
        ("joint_application", "(true or false)"),
        ("nhs_number", "(true or false)"),
        ("support", "One of: none, planned, in-principle, agreed."),
        ("benefits", "Any of: individuals, families, carers, communities."),
    ],
)
def test_beside_or_above_a_key_stands_how_to_write_its_value(key, how):
    number = next(index for index, line in enumerate(LINES) if re.search(rf"\b{key}:", line))
    assert how in LINES[number] + LINES[number - 1]


# --- Once it is filled in --------------------------------------------------------------------------------------------


def value(draw: st.DrawFn, annotation: Any) -> Any:
    """A value that fits a plain field."""
    options = [option for option in get_args(annotation) or (annotation,) if option is not type(None)]
    words = choices(annotation)
    if is_list(annotation):
        return draw(st.lists(st.sampled_from(words or WORDS), min_size=1, max_size=3, unique=True))
    if words:
        return draw(st.sampled_from(words))
    return draw(st.sampled_from(GOOD[annotation] if annotation in GOOD else GOOD.get(options[0], WORDS)))


def fill(draw: st.DrawFn, entry: dict[str, Any], model: type[BaseModel]) -> None:
    """Gives a value to every key of an entry."""
    assert list(entry) == list(model.model_fields)
    for name, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        if inner is None:
            assert entry[name] is None
            entry[name] = value(draw, field.annotation)
        else:
            fill(draw, entry[name][0] if is_list(field.annotation) else entry[name], inner)


@st.composite
def filled_bids(draw: st.DrawFn) -> tuple[set[tuple[str, ...]], dict[str, Any]]:
    """The lists whose entries were uncommented and filled, and the bid's data."""
    chosen = draw(st.sets(st.sampled_from(sorted(LISTS)), min_size=1))
    content: Any = read_clean(uncommented(chosen)).content
    for path in chosen:
        part = content
        for step in path:
            part = part[step]
        (entry,) = part
        fill(draw, entry, LISTS[path])
    return chosen, content


def without_empty(node: Any) -> Any:
    """The data as a check reads it: a key with nothing after it is left out."""
    if isinstance(node, dict):
        return {key: without_empty(item) for key, item in node.items() if item is not None}
    return [without_empty(item) for item in node] if isinstance(node, list) else node


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(filled_bids())
def test_every_entry_is_valid_once_uncommented_and_filled(bid):
    chosen, content = bid
    read = Bid.model_validate(without_empty(content))
    for path in chosen:
        part: Any = read
        for step in path:
            part = getattr(part, step)
        assert len(part) == 1


@pytest.mark.parametrize("path", sorted(LISTS), ids=".".join)
def test_an_entry_uncommented_and_left_empty_is_told_of_and_never_a_traceback(path):
    found = read_bid(read_clean(uncommented({path})))
    assert found.bid is None
    assert {fault.code for fault in found.diagnostics} == {"missing-key"}


# --- As it is written ------------------------------------------------------------------------------------------------


def test_new_writes_the_bid_and_the_schema_that_its_first_line_names(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "bid.yaml"]) == ExitCode.OK
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bid.schema.json", "bid.yaml"]
    assert Path("bid.yaml").read_text(encoding="utf-8") == TEXT
    assert LINES[0] == "# yaml-language-server: $schema=bid.schema.json"
    shipped = Path(pioneer_cli.__file__).with_name("bid.schema.json")
    assert Path("bid.schema.json").read_bytes() == shipped.read_bytes()
    assert run(["check", "bid.yaml", "--phase", "draft"]) == ExitCode.OK
    assert capsys.readouterr().out.splitlines()[-1].startswith("bid.yaml: later-cohort (draft); 0.0 of 100")


def test_new_in_a_folder_puts_the_schema_beside_the_bid(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("drafts").mkdir()
    assert run(["new", "drafts/bid.yml"]) == ExitCode.OK
    assert sorted(path.as_posix() for path in Path().rglob("*.*")) == ["drafts/bid.schema.json", "drafts/bid.yml"]
    assert capsys.readouterr().out == ""
