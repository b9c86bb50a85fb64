"""Which column of a table means what, and the service line that a row of it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import msgspec

from h2024kb.formats.fields import Billed, Unreadable, age, together
from h2024kb.formats.table.cells import CLAIM_DATES, DATES, FIELDS, SEVERAL, ColumnRef, value
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine
from h2024kb.near import near

_VALUE = re.compile(r"\s*[-+]?[0-9][-0-9.,:/T ]*")
_FIRST_TO_FIFTH = " ".join(f"hcpcs_{n}_mdfr_cd" for n in ("1st", "2nd", "3rd", "4th", "5th"))
# What each field is called in Tuva medical_claim, in CMS CLM_LINE and in a CMS RIF carrier file; # is a number from 1.
_KNOWN = (
    ("code", "hcpcs_code", "clm_line_hcpcs_cd", "hcpcs_cd"),
    ("modifiers", "hcpcs_modifier_#", "hcpcs_#_mdfr_cd", _FIRST_TO_FIFTH),
    ("date_of_service", "claim_line_start_date", "clm_line_from_dt", "line_1st_expns_dt"),
    ("last_date_of_service", "claim_line_end_date", "clm_line_thru_dt", "line_last_expns_dt"),
    ("units", "service_unit_quantity", "clm_line_srvc_unit_qty", "line_srvc_cnt"),
    ("place_of_service", "place_of_service_code", "clm_pos_cd", "line_place_of_srvc_cd"),
    ("diagnoses", "diagnosis_code_#", "clm_line_dgns_cd", "line_icd_dgns_cd prncpal_dgns_cd icd_dgns_cd#"),
    ("charge", "charge_amount", "clm_line_sbmt_chrg_amt", "line_sbmtd_chrg_amt"),
    ("claim", "claim_id", "clm_uniq_id", "clm_id"),
    ("line", "claim_line_number", "clm_line_num", "line_num"),
    ("member", "person_id member_id patient_id", "bene_sk", "bene_id"),
    ("payer", "payer", "", ""),
    ("claim_first_date", "claim_start_date", "clm_from_dt", "clm_from_dt"),
    ("claim_last_date", "claim_end_date", "clm_thru_dt", "clm_thru_dt"),
    ("claim_type", "claim_type", "", ""),
)
# What a column of one more modifier is called, whatever stands before it.
_MODIFIER = re.compile("[a-z]*(?:mod|modifier|mdfr)(?:cd|code)?[0-9]+")
_MOST_NAMES = 20
_OF_THE_LINE_ALONE = {"clm_line_dgns_cd", "line_icd_dgns_cd"}
_OURS = {field: field for field in (*FIELDS, "birth_date")} | {
    "modifiers": "modifiers modifier modifier_#",
    "diagnoses": "diagnoses diagnosis_#",
}


class Columns(Record, frozen=True):
    """What the columns of a table mean: for each field of a service line where it is, or its one value.

    `birth_date` may be among the fields: it gives the age on the date of service and is then dropped. `constants`
    hold values as a service line holds them. `separator` and `encoding` are those of a CSV file, None where they are
    to be seen from the file, and `date_format` is that of dates for which nothing else says one. Without `fields`, the
    header says what the columns are.
    """

    fields: Mapping[str, ColumnRef] = {}
    constants: Mapping[str, Any] = {}
    separator: str | None = None
    encoding: str | None = None
    date_format: str | None = None


class Fault(NamedTuple):
    """What is wrong with a cell, by its column, or with a header, at `place` where a person named a column there.

    No fault shows what a cell holds.
    """

    message: str
    rule: str
    column: str = ""
    place: tuple[str, int, int] | None = None


def recognize(header: Sequence[str]) -> Columns:
    """Returns what the columns of a header mean: Tuva `medical_claim`, CMS CLM_LINE or RIF names, or our field names.

    The set of names that finds the most fields is used, and our own names for what it lacks; case does not matter, nor
    do blanks, hyphens and underscores. A name that is there twice is left out. Dates of the whole claim are fields of
    their own, `claim_first_date` and `claim_last_date`: a line may have been on another day.

    >>> recognize(["CLM_ID", "HCPCS_CODE", "hcpcs_modifier_1", "charge_amount"]).fields["code"].names
    ('HCPCS_CODE',)
    """
    once = _once_loosely(header)
    known = [_present({row[0]: row[n] for row in _KNOWN}, once) for n in (1, 2, 3)]
    ours = _present(_OURS, once)
    return Columns(fields=ours | max(*known, ours, key=len))


def fit(columns: Columns | None, header: Sequence[str]) -> tuple[Columns, list[Fault]]:
    """Returns the columns with names as a header spells them, without what it lacks, and all that is wrong with it."""
    given = columns or Columns()
    once = _once(header)
    faults = list(_twice(header, given))
    fields = dict(given.fields or recognize(header).fields)
    hints = _may_be_shown(header, fields)
    for field, ref in tuple(fields.items()):
        if field in given.constants:
            del fields[field]
            continue
        faults += _missing(ref, header, hints)
        format = given.date_format if field in (*DATES, *CLAIM_DATES) else None
        names = tuple(once.get(_key(name), "") for name in ref.names)
        fields[field] = msgspec.structs.replace(ref, names=names, format=ref.format or format)
        if "" in names:
            del fields[field]
    if not given.fields and "modifiers" in fields and (name := _beside(fields["modifiers"].names, header)):
        # A list with a hole in it would look like all of the line's modifiers.
        message = f"column '{name}' is not read, so no modifier is: name each column of modifiers in a mapping file"
        faults.append(Fault(message, "columns", name))
        # Without columns it is never given, whatever stands behind a code.
        fields["modifiers"] = ColumnRef(names=())
    if not fields and any(map(_VALUE.fullmatch, header)):
        faults = [Fault("values stand here: name the columns in the first line", "no-header")]
    elif not fields:
        faults.append(
            Fault(
                "no column here is known: name the columns in the first line, or say in a mapping file what they are",
                "columns",
            )
        )
    elif "code" not in fields and "code" not in given.constants:
        faults.append(Fault("no column is known to hold the code: name it in a mapping file", "columns"))
    return msgspec.structs.replace(given, fields=fields), faults


def described(columns: Columns, header: Sequence[str]) -> str:
    """Returns which columns of a header are read as what, and which not at all; nothing where each says so itself."""
    read = [f"{name.strip()} as {field}" for field, ref in columns.fields.items() for name in ref.names]
    taken = {name for ref in columns.fields.values() for name in ref.names}
    others = [name.strip() for name in header if name.strip() and name not in taken]
    if not others and all(
        _loose(name) == _loose(field) for field, ref in columns.fields.items() for name in ref.names[:1]
    ):
        return ""
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return f"read: {', '.join(read)}; not read: {', '.join(others[:_MOST_NAMES]) or 'none'}{more}"


def _beside(names: tuple[str, ...], header: Sequence[str]) -> str | None:
    """The name of a column that holds a modifier beside those that are read; None where there is none."""
    numbers = {found[0] for name in names if (found := re.search("[0-9]+", name))}
    if not numbers:
        return None
    others = (name for name in header if name not in names and _MODIFIER.fullmatch(_loose(name)))
    return next((name for name in others if not numbers.issuperset(re.findall("[0-9]+", name))), None)


def _key(name: str) -> str:
    return name.strip().casefold()


def _loose(name: str) -> str:
    """A name by its letters and digits alone: "Date of Service" is date_of_service."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _once(header: Sequence[str]) -> dict[str, str]:
    """The names that stand once in a header, by what they are compared by."""
    counts = Counter(map(_key, header))
    return {_key(name): name for name in header if counts[_key(name)] == 1 and _key(name)}


def _once_loosely(header: Sequence[str]) -> dict[str, str]:
    """The names that stand once in a header, however their words are joined."""
    counts = Counter(map(_loose, header))
    return {_loose(name): name for name in header if counts[_loose(name)] == 1 and _loose(name)}


def _each(names: str) -> list[str]:
    return [name.replace("#", str(n)) for name in names.split() for n in range(1, 26 if "#" in name else 2)]


_EVERY_NAME = {name for names in (*chain(*_KNOWN), *_OURS.values()) for name in _each(names)}


def _present(wanted: Mapping[str, str], once: Mapping[str, str]) -> dict[str, ColumnRef]:
    made = {}
    for field, names in wanted.items():
        if found := tuple(once[_loose(name)] for name in _each(names) if _loose(name) in once):
            in_one = field not in SEVERAL or _loose(found[0]) == field
            made[field] = ColumnRef(names=found[:1] if in_one else found)
    return made


def _twice(header: Sequence[str], given: Columns) -> Iterable[Fault]:
    """Which of the names that are looked for are there twice; any other may be a value of a file without a header."""
    wanted = {_key(name) for ref in given.fields.values() for name in ref.names} or _EVERY_NAME
    for name, count in Counter(map(_key, header)).items():
        if name in wanted and count > 1:
            last = next(one for one in reversed(header) if _key(one) == name)
            message = f"{count} columns are named '{last.strip()}': they are not read, give each a name of its own"
            yield Fault(message, "duplicate-column", last)


def _may_be_shown(header: Sequence[str], fields: Mapping[str, ColumnRef]) -> list[str]:
    """The names of a header to show beside a missing one; none where they may be values, since no name is known."""
    here = {_key(name) for name in header}
    # A file without a header has a claim in its first line; its cells must not get into a message.
    found = any(_key(name) in here for ref in fields.values() for name in ref.names)
    return [name for name in header if name.strip()] if found else []


def _missing(ref: ColumnRef, header: Sequence[str], hints: list[str]) -> Iterable[Fault]:
    here = {_key(name) for name in header}
    for name, place in zip_longest(ref.names, ref.places):
        if _key(name) not in here:
            close = near(name, hints)
            hint = f"; near it: {', '.join(close)}" if close else ""
            yield Fault(f"no column is named '{name}' in the file{hint}", "missing-column", place=place)


def service_line(columns: Columns, row: Mapping[str, object]) -> tuple[ServiceLine, list[Fault]]:
    r"""Returns the service line that a row is, by the column names, and the cells of it that cannot be read.

    A field that has no column, or lacks a cell, is not given: None. So is one with a cell that cannot be read, which is
    no modifier list with a hole in it. A blank cell is no value for modifiers and diagnoses, and not given for every
    other field; and so is one where a database wrote `~`, `NULL` or `\N`. Where only the line's own diagnosis has a
    column, a blank one says nothing: the claim may have others. A last date of service on the first day is none.

    >>> columns = Columns(fields={"code": ColumnRef(names=("proc",)), "modifiers": ColumnRef(names=("m1", "m2"))})
    >>> line, faults = service_line(columns, {"proc": "h2024", "m1": "hq", "m2": ""})
    >>> line.code, line.modifiers, line.units, faults
    ('H2024', ('HQ',), None, [])
    """
    told: dict[str, Any] = dict(columns.constants)
    faults: list[Fault] = []
    for field, ref in columns.fields.items():
        told[field] = _told(field, ref, row, faults)
    if isinstance(billed := told.get("code"), Billed):
        told["code"] = billed.code
        # A list with one that cannot be read is not given, and what stands behind the code is only a part of it.
        if billed.modifiers and (told.get("modifiers") is not None or "modifiers" not in columns.fields):
            told["modifiers"] = together(billed.modifiers, told.get("modifiers"))
    _settle_claim(told, columns, faults)
    _settle_dates(told, columns, faults)
    return ServiceLine(**told), faults


def _told(field: str, ref: ColumnRef, row: Mapping[str, object], faults: list[Fault]) -> Any:
    several: list[str] = []
    if not ref.names:
        return None
    for name in ref.names:
        if name not in row:
            return None
        cell = row[name]
        # The 25 diagnosis columns of a wide table are mostly blank: they are passed over before anything is called.
        if field in SEVERAL and (cell is None or cell == ""):
            continue
        try:
            found = value(field, cell, ref)
        except Unreadable as why:
            faults.append(Fault(f"column '{name}': {why.message}", why.rule, name))
            return None
        if field not in SEVERAL:
            return found
        several += found
    # A column of the line alone says nothing of the claim, so a blank one is not "no diagnosis".
    if field == "diagnoses" and not several and _OF_THE_LINE_ALONE.issuperset(map(_key, ref.names)):
        return None
    return tuple(several if field == "modifiers" else dict.fromkeys(several))


def _settle_claim(told: dict[str, Any], columns: Columns, faults: list[Fault]) -> None:
    """Dates a line by its claim where that covers one day, and says what a row of another kind of claim is."""
    first, last = (told.pop(name, None) for name in CLAIM_DATES)
    if told.get("date_of_service") is not None:
        of_claim = {name for field in CLAIM_DATES if field in columns.fields for name in columns.fields[field].names}
        faults[:] = [fault for fault in faults if fault.column not in of_claim]
    if first is not None and first == last and told.get("date_of_service") is told.get("last_date_of_service") is None:
        of_line = columns.fields.get("date_of_service")
        if of_line is None or not any(fault.column in of_line.names for fault in faults):
            told["date_of_service"] = first
    if (told.pop("claim_type", None) or "").casefold() == "institutional":
        message = "the claim of this row is institutional; it is checked by the rules for professional ones"
        faults.append(Fault(message, "institutional", columns.fields["claim_type"].names[0]))


def _settle_dates(told: dict[str, Any], columns: Columns, faults: list[Fault]) -> None:
    first, birth = told.get("date_of_service"), told.pop("birth_date", None)
    if told.get("last_date_of_service") == first:
        told["last_date_of_service"] = None
    if birth is None or first is None or told.get("age") is not None:
        return
    try:
        told["age"] = age(birth, first)
    except Unreadable as why:
        if "birth_date" in columns.fields:
            name = columns.fields["birth_date"].names[0]
            faults.append(Fault(f"column '{name}': {why.message}", why.rule, name))
