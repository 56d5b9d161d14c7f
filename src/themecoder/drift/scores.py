"""Scores of the answers of all waves, from what was learned on the earlier ones."""

from __future__ import annotations

import numpy as np

from themecoder.classifier.cross_fitting import without_answers
from themecoder.classifier.features import Known
from themecoder.classifier.learn import learn, respondent_parts
from themecoder.classifier.model import Coded, FloatArray
from themecoder.drift.separation import BoolArray

_SURE = 1e-6


def scores_of_waves(
    known: Known, coded: Coded, new: BoolArray, seed: int, opinions: FloatArray | None = None
) -> FloatArray:
    """(n, C) the logits of each code, each part of the respondents by what was learned without it;
    ``coded`` are answers of the earlier waves, ``new`` (n,) says which are of the new one.

    What is learned without a part that has a code often takes the code for rarer, so that answers
    of that part stand too low among those of other parts: the earlier waves would seem harder to
    tell apart (Airola et al. 2011, Comput. Stat. Data Anal. 55, p. 1828). Hence the level that
    each of what was learned gives the new answers, which none has learned from, is taken off.
    """
    parts = respondent_parts(known, seed)
    found = np.zeros((len(parts), known.n_codes))
    for part in np.unique(parts):
        own = parts == part
        learned = learn(known, without_answers(known, coded, own), seed, opinions=opinions)
        chance = np.clip(learned.probabilities, _SURE, 1 - _SURE)
        logits = np.log(chance / (1 - chance))
        found[own] = logits[own] - logits[new].mean(axis=0)
    return found
