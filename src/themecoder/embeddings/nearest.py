"""Which rows are nearest to which: exact, whatever the number of threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_BLOCK_CELLS = 16_000_000
"""Cells of the similarity matrix held at a time: 64 MB in float32."""


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
