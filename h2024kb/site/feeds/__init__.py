"""Feeds and calendars of changes, and what a change says in words."""
