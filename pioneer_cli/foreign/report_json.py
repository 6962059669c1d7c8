"""The report on a stranger's document for programs: JSON, version 1.

Additions keep the version; a change of meaning or a key that goes makes a version 2 beside this one.
"""

from typing import Any

from pioneer_cli import __version__
from pioneer_cli.foreign.claims import Check, Judgement
from pioneer_cli.reports.look import Look
from pioneer_cli.reports.machine_json import is_plain, machine_json

VERSION = 1


def write(judgement: Judgement, look: Look) -> str:
    """The report. The look changes no value: what an encoding lacks or a terminal or build obeys is escaped."""
    whole = {"version": VERSION, "pioneer": __version__, "documents": [_document(judgement)]}
    return machine_json(whole, plain=is_plain(look.encoding)) + "\n"


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
