"""Shares by prediction-powered inference, against ppi-python's numbers, Wilson's and plain sums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from themecoder.counts.ppi.prediction_powered import FEWEST, Answers, ppi_share

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "data" / "counts" / "ppi_reference.json").read_text("utf-8")
)["cases"]


def answers(case: dict[str, Any]) -> Answers:
    machine = np.array(case["machine"])
    human = np.full(len(machine), np.nan)
    human[: len(case["human"])] = case["human"]
    return Answers.of(machine, human)


def drawn(seed: int, n: int, coded: int, share: float = 0.3, sees: float = 0.5) -> Answers:
    """Answers by chance, and a machine that sees some of what people see."""
    random = np.random.default_rng(seed)
    has = (random.random(n) < share).astype(float)
    machine = np.clip(0.2 + sees * has + random.normal(0, 0.15, n), 0, 1)
    return Answers.of(machine, np.where(np.arange(n) < coded, has, np.nan))


@pytest.mark.parametrize("case", REFERENCE, ids=["40 of 160", "60 of 400", "100 of 300"])
def test_the_estimate_is_that_of_ppi_python(case: dict[str, Any]) -> None:
    for wanted in case["estimates"]:
        found = ppi_share(answers(case), weight=wanted["weight"])
        assert found.share == pytest.approx(wanted["share"], abs=1e-12)


@pytest.mark.parametrize("case", REFERENCE, ids=["40 of 160", "60 of 400", "100 of 300"])
def test_the_tuned_estimate_is_near_that_of_ppi_python(case: dict[str, Any]) -> None:
    """Ours holds the weight back, and takes the variance over the human-coded answers."""
    assert ppi_share(answers(case)).share == pytest.approx(case["tuned"], abs=0.01)


@pytest.mark.parametrize("case", REFERENCE[2:])
def test_with_many_coded_the_interval_is_as_wide_as_the_published_one(case: dict[str, Any]) -> None:
    for wanted in case["estimates"][1:]:
        found = ppi_share(answers(case), weight=wanted["weight"])
        assert found.low is not None and found.high is not None
        assert (found.high - found.low) / (wanted["high"] - wanted["low"]) == pytest.approx(
            1, abs=0.1
        )


def test_without_the_machine_it_is_the_share_of_the_coded_with_wilsons_interval() -> None:
    some = drawn(1, 10_000, 60)
    found = ppi_share(some, weight=0.0)
    given = some.human[:60]
    assert found.share == found.human == given.mean()
    # Student's quantile instead of the normal one: as if of fewer answers
    fewer = 60 * (norm.ppf(0.975) / student.ppf(0.975, 59)) ** 2
    low, high = proportion_confint(given.mean() * fewer, fewer, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-3)
    assert (found.low, found.high) == (found.human_low, found.human_high)
    assert found.worth == pytest.approx(60)


def test_a_machine_that_says_the_same_of_all_counts_nothing() -> None:
    some = drawn(2, 300, 50)
    found = ppi_share(Answers.of(np.full(300, 0.4), some.human))
    assert found.weight == 0 and found.share == found.human and found.worth == pytest.approx(50)


def test_a_perfect_machine_gives_the_share_of_all_answers() -> None:
    has = (np.random.default_rng(3).random(400) < 0.3).astype(float)
    found = ppi_share(Answers.of(has, np.where(np.arange(400) < 50, has, np.nan)), weight=1.0)
    assert found.share == pytest.approx(has.mean())
    assert found.worth > 350


def test_where_all_is_coded_it_is_the_count_whatever_the_machine_says() -> None:
    some = drawn(4, 200, 200)
    found = ppi_share(some)
    low, high = proportion_confint(some.human.sum(), 200, method="wilson")
    assert found.share == pytest.approx(some.human.mean())
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.worth == pytest.approx(200)


def test_it_is_right_on_average_though_the_machine_errs_in_a_group() -> None:
    """Over all draws of a half of ten answers, with a machine that is wrong about four of them."""
    has = np.array([1, 1, 1, 0, 0, 0, 1, 0, 0, 0], dtype=float)
    machine = np.array([0.9, 0.8, 0.1, 0.2, 0.1, 0.7, 0.2, 0.9, 0.1, 0.3])
    found = []
    for chosen in range(2**10):
        coded = np.array([chosen >> place & 1 for place in range(10)], dtype=bool)
        if coded.sum() == 5:
            whole = Answers.of(machine, np.where(coded, has, np.nan))
            # not cut off at 0 and 1, where single draws go beyond
            rest = whole.human[coded] - machine[coded]
            estimate = machine.mean() + rest.mean()
            found.append(estimate)
            assert ppi_share(whole, weight=1.0).share == pytest.approx(min(max(estimate, 0), 1))
    assert len(found) == 252 and np.mean(found) == pytest.approx(has.mean())


def test_strata_are_weighed_by_how_many_answers_they_have() -> None:
    """A tenth of one question and half of another is coded: each stands for its own."""
    has = np.array([1.0] * 100 + [0.0] * 100)
    strata = np.repeat([0, 1], 100)
    coded = np.concatenate([np.arange(100) < 10, np.arange(100) < 50])
    machine = np.full(200, 0.5)
    found = ppi_share(Answers.of(machine, np.where(coded, has, np.nan), strata))
    assert found.share == pytest.approx(0.5)
    with pytest.raises(ValueError, match="stratum"):
        ppi_share(Answers.of(machine, np.where(strata == 0, has, np.nan), strata))


def test_answers_of_the_same_respondents_that_go_together_widen_the_interval() -> None:
    one = drawn(5, 150, 50)
    twice = (np.concatenate([v, v]) for v in (one.machine, one.human))
    machine, human = twice
    apart = ppi_share(Answers.of(machine, human))
    together = ppi_share(Answers.of(machine, human, clusters=np.tile(np.arange(150), 2)))
    single = ppi_share(one)
    assert together.share == apart.share == pytest.approx(single.share, abs=0.02)

    def width(found: Any) -> float:
        return float(found.high - found.low)

    assert width(together) == pytest.approx(width(single), rel=0.1)
    assert width(apart) < 0.8 * width(together)


def test_those_without_content_are_in_the_base() -> None:
    some = drawn(6, 300, 80)
    found, of_base = ppi_share(some), ppi_share(some, without=100)
    assert of_base.share == pytest.approx(found.share * 300 / 400)
    assert of_base.high is not None and found.high is not None and of_base.high < found.high
    assert ppi_share(some, without=100, having_without=40).share > of_base.share


def test_with_too_few_coded_there_is_no_interval() -> None:
    assert ppi_share(drawn(7, 300, FEWEST - 1)).low is None
    assert ppi_share(drawn(7, 300, FEWEST)).low is not None


@given(
    seed=st.integers(0, 10_000),
    coded=st.integers(FEWEST, 120),
    share=st.sampled_from((0.0, 0.02, 0.3, 1.0)),
    sees=st.floats(-0.5, 0.8),
    without=st.integers(0, 200),
)
def test_an_interval_is_around_its_share_and_never_worth_less_than_people_alone(
    seed: int, coded: int, share: float, sees: float, without: int
) -> None:
    found = ppi_share(drawn(seed, 120, coded, share, sees), without)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert 0 <= found.weight <= 1
    assert coded - 1e-9 <= found.worth <= 120 + 1e-9


@given(seed=st.integers(0, 10_000), more=st.integers(1, 3000))
def test_more_answers_that_only_the_machine_codes_never_make_it_worth_less(
    seed: int, more: int
) -> None:
    few, many = drawn(seed, 100, 50), drawn(seed, 100, 50)
    again = np.resize(few.machine[50:], more)
    many = Answers.of(
        np.concatenate([few.machine, again]), np.concatenate([few.human, np.full(more, np.nan)])
    )
    found = ppi_share(many, weight=0.6)
    assert np.isfinite([found.share, found.worth]).all() and found.low is not None
    assert found.worth >= 50 - 1e-9
