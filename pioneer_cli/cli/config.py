"""`pioneer config`: which settings hold in this folder, and where each came from."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from pioneer_cli.configuration import Configuration
    from pioneer_cli.settings import Setting, Value
    from pioneer_cli.settings_layer import Layer

EXAMPLES = """\b
Examples:
  pioneer config show
  pioneer config show --format json
  pioneer --isolated config show
"""
VERSION = 1

app = typer.Typer(
    name="config",
    help="See which settings hold in this folder, and where each came from.",
    epilog=EXAMPLES,
    rich_markup_mode=None,
    no_args_is_help=False,
    add_completion=False,
)


@app.command("show", short_help="Every setting, its value, and where that came from.")
def show_command(
    context: typer.Context,
    output_format: Annotated[Literal["text", "json"], typer.Option("--format", help="Who reads the result.")] = "text",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Show every setting with its value and its origin: a variable, a line of a file, or the default."""
    from pioneer_cli.cli.configured import configuration_or_exit
    from pioneer_cli.cli.output import show

    asked = context.find_root().params
    found = configuration_or_exit(asked["config"], isolated=asked["isolated"])
    show(_as_json(found) if output_format == "json" else _as_text(found))


def _as_text(found: "Configuration") -> str:
    from pioneer_cli.reports.look import printable
    from pioneer_cli.settings import SETTINGS

    rows = [("setting", "value", "from")]
    for setting in SETTINGS:
        layer = found.layer_of(setting.key)
        value = _in_words(layer.values[setting.key]) if layer else setting.default
        rows.append((setting.key, printable(value), printable(_origin(layer, setting))))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    table = "".join(f"{key:{widths[0]}}  {value:{widths[1]}}  {origin}\n" for key, value, origin in rows)
    files = [layer.file for layer in found.layers if layer.file]
    return f"{table}\n{'read: ' + printable(', '.join(files)) if files else 'no file of settings was found'}\n"


def _in_words(value: "Value") -> str:
    from pioneer_cli.settings import as_given

    given = as_given(value)
    if isinstance(given, list):
        return ", ".join(given)
    return str(given).lower() if isinstance(given, bool) else given


def _origin(layer: "Layer | None", setting: "Setting") -> str:
    return layer.origin_of(setting.key) if layer else "default"


def _as_json(found: "Configuration") -> str:
    from pioneer_cli.reports.machine_json import machine_json
    from pioneer_cli.settings import SETTINGS

    content = {
        "version": VERSION,
        "files": [{"kind": layer.kind, "file": layer.file} for layer in found.layers if layer.file],
        "settings": [_entry(found.layer_of(setting.key), setting) for setting in SETTINGS],
    }
    return machine_json(content, plain=True) + "\n"


def _entry(layer: "Layer | None", setting: "Setting") -> dict[str, Any]:
    """One setting; a value that nothing sets is null, and the default stands beside it in words."""
    value = layer.values[setting.key] if layer else None
    return {
        "key": setting.key,
        "value": list(value) if isinstance(value, tuple) else value,
        "default": setting.default,
        "from": layer.kind if layer else "default",
        "variable": (layer.variables or {}).get(setting.key) if layer else None,
        "file": (layer.file or None) if layer else None,
        "line": layer.line_of(setting.key) if layer else None,
    }
