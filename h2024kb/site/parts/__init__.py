"""What several pages are made with: views of answers and entries, names, order, templates, settings."""
