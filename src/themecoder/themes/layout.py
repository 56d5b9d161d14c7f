"""The positions of segments and themes to each other: the map and the hierarchy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.themes.model import Array, FloatArray, IntArray

_BLOCK = 4096


def hierarchy(vectors: Array, labels: IntArray) -> FloatArray:
    """(k-1, 4) scipy linkage of the themes: average linkage, cosine distance of their centres."""
    themes = int(labels.max()) + 1 if len(labels) else 0
    if themes < 2:
        return np.zeros((0, 4))
    centres = np.array([vectors[labels == theme].mean(axis=0) for theme in range(themes)])
    return np.asarray(
        scipy.cluster.hierarchy.linkage(
            centres.astype(np.float64), method="average", metric="cosine"
        )
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a map was drawn: the ``theme_means`` (k, d), the ``middle`` (d,) and the two
    ``directions`` (d, 2), scaled, so that what was not there can be drawn on it too."""

    theme_means: Array
    middle: Array
    directions: FloatArray

    def place(self, vectors: Array, labels: IntArray) -> FloatArray:
        """(n, 2) places of further segments; -1 to 1, where those of the map are."""
        rows = np.array(vectors, dtype=np.float32)
        inside = labels >= 0
        rows[inside] += self.theme_means[labels[inside]]
        rows -= self.middle
        return np.asarray(np.clip(rows.astype(np.float64) @ self.directions, -1, 1))


def layout(vectors: Array, labels: IntArray) -> tuple[FloatArray, Drawing]:
    """(n, 2) map of the segments, -1 to 1 on both axes: the directions that tell themes apart.

    Each segment is drawn half way towards its theme's centre, so that themes are seen as groups;
    then the two main components (Pearson 1901), signed so that the largest entry is positive.
    """
    n, width = vectors.shape
    themes = int(labels.max(initial=-1)) + 1
    theme_means = np.zeros((themes, width), dtype=np.float32)
    if n < 3:
        empty = Drawing(theme_means, np.zeros(width, np.float32), np.zeros((width, 2)))
        return np.zeros((n, 2)), empty
    rows = np.array(vectors, dtype=np.float32)
    for theme in range(themes):
        inside = labels == theme
        theme_means[theme] = rows[inside].mean(axis=0)
        rows[inside] += theme_means[theme]
    middle = rows.mean(axis=0)
    rows -= middle
    places, directions = _main_components(rows)
    for axis in (0, 1):
        if places[np.argmax(np.abs(places[:, axis])), axis] < 0:
            places[:, axis] *= -1
            directions[:, axis] *= -1
    widest = max(float(np.abs(places).max()), 1e-12)
    return np.asarray(places / widest), Drawing(theme_means, middle, directions / widest)


def _main_components(rows: Array) -> tuple[FloatArray, FloatArray]:
    """(n, 2) places along the two main directions (d, 2) of centred ``rows`` (n, d) float32.

    Products are summed in double precision a block at a time: all rows in it would be gigabytes.
    """
    small = min(rows.shape)
    by_rows = rows.shape[0] <= rows.shape[1]
    if by_rows:
        double = rows.astype(np.float64)
        product = double @ double.T
    else:
        product = np.zeros((small, small))
        for block in _doubles(rows):
            product += block.T @ block
    if not product.any():
        return np.zeros((len(rows), 2)), np.zeros((rows.shape[1], 2))
    if small <= 3:
        values, directions = np.linalg.eigh(product)
    else:
        # a fixed start, so that the same rows give the same map; not all ones, which centred rows
        # are orthogonal to
        values, directions = scipy.sparse.linalg.eigsh(product, k=2, v0=np.cos(np.arange(small)))
    order = np.argsort(-values, kind="stable")[:2]
    directions = directions[:, order]
    if by_rows:
        length = np.sqrt(np.maximum(values[order], 0))
        return directions * length, double.T @ (directions / np.maximum(length, 1e-12))
    return np.concatenate([block @ directions for block in _doubles(rows)]), directions


def _doubles(rows: Array) -> Iterator[FloatArray]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK].astype(np.float64)
