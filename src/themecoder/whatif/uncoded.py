"""How probable a code is for the answers that nobody coded."""

from __future__ import annotations

import numpy as np

from themecoder.classifier.calibration import Calibration, fitted
from themecoder.classifier.model import FloatArray, IntArray

RESAMPLES = 50
_NEVER = 1e-4
_AS_LEARNED = Calibration(np.array([1.0]), 0.0)


def log_odds(probabilities: FloatArray) -> FloatArray:
    inside = np.clip(probabilities, _NEVER, 1 - _NEVER)
    return np.asarray(np.log(inside / (1 - inside)))


def any_of(probabilities: FloatArray) -> FloatArray:
    """(n,) that an answer has one of some codes (n, C) at least."""
    return np.asarray(1 - (1 - probabilities).prod(axis=1))


def uncoded_odds(
    said: FloatArray,
    coded: IntArray,
    given: FloatArray,
    open_rows: IntArray,
    people: IntArray,
    random: np.random.Generator,
) -> FloatArray:
    """(resamples, open) log odds of the answers ``open_rows``, from what is ``said`` (n,) of all in
    log odds without the coding of the same respondent.

    Set right by what was ``given`` (r,) the ``coded`` answers (r,), in each resample of their
    respondents: its doubt is that of who happened to be coded.
    """
    found = np.empty((RESAMPLES, len(open_rows)))
    names, member = np.unique(people[coded], return_inverse=True)
    features, wanted = said[coded][:, None, None], given[:, None]
    for n in range(RESAMPLES):
        times = random.multinomial(len(names), np.full(len(names), 1 / len(names)))
        weights = times[member].astype(np.float64)[:, None]
        calibration = fitted(features, wanted, weights, _AS_LEARNED)
        found[n] = said[open_rows] * calibration.weights[0] + calibration.bias
    return found
