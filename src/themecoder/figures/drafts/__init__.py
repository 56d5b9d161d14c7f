"""Drafts of a report, whose numbers are matched to the known figures."""
