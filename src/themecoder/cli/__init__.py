"""The command line: ``app`` to be called in a test, ``main`` to be called from a shell."""

from themecoder.cli.main import app, main

__all__ = ["app", "main"]
