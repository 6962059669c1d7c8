"""The entry point of `pioneer` and of `python -m pioneer_cli`: sets the process up, runs a command line, leaves."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Runs the process's command line and exits with its code."""
    # A run lives for a quarter of a second and makes little garbage: collecting it would cost a twentieth.
    gc.disable()
    # Plug-ins that happen to be installed must not change what is valid.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from pioneer_cli.cli import run

    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # closed, or nobody reads it any more
            stream.flush()
    # Leave at once: taking the interpreter and the typesetter's caches apart would cost a seventh of the run.
    os._exit(code)


if __name__ == "__main__":
    main()
