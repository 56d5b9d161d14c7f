"""ThemeMiner as scikit-learn wants its estimators, and held against a study that is mined."""

from __future__ import annotations

import pickle
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks

from themecoder import ThemeMiner

pytestmark = pytest.mark.slow
ABOUT = (
    ("gegevens", "privacy", "straat", "lezen", "veilig", "bedrijven"),
    ("bereikbaar", "nacht", "altijd", "wachten", "weekend", "meteen"),
    ("mens", "gevoel", "warmte", "gezicht", "luisteren", "begrip"),
)
TEXTS = [
    " ".join(three)
    for together in zip(*(combinations(words, 3) for words in ABOUT), strict=True)
    for three in together
] + ["geen", "-"]
QUICK = {"encoders": ("lexical-tfidf-svd",), "granularity": 3}
CHECKS = (
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_mixin_order",
)
"""Those of check_estimator that hand over no matrix of numbers."""


@pytest.mark.parametrize("name", CHECKS)
def test_it_is_an_estimator_as_sklearn_checks_them(name: str) -> None:
    getattr(estimator_checks, name)("ThemeMiner", ThemeMiner())


@pytest.fixture(scope="module")
def fitted() -> ThemeMiner:
    return ThemeMiner(**QUICK).fit(TEXTS)


def test_texts_about_one_thing_have_one_label(fitted: ThemeMiner) -> None:
    assert fitted.labels_.shape == (len(TEXTS),)
    assert fitted.labels_[-2:].tolist() == [-1, -1], "they say nothing"
    for start in range(3):
        assert len(set(fitted.labels_[start:60:3].tolist())) == 1
    assert len(set(fitted.labels_[:3].tolist())) == 3
    assert [theme.id for theme in fitted.themes_] == [0, 1, 2]
    words = {theme.id: {word for word, _ in theme.keywords} for theme in fitted.themes_}
    for start, about in enumerate(ABOUT):
        assert words[int(fitted.labels_[start])] & set(about)
    sizes = Counter(fitted.labels_[:60].tolist())
    assert all(theme.size >= sizes[theme.id] for theme in fitted.themes_)


def test_predict_places_new_texts_and_keeps_those_of_fit(fitted: ThemeMiner) -> None:
    assert np.array_equal(fitted.predict(TEXTS), fitted.labels_)
    new = ["warmte en gevoel van een mens", "mijn privacy en gegevens op straat", "geen"]
    assert fitted.predict(new).tolist() == [fitted.labels_[2], fitted.labels_[0], -1]
    assert fitted.predict([]).tolist() == []


def test_the_same_texts_have_the_same_labels_however_they_are_handed_over(
    fitted: ThemeMiner,
) -> None:
    again = clone(fitted)
    assert np.array_equal(again.fit_predict(np.array(TEXTS, dtype=object)), fitted.labels_)
    kept = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(kept.predict(TEXTS[::-1]), fitted.labels_[::-1])
    assert "X" not in vars(fitted)


@pytest.mark.parametrize(
    ("texts", "word"),
    [("een tekst", "list"), (["goed", None], "NoneType"), ([], "0 texts"), (["-"], "1 texts")],
)
def test_what_is_no_list_of_texts_is_refused(texts: object, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ThemeMiner(**QUICK).fit(texts)


def test_it_predicts_nothing_before_it_is_fitted() -> None:
    with pytest.raises(NotFittedError):
        ThemeMiner().predict(["goed"])
