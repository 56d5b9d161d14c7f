"""Closed questions that ask for a number: mean, standard deviation and median, by subgroup."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean, median, stdev

from scipy.stats import t as student

from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown
from themecoder.counts.sampling import (
    SamplingDesign,
    mean_interval,
    weighted_mean,
    weighted_median,
)

WEIGHTED_FIELDS = (
    "weighted_mean",
    "weighted_se",
    "weighted_median",
    "weighted_ci_low",
    "weighted_ci_high",
)
"""What a weighted study has besides; all other numbers are unweighted in every study."""


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """What a subgroup answered: ``n`` numbers of the ``base_n`` respondents who were asked.

    ``sd`` is with n - 1; the interval is Student's for the mean. They are None where there are too
    few numbers, or where ``suppressed``. The smallest and largest number are never given, since
    they are those of one person. The ``weighted`` ones are by the study's weights, strata and
    clusters (``weighted_se``: standard error of the mean); they are None in a study without.
    """

    question: str
    subgroup: str
    n: int | None
    base_n: int
    mean: float | None = None
    sd: float | None = None
    median: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    suppressed: bool = False
    weighted_mean: float | None = None
    weighted_se: float | None = None
    weighted_median: float | None = None
    weighted_ci_low: float | None = None
    weighted_ci_high: float | None = None


def number_summaries(
    question: str,
    values: Mapping[str, float],
    asked: Sequence[str],
    columns: Breakdown,
    *,
    smallest: int,
    level: float,
    design: SamplingDesign | None = None,
) -> list[NumberSummary]:
    """One row for all respondents and one for each subgroup. ``values``: respondent -> number.

    A group in which fewer than ``smallest`` answered is not shown. So many other groups are hidden
    with it that all respondents less the shown groups of an attribute are at least ``smallest``.
    """
    bases = {ALL_RESPONDENTS: frozenset(asked)}
    bases |= {
        name: who & bases[ALL_RESPONDENTS]
        for name, who in columns.members.items()
        if who & bases[ALL_RESPONDENTS]
    }
    numbers = {
        name: {
            respondent: values[respondent]
            for respondent in asked
            if respondent in who and respondent in values
        }
        for name, who in bases.items()
    }
    counts = {name: len(given) for name, given in numbers.items()}
    sizes = {name: len(who) for name, who in bases.items()}
    hidden = {name for name, n in counts.items() if n < smallest}
    for names in columns.attributes:
        groups = [name for name in names if name in bases]
        hidden |= _secondary_groups([(counts[name], name) for name in groups], hidden, smallest)
    return [
        NumberSummary(question, name, None, sizes[name], suppressed=True)
        if name in hidden
        else _weighted(
            _summary(question, name, list(given.values()), sizes[name], level), given, design, level
        )
        for name, given in numbers.items()
    ]


def _secondary_groups(
    groups: Sequence[tuple[int, str]], hidden: Collection[str], smallest: int
) -> set[str]:
    """The smallest of the shown ``groups`` (n, name), as many as must be hidden too."""
    left = sum(n for n, name in groups if name in hidden)
    guards: set[str] = set()
    for n, name in sorted(group for group in groups if group[1] not in hidden):
        if not 0 < left < smallest:
            break
        guards.add(name)
        left += n
    return guards


def _summary(
    question: str, name: str, numbers: Sequence[float], base: int, level: float
) -> NumberSummary:
    n = len(numbers)
    if n < 2:
        return NumberSummary(question, name, n, base, fmean(numbers) if numbers else None)
    mean, sd = fmean(numbers), stdev(numbers)
    reach = float(student.ppf((1 + level) / 2, n - 1)) * sd / sqrt(n)
    return NumberSummary(
        question, name, n, base, mean, sd, median(numbers), mean - reach, mean + reach
    )


def _weighted(
    row: NumberSummary, given: Mapping[str, float], design: SamplingDesign | None, level: float
) -> NumberSummary:
    mean = weighted_mean(design, given) if design else None
    if design is None or mean is None:
        return row
    interval = mean_interval(mean, level)
    return replace(
        row,
        weighted_mean=mean.value,
        weighted_se=sqrt(mean.variance) if interval else None,
        weighted_median=weighted_median(design, given),
        weighted_ci_low=interval and interval[0],
        weighted_ci_high=interval and interval[1],
    )
