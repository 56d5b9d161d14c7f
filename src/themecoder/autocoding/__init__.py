"""Coding by machine, at an accuracy that is stated."""
