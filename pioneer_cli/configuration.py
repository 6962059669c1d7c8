"""The settings that hold for a run, and where each came from: environment, then project, then user.

The command line stands above them all, and is none of this module's business.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pioneer_cli.errors import PioneerError
from pioneer_cli.settings import SETTINGS, Value, expected, read_text
from pioneer_cli.settings_files import CONFIG_VARIABLE, is_file, passed_over, project_files, user_file
from pioneer_cli.settings_layer import Layer, file_layer, shown

if TYPE_CHECKING:
    from pioneer_cli.diagnostics import Diagnostic

COLOURS = {"NO_COLOR": "never", "FORCE_COLOR": "always"}  # common variables and what they set; the first holds


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every layer, the strongest first; what is wrong with the files, and what a person ought to be told."""

    layers: tuple[Layer, ...] = ()
    faults: "tuple[Diagnostic, ...]" = ()
    notes: tuple[str, ...] = ()

    def layer_of(self, key: str) -> Layer | None:
        """The layer whose value of a setting holds, or None when none sets it."""
        return next((layer for layer in self.layers if key in layer.values), None)

    def value_of(self, key: str) -> Value | None:
        """The value of a setting, or None when none sets it."""
        layer = self.layer_of(key)
        return layer.values[key] if layer else None


def load_configuration(environment: Mapping[str, str], file: str | None = None) -> Configuration:
    """All settings that hold in the working folder; a named file takes the place of those that would be found.

    Raises PioneerError for a variable that holds nothing allowed, or a named file that is not there.
    """
    faults: list[Diagnostic] = []
    layers = [_environment_layer(environment)]
    notes = list(_misspelt(environment))
    if file:
        if not is_file(Path(file)):
            raise PioneerError(f"there is no file {file} to take settings from", "name a pioneer.toml")
        layers.append(file_layer("named", Path(file), faults))
    else:
        found = project_files()
        layers.extend(file_layer("project", path, faults) for path in found)
        unread = {fault.file for fault in faults if fault.code == "unreadable-settings"}
        if len(found) > 1 and shown(found[-1]) not in unread:  # nobody knows whether an unread pyproject.toml holds any
            names = " and in ".join(shown(path) for path in found)
            raise PioneerError(f"there are settings in {names}", "keep them in one of the two files")
        own = user_file(environment)
        if own is not None and own not in found:
            layers.append(file_layer("user", own, faults))
        left = passed_over()
        if left:
            notes.append(f"{shown(left)} is not read: many people write to its folder; --config reads it")
    return Configuration(tuple(layers), tuple(sorted(faults)), tuple(notes))


def _environment_layer(environment: Mapping[str, str]) -> Layer:
    values: dict[str, Value] = {}
    variables: dict[str, str] = {}
    for name, meant in reversed(COLOURS.items()):  # the first of them holds, and PIONEER_COLOR before both
        if environment.get(name):
            values["color"], variables["color"] = meant, name
    for setting in SETTINGS:
        text = environment.get(setting.variable)
        if text:
            value = read_text(setting, text)
            if value is None:
                raise PioneerError(f'{setting.variable} is "{text[:60]}"', expected(setting, text))
            values[setting.key], variables[setting.key] = value, setting.variable
    return Layer("environment", values, variables=variables)


def _misspelt(environment: Mapping[str, str]) -> Iterator[str]:
    """A word on each variable that looks like one of ours; others are left to whoever set them."""
    known = {setting.variable: setting for setting in SETTINGS}
    strange = [name for name in environment if name.startswith("PIONEER_") and name not in {*known, CONFIG_VARIABLE}]
    if strange:
        from difflib import get_close_matches

        for name in sorted(strange):
            close = get_close_matches(name.removeprefix("PIONEER_"), [own.removeprefix("PIONEER_") for own in known], 1)
            if close and close[0][0] == name.removeprefix("PIONEER_")[:1]:
                yield f"the variable {name} sets nothing; did you mean PIONEER_{close[0]}?"
