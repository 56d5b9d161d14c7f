"""Coding in the study itself, as on the server: what a coder is shown, and what she codes."""
