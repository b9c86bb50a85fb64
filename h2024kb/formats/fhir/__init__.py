"""FHIR JSON: Claim and ExplanationOfBenefit resources, alone, in a Bundle or in NDJSON."""
