"""Which rows are nearest to which, of very many: by an index, which may miss some.

The rows are compared in their main directions first: divided into cells (k-means on a part of
them), each with those of the cells that it is nearest to (FAISS, an inverted file; Johnson, Douze &
Jégou 2019, Billion-scale similarity search with GPUs). Of the candidates that this gives, more than
are asked for, the whole vectors are compared. How many cells that takes is tried on a part of the
rows, against a comparison with all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from themecoder.embeddings.nearest import Array, FloatArray, IntArray, nearest
from themecoder.extras import of_extra

ENOUGH = 0.999
"""The share of the nearest that is found, from which no more cells are looked into. At .98 a tenth
of the answers land in other themes than with all neighbours, for those that are missed are the ones
between themes."""
_TRIED = 1_000
_DIRECTIONS, _LEARNED_FROM = 128, 20_000
_TRIES = ((16, 5), (64, 5), (64, 20), (256, 20), (1024, 20), (4096, 80))
"""Cells that are looked into, and rows whose whole vectors are compared for each that is asked for:
tried in this order until enough of the nearest are found."""
_ROUNDS, _ROWS_A_CELL = 10, 64
_BLOCK, _COMPARED = 16_384, 128


def nearly_nearest(vectors: Array, k: int) -> tuple[IntArray, FloatArray, float]:
    """(n, k) indices and similarities of the other rows nearest to each, and the recall.

    The recall is the share of the nearest that was found for 1,000 rows, evenly spread. One counts
    as found that is as near as the k-th that there is: of answers that say the same any will do.
    The result is the same whatever the number of threads; similarities are rounded to 1e-6, best
    first, equal ones in the order of the rows. Where fewer than k were found the rest is row 0 with
    -1.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    n = len(rows)
    k = min(k, n - 1)
    index = _index(rows)
    tried = np.arange(0, n, -(-n // _TRIED))
    _, best = nearest(rows[tried], rows, k, banned=tried, groups=np.arange(n))
    recall, effort = 0.0, _TRIES[0]
    for effort in _TRIES:
        _, value = index.search(tried, k, *effort)
        recall = float((value >= best[:, -1:] - 1e-6).mean())
        if recall >= ENOUGH:
            break
    found = np.zeros((n, k), dtype=np.int64)
    similarity = np.full((n, k), -1.0)
    for start in range(0, n, _BLOCK):
        part = np.arange(start, min(start + _BLOCK, n))
        found[part], similarity[part] = index.search(part, k, *effort)
    return found, similarity, recall


def _index(rows: Array) -> _Index:
    with of_extra("topics"):
        import faiss

    # products of matrices differ in their last bits by the number of threads
    with _one_thread():
        short = np.ascontiguousarray(rows @ _directions(rows))
        n, width = short.shape
        number = max(1, 2 * int(np.sqrt(n)))
        metric = faiss.METRIC_INNER_PRODUCT
        cells = faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, number, metric)
        cells.cp.seed, cells.cp.niter = 1, _ROUNDS
        cells.cp.min_points_per_centroid, cells.cp.max_points_per_centroid = 1, _ROWS_A_CELL
        cells.train(short[:: max(1, n // (number * _ROWS_A_CELL))])
        cells.add(short)
    return _Index(rows, short, cells)


def _directions(rows: Array) -> Array:
    """(d, at most 128) the directions along which most of the products of the rows lie."""
    some = rows[:: -(-len(rows) // _LEARNED_FROM)].astype(np.float64)
    _, directions = np.linalg.eigh(some.T @ some)
    return directions[:, ::-1][:, :_DIRECTIONS].astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Index:
    """(n, d) ``rows``, what is left of them in their main directions, and that in ``cells``."""

    rows: Array
    short: Array
    cells: Any

    def search(
        self, wanted: IntArray, k: int, cells: int, compared: int
    ) -> tuple[IntArray, FloatArray]:
        """The k nearest to the ``wanted`` rows, without themselves: of so many ``cells`` the whole
        vectors of ``compared`` rows for each of the k."""
        queries = self.short[wanted]
        with _one_thread():
            self.cells.nprobe = min(cells, self.cells.nlist)
            near, cell = self.cells.quantizer.search(queries, self.cells.nprobe)
        several = min(compared * (k + 1), len(self.rows))
        _, candidates = self.cells.search_preassigned(queries, several, cell, near)
        parts = [slice(start, start + _COMPARED) for start in range(0, len(wanted), _COMPARED)]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            best = list(pool.map(lambda part: self._best(wanted[part], candidates[part], k), parts))
        return np.concatenate([one for one, _ in best]), np.concatenate([one for _, one in best])

    def _best(self, wanted: IntArray, candidates: IntArray, k: int) -> tuple[IntArray, FloatArray]:
        """The k best of the (m, c) candidates of each, by their whole vectors; -1 is none."""
        alike = np.einsum("ij,ikj->ik", self.rows[wanted], self.rows[candidates])
        value = np.round(alike.astype(np.float64), 6)
        value[(candidates < 0) | (candidates == wanted[:, None])] = -1
        found = np.where(value > -1, candidates, 0)
        order = np.lexsort((found, -value), axis=1)[:, :k]
        return np.take_along_axis(found, order, axis=1), np.take_along_axis(value, order, axis=1)


@contextmanager
def _one_thread() -> Iterator[None]:
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield
    finally:
        faiss.omp_set_num_threads(before)
