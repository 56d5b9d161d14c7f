"""The neighbour graph: which answers are near which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from themecoder.themes.model import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy import sparse

_BLOCK_CELLS = 32_000_000
"""Cells of the similarity matrix held at a time: 128 MB in float32."""


def neighbours_of(n: int) -> int:
    """How many neighbours an answer has among n: a tenth, at least 5, at most 20."""
    return int(min(max(round(n / 10), 5), 20, max(n - 1, 0)))


def nearest(
    queries: np.ndarray,
    vectors: np.ndarray,
    k: int,
    *,
    banned: np.ndarray | None = None,
    groups: np.ndarray | None = None,
) -> tuple[IntArray, FloatArray]:
    """(m, k) indices and similarities of the k rows of ``vectors`` nearest to each query.

    Exact, one matrix product a block. ``banned`` (m,) with ``groups`` (n,): rows whose group is a
    query's banned one are no neighbours of it (an answer is not its own neighbour). Similarities
    are rounded to 1e-6 and ties go to the lower index, so that the number of threads, which
    changes the last bits, does not change the result. Fewer than k neighbours: similarity -1.
    """
    m, n = len(queries), len(vectors)
    k = min(k, n)
    index = np.zeros((m, k), dtype=np.int64)
    value = np.full((m, k), -1.0)
    if not k:
        return index, value
    target = np.ascontiguousarray(vectors, dtype=np.float32).T
    tie_break = np.arange(n) * 1e-12
    step = max(1, _BLOCK_CELLS // max(n, 1))
    for start in range(0, m, step):
        block = np.asarray(queries[start : start + step], dtype=np.float32) @ target
        similarity = np.round(block.astype(np.float64), 6) - tie_break
        if banned is not None and groups is not None:
            similarity[banned[start : start + step, None] == groups[None, :]] = -1.0
        near = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
        found = np.take_along_axis(similarity, near, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        index[start : start + step] = np.take_along_axis(near, order, axis=1)
        value[start : start + step] = np.take_along_axis(found, order, axis=1)
    return index, np.round(value, 6)


def neighbour_graph(vectors: np.ndarray, k: int) -> sparse.csr_matrix:
    """(n, n) symmetric graph of the k nearest neighbours with a positive similarity.

    An edge weighs the mean of both directions, so mutual neighbours count double: this tames hubs,
    the answers that are near everything (Radovanović et al. 2010).
    """
    from scipy import sparse

    n = len(vectors)
    own = np.arange(n)
    index, value = nearest(vectors, vectors, k, banned=own, groups=own)
    rows = np.repeat(own, index.shape[1])
    keep = value.ravel() > 0
    directed = sparse.csr_matrix(
        (value.ravel()[keep], (rows[keep], index.ravel()[keep])), shape=(n, n)
    )
    graph = ((directed + directed.T) * 0.5).tocsr()
    graph.sort_indices()
    return graph
