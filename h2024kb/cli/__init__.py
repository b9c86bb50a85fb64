"""The command line: reads arguments, calls one function, prints."""

from h2024kb.cli.program import main, parser

__all__ = ["main", "parser"]
