"""How codes are used in files of claims, beside the national benchmark."""

from h2024kb.utilization.counting import LineUtilization, utilization

__all__ = ["LineUtilization", "utilization"]
