"""How alike quotes are: in meaning, in length, and in the traits of the answers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themecoder.embeddings.space import Vectors, normalised
from themecoder.quotes.model import QuoteCandidate

FloatArray = npt.NDArray[np.float64]
SHORT, MIDDLE, LONG = range(3)
_BOUNDS = (8, 18)
"""Words from which a quote is of middle length, and from which it is long."""
_MEANING, _LENGTH, _TRAITS = 0.6, 0.2, 0.2
_WIDTH = 1024
_WORD = re.compile(r"\w+")


def word_vectors(texts: Sequence[str]) -> Vectors:
    """(n, 1024) vectors whose cosine is the overlap in words, for studies without an encoder.

    Words count by their first six letters, so that the forms of a word are alike; a checksum of
    these gives the column.
    """
    rows = np.zeros((len(texts), _WIDTH), dtype=np.float32)
    for n, text in enumerate(texts):
        for word in _WORD.findall(text.casefold()):
            rows[n, zlib.crc32(word[:6].encode()) % _WIDTH] = 1
    return normalised(rows)


def length(text: str) -> int:
    """SHORT, MIDDLE or LONG."""
    words = len(text.split())
    return sum(words >= bound for bound in _BOUNDS)


class QuoteLikeness:
    """How alike the candidates of one section are; ``vectors`` (n, d) with rows of length one."""

    def __init__(self, quotes: Sequence[QuoteCandidate], vectors: Vectors) -> None:
        self._vectors = vectors
        self._lengths = np.array([length(quote.passage.quote) for quote in quotes], dtype=np.int64)
        self._traits = [quote.traits for quote in quotes]

    def typical(self) -> FloatArray:
        """(n,) how much each is like all others in meaning; higher for one of middle length."""
        near = self._vectors @ self._vectors.mean(axis=0)
        return np.asarray(near + 2.0 * (self._lengths == MIDDLE), dtype=np.float64)

    def apart(self, number: int) -> FloatArray:
        """(n,) how far each candidate is from candidate ``number``, from 0 (the same) to 1.

        Meaning weighs three fifths, length and traits a fifth each.
        """
        meaning = (1 - np.clip(self._vectors @ self._vectors[number], -1, 1)) / 2
        lengths = np.abs(self._lengths - self._lengths[number]) / LONG
        traits = np.array(
            [
                _share_of_differences(traits_of_other, self._traits[number])
                for traits_of_other in self._traits
            ]
        )
        return np.asarray(_MEANING * meaning + _LENGTH * lengths + _TRAITS * traits)


def _share_of_differences(these: frozenset[str], those: frozenset[str]) -> float:
    """The share of traits that only one of two has."""
    either = these | those
    return len(these ^ those) / len(either) if either else 0.0
