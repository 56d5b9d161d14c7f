"""Quoted figures: the numbers that a report prints, checked against those that the data give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy

from themecoder.expressions import Expression
from themecoder.figures.quoted.causes import Cause, cause
from themecoder.figures.quoted.formula import Formula, Value, Welch, evaluate
from themecoder.figures.quoted.printed import (
    PERCENT,
    TEST,
    WORDS,
    Printed,
    holds,
    holds_test,
    test_text,
)
from themecoder.output.numbers import number_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas

    from themecoder.counts.ppi.estimator import EstimatedShare

    Flags = npt.NDArray[np.bool_]
    Estimate = Callable[[Flags, Flags], Fraction | None]

MATCH, DIFFERS, UNDEFINED = "match", "differs", "undefined"
NO_SOURCE, EMPTY_BASE, NO_CODING = "no source", "empty base", "no coding"
NO_ESTIMATE, IN_INTERVAL = "no estimate", "in interval"
"""Of what is held against estimates: there is none, or the interval leaves it open."""


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """A figure that a report quotes. ``formula`` is None where the data can't give it, ``base``
    where it is every row of the export, ``decimals`` where they are as many as are printed."""

    id: str
    text: str
    formula: Formula | None
    base: Expression | None
    decimals: int | None
    printed: str
    read: Printed

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it is computed from."""
        names = set(self.base.columns) if self.base else set()
        if self.formula is not None:
            names |= {*self.formula.columns}
            names |= {*self.formula.condition.columns} if self.formula.condition else set()
        return frozenset(names)


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure with what the data give. ``cause`` is the likeliest cause of a difference (sum of
    rounded parts, rounding, other base; with ``detail`` and ``least_part`` as ``Cause`` has them),
    or the reason of an undefined verdict. ``estimate``: what it was held against, where that is no
    count; then there is no n."""

    figure: QuotedFigure
    rebuilt: str
    n: int | None
    base_n: int | None
    verdict: str
    cause: str | None = None
    detail: str = ""
    least_part: int | None = None
    estimate: EstimatedShare | None = None


def check_figure(
    figure: QuotedFigure,
    frame: pandas.DataFrame,
    bases: dict[str, Flags],
    language: str,
    estimate: Estimate | None = None,
) -> CheckedFigure:
    """``frame``: the rows of the whole export. ``bases``: other bases in use, name -> (n,) bool.

    ``estimate``: of codes, the share of some of the rows in a base where not every answer is coded;
    None where none in the base is.
    """
    if figure.formula is None:
        return CheckedFigure(figure, "", None, None, UNDEFINED, NO_SOURCE)
    everyone: Flags = numpy.ones(len(frame), dtype=bool)
    base = figure.base.evaluate(frame) if figure.base else everyone
    value = evaluate(figure.formula, frame, base)
    if value.value is None:
        return CheckedFigure(figure, "", value.n, value.base_n, UNDEFINED, EMPTY_BASE)
    if estimate is not None and figure.formula.condition is not None:
        share = estimate(figure.formula.condition.evaluate(frame), base)
        if share is None:
            return not_coded(figure)
        value = replace(value, value=share)
    decimals = figure.read.decimals if figure.decimals is None else figure.decimals
    text = _text(figure, value, decimals, language)
    if _holds(figure, value, decimals):
        return CheckedFigure(figure, text, value.n, value.base_n, MATCH)
    why: Cause | None = None
    if figure.read.kind == PERCENT and figure.formula.condition is not None:
        condition, read = figure.formula.condition, figure.read
        why = cause(condition, frame, base, read.value, read.decimals, bases, language)
    differs = CheckedFigure(figure, text, value.n, value.base_n, DIFFERS)
    if why is None:
        return differs
    return replace(differs, cause=why.kind, detail=why.detail, least_part=why.least_part)


def not_coded(figure: QuotedFigure) -> CheckedFigure:
    """The verdict on a figure of codes where the coding can't be read."""
    return CheckedFigure(figure, "", None, None, UNDEFINED, NO_CODING)


def _holds(figure: QuotedFigure, value: Value, decimals: int) -> bool:
    if isinstance(value.value, Welch):
        return figure.read.kind == TEST and holds_test(figure.read, value.value)
    if figure.read.kind == TEST or value.value is None:
        return False
    condition = figure.formula is not None and figure.formula.condition is not None
    share = condition and figure.read.is_share
    if not figure.read.sizes.hold(value.n, value.base_n):
        return False
    number = value.n if condition and not share else value.value
    return holds(figure.read, number, share, decimals)


def _text(figure: QuotedFigure, value: Value, decimals: int, language: str) -> str:
    if isinstance(value.value, Welch):
        return test_text(figure.read, value.value, language)
    if value.value is None:
        return ""
    if figure.formula is not None and figure.formula.condition is not None:
        if not figure.read.is_share:
            return number_text(value.n, 0, language)
        places = max(decimals, 1) if figure.read.kind == WORDS else decimals
        return number_text(value.value * 100, places, language) + "%"
    return number_text(value.value, decimals, language)
