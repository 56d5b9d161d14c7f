"""How exactly the p of a test may be told where some of its counts are not shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import chi2

from themecoder.counts.disclosure.protect import DISTANCE
from themecoder.counts.disclosure.system import Numbers

BOUNDS = (0.001, 0.01, 0.05)
"""A p is told as below the first of these that it is below, else as at least the last."""
EXACT, BELOW, AT_LEAST = "exact", "below", "at_least"


def rough(p: float) -> tuple[str, float]:
    """``p`` as it is told beside hidden counts: below or at least a bound."""
    bound = next((bound for bound in BOUNDS if p < bound), None)
    return (AT_LEAST, BOUNDS[-1]) if bound is None else (BELOW, bound)


def rough_p_tells(
    n: Sequence[int], bases: Sequence[int], hidden: Sequence[bool], smallest: int
) -> bool:
    """Whether even a rough p narrows a hidden count below ``smallest`` too far.

    ``n`` of ``bases`` in each group, of which some are ``hidden``; who reads the table is taken to
    know the total. A hidden small count is safe where other values of it, with the difference made
    up for in another hidden group, give a p (of Pearson's chi-square) with the same bounds.
    """
    counts, sizes = np.array(n), np.array(bases)
    own = _rough_of(counts, sizes)
    hidden_groups = np.flatnonzero(hidden)
    for one in hidden_groups[(counts[hidden_groups] > 0) & (counts[hidden_groups] < smallest)]:
        steps = [0]
        for other in hidden_groups[hidden_groups != one]:
            for step in range(-int(DISTANCE), int(DISTANCE) + 1):
                moved = counts.copy()
                moved[one] += step
                moved[other] -= step
                if ((moved >= 0) & (moved <= sizes)).all() and _rough_of(moved, sizes) == own:
                    steps.append(step)
        if max(steps) == min(steps):
            return True
    return False


def _rough_of(n: Numbers, bases: Numbers) -> tuple[str, float]:
    share = n.sum() / bases.sum()
    if share in (0, 1):
        return rough(1.0)
    statistic = ((n - bases * share) ** 2 / (bases * share * (1 - share))).sum()
    return rough(float(chi2.sf(statistic, len(bases) - 1)))
