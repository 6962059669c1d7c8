"""Measures `pioneer check` as a whole process against its peers, and prints ratios of medians from one run.

Usage: python benchmarks/check.py [--runs N] [--thousand]

Run it with the Python of an environment that holds pioneer and its `dev` extra. Spectral comes from npm when npm is
there; a peer that is not to be had is named as not measured. Everything is byte-compiled first, and the commands take
turns, so that a machine whose speed drifts treats all alike.
"""

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from spectral_rules import RULES

ROOT = Path(__file__).resolve().parent.parent
EXEMPLAR = ROOT / "bids" / "exemplar.yaml"
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
SCRIPTS = Path(sysconfig.get_path("scripts"))
PIONEER = [sys.executable, "-c", "from pioneer_cli.__main__ import main; main()"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command")
    parser.add_argument("--thousand", action="store_true", help="also check 1,000 bids, which takes a minute")
    options = parser.parse_args()
    for folder in (sysconfig.get_path("purelib"), ROOT / "pioneer_cli"):
        compileall.compile_dir(str(folder), quiet=2)
    with tempfile.TemporaryDirectory() as scratch:
        commands, missing = single_commands(Path(scratch))
        times, memory = measure(commands, options.runs)
        print_table(times, memory, missing)
        print_batches(Path(scratch), times["check"], [1, 111, 1000] if options.thousand else [1, 111])


def single_commands(scratch: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The commands that take turns, by name, and the peers that are not to be had."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "version": [*PIONEER, "--version"],
        "explain": [*PIONEER, "explain", "C3b"],
        "check": [*PIONEER, "check", str(EXEMPLAR)],
        "check --no-pages": [*PIONEER, "check", "--no-pages", str(EXEMPLAR)],
    }
    missing = []
    peer = shutil.which("check-jsonschema", path=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    if peer:
        schema = ROOT / "pioneer_cli" / "bid.schema.json"
        commands["check-jsonschema"] = [peer, "--schemafile", str(schema), str(EXEMPLAR)]
    else:
        missing.append("check-jsonschema")
    spectral = install_spectral(scratch)
    if spectral:
        rules = scratch / "rules.json"
        rules.write_text(json.dumps({"rules": RULES}))
        commands["spectral"] = ["node", str(spectral), "lint", "--ruleset", str(rules), str(EXEMPLAR)]
    else:
        missing.append("spectral")
    return commands, missing


def install_spectral(scratch: Path) -> Path | None:
    if not shutil.which("npm"):
        return None
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(scratch)]
    subprocess.run([*install, "@stoplight/spectral-cli"], check=False, capture_output=True)
    program = scratch / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    return program if program.is_file() else None


def run(command: list[str]) -> tuple[float, float]:
    """Seconds of wall time and the peak memory of the process in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def measure(commands: dict[str, list[str]], runs: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    times: dict[str, list[float]] = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0.0)
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds, peak = run(command)
            if number:  # the first round warms the caches
                times[name].append(seconds)
                memory[name] = max(memory[name], peak)
    return times, memory


def print_table(times: dict[str, list[float]], memory: dict[str, float], missing: list[str]) -> None:
    print(f"{'command':<18} {'median ms':>9} {'min':>6} {'max':>6} {'peak MiB':>9}")
    for name, seconds in times.items():
        figures = [1000 * value for value in (statistics.median(seconds), min(seconds), max(seconds))]
        print(f"{name:<18} {figures[0]:>9.0f} {figures[1]:>6.0f} {figures[2]:>6.0f} {memory[name]:>9.1f}")
    print()
    for name, peer, target in (
        ("check", "check-jsonschema", 1.0),
        ("check", "spectral", 0.45),
        ("version", "python -c pass", 7.0),
    ):
        if peer in missing:
            print(f"{name} / {peer}: not measured, {peer} is not to be had here")
            continue
        ratio = statistics.median(a / b for a, b in zip(times[name], times[peer], strict=True))
        print(f"{name} / {peer}: {ratio:.2f} (target: at most {target:g})")
    print(f"peak memory of check: {memory['check']:.1f} MiB (target: at most 90)")


def print_batches(scratch: Path, singles: list[float], sizes: list[int]) -> None:
    """Batches of equal bids and of bids that differ in nearly every line, against one bid."""
    single = statistics.median(singles)
    print()
    for kind, write in (("equal bids", copy), ("different bids", vary)):
        folder = scratch / kind.replace(" ", "-")
        folder.mkdir()
        written = 0
        for size in sizes:
            for number in range(written, size):
                write(number, folder / f"bid-{number:04}.yaml")
            written = size
            seconds = min(run([*PIONEER, "check", "-q", str(folder)])[0] for _ in range(3))
            note = " (target for 111: at most 12)" if size == 111 else ""
            print(f"{size} {kind}: {seconds:.2f} s, {seconds / single:.1f} times one bid{note}")


def copy(number: int, target: Path) -> None:
    target.write_bytes(EXEMPLAR.read_bytes())


def vary(number: int, target: Path) -> None:
    """The exemplar with a syllable put into many of its words, so that no paragraph equals another bid's."""
    lines = []
    for line_number, line in enumerate(EXEMPLAR.read_text(encoding="utf-8").splitlines()):
        marker = "abcdefghij"[(number + line_number) % 10] + "aeiou"[number // 10 % 5] + "rstlnm"[number // 50 % 6]
        words = line.split(" ")
        long = [at for at, word in enumerate(words) if at > len(words) // 2 and len(word) > 5 and word.isalpha()]
        if (
            long
            and not line.lstrip().startswith(("#", "id:", "- id:"))
            and ": [" not in line
            and words[-2:-1] != ["kind:"]
        ):
            at = long[number % len(long)]
            if not words[at - 1].endswith(":"):
                words[at] += marker
        lines.append(" ".join(words))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
