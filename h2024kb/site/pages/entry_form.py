"""The entry that would answer an unknown, as YAML to fill in; unfilled it fails `h2024kb check`."""

from __future__ import annotations

from textwrap import indent
from typing import Final

from h2024kb.knowledge.answer import Question

VALUES: Final = {
    "coverage": "COVERAGE  # covered, not-covered, or conditional with a condition",
    "prior_authorization": "PRIOR-AUTHORIZATION  # required, not-required, or conditional with a condition",
    "unit": "UNIT  # day, half-day, 15-minutes, hour, month or milestone",
    "modifiers": "{use: USE, meaning: MEANING}  # required, allowed, not-allowed or informational",
    "place_of_service": '{allowed: ["PLACE"]}  # two digits in quotes; or settings: [in your words]',
    "limits": "[{units: UNITS, per: PERIOD}]  # day, week, month, six-months or year",
    "rate": '{amount: "DOLLARS.CENTS", per: UNIT}  # day, 15-minutes, hour, month, or unit',
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
            - effective_date: YYYY-MM-DD  # in_force_by, if the source gives no start
              value: {use: USE, meaning: MEANING}  # required, allowed, not-allowed or informational
              source: SOURCE
              locator: PAGE-OR-SECTION
              passage: "PASSAGE"  # made by h2024kb fingerprint
    <BLANKLINE>
    """
    keys = ["rules", question.code, question.fact, *([f'"{question.modifier}"'] if question.modifier else [])]
    opened = "\n".join(f"{'  ' * depth}{key}:" for depth, key in enumerate(keys))
    start = "effective_date: YYYY-MM-DD  # in_force_by, if the source gives no start"
    entry = f"- {start}\n" + indent(f"value: {VALUES[question.fact]}\n{CITED}", "  ")
    return f"# policies/{question.policy}.yaml\n{opened}\n{indent(entry, '  ' * len(keys))}\n"
