"""Quoted figures and claims held against the data: which hold, which do not, and why not."""

from themecoder.checking.claims import CheckedClaim, Claim
from themecoder.checking.figures import CheckedFigure, Figure, check_figure

__all__ = ["CheckedClaim", "CheckedFigure", "Claim", "Figure", "check_figure"]
