"""Candidate themes where the study has a codebook: its texts are the seeds, the answers decide.

Each code starts with the segments that resemble its own texts (label, definition, examples of
wording). What neighbouring segments say then smooths this first guess: label spreading with local
and global consistency (Zhou, Bousquet, Lal, Weston & Schölkopf 2004, Learning with local and global
consistency, NIPS 16, eq. 4), started from likenesses instead of labelled points. Codes that too few
answers keep are dropped and their segments go to the next best code. No answer is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from themecoder.themes.layout import hierarchy, layout
from themecoder.themes.model import Array, Clustering, FloatArray, IntArray
from themecoder.themes.neighbours import nearest

_SPREAD = 0.5
"""Weight of the neighbours' opinion against a segment's own likeness to the codes' texts."""
_STEPS = 10
"""Rounds of spreading; what is left of the start after ten is below one in a thousand."""
_LEAST = {"few": 8, "auto": 3, "many": 2}
_RESAMPLES, _SHARE = 20, 0.8
_TIES, _FEW_TIES, _FEW = 15, 8, 200


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


def rank_graph(near: IntArray, inside: IntArray | None = None) -> sparse.csr_matrix:
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
    graph = sparse.csr_matrix((1.0 / rank[tied], (rows, neighbours[tied])), shape=(m, m))
    return (graph + graph.T).tocsr()


def _ties(n: int) -> int:
    return _TIES if n >= _FEW else _FEW_TIES


def spread(
    start: FloatArray,
    graph: sparse.csr_matrix,
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
    walk = sparse.diags(1 / np.maximum(degree, 1e-12)) @ graph
    answers = int(owners.max()) + 1
    average = sparse.csr_matrix(
        (lengths / np.bincount(owners, lengths, answers)[owners], (owners, np.arange(len(owners))))
    )
    kept: IntArray = np.arange(start.shape[1])
    while True:
        first = np.exp(start[:, kept] - start[:, kept].max(axis=1, keepdims=True))
        first /= first.sum(axis=1, keepdims=True)
        member = first
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


@dataclass(frozen=True, slots=True)
class Guided:
    """A clustering, and per theme the id of the code that it started from."""

    clustering: Clustering
    codes: tuple[str | None, ...]


def cluster_guided(
    vectors: Array,
    owners: IntArray,
    lengths: FloatArray,
    guide: Guide,
    *,
    granularity: str | int = "auto",
    seed: int = 0,
) -> Guided:
    """Themes of segments that start from a codebook's codes.

    ``vectors`` (n, d) rows of length one, ``owners`` (n,) the answer of each segment, ``lengths``
    (n,) its length. ``granularity``: few, auto and many keep a code from 8, 3 and 2 answers; a
    number keeps at most that many codes. The stability of a theme is the mean Jaccard likeness of
    its segments to those of the same code over runs on 80 % of the answers (Hennig 2007,
    Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52).
    """
    owners = np.asarray(owners, dtype=np.int64)
    lengths = np.asarray(lengths, dtype=np.float64)
    least = _LEAST.get(str(granularity), 1)
    most = granularity if isinstance(granularity, int) else None
    near = candidates(vectors)
    cosine = likeness(vectors, guide)
    bounds = (least, most)
    codes, strength = _code_of_segments(cosine, rank_graph(near), owners, lengths, bounds)
    stability = _stability(codes, cosine, near, owners, lengths, bounds, seed)
    used, labels = np.unique(codes, return_inverse=True)
    sizes = np.array([len(np.unique(owners[codes == code])) for code in used])
    order = np.lexsort((used, -sizes))
    rank = np.empty(len(used), dtype=np.int64)
    rank[order] = np.arange(len(used))
    labels = rank[labels]
    merges, xy = hierarchy(vectors, labels), layout(vectors, labels)
    clustering = Clustering(labels, strength, stability[used[order]], merges, xy)
    return Guided(clustering, tuple(guide.ids[int(used[i])] for i in order))


def _code_of_segments(
    cosine: FloatArray,
    graph: sparse.csr_matrix,
    owners: IntArray,
    lengths: FloatArray,
    bounds: tuple[int, int | None],
) -> tuple[IntArray, FloatArray]:
    """(n,) index of the code of each segment, and (n,) its share of the membership."""
    member, kept = spread(standardised(cosine), graph, owners, lengths, *bounds)
    best = member.argmax(axis=1)
    return kept[best], member[np.arange(len(best)), best]


def _stability(
    codes: IntArray,
    cosine: FloatArray,
    near: IntArray,
    owners: IntArray,
    lengths: FloatArray,
    bounds: tuple[int, int | None],
    seed: int,
) -> FloatArray:
    """(codes,) mean Jaccard of each code's segments with those of a run on 80 % of the answers."""
    random = np.random.default_rng(seed)
    answers = int(owners.max()) + 1
    jaccard_sums = np.zeros(cosine.shape[1])
    times = np.zeros(cosine.shape[1])
    for _ in range(_RESAMPLES):
        drawn = random.permutation(answers)[: max(1, round(_SHARE * answers))]
        inside = np.flatnonzero(np.isin(owners, drawn))
        _, own = np.unique(owners[inside], return_inverse=True)
        graph = rank_graph(near, inside)
        codes_of_run, _ = _code_of_segments(cosine[inside], graph, own, lengths[inside], bounds)
        for code in np.unique(codes[inside]):
            in_code, in_code_of_run = codes[inside] == code, codes_of_run == code
            jaccard_sums[code] += (in_code & in_code_of_run).sum() / (
                in_code | in_code_of_run
            ).sum()
            times[code] += 1
    return np.asarray(jaccard_sums / np.maximum(times, 1))
