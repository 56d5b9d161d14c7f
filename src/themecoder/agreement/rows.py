"""The agreement table: every coefficient of every code, with intervals, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures import coefficients as c
from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.measures.set_distances import SetTerms, set_alpha, set_terms
from themecoder.agreement.measures.statistics import Array, pairs_of, terms, totals
from themecoder.agreement.quotes import quote_values
from themecoder.agreement.table import CodingTable

ALL = "all"
SET_METRICS = {
    "krippendorff_alpha_jaccard": "jaccard",
    "krippendorff_alpha_masi": "masi",
    "krippendorff_alpha_sets": "nominal_on_sets",
}
"""Alpha over the sets of codes on an answer, by the distance between sets."""
RESAMPLES = 1000
_SAME_FOR_TWO_CODERS = (
    "conger_kappa",
    "fleiss_kappa",
)  # of two coders these are Cohen's kappa and Scott's pi


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One coefficient. ``coder_pair`` and ``code`` are ``all`` or one of them.

    ``n_answers``: answers that two coders or more coded; ``n_coders`` those who did.
    ``prevalence``: the mean share of an answer's coders who gave the code, over all coded answers
    (of a pair: those that both coded). ``se``: the standard deviation over resamples.
    ``undefined_share``: of resamples; above 5% there is no interval, nor where all resamples are
    the same (perfect agreement): an interval of no width would say that nothing is unsure.
    """

    question: str
    coder_pair: str
    code: str
    coefficient: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n_answers: int
    n_coders: int
    prevalence: float | None
    undefined_because: str | None
    se: float | None = None
    undefined_share: float = 0.0


def agreement_rows(
    table: CodingTable,
    question: str,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = 0.95,
    pairs: bool = True,
) -> list[AgreementRow]:
    """The rows of all coders together and, of more than two, of each pair; sorted as the table is.

    Resamples are of respondents, each with all its answers.
    """
    rows = _rows_of_table(table, question, ALL, resamples, seed, level)
    for first, second in zip(*pairs_of(len(table.coders) if pairs else 0), strict=True):
        pair = table.pair(int(first), int(second))
        if pair.doubled:
            rows_of_pair = _rows_of_table(
                pair, question, "|".join(pair.coders), resamples, seed, level
            )
            rows += [row for row in rows_of_pair if row.coefficient not in _SAME_FOR_TWO_CODERS]
    return rows


def code_values(table: CodingTable, drawn: Array | None = None) -> dict[str, Array]:
    """Coefficient -> values (resamples, codes); of two coders also those of a pair's table."""
    t = totals(terms(table.cells, 2), drawn)
    values = {name: np.asarray(coefficient(t)) for name, coefficient in c.MANY_CODERS.items()}
    specific = c.positive_agreement(t)
    values["positive_agreement"] = specific[..., 1]
    values["negative_agreement"] = specific[..., 0]
    if len(table.coders) == 2:
        values["cohen_kappa"] = c.cohen_kappa(t)[..., 0]
        values["scott_pi"] = c.scott_pi(t)[..., 0]
        values["kappa_max"] = c.kappa_max(t)[..., 0]
        values["prevalence_index"] = c.prevalence_index(t)[..., 0]
        values["bias_index"] = c.bias_index(t)[..., 0]
    else:
        values["light_kappa"] = c.light_kappa(c.cohen_kappa(t))
    return values


def set_values(table: CodingTable, drawn: Array | None = None) -> dict[str, Array]:
    """Coefficient -> values (resamples, 1) over the answers' sets of codes."""
    sets = table.sets()
    values: dict[str, Array] = {}
    for name, metric in SET_METRICS.items():
        t = set_terms(sets, metric)
        values[name] = set_alpha(t, drawn)[:, None]
    values["percent_agreement"] = _equal_sets(t, drawn)[:, None]
    return values


def why_undefined(table: CodingTable, code: int | None) -> str:
    """Why a coefficient of a code (of the sets, where None) has no value on this table."""
    if not table.answers:
        return because.NO_UNITS
    if len(table.coders) < 2:
        return because.ONE_CODER
    if not table.doubled:
        return because.NO_OVERLAP
    if code is not None:
        twice = table.seen.sum(axis=0) >= 2
        if not (table.cells[:, twice, code] == 1).any():
            return because.NOT_USED
    return because.NO_VARIATION


def _rows_of_table(
    table: CodingTable, question: str, pair: str, resamples: int, seed: int, level: float
) -> list[AgreementRow]:
    drawn = draws(table.respondents, resamples, seed)
    rows = []
    for values_of in (code_values, quote_values, set_values):
        points, resampled = values_of(table), values_of(table, drawn) if table.doubled else {}
        rows += _rows(points, resampled, table, question, pair, level)

    place = {code: n for n, code in enumerate((*table.codes, ALL))}
    return sorted(rows, key=lambda row: (place[row.code], row.coefficient))


def _rows(
    points: dict[str, Array],
    resampled: dict[str, Array],
    table: CodingTable,
    question: str,
    pair: str,
    level: float,
) -> list[AgreementRow]:
    rows = []
    shares = _prevalence(table)
    for name, values in points.items():
        width = values.shape[1]
        codes = [ALL] if width == 1 else [*table.codes, *([ALL] * (width - len(table.codes)))]
        resamples = resampled.get(name, np.full((1, width), np.nan))
        ends = intervals(resamples, level)
        # equal ends are no interval: nothing was seen that could vary
        known = ends.high - ends.low > c.TINY
        spread = np.nanstd(np.where(known, resamples, 0.0), axis=0)
        for n, code in enumerate(codes):
            value = None if np.isnan(values[0, n]) else float(values[0, n])
            has_interval = value is not None and bool(known[n])
            reason = None if value is not None else why_undefined(table, None if code == ALL else n)
            rows.append(
                AgreementRow(
                    question=question,
                    coder_pair=pair,
                    code=code,
                    coefficient=name,
                    value=value,
                    ci_low=float(ends.low[n]) if has_interval else None,
                    ci_high=float(ends.high[n]) if has_interval else None,
                    n_answers=table.doubled,
                    n_coders=len(table.coders),
                    prevalence=None if code == ALL else shares[n],
                    undefined_because=reason,
                    se=float(spread[n]) if has_interval else None,
                    undefined_share=float(ends.undefined[n]),
                )
            )
    return rows


def _prevalence(table: CodingTable) -> Sequence[float | None]:
    seen = table.cells >= 0
    times = seen.sum(axis=0)
    if not table.answers:
        return [None] * len(table.codes)
    share = (table.cells == 1).sum(axis=0) / np.maximum(times, 1)
    return [float(value) for value in share.mean(axis=0)]


def _equal_sets(t: SetTerms, drawn: Array | None) -> Array:
    """The mean over answers of the share of pairs of coders with equal sets."""
    times = t.counts.sum(axis=1)
    pairs = times * (times - 1)
    each = (t.counts * (t.counts - 1)).sum(axis=1) / np.maximum(pairs, 1)
    weights = np.ones((1, len(times))) if drawn is None else drawn
    doubled = weights @ (times >= 2).astype(float)
    ratio: Array = np.divide(
        weights @ each, doubled, out=np.full(len(doubled), np.nan), where=doubled > 0
    )
    return ratio
