"""What stops a run, and the numbers a run ends with.

`PioneerError` is a set-up problem that a person can mend; anything wrong *inside* a file of the user's is a
`Diagnostic` instead (see `diagnostics`). Every other exception that reaches the edge is a bug.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit status of every command, in every format; `docs/exit-codes.md` explains each."""

    OK = 0
    FALLS_SHORT = 1
    CANNOT_JUDGE = 2
    BUG = 3
    INTERRUPTED = 130
    ENDED = 143


class EndedError(SystemExit):
    """Somebody outside asked this process to end (SIGTERM): what was begun is undone on the way out.

    A SystemExit, so that nothing that handles errors takes it for one, and that no thread or process prints it.
    """

    def __init__(self) -> None:
        super().__init__(int(ExitCode.ENDED))


class PioneerError(Exception):
    """A problem that the user can mend: `message` says what is wrong, `hint` what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
