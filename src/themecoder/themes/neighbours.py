"""The neighbour graph: which answers are near which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from themecoder.themes.model import Array, FloatArray, IntArray

if TYPE_CHECKING:
    from scipy import sparse

_BLOCK_CELLS = 16_000_000
"""Cells of the similarity matrix held at a time: 64 MB in float32."""


def neighbours_of(n: int) -> int:
    """How many neighbours an answer has among n: a tenth, at least 5, at most 20."""
    return int(min(max(round(n / 10), 5), 20, max(n - 1, 0)))


def nearest(
    queries: Array,
    vectors: Array,
    k: int,
    *,
    banned: Array | None = None,
    groups: Array | None = None,
) -> tuple[IntArray, FloatArray]:
    """(m, k) indices and similarities of the k rows of ``vectors`` nearest to each query.

    Exact, one matrix product a block. ``banned`` (m,) with distinct ``groups`` (n,): the row whose
    group is a query's banned one is no neighbour of it (an answer is not its own neighbour).
    Similarities are rounded to 1e-6, so that the number of threads, which changes the last bits,
    does not change the result; equal ones stand in the order of the rows. Where the banned row is
    among the k, for want of others, its similarity is -1.
    """
    m, n = len(queries), len(vectors)
    k = min(k, n)
    index = np.zeros((m, k), dtype=np.int64)
    value = np.full((m, k), -1.0)
    if not k:
        return index, value
    target = np.ascontiguousarray(vectors, dtype=np.float32).T
    column = np.full(m, -1) if banned is None or groups is None else _places(banned, groups)
    step = max(1, _BLOCK_CELLS // n)
    for start in range(0, m, step):
        # negated at once: argpartition gives the smallest
        distance = np.asarray(queries[start : start + step], dtype=np.float32) @ -target
        np.round(distance, 6, out=distance)
        rows = np.flatnonzero(column[start : start + step] >= 0)
        distance[rows, column[start + rows]] = 1
        near = np.argpartition(distance, k - 1, axis=1)[:, :k]
        near.sort(axis=1)
        distances = np.take_along_axis(distance, near, axis=1)
        order = np.argsort(distances, axis=1, kind="stable")
        index[start : start + step] = np.take_along_axis(near, order, axis=1)
        value[start : start + step] = -np.take_along_axis(distances, order, axis=1)
    return index, np.round(value, 6)


def _places(banned: Array, groups: Array) -> IntArray:
    """(m,) where each wanted group stands in ``groups``, -1 where it does not."""
    order = np.argsort(groups, kind="stable")
    position = order[np.minimum(np.searchsorted(groups, banned, sorter=order), len(groups) - 1)]
    return np.where(groups[position] == banned, position, -1).astype(np.int64)


def neighbour_graph(vectors: Array, k: int) -> sparse.csr_matrix:
    """(n, n) symmetric graph of the k nearest neighbours with a positive similarity.

    An edge weighs the mean of both directions, so mutual neighbours count double: this tames hubs,
    the answers that are near everything (Radovanović et al. 2010).
    """
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
