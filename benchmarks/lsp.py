"""Measures the language server: from a one-word edit of a ten-page bid to its new diagnostics and to its new pages.

Usage: python benchmarks/lsp.py [--runs N]

A headless editor talks to a real `pioneer lsp` over standard input and output. Each round also runs a cold
`pioneer check` of the same bid, so that the ratios are of one run. Run it with the Python of an environment that holds
`pioneer-cli[lsp]`. Everything is byte-compiled first.
"""

import argparse
import compileall
import os
import random
import re
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from lsp_client import Editor  # noqa: E402  the tests' own editor

EXEMPLAR = ROOT / "bids" / "exemplar.yaml"
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
CHECK = [sys.executable, "-c", "from pioneer_cli.__main__ import main; main()", "check", str(EXEMPLAR)]
TARGETS = {"diagnostics": 150, "pages": 250}  # milliseconds
WORDS = ("people", "services", "council", "together", "practice")
WARM = 5  # edits before any counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=25, help="counted edits")
    options = parser.parse_args()
    for folder in (sysconfig.get_path("purelib"), ROOT / "pioneer_cli"):
        compileall.compile_dir(str(folder), quiet=2)
    times = measured(options.runs)
    for name, seconds in times.items():
        median, worst = 1000 * statistics.median(seconds), 1000 * max(seconds)
        target = f" (target: at most {TARGETS[name]})" if name in TARGETS else ""
        print(f"{name:<12} median {median:>5.0f} ms, worst {worst:>5.0f} ms{target}")
    for name in TARGETS:
        ratio = statistics.median(a / b for a, b in zip(times[name], times["cold check"], strict=True))
        print(f"{name} / cold check: {ratio:.2f}")


def measured(runs: int) -> dict[str, list[float]]:
    """Seconds of each round: of a cold check, and from an edit to what it changes."""
    editor = Editor(ROOT, environment=ENVIRONMENT).initialize()
    uri, text = EXEMPLAR.as_uri(), EXEMPLAR.read_text(encoding="utf-8")
    lines = text.split("\n")
    prose = [number for number, line in enumerate(lines) if re.fullmatch(r"    [A-Za-z][\w ,.']{60,}", line)]
    chance = random.Random(2013)
    editor.open(uri, text)
    editor.settled(uri)
    times: dict[str, list[float]] = {"cold check": [], "diagnostics": [], "pages": []}
    for number in range(WARM + runs):
        check = seconds_of_check() if number >= WARM else 0.0
        line = chance.choice(prose)
        begin = time.perf_counter()
        version = editor.change(uri, one_word(lines, line, f"{chance.choice(WORDS)}{number}"))
        lenses = editor.begin("textDocument/codeLens", {"textDocument": {"uri": uri}})
        editor.diagnostics(uri, version)
        diagnostics = time.perf_counter() - begin
        answer = editor.answer(lenses)["result"]
        pages = time.perf_counter() - begin
        assert answer[0]["command"]["title"].endswith(" pages"), answer[0]  # of the text as it now is
        if number >= WARM:
            for name, seconds in zip(times, (check, diagnostics, pages), strict=True):
                times[name].append(seconds)
    editor.end()
    editor.kill()
    return times


def one_word(lines: list[str], number: int, word: str) -> dict[str, object]:
    """The change that puts another word in the place of a line's last one; the lines are changed too."""
    before, _, last = lines[number].rpartition(" ")
    lines[number] = f"{before} {word}"
    places = ({"line": number, "character": column} for column in (len(before) + 1, len(before) + 1 + len(last)))
    return {"range": dict(zip(("start", "end"), places, strict=True)), "text": word}


def seconds_of_check() -> float:
    begin = time.perf_counter()
    subprocess.run(CHECK, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
