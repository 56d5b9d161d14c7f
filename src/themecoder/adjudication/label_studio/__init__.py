"""Decisions in Label Studio, in a project that shows each coder's codes."""
