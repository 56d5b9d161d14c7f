"""The classifier whole: probabilities of all codes for all answers, from codebook and coding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themecoder.classifier.calibration import Calibration, best_cut_off, fitted, standardised
from themecoder.classifier.constants import constants_for
from themecoder.classifier.features import Known, with_segments
from themecoder.classifier.model import Coded, FloatArray, IntArray
from themecoder.classifier.opinions import with_opinions, with_weight
from themecoder.classifier.rivals import with_rivals

_PARTS = 5


@dataclass(frozen=True, slots=True)
class Learned:
    """``probabilities`` (n, C), of a coded answer without what was learned from its respondents'
    part; ``segments`` (m, C), alike: what speaks for a code in a segment, to be compared with the
    answer's other segments only; ``calibration``: what the probabilities rest on; ``cut_off``: the
    probability from which a code counts as given."""

    probabilities: FloatArray
    segments: FloatArray
    calibration: Calibration
    cut_off: float


def learn(
    known: Known,
    coded: Coded,
    seed: int = 0,
    constants: Calibration | None = None,
    opinions: FloatArray | None = None,
) -> Learned:
    """Probabilities from the codebook, and from as much coding as there is.

    A code is not probable at a question where the codebook does not expect it, unless somebody
    gave it there. ``constants``: what the features are worth before anything is coded, those that
    are shipped unless given. ``opinions`` (n, C): those of a language model, see ``with_opinions``.
    """
    possible = _possible(known, coded)
    told, of_segments = with_segments(known, coded, respondent_parts(known, seed))
    found = with_rivals(standardised(told), possible)
    found = with_opinions(found, opinions, possible)
    own = coded.answers
    prior, trust = with_weight(constants or constants_for(known.book.bare), opinions)
    calibration = fitted(
        found[own],
        coded.codes,
        coded.weights[:, None] * possible[own],
        prior,
        trust,
    )
    probabilities = np.where(possible, calibration.probabilities(found), 0.0)
    return Learned(probabilities, of_segments, calibration, best_cut_off(probabilities))


def _possible(known: Known, coded: Coded) -> npt.NDArray[np.bool_]:
    """(n, C) whether the answer's question may have the code."""
    expected = known.book.expected.copy()
    for answer, given in zip(coded.answers, coded.codes, strict=True):
        expected[given > 0, known.answers.questions[answer]] = True
    return np.asarray(expected.T[known.answers.questions])


def respondent_parts(known: Known, seed: int) -> IntArray:
    """(n,) one of five parts for each answer, the same for all of a respondent's."""
    people = known.answers.respondents
    shuffled = np.random.default_rng(seed).permutation(int(people.max(initial=-1)) + 1)
    return np.asarray(shuffled[people] % _PARTS, dtype=np.int64)
