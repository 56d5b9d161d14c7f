"""Resampling of respondents: how often each unit is drawn, and intervals from what comes out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.statistics import Array

UNDEFINED_SHARE = 0.05
"""With a larger share of undefined resamples an interval would be one of another statistic."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Percentile intervals; arrays of the same shape as one resample's values.

    ``undefined``: share of resamples in which the statistic was undefined; they are dropped.
    ``low`` and ``high`` are NaN where that share is above ``UNDEFINED_SHARE``.
    """

    low: Array
    high: Array
    undefined: Array


def draws(clusters: Sequence[Hashable], resamples: int, seed: int) -> Array:
    """(resamples, units): how often each unit is in a resample of its clusters.

    Clusters (respondents) are drawn with replacement, each with all its units: one respondent's
    answers are not independent. Field & Welsh (2007), J. R. Stat. Soc. B 69, p. 371.
    """
    names = {name: n for n, name in enumerate(sorted(set(clusters), key=str))}
    member = np.array([names[name] for name in clusters], dtype=np.int64)
    if not names:
        return np.zeros((resamples, 0))
    random = np.random.default_rng(seed)
    drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    return drawn[:, member].astype(float)


def intervals(values: Array, level: float = 0.95) -> Intervals:
    """Percentile intervals over resamples: values (resamples, ...). Efron & Tibshirani (1993), An
    Introduction to the Bootstrap, ch. 13; undefined resamples (NaN) are dropped and counted.
    """
    gone = np.isnan(values)
    share = gone.mean(axis=0)
    usable = share <= UNDEFINED_SHARE
    tails = [(1 - level) / 2, (1 + level) / 2]
    filled = np.where(usable, values, 0.0)
    if gone.any():
        low, high = np.nanquantile(filled, tails, axis=0)
    else:
        low, high = np.quantile(filled, tails, axis=0)
    return Intervals(np.where(usable, low, np.nan), np.where(usable, high, np.nan), share)
