"""JUnit's XML: a test suite for each bid and pack, and a test case for each rule and gate, so that passes show.

A failure is what makes the run end with 1, an error what makes it end with 2. What is not met and fails nothing is
skipped, with what is wrong; so is what only people can judge, does not apply, was not checked or is suppressed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal
from xml.etree import ElementTree

from pioneer_cli.assessment import Assessment, Finding, GateResult, Outcome, Report, name_of
from pioneer_cli.reports.listing import Listed, is_hidden, what_counts
from pioneer_cli.reports.look import (
    Look,
    against,
    commandless,
    gate_detail,
    page_words,
    points,
    printable,
    tallies,
    verdict_words,
)
from pioneer_cli.reports.machine_json import is_plain

Kind = Literal["failure", "error", "skipped"]
Counts = Mapping[str, Listed]
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")  # which XML cannot hold; `printable` has taken out the others


def part(report: Report, look: Look) -> str:
    """One bid's test suite."""
    suite = ElementTree.Element("testsuite")
    _properties(suite, report)
    for case in _cases(report, look):
        suite.append(case)
    _say(suite, "system-out", *_verdict(report, look))
    counted = [outcome for case in suite.iter("testcase") for outcome in case if outcome.tag != "system-out"]
    suite.attrib = {
        "name": _text(f"{report.source.name}{against(report)}"),
        "tests": str(len(suite.findall("testcase"))),
        "failures": str(sum(outcome.tag == "failure" for outcome in counted)),
        "errors": str(sum(outcome.tag == "error" for outcome in counted)),
        "skipped": str(sum(outcome.tag == "skipped" for outcome in counted)),
        "file": _text(report.source.name),
    }
    ElementTree.indent(suite, level=1)
    text = re.sub("#(?=#)", "&#35;", ElementTree.tostring(suite, encoding="unicode"))
    if is_plain(look.encoding):
        text = text.encode("ascii", "xmlcharrefreplace").decode()
    return f"  {text}\n"


def whole(parts: Sequence[str]) -> str:
    """All suites in one document."""
    suites = [ElementTree.fromstring(part) for part in parts]
    sums = {name: sum(int(suite.attrib[name]) for suite in suites) for name in ("tests", "failures", "errors")}
    totals = " ".join(f'{name}="{number}"' for name, number in sums.items())
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pioneer" {totals}>\n'
    return f"{head}{''.join(parts)}</testsuites>\n"


def _properties(suite: ElementTree.Element, report: Report) -> None:
    found = report.assessment
    values = {"sha256": report.source.sha256}
    if found is not None and report.pack is not None:
        values |= {
            "pack": report.pack.about.name,
            "phase": found.phase,
            "verdict": verdict_words(found),
            "score": points(found.low, found.high),
            "pages": page_words(report.pages),
        }
    inside = ElementTree.SubElement(suite, "properties")
    for name, value in values.items():
        ElementTree.SubElement(inside, "property", {"name": name, "value": _text(value)})


def _verdict(report: Report, look: Look) -> Iterator[str]:
    found = report.assessment
    if found is None:
        yield f"{report.source.name}: cannot be judged: {tallies(report.severities)}"
        return
    words = f"{points(found.low, found.high)} of 100, {page_words(report.pages)}, {tallies(report.severities)}"
    yield f"{report.source.name}{against(report)}: {verdict_words(found)} ({found.phase}); {words}"
    yield from found.reasons
    yield from look.missed
    for known in report.suppressed:
        where = f"ignored at line {known.span.start.line}" if known.by == "ignore" else "left out"
        yield f"{known.name}: {where}: {known.reason}"
    for entry in report.mended:
        yield f"{entry.rule}: mended since the baseline was written"


# --- Test cases ------------------------------------------------------------------------------------------------------


def _cases(report: Report, look: Look) -> Iterator[ElementTree.Element]:
    counts = {found.name: found for found in what_counts(report) if found.kind != "file"}
    yield _file_case(report, look)
    found = report.assessment
    if found is None:
        return
    for gate in found.gates:
        yield _gate_case(report, gate, counts, look)
    for finding in found.findings:
        yield _rule_case(report, finding, found, counts, look)
    if look.missed:
        case = _case(report, "asked", "minimums-and-regressions")
        _add(case, "failure", look.missed[0], "asked", *look.missed)
        yield case


def _file_case(report: Report, look: Look) -> ElementTree.Element:
    """Whether the file is a bid; a fault that leaves it one fails as its severity does."""
    case = _case(report, "file", "is-a-valid-bid")
    faults = [found for found in what_counts(report) if found.kind == "file"]
    lines = [f"{found.file}:{found.span.start} {found.severity} {found.name}: {found.message}" for found in faults]
    told = tallies([found.severity for found in faults])
    if report.assessment is None:
        _add(case, "error", f"cannot be judged: {told}", "not-judged", *lines)
    elif any(look.fails(found.severity) for found in faults):
        _add(case, "failure", told, "fault", *lines)
    elif faults:
        _say(case, "system-out", *lines)
    return case


def _gate_case(report: Report, gate: GateResult, counts: Counts, look: Look) -> ElementTree.Element:
    case = _case(report, "gates", gate.gate.id)
    if report.left_out(gate):
        _add(case, "skipped", f"not checked: {gate_detail(gate, report)}", "not-checked")
    else:
        _stand(case, report, gate, counts.get(gate.gate.id), look)
    return case


def _rule_case(
    report: Report, finding: Finding, assessment: Assessment, counts: Counts, look: Look
) -> ElementTree.Element:
    group = f"{finding.criterion.id}-{finding.criterion.name}"
    case = _case(report, group, finding.rule.id)
    if finding.rule.is_judged and finding.outcome is Outcome.UNKNOWN:
        _add(case, "skipped", f"only people can judge this: {finding.consideration.question}", "judged")
    else:
        _stand(case, report, finding, counts.get(finding.rule.id), look)
    return case


def _stand(
    case: ElementTree.Element, report: Report, found: Finding | GateResult, counting: Listed | None, look: Look
) -> None:
    """How a gate or rule stands; one that is met says nothing."""
    hidden = is_hidden(report, name_of(found))
    if counting is not None:
        lines = [f"{counting.file}:{place.span.start} {place.reason}" for place in counting.places]
        kind: Kind = "failure" if look.fails(counting.severity) else "skipped"
        _add(case, kind, f"{counting.severity}: {counting.message}", str(counting.severity), *lines, counting.remedy)
    elif hidden is not None:
        words = "ignored" if hidden.by == "ignore" else "left out"
        _add(case, "skipped", f"{words}: {hidden.reason}", hidden.by)
    elif found.outcome is Outcome.NOT_APPLICABLE:
        _add(case, "skipped", "does not apply", "not-applicable")


def _case(report: Report, group: str, name: str) -> ElementTree.Element:
    """A test case; its class tells bids and packs apart, since servers know a test by its class and name."""
    pack = f".{report.pack.about.name}" if report.pack else ""
    return ElementTree.Element(
        "testcase", {"classname": _text(f"{report.source.name}{pack}.{group}"), "name": _text(name)}
    )


def _add(case: ElementTree.Element, kind: Kind, message: str, sort: str, *lines: str) -> None:
    element = ElementTree.SubElement(case, kind, {"message": _text(message), "type": _text(sort)})
    element.text = _lines(lines) or None


def _say(element: ElementTree.Element, name: str, *lines: str) -> None:
    ElementTree.SubElement(element, name).text = _lines(lines)


def _lines(lines: Sequence[str]) -> str:
    return commandless("\n".join(map(_text, lines)))


def _text(text: str) -> str:
    return _NO_CHARACTERS.sub(lambda match: f"\\u{ord(match.group()):04x}", printable(text))
