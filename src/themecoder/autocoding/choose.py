"""Which answers the machine codes, so that of each code at each question enough are right.

Who chooses by the answers that he measures on finds what he looks for. So the random part is cut
into parts by respondent, and each is measured by what was chosen without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from themecoder.autocoding.sets import BoolArray, FloatArray
from themecoder.autocoding.trust import Candidates, trust

LEAST_OF_A_CODE = 3
"""How often the machine must have given a code in the random part before it may give it elsewhere:
of a code that was never tried nobody can say how it fares."""
LEAST_OF_A_QUESTION = 10
"""From how many answers that the machine would code an accuracy is stated."""
_PARTS = 5
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Chosen:
    """``likely`` (n,): how likely each answer is right; ``threshold`` (n,): how likely it had to
    be, infinite where nothing would do; ``taken`` (n,): the answers that the machine codes, of the
    random part too; ``apart`` (n,): those of the random part that it would code, by what was chosen
    without their respondents' part. What is stated rests on ``apart``. ``reached``: question -> the
    share that is right where no threshold gave as much as was asked."""

    likely: FloatArray
    threshold: FloatArray
    taken: BoolArray
    apart: BoolArray
    reached: Mapping[int, float]


def choose(answers: Candidates, at: float, seed: int) -> Chosen:
    """The answers whose codes are taken, so that of each code at each question a share ``at`` or
    more is right as far as is known, and of each question as measured.

    A question where less was right than asked is tried again with a stricter threshold.
    """
    n = len(answers)
    likely = trust(answers, answers.tried)
    threshold = np.full(n, np.inf)
    apart = np.zeros(n, dtype=bool)
    reached: dict[int, float] = {}
    parts = _parts(answers, seed)
    without = {
        int(number): trust(answers, answers.tried & (parts != number))
        for number in np.unique(parts[answers.tried])
    }
    for question in np.unique(answers.questions):
        own = answers.questions == question
        for aim in np.arange(at, 1, _STEP).tolist():
            passing = np.zeros(n, dtype=bool)
            for number, found in without.items():
                here = parts == number
                least = thresholds(answers, found, answers.tried & ~here, own, aim)
                passing |= answers.tried & here & (found >= least)
            tried = int(passing.sum())
            if tried < LEAST_OF_A_QUESTION:
                break
            share = float(answers.right[passing].mean())
            reached[int(question)] = max(reached.get(int(question), 0.0), share)
            if share >= at:
                apart |= passing
                least = thresholds(answers, likely, answers.tried, own, aim)
                threshold[own] = least[own]
                del reached[int(question)]
                break
    return Chosen(likely, threshold, likely >= threshold, apart, reached)


def thresholds(
    answers: Candidates, found: FloatArray, learned_from: BoolArray, own: BoolArray, at: float
) -> FloatArray:
    """(n,) how likely each of the answers in ``own`` must be right, so that of those with its codes
    that are taken a share ``at`` or more is right on average; infinite for all others, and where
    one of its codes was tried too seldom."""
    enough = answers.codes[learned_from].sum(axis=0) >= LEAST_OF_A_CODE
    least = np.where(own, 0.0, np.inf)
    for code in range(answers.codes.shape[1]):
        having = own & answers.codes[:, code]
        if having.any():
            bound = loosest(found[having], at) if enough[code] else np.inf
            least[having] = np.maximum(least[having], bound)
    return least


def loosest(found: FloatArray, at: float) -> float:
    """The lowest of ``found`` from which up their mean is ``at`` or more; infinite where there is
    none."""
    ordered = np.sort(found)[::-1]
    means = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    last_of_equals = np.append(ordered[1:] < ordered[:-1], True)
    enough = np.flatnonzero((means >= at) & last_of_equals)
    return float(ordered[enough[-1]]) if len(enough) else float(np.inf)


def _parts(answers: Candidates, seed: int) -> BoolArray:
    """(n,) one of five parts, the same for all answers of a respondent."""
    people = answers.respondents
    shuffled = np.random.default_rng(seed).permutation(int(people.max(initial=-1)) + 1)
    return np.asarray(shuffled[people] % _PARTS)
