"""Codebooks on disk, and as other tools write them."""
