"""What holds of agreement whatever the ratings are."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from themecoder.agreement import measure
from themecoder.agreement.alignment import best_alignment_disorder
from themecoder.agreement.benchmark import SCALES, cumulative
from themecoder.agreement.bootstrap import draws, intervals
from themecoder.agreement.coefficients import MANY_CODERS
from themecoder.agreement.ratings import ratings
from themecoder.agreement.set_distances import (
    METRICS,
    jaccard_distance,
    masi_distance,
    set_alpha,
    set_terms,
)
from themecoder.agreement.statistics import terms, totals
from themecoder.agreement.unitizing import Document, coincidences, u_alpha

NOMINAL = sorted(MANY_CODERS)
LABELS = ("a", "b", "c")
Matrix = list[list[str | None]]


@st.composite
def matrices(draw: st.DrawFn, coders: int | None = None) -> Matrix:
    height = coders or draw(st.integers(2, 4))
    width = draw(st.integers(1, 9))
    cell = st.sampled_from([*LABELS, None])
    return draw(
        st.lists(st.lists(cell, min_size=width, max_size=width), min_size=height, max_size=height)
    )


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
    """A matrix, and the same with coders and units in another order."""
    one = draw(matrices())
    columns = draw(st.permutations(range(len(one[0]))))
    return one, [[row[n] for n in columns] for row in draw(st.permutations(one))]


def all_of(matrix: Matrix, **options: Any) -> dict[str, float | None]:
    found: dict[str, float | None] = {
        name: measure(name, {"matrix": matrix}, categories=LABELS, **options).value
        for name in NOMINAL
    }
    for level in METRICS:
        found[level] = measure("krippendorff_alpha", {"matrix": matrix}, level=level).value
    found["light"] = measure("light_kappa", {"matrix": matrix}, categories=LABELS).value
    return found


def same(one: dict[str, float | None], two: dict[str, float | None]) -> None:
    for name, value in one.items():
        assert two[name] == (None if value is None else pytest.approx(value, abs=1e-9)), name


@given(shuffled())
def test_the_order_of_coders_and_answers_changes_nothing(both: tuple[Matrix, Matrix]) -> None:
    same(all_of(both[0]), all_of(both[1]))


@given(matrices(), st.permutations(LABELS))
def test_other_names_of_the_codes_change_nothing(matrix: Matrix, names: list[str]) -> None:
    renamed = [[v if v is None else names[LABELS.index(v)] for v in row] for row in matrix]
    same(all_of(matrix), all_of(renamed))


@given(matrices(), st.integers(1, 5), st.sampled_from(LABELS))
def test_more_identical_codings_never_lower_percent_agreement(
    matrix: Matrix, more: int, label: str
) -> None:
    before = measure("percent_agreement", {"matrix": matrix}).value
    after = measure("percent_agreement", {"matrix": [[*row, *[label] * more] for row in matrix]})
    assert after.value >= (before or 0) - 1e-12


@given(matrices(coders=1))
def test_alpha_of_two_equal_coders_is_one_or_undefined(matrix: Matrix) -> None:
    for level in ("nominal", "ordinal", *METRICS):
        found = measure("krippendorff_alpha", {"matrix": [matrix[0], matrix[0]]}, level=level)
        assert found.value == (pytest.approx(1.0) if found.value is not None else None)
        assert (found.value is None) == bool(found.undefined_because)


@given(matrices(), st.integers(0, 3), st.sampled_from(LABELS))
def test_an_answer_that_one_coder_saw_says_nothing_to_alpha(
    matrix: Matrix, coder: int, label: str
) -> None:
    coder %= len(matrix)
    more = [[*row, label if n == coder else None] for n, row in enumerate(matrix)]
    before, after = (measure("krippendorff_alpha", {"matrix": m}).value for m in (matrix, more))
    assert after == (None if before is None else pytest.approx(before, abs=1e-12))


@given(matrices(), st.data())
def test_weights_are_the_same_as_units_that_often(matrix: Matrix, data: st.DataObject) -> None:
    width = len(matrix[0])
    times = data.draw(st.lists(st.integers(0, 3), min_size=width, max_size=width))
    literal = [[v for v, n in zip(row, times, strict=True) for _ in range(n)] for row in matrix]
    found, again = (ratings(m, LABELS) for m in (matrix, literal))
    weighted = totals(terms(found.cells, 3), np.array([times], dtype=float))
    repeated = totals(terms(again.cells, 3))
    for name, of in MANY_CODERS.items():
        assert of(weighted)[0] == pytest.approx(of(repeated)[0], abs=1e-9, nan_ok=True), name
    for metric in METRICS:
        some, others = (
            [[None if v is None else frozenset(v) for v in row] for row in m]
            for m in (matrix, literal)
        )
        one = set_alpha(set_terms(some, metric), np.array([times], dtype=float))
        assert one[0] == pytest.approx(
            set_alpha(set_terms(others, metric))[0], abs=1e-9, nan_ok=True
        )


sets = st.frozensets(st.sampled_from("abcde"))


@given(sets, sets)
def test_distances_of_sets_are_distances(a: frozenset[str], b: frozenset[str]) -> None:
    for distance in (jaccard_distance, masi_distance):
        assert 0 <= distance(a, b) <= 1
        assert distance(a, b) == distance(b, a)
        assert (distance(a, b) == 0) == (a == b)
    assert masi_distance(a, b) >= jaccard_distance(a, b) - 1e-12


@st.composite
def parts(draw: st.DrawFn, length: int, values: str = "xy") -> list[tuple[int, int, str]]:
    cuts = draw(st.lists(st.integers(0, length), unique=True, max_size=6))
    bounds = sorted(cuts)
    spans = list(zip(bounds[::2], bounds[1::2], strict=False))
    return [(s, e, draw(st.sampled_from(values))) for s, e in spans]


documents = st.builds(
    lambda a, b: Document(20, {"a": a, "b": b}), parts(length=20), parts(length=20)
)


@given(st.lists(documents, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_u_alpha_asks_no_order(found: list[Document], random: Any) -> None:
    other = [Document(d.length, dict(reversed(d.marked.items()))) for d in found]
    random.shuffle(other)
    one, two = (u_alpha(coincidences(some, "xy"))[0] for some in (found, other))
    assert one == pytest.approx(two, nan_ok=True)


@given(parts(length=20))
def test_u_alpha_of_two_equal_coders_is_one_or_undefined(
    marked: list[tuple[int, int, str]],
) -> None:
    found = u_alpha(coincidences([Document(30, {"a": marked, "b": marked})], "xy"))[0]
    assert found == (pytest.approx(1.0) if marked else pytest.approx(np.nan, nan_ok=True))


@given(st.lists(documents, min_size=1, max_size=4), st.data())
def test_a_text_drawn_twice_counts_twice(found: list[Document], data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(0, 2), min_size=len(found), max_size=len(found)))
    assume(any(times))
    literal = [d for d, n in zip(found, times, strict=True) for _ in range(n)]
    weighted = u_alpha(coincidences(found, "xy"), np.array([times], dtype=float))[0]
    assert weighted == pytest.approx(u_alpha(coincidences(literal, "xy"))[0], nan_ok=True)


@given(st.lists(parts(length=12).map(lambda p: p[:2]), min_size=2, max_size=2))
def test_the_best_alignment_is_the_best_of_all(marked: list[list[tuple[int, int, str]]]) -> None:
    first, second = marked
    assume(first or second)

    def apart(a: tuple[int, int, str], b: tuple[int, int, str]) -> float:
        bounds = abs(a[0] - b[0]) + abs(a[1] - b[1])
        return float((bounds / (a[1] - a[0] + b[1] - b[0])) ** 2 + (a[2] != b[2]))

    short, long = sorted((first, second), key=len)
    best = float("inf")
    for order in permutations([*long, *[None] * len(short)], len(short)):
        cost = sum(1 + 1 if b is None else apart(a, b) for a, b in zip(short, order, strict=True))
        # each part that found none stands alone; so does each left of the longer
        cost -= sum(b is None for b in order)
        cost += len(long) - sum(b is not None for b in order)
        best = min(best, cost)
    units = (len(first) + len(second)) / 2
    assert best_alignment_disorder(marked) == pytest.approx(best / units, abs=1e-9)


@given(st.floats(-0.9, 1.0), st.floats(0.01, 0.5), st.sampled_from(sorted(SCALES)))
def test_probabilities_of_levels_add_up(value: float, se: float, scale: str) -> None:
    lowest = SCALES[scale].lowest
    assume(value > lowest[-1])
    found = cumulative(value, se, lowest)
    assert list(found) == sorted(found)
    assert found[-1] == pytest.approx(1.0)


@given(st.lists(st.sampled_from("pqrs"), min_size=1, max_size=12), st.integers(0, 5))
def test_a_respondent_is_drawn_whole(clusters: list[str], seed: int) -> None:
    drawn = draws(clusters, 20, seed)
    assert np.array_equal(drawn, draws(clusters, 20, seed))
    for name in set(clusters):
        mine = drawn[:, [n for n, c in enumerate(clusters) if c == name]]
        assert (mine == mine[:, :1]).all()
    firsts = [clusters.index(name) for name in sorted(set(clusters))]
    assert (drawn[:, firsts].sum(axis=1) == len(firsts)).all()


def test_an_interval_drops_few_undefined_resamples_and_refuses_many() -> None:
    values = np.linspace(0, 1, 1000)[:, None].repeat(2, axis=1)
    values[:40, 0] = np.nan
    values[:60, 1] = np.nan
    found = intervals(values)
    assert found.undefined.tolist() == [0.04, 0.06]
    assert not np.isnan(found.low[0])
    assert np.isnan(found.low[1])
