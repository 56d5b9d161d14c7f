"""The last resort where no sentence encoder is on the machine: the words themselves.

tf-idf of words and pairs of words, reduced by a truncated SVD (Deerwester et al. 1990). It knows
nothing of what words mean: 'bang' and 'angst' are as far apart as 'bang' and 'gratis'. Results say
by their encoder's name that they rest on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from themecoder.embeddings.space import Vectors, normalised
from themecoder.storage.atomic import sha256

LEXICAL = "lexical-tfidf-svd"
_DIMENSIONS = 200
_MASK = re.compile(r"\[[^\W\d_]+(?:[ -][^\W\d_]+)*\]")


class Lexical:
    """Fitted on a corpus, which its revision names: vectors of two corpora can't be compared."""

    name = LEXICAL

    def __init__(self, corpus: Sequence[str]) -> None:
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = sorted(set(map(_without_masks, corpus)))
        self.revision = f"1 {sha256(*texts)[:16]}"
        self._weights: Any = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2 if len(texts) > 50 else 1, sublinear_tf=True
        )
        self._turn: Any = None
        self.dimensions = 1
        try:
            table = self._weights.fit_transform(texts)
            dimensions = min(_DIMENSIONS, *table.shape)
            self._turn = TruncatedSVD(dimensions, random_state=0, n_iter=7).fit(table)
        except ValueError:  # there are no two words, so nothing to compare
            return
        self.dimensions = dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts or self._turn is None:
            return np.zeros((len(texts), self.dimensions), dtype=np.float32)
        table = self._weights.transform([_without_masks(text) for text in texts])
        return normalised(np.asarray(self._turn.transform(table), dtype=np.float32))


def _without_masks(text: str) -> str:
    """That two answers name a person says nothing of what they are about."""
    return _MASK.sub(" ", text)
