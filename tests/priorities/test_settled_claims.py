"""What all answers come to, by what is coded, and which claims that settles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.figures.quoted.claims import Claim
from themecoder.figures.quoted.quantifiers import parse_rule
from themecoder.priorities.claims import (
    ClaimScope,
    CodedSoFar,
    Standing,
    standing,
    where_open,
    worth_of_open,
)
from themecoder.priorities.totals import TaskRow, total

N, LEVEL = 200, 0.95


def claim(rule: str, codes: tuple[str, ...] = ("a",)) -> Claim:
    return Claim("c1", "", codes, None, ("q1",), None, rule, parse_rule(rule))


def scope(rule: str, n: int = N, respondents: np.ndarray | None = None) -> ClaimScope:
    who = np.arange(n) if respondents is None else respondents
    return ClaimScope(
        claim(rule), np.arange(n), who, [("", [0])], {"a": 0, "b": 1}, len(np.unique(who))
    )


def made(seed: int, share: float, n: int = N) -> tuple[np.ndarray, np.ndarray]:
    """Two codes, and a machine that knows the first well."""
    random = np.random.default_rng(seed)
    right = (random.random((n, 2)) < (share, 0.5)).astype(float)
    machine = np.clip(0.1 + 0.6 * right + 0.1 * random.normal(size=(n, 2)), 0.01, 0.99)
    return right, machine


def so_far(right: np.ndarray, machine: np.ndarray, order: np.ndarray, n: int) -> CodedSoFar:
    """Chance drew the first ``n`` of an order."""
    coded = np.zeros(len(right), dtype=bool)
    coded[order[:n]] = True
    row = TaskRow(order, np.ones(len(right), dtype=bool))
    return CodedSoFar(right * coded[:, None], machine, coded, [row])


def chosen_first(right: np.ndarray, machine: np.ndarray, seed: int, n: int) -> CodedSoFar:
    """Two of three are those that likeliest have the code, the third is drawn from what is left."""
    left = np.random.default_rng(seed).permutation(len(right)).tolist()
    order, by_chance = [], []
    while left:
        turn = len(order) % 3 == 0
        one = left[0] if turn else max(left, key=lambda answer: machine[answer, 0])
        left.remove(one)
        order.append(one)
        by_chance.append(turn)
    found = so_far(right, machine, np.array(order), n)
    return replace(found, rows=[TaskRow(np.array(order), np.array(by_chance))])


@pytest.mark.parametrize("choose", [False, True])
@pytest.mark.parametrize("share", [0.03, 0.1, 0.4])
def test_the_interval_holds_what_all_answers_come_to(choose: bool, share: float) -> None:
    """Whatever was chosen: at 95 % of 200 samples, with five of them to spare."""
    inside, off, widths = 0, [], []
    for seed in range(200):
        right, machine = made(seed, share)
        order = np.random.default_rng(seed).permutation(N)
        known = chosen_first(right, machine, seed, 105) if choose else None
        known = known or so_far(right, machine, order, 60)
        every = np.ones(N, dtype=bool)
        found = total(known.given[:, 0], machine[:, 0], known.coded, every, known.rows, LEVEL)
        truth = right[:, 0].sum()
        inside += found.low <= truth <= found.high
        off.append(found.likely - truth)
        widths.append(found.high - found.low)
    assert inside >= 185
    assert abs(np.mean(off)) < 4 * np.std(off) / np.sqrt(len(off)) + 0.5
    assert np.mean(widths) < 60


def test_without_draws_of_chance_only_what_is_certain_bounds_it() -> None:
    right, machine = made(1, 0.2)
    coded = np.arange(N) < 50
    every = np.ones(N, dtype=bool)
    found = total(right[:, 0] * coded, machine[:, 0], coded, every, [], LEVEL)
    known = int(right[:50, 0].sum())
    assert (found.low, found.high, found.open) == (known, known + 150, 150)
    assert not found.drawn


@given(st.integers(0, 10**6), st.integers(0, N))
def test_what_is_possible_is_never_left_out_nor_what_is_impossible_taken_in(
    seed: int, n: int
) -> None:
    right, machine = made(seed, 0.3)
    known = so_far(right, machine, np.random.default_rng(seed).permutation(N), n)
    every = np.ones(N, dtype=bool)
    found = total(known.given[:, 0], machine[:, 0], known.coded, every, known.rows, LEVEL)
    certain = int(known.given[:, 0].sum())
    assert certain <= found.low <= found.high <= certain + N - n
    if n == N:
        assert found.low == found.high == right[:, 0].sum()


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [(">= 10%", "match"), (">= 90%", "differs"), ("1-3", "differs"), ("rank 1", "differs")],
)
def test_a_claim_far_from_its_limit_is_settled_before_all_is_coded(rule: str, verdict: str) -> None:
    right, machine = made(3, 0.3)
    known = so_far(right, machine, np.random.default_rng(3).permutation(N), 100)
    found = standing(scope(rule), known, LEVEL)
    assert (found.verdict, found.needed, found.settled) == (verdict, 0, True)
    assert found.low <= right[:, 0].sum() <= found.high and found.base == N


def test_a_claim_at_its_limit_is_open_and_the_nearer_it_is_the_more_it_needs() -> None:
    right, machine = made(4, 0.3)
    order = np.random.default_rng(4).permutation(N)
    known = so_far(right, machine, order, 60)
    span = standing(scope(">= 1"), known, LEVEL)
    needed = []
    for limit in (span.low + 1, round(span.likely)):
        found = standing(scope(f">= {limit}"), known, LEVEL)
        assert found.verdict is None and 0 < found.needed <= 140
        assert not found.value[order[:60]].any() and found.value[order[60:]].any()
        needed.append(found.needed)
    assert needed[0] < needed[1]


def test_who_answers_twice_counts_once() -> None:
    right = np.array([[1.0, 0], [1.0, 0], [0, 0], [1.0, 0]])
    who = np.array([0, 1, 1, 0])
    known = CodedSoFar(right, right, np.ones(4, dtype=bool), [])
    found = standing(scope(">= 3", 4, who), known, LEVEL)
    assert (found.low, found.high, found.base, found.verdict) == (2, 2, 2, "differs")


def test_nothing_is_chosen_until_chance_drew_enough_for_each_claim() -> None:
    right, machine = made(5, 0.3)
    order = np.random.default_rng(5).permutation(N)

    def states(n: int) -> list[Standing]:
        known = so_far(right, machine, order, n)
        return [standing(scope(rule), known, LEVEL) for rule in (">= 30%", ">= 25%")]

    assert worth_of_open(states(10)) == ([], [])
    values, needed = worth_of_open(states(60))
    assert len(values) == len(needed) == sum(not one.settled for one in states(60)) > 0


def test_only_what_open_claims_are_about_is_left_to_code() -> None:
    right, machine = made(5, 0.3)
    order = np.random.default_rng(5).permutation(N)
    near = scope(">= 30%")
    far = scope("< 60%", N // 2)

    def where(n: int) -> list[int]:
        known = so_far(right, machine, order, n)
        scopes = [near, far]
        return where_open(scopes, [standing(one, known, LEVEL) for one in scopes]).tolist()

    # half the answers are what the second is about: thirty of all are too few for it alone
    assert where(0) == list(range(N)) and where(40) == list(range(N // 2))
    assert where(80) == list(range(N)) and where(N) == []
