"""The content words of a sentence, cut down to the stem that their forms share."""

from __future__ import annotations

import re
from functools import cache

from themecoder.language.phrases import fold
from themecoder.language.words import load

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDINGS = {
    "nl": ("heden", "heid", "ende", "ing", "en", "er", "es", "e", "s", "t", "d"),
    "en": ("ing", "ies", "ed", "es", "ly", "s", "e", "y"),
}
_SHORTEST = 4
"""Letters that an ending must leave."""
_SHARED = 6
"""Words of which this many first letters are the same are of one family (hulpverlening, -ers)."""


def stems(text: str, language: str) -> list[tuple[int, str]]:
    """The content words of ``text`` as (place, stem), in order; stop words are left out.

    A stem is no word: forms of one word share it, and sometimes a few other words do.
    """
    stop = load(language).stop
    result = []
    for match in _WORD.finditer(text):
        # parts of a hyphenated word count each: "niet-gebruikers" must not be "gebruikers" alone
        word = fold(match[0].lower().replace("’", "'"))
        if word not in stop and len(word) > 1:
            result.append((match.start(), stem(word, language)))
    return result


@cache
def stem(word: str, language: str) -> str:
    """What the forms of a folded word share."""
    before = ""
    while word != before:
        before = word
        for ending in _ENDINGS.get(language, ()):
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                word = word.removesuffix(ending)
                break
    # letters are doubled by how a syllable ends (eenzaam, eenzame), and v and z become f and s
    # there (brieven, brief; reizen, reis)
    word = re.sub(r"(.)\1", r"\1", word)
    return word[:-1] + {"v": "f", "z": "s"}.get(word[-1], word[-1])


def keys(stem: str) -> tuple[str, ...]:
    """What a stem is compared by: itself, and the family that its first letters make."""
    return (stem, f"{stem[:_SHARED]}*") if len(stem) >= _SHARED else (stem,)
