"""The answer on coverage as a policy's page opens with it: one plain sentence, and a citation to paste."""

from __future__ import annotations

import datetime as dt
from typing import Any

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.headlines import labeled, sentence_start
from h2024kb.knowledge.lookup import ALL_SERVICES
from h2024kb.knowledge.model import Policy, Source
from h2024kb.site.parts.views import CODE


def sentence(policy: Policy, answer: Answer[Any]) -> str:
    """Returns an answer on coverage as one plain sentence; what is unknown never reads as a refusal."""
    if isinstance(answer, Known):
        return _of_known(_name(policy), answer)
    if answer.billed_as:
        return f"{_name(policy)} bills this service on another code; that it covers {CODE} itself we did not find."
    name = _name(policy)
    return {
        "not-found": f"The documents of {name} that we read do not say whether it covers {CODE}.",
        "not-fully-read": f"Whether {name} covers {CODE} may stand in a part of its documents that we have not read.",
        "no-document": f"We found no document in which {name} says whether it covers {CODE}.",
        "before-first-rule": f"The first rule of {name} on {CODE} that we know takes effect later.",
        "ended": f"The last rule of {name} on {CODE} that we know has ended.",
        "depends-on-line": f"Whether {name} covers {CODE} depends on the claim line.",
    }.get(answer.why, f"Nobody here has looked whether {name} covers {CODE}.")


def _of_known(name: str, answer: Known[Any]) -> str:
    verb = "does not cover" if answer.value == "not-covered" else "covers"
    if answer.condition:
        return f"{name} {verb} {_covered(answer)} on this condition: {answer.condition}"
    more = ", on conditions" if answer.value == "conditional" else ""
    return f"{name} {verb} {_covered(answer)}{more}."


def _covered(answer: Known[Any]) -> str:
    """What the source rules on: the code, its service, or everything."""
    if answer.heading == CODE:
        return CODE
    return "every service" if answer.heading == ALL_SERVICES else answer.heading.replace("-", " ")


def _name(policy: Policy) -> str:
    return f"{policy.payer} ({policy.program})" if policy.program else policy.payer


def citation(policy: Policy, answer: Answer[Any], day: dt.date, content_hash: str) -> str:
    """Returns a paragraph that a biller can paste into an appeal or a note; `{page}` stands for the page's address."""
    said = f"{words.with_long_dates(labeled(answer))}. {sentence(policy, answer)}"
    ground = _cited(answer) if isinstance(answer, Known) else _looked(answer)
    # What the source rules on comes first, so that a rule on a service is not pasted as one on the code.
    what = _covered(answer) if isinstance(answer, Known) else CODE
    about = f"{sentence_start(what)}, {_name(policy)}, {policy.jurisdiction}, date of service {words.long_date(day)}"
    return f"{about}: {said} {ground} {{page}} (h2024kb, knowledge base {content_hash[:12]})"


def _cited(answer: Known[Any]) -> str:
    source = answer.citation.source
    stated = words.stated_for(answer, CODE)
    parts = [
        f"{stated[:1].upper()}{stated[1:]}." if stated else "",
        f"Source: {source.title}, {source.publisher}, {answer.citation.locator}.",
        f"Published {words.long_date(source.published)}." if source.published else "",
        f"{sentence_start(words.with_long_dates(words.since(answer)))}.",
        f"{_text_of(source)}, read {words.long_date(source.retrieved)}.",
    ]
    return " ".join(part for part in parts if part)


def _text_of(source: Source) -> str:
    """How old the text is that was read: the day of reading alone would say more than it proves."""
    dated = source.copy.dated if source.copy else "unknown"
    return "Undated copy" if dated == "unknown" else f"Text of {words.long_date(dated)}"


def _looked(answer: Unknown) -> str:
    places = "; ".join(dict.fromkeys(f"{place.where} ({words.long_date(place.date)})" for place in answer.searched))
    return " ".join([answer.because, f"Looked in: {places}." if places else "Nobody has looked yet."])
