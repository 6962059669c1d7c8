"""The report on a stranger's document for programs: JSON, version 1.

Additions keep the version; a change of meaning or a key that goes makes a version 2 beside this one.
"""

import json
from typing import Any

from pioneer_cli import __version__
from pioneer_cli.foreign.claims import Check, Judgement
from pioneer_cli.reports.look import UNPRINTABLE, Look

VERSION = 1


def write(judgement: Judgement, look: Look) -> str:
    """The report. The look changes no value: what an encoding lacks or a terminal or build obeys is escaped."""
    whole = {"version": VERSION, "pioneer": __version__, "documents": [_document(judgement)]}
    text = json.dumps(whole, ensure_ascii=look.encoding.lower() not in ("utf-8", "utf8"), indent=2)
    return UNPRINTABLE.sub(lambda match: _escaped(match.group()), text).replace("##[", r"\u0023#[") + "\n"


def _document(judgement: Judgement) -> dict[str, Any]:
    problem = {"message": judgement.problem, "hint": judgement.hint} if judgement.problem else None
    return {
        "file": judgement.file,
        "sha256": judgement.sha256 or None,
        "call": judgement.call,
        "limit": judgement.limit,
        "pages": judgement.pages,
        "exit_code": int(judgement.exit_code),
        "problem": problem,
        "checks": [_check(check) for check in judgement.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "check": check.claim.id,
        "authority": check.claim.authority,
        "outcome": str(check.outcome),
        "severity": str(check.claim.severity) if check.is_gap else None,
        "found": check.found,
        "pages": list(check.pages),
        "remedy": check.claim.remedy,
    }


def _escaped(char: str) -> str:
    return char if char == "\n" else json.dumps(char)[1:-1]
