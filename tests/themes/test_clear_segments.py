"""The few short segments that say what a theme is about."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from themecoder.masking.model import Mask, MaskedText
from themecoder.themes.clear_segments import clear_segments
from themecoder.themes.model import AnswerPart, Theme
from themecoder.themes.prepare import unit_vectors
from themecoder.themes.said import said
from themecoder.themes.segments import Segment, cut


def centres(vectors: npt.ArrayLike, labels: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The mean direction of each theme's rows."""
    rows, themes = np.asarray(vectors, dtype=float), np.asarray(labels)
    sums = [rows[themes == theme].sum(axis=0) for theme in range(int(themes.max(initial=-1)) + 1)]
    return unit_vectors(np.reshape(sums, (len(sums), rows.shape[1])))


def found(answers: list[str], vectors: list[list[float]], labels: list[int]) -> list[list[str]]:
    """The texts chosen for each theme; each answer is one segment."""
    segments = [Segment(str(i), 0, len(text), text) for i, text in enumerate(answers)]
    rows = clear_segments(
        segments, np.array(vectors), np.array(labels), centres(vectors, labels), answers
    )
    return [[answers[row] for row in theme] for theme in rows]


def test_the_first_lies_near_the_own_centre_and_far_from_the_next() -> None:
    answers = [
        "dit is het midden",
        "dit is de rand",
        "hier iets heel anders",
        "daar ook iets anders",
    ]
    vectors = [[1.0, 0.1], [0.8, 0.6], [0.0, 1.0], [0.1, 1.0]]
    assert found(answers, vectors, [0, 0, 1, 1])[0][0] == "dit is het midden"


def test_the_second_completes_the_first_and_does_not_repeat_it() -> None:
    # the theme has two sides; the other one brings the mean of both nearest to the centre
    answers = ["de ene kant hier", "de ene kant ook", "de andere kant hier"]
    vectors = [[1.0, 0.45, 0.0], [1.0, 0.5, 0.0], [1.0, -0.9, 0.0]]
    assert found(answers, vectors, [0, 0, 0]) == [["de ene kant hier", "de andere kant hier"]]


def test_the_same_words_are_taken_once() -> None:
    answers = ["Liever een mens.", "liever een mens", "liever een mens!"]
    assert found(answers, [[1.0, 0.0]] * 3, [0, 0, 0]) == [["Liever een mens."]]


def test_what_is_long_or_masked_or_a_catchword_does_not_serve() -> None:
    answers = ["ik praat met [NAAM] daarover", "privacy", " ".join(["lang"] * 13)]
    assert found(answers, [[1.0, 0.0]] * 3, [0, 0, 0]) == [[]]


def test_a_sentence_goes_before_a_clause_of_one() -> None:
    answer = "Handig voor wie alleen is, maar het blijft een machine."
    clauses = cut("1", answer)
    assert len(clauses) == 2, "the answer is cut before 'maar'"
    sentence = Segment("2", 0, 24, "Het blijft een machine.")
    rows = clear_segments(
        [*clauses, sentence],
        np.array([[1.0, 0.0], [1.0, 0.01], [1.0, 0.02]]),
        np.zeros(3, dtype=np.int64),
        np.array([[1.0, 0.0]]),
        [answer, answer, sentence.text],
        top=1,
    )
    assert rows == [[2]]


def test_no_segments_have_no_themes() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert clear_segments([], np.zeros((0, 3)), nothing, np.zeros((0, 3)), []) == []


WORDS = st.lists(st.sampled_from(["kil", "warm", "mens", "[NAAM]", "duur"]), max_size=14)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=15), st.integers(0, 99))
def test_they_are_of_the_theme_each_once_and_the_same_twice(texts: list[str], seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = random.integers(-1, 3, len(texts))
    vectors = random.normal(size=(len(texts), 4))
    segments = [Segment(str(i), 0, len(text), text) for i, text in enumerate(texts)]
    themes = centres(vectors, labels)
    rows = clear_segments(segments, vectors, labels, themes, texts)
    assert rows == clear_segments(segments, vectors, labels, themes, texts)
    for theme, chosen in enumerate(rows):
        assert len(chosen) <= 2
        assert len({texts[row] for row in chosen}) == len(chosen)
        for row in chosen:
            assert labels[row] == theme
            assert 3 <= len(texts[row].split()) <= 12
            assert "[NAAM]" not in texts[row]


def test_what_is_masked_by_now_or_gone_is_not_said() -> None:
    text = "Ik mis Jan erg.  Liever een mens, ja."
    mask = Mask(7, 10, "name", text[7:10], "name.lists")
    parts = (AnswerPart("1", 0, 15), AnswerPart("1", 17, 33), AnswerPart("2", 0, 9))
    theme = Theme(1, "Mens", (), 2, 0.5, (), (), segments=parts)
    masked = {"1": MaskedText(text, (mask,))}
    assert said(theme, masked) == ("Liever een mens",)
