"""`pioneer completion`: the script by which a shell completes our commands; and the answers that its Tab key asks for.

The scripts are typer's own, and `shells` mends what they are answered. They ask by starting `pioneer` without
arguments, with the line so far in variables of the environment; so a run that was given anything to do can never be
taken for such a question, whatever is set around it.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.models import ParameterInfo

from pioneer_cli.errors import PioneerError

EXAMPLES = """\b
Examples:
  pioneer completion bash > ~/.local/share/bash-completion/completions/pioneer
  pioneer completion fish > ~/.config/fish/completions/pioneer.fish
"""
ASKED = "_PIONEER_COMPLETE"  # what the scripts set, to complete_bash and so on
_LINE = {  # where each shell's script puts the line so far
    "bash": ("COMP_WORDS", "COMP_CWORD"),
    "zsh": ("_TYPER_COMPLETE_ARGS",),
    "fish": ("_TYPER_COMPLETE_ARGS", "_TYPER_COMPLETE_FISH_ACTION"),
    "powershell": ("_TYPER_COMPLETE_ARGS",),
}
_SAFE = r"[\w./+@=,-]+"  # the scripts quote nothing: any other name is left to the shell's own completion
Complete = Callable[[typer.Context, str], list[str]]


def completion_command(
    shell: Annotated[Literal["bash", "zsh", "fish", "powershell"], typer.Argument(help="Whose script to print.")],
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Print the script that completes commands, options, packs, rules and files when Tab is pressed."""
    from typer._completion_shared import get_completion_script

    from pioneer_cli.cli.output import show

    show(get_completion_script(prog_name="pioneer", complete_var=ASKED, shell=shell) + "\n")


def answer(app: typer.Typer, instruction: str | None) -> int | None:
    """Answers a shell's question on standard output, with the code that its script expects; None if this is none."""
    shell = (instruction or "").removeprefix("complete_")
    if shell not in _LINE or any(name not in os.environ for name in _LINE[shell]):
        return None
    if shell == "bash" and not os.environ["COMP_CWORD"].isdecimal():
        return None
    from typer.completion import shell_complete

    from pioneer_cli.cli.shells import use_our_shells

    use_our_shells()
    for path, name, parameter in parameters(app):
        parameter.autocompletion = completes(path, name, str(parameter.metavar or ""))
    command = typer.main.get_group(app)
    try:
        return shell_complete(command, {"default_map": _settings(command)}, "pioneer", ASKED, f"complete_{shell}")
    except SystemExit as leaving:  # how the class for fish says whether there is anything to offer
        return int(leaving.code or 0)


def parameters(app: typer.Typer, path: str = "") -> Iterator[tuple[str, str, ParameterInfo]]:
    """Every option and argument: the path of its command, its name, and what typer was told of it."""
    for command in app.registered_commands:
        for name, annotation in (command.callback.__annotations__ if command.callback else {}).items():
            for parameter in getattr(annotation, "__metadata__", ()):
                yield f"{path}{command.name}", name, parameter
    for group in app.registered_groups:
        if group.typer_instance is not None:
            yield from parameters(group.typer_instance, f"{path}{group.name} ")


def completes(path: str, name: str, metavar: str) -> Complete | None:
    """What completes a parameter: by its place in the commands, else by its name, else by how it is shown."""
    return _BY_PLACE.get(f"{path} {name}") or _BY_NAME.get(name) or _BY_METAVAR.get(metavar)


def _settings(command: "typer.core.TyperGroup") -> Mapping[str, object]:
    """The defaults that settings give; a question from a shell is no place to complain of them."""
    from pioneer_cli.cli.configured import defaults
    from pioneer_cli.settings_files import CONFIG_VARIABLE, nothing_is_set

    if nothing_is_set(os.environ):
        return {}
    from pioneer_cli.configuration import load_configuration

    with suppress(PioneerError):
        return defaults(command, load_configuration(os.environ, os.environ.get(CONFIG_VARIABLE)))
    return {}


# --- What there is to offer ------------------------------------------------------------------------------------------


def _packs(ctx: typer.Context, incomplete: str) -> list[str]:
    from pioneer_cli.shipped import shipped_names

    return _offered([*shipped_names("criteria"), *_folders_with(("pack.yaml",), incomplete)], incomplete)


def _templates(ctx: typer.Context, incomplete: str) -> list[str]:
    from pioneer_cli.shipped import shipped_names
    from pioneer_cli.template_folder import LETTERS, MAIN_TEMPLATE, STYLE, STYLE_SHEET

    marks = (MAIN_TEMPLATE, STYLE, STYLE_SHEET, *LETTERS)
    return _offered([*shipped_names("templates"), *_folders_with(marks, incomplete)], incomplete)


def _explained(ctx: typer.Context, incomplete: str) -> list[str]:
    """Rules, gates, considerations and criteria of the pack that is named on the line or set, and faults' codes."""
    from pioneer_cli.answers import PACK, known_names

    pack = ctx.params.get("pack") or PACK
    names = known_names() if pack == PACK else None
    return _offered(_names_of(str(pack)) if names is None else names, incomplete)


def _names_of(pack: str) -> list[str]:
    """What can be explained of any pack, which takes longer."""
    from pioneer_cli.explanation import explained_names
    from pioneer_cli.fault_codes import CODES
    from pioneer_cli.load_pack import load_pack

    with suppress(PioneerError):
        loaded = load_pack(pack).pack
        return [*explained_names(loaded), *CODES] if loaded else []
    return []


def _codes(ctx: typer.Context, incomplete: str) -> list[str]:
    """Criteria and considerations, such as C3 and C3b."""
    return [name for name in _explained(ctx, incomplete) if re.fullmatch(r"[A-Za-z]+\d+[a-z]?", name)]


def _offered(names: list[str], incomplete: str) -> list[str]:
    """The names that go on from what was typed, in its own capitals, since case does not matter."""
    typed = incomplete.lower()
    found = dict.fromkeys(name for name in names if name.lower().startswith(typed) and re.fullmatch(_SAFE, name))
    return [incomplete + name[len(incomplete) :] for name in found]


def _revisions(ctx: typer.Context, incomplete: str) -> list[str]:
    """Branches and tags of the repository of the bid that is named on the line, or of this folder."""
    from pioneer_cli.history import branches_and_tags

    bid = next(iter(ctx.args), "")  # what stands before the option whose value is being typed
    with suppress(PioneerError):
        found = branches_and_tags(Path(bid).parent)
        return _offered([name for name in found if name.startswith(incomplete)], incomplete)
    return []


def _formats(ctx: typer.Context, incomplete: str) -> list[str]:
    from pioneer_cli.reports import FORMATS

    return _offered(list(FORMATS), incomplete)


def _bids(ctx: typer.Context, incomplete: str) -> list[str]:
    return _files((".yaml", ".yml"), incomplete)


def _documents(ctx: typer.Context, incomplete: str) -> list[str]:
    return _files((".yaml", ".yml", ".pdf", ".docx"), incomplete)


def _files(endings: tuple[str, ...], incomplete: str) -> list[str]:
    """Files with these endings and folders; of a single folder, what lies in it as well."""
    found = [*_entries(endings, incomplete)]
    return [*found, *_entries(endings, found[0])] if len(found) == 1 and found[0].endswith("/") else found


def _entries(endings: tuple[str, ...], incomplete: str) -> Iterator[str]:
    head, _, begun = incomplete.rpartition("/")
    head = incomplete[: len(incomplete) - len(begun)]
    with suppress(OSError, ValueError):
        for entry in sorted(os.scandir(head or "."), key=lambda entry: entry.name):
            hidden = entry.name.startswith(".") and not begun.startswith(".")
            if entry.name.startswith(begun) and not hidden and re.fullmatch(_SAFE, entry.name):
                if entry.is_dir():
                    yield f"{head}{entry.name}/"
                elif entry.name.lower().endswith(endings):
                    yield f"{head}{entry.name}"


def _folders_with(marks: tuple[str, ...], incomplete: str) -> list[str]:
    """The folders that hold one of these files, as they are named on the command line."""
    folders = (name.rstrip("/") for name in _entries((), incomplete))
    return [name for name in folders if any((Path(name) / mark).is_file() for mark in marks)]


_BY_PLACE: Mapping[str, Complete] = {
    "explain name": _explained,
    "rules criterion": _codes,
    "pack show name": _packs,
    "pack test name": _packs,
}
_BY_NAME: Mapping[str, Complete] = {
    "pack": _packs,
    "template": _templates,
    "bid": _bids,
    "bids": _bids,
    "base": _revisions,
}
_BY_METAVAR: Mapping[str, Complete] = {"BID|PDF|DOCX": _documents, "FILE...": _bids, "FORMAT[=PATH]": _formats}
