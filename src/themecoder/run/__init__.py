"""From the export to the report in one command."""
