"""Amounts: a share, a count or another value, each a range between two bounds.

An amount in digits claims what rounds to it: 37,1% is everything from 37.05 up to 37.15. Words
claim a range whose width is a convention; the conventions are the constants here, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["share", "count", "value"]
Sense = Literal["", "above", "below", "about", "more", "less", "least", "most", "exact"]

PLAIN_WIDTH = Fraction(25, 1000)
"""A fraction without a further word ("een derde", "1 op de 3"): this much to either side."""

NEAR_WIDTH = Fraction(5, 100)
"""The most that "ruim" (up), "bijna" (down) and "circa" (either side) reach, as a share."""

NEAR_PART = Fraction(1, 4)
"""No width is more than this part of the amount itself, but for one unit of the last digit typed:
"bijna een tiende" is 7.5 to 10 %."""

ROUND_STEPS = tuple(Fraction(step) for step in (1000, 500, 100, 50, 10, 5))
"""A number in digits is as rough as the largest step that divides it: "ruim 40%" reaches half a
step of ten, to 45 %; "ruim 35%" to 37.5 %; "ruim 37%" one unit of its last digit, to 38 %."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount: ``kind`` and bounds, each with whether the bound itself belongs to it.

    A ``share`` has bounds from 0 to 1, a ``count`` those of a number of people or answers, a
    ``value`` is a number with decimals that is neither by its looks: a mean, a test statistic, a
    percentage without its sign. None is no bound. ``exact``: in digits, so that it claims one
    number at ``decimals``. ``is_base``: typed as the size of a group, "n = 294".
    """

    kind: Kind
    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True
    exact: bool = False
    decimals: int | None = None
    is_base: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether ``value``, in the unit of the bounds, is what the amount claims."""
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below


def in_digits(
    kind: Kind, typed: Fraction, decimals: int, unit: Fraction, sense: Sense, *, is_base: bool
) -> Amount:
    """An amount in digits or number words: ``typed`` times ``unit`` is its value.

    ``unit`` is 1/100 of a percentage, a million of "2 miljoen", else 1. A whole count claims
    itself; all else claims what rounds to it at ``decimals``, a half up.
    """
    value = typed * unit
    if sense in ("", "exact"):
        if kind == "count" and unit == 1:
            return Amount("count", value, value, exact=True, decimals=0, is_base=is_base)
        half = unit / (2 * 10**decimals)
        # of a number below zero a half rounds away from zero, so the other bound is the closed one
        low_closed = typed >= 0
        return Amount(
            kind, value - half, value + half, low_closed, not low_closed, True, decimals, is_base
        )
    return _ranged(kind, value, _digits_width(kind, typed, decimals, unit), sense)


def in_words(value: Fraction, sense: Sense) -> Amount:
    """A share as a fraction or ratio in words: "de helft", "ruim een derde", "1 op de 10"."""
    if sense == "exact":
        return Amount("share", value, value, exact=True)
    widest = NEAR_PART * value
    if sense == "":
        return _ranged("share", value, min(PLAIN_WIDTH, widest), "about")
    return _ranged("share", value, min(NEAR_WIDTH, widest), sense)


def in_halves(typed: Fraction, sense: Sense) -> Amount:
    """A percentage of a number and a half in words, "anderhalf procent": what rounds to it in
    halves, from 1.25 up to 1.75 %."""
    percent = Fraction(1, 100)
    value, half = typed * percent, percent / 2
    if sense in ("", "exact"):
        return Amount("share", value - half / 2, value + half / 2, high_closed=False)
    return _ranged("share", value, half, sense)


def between(kind: Kind, low: Fraction, high: Fraction) -> Amount:
    """A range with its ends: "tussen de 20 en 30%"."""
    return Amount(kind, min(low, high), max(low, high))


def _digits_width(kind: Kind, typed: Fraction, decimals: int, unit: Fraction) -> Fraction:
    size = abs(typed)
    step = next((s for s in ROUND_STEPS if size >= s and size % s == 0), None)
    width = unit / 10**decimals if step is None else min(step * unit / 2, NEAR_PART * size * unit)
    return min(width, NEAR_WIDTH) if kind == "share" else width


def _ranged(kind: Kind, value: Fraction, width: Fraction, sense: Sense) -> Amount:
    least = Fraction(0) if kind != "value" else None
    most = Fraction(1) if kind == "share" else None
    low, high = value - width, value + width
    if least is not None:
        low = max(low, least)
    if most is not None:
        high = min(high, most)
    bounds = {
        "above": (value, high, False, True),
        "below": (low, value, True, False),
        "more": (value, most, False, True),
        "less": (least, value, True, False),
        "least": (value, most, True, True),
        "most": (least, value, True, True),
        "about": (low, high, True, True),
    }
    return Amount(kind, *bounds[sense])
