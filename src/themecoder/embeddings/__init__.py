"""Vectors of texts: encoders, their cache, and the space that themes are found in."""
