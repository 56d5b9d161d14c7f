"""The interval of a share, and the effective base of a weighted sample."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt

from scipy.stats import norm


def wilson(n: float, base: float, level: float = 0.95) -> tuple[float, float]:
    """The score interval of a share n / base, both from 0 to 1.

    Wilson (1927), J. Am. Stat. Assoc. 22, p. 209; without continuity correction, as Newcombe
    (1998), Statistics in Medicine 17, p. 857 advises (method 3). ``n`` and ``base`` may be
    effective numbers of a weighted sample. Raises ValueError where not 0 <= n <= base, base > 0.
    """
    if not 0 <= n <= base or base <= 0:
        raise ValueError(f"no share: {n} of {base}")
    z = _normal_quantile(level)
    share = n / base
    middle = share + z**2 / (2 * base)
    reach = z * sqrt(share * (1 - share) / base + z**2 / (4 * base**2))
    scale = 1 + z**2 / base
    # at n = 0 and n = base a bound is exactly 0 or 1, which a rounding error must not pass
    low = 0.0 if n == 0 else max((middle - reach) / scale, 0.0)
    high = 1.0 if n == base else min((middle + reach) / scale, 1.0)
    return low, high


@lru_cache
def _normal_quantile(level: float) -> float:
    return float(norm.ppf((1 + level) / 2))


def effective_base(weights: Sequence[float]) -> float:
    """The number of equally weighted respondents with the same precision: (sum w)^2 / sum w^2.

    Kish (1965), Survey Sampling, p. 427. It is 0 where nobody has weight.
    """
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else 0.0
