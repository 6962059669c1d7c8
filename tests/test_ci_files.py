"""The files that other programs read, workflows, action, hooks and pipeline: each by its own schema, offline."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / "docs" / "examples" / "gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
SCHEMAS = [
    *(("vendor.github-workflows", path) for path in WORKFLOWS),
    *(("custom.github-workflows-require-timeout", path) for path in WORKFLOWS),
    ("vendor.github-actions", ACTION),
    ("vendor.gitlab-ci", GITLAB),
]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```\n", PAGE, re.DOTALL)
PIN = re.compile(r"^\s*(?:- )?uses: (\S+?)(?:@(\S+))?(?: # (.*))?$", re.MULTILINE)


def jobs(path: Path) -> dict[str, dict]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


def audit(*files: Path, persona: str = "auditor") -> "subprocess.CompletedProcess[str]":
    """What zizmor finds, at its strictest unless another persona is asked for, without the network."""
    program = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
    assert program, "zizmor is not installed"
    options = ("--offline", f"--persona={persona}", "--strict-collection", "--no-progress", "--quiet")
    return subprocess.run([program, *options, *files], capture_output=True, encoding="utf-8", check=False, timeout=60)


def agrees(schema: str, path: Path) -> "subprocess.CompletedProcess[str]":
    transform = ("--data-transform", "gitlab-ci") if schema == "vendor.gitlab-ci" else ()
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *transform, str(path)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_the_workflows_are_found():
    assert [path.name for path in WORKFLOWS] == ["bids.yml", "ci.yml"]


@pytest.mark.parametrize(("schema", "path"), SCHEMAS, ids=lambda part: getattr(part, "name", part))
def test_a_file_is_as_its_reader_wants_it(schema, path):
    checked = agrees(schema, path)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("schema", "path", "old", "new"),
    [
        ("vendor.github-workflows", WORKFLOWS[0], "runs-on:", "run-on:"),
        ("custom.github-workflows-require-timeout", WORKFLOWS[0], "timeout-minutes: 15", "env: {}"),
        ("vendor.github-actions", ACTION, "using: composite", "using: compost"),
        ("vendor.gitlab-ci", GITLAB, "when: always", "when: later"),
    ],
)
def test_a_slip_would_be_seen(tmp_path, schema, path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / path.name).write_text(text.replace(old, new), encoding="utf-8")
    assert agrees(schema, tmp_path / path.name).returncode == 1


def test_nothing_is_found_to_be_unsafe():
    audited = audit(ACTION, HOOKS, *WORKFLOWS)
    assert audited.returncode == 0, audited.stdout


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('exit "$CODE"', 'exit "${{ inputs.bid }}"', "template-injection"),
        ("@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1", "@v7", "unpinned-uses"),
    ],
)
def test_an_unsafe_action_would_be_found(tmp_path, old, new, finding):
    text = ACTION.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "action.yml").write_text(text.replace(old, new), encoding="utf-8")
    audited = audit(tmp_path / "action.yml")
    assert audited.returncode > 10
    assert finding in audited.stdout


def test_what_others_made_is_pinned_to_a_commit_and_says_of_which_version():
    found = [match for path in (ACTION, *WORKFLOWS) for match in PIN.findall(path.read_text(encoding="utf-8"))]
    others = [(name, commit, version) for name, commit, version in found if name != "$/"]
    assert len(others) >= 8
    for name, commit, version in others:
        assert re.fullmatch(r"[0-9a-f]{40}", commit), name
        assert re.fullmatch(r"v\d+\.\d+\.\d+", version), name
    assert len(set(others)) == len({name for name, _, _ in others}), "two pins of one action"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_no_more_than_it_needs(path):
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {}
    for name, job in jobs(path).items():
        allowed = {"contents": "read"} | ({"security-events": "write"} if path.name == "bids.yml" else {})
        assert job["permissions"] == allowed, name
        checkout = next(step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))
        assert checkout["with"]["persist-credentials"] is False


def test_ci_runs_on_every_system_and_python_and_with_the_lowest_and_newest_dependencies():
    of = jobs(WORKFLOWS[1])
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    assert of["linux"]["strategy"]["matrix"] == {"python": pythons}
    assert of["elsewhere"]["strategy"]["matrix"] == {"system": ["macos-15", "windows-2025"], "python": pythons}
    resolutions = [row["resolution"] for row in of["dependencies"]["strategy"]["matrix"]["include"]]
    assert resolutions == ["lowest-direct", "highest"]


@pytest.mark.parametrize("job", ["linux", "elsewhere", "wheel"])
def test_what_a_workflow_runs_is_there(job):
    text = "\n".join(step.get("run", "") for step in jobs(WORKFLOWS[1])[job]["steps"])
    named = re.findall(r"(?:tests|\.ci)/[\w.]+", text)
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_tests_for_every_system_are_there_and_need_nothing_of_one_system():
    named = re.findall(r"tests/test_\w+\.py", (ROOT / ".ci" / "elsewhere").read_text(encoding="utf-8"))
    assert len(named) >= 15
    only_here = re.compile(r"^import (?:fcntl|resource|pty|termios)|mkfifo|os\.fork|\"bash\"", re.MULTILINE)
    assert [name for name in named if only_here.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_what_the_documentation_shows_can_be_copied(tmp_path):
    shown = {"repos": 0, "jobs": 0}
    for block in BLOCKS:
        (kind,) = shown.keys() & yaml.safe_load(block).keys()
        shown[kind] += 1
        copied = block.replace("COMMIT", "f" * 40)
        (tmp_path / f"{kind}.yml").write_text(copied, encoding="utf-8")
        if kind == "jobs":
            assert agrees("vendor.github-workflows", tmp_path / "jobs.yml").returncode == 0
            assert audit(tmp_path / "jobs.yml", persona="regular").returncode == 0
        else:
            command = [sys.executable, "-m", "pre_commit", "validate-config", str(tmp_path / "repos.yml")]
            assert subprocess.run(command, check=False, timeout=60).returncode == 0
    assert shown == {"repos": 2, "jobs": 3}


def test_the_documentation_names_the_same_hooks_inputs_outputs_and_variables():
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    on_github, on_gitlab = PAGE.split("## On GitHub")[1].split("## On GitLab")
    assert re.findall(r"^\| `([a-z-]+)` \|", on_github, re.MULTILINE) == list(action["inputs"])
    assert re.findall(r"`([a-z-]+)`", on_github.split("outputs ")[1].split(".")[0]) == list(action["outputs"])
    assert set(re.findall(r"- id: (\S+)", PAGE)) == {hook["id"] for hook in yaml.safe_load(HOOKS.read_text("utf-8"))}
    variables = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["bid"]["variables"].keys() - {"PYTHONUTF8"}
    assert set(re.findall(r"`([A-Z]+)`", on_gitlab.split("## ")[0])) == variables
    pins = set(PIN.findall(PAGE)) - {("OWNER/pioneer", "COMMIT", "")}
    assert pins
    assert pins <= {pin for path in (ACTION, *WORKFLOWS) for pin in PIN.findall(path.read_text(encoding="utf-8"))}
