"""Which of an answer's codes are likely enough to be written down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_LOWEST_SCORE, _MOST_CODES = 0.05, 5


def likely_codes(
    probabilities: npt.NDArray[np.float64], codes: Sequence[str]
) -> list[tuple[str, float]]:
    """At most five codes with their probabilities (C,), best first; none below .05."""
    scored = zip(codes, np.round(probabilities, 4).tolist(), strict=True)
    likely = [(code, score) for code, score in scored if score >= _LOWEST_SCORE]
    return sorted(likely, key=lambda pair: (-pair[1], pair[0]))[:_MOST_CODES]
