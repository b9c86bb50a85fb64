"""Which policy the payer's name and id, SBR09 and the state of an 837P mean, and what a caller may add to them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from answers import ROOT
from x837.invented import EXAMPLE, read

from h2024kb.claims.which_policy import which_policy
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine
from h2024kb.validation.validate import Defaults, completed

CASES = yaml.safe_load((ROOT / "tests" / "which-policy.yaml").read_text("utf-8"))


def line_of(case: dict[str, Any]) -> ServiceLine:
    """The first line of the example with this payer, SBR09 and state."""
    text = re.sub(r"SBR\*[^~]*~", f"SBR*P*18*******{case['sbr09']}~", EXAMPLE)
    text = re.sub(r"NM1\*PR\*[^~]*~", f"NM1*PR*2*{case['payer']}*****PI*{case.get('id', 'X0000')}~", text)
    return read(re.sub(r"N4\*[^~]*~", f"N4*TOWN*{case['state']}~", text))[0][0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(str(one) for one in case.values())[:60])
def test_the_policy_of_a_claim(case: dict[str, Any], shipped: KnowledgeBase) -> None:
    found = which_policy(shipped, line_of(case))
    if "policy" in case:
        assert found == case["policy"]
    else:
        assert not isinstance(found, str)
        assert case["says"] in found.findings[0].message
        assert found.outcome == "cannot-tell"


LEFT = "medicaid medicaid-managed-care state-funded"


@pytest.mark.parametrize(
    ("written", "given", "read"),
    [
        (LEFT, "medicaid", "medicaid"),
        (LEFT, "commercial", LEFT),
        (None, "commercial", "commercial"),
        ("medicare", "medicaid", "medicare"),
        (LEFT, None, LEFT),
    ],
)
def test_a_caller_may_choose_among_what_a_claim_leaves(
    written: str | None, given: str | None, read: str, shipped: KnowledgeBase
) -> None:
    defaults = Defaults(fields={"line_of_business": given} if given else {})
    assert completed(shipped, ServiceLine(line_of_business=written), defaults).line_of_business == read


def test_who_says_what_a_payer_is_called_speaks_for_its_id_too(shipped: KnowledgeBase) -> None:
    line = ServiceLine(payer="SOME NAME", payer_id="uhc")
    assert completed(shipped, line, Defaults(payers={"SOME NAME": "Aetna"})).payer == "Aetna"
    assert which_policy(shipped, completed(shipped, line, Defaults(payers={"SOME NAME": "Aetna"}))) == "us/aetna"
