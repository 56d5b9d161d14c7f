"""Nearest neighbours and their graph, against a plain sort."""

from __future__ import annotations

import numpy as np

from themecoder.embeddings import nearest as nearest_rows
from themecoder.embeddings.nearest import nearest
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
    graph = neighbour_graph(vectors, 5)
    assert abs(graph - graph.T).max() == 0
    assert graph.data.min() > 0
    assert graph.diagonal().sum() == 0
    index, _ = nearest(vectors, vectors, 5, banned=np.arange(60), groups=np.arange(60))
    for a, b in np.stack([np.repeat(np.arange(60), 5), index.ravel()], axis=1).tolist():
        similarity = float(vectors[a] @ vectors[b])
        if similarity > 0.01:
            expected = similarity if a in index[b] else similarity / 2
            assert abs(graph[a, b] - expected) < 1e-5
