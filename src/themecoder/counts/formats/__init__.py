"""The files that counts are written to."""
