"""What a coefficient is called: scales of words, by the point and by its probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtr
from scipy.stats import truncnorm

from themecoder.errors import InputError, Problem

_ENOUGH = 1e-6
"""With at least this probability on the scale, differences of probabilities keep ten digits."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels from best to worst, each with the lowest coefficient that it is given for.

    - landis_koch: Landis & Koch (1977), Biometrics 33, p. 165
    - altman: Altman (1991), Practical Statistics for Medical Research, p. 404
    - krippendorff: Krippendorff (2019), Content Analysis, 4th ed., p. 356: rely on .800 and more,
      draw tentative conclusions from .667
    - fleiss: Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd ed., p. 218: above
      .75 excellent, below .40 poor
    - cicchetti_sparrow: Cicchetti & Sparrow (1981), Am. J. Mental Deficiency 86, pp. 127-137
    """

    levels: tuple[str, ...]
    lowest: tuple[float, ...]


SCALES = {
    "landis_koch": Scale(
        ("Almost perfect", "Substantial", "Moderate", "Fair", "Slight", "Poor"),
        (0.8, 0.6, 0.4, 0.2, 0.0, -1.0),
    ),
    "altman": Scale(("Very good", "Good", "Moderate", "Fair", "Poor"), (0.8, 0.6, 0.4, 0.2, -1.0)),
    "krippendorff": Scale(("Reliable", "Tentative", "Unreliable"), (0.8, 0.667, -1.0)),
    "fleiss": Scale(("Excellent", "Fair to good", "Poor"), (0.75, 0.4, -1.0)),
    "cicchetti_sparrow": Scale(("Excellent", "Good", "Fair", "Poor"), (0.75, 0.6, 0.4, 0.0)),
}


def scale_of(name: str) -> Scale:
    """Raises InputError for a name that is not among ``SCALES``."""
    if name not in SCALES:
        raise InputError(Problem("agreement.scale", {"found": name, "known": ", ".join(SCALES)}))
    return SCALES[name]


def by_point(value: float, scale: str) -> str:
    """The level whose range the value itself is in; a bound belongs to the level above it."""
    named_scale = scale_of(scale)
    for level, lowest in zip(named_scale.levels, named_scale.lowest, strict=True):
        if value >= lowest:
            return level
    return named_scale.levels[-1]


def cumulative(
    value: float, se: float, lowest: Sequence[float], top: float = 1.0
) -> tuple[float, ...]:
    """The probability that the coefficient is at the level or better, best level first.

    Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., pp. 174-179: normal around ``value``
    with error ``se`` (above 0), cut off at the scale's ends. For a value far outside the scale all
    probability is in the level nearest to it.
    """
    ends = (lowest[-1] - value) / se, (top - value) / se
    under, over = map(float, ndtr(ends))
    if over - under > _ENOUGH:
        below = ndtr([(bound - value) / se for bound in lowest])
        return tuple(min(max((over - float(p)) / (over - under), 0.0), 1.0) for p in below)
    # far outside the scale these differences are 0/0; scipy computes in logarithms, 50 times slower
    reached = truncnorm.sf(lowest, *ends, loc=value, scale=se)
    return tuple(float(p) for p in reached)


def by_probability(value: float, se: float, scale: str, threshold: float = 0.95) -> str:
    """The best level that the coefficient reaches with probability ``threshold``."""
    named_scale = scale_of(scale)
    return retained(cumulative(value, se, named_scale.lowest), named_scale.levels, threshold)


def retained(chances: Sequence[float], levels: Sequence[str], threshold: float) -> str:
    """The first level, from the best down, whose cumulative probability reaches ``threshold``."""
    reached = (level for level, chance in zip(levels, chances, strict=True) if chance >= threshold)
    return next(reached, levels[-1])
