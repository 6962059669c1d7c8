"""The real `pioneer lsp`, driven by a headless editor: every feature, both ways to count columns, and every ending."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lsp_client import CAN, PATIENCE, ROOT, Editor, InnerEditor, Message

from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode
from pioneer_cli.lsp import server
from pioneer_cli.lsp.checking import look_at
from pioneer_cli.lsp.diagnostics import marked
from pioneer_cli.lsp.positions import to_units, units
from pioneer_cli.lsp.settings import Settings
from pioneer_cli.source import split_lines

EXEMPLAR = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
BID = """\
call: pioneers-2013
title: Égalité for all
area: {name: Somewhere}
lead: council
partners:
  - id: council
    organisation: The Council
    kind: coun
vision:
  statement: Nobody falls [E1]
  outcomes:
    - outcome: Fewer falls among people over 80 at home
evidence:
  sources:
    - id: E1
      citation: A study
"""
LONGER = EXEMPLAR.replace(
    "  statement: |\n", f"  statement: |\n    {'One more sentence of this length. ' * 160}\n\n", 1
)
NUMBERS = count(1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One conversation for all tests that only open documents of their own."""
    editor = Editor(tmp_path_factory.mktemp("workspace"))
    yield editor.initialize()
    try:
        assert editor.end() == 0
        assert editor.noise == b""
        assert editor.errors == b""
    finally:
        editor.kill()


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    """A conversation of a test's own, which has not begun yet, with a server in this process."""
    editor = InnerEditor(tmp_path)
    yield editor
    editor.kill()


@pytest.fixture
def outer(tmp_path: Path) -> Iterator[Editor]:
    """The same with a process of its own."""
    editor = Editor(tmp_path)
    yield editor
    editor.kill()


def new_uri() -> str:
    return f"file:///work/{next(NUMBERS)}/bid.yaml"


def opened(editor: Editor, text: str) -> str:
    uri = new_uri()
    editor.open(uri, text)
    return uri


def place(text: str, piece: str, skip: int = 0) -> tuple[int, int]:
    """Line and UTF-16 column, from 0, just after the first so many characters of a piece of the text."""
    assert text.count(piece) == 1, piece
    above = text[: text.index(piece) + skip].split("\n")
    return len(above) - 1, len(above[-1].encode("utf-16-le")) // 2


def replace(text: str, piece: str, new: str) -> Message:
    """The change of one piece of the text, as an editor sends it."""
    start, end = place(text, piece), place(text, piece, len(piece))
    places = ({"line": line, "character": character} for line, character in (start, end))
    return {"range": dict(zip(("start", "end"), places, strict=True)), "text": new}


def codes(diagnostics: list[Message]) -> set[str]:
    return {found["code"] for found in diagnostics}


def the(diagnostics: list[Message], code: str) -> Message:
    (found,) = [found for found in diagnostics if found["code"] == code]
    return found


def ranged(found: Message) -> tuple[int, int, int, int]:
    start, end = found["range"]["start"], found["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]


# --- Diagnostics ---


def test_a_fault_is_marked_where_it_stands(shared: Editor) -> None:
    uri = opened(shared, BID)
    found = the(shared.diagnostics(uri), "not-in-list")
    assert ranged(found) == (7, 10, 7, 14)
    assert (found["severity"], found["source"]) == (1, "pioneer")
    assert found["message"].endswith("did you mean `council`?")
    assert "codeDescription" not in found
    assert "tags" not in found


def test_a_bid_without_faults_has_its_findings_marked_and_the_exemplar_none(shared: Editor) -> None:
    uri = opened(shared, BID.replace("coun\n", "council\n"))
    found = [one for one in shared.diagnostics(uri) if one["code"] == "outcomes-have-baselines"]
    assert [ranged(one) for one in found] == [(11, 6, 11, 13)]
    assert found[0]["severity"] == 2
    assert shared.settled(opened(shared, EXEMPLAR)) == []


def test_the_first_of_two_equal_keys_is_told_with_the_second(shared: Editor) -> None:
    uri = opened(shared, BID + "lead: x\n")
    (related,) = the(shared.diagnostics(uri), "yaml-duplicate-key")["relatedInformation"]
    assert (related["message"], related["location"]["uri"]) == ("first here", uri)
    assert related["location"]["range"]["start"] == {"line": 3, "character": 0}


def test_an_edit_takes_a_mark_away_and_another_brings_it_back(shared: Editor) -> None:
    uri = opened(shared, BID)
    assert "not-in-list" in codes(shared.diagnostics(uri))
    version = shared.change(uri, replace(BID, "kind: coun\n", "kind: council\n"))
    assert "not-in-list" not in codes(shared.diagnostics(uri, version))
    version = shared.change(uri, {"text": BID})
    assert "not-in-list" in codes(shared.diagnostics(uri, version))


def test_of_rapid_edits_the_last_one_counts_and_no_older_result_comes_after_it(shared: Editor) -> None:
    uri = opened(shared, EXEMPLAR)
    top = {"line": 0, "character": 0}
    for _ in range(30):
        shared.change(uri, {"range": {"start": top, "end": top}, "text": "#"})
    broken = replace("#" * 30 + EXEMPLAR, "lead: council\n", "lead: nobody\n")
    version = shared.change(uri, broken)
    assert codes(shared.settled(uri, version)) >= {"broken-reference"}
    last = [found.get("version") for found in shared.published(uri)]
    assert last == sorted(last)
    assert last[-1] == version


def test_after_many_small_edits_the_marks_are_those_of_the_text_that_came_of_them(shared: Editor) -> None:
    chance = Random(2013)
    text = BID.replace("coun\n", "council\n")
    uri = opened(shared, text)
    version = 1
    for _ in range(60):
        begin = chance.randrange(len(text) + 1)
        end = min(len(text), begin + chance.randrange(3))
        typed = chance.choice(["é", "𝔸", "x", " ", "\n", ""])
        places = [{"line": line, "character": column} for line, column in (counted(text[:begin]), counted(text[:end]))]
        version = shared.change(uri, {"range": {"start": places[0], "end": places[1]}, "text": typed})
        text = text[:begin] + typed + text[end:]
    lines = split_lines(text)
    starts = [(mark.code, mark.span.start) for mark in marked(look_at(text, "bid.yaml", Settings()).report)]
    expected = {(code, at.line - 1, to_units(lines[at.line - 1], at.column, "utf-16")) for code, at in starts}
    assert expected
    found = shared.diagnostics(uri, version)
    assert {(one["code"], *ranged(one)[:2]) for one in found} == expected


def counted(above: str) -> tuple[int, int]:
    """Line and UTF-16 column, from 0, of the end of a text."""
    lines = split_lines(above)
    return len(lines) - 1, units(lines[-1], "utf-16")


def test_a_file_that_is_no_bid_is_left_alone(shared: Editor) -> None:
    uri = f"file:///work/{next(NUMBERS)}/ci.yaml"
    shared.open(uri, "on: push\njobs: {}\n")
    assert shared.lenses(uri) == []
    assert shared.at("hover", uri, 0, 0) is None
    assert shared.at("completion", uri, 1, 0) == []
    python = f"file:///work/{next(NUMBERS)}/x.py"
    shared.open(python, "call: x\n", "python")
    assert shared.lenses(python) == []
    assert shared.published(uri) == shared.published(python) == []
    version = shared.change(uri, {"text": "call: pioneers-2013\n"})
    assert "missing-key" in codes(shared.diagnostics(uri, version))


def test_closing_a_bid_takes_its_marks_away(shared: Editor) -> None:
    uri = opened(shared, BID)
    assert shared.diagnostics(uri)
    shared.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert shared.lenses(uri) == []
    assert shared.published(uri)[-1]["diagnostics"] == []


def test_saving_judges_again(shared: Editor) -> None:
    uri = opened(shared, BID)
    shared.settled(uri)
    before = len(shared.published(uri))
    shared.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    shared.lenses(uri)
    assert len(shared.published(uri)) > before


# --- The page meter ---


def test_the_meter_follows_the_text(shared: Editor) -> None:
    uri = opened(shared, EXEMPLAR)
    first = shared.lenses(uri)
    assert [text.split()[0] for _, text in first[1:]] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert first[0][0] == place(EXEMPLAR, "\ncall:", 1)[0]
    assert first[0][1].endswith(" of 10 pages")
    version = shared.change(uri, {"text": LONGER})
    found = shared.settled(uri, version)
    then = shared.lenses(uri)
    assert float(then[1][1].split()[1]) > float(first[1][1].split()[1]) + 0.5
    assert "over the limit" in then[0][1]
    assert the(found, "page-limit")["severity"] == 1


def test_a_limit_that_was_crossed_stays_marked_while_pages_are_counted_again(shared: Editor) -> None:
    uri = opened(shared, LONGER)
    assert "page-limit" in codes(shared.settled(uri))
    assert "page-limit" not in codes(shared.diagnostics(uri))  # the first marks, when no pages were known
    version = shared.change(uri, {"text": EXEMPLAR})
    assert "before this edit" in the(shared.diagnostics(uri, version), "page-limit")["message"]
    assert shared.settled(uri, version) == []


def test_a_half_written_file_keeps_going_and_its_pages_are_those_of_before(shared: Editor) -> None:
    uri = opened(shared, EXEMPLAR)
    (line, good), *_ = shared.lenses(uri)
    version = shared.change(uri, replace(EXEMPLAR, "\nvision:\n", "\nvis\n"))
    assert codes(shared.diagnostics(uri, version)) == {"yaml-colon"}
    assert shared.lenses(uri)[0] == (line, f"{good}, before the fault in the file")
    version = shared.change(uri, {"text": EXEMPLAR})
    assert shared.settled(uri, version) == []
    assert shared.lenses(uri)[0] == (line, good)


def test_pages_of_a_file_that_was_never_whole_are_not_known(shared: Editor) -> None:
    uri = opened(shared, "call: pioneers-2013\ntitle: [\n")
    assert [text for _, text in shared.lenses(uri)] == ["pages not known: mend the faults of the file first"]


# --- Hovering, completing, going there, mending ---


def test_hovering_explains_the_field_and_the_rule(shared: Editor) -> None:
    uri = opened(shared, BID.replace("coun\n", "council\n"))
    found = shared.at("hover", uri, *place(BID, "outcome: Fewer", 3))
    assert found["contents"]["value"].startswith("outcome (mandatory; text)\nWhat gets better, in a sentence.")
    assert "\n- outcomes-cite-frameworks: nothing is stated. " in found["contents"]["value"]
    assert found["contents"]["kind"] == "plaintext"
    assert ranged(found) == (11, 6, 11, 13)
    assert shared.at("hover", uri, *place(BID, "Fewer falls", 3)) is None


@pytest.mark.parametrize(
    ("forms", "kind", "begins"),
    [
        (["markdown", "plaintext"], "markdown", "**outcome (mandatory; text)**  \nWhat gets better"),
        (["plaintext", "markdown"], "plaintext", "outcome (mandatory; text)\nWhat gets better"),
        ([], "plaintext", "outcome (mandatory; text)\nWhat gets better"),
    ],
)
def test_a_hover_has_the_form_that_the_editor_likes_best(
    editor: Editor, forms: list[str], kind: str, begins: str
) -> None:
    editor.initialize({**CAN, "textDocument": {**CAN["textDocument"], "hover": {"contentFormat": forms}}})
    uri = opened(editor, BID)
    said = editor.at("hover", uri, *place(BID, "outcome: Fewer", 3))["contents"]
    assert said["kind"] == kind
    assert said["value"].startswith(begins)
    assert editor.end() == 0


def test_completion_in_a_file_that_is_no_yaml_at_the_moment(shared: Editor) -> None:
    text = BID.replace("    kind: coun\n", "    kind: council\n    ro\n")
    uri = opened(shared, text)
    assert codes(shared.diagnostics(uri)) == {"yaml-colon"}
    found = shared.at("completion", uri, *place(text, "    ro\n", 6))
    labels = [item["label"] for item in found]
    assert labels[:1] == ["role"]
    assert not {"id", "organisation", "kind"} & set(labels)
    assert found[0]["textEdit"] == {
        "range": {"start": {"line": 8, "character": 4}, "end": {"line": 8, "character": 6}},
        "newText": "role: $1",
    }
    assert found[0]["insertTextFormat"] == 2
    assert [item["sortText"] for item in found] == sorted(item["sortText"] for item in found)


def test_completion_of_choices_ids_and_rules(shared: Editor) -> None:
    text = BID + "# pioneer: ignore[]\n"
    uri = opened(shared, text)
    assert "council" in [item["label"] for item in shared.at("completion", uri, *place(text, "kind: coun", 10))]
    partners = shared.at("completion", uri, *place(text, "lead: council", 6))
    assert [(item["label"], item["detail"]) for item in partners] == [("council", "The Council")]
    assert [item["label"] for item in shared.at("completion", uri, *place(text, "falls [E1]", 8))] == ["E1"]
    shared.diagnostics(uri)
    rules = [item["label"] for item in shared.at("completion", uri, *place(text, "ignore[]", 7))]
    assert rules == []  # no pack is known while the bid has faults
    version = shared.change(uri, replace(text, "kind: coun\n", "kind: council\n"))
    shared.diagnostics(uri, version)
    rules = [item["label"] for item in shared.at("completion", uri, *place(text, "ignore[]", 7))]
    assert "outcomes-have-baselines" in rules
    assert "page-limit" not in rules


def test_going_from_a_reference_to_its_entry(shared: Editor) -> None:
    uri = opened(shared, BID)
    found = shared.at("definition", uri, *place(BID, "falls [E1]", 8))
    assert (found["uri"], ranged(found)) == (uri, (14, 10, 14, 12))
    assert ranged(shared.at("definition", uri, *place(BID, "lead: council", 8))) == (5, 8, 5, 15)
    assert shared.at("definition", uri, *place(BID, "title: ", 8)) is None


def actions(editor: Editor, uri: str, at: tuple[int, int], only: list[str] | None = None) -> list[Message]:
    where = {"line": at[0], "character": at[1]}
    context: Message = {"diagnostics": editor.published(uri)[-1]["diagnostics"]}
    context |= {"only": only} if only else {}
    asked = {"textDocument": {"uri": uri}, "range": {"start": where, "end": where}, "context": context}
    found: list[Message] = editor.ask("textDocument/codeAction", asked)
    return found


def test_a_quick_fix_that_is_taken_mends_the_fault(shared: Editor) -> None:
    uri = opened(shared, BID)
    shared.diagnostics(uri)
    at = place(BID, "kind: coun", 8)
    (fix,) = actions(shared, uri, at)
    assert (fix["title"], fix["kind"], fix.get("isPreferred")) == ("Change to council", "quickfix", None)
    assert codes(fix["diagnostics"]) == {"not-in-list"}
    (edit,) = fix["edit"]["changes"][uri]
    version = shared.change(uri, {"range": edit["range"], "text": edit["newText"]})
    assert "not-in-list" not in codes(shared.diagnostics(uri, version))
    assert actions(shared, uri, (0, 0), ["refactor"]) == []
    assert any(found["title"].startswith("Ignore ") for found in actions(shared, uri, (11, 8), ["quickfix"]))


# --- Columns ---


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 32), ("utf-16", 29), ("utf-32", 28)])
def test_columns_are_counted_as_the_editor_counts_them(editor: Editor, encoding: str, column: int) -> None:
    editor.initialize({**CAN, "general": {"positionEncodings": [encoding]}})
    assert editor.capabilities["positionEncoding"] == encoding
    text = "call: pioneers-2013\ntitle: é𝔸é𝔸\narea: {name: é𝔸, footprint: cuncil}\n"
    uri = opened(editor, text)
    found = the(editor.diagnostics(uri), "not-in-list")
    assert ranged(found) == (2, column, 2, column + 6)
    version = editor.change(uri, {"range": found["range"], "text": "council"})
    assert "not-in-list" not in codes(editor.diagnostics(uri, version))
    hover = editor.at("hover", uri, 2, column - 5)
    assert hover["contents"]["value"].startswith("footprint (one of a closed list)")
    assert editor.end() == 0


def test_utf_16_is_taken_where_an_editor_says_nothing(editor: Editor) -> None:
    editor.initialize({})
    assert editor.capabilities["positionEncoding"] == "utf-16"
    found = the(editor.diagnostics(opened(editor, 'call: "𝔸𝔸"\ntitle: x\narea: {name: "𝔸", x: 1}\n')), "unknown-key")
    assert ranged(found) == (2, 19, 2, 20)
    (item,) = [one for one in editor.at("completion", new_bid(editor), 1, 2) if one["label"] == "title"]
    assert (item["insertTextFormat"], item["textEdit"]["newText"]) == (1, "title: ")


def new_bid(editor: Editor) -> str:
    return opened(editor, "call: pioneers-2013\nti\n")


def test_lines_end_where_the_protocol_ends_them(editor: Editor) -> None:
    editor.initialize()
    text = "call: x\r\ntitle: a\u2028b\r\nlead: nobody\r\n"
    uri = opened(editor, text)
    editor.diagnostics(uri)
    last = {"start": {"line": 2, "character": 6}, "end": {"line": 2, "character": 12}}
    version = editor.change(uri, {"range": last, "text": "someone"})
    messages = [found["message"] for found in editor.diagnostics(uri, version)]
    assert any("someone" in message for message in messages) or any("2028" in message for message in messages)


# --- Settings ---


def test_options_of_the_command_hold_where_the_editor_sets_nothing(tmp_path: Path) -> None:
    editor = Editor(tmp_path, "--stdio", "--phase", "draft", "--pack", "integration-statement")
    editor.initialize(options={"phase": "submission"})
    found = editor.diagnostics(opened(editor, BID.replace("coun\n", "council\n")))
    assert the(found, "language-is-shared")["severity"] == 2
    assert editor.end() == 0
    editor.kill()


def test_settings_come_with_the_beginning(editor: Editor) -> None:
    editor.initialize(options={"phase": "draft", "meter": "off", "faze": 1})
    assert "codeLensProvider" not in editor.capabilities
    assert "inlayHintProvider" not in editor.capabilities
    found = editor.diagnostics(opened(editor, BID.replace("coun\n", "council\n")))
    assert the(found, "outcomes-have-baselines")["severity"] == 3
    shown = [found["params"]["message"] for found in editor.notified if found["method"] == "window/showMessage"]
    assert shown == ["pioneer has no setting faze"]


def test_settings_are_asked_for_and_change_the_marks(editor: Editor) -> None:
    editor.settings = {"phase": "draft"}
    editor.initialize(
        {**CAN, "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}}
    )
    uri = opened(editor, BID.replace("coun\n", "council\n"))
    editor.until(lambda: 3 in severities(editor, uri))
    assert {found["method"] for found in editor.asked} == {"workspace/configuration", "client/registerCapability"}
    editor.settings = {"phase": "submission"}
    editor.notify("workspace/didChangeConfiguration", {"settings": None})
    editor.until(lambda: severities(editor, uri)[-1] == 2)


def severities(editor: Editor, uri: str) -> list[int]:
    """How bad the gap of the bid was in all that was published of it."""
    return [
        found["severity"]
        for published in editor.published(uri)
        for found in published["diagnostics"]
        if found["code"] == "outcomes-have-baselines"
    ]


def test_settings_that_are_sent_and_a_template_that_is_not_there(editor: Editor) -> None:
    editor.initialize(root=ROOT)
    uri = opened(editor, EXEMPLAR)
    assert editor.settled(uri) == []
    editor.notify("workspace/didChangeConfiguration", {"settings": {"pioneer": {"template": "nowhere"}}})
    editor.until(lambda: bool(editor.published(uri)[-1]["diagnostics"]))
    (found,) = editor.published(uri)[-1]["diagnostics"]
    assert (found["code"], found["severity"]) == ("set-up", 1)
    assert "nowhere" in found["message"]


def test_editors_without_lenses_get_hints(editor: Editor) -> None:
    editor.initialize({"textDocument": {"inlayHint": {}}})
    assert "codeLensProvider" not in editor.capabilities
    uri = opened(editor, EXEMPLAR)
    line = place(EXEMPLAR, "\nvision:", 1)[0]
    both = {"start": {"line": 0, "character": 0}, "end": {"line": line, "character": 0}}
    found = editor.ask("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": both})
    assert [hint["label"].split()[-1] for hint in found] == ["pages", "pages"]
    assert found[1]["position"] == {"line": line, "character": len("vision:")}


# --- Beginnings and endings ---


def test_a_question_that_nobody_knows_is_refused_and_the_next_one_answered(shared: Editor) -> None:
    answer = shared.answer(shared.begin("pioneer/nonsense", {}))
    assert answer["error"]["code"] == -32601
    shared.notify("pioneer/nonsense", {})
    uri = opened(shared, BID)
    assert shared.diagnostics(uri)


def test_questions_about_what_is_not_open(shared: Editor) -> None:
    uri = "file:///nowhere/bid.yaml"
    assert shared.lenses(uri) == []
    assert shared.at("hover", uri, 0, 0) is None
    assert shared.at("definition", uri, 9, 9) is None
    assert actions_of_unopened(shared, uri) == []


def actions_of_unopened(editor: Editor, uri: str) -> Any:
    nowhere = {"line": 0, "character": 0}
    asked = {"textDocument": {"uri": uri}, "range": {"start": nowhere, "end": nowhere}, "context": {"diagnostics": []}}
    return editor.ask("textDocument/codeAction", asked)


def test_a_question_can_be_taken_back(shared: Editor) -> None:
    uri = opened(shared, EXEMPLAR)
    number = shared.begin("textDocument/codeLens", {"textDocument": {"uri": uri}})
    shared.notify("$/cancelRequest", {"id": number})
    answer = shared.answer(number)
    assert answer.get("error", {}).get("code") == -32800 or answer["result"]


def test_leaving_without_having_asked_to_is_an_error(outer: Editor) -> None:
    outer.initialize()
    outer.notify("exit", None)
    assert outer.wait() == 1


def test_an_editor_that_is_gone_ends_the_server_and_leaves_nothing_behind(tmp_path: Path) -> None:
    editor = Editor(ROOT, environment={"TMPDIR": str(tmp_path)})
    editor.initialize()
    editor.diagnostics(opened(editor, EXEMPLAR))
    until = time.monotonic() + PATIENCE
    while not list(tmp_path.glob("pioneer-*")):  # the folder that a typesetter works in
        assert time.monotonic() < until
    editor.hang_up()
    assert editor.wait() == 1
    assert editor.errors == b""
    editor.kill()
    assert list(tmp_path.glob("pioneer-*")) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interruption_ends_the_server_at_once(outer: Editor) -> None:
    outer.initialize()
    outer.process.send_signal(signal.SIGINT)
    assert outer.wait() == ExitCode.INTERRUPTED
    assert outer.errors == b"pioneer: interrupted\n"


def test_what_is_no_message_is_told_and_the_conversation_goes_on(outer: Editor) -> None:
    outer.initialize()
    outer.send_bytes(b"Content-Length: 9\r\n\r\nno JSON {")
    outer.until(lambda: any(found["method"] == "window/showMessage" for found in outer.notified))
    assert outer.diagnostics(opened(outer, BID))
    assert outer.end() == 0
    assert outer.noise == b""


@pytest.mark.parametrize("typed_by_hand", [True, False])
def test_whoever_starts_it_by_hand_is_told_what_it_waits_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed_by_hand: bool
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: typed_by_hand, raising=False)
    monkeypatch.setattr(server, "serve", lambda settings, debug: 0)
    assert run(["lsp"]) == ExitCode.OK
    out, err = capsys.readouterr()
    assert out == ""
    assert ("Ctrl-C ends it" in err) is typed_by_hand


def test_without_the_extra_one_clear_message_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    finished = subprocess.run(
        [sys.executable, "-m", "pioneer_cli", "lsp"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert finished.returncode == ExitCode.CANNOT_JUDGE
    assert finished.stdout == ""
    assert finished.stderr.splitlines() == [
        "pioneer: the language server needs the package pygls, which is not installed",
        "  install pioneer with its extra `lsp`, or pygls beside it",
    ]
