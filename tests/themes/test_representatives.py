"""Answers that speak for a theme, and codes near it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.themes.nearest import nearest_codes
from themecoder.themes.representatives import representatives

LONG = "een antwoord van gewone lengte over dit onderwerp"


def speak(
    vectors: list[list[float]],
    texts: list[str],
    labels: list[int] | None = None,
    strength: list[float] | None = None,
    owners: list[int] | None = None,
    top: int = 3,
) -> list[list[int]]:
    n = len(vectors)
    return representatives(
        np.array(vectors),
        np.array(labels or [0] * n),
        np.array(strength or [1.0] * n),
        np.array(owners or range(n)),
        texts,
        top=top,
    )


def test_the_answer_nearest_the_centre_comes_first() -> None:
    texts = [f"{LONG} {i}" for i in range(3)]
    assert speak([[1, 1], [1, 0], [0, 1]], texts)[0][0] == 0


def test_a_weak_member_gives_way() -> None:
    texts = [f"{LONG} {i}" for i in range(2)]
    assert speak([[1, 0], [1, 0.01]], texts, strength=[0.1, 1.0])[0][0] == 1


def test_a_catchword_and_a_story_give_way_to_a_sentence() -> None:
    texts = ["kil", LONG, " ".join(["woord"] * 200)]
    assert speak([[1, 0]] * 3, texts)[0][0] == 1


def test_the_same_text_is_quoted_once() -> None:
    texts = ["Veel te duur voor mij", "veel te  DUUR voor mij", LONG]
    assert len(speak([[1, 0]] * 3, texts)[0]) == 2


def test_an_answer_of_two_segments_is_quoted_once() -> None:
    assert speak([[1, 0], [1, 0.1]], [LONG], owners=[0, 0]) == [[0]]


def test_the_next_one_says_something_else() -> None:
    texts = [f"{LONG} {i}" for i in range(3)]
    near = [[1.0, 0.30], [1.0, 0.31], [1.0, -0.35]]
    first, second = speak(near, texts, top=2)[0]
    assert {first, second} & {2}


def test_an_answer_that_is_all_about_the_theme_comes_first() -> None:
    texts = [f"{LONG} {i}" for i in range(2)]
    order = speak([[1, 0], [0, 1], [1, 0]], texts, labels=[0, 1, 0], owners=[0, 0, 1])
    assert order[0] == [1, 0]


@given(st.integers(0, 50), st.integers(1, 12))
def test_only_answers_of_the_theme_and_no_more_than_asked(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    labels, owners = rng.integers(-1, 3, n), np.arange(n)
    texts = [f"tekst nummer {i}" for i in range(n)]
    result = representatives(rng.normal(size=(n, 4)), labels, np.ones(n), owners, texts, top=2)
    assert len(result) == labels.max() + 1
    for theme, found in enumerate(result):
        assert set(found) <= set(np.flatnonzero(labels == theme).tolist())
        assert len(found) == min(2, int((labels == theme).sum()))


EYE = np.eye(4)


def test_the_code_in_a_theme_s_direction_comes_first() -> None:
    result = nearest_codes(
        EYE[[0, 0, 1, 1]], np.array([0, 0, 1, 1]), np.ones(4), EYE[[1, 0, 2]], ["b", "a", "c"]
    )
    assert [each[0][0] for each in result] == ["a", "b"]
    assert result[0][0][1] == pytest.approx(1.0)
    assert len(result[0]) == 3


def test_a_code_may_have_several_texts() -> None:
    codes = np.array([[1.0, 0, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 1.0, 0]])
    result = nearest_codes(EYE[[0, 0]], np.array([0, 0]), np.ones(2), codes, ["a", "a", "b"])
    assert [code for code, _ in result[0]] == ["a", "b"]
    # cosine 1.0 and 0.6: half the best, half the mean; all segments vote for it
    assert result[0][0][1] == pytest.approx((0.9 + 1) / 2)


def test_votes_tell_a_theme_from_a_code_in_the_middle_of_everything() -> None:
    middle = np.array([1.0, 1.0, 1.0, 0.0]) / np.sqrt(3)
    vectors = np.array([[1, 0.3, 0.3, 0], [0.3, 1, 0.3, 0], [1, 0.2, 0.2, 0]], dtype=float)
    own = np.array([1.0, 0.35, 0.25, 0.0])
    result = nearest_codes(
        vectors, np.zeros(3, dtype=int), np.ones(3), np.stack([middle, own]), ["all", "own"]
    )
    assert result[0][0][0] == "own"


def test_without_codes_there_are_none() -> None:
    assert nearest_codes(EYE[[0]], np.array([0]), np.ones(1), np.zeros((0, 4)), []) == [()]


@given(st.integers(0, 99))
def test_similarities_lie_between_nought_and_one_and_fall(seed: int) -> None:
    rng = np.random.default_rng(seed)
    result = nearest_codes(
        rng.normal(size=(9, 5)),
        rng.permutation(9) % 3,
        rng.random(9),
        rng.normal(size=(7, 5)),
        [f"c{i % 4}" for i in range(7)],
    )
    for each in result:
        values = [value for _, value in each]
        assert values == sorted(values, reverse=True)
        assert all(0 <= value <= 1 for value in values)
