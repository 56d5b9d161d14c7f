"""P-values adjusted for how many tests were made."""

from __future__ import annotations

from collections.abc import Sequence


def holm(found: Sequence[float]) -> list[float]:
    """The p of each of m tests, adjusted: Holm (1979), Scand. J. Statistics 6, 65-70. The smallest
    times m, the next times m - 1 and so on, never below one before it and never above 1."""
    adjusted, highest = [0.0] * len(found), 0.0
    for rank, place in enumerate(
        sorted(range(len(found)), key=lambda place: (found[place], place))
    ):
        highest = max(highest, min(1.0, found[place] * (len(found) - rank)))
        adjusted[place] = highest
    return adjusted
