"""An interval of a share of which the error is known, exact where it rests on few cases."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta
from scipy.stats import t as student

from themecoder.agreement.measures.statistics import Array


def korn_graubard(
    share: Array, se: Array, clusters: int, degrees: Array, level: float
) -> tuple[Array, Array]:
    """The lower and upper ends of intervals of shares in (0, 1) with errors ``se`` above 0.

    Clopper and Pearson's interval of as many independent cases as would give the error, fewer where
    the error itself is uncertain: with ``degrees`` of freedom, of ``clusters``. Korn & Graubard
    (1998), Survey Methodology 24, pp. 193-201. NaN where the share is at its end, or there is no
    error: there nothing was seen that could vary.
    """
    known = (share > 0) & (share < 1) & (se > 0) & (degrees > 0)
    p, error = np.where(known, share, 0.5), np.where(known, se, 1.0)
    tail = (1 + level) / 2
    uncertain = student.ppf(tail, max(clusters - 1, 1)) / student.ppf(
        tail, np.where(known, degrees, 1)
    )
    cases = p * (1 - p) / error**2 * uncertain**2
    low = beta.ppf(1 - tail, cases * p, cases * (1 - p) + 1)
    high = beta.ppf(tail, cases * p + 1, cases * (1 - p))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
