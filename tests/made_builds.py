"""Build servers made for tests: they run the shell steps of an action or a pipeline as the real ones do, word for word.

Only what the files of this repository use is known. Anything else is an error, so that no test passes by a step that
was not understood. Actions of others are not run but recorded, with what they were given.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PYTHON = """#!/usr/bin/env bash
# Stands for a new Python: a virtual environment is made at once, and pip only writes down what it was asked for.
set -eu
if [ "$1 $2 $3" = "-I -m venv" ]; then
  mkdir -p "$4/bin"
  cp "$0" "$4/bin/python"
  printf '#!/bin/sh\\nexec "{python}" -P -m pioneer_cli "$@"\\n' > "$4/bin/pioneer"
  printf '#!/bin/sh\\nexec "$(dirname "$0")/python" -I -m pip "$@"\\n' > "$4/bin/pip"
  chmod +x "$4/bin/python" "$4/bin/pioneer" "$4/bin/pip"
elif [ "$1 $2 $3" = "-I -m pip" ]; then
  printf '%s\\n' "$@" > "{asked}"
else
  exec "{python}" "$@"
fi
"""


def fake_python(folder: Path) -> Path:
    """A Python in a folder that may not be there yet; what pip is asked for lands in `asked` beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "python"
    program.write_text(PYTHON.format(python=sys.executable, asked=folder / "asked"), encoding="utf-8")
    program.chmod(0o755)
    return program


def environment_of(**more: str) -> dict[str, str]:
    """The environment of a step: this one's, without what could help pioneer or tell a build server, and with more."""
    own = ("PYTHON", "PIONEER", "GITHUB_", "CI", "COV", "NO_COLOR", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return kept | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"} | more


@dataclass
class Ended:
    """How a run ended: its code, all that was printed, and the summary."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]
    used: dict[str, dict[str, str]]


@dataclass
class Runner:
    """GitHub's runner for one composite action, in a workspace; uploads whose id is in `refused` fail."""

    workspace: Path
    temporary: Path
    refused: tuple[str, ...] = ()
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""

    def run(self, action: Path, **inputs: str) -> Ended:
        """Runs the action with these inputs, dashes written as underscores."""
        described = yaml.safe_load(action.read_text(encoding="utf-8"))
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= described["inputs"].keys()
        for name, about in described["inputs"].items():
            assert name in given or not about.get("required"), name
            self.inputs[name] = given.get(name, about.get("default", ""))
        summary = self.temporary / "summary.md"
        summary.touch()
        code = 0
        for step in described["runs"]["steps"]:
            if code == 0 and self.holds(step.get("if", "${{ true == true }}")):
                code = self.step(step)
        outputs = {name: self.resolved(about["value"]) for name, about in described["outputs"].items()}
        return Ended(code, self.log, summary.read_text(encoding="utf-8"), outputs, self.used)

    def step(self, step: Mapping[str, Any]) -> int:
        """Runs or records one step; gives its code, 0 where it may fail."""
        known = self.steps.setdefault(step.get("id", step["name"]), {"outputs": {}, "outcome": "success"})
        run = self.use if "uses" in step else self.shell
        code = run(step, known["outputs"])
        known["outcome"] = "failure" if code else "success"
        return 0 if step.get("continue-on-error") else code

    def use(self, step: Mapping[str, Any], outputs: dict[str, str]) -> int:
        name = step["uses"].split("@")[0]
        self.used[name] = {key: self.resolved(value) for key, value in step["with"].items()}
        if name == "actions/setup-python":
            outputs["python-path"] = str(fake_python(self.temporary / "tools"))
        return int(step.get("id") in self.refused)

    def shell(self, step: Mapping[str, Any], outputs: dict[str, str]) -> int:
        assert step["shell"] == "bash"
        script, told = self.temporary / "step.sh", self.temporary / "outputs"
        script.write_text(step["run"], encoding="utf-8")
        told.write_text("", encoding="utf-8")
        environment = environment_of(
            GITHUB_ACTIONS="true",
            GITHUB_OUTPUT=str(told),
            GITHUB_STEP_SUMMARY=str(self.temporary / "summary.md"),
            GITHUB_WORKSPACE=str(self.workspace),
            **{name: self.resolved(value) for name, value in step.get("env", {}).items()},
        )
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        code, printed = finish(command, self.workspace, environment)
        self.log += printed
        for line in told.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            outputs[name] = value
        return code

    def holds(self, condition: str) -> bool:
        """Whether a condition of comparisons, joined by `&&`, is true."""
        (inside,) = re.fullmatch(r"\$\{\{ (.*) \}\}", condition).groups()  # type: ignore[union-attr]
        return all(self.compared(part) for part in inside.split(" && "))

    def compared(self, comparison: str) -> bool:
        left, sign, right = re.fullmatch(r"(\S+) (==|!=) (\S+)", comparison).groups()  # type: ignore[union-attr]
        return (self.value(left) == self.value(right)) == (sign == "==")

    def resolved(self, text: str | bool) -> str:
        """A value of the file with its expressions filled in."""
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self.value(match.group(1)), str(text))

    def value(self, expression: str) -> str:
        """What an expression stands for."""
        if quoted := re.fullmatch(r"'([^']*)'|(true)", expression):
            return quoted.group(1) or quoted.group(2) or ""
        match expression.split("."):
            case ["inputs", name]:
                return self.inputs[name]
            case ["github", "action_path"]:
                return str(ROOT)
            case ["runner", "temp"]:
                return str(self.temporary)
            case ["steps", name, "outputs", output]:
                return str(self.steps.get(name, {"outputs": {}})["outputs"].get(output, ""))
            case ["steps", name, "outcome"]:
                return str(self.steps.get(name, {"outcome": "skipped"})["outcome"])
        raise AssertionError(f"no such expression: {expression}")


def finish(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Runs a command; gives its code and all that it printed, in order."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout
