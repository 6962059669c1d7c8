"""Which files a command line names: files, folders, patterns and standard input."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath

from pioneer_cli.errors import PioneerError
from pioneer_cli.source import STDIN


def find_files(arguments: list[str], kind: str = "bid") -> list[str]:
    """The files that the command line names: folders are searched for `*.yaml` and `*.yml`, `-` is standard input.

    Each file comes once, in the order named and sorted within a folder or a pattern; hidden ones, and folders of tools
    (virtual environments, `node_modules`), are left out unless named. Raises PioneerError when a name leads nowhere or
    nothing at all was found: a run that looked at nothing must not pass.
    """
    hint = "name a YAML file, a folder that holds some, or - for standard input"
    found: dict[str, str] = {}
    for argument in arguments:
        try:
            matched = [argument] if argument == STDIN else _matches(Path(argument)) if argument else []
        except (OSError, ValueError) as error:  # no permission, a name too long, a pattern that glob refuses
            reason = getattr(error, "strerror", "") or str(error)
            raise PioneerError(f"cannot look for {argument}: {reason}", hint) from None
        if not matched:
            raise PioneerError(f"no {kind} found at {argument}", hint)
        for name in matched:
            same = STDIN if argument == STDIN else os.path.realpath(name)  # at peace with a link to itself
            found.setdefault(same, name)
    if not found:
        raise PioneerError(f"no {kind} was named", hint)
    return list(found.values())


def bid_name(file: str) -> str:
    """What a bid is called where files are named after it: `exemplar` for exemplar.yaml, `x` for x/bid.yaml.

    Standard input without a name is called `stdin`.
    """
    path = PurePath(file)
    name = path.parent.name if path.stem == "bid" else path.stem.strip("<>")
    return name if name.strip(".") else "bid"  # never a name that leads to another folder


def _matches(path: Path) -> list[str]:
    if path.is_dir():
        return sorted(_inside_folder(path))
    if path.exists() or path.is_symlink():  # a link to nothing is told of where it is read
        name = path.as_posix()
        return [f"./{name}" if name == STDIN else name]
    if "*" not in path.as_posix():
        return []
    hits = _matching(Path(path.anchor or "."), path.relative_to(path.anchor).parts)
    return sorted(name for hit in hits for name in (_inside_folder(hit) if hit.is_dir() else [hit.as_posix()]))


def _matching(folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    """What a pattern's parts match in a folder, hidden files and folders only where they are named.

    Raises OSError or PioneerError for what cannot be looked at, which `Path.glob` would pass over.
    """
    from fnmatch import fnmatch

    if not parts:
        yield folder
        return
    if not _is_folder(folder):
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        for root, _ in _walk(folder):
            yield from _matching(root, rest)
    elif "**" in part:
        raise ValueError("`**` must stand alone between slashes")
    elif any(sign in part for sign in "*?["):
        for path in folder.iterdir():
            if fnmatch(path.name, part) and not path.name.startswith("."):
                yield from _matching(path, rest)
    elif _is_there(folder / part):
        yield from _matching(folder / part, rest)


def _is_there(path: Path) -> bool:
    """Whether something, if only a link to nothing, has this name. Raises OSError where that cannot be told."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _is_folder(path: Path) -> bool:
    """Whether a path is a folder. Raises PioneerError for a link to nothing, which may have been one."""
    if path.is_symlink() and not path.exists():
        raise PioneerError(f"{path.as_posix()} is a link that leads nowhere", "mend the link, or remove it")
    return path.is_dir()


def _inside_folder(folder: Path) -> Iterator[str]:
    """The YAML files in a folder and in those below it; see `_walk`."""
    for root, files in _walk(folder):
        yield from ((root / name).as_posix() for name in files if name.lower().endswith((".yaml", ".yml")))


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """A folder and those below it, links to folders included, hidden ones and tools' not, each with the files in it.

    Raises OSError for a folder that cannot be read, and PioneerError for a link that leads nowhere and has no name of a
    YAML file, which would be told of where it is read: what was not looked at must not pass.
    """
    walked: set[str] = set()
    for root, folders, files in os.walk(folder, onerror=_raise, followlinks=True):
        real = os.path.realpath(root)
        if real in walked:  # a link that leads back
            folders.clear()
            continue
        walked.add(real)
        folders[:] = [name for name in folders if not (name.startswith(".") or _is_of_tools(Path(root) / name))]
        seen = [name for name in files if not name.startswith(".")]
        for name in seen:
            if not name.lower().endswith((".yaml", ".yml")):
                _is_folder(Path(root) / name)
        yield Path(root), seen


def _is_of_tools(folder: Path) -> bool:
    """Whether a folder holds what package managers put there: a virtual environment of Python, or modules of Node."""
    return folder.name == "node_modules" or (folder / "pyvenv.cfg").is_file()


def _raise(error: OSError) -> None:
    raise error
