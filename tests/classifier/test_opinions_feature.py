"""The opinions of a language model in the classifier: nothing without, worth what coding says."""

from __future__ import annotations

import numpy as np
import pytest
from test_classifier import NOTHING, THEMES, Made

from themecoder.classifier.cross_fitting import cross_fitted
from themecoder.classifier.learn import learn
from themecoder.classifier.model import FloatArray


@pytest.fixture(scope="module")
def made() -> Made:
    return Made(n=150, noise=6.0)


def opinions_of(made: Made, right: float, seed: int = 1) -> FloatArray:
    """A model that gives one code an answer, the right one to this share."""
    random = np.random.default_rng(seed)
    shifted = (made.truth + random.integers(1, len(THEMES), len(made.truth))) % len(THEMES)
    given = np.where(random.uniform(size=len(made.truth)) < right, made.truth, shifted)
    return np.eye(len(THEMES))[given]


def loss(made: Made, probabilities: FloatArray, rows: np.ndarray) -> float:
    given = np.eye(len(THEMES))[made.truth][rows]
    told = np.clip(probabilities[rows], 1e-6, 1 - 1e-6)
    return float(-np.mean(given * np.log(told) + (1 - given) * np.log(1 - told)))


def test_a_model_that_was_asked_nothing_changes_nothing(made: Made) -> None:
    known, coded = made.known(), made.coded(np.arange(60))
    silent = np.full((150, len(THEMES)), np.nan)
    plain = learn(known, coded).probabilities
    assert np.allclose(learn(known, coded, opinions=silent).probabilities, plain, atol=1e-6)


def test_before_anything_is_coded_an_opinion_weighs_nothing(made: Made) -> None:
    known, nobody = made.known(), made.coded(NOTHING)
    with_it = learn(known, nobody, opinions=opinions_of(made, 1.0)).probabilities
    assert np.allclose(with_it, learn(known, nobody).probabilities)


@pytest.mark.parametrize(("right", "helps"), [(0.9, True), (1 / len(THEMES), False)])
def test_it_is_weighed_by_what_it_is_worth(made: Made, right: float, helps: bool) -> None:
    known, coded = made.known(), made.coded(np.arange(60))
    rest = np.arange(60, 150)
    plain = loss(made, learn(known, coded).probabilities, rest)
    found = learn(known, coded, opinions=opinions_of(made, right))
    weight = float(found.calibration.weights[-1])
    if helps:
        assert loss(made, found.probabilities, rest) < 0.92 * plain and weight > 0.2
    else:
        assert loss(made, found.probabilities, rest) < 1.03 * plain and abs(weight) < 0.1


def test_the_opinion_on_an_answer_that_nobody_coded_is_seen_there_only(made: Made) -> None:
    known, coded = made.known(), made.coded(np.arange(60))
    first, second = opinions_of(made, 0.9), opinions_of(made, 0.9)
    second[100] = 1 - second[100]
    second[120] = np.nan
    found = [learn(known, coded, opinions=one).probabilities for one in (first, second)]
    rest = np.setdiff1d(np.arange(150), [100, 120])
    assert np.array_equal(found[0][rest], found[1][rest])
    assert (found[0][[100, 120]] != found[1][[100, 120]]).any(axis=1).all()


def test_cross_fitted_probabilities_know_the_opinions_and_not_the_answers_own_coding(
    made: Made,
) -> None:
    known, opinions = made.known(), opinions_of(made, 0.9)
    coded = made.coded(np.arange(150))
    found = cross_fitted(known, coded, opinions=opinions)
    assert loss(made, found, np.arange(150)) < loss(
        made, cross_fitted(known, coded), np.arange(150)
    )
    # the respondent of answers 0 and 1 is coded otherwise: what is said of them does not change
    otherwise = np.eye(len(THEMES))[(made.truth + (np.arange(150) < 2)) % len(THEMES)]
    changed = cross_fitted(known, made.coded(np.arange(150), otherwise), opinions=opinions)
    assert np.array_equal(found[:2], changed[:2])
