"""Words that may have been missed: what the strict level would mask and the normal one leaves."""

from __future__ import annotations

from collections.abc import Mapping

from themecoder.masking.lists import load_lexicon
from themecoder.masking.model import Mask, MaskedText
from themecoder.masking.rules import strict
from themecoder.masking.tokens import View


def possibly_missed(texts: Mapping[str, MaskedText]) -> dict[str, tuple[Mask, ...]]:
    """answer_id -> unknown words with a capital that no mask covers, of answers that have any."""
    lexicon = load_lexicon()
    found = {}
    for answer_id, text in texts.items():
        words = tuple(
            word
            for word in strict.find(View(text.original), lexicon)
            if not any(mask.start < word.end and word.start < mask.end for mask in text.masks)
        )
        if words:
            found[answer_id] = words
    return found
