"""The neighbour graph of segments: who resembles whom most."""

from __future__ import annotations

import numpy as np
from scipy import sparse

_NEIGHBOURS, _FEW_NEIGHBOURS, _FEW = 15, 8, 200
_ROWS = 2048  # rows of the similarity matrix held at a time


def neighbour_graph(vectors: np.ndarray) -> sparse.csr_matrix:
    """(n, n) symmetric graph of nearest neighbours by exact cosine.

    ``vectors`` (n, d) rows of length one. Each segment is tied to its 15 nearest others (8 where
    there are fewer than 200) with weight 1 / rank; ties from both sides add up. By rank and not by
    cosine: the vectors of small encoders differ in how close their neighbours are, not in who they
    are. Memory grows with n, not with n squared.
    """
    n = len(vectors)
    k = min(_NEIGHBOURS if n >= _FEW else _FEW_NEIGHBOURS, n - 1)
    if k < 1:
        return sparse.csr_matrix((n, n))
    near = np.empty((n, k), dtype=np.int64)
    for at in range(0, n, _ROWS):
        rows = np.arange(at, min(at + _ROWS, n))
        # rounded, so that the order does not hang on the last bits of a matrix product
        cosine = np.round(np.asarray(vectors[rows] @ vectors.T, dtype=np.float64), 6)
        cosine[np.arange(len(rows)), rows] = -np.inf
        if k < n - 1:
            # ties at the k-th place go to the earliest segment
            bar = np.partition(cosine, n - k, axis=1)[:, n - k, None]
            cosine = np.where(cosine >= bar, cosine, -np.inf)
        near[rows] = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    weights = np.tile(1.0 / np.arange(1, k + 1), n)
    graph = sparse.csr_matrix((weights, (np.repeat(np.arange(n), k), near.ravel())), shape=(n, n))
    return (graph + graph.T).tocsr()
