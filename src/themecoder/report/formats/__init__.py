"""The report as HTML and Word."""
