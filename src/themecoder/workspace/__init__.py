"""A study opened from its folder: what every operation on a study takes."""
