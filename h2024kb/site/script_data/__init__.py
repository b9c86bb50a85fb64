"""Data for the scripts in the pages: what the finder, the check and the comparison load."""
