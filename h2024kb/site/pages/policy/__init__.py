"""The page of one policy, and the pages of its dated versions."""
