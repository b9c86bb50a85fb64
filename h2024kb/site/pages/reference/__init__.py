"""The page of the Python API, made from docstrings and signatures."""
