"""The most likely cause of a printed percentage that differs from the one that the data give."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from themecoder.expressions import Expression
from themecoder.expressions.nodes import IsEmpty
from themecoder.figures.quoted.parts import answers, options
from themecoder.output.numbers import number_text, rounded

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas

SUM, ROUNDING, BASE = "sum of rounded parts", "rounding", "other base"


@dataclass(frozen=True, slots=True)
class Cause:
    """``kind``: one of the three; ``detail``: the parts that were added up, or the other base.
    ``least_part``: how many respondents the smallest of those parts has, of those with any."""

    kind: str
    detail: str = ""
    least_part: int | None = None


def cause(
    condition: Expression,
    frame: pandas.DataFrame,
    base: npt.NDArray[np.bool_],
    printed: Fraction,
    decimals: int,
    others: dict[str, npt.NDArray[np.bool_]],
    language: str,
) -> Cause | None:
    """The likeliest cause of ``printed`` percent, or None.

    Sum of rounded parts: the condition has parts that exclude one another, and their percentages,
    each rounded, add up to it. Rounding: cut off or rounded up, to a neighbour of the true one.
    Other base: the same respondents, as a percentage of one of ``others`` (name -> (n,) bool) or of
    those in the base who answered.
    """
    having = condition.evaluate(frame) & base
    n, base_n = int(having.sum()), int(base.sum())
    for parts in (options(condition), answers(condition)):
        shares = [int((part.evaluate(frame) & base).sum()) for part in parts]
        if len(parts) > 1 and sum(shares) == n:
            rounded_shares = [rounded(Fraction(100 * part, base_n), decimals) for part in shares]
            if sum(Fraction(share) for share in rounded_shares) == printed:
                texts = [number_text(share, decimals, language) for share in rounded_shares]
                return Cause(SUM, " + ".join(texts), min(filter(None, shares), default=None))
    exact = Fraction(100 * n, base_n) * 10**decimals
    if printed * 10**decimals in (math.floor(exact), math.ceil(exact)):
        return Cause(ROUNDING)
    for name, other in (others | _answered(condition, frame, base)).items():
        size = int(other.sum())
        # a base that leaves out some of these respondents may give any number by chance
        same = size not in (0, base_n) and bool((other | ~having).all())
        if same and rounded(Fraction(100 * n, size), decimals) == printed:
            return Cause(BASE, f"{name}, n = {size}")
    return None


def _answered(
    condition: Expression, frame: pandas.DataFrame, base: npt.NDArray[np.bool_]
) -> dict[str, npt.NDArray[np.bool_]]:
    """The part of the base that answered what the condition looks at: the "valid percent"."""
    filled = [Expression(IsEmpty(name, negated=True)) for name in condition.columns]
    if not filled:
        return {}
    answered = np.logical_and.reduce(
        [condition_filled.evaluate(frame) for condition_filled in filled]
    )
    return {" and ".join(map(str, filled)): base & answered}
