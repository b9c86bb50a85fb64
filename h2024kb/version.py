"""The version of the package, which receipts and snapshots carry."""

from __future__ import annotations

__version__ = "0.1.0"
