"""Candidate themes where the study has a codebook: its texts are the seeds, the answers decide.

Each code starts with the segments that resemble its own texts (label, definition, examples of
wording). What neighbouring segments say then smooths this first guess: label spreading with local
and global consistency (Zhou, Bousquet, Lal, Weston & Schölkopf 2004, Learning with local and global
consistency, NIPS 16, eq. 4), started from likenesses instead of labelled points. Codes that too few
answers keep are dropped and their segments go to the next best code. No answer is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from themecoder.themes.graph import neighbour_graph
from themecoder.themes.model import FloatArray, IntArray

_SPREAD = 0.5
"""Weight of the neighbours' opinion against a segment's own likeness to the codes' texts."""
_STEPS = 10
"""Rounds of spreading; what is left of the start after ten is below one in a thousand."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The codes' texts in the space of the segments.

    ``vectors`` (m, d) rows of length one: a row per piece of text; ``codes`` (m,) index into
    ``ids`` of the code that the piece belongs to.
    """

    ids: tuple[str, ...]
    vectors: np.ndarray
    codes: IntArray


def likeness(vectors: np.ndarray, guide: Guide) -> FloatArray:
    """(n, codes) standardised likeness of segments to codes.

    A code's likeness is the mean of the average and the best of its pieces' cosines, less the
    code's own mean over the segments: a code that resembles everything says nothing.
    """
    cosine = np.round(np.asarray(vectors @ guide.vectors.T, dtype=np.float64), 6)
    table = np.empty((len(vectors), len(guide.ids)))
    for code in range(len(guide.ids)):
        pieces = cosine[:, guide.codes == code]
        table[:, code] = (pieces.mean(axis=1) + pieces.max(axis=1)) / 2
    table -= table.mean(axis=0)
    spread = table.std()
    return table / spread if spread > 0 else table


def spread(
    start: FloatArray, graph: sparse.csr_matrix, owners: IntArray, lengths: FloatArray, min_size: int
) -> tuple[FloatArray, IntArray]:
    """Smooth the likenesses over the graph and drop the codes that too few answers keep.

    ``start`` (n, codes) from ``likeness``; ``graph`` (n, n) symmetric weights; ``owners`` (n,) the
    answer of each segment; ``lengths`` (n,) its length, the weight of a segment in its answer.
    Returns (n, kept) memberships that sum to one per segment, and (kept,) the indices of the codes.
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
        if len(kept) <= 1 or support.min() >= min_size:
            return member, kept
        # one at a time: what a dropped code held may lift its neighbours over the bar
        kept = np.delete(kept, int(support.argmin()))


def guided_labels(
    vectors: np.ndarray,
    owners: Sequence[int] | IntArray,
    lengths: Sequence[float] | FloatArray,
    guide: Guide,
    min_size: int = 5,
) -> tuple[IntArray, FloatArray, IntArray]:
    """The code that each segment is nearest to, its strength (0..1), and the codes in use.

    ``vectors`` (n, d) rows of length one. Returns (n,) positions in the third array, (n,) shares of
    the membership, (k,) indices into ``guide.ids``.
    """
    owners = np.asarray(owners, dtype=np.int64)
    graph = neighbour_graph(vectors)
    member, kept = spread(
        likeness(vectors, guide), graph, owners, np.asarray(lengths, dtype=float), min_size
    )
    labels = member.argmax(axis=1).astype(np.int64)
    return labels, member[np.arange(len(labels)), labels], kept
