"""Where the shipped packs and templates lie: inside the installed package, or beside it in a checkout."""

from importlib.resources import files
from pathlib import Path

from pioneer_cli.errors import PioneerError


def shipped_folder(kind: str) -> Path:
    """The folder `criteria` or `templates`. Raises PioneerError when an installation lacks it."""
    package = Path(str(files("pioneer_cli")))
    for folder in (package / kind, package.parent / kind):
        if folder.is_dir():
            return folder
    raise PioneerError(f"this installation of pioneer has no {kind} folder", "install pioneer-cli again")


def shipped_names(kind: str) -> list[str]:
    """The names of the packs or templates that ship with pioneer, sorted."""
    return sorted(folder.name for folder in shipped_folder(kind).iterdir() if folder.is_dir())
