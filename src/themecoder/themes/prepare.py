"""Vectors made fit for clustering: what an answer is about, not how long it is.

Three steps, each measured in ``benchmarks/mining.py``: the length of the text is taken out of the
sentence vectors, spelling (character n-grams) is added for what sentence encoders miss (names of
things, jargon, typos), and rows are brought to length one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy import sparse

Matrix = npt.NDArray[np.float32]

SPELLING_SHARE = 0.3
"""Share of the spelling block in a similarity; the sentence vectors have the rest."""
_SPELLING_DIMENSIONS = 200
_NGRAMS = (3, 4, 5)
_MASK = re.compile(r"\[[^\W\d_]+(?:[ -][^\W\d_]+)*\]")
_WORD = re.compile(r"[^\W_]+")


def prepare(vectors: np.ndarray, texts: Sequence[str] | None, whole: np.ndarray) -> Matrix:
    """(n, d) sentence vectors -> (n, d') vectors whose products are the similarities.

    Whole answers (``whole`` true) and pieces of answers are centred apart: a piece is shorter, and
    that alone must not make two pieces alike. Without texts only the centring is done.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    meaning = np.zeros_like(vectors)
    for kind in (whole, ~whole):
        if kind.any():
            lengths = (
                np.array([len(t) for t, k in zip(texts, kind, strict=True) if k])
                if texts is not None
                else None
            )
            meaning[kind] = without_length(vectors[kind], lengths)
    if texts is None:
        return meaning
    spelled = spelling(texts, whole)
    blocks = [np.sqrt(1 - SPELLING_SHARE) * meaning, np.sqrt(SPELLING_SHARE) * spelled]
    return np.hstack(blocks).astype(np.float32)


def without_length(vectors: np.ndarray, lengths: np.ndarray | None) -> Matrix:
    """(n, d) -> (n, d): centred, the part that log length explains removed, rows of length one.

    Least squares on the powers of log(1 + length) up to the third (fewer for small n), as in
    partial correlation. Sentence vectors carry length as a main direction; left in, short answers
    cluster with short ones whatever they say.
    """
    matrix = np.asarray(vectors, dtype=np.float64)
    matrix = matrix - matrix.mean(axis=0)
    degree = min(3, len(matrix) // 20)
    if lengths is not None and degree:
        x = np.log1p(np.asarray(lengths, dtype=np.float64))
        x = (x - x.mean()) / (x.std() + 1e-9)
        powers = np.stack([x**p for p in range(1, degree + 1)], axis=1)
        powers -= powers.mean(axis=0)
        left, size, _ = np.linalg.svd(powers, full_matrices=False)
        basis = left[:, size > 1e-6 * max(size[0], 1e-6)]
        matrix = matrix - basis @ (basis.T @ matrix)
    return unit_rows(matrix)


def unit_rows(matrix: np.ndarray) -> Matrix:
    """Rows brought to length one; a row of (almost) nothing stays zero."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.where(length > 1e-6, matrix / np.maximum(length, 1e-6), 0).astype(np.float32)


def spelling(texts: Sequence[str], whole: np.ndarray) -> Matrix:
    """(n, at most 200) latent semantic vectors of character 3- to 5-grams within words.

    tf-idf with sublinear tf and smooth idf (counted over whole answers), n-grams of at least two
    answers, reduced by a truncated SVD (Deerwester et al. 1990). Masks such as ``[NAAM]`` are left
    out: that two answers name a person says nothing about their themes.
    """
    from scipy import sparse

    counts = [_ngrams(text) for text in texts]
    found: Counter[str] = Counter()
    for count, is_whole in zip(counts, whole, strict=True):
        if is_whole:
            found.update(count.keys())
    vocabulary = {gram: i for i, gram in enumerate(sorted(g for g, df in found.items() if df > 1))}
    if not vocabulary:
        return np.zeros((len(texts), 1), dtype=np.float32)
    frequency = np.array([found[gram] for gram in vocabulary], dtype=np.float64)
    idf = np.log((1 + int(whole.sum())) / (1 + frequency)) + 1
    rows, columns, values = [], [], []
    for i, count in enumerate(counts):
        for gram, times in count.items():
            column = vocabulary.get(gram)
            if column is not None:
                rows.append(i)
                columns.append(column)
                values.append((1 + np.log(times)) * idf[column])
    table = sparse.csr_matrix(
        (np.array(values), (rows, columns)), shape=(len(texts), len(vocabulary))
    )
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = (sparse.diags(1 / np.maximum(length, 1e-12)) @ table).tocsr()
    return unit_rows(table @ _directions(table[np.flatnonzero(whole)], _SPELLING_DIMENSIONS))


def _ngrams(text: str) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in _WORD.findall(_MASK.sub(" ", text.lower())):
        padded = f" {word} "
        for n in _NGRAMS:
            grams.update(padded[i : i + n] for i in range(max(1, len(padded) - n + 1)))
    return grams


def _directions(table: sparse.csr_matrix, dimensions: int) -> np.ndarray:
    """(columns, k) main directions, by randomised SVD with power iterations (Halko et al. 2011)."""
    k = min(dimensions, *table.shape)
    rng = np.random.default_rng(0)
    sketch = rng.standard_normal((table.shape[1], min(k + 10, *table.shape)))
    basis = np.linalg.qr(table @ sketch)[0]
    for _ in range(4):
        basis = np.linalg.qr(table @ np.linalg.qr(table.T @ basis)[0])[0]
    _, _, right = np.linalg.svd((table.T @ basis).T, full_matrices=False)
    return np.asarray(right[:k].T)
