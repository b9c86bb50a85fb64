"""Editing: YAML files, their schema and checks, with the line and column of every fault. Knows no dates of service."""
