"""Decisions in Label Studio: a project that shows what each coder said."""
