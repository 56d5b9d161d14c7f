"""What the machine codes, and whether what is stated of it holds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_candidates import made, told

from themecoder.autocoding.bounds import among_others
from themecoder.autocoding.choose import LEAST_OF_A_CODE, choose, loosest
from themecoder.autocoding.measure import TAIL, accuracy
from themecoder.autocoding.sets import likeliest_sets
from themecoder.autocoding.trust import Candidates, trust


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_no_other_codes_are_more_probable(probabilities: list[float]) -> None:
    (best,), (confidence,) = likeliest_sets(np.array([probabilities]))

    def chance(codes: tuple[bool, ...]) -> float:
        pairs = zip(codes, probabilities, strict=True)
        return float(np.prod([p if own else 1 - p for own, p in pairs]))

    every = [codes for codes in product((False, True), repeat=len(best)) if any(codes)]
    assert best.any()
    assert confidence == pytest.approx(chance(tuple(best)), abs=1e-6)
    assert confidence >= max(map(chance, every)) - 1e-6


@given(st.lists(st.sampled_from([0.1, 0.4, 0.6, 0.7, 0.9, 1.0]), max_size=12), st.floats(0.5, 0.99))
def test_no_lower_threshold_keeps_the_mean(found: list[float], at: float) -> None:
    bound = loosest(np.array(found), at)
    means = {t: float(np.mean([f for f in found if f >= t])) for t in found}
    assume(all(abs(mean - at) > 1e-9 for mean in means.values()))  # sums round either way
    holding = [t for t, mean in means.items() if mean >= at]
    assert bound == min(holding, default=np.inf)


def test_trust_follows_what_people_gave() -> None:
    answers = made(1, hard=2)
    found = trust(answers, answers.tried)
    with_it = answers.codes[:, 2]
    assert found[with_it].mean() < 0.2
    assert found[~with_it].mean() > 0.4
    # nothing is known yet: the machine is taken at its word
    nothing = trust(answers, np.zeros(len(answers), dtype=bool))
    assert nothing == pytest.approx(np.clip(answers.confidence, 1e-6, 1 - 1e-6))


def test_a_code_that_the_machine_gets_wrong_is_left_to_people() -> None:
    answers = made(3, n=800, hard=2)
    chosen = choose(told(answers), 0.8, 0)
    assert chosen.taken.sum() > 100
    assert not (chosen.taken & answers.codes[:, 2]).any()


def test_a_code_that_was_never_tried_is_left_to_people() -> None:
    answers = told(made(4))
    seldom = answers.codes.copy()
    seldom[:, 4] = False
    sure = np.flatnonzero(~answers.tried & (answers.confidence > 0.95))[:3]
    seldom[sure, 4] = True
    again = Candidates(
        answers.confidence,
        seldom,
        answers.questions,
        answers.respondents,
        answers.tried,
        answers.right,
    )
    assert LEAST_OF_A_CODE > 0
    assert choose(answers, 0.8, 0).taken[sure].all()
    assert not choose(again, 0.8, 0).taken[sure].any()


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_what_is_stated_of_a_respondent_does_not_rest_on_them(seed: int) -> None:
    """Whether an answer of the random part counts for what is stated is not decided by whether it
    is right: with the other verdict on it, at the same strictness, it is in or out as before."""
    answers = told(made(seed, n=200))
    row = int(np.flatnonzero(answers.tried)[seed % answers.tried.sum()])
    right = answers.right.copy()
    right[row] = ~right[row]
    other = Candidates(
        answers.confidence,
        answers.codes,
        answers.questions,
        answers.respondents,
        answers.tried,
        right,
    )
    apart = np.zeros(len(answers), dtype=bool)
    apart[answers.tried] = answers.respondents[answers.tried] != answers.respondents[row]
    assert trust(answers, apart)[row] == trust(other, apart)[row]


def test_at_least_what_is_asked_was_measured_and_the_interval_holds() -> None:
    """On 60 made samples: the share of the others that is right lies within the stated interval in
    95 % of them, give or take chance."""
    held = n = 0
    for seed in range(60):
        truth = made(seed)
        chosen = choose(told(truth), 0.8, 0)
        coded = chosen.taken & ~truth.tried
        if not coded.any():
            continue
        said = accuracy(told(truth), chosen.apart, coded)
        n += 1
        held += said.low <= truth.right[coded].mean() <= said.high
        assert said.right / said.tried >= 0.8
        assert said.tried == chosen.apart.sum() and not (chosen.apart & ~truth.tried).any()
    assert n > 50 and held / n >= 0.9


def test_one_question_of_single_answers_gives_the_exact_bounds() -> None:
    tried = np.arange(30) < 20
    right = tried & (np.arange(30) < 17)
    one = Candidates(
        np.full(30, 0.9),
        np.ones((30, 1), dtype=bool),
        np.zeros(30, dtype=np.int64),
        np.arange(30),
        tried,
        right,
    )
    said = accuracy(one, tried, ~tried)
    low, high = among_others(17, 20, 10, TAIL)
    assert (said.share, said.low, said.high) == pytest.approx((0.85, low / 10, high / 10))
    assert (said.right, said.tried, said.others) == (17, 20, 10)


def test_answers_of_the_same_people_are_worth_less() -> None:
    n = 40
    tried = np.arange(2 * n) < n
    pairs = Candidates(
        np.full(2 * n, 0.9),
        np.ones((2 * n, 1), dtype=bool),
        np.arange(2 * n) % 2,
        np.arange(2 * n) // 2,
        tried,
        tried & (np.arange(2 * n) // 2 % 4 > 0),
    )
    alone = Candidates(
        pairs.confidence,
        pairs.codes,
        pairs.questions,
        np.arange(2 * n),
        pairs.tried,
        pairs.right,
    )
    together, single = accuracy(pairs, tried, ~tried), accuracy(alone, tried, ~tried)
    assert together.share == pytest.approx(0.75) and single.share == pytest.approx(0.75)
    assert together.low < single.low and single.high < together.high
