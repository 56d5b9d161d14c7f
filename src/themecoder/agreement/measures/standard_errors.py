"""Analytic standard errors: linearised variances over units, as Gwet publishes them.

Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., pp. 148-150 and ch. 5 (the formulas are
those of his irrCAC for R). Each coefficient is written as a mean of one value per unit; the
variance is that of the mean over units, the coders being fixed. Two coders who rated all units
have the table's form, which divides by n and for kappa equals Fleiss, Cohen & Everitt (1969); else
n - 1.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from themecoder.agreement.measures.ratings import MISSING, Ratings
from themecoder.agreement.measures.statistics import Array, Terms, terms


def standard_error(
    name: str, ratings: Ratings, value: float, weights: Array | None = None
) -> float | None:
    """The standard error of a coefficient of ``coefficients.MANY_CODERS``; None where it has none:
    one unit, or no chance left to correct for."""
    near = np.eye(ratings.q) if weights is None else weights
    units = terms(ratings.cells, ratings.q, near)
    n = len(units.rated)
    if name == "krippendorff_alpha":
        each, center = _alpha(units, near)
        n = len(each)
    else:
        each = _unit_values(name, ratings, units, near, value)
        center = value
    if n < 2 or not np.isfinite(each).all():
        return None
    complete_pair = ratings.cells.shape[0] == 2 and not (ratings.cells == MISSING).any()
    return float(np.sqrt(((each - center) ** 2).sum() / (n * (n if complete_pair else n - 1))))


def interval(value: float, se: float, units: int, level: float = 0.95) -> tuple[float, float]:
    """value -/+ t se with units - 1 degrees of freedom, cut off at -1 and 1: Gwet (2014),
    p. 151. ``value`` is -1 or more."""
    reach = float(student.ppf((1 + level) / 2, units - 1)) * se
    return max(value - reach, -1.0), min(value + reach, 1.0)


def _unit_values(name: str, r: Ratings, units: Terms, near: Array, value: float) -> Array:
    n, q = len(units.rated), near.shape[0]
    rescale = n / units.two.sum()
    if name == "percent_agreement":
        return np.asarray(rescale * units.agree)
    pi = units.share.mean(axis=0)
    match name:
        case "brennan_prediger":
            chance, moves = near.sum() / q**2, np.zeros_like(units.rated)
        case "gwet_ac1":
            spread = near.sum() / (q * (q - 1)) if q > 1 else 0.0
            chance = spread * (pi * (1 - pi)).sum()
            moves = spread * (units.share @ (1 - pi)) - chance
        case "fleiss_kappa":
            chance = pi @ near @ pi
            moves = units.share @ ((near + near.T) / 2 @ pi) - chance
        case _:
            chance, moves = _conger(r, units, near)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = rescale * (units.agree - chance * units.two) / (1 - chance)
        return np.asarray(level - 2 * (1 - value) * moves / (1 - chance))


def _conger(r: Ratings, units: Terms, near: Array) -> tuple[float, Array]:
    """Chance by the coders' own distributions, and how each unit moves it from there."""
    coders, n = r.cells.shape
    hits = np.moveaxis(units.hits, 1, 0)  # (coders, units, q)
    rated = hits.sum(axis=2)
    times = rated.sum(axis=1)
    own = hits.sum(axis=1) / times[:, None]
    both = own.sum(axis=0)
    chance = (both @ near @ both - ((own @ near) * own).sum()) / (coders * (coders - 1))
    # a coder's share of a category moves with the units that this coder rated
    lean = (hits - (rated - (times / n)[:, None])[..., None] * own[:, None, :]) @ near.T
    each = (lean * (n / times)[:, None, None] * (both - own)[:, None, :]).sum(axis=(0, 2))
    return float(chance), each / (coders * (coders - 1)) - chance


def _alpha(units: Terms, near: Array) -> tuple[Array, float]:
    pairable = units.two == 1
    counts = units.pairable[pairable]
    per_unit = counts.sum(axis=1)
    mean = per_unit.mean() if len(per_unit) else np.nan
    agreeing = (counts * (counts @ near.T - 1)).sum(axis=1) / (mean * (per_unit - 1))
    level = agreeing.mean()
    # alpha's own agreement pairs values with replacement, which adds 1 / (number of values)
    drawn = level + (1 - level) / per_unit.sum()
    pi = (counts / mean).mean(axis=0)
    chance = pi @ near @ pi
    with np.errstate(divide="ignore", invalid="ignore"):
        center = (level - chance) / (1 - chance)
        heavy = (per_unit - mean) / mean
        moves = counts @ ((near + near.T) / 2 @ pi) / mean - chance * heavy - chance
        each = (agreeing - drawn * heavy - chance) / (1 - chance)
        return np.asarray(each - 2 * (1 - center) * moves / (1 - chance)), float(center)
