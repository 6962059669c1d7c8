"""Which files a command line names: files, folders, patterns and standard input."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath

from pioneer_cli.errors import PioneerError
from pioneer_cli.source import STDIN


def find_files(arguments: list[str], kind: str = "bid") -> list[str]:
    """The files that the command line names: folders are searched for `*.yaml` and `*.yml`, `-` is standard input.

    Each file comes once, in the order named and sorted within a folder or a pattern; hidden ones are left out unless
    named. Raises PioneerError when a name leads nowhere or nothing at all was found: a run that looked at nothing must
    not pass.
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
            found.setdefault(os.path.realpath(name), name)  # unlike Path.resolve, at peace with a link to itself
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
    hits = Path(path.anchor or ".").glob(path.relative_to(path.anchor).as_posix())
    seen = [hit for hit in hits if not any(part.startswith(".") and part not in path.parts for part in hit.parts)]
    return sorted(name for hit in seen for name in (_inside_folder(hit) if hit.is_dir() else [hit.as_posix()]))


def _inside_folder(folder: Path) -> Iterator[str]:
    """The YAML files in a folder and in those below it, links to folders included, hidden ones not.

    Raises OSError for a folder that cannot be read: what was not looked at must not pass.
    """
    walked: set[str] = set()
    for root, folders, files in os.walk(folder, onerror=_raise, followlinks=True):
        real = os.path.realpath(root)
        if real in walked:  # a link that leads back
            folders.clear()
            continue
        walked.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith("."):
                yield (Path(root) / name).as_posix()


def _raise(error: OSError) -> None:
    raise error
