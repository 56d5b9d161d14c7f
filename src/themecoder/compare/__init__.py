"""Which counts moved between two states of a study, and why."""
