"""quotes.yaml, in which a person chooses."""
