"""How each shell is asked and answered for completion, where typer's own way with `=`, quotes or files falls short.

A shell that takes `--phase=dr` for one word must be offered the whole word; bash takes it for three, and keeps the
first two. Loaded only when a shell asks.
"""

import re
from shlex import quote

from typer._click.shell_completion import CompletionItem, ShellComplete, add_completion_class
from typer._completion_classes import BashComplete, FishComplete, PowerShellComplete, ZshComplete

from pioneer_cli.reports import FORMATS

_OPTION = re.compile(r"--[\w-]+=")
_BEFORE_A_FILE = re.compile(rf"({_OPTION.pattern})?(({'|'.join(FORMATS)})=)?")


class _WholeWords(ShellComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """What may stand in the place of the whole word, also where that is an option with its value."""
        option = _OPTION.match(incomplete)
        found = super().get_completions(args, incomplete)
        for item in found:
            item.value = f"{option.group() if option else ''}{item.value}"
        return found


class _Bash(_WholeWords, BashComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        """The words as they were typed: what bash took apart at `=` is joined again."""
        args, word = super().get_completion_args()
        if word == "=" and args:
            word = f"{args.pop()}="
        while len(args) > 1 and args[-1] == "=":
            args.pop()
            word = f"{args.pop()}={word}"
        return args, word

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        found = super().get_completions(args, incomplete)
        kept = incomplete[: incomplete.rfind("=") + 1]
        for item in found:
            item.value = item.value.removeprefix(kept)
        return found


class _Zsh(_WholeWords, ZshComplete):
    def complete(self) -> str:
        """Commands for zsh: what there is to offer, each with its help; without any, files."""
        args, incomplete = self.get_completion_args()
        offered = " ".join(quote(_described(item)) for item in self.get_completions(args, incomplete))
        if offered:
            return f"local -a offered; offered=({offered}); _describe '' offered"
        before = _BEFORE_A_FILE.match(incomplete)
        return f"compset -P {quote(before.group())}; _files" if before and before.group() else "_files"


class _Fish(_WholeWords, FishComplete):
    pass


class _PowerShell(_WholeWords, PowerShellComplete):
    pass


def _described(item: CompletionItem) -> str:
    """An entry for zsh's `_describe`: what is offered, a colon, and its help."""
    value = item.value.replace("\\", "\\\\").replace(":", "\\:")
    return f"{value}:{' '.join(item.help.split())}" if item.help else value


def use_our_shells() -> None:
    """Has typer answer in these ways."""
    for shell, answers in (("bash", _Bash), ("zsh", _Zsh), ("fish", _Fish), ("powershell", _PowerShell)):
        add_completion_class(answers, shell)
