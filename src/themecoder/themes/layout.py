"""Where segments and themes stand to each other: the map and the hierarchy."""

from __future__ import annotations

import numpy as np

from themecoder.themes.model import FloatArray, IntArray


def hierarchy(vectors: np.ndarray, labels: IntArray) -> FloatArray:
    """(k-1, 4) scipy linkage of the themes: average linkage, cosine distance of their centres."""
    from scipy.cluster.hierarchy import linkage

    themes = int(labels.max()) + 1 if len(labels) else 0
    if themes < 2:
        return np.zeros((0, 4))
    centres = np.array([vectors[labels == theme].mean(axis=0) for theme in range(themes)])
    return np.asarray(linkage(centres.astype(np.float64), method="average", metric="cosine"))


def layout(vectors: np.ndarray, labels: IntArray) -> FloatArray:
    """(n, 2) map of the segments, -1 to 1 on both axes: the directions that tell themes apart.

    Each segment is drawn half way towards its theme's centre, so that themes are seen as groups;
    then the two main components (Pearson 1901), with the sign that makes the largest entry positive.
    """
    n = len(vectors)
    if n < 3:
        return np.zeros((n, 2))
    rows = np.asarray(vectors, dtype=np.float64).copy()
    for theme in range(int(labels.max()) + 1):
        inside = labels == theme
        rows[inside] += rows[inside].mean(axis=0)
    rows -= rows.mean(axis=0)
    values, directions = np.linalg.eigh(rows.T @ rows)
    places = rows @ directions[:, np.argsort(-values, kind="stable")[:2]]
    for axis in (0, 1):
        if places[np.argmax(np.abs(places[:, axis])), axis] < 0:
            places[:, axis] *= -1
    return np.asarray(places / max(float(np.abs(places).max()), 1e-12))
