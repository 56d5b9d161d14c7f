"""BERTopic's own tools on our themes."""

from __future__ import annotations

import socket
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from themecoder.themes.bertopic import topic_model
from themecoder.themes.model import Assignment, QuestionThemes, Theme

WORDS = {
    7: ["privacy gegevens bedrijf", "gegevens privacy lekken", "wie leest mijn privacy gegevens"],
    3: ["warmte mens contact", "menselijk contact warmte", "contact met een mens geeft warmte"],
    5: ["duur abonnement geld", "abonnement kost geld", "veel geld voor een duur abonnement"],
}
SIZES = {7: 14, 3: 12, 5: 9}


def world() -> tuple[QuestionThemes, dict[str, str], np.ndarray]:
    """35 answers in three themes (ids out of order), one of them in two, and 3 in none."""
    rng = np.random.default_rng(3)
    texts, places, assignments = {}, {}, []
    directions = {7: 0, 3: 1, 5: 2}
    number = 0
    for theme, size in SIZES.items():
        for _ in range(size):
            answer = f"r{number:03d}:q1"
            texts[answer] = WORDS[theme][number % 3]
            places[answer] = np.eye(5)[directions[theme]]
            assignments.append(Assignment(answer, theme, 0.9, 0, len(texts[answer])))
            number += 1
    # weaker in another theme than in its own
    assignments.append(Assignment("r000:q1", 3, 0.4, 0, 5))
    for _ in range(3):
        answer = f"r{number:03d}:q1"
        texts[answer] = "iets heel anders"
        places[answer] = np.eye(5)[4]
        assignments.append(Assignment(answer, None, 0.0, 0, 5))
        number += 1
    themes = tuple(
        Theme(i, label, (("x", 1.0),), SIZES[i], 0.9, (), ())
        for i, label in ((7, "Privacy, gegevens"), (3, "Warmte"), (5, "Te duur"))
    )
    vectors = np.array([places[a] + 0.05 * rng.normal(size=5) for a in sorted(texts)])
    question = QuestionThemes("q1", themes, tuple(assignments), ((7, 3, 0.5), (5, -1, 0.9)), {})
    return question, texts, vectors


@pytest.fixture(scope="module")
def fitted() -> tuple[Any, list[str], np.ndarray]:
    """A model fitted in a process without network."""
    question, texts, vectors = world()

    def refuse(*_: object) -> None:
        raise AssertionError("something went to the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        model = topic_model(question, texts, vectors)
    return model, [texts[answer] for answer in sorted(texts)], vectors


pytestmark = [pytest.mark.slow, pytest.mark.long(30)]


def test_topics_are_our_themes_by_size_and_minus_one_is_none(fitted: Any) -> None:
    model, documents, _ = fitted
    assert len(documents) == len(model.topics_) == 38
    assert model.topics_ == [0] * 14 + [1] * 12 + [2] * 9 + [-1] * 3
    info = model.get_topic_info().set_index("Topic")
    assert info["Count"].to_dict() == {-1: 3, 0: 14, 1: 12, 2: 9}
    assert info["CustomName"].to_dict() == {
        -1: "–",
        0: "Privacy, gegevens",
        1: "Warmte",
        2: "Te duur",
    }


def test_words_of_a_topic_are_those_of_its_texts_without_stop_words(fitted: Any) -> None:
    model, _, _ = fitted
    words = [word for word, _ in model.get_topic(0)]
    assert {"privacy", "gegevens"} <= set(words[:3])
    assert not {"mijn", "wie", "een"} & set(words)


def test_the_hierarchy_joins_all_themes(fitted: Any) -> None:
    model, documents, _ = fitted
    hierarchy = model.hierarchical_topics(documents)
    assert len(hierarchy) == 2
    assert sorted(max(hierarchy["Topics"], key=len)) == [0, 1, 2]
    assert "Warmte" in str(model.visualize_hierarchy(custom_labels=True).to_dict())


def test_topics_per_class_counts_each_document_once(fitted: Any) -> None:
    model, documents, _ = fitted
    classes = ["jong" if i % 2 else "oud" for i in range(len(documents))]
    found = model.topics_per_class(documents, classes=classes)
    assert found["Frequency"].sum() == len(documents)
    assert set(found["Class"]) == {"jong", "oud"}
    assert model.visualize_topics_per_class(found, custom_labels=True).data


def test_pictures_show_our_labels(fitted: Any) -> None:
    model, documents, vectors = fitted
    bars = model.visualize_barchart(custom_labels=True)
    assert "Te duur" in str(bars.to_dict())
    dots = model.visualize_documents(
        documents, reduced_embeddings=vectors[:, :2], custom_labels=True
    )
    assert "Warmte" in str(dots.to_dict())


def test_new_texts_find_their_topic_through_the_encoder_given() -> None:
    question, texts, vectors = world()

    def embed(documents: Sequence[str]) -> np.ndarray:
        return np.array([np.eye(5)[1 if "warmte" in text else 0] for text in documents])

    model = topic_model(question, texts, vectors, embed=embed)
    assert model.transform(["meer warmte graag"])[0] == [1]
    assert model.find_topics("warmte", top_n=1)[0] == [1]


def test_warnings_of_the_process_are_left_as_they_were() -> None:
    question, texts, vectors = world()
    before = list(warnings.filters)
    topic_model(question, texts, vectors)
    assert list(warnings.filters) == before


def test_vectors_that_do_not_fit_the_texts_are_an_error() -> None:
    question, texts, vectors = world()
    with pytest.raises(ValueError, match="38 texts, but 37 vectors"):
        topic_model(question, texts, vectors[1:])
