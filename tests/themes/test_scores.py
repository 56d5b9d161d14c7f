"""The scores that the mining benchmark prints."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from scores import alone, mean_agreement, mutual_information, pairwise_f1


def test_left_out_answers_are_each_alone():
    assert alone(np.array([0, -1, 1, -1])).tolist() == [0, 2, 1, 3]


def test_perfect_themes_score_one_whatever_their_numbers():
    codes = [frozenset(c) for c in "aabbcc"]
    assert mutual_information(codes, np.array([2, 2, 0, 0, 1, 1])) == pytest.approx(1)


def test_answers_with_several_codes_or_no_theme_do_not_count():
    codes = [frozenset("a"), frozenset("a"), frozenset("b"), frozenset("b"), frozenset("ab")]
    labels = np.array([0, 0, 1, -1, 1])
    assert mutual_information(codes, labels) == pytest.approx(1)
    assert math.isnan(mutual_information(codes, np.full(5, -1)))


def test_pairwise_f1_by_hand():
    codes = [frozenset("a"), frozenset("ab"), frozenset("b"), frozenset("c")]
    themes = [frozenset([0]), frozenset([0]), frozenset([1]), frozenset([1])]
    # true pairs 01 and 12, predicted 01 and 23: precision and recall one half
    assert pairwise_f1(codes, themes) == pytest.approx(0.5)


def test_agreement_is_over_the_answers_that_two_runs_share():
    first = (np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]))
    second = (np.array([1, 2, 3, 4]), np.array([5, 6, 6, 5]))
    assert mean_agreement([first, second]) == pytest.approx(1)
