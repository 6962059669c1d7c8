"""GitLab's Code Quality report: a JSON array with an issue for each place, which GitLab shows in the merge request.

An issue goes by its fingerprint, so none stands twice in a report. GitLab compares two branches by itself: what the
baseline lists is left out, and what a comment ignores is told with its reason at the lowest severity.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Severity
from pioneer_cli.reports.listing import Listed, Place, what_counts, what_does_not_count
from pioneer_cli.reports.look import Look, against, printable
from pioneer_cli.reports.machine_json import is_plain, machine_json

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
MOST_CHARACTERS = 1_000  # of a description


def part(report: Report, look: Look) -> str:
    """The issues of one bid, with their brackets."""
    return machine_json(list(_issues(report)), plain=is_plain(look.encoding))


def whole(parts: Sequence[str]) -> str:
    """The issues of all bids in one array."""
    issues = [issue for part in parts for issue in json.loads(part)]
    return machine_json(issues, plain=all(part.isascii() for part in parts)) + "\n"


def _issues(report: Report) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    if report.assessment is None:
        place = Place((), report.source.value_span(()), "", "")
        yield _issue(report, report.source.name, "not-judged", "this bid cannot be judged", "blocker", place, seen)
    for found in what_counts(report):
        for place in found.places:
            told = f"{found.title}{against(report)}: {_at(found, place)}"
            yield _issue(report, found.file, found.name, told, _SEVERITIES[found.severity], place, seen)
    for found in what_does_not_count(report):
        if found.suppressed is not None and found.suppressed.by == "ignore":
            for place in found.places:
                told = f"{found.title}{against(report)}: ignored, {found.suppressed.reason}: {_at(found, place)}"
                yield _issue(report, found.file, found.name, told, "info", place, seen)


def _at(found: Listed, place: Place) -> str:
    """What falls short at one place of several."""
    if place is found.places[0] or not place.reason:
        return found.message
    return f"{found.claim.rstrip('.')} ({place.reason}). {found.remedy}"


def _issue(
    report: Report, file: str, name: str, told: str, severity: str, place: Place, seen: Counter[str]
) -> dict[str, Any]:
    pack = report.pack.about.name if report.pack else ""
    known = "\0".join((file, pack, name, place.fingerprint))
    seen[known] += 1
    fingerprint = sha256(f"{known}\0{seen[known]}".encode("utf-8", "surrogatepass")).hexdigest()
    shown = printable(told)
    return {
        "description": shown if len(shown) <= MOST_CHARACTERS else f"{shown[:MOST_CHARACTERS]}…",
        "check_name": printable(name),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": printable(Path(file).as_posix()), "lines": {"begin": place.span.start.line}},
    }
