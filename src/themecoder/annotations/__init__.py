"""What coders said of answers, and how it follows the codebook. Pure: it knows no files."""

from themecoder.annotations.model import ADJUDICATED, Coding, Quote, Stale

__all__ = ["ADJUDICATED", "Coding", "Quote", "Stale"]
