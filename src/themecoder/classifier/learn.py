"""The classifier whole: probabilities of all codes for all answers, from codebook and coding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.classifier.calibration import Calibration, fitted, standardised
from themecoder.classifier.constants import constants_for
from themecoder.classifier.features import Known, features
from themecoder.classifier.model import Coded, FloatArray, IntArray

_PARTS = 5


@dataclass(frozen=True, slots=True)
class Learned:
    """``probabilities`` (n, C), of a coded answer without what was learned from its respondents'
    part; ``calibration`` and ``features`` (n, C, 9): what they rest on."""

    probabilities: FloatArray
    calibration: Calibration
    features: FloatArray


def learn(
    known: Known, coded: Coded, seed: int = 0, constants: Calibration | None = None
) -> Learned:
    """Probabilities from the codebook, and from as much coding as there is.

    A code is not probable at a question where the codebook does not expect it, unless somebody
    gave it there. ``constants``: what the features are worth before anything is coded, those that
    are shipped unless given.
    """
    found = standardised(features(known, coded, respondent_parts(known, seed)))
    calibration = fitted(
        found[coded.answers],
        coded.codes,
        coded.weights,
        constants or constants_for(known.book.bare),
    )
    expected = known.book.expected.copy()
    for answer, given in zip(coded.answers, coded.codes, strict=True):
        expected[given > 0, known.answers.questions[answer]] = True
    possible = expected.T[known.answers.questions]
    probabilities = np.where(possible, calibration.probabilities(found), 0.0)
    return Learned(probabilities, calibration, found)


def respondent_parts(known: Known, seed: int) -> IntArray:
    """(n,) one of five parts for each answer, the same for all of a respondent's."""
    people = known.answers.respondents
    shuffled = np.random.default_rng(seed).permutation(int(people.max(initial=-1)) + 1)
    return np.asarray(shuffled[people] % _PARTS, dtype=np.int64)
