"""How texts are written: characters and words, weighed by how telling they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse


class WordSpace:
    """Texts as tf-idf of characters 2 to 5 (within words) and of one or two words.

    Fitted on the answers and the codebook; each half has rows of length one, and so have both
    together. What stands in one text only tells nothing of another and is left out.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        kinds: tuple[dict[str, Any], ...] = (
            {"analyzer": "char_wb", "ngram_range": (2, 5)},
            {"ngram_range": (1, 2)},
        )
        self._parts = []
        for kind in kinds:
            least = 2
            part = TfidfVectorizer(**kind, sublinear_tf=True, min_df=least, dtype=np.float32)
            try:
                self._parts.append(part.fit(texts))
            except ValueError:
                # nothing stands in two texts, or nothing is a word: this half sees nothing
                continue

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """(n, f) the features of ``texts``."""
        if not self._parts or not texts:
            width = sum(len(part.vocabulary_) for part in self._parts)
            return sparse.csr_matrix((len(texts), max(width, 1)), dtype=np.float32)
        found = [part.transform(texts) for part in self._parts]
        return (sparse.hstack(found) / np.float32(np.sqrt(len(found)))).tocsr()
