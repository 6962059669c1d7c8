"""A list of findings that a team has agreed to live with for now, so that only new ones make a check fail.

The file is JSON, sorted, a line an entry, so that git shows what came and went. What rests on the call is never in it.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pioneer_cli.assessment import Baselined, Finding, GateResult, Report, Suppressed, name_of
from pioneer_cli.diagnostics import Diagnostic, Span
from pioneer_cli.errors import PioneerError
from pioneer_cli.file_bytes import STDIN, read_bytes
from pioneer_cli.fingerprints import fingerprints
from pioneer_cli.source import Source
from pioneer_cli.waivable import counted, places_of, rests_on_the_call

VERSION = 1
MAX_BYTES = 8 * 1024 * 1024
REASON = "in the baseline"
_HINT = "--write-baseline writes one"
Entries = Mapping[str, tuple[Baselined, ...]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of each bid and pack, under `file` and the pack's name as `key_of` puts them together."""

    name: str
    entries: Entries


def key_of(report: Report, baseline: str) -> str:
    """What a bid's entries are filed under: its path as seen from the baseline's folder, and the pack's name.

    Bytes of a path that are no UTF-8 are escaped, since JSON cannot hold them.
    """
    try:
        file = Path(os.path.relpath(report.source.name, Path(baseline).parent)).as_posix()
    except ValueError:  # on another drive
        file = report.source.name
    file = os.fsencode(file).decode("utf-8", "backslashreplace")
    return f"{file} {report.pack.about.name if report.pack else ''}".rstrip()


def bids_gone(baseline: Baseline) -> dict[str, str]:
    """The keys of bids that are not there any more, each with its path as seen from here."""
    gone = {}
    for key, listed in baseline.entries.items():
        file = os.path.normpath(Path(baseline.name).parent / key.rpartition(" ")[0])
        named = not ("\\" in key or key.startswith("<"))  # neither escaped nor standard input
        if listed and named and not os.path.lexists(file):
            gone[key] = file
    return gone


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    rule: str
    path: str
    fingerprint: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    version: Literal[1]
    bids: dict[str, list[_Entry]]


def read_baseline(name: str) -> Baseline:
    """Reads a baseline. Raises PioneerError for a file that is not there or is none."""
    try:
        content = read_bytes(f"./{name}" if name == STDIN else name, MAX_BYTES, _HINT)
    except PioneerError as error:
        raise PioneerError(error.message, _HINT) from None
    if len(content) > MAX_BYTES:
        raise PioneerError(f"the baseline {name} is larger than 8 MiB", _HINT)
    try:
        found = _File.model_validate_json(content)
    except ValidationError:
        raise PioneerError(f"{name} is no baseline of this version of pioneer", _HINT) from None
    entries = {key: tuple(Baselined(**entry.model_dump()) for entry in listed) for key, listed in found.bids.items()}
    return Baseline(name, entries)


def write(baseline: Baseline) -> str:
    """The text of a baseline's file: the same entries give the same bytes."""
    bids = ",\n".join(
        f"    {json.dumps(key)}: [\n" + ",\n".join(f"      {_line(item)}" for item in sorted(listed)) + "\n    ]"
        for key, listed in sorted(baseline.entries.items())
        if listed
    )
    return f'{{\n  "version": {VERSION},\n  "bids": {{' + (f"\n{bids}\n  " if bids else "") + "}\n}\n"


def _line(item: Baselined) -> str:
    return json.dumps({"rule": item.rule, "path": item.path, "fingerprint": item.fingerprint})


def entries_of(report: Report) -> tuple[Baselined, ...]:
    """What a new baseline would list of a report: everything that counts, save what rests on the call."""
    found = (fingerprints(what, report.source) for what in _may_be_listed(report))
    return tuple(sorted(entry for places in found for _, entry in places))


def without_baselined(report: Report, baseline: Baseline) -> Report:
    """A report without what the baseline lists, place by place; entries that found nothing are `mended`."""
    if report.assessment is None:
        return report
    left = Counter(baseline.entries.get(key_of(report, baseline.name), ()))
    suppressed = []
    for what in _may_be_listed(report):
        found = _listed(what, report, left)
        if found is not None:
            suppressed.append(Suppressed(found, "baseline", REASON, _place_of(found, report.source)))
    hidden = {id(found.what) for found in suppressed}
    kept = tuple(found for found in report.diagnostics if id(found) not in hidden)
    return replace(
        report,
        diagnostics=kept,
        suppressed=(*report.suppressed, *suppressed),
        mended=(*report.mended, *sorted(left.elements())),
    )


def _may_be_listed(report: Report) -> Iterator[Finding | GateResult | Diagnostic]:
    if report.pack is None or report.assessment is None:
        return
    refused = rests_on_the_call(report.pack, report.assessment.phase)
    for what in counted(report):
        about_ignores = isinstance(what, Diagnostic) and "ignore" in what.code
        if name_of(what) not in refused and not about_ignores:
            yield what


def _listed(
    what: Finding | GateResult | Diagnostic, report: Report, left: Counter[Baselined]
) -> Finding | GateResult | Diagnostic | None:
    """The part of a finding that the entries left over list, which are used up; None when they list none of it."""
    paths = {path for path, entry in fingerprints(what, report.source) if _take(entry, left)}
    if not paths:
        return None
    if isinstance(what, Diagnostic) or not what.shortfalls:
        return what
    return replace(what, shortfalls=tuple(item for item in what.shortfalls if item.path in paths))


def _take(entry: Baselined, left: Counter[Baselined]) -> bool:
    if left[entry] < 1:
        return False
    left[entry] -= 1
    return True


def _place_of(what: Finding | GateResult | Diagnostic, source: Source) -> Span:
    return what.span if isinstance(what, Diagnostic) else source.value_span(places_of(what)[0])
