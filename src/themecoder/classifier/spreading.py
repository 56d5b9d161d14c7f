"""What a codebook's texts say of segments, smoothed by what neighbouring segments say.

Label spreading with local and global consistency (Zhou, Bousquet, Lal, Weston & Schölkopf 2004,
Learning with local and global consistency, NIPS 16, eq. 4), started from likenesses instead of
labelled points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.classifier.model import FloatArray, IntArray
from themecoder.embeddings.nearest import Array, nearest

_SPREAD = 0.5
"""Weight of the neighbours' opinion against a segment's own likeness to the codes' texts."""
_STEPS = 10
"""Rounds of spreading; what is left of the start after ten is below one in a thousand."""
_TIES, _FEW_TIES, _FEW = 15, 8, 200
_NODES_FROM, _NODES = 20_000, 4_000
"""From how many segments some of them stand for all: ties between all would cost their square."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The codes' texts in the space of the segments.

    ``vectors`` (m, d) rows of length one: a row per piece of text; ``codes`` (m,) index into
    ``ids`` of the code that the piece belongs to.
    """

    ids: tuple[str, ...]
    vectors: Array
    codes: IntArray


def likeness(vectors: Array, guide: Guide) -> FloatArray:
    """(n, codes) likeness of segments to codes: mean of the average and the best of its pieces."""
    cosine = np.round(np.asarray(vectors @ guide.vectors.T, dtype=np.float64), 6)
    table = np.empty((len(vectors), len(guide.ids)))
    for code in range(len(guide.ids)):
        pieces = cosine[:, guide.codes == code]
        table[:, code] = (pieces.mean(axis=1) + pieces.max(axis=1)) / 2
    return table


def standardised(table: FloatArray) -> FloatArray:
    """``likeness`` less each code's mean over the segments, in standard deviations of them all.

    A code that resembles everything says nothing.
    """
    centred = table - table.mean(axis=0)
    deviation = float(centred.std())
    return np.asarray(centred / deviation) if deviation > 0 else centred


def candidates(vectors: Array) -> IntArray:
    """(n, k) the segments nearest to each, nearest first, itself not among them.

    k is twice the number of ties of the graph, so that a graph over a part of the segments can be
    made without going back to the vectors.
    """
    own = np.arange(len(vectors))
    k = max(min(2 * _ties(len(own)), len(own) - 1), 0)
    return nearest(vectors, vectors, k, banned=own, groups=own)[0]


def rank_graph(near: IntArray, inside: IntArray | None = None) -> scipy.sparse.csr_matrix:
    """(m, m) symmetric graph of the segments, or of those ``inside`` (m,), from ``candidates``.

    Each segment is tied to its 15 nearest others (8 where there are fewer than 200) with weight
    1 / rank; ties from both sides add up. By rank and not by cosine: the vectors of small encoders
    differ in how close their neighbours are, not in who they are.
    """
    if inside is None:
        inside = np.arange(len(near))
    m = len(inside)
    place = np.full(len(near), -1, dtype=np.int64)
    place[inside] = np.arange(m)
    neighbours = place[near[inside]]
    rank = np.cumsum(neighbours >= 0, axis=1)
    tied = (neighbours >= 0) & (rank <= _ties(m))
    rows = np.repeat(np.arange(m), tied.sum(axis=1))
    graph = scipy.sparse.csr_matrix((1.0 / rank[tied], (rows, neighbours[tied])), shape=(m, m))
    return (graph + graph.T).tocsr()


def _ties(n: int) -> int:
    return _TIES if n >= _FEW else _FEW_TIES


def spread(
    start: FloatArray,
    graph: scipy.sparse.csr_matrix,
    owners: IntArray,
    lengths: FloatArray,
    least: int,
    most: int | None = None,
) -> tuple[FloatArray, IntArray]:
    """Smooth the likenesses over the graph and drop the codes that too few answers keep.

    ``start`` (n, codes) from ``standardised``; ``graph`` (n, n) symmetric weights; ``owners`` (n,)
    the answer of each segment; ``lengths`` (n,) its length, its weight in that answer. A code stays
    where it is the main one of ``least`` answers or more, and among the ``most`` codes. Returns
    (n, kept) memberships that sum to one per segment, and (kept,) the indices of the codes.
    """
    degree = np.asarray(graph.sum(axis=1)).ravel()
    walk = scipy.sparse.diags(1 / np.maximum(degree, 1e-12)) @ graph
    answers = int(owners.max()) + 1
    average = scipy.sparse.csr_matrix(
        (lengths / np.bincount(owners, lengths, answers)[owners], (owners, np.arange(len(owners))))
    )
    kept: IntArray = np.arange(start.shape[1])
    while True:
        first = member = _shares(start[:, kept])
        for _ in range(_STEPS):
            member = (1 - _SPREAD) * first + _SPREAD * (walk @ member)
        member /= member.sum(axis=1, keepdims=True)
        main = np.asarray(average @ member).argmax(axis=1)
        support = np.bincount(main, minlength=len(kept))
        enough = support.min() >= least and (most is None or len(kept) <= most)
        if len(kept) <= 1 or enough:
            return member, kept
        # one at a time: what a dropped code held may lift its neighbours over the bar
        kept = np.delete(kept, int(support.argmin()))


def spread_all(
    start: FloatArray, vectors: Array, owners: IntArray, lengths: FloatArray, seed: int = 0
) -> FloatArray:
    """(n, codes) ``spread`` memberships of all codes; of very many segments 4,000 are spread over,
    and each segment hears those nearest to it among them."""
    n = len(vectors)
    if n <= _NODES_FROM:
        return spread(start, rank_graph(candidates(vectors)), owners, lengths, 0)[0]
    nodes = np.sort(np.random.default_rng(seed).permutation(n)[:_NODES])
    _, whose = np.unique(owners[nodes], return_inverse=True)
    graph = rank_graph(candidates(vectors[nodes]))
    member, _ = spread(start[nodes], graph, whose, lengths[nodes], 0)
    near = nearest(vectors, vectors[nodes], _TIES, banned=np.arange(n), groups=nodes)[0]
    weights = 1.0 / np.arange(1, _TIES + 1)
    ties = scipy.sparse.csr_matrix(
        (np.tile(weights / weights.sum(), n), near.ravel(), np.arange(n + 1) * _TIES),
        shape=(n, _NODES),
    )
    heard = (1 - _SPREAD) * _shares(start) + _SPREAD * np.asarray(ties @ member)
    return np.asarray(heard / heard.sum(axis=1, keepdims=True))


def _shares(table: FloatArray) -> FloatArray:
    """Likenesses as shares of each segment."""
    shares = np.exp(table - table.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
