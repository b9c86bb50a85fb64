"""Many lines in files: checked, counted, and reported."""
