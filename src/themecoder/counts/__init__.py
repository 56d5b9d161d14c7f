"""Counts of respondents, with their bases."""

from themecoder.counts.coded import Coded
from themecoder.counts.source import Source

__all__ = ["Coded", "Source"]
