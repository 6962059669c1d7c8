"""Whatever a file holds, `check` ends with 0, 1 or 2 within two seconds, and points to where a bid was spoiled.

The same by the hundred thousand: see docs/robustness.md.
"""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import change_bids
import pytest
import watched_check
from bid_changes import KINDS, changes, nodes_of, stacked
from change_bids import BIDS, ROOT, SMALL, Tally, measure, newly_told, wanted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from watched_check import HangError, WrongCodeError, every_command, watch

from pioneer_cli import validate
from pioneer_cli.diagnostics import Diagnostic, Severity, Span
from pioneer_cli.errors import ExitCode

HERE = Path(__file__).resolve().parent
CASES = sorted((HERE / "cases").glob("*.yaml"))
EACH = 60  # changes of each bid
REPEATABLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
BEGINNING = (HERE / "cases" / "small.yaml").read_bytes()
WORDS = [
    line[1:-1].encode("latin-1").decode("unicode_escape").encode("latin-1")
    for line in (HERE / "words.dict").read_text(encoding="ascii").splitlines()
    if line.startswith('"')
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bid.yaml"


# --- Bytes -----------------------------------------------------------------------------------------------------------


@st.composite
def spoiled_bytes(draw: st.DrawFn) -> bytes:
    """A bid with pieces cut out, and words of YAML or any bytes put in."""
    content = BEGINNING
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        piece = draw(st.sampled_from(WORDS) | st.binary(max_size=4))
        content = content[:start] + piece + content[start + draw(st.integers(0, 40)) :]
    return content


@settings(REPEATABLE, max_examples=250)
@given(content=st.binary() | st.lists(st.sampled_from(WORDS)).map(b"".join) | spoiled_bytes())
def test_any_bytes_are_judged_or_refused(content: bytes, file: Path) -> None:
    watched_check.watched_check(content, file)


def test_the_kept_cases_are_found() -> None:
    assert len(CASES) >= 2
    assert len(WORDS) >= 100


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_kept_case_is_judged_or_refused_by_every_command(case: Path, file: Path) -> None:
    watched_check.watched_check(case.read_bytes(), file)
    every_command(case.read_bytes(), file)


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris has no wheel for this system")
def test_the_coverage_guided_fuzzer_runs_and_finds_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "bytes_to_check.py"), "-runs=1000", "-seed=1", f"-artifact_prefix={tmp_path}/"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 1000 runs" in done.stderr
    assert list(tmp_path.iterdir()) == []


HEAD = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
BOMBS = {
    "unknown keys": HEAD + "".join(f"commitmen{number}: 1\n" for number in range(5000)),
    "unknown words": HEAD + "vision:\n  narrative:\n    domains:\n" + "      - care-plannings\n" * 10_000,
    "empty items": HEAD + "partners:\n" + "  -\n" * 10_000,
    "the same id": HEAD + "partners:\n" + "  - {id: a, organisation: b}\n" * 3900,
    "dropped comments": HEAD + "".join(f"k{number}: x #y\n" for number in range(5000)),
    "ignores": HEAD + "# pioneer: ignore[bid-has-a-summary] -- why\n" * 40_000,
    "ignores of nothing": HEAD + "".join(f"# pioneer: ignore[no-{number}] -- why\n" for number in range(40_000)),
    "remarks below an ignore": HEAD + "# pioneer: ignore[a] -- why\n" * 150 + "#\n" * 800_000,
    "an endless comment": HEAD + "# pioneer: ignore[" + "a-" * 900_000,
    "brackets": "[" * 2_000_000,
    "blanks": " " * 2_000_000 + "a: b",
    "escapes": HEAD + 'summary: "' + "\\a" * 400_000 + '"\n',
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_as_large_as_it_may_be_hangs_nothing(name: str, file: Path) -> None:
    assert len(BOMBS[name]) < 2 * 1024 * 1024
    watched_check.watched_check(BOMBS[name].encode(), file)


# --- Bids with one change --------------------------------------------------------------------------------------------


def test_what_makes_a_bid_worse_is_told_of_within_a_line_of_it(tmp_path: Path) -> None:
    tally = Tally()
    for bid in (*BIDS, SMALL):
        measure(bid, EACH, 2013, tmp_path, tally)
    assert tally.made == 6 * EACH
    assert sum(tally.counted.values()) >= tally.made / 2
    assert {group.split()[0] for group in tally.counted} == set(KINDS)
    assert tally.passed == []
    assert tally.share("invalid") >= 0.98, "\n".join(tally.misses)
    assert tally.share() >= 0.95, "\n".join(tally.misses)


def test_a_place_that_is_far_off_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def anywhere(source: object, path: object, code: str, message: str, *more: object, **options: object) -> Diagnostic:
        return Diagnostic("bid.yaml", Span.of(3, 1, 3, 1), Severity.ERROR, code, message)

    monkeypatch.setattr(validate, "place", anywhere)
    tally = Tally()
    measure(BIDS[0], EACH, 2013, tmp_path, tally)
    assert tally.share("invalid") < 0.2


def test_lines_that_only_move_are_no_news(file: Path) -> None:
    text = SMALL.read_text(encoding="utf-8")
    before = watched_check.watched_check(text.encode(), file, wanted(SMALL))
    after = watched_check.watched_check(("# one line more\n" + text).encode(), file, wanted(SMALL))
    assert list(change_bids.told(before))
    assert newly_told(before, after) == []


def test_the_script_prints_the_share_and_ends_with_1_when_it_is_too_small(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(change_bids, "BIDS", (SMALL,))
    assert change_bids.main(["--runs", "40", "--commands", "1", "--misses"]) in (0, 1)
    table = capsys.readouterr().out
    assert re.search(r"^all +\d+ +[\d.]+% +[\d.]+%$", table, re.MULTILINE)
    monkeypatch.setattr(Tally, "share", lambda self, *more: 0.94)
    assert change_bids.main(["--runs", "10"]) == 1
    monkeypatch.setattr(Tally, "share", lambda self, *more: 0.95)
    assert change_bids.main(["--runs", "10"]) == 0


def test_the_same_seed_makes_the_same_changes_and_each_is_where_it_says() -> None:
    text = SMALL.read_text(encoding="utf-8")
    for first, again, _ in zip(changes(text, 7), changes(text, 7), range(200), strict=False):
        assert first == again
        assert first.text != text or first.kind in ("swapped", "retyped", "renamed")
        old, new = text.split("\n"), first.text.split("\n")
        assert all(1 <= line <= len(new) for line in first.lines)
        if len(old) == len(new):
            differing = {number for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]}
            assert differing <= first.lines | {line + 1 for line in first.lines}


def test_every_key_and_item_of_a_bid_can_be_changed() -> None:
    paths = [node.path for node in nodes_of("a: {b: [1, 2]}\nc:\n  - d: x\n")]
    assert paths == [("a",), ("a", "b"), ("a", "b", 0), ("a", "b", 1), ("c",), ("c", 0), ("c", 0, "d")]


# --- Several changes, whole programs ---------------------------------------------------------------------------------


@settings(REPEATABLE, max_examples=80)
@given(bid=st.sampled_from(BIDS), seed=st.integers(0, 10**6))
def test_a_bid_changed_several_times_is_judged_or_refused(bid: Path, seed: int, file: Path) -> None:
    watched_check.watched_check(stacked(bid.read_text(encoding="utf-8"), seed).encode(), file)


@pytest.mark.parametrize("seed", range(4))
def test_every_command_takes_a_changed_bid_or_refuses_it(seed: int, file: Path) -> None:
    every_command(stacked(BIDS[seed % len(BIDS)].read_text(encoding="utf-8"), seed).encode(), file)


# --- The watch itself ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no clock of the processor's time that interrupts")
def test_a_hang_is_noticed_and_its_twin_is_not() -> None:
    with pytest.raises(HangError), watch(0.05):
        sum(number for number in iter(int, 1))  # without end
    with watch(5):
        sum(range(1000))


def test_a_bug_is_noticed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(watched_check, "check", fail)
    with pytest.raises(ZeroDivisionError):
        watched_check.watched_check(BEGINNING, file)
    monkeypatch.setattr("pioneer_cli.pipeline.check", fail)
    with pytest.raises(WrongCodeError, match=re.compile("check ended with 3.*ZeroDivisionError", re.DOTALL)):
        every_command(BEGINNING, file)


def test_an_exit_code_that_no_check_may_have_is_noticed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_check, "exit_code", lambda report, thresholds: ExitCode.BUG)
    with pytest.raises(WrongCodeError, match="check ended with 3"):
        watched_check.watched_check(BEGINNING, file)
