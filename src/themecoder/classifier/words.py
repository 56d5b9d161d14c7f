"""How texts are written: characters and words, weighed by how telling they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy

_LEAST = 2
"""Texts that something stands in; what stands in one only tells nothing of another."""
_FITTED = 20_000
"""Texts from which it is learned what is telling; more of them would say the same."""


class WordSpace:
    """Texts as tf-idf of characters 2 to 5 (within words) and of one or two words.

    Fitted on the answers and the codebook, of very many on some; each half has rows of length one,
    and so have both together.
    """

    def __init__(self, texts: Sequence[str], seed: int = 0) -> None:
        if len(texts) > _FITTED:
            some = np.random.default_rng(seed).permutation(len(texts))[:_FITTED]
            texts = [texts[place] for place in sorted(some.tolist())]
        self._halves = [half for half in (_characters(texts), _words(texts)) if half is not None]

    def of(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """(n, f) the features of ``texts``."""
        if not self._halves or not texts:
            width = sum(half.width for half in self._halves)
            return scipy.sparse.csr_matrix((len(texts), max(width, 1)), dtype=np.float32)
        found = [half.of(texts) for half in self._halves]
        return (scipy.sparse.hstack(found) / np.float32(np.sqrt(len(found)))).tocsr()


class _Half:
    """``counter``: of what is counted in a text; ``by_word``: in each of its words by itself, so
    that a word is taken apart once and not in every text that it stands in."""

    def __init__(self, counter: Any, counts: scipy.sparse.csr_matrix, by_word: bool) -> None:
        from sklearn.feature_extraction.text import TfidfTransformer

        self._counter, self._by_word = counter, by_word
        self._weighing = TfidfTransformer(sublinear_tf=True).fit(counts)
        self.width = counts.shape[1]

    def of(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        counts = (
            _counts_by_word(texts, self._counter)
            if self._by_word
            else self._counter.transform(texts)
        )
        return self._weighing.transform(counts, copy=False)


def _characters(texts: Sequence[str]) -> _Half | None:
    from sklearn.feature_extraction.text import CountVectorizer

    kind: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "dtype": np.float32}
    words = sorted({word for text in texts for word in _split(text)})
    if not words:
        return None
    every = CountVectorizer(**kind).fit(words)
    counts = _counts_by_word(texts, every)
    often = np.bincount(counts.indices, minlength=counts.shape[1]) >= _LEAST
    if not often.any():
        return None
    counter = CountVectorizer(**kind, vocabulary=every.get_feature_names_out()[often])
    return _Half(counter, counts[:, often], by_word=True)


def _words(texts: Sequence[str]) -> _Half | None:
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(ngram_range=(1, 2), min_df=_LEAST, dtype=np.float32)
    try:
        return _Half(counter, counter.fit_transform(texts), by_word=False)
    except ValueError:
        # nothing stands in two texts, or nothing is a word
        return None


def _counts_by_word(texts: Sequence[str], counter: Any) -> scipy.sparse.csr_matrix:
    """(n, f) what ``counter`` counts in the words of each text."""
    from sklearn.feature_extraction.text import CountVectorizer

    splitter = CountVectorizer(analyzer=_split, dtype=np.float32)
    try:
        in_texts = splitter.fit_transform(texts)
    except ValueError:
        # no text has a word
        width = len(counter.get_feature_names_out())
        return scipy.sparse.csr_matrix((len(texts), width), dtype=np.float32)
    counts = (in_texts @ counter.transform(splitter.get_feature_names_out())).tocsr()
    counts.sort_indices()
    return counts


def _split(text: str) -> list[str]:
    """The words between white space, as ``CountVectorizer`` takes them apart within."""
    return text.lower().split()
