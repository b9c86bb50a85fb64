"""Which policy a line is for, by the names the claim gives; an unknown name is a finding, not a guess."""

from __future__ import annotations

from contextlib import suppress

from h2024kb.claims.finding import Finding
from h2024kb.claims.result import Result, result
from h2024kb.knowledge.answer import NameNotFound
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.line import ServiceLine


def which_policy(kb: KnowledgeBase, line: ServiceLine) -> str | Result:
    """Returns the id of the policy a line is for, or the result that says why there is none, or which of several fit.

    A nationwide policy stands in where the payer has none of that line of business in the jurisdiction.
    """
    if line.policy:
        found = line.policy in kb.index.policies
        return line.policy if found else _open(f"No policy is named '{line.policy}'.", "policy")
    if not line.payer and not line.payer_id:
        return _open("The line does not give its payer.", "payer")
    payers = _payers_named(kb, line)
    if not payers:
        return _open("No payer in the knowledge base has this name or id.", "payer")
    if len(payers) > 1:
        name, id = payers
        return _open(f"The payer's name is that of {name}, and its id is that of {id}; give the policy.", "policy")
    (payer,) = payers
    every = kb.fitting(payer=payer, jurisdiction=line.jurisdiction, line_of_business=None)
    # A claim that says "Medicaid" may be of Medicaid itself or of one of its plans: it rules out the others.
    left = (line.line_of_business or "").split()
    fits = tuple(policy for policy in every if not left or policy.line_of_business in left)
    if len(fits) == 1:
        return fits[0].id
    return _several(fits) if fits else _none(kb, payer)


def payer_named(kb: KnowledgeBase, line: ServiceLine) -> str | None:
    """Returns the payer that a line names, by its name or else its id; None where neither is in the knowledge base."""
    return next(iter(_payers_named(kb, line)), None)


def _payers_named(kb: KnowledgeBase, line: ServiceLine) -> list[str]:
    """The payer that a line's name means, then that of its id: one where only one is known here, or both mean it."""
    found = []
    # The id is tried where the name is not known here, since claims spell a payer's name in ways of their own.
    for name in (line.payer, line.payer_id):
        with suppress(NameNotFound):
            found += [kb.payer_name(name)] if name else []
    return list(dict.fromkeys(found))


def _several(fits: tuple[Policy, ...]) -> Result:
    ids = ", ".join(policy.id for policy in fits)
    return _open(f"Several policies of this payer fit; give one of them: {ids}.", "policy")


def _none(kb: KnowledgeBase, payer: str) -> Result:
    ids = ", ".join(policy.id for policy in kb.policies(payer=payer)) or "none"
    return _open(
        f"The knowledge base has no policy of {payer} for this jurisdiction and line of business. It has: {ids}."
    )


def _open(message: str, *needs: str) -> Result:
    about = ("payer", "payer_id", "jurisdiction", "line_of_business", "policy")
    return result((Finding(rule="payer", outcome="cannot-tell", message=message, about=about, needs=needs),))
