"""De-identification: which stretches of an answer tell who someone is, and the text without them.

Pure: rules see a text and a ``Lexicon`` and return ``Mask``s. What reads files, loads deduce or
keeps results is in ``themecoder.edges``.
"""

from themecoder.masking.decisions import Decision, Stale, apply_decisions, decide_all
from themecoder.masking.lexicon import Lexicon
from themecoder.masking.masker import Detector, Masker
from themecoder.masking.model import KINDS, Mask, MaskedText

__all__ = [
    "KINDS",
    "Decision",
    "Detector",
    "Lexicon",
    "Mask",
    "MaskedText",
    "Masker",
    "Stale",
    "apply_decisions",
    "decide_all",
]
