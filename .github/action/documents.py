"""Makes the PDFs of the bids that `pioneer check` judged, and prints their pages as Markdown; a step of action.yml.

    documents.py REPORT FOLDER

REPORT is the check's JSON, FOLDER a new folder for the PDFs. In the environment, PROGRAMS is the folder that pioneer is
in, PACK and TEMPLATE choose those unless empty, and with ISOLATED=true no settings are read. What cannot be
made is left out with a note on standard error: the check has told of it, and decides the result.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pioneer_cli.named_files import bid_name


def main(report: Path, folder: Path) -> None:
    """Writes a PDF for each bid of the report whose pages were counted, the over-long ones too."""
    folder.mkdir()
    options = [f"--{name.lower()}={os.environ[name]}" for name in ("PACK", "TEMPLATE") if os.environ.get(name)]
    for number, file in enumerate(bids_of(json.loads(report.read_text(encoding="utf-8"))), start=1):
        pdf = folder / f"{number:02}-{plain_name(file)}.pdf"
        pioneer("render", "--allow-over", "--output", str(pdf), *options, "--", file)
        table = pioneer("pages", "--format=markdown", *options, "--", file)
        print(f"{table}\n" if table else "", end="", flush=True)


def bids_of(report: Mapping[str, Any]) -> list[str]:
    """The files that could be judged, each once, however many packs judged it."""
    return list(dict.fromkeys(bid["file"] for bid in report["bids"] if bid["pages"] is not None))


def plain_name(file: str) -> str:
    """What a bid is called, in characters that every artifact may have in its names."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", bid_name(file)).strip(".-")[:100] or "bid"


def pioneer(*arguments: str) -> str:
    """What a command prints on standard output; notes go to standard error, as ours do."""
    program = Path(os.environ["PROGRAMS"]) / "pioneer"
    before = ["--isolated"] if os.environ.get("ISOLATED") == "true" else []
    return subprocess.run([program, *before, *arguments], stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
