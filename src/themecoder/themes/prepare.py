"""Vectors made fit for clustering: what an answer is about, not how long it is.

Three steps, each measured in ``benchmarks/mining.py``: the length of the text is taken out of the
sentence vectors, spelling (character n-grams) is added for what sentence encoders miss (names of
things, jargon, typos), and rows are brought to length one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy

from themecoder.themes.model import Array, FloatArray, IntArray

Matrix = npt.NDArray[np.float32]

SPELLING_SHARE = 0.15
"""Share of the spelling block in a similarity; the sentence vectors have the rest."""
_SPELLING_DIMENSIONS = 200
_FITTED_ON, _BLOCK = 1500, 2048
_NGRAMS = (3, 4, 5)
_MASK = re.compile(r"\[[^\W\d_]+(?:[ -][^\W\d_]+)*\]")
_WORD = re.compile(r"[^\W_]+")


def prepare(vectors: Array, texts: Sequence[str] | None, whole: Array) -> Matrix:
    """(n, d) sentence vectors -> (n, d') vectors whose products are the similarities.

    Whole answers (``whole`` true) and pieces of answers are centred apart: a piece is shorter, and
    that alone must not make two pieces alike. Without texts only the centring is done.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    spelled = spelling(texts, whole) if texts is not None else np.zeros((len(vectors), 0))
    width = vectors.shape[1]
    share = SPELLING_SHARE if texts is not None else 0.0
    ready = np.empty((len(vectors), width + spelled.shape[1]), dtype=np.float32)
    np.multiply(spelled, np.sqrt(share), out=ready[:, width:], casting="same_kind")
    for kind in (np.flatnonzero(whole), np.flatnonzero(~whole)):
        if len(kind):
            lengths = np.array([len(texts[int(i)]) for i in kind]) if texts is not None else None
            for rows, block in without_length(vectors, kind, lengths):
                ready[rows, :width] = np.sqrt(1 - share) * block
    return ready


@dataclass(frozen=True, slots=True)
class LengthFit:
    """What the log length of texts explains of their vectors: the ``mean`` (d,) of these, and how
    they follow (p, d) the powers of the length, ``middle`` and ``spread`` of which are kept."""

    mean: FloatArray
    middle: float
    spread: float
    powers_mean: FloatArray
    slopes: FloatArray

    def without_length(self, vectors: Array, lengths: Array) -> Matrix:
        """(n, d) vectors of other texts, centred as those of the fit, rows of length one."""
        x = (np.log1p(np.asarray(lengths, dtype=np.float64)) - self.middle) / self.spread
        powers = _powers(x, len(self.slopes)) - self.powers_mean
        return unit_rows(vectors.astype(np.float64) - self.mean - powers @ self.slopes)


def length_fit(vectors: Array, lengths: Array) -> LengthFit:
    """The fit on which ``without_length`` rests, kept for texts that were not there."""
    x = np.log1p(np.asarray(lengths, dtype=np.float64))
    middle, spread = float(x.mean()), float(x.std()) + 1e-9
    mean = np.asarray(vectors.mean(axis=0, dtype=np.float64))
    powers = _powers((x - middle) / spread, min(3, len(vectors) // 20))
    powers_mean = powers.mean(axis=0)
    # the rows' own mean has no part in it: the powers are centred
    inverse = np.linalg.pinv(powers - powers_mean, rcond=1e-6)
    slopes = np.zeros((powers.shape[1], vectors.shape[1]))
    for start in range(0, len(vectors), _BLOCK):
        part = slice(start, start + _BLOCK)
        slopes += inverse[:, part] @ (vectors[part].astype(np.float64) - mean)
    return LengthFit(mean, middle, spread, powers_mean, slopes)


def _powers(x: FloatArray, degree: int) -> FloatArray:
    return np.stack([x**p for p in range(1, degree + 1)], axis=1) if degree else x[:, None][:, :0]


def without_length(
    vectors: Array, rows: IntArray, lengths: Array | None
) -> Iterator[tuple[IntArray, Matrix]]:
    """The ``rows`` (m,) of (n, d) vectors centred, the part that log length explains removed.

    Least squares on the powers of log(1 + length) up to the third (fewer for small m), as in
    partial correlation; ``lengths`` (m,) of the texts. Sentence vectors carry length as a main
    direction; left in, short answers cluster with short ones whatever they say. Yields blocks of
    rows of length one, with their indices: all rows in double precision would be gigabytes.
    """
    blocks = [(slice(start, start + _BLOCK)) for start in range(0, len(rows), _BLOCK)]

    def double(part: slice) -> FloatArray:
        return vectors[rows[part]].astype(np.float64)

    mean = sum(double(part).sum(axis=0) for part in blocks) / len(rows)
    basis: FloatArray = np.zeros((len(rows), 0))
    degree = min(3, len(rows) // 20)
    if lengths is not None and degree:
        x = np.log1p(np.asarray(lengths, dtype=np.float64))
        x = (x - x.mean()) / (x.std() + 1e-9)
        powers = _powers(x, degree)
        powers -= powers.mean(axis=0)
        left, size, _ = np.linalg.svd(powers, full_matrices=False)
        basis = left[:, size > 1e-6 * max(size[0], 1e-6)]
    weight = sum(basis[part].T @ (double(part) - mean) for part in blocks)
    for part in blocks:
        yield rows[part], unit_rows(double(part) - mean - basis[part] @ weight)


def unit_rows(matrix: Array) -> Matrix:
    """Rows brought to length one; a row of (almost) nothing stays zero."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.where(length > 1e-6, matrix / np.maximum(length, 1e-6), 0).astype(np.float32)


def unit_vectors(rows: npt.NDArray[np.floating]) -> FloatArray:
    """Rows brought to length one in double precision, for the comparison of themes and codes."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float64)


def spelling(texts: Sequence[str], whole: Array) -> Matrix:
    """(n, at most 200) latent semantic vectors of character 3- to 5-grams within words.

    tf-idf with sublinear tf and smooth idf (counted over whole answers), n-grams of at least two
    answers, reduced by a truncated SVD (Deerwester et al. 1990; above 1,500 answers fitted on
    every second, third ... of them). Masks such as ``[NAAM]`` are left
    out: that two answers name a person says nothing about their themes.
    """
    fit = spelling_fit([text for text, is_whole in zip(texts, whole, strict=True) if is_whole])
    if fit is None:
        return np.zeros((len(texts), 1), dtype=np.float32)
    distinct = list(dict.fromkeys(texts))
    reduced = [
        (_tf_idf(distinct[start : start + _BLOCK], fit.vocabulary, fit.idf) @ fit.basis.T)
        @ fit.turn
        for start in range(0, len(distinct), _BLOCK)
    ]
    place = {text: i for i, text in enumerate(distinct)}
    return unit_rows(np.vstack(reduced))[[place[text] for text in texts]]


@dataclass(frozen=True)
class SpellingFit:
    """The n-grams and their main directions in the answers that spelling was fitted on."""

    vocabulary: dict[str, int]
    idf: FloatArray
    basis: scipy.sparse.csr_matrix
    turn: FloatArray

    @cached_property
    def _directions(self) -> FloatArray:
        """(n-grams, k): both steps of the reduction in one, for very many texts."""
        return np.asarray(self.basis.T @ self.turn)

    def place(self, texts: Sequence[str]) -> Matrix:
        """(n, k) rows of length one for texts that were not there."""
        return unit_rows(_tf_idf(texts, self.vocabulary, self.idf) @ self._directions)


def spelling_fit(answers: Sequence[str]) -> SpellingFit | None:
    """None where no two answers share an n-gram."""
    step = max(1, -(-len(answers) // _FITTED_ON))
    fitted = answers[::step]
    document_counts: Counter[str] = Counter()
    for text in fitted:
        document_counts.update(_ngrams(text).keys())
    vocabulary = {
        gram: i for i, gram in enumerate(sorted(g for g, df in document_counts.items() if df > 1))
    }
    if not vocabulary:
        return None
    frequency = np.array([document_counts[gram] for gram in vocabulary], dtype=np.float64)
    idf = np.log((1 + len(fitted)) / (1 + frequency)) + 1
    basis = _tf_idf(fitted, vocabulary, idf)
    turn = _main_directions((basis @ basis.T).toarray())
    return SpellingFit(vocabulary, idf, basis, turn)


def _tf_idf(
    texts: Sequence[str], vocabulary: dict[str, int], idf: Array
) -> scipy.sparse.csr_matrix:
    """(n, n-grams) sparse rows of length one."""
    columns, counts, ends = [], [], [0]
    for text in texts:
        known = [(vocabulary[g], c) for g, c in _ngrams(text).items() if g in vocabulary]
        columns.append(np.array([column for column, _ in known], dtype=np.int32))
        counts.append(np.array([count for _, count in known], dtype=np.float64))
        ends.append(ends[-1] + len(known))
    column = np.concatenate(columns)
    value = (1 + np.log(np.concatenate(counts))) * idf[column]
    table = scipy.sparse.csr_matrix(
        (value, column, np.array(ends)), shape=(len(texts), len(vocabulary))
    )
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return (scipy.sparse.diags(1 / np.maximum(length, 1e-12)) @ table).tocsr()


def _main_directions(gram: Array) -> Array:
    """(n, k) U/s of the main singular vectors, from the (n, n) products of the rows.

    Randomised subspace iteration (Halko, Martinsson & Tropp 2011, algorithm 4.4) with a fixed
    start: a full decomposition takes seconds from 1,000 rows up.
    """
    n = len(gram)
    k = min(_SPELLING_DIMENSIONS, n)
    basis = np.random.default_rng(0).standard_normal((n, min(k + 20, n)))
    for _ in range(4):
        basis = np.linalg.qr(gram @ basis)[0]
    size, turn = np.linalg.eigh(basis.T @ gram @ basis)
    size, left = size[::-1][:k], (basis @ turn)[:, ::-1][:, :k]
    keep = size > 1e-9 * max(float(size.max()), 1e-9)
    return np.asarray(left[:, keep] / np.sqrt(size[keep]))


def _ngrams(text: str) -> Counter[str]:
    grams: list[str] = []
    for word in _WORD.findall(_MASK.sub(" ", text.lower())):
        padded = f" {word} "
        for n in _NGRAMS:
            grams += [padded[i : i + n] for i in range(max(1, len(padded) - n + 1))]
    return Counter(grams)
