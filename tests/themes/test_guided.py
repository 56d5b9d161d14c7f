"""Themes that start from a codebook's codes, and what no code explains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themecoder.classifier.evidence import Evidence, evidence
from themecoder.classifier.features import known
from themecoder.classifier.model import SAYS, Answers, CodebookTexts, Texts
from themecoder.classifier.spreading import candidates, rank_graph
from themecoder.classifier.words import WordSpace
from themecoder.themes.cluster import cluster
from themecoder.themes.guided import Guided, cluster_guided
from themecoder.themes.model import Clustering

WIDTH = 64


class Planted:
    """Answers of one segment around one centre per theme; the first ``codes`` themes are codes,
    whose texts lie near the centres."""

    def __init__(
        self,
        sizes: tuple[int, ...],
        noise: float = 0.5,
        seed: int = 0,
        codes: int | None = None,
        order: np.ndarray | None = None,
        expected: list[bool] | None = None,
    ) -> None:
        random = np.random.default_rng(seed)
        centres = np.linalg.qr(random.normal(size=(WIDTH, len(sizes))))[0].T
        truth = np.repeat(np.arange(len(sizes)), sizes)
        n, count = len(truth), len(sizes) if codes is None else codes

        def near(rows: np.ndarray, amount: float) -> np.ndarray:
            found = rows + amount / 8 * random.normal(size=rows.shape)
            return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)

        def said(themes: np.ndarray) -> list[str]:
            return [f"over{t} {'abcdefgh'[random.integers(8)]}zeg dat is zo" for t in themes]

        vectors, texts = near(centres[truth], noise), said(truth)
        of_codes = np.repeat(np.arange(count), 3)
        code_vectors, code_texts = near(centres[of_codes], 1.0), said(of_codes)
        if order is not None:
            vectors, texts, truth = vectors[order], [texts[i] for i in order], truth[order]
        words = WordSpace([*texts, *code_texts])
        whole = Texts(vectors, words.of(texts))
        self.truth, self.vectors, self.texts = truth, vectors, texts
        self.ids = tuple(f"code_{i}" for i in range(count))
        self.known = known(
            Answers(
                whole,
                whole,
                np.arange(n),
                np.full(n, 20.0),
                np.zeros(n, dtype=np.int64),
                np.arange(n),
            ),
            CodebookTexts(
                Texts(code_vectors, words.of(code_texts)),
                of_codes,
                np.full(len(of_codes), SAYS),
                np.full(len(of_codes), -1),
                np.array([[one] for one in expected or [True] * count]),
            ),
        )

    def evidence(self) -> Evidence:
        return evidence(self.known, np.arange(len(self.truth)))

    def run(self, **options: Any) -> Guided:
        return cluster_guided(
            self.vectors, self.evidence(), self.ids, answers=self.vectors, **options
        )

    def apart(self, some: np.ndarray) -> Clustering:
        return cluster(self.vectors[some], np.arange(len(some)), granularity="few")


def label_of(found: Guided, n: int) -> list[set[str | None]]:
    """The codes of each segment."""
    held: list[set[str | None]] = [set() for _ in range(n)]
    for segment, label in zip(found.segments, found.clustering.labels, strict=True):
        held[segment].add(found.codes[label])
    return held


def test_answers_go_to_the_code_they_were_made_from() -> None:
    made = Planted((80, 60, 40, 5))
    found = made.run()
    assert found.codes == ("code_0", "code_1", "code_2", "code_3")
    held = label_of(found, len(made.truth))
    right = [made.ids[theme] in own for theme, own in zip(made.truth, held, strict=True)]
    assert np.mean(right) > 0.97
    assert (found.clustering.stability > 0.8).all()


def test_what_no_code_explains_is_a_theme_of_its_own() -> None:
    """The last group is about something that the codebook has no word for."""
    made = Planted((*[15] * 20, 60), noise=0.8, codes=20)
    found = made.run(apart=made.apart)
    assert set(found.codes) == {*made.ids, None}
    held = label_of(found, len(made.truth))
    apart = np.array([None in own for own in held])
    assert apart[made.truth == 20].mean() > 0.5
    assert apart[made.truth != 20].mean() < 0.1
    # an answer is explained by a code or by none, never both
    assert all(own == {None} for own in held if None in own)
    without = made.run()
    assert None not in without.codes and (without.clustering.labels >= 0).all()


def test_what_every_code_explains_leaves_nothing_apart() -> None:
    made = Planted((60, 50, 40), noise=0.8)
    assert None not in made.run(apart=made.apart).codes


def test_a_code_is_no_theme_where_it_is_not_expected() -> None:
    made = Planted((60, 50, 40), expected=[True, False, True])
    assert "code_1" not in made.run().codes


def test_a_code_that_too_few_answers_keep_is_no_theme() -> None:
    made = Planted((50, 50, 2))
    assert set(made.run(granularity="few").codes) == {"code_0", "code_1"}
    assert "code_2" in made.run(granularity="many").codes


def test_a_number_of_themes_is_kept_to() -> None:
    found = Planted((40, 30, 20, 10)).run(granularity=2)
    assert len(found.codes) == 2
    assert set(found.clustering.labels.tolist()) == {0, 1}


def test_the_order_of_answers_changes_nothing() -> None:
    order = np.random.default_rng(3).permutation(90)
    straight, shuffled = Planted((40, 30, 20)), Planted((40, 30, 20), order=order)
    held = label_of(straight.run(), 90)
    assert [held[place] for place in order] == label_of(shuffled.run(), 90)


def test_the_same_input_gives_the_same_bytes() -> None:
    made = Planted((40, 30, 20))
    first, second = (made.run(seed=7).clustering for _ in range(2))
    for name in ("labels", "strength", "stability", "merges", "xy", "main"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_few_answers_are_no_problem(n: int) -> None:
    made = Planted((n, 1))
    found = made.run(apart=made.apart)
    assert set(found.segments.tolist()) == set(range(n + 1))
    assert (found.clustering.labels >= 0).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 60))
def test_every_answer_is_placed_and_strengths_are_shares(seed: int, n: int) -> None:
    made = Planted((n, n // 2, 5), noise=2.0, seed=seed, codes=2)
    found = made.run(apart=made.apart)
    clustering = found.clustering
    assert set(found.segments.tolist()) == set(range(len(made.truth)))
    assert ((clustering.strength > 0) & (clustering.strength <= 1)).all()
    sizes = [
        len(set(found.segments[clustering.labels == t].tolist())) for t in range(len(found.codes))
    ]
    assert sizes == sorted(sizes, reverse=True)
    pairs = list(zip(found.segments.tolist(), clustering.labels.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))


def test_a_part_of_the_answers_is_told_what_it_would_be_told_alone() -> None:
    made = Planted((60, 50, 40), noise=1.5)
    rows = np.flatnonzero(np.random.default_rng(0).random(150) < 0.8)
    part = made.evidence().said(rows)
    assert (part.segments == rows).all() and (part.owners == np.arange(len(rows))).all()
    whole = made.evidence().said()
    assert np.abs(whole.probabilities[rows] - part.probabilities).mean() < 0.05
    assert (part.probabilities.argmax(axis=1) == made.truth[rows]).mean() > 0.9


def test_the_graph_of_a_part_is_that_of_the_part_alone() -> None:
    vectors = Planted((120, 110), noise=1.5).vectors
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
