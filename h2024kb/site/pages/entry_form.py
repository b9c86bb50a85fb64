"""The entry that would answer an unknown, as YAML to fill in; unfilled it fails `h2024kb check`."""

from __future__ import annotations

from textwrap import indent
from typing import Any, Final, get_args

from h2024kb.knowledge.answer import Question
from h2024kb.knowledge.model import Coverage, PerPeriod, PerUnit, PriorAuthorization, Unit, Use


def _choices(kind: Any) -> str:
    *most, last = get_args(kind)
    return f"{', '.join(most)} or {last}"


VALUES: Final = {
    "coverage": f"COVERAGE  # {_choices(Coverage)} with a condition",
    "prior_authorization": f"PRIOR-AUTHORIZATION  # {_choices(PriorAuthorization)} with a condition",
    "unit": f"UNIT  # {_choices(Unit)}",
    "modifiers": f"{{use: USE, meaning: MEANING}}  # {_choices(Use)}",
    "place_of_service": '{allowed: ["PLACE"]}  # two digits in quotes; or settings: [in your words]',
    "limits": f"[{{units: UNITS, per: PERIOD}}]  # {_choices(PerPeriod)}",
    "rate": f'{{amount: "DOLLARS.CENTS", per: UNIT}}  # {_choices(PerUnit)}',
}
"""What stands for the value of each core fact: words in capitals are to be replaced."""

CITED: Final = """\
source: SOURCE
locator: PAGE-OR-SECTION
passage: "PASSAGE"  # made by h2024kb fingerprint"""

SOURCE: Final = """\
sources:
  SOURCE:
    title: TITLE
    publisher: PUBLISHER
    url: ADDRESS
    published: YYYY-MM-DD
    retrieved: YYYY-MM-DD
    copy: {dated: YYYY-MM-DD}  # the newest day the text shows of itself; else unknown
    read: whole  # or part, with what was not read: unread: [{what: ...}]
    tier: primary  # secondary for a mirror
"""
"""The source of an entry, as YAML to fill in."""


def entry_form(question: Question) -> str:
    """Returns the entry that would answer a question about a core fact.

    >>> import datetime as dt
    >>> asked = {"code": "H2024", "date_of_service": dt.date(2026, 11, 23), "policy": "us/cigna"}
    >>> print(entry_form(Question(fact="modifiers", modifier="22", **asked)))
    # policies/us/cigna.yaml
    rules:
      H2024:
        modifiers:
          "22":
            - effective_date: YYYY-MM-DD  # in_force_by, if the source gives no start; neither for an undated copy
              value: {use: USE, meaning: MEANING}  # required, allowed, not-allowed or informational
              source: SOURCE
              locator: PAGE-OR-SECTION
              passage: "PASSAGE"  # made by h2024kb fingerprint
    <BLANKLINE>
    """
    keys = ["rules", question.code, question.fact, *([f'"{question.modifier}"'] if question.modifier else [])]
    opened = "\n".join(f"{'  ' * depth}{key}:" for depth, key in enumerate(keys))
    start = "effective_date: YYYY-MM-DD  # in_force_by, if the source gives no start; neither for an undated copy"
    entry = f"- {start}\n" + indent(f"value: {VALUES[question.fact]}\n{CITED}", "  ")
    return f"# policies/{question.policy}.yaml\n{opened}\n{indent(entry, '  ' * len(keys))}\n"
