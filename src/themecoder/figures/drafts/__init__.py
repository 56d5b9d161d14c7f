"""A draft of a report against the figures that are known: which numbers have a source."""
