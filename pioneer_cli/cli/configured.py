"""What the options of a command are when the command line is silent: the settings, as typer's own `default_map`."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from pioneer_cli.errors import PioneerError
from pioneer_cli.settings_files import nothing_is_set

if TYPE_CHECKING:
    from pioneer_cli.configuration import Configuration

NOT_FOR = {"verify": ("pack", "template")}  # a proof says itself what it was made with
_FOUND = "pioneer settings"  # where a run's context keeps what was found


def configure(context: typer.Context, file: str | None, *, isolated: bool) -> None:
    """Gives the command that is about to run its defaults; without options that can be set, no file is looked at.

    What is wrong with the settings goes to standard error, and the run ends with 2. Raises PioneerError for a file that
    is named by nothing, or in an isolated run.
    """
    if file is not None and _is_said(context, "config"):
        if not file:
            raise PioneerError("--config names no file", "name a pioneer.toml, or leave --config out")
        if isolated:
            raise PioneerError("--isolated reads no file, and --config names one", "leave one of them out")
    group, name = context.command, context.invoked_subcommand
    if isolated or (file is None and nothing_is_set(os.environ)):
        return
    if isinstance(group, TyperGroup) and name and options_set_by(group.commands[name]):
        found = configuration_or_exit(file, isolated=False)
        context.default_map, context.meta[_FOUND] = defaults(group, found), found


def asks_for_help(context: typer.Context) -> bool:
    """Whether the command line asks for a command's help, by the parser that is going to read it.

    A `-h` that names a bid, or is the value of an option, asks for nothing.
    """
    arguments = context.obj or []
    if not {"-h", "--help"} & set(arguments):
        return False
    with suppress(typer.TyperException):  # what is wrong with the options is told when they are read in earnest
        return _leads_to_help(context, arguments)
    return False


def _leads_to_help(context: Any, arguments: list[str]) -> bool:
    command = context.command
    options, rest, _ = command.make_parser(context).parse_args(list(arguments))
    within = command.commands.get(rest[0]) if rest and isinstance(command, TyperGroup) else None
    if options.get("help") or within is None:
        return bool(options.get("help"))
    inner = within.context_class(within, parent=context, info_name=rest[0], **within.context_settings)
    return _leads_to_help(inner, rest[1:])


def setting_behind(context: typer.Context, key: str) -> str:
    """Where the value of a command's option was set, as FILE:LINE or a variable; empty for a flag or the default."""
    found: Configuration | None = context.meta.get(_FOUND)
    layer = found.layer_of(key) if found and not _is_said(context, key.replace("-", "_")) else None
    return layer.origin_of(key) if layer else ""


def _is_said(context: typer.Context, name: str) -> bool:
    """Whether a parameter stands on the command line itself."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def configuration_or_exit(file: str | None, *, isolated: bool) -> "Configuration":
    """The settings that hold; none at all in an isolated run."""
    from pioneer_cli.configuration import Configuration, load_configuration
    from pioneer_cli.errors import ExitCode

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
