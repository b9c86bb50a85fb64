"""The commands that ask the knowledge base: what a payer says of the code, what nobody knows, and whom it holds."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from typing import Any

import h2024kb
from h2024kb.cli.arguments import DONE, UNKNOWN, as_date, command, print_json
from h2024kb.cli.terminal import print_answers, print_coverage, print_table
from h2024kb.knowledge.answer import STRONGEST_FIRST, Answer, Known, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST
from h2024kb.knowledge.search import search
from h2024kb.knowledge.stats import counts, known_by_evidence, unknown_by_fact, unknown_by_reason
from h2024kb.knowledge.words import BUSINESS_WORDS, EVIDENCE_WORDS, WHY_WORDS, core_fact_name, fact_name


def add_commands(commands: Any) -> None:
    """Adds the commands to the command line."""
    _question(
        commands, "coverage", _coverage, "whether the code is covered; without a policy, by which payers"
    ).add_argument("policy", nargs="?", help="a policy id, such as md/brain-injury-waiver")
    modifiers = _question(commands, "modifiers", _modifiers, "what a payer does with each modifier on the code")
    modifiers.add_argument("policy", nargs="?", help="a policy id")
    modifiers.add_argument("--modifier", help="one modifier, such as 22 or HQ")
    show = _question(commands, "show", _show, "everything a policy says about the code on a date")
    show.add_argument("policy", nargs="?", help="a policy id")
    _dated(command(commands, "unknowns", _unknowns, "what is not known yet, what a biller asks first at the top"))
    _on_day(command(commands, "stats", _stats, "how much is in the knowledge base, and how much is not known yet"))
    command(commands, "payers", _payers, "the payers and policies in the knowledge base")
    command(commands, "search", _search, "find policies and entries by words").add_argument(
        "words", nargs="+", help="all of them have to be there, in upper or lower case"
    )


def _on_day(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--date-of-service", type=as_date, default=dt.date.today(), metavar="DATE", help="default: today")
    return made


def _dated(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _on_day(made).add_argument(
        "--as-known-on", type=as_date, metavar="DATE", help="answer with what was known on that day"
    )
    return made


def _question(commands: Any, name: str, run: Callable[..., int], help: str) -> argparse.ArgumentParser:
    made = _dated(command(commands, name, run, help))
    made.add_argument("--code", default="H2024", help="an HCPCS code; default: H2024")
    made.add_argument(
        "--evidence",
        choices=STRONGEST_FIRST,
        default="seen",
        help="the weakest that counts as an answer; default: seen on or before the date of service",
    )
    line = made.add_argument_group("the claim line, for facts that depend on it")
    line.add_argument(
        "--with-modifiers", nargs="*", metavar="MODIFIER", help="its modifiers; name none if the line has none"
    )
    line.add_argument("--place-of-service", metavar="CODE", help="two digits")
    line.add_argument("--age", type=int, metavar="YEARS", help="of the member on the date of service")
    made.add_argument("--payer", help="instead of a policy id: the payer, by any of its names")
    made.add_argument("--jurisdiction", help="with --payer: two-letter code of the state, or US")
    made.add_argument("--line-of-business", choices=list(BUSINESS_WORDS), help="with --payer")
    return made


def _asked(args: argparse.Namespace) -> dict[str, Any]:
    names = ("code", "date_of_service", "as_known_on", "evidence", "payer", "jurisdiction", "line_of_business")
    asked = {name: getattr(args, name) for name in (*names, "place_of_service", "age")}
    return {**asked, "modifiers": None if args.with_modifiers is None else tuple(args.with_modifiers)}


def _title(args: argparse.Namespace, *more: str) -> str:
    known = f", as known on {args.as_known_on}" if args.as_known_on else ""
    return " · ".join([*more, args.code, f"date of service {args.date_of_service}{known}"])


def _coverage(args: argparse.Namespace) -> int:
    kb, asked = h2024kb.open(args.policies), _asked(args)
    one = args.policy or args.payer or args.jurisdiction or args.line_of_business
    ids = [args.policy] if one else [policy.id for policy in kb.policies()]
    answers = [kb.coverage(id, **asked) for id in ids]
    if args.json:
        print_json(answers[0] if one else answers)
    else:
        print_coverage(_title(args), answers)
    return _status(answers) if one else DONE


def _modifiers(args: argparse.Namespace) -> int:
    kb, asked = h2024kb.open(args.policies), _asked(args)
    if args.modifier:
        found = {args.modifier: kb.modifier(args.policy, modifier=args.modifier, **asked)}
    else:
        found = dict(kb.modifiers(args.policy, **asked))
    lines = kb.fact("billing_lines", args.policy, **asked)
    if args.json:
        print_json({"modifiers": found, "billing_lines": lines})
    else:
        print_answers(_title(args, lines.question.policy or "no policy"), [*found.values(), lines])
        print("A modifier not listed here is not refused: the policy says nothing about it.")
    return _status(list(found.values())) if args.modifier else DONE


def _show(args: argparse.Namespace) -> int:
    kb, asked = h2024kb.open(args.policies), _asked(args)
    answers = kb.answers(args.policy, **asked)
    if args.json:
        print_json(answers)
        return DONE
    policy = kb.policy(answers[0].question.policy) if answers[0].question.policy else None
    worth_a_row = [one for one in answers if isinstance(one, Known) or one.looked_for or one.nearby]
    print_answers(_title(args, policy.title if policy else "no policy"), worth_a_row)
    if policy:
        for conflict in kb.conflicts(args.policy, **asked):
            print(f"These do not agree (our finding): {conflict.says}.")
        print(f"{policy.about}\nReviewed {policy.reviewed}. Nobody has looked yet for what is not listed here.")
    return DONE


def _unknowns(args: argparse.Namespace) -> int:
    unknowns = h2024kb.open(args.policies).unknowns(args.date_of_service, args.as_known_on)
    if args.json:
        print_json(unknowns)
        return DONE
    rows = [
        (gap.question.policy or "", fact_name(gap), WHY_WORDS[gap.why], gap.because)
        for gap in sorted(unknowns, key=lambda gap: ASKED_FIRST.index(gap.question.fact))
    ]
    title = f"{len(rows)} unknowns · H2024 · date of service {args.date_of_service}"
    print_table(title, ("Policy", "Fact", "Why", "What we can say"), rows)
    return DONE


def _stats(args: argparse.Namespace) -> int:
    kb = h2024kb.open(args.policies)
    each = {policy.id: counts(kb, (policy,), args.date_of_service) for policy in kb.policies()}
    whole = counts(kb, kb.policies(), args.date_of_service)
    if args.json:
        by = {
            "unknown_by_fact": dict(unknown_by_fact(kb, args.date_of_service)),
            "unknown_by_reason": dict(unknown_by_reason(kb, args.date_of_service)),
            "known_by_evidence": dict(known_by_evidence(kb, args.date_of_service)),
        }
        print_json({"all": whole, "policies": each, **by})
        return DONE
    columns = ("Policy", "Facts", "Core known", "for the service", "Core unknown", "Primary", "Secondary", "Reviewed")
    rows = [
        (id, *map(str, (c.facts, c.known, c.for_service, c.unknown, c.primary, c.secondary, c.oldest_review)))
        for id, c in {**each, "all": whole}.items()
    ]
    print_table(f"{whole.policies} policies · H2024 · date of service {args.date_of_service}", columns, rows)
    asked = [(core_fact_name(fact), str(number)) for fact, number in unknown_by_fact(kb, args.date_of_service)]
    print_table("Unknown, in the order a biller asks", ("Fact", "Policies"), asked)
    why = [(WHY_WORDS[reason], str(number)) for reason, number in unknown_by_reason(kb, args.date_of_service)]
    print_table("Unknown, by reason", ("Reason", "Core facts"), why)
    evidence = [(EVIDENCE_WORDS[kind], str(number)) for kind, number in known_by_evidence(kb, args.date_of_service)]
    print_table("Known, by evidence at best", ("Evidence", "Core facts"), evidence)
    return DONE


def _payers(args: argparse.Namespace) -> int:
    kb = h2024kb.open(args.policies)
    fields = ("id", "payer", "program", "jurisdiction", "line_of_business")
    rows = [{field: getattr(policy, field) for field in fields} for policy in kb.policies()]
    if args.json:
        print_json([{**row, "aliases": _aliases(kb, row["payer"])} for row in rows])
        return DONE
    table = [
        (
            p.payer,
            p.program or "",
            p.jurisdiction,
            BUSINESS_WORDS[p.line_of_business],
            p.id,
            ", ".join(_aliases(kb, p.payer)),
        )
        for p in kb.policies()
    ]
    columns = ("Payer", "Program", "Jurisdiction", "Line of business", "Policy", "Also known as")
    print_table(f"{len(rows)} policies", columns, table)
    return DONE


def _aliases(kb: KnowledgeBase, payer: str) -> tuple[str, ...]:
    return next((row.aliases for row in kb.contents.code_sets.payers if row.payer == payer), ())


def _search(args: argparse.Namespace) -> int:
    hits = search(h2024kb.open(args.policies), " ".join(args.words))
    if args.json:
        print_json([hit._asdict() for hit in hits])
    elif hits:
        print_table(f"{len(hits)} places", ("Policy", "Where", "Text"), hits)
    else:
        print("No policy or entry has all of these words.")
    return DONE if hits else UNKNOWN


def _status(answers: list[Answer[Any]]) -> int:
    return UNKNOWN if any(isinstance(answer, Unknown) for answer in answers) else DONE
