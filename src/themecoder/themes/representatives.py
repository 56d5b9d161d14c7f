"""The answers that represent a theme: near its centre, of a readable length, not all the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themecoder.themes.model import FloatArray, IntArray
from themecoder.themes.prepare import unit_vectors

REPRESENTATIVES = 6  # per theme
_SHORT, _LONG = 5, 35  # words of an answer that is neither a catchword nor a story
_DIVERSITY = 0.3


def representatives(
    vectors: npt.NDArray[np.floating],
    labels: IntArray,
    strength: FloatArray,
    owners: IntArray,
    texts: Sequence[str],
    *,
    top: int = REPRESENTATIVES,
) -> list[list[int]]:
    """Owners (answers) that represent the themes 0..k-1, best first, at most ``top`` each.

    ``vectors`` (n, d), ``labels`` (n,), ``strength`` (n,), ``owners`` (n,): segments; ``texts``:
    the whole text of each owner. A segment scores by its cosine with the theme's centre, its
    strength, the length of its answer and how much of the answer is in the theme; after the first,
    what resembles an answer already taken loses (maximal marginal relevance). The same text is
    taken once, an answer once.
    """
    segments_of = np.bincount(owners, minlength=len(texts))
    readable = np.array([_readable(len(text.split())) for text in texts])
    folded = [" ".join(text.casefold().split()) for text in texts]
    result = []
    for theme in range(int(labels.max()) + 1 if len(labels) else 0):
        inside = np.flatnonzero(labels == theme)
        rows = unit_vectors(vectors[inside])
        weight = np.maximum(strength[inside], 1e-3)
        centre = unit_vectors((weight @ rows)[None])[0]
        near = (rows @ centre + 1) / 2
        own = owners[inside]
        whole = np.bincount(own, minlength=len(texts))[own] / segments_of[own]
        score = near * (0.5 + 0.5 * weight) * (0.5 + 0.5 * whole) * readable[own]
        result.append(_pick(own, rows, score, folded, top))
    return result


def _pick(
    own: IntArray, rows: FloatArray, score: FloatArray, folded: Sequence[str], top: int
) -> list[int]:
    taken: list[int] = []
    seen: set[str] = set()
    alike = np.zeros(len(own))
    free = np.ones(len(own), dtype=bool)
    while free.any() and len(taken) < top:
        gain = np.where(free, (1 - _DIVERSITY) * score - _DIVERSITY * alike, -np.inf)
        choice = int(np.argmax(np.round(gain, 9)))
        owner = int(own[choice])
        free &= own != owner
        if folded[owner] not in seen:
            seen.add(folded[owner])
            taken.append(owner)
            alike = np.maximum(alike, np.clip(rows @ rows[choice], 0, 1))
    return taken


def _readable(words: int) -> float:
    """1 between SHORT and LONG words, less outside: an answer of one word still may be the best."""
    if words < _SHORT:
        return 0.7 + 0.3 * words / _SHORT
    return float(min(1.0, (_LONG / words) ** 0.25))
