"""Candidate themes of a list of texts, as an estimator of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin  # noqa: TID253  it is one of sklearn's
from sklearn.utils.validation import check_is_fitted  # noqa: TID253

from themecoder.embeddings.encoders import open_encoder, usable_encoders
from themecoder.embeddings.space import Space, Vectors
from themecoder.language.contentless import contentless
from themecoder.language.spacy_pipeline import load_pipeline
from themecoder.settings.model import MiningSettings
from themecoder.themes.cluster import EmbeddedTexts, cluster, place_new
from themecoder.themes.describe import describe
from themecoder.themes.model import IntArray, Theme
from themecoder.themes.segments import cut


class ThemeMiner(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Candidate themes of texts, without a study: ``ThemeMiner().fit(texts)``.

    Texts are taken as they are: nothing is masked, and nothing is written. What a study adds
    (masks, a codebook that guides, ids that stay, files) ``Study.mine`` does.

    ``granularity``: auto, few, many or a number of themes. ``encoders``: as in study.toml, its
    defaults where None. ``language``: of the texts, as in study.toml. ``random_state``: a seed.

    After ``fit``: ``labels_`` (n,) is the theme of each text as a whole, -1 where it is in none or
    says nothing; ``themes_`` are the themes, the largest first, theme i with the label i: label,
    keywords, size, stability and more; texts are named by their number. A text may touch several
    themes by its parts: ``size`` counts it in each.
    """

    def __init__(
        self,
        granularity: str | int = "auto",
        *,
        encoders: Sequence[str] | None = None,
        language: str = "nl",
        random_state: int = 0,
    ) -> None:
        self.granularity = granularity
        self.encoders = encoders
        self.language = language
        self.random_state = random_state

    def fit(self, X: Iterable[str], y: object = None) -> ThemeMiner:
        """Find the themes of the texts ``X``; ``y`` is not used.

        Raises ValueError where ``X`` is no list of texts, none of them says anything, or a
        parameter is none.
        """
        texts = _texts(X)
        told = [place for place, text in enumerate(texts) if not self._says_nothing(text)]
        if not told:
            raise ValueError(f"{len(texts)} texts, none of which says anything")
        said = [texts[place] for place in told]
        digits = len(str(len(texts)))
        answers = {f"{place:0{digits}}": texts[place] for place in told}
        row = {name: row for row, name in enumerate(answers)}
        segments = [
            part for name, text in answers.items() for part in cut(name, text, self.language)
        ]
        parts = [part.text for part in segments]
        self._corpus = sorted({*said, *parts})
        blocks = self._blocks(said)
        self._space = Space.of(blocks)
        self._answers = EmbeddedTexts(self._space.place(blocks), said)
        vectors = self._space.place(self._blocks(parts))
        found = cluster(
            vectors,
            np.array([row[part.answer_id] for part in segments], dtype=np.int64),
            texts=parts,
            answers=self._answers,
            granularity=self.granularity,
            seed=self.random_state,
        )
        described = describe(
            "texts",
            segments,
            found,
            vectors,
            tokens=load_pipeline(self.language)(parts),
            texts=answers,
            language=self.language,
        )
        themes = described.themes.themes
        number = {theme.id: label for label, theme in enumerate(themes)}
        cluster_at = {
            (part.answer_id, part.start): int(label)
            for part, label in zip(segments, found.labels, strict=True)
        }
        label_of = {
            cluster_at[one.answer_id, one.start]: number[one.theme]
            for one in described.themes.assignments
            if one.theme is not None
        }
        assert found.main is not None  # whole answers were grouped
        self._answer_labels = np.array(
            [label_of.get(int(one), -1) for one in found.main], dtype=np.int64
        )
        self.labels_ = np.full(len(texts), -1, dtype=np.int64)
        self.labels_[told] = self._answer_labels
        self.themes_: tuple[Theme, ...] = tuple(
            replace(theme, id=label) for label, theme in enumerate(themes)
        )
        return self

    def predict(self, X: Iterable[str]) -> IntArray:
        """(n,) the theme of each text, by the texts of ``fit`` that are nearest to it; -1 where it
        says nothing. A text of ``fit`` has the theme that it had there."""
        check_is_fitted(self, "themes_")
        texts = _texts(X)
        known = dict(zip(self._answers.texts, self._answer_labels.tolist(), strict=True))
        labels = np.array([known.get(text, -1) for text in texts], dtype=np.int64)
        new = [
            place
            for place, text in enumerate(texts)
            if text not in known and not self._says_nothing(text)
        ]
        if new:
            wanted = [texts[place] for place in new]
            vectors = self._space.place(self._blocks(wanted))
            later = EmbeddedTexts(vectors, wanted)
            labels[new] = place_new(later, self._answers, self._answer_labels)
        return labels

    def _says_nothing(self, text: str) -> bool:
        return contentless(text, self.language)

    def _blocks(self, texts: Sequence[str]) -> list[Vectors]:
        wanted = MiningSettings().encoders if self.encoders is None else self.encoders
        names, _ = usable_encoders(wanted)
        return [open_encoder(name, self._corpus).encode(texts) for name in names]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def _texts(X: Iterable[str]) -> list[str]:
    if isinstance(X, str):
        raise ValueError("a list of texts is needed, not one text")
    texts = list(X)
    wrong = next((place for place, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise ValueError(f"text {wrong} is {type(texts[wrong]).__name__}, not str")
    return texts
