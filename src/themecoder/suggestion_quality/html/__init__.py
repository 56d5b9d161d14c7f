"""The page on the quality of suggestions."""
