"""What a schema cannot say of a policy file, one function each.

A check is given a policy file and the known names and yields faults: a path in the document and a message. Its name,
with hyphens, is the rule that messages carry; its docstring is the rule's documentation.
"""

from __future__ import annotations

from h2024kb.editing.checks import dates, facts, names, sources, writing
from h2024kb.editing.checks.fault import Check, Fault
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile
from h2024kb.problem import Problem

__all__ = ["CHECKS", "Check", "Fault", "rule_name", "run"]

CHECKS: tuple[Check, ...] = (
    writing.schema_comment,
    writing.file_name,
    writing.ambiguous_text,
    writing.comment_behind_value,
    writing.still_to_write,
    writing.wrong_folder,
    writing.split_sentence,
    names.unknown_payer,
    names.unknown_name,
    sources.unknown_source,
    sources.unused_source,
    sources.tertiary_value,
    sources.passage_missing,
    sources.shared_passage,
    sources.short_passage,
    dates.newest_first,
    dates.overlap,
    dates.ends_before_start,
    dates.future_date,
    dates.unlikely_date,
    dates.before_the_code,
    dates.reviewed_before_read,
    dates.published_after_retrieved,
    dates.copy_after_reading,
    dates.in_force_by,
    dates.undated,
    dates.seen_again_later,
    dates.recorded_order,
    facts.core_facts,
    facts.authorization_of_uncovered,
    facts.follows_unknown,
    facts.unclear_when,
    facts.repeated_modifiers,
    facts.other_unit,
    facts.rate_beside_table,
    facts.unlikely_age,
    facts.program_twice,
)


def run(file: PolicyFile, known: KnownNames) -> list[Problem]:
    """Returns every problem that any check finds in a policy file."""
    return [
        file.document.problem(fault.path, fault.message, rule_name(check), at_key=fault.at_key)
        for check in CHECKS
        for fault in check(file, known)
    ]


def rule_name(check: Check) -> str:
    """Returns the rule name of a check, as messages carry it."""
    return check.__name__.replace("_", "-")
