"""Whether the tests take as many branches as we hold ourselves to; run after `coverage combine`.

Prints the branch coverage of the judging code, each module and each predicate's file by itself, and of all modules
together; exits with 1 when one is below its limit, and with 2 when nothing was measured.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage
from coverage.exceptions import CoverageException

OVERALL, JUDGING = 90.0, 95.0  # per cent of lines and branches together
SHOWN = 12
MODULES = ("predicates/", "assess.py", "score.py", "typeset.py", "press.py", "pipeline.py")


def measured() -> Mapping[str, Any]:
    """What coverage tells as JSON."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "coverage.json")
        coverage = Coverage()
        coverage.load()
        coverage.json_report(outfile=str(path))
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def rows(found: Mapping[str, Any]) -> Iterator[tuple[str, float, str, float]]:
    """Each module that is held to the higher limit, then the whole: its name, its share, what it lacks, its limit."""
    for name, file in sorted(found["files"].items()):
        inside = name.replace("\\", "/").rpartition("pioneer_cli/")[2]
        if inside.startswith(MODULES):
            arrows = (f"{start}→{end if end > 0 else 'exit'}" for start, end in file["missing_branches"])
            missing = [*map(str, file["missing_lines"]), *arrows]
            lacking = ", ".join(missing[:SHOWN]) + (f" and {len(missing) - SHOWN} more" if missing[SHOWN:] else "")
            yield inside, file["summary"]["percent_covered"], lacking, JUDGING
    yield "all modules", found["totals"]["percent_covered"], "", OVERALL


def main() -> int:
    """Prints the table. Returns the exit code."""
    try:
        table = list(rows(measured()))
    except CoverageException as error:
        print(f"nothing was measured: {error}", file=sys.stderr)
        return 2
    if len(table) <= len(MODULES):
        print("some of the modules were not measured", file=sys.stderr)
        return 2
    for name, share, lacking, limit in table:
        told = f"  lacks {lacking}" if lacking else ""
        print(f"{name:<24}{share:6.1f} %  {'ok' if share >= limit else f'below {limit:.0f} %'}{told}")
    return int(any(share < limit for _, share, _, limit in table))


if __name__ == "__main__":
    sys.exit(main())
