"""The measures of suggestions, each against a calculation of another kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from themecoder.coding.model import Coding
from themecoder.suggestion_quality.effort import effort
from themecoder.suggestion_quality.reliability import reliability
from themecoder.suggestion_quality.scores import average_precision, scores

CODES = ("a", "b", "c", "d")


def made(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, some of them equal, and what people gave."""
    random = np.random.default_rng(seed)
    told = np.round(random.random((n, len(CODES))), 1)
    given_codes = random.random((n, len(CODES))) < 0.6 * told
    given_codes[0] = True
    return told, given_codes


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_the_measures_are_those_of_scikit_learn(seed: int) -> None:
    told, right = made(seed)
    found = scores(told, right, CODES, 0.5, np.zeros((0, len(told))))
    taken = told >= 0.5
    micro = precision_recall_fscore_support(right, taken, average="micro", zero_division=0)[:3]
    whole = found.whole
    assert [whole.precision.value, whole.recall.value, whole.f1.value] == pytest.approx(micro)
    each = precision_recall_fscore_support(right, taken, zero_division=np.nan)
    for c, one in enumerate(found.codes):
        assert one.recall.value == pytest.approx(each[1][c])
        if taken[:, c].any():
            assert one.precision.value == pytest.approx(each[0][c])
        assert one.average_precision.value == pytest.approx(
            average_precision_score(right[:, c], told[:, c])
        )
    mean = np.mean([average_precision_score(right[:, c], told[:, c]) for c in range(len(CODES))])
    assert whole.average_precision.value == pytest.approx(mean)


def test_a_weight_is_as_many_answers() -> None:
    told, right = made(1)
    weights = np.random.default_rng(0).integers(0, 4, size=(5, len(told)))
    found = average_precision(told[:, 0], right[:, 0], weights.astype(float))
    for row, weight in zip(found, weights, strict=True):
        several = np.repeat(np.arange(len(told)), weight)
        assert row == pytest.approx(average_precision_score(right[several, 0], told[several, 0]))


def test_the_interval_holds_the_middle_of_what_resamples_give() -> None:
    told, right = made(2)
    drawn = np.random.default_rng(0).integers(0, 3, size=(200, len(told))).astype(float)
    found = scores(told, right, CODES, 0.5, drawn).whole.f1
    taken = told >= 0.5
    by_hand = []
    for weight in drawn.astype(int):
        several = np.repeat(np.arange(len(told)), weight)
        both = (taken & right)[several].sum()
        by_hand.append(2 * both / (taken[several].sum() + right[several].sum()))
    assert (found.ci_low, found.ci_high) == pytest.approx(np.quantile(by_hand, [0.025, 0.975]))


def test_the_first_and_one_of_three_are_counted_over_answers_with_a_code() -> None:
    told = np.array([[0.9, 0.5, 0.4, 0.3], [0.1, 0.2, 0.3, 0.4], [0.9, 0.8, 0.7, 0.6]])
    right = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=bool)
    told = np.vstack([told, told[:1]])
    found = scores(told, right, CODES, 0.5, np.zeros((0, 4)))
    assert found.first.value == pytest.approx(1 / 3)
    assert found.three.value == pytest.approx(2 / 3)


def test_a_code_that_nobody_gave_is_in_no_mean_and_has_no_recall() -> None:
    told, right = made(3)
    right[:, 3] = False
    found = scores(told, right, CODES, 0.5, np.zeros((0, len(told))))
    assert found.codes[3].recall.value is None
    assert found.codes[3].average_precision.value is None
    mean = np.mean([found.codes[c].average_precision.value for c in range(3)])
    assert found.whole.average_precision.value == pytest.approx(mean)


def test_reliability_is_the_share_right_in_each_bin() -> None:
    random = np.random.default_rng(4)
    told = random.random((500, 4))
    right = random.random((500, 4)) < told
    found = reliability(told, right, np.zeros((0, 500)), 5)
    three = np.sort(np.argsort(-told, axis=1)[:, :3], axis=1)
    shown = np.take_along_axis(told, three, axis=1).ravel()
    hits = np.take_along_axis(right, three, axis=1).ravel()
    error = 0.0
    for one in found.bins:
        inside = (shown >= one.low) & (shown < one.high)
        assert one.right.value == pytest.approx(hits[inside].mean())
        assert one.probability == pytest.approx(shown[inside].mean())
        error += inside.mean() * abs(hits[inside].mean() - shown[inside].mean())
    assert found.error.value == pytest.approx(error)
    wrong = reliability(told, ~right, np.zeros((0, 500)), 5)
    assert (wrong.error.value or 0) > 0.1 > error


def test_a_bin_of_few_is_not_shown() -> None:
    told = np.array([[0.95, 0.1, 0.1], *([[0.45, 0.1, 0.1]] * 9)])
    right = np.zeros((10, 3), dtype=bool)
    right[:3, 0] = True
    found = reliability(told, right, np.zeros((0, 10)), 5)
    assert [one.low for one in found.bins] == [0.1, 0.4]
    assert found.error.value == pytest.approx((0.05 + 9 * abs(2 / 9 - 0.45) + 20 * 0.1) / 30)


# --- what suggestions do to the work ---


def coding(n: int, coder: str, seconds: float | None, shown: tuple[str, ...] | None) -> Coding:
    return Coding(f"r{n}:q1", coder, "1.0.0", "coded", ("a",), seconds=seconds, shown=shown)


def test_time_is_compared_within_coders() -> None:
    """The slow coder has nearly all suggestions; both are a quarter faster with them."""
    rows = []
    for n in range(200):
        slow = n % 2 == 0
        shown = n % 20 != 0 if slow else n % 20 == 1
        seconds = (80.0 if slow else 10.0) * (0.75 if shown else 1)
        rows.append(coding(n, "langzaam" if slow else "snel", seconds, ("a",) if shown else None))
    found = effort(rows, 200, 0)
    assert found.saved.value == pytest.approx(0.25)
    assert found.saved.ci_low == pytest.approx(0.25)
    assert (found.shown or 0) > (found.blind or 0)


def test_too_few_timed_answers_say_nothing() -> None:
    rows = [coding(n, "anna", 10.0, ("a",) if n < 19 else None) for n in range(100)]
    assert effort(rows, 200, 0).saved.value is None
    assert effort([replace(one, seconds=None) for one in rows], 200, 0).shown is None


def test_a_code_comes_by_suggestion_where_it_was_shown() -> None:
    rows = [coding(n, "anna", None, (("a",), ("b",), (), None)[n % 4]) for n in range(40)]
    assert effort(rows, 200, 0).by_suggestion.value == pytest.approx(1 / 3)
