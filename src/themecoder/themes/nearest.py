"""The codes of a codebook that are nearest to a theme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themecoder.themes.model import FloatArray, IntArray
from themecoder.themes.prepare import unit_vectors

CODES = 3  # per theme


def nearest_codes(
    vectors: npt.NDArray[np.floating],
    labels: IntArray,
    strength: FloatArray,
    code_vectors: npt.NDArray[np.floating],
    code_ids: Sequence[str],
    *,
    top: int = CODES,
) -> list[tuple[tuple[str, float], ...]]:
    """The ``top`` codes nearest to each theme 0..k-1, best first, with a similarity 0..1.

    ``vectors`` (n, d) segments and ``code_vectors`` (m, d) texts of codes, both placed in the space
    of the corpus (centred on its means); ``code_ids`` (m,) the code of each text: label, definition
    and examples may each have a row. A code's similarity to a segment is the mean of that of its
    nearest text and of all its texts. The similarity to a theme is the mean of two: the cosine with
    the theme's centre, and the share of the theme's segments to which no code is nearer, weighed by
    strength. The one knows what the theme is about, the other is not drawn to codes that lie in the
    middle of everything.
    """
    k = int(labels.max()) + 1 if len(labels) else 0
    ids = sorted(set(code_ids))
    if not ids:
        return [() for _ in range(k)]
    place = {code: i for i, code in enumerate(ids)}
    owner = np.array([place[code] for code in code_ids])
    codes = unit_vectors(code_vectors)
    result = []
    for theme in range(k):
        inside = np.flatnonzero(labels == theme)
        weight = np.maximum(strength[inside], 1e-3)
        centre = unit_vectors((weight @ vectors[inside])[None])
        cosine = np.clip(_similarity_to_codes(centre, codes, owner, len(ids))[0], 0.0, 1.0)
        closest = np.argmax(
            np.round(
                _similarity_to_codes(unit_vectors(vectors[inside]), codes, owner, len(ids)), 9
            ),
            axis=1,
        )
        votes = np.bincount(closest, weights=weight, minlength=len(ids)) / weight.sum()
        similarity = np.clip((cosine + votes) / 2, 0.0, 1.0)
        order = np.argsort(-np.round(similarity, 9), kind="stable")[:top]
        result.append(tuple((ids[i], float(similarity[i])) for i in order))
    return result


def _similarity_to_codes(
    rows: FloatArray, codes: FloatArray, owner: IntArray, n: int
) -> FloatArray:
    """(len(rows), n) similarity to each code: mean of its nearest text's and all its texts'."""
    cosine = rows @ codes.T
    similarity = np.zeros((len(rows), n))
    for code in range(n):
        own = cosine[:, owner == code]
        similarity[:, code] = (own.max(axis=1) + own.mean(axis=1)) / 2
    return similarity
