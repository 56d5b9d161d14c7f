"""Where the points, numbers and branches of a question are drawn."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.themes.html import dendrogram, scatter

coordinate = st.floats(-1e6, 1e6, allow_nan=False)
positions = st.dictionaries(st.text(max_size=4), st.tuples(coordinate, coordinate), max_size=40)


@given(positions)
def test_every_point_is_on_the_map(xy: dict[str, tuple[float, float]]) -> None:
    placed = scatter.place(xy)
    assert placed.keys() == xy.keys()
    assert all(0 < x < scatter.WIDTH and 0 < y < scatter.HEIGHT for x, y in placed.values())


def test_order_along_an_axis_is_kept_and_up_is_up() -> None:
    placed = scatter.place({"a": (0.0, 0.0), "b": (1.0, 3.0), "c": (50.0, 1.0)})
    assert placed["a"][0] < placed["b"][0] < placed["c"][0]
    assert placed["b"][1] < placed["c"][1] < placed["a"][1]


def test_equal_answers_are_drawn_apart() -> None:
    placed = scatter.place({"a": (0, 0), "z": (9, 9), **{str(i): (5, 5) for i in range(12)}})
    assert len(set(placed.values())) == 14


def test_one_answer_and_none() -> None:
    assert scatter.place({}) == {}
    assert scatter.place({"a": (3.0, 4.0)}) == {"a": (scatter.WIDTH / 2, scatter.HEIGHT / 2)}


@given(
    st.lists(
        st.tuples(st.floats(20, scatter.WIDTH - 20), st.floats(20, scatter.HEIGHT - 20)),
        min_size=1,
        max_size=30,
    )
)
def test_numbers_of_themes_do_not_cover_each_other(middles: list[tuple[float, float]]) -> None:
    labels = list(scatter.place_labels({i: [spot] for i, spot in enumerate(middles)}).values())
    assert len(labels) == len(middles)
    for one, other in combinations(labels, 2):
        assert (
            abs(one.x - other.x) >= scatter.LABEL_WIDTH - 1
            or abs(one.y - other.y) >= scatter.LABEL_HEIGHT - 1
        )


def test_a_tree_puts_the_most_alike_themes_beside_each_other() -> None:
    laid = dendrogram.tree([1, 2, 5, 7], [(1, 7, 0.2), (2, 5, 0.5), (-1, -2, 1.0)])
    assert laid.leaves == (1, 7, 2, 5)
    assert laid.height == 4 * dendrogram.ROW
    assert len(re.findall("M", laid.path)) == 3


def test_themes_that_no_merge_holds_stand_below() -> None:
    assert dendrogram.tree([3, 1, 2], [(1, 2, 0.5)]).leaves == (1, 2, 3)
    assert dendrogram.tree([4], []).leaves == (4,)
    assert dendrogram.tree([], []).path == ""


def test_branches_never_turn_back() -> None:
    laid = dendrogram.tree([1, 2, 3], [(1, 2, 0.9), (-1, 3, 0.4)])
    (_, low, _), (start, high, _) = re.findall(
        r"M([\d.]+) [\d.]+H([\d.]+)V[\d.]+H([\d.]+)", laid.path
    )
    assert float(high) <= float(low) == float(start)


@given(st.integers(1, 25), st.randoms(use_true_random=False))
def test_any_tree_holds_every_theme_once(k: int, random: object) -> None:
    free = list(range(1, k + 1))
    merges = []
    for i in range(k - 1):
        random.shuffle(free)  # type: ignore[attr-defined]
        merges.append((free.pop(), free.pop(), float(i)))
        free.append(-(i + 1))
    assert sorted(dendrogram.tree(range(1, k + 1), merges).leaves) == list(range(1, k + 1))


def test_a_merge_of_a_node_that_is_taken_is_an_error() -> None:
    with pytest.raises(ValueError, match="node 1 is not free"):
        dendrogram.tree([1, 2, 3], [(1, 2, 0.1), (1, 3, 0.2)])
