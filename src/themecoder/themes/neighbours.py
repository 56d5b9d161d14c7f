"""The neighbour graph: which answers are near which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.embeddings.nearest import nearest
from themecoder.embeddings.nearly_nearest import nearly_nearest
from themecoder.themes.model import Array


def neighbours_of(n: int) -> int:
    """How many neighbours an answer has among n: a tenth, at least 5, at most 20."""
    return int(min(max(round(n / 10), 5), 20, max(n - 1, 0)))


@dataclass(frozen=True, slots=True)
class NeighbourGraph:
    """``edges`` (n, n), symmetric. ``recall``: the share of the nearest neighbours that were found,
    as measured on a part of the rows; None where all were looked for and none was missed."""

    edges: scipy.sparse.csr_matrix
    recall: float | None = None


def neighbour_graph(vectors: Array, k: int, exact_up_to: int | None = None) -> NeighbourGraph:
    """(n, n) symmetric graph of the k nearest neighbours with a positive similarity.

    An edge weighs the mean of both directions, so mutual neighbours count double: this tames hubs,
    the answers that are near everything (Radovanović et al. 2010). Above ``exact_up_to`` rows,
    where that is given, the neighbours are those that an index finds, which may miss some.
    """
    n = len(vectors)
    own = np.arange(n)
    recall = None
    if exact_up_to is None or n <= exact_up_to:
        index, value = nearest(vectors, vectors, k, banned=own, groups=own)
    else:
        index, value, recall = nearly_nearest(vectors, k)
    rows = np.repeat(own, index.shape[1])
    keep = value.ravel() > 0
    directed = scipy.sparse.csr_matrix(
        (value.ravel()[keep], (rows[keep], index.ravel()[keep])), shape=(n, n)
    )
    graph = ((directed + directed.T) * 0.5).tocsr()
    graph.sort_indices()
    return NeighbourGraph(graph, recall)
