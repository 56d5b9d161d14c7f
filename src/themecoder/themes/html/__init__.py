"""The page of candidate themes."""
