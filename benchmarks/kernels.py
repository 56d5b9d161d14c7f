"""The classifier on a set whose texts stay the same: products of all texts are made once, and each
learning from other coding takes a tenth of the time. The features are those of
``themecoder.classifier.features`` to the last rounding error, which ``Kernels.check`` tries.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from suggestions import Set

from themecoder.classifier.calibration import Calibration, best_cut_off, fitted, standardised
from themecoder.classifier.constants import constants_for
from themecoder.classifier.features import features
from themecoder.classifier.learn import respondent_parts
from themecoder.classifier.model import EXCLUDES
from themecoder.classifier.ridge import PENALTY
from themecoder.classifier.rivals import with_rivals

OF_CODEBOOK, AWAY, OF_SEGMENT, USUAL_CODES = 0.5, -0.5, 0.5, 1.3


class Kernels:
    """Learning from any coding of a ``Set``."""

    def __init__(self, data: Set, seed: int = 0) -> None:
        self.data = data
        known = data.known
        self.parts = respondent_parts(known, seed)
        answers, book = known.answers, known.book
        self.owners = answers.owners
        self.n, self.m = len(answers.whole), len(answers.segments)
        texts = (answers.whole, answers.segments, book.texts)
        meaning = np.vstack([text.vectors for text in texts]).astype(float)
        columns = [known.marks.columns(text.words) for text in texts]
        self.products = [table @ table.T for table in (meaning, np.vstack(columns))]
        self.wanted = np.zeros((len(book.codes), known.n_codes))
        self.weights = np.where(book.kinds == EXCLUDES, OF_CODEBOOK, 1.0)
        for row, (code, kind, instead) in enumerate(
            zip(book.codes, book.kinds, book.instead, strict=True)
        ):
            self.wanted[row, code] = AWAY if kind == EXCLUDES else 1
            if instead >= 0:
                self.wanted[row, instead] = 1

    def check(self, rows: np.ndarray) -> None:
        """Raises AssertionError where the features are not those of the classifier."""
        theirs = features(self.data.known, self.data.coded(rows), self.parts)
        assert np.allclose(self.features(rows), theirs, atol=1e-8)

    def features(self, rows: np.ndarray) -> np.ndarray:
        rows = np.sort(rows)
        segments = np.flatnonzero(np.isin(self.owners, rows))
        texts = np.concatenate(
            [rows, self.n + segments, self.n + self.m + np.arange(len(self.weights))]
        ).astype(int)
        wanted = np.vstack([self.data.right[rows], self.data.right_segments[segments], self.wanted])
        weights = np.concatenate(
            [np.ones(len(rows)), np.full(len(segments), OF_SEGMENT), self.weights]
        )
        part = np.concatenate(
            [self.parts[rows], self.parts[self.owners[segments]], np.full(len(self.weights), -1)]
        )
        found = np.empty((self.n, self.data.known.n_codes, 9))
        rest = np.setdiff1d(np.arange(self.n), rows)
        found[rest] = self._scores(texts, wanted, weights, self._usual(rows), rest)
        for number in np.unique(self.parts[rows]):
            keep, own = part != number, self.parts[rows] == number
            usual = self._usual(rows[~own])
            found[rows[own]] = self._scores(
                texts[keep], wanted[keep], weights[keep], usual, rows[own]
            )
        return found

    def probabilities(
        self, rows: np.ndarray, constants: list[Calibration | None] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(n, C) as ``learn`` has them, and which codes count as given; ``constants`` of each
        question, else those that are shipped."""
        data, rows = self.data, np.sort(rows)
        questions = data.known.answers.questions
        expected = data.known.book.expected.copy()
        for row in rows:
            expected[data.right[row] > 0, questions[row]] = True
        possible = expected.T[questions]
        found = with_rivals(standardised(self.features(rows)), possible)
        likely, given = np.zeros(data.right.shape), np.zeros(data.right.shape, dtype=bool)
        shipped = constants_for(data.known.book.bare)
        for question, start in enumerate(constants or [None]):
            own = questions == question if constants else np.ones(self.n, dtype=bool)
            learned = fitted(found[rows], data.right[rows], 1.0 * possible[rows], start or shipped)
            chance = np.where(possible, learned.probabilities(found), 0.0)
            likely[own], given[own] = chance[own], (chance >= best_cut_off(chance))[own]
        return likely, given

    def cross_fitted(self, rows: np.ndarray) -> np.ndarray:
        """(n, C) each part of the respondents by what was learned without it."""
        found = np.zeros(self.data.right.shape)
        for part in np.unique(self.parts):
            own = self.parts == part
            found[own] = self.probabilities(rows[self.parts[rows] != part])[0][own]
        return found

    def _scores(
        self,
        texts: np.ndarray,
        wanted: np.ndarray,
        weights: np.ndarray,
        usual: np.ndarray,
        rows: np.ndarray,
    ) -> np.ndarray:
        segments = np.flatnonzero(np.isin(self.owners, rows))
        found = []
        for products in self.products:
            inner = products[np.ix_(texts, texts)] + np.diag(PENALTY / weights)
            turned = cho_solve(cho_factor(inner), wanted - usual)
            whole = products[np.ix_(rows, texts)] @ turned + usual
            best = np.full((self.n, len(usual)), -np.inf)
            of_segments = products[np.ix_(self.n + segments, texts)] @ turned + usual
            np.maximum.at(best, self.owners[segments], of_segments)
            found += [whole, np.where(np.isfinite(best[rows]), best[rows], whole)]
        common = np.broadcast_to(np.log(usual), found[0].shape)
        return np.stack([*found, *np.moveaxis(self.data.known.fixed[rows], 2, 0), common], axis=-1)

    def _usual(self, rows: np.ndarray) -> np.ndarray:
        codes = self.data.known.n_codes
        if not len(rows):
            return np.full(codes, USUAL_CODES / codes)
        return (self.data.right[rows].sum(axis=0) + 0.5) / (len(rows) + 1)
