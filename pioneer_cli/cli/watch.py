"""`pioneer check --watch`: bids are checked at once and again whenever they are saved, until Ctrl-C.

What the file system says only wakes the watch up, which looks now and then anyway. What counts is how the files then
stand, so that a save by renaming, a file that is gone and comes back, and a new folder are all seen in one way.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Generic, TypeVar

from pioneer_cli.cli.output import say, show
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.judge import forget_packs
from pioneer_cli.load_pack import base_of, pack_folder
from pioneer_cli.named_files import find_files
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import printable
from pioneer_cli.shipped import shipped_names

Result = TypeVar("Result")
Tried = TypeVar("Tried")
Stamp = tuple[int, int, int]

QUIET = 50  # milliseconds without a change after which a file counts as written
MOST_QUIET = 400  # milliseconds to wait for that at most
AT_LEAST_EVERY = 250  # milliseconds after which files are looked at even when no change was told of
SPARING = 20  # times as long as looking at the files takes, nobody looks without being told of a change
MOST_FILES = 4000  # of a folder of one's own
CLEAR = "\x1b[H\x1b[2J"  # the screen, and not what was scrolled off it


@dataclass(frozen=True, slots=True)
class Watched(Generic[Result]):
    """What is watched: the bids as they were named, and files or folders of one's own that their results rest on.

    `judge` gives the result of one bid. `tell` gets the bids that are there with their results, writes them and gives
    the exit code.
    """

    bids: Sequence[str]
    own: Sequence[str]
    judge: Callable[[str], Result]
    tell: Callable[[Sequence[str], Sequence[Result]], int]


def own_folders(packs: Iterable[str], template: str) -> list[str]:
    """The folders of one's own among packs, with those that they extend, and templates. Raises PioneerError."""
    folders: list[str] = []
    for pack in packs:
        name: str | None = pack
        while name is not None and name not in (*folders, *shipped_names("criteria")):
            folder = pack_folder(name)
            folders.append(folder.as_posix())
            name = base_of(folder)
    return folders + ([] if template in shipped_names("templates") else [template])


def watch_bids(watched: Watched[Result]) -> int:
    """Checks bids again and again; ends by KeyboardInterrupt, or with the last exit code once nobody reads the output.

    Raises PioneerError when the first check cannot be made, or `watchfiles` is not installed.
    """
    gc.enable()  # a single run does without
    waiting = Waiting()
    find_files(list(watched.bids))  # a name that leads nowhere is no file that will come back
    round_ = _Round(watched)
    out = _what_stdout_is()
    while True:
        code = round_.look()
        if _what_stdout_is() != out:  # `show` has put nothing in the place of a pipe that nobody reads
            return code
        waiting.wait(round_.places, seconds=SPARING * round_.seconds)


class _Round(Generic[Result]):
    """How everything stood when it was last looked at, and what came of it."""

    def __init__(self, watched: Watched[Result]) -> None:
        self.places: set[Path] = set()
        self.seconds = 0.0  # that looking for the files took
        self._watched = watched
        self._kept: dict[str, tuple[Stamp | None, Result | None]] = {}
        self._own: dict[str, Stamp | None] = {}
        self._gone: list[str] = []
        self._code = 0
        self._first = True

    def look(self) -> int:
        """Judges the bids that are not as they were, and tells if there are any; gives the last exit code."""
        began = monotonic()
        files, gone = _found(self._watched.bids)
        own = {name: _stamp(name) for name in _inside(self._watched.own)}
        stamps = {name: _stamp(name) for name in files}  # before they are read, so that no later change is missed
        self.places = _places((*self._watched.bids, *files, *self._watched.own))
        self.seconds = monotonic() - began
        if own != self._own:
            forget_packs()
            self._kept.clear()
        changed = [name for name in files if name not in self._kept or self._kept[name][0] != stamps[name]]
        left = [name for name in self._kept if name not in stamps]
        if changed or left or gone != self._gone:
            self._kept = {name: self._kept[name] for name in files if name in self._kept and name not in changed}
            self._begin(files, ["the files of a pack or a template"] if own != self._own else [*changed, *left])
            self._judge(files, changed, stamps)
            self._say(files, gone)
        self._own, self._gone, self._first = own, gone, False
        return self._code

    def _begin(self, files: Sequence[str], changed: Sequence[str]) -> None:
        """Makes room for what is told anew."""
        if not files:
            return
        if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            show(CLEAR)
        elif not self._first:
            show(f"--- checked again after a change of {', '.join(map(printable, changed))} ---\n")

    def _judge(self, files: Sequence[str], changed: Sequence[str], stamps: dict[str, Stamp | None]) -> None:
        problems: dict[str, str] = {}  # of the set-up, most likely the same for every bid
        for name in changed:
            self._kept[name] = (stamps[name], self._tried(partial(self._watched.judge, name), problems))
        there = {name: result for name in files if (result := self._kept[name][1]) is not None}
        if there:
            told = self._tried(partial(self._watched.tell, list(there), list(there.values())), problems)
            self._code = ExitCode.CANNOT_JUDGE if told is None else told
        for message, hint in problems.items():
            self._code = ExitCode.CANNOT_JUDGE
            say(f"pioneer: {message}")
            say(f"  {hint}")

    def _tried(self, work: Callable[[], Tried], problems: dict[str, str]) -> Tried | None:
        """What comes of some work, or None when the set-up is wrong; if it is so from the start, that ends the run."""
        try:
            return work()
        except PioneerError as error:
            if self._first:
                raise
            problems[error.message] = error.hint
            return None

    def _say(self, files: Sequence[str], gone: Sequence[str]) -> None:
        for name in gone:
            say(f"{printable(name)} is gone; waiting for it to come back")
        if files:
            say(f"watching {plural(len(files), 'bid')}; Ctrl-C ends it")


def _found(bids: Sequence[str]) -> tuple[list[str], list[str]]:
    """The bids that are there, and the names under which there is none just now."""
    files: dict[str, str] = {}
    gone = []
    for name in bids:
        try:
            for file in find_files([name]):
                files.setdefault(os.path.realpath(file), file)
        except PioneerError:
            gone.append(name)
    return list(files.values()), gone


def _stamp(name: str) -> Stamp | None:
    """What changes when a file is saved; None when it is not there."""
    try:
        found = Path(name).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _inside(own: Iterable[str]) -> Iterator[str]:
    """Every file in folders of one's own, hidden ones left out, up to so many of each."""
    for folder in own:
        seen = 0
        for root, files in _walked(folder):
            for name in sorted(files):
                seen += 1
                if seen <= MOST_FILES and not name.startswith("."):
                    yield (root / name).as_posix()


def _walked(folder: str) -> Iterator[tuple[Path, list[str]]]:
    """A folder and those below it, hidden ones left out, each with the names of its files."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(root), files


def _places(names: Iterable[str]) -> set[Path]:
    """The folders in which something can happen to what is named: its own, and where links lead."""
    places: set[Path] = set()
    for name in names:
        for way in (name, os.path.realpath(name)):
            places.add(Path(way).parent)
            places.update(root for root, _ in _walked(way))
    return places


class Waiting:
    """Waits until something changes in some folders, or for a while.

    A file's folder is watched, not the file, which editors replace by another of the same name.
    """

    def __init__(self) -> None:
        try:
            from watchfiles import watch
        except ImportError:
            raise PioneerError(
                "--watch needs the package watchfiles",
                "install pioneer with its extra `watch`, or watchfiles beside it",
            ) from None
        self._watch = watch
        self._watching: set[tuple[Path, int]] = set()
        self._changes: Iterator[object] = iter(())

    def wait(self, places: set[Path], seconds: float = 0) -> None:
        """Waits for a change in the folders that are there, or for so many seconds; see also AT_LEAST_EVERY."""
        there = {(place, place.stat().st_ino) for place in places if place.is_dir()}
        if there != self._watching or not there:
            self._watching = there
            self._changes = self._watch(
                *sorted(place for place, _ in there),
                watch_filter=None,
                recursive=False,
                step=QUIET,
                debounce=MOST_QUIET,
                rust_timeout=AT_LEAST_EVERY,
                yield_on_timeout=True,
            )
        until = monotonic() + seconds
        try:
            while not next(self._changes) and monotonic() < until:
                pass
        except (OSError, RuntimeError):  # more folders than the system can watch, or one that has gone
            self._watching = set()
            sleep(AT_LEAST_EVERY / 1000)


def _what_stdout_is() -> tuple[int, int] | None:
    """Which file or pipe standard output is; None where it is neither."""
    try:
        found = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
