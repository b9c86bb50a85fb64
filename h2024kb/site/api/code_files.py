"""The files of codes, and their list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from h2024kb.knowledge import model
from h2024kb.knowledge.code_sets import Code
from h2024kb.site.api.answers import brief
from h2024kb.site.api.making import Making, address, path, policy_path
from h2024kb.site.api.resources import CodeFile, CodeList, CodeRow, OwnedCode, PolicyCoverage
from h2024kb.site.api.written import Written, written


def code_files(making: Making) -> Iterator[tuple[CodeFile, Written]]:
    """Yields every code with its file."""
    rows = {row.code: row for row in making.kb.contents.code_sets.codes}
    owned = _owned(making.kb.policies())
    guides = {guide.code for guide in making.kb.contents.code_sets.guides}
    for code in sorted({*rows, *owned}):
        made = _resource(making, code, rows, owned, guided=code in guides)
        yield made, written(path("codes", f"{code}.json"), made)


def _owned(policies: Iterable[model.Policy]) -> dict[str, list[OwnedCode]]:
    owned: dict[str, list[OwnedCode]] = {}
    for policy in policies:
        for row in policy.own_codes:
            owned.setdefault(row.code, []).append(OwnedCode(policy=policy.id, own_code=row))
    return owned


def _resource(
    making: Making, code: str, rows: Mapping[str, Code], owned: Mapping[str, list[OwnedCode]], *, guided: bool
) -> CodeFile:
    here, owners = path("codes", f"{code}.json"), tuple(owned.get(code, ()))
    of_owners = {owner.policy for owner in owners}
    asked = [p for p in making.kb.policies() if code in rows or p.id in of_owners]
    return CodeFile(
        made=making.made,
        code=code,
        hcpcs=rows.get(code),
        services=making.kb.services(code),
        owned=owners,
        coverage=tuple(_coverage(making, code, policy, here) for policy in asked),
        page=address(here, f"codes/{code.lower()}.html") if guided else None,
    )


def _coverage(making: Making, code: str, policy: model.Policy, here: str) -> PolicyCoverage:
    answer = making.kb.coverage(policy.id, code=code, date_of_service=making.day)
    return PolicyCoverage(
        policy=policy.id,
        title=policy.title,
        jurisdiction=policy.jurisdiction,
        line_of_business=policy.line_of_business,
        coverage=brief(answer),
        json=address(here, policy_path(policy.id)),
    )


def code_list(making: Making, made: Iterable[tuple[CodeFile, Written]]) -> CodeList:
    """Returns the list of all codes."""
    here = path("codes", "index.json")
    return CodeList(made=making.made, codes=tuple(_row(code, file, here) for code, file in made))


def _row(code: CodeFile, file: Written, here: str) -> CodeRow:
    return CodeRow(
        code=code.code,
        describes=code.hcpcs.long if code.hcpcs else code.owned[0].own_code.describes,
        owned=code.hcpcs is None,
        services=code.services,
        json=address(here, file.path),
        sha256=file.sha256,
        page=address(here, f"codes/{code.code.lower()}.html") if code.page else None,
    )
