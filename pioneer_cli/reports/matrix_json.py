"""The matrix for programs: JSON, version 1. `docs/matrix.md` lists every key.

Additions keep the version; a change of meaning or a key that goes makes a version 2.
"""

from typing import Any

from pioneer_cli import __version__
from pioneer_cli.matrix import Answer, Matrix, Row
from pioneer_cli.reports.machine_json import machine_json
from pioneer_cli.source import Source

VERSION = 1


def matrix_json(found: Matrix) -> str:
    """The report as one JSON document."""
    document = {
        "version": VERSION,
        "pioneer": __version__,
        "file": found.source.name,
        "sha256": found.source.sha256,
        "title": found.title,
        "pack": found.pack.about.name,
        "phase": found.phase,
        "pages": found.pages.count,
        "considerations": [_consideration(rows, found.source) for rows in found.by_consideration()],
    }
    return machine_json(document, plain=True) + "\n"


def _consideration(rows: tuple[Row, ...], source: Source) -> dict[str, Any]:
    first = rows[0]
    return {
        "criterion": first.criterion.id,
        "consideration": first.consideration.id,
        "asks": first.consideration.asks,
        "outcome": first.outcome,
        "answered": bool(first.answers),
        "why_no_place": None if first.answers else first.where,
        "headings": [_heading(row, source) for row in rows if row.answers],
    }


def _heading(row: Row, source: Source) -> dict[str, Any]:
    return {
        "section": row.section or None,
        "heading": row.where,
        "in_own_section": row.in_own_section,
        "first_page": row.first_page,
        "last_page": row.last_page,
        "places": [_place(answer, source) for answer in row.answers],
    }


def _place(answer: Answer, source: Source) -> dict[str, Any]:
    span = source.value_span(answer.path)
    return {
        "first_page": answer.first_page,
        "last_page": answer.last_page,
        "quote": answer.quote,
        "has_passage": answer.has_passage,
        "rules": list(answer.rules),
        "path": list(answer.path),
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }
