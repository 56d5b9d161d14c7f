"""Candidate themes where the study has a codebook: its texts are the seeds, the answers decide.

Each code starts with the segments that resemble its own texts (label, definition, examples of
wording), and ``classifier.spreading`` smooths this first guess. Codes that too few answers keep are
dropped and their segments go to the next best code. No answer is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from themecoder.classifier.spreading import (
    Guide,
    candidates,
    likeness,
    rank_graph,
    spread,
    standardised,
)
from themecoder.themes.layout import hierarchy, layout
from themecoder.themes.model import Array, Clustering, FloatArray, IntArray

_LEAST = {"few": 8, "auto": 3, "many": 2}
_RESAMPLES, _SHARE = 20, 0.8


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
