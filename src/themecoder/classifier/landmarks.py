"""Words made few: the features of thousands of words as a thousand columns.

A ridge on them is the ridge on all words as far as the landmarks span what the texts say (Williams
& Seeger 2001, Using the Nyström method to speed up kernel machines, NIPS 13), and its cost no
longer grows with the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.classifier.model import FloatArray

_LANDMARKS, _DIMENSIONS = 3000, 1024
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Landmarks:
    """``words`` (l, f): the features of the landmarks; ``turn`` (l, r): to the r columns."""

    words: scipy.sparse.csr_matrix
    turn: FloatArray

    def columns(self, words: scipy.sparse.csr_matrix) -> FloatArray:
        """(n, f) features -> (n, r) columns, whose products are those of the features."""
        return np.asarray((words @ self.words.T).toarray() @ self.turn)

    def weights(self, per_column: FloatArray) -> FloatArray:
        """(r, C) weights of the columns -> (f, C) weights of the features themselves."""
        return np.asarray(self.words.T @ (self.turn @ per_column))


def landmarks(words: scipy.sparse.csr_matrix, seed: int = 0) -> Landmarks:
    """At most 3,000 of the (n, f) ``words``, and the 1,024 main directions that they span."""
    n = words.shape[0]
    if n > _LANDMARKS:
        words = words[np.sort(np.random.default_rng(seed).permutation(n)[:_LANDMARKS])]
        n = _LANDMARKS
    products = (words @ words.T).toarray().astype(np.float64)
    first = max(n - _DIMENSIONS, 0)
    value, vector = scipy.linalg.eigh(products, subset_by_index=(first, n - 1))
    keep = value > _LEAST * max(float(value[-1]), _LEAST)
    return Landmarks(words, vector[:, keep] / np.sqrt(value[keep]))
