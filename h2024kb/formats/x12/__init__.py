"""X12 files: the envelope that all of them share, and the 837P professional claim."""
