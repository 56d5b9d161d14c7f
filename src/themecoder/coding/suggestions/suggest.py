"""Which codes an answer may have: one function, so that a trained model can replace it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

MODEL = "likeness-1"
"""Kept with every suggestion, so that it is known later which model made what was shown."""
_MIDDLE, _WIDTH = 0.573, 0.129
_LOWEST_SCORE, _MOST_CODES = 0.05, 5
FloatArray = npt.NDArray[np.floating]


def suggest(
    likeness: FloatArray,
    owners: Sequence[int],
    codes: Sequence[str],
    adopted: Mapping[int, tuple[str, float]],
    n_answers: int,
) -> list[list[tuple[str, float]]]:
    """Per answer its likely codes with scores (0-1), best first; empty where none is likely.

    ``likeness`` (segments, texts): cosine of each segment to each text of the codebook; ``owners``
    the answer of each segment, ``codes`` the code of each text. ``adopted``: segment -> the code
    that its candidate theme was adopted into, with the segment's strength there (0-1). The score
    is a logistic of the likeness; its constants were fitted on coded answers (see
    benchmarks/suggestions.py).
    """
    scores: list[dict[str, float]] = [{} for _ in range(n_answers)]
    # 1 / (1 + exp(-x)), written so that it does not overflow far below zero
    chances = 0.5 * (1 + np.tanh((likeness - _MIDDLE) / (2 * _WIDTH)))
    for segment, owner in enumerate(owners):
        own = scores[owner]
        for code, chance in zip(codes, chances[segment], strict=True):
            own[code] = max(own.get(code, 0.0), float(chance))
        if segment in adopted:
            code, strength = adopted[segment]
            own[code] = max(own.get(code, 0.0), 0.5 + 0.5 * min(max(strength, 0.0), 1.0))
    return [
        sorted(
            ((code, round(score, 4)) for code, score in own.items() if score >= _LOWEST_SCORE),
            key=lambda pair: (-pair[1], pair[0]),
        )[:_MOST_CODES]
        for own in scores
    ]
