"""Whether an answer is in English: there many a first name is a word that opens a sentence."""

from __future__ import annotations

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tokens import View


def is_english(view: View, lexicon: NameLexicon) -> bool:
    """Whether more words are English and not Dutch than the other way round."""
    english = dutch = 0
    for word in view.words:
        known = lexicon.in_dictionary(word.low)
        if word.low in lexicon.english:
            english += not known
        else:
            dutch += known
    return english > dutch
