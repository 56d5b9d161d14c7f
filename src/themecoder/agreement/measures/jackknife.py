"""The error of a statistic from what it is without each respondent."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from themecoder.agreement.measures.statistics import Array

MOST = 1000
"""Of more clusters than this several are left out together, which bounds time and memory."""


def left_out(clusters: Sequence[Hashable], most: int = MOST) -> Array:
    """(groups, units) of 1, and 0 for the units of the clusters that are left out in that row.

    A cluster (respondent) is left out with all its units, since one respondent's answers are not
    independent. Each is a group of its own up to ``most``; else clusters are dealt over so many
    groups in the order of their names. Wolter (2007), Introduction to Variance Estimation, 2nd ed.,
    ch. 4.
    """
    group_of = {name: n % most for n, name in enumerate(sorted(set(clusters), key=str))}
    member = np.array([group_of[name] for name in clusters], dtype=np.int64)
    groups = min(len(group_of), most)
    kept: Array = (member[None, :] != np.arange(groups)[:, None]).astype(float)
    return kept


def jackknife_error(values: Array) -> Array:
    """The standard errors from ``values`` (groups, ...), one row with each group left out; NaN
    where the statistic is undefined without one of them, or there are fewer than two. Efron &
    Tibshirani (1993), An Introduction to the Bootstrap, eq. 11.5."""
    groups = len(values)
    if groups < 2:
        return np.full(values.shape[1:], np.nan)
    apart = values - values.mean(axis=0)
    error: Array = np.sqrt((groups - 1) / groups * (apart**2).sum(axis=0))
    return error


def error_degrees(values: Array) -> Array:
    """How many degrees of freedom the squared errors of ``jackknife_error`` have: 2 over their
    relative variance, which is that of a mean of the groups' squares. Few where the error rests on
    a few respondents; infinite where all squares are the same. NaN where there is no error.
    """
    groups = len(values)
    if groups < 2:
        return np.full(values.shape[1:], np.nan)
    squares = (values - values.mean(axis=0)) ** 2
    total = squares.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.maximum((squares**2).sum(axis=0) / total**2 - 1 / groups, 0.0)
        degrees: Array = 2 / variance
    return degrees
