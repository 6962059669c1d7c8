"""`pioneer check`: what is wrong with bids, what is weak, what mending it would gain, and how many pages they take."""

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pioneer_cli.errors import ExitCode, PioneerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pioneer_cli.assessment import Baselined, Report
    from pioneer_cli.baseline import Baseline
    from pioneer_cli.cli.outputs import Output
    from pioneer_cli.comparison import Comparison
    from pioneer_cli.pipeline import Request, Thresholds

EXAMPLES = """\b
Examples:
  pioneer check bid.yaml
  pioneer check bids/ --phase draft
  pioneer check bid.yaml --gains --show-arithmetic
  pioneer check bid.yaml --fail-on warning --min-score 60
  pioneer check bids/ --output text --output json=report.json
  pioneer check bids/ --baseline baseline.json --write-baseline
  pioneer check bid.yaml --fix
  pioneer check bid.yaml --watch --quiet
  pioneer check - --stdin-filename bid.yaml < bid.yaml
"""


def _score(text: str) -> float:
    if re.fullmatch(r"\d{1,3}(\.\d+)?", text) is None or float(text) > 100:
        raise typer.BadParameter(f"'{text}' is not a number from 0 to 100")
    return float(text)


def _level(text: str) -> int:
    if re.fullmatch(r"[0-5]", text) is None:
        raise typer.BadParameter(f"'{text}' is not a whole number from 0 to 5")
    return int(text)


def check_command(
    context: typer.Context,
    bids: Annotated[
        list[str],
        typer.Argument(metavar="BID", help="Bids: YAML files, folders that hold some, or - for standard input."),
    ],
    phase: Annotated[
        Literal["draft", "submission", "selection-end"],
        typer.Option(help="How far the bid is; gaps matter more the later it is."),
    ] = "submission",
    pack: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="The criteria pack, by name or folder; without it, the one of the bid's call. "
            "Given more than once, the bid is judged by each.",
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "--format",
            metavar="FORMAT[=PATH]",
            help="Who reads the result, and the file to write it to: text, json, sarif, junit, github, gitlab, "
            "markdown, csv. "
            "Given more than once, each is written; one of them may go to standard output.  [default: text]",
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "regression", "never"],
        typer.Option(help="Exit with 1 from this severity on; with regression, when the bid lost ground since --base."),
    ] = "error",
    base: Annotated[
        str | None, typer.Option(metavar="REV", help="The git revision that --fail-on regression compares with.")
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            metavar="POINTS",
            parser=_score,
            help="Exit with 1 when the low end of the score, out of 100, is below this.",
        ),
    ] = None,
    min_criterion: Annotated[
        int | None,
        typer.Option(
            metavar="LEVEL", parser=_level, help="Exit with 1 when a criterion's level, 0 to 5, is below this."
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 where the bid falls short, and say so; for uploads.")
    ] = False,
    no_ignores: Annotated[
        bool,
        typer.Option(
            "--no-ignores/--ignores", show_default=False, help="Count what comments in the bid ignore as well."
        ),
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Leave out what this file lists, so that only new gaps count.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write to --baseline what counts now, in the place of what it had.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="First mend what is safe to mend: misspelt keys, forms of dates, space at the ends of lines, "
            "unused ignores.",
        ),
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Only show what --fix would change; write nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a bid is saved, until Ctrl-C.")] = False,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="The template whose pages count, or a folder of your own.")
    ] = "eoi",
    no_pages: Annotated[
        bool,
        typer.Option(
            "--no-pages/--pages",
            show_default=False,
            help="Do not typeset; the page gate is not checked and the verdict withheld.",
        ),
    ] = False,
    stdin_filename: Annotated[str | None, typer.Option(metavar="NAME", help="What to call standard input.")] = None,
    gains: Annotated[
        bool,
        typer.Option(
            "--gains/--no-gains", show_default=False, help="List what every gap would gain, and not the best three."
        ),
    ] = False,
    show_arithmetic: Annotated[
        bool,
        typer.Option(
            "--show-arithmetic/--no-show-arithmetic",
            show_default=False,
            help="Print the sums behind the score, with the numbers put in.",
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the verdict line of each bid.")] = False,
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Use colour.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug in pioneer.")] = False,
) -> None:
    """Say what is wrong with a bid, what is weak, what mending it would gain, and how many pages it takes."""
    import sys

    from pioneer_cli.background import over_all
    from pioneer_cli.cli.configured import setting_behind
    from pioneer_cli.cli.output import encoding_of, progress, terminal_width, wants_colour
    from pioneer_cli.cli.outputs import parse_outputs, with_summary
    from pioneer_cli.diagnostics import Severity
    from pioneer_cli.named_files import find_files
    from pioneer_cli.pipeline import Request, Thresholds
    from pioneer_cli.reports.look import Look
    from pioneer_cli.source import STDIN

    _refuse_halves(fail_on, base, baseline, write_baseline=write_baseline)
    known = _known(baseline, setting_behind(context, "baseline"), writing=write_baseline)
    request = Request(phase, tuple(pack or ()), not no_pages, template, stdin_filename, not no_ignores, known)
    thresholds = Thresholds(fail_on, min_score, min_criterion, base)
    coloured, encoding = wants_colour(color, sys.stdout), encoding_of(sys.stdout)
    failing = None if fail_on in ("never", "regression") else Severity[fail_on.upper()]
    in_file = Look(
        quiet=quiet, all_gains=gains, arithmetic=show_arithmetic, failing=failing, exit_zero=exit_zero
    )  # fmt: skip
    look = replace(in_file, width=terminal_width(), colour=coloured, encoding=encoding)
    files = find_files(bids)
    if base is not None and STDIN in files:
        raise PioneerError("standard input has no revision to compare with", "name the file")
    aside = fix and not diff and STDIN in files  # the mended bid has the standard output
    outputs = parse_outputs(output or ["text"], in_file if aside else look, in_file)
    mended = ExitCode.OK
    if fix or diff or watch:
        from pioneer_cli.cli.fix import Mode, fix_bids, refuse_what_cannot_be_together

        refuse_what_cannot_be_together(Mode(fix, diff, watch, write_baseline), files, outputs, output)
        if not watch:
            mended = fix_bids(files, request, diff=diff)
        if diff:
            raise typer.Exit(mended)
    outputs = with_summary(outputs)
    work = partial(_check_one, request=request, thresholds=thresholds, outputs=outputs, writing=write_baseline)
    lost = partial(_lost, outputs=outputs)
    spared_by = setting_behind(context, "fail-on") if fail_on == "never" else ""
    uncounted_by = setting_behind(context, "no-pages") if no_pages else ""
    tell = partial(
        _tell, outputs=outputs, template=template, exit_zero=exit_zero, spared_by=spared_by,
        uncounted_by=uncounted_by, aside=aside, baseline=baseline,
    )  # fmt: skip
    if watch:
        from pioneer_cli.cli.watch import Watched, own_folders, watch_bids

        raise typer.Exit(watch_bids(Watched(bids, own_folders(request.packs, template), work, tell)))
    results = list(progress(over_all(work, files, lost, here=STDIN in files), len(files)))
    if known is not None and write_baseline:
        _rewrite_baseline(known, results, files)
    elif known is not None:
        _say_what_is_gone(known)
    raise typer.Exit(max(tell(files, results), mended))


def _tell(
    files: "Sequence[str]",
    results: "Sequence[_Result]",
    outputs: "Sequence[Output]",
    template: str,
    *,
    exit_zero: bool,
    spared_by: str,
    uncounted_by: str,
    aside: bool,
    baseline: str | None,
) -> int:
    """Writes what came of the bids, never over them or the baseline, says what is to be noted, and gives the code.

    `uncounted_by` is the setting, not of the command line, by which pages were left out.
    """
    from pioneer_cli.cli.output import say
    from pioneer_cli.cli.outputs import write_outputs

    parts = {output.target: [part for result in results for part in result.parts[output.target]] for output in outputs}
    write_outputs(outputs, parts, [*files, *([baseline] if baseline else [])], aside=aside)
    _say_notes(results, template)
    code = _code(results, exit_zero=exit_zero, spared_by=spared_by)
    if uncounted_by and code == ExitCode.OK:
        say(f"no page limit was checked, because of no-pages = true ({uncounted_by})")
    return code


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of one bid: the parts of each output, by its target, the exit code that it deserves, and notes.

    `verdicts` are lines to say where no output would: see `unseen`.
    `spared` says that it would deserve a 1 if --fail-on were not never.
    `entries` are what a new baseline would list of it, by their keys; None when it could not be judged.
    """

    parts: "Mapping[str, tuple[str, ...]]"
    code: int
    notes: tuple[str, ...] = ()
    verdicts: str = ""
    entries: "Mapping[str, tuple[Baselined, ...]] | None" = None
    spared: bool = False


def _known(name: str | None, named_by: str, *, writing: bool) -> "Baseline | None":
    """The baseline to hold bids to; an empty one where it is to be written and there is none yet.

    `named_by` is the setting, not of the command line, that names it. Raises PioneerError.
    """
    if name is None:
        return None
    from pathlib import Path

    from pioneer_cli.baseline import Baseline, read_baseline

    if writing and not Path(name).exists():
        return Baseline(name, {})
    try:
        return read_baseline(name)
    except PioneerError as error:
        if named_by:
            raise PioneerError(f"{error.message} (the baseline of {named_by})", error.hint) from None
        raise


def _check_one(
    name: str, request: "Request", thresholds: "Thresholds", outputs: "Sequence[Output]", *, writing: bool
) -> _Result:
    """Judges one bid; runs in whichever process is free."""
    from pioneer_cli.cli.outputs import shows_why, unseen
    from pioneer_cli.pipeline import below_minimum, check, exit_code, warnings_that_fail
    from pioneer_cli.reports import reporter

    def prepare() -> None:
        for output in outputs:
            reporter(output.format)

    reports = check(name, replace(request, baseline=None) if writing else request, beside=prepare)
    entries = None
    if writing and request.baseline is not None and all(report.assessment for report in reports):
        from pioneer_cli.baseline import Baseline, entries_of, key_of, without_baselined

        entries = {key_of(report, request.baseline.name): entries_of(report) for report in reports}
        reports = tuple(without_baselined(report, Baseline(request.baseline.name, entries)) for report in reports)
    missed = [(*below_minimum(report, thresholds), *warnings_that_fail(report, thresholds)) for report in reports]
    notes: list[str] = []
    code = max(exit_code(report, thresholds) for report in reports)
    strict = replace(thresholds, fail_on="error")
    spared = thresholds.fail_on == "never" and any(exit_code(report, strict) > code for report in reports)
    if thresholds.base is not None and code != ExitCode.CANNOT_JUDGE:
        lost, notes = _since(thresholds.base, name, reports, request)
        missed = [(*why, *more) for why, more in zip(missed, lost, strict=True)]
        code = max(code, ExitCode.FALLS_SHORT if any(lost) else ExitCode.OK)
    if not shows_why(outputs):
        notes += [f"{report.source.name}: {why}" for report, whys in zip(reports, missed, strict=True) for why in whys]
    seen_nowhere = unseen(reports, outputs, missed)
    return _Result(_parts(reports, outputs, missed), code, tuple(notes), seen_nowhere, entries, spared)


def _since(
    base: str, name: str, reports: "Sequence[Report]", request: "Request"
) -> tuple[list[tuple[str, ...]], list[str]]:
    """What each report lost since a revision, and what is to be noted of those that lost nothing.

    A bid that was not there then, or could not be judged, is held to having no error.
    """
    from pioneer_cli.comparison import compare
    from pioneer_cli.history import version_at
    from pioneer_cli.pipeline import Thresholds, check_source, exit_code

    old = version_at(name, base)
    before = check_source(old, replace(request, ignores=False, baseline=None)) if old else ()
    lost: list[tuple[str, ...]] = []
    notes: list[str] = []
    for number, report in enumerate(reports):
        found = compare(before[number], report) if number < len(before) else None
        if found is None:
            why = "was not there" if old is None else "could not be judged by this pack"
            why = f"the bid {why} at {base}, so any error counts"
            lost.append((why,) if exit_code(report, Thresholds("error")) else ())
            notes += [] if lost[-1] else [f"{name}: {why}"]
        else:
            lost.append(tuple(f"since {base}, {loss}" for loss in _losses(found)))
    return lost, notes


def _losses(found: "Comparison") -> tuple[str, ...]:
    """What a version lost; where it names another call, that alone, since it is held to other things now."""
    if found.before.pack == found.after.pack:
        return found.regressions
    was = found.before.pack.about.name if found.before.pack else ""
    return (f"the call changed from {was} to {found.pack.about.name}",)


def _refuse_halves(fail_on: str, base: str | None, baseline: str | None, *, write_baseline: bool) -> None:
    """Raises PioneerError for an option that means nothing without another."""
    if write_baseline and baseline is None:
        raise PioneerError("--write-baseline needs a file to write", "name it with --baseline FILE")
    if fail_on == "regression" and base is None:
        raise PioneerError("--fail-on regression needs a revision to compare with", "name it with --base REV")
    if fail_on != "regression" and base is not None:
        raise PioneerError("--base is for --fail-on regression", "add it, or use pioneer diff BID --base REV")


def _lost(name: str, outputs: "Sequence[Output]") -> _Result:
    """The result of a bid whose process was ended from outside: it could not be judged."""
    from pioneer_cli.assessment import Report
    from pioneer_cli.cli.outputs import unseen
    from pioneer_cli.source import unread

    problem = PioneerError("the process that judged this bid was ended", "was the memory full? check the bid by itself")
    source = unread(name, problem)
    report = Report(source, None, "", source.diagnostics, None, None)
    verdicts = unseen([report], outputs, [()])
    return _Result(_parts([report], outputs, [()]), ExitCode.CANNOT_JUDGE, verdicts=verdicts)


def _parts(
    reports: "Sequence[Report]", outputs: "Sequence[Output]", missed: "Sequence[tuple[str, ...]]"
) -> dict[str, tuple[str, ...]]:
    """Each output's parts; `missed` says of each report why it falls short beside its findings."""
    from pioneer_cli.reports import reporter

    return {
        output.target: tuple(
            reporter(output.format).part(report, replace(output.look, missed=why))
            for report, why in zip(reports, missed, strict=True)
        )
        for output in outputs
    }


def _rewrite_baseline(known: "Baseline", results: "Sequence[_Result]", inputs: "Sequence[str]") -> None:
    """Puts what counts now in the place of what the baseline had of these bids; of others that are there it is kept."""
    from pioneer_cli.baseline import bids_gone, write
    from pioneer_cli.cli.output import say, write_file
    from pioneer_cli.quantities import plural

    gone = bids_gone(known)
    entries = {key: listed for key, listed in known.entries.items() if key not in gone}
    for result in results:
        entries.update(result.entries or {})
    written = replace(known, entries=entries)
    write_file(known.name, write(written).encode(), list(inputs))
    listed = [entries for result in results for entries in (result.entries or {}).values()]
    say(f"{known.name} lists {plural(sum(map(len, listed)), 'place')} of {plural(len(listed), 'bid')} now")


def _say_what_is_gone(known: "Baseline") -> None:
    """Says that the baseline lists bids that are not there; of one that was renamed, every finding counts again."""
    from pioneer_cli.baseline import bids_gone
    from pioneer_cli.cli.output import say

    gone = sorted(set(bids_gone(known).values()))
    if gone:
        more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        say(f"{known.name} lists {gone[0]}{more}, not there any more: renamed? write it again: --write-baseline")


def _say_notes(results: "Sequence[_Result]", template: str) -> None:
    from pioneer_cli.cli.output import say, say_lines, say_template

    say_template(template)
    for result in results:
        for note in result.notes:
            say(note)
        if result.verdicts:
            say_lines(result.verdicts)


def _code(results: "Sequence[_Result]", *, exit_zero: bool, spared_by: str) -> int:
    """The highest code of the bids; with `exit_zero` a bid that falls short counts as none, and that is said.

    So is what `fail-on = never` spares, where a setting (`spared_by`) and not the command line says it.
    """
    from pioneer_cli.cli.output import say
    from pioneer_cli.quantities import plural

    code = max(result.code for result in results)
    spared = sum(result.spared for result in results)
    if spared_by and spared and code == ExitCode.OK:
        why = f"the exit code is 0 because of fail-on = never ({spared_by})"
        say(f"{spared} of {len(results)} bids fall short; {why}")
    if exit_zero and code == ExitCode.FALLS_SHORT:
        short = sum(result.code == ExitCode.FALLS_SHORT for result in results)
        verb = "falls" if short == 1 else "fall"
        say(f"{plural(short, 'bid')} of {len(results)} {verb} short; the exit code is 0 because of --exit-zero")
        return ExitCode.OK
    return code
