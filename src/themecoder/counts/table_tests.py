"""Whether a share differs between groups: tests of a 2 x k table of respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import chi2_contingency

CHI_SQUARE, FISHER, MONTE_CARLO = "chi_square", "fisher", "monte_carlo"
EXPECTED_AT_LEAST, EXPECTED_MOSTLY, MOSTLY = 1.0, 5.0, 0.8
"""Cochran (1954), Biometrics 10, p. 420: chi-square is trusted where no expected count is below 1
and four in five are 5 or more."""
MOST_TABLES = 100_000
"""With more tables than this of the same margins, they are drawn instead of gone through."""
DRAWN_FIRST, DRAWN, CLEARLY_LARGE = 10_000, 99_999, 0.1
"""Tables drawn. A p above ``CLEARLY_LARGE`` has a standard error of at most .005 and is left at
that; for a smaller one more are drawn: that of .05 is .0007, and no p is below .00001."""
_AS_LIKELY = 1e-7
"""Tables whose probabilities differ by less than this part are as likely, as in R's fisher.test."""

Tables = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TableTest:
    """The outcome of a test. ``effect`` is Cramér's V, from 0 to 1.

    ``statistic`` with ``df`` (and ``df2``, of an F) is None for a test that is made of
    probabilities only.
    """

    test: str
    p: float
    effect: float
    statistic: float | None = None
    df: float | None = None
    df2: float | None = None


def table_test(having: Sequence[int], bases: Sequence[int], seed: int) -> TableTest:
    """The test of ``having`` of ``bases``, a number for each of two or more groups.

    Pearson's chi-square without continuity correction where its conditions hold. Otherwise the
    exact test of Fisher in the form of Freeman and Halton (1951), Biometrika 38, 141-149: the
    probability, given the margins, of this table and all that are not more likely. Where there are
    too many tables, of as many drawn at random that is (1 + those not more likely) / (1 + all):
    Davison and Hinkley (1997), Bootstrap Methods, p. 141. The same margins and ``seed`` draw the
    same tables, so that a table and its complement have the same p. Raises ValueError where
    nobody or everybody has it, or a group is empty.
    """
    everyone, total = sum(bases), sum(having)
    if len(bases) < 2 or min(bases) < 1 or not 0 < total < everyone:
        raise ValueError(f"no table to test: {having} of {bases}")
    without = [base - n for base, n in zip(bases, having, strict=True)]
    result = chi2_contingency([having, without], correction=False)
    effect = sqrt(float(result.statistic) / everyone)
    expected = result.expected_freq
    if (
        expected.min() >= EXPECTED_AT_LEAST
        and (expected >= EXPECTED_MOSTLY).mean() >= MOSTLY - 1e-12
    ):
        statistic, df = float(result.statistic), int(result.dof)
        return TableTest(CHI_SQUARE, float(result.pvalue), effect, statistic, df)
    rarer = min(having, without, key=sum)
    # in order of size, so that the order in which groups are named changes nothing
    groups = sorted(zip(bases, rarer, strict=True))
    sizes, counts = (tuple(column) for column in zip(*groups, strict=True))
    if number_of_tables(sizes, sum(counts)) <= MOST_TABLES:
        return TableTest(FISHER, exact_p(counts, sizes), effect)
    return TableTest(MONTE_CARLO, drawn_p(counts, sizes, seed), effect)


def number_of_tables(bases: Sequence[int], total: int) -> float:
    """How many ways there are to divide ``total`` over groups of at most ``bases``."""
    ways: npt.NDArray[np.float64] = np.ones(1)
    for base in bases:
        ways = np.asarray(np.convolve(ways, np.ones(base + 1))[: total + 1], dtype=float)
    return float(ways[total])


def exact_p(having: Sequence[int], bases: Sequence[int]) -> float:
    """The probability of all tables with these margins that are not more likely than ``having``."""
    ways = _logarithm_of_ways(_all_tables(bases, sum(having)), bases)
    limit = _logarithm_of_ways(np.array([having]), bases)[0] + _AS_LIKELY
    probabilities = np.exp(ways - ways.max())
    return float(min(1.0, probabilities[ways <= limit].sum() / probabilities.sum()))


def drawn_p(having: Sequence[int], bases: Sequence[int], seed: int) -> float:
    """What ``exact_p`` is about, of tables with these margins that are drawn."""
    limit = _logarithm_of_ways(np.array([having]), bases)[0] + _AS_LIKELY
    p = 1.0
    for drawn in (DRAWN_FIRST, DRAWN):
        chance = np.random.default_rng([seed, sum(having), *bases])
        tables = chance.multivariate_hypergeometric(bases, sum(having), size=drawn)
        p = float((1 + (_logarithm_of_ways(tables, bases) <= limit).sum()) / (1 + drawn))
        if p > CLEARLY_LARGE:
            break
    return p


def _all_tables(bases: Sequence[int], total: int) -> Tables:
    """Every way to divide ``total``: a row each, a column per group."""
    tables = np.zeros((1, 0), dtype=np.int64)
    left = np.array([total])
    for place, base in enumerate(bases):
        lowest = np.maximum(0, left - sum(bases[place + 1 :]))
        options = np.minimum(base, left) - lowest + 1
        row = np.repeat(np.arange(len(tables)), options)
        first = np.repeat(np.cumsum(options) - options, options)
        column = lowest[row] + np.arange(len(row)) - first
        tables = np.column_stack([tables[row], column])
        left = left[row] - column
    return tables


def _logarithm_of_ways(tables: Tables, bases: Sequence[int]) -> npt.NDArray[np.float64]:
    """Of each table, the logarithm of the number of ways to choose its respondents, to which its
    probability is proportional."""
    ways = np.zeros(len(tables))
    for base, column in zip(bases, tables.T, strict=True):
        of = np.arange(base + 1)
        choose = gammaln(base + 1) - gammaln(of + 1) - gammaln(base - of + 1)
        ways += choose[column]
    return ways
