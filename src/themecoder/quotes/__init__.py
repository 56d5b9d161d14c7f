"""Quotes: what people said, per code, masked and in its context, chosen to differ."""

from themecoder.quotes.model import Quotes, Section, Shown

__all__ = ["Quotes", "Section", "Shown"]
