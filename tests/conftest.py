"""Shared by all layers of tests; its presence puts this folder on the path (sample_pages)."""
