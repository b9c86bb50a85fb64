"""The page that leads from the service given to the code."""
