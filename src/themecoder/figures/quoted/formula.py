"""The formula of a figure: a condition, the number of rows, or a statistic of a column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import ttest_ind

from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.expressions.cells import is_empty, number

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas

WELCH, ROWS = "welch", "rows"
_STATISTIC = re.compile(r"(mean|median|sd)\s+(\S+)")
_WELCH = re.compile(r"welch\s+(\S+)\s+by\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Formula:
    """``kind``: condition (``condition`` holds it), rows, mean, median, sd or welch. ``column`` and
    ``by`` are of a statistic; welch compares the two groups of ``by``."""

    kind: str
    condition: Expression | None = None
    column: str = ""
    by: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in (self.column, self.by) if name)


@dataclass(frozen=True, slots=True)
class Welch:
    """Welch's t (1947, Biometrika 34, 28-35): ``t``, the degrees of freedom and the two-sided p."""

    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class Value:
    """The result of a formula: ``n`` of ``base_n`` respondents, and the number. ``value`` is None
    where the base is too small for one."""

    n: int
    base_n: int
    value: Fraction | float | Welch | None


def parse_formula(text: str) -> Formula:
    """The formula that ``text`` holds: ``rows``, ``mean q23``, ``welch q23 by q3`` or a condition.

    Raises InputError for a condition that is none.
    """
    plain = " ".join(text.split())
    if plain == ROWS:
        return Formula(ROWS)
    if match := _STATISTIC.fullmatch(plain):
        return Formula(match[1], column=match[2])
    if match := _WELCH.fullmatch(plain):
        return Formula(WELCH, column=match[1], by=match[2])
    return Formula("condition", condition=parse(text))


def evaluate(formula: Formula, frame: pandas.DataFrame, base: npt.NDArray[np.bool_]) -> Value:
    """What ``formula`` gives among the rows of ``frame`` where ``base`` (n,) holds.

    Raises InputError where welch finds other than two groups with two numbers or more.
    """
    base_n = int(base.sum())
    if formula.condition is not None:
        n = int((formula.condition.evaluate(frame) & base).sum())
        return Value(n, base_n, Fraction(n, base_n) if base_n else None)
    if formula.kind == ROWS:
        return Value(base_n, base_n, Fraction(base_n))
    values = _numbers(frame, formula.column, base)
    if formula.kind == WELCH:
        return _welch(formula, frame, base, values)
    if not values or (formula.kind == "sd" and len(values) < 2):
        return Value(len(values), base_n, None)
    sample = list(values.values())
    statistic: dict[str, Callable[[list[float]], float]] = {
        "mean": fmean,
        "median": median,
        "sd": stdev,
    }
    return Value(len(values), base_n, statistic[formula.kind](sample))


def _numbers(frame: pandas.DataFrame, column: str, base: npt.NDArray[np.bool_]) -> dict[int, float]:
    """row -> number, of the rows in the base that hold one."""
    numbers = {}
    for row, (cell, in_base) in enumerate(zip(frame[column].tolist(), base, strict=True)):
        value = number(cell) if in_base and not is_empty(cell) else None
        if value is not None:
            numbers[row] = value
    return numbers


def _welch(
    formula: Formula,
    frame: pandas.DataFrame,
    base: npt.NDArray[np.bool_],
    values: dict[int, float],
) -> Value:
    groups: dict[str, list[float]] = {}
    names = frame[formula.by].tolist()
    for row, value in values.items():
        if not is_empty(names[row]):
            groups.setdefault(str(names[row]).strip(), []).append(value)
    samples = [groups[name] for name in sorted(groups)]
    used = sum(map(len, samples))
    if len(samples) != 2:
        params = {"column": formula.by, "n": len(samples)}
        raise InputError(Problem("checking.two_groups", params))
    if min(map(len, samples)) < 2:
        return Value(used, int(base.sum()), None)
    result = ttest_ind(*samples, equal_var=False)
    welch = Welch(float(result.statistic), float(result.df), float(result.pvalue))
    return Value(used, int(base.sum()), welch)
