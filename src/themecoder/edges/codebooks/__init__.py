"""Codebooks on disk, and as other tools write them."""

from themecoder.edges.codebooks.folder import DRAFT, CodebookFolder

__all__ = ["DRAFT", "CodebookFolder"]
