"""Groups of more answers than all pairs are compared of."""

from __future__ import annotations

import numpy as np

from themecoder.themes import consensus, granularity
from themecoder.themes.cluster import cluster_answers
from themecoder.themes.consensus import Runs, co_association, co_association_of_groups
from themecoder.themes.granularity import merge_to


def test_two_groups_are_together_as_often_as_their_pairs_are():
    random = np.random.default_rng(0)
    labels = np.sort(random.integers(-1, 4, size=60))
    runs = Runs(random.integers(0, 5, size=(12, 60)))
    share = co_association(runs)
    found = co_association_of_groups(labels, runs)
    for a in range(4):
        for b in range(4):
            pairs = share[np.ix_(labels == a, labels == b)]
            assert abs(found[a, b] - (pairs.mean() if a != b else 0)) < 1e-6


def test_answers_left_out_of_a_run_have_no_part_in_it():
    labels = np.array([0, 0, 1, 1])
    runs = Runs(np.array([[0, 0, 0, 1], [0, -1, 0, -1], [-1, -1, 0, 0]]))
    # first run: two of four pairs; second: the one pair that it holds; the third holds no first
    assert co_association_of_groups(labels, runs)[0, 1] == (0.5 + 1) / 2


def test_themes_are_merged_while_they_are_near_enough():
    near = np.array([[0, 0.9, 0.1], [0.9, 0, 0.3], [0.1, 0.3, 0]])
    labels = np.array([0, 1, 2, -1])
    assert merge_to(labels, near, 1, 0.25).tolist() == [0, 0, 1, -1]
    assert merge_to(labels, near, 1, 0.15).tolist() == [0, 0, 0, -1]
    assert merge_to(labels, near, 1, 0.95).tolist() == [0, 1, 2, -1]


def test_above_the_bound_the_themes_are_those_that_are_there_whatever_the_seed(monkeypatch):
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(2)
    centres = np.linalg.qr(random.standard_normal((48, 12)))[0].T
    truth = random.integers(12, size=900)
    rows = centres[truth] + 1.1 * random.standard_normal((900, 48)) / np.sqrt(48)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    for room in (consensus, granularity):
        monkeypatch.setattr(room, "DENSE_UP_TO", 500)
    first, second = (cluster_answers(rows, seed=seed).labels for seed in (0, 1))
    nearly = cluster_answers(rows, seed=0, exact_up_to=500)
    assert adjusted_rand_score(first, second) > 0.95
    assert adjusted_rand_score(first, nearly.labels) > 0.95
    assert adjusted_rand_score(first, truth) > 0.9
    assert nearly.recall is not None
