"""Probabilities of codes against what people gave, each measure with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themecoder.agreement.measures.bootstrap import intervals

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ``value`` with its 95 % interval over respondents; None where there is nothing to say."""

    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True, slots=True)
class CodeScores:
    """One code, or all: ``f1`` of all is over all pairs of answer and code (micro), its
    ``average_precision`` the mean over the codes that people gave (macro)."""

    code: str
    precision: Estimate
    recall: Estimate
    f1: Estimate
    average_precision: Estimate


@dataclass(frozen=True, slots=True)
class Scores:
    """``first`` and ``three``: in what share of the answers with a code the likeliest one, or one
    of the three likeliest, is right."""

    whole: CodeScores
    codes: tuple[CodeScores, ...]
    first: Estimate
    three: Estimate


def scores(
    probabilities: FloatArray,
    given: BoolArray,
    codes: tuple[str, ...],
    cut_off: float,
    drawn: FloatArray,
) -> Scores:
    """The measures of (n, C) ``probabilities`` against what was ``given`` (n, C).

    A code is suggested from ``cut_off`` on. ``drawn`` (R, n): how often each answer is in each of R
    resamples of respondents.
    """
    weights = np.vstack([np.ones(len(given)), drawn])
    taken = (probabilities >= cut_off).astype(float)
    truth = given.astype(float)
    both, suggested, wanted = weights @ (taken * truth), weights @ taken, weights @ truth
    precise = np.stack(
        [average_precision(probabilities[:, c], given[:, c], weights) for c in range(len(codes))],
        axis=1,
    ).reshape(len(weights), len(codes))
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :3]
    hits = np.take_along_axis(given, order, axis=1)
    coded = given.any(axis=1)
    of_coded = weights[:, coded]
    total = of_coded.sum(axis=1)
    used = given.any(axis=0)
    return Scores(
        CodeScores(
            "",
            *_three(both.sum(axis=1), suggested.sum(axis=1), wanted.sum(axis=1)),
            estimate(_mean(precise[:, used])),
        ),
        tuple(
            CodeScores(
                code, *_three(both[:, c], suggested[:, c], wanted[:, c]), estimate(precise[:, c])
            )
            for c, code in enumerate(codes)
        ),
        estimate(_share(of_coded @ hits[coded][:, :1].any(axis=1), total)),
        estimate(_share(of_coded @ hits[coded].any(axis=1), total)),
    )


def average_precision(score: FloatArray, given: BoolArray, weights: FloatArray) -> FloatArray:
    """(R,) the mean of the precision at each answer that has the code, best scores first, for each
    row of ``weights`` (R, n); equal scores stand together. NaN where no answer has it.

    Zhu 2004, Recall, precision and average precision, University of Waterloo, p. 4.
    """
    order = np.argsort(-score, kind="stable")
    sorted_scores = -score[order]
    last = np.searchsorted(sorted_scores, sorted_scores, side="right") - 1
    truth = given[order].astype(float)
    weight = weights[:, order]
    right = np.cumsum(weight * truth, axis=1)[:, last]
    seen = np.cumsum(weight, axis=1)[:, last]
    precision = _share(right, seen)
    total = weight @ truth
    return _share(np.nansum(weight * truth * precision, axis=1), total)


def estimate(values: FloatArray) -> Estimate:
    """The first of (R + 1,) ``values`` with its interval by the others."""
    if np.isnan(values[0]):
        return Estimate(None)
    if len(values) == 1:
        return Estimate(float(values[0]))
    ends = intervals(values[1:])
    if np.isnan(ends.low):
        return Estimate(float(values[0]))
    return Estimate(float(values[0]), float(ends.low), float(ends.high))


def _three(
    both: FloatArray, suggested: FloatArray, wanted: FloatArray
) -> tuple[Estimate, Estimate, Estimate]:
    """Precision, recall and F1."""
    return (
        estimate(_share(both, suggested)),
        estimate(_share(both, wanted)),
        estimate(_share(2 * both, suggested + wanted)),
    )


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    shares: FloatArray = np.divide(
        part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0
    )
    return shares


def _mean(table: FloatArray) -> FloatArray:
    """(R,) the mean of each row (R, C) over what is defined in it."""
    known = ~np.isnan(table)
    return _share(np.where(known, table, 0).sum(axis=1), known.sum(axis=1).astype(float))
