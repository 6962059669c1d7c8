"""Work beside the main work: one function in a thread, and many bids over all processors."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from threading import Thread
from typing import Generic, TypeVar

Result = TypeVar("Result")

ALONE = 3  # up to so many bids, starting processes costs more than it saves
TASKS_PER_PROCESS = 24  # the typesetter keeps 5 MB of each document, so processes are replaced before they swell


class Background(Generic[Result]):
    """A function that runs in a thread from now on; worth it where the work leaves the interpreter free."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._result: list[Result] = []
        self._error: BaseException | None = None
        self._work = work
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as error:
            self._error = error

    def result(self) -> Result:
        """Waits for the work and gives its result, or raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result[0]


def over_all(work: Callable[[str], Result], names: Sequence[str], *, here: bool = False) -> Iterator[Result]:
    """The work done for each name, in order, over all processors when there are many; `work` must be picklable.

    With `here` it stays in this process, the only one that has the standard input.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if here or len(names) <= ALONE or processors == 1:
        yield from map(work, names)
        return
    import multiprocessing

    # Forking is the cheapest start and safe here: no thread has been started yet in this process.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    count = min(processors, len(names))
    with context.Pool(count, _leave_interrupts_to_the_parent, maxtasksperchild=TASKS_PER_PROCESS) as pool:
        yield from pool.imap(work, names)


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal's; the parent alone answers it, by ending the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
