"""A rule set of 41 rules for Spectral that asks of a bid what a JSONPath linter can ask.

One holds the bid to its JSON Schema, as pioneer holds it to its models; the others ask whether a field is there.
"""

import json
from pathlib import Path
from typing import Any

FIELDS = {
    "$": ["title", "call", "area", "summary", "lead", "partners"],
    "$.area": ["name", "population", "population_source"],
    "$.partners[*]": ["organisation", "role", "support", "date"],
    "$.vision": ["statement", "making_it_real"],
    "$.vision.outcomes[*]": ["benefits", "frameworks", "measure", "baseline", "target"],
    "$.vision.efficiencies[*]": ["amount", "by", "basis", "reinvested_in"],
    "$.whole_system": ["statement", "prevention", "personalisation"],
    "$.whole_system.cohorts[*]": ["size", "identified_by"],
    "$.capability.barriers[*]": ["plan", "owner", "by"],
    "$.capability.risks[*]": ["likelihood", "impact", "mitigation", "owner"],
    "$.capability.workstreams[*]": ["lead", "milestones"],
    "$.evidence": ["new_measures", "evaluation"],
}
RULES: dict[str, Any] = {
    f"rule-{number}": {
        "given": given,
        "severity": "warn",
        "message": f"{field} is missing",
        "then": {"field": field, "function": "truthy"},
    }
    for number, (given, field) in enumerate(
        ((given, field) for given, fields in FIELDS.items() for field in fields), start=1
    )
}
SCHEMA = Path(__file__).resolve().parent.parent / "pioneer_cli" / "bid.schema.json"
RULES["schema"] = {
    "given": "$",
    "severity": "error",
    "then": {"function": "schema", "functionOptions": {"schema": json.loads(SCHEMA.read_text(encoding="utf-8"))}},
}
assert len(RULES) == 41, len(RULES)
