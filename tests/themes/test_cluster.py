"""The clustering core on answers with known structure: planted themes, noise, tiny questions."""

from __future__ import annotations

import numpy as np
import pytest

from themecoder.themes.cluster import EmbeddedTexts, background, cluster
from themecoder.themes.granularity import Context


def planted(sizes: list[int], noise: float = 0.5, seed: int = 0, dimensions: int = 40):
    """Unit vectors around directions at right angles, one per theme; and the truth."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.standard_normal((dimensions, len(sizes))))[0].T
    truth = np.repeat(np.arange(len(sizes)), sizes)
    vectors = centres[truth] + noise * rng.standard_normal((len(truth), dimensions)) / np.sqrt(
        dimensions
    )
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), truth


def words(n: int) -> list[str]:
    """n texts that share no letter: all likeness is in the vectors."""
    return [chr(0x4E00 + i) * 4 for i in range(n)]


def agreement(a: np.ndarray, b: np.ndarray) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(a, b))


def test_planted_themes_are_found():
    vectors, truth = planted([80, 60, 40, 20])
    found = cluster(vectors, np.arange(200))
    assert agreement(found.labels, truth) > 0.97
    assert found.stability.shape == (4,)
    assert found.merges.shape == (3, 4)
    assert found.xy.shape == (200, 2)
    assert np.bincount(found.labels).tolist() == sorted(np.bincount(found.labels), reverse=True)


def test_a_theme_of_five_in_eight_hundred_is_found():
    vectors, truth = planted([300, 250, 150, 95, 5])
    found = cluster(vectors, np.arange(800))
    small = found.labels[truth == 4]
    assert len(set(small.tolist())) == 1
    assert (found.labels == small[0]).sum() <= 8


def test_planted_themes_are_stable_and_noise_is_not():
    vectors, _ = planted([60, 60, 60])
    noise = np.random.default_rng(1).standard_normal((180, 40)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    firm = cluster(vectors, np.arange(180)).stability
    loose = cluster(noise, np.arange(180)).stability
    assert firm.min() > 0.8
    assert loose.mean() < 0.5


def test_the_same_input_gives_the_same_result():
    vectors, _ = planted([50, 40, 30], noise=1.2)
    first, second = (cluster(vectors, np.arange(120), seed=3) for _ in range(2))
    for name in ("labels", "strength", "stability", "merges", "xy"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


def test_the_order_of_the_answers_does_not_matter():
    vectors, _ = planted([50, 40, 30], noise=1.2)
    order = np.random.default_rng(5).permutation(120)
    plain = cluster(vectors, np.arange(120))
    shuffled = cluster(vectors[order], np.arange(120))
    assert agreement(plain.labels[order], shuffled.labels) == 1.0


@pytest.mark.parametrize("wanted", [1, 2, 4, 9, 15])
def test_a_number_of_themes_is_met_exactly(wanted):
    vectors, _ = planted([60, 50, 40, 30], noise=1.0)
    found = cluster(vectors, np.arange(180), granularity=wanted)
    assert len(set(found.labels.tolist())) == wanted


def test_few_gives_no_more_themes_than_auto_and_many_no_fewer():
    # answers spread evenly around a circle: no number of themes is the right one
    turn = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    vectors = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    few, auto, many = (
        len(cluster(vectors, np.arange(240), granularity=g).stability)
        for g in ("few", "auto", "many")
    )
    assert few <= auto <= many
    assert few < many


@pytest.mark.parametrize("n", [1, 2, 3, 5, 10, 30])
def test_a_question_with_few_answers_still_gets_themes(n):
    vectors, _ = planted([n - n // 2, n // 2], seed=2)
    found = cluster(vectors, np.arange(n), texts=words(n))
    assert len(found.labels) == n
    assert found.labels.max() >= 0
    assert np.isfinite(found.xy).all()
    assert len(found.stability) == found.labels.max() + 1


def test_no_answers_give_no_themes():
    found = cluster(np.zeros((0, 8), np.float32), np.zeros(0, np.int64))
    assert found.labels.shape == (0,)
    assert found.stability.shape == (0,)


def test_identical_answers_are_one_theme():
    vectors = np.tile(np.array([[0.6, 0.8]], np.float32), (40, 1))
    found = cluster(vectors, np.arange(40), texts=["privacy"] * 40)
    assert set(found.labels.tolist()) == {0}
    assert found.stability.tolist() == [1.0]


def test_answers_that_say_the_same_are_in_the_same_theme():
    vectors, _ = planted([60, 50, 40], noise=1.5)
    vectors[::5] = vectors[0]
    texts = ["Privacy " if i % 5 == 0 else f"{'abcdefghij'[i % 10]}" * 4 for i in range(150)]
    texts[5] = "privacy"
    found = cluster(vectors, np.arange(150), texts=texts)
    assert len(set(found.labels[::5].tolist())) == 1


def test_an_answer_that_says_two_things_is_in_two_themes():
    vectors, truth = planted([60, 60], noise=0.4)
    # answer 0 has two segments, one of each theme
    segments = np.vstack([vectors, vectors[truth == 1][:1]])
    owners = np.append(np.arange(120), 0)
    whole = vectors.copy()
    texts = words(121)
    found = cluster(segments, owners, texts=texts, answers=EmbeddedTexts(whole, texts[:120]))
    assert found.labels[0] != found.labels[120]
    assert found.labels[0] == found.labels[1]


def test_every_answer_stays_in_the_theme_of_its_whole_text():
    """One of an answer's segments carries the theme that the whole answer is in."""
    vectors, _ = planted([40, 40, 40], noise=1.0, seed=4)
    owners = np.repeat(np.arange(60), 2)
    whole = vectors[::2] + vectors[1::2]
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    texts = words(120)
    found = cluster(vectors, owners, texts=texts, answers=EmbeddedTexts(whole, texts[:60]))
    for answer in range(60):
        assert found.main[answer] in found.labels[owners == answer]
    assert ((found.strength >= 0) & (found.strength <= 1)).all()


def test_a_background_of_other_questions_keeps_the_planted_themes():
    vectors, truth = planted([60, 50, 40])
    survey = background(EmbeddedTexts(vectors, words(150)))
    rows = np.arange(0, 150, 2)
    found = cluster(
        vectors[rows],
        np.arange(75),
        texts=words(75),
        answers=EmbeddedTexts(vectors[rows], words(75)),
        context=Context(survey, rows),
    )
    assert agreement(found.labels, truth[rows]) > 0.95


def test_wrong_lengths_and_granularity_are_refused():
    vectors, _ = planted([5, 5])
    with pytest.raises(ValueError, match="differ"):
        cluster(vectors, np.arange(9))
    with pytest.raises(ValueError, match="granularity"):
        cluster(vectors, np.arange(10), granularity="some")
