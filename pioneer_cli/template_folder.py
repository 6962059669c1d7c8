"""The files of a template: one that ships with pioneer, by its name, or a person's own folder, by its path.

Everything is read at once and nothing is followed: a template can use what lies in its folder and what it takes over
from the shipped template `eoi`, and no other file.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path, PurePosixPath

from pioneer_cli.errors import PioneerError
from pioneer_cli.shipped import shipped_folder, shipped_names

BASE = "eoi"  # every template has this one's files where it has none of its own
MAIN_TEMPLATE = "bid.xml.jinja"
LETTERS = ("questions.xml.jinja", "feedback.xml.jinja")
STYLE = "style.typ"
BASE_STYLE = "eoi.typ"
STYLE_SHEET = "style.css"
KINDS = (".jinja", ".typ", ".css", ".svg", ".png", ".jpg", ".jpeg")
_TEXTS = (".jinja", ".typ", ".css", ".svg")
MOST_FILES = 200
MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class TemplateFolder:
    """A template's files by name, complete with what it takes over; `ours` when it ships with pioneer.

    What `eoi` has under the same name is there as `eoi.xml.jinja`, `eoi.typ` and `eoi.css`, to be built on, and its
    letters as `eoi-questions.xml.jinja` and `eoi-feedback.xml.jinja`.
    """

    name: str
    ours: bool
    contents: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """The text of one of the files. Raises PioneerError when it is not UTF-8."""
        return _text(self.contents[name], f"{self.name}/{name}")

    @property
    def sha256(self) -> str:
        """The digest of all these files, whatever the folder is called; the ends of lines in texts do not count."""
        digest = hashlib.sha256()
        for name, content in sorted(self.contents.items()):
            kept = content.replace(b"\r\n", b"\n") if name.endswith(_TEXTS) else content
            digest.update(f"{name}\0{len(kept)}\0".encode() + kept)
        return digest.hexdigest()

    def drawn_with(self) -> dict[str, bytes]:
        """The files that the typesetter may read: styles and pictures."""
        return {name: content for name, content in self.contents.items() if not name.endswith((".jinja", ".css"))}


def find_template(name: str) -> TemplateFolder:
    """The shipped template of a name, or the folder of a path. Raises PioneerError for none, or an unfit one."""
    shipped = shipped_names("templates")
    if name in shipped:
        return _shipped(name)
    folder = Path(name)
    if not name or not folder.is_dir():
        close = get_close_matches(name, shipped, n=1)
        meant = f"did you mean `{close[0]}`? " if close else ""
        known = ", ".join(shipped)
        raise PioneerError(f"there is no template {name}", f"{meant}templates: {known}; or name a folder of your own")
    shown = name.rstrip("/\\") or name
    own = _read(folder, shown)
    if not {MAIN_TEMPLATE, STYLE, STYLE_SHEET, *LETTERS} & own.keys():
        hint = f"it needs {MAIN_TEMPLATE} (what is said), {STYLE} (how a PDF looks) or {STYLE_SHEET} (how HTML looks)"
        raise PioneerError(f"the folder {shown} is no template", hint)
    return _complete(shown, own, ours=False)


@cache
def _shipped(name: str) -> TemplateFolder:
    return _complete(name, _read(shipped_folder("templates") / name, name), ours=True)


def _complete(name: str, own: Mapping[str, bytes], *, ours: bool) -> TemplateFolder:
    """A template's own files, and those of `eoi` where it has none."""
    base = own if name == BASE and ours else _read(shipped_folder("templates") / BASE, BASE)
    renamed = {_base_name(file): base[file] for file in (MAIN_TEMPLATE, STYLE, STYLE_SHEET, *LETTERS)}
    return TemplateFolder(name, ours, {**renamed, **base, **own})


def _base_name(file: str) -> str:
    """What a file of `eoi` is called in another template: `eoi.typ` for `style.typ`."""
    if file in LETTERS:
        return f"{BASE}-{file}"
    return BASE + file[file.index(".") :]


def _read(folder: Path, name: str) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    room = MOST_BYTES
    for path, file in _regular_files(folder, name):
        if PurePosixPath(file).suffix.lower() not in KINDS:
            continue
        content = _content(path, f"{name}/{file}", room)
        room -= len(content)
        if file.endswith((".jinja", ".typ", ".css")):
            _text(content, f"{name}/{file}")
        contents[file] = content
        if len(contents) > MOST_FILES:
            raise PioneerError(f"the template {name} has more than {MOST_FILES} files", "is it the right folder?")
    return contents


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PioneerError(f"the template's file {name} is not UTF-8", "save it as UTF-8") from None


def _regular_files(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The files of a folder and their names in it, sorted. A symbolic link could lead out of it and is refused."""
    seen = 0
    for place, folders, files in os.walk(folder, onerror=_refuse_to_pass_over):
        folders.sort()
        for entry in sorted((*folders, *files)):
            path = Path(place) / entry
            file = path.relative_to(folder).as_posix()
            seen += 1
            if seen > 20 * MOST_FILES:
                raise PioneerError(f"the template {name} has too many files to look at", "is it the right folder?")
            if path.is_symlink():
                hint = "a template may use only what lies in its folder: copy the file there"
                raise PioneerError(f"{name}/{file} is a symbolic link", hint)
            if entry in files:
                yield path, file


def _refuse_to_pass_over(error: OSError) -> None:
    raise PioneerError(f"cannot read {error.filename}: {error.strerror}", "check its permissions")


def _content(path: Path, name: str, room: int) -> bytes:
    """The bytes of a regular file, opened without following a link or waiting for a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PioneerError(f"{name} is no regular file", "a template holds files only")
            content = file.read(room + 1)
    except OSError as error:
        raise PioneerError(f"cannot read {name}: {error.strerror}", "check its permissions") from None
    if len(content) > room:
        raise PioneerError(f"the template with {name} is larger than {MOST_BYTES // 1024 // 1024} MB", "use less")
    return content
