"""The neighbour graph: which answers are near which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from themecoder.embeddings.nearest import nearest
from themecoder.themes.model import Array

if TYPE_CHECKING:
    from scipy import sparse


def neighbours_of(n: int) -> int:
    """How many neighbours an answer has among n: a tenth, at least 5, at most 20."""
    return int(min(max(round(n / 10), 5), 20, max(n - 1, 0)))


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
