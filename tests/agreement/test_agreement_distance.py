"""A matrix of distances of one's own: against the krippendorff package and by hand."""

from __future__ import annotations

from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.agreement import measure
from themecoder.agreement.measures.benchmark import by_point
from themecoder.errors import InputError

MATRIX = [[0, 1, 2, 0, 1, None, 2, 2], [0, 1, 1, 0, 2, 1, 2, None], [0, 2, 2, 0, 1, 1, None, 0]]
APART = [[0.0, 1.0, 4.0], [1.0, 0.0, 0.5], [4.0, 0.5, 0.0]]


def alpha_of_package(matrix: list[list[Any]], apart: list[list[float]]) -> float:
    """``krippendorff`` hands its metric the values themselves."""

    def metric(v1: Any, v2: Any, **_: Any) -> Any:
        return np.asarray(apart)[v1.astype(int), v2.astype(int)]

    cells = [[np.nan if value is None else value for value in row] for row in matrix]
    return float(
        krippendorff.alpha(np.array(cells), value_domain=[0, 1, 2], level_of_measurement=metric)
    )


@given(st.lists(st.floats(0.1, 9), min_size=3, max_size=3))
def test_alpha_with_distances_of_ones_own(sides: list[float]) -> None:
    a, b, c = sides
    apart = [[0.0, a, b], [a, 0.0, c], [b, c, 0.0]]
    found = measure("krippendorff_alpha", {"matrix": MATRIX}, categories=[0, 1, 2], distance=apart)
    assert found.value == pytest.approx(alpha_of_package(MATRIX, apart))


def test_distances_weigh_every_coefficient_as_disagreements_do() -> None:
    data = {"matrix": [row[:5] for row in MATRIX[:2]]}
    for name in ("weighted_kappa", "gwet_ac2", "fleiss_kappa", "light_kappa"):
        values = [
            measure(name, data, categories=[0, 1, 2], **{way: APART}).value
            for way in ("distance", "disagreement")
        ]
        assert values[0] == values[1]
    # by hand: two of five answers are .5 of 4 apart
    found = measure("percent_agreement", data, categories=[0, 1, 2], distance=APART)
    assert found.value == pytest.approx(1 - 2 * (0.5 / 4) / 5)


@pytest.mark.parametrize(
    ("matrix", "key"),
    [
        ([[0, 1, 2], [1, 0, 1], [1, 1, 0]], "agreement.distance"),
        ([[0, -1, 1], [-1, 0, 1], [1, 1, 0]], "agreement.distance"),
        ([[1, 1, 1], [1, 0, 1], [1, 1, 0]], "agreement.distance"),
        ([[0, 1], [1, 0]], "agreement.matrix"),
        ([[0, 1, 2], [1, 0], [2, 1, 0]], "agreement.matrix"),
        ([[0, "far", 1], ["far", 0, 1], [1, 1, 0]], "agreement.matrix"),
        ([[0, float("nan"), 1], [float("nan"), 0, 1], [1, 1, 0]], "agreement.matrix"),
    ],
)
def test_what_is_no_distance_is_refused(matrix: list[list[Any]], key: str) -> None:
    with pytest.raises(InputError) as refused:
        measure("krippendorff_alpha", {"matrix": MATRIX}, categories=[0, 1, 2], distance=matrix)
    assert [problem.key for problem in refused.value.problems] == [key]


@pytest.mark.parametrize(
    "more",
    [
        {"weights": "linear"},
        {"disagreement": APART},
        {"level": "interval"},
        {"level": "masi"},
    ],
)
def test_two_answers_to_how_far_categories_are_apart_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        measure("krippendorff_alpha", {"matrix": MATRIX}, distance=APART, **more)
    assert [problem.key for problem in refused.value.problems] == ["agreement.one_of"]


def test_the_words_of_fleiss() -> None:
    words = [by_point(value, "fleiss") for value in (0.76, 0.75, 0.74, 0.4, 0.39, -0.2)]
    assert words == ["Excellent"] * 2 + ["Fair to good"] * 2 + ["Poor"] * 2
