"""What a codebook alone says of some answers and their segments, and of a part of these answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from themecoder.classifier.calibration import Calibration, chance, standardised
from themecoder.classifier.constants import constants_for
from themecoder.classifier.features import (
    FEATURES,
    USUAL_CODES,
    Known,
    guide_of,
    memberships,
    segments_of,
    without_coding,
)
from themecoder.classifier.model import FloatArray, IntArray
from themecoder.classifier.rivals import together, with_rivals
from themecoder.classifier.spreading import candidates, likeness, rank_graph, spread
from themecoder.classifier.spreading import standardised as less_the_usual

_BY_SEGMENT = FEATURES.index("neighbours of its best segment")
_BY_ALL = FEATURES.index("neighbours of all its segments")
_NEVER = 1e-6


@dataclass(frozen=True, slots=True)
class Said:
    """``probabilities`` (r, C) of r answers, 0 where a code is not possible; ``standing`` (r, C):
    what speaks for each code in each, in deviations of itself; ``segments`` (s,) which segments are
    theirs, ``owners`` (s,) whose among them, and ``scores`` (s, C) what speaks for each code in
    each."""

    probabilities: FloatArray
    standing: FloatArray
    segments: IntArray
    owners: IntArray
    scores: FloatArray


@dataclass(frozen=True, slots=True)
class Evidence:
    """n answers with m segments: ``features`` (n, C, 9), ``ridges`` (m, C) and ``start`` (m, C) are
    of each by itself; ``near`` (m, k) says who its neighbours are."""

    features: FloatArray
    ridges: FloatArray
    start: FloatArray
    near: IntArray
    owners: IntArray
    lengths: FloatArray
    possible: npt.NDArray[np.bool_]
    constants: Calibration
    bare: bool

    def said(self, rows: IntArray | None = None) -> Said:
        """What is said of the answers ``rows`` (ascending), as if there were no others."""
        rows = np.arange(len(self.features)) if rows is None else rows
        segments = np.flatnonzero(np.isin(self.owners, rows))
        owners = np.searchsorted(rows, self.owners[segments])
        lengths = self.lengths[segments]
        found = self.features[rows]
        member = self.start[segments]
        if len(segments):
            graph = rank_graph(self.near, segments)
            member, _ = spread(member, graph, owners, lengths, 0)
        found[..., _BY_SEGMENT], found[..., _BY_ALL] = memberships(
            member, owners, lengths, len(rows)
        )
        possible = self.possible[rows]
        alone = standardised(found)
        told = with_rivals(alone, possible) @ self.constants.weights
        probabilities = _usual_number(told, possible)
        # of labels only the plain sum of the evidence is mostly noise: what is learned from them
        # says no more than their likeness
        standing = alone @ self.constants.weights[: len(FEATURES)] if self.bare else together(alone)
        scores = self.ridges[segments] + _alike(np.log(np.maximum(member, _NEVER)))
        return Said(probabilities, _alike(standing), segments, owners, scores)


def evidence(known: Known, rows: IntArray, constants: Calibration | None = None) -> Evidence:
    """What the codebook says of the answers ``rows`` (ascending), all to one question.

    ``constants``: what the features are worth, those that are shipped unless given.
    """
    answers = known.answers
    segments = segments_of(answers, rows)
    features, ridges = without_coding(known, rows)
    vectors = answers.segments.vectors[segments]
    return Evidence(
        features,
        _alike(ridges[..., 0]) + _alike(ridges[..., 1]),
        less_the_usual(likeness(vectors, guide_of(known.book))),
        candidates(vectors),
        np.searchsorted(rows, answers.owners[segments]),
        answers.lengths[segments],
        known.book.expected.T[answers.questions[rows]],
        constants or constants_for(known.book.bare),
        known.book.bare,
    )


def _usual_number(scores: FloatArray, possible: npt.NDArray[np.bool_]) -> FloatArray:
    """(n, C) probabilities of these scores with which an answer has the usual number of codes.

    The constants come from codebooks of some thirty codes; of three codes each is commoner.
    """
    most = float(possible.sum(axis=1).mean()) if len(scores) else 0.0
    if not most:
        return np.zeros(scores.shape)
    wanted = min(USUAL_CODES, most / 2)

    def too_many(bias: float) -> float:
        return float(chance(scores + bias)[possible].sum()) / len(scores) - wanted

    bias = scipy.optimize.brentq(too_many, -1e3, 1e3, xtol=1e-9)
    return np.where(possible, chance(scores + bias), 0.0)


def _alike(table: FloatArray) -> FloatArray:
    return standardised(table[..., None])[..., 0]
