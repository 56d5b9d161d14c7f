"""The codes that the machine would give an answer, and how sure it is of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
_NEVER = 1e-9


def likeliest_sets(probabilities: FloatArray) -> tuple[BoolArray, FloatArray]:
    """(n, C) the most probable codes of each answer, and (n,) how probable just these are.

    Codes are taken as independent of each other. There is always at least one: that nothing in the
    codebook applies is for people to see, since it is there that a new code is found.
    """
    p = np.clip(probabilities, _NEVER, 1 - _NEVER)
    given = p >= 0.5
    if p.size:
        given[np.arange(len(p)), p.argmax(axis=1)] = True
    return given, np.exp(np.where(given, np.log(p), np.log1p(-p)).sum(axis=1))
