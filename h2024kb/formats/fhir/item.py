"""Turns the items of a FHIR claim into service lines: what each says of itself alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Context, Decimal
from functools import partial
from typing import Final, NamedTuple

import msgspec

from h2024kb.formats import fields
from h2024kb.formats.fhir.element import Coding, Element
from h2024kb.formats.fields import Unreadable
from h2024kb.line import ServiceLine

HCPCS: Final = ("hcpcs", "2.16.840.1.113883.6.285", "2.16.840.1.113883.6.14")
PROCEDURES: Final = (*HCPCS, "ama-assn.org/go/cpt", "113883.6.12")
"""Parts of the names of the code systems HCPCS and CPT, which carry modifiers too."""
NO_MODIFIERS: Final = ("hl7.org/", "unitsofmeasure.org", "snomed.info", "loinc.org")
"""Parts of the names of code systems that hold no billing modifiers, such as the example codes of FHIR itself."""
PLACES: Final = ("place-of-service", "place_of_service", "place_of_srvc")
PARTS: Final = ("detail", "subDetail")
SUBMITTED: Final = ("line_sbmtd_chrg_amt", "line_sbmt_chrg_amt", "rev_cntr_tot_chrg_amt")
MINUTES: Final = {"min": 1, "mins": 1, "minute": 1, "minutes": 1, "mj": 1, "h": 60, "hr": 60, "hour": 60, "hours": 60}
EXACT: Final = Context(prec=200)
_REVENUE: Final = re.compile("rev|nubc")
_REVENUE_CODE: Final = re.compile("[0-9]{3,4}")


class Diagnoses(NamedTuple):
    """The diagnosis codes of a claim by the numbers that items point to, and all of them; None is a code not given."""

    by_number: dict[Decimal | None, str | None]
    every: tuple[str, ...] | None


class Claimed(NamedTuple):
    """What a claim says of all its items.

    `diagnoses` is None where they could not be read, and `day` where the claim covers more than one.
    """

    shared: ServiceLine
    born: dt.date | None
    diagnoses: Diagnoses | None
    benefit: bool
    day: dt.date | None


Parts = tuple[Element, ...]
"""A part of an item and what it is part of, innermost first: an item alone, or a detail and its item."""


def service_lines(items: Iterable[Element], claimed: Claimed) -> Iterator[ServiceLine]:
    """Yields a line for each item, or for each of its details that has a procedure code where the item has none.

    An item with a revenue code alone has none: what was done stands in its details.
    """
    for item in items:
        for parts in _coded((item,)) or [(item,)]:
            yield _line(parts, claimed)


def _coded(parts: Parts) -> list[Parts]:
    codings = _billed(parts[0]).codings()
    if codings and not all(_REVENUE.search(one.system) or _REVENUE_CODE.fullmatch(one.code) for one in codings):
        return [parts]
    inner = parts[0].elements(PARTS[len(parts) - 1]) if len(parts) <= len(PARTS) else []
    return [found for part in inner for found in _coded((part, *parts))] or ([parts] if codings else [])


def _of(systems: tuple[str, ...], codings: list[Coding]) -> list[str]:
    """The different codes of some systems."""
    return list(dict.fromkeys(one.code for one in codings if any(text in one.system for text in systems)))


def _line(parts: Parts, claimed: Claimed) -> ServiceLine:
    part, item, shared = parts[0], parts[-1], claimed.shared
    first, last = part.all_or_none(lambda: _days(parts, claimed.day)) or (None, None)
    units, minutes = part.all_or_none(lambda: _quantity(part.element("quantity"))) or (None, None)
    billed = part.all_or_none(lambda: _code(part))
    # Under a revenue code stands what was done, and the modifiers of it stand beside either.
    modified = _nearest(parts, "modifier") if _billed(item).codings() else part
    modifiers = part.all_or_none(lambda: _modifiers(modified))
    if billed and modifiers is not None:
        modifiers = fields.together(billed.modifiers, modifiers)
    return msgspec.structs.replace(
        shared,
        line=part.all_or_none(lambda: _number(parts)),
        code=billed.code if billed else None,
        modifiers=modifiers,
        date_of_service=first,
        last_date_of_service=last,
        units=units,
        minutes=minutes,
        place_of_service=part.all_or_none(lambda: _place_of_service(parts)),
        charge=part.all_or_none(lambda: _charge(part, claimed.benefit)),
        diagnoses=item.all_or_none(lambda: _diagnoses(item, claimed.diagnoses)),
        age=item.all_or_none(lambda: _age(item, claimed.born, first)),
        jurisdiction=item.all_or_none(lambda: _state(item, shared.jurisdiction)),
        prior_authorization_number=item.all_or_none(lambda: _authorization(item, shared)),
    )


def _nearest(parts: Parts, *names: str) -> Element:
    """The innermost part that has one of some members; a detail has those of its item."""
    return next((part for part in parts if any(name in part for name in names)), parts[0].nothing)


def _number(parts: Parts) -> str | None:
    """The item's number, with those of its details after dots: 2.1."""
    numbers = [part.number("sequence") for part in reversed(parts)]
    return None if None in numbers else ".".join(f"{number:f}" for number in numbers)


def _code(part: Element) -> fields.Billed | None:
    """The billed code, of HCPCS, else of CPT, where several systems are given; STU3 calls it `service`."""
    name = "productOrService" if part.element("productOrService") else "service"
    _say_if_text_alone(part.element(name))
    codings = part.all_or_none(part.element(name).codings) or []
    # A payer of H2024 may be sent the CPT code that another payer wants beside it.
    codes = _of(HCPCS, codings) or _of(PROCEDURES, codings)
    if len(codes) > 1:
        part.fault(name, "two codes stand here: write each on an item of its own", "code")
        return None
    return part.valid(name, next(iter([*codes, *(one.code for one in codings)]), None), fields.billed)


def _billed(part: Element) -> Element:
    return part.element("productOrService") or part.element("service")


def _say_if_text_alone(concept: Element) -> None:
    if "text" in concept and "coding" not in concept:
        concept.fault("coding", "write a coding with a code; a text alone is not read")


def _modifiers(part: Element) -> tuple[str, ...] | None:
    """The modifiers in order; None where one is there whose code is not given."""
    found: list[str] = []
    for concept in part.elements("modifier"):
        _say_if_text_alone(concept)
        codings = concept.codings()
        if not codings:
            return None
        procedure = [one.system for one in codings if any(text in one.system for text in PROCEDURES)]
        others = [one.system for one in codings if not any(text in one.system for text in NO_MODIFIERS)]
        # Codes of two systems say the same twice; two codes of one system are two modifiers, as CMS writes them.
        found += [one.code for one in codings if one.system in (procedure or others)[:1]]
    read = [part.valid("modifier", code, fields.modifier) for code in found]
    return tuple(code for code in read if code is not None)


def _days(parts: Parts, of_claim: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """The first day, and the last where it is another one; that of a claim of one day, where the item gives none."""
    serviced = _nearest(parts, "servicedDate", "servicedPeriod")
    if not serviced:
        return of_claim, None
    if "servicedDate" in serviced:
        return serviced.day("servicedDate"), None
    period = serviced.element("servicedPeriod")
    first, last = period.day("start"), period.day("end")
    if first and last and last < first:
        period.fault("end", "the last day is before the first", "date")
    return first, None if last == first else last


def _quantity(quantity: Element) -> tuple[Decimal | None, Decimal | None]:
    """The units or, where the quantity is a length of time, the minutes."""
    value = quantity.number("value")
    minutes = MINUTES.get((quantity.text("code") or quantity.text("unit") or "").lower())
    if value is None or minutes is None:
        return value, None
    return None, quantity.valid("value", EXACT.multiply(value, minutes), fields.exact)


def _place_of_service(parts: Parts) -> str | None:
    located = _nearest(parts, "locationCodeableConcept")
    codings = located.element("locationCodeableConcept").codings()
    named = [one for one in codings if any(text in one.system for text in PLACES)]
    # The list of places of service goes first; senders also write its codes with another list or with none.
    for one in named + codings:
        with suppress(Unreadable):
            return fields.place_of_service(one.code)
    # A code of another list, such as HOSP, is not a place of service, and nothing is wrong with it.
    ours = [*named, *(one for one in codings if not one.system)]
    return located.valid("locationCodeableConcept", ours[0].code, fields.place_of_service) if ours else None


def _charge(part: Element, benefit: bool) -> Decimal | None:
    """The net price, else on an ExplanationOfBenefit what was submitted, else price by quantity."""
    if "net" in part:
        return _dollars(part, "net")
    for adjudication in part.elements("adjudication") if benefit else ():
        codes = [one.code.lower() for one in adjudication.element("category").codings()]
        if any(code == "submitted" or code.endswith(SUBMITTED) for code in codes):
            return _dollars(adjudication, "amount")
    price, quantity = _dollars(part, "unitPrice"), part.element("quantity").number("value")
    factor = part.number("factor") if "factor" in part else Decimal(1)
    if price is None or quantity is None or factor is None:
        return None
    return part.valid("unitPrice", EXACT.multiply(EXACT.multiply(price, quantity), factor), fields.exact)


def _dollars(part: Element, name: str) -> Decimal | None:
    money = part.element(name)
    currency = money.text("currency") or money.text("code")
    if currency not in (None, "USD"):
        part.fault(name, "write the amount in US dollars (USD)")
    return money.number("value")


def _diagnoses(item: Element, of_claim: Diagnoses | None) -> tuple[str, ...] | None:
    """The diagnoses the item points to, in that order, else all of the claim's; None where one is not given."""
    name = "diagnosisSequence" if "diagnosisSequence" in item else "diagnosisLinkId"
    pointers = item.numbers(name)
    if of_claim is None or not pointers:
        return of_claim.every if of_claim else None
    if not of_claim.by_number.keys() >= set(pointers):
        item.fault(name, "write numbers of diagnoses that the claim has")
    codes = tuple(code for one in pointers if (code := of_claim.by_number.get(one)))
    return codes if len(codes) == len(pointers) else None


def _authorization(item: Element, shared: ServiceLine) -> str | None:
    """The prior authorization number that R5 gives with an item's outcome, else that of the claim."""
    return item.element("reviewOutcome").text("preAuthRef") or shared.prior_authorization_number


def _age(item: Element, born: dt.date | None, day: dt.date | None) -> int | None:
    return None if day is None else item.valid("serviced[x]", born, partial(fields.age, on=day))


def _state(item: Element, of_facility: str | None) -> str | None:
    """The state where the item was given, or, where it names no place of its own, that of the claim's facility."""
    if "locationAddress" in item:
        return state(item.element("locationAddress"))
    if "locationReference" in item:
        return state(item.element("locationReference").target("Location").element("address"))
    return of_facility


def state(address: Element) -> str | None:
    """The state of an address, if it is in the United States."""
    return address.valid("state", address.text("state"), partial(fields.state, country=address.text("country") or ""))
