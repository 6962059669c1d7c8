"""Two versions of a bid for programs: JSON, version 1; `docs/json.md` lists every key."""

from fractions import Fraction
from typing import Any

from pioneer_cli import __version__
from pioneer_cli.assessment import CriterionScore, Report
from pioneer_cli.comparison import Change, Comparison, CriterionChange, State
from pioneer_cli.reports.diff_words import line_of
from pioneer_cli.reports.machine_json import machine_json

VERSION = 1


def diff_json(found: Comparison) -> str:
    """The comparison as one JSON document; points to four digits, pages to two."""
    document = {
        "version": VERSION,
        "pioneer": __version__,
        "pack": found.pack.about.name,
        "phase": found.new.phase,
        "before": _version(found.before),
        "after": _version(found.after),
        "closed": [_change(found, change) for change in found.closed],
        "opened": [_change(found, change) for change in found.opened],
        "shifted": [_change(found, change) for change in found.shifted],
        "criteria": [_criterion(change) for change in found.criteria],
        "regressions": list(found.regressions),
    }
    return machine_json(document, plain=True) + "\n"


def _version(report: Report) -> dict[str, Any]:
    assessment = report.assessment
    return {
        "file": report.source.name,
        "sha256": report.source.sha256,
        "verdict": assessment.verdict if assessment else None,
        "score": _range(assessment.low, assessment.high) if assessment else None,
        "pages": {"count": report.pages.count, "limit": report.pages.limit} if report.pages else None,
    }


def _change(found: Comparison, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "name": change.name,
        "claim": change.claim,
        "severity": str(change.severity),
        "line": line_of(found, change),
        "before": _state(change.before),
        "after": _state(change.after),
    }


def _state(state: State | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {"outcome": state.outcome, "share": _range(state.low, state.high), "reason": state.reason}


def _criterion(change: CriterionChange) -> dict[str, Any]:
    return {
        "criterion": change.criterion.id,
        "name": change.criterion.name,
        "maximum": _number(change.after.maximum),
        "before": _scored(change.before, change.pages_before),
        "after": _scored(change.after, change.pages_after),
        "fell": change.fell,
    }


def _scored(score: CriterionScore, pages: Fraction | None) -> dict[str, Any]:
    return {
        "score": _range(score.low, score.high),
        "level": {"low": score.level_low.level, "high": score.level_high.level},
        "pages": None if pages is None else round(float(pages), 2),
    }


def _range(low: Fraction, high: Fraction) -> dict[str, float]:
    return {"low": _number(low), "high": _number(high)}


def _number(value: Fraction) -> float:
    return round(float(value), 4)
