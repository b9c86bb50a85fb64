"""The files of payers, and their list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from h2024kb.site.api.making import Making, address, path
from h2024kb.site.api.policy_files import PolicyResource, policy_row
from h2024kb.site.api.resources import Payer, PayerList, PayerRow
from h2024kb.site.api.written import Written, written


def payer_files(making: Making, policies: Iterable[PolicyResource]) -> Iterator[tuple[Payer, Written]]:
    """Yields every payer with its file, by name."""
    by_payer: dict[str, list[PolicyResource]] = {}
    for one in policies:
        by_payer.setdefault(one.policy.payer, []).append(one)
    for name in sorted(making.slugs):
        here = path("payers", f"{making.slugs[name]}.json")
        rows = tuple(policy_row(making, one, here) for one in by_payer.get(name, ()))
        made = Payer(made=making.made, payer=name, aliases=making.aliases[name], policies=rows)
        yield made, written(here, made)


def payer_list(making: Making, made: Iterable[tuple[Payer, Written]]) -> PayerList:
    """Returns the list of all payers."""
    here = path("payers", "index.json")
    return PayerList(
        made=making.made,
        payers=tuple(
            PayerRow(
                payer=payer.payer,
                aliases=payer.aliases,
                policies=len(payer.policies),
                json=address(here, file.path),
                sha256=file.sha256,
            )
            for payer, file in made
        ),
    )
