"""Whether subgroups differ in how often a code was given: a test, its effect size, and its p-value
adjusted for the number of tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from scipy.stats import chi2_contingency, fisher_exact

from themecoder.counts.count_rows import Count
from themecoder.counts.layout import Breakdown

EXPECTED_AT_LEAST = 5.0
"""Cochran (1954), Biometrics 10, p. 420: expected counts below which chi-square is not trusted."""
CHI_SQUARE, FISHER = "chi_square", "fisher"
TOO_FEW, ONE_GROUP, NEVER = "expected_below_5", "one_group_shown", "same_everywhere"


@dataclass(frozen=True, slots=True)
class CountDifference:
    """A test of one code over the subgroups of one attribute.

    Only the ``groups`` whose counts are shown are tested, so that the test reveals nothing about
    hidden ones. ``test`` is chi_square (Pearson, without continuity correction) or fisher (two
    groups with few expected); ``effect`` is Cramér's V, from 0 to 1; with two groups it is the
    absolute value of phi. ``p_adjusted`` is Holm's over the ``tested`` codes of this question and
    attribute. ``not_tested`` says why there is no test.
    """

    question: str
    code: str
    attribute: str
    groups: tuple[str, ...]
    test: str | None = None
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    p_adjusted: float | None = None
    effect: float | None = None
    tested: int = 0
    not_tested: str | None = None


def count_differences(
    counts: Iterable[Count], columns: Breakdown, leave_out: Mapping[str, Sequence[str]]
) -> list[CountDifference]:
    """A row for every question, code and attribute.

    ``leave_out``: question -> rows that are unions of others, which are not tested. Respondents
    without a value for an attribute are not a group of it.
    """
    by_code: dict[tuple[str, str], dict[str, Count]] = {}
    for count in counts:
        if count.code not in leave_out.get(count.question, ()):
            by_code.setdefault((count.question, count.code), {})[count.subgroup] = count
    differences: list[CountDifference] = []
    for attribute in columns.attributes:
        names = [name for name in attribute if not name.endswith("=")]
        if not names:
            continue
        families: dict[str, list[CountDifference]] = {}
        for (question, code), by_subgroup in by_code.items():
            shown = [
                by_subgroup[name]
                for name in names
                if name in by_subgroup and by_subgroup[name].n is not None
            ]
            family = families.setdefault(question, [])
            family.append(_tested(question, code, names[0].partition("=")[0], shown))
        for family in families.values():
            differences += _holm_adjusted(family)
    return differences


def _tested(question: str, code: str, attribute: str, shown: Sequence[Count]) -> CountDifference:
    groups = tuple(count.subgroup for count in shown)
    having = [count.n or 0 for count in shown]
    without = [count.base_n - n for count, n in zip(shown, having, strict=True)]
    row = CountDifference(question, code, attribute, groups)
    if len(groups) < 2:
        return replace(row, not_tested=ONE_GROUP)
    if not sum(having) or not sum(without):
        return replace(row, not_tested=NEVER)
    result = chi2_contingency([having, without], correction=False)
    everyone = sum(having) + sum(without)
    effect = sqrt(float(result.statistic) / everyone)
    if result.expected_freq.min() >= EXPECTED_AT_LEAST:
        statistic, df, p = float(result.statistic), int(result.dof), float(result.pvalue)
        return replace(row, test=CHI_SQUARE, statistic=statistic, df=df, p=p, effect=effect)
    if len(groups) == 2:
        p = float(fisher_exact([having, without]).pvalue)
        return replace(row, test=FISHER, p=p, effect=effect)
    return replace(row, not_tested=TOO_FEW)


def _holm_adjusted(family: Sequence[CountDifference]) -> list[CountDifference]:
    """Holm (1979), Scand. J. Statistics 6, 65-70: the smallest of m p-values times m, the next
    times m - 1 and so on, never below one before it and never above 1."""
    tested = sorted((d.p, place) for place, d in enumerate(family) if d.p is not None)
    adjusted, highest = list(family), 0.0
    for rank, (p, place) in enumerate(tested):
        highest = max(highest, min(1.0, p * (len(tested) - rank)))
        adjusted[place] = replace(adjusted[place], p_adjusted=highest, tested=len(tested))
    return adjusted
