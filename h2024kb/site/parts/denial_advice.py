"""What to do about each likely denial: before the claim is sent, and once it was denied. Ours, never a payer's rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple


class Advice(NamedTuple):
    """What to do `before` the claim is sent, by the claim rule that may fail; what to check once it was `denied`."""

    before: Mapping[str, str]
    denied: Sequence[str]


ADVICE: Final = {
    "not-payable-by-medicare": Advice(
        {},
        (
            "See whether another payer of the member's, such as a Medicaid waiver, holds the service.",
            "If that payer first wants Medicare's denial, see the Medicare page for the modifiers it names.",
        ),
    ),
    "modifier-does-not-fit": Advice(
        {
            "modifiers": "Use the modifiers this payer asks for, and no others.",
            "billing-lines": "Use one of the payer's own sets of modifiers, exactly.",
        },
        (
            "Compare the modifiers, and their order, with the billing lines on the payer's page.",
            "Correct one only to what was done, and send a corrected claim, not a second original.",
        ),
    ),
    "not-authorized": Advice(
        {
            "prior-authorization": "Get the authorization before the service, and put its number on the line.",
        },
        (
            "Find the authorization: its number, dates, code, units and provider must be those of the line.",
            "See whether the plan of care lists the service for that day.",
            "If there was none, ask the payer whether it still authorizes, and until when.",
        ),
    ),
    "too-many-units": Advice(
        {
            "unit": "Bill in the payer's unit.",
            "limits": "Bill no more than the limit; ask for more before the service where the payer allows it.",
        },
        (
            "Compare the units with the payer's unit and limits: a day is not a quarter of an hour.",
            "Count what is left of the authorization, with the lines of other providers.",
        ),
    ),
    "same-day-overlap": Advice(
        {
            "same-day": "Look for other services of the same member on that date before billing.",
        },
        (
            "Look for other lines of the member on that day, those of other providers too.",
            "Compare them with what the payer's page says is not payable on the same day.",
            "If both services were given apart, ask the payer how to show it.",
        ),
    ),
    "place-of-service-not-allowed": Advice(
        {
            "place-of-service": "Bill a place of service that the payer allows.",
        },
        (
            "See that the code is that of the place where the member was served.",
            "Compare it with the places on the payer's page. Never change it only to be paid.",
        ),
    ),
    "provider-not-eligible": Advice(
        {
            "provider-qualification": "Check that the billing and rendering provider are enrolled for the service.",
        },
        (
            "See that the NPI and taxonomy on the claim are those that the payer enrolled.",
            "Compare the provider type with who may give the service, on the payer's page.",
        ),
    ),
    "no-such-benefit": Advice(
        {},
        (
            "Read the member's plan document; a plan may differ from a published policy.",
            "Look for another payer of the service: a Medicaid program, or vocational rehabilitation.",
        ),
    ),
    "not-covered": Advice(
        {
            "coverage": "Bill only what the answer above says is covered; see whether another code or payer holds it.",
        },
        (
            "Read the payer's page for that date of service: it may bill the service on another code.",
            "If the page says something else, cite its source in the appeal.",
        ),
    ),
    "filed-too-late": Advice(
        {
            "timely-filing": "Send the claim within the payer's days.",
        },
        (
            "Count from the date of service to the day the payer received the claim, and compare with its page.",
            "If it was sent in time, keep the acceptance report as proof.",
        ),
    ),
    "code-not-in-force": Advice(
        {
            "code": "Bill a code that is in use on the date of service.",
        },
        ("Check the date of service, and that the code was in use on it.",),
    ),
    "diagnosis-does-not-fit": Advice(
        {
            "diagnosis": "Put a diagnosis on the claim that the payer asks for, where the record supports it.",
        },
        (
            "See which diagnosis the line points to, and whether the record bears it.",
            "Compare it with the diagnoses on the payer's page.",
        ),
    ),
    "conditions-not-fulfilled": Advice(
        {
            "prerequisite": "See that what the payer asks for was done and is dated before the service.",
        },
        (
            "Find the paper that shows what the program asks for first, and its date.",
            "Compare with the prerequisites on the payer's page; fix the record only as things were.",
        ),
    ),
}
"""The advice on each denial, by its id, each list in the order of the work."""
