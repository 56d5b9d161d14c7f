"""The agreement table: every coefficient of every code, with intervals, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.evidence import (
    Interval,
    evidence_on_codes,
    evidence_on_quotes,
    intervals,
)
from themecoder.agreement.measures import coefficients as c
from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.jackknife import left_out
from themecoder.agreement.measures.set_distances import SetTerms, set_alpha, set_terms
from themecoder.agreement.measures.statistics import Array, pairs_of, terms, totals
from themecoder.agreement.quotes import quote_values
from themecoder.agreement.table import CodingTable
from themecoder.agreement.values import value_agreement

ALL = "all"
SET_METRICS = {
    "krippendorff_alpha_jaccard": "jaccard",
    "krippendorff_alpha_masi": "masi",
    "krippendorff_alpha_sets": "nominal_on_sets",
}
"""Alpha over the sets of codes on an answer, by the distance between sets."""
_SAME_FOR_TWO_CODERS = (
    "conger_kappa",
    "fleiss_kappa",
)  # of two coders these are Cohen's kappa and Scott's pi


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One coefficient. ``coder_pair`` and ``code`` are ``all`` or one of them.

    ``n_answers``: answers that two coders or more coded; ``n_coders`` those who did. Of agreement
    on the values of a code these are the answers of which two or more said a value, None where the
    count is not to be shown, and who did.
    ``prevalence``: the mean share of an answer's coders who gave the code, over all coded answers
    (of a pair: those that both coded); ``given`` is how many of those answers anyone gave the code.
    Both are None of all codes at once, and where the count is not to be shown. ``se``: the standard
    error, with its degrees of freedom ``se_degrees``, where there is an interval; else
    ``no_interval_because`` says why a value has none, and ``more_answers`` how many more must be
    coded twice where that is all it takes.
    """

    question: str
    coder_pair: str
    code: str
    coefficient: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n_answers: int | None
    n_coders: int
    prevalence: float | None
    undefined_because: str | None
    given: int | None = None
    se: float | None = None
    se_degrees: float | None = None
    no_interval_because: str | None = None
    more_answers: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether how often the code is given is not to be shown."""
        return self.code != ALL and self.given is None


def agreement_rows(
    table: CodingTable,
    question: str,
    *,
    level: float = 0.95,
    pairs: bool = True,
) -> list[AgreementRow]:
    """The rows of all coders together and, of more than two, of each pair; sorted as the table is.

    Errors are those of respondents, each with all its answers.
    """
    rows = _rows_of_table(table, question, ALL, level)
    for first, second in zip(*pairs_of(len(table.coders) if pairs else 0), strict=True):
        pair = table.pair(int(first), int(second))
        if pair.doubled:
            rows_of_pair = _rows_of_table(pair, question, "|".join(pair.coders), level)
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
    table: CodingTable, question: str, pair: str, level: float
) -> list[AgreementRow]:
    # the answers themselves come first, then without each respondent
    drawn = np.concatenate([np.ones((1, len(table.answers))), left_out(table.respondents)])
    shares = _prevalence(table)
    given = (table.cells == 1).any(axis=0).sum(axis=0).tolist()
    on_codes, on_quotes = evidence_on_codes(table), evidence_on_quotes(table)
    rows = []
    last = len(table.codes)  # the place of all codes at once
    for values_of, places, found in (
        (code_values, range(last), on_codes),
        (quote_values, range(last + 1), on_quotes),
        (set_values, [last], on_codes),
    ):
        for name, values in values_of(table, drawn).items():
            ends = intervals(name, values[0], values[1:], places, found, shares, level)
            codes = [(*table.codes, ALL)[n] for n in places]
            rows += _rows(name, codes, values[0], ends, table, question, pair, shares, given)

    place = {code: n for n, code in enumerate((*table.codes, ALL))}
    for one in value_agreement(table, level):
        n = place[one.code]
        rows.append(
            _row(
                (question, pair, one.code, one.coefficient),
                one.value,
                one.undefined_because,
                one.interval,
                (one.answers, one.coders),
                (float(shares[n]) if table.answers else None, given[n]),
            )
        )
    return sorted(rows, key=lambda row: (place[row.code], row.coefficient))


def _rows(
    name: str,
    codes: Sequence[str],
    values: Array,
    intervals: Sequence[Interval],
    table: CodingTable,
    question: str,
    pair: str,
    shares: Array,
    given: Sequence[int],
) -> list[AgreementRow]:
    rows = []
    for n, (code, interval) in enumerate(zip(codes, intervals, strict=True)):
        value = None if np.isnan(values[n]) else float(values[n])
        shown = interval if value is not None else Interval()
        reason = None if value is not None else why_undefined(table, None if code == ALL else n)
        rows.append(
            _row(
                (question, pair, code, name),
                value,
                reason,
                shown,
                (table.doubled, len(table.coders)),
                (
                    None if code == ALL or not table.answers else float(shares[n]),
                    None if code == ALL else given[n],
                ),
            )
        )
    return rows


def _row(
    of: tuple[str, str, str, str],
    value: float | None,
    reason: str | None,
    interval: Interval,
    extent: tuple[int, int],
    use: tuple[float | None, int | None],
) -> AgreementRow:
    """``of``: the question, pair, code and coefficient; ``extent``: the answers and coders that it
    rests on; ``use``: the code's prevalence, and the answers that it was given."""
    return AgreementRow(
        *of,
        value=value,
        ci_low=interval.low,
        ci_high=interval.high,
        n_answers=extent[0],
        n_coders=extent[1],
        prevalence=use[0],
        undefined_because=reason,
        given=use[1],
        se=interval.se,
        se_degrees=interval.degrees,
        no_interval_because=interval.because,
        more_answers=interval.more,
    )


def _prevalence(table: CodingTable) -> Array:
    """Per code the mean share of an answer's coders who gave it, over all coded answers."""
    if not table.answers:
        return np.zeros(len(table.codes))
    times = (table.cells >= 0).sum(axis=0)
    share: Array = ((table.cells == 1).sum(axis=0) / np.maximum(times, 1)).mean(axis=0)
    return share


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
