"""Hovering, going to a definition and quick fixes, each on texts with the place written as a bar."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pioneer_cli.diagnostics import Position, Span
from pioneer_cli.explanation import Line
from pioneer_cli.lsp.checking import Looked, look_at
from pioneer_cli.lsp.completion import suggestions
from pioneer_cli.lsp.diagnostics import marked
from pioneer_cli.lsp.hover import MOST_TOLD, hover
from pioneer_cli.lsp.markup import as_markdown, as_text
from pioneer_cli.lsp.quick_fixes import Fix, fixes
from pioneer_cli.lsp.references import definition
from pioneer_cli.lsp.settings import Settings
from pioneer_cli.source import line_starts, split_lines

BID = """\
call: pioneers-2013
title: A bid
area:
  name: Somewhere
lead: council
partners:
  - id: council
    organisation: The Council
vision:
  statement: >-
    People tell their story once, as
    a local study found [E1], not [E9].
  outcomes:
    - outcome: Fewer falls
      evidence: [E1, E2]
evidence:
  sources:
    - id: E1
      citation: A study of falls
  provider_impact:
    - provider: The Council
"""

BIDS = Path(__file__).parent.parent / "bids"
LISTS = {"bullet_list_open", "list_item_open", "list_item_close", "bullet_list_close"}  # of `- ` alone


def looked_at(text: str) -> tuple[Looked, Position]:
    """The text without its bar, judged, and the place of the bar."""
    before, after = text.split("|")
    lines = split_lines(before)
    return look_at(before + after, "bid.yaml", Settings()), Position(len(lines), len(lines[-1]) + 1)


def at(marked_piece: str) -> str:
    """The bid with a bar in one of its pieces."""
    piece = marked_piece.replace("|", "")
    assert BID.count(piece) == 1, piece
    return BID.replace(piece, marked_piece)


def hovered(text: str) -> str:
    looked, place = looked_at(text)
    found = hover(looked.source, looked.pack, marked(looked.report), place)
    return as_text(found.blocks) if found else ""


# --- Hovering ---


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("ti|tle: A bid", "title (mandatory; text)\nThe bid's title."),
        ("outc|omes:", "a list; each item keys with values"),
        ("vis|ion:", "C1 "),
        ("- id: council\n    organ|isation", "organisation (mandatory; text)"),
        ("lead: cou|ncil", "council: The Council"),
        ("[E|1, E2]", "E1: A study of falls"),
        ("call: pion|eers-2013", "C6 A robust understanding of the evidence (15 of 100)"),
        ("- out|come: Fewer falls", "- outcomes-cite-frameworks: nothing is stated. "),
        ("evidence: [E1, E|2]", "cited-evidence-is-listed, a rule under C6a\nEvery source that "),
    ],
)
def test_what_is_said_of_a_place(piece: str, said: str) -> None:
    assert said in hovered(at(piece))


def test_a_field_names_its_closed_list_and_what_it_answers() -> None:
    said = hovered(
        at("- outcome: Fewer falls").replace("|", "").replace("- outcome:", "- bene|fits: [carers]\n      outcome:")
    )
    assert "One of: individuals, families, carers, communities." in said
    assert "Answers C1" in said


@pytest.mark.parametrize("piece", ["title: A b|id", "- outcome: Few|er falls"])
def test_nothing_is_said_of_a_text_where_nothing_is_marked(piece: str) -> None:
    assert hovered(at(piece)) == ""


def test_of_much_that_falls_short_the_worst_is_told_in_a_line_each() -> None:
    said = hovered("|call: pioneers-2013\ntitle: x\narea: {name: x}\n")
    assert said.startswith("call (mandatory")
    _, told = said.split("\n\nFalls short:\n")
    *worst, rest = told.split("\n")
    assert len(worst) == MOST_TOLD
    assert worst[0].startswith("- eligible-applicants: ")
    assert {line[:2] for line in worst} == {"- "}
    assert rest.startswith("and ")
    assert rest.endswith(" more, which `pioneer check` lists")


@pytest.mark.parametrize("bid", ["", *sorted(path.name for path in BIDS.glob("*.yaml"))])
def test_nothing_that_is_said_is_a_wall(bid: str) -> None:
    looked = look_at((BIDS / bid).read_text(encoding="utf-8") if bid else BID, "bid.yaml", Settings())
    marks = marked(looked.report)
    places = {mark.span.start for mark in marks} | {Position(line, 3) for line in range(1, 300)}
    found = [hover(looked.source, looked.pack, marks, place) for place in places]
    said = [as_text(one.blocks).split("\n") for one in found if one]
    assert len(said) > 10
    assert max(sum(-(-len(line) // 78) or 1 for line in lines) for lines in said) <= 32


def test_the_mark_of_a_single_rule_is_explained_also_on_a_key() -> None:
    looked = look_at((BIDS / "north-lincolnshire.yaml").read_text(encoding="utf-8"), "bid.yaml", Settings())
    marks = marked(looked.report)
    alone = 0
    for mark in marks:
        place = mark.span.start
        codes = {other.code for other in marks if other.span.start <= place <= other.span.end}
        found = hover(looked.source, looked.pack, marks, place)
        assert found is not None
        explained = f"{mark.code}, a " in as_text(found.blocks)
        assert explained is (len(codes) == 1)
        alone += explained
    assert alone > 5


def test_a_rule_that_a_comment_names_is_explained() -> None:
    text = BID.replace(
        "    - outcome:", "    # pioneer: ignore[outcomes-have-base|lines] -- no figures\n    - outcome:"
    )
    assert hovered(text).startswith("outcomes-have-baselines, a rule under ")
    assert hovered(text.replace("lines]", "line]")) == ""


def test_as_markdown_headings_and_labels_are_strong_and_lists_are_lists() -> None:
    blocks = [
        [Line("vision (text)"), Line("C1: the `vision`."), Line("- one*"), Line("- two")],
        [Line("what it _is_", "Why it matters")],
    ]
    assert as_markdown(blocks) == (
        "**vision (text)**  \nC1: the `vision`.\n\n- one\\*\n- two\n\n**Why it matters:** what it \\_is\\_"
    )


MARKUP = st.text(st.sampled_from("ab 1.)#+-=*_`~[](){}<>!&|$@:/\\\"'wé\u202e"), max_size=30).map(str.strip)


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKUP.filter(bool), min_size=1, max_size=4))
def test_no_text_becomes_markup(texts: list[str]) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(as_markdown([[Line(t)] for t in texts]))
    inline = [child.type for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"} | LISTS
    assert set(inline) <= {"text", "text_special", "code_inline"}


def test_what_a_bid_says_of_a_source_moves_nothing_and_leads_nowhere() -> None:
    text = BID.replace("citation: A study of falls", 'citation: "<b>[x](http://example.org)"')
    looked, place = looked_at(text.replace("[E1, E2]", "[E|1, E2]"))
    found = hover(looked.source, looked.pack, [], place)
    assert found is not None
    assert as_text(found.blocks) == r"E1: <b>[x](http://example.org)"
    assert as_markdown(found.blocks) == r"E1: \<b\>\[x\](http\://example.org)"


def test_keys_of_a_broken_file_are_still_told_as_far_as_it_can_be_read() -> None:
    assert "The bid's title." in hovered("call: pioneers-2013\nti|tle: x\narea: [\n")
    assert hovered("call: pioneers-2013\ntitle: x\nar|ea: [\n") in (
        "",
        hovered("call: x\ntitle: x\nar|ea:\n  name: x\n"),
    )


# --- Definitions ---


@pytest.mark.parametrize(
    ("piece", "path"),
    [
        ("lead: cou|ncil", ("partners", 0)),
        ("lead: |council", ("partners", 0)),
        ("[E|1, E2]", ("evidence", "sources", 0)),
        ("found [E|1], not", ("evidence", "sources", 0)),
        ("provider: The C|ouncil", ("partners", 0)),
        ("[E1, E|2]", None),
        ("not [E|9]", None),
        ("le|ad: council", None),
        ("title: A |bid", None),
    ],
)
def test_where_a_reference_leads(piece: str, path: tuple[str | int, ...] | None) -> None:
    looked, place = looked_at(at(piece))
    found = definition(looked.source, place)
    assert (found[0] if found else None) == path


def test_in_a_broken_file_a_reference_leads_nowhere() -> None:
    looked, place = looked_at("call: pioneers-2013\nlead: coun|cil\npartners: [\n")
    assert looked.source.content is None
    assert definition(looked.source, place) is None


# --- Quick fixes ---


def offered(text: str) -> list[Fix]:
    looked, place = looked_at(text)
    report = looked.report
    here = Span(place, place)
    return fixes(looked.source, report.diagnostics, marked(report), looked.pack, "submission", here)


def made(text: str, title: str) -> str:
    """The text after the fix of a title."""
    (fix,) = [fix for fix in offered(text) if fix.title == title]
    text = text.replace("|", "")
    starts = [*line_starts(text), len(text)]
    begin, end = (starts[place.line - 1] + place.column - 1 for place in (fix.span.start, fix.span.end))
    return text[:begin] + fix.new + text[end:]


TOP = "call: pioneers-2013\ntitle: x\narea: {name: x}\n"


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("call: pioneers-2013\ntit|el: x\n", "Change to title", "call: pioneers-2013\ntitle: x\n"),
        (f'{TOP}"vis|on": {{}}\n', "Change to vision", f'{TOP}"vision": {{}}\n'),
        (f"{TOP}submission_date: 27 Ju|ne 2013\n", "Change to 2013-06-27", f"{TOP}submission_date: 2013-06-27\n"),
        ("call: pioners-201|3\ntitle: x\narea: {name: x}\n", "Change to pioneers-2013", TOP),
        (
            f"{TOP}partners:\n  - id: a\n    organisation: A\n    kind: coun|cill\n",
            "Change to council",
            f"{TOP}partners:\n  - id: a\n    organisation: A\n    kind: council\n",
        ),
        ("# A bid\nca|ll: x\narea: {name: x}\n", "Add the key title", "# A bid\ntitle: \ncall: x\narea: {name: x}\n"),
        (
            f"{TOP}partners:\n  - organ|isation: A\n    role: x\n",
            "Add the key id",
            f"{TOP}partners:\n  - id: \n    organisation: A\n    role: x\n",
        ),
        (
            "call: x\ntitle: x\nare|a:\n  population: 7\n",
            "Add the key name",
            "call: x\ntitle: x\narea:\n  name: \n  population: 7\n",
        ),
        (
            "call: x\ntitle: x\nare|a: {population: 7}\n",
            "Add the key name",
            "call: x\ntitle: x\narea: {name: , population: 7}\n",
        ),
        (f"{TOP}# pioneer: ignore[invisible-|character] -- x\n", "Remove the comment", TOP),
        (
            TOP.replace("title: x", "title: x  # pioneer: ignore[invisible-|character] -- x"),
            "Remove the comment",
            TOP,
        ),
    ],
)
def test_a_fix_makes_the_change_that_its_title_promises(text: str, title: str, expected: str) -> None:
    assert made(text, title) == expected


def test_a_finding_can_be_ignored_above_the_line_of_its_key_and_wants_a_reason() -> None:
    ignored = made(at("- outcome: Few|er falls"), "Ignore outcomes-have-baselines here, and say why")
    line = "    # pioneer: ignore[outcomes-have-baselines] -- \n    - outcome: Fewer falls"
    assert line in ignored
    assert "ignore-without-reason" in codes(ignored)
    reasoned = ignored.replace("-- \n", "-- counted from May\n")
    assert not codes(reasoned) & {"ignore-without-reason", "unused-ignore", "ignore-malformed"}
    assert codes(at("- outcome: Few|er falls").replace("|", "")) - codes(reasoned) == {"outcomes-have-baselines"}


def codes(text: str) -> set[str]:
    return {mark.code for mark in marked(look_at(text, "bid.yaml", Settings()).report)}


def test_a_comment_never_lands_inside_a_text() -> None:
    text = at("People tell their st|ory once")
    ignoring = [fix for fix in offered(text) if fix.title.startswith("Ignore ")]
    lines = split_lines(BID)
    assert all(lines[fix.span.start.line - 1].startswith(("  statement:", "vision:")) for fix in ignoring)


def test_what_rests_on_the_call_cannot_be_ignored() -> None:
    looked, _ = looked_at(at("cal|l: pioneers-2013"))
    marks = marked(looked.report)
    titles = [fix.title for fix in offered(at("cal|l: pioneers-2013"))]
    here = {mark.code for mark in marks if mark.span.start.line == 1}
    assert here
    assert any(f"Ignore {code} here, and say why" not in titles for code in here)
    assert not any("page-limit" in title for title in titles)


def test_nothing_is_offered_where_nothing_is_wrong() -> None:
    assert offered(at("tit|le: A bid")) == []


# --- Whatever is typed ---

TYPED = st.sampled_from(
    ["", "\n", ": ", "- ", "[", "{", "}", "'", '"', "#", "\t", "é𝔸", "\r", "# pioneer: ignore[", "&a *a"]
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(BID)), st.integers(0, 12), TYPED, st.integers(0, len(BID)))
def test_every_question_about_every_half_written_text_has_an_answer(
    begin: int, length: int, typed: str, cursor: int
) -> None:
    text = BID[:begin] + typed + BID[begin + length :]
    lines = split_lines(text[:cursor])
    place = Position(len(lines), len(lines[-1]) + 1)
    looked = look_at(text, "bid.yaml", Settings())
    marks = marked(looked.report)
    assert all(1 <= mark.span.start.line <= len(split_lines(text)) for mark in marks)
    hover(looked.source, looked.pack, marks, place)
    definition(looked.source, place)
    for fix in fixes(looked.source, looked.report.diagnostics, marks, looked.pack, "submission", Span(place, place)):
        assert fix.title
    for found in suggestions(text, place, looked.source.content, looked.pack, "submission"):
        assert 1 <= found.start <= found.end <= len(looked.source.line(place.line)) + 1
