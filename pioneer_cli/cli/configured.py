"""What the options of a command are when the command line is silent: the settings, as typer's own `default_map`."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from pioneer_cli.settings_files import CONFIG_VARIABLE, nothing_is_set

if TYPE_CHECKING:
    from pioneer_cli.configuration import Configuration

NOT_FOR = {"verify": ("pack", "template")}  # a proof says itself what it was made with


def configure(context: typer.Context, file: str | None, *, isolated: bool) -> None:
    """Gives the command that is about to run its defaults; without options that can be set, no file is looked at.

    What is wrong with the settings goes to standard error, and the run ends with 2.
    """
    group, name = context.command, context.invoked_subcommand
    if isolated or (file is None and nothing_is_set(os.environ)):
        return
    if isinstance(group, TyperGroup) and name and options_set_by(group.commands[name]):
        context.default_map = defaults(group, configuration_or_exit(file, isolated=False))


def configuration_or_exit(file: str | None, *, isolated: bool) -> "Configuration":
    """The settings that hold; none at all in an isolated run."""
    from pioneer_cli.configuration import Configuration, load_configuration
    from pioneer_cli.errors import ExitCode, PioneerError

    if isolated and file and file != os.environ.get(CONFIG_VARIABLE):
        raise PioneerError("--isolated reads no file, and --config names one", "leave one of them out")
    if isolated:
        return Configuration()
    found = load_configuration(os.environ, file)
    if found.notes or found.faults:
        from pioneer_cli.cli.output import say

        for note in found.notes:
            say(f"note: {note}")
        for fault in found.faults:
            hint = f"; {fault.hint}" if fault.hint else ""
            say(f"{fault.file}:{fault.span.start} {fault.severity} {fault.code}: {fault.message}{hint}")
    if found.faults:
        raise typer.Exit(ExitCode.CANNOT_JUDGE)
    return found


def defaults(group: TyperGroup, configuration: "Configuration") -> dict[str, Any]:
    """For each command, and for those of a group within it, the values of its options that are set."""
    from pioneer_cli.settings import as_given

    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found[name] = defaults(command, configuration)
            continue
        found[name] = {}
        for key, option in options_set_by(command).items():
            value = configuration.value_of(key)
            if value is not None:
                given = as_given(value)
                found[name][option.name] = given[0] if isinstance(given, list) and not option.multiple else given
    return found


def options_set_by(command: Any) -> Mapping[str, Any]:
    """The options of a command (or of any command in a group) for which there is a setting, by its key."""
    from pioneer_cli.settings import BY_KEY

    if isinstance(command, TyperGroup):
        return {key: option for each in command.commands.values() for key, option in options_set_by(each).items()}
    keys = ((way.removeprefix("--"), option) for option in command.params for way in option.opts)
    return {key: option for key, option in keys if key in BY_KEY and key not in NOT_FOR.get(command.name, ())}
