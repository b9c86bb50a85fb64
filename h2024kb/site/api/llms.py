"""The file that tells language models what this site is and how to read an answer, in the form of llmstxt.org."""

from __future__ import annotations

from typing import Final

LLMS: Final = """\
# h2024kb

> What each payer says about HCPCS H2024 (supported employment, per diem) and the codes near it: coverage, prior \
authorization, modifiers, units, limits, place of service, rates. Every fact is dated and cited, or said to be unknown.

How to read an answer:

- An answer is known or unknown. In JSON the key `answer` says which. Only a known answer has a `value`.
- Unknown is not no. It is not "not covered", "not required" or "not allowed": nobody here knows. Say so, say where \
one looked, and tell the reader to ask the payer.
- `stated_for: service` means that the source rules on the service and prints no code. Repeat that with the answer.
- An answer is for one date of service. Files and pages give today's; older rules stand under `entries` and on the \
pages of versions. Do not carry a rule to a date outside its dates.
- A `condition` belongs to the answer. "Conditional" without it says nothing.
- `leads` and `observed` are trails and practice. They answer nothing.
- Cite the source and its locator, not this site. The payer decides. This is no legal or billing advice.
- No policy here for a payer means that none is held. It says nothing about the payer.

## JSON

- [Index](api/v1/index.json): what there is, the content hash, where to start
- [Policies](api/v1/policies/index.json): every policy with its answer on coverage of H2024, and the address of its file
- [Payers](api/v1/payers/index.json): every payer with the other names people type for it
- [Codes](api/v1/codes/index.json): H2024, its siblings and payers' own codes
- [Changes](api/v1/changes/index.json): what was posted on which day
- [OpenAPI](api/v1/openapi.json): every path, with schemas and examples

## Tables

- [Facts as CSV](data/facts.csv): every dated entry of every policy, one a row, with its citation
- [Facts as Parquet](data/facts.parquet): the same
- [SHA256SUMS](api/v1/SHA256SUMS): the hash of every file

## Pages

- [Find an answer](index.html): by payer, state, code and date of service
- [Policies](policies/index.html): every payer program held
- [H2024](codes/h2024.html): what the code is, and what each payer says
- [What nobody knows](unknowns.html): the unknown facts, payer by payer
- [About and limits](about.html): what an answer means and what this is not

## Optional

- [JSON API](json-api.html): how to use the files, and what stays stable
- [Python API](api.html): asking by date of service and claim line
- [Python reference](reference.html): every public name
- [Policy format](format.html): what the facts and words mean
"""


def llms_txt() -> bytes:
    """Returns the file."""
    return LLMS.encode()
