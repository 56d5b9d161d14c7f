"""A draft of a report against the figures that are known: which numbers have a source."""

from themecoder.drafts.check import check_draft
from themecoder.drafts.model import Block, Claim, Figure, Place, Tied, Verdict

__all__ = ["Block", "Claim", "Figure", "Place", "Tied", "Verdict", "check_draft"]
