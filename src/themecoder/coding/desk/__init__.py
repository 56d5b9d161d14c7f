"""Coding in the study itself: what a coder is shown, and what she codes, as she would on the server."""
