"""The strict level: every word with a capital inside a sentence that is no word and not public.

For a data set that leaves the building: it masks more than is identifying, and says less.
"""

from __future__ import annotations

from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Unknown words with a capital that the sentence does not ask for."""
    for i, word in enumerate(view.words):
        unknown = not lexicon.is_word(word.low) and word.low not in lexicon.public
        if view.capital(i) and unknown and word.low not in lexicon.regions and len(word.low) > 1:
            yield Mask(word.start, word.end, "other", word.text, "strict.capital")
