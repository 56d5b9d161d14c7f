"""Segments to themes: kNN graph and Leiden."""

from __future__ import annotations

import numpy as np

from themecoder.themes.model import Clustering, FloatArray, IntArray

_RESOLUTION = {"few": 0.75, "auto": 1.5, "many": 3.0}


def cluster(
    vectors: np.ndarray, owners: np.ndarray, *, granularity: str | int = "auto", seed: int = 0
) -> Clustering:
    """Group segments into themes.

    ``vectors`` (n, d) rows of length one, ``owners`` (n,) index of the answer of each segment.
    """
    import graspologic_native as native
    from scipy.cluster.hierarchy import linkage

    n = len(vectors)
    if n < 3:
        labels = np.zeros(n, dtype=np.int64)
    else:
        similarity = np.round(np.asarray(vectors) @ np.asarray(vectors).T, 6)
        np.fill_diagonal(similarity, -2)
        k = min(15 if n >= 200 else 8, n - 1)
        near = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
        edges: dict[tuple[int, int], float] = {}
        for i in range(n):
            for j in near[i]:
                weight = float(similarity[i, j])
                if weight > 0:
                    edges[min(i, int(j)), max(i, int(j))] = weight
        for i in range(n):
            edges.setdefault((i, i), 1e-9)
        resolution = _RESOLUTION.get(str(granularity), 1.5)
        _, partition = native.leiden(
            [(str(a), str(b), w) for (a, b), w in sorted(edges.items())],
            resolution=resolution,
            seed=seed,
            trials=20,
        )
        labels = np.array([partition.get(str(i), -1) for i in range(n)], dtype=np.int64)
    labels = _by_size(labels, owners)
    k_themes = int(labels.max()) + 1 if n else 0
    strength: FloatArray = np.ones(n)
    centred = np.asarray(vectors, dtype=np.float64)
    xy: FloatArray = np.zeros((n, 2))
    if n > 2:
        u, s, _ = np.linalg.svd(centred - centred.mean(0), full_matrices=False)
        xy = u[:, :2] * s[:2]
        xy = xy / max(float(np.abs(xy).max()), 1e-12)
    merges: FloatArray = np.zeros((0, 4))
    if k_themes > 1:
        centroids = np.array([centred[labels == t].mean(0) for t in range(k_themes)])
        merges = linkage(centroids, method="average", metric="cosine")
    return Clustering(labels, strength, np.ones(k_themes), merges, xy)


def _by_size(labels: np.ndarray, owners: np.ndarray) -> IntArray:
    """Number the themes by falling number of answers."""
    ids = [t for t in np.unique(labels) if t >= 0]
    size = {t: len(np.unique(owners[labels == t])) for t in ids}
    order = sorted(ids, key=lambda t: (-size[t], int(np.flatnonzero(labels == t)[0])))
    rank = {t: i for i, t in enumerate(order)}
    return np.array([rank.get(t, -1) for t in labels], dtype=np.int64)
