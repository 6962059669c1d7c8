"""The report on a stranger's document for people at a terminal: what falls short, what holds, and one last line."""

from collections.abc import Iterator
from textwrap import wrap

from pioneer_cli.assessment import Outcome
from pioneer_cli.diagnostics import Severity
from pioneer_cli.foreign.claims import Check, Judgement, page_words
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import Look, carried, commandless, printable

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.NOTE: "36"}
_DIM = "2"


def write(judgement: Judgement, look: Look) -> str:
    """The report."""
    lines = [*(() if look.quiet else _body(judgement, look)), _last_line(judgement, look)]
    return carried(commandless("\n".join(lines)), look.encoding) + "\n"


def _body(judgement: Judgement, look: Look) -> Iterator[str]:
    if judgement.problem:
        yield _painted("error", _COLOURS[Severity.ERROR], look) + f": {printable(judgement.problem)}"
        yield from _indented(judgement.hint, look)
        yield ""
    for check in judgement.gaps:
        yield from _gap(check, look)
        yield ""
    held = [check for check in judgement.checks if not check.is_gap]
    for check in held:
        words = "holds" if check.outcome is Outcome.MET else "does not apply"
        line = f"{check.claim.id} ({check.claim.authority}) {words}: {check.found}"
        yield from (_painted(part, _DIM, look) for part in wrap(printable(line), look.width, subsequent_indent="  "))
    if held:
        yield ""


def _gap(check: Check, look: Look) -> Iterator[str]:
    severity = _painted(str(check.claim.severity), _COLOURS[check.claim.severity], look)
    where = f", {page_words(check.pages)}" if check.pages else ""
    stands = {Outcome.UNKNOWN: " is not known", Outcome.PARTLY: " holds in part"}.get(check.outcome, " does not hold")
    yield f"{severity}: {check.claim.id} ({check.claim.authority}){stands}{where}"
    yield from _indented(check.found, look)
    yield from _indented(check.claim.remedy, look)


def _indented(text: str, look: Look) -> list[str]:
    return wrap(printable(text), look.width, initial_indent="  ", subsequent_indent="  ")


def _last_line(judgement: Judgement, look: Look) -> str:
    name = printable(judgement.file)
    if judgement.problem:
        return f"{name}: {_painted('cannot be judged', _COLOURS[Severity.ERROR], look)}"
    return f"{name}: {_pages(judgement)}; {', '.join(_tallies(judgement)) or 'no gaps'}"


def _pages(judgement: Judgement) -> str:
    if judgement.pages is None:
        return "pages not counted"
    if judgement.limit is None:
        return plural(judgement.pages, "page")
    return f"{judgement.pages} of {plural(judgement.limit, 'page')}"


def _tallies(judgement: Judgement) -> Iterator[str]:
    found = [check.claim.severity for check in judgement.gaps]
    for severity in sorted(Severity, reverse=True):
        if severity in found:
            yield plural(found.count(severity), str(severity))


def _painted(text: str, code: str, look: Look) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if look.colour else text
