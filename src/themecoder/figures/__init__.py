"""Quoted figures, claims and drafts of a report, checked against the data."""
