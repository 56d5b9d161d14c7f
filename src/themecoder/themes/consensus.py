"""Consensus over resamples, seeds and resolutions: groups that come back whatever was left out.

Leiden (Traag, Waltman & van Eck 2019) is run on many random parts of the answers, each with its own
seed and its own resolution. How often two answers fall in the same group, of the runs that hold
both, is their co-association (evidence accumulation, Fred & Jain 2005; consensus clustering,
Lancichinetti & Fortunato 2012). The themes are the groups of that matrix: Leiden once more, now
with the constant Potts model, which asks of a group that its pairs are together more often than
``TOGETHER``.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.themes.model import Array, FloatArray, IntArray

FOLDS = 5
"""Each run leaves one fifth of the answers out."""
TOGETHER = 0.3
"""A pair belongs together when it is together in more than this share of the runs."""
DENSE_UP_TO = 4000
"""Above this many answers only the edges of the neighbour graph are followed, not all pairs."""
_FAINT = 0.05
_RUNS_LARGE = 100


def runs_for(n: int) -> int:
    """How many runs for n answers: 250 up to 320, then fewer; a large graph varies less."""
    return min(250, max(50, 80_000 // max(n, 1))) if n <= DENSE_UP_TO else _RUNS_LARGE


@dataclass(frozen=True, slots=True)
class Runs:
    """Clusterings of random parts: ``labels`` (runs, n), -1 where an answer was left out."""

    labels: IntArray


def resampled_runs(
    graph: scipy.sparse.csr_matrix,
    resolutions: tuple[float, float],
    seed: int,
    runs: int | None = None,
) -> Runs:
    """Cluster random parts of a neighbour graph.

    In every five runs each node is left out once, and the resolutions are evenly spaced (in logs)
    over the range, in random order: balanced resampling, so that fewer runs say as much.
    """
    n = graph.shape[0]
    runs = runs or runs_for(n)
    rng = np.random.default_rng(seed)
    labels = np.full((runs, n), -1, dtype=np.int64)
    low, high = np.log(resolutions[0]), np.log(resolutions[1])
    levels = np.exp(low + (high - low) * (rng.permutation(runs) + 0.5) / runs)
    fold = np.arange(n) % FOLDS
    parts: list[IntArray] = []
    seeds: list[int] = []
    for run in range(runs):
        if run % FOLDS == 0:
            fold = rng.permutation(fold)
        parts.append(np.flatnonzero(fold != run % FOLDS))
        seeds.append(int(rng.integers(2**31)))

    def cluster_part(run: int) -> IntArray:
        return leiden(graph[parts[run]][:, parts[run]], float(levels[run]), seeds[run])

    # everything random is drawn above, so that the number of cores does not change the result
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for run, groups in enumerate(pool.map(cluster_part, range(runs))):
            labels[run, parts[run]] = groups
    return Runs(labels)


def co_association(runs: Runs) -> FloatArray:
    """(n, n) share of the runs with both answers in which they are together; zero diagonal."""
    # With a column for each group of each run, and a column for each run, two matrix products count
    # all pairs.
    groups = runs.labels.max(axis=1) + 1
    offset = np.concatenate([[0], np.cumsum(groups)[:-1]])
    run, answer = np.nonzero(runs.labels >= 0)
    n = runs.labels.shape[1]
    member = np.zeros((n, int(groups.sum())), dtype=np.float32)
    member[answer, offset[run] + runs.labels[run, answer]] = 1
    present = (runs.labels >= 0).T.astype(np.float32)
    together = member @ member.T
    both = present @ present.T
    share: FloatArray = (together / np.maximum(both, 1)).astype(np.float64)
    np.fill_diagonal(share, 0)
    return share


def groups_of_pairs(share: Array, seed: int) -> IntArray:
    """(n,) groups of a dense co-association matrix: Leiden with the constant Potts model."""
    graph = scipy.sparse.csr_matrix(np.where(share >= _FAINT, np.round(share, 6), 0))
    return leiden(graph, TOGETHER, seed, trials=20, modularity=False)


def cells_of_edges(
    graph: scipy.sparse.csr_matrix, runs: Runs, resolution: float, seed: int
) -> IntArray:
    """(n,) small groups where n is too large for all pairs: along the graph's edges only.

    The edges are weighted by their co-association ("fast consensus", Tandon et al. 2019) and
    clustered by modularity at ``resolution``.
    """
    edges = scipy.sparse.triu(graph, 1).tocoo()
    first, second = edges.row, edges.col
    together = np.zeros(len(first))
    both = np.zeros(len(first))
    for labels in runs.labels:
        present = (labels[first] >= 0) & (labels[second] >= 0)
        both += present
        together += present & (labels[first] == labels[second])
    weight = together / np.maximum(both, 1)
    keep = weight > _FAINT
    half = scipy.sparse.csr_matrix((weight[keep], (first[keep], second[keep])), shape=graph.shape)
    return leiden((half + half.T).tocsr(), resolution, seed, trials=3)


def co_association_of_groups(labels: IntArray, runs: Runs) -> FloatArray:
    """(k, k) mean co-association of the pairs between two groups of answers; zero diagonal.

    ``labels`` (n,) from 0, -1 is in none. The mean is over the runs that hold answers of both.
    """
    k = int(labels.max(initial=-1)) + 1
    share, both = np.zeros((k, k)), np.zeros((k, k))
    for run in runs.labels:
        inside = (run >= 0) & (labels >= 0)
        pair = (labels[inside], run[inside])
        shape = (k, int(run.max(initial=-1)) + 1)
        count = scipy.sparse.csr_matrix((np.ones(len(pair[0])), pair), shape=shape)
        size = np.asarray(count.sum(axis=1)).ravel()
        part = scipy.sparse.diags(1 / np.maximum(size, 1)) @ count
        share += (part @ part.T).toarray()
        both += np.outer(size > 0, size > 0)
    share /= np.maximum(both, 1)
    np.fill_diagonal(share, 0)
    return share


def leiden(
    graph: scipy.sparse.csr_matrix,
    resolution: float,
    seed: int,
    *,
    trials: int = 1,
    modularity: bool = True,
) -> IntArray:
    """(n,) communities 0..; a node without edges is a community of its own."""
    import graspologic_native as native

    n = graph.shape[0]
    if not graph.nnz:
        return np.arange(n, dtype=np.int64)
    graph = graph.tocsr()
    graph.sort_indices()
    _, community_of = native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        n,
        resolution=resolution,
        seed=seed,
        trials=trials,
        use_modularity=modularity,
    )
    raw = np.array([community_of.get(i, -1) for i in range(n)], dtype=np.int64)
    without_edges = raw < 0
    raw[without_edges] = raw.max(initial=-1) + 1 + np.arange(int(without_edges.sum()))
    return np.unique(raw, return_inverse=True)[1].astype(np.int64)
