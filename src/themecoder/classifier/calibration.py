"""From scores to probabilities: one logistic regression that all codes share.

Nothing is coded at first, and then the constants say what the scores are worth: they were fitted on
other answers (``benchmarks/suggestions.py`` fits and tests them, each question with constants of
the others). What is coded moves them, the more the more there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.classifier.model import FloatArray

TRUST = 100.0
"""How many units of curvature the constants weigh: with about this much information in the coding,
they and the coding count alike."""
_FREE = 1e-3
_CLOSE = 1e-7


@dataclass(frozen=True, slots=True)
class Calibration:
    """``weights`` (f,) of the features and ``bias``."""

    weights: FloatArray
    bias: float

    def probabilities(self, features: FloatArray) -> FloatArray:
        """(n, C, f) standardised features -> (n, C) probabilities."""
        return chance(features @ self.weights + self.bias)


def chance(score: FloatArray) -> FloatArray:
    """1 / (1 + exp(-score)), written so that it does not overflow far below zero."""
    return np.asarray(0.5 * (1 + np.tanh(score / 2)))


def standardised(features: FloatArray) -> FloatArray:
    """(n, C, f) features with mean 0 and deviation 1 over all pairs of answer and code; one that is
    the same everywhere becomes 0."""
    flat = features.reshape(-1, features.shape[-1])
    deviation = flat.std(axis=0)
    centred = features - flat.mean(axis=0)
    # what is constant has a deviation of rounding errors
    told = deviation > 1e-9 * np.maximum(np.abs(flat).max(axis=0, initial=0), 1e-9)
    return np.asarray(np.where(told, centred / np.where(told, deviation, 1), 0))


def fitted(
    features: FloatArray,
    given: FloatArray,
    weights: FloatArray,
    constants: Calibration,
    trust: float | FloatArray = TRUST,
) -> Calibration:
    """``constants`` moved to what coded answers say of them.

    ``features`` (r, C, f) of answers that the scores did not learn from; ``given`` (r, C): the
    share of the codings that gave the code; ``weights`` (r, C). The most probable values under a
    normal prior around the constants (Hastie, Tibshirani & Friedman 2009, The elements of
    statistical learning, 2nd ed., eq. 4.20), of which ``trust`` says how far to go by all of them,
    or by each; the bias is free.
    """
    r, codes, f = features.shape
    if not r:
        return constants
    rows = np.hstack([features.reshape(-1, f), np.ones((r * codes, 1))])
    wanted, weight = given.ravel(), weights.ravel()
    prior = np.append(constants.weights, constants.bias)
    penalty = np.append(np.broadcast_to(trust, f), _FREE)

    def lost(value: FloatArray) -> float:
        score = rows @ value
        off = value - prior
        return float(weight @ (np.logaddexp(0, score) - wanted * score) + penalty @ off**2 / 2)

    def slope(value: FloatArray) -> FloatArray:
        return np.asarray(
            rows.T @ (weight * (chance(rows @ value) - wanted)) + penalty * (value - prior)
        )

    def curve(value: FloatArray) -> FloatArray:
        found = chance(rows @ value)
        return np.asarray(
            (rows * (weight * found * (1 - found))[:, None]).T @ rows + np.diag(penalty)
        )

    # plain Newton steps overshoot where the constants are far from what is coded
    value = scipy.optimize.minimize(
        lost, prior, jac=slope, hess=curve, method="trust-exact", tol=_CLOSE
    ).x
    return Calibration(value[:f], float(value[f]))


def best_cut_off(probabilities: FloatArray) -> float:
    """The probability from which codes are taken so that F1 over all pairs is expected highest.

    Of probabilities that mean what they say no coding is needed for that (Lipton, Elkan &
    Narayanaswamy 2014, Optimal thresholding of classifiers to maximize F1 measure, ECML PKDD): the
    cut-off rests on all answers, not on the few that are coded.
    """
    found = np.sort(probabilities[probabilities > 0].ravel())[::-1]
    if not len(found):
        return 1.0
    expected = 2 * np.cumsum(found) / (np.arange(1, len(found) + 1) + found.sum())
    return float(found[int(np.argmax(np.round(expected, 9)))])
