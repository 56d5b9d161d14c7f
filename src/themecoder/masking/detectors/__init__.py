"""Detectors of names that rest on other libraries."""
