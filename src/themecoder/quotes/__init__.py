"""Quotes: what people said, per code, masked and in its context, chosen to differ."""
