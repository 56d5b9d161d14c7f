"""The result of a coefficient: a value, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ONE_CODER = "one_coder"
"""Fewer than two coders coded anything."""
NO_UNITS = "no_units"
"""There is nothing that was coded."""
NO_OVERLAP = "no_overlap"
"""No unit was coded by two coders."""
NO_VARIATION = "no_variation"
"""Everything has one value: agreement by chance is certain, so 0/0."""
NOT_USED = "not_used"
"""Nobody used the code (or marked anything) among what was coded twice."""
NO_VALUES = "no_values"
"""No answer has a value of the code from two coders."""
NO_PAIR = "no_pair"
"""No pair of coders has a defined value."""
TOO_MANY_UNDEFINED = "too_many_undefined"
"""The statistic is undefined in too many resamples for an interval."""
TOO_FEW = "too_few"
"""Too few respondents gave what the interval would rest on."""
DESCRIBES = "describes"
"""The statistic describes a table and estimates nothing."""
OUT_OF_RANGE = "out_of_range"
"""The value is below -1, as it can be with missing ratings: an interval would be too."""
HIDDEN_COUNT = "hidden"
"""The value would tell a small count, which is not shown."""
UNEQUAL = "unequal_ratings"
"""The formula asks for the same number of ratings on every unit."""
BY_PLUGIN = "by_plugin"
"""A coefficient of another package gave no number."""
NO_SPREAD = "no_spread"
"""The estimated error is zero or there is one unit, which does not make an interval of no width."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of ``measure``.

    ``value`` is a number, for some coefficients a mapping of names to numbers or a pair; None with
    the reason in ``undefined_because``. ``se`` and ``ci`` are given where a formula is published
    and the data allow it. ``notes`` says what a reader should know: coders without a coding that
    were left out, pairs that are defined.
    """

    value: Any
    undefined_because: str | None = None
    se: float | None = None
    ci: tuple[float, float] | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


def undefined(reason: str, **notes: Any) -> Measured:
    return Measured(None, reason, notes=notes)
