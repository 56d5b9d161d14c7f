"""Where words of quantity ("veel", "de meerderheid") stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from themecoder.figures.quantities.lexicon import fold, load, spelled


def is_turned(text: str, start: int, language: str) -> bool:
    """Whether the word before a word of quantity makes it another: "niet veel"."""
    turns = spelled(load(language).turns)
    return re.search(rf"{turns}\s+$", fold(text[:start])) is not None


def find_quantifiers(text: str, words: Iterable[str]) -> list[tuple[int, int, str]]:
    """The places of ``words`` in ``text``: (start, end, the word of the list), in order.

    Whole words, in any case and with any white space between; of two that overlap the longest.
    """
    by_spelling = {" ".join(fold(word).split()): word for word in words if word.strip()}
    if not by_spelling:
        return []
    return [
        (match.start(), match.end(), by_spelling[" ".join(match[0].split())])
        for match in re.finditer(spelled(by_spelling) + r"(?!-)", fold(text))
    ]
