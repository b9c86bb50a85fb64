"""Readers of claim files: each turns one format into service lines and problems."""
