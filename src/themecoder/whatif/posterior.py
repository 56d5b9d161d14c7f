"""What a division that errs tells of how many answers belong to a part.

The division is taken for what a diagnostic test is in medicine: it is known, with doubt, how often
it finds what is there and how often it leaves out what is not. How many have it then follows with
an interval that holds all that doubt (Joseph, Gyorkos & Coupal 1995, Bayesian estimation of disease
prevalence and the parameters of diagnostic tests in the absence of a gold standard, Am. J.
Epidemiol. 141, 263-272, eq. 1-5; the two rates have beta distributions, the share an even one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, expit
from scipy.stats import binom

from themecoder.classifier.model import FloatArray

FEWEST_SETS = 8
"""From how many sets of other codes on their rates say what to expect; of fewer no spread is
known."""
_TRIED = 50_000


@dataclass(frozen=True, slots=True)
class Beta:
    """What is known of a share: as if ``yes`` of ``yes + no`` cases had been seen."""

    yes: float = 1.0
    no: float = 1.0

    def after(self, yes: float, no: float) -> Beta:
        return Beta(self.yes + yes, self.no + no)

    def draw(self, random: np.random.Generator, draws: int) -> FloatArray:
        return random.beta(self.yes, self.no, draws)


NOTHING_KNOWN = Beta()


@dataclass(frozen=True, slots=True)
class Rates:
    """Of a part: how often the division ``finds`` answers that belong to it, and how often it
    ``leaves`` out those that do not."""

    finds: Beta = NOTHING_KNOWN
    leaves: Beta = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Belonging:
    """Draws (d,) of the chance that an answer belongs to the part: of one that was taken for it, of
    one that was ``left``, and the share of all."""

    taken: FloatArray
    left: FloatArray
    share: FloatArray


def belonging(
    taken: int, answers: int, rates: Rates, random: np.random.Generator, draws: int
) -> Belonging:
    """What follows where ``taken`` of the ``answers`` were taken for the part: of many shares and
    rates those are drawn that make that likely."""
    share = random.random(_TRIED)
    finds, leaves = rates.finds.draw(random, _TRIED), rates.leaves.draw(random, _TRIED)
    told = binom.logpmf(taken, answers, share * finds + (1 - share) * (1 - leaves))
    likely = np.exp(told - told.max())
    chosen = random.choice(_TRIED, draws, p=likely / likely.sum())
    share, finds, leaves = share[chosen], finds[chosen], leaves[chosen]
    return Belonging(*_chances(share, finds, leaves), share)


def _chances(
    share: FloatArray, finds: FloatArray, leaves: FloatArray
) -> tuple[FloatArray, FloatArray]:
    taken = share * finds + (1 - share) * (1 - leaves)
    left = share * (1 - finds) + (1 - share) * leaves
    return (
        np.divide(share * finds, taken, out=np.zeros_like(share), where=taken > 0),
        np.divide(share * (1 - finds), left, out=np.zeros_like(share), where=left > 0),
    )


def spread_of(yes: Sequence[int], cases: Sequence[int]) -> Beta:
    """What is to be expected of a share that was ``yes`` of ``cases`` in each of some sets: the
    beta distribution of the highest likelihood (Griffiths 1973, Biometrics 29, 637-648), with no
    more weight than there are sets. Nothing is known of fewer than ``FEWEST_SETS``."""
    counted = np.array([(y, n) for y, n in zip(yes, cases, strict=True) if n], dtype=np.float64)
    if len(counted) < FEWEST_SETS:
        return NOTHING_KNOWN
    hits, misses = counted[:, 0], counted[:, 1] - counted[:, 0]

    def lost(value: FloatArray) -> float:
        middle, weight = expit(value[0]), np.exp(value[1])
        a, b = middle * weight, (1 - middle) * weight
        return -float((betaln(a + hits, b + misses) - betaln(a, b)).sum())

    start = (hits.sum() + 1) / (counted[:, 1].sum() + 2)
    limits = ((-8.0, 8.0), (np.log(0.1), np.log(len(counted))))
    found = minimize(
        lost,
        [np.log(start / (1 - start)), min(1.5, limits[1][1])],
        bounds=limits,
        method="L-BFGS-B",
    ).x
    middle, weight = float(expit(found[0])), float(np.exp(found[1]))
    return Beta(middle * weight, (1 - middle) * weight)
