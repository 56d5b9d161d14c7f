"""One entry to every coefficient, by its name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from themecoder.agreement.measures import benchmark, from_ratings, from_spans
from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.measures.coefficients import (
    MANY_CODERS,
    cohen_kappa,
    light_kappa,
    scott_pi,
)
from themecoder.agreement.measures.ratings import Ratings, from_table, has_code, ratings, sets
from themecoder.agreement.measures.result import Measured, undefined
from themecoder.agreement.measures.set_distances import (
    METRICS,
    jaccard_distance,
    masi_distance,
    set_alpha,
    set_terms,
)
from themecoder.agreement.measures.statistics import Array, Terms, terms, totals
from themecoder.agreement.measures.weights import LEVELS, WAYS, weights_of
from themecoder.errors import InputError, Problem
from themecoder.plugins import find_plugin, is_plugin

Data = Mapping[str, Any]
Options = Mapping[str, Any]


def measure(coefficient: str, data: Data, **options: Any) -> Measured:
    """A coefficient of agreement, with its error and interval where a formula is published.

    ``coefficient``: a name of ``COEFFICIENTS``, or ``plugin:<name>`` of another package, which
    takes data and options as given and returns a number, or None. ``data`` holds one of

    - ``matrix``: a row per coder, a column per unit; a label, a list of labels (a set; [] is "seen,
      nothing applies") or None (not coded, as NaN is)
    - ``table``: the contingency table of two coders, the first in the rows
    - ``counts``: a row per unit, how many coders gave it each category
    - ``spans``: [coder, start, end, value] of one text (end exclusive); or ``documents``:
      {document: {coder: [[start, end, value]]}}, an empty list for a coder who marked nothing
    - ``a`` and ``b``, or ``pairs``: label sets, for the distances
    - ``coefficient`` and ``se``: for the benchmark

    Options: ``categories`` (all that could be chosen: q of AC1 and of Brennan-Prediger), ``code``
    (0/1: whether a label set has this code), ``level`` of alpha (nominal, ordinal, interval, ratio,
    jaccard, masi, nominal_on_sets), ``weights`` (identity, linear, quadratic, ordinal, radical,
    ratio), ``distance`` or ``disagreement`` (a matrix in the order of the categories, of distances
    symmetric and 0 on the diagonal); for spans ``length`` and ``coders``; for the others see the
    docs (docs/agreement.md).

    Coders without any rating are left out and counted in ``notes``. Raises InputError for a name,
    an option or data that make no sense; that a statistic is not defined is a result, not an error.
    """
    if is_plugin(coefficient):
        return _of_plugin(coefficient, data, options)
    if coefficient not in COEFFICIENTS:
        known = ", ".join(COEFFICIENTS)
        raise InputError(Problem("agreement.coefficient", {"found": coefficient, "known": known}))
    handler, known_options = COEFFICIENTS[coefficient]
    strange = sorted(set(options) - set(known_options))
    if strange:
        params = {"found": ", ".join(strange), "known": ", ".join(known_options)}
        raise InputError(Problem("agreement.option", params))
    return handler(data, options)


def _of_plugin(coefficient: str, data: Data, options: Options) -> Measured:
    plugin = find_plugin("coefficients", coefficient)
    compute = plugin.load()
    with plugin.running():
        found = compute(data, **options)
        value = None if found is None else float(found)
    notes = {"package": plugin.package, "version": plugin.version}
    if value is None or not math.isfinite(value):
        return undefined(because.BY_PLUGIN, **notes)
    return Measured(value, notes=notes)


def _ratings(data: Data, options: Options) -> Ratings:
    if "table" in data:
        return from_table(data["table"])
    if "counts" in data:
        return from_ratings.from_counts(data["counts"])
    if "matrix" not in data:
        raise InputError(Problem("agreement.data", {"found": ", ".join(sorted(data))}))
    matrix, categories = data["matrix"], options.get("categories")
    if "code" in options:
        known = data.get("codes")
        if known is not None and options["code"] not in known:
            params = {"found": options["code"], "known": ", ".join(map(str, known))}
            raise InputError(Problem("agreement.category", params))
        matrix, categories = has_code(matrix, options["code"]), categories or (0, 1)
    return ratings(matrix, categories)


def _weights(given: Ratings, options: Options) -> Array | None:
    return weights_of(options, given.categories, given.q)


def _many_coders(name: str, data: Data, options: Options) -> Measured:
    given = _ratings(data, options)
    return from_ratings.many_coders(name, given, _weights(given, options))


def _two_coders(name: str, data: Data, options: Options) -> Measured:
    given = _ratings(data, options)
    return from_ratings.two_coders(name, given, _weights(given, options))


def _weighted(name: str, data: Data, options: Options) -> Measured:
    if not set(WAYS) & set(options):
        raise InputError(Problem("agreement.needs", {"option": "weights"}))
    run = _two_coders if name == "cohen_kappa" else _many_coders
    return run(name, data, options)


def _pabak(data: Data, options: Options) -> Measured:
    """Brennan-Prediger's coefficient of two categories: 2 po - 1."""
    given = _ratings(data, options)
    if given.q != 2:
        raise InputError(
            Problem("agreement.two_by_two", {"q": given.q, "coders": given.cells.shape[0]})
        )
    return from_ratings.many_coders("brennan_prediger", given)


def _light(data: Data, options: Options) -> Measured:
    given = _ratings(data, options)
    return from_ratings.light(given, _weights(given, options))


def _alpha(data: Data, options: Options) -> Measured:
    level = options.get("level", "nominal")
    ways = [name for name in WAYS if name in options]
    if level != "nominal" and ways:
        raise InputError(Problem("agreement.one_of", {"found": ", ".join(["level", *ways])}))
    if level in METRICS:
        return _alpha_of_sets(data, level)
    given = _ratings(data, options)
    return from_ratings.alpha(given, level, _weights(given, options))


def _alpha_of_sets(data: Data, level: str) -> Measured:
    rows = sets(data["matrix"])
    kept = [row for row in rows if any(cell is not None for cell in row)]
    notes = {"coders_without_rating": len(rows) - len(kept)} if len(kept) < len(rows) else {}
    if len(kept) < 2:
        return undefined(because.ONE_CODER if kept else because.NO_UNITS, **notes)
    t = set_terms(kept, level)
    if not t.counts.any():
        return undefined(because.NO_OVERLAP, **notes)
    value = float(set_alpha(t)[0])
    if np.isnan(value):
        return undefined(because.NO_VARIATION, **notes)
    return Measured(value, notes=notes)


def _distance(function: Callable[..., float], data: Data, _: Options) -> Measured:
    return Measured(function(frozenset(data["a"]), frozenset(data["b"])))


def _mean_distance(
    function: Callable[..., float], similar: bool, data: Data, _: Options
) -> Measured:
    apart = [function(frozenset(a), frozenset(b)) for a, b in data["pairs"]]
    if not apart:
        return undefined(because.NO_UNITS)
    mean = sum(apart) / len(apart)
    return Measured(1 - mean if similar else mean)


def _benchmark(data: Data, options: Options) -> Measured:
    """The cumulative probabilities of the scale's levels, and the level that is retained."""
    scale = benchmark.scale_of(options.get("scale", "landis_koch"))
    lowest: Sequence[float] = options.get("lower_bounds", scale.lowest)
    if len(lowest) != len(scale.levels):
        params = {"found": len(lowest), "expected": len(scale.levels)}
        raise InputError(Problem("agreement.bounds", params))
    if not data["se"] > 0:
        return undefined(because.NO_SPREAD)
    chances = benchmark.cumulative(data["coefficient"], data["se"], lowest)
    level = benchmark.retained(chances, scale.levels, options.get("threshold", 0.95))
    return Measured({"cumprob": list(chances), "retained": level})


def _bootstrap(data: Data, options: Options) -> Measured:
    """A percentile interval of ``statistic``: a coefficient, for alpha with its level behind it
    ("krippendorff_alpha masi"). ``clusters`` in data: the respondent of each unit."""
    name, _, level = str(options.get("statistic", "krippendorff_alpha")).partition(" ")
    level = level or "nominal"
    of_alpha = name == "krippendorff_alpha" and level in (*LEVELS, *METRICS)
    problems = []
    if not of_alpha and (name not in _RESAMPLED or level != "nominal"):
        params = {"found": options["statistic"], "known": ", ".join(_RESAMPLED)}
        problems.append(Problem("agreement.coefficient", params))
    if options.get("method", "percentile") != "percentile":
        params = {"found": options["method"], "known": "percentile"}
        problems.append(Problem("agreement.method", params))
    if problems:
        raise InputError(problems)
    given = _ratings(data, options)
    if reason := from_ratings.empty_because(given.coded()):
        return undefined(reason)
    clusters = list(data.get("clusters", range(given.cells.shape[1])))
    if len(set(clusters)) < 2:
        return undefined(because.NO_SPREAD)
    drawn = draws(clusters, int(options.get("resamples", 2000)), int(options.get("seed", 0)))
    ends = intervals(_resampled(name, level, data, given, drawn), float(options.get("level", 0.95)))
    share = float(ends.undefined)
    if np.isnan(ends.low):
        return undefined(because.TOO_MANY_UNDEFINED, undefined_share=share)
    # with missing ratings a kappa can be below -1 in a resample
    low, high = (float(np.clip(end, -1, 1)) for end in (ends.low, ends.high))
    return Measured((low, high), notes={"undefined_share": share})


def _resampled(name: str, level: str, data: Data, given: Ratings, drawn: Array) -> Array:
    """The statistic in each resample (resamples,), NaN where undefined."""
    if level in METRICS:
        return set_alpha(set_terms(sets(data["matrix"]), level), drawn)
    if level != "nominal":  # the distances rest on the ratings, so each resample has its own
        samples = [
            replace(given, cells=given.cells.repeat(times.astype(int), axis=1)) for times in drawn
        ]
        values = [from_ratings.alpha(sample, level).value for sample in samples]
        return np.array([np.nan if value is None else value for value in values])
    times = totals(terms(given.cells, given.q), drawn)
    return _RESAMPLED[name](times)


_RESAMPLED: dict[str, Callable[[Terms], Array]] = {
    **MANY_CODERS,
    "cohen_kappa": lambda t: cohen_kappa(t, None)[..., 0],
    "scott_pi": lambda t: scott_pi(t, None)[..., 0],
    "light_kappa": lambda t: light_kappa(cohen_kappa(t, None)),
}
_OF_RATINGS = ("categories", "code")
_WEIGHTED = (*_OF_RATINGS, *WAYS)
_OF_SPANS = ("length", "coders")
_Handler = Callable[[Data, Options], Measured]

COEFFICIENTS: dict[str, tuple[_Handler, tuple[str, ...]]] = {
    "percent_agreement": (partial(_many_coders, "percent_agreement"), _WEIGHTED),
    "percent_agreement_rating_weighted": (
        lambda data, options: from_ratings.by_rating(_ratings(data, options)),
        _OF_RATINGS,
    ),
    "cohen_kappa": (partial(_two_coders, "cohen_kappa"), _WEIGHTED),
    "weighted_kappa": (partial(_weighted, "cohen_kappa"), _WEIGHTED),
    "scott_pi": (partial(_two_coders, "scott_pi"), _WEIGHTED),
    "light_kappa": (_light, _WEIGHTED),
    "fleiss_kappa": (partial(_many_coders, "fleiss_kappa"), _WEIGHTED),
    "fleiss_kappa_z0": (
        lambda data, options: from_ratings.fleiss_z0(_ratings(data, options)),
        _OF_RATINGS,
    ),
    "conger_kappa": (partial(_many_coders, "conger_kappa"), _WEIGHTED),
    "gwet_ac1": (partial(_many_coders, "gwet_ac1"), _WEIGHTED),
    "gwet_ac2": (partial(_weighted, "gwet_ac1"), _WEIGHTED),
    "brennan_prediger": (partial(_many_coders, "brennan_prediger"), _WEIGHTED),
    "pabak": (_pabak, _OF_RATINGS),
    "krippendorff_alpha": (_alpha, (*_WEIGHTED, "level")),
    "specific_agreement": (
        lambda data, options: from_ratings.specific(
            _ratings(data, options), options.get("category")
        ),
        (*_OF_RATINGS, "category"),
    ),
    "prevalence_and_bias_index": (
        lambda data, options: from_ratings.prevalence_and_bias(_ratings(data, options)),
        _OF_RATINGS,
    ),
    "all nominal": (
        lambda data, options: from_ratings.all_nominal(_ratings(data, options)),
        _OF_RATINGS,
    ),
    "u_alpha": (partial(from_spans.unitizing, "u_alpha"), _OF_SPANS),
    "binary_u_alpha": (partial(from_spans.unitizing, "binary_u_alpha"), _OF_SPANS),
    "cu_alpha": (partial(from_spans.unitizing, "cu_alpha"), _OF_SPANS),
    "ku_alpha": (partial(from_spans.unitizing, "ku_alpha"), (*_OF_SPANS, "value")),
    "alpha_u_1995": (from_spans.unitizing_1995, (*_OF_SPANS, "category")),
    "gamma_best_alignment_disorder": (
        from_spans.alignment,
        ("alpha", "beta", "delta_empty", "dissimilarity", "coders"),
    ),
    "jaccard_distance": (partial(_distance, jaccard_distance), ()),
    "masi_distance": (partial(_distance, masi_distance), ()),
    "mean_jaccard_distance": (partial(_mean_distance, jaccard_distance, False), ()),
    "mean_masi_distance": (partial(_mean_distance, masi_distance, False), ()),
    "mean_jaccard_similarity": (partial(_mean_distance, jaccard_distance, True), ()),
    "mean_masi_similarity": (partial(_mean_distance, masi_distance, True), ()),
    "bootstrap_ci": (
        _bootstrap,
        (*_OF_RATINGS, "statistic", "resample", "method", "level", "resamples", "seed"),
    ),
    "benchmark_cumulative_probability": (_benchmark, ("scale", "lower_bounds", "threshold")),
}
"""Every coefficient by its name, with the options it takes."""
