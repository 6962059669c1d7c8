"""SARIF 2.1.0 for code scanning: a run for each pack, with all its rules, and a result for each thing that falls short.

Places are in Unicode characters and count from 1. A result stands at the first place of a finding; the others are
linked from its message, since GitHub shows no more than the first. What is suppressed is listed with its reason.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pioneer_cli import __version__
from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Span
from pioneer_cli.errors import ExitCode
from pioneer_cli.reports.listing import Listed, what_counts, what_does_not_count
from pioneer_cli.reports.look import Look, ends_with, page_words, points, printable, verdict_words
from pioneer_cli.reports.machine_json import is_plain, machine_json
from pioneer_cli.reports.relative_uri import relative_uri
from pioneer_cli.reports.sarif_rules import MISSED, NOT_JUDGED, descriptors

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
MOST_CHARACTERS = 1_000  # of a message
MOST_PLACES = 100  # of a result, which is what GitHub takes
MOST_LINKS = 9  # in a message
Json = dict[str, Any]


def part(report: Report, look: Look) -> str:
    """One bid's results, with the rules that they may come from."""
    made = {
        "pack": report.pack.about.name if report.pack else None,
        "code": ends_with(report, look),
        "rules": list(descriptors(report)),
        "results": list(_results(report)),
        "notifications": list(_notifications(report, look)),
        "artifact": _artifact(report),
        "bid": _bid(report),
    }
    return machine_json(made, plain=is_plain(look.encoding), indent=None)


def whole(parts: Sequence[str]) -> str:
    """One log: a run for each pack, in the order in which bids were held against them."""
    bids = [json.loads(part) for part in parts]
    packs: list[str | None] = list(dict.fromkeys(bid["pack"] for bid in bids if bid["pack"])) or [None]
    code = max((bid["code"] for bid in bids), default=ExitCode.OK)
    runs = []
    for number, pack in enumerate(packs):
        held = [bid for bid in bids if bid["pack"] == pack or (bid["pack"] is None and number == 0)]
        run = _run(held, pack, code)
        if len(packs) > 1:  # GitHub takes several runs of one tool only when each has a category of its own
            run = {"automationDetails": {"id": f"{pack}/"}, **run}
        runs.append(run)
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return machine_json(log, plain=all(part.isascii() for part in parts)) + "\n"


def _run(bids: Sequence[Json], pack: str | None, code: int) -> Json:
    rules = {rule["id"]: rule for bid in bids for rule in bid["rules"]}
    numbers = {name: number for number, name in enumerate(rules)}
    results = [{**result, "ruleIndex": numbers[result["ruleId"]]} for bid in bids for result in bid["results"]]
    artifacts = {bid["artifact"]["location"]["uri"]: bid["artifact"] for bid in bids}
    notifications = [note for bid in bids for note in bid["notifications"]]
    driver = {
        "name": "pioneer",
        "fullName": f"pioneer {__version__}" + (f" with the pack {pack}" if pack else ""),
        "version": __version__,
        "semanticVersion": __version__,
        "language": "en-GB",
        "rules": list(rules.values()),
        "notifications": [NOT_JUDGED, MISSED],
    }
    invocation = {
        "executionSuccessful": all(bid["bid"]["judged"] for bid in bids),
        "exitCode": code,
        "toolExecutionNotifications": notifications,
    }
    about = {"description": {"text": "The folder that pioneer ran in."}}
    return {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "originalUriBaseIds": {ROOT: about},
        "columnKind": "unicodeCodePoints",
        "artifacts": list(artifacts.values()),
        "results": results,
        "properties": {"pack": pack, "bids": [bid["bid"] for bid in bids]},
    }


def _bid(report: Report) -> Json:
    """What came of the bid, for readers of the property bag."""
    found = report.assessment
    about: Json = {"file": printable(report.source.name), "judged": found is not None}
    if found is None:
        return about
    return {
        **about,
        "phase": found.phase,
        "verdict": verdict_words(found),
        "score": points(found.low, found.high),
        "pages": page_words(report.pages),
        "mended": [printable(entry.rule) for entry in report.mended],
    }


def _artifact(report: Report) -> Json:
    found: Json = {"location": _artifact_location(report.source.name), "roles": ["analysisTarget"]}
    return {**found, "hashes": {"sha-256": report.source.sha256}} if report.source.sha256 else found


# --- Results ---------------------------------------------------------------------------------------------------------


def _results(report: Report) -> Iterator[Json]:
    for found in (*what_counts(report), *what_does_not_count(report)):
        places = [(place.span, place.reason) for place in found.places]
        others = [*places[1:], *((related.span, related.label) for related in found.related)][:MOST_PLACES]
        result: Json = {
            "ruleId": found.name,
            "level": str(found.severity),
            "message": {"text": _message(found.message, [span for span, _ in others])},
            "locations": [_location(found.file, found.span)],
            "partialFingerprints": {"pioneer/v1": found.places[0].fingerprint},
            "suppressions": list(_suppressions(found)),
        }
        if others:
            result["relatedLocations"] = [
                {**_location(found.file, span), "id": number, "message": {"text": _text(reason or "here as well")}}
                for number, (span, reason) in enumerate(others, 1)
            ]
        if found.kind != "file":
            result["properties"] = {"outcome": found.outcome, "gain": round(float(found.gain), 4)}
        yield result


def _message(text: str, others: Sequence[Span]) -> str:
    """The message with a link to each of the other places, as far as there is room."""
    links = ", ".join(f"[line {span.start.line}]({number})" for number, span in enumerate(others[:MOST_LINKS], 1))
    more = f" and {len(others) - MOST_LINKS} more" if len(others) > MOST_LINKS else ""
    return _text(text) + (f" See also {links}{more}." if links else "")


def _text(text: str) -> str:
    """A plain text as SARIF wants it: braces doubled, and nothing of a bid's that reads as a link."""
    shown = printable(text)
    cut = shown if len(shown) <= MOST_CHARACTERS else f"{shown[:MOST_CHARACTERS]}…"
    return cut.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _suppressions(found: Listed) -> Iterator[Json]:
    known = found.suppressed
    if known is None:
        return
    if known.by == "baseline":
        yield {"kind": "external", "justification": _text(known.reason)}
        return
    yield {"kind": "inSource", "justification": _text(known.reason), "location": _location(found.file, known.span)}


def _location(file: str, span: Span) -> Json:
    region = {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }
    return {"physicalLocation": {"artifactLocation": _artifact_location(file), "region": region}}


def _artifact_location(file: str) -> Mapping[str, str]:
    uri = relative_uri(file)
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": ROOT}


def _notifications(report: Report, look: Look) -> Iterator[Json]:
    """What could not be judged, what the bid misses that was asked of it, and what was not asked to be checked."""
    whole = report.source.value_span(())
    if report.assessment is None:
        yield {
            "descriptor": {"id": NOT_JUDGED["id"], "index": 0},
            "level": "error",
            "message": {"text": _text(f"{report.source.name} could not be judged")},
            "locations": [_location(report.source.name, whole)],
        }
        return
    for reason in look.missed:
        yield {
            "descriptor": {"id": MISSED["id"], "index": 1},
            "level": "error",
            "message": {"text": _text(f"{report.source.name}: {reason}")},
            "locations": [_location(report.source.name, whole)],
        }
    for gate in report.assessment.gates:
        if report.left_out(gate):
            told = f"{report.source.name}: gate {gate.gate.id} was not checked, and the verdict is withheld"
            yield {
                "level": "note",
                "message": {"text": _text(told)},
                "locations": [_location(report.source.name, whole)],
            }
