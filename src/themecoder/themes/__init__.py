"""Candidate themes: segments of answers, a neighbour graph, a consensus clustering."""
