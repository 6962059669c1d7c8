"""Measures making a bid's document as a whole process against a peer, and prints ratios of medians from one run.

Usage: python benchmarks/document.py [--runs N]

The peer is pandoc with WeasyPrint, on the Markdown that pioneer writes of the same bid; where one of them is not to be
had, that ratio is named as not measured. Run it with the Python of an environment that holds pioneer and, for the peer,
WeasyPrint. Everything is byte-compiled first, and the commands take turns.
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

ROOT = Path(__file__).resolve().parent.parent
EXEMPLAR = ROOT / "bids" / "exemplar.yaml"
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
SCRIPTS = Path(sysconfig.get_path("scripts"))
PIONEER = [sys.executable, "-c", "from pioneer_cli.__main__ import main; main()"]
PARAGRAPHS = 24_000  # of one word each, which is a bid of 546 pages
PROSE = "  intended_outcomes: >-\n"  # a field of the exemplar, which the text below makes a page longer
MORE_TEXT = "Each team agrees one plan with the person and the family, and says who does what by when. "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command")
    options = parser.parse_args()
    for folder in (sysconfig.get_path("purelib"), ROOT / "pioneer_cli"):
        compileall.compile_dir(str(folder), quiet=2)
    with tempfile.TemporaryDirectory() as scratch:
        compare(Path(scratch), options.runs)
        again = rendered_again(options.runs)
        print(f"rendered again after an edit of one word, in one process: {again:.0f} ms (target: at most 50)")
        limits(Path(scratch), min(options.runs, 5))


def compare(scratch: Path, runs: int) -> None:
    """`render` against `check` and against the peer."""
    commands = {
        "check": [*PIONEER, "check", str(EXEMPLAR)],
        "render": [*PIONEER, "render", str(EXEMPLAR), "-o", str(scratch / "bid.pdf"), "--allow-over"],
    }
    engine = shutil.which("weasyprint", path=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    if shutil.which("pandoc") and engine:
        run([*PIONEER, "render", str(EXEMPLAR), "-o", str(scratch / "bid.md"), "--allow-over"])
        page = ["--standalone", "--to", "html5", "--metadata", "title=Bid", "--pdf-engine", engine]
        commands["peer"] = ["pandoc", str(scratch / "bid.md"), *page, "--output", str(scratch / "peer.pdf")]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds = run(command)
            if number:  # the first round warms the caches
                times[name].append(seconds)
    for name, seconds in times.items():
        print(f"{name:<8} {1000 * statistics.median(seconds):>6.0f} ms")
    for other, title, target in (("peer", "pandoc + WeasyPrint", 0.35), ("check", "check", 1.2)):
        if other not in times:
            print(f"render / {title}: not measured, it is not to be had here")
            continue
        ratio = statistics.median(a / b for a, b in zip(times["render"], times[other], strict=True))
        print(f"render / {title}: {ratio:.2f} (target: at most {target:g})")


def rendered_again(runs: int) -> float:
    """Milliseconds from the bid's text, one word of it changed, to its PDF, in a process that has done it before."""
    from pioneer_cli.bid import plain
    from pioneer_cli.pipeline import read_bid
    from pioneer_cli.press import Press
    from pioneer_cli.source import parse

    text = EXEMPLAR.read_text(encoding="utf-8")
    times = []
    with Press() as press:
        for number in range(runs + 2):
            edited = text.replace(" we ", f" we{number} ", 1)
            begun = time.perf_counter()
            found = read_bid(parse(edited, "bid.yaml"))
            press.typeset(plain(found.bid))
            times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times[2:])


def limits(scratch: Path, runs: int) -> None:
    """The cut list of a bid that is a page over, and the refusal of one far too long, as whole processes."""
    over = scratch / "over.yaml"
    text = EXEMPLAR.read_text(encoding="utf-8")
    over.write_text(text.replace(PROSE, PROSE + more_text(), 1), encoding="utf-8")
    told = json.loads(output_of([*PIONEER, "pages", str(over), "--format", "json"]))
    seconds = statistics.median(run([*PIONEER, "pages", str(over)]) for _ in range(runs))
    found = f"{len(told['cuts']['set'])} cuts of {told['cuts']['tried']} tried" if told["cuts"]["set"] else "no set"
    print(f"cut list of a bid of {told['pages']['count']} pages, {told['cuts']['lines_needed']:.0f} lines over: "
          f"{seconds:.2f} s, {found} (target: at most 3 s)")  # fmt: skip
    long = scratch / "long.yaml"
    summary = json.dumps("\n\n".join(["Word"] * PARAGRAPHS))
    long.write_text(f"call: pioneers-2013\ntitle: Long\narea: {{name: Ourshire (invented)}}\nsummary: {summary}\n")
    seconds = statistics.median(
        run([*PIONEER, "render", str(long), "-o", str(scratch / "long.pdf")]) for _ in range(runs)
    )
    print(f"a bid of 546 pages is refused in {seconds:.2f} s (target: at most 3 s)")


def more_text() -> str:
    """About a page of text, in paragraphs that are not alike."""
    words = MORE_TEXT.split()
    paragraphs = (" ".join(words[(7 * n + m) % len(words)] for m in range(80 + 3 * n)) for n in range(9))
    return "".join(f"    {paragraph}.\n\n" for paragraph in paragraphs)


def run(command: list[str]) -> float:
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1, 2) or b"rror" in done.stderr:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return seconds


def output_of(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False, text=True).stdout


if __name__ == "__main__":
    main()
