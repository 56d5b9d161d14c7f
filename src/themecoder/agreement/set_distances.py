"""Sets of codes on one answer: how far two of them are apart, and alpha over them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themecoder.agreement.statistics import Array
from themecoder.errors import InputError, Problem

Labels = Set[Hashable]


def jaccard_distance(a: Labels, b: Labels) -> float:
    """1 - |a and b| / |a or b|; two empty sets are the same set: 0. Jaccard (1901)."""
    either = len(a | b)
    return 1 - len(a & b) / either if either else 0.0


def masi_distance(a: Labels, b: Labels) -> float:
    """1 - J M: Jaccard's J times M: 1 equal, 2/3 one within the other, 1/3 overlapping, else 0.

    Passonneau (2006), Measuring Agreement on Set-valued Items (MASI), LREC. Not the .67 and .33 of
    NLTK to 3.9, nor DKPro's (1 - J) times M.
    """
    if a == b:
        return 0.0
    shared = a & b
    factor = 2 / 3 if shared in (a, b) else 1 / 3
    return 1 - (1 - jaccard_distance(a, b)) * (factor if shared else 0.0)


def unequal(a: Labels, b: Labels) -> float:
    """0 for equal sets, else 1."""
    return float(a != b)


METRICS: dict[str, Callable[[Labels, Labels], float]] = {
    "jaccard": jaccard_distance,
    "masi": masi_distance,
    "nominal_on_sets": unequal,
}


@dataclass(frozen=True, slots=True)
class SetTerms:
    """Terms of alpha over sets, a row per unit; ``distinct`` sets occur among pairable units.

    - apart (units,): mean distance of the unit to itself over pairs of coders, times its ratings
    - counts (units, distinct): coders that gave the unit each set, where two or more coded it
    - distance (distinct, distinct)
    """

    apart: Array
    counts: Array
    distance: Array


def set_terms(rows: Sequence[Sequence[Labels | None]], metric: str) -> SetTerms:
    """The terms from rows of coders over the same units; None is not coded.

    Raises InputError for a metric that is not among ``METRICS``.
    """
    if metric not in METRICS:
        raise InputError(Problem("agreement.level", {"found": metric, "known": ", ".join(METRICS)}))
    units = list(zip(*rows, strict=True))
    pairable = [[v for v in unit if v is not None] for unit in units]
    kept = [values if len(values) >= 2 else [] for values in pairable]
    distinct = sorted({frozenset(v) for values in kept for v in values}, key=_order)
    place = {labels: n for n, labels in enumerate(distinct)}
    counts = np.zeros((len(units), len(distinct)))
    for n, values in enumerate(kept):
        for value in values:
            counts[n, place[frozenset(value)]] += 1
    distance = _distances(distinct, METRICS[metric])
    ratings = counts.sum(axis=1)
    apart = (counts @ distance * counts).sum(axis=1) / np.maximum(ratings - 1, 1)
    return SetTerms(apart, counts, distance)


def set_alpha(t: SetTerms, draws: Array | None = None) -> Array:
    """Alpha over sets for each resample (resamples,), NaN where undefined.

    Krippendorff (2019), Content Analysis, 4th ed., eq. 12.1 with the metric's distances: observed
    over expected by pairing all values with one another.
    """
    weights = np.ones((1, len(t.apart))) if draws is None else draws
    values = weights @ t.counts
    n = values.sum(axis=1)
    expected = ((values @ t.distance) * values).sum(axis=1)
    observed = (n - 1) * (weights @ t.apart)
    there = expected > 1e-12 * n**2
    ratio: Array = np.divide(observed, expected, out=np.full(len(n), np.nan), where=there)
    return 1 - ratio


def _distances(
    distinct: Sequence[Labels], metric: Callable[[Labels, Labels], float]
) -> NDArray[np.float64]:
    found = np.zeros((len(distinct), len(distinct)))
    for i, a in enumerate(distinct):
        for j in range(i):
            found[i, j] = found[j, i] = metric(a, distinct[j])
    return found


def _order(labels: Labels) -> tuple[int, list[str]]:
    return len(labels), sorted(map(str, labels))
