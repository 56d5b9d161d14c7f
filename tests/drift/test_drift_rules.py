"""Which codes drift, which are too few to say, and which answers are unlike the earlier ones."""

from __future__ import annotations

import numpy as np
import pytest

from themecoder.drift.codes import FEWEST, NOT_TOGETHER, TOO_FEW, Compared, code_drift
from themecoder.drift.unlike import NEAR, USUAL, adjusted, distances, unlike

CODES = ("a", "b", "c")


def compared(seed: int, n: int = 300, fall: float = 0.0, more: float = 0.0) -> Compared:
    """Scores that tell the codes; in the new wave those of a tell ``fall`` less, and b is given to
    ``more`` answers."""
    random = np.random.default_rng(seed)
    new = np.arange(n) % 3 == 0
    given = random.random((n, 3)) < np.array([0.25, 0.2, 0.2])
    given[:, 1] |= new & (random.random(n) < more)
    scores = random.normal(1.5 * given, 1.0)
    scores[:, 0] -= fall * (new & given[:, 0])
    people = np.arange(n)
    return Compared(scores, given, np.ones_like(given), np.zeros(n, dtype=int), people, new)


def test_the_code_that_means_something_else_drifts_and_the_commoner_one_does_not() -> None:
    a, b, c = code_drift(compared(0, fall=1.5, more=0.5), CODES, tests=999, resamples=200)
    assert a.drifts and a.change is not None and a.change < -0.2
    assert a.ci_high is not None and a.ci_high < 0
    assert not b.drifts and not c.drifts
    assert b.n_new > 2 * c.n_new


def test_without_drift_p_is_no_smaller_than_it_says() -> None:
    found = [
        one.p
        for seed in range(40)
        for one in code_drift(compared(seed, more=0.4), CODES, seed, tests=99, resamples=2)
        if one.p is not None
    ]
    assert len(found) == 120
    # of 120 with a chance of .1 each there are 23 or more in one of 500 cases
    assert sum(p <= 0.1 for p in found) < 23


def test_better_than_before_is_no_alarm() -> None:
    a, *_ = code_drift(compared(0, fall=-2.0), CODES, tests=199, resamples=50)
    assert a.p is not None and a.p > 0.5 and a.change is not None and a.change > 0


def test_too_few_are_said_with_their_number_and_are_not_in_the_tests() -> None:
    rows = compared(0)
    given = rows.given.copy()
    own = np.flatnonzero(given[:, 0] & rows.new)
    given[own[FEWEST - 1 :], 0] = False
    few = Compared(rows.scores, given, rows.possible, rows.questions, rows.people, rows.new)
    a, b, _ = code_drift(few, CODES, tests=99, resamples=20)
    assert (a.not_tested, a.n_new, a.p) == (TOO_FEW, FEWEST - 1, None)
    assert b.p is not None and b.p_holm is not None
    assert b.p_holm == pytest.approx(min(1.0, 2 * b.p)) or b.p_holm >= b.p


def test_a_code_at_another_question_in_each_wave_is_not_decidable() -> None:
    rows = compared(0)
    apart = Compared(
        rows.scores, rows.given, rows.possible, rows.new.astype(int), rows.people, rows.new
    )
    assert {one.not_tested for one in code_drift(apart, CODES)} == {NOT_TOGETHER}


def test_one_respondent_with_many_answers_is_one() -> None:
    """Ten answers of each of fifteen respondents: not the 150 that a count of answers would say."""
    rows = compared(0, 150)
    people = np.arange(150) // 10
    new = people % 2 == 0
    given = np.zeros_like(rows.given)
    given[:, 0] = people % 4 < 2
    asked = np.arange(150) % 10
    few = Compared(rows.scores, given, rows.possible, asked, people, new)
    (a,) = code_drift(few, CODES)
    assert a.not_tested == TOO_FEW and a.n_old + a.n_new == len({*people[given[:, 0]].tolist()})


def test_of_waves_that_are_alike_as_many_are_unlike_as_the_p_says() -> None:
    """Distances drawn alike for both: how often so many of the new pass the limit of the old."""
    random = np.random.default_rng(0)
    new = np.arange(90) >= 60
    said = [unlike("q", random.random(90), new)[0] for _ in range(4000)]
    p_of = {one.unlike: one.p for one in said}
    numbers = np.array([one.unlike for one in said])
    assert len(p_of) > 8
    for n, p in p_of.items():
        assert p == pytest.approx(np.mean(numbers >= n), abs=0.025)


def test_a_new_subject_is_unlike_and_a_commoner_one_is_not() -> None:
    random = np.random.default_rng(1)
    middles = np.eye(12)

    def near(subjects: list[int]) -> np.ndarray:
        made = middles[subjects] + 0.25 * random.normal(size=(len(subjects), 12))
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)

    old_subjects = [0, 1, 2] * 50
    old = np.arange(200) < 150
    commoner = near([*old_subjects, *([0] * 40 + [1] * 10)])
    row, passed = unlike("q", distances(commoner, old), ~old)
    assert not adjusted([row])[0].alarms and passed.sum() == row.unlike
    fresh = near([*old_subjects, *([0] * 25 + [7] * 25)])
    row, passed = unlike("q", distances(fresh, old), ~old)
    assert adjusted([row])[0].alarms
    assert passed[175:].mean() > 0.8 > USUAL * 3 > passed[150:175].mean()


def test_too_few_answers_are_said() -> None:
    old = np.arange(40) < 25
    row, passed = unlike("q", np.arange(40.0), ~old)
    assert (row.n_old, row.n_new, row.p) == (25, 15, None) and not passed.any()
    assert adjusted([row]) == [row]
    assert np.isnan(distances(np.eye(4, dtype=np.float32), np.arange(4) < NEAR)).all()
