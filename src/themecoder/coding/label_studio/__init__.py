"""Coding in Label Studio."""
