"""The report's content, and the live numbers of its template."""
