"""The hooks for pre-commit: which files they take, and that they hold up a commit for the right reasons only.

The last test installs pioneer as pre-commit does, from a copy of this checkout and from the package index.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pre_commit.clientlib import load_manifest
from pre_commit.commands.run import Classifier, filter_by_include_exclude

ROOT = Path(__file__).resolve().parent.parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
PROGRAM = ("pioneer_cli", "criteria", "templates", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
MORE = "  Each town gets a team of its own, which agrees every plan with the person, the family and the neighbours.\n"
BIDS = (
    "bid.yaml", "bid.yml", "wenbourne/bid.yaml", "bids/wenbourne.yaml", "bids/wenbourne/bid.yml", "a/bids/b.yaml",
    "bids/B.YAML", "Bid.yaml", "BIDS/b.Yml", "--stdin-filename=x/bid.yaml",
)  # fmt: skip
NO_BIDS = (
    "compose.yaml", ".github/workflows/ci.yml", ".pre-commit-config.yaml", "replies.yaml", "forbid.yaml", "bids.yaml",
    "bids/reviews/wenbourne/r1.yaml", "reviews/bid/r1.yaml", "bids/a.txt", "bid.yaml.orig", "bid.yaml/notes.yaml",
)  # fmt: skip


def test_there_are_two_hooks():
    assert list(HOOKS) == ["pioneer-check", "pioneer-pages"]


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("name", BIDS)
def test_a_hook_takes_what_lies_where_bids_lie(hook, name):
    assert re.search(HOOKS[hook]["files"], name)


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("name", NO_BIDS)
def test_a_hook_leaves_other_files_alone(hook, name):
    assert not re.search(HOOKS[hook]["files"], name)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_takes_links_as_well_as_files_and_no_folders(hook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bids" / "folder.yaml").mkdir(parents=True)
    (tmp_path / "bids" / "B.YAML").write_text("call: pioneers-2013\n")
    (tmp_path / "bids" / "link.yaml").symlink_to("B.YAML")
    (tmp_path / "bids" / "lost.yaml").symlink_to("nowhere")
    names = sorted(f"bids/{path.name}" for path in (tmp_path / "bids").iterdir())
    (manifest,) = (one for one in load_manifest(str(ROOT / ".pre-commit-hooks.yaml")) if one["id"] == hook)
    taken = list(filter_by_include_exclude(names, manifest["files"], manifest["exclude"]))
    of_type = Classifier(taken).by_types(taken, manifest["types"], manifest["types_or"], manifest["exclude_types"])
    assert list(of_type) == ["bids/B.YAML", "bids/link.yaml", "bids/lost.yaml"]


def enter(hook: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a hook's entry with what pre-commit puts behind it, `args` and names alike."""
    python, *entry = HOOKS[hook]["entry"].split()
    assert python == "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIONEER")}
    return subprocess.run(
        [sys.executable, *entry, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def lay(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


EXEMPLAR = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
LONG = EXEMPLAR.replace("summary: >-\n", f"summary: >-\n{MORE * 12}")
DASHED = (
    "--stdin-filename=x/bid.yaml",
    "--phase=draft/bid.yaml",
    "-q/bid.yml",
    "--template=eoi/bids/B.YAML",
    "--help/bid.yaml",
)


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("name", DASHED)
def test_a_name_that_begins_with_a_dash_is_never_an_option(hook, name, tmp_path):
    lay(tmp_path, name, LONG)
    lay(tmp_path, "bids/fine.yaml", EXEMPLAR)
    done = enter(hook, tmp_path, "--phase=submission", "bids/fine.yaml", name)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"^(\./)?{re.escape(name)}: .*1\d pages", done.stdout, re.MULTILINE), done.stdout
    lay(tmp_path, name, EXEMPLAR)
    assert enter(hook, tmp_path, "bids/fine.yaml", name).returncode == 0


def test_the_args_of_a_team_are_options(tmp_path):
    lay(tmp_path, "bids/long.yaml", LONG)
    assert enter("pioneer-check", tmp_path, "bids/long.yaml").returncode == 1
    assert enter("pioneer-check", tmp_path, "--phase", "draft", "bids/long.yaml").returncode == 0
    assert enter("pioneer-check", tmp_path, "--phase=draft", "--", "bids/long.yaml").returncode == 0
    assert "--base is for" in enter("pioneer-check", tmp_path, f"--base={'x' * 5000}", "bids/long.yaml").stderr
    (tmp_path / "--phase=draft").mkdir()  # a folder is never handed over
    assert enter("pioneer-check", tmp_path, "--phase=draft", "bids/long.yaml").returncode == 0


def test_a_file_that_is_called_as_an_option_is_refused(tmp_path):
    lay(tmp_path, "bids/fine.yaml", EXEMPLAR)
    lay(tmp_path, "--phase=submission", EXEMPLAR)
    done = enter("pioneer-check", tmp_path, "--phase=submission", "bids/fine.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    told = "pioneer: '--phase=submission' may be an option, and a file is called so\n  rename the file\n"
    assert done.stderr == told


def test_modules_beside_the_bids_are_not_run(tmp_path):
    lay(tmp_path, "bids/fine.yaml", EXEMPLAR)
    for name in ("pioneer_cli/__init__.py", "json.py", "yaml.py"):
        lay(tmp_path, name, "raise SystemExit('this came from the repository')\n")
    assert enter("pioneer-check", tmp_path, "bids/fine.yaml").returncode == 0


class Desk:
    """A git repository of bid writers, and another one with the hooks."""

    def __init__(self, folder: Path) -> None:
        self.bids, self.hooks = folder / "bid writers", folder / "hooks"
        settings = folder / "gitconfig"
        settings.write_text("[user]\n\tname = A writer\n\temail = writer@example.org\n[init]\n\tdefaultBranch = main\n")
        own = ("PYTHON", "PIONEER", "GIT_", "PRE_COMMIT", "COV")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(own)} | {
            "GIT_CONFIG_GLOBAL": str(settings),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(folder / "kept"),
            "PRE_COMMIT_COLOR": "never",
            "NO_COLOR": "1",
            "COLUMNS": "80",
            "PYTHONUTF8": "1",
        }
        self.bids.mkdir()
        self.hooks.mkdir()
        for name in PROGRAM:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, self.hooks / name)
        for repository in (self.hooks, self.bids):
            self.git("init", "--quiet", folder=repository)
        self.git("add", "--all", folder=self.hooks)
        self.git("commit", "--quiet", "--message", "Hooks", folder=self.hooks)

    def run(self, *command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=folder or self.bids,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        done = self.run("git", *arguments, folder=folder)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def write(self, name: str, text: str) -> None:
        path = self.bids / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "--", name)

    def commit(self) -> subprocess.CompletedProcess[str]:
        """Commits what is staged; what a hook holds up is taken away again."""
        done = self.run("git", "commit", "--quiet", "--message", "A change")
        if done.returncode != 0:
            self.git("reset", "--quiet", "--hard")
        return done


@pytest.fixture
def desk(tmp_path):
    asked = ("download", "--quiet", "--no-deps", "--dest", str(tmp_path / "probe"), "hatchling")
    probe = [sys.executable, "-m", "pip", *asked]
    reached = subprocess.run(probe, capture_output=True, check=False, timeout=300)
    if reached.returncode != 0 and os.environ.get("PIONEER_ALL_TOOLS") != "1":
        pytest.skip("the package index, from which pre-commit installs the hooks, cannot be reached")
    assert reached.returncode == 0, reached.stderr
    return Desk(tmp_path)


def test_the_hooks_hold_up_a_bid_that_is_over_its_limit_or_broken_and_nothing_else(desk):
    exemplar = (ROOT / "bids" / "exemplar.yaml").read_text(encoding="utf-8")
    others = {".github/workflows/ci.yml": "on: push\njobs: {}\n", "bids/reviews/a/r1.yaml": "reviewer: r1\n"}
    for name, text in {**others, "bids/a good one.yaml": exemplar}.items():
        desk.write(name, text)
    tried = desk.pre_commit("try-repo", str(desk.hooks), "--all-files", "--verbose")
    assert tried.returncode == 0, tried.stdout
    assert len(re.findall(r"^pioneer \w+\.+Passed$", tried.stdout, re.MULTILINE)) == 2
    assert re.findall(r"^(bids/.*?): .* 10 pages", tried.stdout, re.MULTILINE) == ["bids/a good one.yaml"] * 2

    head = desk.git("rev-parse", "HEAD", folder=desk.hooks)
    settings = {"repos": [{"repo": str(desk.hooks), "rev": head, "hooks": [{"id": name} for name in HOOKS]}]}
    desk.write(".pre-commit-config.yaml", yaml.safe_dump(settings))
    assert desk.pre_commit("install").returncode == 0
    done = desk.commit()
    assert done.returncode == 0, done.stdout
    desk.write("compose.yaml", "services: {}\n")
    done = desk.commit()
    assert (done.returncode, done.stdout.count("(no files to check)Skipped")) == (0, 2), done.stdout

    desk.write("bids/b.yaml", exemplar)
    desk.write("bids/long.yaml", exemplar.replace("summary: >-\n", f"summary: >-\n{MORE * 12}"))
    done = desk.commit()
    assert done.returncode == 1
    assert done.stdout.count("- exit code: 1") == 2
    assert re.search(r"^bids/long\.yaml: 1\d pages, where the limit is 10: over by ", done.stdout, re.MULTILINE)
    assert re.search(r"^bids/b\.yaml: 10 of 10 pages", done.stdout, re.MULTILINE)

    desk.write("bid.yaml", "call: pioneers-2013\ntitle: [\n")
    done = desk.commit()
    assert done.returncode == 1
    assert done.stdout.count("- exit code: 2") == 2
    assert "bid.yaml:3:1 error yaml-syntax" in done.stdout
