"""The bytes of one file, or of standard input, and no more of them than could be wanted."""

import sys
from pathlib import Path

from pioneer_cli.errors import PioneerError

STDIN = "-"


def read_bytes(name: str, most: int, hint: str) -> bytes:
    """The bytes of a file, or of standard input for `-`; of one that is longer than `most`, one byte more than that.

    Raises PioneerError when it cannot be opened or, with the hint, when it is not a file.
    """
    if name == STDIN:
        if sys.stdin is None:
            raise PioneerError("there is no standard input to read", "name a file")
        return sys.stdin.buffer.read(most + 1)
    path = Path(name)
    try:
        if path.exists() and not path.is_file():
            raise PioneerError(f"{name} is {'a folder' if path.is_dir() else 'not a file'}", hint)
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", "") or str(error)
        raise PioneerError(f"cannot read {name}: {reason}", "check the name and the permissions") from None
