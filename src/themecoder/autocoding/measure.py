"""How far the machine's codes agree with people's: as a whole, per question and per code."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from themecoder.autocoding.bounds import among_others
from themecoder.autocoding.sets import BoolArray, FloatArray, IntArray
from themecoder.autocoding.trust import Candidates

TAIL = 0.015
"""With what chance each bound may be wrong. Both together that is 3 %, so that 95 % of the
intervals hold: what is measured was learned from four fifths of the coding, and the machine does a
little better on the others (``benchmarks/autocode.py``)."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """In what share of ``others`` a person would give the machine's codes.

    ``share``: the best guess; ``low`` and ``high``: bounds, each wrong with a chance of at most
    ``TAIL``. ``right`` of the ``tried`` answers of the random part agree.
    """

    share: float
    low: float
    high: float
    right: int
    tried: int
    others: int


def accuracy(answers: Candidates, tried: BoolArray, others: BoolArray) -> Accuracy:
    """How far the machine's codes agree with people's on ``others`` (n,), by those of the random
    part in ``tried`` (n,).

    Each question is a stratum: what was tried of it stands for the others of it. With respondents
    who gave several answers as clusters, all are worth as many independent answers as would have
    the same error (Korn & Graubard 1998, Survey Methodology 24, pp. 193-201; at most as many as
    they are); ``among_others`` bounds what these say.
    """
    m = int(others.sum())
    rows = np.flatnonzero(tried)
    right = answers.right[rows]
    n, agree = len(rows), int(right.sum())
    if not n or not m:
        return Accuracy(agree / n if n else 0.0, 0.0, 1.0, agree, n, m)
    size = int(answers.questions.max()) + 1
    of_tried = np.bincount(answers.questions[rows], minlength=size)
    of_others = np.bincount(answers.questions[others], minlength=size)
    weights = (of_others / np.maximum(of_tried, 1))[answers.questions[rows]]
    # a question of which nothing is left says something of the others only where all are so
    weights = weights / weights.sum() if weights.sum() else np.full(n, 1 / n)
    share = float(weights @ right)
    worth = _worth(weights, np.asarray(right - share), answers.respondents[rows])
    low, _ = among_others(floor(share * worth + 1e-9), worth, m, TAIL)
    _, high = among_others(ceil(share * worth - 1e-9), worth, m, TAIL)
    return Accuracy(share, low / m, high / m, agree, n, m)


def _worth(weights: FloatArray, off: FloatArray, respondents: IntArray) -> int:
    """How many independent answers these are worth, which have ``weights`` that add up to 1 and lie
    ``off`` their mean."""
    kish = 1 / float((weights**2).sum())
    per_person = np.bincount(respondents, weights=weights * off)
    single, together = float(((weights * off) ** 2).sum()), float((per_person**2).sum())
    return max(1, floor(kish * min(1.0, single / together if together > 0 else 1.0) + 1e-9))
