"""A rule set of 41 rules for Spectral that asks of a bid what a JSONPath linter can ask: is this field there?

It stands beside pioneer's own rules in the benchmark, so that both do comparable work on the same file.
"""

FIELDS = {
    "$": ["title", "call", "area", "summary", "lead", "partners", "submission_date"],
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
RULES = {
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
assert len(RULES) == 41, len(RULES)
