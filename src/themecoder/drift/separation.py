"""How well scores tell answers with a code from those without it, in one wave as in another.

The area under the ROC curve: how often an answer with the code has the higher score of two. How
many answers have the code is not in it (Hanley & McNeil 1982, Radiology 143, p. 29). What else is
said is: where another code that is hard to tell apart is given more often, it falls without the
code itself meaning anything else. So both waves are weighted to one mix of questions, of other
codes in the answers without the code, and of answers with it alone or beside others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The answers to one question, lowest scores first: ``kinds`` (n, K) which share of an answer
    is of which kind, those with the code before those without it; ``mix`` (K,) of both waves."""

    rows: IntArray
    first: IntArray
    after: IntArray
    has: BoolArray
    kinds: FloatArray
    mix: FloatArray
    weight: float


class Separation:
    """Of one code: ``scores`` (n,), who ``has`` it (n,), the ``questions`` (n,), which of the
    ``others`` (n, C) was given too, and whether an answer is of the ``new`` wave (n,)."""

    def __init__(
        self,
        scores: FloatArray,
        has: BoolArray,
        questions: IntArray,
        others: BoolArray,
        new: BoolArray,
    ) -> None:
        self._asked: list[_Asked] = []
        for question in np.unique(questions[has]):
            rows = np.flatnonzero(questions == question)
            rows = rows[np.argsort(scores[rows], kind="stable")]
            kinds = _kinds(has[rows], others[rows])
            mix = _shared(kinds[~new[rows]].sum(axis=0), kinds[new[rows]].sum(axis=0))
            own = has[rows]
            weight = _shared(own[~new[rows]].sum(keepdims=True), own[new[rows]].sum(keepdims=True))
            with_code, without = mix[:2].sum(), mix[2:].sum()
            if with_code > 0 and without > 0:
                sorted_scores = scores[rows]
                self._asked.append(
                    _Asked(
                        rows,
                        np.searchsorted(sorted_scores, sorted_scores, side="left"),
                        np.searchsorted(sorted_scores, sorted_scores, side="right"),
                        own,
                        kinds,
                        mix,
                        float(weight[0]),
                    )
                )

    @property
    def comparable(self) -> bool:
        """Whether both waves have answers of one question with the code and without it."""
        return bool(self._asked)

    def of(self, weights: FloatArray) -> FloatArray:
        """(R,) the area for each row of ``weights`` (R, n), the answers of one wave; NaN where
        nothing can be compared."""
        total, weighed = np.zeros(len(weights)), np.zeros(len(weights))
        for asked in self._asked:
            own = weights[:, asked.rows]
            mass = own @ asked.kinds
            lift = np.divide(asked.mix, mass, out=np.zeros_like(mass), where=mass > 0)
            own = own * (lift @ asked.kinds.T)
            with_code = own * asked.has
            below = np.zeros((len(own), len(asked.rows) + 1))
            np.cumsum(own - with_code, axis=1, out=below[:, 1:])
            pairs = with_code.sum(axis=1) * below[:, -1]
            lower = below[:, asked.first] + below[:, asked.after]
            ahead = np.einsum("ij,ij->i", with_code, lower) / 2
            there = pairs > 0
            total[there] += asked.weight * ahead[there] / pairs[there]
            weighed[there] += asked.weight
        nothing = np.full(len(total), np.nan)
        return np.asarray(np.divide(total, weighed, out=nothing, where=weighed > 0))


def _kinds(has: BoolArray, others: BoolArray) -> FloatArray:
    """(n, 2 + C + 1) the share of each answer that is of a kind: with the code, alone or beside
    others; without it, one of the other codes, or none."""
    several = others.any(axis=1)
    without = np.column_stack([others, ~several]) & ~has[:, None]
    shares = without / np.maximum(without.sum(axis=1, keepdims=True), 1)
    return np.column_stack([has & ~several, has & several, shares]).astype(float)


def _shared(old: npt.NDArray[np.generic], new: npt.NDArray[np.generic]) -> FloatArray:
    """The mix that costs both waves least: harmonic, and nothing of what one of them has not."""
    both = np.asarray(old, dtype=float) + np.asarray(new, dtype=float)
    product = np.asarray(old, dtype=float) * np.asarray(new, dtype=float)
    return np.asarray(np.divide(product, both, out=np.zeros_like(both), where=both > 0))
