"""Coefficients of one set of ratings: the value with its error, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from themecoder.agreement.measures import coefficients as c
from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.ratings import MISSING, Ratings
from themecoder.agreement.measures.result import Measured, undefined
from themecoder.agreement.measures.standard_errors import interval, standard_error
from themecoder.agreement.measures.statistics import Array, Terms, terms, totals
from themecoder.agreement.measures.weights import distances
from themecoder.errors import InputError, Problem

PAIR = {"cohen_kappa": c.cohen_kappa, "scott_pi": c.scott_pi}
_ERROR_AS = {"cohen_kappa": "conger_kappa", "scott_pi": "fleiss_kappa", "gwet_ac2": "gwet_ac1"}
_WEIGHED: dict[str, Callable[[Terms, Array | None], Array]] = {
    "brennan_prediger": c.brennan_prediger,
    "conger_kappa": c.conger_kappa,
    "fleiss_kappa": c.fleiss_kappa,
    "gwet_ac1": c.gwet_ac1,
    "percent_agreement": lambda t, _: c.observed(t),
}


def empty_because(ratings: Ratings) -> str | None:
    """Why no coefficient is defined on these ratings (of ``Ratings.coded``), or None."""
    coders, units = ratings.cells.shape
    if not coders or not units:
        return because.NO_UNITS
    if coders < 2:
        return because.ONE_CODER
    if not ((ratings.cells != MISSING).sum(axis=0) >= 2).any():
        return because.NO_OVERLAP
    return None


def many_coders(name: str, given: Ratings, weights: Array | None = None) -> Measured:
    """A coefficient of ``coefficients.MANY_CODERS`` on two coders or more."""
    ratings, notes = _coded(given)
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    t = totals(terms(ratings.cells, ratings.q, weights))
    if name == "krippendorff_alpha":
        value = _number(c.krippendorff_alpha(t))
    else:
        value = _number(_WEIGHED[name](t, weights))
    return _with_error(name, ratings, value, weights, notes)


def alpha(given: Ratings, level: str, weights: Array | None = None) -> Measured:
    """Krippendorff's alpha of any level: Krippendorff (2019), Content Analysis, 4th ed., 12.3."""
    if level == "nominal" and weights is None:
        return many_coders("krippendorff_alpha", given)
    ratings, notes = _coded(given)
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    counts = ratings.counts
    counts = counts[counts.sum(axis=1) >= 2]
    used = counts.sum(axis=0)
    far = distances(level, ratings.categories, used) if weights is None else 1 - weights
    per_unit = counts.sum(axis=1)
    observed = float(((counts @ far * counts).sum(axis=1) / (per_unit - 1)).sum())
    expected = float(used @ far @ used)
    if expected <= c.TINY * used.sum() ** 2 * max(far.max(), 1e-300):
        return undefined(because.NO_VARIATION, **notes)
    value = 1 - (used.sum() - 1) * observed / expected
    if level == "ordinal" and weights is None:
        # its distances rest on the data, for which no formula of the error is published
        return Measured(float(value), notes=notes)
    return _with_error("krippendorff_alpha", ratings, float(value), 1 - far / far.max(), notes)


def two_coders(name: str, given: Ratings, weights: Array | None = None) -> Measured:
    """Cohen's kappa or Scott's pi on the units that both coders rated.

    Raises InputError for more than two coders: there, conger_kappa or light_kappa is meant.
    """
    ratings, notes = _coded(given)
    if ratings.cells.shape[0] > 2:
        raise InputError(
            Problem("agreement.two_coders", {"found": ratings.cells.shape[0], "coefficient": name})
        )
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    both = ratings.complete()
    value = _number(PAIR[name](totals(terms(both.cells, both.q)), weights))
    return _with_error(_ERROR_AS[name], both, value, weights, notes)


def light(given: Ratings, weights: Array | None = None) -> Measured:
    """Light's kappa; ``pairs_defined`` of ``pairs`` stands in the notes."""
    ratings, notes = _coded(given)
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    kappas = c.cohen_kappa(totals(terms(ratings.cells, ratings.q)), weights)
    defined = int((~np.isnan(kappas)).sum())
    notes |= {"pairs": kappas.shape[-1], "pairs_defined": defined}
    if not defined:
        return undefined(because.NO_PAIR, **notes)
    return Measured(_number(c.light_kappa(kappas)), notes=notes)


def by_rating(given: Ratings) -> Measured:
    """Percent agreement in which each unit counts as often as it has ratings."""
    ratings, notes = _coded(given)
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    return Measured(
        _number(c.observed_by_rating(totals(terms(ratings.cells, ratings.q)))), notes=notes
    )


def specific(given: Ratings, category: Hashable | None = None) -> Measured:
    """Agreement on one category; or, of 0/1 ratings, on 1 and on 0 with the highest possible kappa.

    Raises InputError for an unknown category, and where none is given of more than two.
    """
    ratings, notes = _coded(given)
    if category is None and ratings.q > 2:
        raise InputError(Problem("agreement.needs", {"option": "category"}))
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    t = totals(terms(ratings.cells, ratings.q))
    each = c.positive_agreement(t)[0]
    if category is not None:
        if category not in ratings.categories:
            known = ", ".join(map(repr, ratings.categories))
            raise InputError(
                Problem("agreement.category", {"found": repr(category), "known": known})
            )
        value = float(each[ratings.categories.index(category)])
        return (
            undefined(because.NOT_USED, **notes)
            if np.isnan(value)
            else Measured(value, notes=notes)
        )
    both = {
        "positive": _or_none(each[-1]) if ratings.q == 2 else None,
        "negative": _or_none(each[0]),
    }
    if ratings.cells.shape[0] == 2:
        both["kappa_max"] = _or_none(c.kappa_max(t)[0, 0])
        users = [n for n, row in enumerate(ratings.cells) if (row == ratings.q - 1).any()]
        if ratings.q == 2 and len(users) == 1:
            notes["used_by_one_coder"] = users[0]
    return Measured(both, notes=notes)


def prevalence_and_bias(given: Ratings) -> Measured:
    """Byrt, Bishop & Carlin's indices of a 2 x 2 table, with PABAK and the specific agreements.

    The first category is the positive one, as in their tables. Raises InputError for other tables.
    """
    ratings, notes = _coded(given)
    if ratings.q != 2 or ratings.cells.shape[0] > 2:
        raise InputError(
            Problem("agreement.two_by_two", {"q": ratings.q, "coders": ratings.cells.shape[0]})
        )
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    both = ratings.complete()
    t = totals(terms(both.cells, 2))
    each = c.positive_agreement(t)[0]
    value = {
        "prevalence_index": _number(c.prevalence_index(t)),
        "bias_index": _number(c.bias_index(t)),
        "pabak": _number(c.brennan_prediger(t)),
        "positive_agreement": _or_none(each[0]),
        "negative_agreement": _or_none(each[1]),
    }
    return Measured(value, notes=notes)


def fleiss_z0(given: Ratings) -> Measured:
    """Fleiss' kappa over its standard error where there is no agreement beyond chance.

    Fleiss, Nee & Landis (1979), Psychological Bulletin 86, p. 974, which corrects the error of
    Fleiss (1971); every unit must have the same number of ratings.
    """
    ratings, notes = _coded(given)
    if reason := empty_because(ratings):
        return undefined(reason, **notes)
    times = ratings.counts.sum(axis=1)
    if len(set(times)) > 1:
        return undefined(because.UNEQUAL, **notes)
    n, m = len(times), times[0]
    p = ratings.counts.sum(axis=0) / (n * m)
    spread = float((p * (1 - p)).sum())
    kappa = _number(c.fleiss_kappa(totals(terms(ratings.cells, ratings.q))))
    if np.isnan(kappa):
        return undefined(because.NO_VARIATION, **notes)
    skew = float((p * (1 - p) * (1 - 2 * p)).sum())
    se = np.sqrt(2 * (spread**2 - skew) / (n * m * (m - 1))) / spread
    return Measured(kappa / float(se), notes={**notes, "kappa": kappa, "se_null": float(se)})


def all_nominal(given: Ratings) -> Measured:
    """Every nominal coefficient by name; None where undefined, with the reason in the notes."""
    results: dict[str, Measured] = {name: many_coders(name, given) for name in c.MANY_CODERS}
    if len(_coded(given)[0].cells) <= 2:
        results |= {name: two_coders(name, given) for name in PAIR}
    results["light_kappa"] = light(given)
    reasons = {name: m.undefined_because for name, m in results.items() if m.undefined_because}
    values = {name: results[name].value for name in sorted(results)}
    return Measured(values, notes={"undefined_because": reasons} if reasons else {})


def from_counts(table: Sequence[Sequence[float]]) -> Ratings:
    """Ratings from how many coders gave each unit (row) each category (column).

    Which coder gave which category is not in them, so only coefficients that do not ask for it may
    rest on these ratings.
    """
    rows = [[k for k, times in enumerate(row) for _ in range(int(times))] for row in table]
    most = max(map(len, rows), default=0)
    cells = np.full((most, len(rows)), MISSING, dtype=np.int64)
    for n, row in enumerate(rows):
        cells[: len(row), n] = row
    return Ratings(cells, tuple(range(max(map(len, table), default=1))))


def _coded(given: Ratings) -> tuple[Ratings, dict[str, Any]]:
    ratings = given.coded()
    left_out = given.cells.shape[0] - ratings.cells.shape[0]
    return ratings, ({"coders_without_rating": left_out} if left_out else {})


def _with_error(
    name: str, r: Ratings, value: float, weights: Array | None, notes: Mapping[str, Any]
) -> Measured:
    if np.isnan(value):
        binary = r.categories == (0, 1) and not (r.cells == 1).any()
        return undefined(because.NOT_USED if binary else because.NO_VARIATION, **notes)
    se = standard_error(name, r, value, weights)
    result = Measured(value, notes=notes)
    if se is None or se <= c.TINY:
        return replace(result, notes={**notes, "no_interval": because.NO_SPREAD})
    if value < -1:
        return replace(result, notes={**notes, "no_interval": because.OUT_OF_RANGE})
    seen = (r.cells != MISSING).sum(axis=0)
    units = (seen >= (2 if name == "krippendorff_alpha" else 1)).sum()
    return replace(result, se=se, ci=interval(value, se, int(units)))


def _number(values: Array) -> float:
    return float(np.ravel(values)[0])


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
