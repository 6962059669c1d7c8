"""One file of settings → its layer, or diagnostics with the line and column of each fault."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pioneer_cli.errors import PioneerError
from pioneer_cli.settings import BY_KEY, COMMAND_LINE_ONLY, Setting, Value, expected, read_value
from pioneer_cli.settings_files import MOST_BYTES, SHARED_FILE, repository_of, unusable

if TYPE_CHECKING:
    from pioneer_cli.diagnostics import Diagnostic

LayerKind = Literal["environment", "named", "project", "user"]
MOST_FAULTS = 20  # of one file; finding the place of each costs time
MOST_SEARCHED = 64 * 1024  # characters; in a longer file no places are told


@dataclass(frozen=True, slots=True)
class Layer:
    """The settings of one place: of the environment, or of a file, called as from the working folder."""

    kind: LayerKind
    values: Mapping[str, Value]
    file: str = ""
    text: str = ""
    table: tuple[str, ...] = ()
    variables: Mapping[str, str] | None = None

    def line_of(self, key: str) -> int | None:
        """The line of the file that sets a key, where it can be told; None for the environment."""
        place = position_of(self.text, self.table, key) if self.file else None
        return place[0] if place else None

    def origin_of(self, key: str) -> str:
        """Where a key that this layer has is set: a variable, or FILE:LINE (FILE where the line cannot be told)."""
        if self.variables is not None:
            return self.variables[key]
        line = self.line_of(key)
        return f"{self.file}:{line}" if line else self.file


def file_layer(kind: LayerKind, path: Path, faults: "list[Diagnostic]") -> Layer:
    """The settings of one file; what is wrong with it is added to the faults."""
    name = shown(path) if kind != "user" else _from_home(path)
    table = ("tool", "pioneer") if path.name == SHARED_FILE else ()
    try:
        text, content = _read(path)
    except _UnreadableError as error:
        faults.append(_fault(name, error.place, "unreadable-settings", str(error)))
        return Layer(kind, {}, name)
    settings = _table(content, table)
    if not isinstance(settings, dict):
        where = position_of(text, ("tool",), "pioneer")
        faults.append(_fault(name, where, "bad-setting", "[tool.pioneer] is no table", "write [tool.pioneer]"))
        return Layer(kind, {}, name, text, table)
    values: dict[str, Value] = {}
    found = 0
    for key, raw in settings.items():
        try:
            values[key] = _value(kind, path, key, raw)
        except _MisfitError as error:
            found += 1
            if found <= MOST_FAULTS:
                faults.append(_fault(name, position_of(text, table, key), error.code, error.message, error.hint))
    return Layer(kind, values, name, text, table)


class _UnreadableError(Exception):
    """Why a file is no TOML, and where."""

    def __init__(self, message: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.place = place


class _MisfitError(PioneerError):
    """Why a key of a file sets nothing."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """A file's text and what it holds. Raises _UnreadableError, and never waits for what is no file, such as a pipe."""
    import tomllib

    try:
        why = unusable(path)
        if why:
            raise _UnreadableError(why)
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise _UnreadableError(f"it is larger than {MOST_BYTES // 1024} KiB")
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except OSError as error:
        raise _UnreadableError(f"it cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _UnreadableError("it is not UTF-8 text") from None
    except RecursionError:
        raise _UnreadableError("it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(str(error), text) from None
    except ValueError:  # Python's own limit
        raise _UnreadableError("a number in it is too long") from None


def _no_toml(reason: str, text: str) -> _UnreadableError:
    """The parser's complaint, with the place in it taken out."""
    import re

    told, _, place = reason.partition(" (at ")
    found = re.match(r"line (\d+), column (\d+)", place)
    where = (int(found[1]), int(found[2])) if found else (text.count("\n") + 1, len(text) - text.rfind("\n"))
    return _UnreadableError(f"this is no TOML: {told[:1].lower()}{told[1:]}", where)


def _value(kind: LayerKind, path: Path, key: str, raw: object) -> Value:
    """What a key sets. Raises _MisfitError."""
    setting = BY_KEY.get(key)
    if setting is None:
        raise _unknown(key, raw)
    value = read_value(setting, raw)
    if value is None:
        raise _MisfitError("bad-setting", f"{key} is {_quoted(raw)}", expected(setting, raw))
    if setting.kind == "pack" and isinstance(value, tuple):
        return tuple(_placed(kind, path, setting, name) for name in value)
    if setting.kind in ("template", "file"):
        return _placed(kind, path, setting, str(value))
    return value


def _unknown(key: str, raw: object) -> _MisfitError:
    from difflib import get_close_matches

    close = get_close_matches(key.replace("_", "-").lower(), BY_KEY, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"settings are {', '.join(BY_KEY)}"
    if isinstance(raw, dict) and not close:
        hint = "settings are for all commands and stand in no table of their own"
        if key == "tool" and "pioneer" in raw:
            hint = f"[tool.pioneer] is for {SHARED_FILE}; here write the settings at the top, in no table"
    if key in COMMAND_LINE_ONLY:
        hint = f"--{key} is for the command line only"
    return _MisfitError("unknown-setting", f'there is no setting "{key[:60]}"', hint)


def _quoted(raw: object) -> str:
    if isinstance(raw, (dict, list)):
        return "a table" if isinstance(raw, dict) else "a list"
    if isinstance(raw, int) and abs(raw) > 10**60:
        return "a very long number"
    return f'"{raw[:60]}"' if isinstance(raw, str) else str(raw).lower()[:60]


def _placed(kind: LayerKind, file: Path, setting: Setting, name: str) -> str:
    """A name that ships with pioneer, or the path that is meant, which begins at the file's folder.

    A project's file came with the project, so it may name nothing outside. Raises _MisfitError.
    """
    path = file.parent / name
    if setting.kind != "file":
        from pioneer_cli.shipped import shipped_names

        shipped = shipped_names("criteria" if setting.kind == "pack" else "templates")
        if name in shipped:
            return name
        if not os.path.isdir(path):  # noqa: PTH112 -- unlike Path.is_dir, at peace with any name
            from difflib import get_close_matches

            close = get_close_matches(name, shipped, n=1)
            hint = f'did you mean "{close[0]}"?' if close else "folders are named as from this file's own"
            raise _MisfitError("bad-setting", f'there is no {setting.kind} and no folder "{name[:60]}"', hint)
    if kind == "project" and not Path(os.path.realpath(path)).is_relative_to(repository_of(file)):
        hint = "name it on the command line, or in a file of your own"
        raise _MisfitError("bad-setting", f'{setting.key} "{name[:60]}" leads out of the project', hint)
    return shown(path)


# --- Places ----------------------------------------------------------------------------------------------------------


def position_of(text: str, table: tuple[str, ...], key: str) -> tuple[int, int] | None:
    """The line and column, from 1, where a key of a table is set, or None when that cannot be told.

    The parser keeps no places. A line sets the key when it names it, all before it can be read and lacks the key, and
    what can be read next has it.
    """
    lines = text.split("\n") if len(text) <= MOST_SEARCHED else []
    for number, line in enumerate(lines, start=1):
        if key in line and _sets("\n".join(lines[: number - 1]), table, key) is False:
            further = ("\n".join(lines[:end]) for end in range(number, len(lines) + 1))
            if next((found for found in (_sets(part, table, key) for part in further) if found is not None), False):
                return number, line.index(key) + 1
    return None


def _sets(text: str, table: tuple[str, ...], key: str) -> bool | None:
    """Whether a beginning of a file has a key; None when it cannot be read."""
    import tomllib

    try:
        found = _table(tomllib.loads(text), table)
    except (ValueError, RecursionError):
        return None
    return isinstance(found, dict) and key in found


def _table(content: dict[str, Any], table: tuple[str, ...]) -> object:
    found: object = content
    for name in table:
        found = found.get(name, {}) if isinstance(found, dict) else {}
    return found


def shown(path: Path) -> str:
    """A path as from the working folder; one on another drive stays as it is."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except (OSError, ValueError):
        return path.as_posix()


def _from_home(path: Path) -> str:
    """The user's own file, shown without saying where the home folder is."""
    home = os.environ.get("HOME")
    return f"~/{path.relative_to(home).as_posix()}" if home and path.is_relative_to(home) else path.as_posix()


def _fault(file: str, place: tuple[int, int] | None, code: str, message: str, hint: str = "") -> "Diagnostic":
    """A fault of a file of settings; one whose place cannot be told stands at its beginning."""
    from pioneer_cli.diagnostics import Diagnostic, Severity, Span

    line, column = place or (1, 1)
    return Diagnostic(file, Span.of(line, column, line, column), Severity.ERROR, code, message, hint)
