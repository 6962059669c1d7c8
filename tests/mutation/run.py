"""How many small wrongs put into the judging code the tests notice: mutation testing with mutmut, part by part.

    python tests/mutation/run.py                         # every mutant of every part: some twenty minutes on two cores
    python tests/mutation/run.py --sample 150            # 150 of each part, drawn with a fixed seed
    python tests/mutation/run.py --only score --folder build/mutation       # keeps the results of one part
    python tests/mutation/run.py --only score --folder build/mutation --again   # tests its survivors anew

Prints for each part how many mutants there are and what became of them; exits with 1 when a part's score is below
85 %, and with 2 when it cannot be told. Needs the extra `mutation`, and a system that can fork.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).parent / "equivalent.toml"
COPIED = ("pioneer_cli", "tests", "criteria", "templates", "bids", "docs", "README.md", "pyproject.toml")
LIMIT = 85.0  # per cent
SEED = 2013
KILLED, TIMED_OUT = {1, 3}, {-24, 24, 36, 152}  # exit codes of a mutant's tests, as mutmut keeps them


@dataclass(frozen=True)
class Part:
    """Files to mutate, the tests that cover them, and pytest's expression for those that do not take too long for it.

    With `functions` only the mutants of these count, by the names that `said` gives them.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    choose: str = ""
    functions: tuple[str, ...] = ()


TYPESET = (
    "not near_the_limit and not as_many_lines and not anywhere and not longer_and_longer and not follow_one_another"
)
GATE = "not test_press or child_answers"  # a child process does not say which functions it called
PARTS = {
    "predicates": Part(
        ("predicates/*",),
        (
            "test_predicates", "test_predicates_more", "test_predicates_arguments", "test_predicates_edges",
            "test_invert_rules", "test_pack",
        ),
    ),
    "assess": Part(("assess.py",), ("test_assess",)),
    "score": Part(("score.py",), ("test_score", "test_score_more")),
    "typeset": Part(("typeset.py",), ("test_typeset", "test_typeset_measures"), TYPESET),
    "page gate": Part(
        ("pipeline.py", "press.py"),
        ("test_pipeline", "test_press", "test_page_gate"),
        GATE,
        (
            "pipeline.check", "pipeline.check_source", "pipeline._typeset", "pipeline.over_budget",
            "pipeline.exit_code", "pipeline.below_minimum", "press.in_child", "press._typeset", "press._printed",
            "press._too_many", "press.Press.typeset",
        ),
    ),
}  # fmt: skip
# The page gate is also what these do, whose mutants count in their own parts too.
GATE_ELSEWHERE = (
    "predicates.lists._page_limit", "typeset.count_pages", "typeset._object_offsets", "typeset._reference",
    "typeset._object", "typeset._leaves", "typeset.typeset", "typeset.measure",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One wrong: where it is, and the exit code of the tests that ran against it; None when none did."""

    name: str
    file: str
    function: str
    code: int | None


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of a part."""

    total: int
    killed: int
    timed_out: int
    equivalent: int
    survivors: tuple[tuple[Mutant, str], ...]

    @property
    def score(self) -> float:
        """Per cent of the mutants that are not listed as equivalent; a test that no longer ends has noticed one."""
        return 100 * (self.killed + self.timed_out) / max(self.total - self.equivalent, 1)

    @property
    def of_all(self) -> float:
        """The same of all mutants, as if those listed as equivalent had survived."""
        return 100 * (self.killed + self.timed_out) / max(self.total, 1)

    @property
    def margin(self) -> tuple[float, float]:
        """Wilson's interval of 95 % for the score of all mutants, where these are a sample."""
        n, share, z = max(self.total - self.equivalent, 1), self.score / 100, 1.96
        middle, width = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return 100 * (middle - width) / (1 + z * z / n), 100 * (middle + width) / (1 + z * z / n)


def said(name: str) -> str:
    """A mutant's function as people name it: `assess.quote`, `predicates.lists.Covers.paths`."""
    module, _, mangled = re.sub(r"__mutmut_\d+$", "", name).removeprefix("pioneer_cli.").rpartition(".")
    function = mangled.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in mangled else mangled.removeprefix("x_")
    return f"{module}.{function}"


def prepare(part: Part, folder: Path) -> None:
    """Copies what the tests need into the folder and tells mutmut there what to do."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", ".hypothesis")
            shutil.copytree(ROOT / name, folder / name, ignore=left_out, dirs_exist_ok=True)
        else:
            shutil.copy2(ROOT / name, folder / name)
    tests = [f"tests/{name}.py" for name in part.tests]
    # Failing examples of hypothesis are made small before they are told, which takes a minute: other tests have to do.
    options = ["-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not hypothesis"]
    settings = {
        "source_paths": ["pioneer_cli"],
        "only_mutate": [f"pioneer_cli/{name}" for name in part.files],
        "also_copy": [name for name in COPIED if name not in ("pioneer_cli", "tests", "pyproject.toml")],
        "pytest_add_cli_args": options + (["-k", part.choose] if part.choose else []),
        "pytest_add_cli_args_test_selection": tests,
        "process_isolation": "forkserver",  # the typesetter's threads do not outlive a fork
        "timeout_multiplier": 10.0,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "[tool.mutmut]", *lines, "use_git_change_detection = false", ""]))


def mutmut(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs mutmut in the folder. Two at once: more of them on two cores would run into their time limits."""
    command = [str(Path(sys.executable).parent / "mutmut"), *arguments]
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONHASHSEED": "0"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def mutants(part: Part, folder: Path) -> list[Mutant]:
    """All mutants of a part, with what is known of them."""
    found = []
    for path in sorted((folder / "mutants" / "pioneer_cli").rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        file = path.relative_to(folder / "mutants").with_suffix("").as_posix()
        found += [Mutant(name, file, said(name), code) for name, code in codes.items()]
    return [mutant for mutant in found if not part.functions or mutant.function in part.functions]


def generated(part: Part, folder: Path) -> list[Mutant]:
    """The mutants of a part, made but not run, so that some can be drawn: those of no function, which are none."""
    if not list((folder / "mutants").rglob("*.meta")):
        mutmut(folder, "run", "nothing-is-called-this")
    return mutants(part, folder)


def differs(folder: Path, mutant: Mutant) -> str:
    """The lines that a mutant changes: what stood there, and what stands there now."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    with chdir(folder):
        shown = get_diff_for_mutant(mutant.name, path=mutant.file).splitlines()
    lines = [line for line in shown if re.match(r"[-+](?![-+]{2} )", line)]
    was = " ".join(line[1:].strip() for line in lines if line[0] == "-")
    return f"{was}  =>  {' '.join(line[1:].strip() for line in lines if line[0] == '+')}"


def equivalent() -> dict[tuple[str, str], str]:
    """The mutants that change nothing that could be seen, each with the reason, by function and changed lines."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
    return {(found["function"], f"{found['was']}  =>  {found['becomes']}"): found["why"] for found in listed}


def tally(found: Sequence[Mutant], folder: Path) -> Tally:
    """Counts the mutants that ran; those that survived are looked up among the equivalent ones."""
    ran = [mutant for mutant in found if mutant.code is not None]
    alive = [(mutant, differs(folder, mutant)) for mutant in ran if mutant.code not in KILLED | TIMED_OUT]
    known = equivalent()
    survivors = tuple((mutant, change) for mutant, change in alive if (mutant.function, change) not in known)
    killed = sum(mutant.code in KILLED for mutant in ran)
    timed_out = sum(mutant.code in TIMED_OUT for mutant in ran)
    return Tally(len(ran), killed, timed_out, len(alive) - len(survivors), survivors)


def run(name: str, folder: Path, options: argparse.Namespace) -> list[Mutant]:
    """Tests the mutants of a part, or those that were asked for; exits with 2 when one of them did not run."""
    part = PARTS[name]
    prepare(part, folder)
    wanted: list[Mutant] = []
    if options.sample or options.again or part.functions:
        wanted = generated(part, folder)
        if options.again:
            wanted = [mutant for mutant in wanted if mutant.code not in KILLED | TIMED_OUT]
        if options.sample and options.sample < len(wanted):
            wanted = random.Random(SEED).sample(wanted, options.sample)
    test(name, folder, options.jobs, wanted)
    found = mutants(part, folder)
    names = {mutant.name for mutant in (wanted if options.sample else found)}
    left = [mutant for mutant in found if mutant.code is None and mutant.name in names]
    if left and options.again:  # of functions that were changed since
        test(name, folder, options.jobs, left)
        found = mutants(part, folder)
        left = [mutant for mutant in found if mutant.code is None]
    if left or not found:
        print(f"{name}: {len(left)} of {len(found)} mutants did not run", file=sys.stderr)
        sys.exit(2)
    here = tuple(each for each in GATE_ELSEWHERE if each.startswith(f"{name}."))
    if unknown := sorted({*part.functions, *here} - {mutant.function for mutant in found}):
        print(f"{name}: no mutants of {', '.join(unknown)}", file=sys.stderr)
        sys.exit(2)
    return found


def test(name: str, folder: Path, jobs: int, wanted: Sequence[Mutant]) -> None:
    """Has mutmut test some mutants, or all that it has not yet tested; exits with 2 when it cannot."""
    finished = mutmut(folder, "run", "--max-children", str(jobs), *(mutant.name for mutant in wanted))
    if finished.returncode:
        print(f"{name}: mutmut could not run\n{finished.stdout[-3000:]}{finished.stderr[-3000:]}", file=sys.stderr)
        sys.exit(2)


def table(tallies: dict[str, Tally], sampled: bool) -> Iterator[str]:
    """The rows to print, one for each part."""
    heads = f"{'mutants':>8}{'killed':>8}{'timed out':>11}{'survived':>10}{'equivalent':>12}{'score':>9}{'of all':>9}"
    yield f"{'part':<12}{heads}"
    for name, found in tallies.items():
        alive, (low, high) = len(found.survivors), found.margin
        row = f"{name:<12}{found.total:>8}{found.killed:>8}{found.timed_out:>11}{alive:>10}{found.equivalent:>12}"
        yield f"{row}{found.score:>7.1f} %{found.of_all:>7.1f} %" + (
            f"  (95 % sure: {low:.0f} to {high:.0f} %)" if sampled else ""
        )


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--sample", type=int, help="this many mutants of each part, drawn with a fixed seed")
    parser.add_argument("--folder", type=Path, help="where results are kept; without it nothing is")
    parser.add_argument("--again", action="store_true", help="only what survived in the folder")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def main() -> int:
    """Runs what was asked for and prints it. Returns the exit code."""
    options = arguments()
    tallies: dict[str, Tally] = {}
    gate: list[Tally] = []
    with TemporaryDirectory(prefix="mutation-") as scratch:
        for name in options.only:
            folder = (options.folder or Path(scratch)).resolve() / name.replace(" ", "-")
            folder.mkdir(parents=True, exist_ok=True)
            found = run(name, folder, options)
            tallies[name] = tally(found, folder)
            gate.append(tally([mutant for mutant in found if mutant.function in GATE_ELSEWHERE], folder))
    if "page gate" in tallies:
        whole = [tallies["page gate"], *gate]
        counts = (sum(getattr(t, n) for t in whole) for n in ("total", "killed", "timed_out", "equivalent"))
        tallies["page gate"] = Tally(*counts, tuple(each for t in whole for each in t.survivors))
    for name, found in tallies.items():
        for mutant, change in found.survivors:
            print(f"{name}: survived in {mutant.function}: {change}")
    print("\n".join(table(tallies, bool(options.sample))))
    return int(any(found.score < LIMIT for found in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
