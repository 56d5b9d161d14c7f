"""Probabilities in which no coding of the same respondent has a part, of coded answers and others.

The probabilities of ``learn`` serve people who code: what is coded has those that were learned
without its part, all else those learned from everything, so that both are not of one kind, and
calibration saw every answer. To put an estimate right with coded answers they must be: each answer,
coded or not, gets what was learned from the other parts alone (cross-prediction: Zrnic & Candès
2024, PNAS 121, e2322083121).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from themecoder.classifier.features import Known
from themecoder.classifier.learn import learn, respondent_parts
from themecoder.classifier.model import Coded, FloatArray


def cross_fitted(
    known: Known, coded: Coded, seed: int = 0, opinions: FloatArray | None = None
) -> FloatArray:
    """(n, C) probabilities, those of each part of the respondents learned without that part.

    ``opinions`` as in ``learn``: they were made without any coding.
    """
    parts = respondent_parts(known, seed)
    found = np.zeros((len(parts), known.n_codes))
    for part in np.unique(parts):
        own = parts == part
        learned = learn(known, without_answers(known, coded, own), seed, opinions=opinions)
        found[own] = learned.probabilities[own]
    return found


def without_answers(known: Known, coded: Coded, left_out: npt.NDArray[np.bool_]) -> Coded:
    """What is known of the answers that are not ``left_out`` (n,)."""
    answers = ~left_out[coded.answers]
    segments = ~left_out[known.answers.owners[coded.segments]]
    return Coded(
        coded.answers[answers],
        coded.codes[answers],
        coded.weights[answers],
        coded.segments[segments],
        coded.segment_codes[segments],
        coded.segment_weights[segments],
    )
