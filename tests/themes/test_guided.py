"""Themes that start from a codebook's codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themecoder.classifier.spreading import Guide, candidates, likeness, rank_graph
from themecoder.themes.guided import cluster_guided


def planted(
    sizes: tuple[int, ...], noise: float = 0.5, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, Guide]:
    """Segments around one centre per code, and a guide whose texts lie near the centres."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.normal(size=(64, len(sizes))))[0].T
    truth = np.repeat(np.arange(len(sizes)), sizes)

    def near(rows: np.ndarray, amount: float) -> np.ndarray:
        found = rows + amount / 8 * random.normal(size=rows.shape)
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)

    codes = np.repeat(np.arange(len(sizes)), 3)
    guide = Guide(tuple(f"code_{i}" for i in range(len(sizes))), near(centres[codes], 1.0), codes)
    return near(centres[truth], noise), truth, guide


def run(vectors: np.ndarray, guide: Guide, **options: object):  # type: ignore[no-untyped-def]
    n = len(vectors)
    return cluster_guided(vectors, np.arange(n), np.full(n, 20.0), guide, **options)  # type: ignore[arg-type]


def test_segments_go_to_the_code_they_were_made_from() -> None:
    vectors, truth, guide = planted((80, 60, 40, 5))
    found = run(vectors, guide)
    assert found.codes == ("code_0", "code_1", "code_2", "code_3")
    assert (found.clustering.labels == truth).mean() > 0.97
    assert (found.clustering.stability > 0.8).all()


def test_neighbours_carry_segments_that_resemble_no_code_text() -> None:
    """A group next to a code's segments joins them though the code's own texts say little of it."""
    vectors, truth, guide = planted((60, 60), noise=1.2)
    weak = Guide(guide.ids, guide.vectors[[0, 3]], np.array([0, 1]))
    alone = likeness(vectors, weak).argmax(axis=1)
    spread = run(vectors, weak).clustering.labels
    assert (spread == truth).mean() >= (alone == truth).mean()


def test_a_code_that_no_answer_keeps_is_no_theme() -> None:
    vectors, _, guide = planted((50, 50))
    random = np.random.default_rng(9)
    strange = random.normal(size=(3, 64)).astype(np.float32)
    strange /= np.linalg.norm(strange, axis=1, keepdims=True)
    more = Guide(
        (*guide.ids, "strange"),
        np.concatenate([guide.vectors, strange]),
        np.concatenate([guide.codes, [2, 2, 2]]),
    )
    assert set(run(vectors, more).codes) == {"code_0", "code_1"}


def test_a_number_of_themes_is_kept_to() -> None:
    vectors, _, guide = planted((40, 30, 20, 10))
    found = run(vectors, guide, granularity=2)
    assert len(found.codes) == 2
    assert set(found.clustering.labels.tolist()) == {0, 1}


def test_the_order_of_segments_changes_nothing() -> None:
    vectors, _, guide = planted((40, 30, 20))
    order = np.random.default_rng(3).permutation(len(vectors))
    straight, shuffled = run(vectors, guide), run(vectors[order], guide)
    assert (straight.clustering.labels[order] == shuffled.clustering.labels).all()


def test_the_same_input_gives_the_same_bytes() -> None:
    vectors, _, guide = planted((40, 30, 20))
    first, second = (run(vectors, guide, seed=7).clustering for _ in range(2))
    for name in ("labels", "strength", "stability", "merges", "xy"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_few_segments_are_no_problem(n: int) -> None:
    vectors, _, guide = planted((n, 1))
    found = run(vectors, guide)
    assert len(found.clustering.labels) == n + 1
    assert (found.clustering.labels >= 0).all()


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(20, 60))
def test_every_segment_is_placed_and_strengths_are_shares(seed: int, n: int) -> None:
    vectors, _, guide = planted((n, n // 2, 5), noise=2.0, seed=seed)
    found = run(vectors, guide).clustering
    assert (found.labels >= 0).all()
    assert ((found.strength > 0) & (found.strength <= 1)).all()
    sizes = np.bincount(found.labels)
    assert (np.diff(sizes) <= 0).all()


def test_the_graph_of_a_part_is_that_of_the_part_alone() -> None:
    vectors, _, _ = planted((120, 110), noise=1.5)
    inside = np.flatnonzero(np.random.default_rng(0).random(230) < 0.9)
    apart = rank_graph(candidates(vectors[inside]))
    within = rank_graph(candidates(vectors), inside)
    assert abs(apart - within).max() < 1e-9


def test_candidates_are_what_sorting_all_cosines_finds() -> None:
    vectors = np.random.default_rng(1).normal(size=(300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = np.round(vectors @ vectors.T, 6)
    np.fill_diagonal(cosine, -9)
    expected = np.argsort(-cosine, axis=1, kind="stable")[:, :30]
    assert (candidates(vectors) == expected).all()


def test_identical_segments_are_told_apart_by_nothing() -> None:
    vectors, _, guide = planted((1, 1))
    same = np.repeat(vectors[:1], 40, axis=0)
    assert set(run(same, guide).clustering.labels.tolist()) == {0}
