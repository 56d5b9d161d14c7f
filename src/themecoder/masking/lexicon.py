"""The lists that rules look words up in. Pure: ``themecoder.masking.lists`` fills it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_ALPHABET = "abcdefghijklmnopqrstuvwxyzëéèïöü"


@dataclass(frozen=True, eq=False)
class NameLexicon:
    """Words and names, all in the caseless form of ``tokens.fold``; several words joined by spaces.

    ``certain_names`` are first names that are hardly another word; ``first_names`` and ``surnames``
    the long lists (which hold many ordinary words too), ``after_prefix`` surnames as they follow
    "van", "de". ``words`` maps a dictionary word to its readings: a string of letters n, v, a, f
    (noun, verb, adjective or adverb, function word), "" where the dictionary does not say.
    ``common`` are the thousand words that are used most, ``english`` those of English.
    """

    certain_names: frozenset[str] = frozenset()
    ambiguous_names: frozenset[str] = frozenset()
    first_names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    after_prefix: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    certain_places: frozenset[str] = frozenset()
    never_places: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    place_endings: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    listed_institutions: frozenset[str] = frozenset()
    toponyms: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    public_domains: frozenset[str] = frozenset()
    not_names: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    english: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)

    def is_name(self, word: str) -> bool:
        """Whether ``word`` is in one of the long lists of names, whatever else it is."""
        return word in self.first_names or word in self.surnames

    def is_word(self, word: str) -> bool:
        """Whether ``word`` is an ordinary word: in the dictionary, or made of two that are."""
        return self.in_dictionary(word) or self._is_compound(word)

    def in_dictionary(self, word: str) -> bool:
        return word in self.words or word in self.not_names

    def noun_only(self, word: str) -> bool:
        """Whether an ordinary word can only be a noun: after "mijn zus" a noun is a name."""
        return word not in self.not_names and self.words.get(word) == "n"

    def _is_compound(self, word: str) -> bool:
        parts = word.split("-")
        if len(parts) > 1 and all(self.in_dictionary(p) for p in parts):
            return True
        for cut in range(3, len(word) - 2):
            head, tail = word[:cut], word[cut:]
            if len(tail) >= 4 and tail in self.words:
                for link in ("", "s", "e", "en"):
                    stem = head.removesuffix(link) if link else head
                    if len(stem) >= 3 and stem in self.words:
                        return True
        return False

    def misspelled(self, word: str) -> bool:
        """Whether ``word`` is one typing error away from a dictionary word that has a reading."""
        return _is_one_typo_away(word, self)

    def misspells_common(self, word: str) -> bool:
        """Whether ``word`` is one typing error away from a word that everybody uses.

        For what is in a list of names: of 11,000 first names that are no word, 4,000 are one letter
        away from some word of the dictionary, and hardly one of them is a typing error.
        """
        return _is_near_common(word, self)


@lru_cache(maxsize=4096)
def _is_one_typo_away(word: str, lexicon: NameLexicon) -> bool:
    return _is_near(word, lexicon.words)


@lru_cache(maxsize=4096)
def _is_near_common(word: str, lexicon: NameLexicon) -> bool:
    return _is_near(word, lexicon.common) or _is_near(word, lexicon.not_names)


def _is_near(word: str, known: Container[str]) -> bool:
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    for left, right in splits:
        if right and left + right[1:] in known and len(word) > 3:
            return True
        if len(right) > 1 and left + right[1] + right[0] + right[2:] in known:
            return True
        for letter in _ALPHABET:
            if left + letter + right in known or (right and left + letter + right[1:] in known):
                return True
    return False
