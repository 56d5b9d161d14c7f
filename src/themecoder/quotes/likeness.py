"""How alike quotes are: in meaning, in length, in who said them and what else was said."""

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
    """(n, 1024) vectors of which the cosine is the overlap in words, where no meaning is at hand.

    Words count by their first six letters, so that forms of a word are alike; each falls into a
    place by its checksum.
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
    """The candidates of one section among each other; ``vectors`` (n, d), rows of length one."""

    def __init__(self, found: Sequence[QuoteCandidate], vectors: Vectors) -> None:
        self._vectors = vectors
        self._lengths = np.array([length(one.passage.quote) for one in found], dtype=np.int64)
        self._traits = [one.traits for one in found]

    def typical(self) -> FloatArray:
        """(n,) how much each is like all others in meaning; higher for one of middle length."""
        near = self._vectors @ self._vectors.mean(axis=0)
        return np.asarray(near + 2.0 * (self._lengths == MIDDLE), dtype=np.float64)

    def apart(self, one: int) -> FloatArray:
        """(n,) how far each is from candidate ``one``: 0 the same, 1 as far as can be.

        Meaning weighs three fifths, length and the traits a fifth each.
        """
        meaning = (1 - np.clip(self._vectors @ self._vectors[one], -1, 1)) / 2
        lengths = np.abs(self._lengths - self._lengths[one]) / LONG
        traits = np.array([_different(mine, self._traits[one]) for mine in self._traits])
        return np.asarray(_MEANING * meaning + _LENGTH * lengths + _TRAITS * traits)


def _different(these: frozenset[str], those: frozenset[str]) -> float:
    """The share of traits that only one of two has."""
    either = these | those
    return len(these ^ those) / len(either) if either else 0.0
