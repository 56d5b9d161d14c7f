"""Sufficient statistics: what each unit adds to the coefficients, so that a resample is a sum.

Every nominal coefficient here depends on the data through sums over units. ``terms`` gives a row of
``Terms`` per unit; ``totals`` sums them with how often each unit is drawn, for all resamples and
all codes in one product.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import prod

import numpy as np
from numpy.typing import NDArray

from themecoder.agreement.measures.ratings import MISSING

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of the coefficients; their leading shape ``...`` is units or resamples, and codes.

    - rated (...): 1 where at least one coder rated the unit; two: where two or more did
    - agree (...): Gwet's agreement of the unit, of those with two or more ratings
    - share (..., q): which share of its ratings each category has
    - hits (..., coders, q): which coder gave which category
    - pairable (..., q): ratings of units with two or more; together: their sum
    - apart (...): disagreement of the unit as Krippendorff weighs it, nominal
    - alike (..., q): agreeing ordered pairs on each category, over coders less one
    - cross (..., pairs, q, q): per pair of coders who both rated the unit: the cell of their table
    """

    rated: Array
    two: Array
    agree: Array
    share: Array
    hits: Array
    pairable: Array
    apart: Array
    alike: Array
    cross: Array


def pairs_of(coders: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the first and of the second coder of each pair."""
    first, second = np.triu_indices(coders, 1)
    return first, second


def terms(cells: NDArray[np.integer], q: int, weights: Array | None = None) -> Terms:
    """The terms of every unit.

    ``cells``: (coders, units) or (coders, units, codes), places of categories below ``q``, -1 where
    not coded. ``weights`` (q, q): partial agreement between categories; identity where None.
    Leading shape of the result: (units,) or (units, codes).
    """
    seen = cells != MISSING
    hits = ((cells[..., None] == np.arange(q)) & seen[..., None]).astype(float)
    hits = np.moveaxis(hits, 0, -2)  # (units[, codes], coders, q)
    counts = hits.sum(axis=-2)
    ratings = counts.sum(axis=-1)
    two = (ratings >= 2).astype(float)
    least2, least1 = np.maximum(ratings, 2), np.maximum(ratings, 1)
    near = counts if weights is None else counts @ weights.T
    alike = counts * (counts - 1) * two[..., None] / (least2 - 1)[..., None]
    agreeing = (counts * (near - 1)).sum(axis=-1) * two
    first, second = pairs_of(cells.shape[0])
    cross = hits[..., first, :, None] * hits[..., second, None, :]
    return Terms(
        rated=(ratings >= 1).astype(float),
        two=two,
        agree=agreeing / (least2 * (least2 - 1)),
        share=counts / least1[..., None],
        hits=hits,
        pairable=counts * two[..., None],
        apart=(ratings * two) - agreeing / (least2 - 1),
        alike=alike,
        cross=cross,
    )


def totals(units: Terms, draws: Array | None = None) -> Terms:
    """The terms summed over units: once, or weighted by ``draws`` (resamples, units).

    The leading shape of the result is (resamples,) or (resamples, codes).
    """
    n = len(units.rated)
    weights = np.ones((1, n)) if draws is None else draws
    parts = {field.name: getattr(units, field.name) for field in fields(Terms)}
    # one product of all terms side by side is twice as fast as a product for each term
    sizes = [prod(part.shape[1:]) for part in parts.values()]
    rows = [part.reshape(n, size) for part, size in zip(parts.values(), sizes, strict=True)]
    sums = np.split(weights @ np.concatenate(rows, axis=1), np.cumsum(sizes)[:-1], axis=1)
    summed = {
        name: total.reshape(len(weights), *part.shape[1:])
        for (name, part), total in zip(parts.items(), sums, strict=True)
    }
    return Terms(**summed)


def sum_of_terms(weights: Array, part: Array) -> Array:
    """(resamples, ...) sums of (units, ...) weighed by (resamples, units)."""
    sums: Array = np.asarray(np.tensordot(weights, part, axes=1), dtype=np.float64)
    return sums
