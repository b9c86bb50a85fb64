"""Checks a Spark data frame of service lines; the name that stays, whatever moves below `h2024kb.batch`."""

from h2024kb.batch.spark import check_frame

__all__ = ["check_frame"]
