"""Which rows are nearest to which, of very many: by an index, which may miss some.

The rows are divided into cells (k-means on a part of them), and each is compared with those of the
cells that it is nearest to: FAISS, an inverted file with whole vectors (Johnson, Douze & Jégou
2019, Billion-scale similarity search with GPUs). How many cells that takes is tried on a part of
the rows, against a comparison with all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from themecoder.embeddings.nearest import Array, FloatArray, IntArray, nearest
from themecoder.extras import of_extra

ENOUGH = 0.98
"""The share of the nearest that is found, from which no more cells are looked into."""
_TRIED = 1_000
_CELLS = (8, 16, 32, 64, 128)
_ROUNDS, _ROWS_A_CELL = 10, 64
_BLOCK = 16_384


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
    recall, cells = 0.0, 0
    for cells in _CELLS:
        _, value = _search(index, rows, tried, k, cells)
        recall = float((value >= best[:, -1:] - 1e-6).mean())
        if recall >= ENOUGH or cells >= index.nlist:
            break
    found = np.zeros((n, k), dtype=np.int64)
    similarity = np.full((n, k), -1.0)
    for start in range(0, n, _BLOCK):
        part = np.arange(start, min(start + _BLOCK, n))
        found[part], similarity[part] = _search(index, rows, part, k, cells)
    return found, similarity, recall


def _index(rows: Array) -> Any:
    with of_extra("topics"):
        import faiss

    n, width = rows.shape
    cells = max(1, 2 * int(np.sqrt(n)))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.niter, index.cp.max_points_per_centroid = 1, _ROUNDS, _ROWS_A_CELL
    index.cp.min_points_per_centroid = 1
    with _one_thread():
        index.train(rows[:: max(1, n // (cells * _ROWS_A_CELL))])
        index.add(rows)
    return index


def _search(
    index: Any, rows: Array, wanted: IntArray, k: int, cells: int
) -> tuple[IntArray, FloatArray]:
    """The k nearest to the ``wanted`` rows in as many ``cells``, without themselves."""
    queries = rows[wanted]
    # products of matrices differ in their last bits by the number of threads
    with _one_thread():
        index.nprobe = min(cells, index.nlist)
        near, cell = index.quantizer.search(queries, index.nprobe)
    value, found = index.search_preassigned(queries, k + 1, cell, near)
    value = np.round(value.astype(np.float64), 6)
    value[(found < 0) | (found == wanted[:, None])] = -1
    found = np.where(value > -1, found, 0)
    order = np.lexsort((found, -value), axis=1)[:, :k]
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(value, order, axis=1)


@contextmanager
def _one_thread() -> Iterator[None]:
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
