"""The opinions of a language model as one more feature of a pair of answer and code.

How good the model is, is not known before people coded answers: its feature has no weight then, and
gets as much as the coding says.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from themecoder.classifier.calibration import TRUST, Calibration
from themecoder.classifier.features import USUAL_CODES
from themecoder.classifier.model import FloatArray

_OPINION_TRUST = 10.0
"""As ``TRUST``, of the weight that opinions begin with, for that it is none was never measured: of
100, 11 and 1, the middle does as well as the lowest with a good model and costs less with one that
guesses (16 examples a code and fewer of the shipped study)."""


def with_opinions(
    features: FloatArray, opinions: FloatArray | None, possible: npt.NDArray[np.bool_]
) -> FloatArray:
    """(n, C, f) ``features`` and, where there are ``opinions``, one more.

    ``opinions`` (n, C): 1 where the model gives the code, 0 where it does not, NaN where it was not
    asked, which speaks neither for nor against. The feature is scaled by how many codes an answer
    usually has of those that are ``possible`` (n, C), not by what the model said of other answers:
    what it says of one answer is seen at that answer only.
    """
    if opinions is None:
        return features
    usual = np.minimum(USUAL_CODES / np.maximum(possible.sum(axis=1, keepdims=True), 1), 0.5)
    told = (opinions - usual) / np.sqrt(usual * (1 - usual))
    told = np.where(np.isfinite(opinions) & possible, told, 0.0)
    return np.concatenate([features, told[..., None]], axis=-1)


def with_weight(
    constants: Calibration, opinions: FloatArray | None
) -> tuple[Calibration, float | FloatArray]:
    """``constants`` with a weight for the opinions, where there are any: none; and how far each of
    the weights is to be trusted."""
    if opinions is None:
        return constants, TRUST
    trust = np.append(np.full(len(constants.weights), TRUST), _OPINION_TRUST)
    return replace(constants, weights=np.append(constants.weights, 0.0)), trust
