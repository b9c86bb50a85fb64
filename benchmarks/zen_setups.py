"""The ways to run the rules of zz/medicaid in zen-engine, grouped by what they answer with; `zen/` holds the rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import zen

RULES = Path(__file__).parent / "zen"
RECORD = re.compile(r"\{rule: '([^']+)', outcome: '([^']+)', message: '([^']+)'\}")

Context = dict[str, Any]
"""A line as zen reads it."""

Decision = dict[str, Any]
"""A decision in zen's JSON format."""


class Setup(NamedTuple):
    """One way to run the rules in zen: what evaluates a line, how a line is given, and how many are tried at most."""

    name: str
    evaluate: Callable[[Any], Any]
    given: Callable[[Context], Any] = dict
    most: int | None = None


def setups() -> tuple[list[Setup], ...]:
    """Three groups of set-ups, of which the fastest each are compared.

    Decisions that answer with a record a finding. The static loader is fastest: it compiles once, when the engine is
    made. A kept decision (`create_decision`, `get_decision`) is slowest by far, for in zen-engine 2.1 each of its
    evaluations makes an event loop of its own. Tried and left out, as no faster than the static loader: a policy
    document (new in 2.0), `evaluate_batch`, lines as JSON bytes.
    Packed: a finding is one text, from which its rule, outcome and message id have yet to be split.
    Bare: the same expression without a decision around it: no graph, no loader, nothing to look it up by.
    """
    one, packed = folded(), folded(packed=True)
    content = zen.ZenDecisionContent(json.dumps(one))
    bare, bare_packed = (zen.compile_expression(expression_of(each)).evaluate for each in (one, packed))
    return (
        [
            Setup("decision, one expression, static loader", static(one)),
            Setup("decision, one expression, static loader, lines as JSON", static(one), json.dumps),
            Setup("decision, one expression, loader callback, precompiled", loaded(lambda _: content)),
            Setup(
                "decision, one expression, create_decision", zen.ZenEngine().create_decision(content).evaluate, most=200
            ),
            Setup("decision, an expression a rule, static loader", static(model("rules.json"))),
            Setup("decision, a table (collect), static loader", static(model("table.json"))),
        ],
        [
            Setup("decision, packed, static loader", static(packed)),
            Setup("decision, packed, static loader, lines as JSON", static(packed), json.dumps),
        ],
        [
            Setup("bare expression", bare),
            Setup("bare expression, packed", bare_packed),
            Setup("bare expression, packed, lines as JSON", bare_packed, json.dumps),
        ],
    )


def static(decision: Decision) -> Callable[[Any], Any]:
    return loaded({"type": "static", "content": {"rules": decision}})


def loaded(loader: Any) -> Callable[[Any], Any]:
    return partial(zen.ZenEngine({"loader": loader}).evaluate, "rules")


def model(name: str) -> Decision:
    read: Decision = json.loads((RULES / name).read_text(encoding="utf-8"))
    return read


def folded(packed: bool = False) -> Decision:
    """The decision that has an expression a rule, folded into one expression that gives a list of findings."""
    decision = model("rules.json")
    content = decision["nodes"][1]["content"]
    findings = "[" + ", ".join(f"({row['value']})" for row in content["expressions"]) + "]"
    value = RECORD.sub(r"'\1 \2 \3'", findings) if packed else findings
    content["expressions"] = [{"id": "01", "key": "findings", "value": value}]
    return decision


def expression_of(decision: Decision) -> str:
    return str(decision["nodes"][1]["content"]["expressions"][0]["value"])
