"""What reports for people at a terminal are written with: a console that looks at nothing but the look."""

from io import StringIO

from rich.console import Console

from pioneer_cli.reports.look import Look, carried, commandless


class _Paper(StringIO):
    """What the console writes on; it has the encoding of where the text will go."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


def console_for(look: Look) -> Console:
    """A console that writes for a look; `with console.capture()` gives what was written."""
    return Console(
        file=_Paper(look.encoding),
        width=look.width,
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        _environ={},  # the look says it all; rich stumbles over COLUMNS=²
    )


def finished(text: str, look: Look) -> str:
    """What was written, without blanks at the ends of lines, in characters that the encoding has and no build obeys."""
    lines = [line.rstrip() for line in text.split("\n")]
    return carried(commandless("\n".join(lines).rstrip("\n")), look.encoding) + "\n"
