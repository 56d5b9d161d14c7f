"""Which codes the answers to a question are given, by what a codebook alone says of them.

How probable a code is says whether the codebook explains an answer at all. Which codes it is given
goes by more than that: by what speaks for them in answers that resemble it too, less half of what
speaks for the code everywhere; and there are as many as the segments of the answers speak for, for
nothing says beforehand how many things people say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.classifier.calibration import best_cut_off
from themecoder.classifier.evidence import Said
from themecoder.themes.model import Array, FloatArray, IntArray

_FAR = 2 / 3
"""The share of the probability of a code that is given, below which a code explains nothing."""
_EVERYWHERE, _NEIGHBOURS = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class GivenCodes:
    """``given`` (n, C): the codes of each answer, one at least; ``main`` (n,): the one that most
    speaks for; ``explained`` (n,): whether any code is probable enough to explain the answer."""

    given: Array
    main: IntArray
    explained: Array


def given_codes(
    said: Said, graph: scipy.sparse.csr_matrix, least: int, most: int | None = None
) -> GivenCodes:
    """The codes of n answers to one question, of which at least one is possible.

    ``graph`` (n, n): which answers resemble each other. Codes that fewer than ``least`` answers get
    are given to none, and ``most`` codes are given at most.
    """
    possible = said.probabilities > 0
    of_answers = np.where(possible, _with_neighbours(said.standing, graph), -np.inf)
    further = _further_codes(said, of_answers)
    left = int(possible.any(axis=0).sum())
    while True:
        given, main = _given(of_answers, further)
        support = given.sum(axis=0)
        if left == 1 or (support[support > 0].min() >= least and (not most or left <= most)):
            break
        support[~np.isfinite(of_answers).any(axis=0)] = len(given) + 1
        # one at a time: what a dropped code held may lift its neighbours over the bar
        of_answers[:, int(support.argmin())] = -np.inf
        left -= 1
    likeliest = said.probabilities.max(axis=1)
    return GivenCodes(given, main, likeliest >= _FAR * best_cut_off(said.probabilities))


def _given(of_answers: FloatArray, further: int) -> tuple[Array, IntArray]:
    """(n, C) the first code of each answer and the ``further`` codes that most speaks for."""
    given = np.zeros(of_answers.shape, dtype=bool)
    main = of_answers.argmax(axis=1)
    given[np.arange(len(given)), main] = True
    rest = of_answers[np.isfinite(of_answers) & ~given]
    if further := min(further, len(rest)):
        given |= of_answers >= np.partition(rest, -further)[-further]
    return given, np.asarray(main, dtype=np.int64)


def _with_neighbours(standing: FloatArray, graph: scipy.sparse.csr_matrix) -> FloatArray:
    """What speaks for a code less half of what does so everywhere, half by the answer itself and
    half by those that resemble it; rounded, so that the order of the answers changes nothing."""
    own = standing - _EVERYWHERE * standing.mean(axis=0)
    degree = np.asarray(graph.sum(axis=1)).ravel()
    walk = scipy.sparse.diags(1 / np.maximum(degree, 1e-12)) @ graph
    share = np.where(degree > 0, _NEIGHBOURS, 0)[:, None]
    return np.asarray(np.round((1 - share) * own + share * (walk @ own), 9))


def _further_codes(said: Said, of_answers: FloatArray) -> int:
    """How many codes beside the main ones all answers have together: so many as their segments
    speak for, each for the one that most speaks for in it and in the answer that it is from."""
    deviation = float(said.scores.std())
    of_segments = said.scores / deviation if deviation > 0 else said.scores
    of_segments = of_segments - _EVERYWHERE * of_segments.mean(axis=0)
    best = np.round(of_segments + of_answers[said.owners], 9).argmax(axis=1)
    pairs = np.unique(said.owners * of_answers.shape[1] + best)
    return len(pairs) - len(np.unique(said.owners))
