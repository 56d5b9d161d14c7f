"""Counts of respondents, with their bases."""
