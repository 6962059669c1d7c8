"""`--output FORMAT[=PATH]`: which formats a check writes, and where each of them goes."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pioneer_cli.errors import PioneerError

if TYPE_CHECKING:
    from pioneer_cli.assessment import Report
    from pioneer_cli.reports.look import Look

STDOUT = "-"
SUMMARY = "\0GITHUB_STEP_SUMMARY"  # a target that no file can be called
SUMMARY_ROOM = 1_000_000  # bytes; GitHub refuses a step's summary of more than 1 MiB


@dataclass(frozen=True, slots=True)
class Output:
    """One format and its target, a file or `-` for standard output, and how it may look there."""

    format: str
    target: str
    look: "Look"


_ENDINGS = {
    ".txt": "text", ".json": "json", ".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".csv": "csv",
}  # fmt: skip


def parse_outputs(asked: Sequence[str], at_stdout: "Look", in_file: "Look") -> tuple[Output, ...]:
    """The outputs asked for, in their order. Raises PioneerError for an unknown format or two at one place."""
    from difflib import get_close_matches

    from pioneer_cli.reports import FORMATS

    outputs = []
    for text in asked:
        name, given, path = text.partition("=")
        if name not in FORMATS:
            close = get_close_matches(name, FORMATS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"formats: {', '.join(FORMATS)}"
            if meant := _ENDINGS.get(Path(name).suffix.lower()):
                hint = f"to write that file: --output {meant}={text}"
            raise PioneerError(f"there is no format called {name or text}", hint)
        if given and not path:
            raise PioneerError(f"--output {text} names no file", f"write --output {name}=FILE, or --output {name}")
        target = path or STDOUT
        outputs.append(Output(name, target, at_stdout if target == STDOUT else in_file))
    _refuse_one_place_twice(outputs)
    return tuple(outputs)


def with_summary(outputs: tuple[Output, ...]) -> tuple[Output, ...]:
    """The outputs, and the job's summary in Markdown when annotations are asked for where a GitHub workflow runs."""
    from pioneer_cli.reports.look import Look

    if not os.environ.get("GITHUB_STEP_SUMMARY") or all(output.format != "github" for output in outputs):
        return outputs
    return (*outputs, Output("markdown", SUMMARY, Look()))


def _refuse_one_place_twice(outputs: Iterable[Output]) -> None:
    seen: dict[str, str] = {}
    for output in outputs:
        place = output.target if output.target == STDOUT or "\0" in output.target else os.path.realpath(output.target)
        if place in seen:
            where = "standard output" if place == STDOUT else output.target
            hint = f"write one of them to a file: --output {output.format}=FILE"
            raise PioneerError(f"{seen[place]} and {output.format} cannot both go to {where}", hint)
        seen[place] = output.format


def write_outputs(
    outputs: Sequence[Output], parts: Mapping[str, Sequence[str]], inputs: Sequence[str], *, aside: bool = False
) -> None:
    """Writes each output from the bids' parts: files whole or not at all, then standard output. Raises PioneerError.

    `parts` holds the parts of each target. With `aside`, what would go to standard output goes to standard error.
    """
    from pioneer_cli.cli.output import say_lines, show, write_files
    from pioneer_cli.reports import reporter

    written = {
        output.target: reporter(output.format).whole(list(parts[output.target]))
        for output in outputs
        if output.target != SUMMARY
    }
    files = {target: text.encode("utf-8", "backslashreplace") for target, text in written.items() if target != STDOUT}
    write_files(files, list(inputs))
    if SUMMARY in parts:
        from pioneer_cli.reports.markdown_comment import within

        append_summary(within(parts[SUMMARY], SUMMARY_ROOM - _summary_size()))
    if STDOUT in written:
        (say_lines if aside else show)(written[STDOUT])


def shows_why(outputs: Iterable[Output]) -> bool:
    """Whether the standard output tells people why a bid falls short, so that no note needs to say it again."""
    return any(output.format == "text" and output.target == STDOUT and not output.look.quiet for output in outputs)


def unseen(reports: Iterable["Report"], outputs: Sequence[Output], missed: Iterable[tuple[str, ...]]) -> str:
    """The verdict lines of what did not pass, for standard error; empty where a format goes to standard output.

    `missed` says of each report why it falls short beside its findings.
    """
    if any(output.target == STDOUT for output in outputs):
        return ""
    from pioneer_cli.reports import reporter
    from pioneer_cli.reports.look import ends_with

    look = replace(outputs[0].look, quiet=True, exit_zero=False)
    found = ((report, replace(look, missed=why)) for report, why in zip(reports, missed, strict=True))
    return "".join(reporter("text").part(report, look) for report, look in found if ends_with(report, look))


def _summary_size() -> int:
    """How many bytes the step has written to its summary already."""
    try:
        return Path(os.environ.get("GITHUB_STEP_SUMMARY", "")).stat().st_size
    except (OSError, ValueError):
        return 0


def append_summary(text: str) -> None:
    """Adds a text to the job summary of a GitHub workflow, where one runs. Raises PioneerError."""
    target = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not target:
        return
    try:
        with Path(target).open("ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise PioneerError(f"cannot write to GITHUB_STEP_SUMMARY: {reason}", "unset it to go without") from None
