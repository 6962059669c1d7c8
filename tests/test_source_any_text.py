"""Whatever a file holds, reading it gives a source or diagnostics inside it; and the same with and without libyaml."""

from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pioneer_cli import source
from pioneer_cli.diagnostics import has_errors
from pioneer_cli.source import Source, parse, parse_bytes

BIDS = Path(__file__).parent.parent / "bids"
REPEATABLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
VALID = """\
call: pioneers-2013
title: "Care: together"
area:
  name: Nowhere  # invented
  population: 167,400
partners:
  - id: council
    organisation: Nowhere Council
    support: agreed
  - {id: ccg, organisation: 'Nowhere CCG', date: 2013-06}
vision:
  statement: >-
    People – all of them – get
    the care they need.

    Always.
  outcomes:
    - outcome: Fewer falls
      baseline: {value: 14.2, date: 2012-03-31}
capability:
  risks:
    - risk: |
        Money #1
      likelihood: 3
"""
SNIPPETS = st.sampled_from(
    [
        *"\n\r\t :-#\"'[]{}>|*&!%@`,?~.0é😀\x00\x85\u00a0\u200b\u2028\ufeff\ud800",
        *(
            "\n  ",
            "  - ",
            "key: ",
            "a: b\n",
            "--- ",
            "\n...\n",
            ">-\n  ",
            " #x",
            "<<: ",
            "*a",
            "&a ",
            "!!str ",
            '"\\0"',
        ),
    ]
)


@st.composite
def mutated(draw, text=VALID, snippets=SNIPPETS):
    """The text with a few pieces cut out and a few snippets put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(snippets) + text[start + draw(st.integers(0, 6)) :]
    return text


ANY_TEXT = st.one_of(st.text(), st.lists(SNIPPETS).map("".join), mutated())


def ends_of_lines(found: Source) -> list[int]:
    """For each line the column just after its last character."""
    return [len(line) + 1 for line in source.split_lines(found.text)]


@settings(REPEATABLE, max_examples=600)
@given(ANY_TEXT)
def test_any_text_gives_a_source_and_places_inside_it(text):
    found = parse(text, "bid.yaml")
    ends = ends_of_lines(found)
    for fault in found.diagnostics:
        start, end = fault.span.start, fault.span.end
        assert 1 <= start.line <= end.line <= len(ends)
        assert 1 <= start.column <= ends[start.line - 1]
        assert start <= end
        assert 1 <= end.column <= ends[end.line - 1] + 1
    assert list(found.diagnostics) == sorted(found.diagnostics)
    assert len(set(found.diagnostics)) == len(found.diagnostics)
    assert found.content is not None or has_errors(found.diagnostics)


@settings(REPEATABLE, max_examples=200)
@given(st.binary() | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_source(content):
    found = parse_bytes(content, "bid.yaml")
    ends = ends_of_lines(found)
    assert all(fault.span.start.column <= ends[fault.span.start.line - 1] for fault in found.diagnostics)


# --- Without libyaml -------------------------------------------------------------------------------------------------


def as_read(text: str, loader: type, monkeypatch) -> tuple[object, ...]:
    monkeypatch.setattr(source, "_LOADER", loader)
    found = parse(text, "bid.yaml")
    places = {path: (found.key_span(path), found.value_span(path)) for path in found._values}
    return found.content, places, found.refused, found.diagnostics


def test_libyaml_is_used_where_it_is_there():
    assert yaml.__with_libyaml__
    assert source._LOADER is yaml.CSafeLoader


def test_every_bid_reads_the_same_without_libyaml(monkeypatch):
    paths = sorted(BIDS.rglob("*.yaml"))
    assert len(paths) >= 2
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert as_read(text, yaml.CSafeLoader, monkeypatch) == as_read(text, yaml.SafeLoader, monkeypatch)


LEAVES = (
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text("ab é😀:#-'\"[]{}*&!|>%@`?,.\n", max_size=12)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abé:# ", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(REPEATABLE, max_examples=150)
@given(data=TREES, flow=st.sampled_from([None, True, False]), width=st.sampled_from([20, 80]), end=st.booleans())
def test_any_data_reads_the_same_without_libyaml(data, flow, width, end, monkeypatch):
    text = yaml.safe_dump(data, default_flow_style=flow, width=width, allow_unicode=True)
    text = text if end else text.rstrip("\n")
    with_libyaml = as_read(text, yaml.CSafeLoader, monkeypatch)
    assert with_libyaml == as_read(text, yaml.SafeLoader, monkeypatch)
    assert with_libyaml[0] == data


@settings(REPEATABLE, max_examples=200)
@given(text=mutated(snippets=st.sampled_from([*"\n :-'\"é😀,", " #", "\n  ", "  - ", "key: ", "a: b\n", ">-\n  "])))
def test_whatever_libyaml_accepts_reads_the_same_without_it(text, monkeypatch):
    """But for tabs inside a plain text, and for `>#`: libyaml takes both, PyYAML's own parser refuses them."""
    with_libyaml = as_read(text, yaml.CSafeLoader, monkeypatch)
    if with_libyaml[0] is not None:
        assert with_libyaml == as_read(text, yaml.SafeLoader, monkeypatch)
