"""Completion: what real shells make of a Tab key, what is offered, and that no run can be taken for a question."""

import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from pioneer_cli.answers import PACK
from pioneer_cli.cli import app, run
from pioneer_cli.cli.completion import completes, parameters
from pioneer_cli.explanation import explained_names
from pioneer_cli.fault_codes import CODES
from pioneer_cli.load_pack import load_pack
from pioneer_cli.reports import FORMATS
from pioneer_cli.shipped import shipped_names

ROOT = Path(__file__).resolve().parent.parent
ALL_TOOLS = os.environ.get("PIONEER_ALL_TOOLS") == "1"
HOSTILE = "x$(touch touched).yaml" if os.name == "nt" else "x\\$(touch touched).yaml"

# What is typed, with a Tab at its end, and what the program is then run with.
TYPED = {
    "exp": "explain",
    "check --min-s": "check --min-score",
    "check --phase dr": "check --phase draft",
    "check --phase=dr": "check --phase=draft",
    "check --fail-on=regr": "check --fail-on=regression",
    "check --output json=eo": "check --output json=eoi.pdf",
    "check --output=json=eo": "check --output=json=eoi.pdf",
    "check --baseline=eo": "check --baseline=eoi.pdf",
    "check --pack integration-fr": "check --pack integration-framework-2013",
    "check --pack our": "check --pack our-call",
    "check --template eoi-c": "check --template eoi-compact",
    "check --template own": "check --template own-template",
    "explain highest-r": "explain highest-risk-is-treated",
    "explain page-l": "explain page-limit",
    "config sh": "config show",
    "review che": "review check",
    "schema rev": "schema review",
    "check only": "check only-one.yaml",
    "pages eo": "pages eoi.pdf",
    "explain no-such-r": "explain no-such-r",
}
PROGRAM = """\
#!/bin/sh
# Without arguments a shell asks what to offer; with some, we only want to know which.
if [ $# = 0 ] || [ "$1" = completion ]; then exec "{python}" -m pioneer_cli "$@"; fi
echo "RAN: $*"
"""
START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
FIRST = {"bash": "true", "zsh": "autoload -Uz compinit; compinit -u -d .zcompdump", "fish": "true"}
PAGE = ROOT / "docs" / "configuration.md"


def start_up_lines() -> dict[str, str]:
    """The line for each shell's start-up file, from the page."""
    rows = re.findall(r"^\| (\w+) \| [^|]* \| `(.*)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {shell.lower(): line.replace("\\|", "|") for shell, line in rows if "pioneer completion" in line}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with files to complete, a program that tells what it is run with, and the shells' scripts."""
    for name in ("only-one.yaml", "only-one.txt", "eoi.pdf", HOSTILE):
        (tmp_path / name).touch()
    for folder, mark in (("our-call", "pack.yaml"), ("own-template", "style.typ"), ("ours-empty", "pack.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / mark).touch()
    program = tmp_path / ".programs" / "pioneer"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    return tmp_path


def environment(desk: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIONEER_", "_PIONEER"))}
    own = {"PATH": f"{desk / '.programs'}{os.pathsep}{kept['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(desk)}
    return {**kept, **own, "TERM": "dumb", "PS1": "$ ", "INPUTRC": os.devnull, "LC_ALL": "C.UTF-8", **(more or {})}


def pioneer(desk: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pioneer_cli", *arguments]
    return subprocess.run(
        command, cwd=desk, env=environment(desk, variables), capture_output=True, text=True, timeout=60, check=False
    )


Offer = Callable[..., list[str]]


@pytest.fixture
def offered(desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offer:
    """What bash is offered for the last of some words, in the folder."""
    monkeypatch.chdir(desk)
    monkeypatch.setenv("HOME", str(desk))

    def ask(*words: str, **variables: str) -> list[str]:
        line = {"COMP_WORDS": "\n".join(["pioneer", *words]), "COMP_CWORD": str(len(words))}
        with monkeypatch.context() as patch:
            for name, value in {"_PIONEER_COMPLETE": "complete_bash", **line, **variables}.items():
                patch.setenv(name, value)
            code = run([])
        shown = capsys.readouterr()
        assert (code, shown.err) == (0, "")
        return shown.out.split()

    return ask


# --- Real shells -----------------------------------------------------------------------------------------------------


def typed_into(shell: str, desk: Path, lines: Sequence[str]) -> list[str]:
    """What the program is run with when lines are typed into an interactive shell at a terminal of its own."""
    import fcntl
    import termios

    ours, theirs = os.openpty()
    process = subprocess.Popen(
        START[shell],
        cwd=desk,
        env=environment(desk),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    seen = ""
    try:
        begun = f"{FIRST[shell]}; {start_up_lines()[shell]}; pioneer ready"
        for number, line in enumerate([begun, *lines]):
            os.write(ours, f"{line}\n".encode())
            seen = _read_until(ours, seen, number + 1)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return [line.removeprefix("RAN: ").strip() for line in seen.splitlines() if line.startswith("RAN: ")]


def _read_until(terminal: int, seen: str, count: int) -> str:
    """What stands on the terminal once the program has been run that often."""
    deadline = time.monotonic() + 60
    while seen.count("\nRAN: ") < count:
        assert time.monotonic() < deadline, seen
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536).decode(errors="replace").replace("\r", "\n")
    return seen


def test_the_page_says_for_each_shell_how_to_begin() -> None:
    lines = start_up_lines()
    assert list(lines) == ["bash", "zsh", "fish", "powershell"]
    assert all(f"pioneer completion {shell}" in line for shell, line in lines.items())


@pytest.mark.parametrize("shell", START)
def test_a_real_shell_completes_on_tab(shell: str, desk: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows has no terminals of this kind")
    if shutil.which(shell) is None:
        assert not ALL_TOOLS, f"no {shell} here"
        pytest.skip(f"no {shell} here: install the Debian package {shell}")
    typed = [f"pioneer {line}\t" for line in TYPED]
    assert typed_into(shell, desk, [*typed, "pioneer check x\t"])[1:-1] == list(TYPED.values())
    assert not (desk / "touched").exists()


# --- What is offered -------------------------------------------------------------------------------------------------


def test_every_rule_gate_consideration_and_criterion_can_be_completed(offered: Offer) -> None:
    pack = load_pack(PACK).pack
    assert pack is not None
    names = explained_names(pack)
    assert len(names) > 100
    assert offered("explain", "") == [*names, *CODES]


def test_names_go_on_in_the_capitals_that_were_typed(offered: Offer) -> None:
    assert offered("explain", "c3") == ["c3", "c3a", "c3b", "c3c", "c3d"]
    assert offered("rules", "--criterion", "C4") == ["C4", "C4a", "C4b", "C4c"]


def test_another_pack_offers_its_own_names(desk: Path, offered: Offer) -> None:
    pack = load_pack("integration-statement").pack
    assert pack is not None
    names = explained_names(pack)
    names += CODES
    assert offered("explain", "--pack", "integration-statement", "") == names
    assert offered("explain", "", PIONEER_PACK="integration-statement") == names
    (desk / "pioneer.toml").write_text('pack = "integration-statement"\n')
    assert offered("explain", "") == names
    assert offered("explain", "--pack", PACK, "page-l") == ["page-limit"]


def test_packs_and_templates_are_the_shipped_ones_and_folders_that_hold_one(offered: Offer) -> None:
    assert offered("check", "--pack", "") == [*shipped_names("criteria"), "our-call"]
    assert offered("pack", "show", "./our") == ["./our-call"]
    assert offered("check", "--template", "") == [*shipped_names("templates"), "own-template"]


def test_bids_are_yaml_files_and_folders_and_what_lies_in_the_only_folder(desk: Path, offered: Offer) -> None:
    (desk / "bids" / "north").mkdir(parents=True)
    for name in ("bids/a.yaml", "bids/b.yml", "bids/c.txt", "bids/.hidden.yaml"):
        (desk / name).touch()
    assert offered("check", "o") == ["only-one.yaml", "our-call/", "ours-empty/", "own-template/"]
    assert offered("check", "bi") == ["bids/", "bids/a.yaml", "bids/b.yml", "bids/north/"]
    assert offered("check", "only-one.yaml", "bids/a") == ["bids/a.yaml"]
    assert offered("check", "nowhere/") == []


def test_the_formats_of_a_check_are_offered(offered: Offer) -> None:
    assert offered("check", "--output", "") == list(FORMATS)
    assert offered("check", "--format", "js") == ["json"]


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_branches_and_tags_are_offered_to_compare_with(desk: Path, offered: Offer) -> None:
    git(desk, "init", "-q", "-b", "main")
    git(desk, "commit", "-qm", "x", "--allow-empty")
    git(desk, "branch", "topic/north")
    git(desk, "branch", "a;touch-touched")
    git(desk, "tag", "v1")
    git(desk, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert offered("check", "--base", "") == ["main", "topic/north", "origin/main", "v1"]
    assert offered("diff", "only-one.yaml", "--base", "to") == ["topic/north"]
    assert offered("diff", "--base", "MA") == []


def test_the_branches_are_those_of_the_bid_that_is_named(desk: Path, offered: Offer) -> None:
    git(desk, "init", "-q", "-b", "other", "our-call")
    git(desk / "our-call", "commit", "-qm", "x", "--allow-empty")
    assert offered("diff", "our-call/bid.yaml", "--base", "") == ["other"]
    assert offered("check", "our-call/bid.yaml", "--base", "") == ["other"]


def test_without_git_or_a_repository_no_revision_is_offered(
    desk: Path, monkeypatch: pytest.MonkeyPatch, offered: Offer
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(desk.parent))
    assert offered("check", "--base", "") == []
    assert offered("diff", "nowhere/bid.yaml", "--base", "") == []
    assert offered("check", "--base", "", PATH=str(desk)) == []


@pytest.mark.parametrize("name", [HOSTILE, "x;touch touched.yaml", "x`touch touched`.yaml", "x y.yaml", "x'.yaml"])
def test_a_name_that_a_shell_might_obey_is_left_to_the_shell(desk: Path, offered: Offer, name: str) -> None:
    (desk / name).touch()
    (desk / "x-plain.yaml").touch()
    assert offered("check", "x") == ["x-plain.yaml"]


def test_every_pack_template_and_bid_is_completed_in_whichever_command() -> None:
    ways = {(path, name): completes(path, name, str(found.metavar or "")) for path, name, found in parameters(app)}
    wanted = {(path, name) for path, name, found in parameters(app) if name in ("pack", "template")}
    wanted |= {(path, name) for path, name, found in parameters(app) if "BID" in str(found.metavar)}
    assert len(wanted) >= 25
    assert {place for place in wanted if ways[place] is None} == set()
    assert ways["check", "stdin_filename"] is None


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_the_options_of_every_command_are_offered_with_their_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: str
) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", "--")
    paths = {path for path, _, _ in parameters(app)}
    assert len(paths) >= 15
    for path in sorted(paths):
        monkeypatch.setenv("_PIONEER_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"pioneer {path} --")
        assert run([]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        assert "--debug" in shown.out
        assert "Show this message and exit." in shown.out


def test_fish_is_told_by_the_exit_code_whether_there_is_anything_to_offer(desk: Path) -> None:
    asked = {"_PIONEER_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "is-args"}
    assert pioneer(desk, **asked, _TYPER_COMPLETE_ARGS="pioneer explain page-l").returncode == 0
    assert pioneer(desk, **asked, _TYPER_COMPLETE_ARGS="pioneer explain no-such-r").returncode == 1


def test_powershell_is_answered_a_name_and_a_help_on_each_line(desk: Path) -> None:
    script = pioneer(desk, "completion", "powershell").stdout
    assert "Register-ArgumentCompleter -Native -CommandName pioneer" in script
    assert '$Env:_PIONEER_COMPLETE = "complete_powershell"' in script
    asked = {"_PIONEER_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "che"}
    finished = pioneer(desk, **asked, _TYPER_COMPLETE_ARGS="pioneer che")
    assert finished.stdout == "check:::Say what is wrong, what is weak, and count the pages.\n"


def test_zsh_is_given_helps_as_they_are_written(desk: Path) -> None:
    asked = {"_PIONEER_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "pioneer ren"}
    answer = pioneer(desk, **asked).stdout
    assert "offered=(render:Make a bid's document: PDF, HTML, Word, Markdown.);" in " ".join(shlex.split(answer))


@pytest.mark.parametrize(
    ("shell", "offers"), [("zsh", "--phase=draft"), ("fish", "--phase=draft"), ("powershell", "--phase=draft::: ")]
)
def test_of_an_option_with_its_value_the_whole_word_is_offered(desk: Path, shell: str, offers: str) -> None:
    more = {"_TYPER_COMPLETE_FISH_ACTION": "get-args", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "--phase=dr"}
    asked = {"_PIONEER_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "pioneer check --phase=dr"}
    assert offers in pioneer(desk, **asked, **more).stdout.rstrip("\n")


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        (["--phase", "="], ["draft", "submission", "selection-end"]),
        (["--phase", "=", "dr"], ["draft"]),
        (["--output", "=", "js"], ["json"]),
        (["--output", "json", "=", "only"], []),
        (["--output", "=", "json", "=", "only"], []),
        (["a", "=", "b"], ["b.yaml"]),
        (["="], []),
    ],
)
def test_what_bash_takes_apart_is_joined_again(desk: Path, offered: Offer, words: list[str], offers: list[str]) -> None:
    (desk / "a=b.yaml").touch()
    assert offered("check", *words) == offers


def test_wrong_settings_keep_nobody_from_completing(desk: Path, offered: Offer) -> None:
    (desk / "pioneer.toml").write_text("phse = 1\n")
    assert offered("explain", "page-l") == ["page-limit"]
    assert offered("explain", "page-l", PIONEER_PHASE="later") == ["page-limit"]


def test_offering_a_rule_loads_neither_models_nor_packs(desk: Path) -> None:
    code = (
        "import sys; from pioneer_cli.cli import run; code = run([]);"
        "print(code, sorted({'pioneer_cli.bid', 'pioneer_cli.pack', 'yaml', 'rich', 'typst'} & set(sys.modules)))"
    )
    asked = {"_PIONEER_COMPLETE": "complete_bash", "COMP_WORDS": "pioneer explain page-l", "COMP_CWORD": "2"}
    finished = subprocess.run(
        [sys.executable, "-c", code], env=environment(desk, asked), capture_output=True, text=True, check=True
    )
    assert finished.stdout == "page-limit\n0 []\n"


# --- What is no question ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_run_with_anything_to_do_does_it_whatever_is_set(desk: Path, shell: str) -> None:
    line = {"COMP_WORDS": "pioneer check", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "pioneer check"}
    asked = {"_PIONEER_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "is-args", **line}
    finished = pioneer(desk, "check", "nowhere.yaml", **asked)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("pioneer: no bid found at nowhere.yaml\n")


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"_PIONEER_COMPLETE": "complete_bash"},
        {"_PIONEER_COMPLETE": "complete_bash", "COMP_WORDS": "pioneer check"},
        {"_PIONEER_COMPLETE": "complete_bash", "COMP_WORDS": "pioneer check", "COMP_CWORD": "one"},
        {"_PIONEER_COMPLETE": "complete_zsh"},
        {"_PIONEER_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "pioneer"},
        {"_PIONEER_COMPLETE": "complete_tcsh", "_TYPER_COMPLETE_ARGS": "pioneer"},
        {"_PIONEER_COMPLETE": "source_bash", "COMP_WORDS": "pioneer", "COMP_CWORD": "0"},
        {"COMP_WORDS": "pioneer check", "COMP_CWORD": "1"},
    ],
)
def test_without_the_variables_of_a_shell_s_script_it_is_no_question(desk: Path, variables: dict[str, str]) -> None:
    finished = pioneer(desk, **variables)
    assert finished.returncode == 2
    assert finished.stdout.startswith("Usage: pioneer ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_script_names_the_program_and_the_variable_that_we_heed(
    capfd: pytest.CaptureFixture[str], shell: str
) -> None:
    assert run(["completion", shell]) == 0
    script = capfd.readouterr().out
    assert "_PIONEER_COMPLETE" in script
    assert f"complete_{shell}" in script


def test_there_is_no_script_for_another_shell(desk: Path) -> None:
    finished = pioneer(desk, "completion", "tcsh")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish', 'powershell'" in finished.stderr
