"""What more coding would bring: suggestions learned from a part of what is coded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from themecoder.classifier.cross_fitting import without_answers
from themecoder.classifier.features import Known
from themecoder.classifier.learn import Learned, learn
from themecoder.classifier.model import Coded, IntArray
from themecoder.suggestion_quality.scores import BoolArray, Estimate, FloatArray, scores

_SHARES = (0.0, 0.125, 0.25, 0.5, 1.0)
CURVE_POINTS = len(_SHARES)
_FEWEST = 10
"""Coded answers below which a part of the coding is left out of the curve."""


@dataclass(frozen=True, slots=True)
class Point:
    """Learned from ``coded`` answers; see ``CodeScores`` for the measures, over all codes."""

    coded: int
    f1: Estimate
    average_precision: Estimate


def learning_curve(
    known: Known,
    coded: Coded,
    rows: IntArray,
    given: BoolArray,
    drawn: FloatArray,
    whole: Learned,
    seed: int,
    opinions: FloatArray | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> tuple[Point, ...]:
    """From the codebook alone to all coding, always scored on the same answers ``rows``.

    Which respondents are learned from first is drawn. An answer that is learned from is scored by
    what was learned without its respondents' part (see ``learn``); ``whole`` is learned from all.
    ``opinions``: see ``learn``.
    """
    people = known.answers.respondents
    having = np.unique(people[coded.answers])
    place = np.full(int(people.max(initial=-1)) + 1, len(having))
    place[np.random.default_rng(seed).permutation(having)] = np.arange(len(having))
    points: list[Point] = []
    for number, share in enumerate(_SHARES, start=1):
        left_out = place[people] >= round(share * len(having))
        part = coded if share == 1 else without_answers(known, coded, left_out)
        n = len(part.answers)
        if 0 < share < 1 and (n < _FEWEST or n == points[-1].coded):
            continue
        learned = whole if share == 1 else learn(known, part, seed, opinions=opinions)
        found = scores(
            learned.probabilities[rows],
            given,
            tuple(map(str, range(given.shape[1]))),
            learned.cut_off,
            drawn,
        ).whole
        points.append(Point(n, found.f1, found.average_precision))
        advance(number)
    return tuple(points)
