"""The report for programs: JSON, version 1. The shape is frozen; `docs/json.md` lists every key.

Additions keep the version; a change of meaning or a key that goes makes a version 2 beside this one.
"""

from collections.abc import Sequence
from fractions import Fraction
from textwrap import indent
from typing import Any

from pioneer_cli import __version__
from pioneer_cli.assessment import Assessment, CriterionScore, Finding, GateResult, Pages, Report, Suppressed
from pioneer_cli.diagnostics import Diagnostic, Span
from pioneer_cli.fingerprints import fingerprint, fingerprints
from pioneer_cli.predicates import Shortfall
from pioneer_cli.reports.look import Look
from pioneer_cli.reports.machine_json import is_plain, machine_json
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.waivable import places_of

VERSION = 1


def part(report: Report, look: Look) -> str:
    """One bid's entry. The look gives what the bid misses and changes no other value.

    What an encoding lacks, or a terminal or build obeys, is escaped.
    """
    return indent(machine_json(_bid(report, look.missed), plain=is_plain(look.encoding)), "    ")


def whole(parts: Sequence[str]) -> str:
    """All entries in one document."""
    bids = ",\n".join(parts)
    return f'{{\n  "version": {VERSION},\n  "pioneer": "{__version__}",\n  "bids": [\n{bids}\n  ]\n}}\n'


def _bid(report: Report, missed: Sequence[str]) -> dict[str, Any]:
    return {
        "file": report.source.name,
        "sha256": report.source.sha256,
        "title": report.title,
        "judged": report.assessment is not None,
        "pack": report.pack.about.name if report.pack else None,
        "weights": report.pack.about.weights if report.pack else None,
        "diagnostics": [_diagnostic(found, report.source) for found in report.diagnostics],
        "pages": _pages(report.pages),
        "assessment": _assessment(report.assessment, report.source) if report.assessment else None,
        "shared": [
            {"field": shared.field, "rules": {name: list(rules) for name, rules in shared.rules.items()}}
            for shared in report.shared
        ],
        "suppressed": [_suppressed(found, report.source) for found in report.suppressed],
        "mended": [
            {"rule": entry.rule, "path": entry.path, "fingerprint": entry.fingerprint} for entry in report.mended
        ],
        "missed": list(missed),
    }


def _suppressed(found: Suppressed, source: Source) -> dict[str, Any]:
    spans = [found.what.span] if isinstance(found.what, Diagnostic) else map(source.value_span, places_of(found.what))
    prints = (entry.fingerprint for _, entry in fingerprints(found.what, source))
    return {
        "rule": found.name,
        "by": found.by,
        "reason": found.reason,
        "severity": str(found.what.severity),
        "places": [{**_place(span), "fingerprint": known} for span, known in zip(spans, prints, strict=True)],
        **_place(found.span),
    }


def _diagnostic(found: Diagnostic, source: Source) -> dict[str, Any]:
    return {
        "file": found.file,
        "severity": str(found.severity),
        "code": found.code,
        "message": found.message,
        "hint": found.hint,
        **_place(found.span),
        "related": [{"label": related.label, **_place(related.span)} for related in found.related],
        "fingerprint": next(entry.fingerprint for _, entry in fingerprints(found, source)),
    }


def _place(span: Span) -> dict[str, int]:
    return {
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }


def _pages(pages: Pages | None) -> dict[str, Any] | None:
    if pages is None:
        return None
    sections = [
        {
            "section": section.name,
            "first_page": section.first_page,
            "last_page": section.last_page,
            "pages": _number(section.pages),
        }
        for section in pages.sections
    ]
    return {"count": pages.count, "limit": pages.limit, "lines_left": pages.lines_left, "sections": sections}


def _assessment(found: Assessment, source: Source) -> dict[str, Any]:
    return {
        "phase": found.phase,
        "verdict": found.verdict,
        "best_verdict": found.best_verdict,
        "reasons": list(found.reasons),
        "score": _range(found.low, found.high),
        "score_with_equal_weights": _range(found.equal_low, found.equal_high),
        "gates": [_gate(gate, source) for gate in found.gates],
        "criteria": [_criterion(score) for score in found.criteria],
        "findings": [_finding(finding, found, source) for finding in found.findings],
    }


def _gate(found: GateResult, source: Source) -> dict[str, Any]:
    return {
        "gate": found.gate.id,
        "outcome": found.outcome,
        "severity": str(found.severity) if found.is_gap else None,
        "authority": found.gate.authority,
        "claim": found.gate.claim,
        "shortfalls": [_shortfall(found.gate.id, item, source) for item in found.shortfalls],
        "remedy": found.gate.remedy,
    }


def _criterion(score: CriterionScore) -> dict[str, Any]:
    return {
        "criterion": score.criterion.id,
        "name": score.criterion.name,
        "weight": score.criterion.weight,
        "maximum": _number(score.maximum),
        "score": _range(score.low, score.high),
        "level": {
            "low": score.level_low.level,
            "high": score.level_high.level,
            "name": score.level_low.name,
            "descriptor": score.level_low.descriptor,
        },
        "considerations": [
            {"consideration": item.consideration.id, "outcome": item.outcome, "share": _range(item.low, item.high)}
            for item in score.considerations
        ],
    }


def _finding(finding: Finding, assessment: Assessment, source: Source) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "consideration": finding.consideration.id,
        "claim": finding.rule.claim,
        "authority": finding.rule.authority,
        "confidence": finding.rule.confidence,
        "outcome": finding.outcome,
        "severity": str(finding.severity) if finding.is_gap else None,
        "points": finding.rule.points,
        "share": _range(finding.low, finding.high),
        "gain": _number(assessment.gains[finding.rule.id]),
        "evidence": [{"quote": item.quote, **_located(item.path, source)} for item in finding.evidence],
        "shortfalls": [_shortfall(finding.rule.id, item, source) for item in finding.shortfalls],
        "remedy": finding.rule.remedy,
        "effort": finding.rule.effort,
    }


def _shortfall(name: str, found: Shortfall, source: Source) -> dict[str, Any]:
    known = fingerprint(name, found.path, source)
    return {"reason": found.reason, **_located(found.path, source), "fingerprint": known}


def _located(path: YamlPath, source: Source) -> dict[str, Any]:
    return {"path": list(path), **_place(source.value_span(path))}


def _range(low: Fraction, high: Fraction) -> dict[str, float]:
    return {"low": _number(low), "high": _number(high)}


def _number(value: Fraction) -> float:
    return round(float(value), 4)
