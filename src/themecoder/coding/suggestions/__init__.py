"""Suggested codes."""
