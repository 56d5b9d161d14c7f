"""Themes found in a sample of the answers, and the others placed in them."""

from __future__ import annotations

import numpy as np

from themecoder.themes.cluster import EmbeddedTexts, cluster
from themecoder.themes.frame import frame
from themecoder.themes.many import Bounds, cluster_many
from themecoder.themes.model import Clustering
from themecoder.themes.prepare import prepare
from themecoder.themes.shortcuts import shortcut_notes
from themecoder.themes.speaking import speaking

WORDS = ["bus", "trein", "fiets", "tram", "auto", "boot", "veer", "taxi", "metro", "step"]


def survey(n: int, seed: int = 0):
    """n answers about one of five things, every third in two pieces, the second about another."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.standard_normal((32, 5)))[0].T
    truth = random.integers(5, size=n)
    whole, texts, pieces, piece_texts, owners = [], [], [], [], []

    def vector(theme: int) -> np.ndarray:
        row = centres[theme] + 0.4 * random.standard_normal(32) / np.sqrt(32)
        return (row / np.linalg.norm(row)).astype(np.float32)

    def text(theme: int) -> str:
        return f"{WORDS[theme]} {WORDS[5 + theme]} {'ja ' * int(random.integers(1, 9))}{theme}"

    for answer, theme in enumerate(truth.tolist()):
        whole.append(vector(theme))
        texts.append(text(theme))
        for about in (theme, (theme + 1) % 5) if answer % 3 == 0 else (theme,):
            pieces.append(vector(about))
            piece_texts.append(text(about))
            owners.append(answer)
    answers = EmbeddedTexts(np.array(whole), texts)
    return np.array(pieces), np.array(owners), piece_texts, answers, truth


def agreement(a: np.ndarray, b: np.ndarray) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(a, b))


def same(a: Clustering, b: Clustering) -> bool:
    names = ("labels", "strength", "stability", "merges", "xy", "main")
    return all(getattr(a, name).tobytes() == getattr(b, name).tobytes() for name in names)


def test_up_to_the_bounds_nothing_is_different():
    pieces, owners, piece_texts, answers, _ = survey(300)
    plain = cluster(pieces, owners, texts=piece_texts, answers=answers)
    found, shortcuts = cluster_many(
        pieces, owners, texts=piece_texts, answers=answers, bounds=Bounds(300, 300)
    )
    assert same(plain, found)
    assert shortcuts.record() == {}
    assert shortcut_notes(shortcuts.record(), "nl") == []


def test_the_themes_of_a_sample_are_those_of_the_whole_and_the_same_each_time():
    pieces, owners, piece_texts, answers, truth = survey(1200)
    whole = cluster(pieces, owners, texts=piece_texts, answers=answers)
    once, again = (
        cluster_many(pieces, owners, texts=piece_texts, answers=answers, bounds=Bounds(200, 400))
        for _ in range(2)
    )
    found, shortcuts = once
    assert same(found, again[0])
    assert agreement(found.main, whole.main) > 0.95
    assert agreement(found.main, truth) > 0.95
    assert agreement(found.labels, whole.labels) > 0.95
    assert np.isfinite(found.xy).all()
    assert np.abs(found.xy).max() <= 1
    # every answer keeps a piece in its theme, and themes are numbered by falling size
    for answer in range(0, 1200, 7):
        assert found.main[answer] in found.labels[owners == answer]
    sizes = [len(set(owners[found.labels == theme])) for theme in range(len(found.stability))]
    assert sizes == sorted(sizes, reverse=True)
    assert shortcuts.sample == 400
    assert shortcuts.placed_alike > 0.95
    assert 0.98 <= shortcuts.recall <= 1
    notes = shortcut_notes(shortcuts.record(), "en")
    assert len(notes) == 2
    assert "400" in notes[1]


def test_others_are_drawn_where_they_would_be_in_the_map_of_all():
    pieces, owners, piece_texts, answers, _ = survey(1200)
    found, _ = cluster_many(
        pieces, owners, texts=piece_texts, answers=answers, bounds=Bounds(1200, 400)
    )
    chosen = np.random.default_rng(0).permutation(1200)[:400]
    sampled = np.isin(owners, chosen)
    for theme in range(len(found.stability)):
        inside = found.labels == theme
        of_sample, of_others = found.xy[inside & sampled], found.xy[inside & ~sampled]
        assert np.linalg.norm(of_sample.mean(axis=0) - of_others.mean(axis=0)) < 0.1


def test_an_answer_that_says_the_same_as_one_of_the_sample_is_in_its_theme():
    pieces, owners, piece_texts, answers, _ = survey(900)
    texts = [f" {t.upper()}" if i % 50 == 0 else t for i, t in enumerate(answers.texts)]
    first = next(t for i, t in enumerate(texts) if i % 50)
    texts = [first if i % 40 == 1 else t for i, t in enumerate(texts)]
    found, _ = cluster_many(
        pieces,
        owners,
        texts=piece_texts,
        answers=EmbeddedTexts(answers.vectors, texts),
        bounds=Bounds(900, 300),
    )
    alike = [i for i, text in enumerate(texts) if text == first]
    assert len(set(found.main[alike].tolist())) == 1


def test_an_answer_placed_in_a_frame_has_the_vector_that_it_had_when_the_frame_was_made():
    pieces, _, piece_texts, answers, _ = survey(400)
    both = np.vstack([answers.vectors, pieces])
    ready = prepare(both, [*answers.texts, *piece_texts], np.arange(len(both)) < 400)
    space = frame(answers.vectors, answers.texts, pieces, piece_texts)
    assert np.allclose(space.place_whole(answers.vectors, answers.texts), ready[:400], atol=1e-5)
    assert np.allclose(space.place_pieces(pieces, piece_texts), ready[400:], atol=1e-5)


def test_every_theme_has_answers_that_speak_for_it_with_all_their_segments():
    random = np.random.default_rng(1)
    owners = np.sort(random.integers(20_000, size=30_000))
    labels = np.where(owners < 10, 1, np.where(owners % 9 == 0, -1, 0))
    rows = speaking(labels, owners, 2000)
    read = np.unique(owners[rows])
    assert speaking(labels, owners, 20_000) is None
    assert set(range(10)) & set(owners.tolist()) <= set(read.tolist())
    assert 1900 <= len(read) <= 3000
    assert (np.isin(owners, read) == np.isin(np.arange(len(owners)), rows)).all()
    in_none = np.unique(owners[labels == -1])
    assert abs(np.isin(read, in_none).mean() - len(in_none) / len(np.unique(owners))) < 0.15
