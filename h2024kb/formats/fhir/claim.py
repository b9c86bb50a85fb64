"""Turns one FHIR Claim or ExplanationOfBenefit into service lines: what it says of all of them, then each item."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from h2024kb.formats import fields
from h2024kb.formats.fhir.element import Element
from h2024kb.formats.fhir.item import Claimed, Diagnoses, service_lines, state
from h2024kb.line import ServiceLine

CLAIMS: Final = ("Claim", "ExplanationOfBenefit")
REQUESTS: Final = "this asks for an authorization or an estimate and is not a claim; its items were not read"
INSTITUTIONAL: Final = "the claim is institutional; it is checked by the rules for professional ones"
EARLIER: Final = {"prior", "replaces"}
"""The relationships to a claim that this one replaces."""
MEDICARE_PAYS: Final = re.compile("10|20|30|40|50|60|61|71|72|81|82|[12][0-9]{3}")
"""Claim types of CMS that Medicare itself pays; 62 to 64 are of Medicare Advantage, 1 to 4 of Part D."""


def lines(claim: Element, name: str) -> Iterator[ServiceLine]:
    """Yields the service lines of a Claim or ExplanationOfBenefit; a request for an authorization has none.

    `name` names the claim where it has neither an id nor an identifier. The names of R4 and R5 are read, and those of
    STU3 (`service`, `diagnosisLinkId`, `information`).

    FHIR leaves an empty list out, so what is absent is none where the resource is the place to say it: no
    `modifier` is (); on a Claim no `diagnosis` is () and no `preAuthRef` is "". An ExplanationOfBenefit need not repeat
    these two: there they are None. `submitted` is read from Claims only, since the `created` of an ExplanationOfBenefit
    is the day of the payer's own record.
    """
    if claim.text("use") not in (None, "claim", "complete"):
        claim.fault("use", REQUESTS, "not-a-claim")
        return
    if any(one.code.casefold() == "institutional" for one in claim.element("type").codings()):
        claim.fault("type", INSTITUTIONAL, "institutional")
    yield from service_lines(claim.elements("item"), _claimed(claim, name))


def _claimed(claim: Element, name: str) -> Claimed:
    benefit = claim.text("resourceType") == "ExplanationOfBenefit"
    payer, payer_id = claim.all_or_none(lambda: _payer(claim, benefit)) or (None, None)
    shared = ServiceLine(
        claim=claim.text("id") or _identifier(claim.elements("identifier"), "uc") or name,
        member=claim.all_or_none(lambda: _member(claim.element("patient"))),
        payer=payer,
        payer_id=payer_id,
        line_of_business=claim.all_or_none(lambda: _line_of_business(claim)),
        jurisdiction=claim.all_or_none(lambda: state(claim.element("facility").target("Location").element("address"))),
        prior_authorization_number=claim.all_or_none(lambda: _authorization(claim, benefit)),
        submitted=None if benefit else claim.day("created"),
        frequency=claim.all_or_none(lambda: _frequency(claim)),
        replaces=claim.all_or_none(lambda: _replaces(claim)),
    )
    born = _birth_date(claim.element("patient").target("Patient"))
    return Claimed(shared, born, _diagnoses(claim, benefit), benefit, claim.all_or_none(lambda: _only_day(claim)))


def _only_day(claim: Element) -> dt.date | None:
    """The day of a claim that covers one."""
    period = claim.element("billablePeriod")
    first, last = period.day("start"), period.day("end")
    return first if first == last else None


def _insurance(claim: Element) -> Element:
    """The insurance that is billed: the focal one, else the only one, else an empty one."""
    every = claim.elements("insurance")
    focal = [one for one in every if one.flag("focal")] or every
    return focal[0] if len(focal) == 1 else claim.nothing


def _payer(claim: Element, benefit: bool) -> tuple[str | None, str | None]:
    """The payer's name and id, both of one place: a claim names it in its coverage, a payer's answer as the insurer."""
    coverage = _insurance(claim).element("coverage").target("Coverage")
    covering = [*coverage.elements("payor"), coverage.element("insurer")]
    insurer = [claim.element("insurer")]
    named = (_organization(one) for one in (insurer + covering if benefit else covering + insurer))
    return next((one for one in named if one != (None, None)), (None, None))


def _organization(reference: Element) -> tuple[str | None, str | None]:
    """The name and id of an organization; nothing of a person, who pays for himself."""
    organization = reference.target("Organization")
    points_to = reference.text("reference") or reference.text("type") or "Organization/"
    if not organization and "Organization" not in points_to:
        return None, None
    name = organization.text("name") or reference.text("display")
    id = _identifier(organization.elements("identifier"), "payerid", "NIIP")
    return name, id or reference.element("identifier").text("value")


def _identifier(identifiers: list[Element], *kinds: str) -> str | None:
    """The value of the first identifier of some kinds, else the first value."""
    values = [(one.element("type").code(), value) for one in identifiers if (value := one.text("value"))]
    return next((value for kind, value in values if kind in kinds), values[0][1] if values else None)


def _member(reference: Element) -> str | None:
    """A text that is the same for all claims of one patient: a reference that holds in all files, or an identifier."""
    points_to = (reference.text("reference") or "").split("/_history/")[0]
    if points_to and not points_to.startswith(("#", "urn:")):
        return points_to
    identifiers = [reference.element("identifier"), *reference.target("Patient").elements("identifier")]
    values = [f"{one.text('system') or ''}|{value}" for one in identifiers if (value := one.text("value"))]
    return values[0] if values else points_to if points_to.startswith("urn:") else None


def _birth_date(patient: Element) -> dt.date | None:
    # FHIR allows a birth date without its day or month: valid, and no age can be told from it.
    if re.fullmatch("[0-9]{4}(-[0-9]{2})?", patient.text("birthDate") or ""):
        return None
    return patient.day("birthDate")


def _line_of_business(claim: Element) -> str | None:
    """Medicare, where a code of CMS says that Medicare itself pays; nothing else is certain."""
    for kind in claim.element("type").codings():
        if kind.system.endswith("/rda-type"):
            return "medicare"
        if kind.system.endswith(("/nch_clm_type_cd", "/clm-type-cd")) and MEDICARE_PAYS.fullmatch(kind.code):
            return "medicare"
    coverage = _insurance(claim).element("coverage").target("Coverage")
    classes = {(one.element("type").code(), one.text("value")) for one in coverage.elements("class")}
    original = classes & {("plan", "Part A"), ("plan", "Part B")}
    return "medicare" if original and ("group", "Medicare") in classes else None


def _authorization(claim: Element, benefit: bool) -> str | None:
    """The prior authorization number; None where it is not given which of several insurances is billed."""
    billed = _insurance(claim)
    given = [*claim.texts("preAuthRef"), *billed.texts("preAuthRef")]
    if given:
        return given[0]
    others = not billed and any(one.texts("preAuthRef") for one in claim.elements("insurance"))
    return None if benefit or others else ""


def _frequency(claim: Element) -> str | None:
    """8 for what was taken back, else the code that CMS gives, else 7 where it replaces an earlier claim."""
    if claim.text("status") in ("cancelled", "entered-in-error"):
        return "8"
    supporting = claim.elements("supportingInfo") or claim.elements("information")
    codings = [coding for one in supporting for coding in one.element("code").codings()]
    given = [one.code for one in codings if one.system.endswith(("clm_freq_cd", "freq-cd"))]
    extensions = [one for one in claim.elements("extension") if (one.text("url") or "").endswith("/clm_freq_cd")]
    given += [code for one in extensions if (code := one.element("valueCoding").text("code"))]
    if given:
        return claim.valid("supportingInfo", given[0], fields.frequency)
    relations = {one.element("relationship").code() for one in claim.elements("related")}
    return "7" if relations & EARLIER else None


def _replaces(claim: Element) -> str | None:
    """The id of the claim that this one replaces, or its identifier."""
    prior = [one for one in claim.elements("related") if one.element("relationship").code() in EARLIER]
    if len(prior) != 1:
        return None
    named = prior[0].element("claim")
    points_to = (named.text("reference") or "").split("/_history/")[0].rsplit("/", 1)[-1]
    return points_to or named.element("identifier").text("value") or prior[0].element("reference").text("value")


def _diagnoses(claim: Element, benefit: bool) -> Diagnoses | None:
    """The diagnoses by their numbers; None where they cannot be numbered."""
    numbered = claim.all_or_none(lambda: [(entry.number("sequence"), entry) for entry in claim.elements("diagnosis")])
    if numbered is None:
        return None
    entries = [(number, entry.all_or_none(partial(_diagnosis, entry))) for number, entry in numbered]
    codes = tuple(code for _, code in entries if code)
    unknown = len(codes) < len(entries) or (benefit and not entries)
    return Diagnoses(dict(entries), None if unknown else codes)


def _diagnosis(entry: Element) -> str | None:
    concept = entry.element("diagnosisCodeableConcept")
    condition = entry.element("diagnosisReference").target("Condition")
    code = concept.code("icd") or condition.element("code").code("icd")
    return entry.valid("diagnosisCodeableConcept", code, fields.diagnosis)
