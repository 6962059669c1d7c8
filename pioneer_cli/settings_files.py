"""Which files hold settings: a project's, found from the working folder upwards, and the user's own.

The search ends at the root of the repository. Where there is no repository only the working folder itself counts, and
a folder that many people share, such as `/tmp`, never does: what lies there may be a stranger's.
"""

import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

OWN_FILE = "pioneer.toml"
SHARED_FILE = "pyproject.toml"  # it holds settings under [tool.pioneer] only
CONFIG_VARIABLE = "PIONEER_CONFIG"  # names the file to read instead of those that would be found
MOST_BYTES = 512 * 1024


def project_files(folder: Path | None = None) -> tuple[Path, ...]:
    """The file of the nearest folder, from the given one (or the working folder) upwards, that holds settings.

    Empty when there is none; two when one folder has both a `pioneer.toml` and a `[tool.pioneer]`. One that is there
    and cannot be used counts as well, since it is for the reader to say what is wrong with it.
    """
    try:
        start = (folder or Path.cwd()).absolute()
    except OSError:  # the working folder was deleted
        return ()
    found: tuple[Path, ...] = ()
    for place in (start, *start.parents):
        if is_shared(place):
            break
        found = found or _in_folder(place)
        if _is_root(place):
            return found
    return tuple(path for path in found if path.parent == start)


def nothing_is_set(environment: Mapping[str, str], *variables: str) -> bool:
    """Whether no file and no variable (or none of these) can set anything; to look costs less than to load the rest."""
    given = (name.startswith("PIONEER_") if not variables else name in variables for name in environment)
    return not (any(given) or project_files() or user_file(environment) or passed_over())


def repository_of(file: Path) -> Path:
    """The root of the repository that a file is in; without one, the file's own folder. Links are followed."""
    folder = Path(os.path.realpath(file.parent))  # unlike Path.resolve, at peace with a link to itself
    return next((place for place in (folder, *folder.parents) if _is_root(place)), folder)


def passed_over() -> Path | None:
    """The file of settings in the working folder that is not read, because many people share the folder."""
    with suppress(OSError):
        here = Path.cwd() / OWN_FILE
        return here if is_shared(here.parent) and here.is_file() else None
    return None


def is_shared(folder: Path) -> bool:
    """Whether a folder is one that many people write to, such as `/tmp`: open to all, and sticky."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_ISVTX and mode & stat.S_IWOTH)


def user_file(environment: Mapping[str, str]) -> Path | None:
    """The user's own file, where it is there, of use or not: in the folder that the platform has for settings."""
    folder = Path(_settings_folder(environment))
    path = folder / "pioneer" / OWN_FILE
    return path if folder.is_absolute() and os.path.lexists(path) else None


def _settings_folder(environment: Mapping[str, str]) -> str:
    if sys.platform == "win32":
        return environment.get("APPDATA", "")
    given, home = environment.get("XDG_CONFIG_HOME", ""), environment.get("HOME", "")
    if Path(given).is_absolute() or not home:
        return given
    return f"{home}/Library/Application Support" if sys.platform == "darwin" else f"{home}/.config"


def is_file(path: Path) -> bool:
    """Whether there is a file; a name that no file can have is none."""
    with suppress(OSError):
        return path.is_file()
    return False


def unusable(path: Path) -> str:
    """Why what is there cannot be read as a file: a link to nothing, a folder, a pipe. Empty when it can be tried."""
    try:
        return "" if stat.S_ISREG(path.stat().st_mode) else "it is not a file"
    except FileNotFoundError:
        return "it is a link to nothing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"


def _is_root(folder: Path) -> bool:
    """Whether a repository begins here; `.git` is a folder, or in a worktree a file."""
    with suppress(OSError):
        return (folder / ".git").exists()
    return False


def _in_folder(folder: Path) -> tuple[Path, ...]:
    own, shared = folder / OWN_FILE, folder / SHARED_FILE
    candidates = ((own, True), (shared, False))
    there = ((path, whole) for path, whole in candidates if os.path.lexists(path))
    return tuple(path for path, whole in there if whole or _speaks_of_pioneer(path))


def _speaks_of_pioneer(path: Path) -> bool:
    """Whether a `pyproject.toml` has the table [tool.pioneer], or might have: the reader says what is wrong with it."""
    try:
        if unusable(path):
            return True
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
            if len(content) == MOST_BYTES and _names_pioneer(content, file):
                return True
    except OSError:
        return True
    if b"pioneer" not in content:
        return False
    import tomllib

    try:
        tool = tomllib.loads(content.decode("utf-8-sig")).get("tool")
    except (ValueError, RecursionError):
        return True
    return isinstance(tool, dict) and "pioneer" in tool


def _names_pioneer(beginning: bytes, rest: BinaryIO) -> bool:
    """Whether a file that is too long to be read as a whole has our name in it, and anything behind its beginning."""
    part, named = beginning, b"pioneer" in beginning
    while following := rest.read(MOST_BYTES):
        named = named or b"pioneer" in part[-6:] + following
        if named:
            return True
        part = following
    return False
