"""The codebook: codes, versions, and the typed changes between them. Pure: it knows no files."""

from themecoder.codebook.changes import Change
from themecoder.codebook.model import Code, Codebook, Example, Group

__all__ = ["Change", "Code", "Codebook", "Example", "Group"]
