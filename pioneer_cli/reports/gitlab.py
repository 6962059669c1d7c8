"""GitLab's Code Quality report: a JSON array with an issue for each place, which GitLab shows in the merge request.

An issue goes by its fingerprint, so none stands twice in a report. GitLab compares two branches by itself: what the
baseline lists is left out, and what a comment ignores is told with its reason at the lowest severity.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Severity
from pioneer_cli.reports.listing import Listed, Place, what_counts, what_does_not_count
from pioneer_cli.reports.look import Look, against, gate_detail, printable
from pioneer_cli.reports.machine_json import is_plain, machine_json

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
MOST_CHARACTERS = 1_000  # of a description
_FIGURE = re.compile(r"\b\d[\d.,]*")


def part(report: Report, look: Look) -> str:
    """The issues of one bid, with their brackets."""
    return machine_json(list(_issues(report, look)), plain=is_plain(look.encoding))


def whole(parts: Sequence[str]) -> str:
    """The issues of all bids in one array."""
    issues = {issue["fingerprint"]: issue for part in parts for issue in json.loads(part)}
    return machine_json(list(issues.values()), plain=all(part.isascii() for part in parts)) + "\n"


def _issues(report: Report, look: Look) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    yield from _thresholds(report, look)
    if report.assessment is None:
        line = report.source.value_span(()).start.line
        yield _issue(report.source.name, line, "not-judged", "blocker", "this bid cannot be judged", report.source.name)
    for gate in report.assessment.gates if report.assessment else ():
        if report.left_out(gate):
            name, line = gate.gate.id, report.source.value_span(()).start.line
            told = f"gate {name}{against(report)} was not checked: {gate_detail(gate, report)}"
            yield _issue(report.source.name, line, name, "major", told, f"{report.source.name}\0{name}\0not checked")
    for found in (*what_counts(report), *what_does_not_count(report)):
        ignored = found.suppressed
        if ignored is not None and ignored.by == "baseline":
            continue
        pack = report.pack.about.name if report.pack is not None and found.kind != "file" else ""
        title = found.title if found.kind == "file" else f"{found.title}{against(report)}"
        because = f"ignored, {ignored.reason}: " if ignored else ""
        severity = "info" if ignored else _SEVERITIES[found.severity]
        for place in found.places:
            known = "\0".join((found.file, pack, found.name, place.fingerprint))
            seen[known] += 1
            told = f"{title}: {because}{_at(found, place)}"
            yield _issue(found.file, place.span.start.line, found.name, severity, told, f"{known}\0{seen[known]}")


def _thresholds(report: Report, look: Look) -> Iterator[dict[str, Any]]:
    """What the bid misses that was asked of it; a fingerprint leaves out figures, which change with every draft."""
    seen: Counter[str] = Counter()
    pack = report.pack.about.name if report.pack is not None else ""
    line = report.source.value_span(()).start.line
    for reason in look.missed:
        known = "\0".join((report.source.name, pack, "threshold", _FIGURE.sub("#", reason)))
        seen[known] += 1
        told = f"threshold{against(report)}: {reason}"
        yield _issue(report.source.name, line, "threshold", "critical", told, f"{known}\0{seen[known]}")


def _at(found: Listed, place: Place) -> str:
    """What falls short at one place of several."""
    if place is found.places[0] or not place.reason:
        return found.message
    return f"{found.claim.rstrip('.')} ({place.reason}). {found.remedy}"


def _issue(file: str, line: int, name: str, severity: str, told: str, known: str) -> dict[str, Any]:
    """One issue; `known` is what tells it from all others, from one run to the next."""
    shown = printable(told)
    return {
        "description": shown if len(shown) <= MOST_CHARACTERS else f"{shown[:MOST_CHARACTERS]}…",
        "check_name": printable(name),
        "fingerprint": sha256(known.encode("utf-8", "surrogatepass")).hexdigest(),
        "severity": severity,
        "location": {"path": printable(Path(file).as_posix()), "lines": {"begin": line}},
    }
