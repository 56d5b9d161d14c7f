"""Sets of codes on one answer: how far two of them are apart, and alpha over them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.statistics import Array
from themecoder.errors import InputError, Problem

Labels = Set[Hashable]


def _jaccard(shared: Array, of_a: Array, of_b: Array) -> Array:
    either = of_a + of_b - shared
    return np.asarray(1 - np.where(either == 0, 1.0, shared / np.maximum(either, 1)))


def _masi(shared: Array, of_a: Array, of_b: Array) -> Array:
    inside = shared == np.minimum(of_a, of_b)
    equal = shared == np.maximum(of_a, of_b)
    factor = np.where(equal, 1.0, np.where(inside, 2 / 3, 1 / 3))
    return np.asarray(1 - (1 - _jaccard(shared, of_a, of_b)) * factor)


def _unequal(shared: Array, of_a: Array, of_b: Array) -> Array:
    return np.asarray(shared < np.maximum(of_a, of_b), dtype=float)


METRICS: dict[str, Callable[[Array, Array, Array], Array]] = {
    "jaccard": _jaccard,
    "masi": _masi,
    "nominal_on_sets": _unequal,
}
"""Distances from how many labels two sets share and how many each has, for many pairs at once."""


def jaccard_distance(a: Labels, b: Labels) -> float:
    """1 - |a and b| / |a or b|; two empty sets are the same set: 0. Jaccard (1901)."""
    return distance("jaccard", a, b)


def masi_distance(a: Labels, b: Labels) -> float:
    """1 - J M: Jaccard's J times M: 1 equal, 2/3 one within the other, 1/3 overlapping, else 0.

    Passonneau (2006), Measuring Agreement on Set-valued Items (MASI), LREC. Not the .67 and .33 of
    NLTK to 3.9, nor DKPro's (1 - J) times M.
    """
    return distance("masi", a, b)


def distance(metric: str, a: Labels, b: Labels) -> float:
    """The distance of two sets by a metric of ``METRICS``; nominal_on_sets: 0 if equal, else 1."""
    sizes = (np.array(float(n)) for n in (len(a & b), len(a), len(b)))
    return float(METRICS[metric](*sizes))


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
    apart_by = _distances(distinct, metric)
    ratings = counts.sum(axis=1)
    apart = (counts @ apart_by * counts).sum(axis=1) / np.maximum(ratings - 1, 1)
    return SetTerms(apart, counts, apart_by)


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
    defined = expected > 1e-12 * n**2
    ratio: Array = np.divide(observed, expected, out=np.full(len(n), np.nan), where=defined)
    return 1 - ratio


def _distances(distinct: Sequence[Labels], metric: str) -> Array:
    names = sorted({label for labels in distinct for label in labels}, key=str)
    place = {label: n for n, label in enumerate(names)}
    has = np.zeros((len(distinct), len(names)))
    for row, labels in zip(has, distinct, strict=True):
        row[[place[label] for label in labels]] = 1
    sizes = has.sum(axis=1)
    return METRICS[metric](has @ has.T, sizes[:, None], sizes[None, :])


def _order(labels: Labels) -> tuple[int, list[str]]:
    return len(labels), sorted(map(str, labels))
