"""What pre-commit runs: `pioneer`, with the names of files kept from being read as options.

pre-commit puts the names behind whatever stands in `args:`, with nothing between them.
"""

import os
import sys
from typing import NoReturn

ENDINGS = (".yaml", ".yml")


def main() -> NoReturn:
    """Runs the process's command line, and exits with its code; with 2 where an option and a file are called alike."""
    from pioneer_cli.__main__ import main as run

    unclear = [argument for argument in sys.argv[1:] if _is_dashed_file(argument) and not _is_bid(argument)]
    if unclear:
        sys.stderr.write(f"pioneer: {unclear[0]!a} may be an option, and a file is called so\n  rename the file\n")
        sys.exit(2)
    sys.argv[1:] = [f"./{argument}" if _is_dashed_file(argument) else argument for argument in sys.argv[1:]]
    run()


def _is_dashed_file(argument: str) -> bool:
    """Whether a file, or a link, has a name that could be read as an option."""
    there = os.path.islink(argument) or os.path.isfile(argument)  # noqa: PTH113, PTH114 -- at peace with any name
    return argument.startswith("-") and there


def _is_bid(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


if __name__ == "__main__":
    main()
