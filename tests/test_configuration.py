"""Settings: where they are looked for, which of them holds, what is wrong with them, and what they do."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pioneer_cli import settings_files
from pioneer_cli.cli import app, run
from pioneer_cli.cli.configured import options_set_by
from pioneer_cli.configuration import load_configuration
from pioneer_cli.settings import BY_KEY, COMMAND_LINE_ONLY, SETTINGS, as_given, read_text, read_value
from pioneer_cli.settings_layer import position_of

ROOT = Path(__file__).resolve().parent.parent
DRAFT = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"


class Folder:
    """A repository to work in, and a home beside it; `settings` writes a file, `shown` asks what holds."""

    def __init__(self, top: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.top, self.home, self._capsys = top, home, capsys

    def settings(self, name: str, text: str) -> Path:
        """Writes a file of settings, by its name from the top of the repository, or from `~`."""
        path = self.home / name[2:] if name.startswith("~/") else self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The code and both streams of a command line."""
        code = run(list(arguments))
        shown = self._capsys.readouterr()
        return code, shown.out, shown.err

    def shown(self, *before: str) -> dict[str, tuple[object, str]]:
        """Each setting that anything sets: its value, and its variable or place."""
        code, out, err = self.run(*before, "config", "show", "--format", "json")
        assert (code, err) == (0, "")
        return {
            entry["key"]: (entry["value"], entry["variable"] or f"{entry['file']}:{entry['line']}")
            for entry in json.loads(out)["settings"]
            if entry["from"] != "default"
        }

    def faults(self, *before: str) -> list[str]:
        """What is wrong, a line each; the run ends with 2 and shows nothing else."""
        code, out, err = self.run(*before, "config", "show")
        assert (code, out) == (2, "")
        return err.splitlines()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    top, home = tmp_path / "repository", tmp_path / "home"
    (top / ".git").mkdir(parents=True)
    home.mkdir()
    (top / "bid.yaml").write_text(DRAFT)
    monkeypatch.chdir(top)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("XDG_CONFIG_HOME", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return Folder(top, home, capsys)


TOKENS = [
    "phase", "pack", "gains", "min-score", "=", " ", "\n", '"draft"', "true", "1e999", "nan", "-0", "[", "]", "{", "}",
    ",", ".", "'", '"""', "#", "1979-05-27", "\u2028", "\r", "é", "tool",
]  # fmt: skip
USER = "~/.config/pioneer/pioneer.toml"


# --- Which file ------------------------------------------------------------------------------------------------------


def test_without_a_file_and_a_variable_nothing_is_set(desk: Folder) -> None:
    assert desk.shown() == {}
    assert settings_files.nothing_is_set({"HOME": str(desk.home)})


def test_the_nearest_file_upwards_holds_alone(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\nmin-score = 50\n')
    (desk.top / "area" / "bids").mkdir(parents=True)
    monkeypatch.chdir(desk.top / "area" / "bids")
    assert desk.shown() == {"phase": ("draft", "../../pioneer.toml:1"), "min-score": (50, "../../pioneer.toml:2")}
    desk.settings("area/pyproject.toml", '[project]\nname = "x"\n\n[tool.pioneer]\nphase = "selection-end"\n')
    assert desk.shown() == {"phase": ("selection-end", "../pyproject.toml:5")}


@pytest.mark.parametrize("text", ['[project]\nname = "pioneer"\n', "[tool.other]\nphase = 1\n", "[tool\n", ""])
def test_a_pyproject_that_has_no_word_for_pioneer_is_passed_over(
    desk: Folder, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    desk.settings("area/pyproject.toml", text)
    monkeypatch.chdir(desk.top / "area")
    assert desk.shown() == {"phase": ("draft", "../pioneer.toml:1")}


@pytest.mark.parametrize("worktree", [False, True])
def test_the_search_ends_at_the_root_of_the_repository(
    desk: Folder, monkeypatch: pytest.MonkeyPatch, worktree: bool
) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    inner = desk.top / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert "phase" in desk.shown()
    if worktree:
        (inner / ".git").write_text("gitdir: elsewhere\n")
    else:
        (inner / ".git").mkdir()
    assert desk.shown() == {}


def test_without_a_repository_only_the_working_folder_counts(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.top / ".git").rmdir()
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    assert desk.shown() == {"phase": ("draft", "pioneer.toml:1")}
    (desk.top / "bids").mkdir()
    monkeypatch.chdir(desk.top / "bids")
    assert desk.shown() == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no sticky folders")
def test_nothing_is_read_in_or_above_a_folder_that_many_people_write_to(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    desk.settings("shared/pioneer.toml", 'phase = "selection-end"\n')
    mine = desk.top / "shared" / "mine"
    mine.mkdir()
    monkeypatch.chdir(mine)
    assert desk.shown()["phase"] == ("selection-end", "../pioneer.toml:1")
    (desk.top / "shared").chmod(0o1777)
    assert desk.shown() == {}
    monkeypatch.chdir(desk.top / "shared")
    code, out, err = desk.run("config", "show")
    assert (code, "no file of settings was found" in out) == (0, True)
    assert err == "note: pioneer.toml is not read: many people write to its folder; --config reads it\n"
    assert desk.shown("--config", "pioneer.toml")["phase"] == ("selection-end", "pioneer.toml:1")


def test_settings_in_both_files_of_one_folder_are_refused(desk: Folder) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    desk.settings("pyproject.toml", '[tool.pioneer]\nphase = "draft"\n')
    assert desk.faults() == [
        "pioneer: there are settings in pioneer.toml and in pyproject.toml",
        "  keep them in one of the two files",
    ]
    desk.settings("pyproject.toml", '[tool.pioneers]\nphase = "draft"\n')
    assert desk.shown() == {"phase": ("draft", "pioneer.toml:1")}


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("linux", {}, ".config"),
        ("linux", {"XDG_CONFIG_HOME": "{home}/xdg"}, "xdg"),
        ("linux", {"XDG_CONFIG_HOME": "xdg"}, ".config"),  # a relative one is to be ignored
        ("darwin", {}, "Library/Application Support"),
        ("darwin", {"XDG_CONFIG_HOME": "{home}/xdg"}, "xdg"),
        ("win32", {"APPDATA": "{home}/AppData"}, "AppData"),
    ],
)
def test_the_user_s_own_file_is_where_the_platform_keeps_settings(
    desk: Folder, monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], place: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(home=desk.home))
    monkeypatch.setattr(sys, "platform", platform)
    assert desk.shown() == {}
    desk.settings(f"~/{place}/pioneer/pioneer.toml", 'color = "never"\n')
    assert desk.shown() == {"color": ("never", f"~/{place}/pioneer/pioneer.toml:1")}


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_a_home_that_is_missing_is_no_trouble(desk: Folder, monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
    desk.settings("relative/.config/pioneer/pioneer.toml", 'phase = "draft"\n')
    assert desk.shown() == {}


def test_a_working_folder_that_is_gone_has_no_settings(tmp_path: Path) -> None:
    code = (
        "import os, pathlib; os.rmdir(os.getcwd());"
        "from pioneer_cli.settings_files import nothing_is_set; print(nothing_is_set({}))"
    )
    asked = [sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(asked, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout == "True\n"


# --- Which value -----------------------------------------------------------------------------------------------------


def test_flag_then_variable_then_project_then_user_then_default(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def verdict(*flags: str) -> str:
        return desk.run("check", "bid.yaml", "-q", "--no-pages", "--fail-on", "never", *flags)[1]

    assert "(submission)" in verdict()
    desk.settings(USER, 'phase = "selection-end"\nmin-score = 1\n')
    assert "(selection-end)" in verdict()
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    assert "(draft)" in verdict()
    monkeypatch.setenv("PIONEER_PHASE", "selection-end")
    assert "(selection-end)" in verdict()
    assert "(submission)" in verdict("--phase", "submission")
    assert desk.shown() == {"phase": ("selection-end", "PIONEER_PHASE"), "min-score": (1, f"{USER}:2")}


def test_a_named_file_takes_the_place_of_those_that_would_be_found(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.settings(USER, "min-score = 1\n")
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    desk.settings("other/gate.toml", "min-criterion = 2\n")
    assert desk.shown("--config", "other/gate.toml") == {"min-criterion": (2, "other/gate.toml:1")}
    monkeypatch.setenv("PIONEER_CONFIG", "other/gate.toml")
    assert desk.shown() == {"min-criterion": (2, "other/gate.toml:1")}
    assert desk.faults("--config", "none.toml") == [
        "pioneer: there is no file none.toml to take settings from",
        "  name a pioneer.toml",
    ]


def test_an_isolated_run_takes_only_the_command_line(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.settings(USER, "min-score = 1\n")
    desk.settings("pioneer.toml", 'phse = "draft"\n')
    monkeypatch.setenv("PIONEER_FAIL_ON", "nonsense")
    monkeypatch.setenv("PIONEER_CONFIG", "pioneer.toml")
    assert desk.shown("--isolated") == {}
    assert desk.run("--isolated", "check", "bid.yaml", "--no-pages", "-q")[0] == 1
    refused = ["pioneer: --isolated reads no file, and --config names one", "  leave one of them out"]
    for command in (["config", "show"], ["check", "bid.yaml", "--no-pages"], ["schema", "bid"]):
        for name in ("nope.toml", "pioneer.toml"):  # the latter is the variable's as well
            code, out, err = desk.run("--isolated", "--config", name, *command)
            assert (code, out, err.splitlines()) == (2, "", refused)


@pytest.mark.parametrize("before", [(), ("--isolated",)])
def test_a_file_that_is_named_by_nothing_is_no_leave_to_fall_back(desk: Folder, before: tuple[str, ...]) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    told = ["pioneer: --config names no file", "  name a pioneer.toml, or leave --config out"]
    for command in (["config", "show"], ["check", "bid.yaml", "--no-pages"]):
        code, out, err = desk.run(*before, "--config", "", *command)
        assert (code, out, err.splitlines()) == (2, "", told)


def test_an_empty_variable_sets_nothing(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIONEER_FAIL_ON", "")
    monkeypatch.setenv("PIONEER_CONFIG", "")
    assert desk.shown() == {}


def test_a_word_in_the_environment_against_colour_stands_above_a_file(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.settings("pioneer.toml", 'color = "always"\n')
    assert "\x1b[" in desk.run("check", "bid.yaml", "--no-pages")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in desk.run("check", "bid.yaml", "--no-pages")[1]
    assert desk.shown() == {"color": ("never", "NO_COLOR")}
    monkeypatch.setenv("PIONEER_COLOR", "always")
    assert desk.shown() == {"color": ("always", "PIONEER_COLOR")}


# --- What is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fail_on = 'never'\n", '1:1 error unknown-setting: there is no setting "fail_on"; did you mean "fail-on"?'),
        ("\n  phse = 1\n", '2:3 error unknown-setting: there is no setting "phse"; did you mean "phase"?'),
        (
            "exit-zero = true\n",
            '1:1 error unknown-setting: there is no setting "exit-zero"; --exit-zero is for the command line only',
        ),
        (
            "[check]\ngains = true\n",
            '1:2 error unknown-setting: there is no setting "check"; '
            "settings are for all commands and stand in no table of their own",
        ),
        (
            "[tool.pioneer]\nphase = 'draft'\n",
            '1:2 error unknown-setting: there is no setting "tool"; '
            "[tool.pioneer] is for pyproject.toml; here write the settings at the top, in no table",
        ),
        (
            "[tool.black]\nphase = 'draft'\n",
            '1:2 error unknown-setting: there is no setting "tool"; '
            "settings are for all commands and stand in no table of their own",
        ),
        (
            "# phase\nphase = 'later'\n",
            '2:1 error bad-setting: phase is "later"; expected one of draft, submission, selection-end',
        ),
        (
            "fail-on = 'regression'\n",
            '1:1 error bad-setting: fail-on is "regression"; regression is for the command line only, with --base; '
            "expected one of error, warning, never",
        ),
        ('output = "json"\n', '1:1 error unknown-setting: there is no setting "output"; --output is for the command'),
        ("base = 'main'\n", '1:1 error unknown-setting: there is no setting "base"; --base is for the command line'),
        ("min-score = '60'\n", '1:1 error bad-setting: min-score is "60"; expected a number from 0 to 100'),
        ("min-score = nan\n", "1:1 error bad-setting: min-score is nan; expected a number from 0 to 100"),
        ("min-score = true\n", "1:1 error bad-setting: min-score is true; expected a number from 0 to 100"),
        ("min-criterion = 2.5\n", "1:1 error bad-setting: min-criterion is 2.5; expected a whole number from 0 to 5"),
        ("gains = 1\n", "1:1 error bad-setting: gains is 1; expected true or false"),
        (
            "pack = []\n",
            "1:1 error bad-setting: pack is a list; expected the name of a pack, its folder, or a list of these",
        ),
        ("pack = 'pioneers-2031'\n", '1:1 error bad-setting: there is no pack and no folder "pioneers-2031"; did you'),
        ("template = 'eio'\n", '1:1 error bad-setting: there is no template and no folder "eio"; did you mean "eoi"?'),
        ("template = {}\n", "1:1 error bad-setting: template is a table; expected the name of a template or its"),
        ("phase = \n", "1:9 error unreadable-settings: this is no TOML: invalid value"),
        ('phase = "draft\n', "1:15 error unreadable-settings: this is no TOML: illegal character '\\n'"),
        ("phase = 'draft'\nphase = 'draft'\n", "2:16 error unreadable-settings: this is no TOML: cannot overwrite"),
        (f"min-score = {'9' * 5000}\n", "1:1 error unreadable-settings: a number in it is too long"),
        (f"min-score = 0x{'f' * 5000}\n", "1:1 error bad-setting: min-score is a very long number; expected a number"),
        (f"pack = '{'x' * 5000}'\n", '1:1 error bad-setting: there is no pack and no folder "xxx'),
        ("a = " + "[" * 5000, "1:1 error unreadable-settings: it is nested too deeply"),
        ("# " + "x" * 600_000, "1:1 error unreadable-settings: it is larger than 512 KiB"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_is_allowed(desk: Folder, text: str, fault: str) -> None:
    desk.settings("pioneer.toml", text)
    (told,) = desk.faults()
    assert told.startswith(f"pioneer.toml:{fault.replace('{keys}', ', '.join(BY_KEY))}")
    assert desk.run("check", "bid.yaml")[:2] == (2, "")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xfea\x00", "it is not UTF-8 text"), (b"a\x00", "this is no T")]
)
def test_a_file_that_is_no_text_is_a_fault(desk: Folder, content: bytes, reason: str) -> None:
    desk.settings("pioneer.toml", "").write_bytes(content)
    assert reason in desk.faults()[0]


@given(text=st.text(max_size=40) | st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_text_at_all_is_more_than_a_fault(desk: Folder, text: str) -> None:
    path = desk.settings("any.toml", text)
    found = load_configuration({}, str(path))
    assert set(found.layers[-1].values) <= set(BY_KEY)
    assert all(1 <= fault.span.start.line <= text.count("\n") + 1 for fault in found.faults)


def test_a_file_that_may_not_be_read_is_a_fault(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "pioneer.toml":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)

    desk.settings("pioneer.toml", "")
    monkeypatch.setattr(Path, "open", refuse)
    assert desk.faults() == ["pioneer.toml:1:1 error unreadable-settings: it cannot be read: Permission denied"]


def test_a_byte_order_mark_and_windows_lines_are_no_fault(desk: Folder) -> None:
    desk.settings("pioneer.toml", '\ufeffphase = "draft"\r\nmin-score = 5\r\n')
    assert desk.shown() == {"phase": ("draft", "pioneer.toml:1"), "min-score": (5, "pioneer.toml:2")}


def test_every_fault_of_both_files_is_told_at_once(desk: Folder) -> None:
    desk.settings(USER, "min-scor = 1\n")
    desk.settings("pioneer.toml", "gains = 2\nphase = 'draft'\nfail-on = 'x'\n")
    assert [told.split(" ")[0] for told in desk.faults()] == ["pioneer.toml:1:1", "pioneer.toml:3:1", f"{USER}:1:1"]


def test_thousands_of_faults_take_no_time_to_tell(desk: Folder) -> None:
    desk.settings("pioneer.toml", "".join(f"a{number} = {number}\n" for number in range(3000)))
    assert len(desk.faults()) == 20


def test_a_pyproject_whose_table_is_none_is_a_fault(desk: Folder) -> None:
    desk.settings("pyproject.toml", "[tool]\npioneer = 3\n")
    assert desk.faults() == ["pyproject.toml:2:1 error bad-setting: [tool.pioneer] is no table; write [tool.pioneer]"]


def test_a_pyproject_that_speaks_of_pioneer_and_cannot_be_read_is_a_fault(desk: Folder) -> None:
    desk.settings("pyproject.toml", '[project]\nname = "pioneer"\n[tool\n')
    assert desk.faults() == [
        "pyproject.toml:3:6 error unreadable-settings: this is no TOML: expected ']' at the end of a table declaration"
    ]


def test_a_folder_or_a_name_that_cannot_be_looked_at_holds_no_settings(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not settings_files.is_file(desk.top / ("x" * 5000))
    assert not settings_files.is_shared(desk.top / "nowhere")

    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    assert (settings_files.project_files(), settings_files.passed_over()) == ((), None)


def make_unusable(path: Path, how: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if how == "folder":
        path.mkdir()
    elif how == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere.toml" if how == "link to nothing" else path.name)


UNUSABLE = {
    "folder": "it is not a file",
    "pipe": "it is not a file",
    "link to nothing": "it is a link to nothing",
    "link to itself": "it cannot be read: Too many levels of symbolic links",
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("name", ["pioneer.toml", "pyproject.toml", USER])
@pytest.mark.parametrize("how", UNUSABLE)
def test_a_file_that_is_there_and_cannot_be_used_is_a_fault(desk: Folder, name: str, how: str) -> None:
    make_unusable(desk.home / name[2:] if name[0] == "~" else desk.top / name, how)
    told = [f"{name}:1:1 error unreadable-settings: {UNUSABLE[how]}"]
    assert desk.faults() == told
    code, out, err = desk.run("check", "bid.yaml", "--no-pages", "--phase", "draft")
    assert (code, out, err.splitlines()) == (2, "", told)
    assert desk.run("--isolated", "check", "bid.yaml", "--no-pages", "--phase", "draft")[0] == 0


def test_a_link_to_a_file_of_settings_is_read(desk: Folder) -> None:
    desk.settings("shared.toml", 'phase = "draft"\n')
    (desk.top / "pioneer.toml").symlink_to("shared.toml")
    assert desk.shown() == {"phase": ("draft", "pioneer.toml:1")}


def test_a_pyproject_that_may_not_be_read_is_a_fault_beside_a_file_of_our_own_too(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "pyproject.toml":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)

    desk.settings("pyproject.toml", '[tool.pioneer]\nfail-on = "warning"\n')
    monkeypatch.setattr(Path, "open", refuse)
    told = ["pyproject.toml:1:1 error unreadable-settings: it cannot be read: Permission denied"]
    assert desk.faults() == told
    desk.settings("pioneer.toml", 'phase = "draft"\n')
    assert desk.faults() == told


HALF = settings_files.MOST_BYTES


@pytest.mark.parametrize(
    "text",
    [
        f"# {'x' * HALF}\n[tool.pioneer]\nfail-on = 'warning'\n",
        f"[project]\nname = 'pioneer'\n# {'x' * HALF}\n[tool.pioneer]\nfail-on = 'warning'\n",
        f"#{'x' * (HALF - 12)}\n[tool.pioneer]\n",  # the name lies across the border
        f"#{'x' * (2 * HALF - 12)}\n[tool.pioneer]\n",
    ],
)
def test_a_pyproject_that_speaks_of_pioneer_and_is_too_long_is_a_fault(desk: Folder, text: str) -> None:
    desk.settings("pyproject.toml", text)
    assert desk.faults() == ["pyproject.toml:1:1 error unreadable-settings: it is larger than 512 KiB"]


@pytest.mark.parametrize("length", [HALF, HALF + 1, 3 * HALF])
def test_a_long_pyproject_without_a_word_for_pioneer_is_passed_over(desk: Folder, length: int) -> None:
    desk.settings("pyproject.toml", "#" + "x" * (length - 1))
    assert desk.shown() == {}
    whole = '[project]\nname = "pioneer"\n#'
    desk.settings("pyproject.toml", whole + "x" * (HALF - len(whole)))  # just short enough to be read
    assert desk.shown() == {}


def test_a_named_file_that_no_file_can_be_called_is_not_there(desk: Folder) -> None:
    for name in ("x" * 5000, "a\0b", "."):
        assert desk.faults("--config", name)[0].startswith("pioneer: there is no file ")


def test_the_text_shows_each_value_beside_its_origin(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.settings("pioneer.toml", 'pack = ["pioneers-2013", "integration-statement"]\nmin-score = 60.5\n')
    monkeypatch.setenv("PIONEER_GAINS", "no")
    code, out, _ = desk.run("config", "show")
    rows = {tuple(re.split(r"  +", line)) for line in out.splitlines()}
    assert code == 0
    assert {
        ("setting", "value", "from"),
        ("pack", "pioneers-2013, integration-statement", "pioneer.toml:1"),
        ("min-score", "60.5", "pioneer.toml:2"),
        ("gains", "false", "PIONEER_GAINS"),
        ("phase", "submission", "default"),
        ("read: pioneer.toml",),
    } <= rows
    assert len(rows) == len(SETTINGS) + 3


def test_a_variable_that_holds_nothing_allowed_is_named(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIONEER_MIN_SCORE", "lots")
    assert desk.faults() == ['pioneer: PIONEER_MIN_SCORE is "lots"', "  expected a number from 0 to 100"]


def test_a_misspelt_variable_is_noted_and_a_stranger_s_is_not(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIONEER_ALL_TOOLS", "PIONEER_UPDATE_GOLDEN", "PIONEER_SECRET", "PIONEER_HOME"):
        monkeypatch.setenv(name, "1")
    assert desk.run("config", "show")[2] == ""
    monkeypatch.setenv("PIONEER_FAILON", "warning")
    assert desk.run("config", "show")[2] == (
        "note: the variable PIONEER_FAILON sets nothing; did you mean PIONEER_FAIL_ON?\n"
    )


def test_wrong_settings_stand_in_the_way_of_no_help(desk: Folder) -> None:
    desk.settings("pioneer.toml", "phse = 1\n")
    assert desk.run("check", "--help")[0] == 0
    assert desk.run("--version")[0] == 0
    assert desk.run("schema", "bid")[0] == 0  # it takes no setting
    assert desk.run("explain", "C3")[0] == 2
    assert desk.run("review", "new", "-h")[0] == 0
    assert desk.run("check", "bid.yaml", "--stdin-filename", "x", "-h")[0] == 0


@pytest.mark.parametrize(
    "line",
    [
        "check bid.yaml --no-pages -- -h",
        "check --no-pages -- --help",
        "check bid.yaml --no-pages --stdin-filename -h",
        "check bid.yaml --no-pages --stdin-filename --help",
        "check bid.yaml --no-pages --base -h",
        "review new bid.yaml --reviewer -h -o -",
        "check --nonsense -h",
    ],
)
def test_what_only_looks_like_a_question_for_help_switches_no_setting_off(desk: Folder, line: str) -> None:
    for name in ("-h", "--help"):
        desk.settings(name, DRAFT)
    desk.settings("pioneer.toml", "phse = 1\n")
    code, out, err = desk.run(*line.split())
    assert (code, out) == (2, "")
    assert err.startswith('pioneer.toml:1:1 error unknown-setting: there is no setting "phse"')
    desk.settings("pioneer.toml", "min-score = 60\n")
    assert "below the minimum of 60" in "".join(desk.run("check", "--no-pages", "--", "-h")[1:])


def test_a_value_cannot_steer_the_terminal(desk: Folder) -> None:
    desk.settings("pioneer.toml", 'phase = "\\u001b[31mred"\n')
    assert desk.faults()[0].startswith('pioneer.toml:1:1 error bad-setting: phase is "\\u001b[31mred"; expected')


# --- Names of files and folders --------------------------------------------------------------------------------------


def test_names_in_a_file_begin_at_its_folder(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.top / "ours" / "pack").mkdir(parents=True)
    (desk.top / "bids").mkdir()
    desk.settings("pioneer.toml", 'pack = ["ours/pack", "pioneers-2013"]\ntemplate = "ours"\nbaseline = "known.json"\n')
    monkeypatch.chdir(desk.top / "bids")
    values = {key: value for key, (value, _) in desk.shown().items()}
    assert values == {"pack": ["../ours/pack", "pioneers-2013"], "template": "../ours", "baseline": "../known.json"}
    monkeypatch.setenv("PIONEER_BASELINE", "known.json")  # a variable's begin where we are
    assert desk.shown()["baseline"] == ("known.json", "PIONEER_BASELINE")


def test_a_project_may_name_nothing_outside_of_it_and_a_user_may(desk: Folder) -> None:
    (desk.home / "pack").mkdir()
    (desk.top / "way-out").symlink_to(desk.home)
    for key, name in (("pack", "../home/pack"), ("template", "way-out"), ("baseline", "/etc/passwd")):
        desk.settings("pioneer.toml", f'{key} = "{name}"\n')
        assert desk.faults() == [
            f'pioneer.toml:1:1 error bad-setting: {key} "{name}" leads out of the project; '
            "name it on the command line, or in a file of your own"
        ]
    (desk.top / "pioneer.toml").unlink()
    desk.settings(USER, f'pack = "{desk.home}/pack"\nbaseline = "/etc/known.json"\n')
    assert desk.shown()["pack"] == (["../home/pack"], f"{USER}:1")


# --- What settings do ------------------------------------------------------------------------------------------------


def test_a_flag_switches_off_what_a_setting_switched_on(desk: Folder) -> None:
    desk.settings("pioneer.toml", "no-pages = true\n")
    assert "pages not counted" in desk.run("check", "bid.yaml", "-q")[1]
    assert "pages not counted" not in desk.run("check", "bid.yaml", "-q", "--pages")[1]


def test_a_pass_that_only_a_setting_gave_is_told_of(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*more: str) -> tuple[int, str]:
        code, _, err = desk.run("check", "bid.yaml", "-q", "--no-pages", *more)
        return code, err

    told = "1 of {} bids fall short; the exit code is 0 because of fail-on = never ({})\n"
    assert ended()[0] == 1
    desk.settings("pioneer.toml", '# mild\nfail-on = "never"\n')
    assert ended() == (0, told.format(1, "pioneer.toml:2"))
    assert ended("--fail-on", "never") == (0, "")  # whoever runs it says so
    assert ended("--phase", "draft") == (0, "")  # it would have passed anyway
    assert ended("--min-score", "90")[0] == 1
    assert "the exit code is 0" not in ended("--min-score", "90")[1]
    desk.settings("fine.yaml", (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8"))
    assert ended("fine.yaml") == (0, told.format(2, "pioneer.toml:2"))
    desk.settings("broken.yaml", "call: [")
    assert "the exit code is 0" not in ended("broken.yaml")[1]
    monkeypatch.setenv("PIONEER_FAIL_ON", "never")
    assert ended() == (0, told.format(1, "PIONEER_FAIL_ON"))
    assert desk.run("--isolated", "check", "bid.yaml", "-q", "--no-pages")[0] == 1


def test_a_pass_without_a_page_count_that_only_a_setting_left_out_is_told_of(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*more: str) -> tuple[int, str]:
        code, _, err = desk.run("check", "bid.yaml", "--phase", "draft", "--output", "json=report.json", *more)
        return code, err

    told = "no page limit was checked, because of no-pages = true ({})\n"
    desk.settings("pioneer.toml", "no-pages = true\n")
    assert ended() == (0, told.format("pioneer.toml:1"))
    assert ended("--no-pages") == (0, "")  # whoever runs it says so
    assert ended("--pages") == (0, "")
    assert told.format("pioneer.toml:1") not in ended("--min-score", "99")[1]  # that did not pass
    monkeypatch.setenv("PIONEER_NO_PAGES", "yes")
    assert ended() == (0, told.format("PIONEER_NO_PAGES"))


def test_a_baseline_that_is_not_there_is_told_with_the_setting_that_names_it(
    desk: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*more: str) -> str:
        code, _, err = desk.run("check", "bid.yaml", "--no-pages", *more)
        assert code == 2
        return err

    missing = "pioneer: cannot read nope.json: No such file or directory{}\n  --write-baseline writes one\n"
    desk.settings("pioneer.toml", '# known\nbaseline = "nope.json"\n')
    assert told() == missing.format(" (the baseline of pioneer.toml:2)")
    assert told("--baseline", "nope.json") == missing.format("")
    monkeypatch.setenv("PIONEER_BASELINE", "nope.json")
    assert told() == missing.format(" (the baseline of PIONEER_BASELINE)")


def test_a_minimum_holds_and_a_flag_lowers_it(desk: Folder) -> None:
    desk.settings("pioneer.toml", 'phase = "draft"\nmin-score = 60.5\nno-pages = true\n')
    code, _, err = desk.run("check", "bid.yaml", "-q")
    assert (code, "below the minimum of 60.5" in err) == (1, True)
    assert desk.run("check", "bid.yaml", "-q", "--min-score", "0")[0] == 0


def test_a_pack_that_is_set_is_the_one_explained(desk: Folder) -> None:
    program = [sys.executable, "-m", "pioneer_cli"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def rules(*arguments: str) -> str:
        command = [*program, *arguments, "rules"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    known = rules()
    desk.settings("pioneer.toml", 'pack = ["integration-statement", "pioneers-2013"]\n')
    assert rules() == desk.run("rules", "--pack", "integration-statement")[1] != known
    assert rules("--isolated") == known
    environment["PIONEER_PACK"] = "pioneers-2013"
    assert rules() == known


def test_a_check_by_several_packs_takes_them_all(desk: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIONEER_PACK", "pioneers-2013, integration-statement")
    assert len(desk.run("check", "bid.yaml", "-q", "--no-pages")[1].splitlines()) == 2
    assert len(desk.run("check", "bid.yaml", "-q", "--no-pages", "--pack", "pioneers-2013")[1].splitlines()) == 1


def test_a_command_within_a_group_takes_settings_too(desk: Folder) -> None:
    desk.settings("pioneer.toml", 'pack = "integration-statement"\n')
    code, out, _ = desk.run("review", "new", "bid.yaml", "--reviewer", "r1", "-o", "-")
    assert (code, "integration-statement" in out) == (0, True)


# --- The table and the options ---------------------------------------------------------------------------------------


def commands() -> dict[str, Any]:
    """Every command by its whole name."""

    def within(group: Any, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, command in group.commands.items():
            found |= within(command, f"{path}{name} ") if hasattr(command, "commands") else {f"{path}{name}": command}
        return found

    return within(typer.main.get_group(app), "")


def test_every_setting_stands_for_an_option_of_check_with_the_same_default_and_choices() -> None:
    options = options_set_by(commands()["check"])
    assert set(options) == set(BY_KEY)
    for key, option in options.items():
        setting = BY_KEY[key]
        choices = option.type_descriptor.choices if option.type_descriptor.is_choice else ()
        assert set(choices or ()) - {"regression"} == set(setting.choices)  # which needs a --base
        assert option.is_flag == (setting.kind == "switch")
        if option.default not in (None, False):
            assert option.default == setting.default


def test_what_is_said_on_the_command_line_only_is_a_choice_and_not_forgotten() -> None:
    ways = {way.removeprefix("--") for option in commands()["check"].params for way in option.opts if way[:2] == "--"}
    assert ways - set(BY_KEY) == set(COMMAND_LINE_ONLY)


def test_an_option_that_is_called_as_a_setting_takes_what_the_setting_gives() -> None:
    takers = {name: set(options_set_by(command)) for name, command in commands().items()}
    assert takers["explain"] == takers["rules"] == {"pack"}
    assert takers["pages"] == {"phase", "pack", "template", "color"}
    assert takers["diff"] == {"phase", "pack", "template", "color", "no-pages"}
    assert takers["verify"] == {"color"}
    assert takers["new"] == takers["schema"] == set()
    for command in commands().values():
        for key, option in options_set_by(command).items():
            assert option.is_flag == bool(option.secondary_opts), "a flag must be able to switch it off again"
            if BY_KEY[key].choices:
                assert set(option.type_descriptor.choices) - {"regression"} == set(BY_KEY[key].choices)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_setting_reads_the_same_from_a_file_and_from_the_environment(setting: Any) -> None:
    examples = {"score": (60.5, "60.5"), "level": (3, "3"), "switch": (False, "off"), "pack": (["a", "b"], "a, b")}
    raw, text = examples.get(setting.kind, (setting.choices[-1:] or ("x",)) * 2)
    assert read_value(setting, raw) == read_text(setting, text) is not None
    for wrong in (None, [], {}, 7000, "", "\0"):
        assert read_value(setting, wrong) is None
    if setting.kind not in ("pack", "template", "file"):
        assert read_text(setting, "nonsense") is None


@pytest.mark.parametrize(("value", "given"), [(60, "60"), (60.5, "60.5"), (1e-7, "0"), (100.0, "100"), (0.25, "0.25")])
def test_a_number_is_given_as_a_command_line_would(value: float, given: str) -> None:
    assert as_given(value) == given


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("phase = 1", (1, 1)),
        ("# phase = 2\n  phase = 1", (2, 3)),
        ('x = """\nphase = 1\n"""\nphase = 1', (4, 1)),
        ("x = [\n  'phase = 1',\n]\n\"phase\" = 1", (4, 2)),
        ("phase = [\n  1,\n]\n", (1, 1)),
        ("[phase]\nx = 1", (1, 2)),
        ("[other]\nphase = 1", None),
        ("", None),
    ],
)
def test_the_line_of_a_key_is_found_only_where_it_is_set(text: str, place: tuple[int, int] | None) -> None:
    assert position_of(text, (), "phase") == place


def test_the_line_of_a_key_is_found_in_a_table() -> None:
    text = "[tool.other]\nphase = 1\n[tool.pioneer]\nphase = 1\n"
    assert position_of(text, ("tool", "pioneer"), "phase") == (4, 1)
    assert position_of("tool.pioneer.phase = 1\n", ("tool", "pioneer"), "phase") == (1, 14)


def test_a_check_without_settings_loads_nothing_to_read_them(tmp_path: Path) -> None:
    code = (
        "import sys; from pioneer_cli.cli import run; run(['check', 'bid.yaml', '--no-pages', '-q']);"
        "print(sorted({'tomllib', 'pioneer_cli.configuration'} & set(sys.modules)))"
    )
    (tmp_path / "bid.yaml").write_text(DRAFT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    own = ("PIONEER_", "COV")  # coverage loads tomllib itself
    environment = {name: value for name, value in environment.items() if not name.startswith(own)}
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert finished.stdout.splitlines()[-1] == "[]"


def test_a_configuration_that_sets_nothing_has_no_value_and_no_layer() -> None:
    found = load_configuration({})
    assert (found.value_of("phase"), found.layer_of("phase")) == (None, None)


# --- The page --------------------------------------------------------------------------------------------------------

PAGE = ROOT / "docs" / "configuration.md"


def row(setting: Any) -> str:
    """A setting's row in the table of the page."""
    allowed = ", ".join(f"`{choice}`" for choice in setting.choices) or setting.allowed
    return f"| `{setting.key}` | {setting.meaning} | {allowed} | {setting.default} | `{setting.variable}` |"


def test_the_page_lists_every_setting_and_no_other() -> None:
    listed = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "`PIONEER_" in line and line[0] == "|"]
    assert listed == [row(setting) for setting in SETTINGS]


def test_the_files_that_the_page_shows_are_right(desk: Folder) -> None:
    shown = re.findall(r"```toml\n# (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert sorted(name for name, _ in shown) == ["pioneer.toml", "pyproject.toml"]
    for name, text in shown:
        path = desk.settings(name, text)
        assert len(desk.shown()) >= 2
        path.unlink()
