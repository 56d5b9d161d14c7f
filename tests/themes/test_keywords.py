"""Keywords and labels of themes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from themecoder.language import words
from themecoder.language.phrases import fold
from themecoder.language.tokens import MASKED, Token
from themecoder.themes.keywords import Keyword, class_tf_idf, keywords, vocabulary
from themecoder.themes.labels import coverage, labels

NL = words.load("nl")


def text(sentence: str) -> list[Token]:
    return [Token(word, word.lower()) for word in sentence.split()]


def found(
    sentences: list[str], groups: list[int], asked: frozenset[str] = frozenset()
) -> list[list[str]]:
    """The keywords of the groups; every text has its own direction, near its group's."""
    k = max(groups) + 1
    vectors = np.array([np.eye(k)[g] if g >= 0 else np.zeros(k) for g in groups])
    vectors = vectors + 0.01 * np.random.default_rng(0).normal(size=vectors.shape)
    terms = vocabulary([text(s) for s in sentences], NL, asked)
    result = keywords(terms, np.array(groups), np.ones(len(groups)), vectors)
    return [[word.form for word in each] for each in result]


def test_class_tf_idf_as_in_the_paper() -> None:
    # two classes; term 0 five times in class 0; term 1 once in class 0, twice in class 1
    counts = np.array([[5.0, 1.0], [0.0, 2.0]])
    mean = (6 + 2) / 2
    expected = [
        [5 / 6 * math.log(1 + mean / 5), 1 / 6 * math.log(1 + mean / 3)],
        [0.0, 2 / 2 * math.log(1 + mean / 3)],
    ]
    np.testing.assert_allclose(class_tf_idf(counts), expected)


@given(hnp.arrays(np.float64, (4, 6), elements=st.integers(0, 9)))
def test_class_tf_idf_is_finite_and_zero_where_a_term_does_not_occur(counts: np.ndarray) -> None:
    weights = class_tf_idf(counts)
    assert np.isfinite(weights).all()
    assert ((weights > 0) == (counts > 0)).all()


def test_a_theme_is_known_by_the_words_others_do_not_have() -> None:
    result = found(
        [
            "privacy gegevens computer",
            "gegevens privacy",
            "privacy lekt computer",
            "warmte mist computer",
            "warmte gevoel",
            "gevoel warmte computer",
        ],
        [0, 0, 0, 1, 1, 1],
    )
    assert result[0][0] == "privacy"
    assert result[1][0] == "warmte"


def test_a_phrase_stands_for_its_word_where_the_word_mostly_occurs_in_it() -> None:
    result = found(
        ["geen oordeel", "zonder oordeel praten", "hier geen oordeel", "privacy", "privacy"],
        [0, 0, 0, 1, 1],
    )
    assert result[0][0] == "geen oordeel"
    assert "oordeel" not in result[0]


def test_no_keyword_repeats_the_words_of_another() -> None:
    result = found(["lange wachtlijst hulp"] * 4 + ["privacy"] * 4, [0] * 4 + [1] * 4)
    taken = [set(form.split()) for form in result[0]]
    assert not any(a <= b for i, a in enumerate(taken) for j, b in enumerate(taken) if i != j)


def test_words_of_the_question_count_less() -> None:
    sentences = ["chatbot"] * 3 + ["warmte"] * 4 + ["privacy"] * 14
    groups = [0] * 7 + [1] * 14
    assert found(sentences, groups)[0] == ["warmte", "chatbot"]
    assert found(sentences, groups, frozenset({"warmte"}))[0] == ["chatbot", "warmte"]


FORMS = (
    "slaap",
    "slapen",
    "slaapt",
    "Sláápt",
    "las",
    "lezen",
    "lees",
    "geen",
    "niet",
    "AI",
    "mijn",
)
LEMMAS = ("slaap", "slapen", "lezen", "las", "frissen", "leeftijd")
SAID = st.builds(
    Token,
    st.sampled_from(FORMS),
    st.sampled_from(LEMMAS),
    st.sampled_from(("NOUN", "VERB", "ADJ", "PROPN", "")),
    st.booleans(),
)


@given(st.lists(st.lists(SAID, max_size=6), min_size=1, max_size=14), st.integers(0, 9))
def test_no_word_is_shown_that_nobody_wrote_and_none_twice(
    texts: list[list[Token]], seed: int
) -> None:
    """Whatever a lemmatiser makes of the words, however its readings contradict each other."""
    groups = np.random.default_rng(seed).integers(0, 2, len(texts))
    vectors = np.random.default_rng(seed).normal(size=(len(texts), 4))
    written = {token.text for text in texts for token in text}
    for each in keywords(vocabulary(texts, NL), groups, np.ones(len(texts)), vectors):
        shown = [word.form for word in each]
        assert {part for form in shown for part in form.split()} <= written | {
            word.lower() for word in written
        }
        assert len({fold(form) for form in shown}) == len(shown)


def test_the_form_that_most_wrote_is_shown_and_the_lemma_where_it_is_as_usual() -> None:
    def said(*forms: str) -> list[list[str]]:
        texts = [[Token(form, "vertrouwen", "VERB")] for form in forms] + [text("duur")] * 3
        found = keywords(
            vocabulary(texts, NL),
            np.array([0] * len(forms) + [1] * 3),
            np.ones(len(texts)),
            np.eye(2)[[0] * len(forms) + [1] * 3],
        )
        return [[word.form for word in each] for each in found]

    assert said("vertrouw", "vertrouw", "vertrouwde")[0] == ["vertrouw"]
    assert said("vertrouw", "vertrouw", "vertrouwen")[0] == ["vertrouwen"]
    assert said("vertrouw", "vertrouw", "vertrouw", "vertrouwen")[0] == ["vertrouw"]


def test_a_mask_is_never_a_keyword() -> None:
    result = found([f"{MASKED} warmte", f"{MASKED} gevoel", "privacy"], [0, 0, 1])
    assert not any(MASKED in form for each in result for form in each)


def test_an_unknown_word_of_one_text_is_no_keyword() -> None:
    nickname = Token("jaapje", "jaapje", known=False)
    said = [[*text("warmte"), nickname], text("warmte"), text("warmte"), text("warmte gevoel")]
    terms = vocabulary([*said, text("privacy")], NL)
    result = keywords(terms, np.array([0, 0, 0, 0, 1]), np.ones(5), np.ones((5, 2)))
    assert [word.form for word in result[0]] == ["warmte", "gevoel"]


def test_a_text_in_no_theme_counts_against_a_word() -> None:
    sentences = ["kil"] * 3 + ["koud"] * 2 + ["duur"] * 2
    groups = [0] * 5 + [1] * 2
    assert found(sentences, groups)[0] == ["kil", "koud"]
    assert found([*sentences, *["kil"] * 60], groups + [-1] * 60)[0] == ["koud", "kil"]


def test_texts_without_words_give_no_keywords() -> None:
    assert found(["de het", "en"], [0, 1]) == [[], []]


def test_no_texts_give_no_themes() -> None:
    empty = vocabulary([], NL)
    assert keywords(empty, np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros((0, 3))) == []


@given(st.lists(st.text("abcd ", max_size=12), min_size=1, max_size=12), st.integers(0, 9))
def test_weights_fall_from_one_and_the_result_is_the_same_twice(
    sentences: list[str], seed: int
) -> None:
    groups = np.random.default_rng(seed).integers(-1, 3, len(sentences))
    vectors = np.random.default_rng(seed).normal(size=(len(sentences), 4))
    terms = vocabulary([text(s) for s in sentences], NL)
    first = keywords(terms, groups, np.ones(len(groups)), vectors)
    assert first == keywords(terms, groups, np.ones(len(groups)), vectors)
    for each in first:
        weights = [word.weight for word in each]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)


def word(form: str, weight: float, pos: str = "NOUN") -> Keyword:
    return Keyword(form, weight, tuple(form.split()), pos, 5)


def test_a_label_is_made_of_the_best_keywords() -> None:
    assert labels(
        [[word("privacy", 1), word("gegevens", 0.8), word("bedrijf", 0.6), word("geld", 0.5)]]
    ) == ["Privacy, gegevens, bedrijf"]


def test_a_keyword_that_weighs_little_is_left_out() -> None:
    assert labels([[word("privacy", 1), word("geld", 0.1)]]) == ["Privacy"]


def test_a_keyword_leads_the_label_of_the_theme_it_weighs_most_in() -> None:
    first, second = labels(
        [
            [word("mens", 1.0), word("contact", 0.9)],
            [word("mens", 1.0), word("warmte", 0.9)],
        ]
    )
    assert (first, second) == ("Contact, mens", "Warmte, mens")


def test_a_label_that_is_taken_gets_more_words_or_a_number() -> None:
    themes = [[word("kil", 1.0), word("koud", 0.1)], [word("kil", 1.0), word("hard", 0.1)]]
    assert labels(themes) == ["Kil", "Kil, hard"]
    assert labels([[word("kil", 1.0)]], ["KIL"]) == ["Kil (2)"]


def test_a_quote_takes_the_place_of_keywords_and_is_cut_short() -> None:
    said = "Ik praat liever met iemand die mij kent en terugpraat."
    assert labels([[word("kil", 1)], [word("duur", 1)]], quotes=[said, ""]) == [
        "“Ik praat liever met iemand die mij kent…”",
        "Duur",
    ]


@given(
    st.lists(
        st.lists(
            st.builds(word, st.sampled_from("abcdef"), st.floats(0.01, 1)),
            max_size=5,
            unique_by=lambda w: w.form,
        ),
        max_size=8,
    )
)
def test_labels_are_never_empty_and_never_alike(themes: list[list[Keyword]]) -> None:
    result = labels(themes)
    assert all(result)
    assert len({label.casefold() for label in result}) == len(themes)


def test_coverage_is_the_share_of_texts_with_a_keyword() -> None:
    terms = vocabulary([text("kil koud"), text("warm"), text("kil"), text("duur")], NL)
    inside = np.array([True, True, False, False])
    assert coverage([word("kil", 1.0)], terms, inside) == pytest.approx(0.5)
    assert coverage([], terms, inside) == 0.0
