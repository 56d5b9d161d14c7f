"""Coding from other tools and people, and back to them."""
