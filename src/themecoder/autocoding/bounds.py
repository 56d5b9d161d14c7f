"""What a random part of answers says of the others, exactly.

All bounds are by inversion: the smallest and the largest number that what was seen does not
contradict. Those of further answers are hypergeometric (Thompson 2012, Sampling, 3rd ed., section
5.4); those of a share are Clopper and Pearson's (1934, Biometrika 26, pp. 404-413).
"""

from __future__ import annotations

from scipy.stats import beta, hypergeom

TAIL = 0.025
"""With what chance each bound may be wrong: both together 5 %."""


def among_others(seen: int, tried: int, others: int, tail: float) -> tuple[int, int]:
    """The fewest and the most of ``others`` that may be so, where ``seen`` of the ``tried`` are:
    all were drawn by chance from both together. Each bound is wrong with a chance of at most
    ``tail``. Raises ValueError where not 0 <= seen <= tried."""
    if not 0 <= seen <= tried or others < 0 or not 0 < tail < 1:
        raise ValueError(f"no part of a whole: {seen} of {tried}, {others} others, {tail}")
    whole = tried + others

    def as_many(found: int) -> bool:
        return bool(hypergeom.sf(seen - 1, whole, seen + found, tried) > tail)

    def as_few(found: int) -> bool:
        return bool(hypergeom.cdf(seen, whole, seen + found, tried) > tail)

    # with more in the whole it is likelier to see as many, and less likely to see as few
    low, above = 0, others
    while low < above:
        middle = (low + above) // 2
        low, above = (low, middle) if as_many(middle) else (middle + 1, above)
    below, high = 0, others
    while below < high:
        middle = (below + high + 1) // 2
        below, high = (middle, high) if as_few(middle) else (below, middle - 1)
    return low, high


def share_bounds(seen: int, tried: int, tail: float) -> tuple[float, float]:
    """The lowest and the highest share of which ``seen`` of ``tried`` may be drawn; 0 and 1 where
    nothing was tried."""
    low = float(beta.ppf(tail, seen, tried - seen + 1)) if seen else 0.0
    high = float(beta.ppf(1 - tail, seen + 1, tried - seen)) if seen < tried else 1.0
    return low, high
