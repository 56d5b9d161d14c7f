"""The version of themecoder, as results name it."""

__version__ = "0.1.0"
