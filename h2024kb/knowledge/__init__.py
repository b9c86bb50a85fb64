"""Asking: the records of policies, how their dates are read, and the answers. Knows no YAML and no line numbers."""
