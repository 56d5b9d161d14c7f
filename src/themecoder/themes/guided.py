"""Candidate themes where the study has a codebook: what its codes explain, and what none does.

An answer is in the themes of the codes that ``classifier`` finds probable by the codebook alone, in
the one with the likeliest code at least; its segments say where. Codes that too few answers keep
are dropped and their answers go to the next best code. Answers in which every code is far from
probable are grouped without the codebook: groups that hold together are themes of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from themecoder.classifier.evidence import Evidence, Said
from themecoder.themes.given_codes import given_codes
from themecoder.themes.layout import hierarchy, layout
from themecoder.themes.model import Array, Clustering, FloatArray, IntArray
from themecoder.themes.neighbours import neighbour_graph, neighbours_of

if TYPE_CHECKING:
    from scipy import sparse

_LEAST = {"few": 8, "auto": 3, "many": 2}
_RESAMPLES, _SHARE = 20, 0.8
_HOLDS = 0.5
"""Stability from which a group of answers that no code explains is a theme: below it a group is
dissolved (Hennig 2007). Whatever is left over falls into some groups; many do not come back."""
_LEAST_APART = 20
"""Answers that no code explains, from which groups are looked for among them."""

Apart = Callable[[IntArray], Clustering]
"""Groups the segments of some answers (ascending) without the codebook."""


@dataclass(frozen=True, slots=True)
class Guided:
    """A clustering of ``segments`` (p,): a segment that carries several codes is there once for
    each. ``codes``: per theme the id of its code; None where no code explains it."""

    clustering: Clustering
    segments: IntArray
    codes: tuple[str | None, ...]
    recall: float | None = None
    """Of the neighbours by which the answers were given codes, where not all were looked for."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Which ``segments`` (p,) carry which ``codes`` (p,), how surely (p,), and ``owners`` (p,)."""

    segments: IntArray
    codes: IntArray
    strength: FloatArray
    owners: IntArray


def cluster_guided(
    vectors: Array,
    evidence: Evidence,
    ids: Sequence[str],
    *,
    answers: Array,
    apart: Apart | None = None,
    granularity: str | int = "auto",
    seed: int = 0,
    exact_up_to: int | None = None,
) -> Guided:
    """Themes of the answers to one question, whose codes are ``ids``; at least one is possible.

    ``vectors`` (m, d) of the segments and ``answers`` (n, d) of whole answers, rows of length one.
    ``granularity``: few, auto and many keep a code from 8, 3 and 2 answers; a number is that of all
    themes at most, at least one of a code.
    The stability of a theme is the mean Jaccard likeness of its segments to those of the same code
    over runs on 80 % of the answers (Hennig 2007, Cluster-wise assessment of cluster stability,
    Computational Statistics & Data Analysis 52).
    """
    least, most = _LEAST.get(str(granularity), 1), None
    said = evidence.said()
    neighbours = neighbour_graph(answers, neighbours_of(len(answers)), exact_up_to)
    graph = neighbours.edges
    # what no code explains depends on the codebook, not on how many of its codes are asked for
    unexplained = np.flatnonzero(~given_codes(said, graph, least).explained)
    own: IntArray = np.flatnonzero(np.isin(evidence.owners, unexplained))
    found: IntArray = np.full(len(own), -1)
    strength: FloatArray = np.zeros(len(own))
    held: FloatArray = np.zeros(0)
    if apart is not None and len(unexplained) >= _LEAST_APART:
        groups = apart(unexplained)
        found, strength, held = _that_hold(groups, evidence.owners[own], least)
    if isinstance(granularity, int):
        # groups are numbered by falling size
        held = held[: granularity - 1]
        found = np.where(found < len(held), found, -1)
        most = granularity - len(held)
    codes_of = given_codes(said, graph, least, most)
    pairs = _pairs(said, codes_of.given)
    stability = _stability(pairs, evidence, graph, (least, most), seed)
    labels, main = pairs.codes, codes_of.main.copy()
    n_codes = len(ids)
    if len(held):
        joined = found >= 0
        apart_pairs = _Pairs(
            own[joined], n_codes + found[joined], strength[joined], evidence.owners[own][joined]
        )
        pairs = _with_groups(pairs, apart_pairs)
        stability = np.concatenate([stability, held])
        main[apart_pairs.owners] = apart_pairs.codes
        labels = pairs.codes
    used, place = np.unique(labels, return_inverse=True)
    sizes = np.array([len(np.unique(pairs.owners[labels == theme])) for theme in used])
    order = np.lexsort((used, -sizes))
    rank = np.empty(len(used), dtype=np.int64)
    rank[order] = np.arange(len(used))
    labels = rank[place]
    rows = vectors[pairs.segments]
    clustering = Clustering(
        labels,
        pairs.strength,
        stability[used[order]],
        hierarchy(rows, labels),
        layout(rows, labels)[0],
        np.where(
            np.isin(main, used), rank[np.minimum(np.searchsorted(used, main), len(used) - 1)], -1
        ),
    )
    codes = tuple(ids[theme] if theme < n_codes else None for theme in used[order].tolist())
    return Guided(clustering, pairs.segments, codes, neighbours.recall)


def _pairs(said: Said, given: Array) -> _Pairs:
    """Each segment with the one of its answer's codes that it speaks for most, and each of these
    codes with the segment that speaks for it most."""
    m = len(said.segments)
    allowed = np.where(given[said.owners], said.scores, -np.inf)
    pairs = np.zeros(allowed.shape, dtype=bool)
    pairs[np.arange(m), allowed.argmax(axis=1)] = True
    best = np.full(given.shape, -np.inf)
    np.maximum.at(best, said.owners, allowed)
    # of equal segments the first: the same text twice in an answer is one mention
    order = np.lexsort((np.arange(m), said.owners))
    for code in np.flatnonzero(given.any(axis=0)):
        top = order[allowed[order, code] >= best[said.owners[order], code]]
        top = top[given[said.owners[top], code]]
        _, first = np.unique(said.owners[top], return_index=True)
        pairs[top[first], code] = True
    segments, codes = np.nonzero(pairs)
    owners = said.owners[segments]
    behind = allowed[segments, codes] - best[owners, codes]
    strength = said.probabilities[owners, codes] * np.exp(behind)
    return _Pairs(said.segments[segments], codes, strength, owners)


def _with_groups(pairs: _Pairs, groups: _Pairs) -> _Pairs:
    """The pairs in which the answers of ``groups`` are in these groups only."""
    stays = ~np.isin(pairs.owners, groups.owners)
    segments = np.concatenate([pairs.segments[stays], groups.segments])
    codes = np.concatenate([pairs.codes[stays], groups.codes])
    strength = np.concatenate([pairs.strength[stays], groups.strength])
    owners = np.concatenate([pairs.owners[stays], groups.owners])
    order = np.lexsort((codes, segments))
    return _Pairs(segments[order], codes[order], strength[order], owners[order])


def _stability(
    pairs: _Pairs,
    evidence: Evidence,
    graph: sparse.csr_matrix,
    bounds: tuple[int, int | None],
    seed: int,
) -> FloatArray:
    """(C,) mean Jaccard of each code's segments with those of a run on 80 % of the answers."""
    random = np.random.default_rng(seed)
    n, codes = evidence.possible.shape
    m = len(evidence.owners)
    jaccard_sums, times = np.zeros(codes), np.zeros(codes)
    whole = np.zeros((m, codes), dtype=bool)
    whole[pairs.segments, pairs.codes] = True
    for _ in range(_RESAMPLES):
        rows = np.sort(random.permutation(n)[: max(1, round(_SHARE * n))])
        said = evidence.said(rows)
        again = _pairs(said, given_codes(said, graph[rows][:, rows], *bounds).given)
        of_run = np.zeros((m, codes), dtype=bool)
        of_run[again.segments, again.codes] = True
        before = whole & np.isin(evidence.owners, rows)[:, None]
        there = before.any(axis=0)
        shared, either = (before & of_run).sum(axis=0), (before | of_run).sum(axis=0)
        jaccard_sums[there] += shared[there] / either[there]
        times += there
    return np.asarray(jaccard_sums / np.maximum(times, 1))


def _that_hold(
    groups: Clustering, owners: IntArray, least: int
) -> tuple[IntArray, FloatArray, FloatArray]:
    """(s,) the group of each segment, -1 where it holds not together; strengths; stabilities."""
    sizes = [len(np.unique(owners[groups.labels == one])) for one in range(len(groups.stability))]
    holds = (groups.stability >= _HOLDS) & (np.array(sizes, dtype=np.int64) >= max(least, 3))
    number = np.where(holds, np.cumsum(holds) - 1, -1)
    found = np.where(groups.labels >= 0, number[groups.labels], -1)
    return found, groups.strength, groups.stability[holds]
