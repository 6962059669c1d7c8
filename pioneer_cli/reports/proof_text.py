"""Whether a proof, a bid and a PDF belong together, for people at a terminal: a line a thing, then the answer."""

from collections.abc import Iterator

from rich.text import Text

from pioneer_cli.check_proof import Check, Verification
from pioneer_cli.reports.look import Look, printable
from pioneer_cli.reports.terminal import console_for, finished

_COLOURS = {"holds": "green", "fails": "bold red", "over": "bold red", "unknown": "cyan", "not-given": "dim"}
_WORDS = {"not-given": "not given"}
_WHY = 20  # the column in which reasons begin


def proof_text(name: str, found: Verification, look: Look) -> str:
    """The report on a proof's file; only its last line with `look.quiet`."""
    console = console_for(look)
    with console.capture() as capture:
        if not look.quiet:
            for check in found.checks:
                for line in _lines(check, look):
                    console.print(line, soft_wrap=True)
            console.print()
        console.print(Text(f"{printable(name, look.encoding)}: {answer(found)}", style="bold"), soft_wrap=True)
    return finished(capture.get(), look)


def answer(found: Verification) -> str:
    """What came of it, in one sentence."""
    if found.belongs is None:
        return f"cannot tell whether they belong together: {', '.join(found.what('unknown'))} unknown"
    if not found.belongs:
        return f"they do not belong together: see {', '.join(found.what('fails'))}"
    without = ", with no PDF to look at" if found.what("not-given") else ""
    pages = found.pages
    count = f"{pages.count} of {pages.limit} pages" if pages.limit else f"{pages.count} pages and no limit"
    over = ", over the limit" if found.what("over") else ""
    return f"they belong together{without}: {count}{over}"


def _lines(check: Check, look: Look) -> Iterator[Text]:
    head = Text(f"{check.what:<9} ") + Text(_WORDS.get(check.standing, check.standing), _COLOURS[check.standing])
    head.pad_right(_WHY - len(head))
    why = Text(printable(check.why, look.encoding))
    for index, line in enumerate(why.wrap(console_for(look), look.width - _WHY)):
        line.rstrip()
        yield (Text(" " * _WHY) if index else head) + line
