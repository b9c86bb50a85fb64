"""The command line: reads arguments, calls one function, prints.

Exit statuses: 0 the question was answered or the work done; 1 problems were found; 2 the command or a name in it is
wrong; 3 the one question asked has the answer "unknown"; 130 somebody stopped it, as shells have it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import h2024kb
from h2024kb.cli import (
    ask_commands,
    batch_commands,
    claim_commands,
    file_commands,
    impact_commands,
    utilization_commands,
)
from h2024kb.cli.arguments import BROKEN_OFF, DONE, PROBLEMS, USAGE
from h2024kb.knowledge.answer import NameNotFound, SeveralPolicies
from h2024kb.problem import PolicyProblems
from h2024kb.writing.parquet import MissingExtra

GROUPS = (ask_commands, claim_commands, batch_commands, impact_commands, utilization_commands, file_commands)
"""The commands, in the order the help lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    args = parser().parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except PolicyProblems as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except (NameNotFound, SeveralPolicies, MissingExtra, TypeError, OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError):
            # The reader, such as `head`, has seen enough. What is left must not fail once more as Python closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return int(getattr(args, "status_when_cut", DONE))
        print(f"h2024kb: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return BROKEN_OFF


def parser() -> argparse.ArgumentParser:
    """Returns the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="h2024kb",
        description="What each payer says about HCPCS H2024, supported employment per diem, with its source.",
        epilog="Exit status: 0 answered or done; 1 problems found; 2 wrong command or name; 3 the answer is unknown.",
    )
    top.add_argument("--version", action="version", version=f"h2024kb {h2024kb.__version__}")
    top.add_argument("--policies", metavar="PATH", help="a folder of policies or a snapshot; default: those shipped")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for group in GROUPS:
        group.add_commands(commands)
    return top
