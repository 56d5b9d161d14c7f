"""The codes that the machine would give an answer, and how sure it is of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
_NEVER = 1e-9


def likeliest_sets(
    probabilities: FloatArray, exclusive: Sequence[bool]
) -> tuple[BoolArray, FloatArray]:
    """(n, C) the most probable codes of each answer, and (n,) how probable just these are.

    Codes are taken as independent of each other, but for exclusive ones, which stand alone. There
    is always at least one: that nothing in the codebook applies is for people to see, since it is
    there that a new code is found. ``exclusive``: of each of the C codes.
    """
    p = np.clip(probabilities, _NEVER, 1 - _NEVER)
    rows = np.arange(len(p))
    alone = np.asarray(exclusive, dtype=bool)
    if not p.size:
        return np.zeros(p.shape, dtype=bool), np.zeros(len(p))
    odds = np.log(p) - np.log1p(-p)
    nothing = np.log1p(-p).sum(axis=1)
    together = (p >= 0.5) & ~alone
    if not alone.all():
        best = np.where(alone, -np.inf, odds).argmax(axis=1)
        together[rows, best] = True
    chance = nothing + np.where(together, odds, 0).sum(axis=1)
    chance[~together.any(axis=1)] = -np.inf
    if alone.any():
        best = np.where(alone, odds, -np.inf).argmax(axis=1)
        single = nothing + odds[rows, best]
        stands_alone = single > chance
        together[stands_alone] = False
        together[rows[stands_alone], best[stands_alone]] = True
        chance = np.where(stands_alone, single, chance)
    return together, np.exp(chance)
