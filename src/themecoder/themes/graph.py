"""The neighbour graph of segments: who resembles whom most."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from themecoder.themes.model import IntArray

_TIES, _FEW_TIES, _FEW = 15, 8, 200
_ROWS = 2048  # rows of the similarity matrix held at a time


def nearest(vectors: np.ndarray) -> IntArray:
    """(n, k) the segments nearest to each by exact cosine, nearest first, itself not among them.

    ``vectors`` (n, d) rows of length one. k is twice the number of ties of the graph, so that a
    graph over a part of the segments can be made without going back to the vectors. Memory grows
    with n, not with n squared.
    """
    n = len(vectors)
    k = max(min(2 * _ties(n), n - 1), 0)
    near = np.empty((n, k), dtype=np.int64)
    if k == 0:
        return near
    for at in range(0, n, _ROWS):
        rows = np.arange(at, min(at + _ROWS, n))
        # rounded, so that the order does not hang on the last bits of a matrix product
        cosine = np.round(vectors[rows] @ vectors.T, 6)
        cosine[np.arange(len(rows)), rows] = -np.inf
        if k < n - 1:
            # the k-th place of all may be a tie: it goes to the earliest segment
            bar = np.partition(cosine, n - k, axis=1)[:, n - k]
            for row in range(len(rows)):
                close = np.flatnonzero(cosine[row] >= bar[row])
                near[rows[row]] = close[np.argsort(-cosine[row, close], kind="stable")[:k]]
        else:
            near[rows] = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    return near


def neighbour_graph(near: IntArray, inside: IntArray | None = None) -> sparse.csr_matrix:
    """(m, m) symmetric graph of the segments, or of those ``inside`` (m,), from ``nearest``.

    Each segment is tied to its 15 nearest others (8 where there are fewer than 200) with weight
    1 / rank; ties from both sides add up. By rank and not by cosine: the vectors of small encoders
    differ in how close their neighbours are, not in who they are.
    """
    if inside is None:
        inside = np.arange(len(near))
    m = len(inside)
    place = np.full(len(near), -1, dtype=np.int64)
    place[inside] = np.arange(m)
    found = place[near[inside]]
    rank = np.cumsum(found >= 0, axis=1)
    tied = (found >= 0) & (rank <= _ties(m))
    rows = np.repeat(np.arange(m), tied.sum(axis=1))
    graph = sparse.csr_matrix((1.0 / rank[tied], (rows, found[tied])), shape=(m, m))
    return (graph + graph.T).tocsr()


def _ties(n: int) -> int:
    return _TIES if n >= _FEW else _FEW_TIES
