"""A gap report for programs: JSON, version 1, whose shape `gaps.schema.json` beside this file gives.

Additions keep the version; a change of meaning or a key that goes makes a version 2.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from pioneer_cli import __version__
from pioneer_cli.clarification import Standing
from pioneer_cli.gap_report import (
    EXPECTED,
    FIGURES_DIFFER,
    SPOKEN_TO,
    ConsiderationGaps,
    CriterionGaps,
    Gap,
    GapReport,
    GateGaps,
    Heard,
    Judged,
    Quoted,
)
from pioneer_cli.judgement import Judgement
from pioneer_cli.matrix import Answer
from pioneer_cli.reports.gaps_words import file_name, readings
from pioneer_cli.reports.machine_json import machine_json
from pioneer_cli.source import Source
from pioneer_cli.whereabouts import Spot

VERSION = 1


def gaps_json(reports: Sequence[GapReport]) -> str:
    """The reports in one document."""
    document = {"version": VERSION, "pioneer": __version__, "bids": list(map(_bid, reports))}
    return machine_json(document, plain=True) + "\n"


def _bid(report: GapReport) -> dict[str, Any]:
    found = report.assessment
    return {
        "file": file_name(report),
        "sha256": report.source.sha256,
        "title": report.title,
        "pack": report.pack.about.name,
        "weights": report.pack.about.weights,
        "made_from": dict(report.digests),
        "phase": found.phase,
        "verdict": found.verdict,
        "best_verdict": found.best_verdict,
        "reasons": list(found.reasons),
        "score": _range(found.low, found.high),
        "pages": {"count": report.pages.count, "limit": report.pages.limit, "lines_left": report.pages.lines_left},
        "gates": list(map(_gate, report.gates)),
        "questions": list(map(_question, report.standings)),
        "reviewers": list(map(_reviewer, report.panel.judgements)),
        "criteria": [_criterion(report.source, item) for item in report.criteria],
        "expectations": [
            {
                "expectation": item.expectation.id,
                "expects": item.expectation.expects,
                "considerations": {score.consideration.id: score.outcome for score in item.considerations},
                "words": _heard(item.heard, EXPECTED),
                "answers": _quotes(item.answers),
            }
            for item in report.expected
        ],
        "coverage": {
            "filled": report.coverage.covered,
            "of": report.coverage.of,
            "cells": [
                {"life_stage": stage, "need": need, "sectors": list(sectors)}
                for (stage, need), sectors in sorted(report.coverage.cells.items())
            ],
        },
        "ledger": [
            {
                "kind": line.kind,
                "as_written": line.shown,
                "differs": line.differs,
                "places": _quotes(line.places),
            }
            for line in report.ledger
        ],
        "ledger_has_more": report.has_more_figures,
        "readings": {
            FIGURES_DIFFER: [
                {"about": item.about, "why": item.why, "places": _quotes(item.places)} for item in report.differing
            ],
            **{name: _quotes(quotes) for name, quotes in readings(report).items()},
        },
    }


def _gate(found: GateGaps) -> dict[str, Any]:
    gate = found.result.gate
    return {
        "gate": gate.id,
        "outcome": found.result.outcome,
        "severity": str(found.result.severity) if found.result.is_gap else None,
        "authority": gate.authority,
        "clause": gate.clause,
        "claim": gate.claim,
        "missing": _quotes(found.missing),
        "remedy": gate.remedy,
        "question": gate.question if found.result.is_gap else None,
    }


def _question(found: Standing) -> dict[str, Any]:
    """A question to the bidder; one that is closed because the bid was mended has no number any more."""
    reply = found.reply
    return {
        "id": found.id,
        "number": found.question.number if found.question else None,
        "question": found.text,
        "closed": found.is_closed,
        "stands": found.words,
        "reply": reply.reply if reply else None,
        "accepted_by": reply.accepted_by if reply else None,
    }


def _reviewer(found: Judgement) -> dict[str, Any]:
    recommended = found.review.recommendation
    return {
        "reviewer": found.reviewer,
        "agreed": found.review.agreed,
        "counts": found.counts,
        "why_not": found.why_not or None,
        "recommendation": recommended.verdict,
        "reason": recommended.reason,
    }


def _criterion(source: Source, found: CriterionGaps) -> dict[str, Any]:
    score = found.score
    return {
        "criterion": score.criterion.id,
        "title": score.criterion.title,
        "level": {"low": score.level_low.level, "high": score.level_high.level, "name": score.level_low.name},
        "score": _range(score.low, score.high),
        "maximum": _number(score.maximum),
        "pages": _number(found.pages.pages) if found.pages else None,
        "reviewers": [
            {
                "reviewer": reviewer,
                "level": judged.level,
                "reasons": judged.reasons,
                "strengths": list(judged.strengths),
                "weaknesses": list(judged.weaknesses),
                "quotes": _quotes(found.quotes[reviewer]),
            }
            for reviewer, judged in found.levels
        ],
        "settled_level": found.agreed,
        "differ": found.differ,
        "considerations": [_consideration(source, item) for item in found.considerations],
    }


def _consideration(source: Source, found: ConsiderationGaps) -> dict[str, Any]:
    asked = found.score.consideration
    return {
        "consideration": asked.id,
        "asks": asked.asks,
        "verb": asked.verb,
        "outcome": found.score.outcome,
        "share": _range(found.score.low, found.score.high),
        "met": [finding.rule.id for finding in found.met],
        "evidence": [_answer(source, answer) for row in found.rows for answer in row.answers],
        "gaps": list(map(_gap, found.gaps)),
        "judged": list(map(_judged, found.judged)),
        "words": _heard(found.heard, SPOKEN_TO) if found.heard else None,
        "question": asked.question if found.standing else None,
    }


def _answer(source: Source, answer: Answer) -> dict[str, Any]:
    start = source.value_span(answer.path).start
    spot = Spot(answer.path, start.line, start.column, answer.first_page, answer.last_page)
    return {"quote": answer.quote, "rules": list(answer.rules), **_place(spot)}


def _gap(gap: Gap) -> dict[str, Any]:
    rule = gap.finding.rule
    return {
        "rule": rule.id,
        "claim": rule.claim,
        "authority": rule.authority,
        "confidence": rule.confidence,
        "outcome": gap.finding.outcome,
        "severity": str(gap.finding.severity),
        "missing": _quotes(gap.missing),
        "remedy": rule.remedy,
        "effort": rule.effort,
        "gain": _number(gap.gain),
        "support": gap.offer.support if gap.offer else None,
    }


def _judged(item: Judged) -> dict[str, Any]:
    return {
        "rule": item.finding.rule.id,
        "authority": item.finding.rule.authority,
        "question": str(item.finding.rule.arguments["question"]),
        "outcome": item.finding.outcome,
        "differ": item.differ,
        "answers": [
            {"reviewer": reviewer, "answer": answer.answer, "reason": answer.reason}
            for reviewer, answer in item.answers
        ],
    }


def _heard(heard: Heard, name: str) -> dict[str, Any]:
    return {
        "reading": name,
        "confidence": "low",
        "standing": heard.spoken.standing,
        "terms_found": list(heard.spoken.covered),
        "terms": heard.spoken.of,
        "passages": _quotes(heard.passages),
    }


def _quotes(quotes: Iterable[Quoted]) -> list[dict[str, Any]]:
    return [{"quote": found.text or None, "remark": found.remark or None, **_place(found.spot)} for found in quotes]


def _place(spot: Spot) -> dict[str, Any]:
    return {
        "path": list(spot.path),
        "line": spot.line,
        "column": spot.column,
        "first_page": spot.first_page,
        "last_page": spot.last_page,
    }


def _range(low: Fraction, high: Fraction) -> dict[str, float]:
    return {"low": _number(low), "high": _number(high)}


def _number(value: Fraction) -> float:
    return round(float(value), 4)
