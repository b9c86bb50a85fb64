"""Which lines change their result with other knowledge: another knowledge base, or another day."""
