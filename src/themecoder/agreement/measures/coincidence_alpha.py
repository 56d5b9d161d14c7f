"""Krippendorff's alpha from how often categories meet in a unit, for many resamples at once."""

from __future__ import annotations

import numpy as np

from themecoder.agreement.measures.coefficients import TINY
from themecoder.agreement.measures.statistics import Array
from themecoder.agreement.measures.weights import distances


def coincidence_alpha(counts: Array, drawn: Array, level: str) -> Array:
    """(resamples,) values of alpha, NaN where undefined.

    ``counts`` (units, q): how many coders gave each unit each category, two coders or more per
    unit. ``drawn`` (resamples, units): how often each unit is in a resample. ``level``: nominal or
    ordinal; the ordinal distances rest on the ratings, so each resample has its own. Krippendorff
    (2019), Content Analysis, 4th ed., 12.3.
    """
    units, q = counts.shape
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(q)
    per_pair = pairs / np.maximum(counts.sum(axis=1) - 1, 1)[:, None, None]
    together = (drawn @ per_pair.reshape(units, q * q)).reshape(len(drawn), q, q)
    used = together.sum(axis=2)
    n = used.sum(axis=1)
    far = np.broadcast_to(distances(level, (), used), together.shape)
    observed = (together * far).sum(axis=(1, 2))
    expected = (used[:, :, None] * used[:, None, :] * far).sum(axis=(1, 2))
    none = expected <= TINY * n**2 * np.maximum(far.max(axis=(1, 2), initial=0.0), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        values: Array = np.where(none, np.nan, 1 - (n - 1) * observed / expected)
    return values
