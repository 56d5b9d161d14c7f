"""How a code stands beside the other codes of the same answer: most answers have one or two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from themecoder.classifier.model import FloatArray

ADDED = ("lead over the likeliest other code", "place among the codes")
_FARTHEST = 4.0
_OUT = -1e3


def together(features: FloatArray) -> FloatArray:
    """(n, C) the evidence of (n, C, f) standardised ``features`` in one number, in deviations of
    itself: the two ridges of the answer and of its best segment and the two memberships, equally.

    Nothing in it is fitted. Likeness is in the memberships already, and how common a code is says
    nothing of the answer.
    """
    total = features[..., :6].sum(axis=-1)
    deviation = float(total.std())
    return np.asarray(total / deviation if deviation > 0 else total)


def with_rivals(features: FloatArray, possible: npt.NDArray[np.bool_]) -> FloatArray:
    """(n, C, f + 2) ``features`` and ``ADDED``, over the codes that are ``possible`` (n, C)."""
    n, codes, _ = features.shape
    rows = np.arange(n)
    score = np.where(possible, together(features), _OUT)
    order = np.argsort(-score, axis=1, kind="stable")
    place = np.empty((n, codes))
    place[rows[:, None], order] = np.arange(codes)
    other = np.repeat(score[rows, order[:, 0]][:, None], codes, axis=1)
    other[rows, order[:, 0]] = score[rows, order[:, 1]] if codes > 1 else 0
    lead = np.clip(score - other, -_FARTHEST, _FARTHEST)
    return np.concatenate([features, lead[..., None], np.log1p(place)[..., None]], axis=-1)
