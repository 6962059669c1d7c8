"""Measures gap reports as whole processes against `check`, and prints ratios of medians from one run.

Usage: python benchmarks/gap_report.py [--runs N]

Run it with the Python of an environment that holds pioneer. Everything is byte-compiled first; the commands take turns.
"""

import argparse
import compileall
import statistics
import sysconfig
import tempfile
from pathlib import Path

from document import EXEMPLAR, PIONEER, ROOT, run

REVIEWS = ROOT / "docs" / "examples" / "reviews"
TARGET = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command")
    options = parser.parse_args()
    for folder in (sysconfig.get_path("purelib"), ROOT / "pioneer_cli"):
        compileall.compile_dir(str(folder), quiet=2)
    with tempfile.TemporaryDirectory() as scratch:
        compare(Path(scratch), options.runs)


def compare(scratch: Path, runs: int) -> None:
    gaps = [*PIONEER, "gaps", str(EXEMPLAR)]
    html, pdf = str(scratch / "gaps.html"), str(scratch / "gaps.pdf")
    commands = {
        "check": [*PIONEER, "check", str(EXEMPLAR)],
        "HTML": [*gaps, "-o", html],
        "PDF": [*gaps, "-o", pdf],
        "HTML and PDF in one run": [*gaps, "-o", html, "-o", pdf],
        "HTML with three reviews": [*gaps, "--reviews", str(REVIEWS), "-o", html],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds = run(command)
            if number:  # the first round warms the caches
                times[name].append(seconds)
    for name, seconds in times.items():
        ratio = statistics.median(a / b for a, b in zip(seconds, times["check"], strict=True))
        target = f" (target: at most {TARGET:g})" if name in ("HTML", "PDF") else ""
        against = "" if name == "check" else f"   / check: {ratio:.2f}{target}"
        print(f"{name:<24} {1000 * statistics.median(seconds):>5.0f} ms{against}")


if __name__ == "__main__":
    main()
