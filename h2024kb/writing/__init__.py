"""How results leave: tables, drawings and pages as text and bytes, the same for every command and page."""
