"""Chance-corrected agreement from totals; each formula for all resamples and codes at once.

Every function takes the summed ``Terms`` (leading shape ``...``) and returns an array (...) of
values, NaN where the coefficient is undefined. With missing ratings the definitions are Gwet's:
agreement is the mean over units with two or more ratings, each unit as heavy; the chance of a
category rests on every rated unit. Cohen's kappa and Scott's pi rest on units that both rated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from themecoder.agreement.measures.statistics import Array, Terms

TINY = 1e-12
"""Chance agreement this near to 1 counts as 1, since sums of shares are not exact."""


def observed(t: Terms) -> Array:
    """Percent agreement: mean over units with two or more ratings of the share of pairs of coders
    that agree. Gwet (2014), p. 145, eq. 5.3; of two coders the plain share of equal ratings."""
    return _ratio(t.agree, t.two)


def observed_by_rating(t: Terms) -> Array:
    """Agreement with each unit as heavy as it has ratings: 1 - D_o of nominal alpha."""
    return 1 - _ratio(t.apart, t.pairable.sum(axis=-1))


def fleiss_kappa(t: Terms, weights: Array | None = None) -> Array:
    """Fleiss (1971), Psychological Bulletin 76, p. 379; with missing ratings and weights Gwet
    (2014), p. 146. Of two coders who rated all, Scott's pi (1955)."""
    return _corrected(observed(t), _expected(_prevalence(t), weights))


def gwet_ac1(t: Terms, weights: Array | None = None) -> Array:
    """Gwet (2008), Br. J. Math. Stat. Psychol. 61, p. 34; AC2 with weights: Gwet (2014), p. 147.

    Chance: sum of pi (1 - pi) over q - 1, times the sum of the weights over q. Its q is how many
    categories could be chosen. One category alone: chance is 0 by convention.
    """
    pi = _prevalence(t)
    q = pi.shape[-1]
    if q == 1:
        return _corrected(observed(t), np.zeros(pi.shape[:-1]))
    total = q if weights is None else float(weights.sum())
    return _corrected(observed(t), total / (q * (q - 1)) * (pi * (1 - pi)).sum(axis=-1))


def brennan_prediger(t: Terms, weights: Array | None = None) -> Array:
    """Brennan & Prediger (1981), Educ. Psychol. Meas. 41, p. 693: chance is 1/q (weighted: the mean
    weight). Of two categories PABAK, 2 po - 1 (Byrt, Bishop & Carlin 1993)."""
    q = t.share.shape[-1]
    chance = 1 / q if weights is None else float(weights.sum()) / q**2
    po = observed(t)
    return _corrected(po, np.full(po.shape, chance))


def conger_kappa(t: Terms, weights: Array | None = None) -> Array:
    """Conger (1980), Psychological Bulletin 88, p. 325: chance is the mean over pairs of coders of
    the product of their own distributions; with missing ratings Gwet (2014), p. 148.

    Coders without a rating (in a resample) are left out of the pairs.
    """
    rated = t.hits.sum(axis=-1)
    own = t.hits / np.where(rated == 0, 1, rated)[..., None]
    here = (rated > 0).sum(axis=-1)
    both = own.sum(axis=-2)
    weighted = both if weights is None else both @ weights
    alone = own if weights is None else own @ weights
    pairs = (weighted * both).sum(axis=-1) - (alone * own).sum(axis=(-2, -1))
    return _corrected(observed(t), _ratio(pairs, here * (here - 1.0)))


def krippendorff_alpha(t: Terms) -> Array:
    """Nominal alpha: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C.
    Units with fewer than two ratings say nothing."""
    n = t.pairable.sum(axis=-1)
    unlike = n**2 - (t.pairable**2).sum(axis=-1)
    return 1 - _ratio((n - 1) * t.apart, np.where(unlike <= TINY * n**2, 0.0, unlike))


def cohen_kappa(t: Terms, weights: Array | None = None) -> Array:
    """Cohen (1960), Educ. Psychol. Meas. 20, p. 40; weighted: Cohen (1968). One value per pair of
    coders, (..., pairs), from the units that both rated."""
    return _from_pair_tables(t, weights, pooled=False)


def scott_pi(t: Terms, weights: Array | None = None) -> Array:
    """Scott (1955), Public Opinion Quarterly 19, p. 323. One value per pair of coders."""
    return _from_pair_tables(t, weights, pooled=True)


def positive_agreement(t: Terms) -> Array:
    """Specific agreement on each category (..., q): of two coders 2a / (2a + b + c); of more,
    pairs that agree on it over pairs in which one has it. Cicchetti & Feinstein (1990), J. Clin.
    Epidemiol. 43, p. 554; more coders: Spitzer & Fleiss (1974), Br. J. Psychiatry 125, p. 344."""
    return _ratio(t.alike, t.pairable)


def kappa_max(t: Terms) -> Array:
    """The highest kappa that the pair's own distributions allow: Cohen (1960), p. 42.
    (..., pairs)"""
    table = _ratio(t.cross, t.cross.sum(axis=(-2, -1), keepdims=True))
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    return _corrected(np.minimum(rows, columns).sum(axis=-1), (rows * columns).sum(axis=-1))


def prevalence_index(t: Terms) -> Array:
    """|a - d| / n of a 2 x 2 table: Byrt, Bishop & Carlin (1993), J. Clin. Epidemiol. 46, p. 424.
    (..., pairs)"""
    both = t.cross[..., [0, 1], [0, 1]]
    return _ratio(np.abs(both[..., 1] - both[..., 0]), t.cross.sum(axis=(-2, -1)))


def bias_index(t: Terms) -> Array:
    """|b - c| / n of a 2 x 2 table: Byrt, Bishop & Carlin (1993), p. 424. (..., pairs)"""
    return _ratio(np.abs(t.cross[..., 0, 1] - t.cross[..., 1, 0]), t.cross.sum(axis=(-2, -1)))


MANY_CODERS: dict[str, Callable[[Terms], Array]] = {
    "percent_agreement": observed,
    "brennan_prediger": brennan_prediger,
    "conger_kappa": conger_kappa,
    "fleiss_kappa": fleiss_kappa,
    "gwet_ac1": gwet_ac1,
    "krippendorff_alpha": krippendorff_alpha,
}
"""The coefficients for two coders or more, by the name that tables and ``measure`` use."""


def light_kappa(kappas: Array) -> Array:
    """Light (1971): the mean of the pairs' kappas that are defined. (..., pairs) -> (...)"""
    defined = ~np.isnan(kappas)
    return _ratio(np.where(defined, kappas, 0.0).sum(axis=-1), defined.sum(axis=-1).astype(float))


def without_pairs(t: Terms) -> Terms:
    """The terms without the tables of pairs, which take most memory and are rarely needed."""
    return replace(t, cross=t.cross[..., :0, :, :])


def _from_pair_tables(t: Terms, weights: Array | None, pooled: bool) -> Array:
    n = t.cross.sum(axis=(-2, -1))
    table = t.cross / np.where(n == 0, 1, n)[..., None, None]
    near = np.eye(table.shape[-1]) if weights is None else weights
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    if pooled:
        rows = columns = (rows + columns) / 2
    po = np.where(n == 0, np.nan, (table * near).sum(axis=(-2, -1)))
    return _corrected(po, ((rows @ near) * columns).sum(axis=-1))


def _prevalence(t: Terms) -> Array:
    return _ratio(t.share, t.rated[..., None])


def _expected(pi: Array, weights: Array | None) -> Array:
    return np.asarray(((pi if weights is None else pi @ weights) * pi).sum(axis=-1))


def _corrected(po: Array, pe: Array) -> Array:
    room = 1 - pe
    return _ratio(po - pe, np.where(np.abs(room) <= TINY, 0.0, room))


def _ratio(above: Array, below: Array) -> Array:
    above, below = np.broadcast_arrays(above, below)
    ratio: Array = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return ratio
