"""Whether a proof, a bid and a PDF belong together, for programs: version 1; see `verification.schema.json`."""

from pioneer_cli import __version__
from pioneer_cli.check_proof import Verification
from pioneer_cli.reports.machine_json import machine_json

VERSION = 1


def proof_json(name: str, found: Verification) -> str:
    """The report on a proof's file as one JSON document. What the pages are is the proof's word where it belongs."""
    document = {
        "version": VERSION,
        "pioneer": __version__,
        "file": name,
        "belong_together": found.belongs,
        "within_limit": found.pages.within_limit if found.belongs else None,
        "pages": found.pages.count if found.belongs else None,
        "limit": found.pages.limit if found.belongs else None,
        "checks": [{"what": check.what, "standing": check.standing, "why": check.why} for check in found.checks],
    }
    return machine_json(document, plain=True) + "\n"
