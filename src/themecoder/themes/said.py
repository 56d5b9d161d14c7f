"""The words of the segments that say what a theme is about, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from themecoder.language.tokens import MASK
from themecoder.masking.model import MaskedText
from themecoder.themes.model import Theme


def said(theme: Theme, masked: Mapping[str, MaskedText]) -> tuple[str, ...]:
    """The texts of the theme's segments, masked, without the marks at their ends.

    A segment is left out in which something is masked by now, after a decision that came later than
    the themes, and one of an answer that is no longer there.
    """
    texts = []
    for part in theme.segments:
        text = masked.get(part.answer_id)
        if text is None or part.end > len(text.original):
            continue
        start, end = text.to_masked(part.start, part.end)
        words = " ".join(text.masked[start:end].split())
        if not MASK.search(words):
            texts.append(words.rstrip(".,;:!…- "))
    return tuple(texts)
