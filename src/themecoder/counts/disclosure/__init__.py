"""Which counts are not shown, and what can be worked out of those that are."""
