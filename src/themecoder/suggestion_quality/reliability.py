"""Whether probabilities mean what they say: are 7 in 10 right of the codes near .7?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.suggestion_quality.scores import BoolArray, Estimate, FloatArray, estimate

_BINS = 10
_FIRST = 3
"""What is shown of an answer's codes is what has to be true."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Suggestions with a probability from ``low`` to ``high``: their mean, and the share right."""

    low: float
    high: float
    probability: float
    right: Estimate


@dataclass(frozen=True, slots=True)
class Reliability:
    """``bins`` with suggestions in them, in their order; ``error``: the mean distance between
    probability and share right, each bin by its number of suggestions (Naeini, Cooper & Hauskrecht
    2015, AAAI 29, pp. 2901-2907, eq. 3)."""

    bins: tuple[Bin, ...]
    error: Estimate


def reliability(
    probabilities: FloatArray, given: BoolArray, drawn: FloatArray, fewest: int
) -> Reliability:
    """Of each answer's three likeliest codes; see ``scores``. A bin of fewer than ``fewest``
    suggestions is part of the error, and not shown."""
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :_FIRST]
    told = np.take_along_axis(probabilities, order, axis=1)
    hits = np.take_along_axis(given, order, axis=1).astype(float)
    place = np.clip((told * _BINS).astype(int), 0, _BINS - 1)
    weights = np.vstack([np.ones(len(given)), drawn])
    bins = []
    off = np.zeros(len(weights))
    total = weights.sum(axis=1) * order.shape[1]
    for number in range(_BINS):
        inside = place == number
        n = weights @ inside.sum(axis=1)
        right = weights @ (hits * inside).sum(axis=1)
        said = weights @ (told * inside).sum(axis=1)
        off += np.abs(right - said)
        if n[0] >= max(fewest, 1):
            share = np.divide(right, n, out=np.full(len(n), np.nan), where=n > 0)
            low, high = number / _BINS, (number + 1) / _BINS
            bins.append(Bin(low, high, float(said[0] / n[0]), estimate(share)))
    error = np.divide(off, total, out=np.full(len(total), np.nan), where=total > 0)
    return Reliability(tuple(bins), estimate(error))
