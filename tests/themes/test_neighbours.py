"""Nearest neighbours and their graph, against a plain sort."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from themecoder.embeddings import nearest as nearest_rows
from themecoder.embeddings.nearest import nearest
from themecoder.embeddings.nearly_nearest import ENOUGH, nearly_nearest
from themecoder.errors import InputError
from themecoder.themes.neighbours import neighbour_graph


def unit(n: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((n, 12)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_nearest_are_those_of_a_full_sort_block_by_block(monkeypatch):
    vectors = unit(90)
    expected = np.argsort(-(vectors @ vectors.T - 3 * np.eye(90)), axis=1)[:, :7]
    monkeypatch.setattr(nearest_rows, "_BLOCK_CELLS", 1000)  # 11 rows at a time
    index, value = nearest(vectors, vectors, 7, banned=np.arange(90), groups=np.arange(90))
    assert (index == expected).all()
    assert np.allclose(value, np.take_along_axis(vectors @ vectors.T, expected, 1), atol=1e-5)


def test_a_banned_group_is_no_neighbour_wherever_it_stands():
    vectors = unit(20)
    groups = np.random.default_rng(1).permutation(40)[:20]
    index, value = nearest(vectors, vectors, 5, banned=groups, groups=groups)
    assert not (index == np.arange(20)[:, None]).any()
    absent, _ = nearest(vectors, vectors, 1, banned=np.full(20, 99), groups=groups)
    assert (absent[:, 0] == np.arange(20)).all()
    assert (value > -1).all()


def test_alone_there_is_no_neighbour():
    index, value = nearest(unit(1), unit(1), 3, banned=np.zeros(1), groups=np.zeros(1))
    assert index.shape == (1, 1)
    assert value[0, 0] == -1


def test_the_graph_is_symmetric_positive_and_mutual_neighbours_count_double():
    vectors = unit(60)
    found = neighbour_graph(vectors, 5)
    graph = found.edges
    assert found.recall is None
    assert abs(graph - graph.T).max() == 0
    assert graph.data.min() > 0
    assert graph.diagonal().sum() == 0
    index, _ = nearest(vectors, vectors, 5, banned=np.arange(60), groups=np.arange(60))
    for a, b in np.stack([np.repeat(np.arange(60), 5), index.ravel()], axis=1).tolist():
        similarity = float(vectors[a] @ vectors[b])
        if similarity > 0.01:
            expected = similarity if a in index[b] else similarity / 2
            assert abs(graph[a, b] - expected) < 1e-5


def grouped(n: int, seed: int = 3) -> np.ndarray:
    """Rows around thirty directions, as answers are, every tenth a copy of another."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((30, 24))[random.integers(30, size=n)]
    rows = (rows + 0.6 * random.standard_normal(rows.shape)).astype(np.float32)
    rows[::10] = rows[1::10][: len(rows[::10])][random.integers(n // 10, size=len(rows[::10]))]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_an_index_finds_nearly_all_of_the_nearest_and_says_how_many():
    rows = grouped(3000)
    own = np.arange(3000)
    index, value, recall = nearly_nearest(rows, 10)
    _, best = nearest(rows, rows, 10, banned=own, groups=own)
    assert ENOUGH <= recall <= 1
    assert abs((value >= best[:, -1:] - 1e-6).mean() - recall) < 0.02
    assert not (index == own[:, None]).any()
    assert all(len(set(row)) == 10 for row in index.tolist())
    similarity = np.einsum("ij,ikj->ik", rows, rows[index])
    assert np.allclose(value, similarity, atol=2e-6)
    assert (np.diff(value, axis=1) <= 0).all()


def test_what_an_index_finds_is_the_same_with_one_thread_and_with_two():
    import faiss

    rows = grouped(2000)
    before = faiss.omp_get_max_threads()
    found = []
    try:
        for threads in (1, 2):
            faiss.omp_set_num_threads(threads)
            found.append(nearly_nearest(rows, 10)[:2])
            assert faiss.omp_get_max_threads() == threads
    finally:
        faiss.omp_set_num_threads(before)
    (one, one_value), (two, two_value) = found
    assert one.tobytes() == two.tobytes()
    assert one_value.tobytes() == two_value.tobytes()


def test_the_graph_of_an_index_has_nearly_the_edges_of_a_full_sort():
    rows = grouped(1500)
    exact = neighbour_graph(rows, 8, exact_up_to=1500)
    nearly = neighbour_graph(rows, 8, exact_up_to=1499)
    assert exact.recall is None
    assert nearly.recall >= ENOUGH
    shared = (exact.edges > 0).multiply(nearly.edges > 0).nnz
    assert shared > 0.95 * exact.edges.nnz


def test_without_the_library_more_answers_are_refused_with_the_line_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(InputError) as refused:
        neighbour_graph(grouped(60), 5, exact_up_to=50)
    assert [problem.key for problem in refused.value.problems] == ["common.extra_missing"]
    assert "themecoder[topics]" in str(refused.value.problems[0].params["command"])
