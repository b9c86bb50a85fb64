"""Runs the command line: `python -m h2024kb`."""

import sys

from h2024kb.cli import main

sys.exit(main())
