"""Our themes as a BERTopic model, so that its tools work on them.

BERTopic skips its own reduction and clustering and takes the themes as given (its manual topic
modelling); what it then computes, the hierarchy, topics per class and pictures, is its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from themecoder.extras import of_extra
from themecoder.language import words
from themecoder.themes.model import QuestionThemes

if TYPE_CHECKING:
    from bertopic import BERTopic

OUTLIER = -1  # BERTopic's topic of what is in no topic


def topic_model(
    themes: QuestionThemes,
    texts: Mapping[str, str],
    vectors: npt.NDArray[np.floating],
    *,
    language: str = "nl",
    embed: Callable[[Sequence[str]], npt.NDArray[np.floating]] | None = None,
) -> BERTopic:
    """A fitted BERTopic model of the themes of one question.

    ``texts``: answer id -> masked text of every answer in ``themes``; ``vectors`` (n, d) aligned to
    the answer ids in sorted order. BERTopic has one topic per document: an answer in several themes
    is counted in its strongest. Topics are numbered 0.. from the largest, -1 is no theme; our
    labels are its custom labels (``custom_labels=True``). Its documents, which functions such as
    ``hierarchical_topics`` want back, are the texts in sorted order of answer id. ``embed`` places
    new texts in the space of the vectors, for ``find_topics`` and ``transform``; without it these
    two can't be used.

    Nothing is downloaded. Raises ValueError where texts and vectors differ in number, InputError
    where BERTopic is not installed.
    """
    answers = sorted(texts)
    if len(answers) != len(vectors):
        raise ValueError(f"{len(answers)} texts, but {len(vectors)} vectors")
    # BERTopic silences warnings of the whole process when it is imported
    with warnings.catch_warnings(), of_extra("topics"):
        from bertopic import BERTopic
        from bertopic.cluster import BaseCluster
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.feature_extraction.text import CountVectorizer

    topic_of = {theme.id: topic for topic, theme in enumerate(themes.themes)}
    strongest = _strongest(themes)
    topics = [topic_of.get(strongest.get(answer, OUTLIER), OUTLIER) for answer in answers]
    documents = [texts[answer] for answer in answers]
    lists = words.load(language)
    model = BERTopic(
        language="multilingual",
        embedding_model=_embedder(embed) if embed else None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        # no minimal frequency: it would leave a model of two short documents without words
        vectorizer_model=CountVectorizer(
            stop_words=sorted(lists.stop | lists.negation) or None,
            token_pattern=r"(?u)\b[^\W\d_][^\W_]+\b",
        ),
        ctfidf_model=ClassTfidfTransformer(),
        calculate_probabilities=False,
        verbose=False,
    )
    # everything that BERTopic needs is handed in, so that it never waits for the network
    model.fit(documents, embeddings=np.asarray(vectors, dtype=np.float32), y=topics)
    labels = {OUTLIER: "–"}
    for ours, topic in zip(topics, model.topics_, strict=True):
        if ours != OUTLIER:
            labels[int(topic)] = themes.themes[ours].label
    model.set_topic_labels({topic: labels[topic] for topic in sorted(set(model.topics_))})
    return model


def _strongest(themes: QuestionThemes) -> dict[str, int]:
    """answer id -> the theme it is strongest in; of equals the one with the longer piece."""
    best: dict[str, tuple[float, int, int]] = {}
    for assignment in themes.assignments:
        if assignment.theme is None:
            continue
        rank = (assignment.strength, assignment.end - assignment.start, -assignment.theme)
        if assignment.answer_id not in best or rank > best[assignment.answer_id]:
            best[assignment.answer_id] = rank
    return {answer: -rank[2] for answer, rank in best.items()}


def _embedder(embed: Callable[[Sequence[str]], npt.NDArray[np.floating]]) -> Any:
    from bertopic.backend import BaseEmbedder

    class Embedder(BaseEmbedder):  # type: ignore[misc]
        """Our encoders as BERTopic calls them."""

        def embed(self, documents: list[str], verbose: bool = False) -> npt.NDArray[np.floating]:
            return embed(documents)

    return Embedder()
