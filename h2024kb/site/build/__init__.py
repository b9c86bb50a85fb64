"""Hands the made pages to mkdocs, finishes the built site, and keeps the addresses of pages."""
