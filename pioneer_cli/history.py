"""What a file held at a revision of its git repository; the only module that runs git.

git is asked for the bytes of one file, for what it was called if it was renamed since, for the names of branches and
tags, and for nothing else: it runs no filters and no monitor, fetches nothing, and asks for no password.
"""

import os
import subprocess
from pathlib import Path

from pioneer_cli.errors import PioneerError
from pioneer_cli.source import Source, parse_bytes

SECONDS = 20
SECONDS_ON_TAB = 2  # somebody waits at the keyboard
_LEADING_ASTRAY = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE",
)  # fmt: skip
_QUIETLY = {
    "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1",
}  # fmt: skip
_RUNS_NOTHING = ("-c", "core.fsmonitor=false")  # a program that the repository's own settings may name
_TWO_FILES = "compare two files: pioneer diff OLD NEW"
_FETCH = "name a branch, a tag or a commit that git has here; a shallow clone has to fetch it first"
_FETCH_ALL = "name a file that git keeps as one; a partial clone (--filter) has to fetch what the revision held first"


def version_at(file: str, revision: str) -> Source | None:
    """A bid as it was at a revision, called `FILE at REVISION`; None when it was not there. Raises PioneerError."""
    content = at_revision(file, revision)
    return None if content is None else parse_bytes(content, f"{file} at {revision}")


def branches_and_tags(folder: Path) -> list[str]:
    """The names of branches and tags of a folder's repository; none where that has none. Raises PioneerError."""
    kinds = ("refs/heads", "refs/tags", "refs/remotes")
    listed = _git(folder, "for-each-ref", "--format=%(refname:short)", *kinds, seconds=SECONDS_ON_TAB)
    return listed.stdout.decode(errors="replace").split("\n")[:-1]


def at_revision(file: str, revision: str) -> bytes | None:
    """The bytes of a file at a revision, under the name that it had then; None when it was not there.

    Raises PioneerError when there is no git, no repository, or no such revision.
    """
    path = _path_then(Path(file), revision)
    commit = _git(path.parent, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit.returncode != 0:
        inside = _git(path.parent, "rev-parse", "--is-inside-work-tree")
        if inside.returncode != 0:
            said = inside.stderr.decode(errors="replace").strip().partition("\n")[0].removeprefix("fatal: ")
            raise PioneerError(f"git finds no repository for {file}: {said}", _TWO_FILES)
        raise PioneerError(f"git knows no revision {revision}", _FETCH)
    known = commit.stdout.decode().strip()
    name = f"{known}:./{path.name}"
    if not _told(file, revision, path.parent, "ls-tree", "-z", known, "--", path.name):
        before = _name_before(file, revision, path, known)
        if before is None:
            return None
        name = f"{known}:{before}"
    return _told(file, revision, path.parent, "cat-file", "blob", name)


def _path_then(file: Path, revision: str) -> Path:
    """Where a link leads, unless the link's own name was a file at the revision: a change may have made it a link."""
    own = Path(os.path.realpath(file.parent), file.name)
    listed = _git(own.parent, "ls-tree", "-z", "--end-of-options", revision, own.name) if own.is_symlink() else None
    return own if listed and listed.stdout.startswith(b"100") else Path(os.path.realpath(file))


def _told(file: str, revision: str, folder: Path, *arguments: str) -> bytes:
    """What git answers about a file at a revision. Raises PioneerError when it cannot, as where a clone is partial."""
    answer = _git(folder, *arguments)
    if answer.returncode != 0:
        raise PioneerError(f"git cannot give {file} at {revision}: it is no file there, or was not fetched", _FETCH_ALL)
    return answer.stdout


def _name_before(file: str, revision: str, path: Path, commit: str) -> str | None:
    """What a file that git has renamed since a commit was called then, from the top of the repository."""
    prefix = _git(path.parent, "rev-parse", "--show-prefix").stdout.rstrip(b"\n")
    options = ("--cached", "--find-renames=40%", "--diff-filter=R", "--name-status", "-z", "--no-ext-diff")
    told = _told(file, revision, path.parent, "diff", *options, "--no-textconv", "--no-relative", commit).split(b"\0")
    for before, after in zip(told[1::3], told[2::3], strict=False):  # R086, the old name, the new one
        if after == prefix + os.fsencode(path.name):
            return os.fsdecode(before)
    return None


def _git(folder: Path, *arguments: str, seconds: float = SECONDS) -> "subprocess.CompletedProcess[bytes]":
    # A hook is told of its repository in variables that would lead git away from the folder of the bid.
    inherited = {name: value for name, value in os.environ.items() if name not in _LEADING_ASTRAY}
    environment = {**inherited, **_QUIETLY}
    command = ["git", "-C", str(folder), *_RUNS_NOTHING, *arguments]
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise PioneerError("git is not installed", f"install git, or {_TWO_FILES}") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:  # ValueError: a NUL in the revision
        raise PioneerError(f"git could not be asked: {error}", _TWO_FILES) from None
