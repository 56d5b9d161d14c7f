"""Scores of texts by a few texts of which it is known how they should score.

Ridge regression (Hoerl & Kennard 1970) as ``classifier.ridge`` has it, on meaning and words side by
side, in its dual form (Saunders, Gammerman & Vovk 1998, Ridge regression learning algorithm in dual
variables, ICML): there are tens of texts to learn from and a thousand columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from themecoder.classifier.features import segments_of
from themecoder.classifier.model import Answers, FloatArray, IntArray, Texts
from themecoder.classifier.ridge import PENALTY


def stacked(first: Texts, second: Texts) -> Texts:
    return Texts(
        np.vstack([first.vectors, second.vectors]),
        scipy.sparse.vstack([first.words, second.words]).tocsr(),
    )


def products(first: Texts, second: Texts) -> FloatArray:
    """(n, m) of each of the first with each of the second: of their meaning and of their words."""
    meaning = first.vectors.astype(np.float64) @ second.vectors.astype(np.float64).T
    return np.asarray(meaning + (first.words @ second.words.T).toarray())


@dataclass(frozen=True, slots=True)
class Likened:
    """Answers and their segments beside t texts to learn from.

    ``among`` (t, t): products of these texts; ``whole`` (n, t) and ``segments`` (s, t): of the
    answers and their segments with them; ``owners`` (s,): of which of the answers a segment is.
    """

    among: FloatArray
    whole: FloatArray
    segments: FloatArray
    owners: IntArray

    def scores(self, wanted: FloatArray, weights: FloatArray) -> FloatArray:
        """(n, K) from what the texts should score (t, K), each with its weight (t,); a text that
        weighs nothing teaches nothing. Of an answer as a whole and of its best segment, alike."""
        used = np.flatnonzero(weights > 0)
        if not len(used):
            return np.zeros((len(self.whole), wanted.shape[1]))
        penalised = self.among[np.ix_(used, used)] + PENALTY * np.diag(1 / weights[used])
        dual = scipy.linalg.solve(penalised, wanted[used], assume_a="pos")
        whole = self.whole[:, used] @ dual
        best = np.full(whole.shape, -np.inf)
        np.maximum.at(best, self.owners, self.segments[:, used] @ dual)
        return np.asarray(whole + np.where(np.isfinite(best), best, whole))


def likened(answers: Answers, rows: IntArray, texts: Texts) -> Likened:
    """The answers ``rows`` (ascending) beside ``texts``."""
    segments = segments_of(answers, rows)
    return Likened(
        products(texts, texts),
        products(answers.whole[rows], texts),
        products(answers.segments[segments], texts),
        np.searchsorted(rows, answers.owners[segments]),
    )
