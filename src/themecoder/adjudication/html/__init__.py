"""The page of what is open."""
