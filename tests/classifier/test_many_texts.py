"""What makes many texts quick leaves what is said of them as it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from themecoder.classifier import spreading, words
from themecoder.classifier.spreading import candidates, rank_graph, spread, spread_all, standardised
from themecoder.classifier.words import WordSpace

LETTERS = "aeioÉéßİ̈bcd'-.,  \t\n😀1"
TEXTS = st.lists(st.text(alphabet=LETTERS, max_size=30), min_size=1, max_size=12)


def by_scikit_learn(fitted_on: list[str], texts: list[str]) -> np.ndarray | None:
    """Both halves text by text; None where one of them sees nothing."""
    halves = []
    for kind in ({"analyzer": "char_wb", "ngram_range": (2, 5)}, {"ngram_range": (1, 2)}):
        half = TfidfVectorizer(**kind, sublinear_tf=True, min_df=2, dtype=np.float32)
        try:
            halves.append(half.fit(fitted_on).transform(texts))
        except ValueError:
            return None
    return np.asarray(sparse.hstack(halves).toarray() / np.sqrt(2))


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_words_taken_apart_once_are_counted_as_in_each_text(
    fitted_on: list[str], texts: list[str]
) -> None:
    fitted_on = [*fitted_on, "Ik mis het gesprek", "het gesprek, daar"]
    expected = by_scikit_learn(fitted_on, texts)
    assert expected is not None
    found = WordSpace(fitted_on).of(texts)
    assert np.allclose(found.toarray(), expected, atol=1e-6)


def segments(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The themes of n segments, their vectors and their likenesses to the themes, many of them
    misleading."""
    random = np.random.default_rng(3)
    themes = random.integers(6, size=n)
    vectors = np.eye(6, 24)[themes] + 0.12 * random.normal(size=(n, 24))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    start = standardised(np.eye(6)[themes] + 0.5 * random.normal(size=(n, 6)))
    return themes, vectors.astype(np.float32), start


def test_some_of_very_many_segments_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    themes, vectors, start = segments(3000)
    owners, lengths = np.arange(3000) // 2, np.ones(3000)
    exact = spread_all(start, vectors, owners, lengths)
    whole, _ = spread(start, rank_graph(candidates(vectors)), owners, lengths, 0)
    assert np.array_equal(exact, whole)
    monkeypatch.setattr(spreading, "_NODES_FROM", 1000)
    monkeypatch.setattr(spreading, "_NODES", 600)
    found = spread_all(start, vectors, owners, lengths)
    assert np.allclose(found.sum(axis=1), 1)
    assert np.array_equal(found, spread_all(start, vectors, owners, lengths))
    alone = (start.argmax(axis=1) == themes).mean()
    right = [(table.argmax(axis=1) == themes).mean() for table in (exact, found)]
    assert alone + 0.15 < min(right), (alone, right)
    assert abs(right[0] - right[1]) < 0.02


def test_of_very_many_texts_some_say_what_is_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"het gesprek over {theme} nummer {n}" for n in range(40) for theme in ["aa", "bb"]]
    whole = WordSpace(texts).of(["gesprek over aa"])
    monkeypatch.setattr(words, "_FITTED", 30)
    some = WordSpace(texts)
    assert some.of(["gesprek over aa"]).shape[1] < whole.shape[1]
    assert some.of(["gesprek over aa"]).nnz > 10
    again = WordSpace(texts).of(texts)
    assert (some.of(texts) != again).nnz == 0
