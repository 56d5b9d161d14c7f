"""New codes per answer, and how many answers with a code are left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themecoder.autocoding.bounds import among_others
from themecoder.autocoding.saturation import codes_left, new_codes

SETS = st.lists(st.frozensets(st.sampled_from("abcdef"), max_size=3), max_size=20)


def test_a_curve_tells_when_each_code_came() -> None:
    sets = [frozenset(codes) for codes in ("a", "ab", "", "a", "cd", "b")]
    found = new_codes(sets, sets)
    assert found.curve == ((1, 1), (2, 2), (5, 4), (6, 4))
    # only the fifth has a code to itself
    assert found.chance == pytest.approx(1 / 6) and found.answers == 6


@given(SETS)
def test_the_curve_ends_at_all_codes(sets: list[frozenset[str]]) -> None:
    found = new_codes(sets, sets)
    assert [n for _, n in found.curve] == sorted(n for _, n in found.curve)
    if any(sets):
        assert found.curve[-1] == (len(sets), len(frozenset().union(*sets)))
    alone = [
        own
        for place, own in enumerate(sets)
        if own - frozenset().union(*sets[:place], *sets[place + 1 :])
    ]
    assert found.chance == (len(alone) / len(sets) if sets else 1.0)
    assert found.low <= found.chance <= found.high


def test_nothing_coded_says_nothing() -> None:
    found = new_codes([], [])
    assert found.curve == () and (found.low, found.high) == (0.0, 1.0)


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_the_guess_lies_within_bounds_that_no_machine_moves(seed: int) -> None:
    random = np.random.default_rng(seed)
    m, n = 40, 15
    given_codes = random.random((n, 2)) < (0.3, 0.02)
    probable = random.random((m, 2))
    (first, second) = codes_left(["a", "b"], probable, random.random((n, 2)), given_codes)
    for one, column in ((first, 0), (second, 1)):
        bounds = among_others(int(given_codes[:, column].sum()), n, m, 0.025)
        assert (one.low, one.high) == bounds and one.low <= one.answers <= one.high


def test_a_machine_that_is_always_off_is_put_right() -> None:
    given_codes = np.array([[True], [False], [False], [False]])
    (found,) = codes_left(["a"], np.full((8, 1), 0.9), np.full((4, 1), 0.9), given_codes)
    assert found.answers == pytest.approx(2.0)
