"""Findings that the writers of a bid decided to leave: `# pioneer: ignore[rule-id] -- reason`.

The comment stands on the line of the finding or right above it, names one rule, and says why. There is no form without
a rule or without a reason, so that whoever reads the bid or a report is told what was decided and on what grounds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pioneer_cli.assessment import Finding, GateResult, Report, Suppressed, name_of
from pioneer_cli.diagnostics import Diagnostic, Severity, Span
from pioneer_cli.pack import Pack
from pioneer_cli.source import Comment, Source
from pioneer_cli.waivable import counted, lines_of, names_of, places_of, rests_on_the_call

_FORM = re.compile(r"#\s*pioneer\s*:\s*ignore\s*\[(?P<rule>[^\]]*)\]\s*(?P<rest>.*)")
_REASON = re.compile(r"(?:--|–|—)\s*(?P<reason>\S.*)")
MOST = 200  # comments that are read; more are no decisions, and each is compared with every finding
_MOST_LINES = 5  # that a message names
HOW = "write `# pioneer: ignore[rule-id] -- reason`"


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment that ignores a rule: on which line its findings stand, and why; `span` is the comment's own."""

    rule: str
    reason: str
    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Ignores:
    """What the comments of a bid say, and what is wrong with the others."""

    ignores: tuple[Ignore, ...]
    faults: tuple[Diagnostic, ...]


def ignores_in(source: Source) -> Ignores:
    """The ignores of a bid, in their order; one without a rule or a reason is an error and ignores nothing."""
    ignores: list[Ignore] = []
    faults: list[Diagnostic] = []
    comments = source.comments[:MOST]
    meant = _lines_meant(source, comments)
    for comment in comments:
        found = _read(source, comment, meant[comment.span])
        if isinstance(found, Ignore):
            ignores.append(found)
        else:
            faults.append(found)
    if len(source.comments) > MOST:
        message = f"more than {MOST} comments to pioneer; this one and those below it are not read"
        faults.append(_fault(source, source.comments[MOST].span, "ignore-malformed", message, "mend the bid instead"))
    return Ignores(tuple(ignores), tuple(faults))


def without_ignored(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of one bid, by one pack or by several, without what its comments ignore.

    The first report also tells of comments that ignore nothing, name no rule of the packs, or try to ignore what rests
    on the call.
    """
    if not reports[0].source.comments or any(report.assessment is None for report in reports):
        return tuple(reports)
    read = ignores_in(reports[0].source)
    refused = frozenset().union(*map(_refused, reports))
    allowed = [ignore for ignore in read.ignores if ignore.rule not in refused]
    used: set[Ignore] = set()
    lighter = [_without(report, allowed, used) for report in reports]
    told = [*read.faults, *_wrong(lighter, read.ignores, refused, used)]
    lighter[0] = replace(lighter[0], diagnostics=tuple(sorted((*lighter[0].diagnostics, *told))))
    return tuple(lighter)


def _read(source: Source, comment: Comment, line: int) -> Ignore | Diagnostic:
    form = _FORM.fullmatch(comment.text)
    if form is None:
        return _fault(source, comment.span, "ignore-malformed", _misread(comment.text), HOW)
    rule = form["rule"].strip()
    if not rule or "," in rule or " " in rule:
        message = "an ignore names one rule" if rule else "this ignores no rule by its id"
        hint = f"{HOW}; for two rules, two comments, one above the other"
        return _fault(source, comment.span, "ignore-malformed", message, hint)
    reason = _REASON.fullmatch(form["rest"].strip())
    if reason is None:
        unmarked = re.search(r"\w", form["rest"])
        message = "two hyphens must stand before the reason" if unmarked else f"this does not say why {rule} is ignored"
        return _fault(source, comment.span, "ignore-without-reason", message, f"{HOW}, with your reason")
    return Ignore(rule, reason["reason"].strip(), line, comment.span)


def _misread(comment: str) -> str:
    """What is wrong with a comment to pioneer that does not have the form of an ignore."""
    if re.match(r"#\s*pioneer\s*:\s*ignore", comment):
        return "this ignores no rule by its id"
    if re.match(r"#\W*p[a-z]+\W*_*ignore", comment, re.IGNORECASE):
        return "this is almost an ignore, and ignores nothing as it is written"
    return "pioneer does not know this comment"


def _lines_meant(source: Source, comments: Sequence[Comment]) -> dict[Span, int]:
    """The line that each means: its own, or the first below that is no comment, when nothing else stands on its own.

    From the last one up, so that no line is looked at twice.
    """
    meant: dict[Span, int] = {}
    below: dict[int, int] = {}
    for comment in reversed(comments):
        line = comment.span.start.line
        if comment.alone:
            while line not in below and source.line(line).lstrip().startswith("#"):
                line += 1
            line = below[comment.span.start.line] = below.get(line, line)
        meant[comment.span] = line
    return meant


def _refused(report: Report) -> frozenset[str]:
    if report.pack is None or report.assessment is None:
        return frozenset()
    return rests_on_the_call(report.pack, report.assessment.phase)


def _without(report: Report, ignores: Sequence[Ignore], used: set[Ignore]) -> Report:
    suppressed = [
        found
        for what in counted(report)
        for ignore in ignores
        if ignore.rule == name_of(what) and (found := _suppressed(report.source, what, ignore))
    ]
    used.update(ignore for ignore in ignores if any(found.span == ignore.span for found in suppressed))
    hidden = {id(found.what) for found in suppressed}
    kept = tuple(found for found in report.diagnostics if id(found) not in hidden)
    return replace(report, diagnostics=kept, suppressed=(*report.suppressed, *suppressed))


def _suppressed(source: Source, what: Finding | GateResult | Diagnostic, ignore: Ignore) -> Suppressed | None:
    """What an ignore takes out: of a finding the places on its line, of a diagnostic all or nothing."""
    if isinstance(what, Diagnostic):
        here = what.file == source.name and what.span.start.line == ignore.line
        return Suppressed(what, "ignore", ignore.reason, ignore.span) if here else None
    paths = [path for path in places_of(what) if ignore.line in lines_of(source, path)]
    if not paths:
        return None
    places = tuple(shortfall for shortfall in what.shortfalls if shortfall.path in paths)
    return Suppressed(replace(what, shortfalls=places), "ignore", ignore.reason, ignore.span)


def _wrong(
    reports: Sequence[Report], ignores: Sequence[Ignore], refused: frozenset[str], used: set[Ignore]
) -> Iterator[Diagnostic]:
    """Ignores that are not allowed, name nothing, or ignore nothing.

    Where only packs of other calls are asked, a comment may well speak of the bid's own call, and is let be.
    """
    source = reports[0].source
    packs = [report.pack for report in reports if report.pack is not None]
    known = {name for pack in packs for name in names_of(pack)}
    of_own_call = any(pack.about.name == source.call for pack in packs)
    for ignore in ignores:
        rule = ignore.rule
        if rule in refused:
            message, hint = f"{rule} rests on the call and cannot be ignored", "delete the comment and mend the bid"
            yield _fault(source, ignore.span, "ignore-not-allowed", message, hint)
        elif rule not in known:
            if of_own_call:
                hint = _meant(rule, packs, known - refused)
                yield _fault(source, ignore.span, "ignore-unknown-rule", f"there is no rule called {rule}", hint)
        elif of_own_call and ignore not in used and not (rule == "over-budget" and reports[0].pages is None):
            yield replace(_useless(source, ignore, _lines_of_rule(reports, rule)), severity=Severity.WARNING)


def _meant(name: str, packs: Sequence[Pack], ignorable: set[str]) -> str:
    """What somebody who ignores what is no rule may have meant; findings bear their consideration's code as well."""
    within = [rule.id for pack in packs for _, consideration, rule in pack.rules() if name == consideration.id]
    rules = [rule for rule in within if rule in ignorable]
    if rules:
        return f"{name} is a consideration; its rules that can be ignored are {', '.join(rules)}"
    close = get_close_matches(name, sorted(ignorable), n=1)
    return f"did you mean `{close[0]}`?" if close else "`pioneer rules` lists the rules"


def _useless(source: Source, ignore: Ignore, elsewhere: Sequence[int]) -> Diagnostic:
    """An ignore of what is not found on its line: in the wrong place, or not needed any more."""
    if not elsewhere:
        message = f"nothing of {ignore.rule} is found here, so this ignores nothing"
        return _fault(source, ignore.span, "unused-ignore", message, "delete the comment")
    lines = ", ".join(map(str, elsewhere[:_MOST_LINES])) + (", …" if len(elsewhere) > _MOST_LINES else "")
    where = f"line {lines}" if len(elsewhere) == 1 else f"lines {lines}"
    message = f"{ignore.rule} is not found here, but on {where}"
    return _fault(source, ignore.span, "misplaced-ignore", message, "put the comment right above that line")


def _lines_of_rule(reports: Sequence[Report], rule: str) -> list[int]:
    """Where a rule, gate or code still counts, in order."""
    found = ((report.source, what) for report in reports for what in counted(report) if name_of(what) == rule)
    lines = (
        [what.span.start.line]
        if isinstance(what, Diagnostic)
        else (source.value_span(path).start.line for path in places_of(what))
        for source, what in found
    )
    return sorted({line for of_one in lines for line in of_one})


def _fault(source: Source, span: Span, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(source.name, span, Severity.ERROR, code, message, hint)
