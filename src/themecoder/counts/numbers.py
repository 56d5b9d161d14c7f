"""Closed questions that ask a number: mean, spread and middle, by subgroup."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median, stdev

from scipy.stats import t as student

from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """What a subgroup answered: ``n`` numbers of ``base_n`` who were asked.

    ``sd`` with n - 1; the interval is Student's of the mean. None where there are too few numbers,
    or where ``suppressed``: smallest and largest are never given, they are one person's.
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


def number_summaries(
    question: str,
    values: Mapping[str, float],
    asked: Sequence[str],
    columns: Breakdown,
    *,
    smallest: int,
    level: float,
) -> list[NumberSummary]:
    """``values``: respondent -> number. One row for all and one for each of ``columns``.

    Not shown is what fewer than ``smallest`` answered, and as much beside it that what all less the
    shown groups of an attribute leaves is the mean of at least so many.
    """
    bases = {ALL_RESPONDENTS: frozenset(asked)}
    bases |= {
        name: who & bases[ALL_RESPONDENTS]
        for name, who in columns.members.items()
        if who & bases[ALL_RESPONDENTS]
    }
    found = {name: [values[one] for one in asked if one in who and one in values]
             for name, who in bases.items()}  # fmt: skip
    counts = {name: len(of) for name, of in found.items()}
    sizes = {name: len(who) for name, who in bases.items()}
    hidden = {name for name, n in counts.items() if n < smallest}
    for names in columns.attributes:
        groups = [name for name in names if name in bases]
        hidden |= _guards([(counts[name], name) for name in groups], hidden, smallest)
    return [
        NumberSummary(question, name, None, sizes[name], suppressed=True)
        if name in hidden
        else _number(question, name, of, sizes[name], level)
        for name, of in found.items()
    ]


def _guards(groups: Sequence[tuple[int, str]], hidden: Collection[str], smallest: int) -> set[str]:
    """The smallest of the shown ``groups`` (n, name) that must be hidden too."""
    left = sum(n for n, name in groups if name in hidden)
    found: set[str] = set()
    for n, name in sorted(one for one in groups if one[1] not in hidden):
        if not 0 < left < smallest:
            break
        found.add(name)
        left += n
    return found


def _number(
    question: str, name: str, of: Sequence[float], base: int, level: float
) -> NumberSummary:
    n = len(of)
    if n < 2:
        return NumberSummary(question, name, n, base, fmean(of) if of else None)
    mean, sd = fmean(of), stdev(of)
    reach = float(student.ppf((1 + level) / 2, n - 1)) * sd / sqrt(n)
    return NumberSummary(question, name, n, base, mean, sd, median(of), mean - reach, mean + reach)
