"""The number of themes: from the data, from a wish for few or many, or exactly N."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from themecoder.themes.consensus import (
    DENSE_UP_TO,
    TOGETHER,
    Runs,
    cells_of_edges,
    co_association,
    co_association_of_groups,
    groups_of_pairs,
    leiden,
    resampled_runs,
)
from themecoder.themes.model import Array, FloatArray, IntArray

if TYPE_CHECKING:
    from scipy import sparse

RESOLUTIONS = {"few": (0.5, 1.0), "auto": (1.0, 2.0), "many": (2.0, 4.0)}
"""Ranges of the modularity resolution that the runs draw from; 1 is modularity as Newman has it."""
_MOST = {"few": 40, "auto": 100, "many": 250}
"""Nobody reads more themes than this; in tens of thousands of answers the nearest are merged."""
_SURVEY = 0.6
_CELLS, _APART = 16.0, 5
_TIE = 1e-3
_FINER_CELLS = 4.0
"""How much finer than the runs the groups are cut that large numbers of answers are merged from."""
_FINER = ((4.0, 8.0), (8.0, 16.0), (16.0, 32.0))


@dataclass(frozen=True, slots=True)
class Background:
    """The neighbour graph of the answers to all questions; its runs are made once and kept."""

    graph: sparse.csr_matrix
    kept: dict[tuple[tuple[float, float], int], Runs] = field(default_factory=dict, repr=False)

    def runs(self, resolutions: tuple[float, float], seed: int) -> Runs:
        """Clusterings of random parts of the whole survey."""
        if (resolutions, seed) not in self.kept:
            self.kept[resolutions, seed] = resampled_runs(self.graph, resolutions, seed)
        return self.kept[resolutions, seed]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a question's answers stand in the background: ``rows`` (m,)."""

    background: Background
    rows: IntArray

    def share(self, resolutions: tuple[float, float], seed: int) -> FloatArray:
        """(m, m) co-association of the question's answers in runs on the whole survey."""
        return co_association(Runs(self.background.runs(resolutions, seed).labels[:, self.rows]))


def least_size(n: int) -> int:
    """The fewest answers a theme may have among n: two in a small question, five from 300 up."""
    return int(min(5, max(2, n // 60)))


def themes_of(
    graph: sparse.csr_matrix,
    vectors: Array,
    granularity: str | int,
    seed: int,
    context: Context | None = None,
) -> tuple[IntArray, Runs]:
    """(n,) theme of each answer, -1 for one that resembles no theme; and the runs behind them.

    ``graph`` (n, n) neighbour graph of the answers, ``vectors`` (n, d) the rows it was made from.
    With a ``context`` pairs count as together in part by the runs on the question and in part
    (``_SURVEY``) by those on the whole survey.
    few, auto and many differ in resolution, and in how many themes there are at most. With a
    number, the coarsest of these (and finer) levels with at least that many themes is merged, most
    co-associated pair of themes first, until N are left; where even the finest level has fewer,
    that level is the answer.
    """
    if not isinstance(granularity, int):
        most = _MOST[granularity]
        labels, runs, affinity = _level(
            graph, vectors, RESOLUTIONS[granularity], most, seed, context
        )
        return merge_to(labels, affinity, most), runs
    number = max(1, min(granularity, graph.shape[0]))
    best: tuple[IntArray, Runs, FloatArray] | None = None
    for resolutions in (*RESOLUTIONS.values(), *_FINER):
        level = _level(graph, vectors, resolutions, number, seed, context)
        if best is None or level[0].max(initial=-1) > best[0].max(initial=-1):
            best = level
        if int(best[0].max(initial=-1)) + 1 >= number:
            break
    assert best is not None  # there is at least one level
    labels, runs, affinity = best
    return merge_to(labels, affinity, number), runs


def _level(
    graph: sparse.csr_matrix,
    vectors: Array,
    resolutions: tuple[float, float],
    most: int,
    seed: int,
    context: Context | None,
) -> tuple[IntArray, Runs, FloatArray]:
    """Themes at one range of resolutions, the runs, and (k, k) how near the themes are.

    Of few answers there may be more than ``most`` themes, which are merged afterwards.
    """
    n = graph.shape[0]
    runs = resampled_runs(graph, resolutions, seed)
    if n > DENSE_UP_TO:
        cells = cells_of_edges(graph, runs, _FINER_CELLS * resolutions[1], seed)
        cells = absorb(cells, vectors, least_size(n))
        labels = merge_to(cells, co_association_of_groups(cells, runs), 1, TOGETHER)
        labels = merge_to(labels, _affinity_along_edges(labels, runs, vectors), most)
        # of tens of thousands of answers hundreds of small groups could leave their themes: to be
        # merged again until few are left, they would make all else one theme
        room = most - int(labels.max(initial=-1)) - 1
        labels = set_apart(labels, graph, vectors, least_size(n), seed, room)
        return labels, runs, _affinity_along_edges(labels, runs, vectors)
    share = co_association(runs)
    if context is not None:
        share = (1 - _SURVEY) * share + _SURVEY * context.share(resolutions, seed)
    labels = set_apart(groups_of_pairs(share, seed), graph, vectors, least_size(n), seed)
    labels = absorb(labels, vectors, least_size(n))
    return labels, runs, _theme_affinity(labels, share, vectors)


def set_apart(
    labels: IntArray,
    graph: sparse.csr_matrix,
    vectors: Array,
    least: int,
    seed: int,
    room: int | None = None,
) -> IntArray:
    """Let small groups out of the large themes that swallowed them.

    Modularity can't see groups below a size that grows with the graph (the resolution limit,
    Fortunato & Barthélemy 2007). Cells of one fine run leave their theme where they have at least
    ``least`` answers, resemble each other at least as much as the theme's others do, and resemble
    the others less than a fifth as much as those resemble each other; the largest first, where
    there is ``room`` for so many more themes only.
    """
    if room is not None and room <= 0:
        return labels
    cells = leiden(graph, _CELLS, seed, trials=5)
    leaving: list[IntArray] = []
    for cell in range(int(cells.max()) + 1):
        members = np.flatnonzero(cells == cell)
        theme = int(np.bincount(labels[members]).argmax())
        inside = members[labels[members] == theme]
        others = np.setdiff1d(np.flatnonzero(labels == theme), inside, assume_unique=True)
        if len(inside) < least or len(others) <= len(inside):
            continue
        within, without = _mean_similarity(vectors[inside]), _mean_similarity(vectors[others])
        between = float(vectors[inside].mean(axis=0) @ vectors[others].mean(axis=0))
        if round(within, 6) >= round(without, 6) and between < without / _APART:
            leaving.append(inside)
    if room is not None:
        leaving = sorted(leaving, key=len, reverse=True)[:room]
    out = labels.copy()
    for inside in leaving:
        out[inside] = out.max() + 1
    return out


def _mean_similarity(vectors: Array) -> float:
    """Mean similarity of the pairs among the rows."""
    n = len(vectors)
    total = vectors.sum(axis=0, dtype=np.float64)
    return float((total @ total - np.square(vectors, dtype=np.float64).sum()) / (n * (n - 1)))


def absorb(labels: IntArray, vectors: Array, least: int) -> IntArray:
    """Give the members of groups smaller than ``least`` to the group nearest on average.

    An answer that resembles no group (no positive mean similarity) is left in none, -1. Where no
    group is large enough all answers make one.
    """
    _, labels, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    large = np.flatnonzero(sizes >= least)
    if not len(large):
        return np.zeros(len(labels), dtype=np.int64)
    if len(large) == len(sizes):
        return np.asarray(labels, dtype=np.int64)
    rank = np.full(len(sizes), -1, dtype=np.int64)
    rank[large] = np.arange(len(large))
    placed = rank[labels]
    loose = np.flatnonzero(placed < 0)
    centres = np.stack([vectors[placed == group].mean(axis=0) for group in range(len(large))])
    near = np.round(np.asarray(vectors[loose], dtype=np.float64) @ centres.T, 6)
    placed[loose] = np.where(near.max(axis=1) > 0, near.argmax(axis=1), -1)
    return np.asarray(placed, dtype=np.int64)


def merge_to(
    labels: IntArray, affinity: FloatArray, wanted: int, least: float = -np.inf
) -> IntArray:
    """Merge themes, nearest pair first (average linkage), until ``wanted`` are left, or no pair is
    more than ``least`` near."""
    k = len(affinity)
    labels = labels.copy()
    size = np.bincount(labels[labels >= 0], minlength=k).astype(np.float64)
    near = affinity.copy()
    np.fill_diagonal(near, -np.inf)
    left = k
    while left > wanted:
        a, b = sorted(int(i) for i in np.unravel_index(int(near.argmax()), near.shape))
        if near[a, b] <= least:
            break
        merged = (size[a] * near[a] + size[b] * near[b]) / (size[a] + size[b])
        near[a], near[:, a] = merged, merged
        near[b], near[:, b], near[a, a] = -np.inf, -np.inf, -np.inf
        size[a] += size[b]
        labels[labels == b] = a
        left -= 1
    kept = np.unique(labels[labels >= 0])
    rank = np.full(k + 1, -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    return np.asarray(rank[labels], dtype=np.int64)


def _theme_affinity(labels: IntArray, share: FloatArray, vectors: Array) -> FloatArray:
    """(k, k) mean co-association of two themes, ties broken by the cosine of their centres."""
    member = np.zeros((len(labels), int(labels.max(initial=-1)) + 1))
    inside = labels >= 0
    member[np.flatnonzero(inside), labels[inside]] = 1
    mean = member / np.maximum(member.sum(axis=0), 1)
    centres = np.asarray(mean.T @ vectors, dtype=np.float64)
    return np.asarray(mean.T @ share @ mean + _TIE * np.asarray(centres @ centres.T))


def _affinity_along_edges(labels: IntArray, runs: Runs, vectors: Array) -> FloatArray:
    """``_theme_affinity`` where there are too many answers for all pairs. Themes that no edge ties,
    as where each is a sentence that many people repeat, are near by their centres alone."""
    themes = range(int(labels.max(initial=-1)) + 1)
    centres = np.array([vectors[labels == theme].mean(axis=0) for theme in themes], np.float64)
    return co_association_of_groups(labels, runs) + _TIE * (centres @ centres.T)
