"""The pages of the site: a module or folder each, which yields paths below the docs folder with their Markdown."""
