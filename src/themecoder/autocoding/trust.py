"""How likely a person gives an answer the codes that the machine gives it.

The machine's own probability is a first guess, and mostly too bold or too shy. What people gave in
the random part corrects it: as a whole, per question and per code. Questions and codes of which
little was seen stay close to the whole (ridge; Hastie, Tibshirani & Friedman 2009, The elements of
statistical learning, 2nd ed., section 4.4.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from themecoder.autocoding.sets import BoolArray, FloatArray, IntArray

_OWN = 4.0
"""What it costs a question or a code to differ from the whole: its difference in log odds is taken
to be half a point, give or take."""
_WHOLE = 1e-3
_CLOSE = 1e-8
_SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Candidates:
    """n answers that the machine has codes for.

    ``confidence`` (n,): how probable just these codes are; ``codes`` (n, C). ``questions`` and
    ``respondents`` (n,): a number for each. ``tried`` (n,): whether the answer is in the random
    part; ``right`` (n,): whether a person gave the same codes, told only of those.
    """

    confidence: FloatArray
    codes: BoolArray
    questions: IntArray
    respondents: IntArray
    tried: BoolArray
    right: BoolArray

    def __len__(self) -> int:
        return len(self.confidence)


def trust(answers: Candidates, learned_from: BoolArray) -> FloatArray:
    """(n,) how likely each answer is right, by what is known of those in ``learned_from`` (n,)."""
    rows = _features(answers)
    seen = rows[learned_from]
    wanted = answers.right[learned_from].astype(np.float64)
    penalty = np.full(rows.shape[1], _OWN)
    penalty[:2] = _WHOLE
    # without anything seen the machine is taken at its word
    start = np.zeros(rows.shape[1])
    start[1] = 1.0

    def lost(value: FloatArray) -> float:
        score = seen @ value
        off = value - start
        return float((np.logaddexp(0, score) - wanted * score).sum() + penalty @ off**2 / 2)

    def slope(value: FloatArray) -> npt.NDArray[np.float64]:
        return np.asarray(seen.T @ (_chance(seen @ value) - wanted) + penalty * (value - start))

    def curve(value: FloatArray) -> npt.NDArray[np.float64]:
        found = _chance(seen @ value)
        return np.asarray((seen * (found * (1 - found))[:, None]).T @ seen + np.diag(penalty))

    fit = scipy.optimize.minimize(
        lost, start, jac=slope, hess=curve, method="trust-exact", tol=_CLOSE
    )
    return _chance(rows @ fit.x)


def _features(answers: Candidates) -> FloatArray:
    """(n, 2 + questions + C): one, the machine's log odds, which question, which codes."""
    p = np.clip(answers.confidence, _SURE, 1 - _SURE)
    questions = np.eye(int(answers.questions.max(initial=0)) + 1)[answers.questions]
    whole = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])
    return np.hstack([whole, questions, answers.codes.astype(np.float64)])


def _chance(score: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1 + np.tanh(score / 2)))
