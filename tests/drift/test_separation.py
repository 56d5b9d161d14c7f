"""How well scores tell answers apart, beside scikit-learn and by what must not move it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from themecoder.drift.separation import Separation

N = 240


def answers(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores with ties, who has the code, and who is of the new wave."""
    random = np.random.default_rng(seed)
    has = random.random(N) < 0.3
    return np.round(random.normal(has, 1.0), 1), has, random.random(N) < 0.4


def everyone(new: np.ndarray) -> np.ndarray:
    return np.vstack([~new, new]).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_of_one_question_and_no_other_code_it_is_the_area_under_the_curve(seed: int) -> None:
    scores, has, new = answers(seed)
    none = np.zeros((N, 2), dtype=bool)
    found = Separation(scores, has, np.zeros(N, dtype=int), none, new).of(everyone(new))
    expected = [roc_auc_score(has[side], scores[side]) for side in (~new, new)]
    assert found == pytest.approx(expected)


def test_drawn_twice_counts_twice() -> None:
    scores, has, new = answers(0)
    none = np.zeros((N, 1), dtype=bool)
    separation = Separation(scores, has, np.zeros(N, dtype=int), none, new)
    drawn = np.random.default_rng(1).integers(0, 3, size=(1, N)).astype(float)
    assert separation.of(drawn)[0] == pytest.approx(
        roc_auc_score(has, scores, sample_weight=drawn[0])
    )


def test_a_code_that_is_hard_to_tell_apart_may_become_common() -> None:
    """Answers with the other code score nearly as high; of them there are three times as many in
    the new wave. The plain area falls by that alone, this does not."""
    random = np.random.default_rng(2)
    n = 6000
    new = np.arange(n) % 2 == 1
    kind = np.where(
        random.random(n) < 0.2, 0, np.where(random.random(n) < np.where(new, 0.6, 0.2), 1, 2)
    )
    has, other = kind == 0, kind == 1
    scores = random.normal(np.array([1.0, 0.8, -1.0])[kind], 1.0)
    plain = [roc_auc_score(has[side], scores[side]) for side in (~new, new)]
    assert plain[0] - plain[1] > 0.1
    found = Separation(scores, has, np.zeros(n, dtype=int), other[:, None], new).of(everyone(new))
    assert abs(found[0] - found[1]) < 0.02


def test_questions_are_not_mixed() -> None:
    """Scores are higher at a question where the code is common; in the new wave it is common at
    the other one. Within each question they tell nothing."""
    random = np.random.default_rng(3)
    n = 20000
    new, questions = np.arange(n) % 2 == 1, random.integers(0, 2, n)
    has = random.random(n) < np.where((questions == 1) != new, 0.6, 0.1)
    scores = questions + random.random(n)
    none = np.zeros((n, 1), dtype=bool)
    found = Separation(scores, has, questions, none, new).of(everyone(new))
    assert found == pytest.approx([0.5, 0.5], abs=0.03)
    assert abs(roc_auc_score(has[~new], scores[~new]) - 0.5) > 0.2


def test_nothing_in_common_is_said() -> None:
    new, questions = np.array([False, False, True, True]), np.array([0, 0, 1, 1])
    has = np.array([True, False, True, False])
    none = np.zeros((4, 1), dtype=bool)
    assert not Separation(np.arange(4.0), has, questions, none, new).comparable
