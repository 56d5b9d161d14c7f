"""The files that quotes are written to."""
