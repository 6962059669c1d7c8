"""Work beside the main work: one function in a thread, and many bids over all processors."""

import os
import signal
import sys
import time
from _thread import interrupt_main, start_new_thread
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread, get_ident
from types import FrameType
from typing import Generic, NoReturn, TypeVar

from pioneer_cli.errors import EndedError, ExitCode

Result = TypeVar("Result")

ALONE = 3  # up to so many bids, starting processes costs more than it saves
TASKS_PER_PROCESS = 24  # the typesetter keeps 5 MB of each document, so processes are replaced before they swell
PATIENCE = 60  # seconds for a process to clear its files away; the typesetter hears no signal before it is done
_ENDINGS = (signal.SIGINT, signal.SIGTERM)
_asked_to_end = False  # no lock guards it: a second signal may come while the first is being handled


class Background(Generic[Result]):
    """A function that runs in a thread once it is started; worth it where the work leaves the interpreter free."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._result: list[Result] = []
        self._error: BaseException | None = None
        self._work = work
        self._thread = Thread(target=self._run, daemon=True)
        self._started = False

    def start(self) -> None:
        """Begins the work, if it has not begun."""
        if not self._started:
            self._started = True
            self._thread.start()

    def _run(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as error:
            self._error = error

    def result(self) -> Result:
        """Waits for the work, begun only now if it was not before, and gives its result or raises what it raised."""
        if self._started:
            self._thread.join()
        else:
            self._run()
        if self._error is not None:
            raise self._error
        return self._result[0]


def over_all(
    work: Callable[[str], Result], names: Sequence[str], lost: Callable[[str], Result], *, here: bool = False
) -> Iterator[Result]:
    """The work done for each name, in order, over all processors when there are many; `work` must be picklable.

    `lost` gives the result of a name whose process was ended from outside, for want of memory, say. With `here` the
    work stays in this process, the only one that has the standard input.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if here or len(names) <= ALONE or processors == 1:
        yield from map(work, names)
        return
    size = processors * TASKS_PER_PROCESS
    for start in range(0, len(names), size):
        yield from _over_some(work, names[start : start + size], lost, processors)


def _over_some(
    work: Callable[[str], Result], names: Sequence[str], lost: Callable[[str], Result], processors: int
) -> Iterator[Result]:
    """One round with processes of its own; where one of them dies, what is left is done one by one, each apart."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # Forking is the cheapest start and safe here: no thread runs in this process when the workers are forked.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    pool = ProcessPoolExecutor(min(processors, len(names)), context, _leave_interrupts_to_the_parent)
    try:
        with signals_wait():
            waiting = [pool.submit(partial(_or_leave, work), name) for name in names]
        for name, future in zip(names, waiting, strict=True):
            try:
                result = future.result()
            except BrokenProcessPool:
                if len(names) == 1:
                    result = lost(name)
                else:
                    (result,) = _over_some(work, [name], lost, 1)
            yield result
    except BaseException:  # an error, an interruption, or nobody wants the rest
        for process in (processes := multiprocessing.active_children()):
            process.terminate()
        for process in processes:
            process.join(PATIENCE)
        # The pool may wait for ever for the rest of what one of them was writing.
        closing = Thread(target=partial(pool.shutdown, cancel_futures=True), daemon=True)
        closing.start()
        closing.join(1)
        raise
    pool.shutdown()


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal's; the parent alone answers it, by ending the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ended by the system, though it waits for a lock
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)  # which wait while processes are started


@contextmanager
def signals_wait() -> Iterator[None]:
    """Signals come afterwards, and not in the midst of what they would break.

    Python drops what they raise while a process starts, and a temporary folder that is being made would stay.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _or_leave(work: Callable[[str], Result], name: str) -> Result:
    """The work for one name; asked to end, the process clears away its files and leaves, and takes no next name."""
    try:
        end_tidily_when_asked()
        try:
            result = work(name)
        finally:
            with signals_wait():  # so that none falls between the two
                signal.signal(signal.SIGTERM, signal.SIG_DFL)  # between two names there is nothing to clear away
    except EndedError:
        os._exit(ExitCode.ENDED)
    if asked_to_end():  # and a library kept it
        os._exit(ExitCode.ENDED)
    return result


def end_tidily_when_asked() -> None:
    """From now on SIGTERM raises `EndedError` in the main thread, so that files and processes are cleared away."""
    signal.signal(signal.SIGTERM, _end)
    sys.unraisablehook = _come_again


def asked_to_end() -> bool:
    """Whether SIGTERM has come; libraries that wait for something turn `EndedError` into what suits themselves."""
    return _asked_to_end


def _end(number: int, frame: FrameType | None) -> NoReturn:
    global _asked_to_end
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # asked again, it is on its way
    _asked_to_end = True
    raise EndedError


def _come_again(lost: "sys.UnraisableHookArgs") -> None:
    """An end that came in the midst of a finaliser or a library's own code, where Python drops it, comes once more."""
    if issubclass(lost.exc_type, EndedError):
        signal.signal(signal.SIGTERM, _end)
        again = signal.SIGTERM
    elif issubclass(lost.exc_type, KeyboardInterrupt):
        again = signal.SIGINT
    else:
        sys.__unraisablehook__(lost)
        return
    left = Event()
    start_new_thread(_wake, (left, get_ident(), again))
    left.set()


def _wake(left: Event, main: int, number: signal.Signals) -> None:
    """Sends the main thread a signal once it has left what sets the event, where an error would be dropped again."""
    left.wait()
    time.sleep(0.01)
    if sys.platform == "win32":
        interrupt_main(number)
    else:
        signal.pthread_kill(main, number)
