"""What a random part says of the others, against counting all ways to draw it."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from themecoder.autocoding.bounds import among_others, share_bounds


def chance(seen: int, tried: int, so: int, whole: int) -> float:
    """That ``seen`` of ``tried`` are so, drawn from ``whole`` of which ``so`` are."""
    return comb(so, seen) * comb(whole - so, tried - seen) / comb(whole, tried)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.sampled_from([0.025, 0.2]))
def test_each_bound_is_wrong_at_most_as_often_as_it_says(
    tried: int, others: int, so: int, tail: float
) -> None:
    whole = tried + others
    so = min(so, whole)
    low_wrong = high_wrong = 0.0
    for seen in range(max(0, so - others), min(tried, so) + 1):
        low, high = among_others(seen, tried, others, tail)
        assert 0 <= low <= high <= others
        low_wrong += chance(seen, tried, so, whole) * (so - seen < low)
        high_wrong += chance(seen, tried, so, whole) * (so - seen > high)
    assert low_wrong <= tail + 1e-9 and high_wrong <= tail + 1e-9


def test_all_of_a_large_part_leave_little_room() -> None:
    assert among_others(100, 100, 10, 0.025) == (9, 10)
    assert among_others(0, 0, 7, 0.025) == (0, 7)
    with pytest.raises(ValueError, match="no part"):
        among_others(3, 2, 5, 0.025)


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_bounds_of_a_share_are_those_of_scipy(seen: int, tried: int) -> None:
    seen = min(seen, tried)
    exact = binomtest(seen, tried).proportion_ci(0.95, "exact")
    assert share_bounds(seen, tried, 0.025) == pytest.approx((exact.low, exact.high))
    assert share_bounds(0, 0, 0.025) == (0.0, 1.0)
