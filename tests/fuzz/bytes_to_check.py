"""Coverage-guided fuzzing: any bytes → `check`; what crashes, hangs or ends otherwise than with 0, 1 or 2 is kept.

    python tests/fuzz/bytes_to_check.py -runs=100000 -artifact_prefix=found-

Takes the options of libFuzzer. It begins with the files in `tests/fuzz/cases/` and words of the YAML of bids. What it
finds goes into that folder under a name that says what it shows.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pioneer_cli"]):
    from watched_check import watched_check

HERE = Path(__file__).resolve().parent
MOST = 4096  # bytes; longer texts only say the same again


def main(arguments: list[str]) -> None:
    """Runs libFuzzer until its limit; a failure ends the process with its traceback and a file."""
    with tempfile.TemporaryDirectory(prefix="pioneer-fuzz-") as room:
        corpus = Path(room, "corpus")
        corpus.mkdir()
        file = Path(room, "bid.yaml")
        options = [f"-dict={HERE / 'words.dict'}", f"-max_len={MOST}", "-rss_limit_mb=1024", *arguments]
        atheris.Setup(
            [sys.argv[0], *options, str(corpus), str(HERE / "cases")], lambda content: watched_check(content, file)
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
